"""Field reports and a benchmark page in a real browser, on a desk, a phone and a large screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hkz_xlsx.figures.benchmark import benchmarks
from hkz_xlsx.figures.benchmark_content import benchmark_document
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.outputs import render
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.formats import FORMATS
from page.parts import node_modules
from tests.page.driving import Browser, browser, program
from tests.portfolio.conftest import Made

DESK, PHONE, WALL = (1280, 900), (390, 844), (1920, 1080)
SEEN = """return [...document.querySelectorAll('figure.chart svg')].filter((one) =>
one.getBoundingClientRect().width > 0).map((one) => [one.viewBox.baseVal.width,
Math.round(one.getBoundingClientRect().right)])"""
SMALL = """return Math.min(...[...document.querySelectorAll('figure.chart svg text')].map((one) =>
one.getBoundingClientRect().width && one.getBBox().height *
one.getCTM().a).filter((size) => size > 0))"""


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program("chrome")
    node_modules()
    with browser("chrome", tmp_path_factory.mktemp("downloads")) as one:
        yield one


@pytest.fixture(name="pages", scope="module")
def _pages(made: Made, two: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    field = figures_of(str(made.folder), Choices())
    hidden = figures_of(str(made.folder), Choices("en", anonymous=True))
    one = next(iter(benchmarks(str(made.folder), Choices())))
    found = {
        "field": render(field, ".html"),
        "two": render(figures_of(two, Choices(anonymous=True)), ".html"),
        "anonymous": render(hidden, ".html"),
        "benchmark": FORMATS[".html"](benchmark_document(one, Choices(), NEUTRAL), NEUTRAL),
    }
    for name, data in found.items():
        (folder / f"{name}.html").write_bytes(data)
    return {name: folder / f"{name}.html" for name in found}


@pytest.mark.parametrize("size", [DESK, PHONE, WALL], ids=["desk", "phone", "wall"])
@pytest.mark.parametrize("name", ["field", "anonymous", "benchmark", "two"])
def test_nothing_for_axe_to_say(
    name: str, size: tuple[int, int], chrome: Browser, pages: dict[str, Path]
) -> None:
    """Nothing stands beside the page; every drawing is whole, in letters that can be read."""
    chrome("open", url=pages[name].as_uri(), width=size[0], height=size[1])
    chrome.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert chrome("axe") == []
    wide = chrome.run("return document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert chrome.broken_heads() == []
    seen = chrome.run(SEEN)
    assert seen
    assert {width for width, _ in seen} == ({340} if size == PHONE else {760})
    assert max(right for _, right in seen) <= size[0]
    assert chrome.run(SMALL) >= 10, "pixels"
    tables = chrome.slides()
    assert tables
    assert [one for one in tables if one["wide"] != one["said"]] == []
    assert [one["name"] for one in tables if one["wide"] and size != PHONE] == []
    assert size != PHONE or any(one["said"] for one in tables)
    chrome.quiet()
