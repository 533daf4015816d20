"""The rows of a plain list, such as a list of clients, from any spreadsheet file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hkz_xlsx.scoring.cell_values import CellError, RawValue
from hkz_xlsx.spreadsheet.grid import Area, SheetGrid, Spot

NOT_CALCULATED = CellError("=?")
"""Stands where a formula has no outcome in the file."""

Row = list[RawValue]
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Pick:
    """What to read of a list beyond what a person sees: sheets by title, hidden rows and sheets,
    and what is struck through."""

    sheets: tuple[str, ...] = ()
    hidden: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class RowsOfSheet:
    """A sheet of a list: its rows from row 1 on, and what a person sees of them.

    Rows and columns are 0-based. ``looks`` says whether the file could tell what is hidden and
    struck through; where it could not, nothing is.
    """

    title: str
    rows: list[Row]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: Mapping[Spot, bool] = field(default_factory=dict)
    formulas: Mapping[Spot, str] = field(default_factory=dict)
    merged: tuple[Area, ...] = ()
    looks: bool = True


def open_rows(path: Path) -> tuple[RowsOfSheet, ...]:
    """Every sheet in order, hidden ones too.

    Raises:
        HkzError: as `open_workbook`.
    """
    # A csv needs none of the readers, and neither does who only makes workbooks.
    from hkz_xlsx.spreadsheet.open import open_workbook

    grid = open_workbook(path, complete=True)
    return tuple(_rows(sheet, looks=grid.complete) for sheet in grid.sheets)


def _rows(sheet: SheetGrid, *, looks: bool) -> RowsOfSheet:
    lines: dict[int, dict[int, RawValue]] = {}
    for row, column in sheet.uncalculated:
        lines.setdefault(row, {})[column] = NOT_CALCULATED
    for (row, column), value in sheet.cells.items():
        lines.setdefault(row, {})[column] = value
    rows = [_line(lines.get(row, {})) for row in range(max(lines, default=-1) + 1)]
    return RowsOfSheet(
        sheet.title, rows, sheet.visibility != "visible", sheet.hidden_rows,
        sheet.hidden_columns, sheet.struck, sheet.formulas, sheet.merged, looks,
    )  # fmt: skip


def _line(cells: dict[int, RawValue]) -> Row:
    return [cells.get(column) for column in range(max(cells, default=-1) + 1)]


def stretches(numbers: Iterable[int]) -> str:
    """Row numbers in order, such as ``3, 5-9``."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def names_shown(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - _MOST_NAMES
    return "; ".join(names[:_MOST_NAMES]) + (f"; … (+{more})" if more > 0 else "")
