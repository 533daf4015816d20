"""Numbers in the pages are those of the product as it is, also after the next question sets."""

from __future__ import annotations

import re
from math import floor
from pathlib import Path

from hkz_xlsx import __version__
from hkz_xlsx.norm.catalogue import load_catalogue
from hkz_xlsx.norm.select import select
from hkz_xlsx.report.write import RENDERERS
from tests.support import library

ROOT = Path(__file__).parents[2]
MINUTES = 4
"""For a question, in a first round."""


def _page(name: str) -> str:
    return " ".join((ROOT / name).read_text("utf-8").split())


def _count(*norms: str) -> int:
    return sum(1 for part in select(library(), norms).parts for _ in part.requirements())


def test_questions_of_all_sets() -> None:
    newest = library().newest()
    count = sum(1 for part in newest for _ in part.requirements())
    page = _page("README.md")
    [said] = re.findall(r"In: (\d+) question sets with (\d+) questions", page)
    assert tuple(map(int, said)) == (len(newest), count)
    assert re.findall(r"all (\d+) norms and related", page) == [str(len(load_catalogue()))]


def test_the_wheel_to_install() -> None:
    """Its name as a release of now has it."""
    for name in ("README.md", "docs/platforms.md", "docs/guide-analysts.md"):
        found = re.findall(r"hkz_xlsx-([0-9.]+)-py3-none-any\.whl", _page(name))
        assert found, name
        assert set(found) == {__version__}, name


def test_the_samples_to_download() -> None:
    """Questions, and hours for a first round, of every blank workbook."""
    rows = re.findall(
        r"\| `hkz-(\w+)(?:-123)?\.xlsx` \| [^|]+ \| (\d+) \| ongeveer (\d+) uur \|",
        _page("samples/README.md"),
    )
    assert len(rows) == len(list((ROOT / "samples" / "leeg").glob("*.xlsx")))
    for norm, questions, hours in rows:
        count = _count(norm)
        assert int(questions) == count, norm
        assert int(hours) == round(count * MINUTES / 60), norm


def test_the_manual() -> None:
    """How long a first round takes; and the pages of paper, which `make pictures` counts."""
    manual, proof = _page("docs/handleiding.md"), _page("docs/proof.md")
    said, hours = re.findall(r"voor de (\d+) vragen van HKZ 143 ruim (\w+) uur", manual)[0]
    assert int(said) == _count("143")
    words = ["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht"]
    assert words.index(hours) + 1 == floor(_count("143") * MINUTES / 60)
    assert f"one page wide, {_count('138')} questions" in proof
    paper = re.findall(
        r"Beoordeling (\d+) pagina.*?Actieplan (\d+), .*?Bewijsdossier (\d+)", manual
    )
    counted = [
        re.findall(rf"\| {sheet}[^|]* \| (\d+) \|", proof)[0]
        for sheet in ("Beoordeling", "Actieplan", "Bewijsdossier")
    ]
    assert list(paper[0]) == counted


def test_the_formats_of_a_report() -> None:
    """The page has a line for each that we make, and for no other."""
    page = (ROOT / "docs" / "reports.md").read_text("utf-8")
    assert sorted(re.findall(r"^\| `(\.\w+)` \|", page, re.MULTILINE)) == sorted(RENDERERS)
