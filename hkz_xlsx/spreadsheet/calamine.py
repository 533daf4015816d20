"""Spreadsheet libraries behind the seam: calamine for the binary kinds, both as second opinion.

Neither library is safe on a stranger's file: calamine can abort the whole process and raises
exceptions that are no `Exception`. Use this in a worker (`supervise`) or on own files only.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.scoring.cell_values import FIRST_SERIAL, CellError, RawValue, cell_value
from hkz_xlsx.spreadsheet.binary_errors import error_cells
from hkz_xlsx.spreadsheet.binary_short import written_out
from hkz_xlsx.spreadsheet.cells import BROKEN, MIDNIGHT, legal
from hkz_xlsx.spreadsheet.grid import Kind, SheetGrid, Spot, Visibility

FIRST_DAY = MIDNIGHT + timedelta(days=FIRST_SERIAL)
"""Before March 1900 programs disagree which day a number is."""

Sheets = tuple[SheetGrid, ...]


def plain(value: Any) -> RawValue:  # noqa: ANN401 - whatever a library returns
    """A library's cell value as one of ours; whole numbers become float."""
    match value:
        case None | "":
            return None
        case str():
            return legal(value)
        case bool() | CellError():
            return value
        case datetime():
            # A number near zero in a format that looks like a date is a number.
            return value if value >= FIRST_DAY else cell_value(value)
        case int() | float():
            return float(value) if math.isfinite(value) else BROKEN
        case date():
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - no zones in cells
        case time():
            seconds = value.hour * 3600 + value.minute * 60 + value.second
            return (seconds + value.microsecond / 1e6) / 86_400
        case timedelta():
            return value.total_seconds() / 86_400
        case _:
            return str(value)


def with_openpyxl(data: bytes) -> tuple[Sheets, Mapping[str, str]]:
    """Values of an xlsx file by openpyxl in normal mode, for tests."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts it does not know do not matter for values
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
    sheets = []
    for sheet in book.worksheets:
        cells: dict[Spot, RawValue] = {}
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is None:
                    continue
                error = cell.data_type == "e"
                value = CellError(str(cell.value)) if error else plain(cell.value)
                if value is not None:
                    cells[cell.row - 1, cell.column - 1] = value
        sheets.append(SheetGrid(sheet.title, cells))
    properties = {p.name: str(p.value) for p in getattr(book, "custom_doc_props", ()) if p.name}
    return tuple(sheets), properties


def with_calamine(data: bytes, kind: Kind = "xlsx") -> Sheets:
    """Values of any kind of file by calamine, with the error cells it leaves out.

    Raises:
        RefusedError: protected, or more cells than a workbook can have.
    """
    from python_calamine import CalamineWorkbook, PasswordError

    if kind == "xlsb":
        data = written_out(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise RefusedError("FILE_ENCRYPTED") from None
    states: dict[str, Visibility] = {"Hidden": "hidden", "VeryHidden": "veryHidden"}
    errors = error_cells(data, kind)
    sheets = []
    for sheet in book.sheets_metadata:
        if not str(sheet.typ).endswith("WorkSheet"):
            continue
        page = book.get_sheet_by_name(sheet.name)
        if page.total_height * page.total_width > LIMITS.cells * 20:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)
        rows = page.to_python(skip_empty_area=False)
        cells = {
            (r, c): value
            for r, line in enumerate(rows)
            for c, raw in enumerate(line)
            if (value := plain(raw)) is not None
        }
        cells |= errors.get(sheet.name, {})
        if len(cells) > LIMITS.cells:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)
        state = states.get(str(sheet.visible).rpartition(".")[2], "visible")
        sheets.append(SheetGrid(sheet.name, cells, visibility=state))
    return tuple(sheets)
