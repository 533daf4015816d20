"""The worksheet class that is written with: XlsxWriter's, with a shorter way for most cells.

XlsxWriter runs 29 regular expressions over every formula, and looks for characters to escape in
every attribute of every cell. `QuickWorksheet` leaves out what cannot change the outcome:

- A formula is taken as it is when XlsxWriter itself leaves the name of each function in it alone;
  it is asked once per name.
- A cell of one of the kinds below that has a style is written in one go. Every other cell goes to
  XlsxWriter.
- Cells below each other are kept by column (`hkz_xlsx.writing.runs`), and a table is written at
  once.
- That a table overlaps no other one is seen from where they begin and end.

The bytes are those of XlsxWriter; `worksheet_class` makes sure of that once per process, by
writing a sample of cells both ways. With a release of XlsxWriter that writes them otherwise it
gives the class without short cuts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from io import BytesIO, StringIO
from itertools import chain
from operator import itemgetter
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellFormulaTuple, RowInfo

from hkz_xlsx.scoring.cell_values import CellError, CellValue, a1, column_letters
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula
from hkz_xlsx.writing.runs import (
    SHORTEST,
    FilledDown,
    FormulaRun,
    GivenRun,
    Run,
    TextRun,
    in_reach,
    index_of,
    side_by_side,
)
from hkz_xlsx.writing.value_texts import ValueTexts, escaped, shared_formula

_FUNCTION = re.compile(r"[\w.]+\(")
_ROWS_A_SPAN = 16
_TEXTS = ValueTexts(typed_empty=False)
_LEFT_ALONE: dict[str, bool] = {}
"""Whether XlsxWriter leaves a function name as it is."""

_EXPANDED: dict[str, str] = {}
"""Formulas of lists and marks as XlsxWriter makes them: the same few in each workbook."""

_MOST_EXPANDED, _MOST_TAGS = 2_000, 10_000
_QUICK = frozenset(
    ("SharedFormula", "InlineText", "Blank", "Number", "Formula", "String", "RichString")
)


_Area = tuple[int, int, int, int]
"""First row and column, last row and column."""


class QuickWorksheet(InlineWorksheet):
    """Writes what `InlineWorksheet` writes, in a quarter of its time."""

    fh: Any

    def __init__(self) -> None:
        super().__init__()
        self._tails: dict[int, str] = {}
        self._runs: list[Run] = []
        self._areas: list[_Area] = []
        self._tags: dict[object, str] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        usual = super()._prepare_formula
        if self.use_future_functions:
            return str(usual(formula, expand_future_functions))
        if expand_future_functions:
            if len(_EXPANDED) >= _MOST_EXPANDED:
                _EXPANDED.clear()
            if formula not in _EXPANDED:
                _EXPANDED[formula] = str(usual(formula, expand_future_functions))
            return _EXPANDED[formula]
        return formula.removeprefix("=") if self._left_alone(formula) else str(usual(formula))

    def _left_alone(self, formula: str) -> bool:
        """Whether XlsxWriter writes a formula as it is."""
        if formula.startswith("{") or formula.endswith("}"):
            return False
        # Its expressions look for names of functions only: one that XlsxWriter leaves alone by
        # itself it leaves alone in every formula.
        usual = super()._prepare_formula
        for name in _FUNCTION.findall(formula):
            if name not in _LEFT_ALONE:
                _LEFT_ALONE[name] = usual(f"+{name}") == f"+{name}"
            if not _LEFT_ALONE[name]:
                return False
        return True

    def write_texts(
        self, row: int, column: int, texts: Sequence[str], styles: Sequence[Format]
    ) -> int:
        """As `InlineWorksheet` does."""
        if len(texts) < SHORTEST:
            return super().write_texts(row, column, texts, styles)
        number_of = self.str_table._get_shared_string_index  # noqa: SLF001 - a subclass's own part of the library
        strings = [number_of(text) if text else None for text in texts]
        return self._kept(TextRun(row, column, styles, strings))

    def write_filled_down(
        self, row: int, column: int, first: SharedFormula, values: Sequence[CellValue]
    ) -> int:
        """As `InlineWorksheet` does."""
        if len(values) < SHORTEST or first.format is None:
            return super().write_filled_down(row, column, first, values)
        return self._kept(FilledDown(row, column, [first.format] * len(values), first, values))

    def write_given(
        self, row: int, column: int, values: Sequence[CellValue], styles: Sequence[Format]
    ) -> int:
        """As `InlineWorksheet` does."""
        if len(values) < SHORTEST:
            return super().write_given(row, column, values, styles)
        cells = list(map(self._given, values, styles))
        return self._kept(GivenRun(row, column, styles, cells))

    def write_formulas(
        self, row: int, column: int, formulas: Sequence[str], styles: Sequence[Format],
        values: Sequence[CellValue],
    ) -> int:  # fmt: skip
        """As `InlineWorksheet` does."""
        if not all(map(self._left_alone, formulas)):
            return super().write_formulas(row, column, formulas, styles, values)
        plain = [text.removeprefix("=") for text in formulas]
        if len(plain) < SHORTEST:
            return self._put(row, column, list(map(CellFormulaTuple, plain, styles, values)))
        return self._kept(FormulaRun(row, column, styles, plain, values))

    def set_heights(self, row: int, heights: Sequence[float]) -> int:
        """As `InlineWorksheet` does."""
        if not heights:
            return 0
        # The first and the last as any other; the rows between are within them.
        known: dict[float, RowInfo] = {}
        for index in (row, row + len(heights) - 1):
            if code := self.set_row(index, heights[index - row]):
                return int(code)
            known[heights[index - row]] = self.row_info[index]
        for index, height in enumerate(heights, row):
            info = known.get(height)
            if info is None:
                self.set_row(index, height)
                info = known[height] = self.row_info[index]
            self.row_info[index] = info
            self.row_sizes[index] = [info.height, info.hidden]
        return 0

    def _kept(self, run: Run) -> int:
        if self._outside(run.row, run.column, len(run)):
            return -1
        rows = range(run.row, run.row + len(run))
        if not self.table.keys().isdisjoint(rows):  # what is written last is what stands there
            for row in rows:
                if row in self.table:
                    self.table[row].pop(run.column, None)
        self._runs.append(run)
        return 0

    def _settle(self, runs: Iterable[Run]) -> None:
        """Put cells in their rows after all."""
        for run in runs:
            self._runs.remove(run)
            self._put(run.row, run.column, run.cells())

    def _get_range_data(
        self, row_start: int, col_start: int, row_end: int, col_end: int
    ) -> list[Any]:
        """What charts keep of the cells they show."""
        area = ((row_start, row_end), (col_start, col_end))
        self._settle(list(in_reach(self._runs, *area)))
        return list(super()._get_range_data(row_start, col_start, row_end, col_end))

    def add_table(
        self, first_row: int, first_col: int, last_row: int, last_col: int,
        options: Mapping[str, Any] | None = None,
    ) -> int:  # fmt: skip
        """As XlsxWriter does, which looks whether each cell of it is free."""
        area = (first_row, first_col, last_row, last_col)
        if self._check_dimensions(last_row, last_col, True, True):
            return -1
        self._is_free(area, ((row, column, row, column) for row, column in self.merged_cells))
        short = min(last_row, first_row + 1)
        code = int(super().add_table(first_row, first_col, short, last_col, options))
        if code == 0:
            self._areas.append(area)
            table = self.tables[-1]
            before = f"{a1(first_row, first_col)}:{a1(short, last_col)}"
            whole = f"{a1(first_row, first_col)}:{a1(last_row, last_col)}"
            table.update({key: whole for key, value in table.items() if value == before})
        return code

    def merge_range(
        self, first_row: int, first_col: int, last_row: int, last_col: int, data: object,
        cell_format: Format | None = None,
    ) -> int:  # fmt: skip
        """As XlsxWriter does."""
        self._is_free((first_row, first_col, last_row, last_col))
        place = (first_row, first_col, last_row, last_col)
        return int(super().merge_range(*place, data, cell_format))

    def _is_free(self, area: _Area, merged: Iterable[_Area] = ()) -> None:
        for other in chain(self._areas, merged):
            beside = area[0] > other[2] or area[2] < other[0]
            if not (beside or area[1] > other[3] or area[3] < other[1]):
                raise OverlappingRange(f"{area}: {other}")

    def _calculate_spans(self) -> None:
        """First and last column of every 16 rows, without a look at every cell."""
        found: dict[int, tuple[int, int]] = {}

        def seen(row: int, first: int, last: int) -> None:
            block = row // _ROWS_A_SPAN
            known = found.get(block, (first, last))
            found[block] = (min(first, known[0]), max(last, known[1]))

        for rows in (self.table, self.comments):
            for row, cells in rows.items():
                if cells:
                    seen(row, min(cells), max(cells))
        for run in self._runs:
            for row in run.rows_of_blocks(_ROWS_A_SPAN):
                seen(row, run.column, run.column)
        self.row_spans = {block: f"{a + 1}:{b + 1}" for block, (a, b) in found.items()}

    def _write_rows(self) -> None:
        """The rows in their order, with a look only at the cells that are there."""
        groups, beside = side_by_side(self._runs)
        self._settle(beside)
        if self.constant_memory:
            self._settle(list(self._runs))
            super()._write_rows()
            return
        self._calculate_spans()
        covered = {row for at, runs in groups.items() for row in range(at, at + len(runs[0]))}
        filled = {row for row, cells in self.table.items() if cells}
        for row in sorted(filled.union(self.row_info, self.comments, covered)):
            if not self.dim_rowmin <= row <= self.dim_rowmax:
                continue
            if row in groups:
                self._write_group(groups[row])
            elif row in covered:
                continue
            elif row in filled:
                self._write_tag(row)
                self.fh.write("".join(self._cells_of(row)[1]))
                self._xml_end_tag("row")
            else:
                self._write_no_cells(row)

    def _write_no_cells(self, row: int) -> None:
        spans = self.row_spans.get(row // _ROWS_A_SPAN)
        self._write_empty_row(row, spans, self.row_info.get(row))

    def _write_group(self, runs: Sequence[Run]) -> None:
        """The rows of runs that stand side by side."""
        rows = range(runs[0].row, runs[0].row + len(runs[0]))
        self._number_styles(rows, runs)
        numbers = [str(row + 1) for row in rows]
        heads = [f'<c r="{column_letters(run.column)}' for run in runs]
        texts = [run.texts(head, numbers) for run, head in zip(runs, heads, strict=True)]
        for row, pieces in zip(rows, zip(*texts, strict=True), strict=True):
            if row in self.table:
                loose = zip(*self._cells_of(row), strict=True)
                placed = sorted([*zip((run.column for run in runs), pieces, strict=True), *loose])
                cells = "".join([piece for _, piece in placed])
            else:
                cells = "".join(pieces)
            if cells:
                self._write_tag(row)
                self.fh.write(f"{cells}</row>")
            elif row in self.row_info or row in self.comments:
                self._write_no_cells(row)

    def _number_styles(self, rows: range, runs: Sequence[Run]) -> None:
        """Styles get their numbers as they are met, row by row."""
        met = [one for run in runs for one in run.met()]
        if not met:
            return
        for row in self.table.keys() & rows:
            cells = self.table[row].items()
            met += ((row, column, cell.format) for column, cell in cells if cell.format)
        for row in self.row_info.keys() & rows:
            if self.row_info[row].row_format:
                met.append((row, -1, self.row_info[row].row_format))
        for _, _, style in sorted(met, key=itemgetter(0, 1)):
            index_of(style)

    def _cells_of(self, row: int) -> tuple[list[int], list[str]]:
        """The cells that were put in a row: their columns, and each as it is written."""
        cells, number, tails = self.table[row], row + 1, self._tails
        columns, pieces = sorted(cells), list[str]()
        for column in columns:
            cell = cells[column]
            tail = tails.get(id(cell)) or self._tail(cell)
            if tail is None:
                pieces.append(self._by_library(row, column, cell))
            else:
                pieces.append(f'<c r="{column_letters(column)}{number}" s="{tail}')
        return columns, pieces

    def _by_library(self, row: int, column: int, cell: object) -> str:
        """A cell as XlsxWriter writes it."""
        return self._written(lambda: self._write_cell(row, column, cell))

    def _written(self, write: Callable[[], None]) -> str:
        target, self.fh = self.fh, StringIO()
        try:
            write()
            return str(self.fh.getvalue())
        finally:
            self.fh = target

    def _write_tag(self, row: int) -> None:
        """The start of a row; but for its number few differ."""
        spans, info = self.row_spans.get(row // _ROWS_A_SPAN), self.row_info.get(row)
        key = (spans, *vars(info).values()) if info is not None else spans
        rest = self._tags.get(key)
        begin = f'<row r="{row + 1}"'
        if rest is None:
            tag = self._written(lambda: self._write_row(row, spans, info))
            rest = self._tags[key] = tag.removeprefix(begin)
        self.fh.write(begin + rest)

    def _tail(self, cell: Any) -> str | None:  # noqa: ANN401 - any cell of the library
        """A cell behind the place of its style; None for XlsxWriter to write it.

        Without a style of its own a cell takes that of its row or column, which XlsxWriter looks
        up.
        """
        kind, style = type(cell).__name__, cell.format
        if style is None or kind not in _QUICK:
            return None
        index = index_of(style)
        if kind in ("String", "RichString"):
            return None if cell.string is None else f'{index}" t="s"><v>{cell.string}</v></c>'
        if kind == "Formula":
            result, shown = _TEXTS.alone(cell.value)
            return f'{index}"{result}><f>{escaped(cell.formula)}</f><v>{shown}</v></c>'
        if kind == "InlineText":
            text = escaped(cell.string)
            return f'{index}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        if kind == "Number":
            return f'{index}"><v>{cell.number:.16G}</v></c>'
        tail = f'{index}"/>' if kind == "Blank" else f'{index}"{shared_formula(cell)}'
        self._tails[id(cell)] = tail
        return tail


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
