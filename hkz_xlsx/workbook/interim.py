"""Formulas, validations and protection by openpyxl, until the exact reader gives them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from hkz_xlsx.workbook.grid import Area, Grid, SheetGrid, Validation


def completed(grid: Grid, path: Path) -> Grid:
    """The grid with everything that a check compares."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(BytesIO(path.read_bytes()), keep_links=False)
        except Exception:  # noqa: BLE001 - an ods file, or one this library cannot read
            return replace(grid, kind="ods")
    sheets = []
    for sheet in grid.sheets:
        there = book[sheet.title] if sheet.title in book.sheetnames else None
        sheets.append(_sheet(sheet, there) if there is not None else sheet)
    return replace(grid, sheets=tuple(sheets), complete=True)


def _sheet(grid: SheetGrid, there: object) -> SheetGrid:
    cells = getattr(there, "_cells", {})
    formulas = {
        (row - 1, column - 1): cell.value[1:]
        for (row, column), cell in cells.items()
        if cell.data_type == "f" and isinstance(cell.value, str)
    }
    comments = {
        (row - 1, column - 1): cell.comment.text
        for (row, column), cell in cells.items()
        if getattr(cell, "comment", None) is not None
    }
    found = []
    for one in getattr(there, "data_validations").dataValidation:  # noqa: B009
        areas = tuple(
            Area(r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1)
            for r in one.sqref.ranges
        )
        found.append(Validation(areas, one.type or "any", one.formula1 or ""))
    protected = bool(getattr(there, "protection").sheet)  # noqa: B009
    return replace(
        grid, formulas=formulas, validations=tuple(found), protected=protected, comments=comments
    )


def sources(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Name and path of every file named and every workbook in a folder."""
    for path in paths:
        if path.is_dir():
            for one in sorted(path.rglob("*")):
                if one.suffix.lower() in _SUFFIXES and not one.name.startswith(("~$", ".")):
                    yield one.relative_to(path).as_posix(), one
        else:
            yield path.name, path


_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
