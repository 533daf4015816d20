"""XlsxWriter's worksheet with a shorter way for most cells.

XlsxWriter runs 29 regular expressions over every formula, and looks for characters to escape in
every attribute of every cell. `QuickWorksheet` leaves out what cannot change the outcome:

- A formula is taken as it is when XlsxWriter itself leaves the name of each function in it alone;
  it is asked once per name.
- A cell of one of the kinds below that has a style is written in one go. Every other cell goes to
  XlsxWriter.
- Cells below each other are kept by column (`hkz_xlsx.writing.runs`), and a table is written at
  once.
- That a table overlaps no other one is seen from where they begin and end.

The bytes are those of XlsxWriter; `hkz_xlsx.writing.fast_cells` makes sure of that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from operator import itemgetter
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellFormulaTuple, RowInfo

from hkz_xlsx.scoring.cell_values import CellValue, column_letters
from hkz_xlsx.writing.areas import AreaWorksheet
from hkz_xlsx.writing.inline_sheet import SharedFormula
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

_MOST_EXPANDED = 2_000
_QUICK = frozenset(
    ("SharedFormula", "InlineText", "Blank", "Number", "Formula", "String", "RichString")
)


class QuickWorksheet(AreaWorksheet):
    """Writes what `InlineWorksheet` writes, in a quarter of its time."""

    fh: Any

    def __init__(self) -> None:
        super().__init__()
        self._tails: dict[int, str] = {}
        self._runs: list[Run] = []
        self._columns: dict[int, list[Run]] = {}
        self._tags: dict[tuple[str | None, int], str] = {}

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
        """As `InlineWorksheet` does.

        Args:
            row, column, texts, styles: as there.
        """
        if len(texts) < SHORTEST:
            return super().write_texts(row, column, texts, styles)
        shared = self.str_table
        # The texts of a column are there already, or all are new; an empty one never is.
        strings: list[int | None] = list(map(shared.string_table.get, texts))
        if None in strings:
            number_of = shared._get_shared_string_index  # noqa: SLF001 - a subclass's own part of the library
            strings = [number_of(text) if text else None for text in texts]
        else:
            shared.count += len(strings)
        return self._kept(TextRun(row, column, styles, strings))

    def write_filled_down(
        self, row: int, column: int, first: SharedFormula, values: Sequence[CellValue]
    ) -> int:
        """As `InlineWorksheet` does.

        Args:
            row, column, first, values: as there.
        """
        if len(values) < SHORTEST or first.format is None:
            return super().write_filled_down(row, column, first, values)
        return self._kept(FilledDown(row, column, [first.format] * len(values), first, values))

    def write_given(
        self, row: int, column: int, values: Sequence[CellValue], styles: Sequence[Format]
    ) -> int:
        """As `InlineWorksheet` does.

        Args:
            row, column, values, styles: as there.
        """
        if len(values) < SHORTEST:
            return super().write_given(row, column, values, styles)
        cells = list(map(self._given, values, styles))
        return self._kept(GivenRun(row, column, styles, cells))

    def write_formulas(
        self, row: int, column: int, formulas: Sequence[str], styles: Sequence[Format],
        values: Sequence[CellValue],
    ) -> int:  # fmt: skip
        """As `InlineWorksheet` does.

        Args:
            row, column, formulas, styles, values: as there.
        """
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
        # What is written last is what stands in a cell.
        above = self._columns.setdefault(run.column, [])
        self._settle([one for one in in_reach(above, (rows[0], rows[-1])) if one in self._runs])
        above.append(run)
        if not self.table.keys().isdisjoint(rows):
            for row in run.filled_rows():
                if row in self.table:
                    self.table[row].pop(run.column, None)
        self._runs.append(run)
        return 0

    def _settle(self, runs: Iterable[Run]) -> None:
        """Put cells in their rows after all."""
        for run in runs:
            self._runs.remove(run)
            for row, cell in enumerate(run.cells(), run.row):
                if cell is not None:
                    self.table[row].setdefault(run.column, cell)  # what is there came later

    def _get_range_data(
        self, row_start: int, col_start: int, row_end: int, col_end: int
    ) -> list[Any]:
        """What charts keep of the cells they show."""
        reached = in_reach(self._runs, (row_start, row_end))
        self._settle([run for run in reached if col_start <= run.column <= col_end])
        return list(super()._get_range_data(row_start, col_start, row_end, col_end))

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
        if self.constant_memory:
            self._settle(list(self._runs))
            super()._write_rows()
            return
        groups = self._groups()
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
                self.fh.write("".join([piece for _, piece in self._cells_of(row)]))
                self._xml_end_tag("row")
            else:
                self._write_no_cells(row)

    def _write_no_cells(self, row: int) -> None:
        spans = self.row_spans.get(row // _ROWS_A_SPAN)
        self._write_empty_row(row, spans, self.row_info.get(row))

    def _groups(self) -> Mapping[int, Sequence[Run]]:
        """Runs side by side, by their first row; no cell of a row stands where one of them has
        one."""
        groups, beside = side_by_side(self._runs)
        self._settle(beside)
        over = []
        for runs in groups.values():
            rows = self.table.keys() & range(runs[0].row, runs[0].row + len(runs[0]))
            over += [run for run in runs if any(run.column in self.table[row] for row in rows)]
        self._settle(over)
        return side_by_side(self._runs)[0] if over else groups

    def _write_group(self, runs: Sequence[Run]) -> None:
        """The rows of runs that stand side by side."""
        rows = range(runs[0].row, runs[0].row + len(runs[0]))
        self._number_styles(rows, runs)
        numbers = [str(row + 1) for row in rows]
        heads = [f'<c r="{column_letters(run.column)}' for run in runs]
        texts = [run.texts(head, numbers) for run, head in zip(runs, heads, strict=True)]
        for row, pieces in zip(rows, zip(*texts, strict=True), strict=True):
            if row in self.table:
                placed = {run.column: piece for run, piece in zip(runs, pieces, strict=True)}
                placed.update(self._cells_of(row))
                cells = "".join([placed[column] for column in sorted(placed)])
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
        for row in self.row_info.keys() & rows:
            met += ((row, -1, style) for style in (self.row_info[row].row_format,) if style)
        for row in self.table.keys() & rows:
            cells = self.table[row].items()
            met += ((row, column, cell.format) for column, cell in cells if cell.format)
        for _, _, style in sorted(met, key=itemgetter(0, 1)):
            index_of(style)

    def _cells_of(self, row: int) -> Iterator[tuple[int, str]]:
        """The cells that were put in a row: the column of each, and the cell as it is written."""
        cells, number, tails = self.table[row], row + 1, self._tails
        for column in sorted(cells):
            cell = cells[column]
            tail = tails.get(id(cell)) or self._tail(cell)
            if tail is None:
                yield column, self._by_library(row, column, cell)
            else:
                yield column, f'<c r="{column_letters(column)}{number}" s="{tail}'

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
        key = (spans, id(info))  # rows as high as each other share what is known of them
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
