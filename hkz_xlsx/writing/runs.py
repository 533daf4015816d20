"""Cells below each other in one column, kept together until their sheet is written.

A workbook has some 20,000 cells, nearly all in tables. Put one by one in their rows, and taken out
again, they took most of the time of writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
)

from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.writing.inline_sheet import SharedFormula, shared_cells
from hkz_xlsx.writing.value_texts import ValueTexts, escaped, shared_below, shared_formula

SHORTEST = 4
"""Cells below each other from which on they are kept together."""

_TEXTS = ValueTexts(typed_empty=False)
_MOST_REPEATED = 300
_REPEATED: dict[tuple[str, int, str], list[str]] = {}
"""Columns of cells alike, as they are written: those of the last workbook are in the next one."""

Cell = Any
"""A cell as XlsxWriter, which ships no types, or `hkz_xlsx.writing.inline_sheet` keeps it."""


def index_of(style: Format) -> int:
    """The number of a style in its workbook, which it gets when it is first asked for."""
    found = style.xf_index
    return int(style._get_xf_index() if found is None else found)  # noqa: SLF001 - a subclass's own part of the library


def _repeated(head: str, row: int, tail: str, count: int) -> Sequence[str]:
    """Cells from a row on that differ in nothing but their place."""
    key = (head, row, tail)
    found = _REPEATED.get(key, ())
    if len(found) < count:
        if len(_REPEATED) >= _MOST_REPEATED:
            _REPEATED.clear()
        found = _REPEATED[key] = [f"{head}{n}{tail}" for n in range(row + 1, row + count + 1)]
    return found if len(found) == count else found[:count]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Cells from a row on, in a column; ``styles`` are theirs, one per row."""

    row: int
    column: int
    styles: Sequence[Format]

    def __len__(self) -> int:
        """How many rows it takes."""
        return len(self.styles)

    def cells(self) -> Sequence[Cell | None]:
        """The cells; None where there is none."""
        raise NotImplementedError

    def texts(self, head: str, numbers: Sequence[str]) -> Sequence[str]:
        """The cells as they are written; empty where there is none.

        Args:
            head: a cell up to the letters of its column.
            numbers: of the rows.
        """
        raise NotImplementedError

    def filled_rows(self) -> Iterable[int]:
        """The rows in which it has a cell."""
        return range(self.row, self.row + len(self))

    def rows_of_blocks(self, size: int) -> Iterable[int]:
        """Of every so many rows of the sheet one in which it has a cell."""
        return (self.row, *range(self.row - self.row % size + size, self.row + len(self), size))

    def met(self) -> Iterator[tuple[int, int, Format]]:
        """Styles without a number yet, each where it comes first."""
        for style in dict.fromkeys(self.styles):
            if style.xf_index is None:
                yield self.row + self.styles.index(style), self.column, style

    def _tails(self) -> list[str]:
        """What begins behind the number of the row, up to the number of the style."""
        known = {id(style): f'" s="{index_of(style)}"' for style in dict.fromkeys(self.styles)}
        if len(known) == 1:
            return list(known.values()) * len(self)
        return [known[id(style)] for style in self.styles]


