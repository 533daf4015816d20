"""Short cell records of .xlsb files, which calamine passes over without a word.

A short record leaves out its column: it stands right of the cell before it. [MS-XLSB] 2.1.4 and
2.4.753-2.4.759 (BrtShortBlank to BrtShortIsst). Some programs write nearly all cells so. They
are written out as the records with a column (BrtCellBlank to BrtCellIsst), which it does read.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO

from hkz_xlsx.spreadsheet.binary_errors import wide_records
from hkz_xlsx.spreadsheet.container import Package, part_name

_ROW, _LAST_CELL = 0, 11
_SHORT = range(12, 19)
_LONGER = 11
"""A short record's number less that of the same one with a column."""


def written_out(data: bytes) -> bytes:
    """The same package with every short record written out, and ``/`` in every name.

    Unchanged when it has neither: calamine finds no part of which the name has ``\\``.

    Raises:
        RefusedError: a part that is damaged.
        struct.error, IndexError: a record that is.
    """
    package = Package(data)
    sheets = [n for n in package.names if "worksheets/" in n and n.endswith(".bin")]
    parts = {name: package.part(name) for name in sheets}
    changed = {
        name: b"".join(_sheet(part))
        for name, part in parts.items()
        if any(kind in _SHORT for kind, _ in wide_records(part))
    }
    if not changed and not package.renamed:
        return data
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            name = part_name(entry)
            new.writestr(name, changed.get(name.casefold()) or old.read(entry))
    return target.getvalue()


def _sheet(part: bytes) -> Iterator[bytes]:
    column = -1
    for kind, body in wide_records(part):
        if kind == _ROW:
            column = -1
        elif kind in _SHORT:
            column += 1
            yield _record(kind - _LONGER, struct.pack("<I", column) + body)
            continue
        elif kind <= _LAST_CELL:
            (column,) = struct.unpack_from("<I", body)
        yield _record(kind, body)


def _record(kind: int, body: bytes) -> bytes:
    return _number(kind) + _number(len(body)) + body


def _number(value: int) -> bytes:
    """Seven bits a byte, the low ones first ([MS-XLSB] 2.1.4)."""
    found = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        found.append(low | (0x80 if value else 0))
        if not value:
            return bytes(found)
