"""A question set as a sheet that an expert reviews and edits, and back to files."""

from __future__ import annotations

from pathlib import Path

from hkz_xlsx.layout.codecs import shown
from hkz_xlsx.layout.refs import a1
from hkz_xlsx.norm.authoring import (
    COLUMNS,
    OPTIONAL_COLUMNS,
    Placed,
    column_width,
    rows_of,
)
from hkz_xlsx.norm.model import NormPart
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.workbook.open import SheetGrid, open_workbook
from hkz_xlsx.workbook.tables import TableColumn, TableSheet, write_tables


def review_sheet(part: NormPart) -> bytes:
    """The bytes of a workbook with one row per requirement; headers are the key names."""
    columns = tuple(TableColumn(name, column_width(name)) for name in COLUMNS)
    rows = [tuple(row[name] for name in COLUMNS) for row in rows_of(part)]
    heading, note = f"{part.number} – {part.short_name.nl}", str(part.edition)
    sheet = TableSheet(part.id, heading, note, "Review", columns, rows)
    return write_tables([sheet], heading)


def read_review(path: Path) -> tuple[Placed, ...]:
    """Every row of a reviewed sheet, found by its headers, wherever the table now stands.

    Raises:
        HkzError: no sheet with all the headers.
    """
    grid = open_workbook(path)
    for sheet in grid.sheets:
        if found := _rows(sheet, grid.file):
            return found
    raise HkzError(problem("COLUMN_MISSING", Where(grid.file), column=", ".join(COLUMNS)))


def _rows(sheet: SheetGrid, file: str) -> tuple[Placed, ...]:
    marks = {str(value): at for at, value in sheet.cells.items() if value in COLUMNS}
    if set(COLUMNS) - set(marks) - set(OPTIONAL_COLUMNS):
        return ()
    header = marks[COLUMNS[0]][0]
    columns = {name: column for name, (_, column) in marks.items()}
    last = max(row for row, _ in sheet.cells)
    found = []
    for row in range(header + 1, last + 1):
        cells = {
            name: shown(sheet.cells.get((row, column))).strip() for name, column in columns.items()
        }
        if any(cells.values()):
            cells |= {name: "" for name in OPTIONAL_COLUMNS if name not in cells}
            where = Where(file, None, sheet.title, a1(row, columns["id"]), cells["id"])
            found.append(Placed(cells, where))
    return tuple(found)
