"""The rows of a plain list, such as a list of clients, from any spreadsheet file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hkz_xlsx.layout.codecs import RawValue
from hkz_xlsx.scoring.tables import CellError
from hkz_xlsx.workbook.grid import SheetGrid
from hkz_xlsx.workbook.open import open_workbook

NOT_CALCULATED = CellError("=?")
"""Stands where a formula has no outcome in the file."""


def open_rows(path: Path) -> Iterator[tuple[str, Iterator[list[RawValue]]]]:
    """Title and rows of every sheet, from row 1 on; hidden sheets come last.

    Raises:
        HkzError: as `open_workbook`.
    """
    sheets = open_workbook(path).sheets
    for sheet in sorted(sheets, key=lambda one: one.visibility != "visible"):
        yield sheet.title, _rows(sheet)


def _rows(sheet: SheetGrid) -> Iterator[list[RawValue]]:
    lines: dict[int, dict[int, RawValue]] = {}
    for row, column in sheet.uncalculated:
        lines.setdefault(row, {})[column] = NOT_CALCULATED
    for (row, column), value in sheet.cells.items():
        lines.setdefault(row, {})[column] = value
    return (_line(lines.get(row, {})) for row in range(max(lines, default=-1) + 1))


def _line(cells: dict[int, RawValue]) -> list[RawValue]:
    return [cells.get(column) for column in range(max(cells, default=-1) + 1)]
