"""Any file to a `Grid` of plain values: the one seam behind which spreadsheet files are read.

The kind of file follows from its content, never from its name. Parsing happens in a worker
process that a hostile file can kill without harm; nothing here ever saves a file it opened.
"""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import Literal

from hkz_xlsx.machine.extras import install_command
from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.machine.passwords import known
from hkz_xlsx.machine.supervise import InternalError, shared_worker
from hkz_xlsx.problems import HkzError, Where, fault_name, problem
from hkz_xlsx.spreadsheet.built_in import opened
from hkz_xlsx.spreadsheet.container import Package, ole_kind, package_kind, shape
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid
from hkz_xlsx.spreadsheet.ooxml import How, kind_of, read_ooxml

__all__ = ["Engine", "Grid", "SheetGrid", "file_bytes", "open_bytes", "open_workbook", "read_grid"]

Engine = Literal["exact", "openpyxl", "calamine"]
"""Who reads: our reader cell by cell, or a library as second opinion (tests)."""


def open_workbook(
    path: Path, engine: Engine | None = None, *, complete: bool = False, inline: bool = False
) -> Grid:
    """Read a file.

    Args:
        path: an xlsx, xlsm, xlsb, xls or ods file.
        engine: who reads; by default the quickest reader that is exact for this file.
        complete: read formulas, validations, protection and comments too (slower).
        inline: read in this process. Only for files of our own: a stranger's file can hang
            or end the process.

    Raises:
        HkzError: with one problem that says why the file cannot be used.
    """
    data = file_bytes(path)
    if inline:
        return read_grid(path.name, data, engine, complete=complete)
    return open_bytes(path.name, data, engine, complete=complete)


def open_bytes(
    file: str, data: bytes, engine: Engine | None = None, *, complete: bool = False
) -> Grid:
    """Read bytes in the worker process; see `open_workbook`.

    Args:
        file: the name for messages.
        data: the bytes of the file.
        engine: as `open_workbook`.
        complete: as `open_workbook`.

    Raises:
        HkzError: with one problem that says why the file cannot be used.
    """
    try:
        return shared_worker().run(file, read_grid, file, data, engine, complete=complete)
    except InternalError as fault:
        raise HkzError(problem("FILE_INTERNAL", Where(file))) from fault


def file_bytes(path: Path) -> bytes:
    """A regular file's bytes, within the limit.

    Raises:
        HkzError: it is not there, not a file, too big or not readable.
    """
    where = Where(path.name)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise HkzError(problem("FILE_IS_FOLDER", where))
        if not stat.S_ISREG(status.st_mode):
            raise HkzError(problem("FILE_NOT_SPREADSHEET", where))
        if status.st_size > LIMITS.file:
            raise HkzError(problem("FILE_TOO_BIG", where))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise HkzError(problem("FILE_MISSING", where)) from None
    except (OSError, ValueError) as fault:
        raise HkzError(problem("FILE_UNREADABLE", where, detail=fault_name(fault))) from None


def read_grid(
    file: str, data: bytes, engine: Engine | None = None, *, complete: bool = False
) -> Grid:
    """Read bytes, in this process: what a worker runs. Deterministic, and picklable by name.

    Args:
        file: the name for messages.
        data: the bytes of the file.
        engine: as `open_workbook`.
        complete: as `open_workbook`.

    Raises:
        HkzError: with one problem that says why the file cannot be used.
    """
    if len(data) > LIMITS.file:
        raise HkzError(problem("FILE_TOO_BIG", Where(file)))
    try:
        return _read(file, data, engine, complete=complete)
    except RefusedError as fault:
        raise fault.at(file) from None
    except (MemoryError, RecursionError):
        raise HkzError(problem("FILE_MEMORY", Where(file))) from None


def _read(file: str, data: bytes, engine: Engine | None, *, complete: bool) -> Grid:
    if shape(data) == "ole":
        secrets = [one.text for one in known(file)]
        if (inside := opened(data, secrets)) is not None:
            grid = _read(file, inside.data, engine, complete=complete)
            code = "FILE_BUILT_IN_PASSWORD" if inside.built_in else "FILE_PASSWORD_USED"
            return replace(grid, problems=(problem(code, Where(file)), *grid.problems))
        try:
            ole_kind(data)
        except RefusedError as fault:
            if secrets and fault.code == "FILE_ENCRYPTED":
                raise RefusedError("FILE_PASSWORD_WRONG", count=len(secrets)) from None
            raise
        return Grid(file, _library(data, "xls"), kind="xls")
    package = Package(data)
    if package_kind(package.names) == "odf":
        from hkz_xlsx.spreadsheet.odf import read_odf

        if engine == "calamine":
            return Grid(file, _library(data, "ods"), kind="ods")
        return read_odf(package, file, complete=complete)
    kind, _ = kind_of(package)
    if kind == "xlsb":
        from hkz_xlsx.spreadsheet.ooxml import package_properties

        package.check_whole()
        return Grid(file, _library(data, "xlsb"), package_properties(package), "xlsb")
    if engine in ("openpyxl", "calamine"):
        return _second_opinion(file, data, package, engine)
    how: How = "exact" if engine == "exact" else "best"
    return read_ooxml(package, file, how, complete=complete)


def _library(data: bytes, kind: Literal["xls", "xlsb", "ods", "xlsx"]) -> tuple[SheetGrid, ...]:
    """Calamine, with every way in which it fails as one refusal."""
    from hkz_xlsx.spreadsheet.binary_errors import is_protected
    from hkz_xlsx.spreadsheet.calamine import with_calamine

    try:
        sheets = with_calamine(data, kind)
    except (RefusedError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except ModuleNotFoundError as fault:
        command = install_command("old-excel")
        raise RefusedError("FILE_NEEDS_EXTRA", kind=kind, command=command) from fault
    except BaseException as fault:  # its panic is no Exception
        if kind == "xls" and is_protected(data):
            raise RefusedError("FILE_ENCRYPTED") from fault
        raise _unread(kind) from fault
    if not sheets:
        raise _unread(kind)
    return sheets


def _unread(kind: str) -> RefusedError:
    """The library cannot read it, which Excel may."""
    if kind in ("xls", "xlsb"):
        return RefusedError("FILE_BINARY_UNREAD", kind=kind)
    return RefusedError("FILE_BROKEN", detail=kind)


def _second_opinion(file: str, data: bytes, package: Package, engine: Engine) -> Grid:
    exact = read_ooxml(package, file, complete=False)
    if engine == "calamine":
        return replace(exact, sheets=_library(data, "xlsx"))
    from hkz_xlsx.spreadsheet.calamine import with_openpyxl

    sheets, properties = with_openpyxl(data)
    return replace(exact, sheets=sheets, properties=properties)
