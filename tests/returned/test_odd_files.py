"""Harmless oddities that real files have: read, or refused with what they really are."""

from __future__ import annotations

import struct
from datetime import time
from pathlib import Path

import pytest

from hkz_xlsx.problems import HkzError
from hkz_xlsx.spreadsheet.calamine import plain
from hkz_xlsx.spreadsheet.cells import BROKEN
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.spreadsheet.sources import sources
from tests.proof.hostile.package import SMALL, SMALL_ODS, edited, pack

_MODULE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC '
    b'"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    b'<script:module xmlns:script="http://openoffice.org/2000/script">Sub x</script:module>'
)
"""A macro as LibreOffice stores it."""

_SHEET = "xl/worksheets/sheet1.xml"


def _read(data: bytes) -> Grid:
    return read_grid("in", data)


def _refused(data: bytes) -> str:
    with pytest.raises(HkzError) as caught:
        _read(data)
    (one,) = caught.value.problems
    return one.code


def test_ods_with_a_macro() -> None:
    """LibreOffice writes a DOCTYPE in every part of a macro; it declares nothing."""
    plain = _read(pack(SMALL_ODS))
    grid = _read(pack({**SMALL_ODS, "Basic/Standard/Module1.xml": _MODULE}))
    assert grid.sheets == plain.sheets
    assert [p.code for p in grid.problems] == ["FILE_HAS_MACROS"]
    for other in (
        _MODULE.replace(b' "module.dtd">', b' "module.dtd" [<!ENTITY a "b">]>'),
        _MODULE.replace(b"-//OpenOffice.org//", b"-//Other//"),
        _MODULE.replace(b'PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"', b"SYSTEM"),
        _MODULE.replace(b"Sub x", b"&x;"),
    ):
        assert _refused(pack({**SMALL_ODS, "Basic/Standard/Module1.xml": other})) == "FILE_DOCTYPE"


def test_doctype_where_answers_are() -> None:
    """Only parts that hold no answers may have that DOCTYPE, and none in an Open XML file."""
    doctype = b'<!DOCTYPE x PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd">'

    def put(part: bytes) -> bytes:
        return part.replace(b"?>", b"?>" + doctype, 1)

    for name in ("content.xml", "meta.xml"):
        if name in SMALL_ODS:
            assert _refused(edited(SMALL_ODS, name, put)) == "FILE_DOCTYPE"
    assert _refused(pack({**SMALL, "xl/other.xml": _MODULE})) == "FILE_DOCTYPE"
    old = _read(edited(SMALL_ODS, "META-INF/manifest.xml", put))  # as OpenOffice.org 2 did
    assert old.sheets == _read(pack(SMALL_ODS)).sheets


def test_packed_again_on_a_mac() -> None:
    """macOS adds files of its own, with the names of ours."""
    junk = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        "
    names = ("__MACOSX/._[Content_Types].xml", "__MACOSX/xl/._sharedStrings.xml")
    grid = _read(pack({**SMALL, **dict.fromkeys(names, junk)}))
    assert grid.sheets == _read(pack(SMALL)).sheets
    assert _refused(pack({**SMALL, "xl/._sharedStrings.xml": junk})) == "FILE_BROKEN"


def test_references_in_small_letters() -> None:
    small = edited(SMALL, _SHEET, lambda part: part.replace(b' r="A', b' r="a'))
    assert _read(small).sheets == _read(pack(SMALL)).sheets


def test_macro_module_of_excel_95() -> None:
    """Listed among the sheets, without a part."""
    name = "xl/workbook.xml"
    module = b'<sheet name="Module1" sheetId="9" r:id=""/></sheets>'
    with_module = edited(SMALL, name, lambda part: part.replace(b"</sheets>", module))
    assert _read(with_module).sheets == _read(pack(SMALL)).sheets
    gone = module.replace(b'r:id=""', b'r:id="rId99"')
    missing = edited(SMALL, name, lambda part: part.replace(b"</sheets>", gone))
    assert _refused(missing) == "FILE_PART_MISSING"


def test_numbers_of_2009() -> None:
    parts = {"index.xml": b"<x/>", "buildVersionHistory.plist": b"", "QuickLook/Thumbnail.jpg": b""}
    assert _refused(pack(parts)) == "FILE_IS_NUMBERS"


def _ole(stream: bytes) -> bytes:
    """A compound file ([MS-CFB]) with one stream, ``Workbook``."""
    stream = stream.ljust(4096, b"\0")
    count = len(stream) // 512
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    table = [0xFFFFFFFD, end, *range(3, count + 2), end]
    fat = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBIII", len(raw), kind, 1, free, free, child)
        return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    return head + fat + folder.ljust(512, b"\0") + stream


def test_xls_with_a_password() -> None:
    """calamine says that it does not know such a file."""
    start = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0)
    lock = struct.pack("<HHH", 0x2F, 6, 0) + b"abcd"
    assert _refused(_ole(start + lock)) == "FILE_ENCRYPTED"
    assert _refused(_ole(start + struct.pack("<HH", 0x85, 4))) == "FILE_BINARY_UNREAD"


def test_values_of_a_library() -> None:
    """A number that is none is never a number; a time keeps its thousandths."""
    assert plain(float("nan")) == plain(float("inf")) == BROKEN
    assert plain(time(12, 0, 0, 500_000)) == 43_200.5 / 86_400


def test_days_from_1904_with_the_extension_of_excel_2013() -> None:
    """It adds an element of the same name in another namespace, without the epoch."""
    space = b"http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
    name = "xl/workbook.xml"
    epoch = b'<workbookPr date1904="1"/><sheets>'
    late = b'</sheets><x:workbookPr xmlns:x="' + space + b'" chartTrackingRefBase="1"/>'

    def put(part: bytes) -> bytes:
        return part.replace(b"<sheets>", epoch).replace(b"</sheets>", late)

    assert _read(edited(SMALL, name, put)).epoch_1904


def test_zip_with_nothing_in_it(tmp_path: Path) -> None:
    """Files found are files read, refused and skipped together."""
    (tmp_path / "leeg.xlsx").write_bytes(pack({}))
    (one,) = sources([tmp_path])
    assert one.problem is not None
    assert (one.label, one.problem.code) == ("leeg.xlsx", "ARCHIVE_NOTHING")
