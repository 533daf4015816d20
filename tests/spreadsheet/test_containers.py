"""Files packed, encrypted or saved in a way of their own: read, or told what they really are."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkz_xlsx.batch import collect
from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.problems import HkzError, Problem
from hkz_xlsx.spreadsheet import thinned
from hkz_xlsx.spreadsheet.built_in import PASSWORD, opened
from hkz_xlsx.spreadsheet.cells import Book
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.spreadsheet.sheet_exact import read_exactly
from hkz_xlsx.spreadsheet.sources import sources
from tests.proof.hostile.make_files import SHEET, base_file, workbook_cases
from tests.proof.hostile.package import MAIN, SMALL, SMALL_ODS, Parts, edited, pack, unpack
from tests.proof.hostile.test_hostile import verdict
from tests.returned.test_odd_files import _ole
from tests.spreadsheet.test_binary_kinds import xlsb


def _refusal(data: bytes) -> Problem:
    with pytest.raises(HkzError) as caught:
        read_grid("in", data)
    (one,) = caught.value.problems
    return one


def _outcome(data: bytes) -> str:
    """The reason why it was refused; empty when it was read."""
    try:
        read_grid("in", data)
    except HkzError as fault:
        return fault.problems[0].code
    return ""


def _backslashes(parts: Parts) -> bytes:
    """As some programs for Windows pack: with folders of their own too."""
    folders = {name.rpartition("/")[0].replace("/", "\\") + "\\" for name in parts if "/" in name}
    named = [(name.replace("/", "\\"), body) for name, body in parts.items()]
    return pack([*((name, b"") for name in sorted(folders)), *named])


class TestBackslashes:
    @pytest.mark.parametrize("name", ["small", "ours", "openpyxl"])
    @pytest.mark.parametrize("complete", [False, True])
    def test_read(self, name: str, complete: bool) -> None:
        base = base_file(name)
        usual = read_grid("in", base, complete=complete)
        assert read_grid("in", _backslashes(unpack(base)), complete=complete) == usual

    def test_other_kinds(self) -> None:
        for data in (pack(SMALL_ODS), xlsb(), xlsb(short=True)):
            usual, found = read_grid("in", data), read_grid("in", _backslashes(unpack(data)))
            assert (found.kind, found.sheets) == (usual.kind, usual.sheets)

    def test_still_judged(self) -> None:
        """What hides in a part that nobody needs, and what is noticed, hangs on no slash."""
        doctype = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x"><x/>'
        assert _refusal(_backslashes({**SMALL, "xl/z.xml": doctype})).code == "FILE_DOCTYPE"
        assert _refusal(_backslashes({**SMALL, "xl/../../z.xml": b""})).code == "FILE_UNSAFE_PATH"
        assert _refusal(_backslashes({**SMALL, "/xl/z.xml": b""})).code == "FILE_UNSAFE_PATH"
        macro = read_grid("in", _backslashes({**SMALL, "xl/embeddings/o.bin": b"MZ"}))
        assert [p.code for p in macro.problems] == ["FILE_HAS_OBJECTS"]

    def test_in_an_archive(self, tmp_path: Path) -> None:
        """A folder in a zip is no file that was found."""
        book = _backslashes(SMALL)
        (tmp_path / "retour.zip").write_bytes(pack([("map\\", b""), ("map\\een.xlsx", book)]))
        (one,) = sources([tmp_path / "retour.zip"])
        assert (one.label, one.data) == ("retour.zip/map/een.xlsx", book)

    def test_when_it_was_saved(self) -> None:
        """`hkz collect` takes the copy that was saved last."""
        core = b"<x><dcterms:modified>2026-11-02T10:00:00Z</dcterms:modified></x>"
        data = _backslashes({**SMALL, "docProps/core.xml": core})
        assert collect._saved(data) == "2026-11-02T10:00:00"


_MANIFEST = (
    b'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.4" '
    b'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<manifest:file-entry manifest:full-path="encrypted-package" manifest:media-type="%s">'
    b'<manifest:encryption-data><manifest:algorithm manifest:algorithm-name="http://www.w3.org/'
    b'2009/xmlenc11#aes256-gcm"/></manifest:encryption-data></manifest:file-entry>'
    b"</manifest:manifest>"
)


def _wholesome(kind: bytes) -> Parts:
    """A document with a password as a recent LibreOffice saves it: one part beside two labels."""
    mime = b"application/vnd.oasis.opendocument." + kind
    return {
        "mimetype": mime,
        "encrypted-package": bytes(range(256)) * 20,
        "META-INF/manifest.xml": _MANIFEST % mime,
    }


class TestEncryptedOds:
    def test_in_one_part(self, tmp_path: Path) -> None:
        data = pack(_wholesome(b"spreadsheet"))
        assert _refusal(data).code == "FILE_ENCRYPTED_ODS"
        bare = {k: v for k, v in _wholesome(b"spreadsheet").items() if k != "mimetype"}
        assert _refusal(pack(bare)).code == "FILE_ENCRYPTED_ODS"
        (tmp_path / "retour.ods").write_bytes(data)  # in a folder it is no archive either
        (one,) = sources([tmp_path])
        assert (one.label, one.data, one.problem) == ("retour.ods", data, None)

    def test_part_by_part(self) -> None:
        locked = SMALL_ODS["META-INF/manifest.xml"].replace(
            b"</manifest:manifest>",
            b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
            b"</manifest:file-entry></manifest:manifest>",
        )
        data = pack({**SMALL_ODS, "META-INF/manifest.xml": locked, "content.xml": b"\1\2\3"})
        assert _refusal(data).code == "FILE_ENCRYPTED_ODS"

    def test_with_a_key(self) -> None:
        keys = (
            b'<loext:keyinfo xmlns:loext="urn:org:documentfoundation:names:experimental:office:'
            b'xmlns:loext:1.0"><loext:encrypted-key/></loext:keyinfo></manifest:manifest>'
        )
        manifest = SMALL_ODS["META-INF/manifest.xml"].replace(b"</manifest:manifest>", keys)
        data = pack({**SMALL_ODS, "META-INF/manifest.xml": manifest})
        assert _refusal(data).code == "FILE_ENCRYPTED_ODS"

    def test_another_document(self) -> None:
        """Taking the password off a letter helps nobody."""
        assert _refusal(pack(_wholesome(b"text"))).code == "FILE_OTHER_OFFICE"

    def test_content_is_missing(self) -> None:
        rest = {name: body for name, body in SMALL_ODS.items() if name != "content.xml"}
        found = _refusal(pack(rest))
        assert (found.code, found.slots["part"]) == ("FILE_PART_MISSING", "content.xml")


class TestBuiltInPassword:
    def test_read(self) -> None:
        """Excel asks for nothing, so that nobody knows of a password."""
        data = _agile(base_file("ours"), PASSWORD)
        for complete in (False, True):
            found = read_grid("in.xlsx", data, complete=complete)
            assert found.sheets == read_grid("in.xlsx", base_file("ours"), complete=complete).sheets
            assert [p.code for p in found.problems] == ["FILE_BUILT_IN_PASSWORD"]

    def test_as_excel_2007_does(self) -> None:
        found = read_grid("in.xlsx", _ole_of(_standard(pack(FILLED), PASSWORD)))
        assert found.sheets == read_grid("in.xlsx", base_file("small")).sheets

    @pytest.mark.parametrize("password", ["geheim", "velvetsweatshop"])
    def test_a_real_password(self, password: str) -> None:
        for data in (
            _agile(pack(FILLED), password), _ole_of(_standard(pack(FILLED), password)),
        ):  # fmt: skip
            assert _refusal(data).code == "FILE_ENCRYPTED"

    def test_what_is_inside_is_judged(self) -> None:
        """It is a file of a stranger like any other."""
        doctype = edited(FILLED, SHEET, lambda p: p.replace(b"?>", b"?><!DOCTYPE x>"))
        assert _refusal(_agile(doctype, PASSWORD)).code == "FILE_DOCTYPE"
        nested = _agile(_agile(pack(FILLED), PASSWORD), PASSWORD)
        assert _refusal(nested).code == "FILE_ENCRYPTED"

    def test_without_the_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The extra is not installed: then it is a file with a password like any other."""
        monkeypatch.setitem(sys.modules, "msoffcrypto.format.ooxml", None)
        assert opened(_agile(pack(FILLED), PASSWORD)) is None

    def test_damaged(self) -> None:
        """Every byte of what says how it is encrypted may be wrong."""
        data = _agile(pack(FILLED), PASSWORD)
        at = data.index(b"<encryption")
        for place in range(at - 8, at + 1_200, 97):
            spoiled = data[:place] + b"\xff" + data[place + 1 :]
            assert _outcome(spoiled) in ("", "FILE_ENCRYPTED", "FILE_BROKEN"), place


