"""Error cells of .xls and .xlsb files, which calamine reads as blank.

An answer that shows ``#N/A`` is not an answer that was never given. Only the records that
hold errors are looked at: [MS-XLS] 2.4.24 BoolErr and 2.4.127 Formula; [MS-XLSB] 2.4.305
BrtCellError and 2.4.672 BrtFmlaError.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from io import BytesIO

from hkz_xlsx.scoring.cell_values import CellError
from hkz_xlsx.spreadsheet.grid import Kind, Spot

_CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip

Errors = Mapping[str, Mapping[Spot, CellError]]
"""Error cells by sheet title."""


def error_cells(data: bytes, kind: Kind) -> Errors:
    """Every error cell of a binary workbook; empty for the other kinds and for broken records."""
    try:
        if kind == "xls":
            return _xls(data)
        if kind == "xlsb":
            return _xlsb(data)
    except (struct.error, IndexError, ValueError, KeyError, OSError, TypeError):
        return {}  # calamine says what is wrong with such a file
    return {}


def _error(code: int) -> CellError:
    return CellError(_CODES.get(code, "#VALUE!"))


_PROTECTED = 0x2F
"""FilePass ([MS-XLS] 2.4.117): what follows is encrypted."""

_BOUNDSHEET, _BOF, _BOOLERR, _FORMULA = 0x85, 0x809, 0x205, 0x06


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(data: bytes) -> bytes:
    import olefile

    with olefile.OleFileIO(BytesIO(data)) as ole:
        name = "Workbook" if ole.exists("Workbook") else "Book"
        return ole.openstream(name).read()  # type: ignore[no-any-return]


def is_protected(data: bytes) -> bool:
    """Whether an .xls file has a password; calamine calls such a file unknown."""
    try:
        for kind, _ in _records(_stream(data), 0):
            if kind in (_PROTECTED, _BOUNDSHEET, 0x0A):
                return kind == _PROTECTED
    except (struct.error, IndexError, ValueError, KeyError, OSError, TypeError):
        pass
    return False


def _xls(data: bytes) -> Errors:
    stream = _stream(data)
    found: dict[str, dict[Spot, CellError]] = {}
    for kind, body in _records(stream, 0):
        if kind == _BOUNDSHEET:
            (start,) = struct.unpack_from("<I", body)
            wide = body[7] & 1
            raw = body[8 : 8 + body[6] * (2 if wide else 1)]
            title = raw.decode("utf-16-le" if wide else "latin-1")
            found[title] = _xls_sheet(stream, start)
        elif kind == 0x0A:  # noqa: PLR2004 - end of the workbook's own records
            break
    return found


def _xls_sheet(stream: bytes, at: int) -> dict[Spot, CellError]:
    found: dict[Spot, CellError] = {}
    depth = 0
    for kind, body in _records(stream, at):
        if kind == _BOF:
            depth += 1
        elif kind == 0x0A:  # noqa: PLR2004 - a chart in a sheet has its own beginning and end
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1 and kind == _BOOLERR and len(body) >= 8 and body[7]:  # noqa: PLR2004 - record length
            row, column = struct.unpack_from("<HH", body)
            found[row, column] = _error(body[6])
        elif depth == 1 and kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:  # noqa: PLR2004 - an error
            row, column = struct.unpack_from("<HH", body)
            found[row, column] = _error(body[8])
    return found


_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156


def wide_records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of every record of a part of an .xlsb file."""
    at = 0
    while at < len(stream):
        kind, at = _variable(stream, at, 2)
        size, at = _variable(stream, at, 4)
        yield kind, stream[at : at + size]
        at += size


def _variable(stream: bytes, at: int, most: int) -> tuple[int, int]:
    found = 0
    for index in range(most):
        byte = stream[at + index]
        found |= (byte & 0x7F) << (7 * index)
        if not byte & 0x80:
            return found, at + index + 1
    return found, at + most


def _text(body: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end


def _xlsb(data: bytes) -> Errors:
    from hkz_xlsx.spreadsheet.container import Package
    from hkz_xlsx.spreadsheet.ooxml import kind_of
    from hkz_xlsx.spreadsheet.relations import relations

    package = Package(data)
    _, main = kind_of(package)
    links = relations(package, main)
    found: dict[str, dict[Spot, CellError]] = {}
    for kind, body in wide_records(package.part(main)):
        if kind != _SHEET:
            continue
        link, at = _text(body, 8)
        title, _ = _text(body, at)
        errors = found[title] = {}
        row = 0
        for record, cell in wide_records(package.part(links[link].target)):
            if record == _ROW:
                (row,) = struct.unpack_from("<I", cell)
            elif record in (_CELL_ERROR, _FORMULA_ERROR):
                (column,) = struct.unpack_from("<I", cell)
                errors[row, column] = _error(cell[8])
    return found
