"""Which worksheet class is written with: XlsxWriter's with short cuts, where these give its bytes.

`worksheet_class` makes sure of that once per process, by writing a sample of cells both ways. With
a release of XlsxWriter that writes them otherwise it gives the class without short cuts.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from hkz_xlsx.scoring.cell_values import CellError
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula
from hkz_xlsx.writing.quick_sheet import QuickWorksheet


@cache
def worksheet_class() -> type[InlineWorksheet]:
    """`QuickWorksheet`, or `InlineWorksheet` where the two do not write the same."""
    try:
        same = sample_of(QuickWorksheet) == sample_of(InlineWorksheet)
    except (AttributeError, TypeError, ValueError, KeyError, LookupError):
        # Inner parts of a library may go with any release: then it is slower, and as right.
        same = False
    return QuickWorksheet if same else InlineWorksheet


def sample_of(kind: type[InlineWorksheet]) -> str:
    """The rows of a sheet with every kind of cell, as a class writes them."""
    book = Workbook(BytesIO(), {"in_memory": True})
    sheet, style = book.add_worksheet("A", kind), book.add_format({"bold": True})
    sheet.set_row(0, 20, book.add_format({"italic": True}))
    sheet.set_column(2, 30, 12, book.add_format({"underline": 1}))
    values = (0, 1, -1.5, 1 / 3, 1e-7, 123456789012345678, True, "", "a", " <&>\"' \n", "_x0041_")
    for row in (0, 1):
        for column, value in enumerate(values):
            chosen = None if column % 4 == row else style
            sheet.write(row, column, value, chosen)
            sheet.write_blank(row, 11 + column, None, chosen)
    formulas = (
        "=A1+1", '=IF(A1="<&>",1,"")', "=SUM(A1:B2)+_xlfn.CONCAT(A1)", "=SORT(A1:A3)",
        "=A1+UNIQUE(A1:A3)", "{=SUM(A1:A3*2)}", "=SUM({1,2})", "=+SINGLE(A1)", "=NOSINGLE(A1)",
        '=COUNTIF(A1,"FILTER(")',
    )  # fmt: skip
    results = (0, 1.25, "", "a<b", "#N/A", True)
    for column, text in enumerate(formulas):
        for row, result in enumerate(results, 2):
            sheet.write_formula(row, column, text, style, result)
    shared = (1, 0.1, "", None, "a & <b>", CellError("#N/A"))
    for row, result in enumerate(shared, 9):
        text = '=IF(A1<2,"&",B1)' if row == 9 else ""  # noqa: PLR2004 - the first row
        sheet.write_shared(row, 0, SharedFormula(text, 0, "A10:A15", result, style))
        sheet.write_shared(row, 1, SharedFormula(text, 1, "B10:B15", result, None))
        sheet.write_inline(row, 2, " x\n<&> ", style)
    _columns(book, sheet)
    sheet.fh = StringIO()
    book.str_table._sort_string_data()  # noqa: SLF001 - the part of the library that is compared
    kept = sheet._get_range_data(20, 4, 24, 4)  # noqa: SLF001 - likewise
    sheet._write_rows()  # noqa: SLF001 - likewise
    return f"{sheet.fh.getvalue()}{kept}{sheet.tables}"


def _columns(book: Workbook, sheet: InlineWorksheet) -> None:
    """Cells below each other: side by side, beside others, and overlapping; and a table of them."""
    # Each style gets its number where it comes first in a row, not in a column.
    one, two, three, four, five = (book.add_format({"font_size": 20 + n}) for n in range(5))
    mixed = (one, two, one, three, two)
    sheet.set_heights(20, (15, 30.5, 30.5, 0, 20))
    sheet.write_texts(20, 8, ("a", "", "<b>", "a", "c"), mixed)
    sheet.write_texts(20, 2, [""] * 5, [four] * 5)
    sheet.write_given(20, 4, (1, None, "x", 2.5, ""), (five, three, three, two, one))
    formulas = ("=A1", '=B1&"<"', "=SUM(A1)", "=C1", "=D1")
    sheet.write_formulas(20, 5, formulas, mixed[::-1], (1, "", "a<", "#N/A", 0.1))
    sheet.write_formulas(26, 5, ("=A1", "=UNIQUE(A1)", "=B1", "=C1"), mixed[:4], (1, 2, 3, 4))
    down = SharedFormula('=A1&"<"', 2, "G21:G25", 0.0, two)
    sheet.write_filled_down(20, 6, down, (0.0, -0.0, "", CellError("#N/A"), "x"))
    sheet.write_string(22, 7, "beside", three)
    sheet.write_texts(23, 9, ("a", "b", "c", "d"), mixed[:4])
    sheet.write_given(32, 2, (None, 1, None, None), mixed[:4])
    columns = [{"header": "a", "header_format": one}, {"header": "b"}]
    sheet.add_table(40, 1, 45, 2, {"name": "T", "columns": columns, "style": None})
