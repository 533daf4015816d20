"""The HTML report in a real browser, on a desk and a phone: search, filters, axe-core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.problems import problem
from hkz_xlsx.report.batch import _client
from hkz_xlsx.report.index import Index, Unused, index_html
from hkz_xlsx.report.write import rendered
from hkz_xlsx.text import LANGS, Lang
from page.parts import node_modules
from tests.page.driving import Browser, browser, program
from tests.report.cases import CASES, report_of
from tests.support import library

DESK, PHONE = (1280, 900), (390, 844)

BROKEN = """const found = [];
for (const cell of document.querySelectorAll(args[0])) {
  const node = cell.firstChild;
  for (const word of node.data.matchAll(/[^\\s/-]+[/-]*/g)) {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    if (range.getClientRects().length !== 1) found.push(word[0]);
  }
  if (cell.scrollWidth > cell.clientWidth) found.push(node.data);
}
return found;"""

SHOWN = """return [...document.querySelectorAll('#gaps .card')]
.filter((card) => !card.hidden).map((card) => card.querySelector('.id').textContent)"""
HIGH = """return [...document.querySelectorAll('.card')]
.find((card) => card.textContent.includes(args[0])).getBoundingClientRect().height"""
CHARTS = """return [...document.querySelectorAll('figure.chart svg')]
.filter((one) => one.getBoundingClientRect().width > 0).map((one) => one.viewBox.baseVal.width)"""
TYPE = """const field = document.querySelector(args[0]);
if (field.type === "checkbox") field.checked = args[1]; else field.value = args[1];
field.dispatchEvent(new Event("input"));"""


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program("chrome")
    node_modules()
    with browser("chrome", tmp_path_factory.mktemp("downloads")) as one:
        yield one


def _page(folder: Path, case: str, *, summary: bool = False) -> str:
    path = folder / f"{case}.html"
    path.write_bytes(rendered(report_of(case), path, NEUTRAL, summary=summary))
    return path.as_uri()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("case", CASES)
def test_nothing_for_axe_to_say(
    chrome: Browser, tmp_path: Path, case: str, size: tuple[int, int]
) -> None:
    """Also nothing stands beside the page, nothing is fetched, nothing fails."""
    chrome("open", url=_page(tmp_path, case), width=size[0], height=size[1])
    chrome.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert chrome("axe") == []
    wide = chrome.run("return document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert chrome.broken_heads() == []
    visible = chrome.run(CHARTS)
    assert set(visible) <= ({760} if size == DESK else {340})
    tables = chrome.slides()
    assert [one for one in tables if one["wide"] != one["said"]] == []
    assert [one["name"] for one in tables if one["wide"] and size == DESK] == []
    chrome.quiet()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", LANGS)
def test_nothing_for_axe_to_say_of_an_index(
    chrome: Browser, tmp_path: Path, lang: Lang, size: tuple[int, int]
) -> None:
    """Nor stands anything beside the page; names of norms and headers are not broken."""
    names = tuple(f"HKZ {part.number} {part.short_name.get(lang)}" for part in library().parts)
    clients = tuple(
        replace(
            _client(report_of("half"), f"map/{'x' * 60}-{number}.xlsx"), reports=("rapport.html",),
            norms=names[number : number + 2], organisation="Stichting De Wende " * number,
        )
        for number in range(0, len(names), 2)
    )  # fmt: skip
    unused = Unused("kapot.xlsx", (problem("FILE_CUT_OFF"),))
    path = tmp_path / "index.html"
    path.write_bytes(index_html(Index(lang, clients, (unused,))))
    chrome("open", url=path.as_uri(), width=size[0], height=size[1])
    assert chrome("axe") == []
    assert chrome.run("return document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert chrome.broken_heads() == []
    assert chrome.run(BROKEN, "td.words") == []
    (table,) = chrome.slides()
    assert table["wide"] == table["said"]
    assert table["wide"] == (size == PHONE)
    chrome.quiet()


@pytest.mark.parametrize(("case", "there"), [("half", True), ("ready", False), ("empty", False)])
def test_a_field_to_search_where_there_is_something(
    chrome: Browser, tmp_path: Path, case: str, *, there: bool
) -> None:
    """Not where no point to improve is told, or only questions that are still to be answered."""
    chrome("open", url=_page(tmp_path, case), width=DESK[0], height=DESK[1])
    shown = "return [...document.querySelectorAll('#find')].some((one) => !one.hidden)"
    assert chrome.run(shown) == there
    assert chrome.run("return document.scripts.length") == there
    chrome.quiet()


def test_search_and_filters(chrome: Browser, tmp_path: Path) -> None:
    """Words in any order, without accents; kinds; core requirements; all of it back again."""
    report = report_of("half")
    told = [g for g in report.gaps if g.gap.priority != "open"]
    chrome("open", url=_page(tmp_path, "half"), width=DESK[0], height=DESK[1])
    every = chrome.run(SHOWN)
    assert every == [g.gap.requirement for g in told]
    closed = "return document.querySelectorAll('#gaps details[open]').length"
    open_before = chrome.run(closed)

    one = told[-1]
    words = " ".join(reversed(one.question.split()[:3])).upper()
    chrome.run(TYPE, "#find input[type=search]", words)
    found = chrome.run(SHOWN)
    assert one.gap.requirement in found
    assert len(found) < len(every)
    assert chrome.run("return document.querySelector('#find output').textContent").startswith(
        f"{len(found)} van {len(every)}"
    )
    assert chrome.run(HIGH, one.gap.requirement) > 0

    chrome.run(TYPE, "#find input[type=search]", "")
    assert chrome.run(SHOWN) == every
    assert chrome.run(closed) == open_before

    chrome.run(TYPE, "#find select", one.kind)
    assert chrome.run(SHOWN) == [g.gap.requirement for g in told if g.kind == one.kind]
    chrome.run(TYPE, "#find select", "")
    chrome.run(TYPE, "#find input[type=checkbox]", True)
    assert chrome.run(SHOWN) == [g.gap.requirement for g in told if g.gap.core]
    chrome.quiet()


def test_hostile_words_in_the_search(chrome: Browser, tmp_path: Path) -> None:
    """What people typed stays text, also among the kinds to choose from."""
    chrome("open", url=_page(tmp_path, "odd"), width=DESK[0], height=DESK[1])
    chrome.run(TYPE, "#find input[type=search]", "<script>alert(1)</script>")
    assert chrome.run(SHOWN)
    assert chrome.run("return document.scripts.length") == 1
    chrome.quiet()


def test_the_first_page_alone_has_no_script(chrome: Browser, tmp_path: Path) -> None:
    chrome("open", url=_page(tmp_path, "nearly", summary=True), width=PHONE[0], height=PHONE[1])
    assert chrome.run("return document.scripts.length") == 0
    assert chrome("axe") == []
    chrome.quiet()


def test_without_script_it_is_complete() -> None:
    """Every point stands in the file, nothing is hidden but the search itself."""
    html = rendered(report_of("half"), Path("r.html"), NEUTRAL).decode()
    assert len(re.findall(r"<[a-z][^>]* hidden[ >]", html)) == 1
    assert '<div id="find" role="search" hidden' in html
    assert all(g.question.replace("'", "&#39;") in html for g in report_of("half").gaps)