@dataclass(frozen=True, slots=True, eq=False)
class TextRun(Run):
    """Texts by their ``strings``, the numbers they have among the shared ones; None for a blank
    cell."""

    strings: Sequence[int | None]

    def cells(self) -> Sequence[Cell]:
        """The cells."""
        return [
            CellBlankTuple(style) if string is None else CellStringTuple(string, style)
            for string, style in zip(self.strings, self.styles, strict=True)
        ]

    def texts(self, head: str, numbers: Sequence[str]) -> Sequence[str]:
        """The cells as they are written."""
        tails = self._tails()
        if len(set(tails)) == 1 and self.strings.count(None) == len(tails):
            return _repeated(head, self.row, f"{tails[0]}/>", len(tails))
        return [
            f"{head}{n}{tail}/>" if string is None else f'{head}{n}{tail} t="s"><v>{string}</v></c>'
            for n, tail, string in zip(numbers, tails, self.strings, strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class FilledDown(Run):
    """A shared formula, in one style."""

    first: SharedFormula
    values: Sequence[CellValue]

    def cells(self) -> Sequence[Cell]:
        """The cells."""
        return shared_cells(self.first, self.values)

    def met(self) -> Iterator[tuple[int, int, Format]]:
        """The style, when it has no number yet."""
        if self.styles[0].xf_index is None:
            yield self.row, self.column, self.styles[0]

    def texts(self, head: str, numbers: Sequence[str]) -> Sequence[str]:
        """The cells as they are written."""
        style = f'" s="{index_of(self.styles[0])}"'
        # Rows that look alike have the very same value: there are few, and each is put into words
        # once.
        ids = list(map(id, self.values))
        rest = {
            key: style + shared_below(self.first.group, value)
            for key, value in dict(zip(ids, self.values, strict=True)).items()
        }
        if len(set(rest.values())) == 1:
            found = list(_repeated(head, self.row, rest[ids[0]], len(ids)))
        else:
            found = [f"{head}{n}{rest[key]}" for n, key in zip(numbers, ids, strict=True)]
        found[0] = f"{head}{numbers[0]}{style}{shared_formula(self.first)}"
        return found


@dataclass(frozen=True, slots=True, eq=False)
class FormulaRun(Run):
    """Formulas, each of its own cell."""

    formulas: Sequence[str]
    values: Sequence[CellValue]

    def cells(self) -> Sequence[Cell]:
        """The cells."""
        return list(map(CellFormulaTuple, self.formulas, self.styles, self.values))

    def texts(self, head: str, numbers: Sequence[str]) -> Sequence[str]:
        """The cells as they are written."""
        shown = map(_TEXTS.alone, self.values)
        return [
            f"{head}{n}{tail}{kind}><f>{escaped(formula)}</f><v>{value}</v></c>"
            for n, tail, formula, (kind, value) in zip(
                numbers, self._tails(), self.formulas, shown, strict=True
            )
        ]


@dataclass(frozen=True, slots=True, eq=False)
class GivenRun(Run):
    """Numbers and texts, and rows without a cell."""

    given: Sequence[Cell | None]

    def cells(self) -> Sequence[Cell | None]:
        """The cells."""
        return self.given

    def rows_of_blocks(self, size: int) -> Iterable[int]:
        """Of every so many rows of the sheet one in which it has a cell."""
        return {row // size: row for row in self.filled_rows()}.values()

    def filled_rows(self) -> Iterable[int]:
        """The rows in which it has a cell."""
        return [row for row, cell in enumerate(self.given, self.row) if cell is not None]

    def met(self) -> Iterator[tuple[int, int, Format]]:
        """Styles without a number yet, each where it comes first with a cell."""
        seen = set[int]()
        for row, (style, cell) in enumerate(zip(self.styles, self.given, strict=True), self.row):
            if cell is not None and style.xf_index is None and id(style) not in seen:
                seen.add(id(style))
                yield row, self.column, style

    def texts(self, head: str, numbers: Sequence[str]) -> Sequence[str]:
        """The cells as they are written."""
        return [
            "" if cell is None else f'{head}{n}" s="{index_of(cell.format)}"{_behind(cell)}'
            for n, cell in zip(numbers, self.given, strict=True)
        ]


def _behind(cell: Cell) -> str:
    """A number, a text or a blank cell behind its style."""
    if isinstance(cell, CellNumberTuple):
        return f"><v>{cell.number:.16G}</v></c>"
    if isinstance(cell, CellStringTuple):
        return f' t="s"><v>{cell.string}</v></c>'
    if isinstance(cell, CellBlankTuple):
        return "/>"
    raise TypeError(type(cell))


def side_by_side(runs: Sequence[Run]) -> tuple[dict[int, list[Run]], list[Run]]:
    """Runs over just the same rows, by the first of these; and those that overlap others."""
    groups: dict[tuple[int, int], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.row, len(run)), []).append(run)
    found: dict[int, list[Run]] = {}
    beside: list[Run] = []
    free = 0
    for row, count in sorted(groups):
        if row < free:
            beside += groups[row, count]
        else:
            found[row] = sorted(groups[row, count], key=lambda run: run.column)
            free = row + count
    return found, beside


def in_reach(runs: Iterable[Run], rows: tuple[int, int]) -> Iterator[Run]:
    """Runs that take one of the rows from a first to a last one."""
    return (run for run in runs if run.row <= rows[1] and run.row + len(run) > rows[0])
