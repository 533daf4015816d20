"""The rows of a plain list, such as a list of clients, from any spreadsheet file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hkz_xlsx.layout.codecs import RawValue
from hkz_xlsx.scoring.tables import CellError
from hkz_xlsx.workbook.open import open_workbook


def open_rows(path: Path) -> tuple[str, Iterator[list[RawValue]]]:
    """Title and rows of the first sheet, from row 1 on. Error values come as blanks.

    Raises:
        HkzError: as `open_workbook`.
    """
    sheet = open_workbook(path).sheets[0]
    lines: dict[int, dict[int, RawValue]] = {}
    for (row, column), value in sheet.cells.items():
        if not isinstance(value, CellError):
            lines.setdefault(row, {})[column] = value
    return sheet.title, (_line(lines.get(row, {})) for row in range(max(lines, default=-1) + 1))


def _line(cells: dict[int, RawValue]) -> list[RawValue]:
    return [cells.get(column) for column in range(max(cells, default=-1) + 1)]
