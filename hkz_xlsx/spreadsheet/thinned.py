"""The XML of a large sheet without cells and rows that hold nothing but a look.

People colour whole columns, and some programs then write a cell in each of the 1,048,576 rows
of a sheet: a hundred megabytes that say nothing. They are left out while the part is being
unpacked, so that neither memory nor the parser sees them. Only what fits a pattern in which
every character has its place is left out; the rest is for the parser to judge.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.spreadsheet.container import Package
from hkz_xlsx.spreadsheet.plain import is_utf8
from hkz_xlsx.spreadsheet.xlsx_between_values import declares_prefix

LARGE = 16 << 20
"""Bytes of XML from which it is worth while; a sheet of 500,000 answers has about as many."""

_ROW = (
    rb"(?:[1-9][0-9]{0,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]"
    rb"|104857[0-6])"
)
_COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"
_BLANKS = rb"[ \t\r\n]*+"

_ORDERS = (
    # Excel, LibreOffice, XlsxWriter
    "spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph dy",
    "ht customHeight hidden spans s customFormat dy outlineLevel collapsed",  # exceljs
    "spans hidden outlineLevel collapsed ht customFormat customHeight s thickBot thickTop",
)
"""Attributes of rows as programs write them: an order in which none can come twice."""

_LONGEST = 8 << 20
"""Bytes in which no row and no cell bears its place."""

_PREFIX = b"x:"
"""What libraries for .NET put before every name."""

_STOP = b"<![CDATA["
"""In there tags are text."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What may be left out. Both are followed by something that bears its own place, so that
    nothing moves."""

    cells: re.Pattern[bytes]
    rows: re.Pattern[bytes]

    @classmethod
    def of(cls, head: bytes) -> _Patterns:
        """As the start of a sheet says that its rows are written."""
        prefix = _PREFIX if b"<x:row " in head else b""
        one = b"|".join(_row(order, prefix, height=declares_prefix(head)) for order in _ORDERS)
        cell = (
            b"<" + prefix + rb'c r="' + _COLUMN + _ROW + rb'"(?: s="[0-9]{1,6}")?(?: t="n")?'
            rb"(?: ?/>|></" + prefix + b"c>)" + _BLANKS
        )  # fmt: skip
        more = b"(?=<" + prefix + b"c r=|</" + prefix + b"row>)"
        end = b"(?=<" + prefix + b"row r=|</" + prefix + b"sheetData>)"
        return cls(re.compile(b"(?:%s)+%s" % (cell, more)), re.compile(b"(?:%s)+%s" % (one, end)))

    def without(self, xml: bytes) -> bytes:
        """XML without what fits."""
        return self.rows.sub(b"", self.cells.sub(b"", xml))


def _row(order: str, prefix: bytes, *, height: bool) -> bytes:
    """A row without cells, its attributes in an order."""
    names = ["x14ac:dyDescent" if n == "dy" else n for n in order.split() if height or n != "dy"]
    said = "".join(f'(?: {name}="[a-z0-9.: -]*")?' for name in names).encode()
    end = b"</" + prefix + b"row>"
    return (
        b"<" + prefix + b'row r="' + _ROW + b'"' + said + b"(?: ?/>|>" + _BLANKS + end + b")"
    ) + _BLANKS


def sheet_part(package: Package, part: str, title: str) -> bytes:
    """The XML of a sheet; of a large one, without what holds nothing.

    Args:
        package: the checked package.
        part: the name of the part.
        title: the sheet's title, for the message.

    Raises:
        RefusedError: damaged, or more than is read of one sheet.
    """
    if package.size(part) <= LARGE:
        return package.part(part)
    kept = bytearray()
    for piece in thin(package.blocks(part)):
        kept += piece
        if len(kept) > LIMITS.xml_part:
            size = round(package.size(part) / 1e6)
            raise RefusedError("FILE_SHEET_TOO_BIG", sheet=title, size=size)
    return bytes(kept)


def thin(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same XML of a sheet, without runs of blank cells and blank rows.

    Args:
        blocks: the part, in pieces; the first holds what stands before the rows.
    """
    left, stopped = b"", False
    patterns: _Patterns | None = None
    for block in blocks:
        left += block
        if patterns is None:
            stopped = not is_utf8(left.removeprefix(BOM_UTF8))
            patterns = _Patterns.of(left)
        # What has been said of no place for so long is not what is sought.
        stopped = stopped or _STOP in left or len(left) > _LONGEST
        cut = len(left) if stopped else max(left.rfind(b"row r="), left.rfind(b"c r="), 1) - 1
        yield left[:cut] if stopped else patterns.without(left[:cut])
        left = left[cut:]
    yield left


def check_sheets(package: Package, parts: Sequence[tuple[str, str]]) -> None:
    """Refuse sheets that are too much to look through, before any is unpacked.

    Args:
        package: the checked package.
        parts: title and part of every sheet.

    Raises:
        RefusedError: naming the largest.
    """
    sizes = {title: package.size(part) for title, part in parts}
    if sum(sizes.values()) > LIMITS.unpacked:
        largest = max(sizes, key=lambda title: sizes[title])
        size = round(sizes[largest] / 1e6)
        raise RefusedError("FILE_SHEET_TOO_BIG", sheet=largest, size=size)
