"""Error cells of .xls and .xlsb, which the library behind them reads as blank."""

from __future__ import annotations

import struct
from pathlib import Path

import xlsxwriter

from hkz_xlsx.problems import HkzError
from hkz_xlsx.scoring.cell_values import CellError
from hkz_xlsx.spreadsheet.binary_errors import error_cells
from hkz_xlsx.spreadsheet.open import open_workbook, read_grid
from tests.proof.hostile.package import RELS, pack
from tests.proof.office.libreoffice import convert, needs_office


def _record(kind: int, body: bytes) -> bytes:
    number = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 127 else bytes([kind])
    size, left = b"", len(body)
    while True:
        left, low = left >> 7, left & 0x7F
        size += bytes([low | (0x80 if left else 0)])
        if not left:
            return number + size + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(*, short: bool = False) -> bytes:
    """The smallest binary workbook: a text, a number, an error and a formula with an error.

    ``short``: the number and the error without their column, as some programs write them.
    """
    cell = struct.pack("<II", 0, 0)
    small = b"".join((
        _record(0, struct.pack("<IIHHBI", 0, 0, 300, 0, 0, 0)),
        _record(6, cell + _wide("Voldoet")),
        _record(16, struct.pack("<Id", 0, 8.5)),
        _record(14, struct.pack("<IB", 0, 0x2A)),
        _record(11, struct.pack("<IIBHII", 3, 0, 0x17, 0, 0, 0)),
        _record(0, struct.pack("<IIHHBI", 1, 0, 300, 0, 0, 0)),
        _record(17, struct.pack("<I", 0) + _wide("Weet niet")),
    ))  # fmt: skip
    rows = small if short else b"".join((
        _record(0, struct.pack("<IIHHBI", 0, 0, 300, 0, 0, 0)),
        _record(6, cell + _wide("Voldoet")),
        _record(5, struct.pack("<IId", 1, 0, 8.5)),
        _record(3, struct.pack("<IIB", 2, 0, 0x2A)),
        _record(11, struct.pack("<IIBHII", 3, 0, 0x17, 0, 0, 0)),
    ))  # fmt: skip
    dimension = _record(148, struct.pack("<IIII", 0, 0, 0, 3))
    sheet = (
        _record(129, b"")
        + dimension
        + _record(145, b"")
        + rows
        + _record(146, b"")
        + _record(130, b"")
    )
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Blad")
    book = (
        _record(131, b"")
        + _record(143, b"")
        + _record(156, bundle)
        + _record(144, b"")
        + _record(132, b"")
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        '<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/></Types>'
    )
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{}/{}" Target="{}"/></Relationships>'
    return pack({
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": links.format(RELS.decode(), "officeDocument", "xl/workbook.bin").encode(),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": links.format(RELS.decode(), "worksheet", "worksheets/sheet1.bin").encode(),
        "xl/worksheets/sheet1.bin": sheet,
    })  # fmt: skip


def test_xlsb() -> None:
    grid = read_grid("in.xlsx", xlsb())
    assert grid.kind == "xlsb"
    assert grid.sheets[0].cells == {
        (0, 0): "Voldoet", (0, 1): 8.5, (0, 2): CellError("#N/A"), (0, 3): CellError("#REF!"),
    }  # fmt: skip


def test_xlsb_with_short_records() -> None:
    """They were passed over, and every answer of such a file with them."""
    grid = read_grid("in.xlsb", xlsb(short=True))
    assert grid.sheets[0].cells == {
        (0, 0): "Voldoet", (0, 1): 8.5, (0, 2): CellError("#N/A"), (0, 3): CellError("#REF!"),
        (1, 0): "Weet niet",
    }  # fmt: skip


def _outcome(path: Path) -> str:
    try:
        return open_workbook(path).kind
    except HkzError as fault:
        return fault.problems[0].code


class TestXls:
    pytestmark = needs_office

    def test_error_cells(self, tmp_path: Path) -> None:
        codes = ("#N/A", "#DIV/0!", "#VALUE!")
        source = tmp_path / "fouten.xlsx"
        book = xlsxwriter.Workbook(source)
        for title in ("Eén", "Twee"):
            sheet = book.add_worksheet(title)
            for row, (formula, code) in enumerate(
                zip(("NA()", "1/0", '"a"+1'), codes, strict=True)
            ):
                sheet.write_formula(row, 2, f"={formula}", None, code)
            sheet.write(9, 0, "einde")
        book.close()
        (path,) = convert([source], tmp_path, "xls:MS Excel 97")
        grid = open_workbook(path)
        wanted = {(row, 2): CellError(code) for row, code in enumerate(codes)}
        assert grid.kind == "xls"
        assert [sheet.cells for sheet in grid.sheets] == [{**wanted, (9, 0): "einde"}] * 2

    def test_damaged(self, tmp_path: Path) -> None:
        """Cut off and overwritten: refused with a code, or read."""
        source = tmp_path / "heel.xlsx"
        book = xlsxwriter.Workbook(source)
        book.add_worksheet().write(0, 0, "x")
        book.close()
        (path,) = convert([source], tmp_path, "xls:MS Excel 97")
        data = path.read_bytes()
        for size in range(100, len(data), 397):
            for spoiled in (data[:size], data[:size] + b"\xff" * 40 + data[size + 40 :]):
                path.write_bytes(spoiled)
                assert _outcome(path) in (
                    "xls", "FILE_BROKEN", "FILE_BINARY_UNREAD", "FILE_NOT_SPREADSHEET",
                )  # fmt: skip


def test_broken_records_are_no_errors() -> None:
    assert error_cells(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls") == {}
    assert error_cells(b"PK", "ods") == {}
