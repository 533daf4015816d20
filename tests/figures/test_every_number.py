"""Every number of a report in every format is that of the model: whole tables are compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO

import docx
import openpyxl
import pytest

from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.content import field_document
from hkz_xlsx.figures.model import Choices, Figures
from hkz_xlsx.figures.outputs import render
from hkz_xlsx.figures.picture_files import data_of, drawings, write_pictures
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.charts_on_pages import PAGE
from hkz_xlsx.render.document import Document, Facts, Grid, Items, Timeline, shown
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.render.html import drawings as html_drawings
from tests.portfolio.conftest import Made
from tests.report.extract import text_of

Table = list[list[str]]


class _Tables(HTMLParser):
    """The bodies of all tables of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self._cell: str | None = None
        self._body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its name
        if tag == "tbody":
            self.tables.append([])
            self._body = True
        elif tag == "tr" and self._body:
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = ""

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            if self._body and self.tables[-1]:
                self.tables[-1][-1].append(" ".join(self._cell.split()))
            self._cell = None
        elif tag == "tbody":
            self._body = False


def _html(data: bytes) -> list[Table]:
    found = _Tables()
    found.feed(data.decode())
    return found.tables


def _word(data: bytes) -> list[Table]:
    tables = docx.Document(BytesIO(data)).tables
    return [[[" ".join(c.text.split()) for c in row.cells] for row in t.rows[1:]] for t in tables]


def _markdown(data: bytes) -> list[Table]:
    tables: list[Table] = []
    before = ""
    for line in data.decode().splitlines():
        if line.startswith("| ---"):
            tables.append([])
        elif line.startswith("| ") and before.startswith("|") and tables:
            cells = re.split(r"(?<!\\) \| ", line.removeprefix("| ").removesuffix(" |"))
            tables[-1].append([" ".join(re.sub(r"\\(.)", r"\1", c).split()) for c in cells])
        before = line
    return tables


def _wanted(document: Document) -> Iterator[tuple[Grid, Table]]:
    for grid in document.grids():
        yield grid, [[" ".join(shown(c, document.lang).split()) for c in row] for row in grid.rows]


@pytest.fixture(scope="module", params=["plain", "anonymous"])
def found(request: pytest.FixtureRequest, made: Made) -> Figures:
    choices = Choices() if request.param == "plain" else Choices("en", anonymous=True)
    return figures_of(str(made.folder), choices)


def _shortened(row: list[str]) -> list[str]:
    """Markdown cuts texts of more than 300 characters, and takes out who is called by name."""
    return [cell[:60].replace("\u200b", "") for cell in row]


TABLES = {".html": _html, ".docx": _word, ".md": _markdown}
"""Suffix → the rows of every table of a file; of one without, only the numbers are counted."""


@pytest.mark.parametrize("suffix", TABLES)
def test_every_table(suffix: str, found: Figures) -> None:
    """Every row of every table, cell by cell and in order; a chat takes no more than fits it."""
    document = field_document(found, NEUTRAL)
    checked = 0
    tables = TABLES[suffix](render(found, suffix))
    for grid, wanted in _wanted(document):
        cut = [_shortened(row) for row in wanted]
        whole = any([_shortened(row) for row in table] == cut for table in tables)
        begun = any(cut[: len(t)] == [_shortened(row) for row in t] for t in tables if t)
        assert whole or (FORMATS[suffix].chat and (begun or checked > 8)), (grid.key, cut[:1])
        checked += whole
    assert checked > 8


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix not in TABLES])
def test_every_number_of_pages(suffix: str, found: Figures) -> None:
    """Pages have lost their cells: as often as a number stands in the tables, it is there."""
    text = text_of(suffix, render(found, suffix))
    told = Counter(re.findall(r"[+−]?\d+(?:[.,]\d+)?", text))
    wanted: Counter[str] = Counter()
    for _, rows in _wanted(field_document(found, NEUTRAL)):
        for row in rows:
            for cell in row:
                if re.fullmatch(r"[+−]?\d+(?:[.,]\d+)?(?: ?%)?", cell):
                    wanted[re.sub(r" ?%", "", cell)] += 1
    assert sum(wanted.values()) > 300
    assert not wanted - told


def test_every_number_of_the_workbook(found: Figures) -> None:
    """A sheet per section: numbers as numbers, those of the model and in its order."""
    book = openpyxl.load_workbook(BytesIO(render(found, ".xlsx")))
    for section, sheet in zip(found.sections, book.worksheets[2:-1], strict=True):
        order = list(range(len(section.headings)))
        if any(h.key == "name" for h in section.headings):
            order.insert(0, order.pop(section.index("name")))
        numbers = [i for i in order if section.headings[i].kind not in ("text", "date")]
        for row, cells in zip(section.rows, sheet.iter_rows(min_row=5), strict=False):
            for index in numbers:
                value = cells[order.index(index)].value
                assert value == row[index] or (value is None and row[index] in (None, ""))


@pytest.mark.parametrize("suffix", FORMATS)
def test_facts_and_findings(suffix: str, found: Figures) -> None:
    """The first page says the same everywhere."""
    text = text_of(suffix, render(found, suffix)).replace("- ", "")
    [summary, *_] = field_document(found, NEUTRAL).sections
    for block in summary.blocks:
        if isinstance(block, Facts):
            for fact in block.facts:
                assert " ".join(fact.value.split()) in text.replace("\\", "")
        if isinstance(block, Items):
            for item in block.items:
                plain = " ".join(item.text.split()).replace("- ", "")
                assert plain in text.replace("\\", ""), item


def test_every_figure_as_svg_with_its_data(
    found: Figures, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file each; the data are those that the drawing gives."""
    folder = tmp_path_factory.mktemp("figuren")
    count = write_pictures(found, folder, NEUTRAL, force=False)
    pictures = list(drawings(field_document(found, NEUTRAL)))
    assert count == len(pictures) >= 10
    assert {p.name for p in folder.iterdir()} == {
        f"{p.key}{s}" for p in pictures for s in (".svg", ".csv")
    }
    for picture in pictures:
        drawn = (folder / f"{picture.key}.svg").read_text("utf-8")
        assert drawn.startswith("<svg")
        assert "inherit" not in drawn.split(">")[0]
        data = (folder / f"{picture.key}.csv").read_bytes()
        assert data == data_of(picture, found.lang)
        lines = data.decode("utf-8-sig").splitlines()
        assert len(lines) >= 2
        assert all(line[0] != "=" for line in lines)


def test_what_is_higher_than_a_page_is_printed_in_parts(found: Figures) -> None:
    """Of every drawing in the page, what paper gets is no higher than it is; all rows are there."""
    high = 0
    for picture in drawings(field_document(found, NEUTRAL)):
        shown = html_drawings(picture, NEUTRAL, found.lang, wide=True)
        sizes = [
            float(size)
            for part in [part for _, part in shown.paper] or [shown.desk]
            for size in re.findall(r'<svg[^>]*viewBox="0 0 \S+ (\S+)"', part)
        ]
        assert sizes
        assert max(sizes) <= PAGE[True], picture.key
        for row in picture.table()[1] if shown.paper and not isinstance(picture, Timeline) else ():
            assert str(row[0]).split()[0] in "".join(part for _, part in shown.paper)
        high += bool(shown.paper)
    assert high
