"""Any file to a `Grid` of plain values: the one seam behind which spreadsheet libraries read.

The kind of file follows from its content, never from its name. openpyxl reads xlsx in normal
mode (its read-only mode believes a lying sheet dimension and then loses cells); python-calamine
reads ods. Nothing here ever saves a file it opened.
"""

from __future__ import annotations

import stat
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from hkz_xlsx.layout.codecs import RawValue
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.tables import CellError
from hkz_xlsx.workbook.grid import Grid, SheetGrid

MAX_FILE = 50 << 20
MAX_UNPACKED = 512 << 20
MAX_PARTS = 2_000
"""Far above what real workbooks are (3 MB, 60 MB unpacked, 1,033 parts in 2,700 real files)."""

Engine = Literal["openpyxl", "calamine"]


def open_workbook(path: Path, engine: Engine | None = None, *, complete: bool = False) -> Grid:
    """Read a file.

    Args:
        path: an xlsx, xlsm or ods file.
        engine: force a library; by default the one that reads this kind best.
        complete: read formulas, validations, protection and comments too (slower).

    Raises:
        HkzError: with one problem that says why the file cannot be used.
    """
    name = path.name
    data = _bytes(path)
    kind = _kind(data, Where(name))
    readers: dict[Engine, Callable[[bytes], tuple[tuple[SheetGrid, ...], Mapping[str, str]]]] = {
        "openpyxl": _with_openpyxl,
        "calamine": _with_calamine,
    }
    chosen: Engine = engine or ("openpyxl" if kind == "xlsx" else "calamine")
    try:
        sheets, properties = readers[chosen](data)
    except HkzError:
        raise
    except (MemoryError, RecursionError) as fault:
        raise HkzError(problem("FILE_TOO_BIG", Where(name))) from fault
    except BaseException as fault:
        # Both libraries raise dozens of types on damaged files; calamine's panic is a
        # BaseException. A person's own Ctrl-C goes on.
        if isinstance(fault, KeyboardInterrupt | SystemExit):
            raise
        detail = type(fault).__name__
        raise HkzError(problem("FILE_BROKEN", Where(name), detail=detail)) from None
    return Grid(name, sheets, properties)


def _bytes(path: Path) -> bytes:
    where = Where(path.name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise HkzError(problem("FILE_NOT_SPREADSHEET", where))
        if status.st_size > MAX_FILE:
            raise HkzError(problem("FILE_TOO_BIG", where))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise HkzError(problem("FILE_MISSING", where)) from None
    except (OSError, ValueError) as fault:
        detail = getattr(fault, "strerror", None) or type(fault).__name__
        raise HkzError(problem("FILE_UNREADABLE", where, detail=detail)) from None


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _kind(data: bytes, where: Where) -> Literal["xlsx", "ods"]:
    if data.startswith(_OLE):
        code = "FILE_ENCRYPTED" if _ENCRYPTED in data else "FILE_NOT_SPREADSHEET"
        raise HkzError(problem(code, where))
    if not data.startswith(b"PK"):
        raise HkzError(problem("FILE_NOT_SPREADSHEET", where))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise HkzError(problem("FILE_BROKEN", where, detail=type(fault).__name__)) from None
    found = _preflight(parts, where)
    if found is not None:
        raise HkzError(found)
    names = {part.filename for part in parts}
    if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
        return "xlsx"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "ods"
    raise HkzError(problem("FILE_NOT_SPREADSHEET", where))


def _preflight(parts: list[zipfile.ZipInfo], where: Where) -> Problem | None:
    """Sizes before anything is unpacked; a part that is there twice means two truths."""
    names = [part.filename.casefold() for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return problem("FILE_TOO_BIG", where)
    if len(set(names)) != len(names):
        return problem("FILE_BROKEN", where, detail="DuplicatePart")
    if any(part.flag_bits & 1 for part in parts):
        return problem("FILE_ENCRYPTED", where)
    return None


def plain(value: Any) -> RawValue:  # noqa: ANN401 - whatever a library returns
    """A library's cell value as one of ours; whole numbers become float."""
    match value:
        case None | "":
            return None
        case bool() | str() | CellError() | datetime():
            return value
        case int() | float():
            return float(value)
        case date():
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - no zones in cells
        case time():
            return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
        case timedelta():
            return value.total_seconds() / 86_400
        case _:
            return str(value)


def _with_openpyxl(data: bytes) -> tuple[tuple[SheetGrid, ...], Mapping[str, str]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts it does not know do not matter for values
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
    sheets = []
    for sheet in book.worksheets:
        cells: dict[tuple[int, int], RawValue] = {}
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


def _with_calamine(data: bytes) -> tuple[tuple[SheetGrid, ...], Mapping[str, str]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(data))
    sheets = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = {
            (r, c): value
            for r, line in enumerate(rows)
            for c, raw in enumerate(line)
            if (value := plain(raw)) is not None
        }
        sheets.append(SheetGrid(name, cells))
    return tuple(sheets), {}
