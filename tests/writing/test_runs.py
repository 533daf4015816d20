"""Cells that are kept by column come out in the rows, whatever stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO, StringIO
from random import Random
from typing import Any

import pytest
from xlsxwriter import Workbook
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format

from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula
from hkz_xlsx.writing.quick_sheet import QuickWorksheet

VALUES: tuple[CellValue, ...] = (
    0.0, -0.0, 1.0, 2, 0.1, "", "a", "<&>", "#N/A", CellError("#DIV/0!"), 1e-7, True,
)  # fmt: skip


def _written(kind: type[InlineWorksheet], fill: Callable[[Any, list[Format]], None]) -> str:
    book = Workbook(BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet("A", kind)
    fill(sheet, [book.add_format({"font_size": 8 + n}) for n in range(6)])
    sheet.fh = StringIO()
    sheet._write_rows()
    order = sorted(book.formats, key=lambda one: one.xf_index or 0)
    return f"{sheet.fh.getvalue()}{[(one.xf_index, one.font_size) for one in order]}"


def _same(fill: Callable[[Any, list[Format]], None]) -> str:
    quick = _written(QuickWorksheet, fill)
    assert quick == _written(InlineWorksheet, fill)
    return quick


def _anything(seed: int) -> Callable[[Any, list[Format]], None]:
    """Columns and cells at random places, also over each other; the last one stands there."""

    def fill(sheet: Any, styles: list[Format]) -> None:
        chance = Random(seed)
        for group in range(chance.randint(1, 12)):
            row, column, count = (chance.randint(0, 30), chance.randint(0, 9), chance.randint(1, 9))
            looks = chance.choices(styles[: chance.randint(1, 6)], k=count)
            values = chance.choices(VALUES, k=count)
            what = chance.randint(0, 6)
            if what == 0:
                sheet.write_texts(row, column, [chance.choice(("", "a", "<b>"))] * count, looks)
            elif what == 1:
                first = SharedFormula("=A1+1", group, "A1:A9", values[0], looks[0])
                sheet.write_filled_down(row, column, first, values)
            elif what == 2:
                given = [None if isinstance(v, CellError | bool) else v for v in values]
                sheet.write_given(row, column, given, looks)
            elif what == 3:
                formulas = [chance.choice(("=A1", '=IF(A1<1,"&",B1)', "=SUM(A1:B2)"))] * count
                plain = [str(v) if isinstance(v, CellError) else v for v in values]
                sheet.write_formulas(row, column, formulas, looks, plain)
            elif what == 4:
                sheet.set_heights(row, [chance.choice((15, 20, 30.5, 0)) for _ in range(count)])
            elif what == 5:
                sheet.set_row(row, 20, chance.choice((None, styles[0])))
            else:
                sheet.write_string(row, column, "beside", chance.choice((None, *styles)))

    return fill


@pytest.mark.parametrize("seed", range(60))
def test_as_cell_by_cell(seed: int) -> None:
    _same(_anything(seed))


@pytest.mark.proof
def test_very_often() -> None:
    for seed in range(1_000, 21_000):
        _same(_anything(seed))


def test_a_row_without_cells_is_there_when_it_has_a_height() -> None:
    def fill(sheet: Any, styles: list[Format]) -> None:
        sheet.write_given(3, 1, (1, None, None, None, 2), styles[:5])
        sheet.set_row(5, 40)

    found = _same(fill)
    assert found.count("<row ") == 3
    assert '<row r="6"' in found


def test_charts_keep_what_cells_show() -> None:
    """Of cells that are kept by column too, and the rows stay whole."""

    def fill(sheet: Any, styles: list[Format]) -> None:
        sheet.write_given(0, 0, (1, 2.5, None, 4), styles[:4])
        sheet.write_given(0, 1, (5, 6, 7, 8), styles[:4])
        assert sheet._get_range_data(0, 0, 3, 0) == ["1", "2.5", None, "4"]

    assert _same(fill).count("<c ") == 7


@pytest.mark.parametrize("kind", [InlineWorksheet, QuickWorksheet])
def test_tables_do_not_overlap(kind: type[InlineWorksheet]) -> None:
    """Excel calls such a file damaged."""
    book = Workbook(BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet("A", kind)
    sheet.merge_range(30, 0, 30, 3, "")
    sheet.add_table(0, 0, 10, 2, {"name": "one"})
    sheet.add_table(0, 3, 10, 4, {"name": "beside"})
    sheet.add_table(11, 0, 12, 4, {"name": "below"})
    for place in ((5, 2, 8, 5), (10, 0, 11, 0), (25, 2, 40, 2)):
        with pytest.raises(OverlappingRange):
            sheet.add_table(*place, {"name": "other"})
    with pytest.raises(OverlappingRange):
        sheet.merge_range(9, 1, 9, 6, "")
    assert [table["range"] for table in sheet.tables] == ["A1:C11", "D1:E11", "A12:E13"]
    assert [table["autofilter"] for table in sheet.tables] == ["A1:C11", "D1:E11", "A12:E13"]


def test_outside_the_sheet_nothing_is_written() -> None:
    book = Workbook(BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet("A", QuickWorksheet)
    styles = [book.add_format()] * 5
    assert sheet.write_texts(1_048_574, 0, ["a"] * 5, styles) == -1
    assert sheet.write_given(0, 16_384, [1.0] * 5, styles) == -1
    assert sheet.add_table(0, 0, 1_048_576, 1, {"name": "one"}) == -1
    assert not sheet._runs