SMALL_BYTES = pack(SMALL)
FILLED = {**SMALL, "xl/media/image1.png": bytes(random.Random(1).randbytes(9_000))}
"""Small, and longer than a sector of an OLE file."""


def _agile(inside: bytes, password: str) -> bytes:
    from msoffcrypto.method.ecma376_agile import ECMA376Agile

    assert len(inside) > 4_096, "of less, the library makes a file that nothing can open"
    found: bytes = ECMA376Agile.encrypt(password, io.BytesIO(inside))
    return found


def _standard(inside: bytes, password: str) -> tuple[bytes, bytes]:
    """[MS-OFFCRYPTO] 2.3.4.5: EncryptionInfo and EncryptedPackage of AES with 128 bits."""
    from cryptography.hazmat.primitives.ciphers import Cipher as Other
    from cryptography.hazmat.primitives.ciphers import algorithms, modes

    def sha1(data: bytes) -> bytes:
        return hashlib.sha1(data, usedforsecurity=False).digest()

    salt, verifier = bytes(range(16)), bytes(range(100, 116))
    digest = sha1(salt + password.encode("utf-16-le"))
    for number in range(50_000):
        digest = sha1(struct.pack("<I", number) + digest)
    final = sha1(digest + bytes(4)).ljust(64, b"\0")
    key = sha1(bytes(byte ^ 0x36 for byte in final))[:16]

    def locked(data: bytes) -> bytes:
        box = Other(algorithms.AES(key), modes.ECB()).encryptor()
        return box.update(data.ljust(-(-len(data) // 16) * 16, b"\0"))

    header = struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0)
    header += "Microsoft AES\0".encode("utf-16-le")
    info = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header + struct.pack("<I", 16) + salt
    info += locked(verifier) + struct.pack("<I", 20) + locked(sha1(verifier))
    return info, struct.pack("<Q", len(inside)) + locked(inside)


def _ole_of(streams: tuple[bytes, bytes]) -> bytes:
    from msoffcrypto.method.container.ecma376_encrypted import (
        ECMA376Encrypted,
    )

    info, package = streams
    target = io.BytesIO()
    ECMA376Encrypted(package, info).write_to(target)
    return target.getvalue()


def test_user_rights() -> None:
    """A sensitivity label is no password."""
    data = _ole(b"").replace(
        "Workbook\0".encode("utf-16-le").ljust(64, b"\0"),
        "\tDRMContent\0".encode("utf-16-le").ljust(64, b"\0"),
    )
    data = data.replace(struct.pack("<HB", 18, 2), struct.pack("<HB", 24, 2))
    assert _refusal(data).code == "FILE_RIGHTS"


class TestLibraryGivesUp:
    """Excel may well read them: the advice is to save them as .xlsx."""

    def test_xls(self) -> None:
        start = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0)
        found = _refusal(_ole(start + struct.pack("<HH", 0x85, 4)))
        assert (found.code, found.slots["kind"]) == ("FILE_BINARY_UNREAD", "xls")
        assert ".xlsx" in found.hint("nl")
        assert "hoeft niet beschadigd" in found.message("nl")

    def test_xlsb(self) -> None:
        parts = unpack(xlsb())
        broken = pack({**parts, "xl/worksheets/sheet1.bin": b"\xff" * 40})
        found = _refusal(broken)
        assert (found.code, found.slots["kind"]) == ("FILE_BINARY_UNREAD", "xlsb")

    @pytest.mark.parametrize(
        "start", [b"\t\0\4\0\2\0\x10\0", b"\t\2\6\0\0\0\x10\0", b"\t\4\6\0\0\0\x10\0"]
    )
    def test_excel_of_before_1994(self, start: bytes) -> None:
        assert _refusal(start + bytes(40)).code == "FILE_BINARY_UNREAD"


def _styled(row: str, first: int = 1_000, cells: str = "A") -> Iterator[bytes]:
    inside = "".join(f'<c r="{column}%d" s="1"/>' for column in cells)
    line = (row + inside + "</row>").encode()
    for number in range(first, 1_048_577):
        yield line % ((number,) * (1 + len(cells)))


_EXCEL = '<row r="%d" spans="1:18" x14ac:dyDescent="0.25">'
_OFFICE = (
    '<row r="%d" customFormat="false" ht="12.8" hidden="false" customHeight="false" '
    'outlineLevel="0" collapsed="false">'
)
_SPACE = b' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'


def _with_rows(rows: bytes) -> bytes:
    def change(part: bytes) -> bytes:
        part = part.replace(b"</sheetData>", rows + b"</sheetData>")
        return part.replace(b"><dimension", _SPACE + b"><dimension")

    return edited(SMALL, SHEET, change)


class TestFormatting:
    """A sheet that is large only because of how its rows look."""

    @pytest.mark.parametrize(
        "row",
        [pytest.param(_EXCEL, marks=pytest.mark.proof), _OFFICE],
        ids=["Excel", "LibreOffice"],
    )
    def test_a_cell_in_every_row(self, row: str) -> None:
        last = b'<row r="1048576"><c r="B1048576"><v>7</v></c></row>'
        data = _with_rows(b"".join(_styled(row)) + last)
        found = read_grid("in.xlsx", data)
        usual = read_grid("in.xlsx", SMALL_BYTES).sheets[0].cells
        assert found.sheets[0].cells == {**usual, (1_048_575, 1): 7.0}

    def test_too_much(self) -> None:
        """Named with its sheet and the way out, before anything is unpacked."""
        size = LIMITS.unpacked + 1
        with pytest.raises(RefusedError) as caught:
            thinned.check_sheets(_Sizes(size), [("Actieplan", SHEET)])  # type: ignore[arg-type]
        told = caught.value.problem("in.xlsx")
        assert told.code == "FILE_SHEET_TOO_BIG"
        assert "Actieplan" in told.message("nl")
        assert "wis de opmaak onder de laatste rij" in told.hint("nl")

    def test_too_much_that_is_no_formatting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(thinned, "LARGE", 0)
        monkeypatch.setattr(thinned, "LIMITS", replace(LIMITS, xml_part=64))
        assert _refusal(SMALL_BYTES).code == "FILE_SHEET_TOO_BIG"

    def test_same_as_read_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """All hostile files again, their sheets read piece by piece."""
        monkeypatch.setattr(thinned, "LARGE", -1)
        for name in ("small", "openpyxl"):
            base = base_file(name)
            original = read_grid("in.xlsx", base)
            for case in workbook_cases(base, 138):
                try:
                    found: Grid | tuple[Problem, ...] = read_grid("in.xlsx", case.data)
                except HkzError as fault:
                    found = fault.problems
                assert verdict(case, found, original) == "", case.name

    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_what_is_left_means_the_same(self, data: st.DataObject) -> None:
        """Rows and cells with and without place, look, content and prefix, cut anywhere."""
        prefix = data.draw(st.sampled_from(["", "x:"]))
        rows = "".join(data.draw(st.lists(_row(prefix), max_size=12)))
        sheet = _sheet(prefix, rows)
        head = sheet.index(b"sheetData>") + data.draw(st.integers(10, 2_000))
        pieces = [sheet[:head], *_pieces(sheet[head:], data.draw(st.integers(1, 900)))]
        left = b"".join(thinned.thin(iter(pieces)))
        assert _facts(left) == _facts(sheet)
        assert len(left) <= len(sheet)

    @pytest.mark.parametrize("prefix", ["", "x:"])
    def test_malformed_rows_are_for_the_parser(self, prefix: str) -> None:
        """They are never left out: the file is refused as when it is read whole."""
        rows = f'<{prefix}row r="%d"></{prefix}row>'
        for wrong in _MALFORMED:
            sheet = _sheet(prefix, rows % 1 + wrong.replace("~", prefix) + rows % 2 + rows % 3)
            assert _facts(b"".join(thinned.thin([sheet]))) == "FILE_BROKEN", wrong
        look = f'<{prefix}row r="1" x14ac:dyDescent="0.25"></{prefix}row>'
        undeclared = _sheet(prefix, look + rows % 2 + rows % 3).replace(_SPACE, b"")
        assert _facts(b"".join(thinned.thin([undeclared]))) == "FILE_BROKEN"
        for right in (rows % 1_048_576, f'<{prefix}row r="7"><{prefix}c r="XFD7"/></{prefix}row>'):
            sheet = _sheet(prefix, rows % 1 + right + rows % 2 + rows % 3)
            assert right.encode() not in b"".join(thinned.thin([sheet]))


def _sheet(prefix: str, rows: str) -> bytes:
    space = f'xmlns{":x" if prefix else ""}="{MAIN.decode()}"{_SPACE.decode()}'
    return (
        f"<{prefix}worksheet {space}><{prefix}sheetData>{rows}"
        f"</{prefix}sheetData></{prefix}worksheet>"
    ).encode()


class _Sizes:
    """A package of which every part is as large."""

    def __init__(self, size: int) -> None:
        self._size = size

    def size(self, _: str) -> int:
        return self._size


def _pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _facts(sheet: bytes) -> object:
    book = Book(("Voldoet", ""), frozenset())
    try:
        facts = read_exactly(sheet, "sheet.xml", book, complete=True)
    except RefusedError as fault:
        return fault.code
    return facts.cells, facts.formulas, facts.uncalculated, facts.broken, facts.twice


_MALFORMED = (
    '<~row r="1" ht="1" ht="1"></~row>', '<~row r="1" q:ht="1"></~row>', '<~row r="1"></~rows>',
    '<~row r="1048577"></~row>', '<~row r="1"><~c r="XFE1"/></~row>', '<~row r="9999999"></~row>',
    '<~row r="1"><~c r="A1"></~d></~row>', '<~row r="1"><~c r="A1048577"/></~row>',
    '<~row r="1"><~c r="A1" s="1" s="1"/></~row>', '<~row r="1"><~c r="A0"/></~row>', "<~row",
)  # fmt: skip
"""Rows that only a parser may judge."""


def _row(prefix: str) -> st.SearchStrategy[str]:
    """A row of a sheet, well written or not."""
    end = f"></{prefix}c>"
    insides = (
        "/>", end, " />", f"><{prefix}v>1</{prefix}v>{end[1:]}",
        f"><{prefix}f>1+1</{prefix}f>{end[1:]}", f"><{prefix}v/>{end[1:]}",
        f'><{prefix}f>1</{prefix}f><{prefix}v><![CDATA[<{prefix}c r="A1"/><{prefix}c r="A1"/>]]>'
        f"</{prefix}v>{end[1:]}",
    )  # fmt: skip
    places = st.one_of(
        st.just(""), st.builds("{}{}".format, st.sampled_from("AB"), st.integers(1, 30))
    )
    looks = ("", ' s="1"', ' s="0" t="n"', ' t="s" s="1"', ' t="str"')

    def cell(place: str, look: str, inside: str) -> str:
        said = f' r="{place}"' if place else ""
        return f"<{prefix}c{said}{look}{inside}"

    cells = st.builds(cell, places, st.sampled_from(looks), st.sampled_from(insides))
    attributes = (
        "", ' spans="1:3"', ' s="1" customFormat="1" ht="15" hidden="1"', ' ht="15" s="1"',
        ' hidden="0"', ' x14ac:dyDescent="0.25"', ' q="&lt;"',
    )  # fmt: skip

    def row(number: int, said: str, inside: list[str], space: str) -> str:
        place = f' r="{number}"' if number else ""
        return f"<{prefix}row{place}{said}>{''.join(inside)}</{prefix}row>{space}"

    return st.builds(
        row,
        st.sampled_from((*range(1, 9), *[0] * 4)),
        st.sampled_from(attributes),
        st.lists(cells, max_size=4),
        st.sampled_from(("", "\n  ")),
    )


class TestRepeated:
    """ODS: one line stands for as many as a sheet can have."""

    @pytest.mark.parametrize("rows", [1_048_574, 16_777_214])
    def test_blank_rows_to_the_end(self, rows: int) -> None:
        many = (
            b'<table:table-row table:number-rows-repeated="%d"><table:table-cell '
            b'table:number-columns-repeated="16384"/></table:table-row>' % rows
        )
        data = edited(
            SMALL_ODS,
            "content.xml",
            lambda p: p.replace(b"</table:table>", many + b"</table:table>"),
        )
        assert read_grid("in", data).sheets == read_grid("in", pack(SMALL_ODS)).sheets

    def test_blank_cells_behind_the_last(self) -> None:
        """Some programs claim a whole row of them behind what is filled."""
        found = read_grid("in", _first_row_ends(_BLANK))
        assert found.sheets == read_grid("in", pack(SMALL_ODS)).sheets

    def test_a_value_needs_a_place(self) -> None:
        value = b'<table:table-cell office:value-type="float" office:value="1"/>'
        assert _refusal(_first_row_ends(_BLANK + value)).code == "FILE_BROKEN"


_BLANK = b'<table:table-cell table:number-columns-repeated="16384"/>'


def _first_row_ends(cells: bytes) -> bytes:
    end = b"</table:table-row>"
    return edited(SMALL_ODS, "content.xml", lambda part: part.replace(end, cells + end, 1))


def test_part_that_is_missing_in_words_of_users() -> None:
    rest = {name: body for name, body in SMALL.items() if name != SHEET}
    found = _refusal(pack(rest))
    assert found.code == "FILE_PART_MISSING"
    assert "niet heel" in found.message("nl")
    assert "Blad 1" in found.message("nl")  # the sheet by its title, not by the name of a part
    assert "sla het op als .xlsx" in found.hint("nl")
