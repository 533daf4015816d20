"""The worksheet class that is written with: XlsxWriter's, with a shorter way for most cells.

XlsxWriter runs 29 regular expressions over every formula, and looks for characters to escape in
every attribute of every cell. `QuickWorksheet` leaves out what cannot change the outcome:

- A formula is taken as it is when XlsxWriter itself leaves the name of each function in it alone;
  it is asked once per name.
- A cell of one of the kinds below that has a style is written in one go. Every other cell goes to
  XlsxWriter.

The bytes are those of XlsxWriter; `worksheet_class` makes sure of that once per process, by
writing a sample of cells both ways. With a release of XlsxWriter that writes them otherwise it
gives the class without short cuts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import CellStringTuple

from hkz_xlsx.scoring.cell_values import CellError, column_letters
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula
from hkz_xlsx.writing.value_texts import ValueTexts, escaped

_FUNCTION = re.compile(r"[\w.]+\(")
_ROWS_A_SPAN = 16
_TEXTS = ValueTexts(typed_empty=False)
_LEFT_ALONE: dict[str, bool] = {}
"""Whether XlsxWriter leaves a function name as it is."""

_QUICK = frozenset(("SharedFormula", "InlineText", "Blank", "Number"))


class QuickWorksheet(InlineWorksheet):
    """Writes what `InlineWorksheet` writes, in a quarter of its time."""

    def __init__(self) -> None:
        super().__init__()
        self._tails: dict[int, str] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        usual = super()._prepare_formula
        braces = formula.startswith("{") or formula.endswith("}")
        if braces or expand_future_functions or self.use_future_functions:
            return str(usual(formula, expand_future_functions))
        # Its expressions look for names of functions only: one that XlsxWriter leaves alone by
        # itself it leaves alone in every formula.
        for name in _FUNCTION.findall(formula):
            if name not in _LEFT_ALONE:
                _LEFT_ALONE[name] = usual(f"+{name}") == f"+{name}"
            if not _LEFT_ALONE[name]:
                return str(usual(formula))
        return formula.removeprefix("=")

    def _calculate_spans(self) -> None:
        """First and last column of every 16 rows, without a look at every cell."""
        found: dict[int, tuple[int, int]] = {}
        for rows in (self.table, self.comments):
            for row, cells in rows.items():
                if cells:
                    first, last = min(cells), max(cells)
                    block = row // _ROWS_A_SPAN
                    known = found.get(block, (first, last))
                    found[block] = (min(first, known[0]), max(last, known[1]))
        self.row_spans = {block: f"{a + 1}:{b + 1}" for block, (a, b) in found.items()}

    def _write_rows(self) -> None:
        """The rows in their order, with a look only at the cells that are there."""
        if self.constant_memory:
            super()._write_rows()
            return
        self._calculate_spans()
        filled = {row for row, cells in self.table.items() if cells}
        for row in sorted(filled.union(self.row_info, self.comments)):
            if not self.dim_rowmin <= row <= self.dim_rowmax:
                continue
            at = (row, self.row_spans.get(row // _ROWS_A_SPAN), self.row_info.get(row))
            if row in filled:
                self._write_row(*at)
                self._write_cells(row, self.table[row])
                self._xml_end_tag("row")
            else:
                self._write_empty_row(*at)

    def _write_cells(self, row: int, cells: Mapping[int, object]) -> None:
        number, tails = row + 1, self._tails
        pieces: list[str] = []
        for column in sorted(cells):
            cell: Any = cells[column]
            if type(cell) is CellStringTuple and cell[1] is not None:  # most are
                text, style = cell
                index = style.xf_index
                if index is None:
                    index = style._get_xf_index()  # noqa: SLF001 - a subclass's own part of the library
                at = f"{column_letters(column)}{number}"
                pieces.append(f'<c r="{at}" s="{index}" t="s"><v>{text}</v></c>')
                continue
            # Cells alike are one object, alive as long as the sheet.
            tail = tails.get(id(cell)) or self._tail(cell)
            if tail is None:
                self.fh.write("".join(pieces))
                pieces = []
                self._write_cell(row, column, cell)
            else:
                pieces.append(f'<c r="{column_letters(column)}{number}" s="{tail}')
        self.fh.write("".join(pieces))

    def _tail(self, cell: Any) -> str | None:  # noqa: ANN401 - any cell of the library
        """A cell behind the place of its style; None for XlsxWriter to write it.

        Without a style of its own a cell takes that of its row or column, which XlsxWriter looks
        up.
        """
        kind, style = type(cell).__name__, cell.format
        if style is None or kind not in _QUICK:
            return None
        index = style.xf_index
        if index is None:
            index = style._get_xf_index()  # noqa: SLF001 - a subclass's own part of the library
        if kind == "InlineText":
            text = escaped(cell.string)
            return f'{index}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        if kind == "Number":
            return f'{index}"><v>{cell.number:.16G}</v></c>'
        tail = f'{index}"/>' if kind == "Blank" else f'{index}"{self._quick_shared(cell)}'
        self._tails[id(cell)] = tail
        return tail

    def _quick_shared(self, cell: SharedFormula) -> str:
        kind, shown = _TEXTS.shared(cell.value)
        if cell.text:
            text = self._escape_control_characters(self._escape_data(cell.text.removeprefix("=")))
            group = f' ref="{cell.extent}" si="{cell.group}">{text}</f>'
        else:
            group = f' si="{cell.group}"/>'
        return f'{kind}><f t="shared"{group}<v>{shown}</v></c>'


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
    sheet.fh = StringIO()
    sheet._write_rows()  # noqa: SLF001 - the part of the library that is compared
    return str(sheet.fh.getvalue())
