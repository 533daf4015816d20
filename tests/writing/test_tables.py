"""Tables with charts as an Excel file: what it looks like on paper."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from typing import Any

import openpyxl
import pytest

from hkz_xlsx.writing.paper import page_breaks
from hkz_xlsx.writing.tables import (
    Amount,
    Kind,
    TableCell,
    TableChart,
    TableColumn,
    TableSheet,
    write_tables,
)

INCH, LINE = 96, 20


def sheet(rows: int, charts: int, width: float, name: str = "Naam") -> TableSheet:
    columns = (TableColumn("Naam", 40), TableColumn("Score", width, "percent"))
    values = [(f"{name} {n}", float(n % 100)) for n in range(rows)]
    last = min(rows, 30) - 1
    labels = tuple(f"{n} % (n = {n})" for n in range(last + 1))
    drawn = tuple(
        TableChart(f"Grafiek {n}", "", (1,), (0, last), 100, labels) for n in range(charts)
    )
    return TableSheet("Blad", "Kop", "", "T_blad", columns, values, drawn)


@pytest.mark.parametrize("rows", [3, 8, 30, 200])
@pytest.mark.parametrize("width", [12, 60, 200])
def test_no_chart_is_cut_by_a_page(rows: int, width: float) -> None:
    """Excel ends a page where the file says so, and where the paper ends."""
    book = openpyxl.load_workbook(BytesIO(write_tables([sheet(rows, 5, width)], "Tabel")))
    found: Any = book.worksheets[0]
    setup = found.sheet_properties.pageSetUpPr
    assert setup is None or not setup.fitToPage, "Excel would take no page breaks"
    breaks = sorted(b.id for b in found.row_breaks.brk)
    paper = (8.27 - 1.5) * INCH * 100 / (found.page_setup.scale or 100)
    assert len(found._charts) == 5
    for chart in found._charts:
        first, last = chart.anchor._from.row + 1, chart.anchor.to.row + 1
        assert not [b for b in breaks if first <= b < last], (first, last, breaks)
        page = max((b for b in breaks if b < first), default=0)
        heights = [found.row_dimensions[r].height or LINE * 0.75 for r in range(page + 1, last + 1)]
        # Without a break before it the chart stands on the page of the table.
        used = sum(heights) * 4 / 3 + (found.row_dimensions[4].height or 0) * (page > 0) * 4 / 3
        assert used <= paper, (first, last, breaks)


def test_a_short_table_has_its_chart_beside_it() -> None:
    book = openpyxl.load_workbook(BytesIO(write_tables([sheet(3, 1, 40)], "Tabel")))
    assert not book.worksheets[0].row_breaks.brk


def test_a_table_without_charts_is_as_wide_as_the_page() -> None:
    book = openpyxl.load_workbook(BytesIO(write_tables([sheet(3, 0, 100)], "Tabel")))
    found: Any = book.worksheets[0]
    assert found.sheet_properties.pageSetUpPr.fitToPage
    assert found.page_setup.fitToHeight == 0


def test_a_number_among_words_stands_where_the_words_stand() -> None:
    """In a wide column it would stand alone at the far side of the page."""
    columns = (
        TableColumn("Gegeven", 40),
        TableColumn("Waarde", 90),
        TableColumn("Aantal", 9, "number"),
    )
    kinds: tuple[Kind, ...] = ("percent", "number", "decimal", "change", "date")
    rows: list[tuple[TableCell, ...]] = [("naam", "Zorggroep", 1.0)]
    rows += [(kind, Amount(46_000.0, kind), 2.0) for kind in kinds]
    table = TableSheet("Blad", "Kop", "", "T_blad", columns, rows)
    found: Any = openpyxl.load_workbook(BytesIO(write_tables([table], "Tabel"))).worksheets[0]
    words, *numbers = (found.cell(row, 2) for row in range(5, 11))
    apart = (found.cell(row, 3) for row in range(5, 11))
    places = {(c.alignment.horizontal, c.alignment.indent) for c in (words, *numbers)}
    assert len(places) == 1
    assert words.alignment.horizontal in (None, "left")
    assert len({c.number_format for c in numbers}) == len(kinds)
    assert {c.alignment.horizontal for c in apart} == {"right"}


@pytest.mark.parametrize("count", range(2, 40))
@pytest.mark.parametrize("width", [60, 90, 250])
def test_no_column_is_alone_on_a_page(count: int, width: int) -> None:
    """Pages of a table that is too wide are as few as can be, none too wide, and equally full."""
    room = 1300.0
    widths = [280, *[width] * count]
    breaks = page_breaks(widths, room)
    pages = [stop - start for start, stop in pairwise([1, *breaks, len(widths)])]
    assert sum(pages) == count
    assert max(pages) * width <= room - widths[0]
    assert len(pages) == -(-count // int((room - widths[0]) // width))
    # Of a width that fits twice only, one column may be left.
    assert max(pages) - min(pages) <= 1
    assert len(pages) == 1 or min(pages) > 1 or max(pages) == 2


def test_breaks_stand_in_the_file() -> None:
    columns = (TableColumn("Naam", 40), *(TableColumn(f"K{n}", 20) for n in range(8)))
    wide = TableSheet("Blad", "Kop", "noot", "T", columns, [("x",) * 9])
    book = openpyxl.load_workbook(BytesIO(write_tables([wide], "Titel")))
    breaks = [one.id for one in book["Blad"].col_breaks.brk]
    assert breaks == page_breaks([int(c.width * 7 + 5) for c in columns], 0.94 * 1411)
    assert len(breaks) == 1
