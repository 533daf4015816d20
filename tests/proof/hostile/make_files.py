"""Hostile and broken files, each with what must come of it. Seeded: the same files every time.

python -m tests.proof.hostile.make_files FOLDER    writes them all, for trying them on other programs
"""

from __future__ import annotations

import io
import random
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hkz_xlsx.scoring.cell_values import CellError, RawValue
from hkz_xlsx.spreadsheet.cells import BROKEN
from hkz_xlsx.spreadsheet.grid import Spot
from tests.proof.hostile.package import (
    MAIN,
    RELS,
    SMALL,
    SMALL_ODS,
    STRICT,
    STRICT_RELS,
    Parts,
    edited,
    entry,
    first_cell,
    pack,
    poke,
    unpack,
    with_cell,
)  # fmt: skip

SHEET, BOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
STYLES, TYPES, LINKS = "xl/styles.xml", "[Content_Types].xml", "_rels/.rels"
BOOK_LINKS = "xl/_rels/workbook.xml.rels"

DAMAGE = frozenset({
    "FILE_BROKEN", "FILE_CUT_OFF", "FILE_ZIP_CONTRADICTS", "FILE_PART_MISSING", "FILE_ZIP_METHOD",
    "FILE_PART_TWICE", "FILE_UNSAFE_PATH", "FILE_ENCRYPTED_ZIP", "FILE_BOMB", "FILE_TOO_BIG",
    "FILE_IS_ARCHIVE", "FILE_NOT_SPREADSHEET", "FILE_IS_TEXT", "FILE_OTHER_OFFICE", "FILE_EMPTY",
    "FILE_DOCTYPE",
})  # fmt: skip
"""What may be said of random damage."""


@dataclass(frozen=True)
class Case:
    """A file and what must come of it.

    ``codes``: refused with one of these. ``same``: read, with the values of the original but
    for ``changed`` on the first sheet (None: the cell is blank), and with ``notes`` as problems. Both: either will do.
    """

    name: str
    data: bytes
    codes: frozenset[str] = frozenset()
    same: bool = False
    notes: frozenset[str] = frozenset()
    changed: tuple[tuple[Spot, RawValue], ...] = ()


def refused(name: str, data: bytes, *codes: str) -> Case:
    return Case(name, data, frozenset(codes))


def same(name: str, data: bytes, *notes: str, changed: dict[Spot, RawValue] | None = None) -> Case:
    return Case(
        name, data, same=True, notes=frozenset(notes), changed=tuple((changed or {}).items())
    )


def either(name: str, data: bytes, *codes: str) -> Case:
    return Case(name, data, frozenset(codes) or DAMAGE, same=True)


# --- the container


def container(base: bytes, seed: int) -> Iterator[Case]:
    parts, chance = unpack(base), random.Random(seed)
    for share in (1, 5, 10, 25, 50, 75, 90, 99):
        cut = base[: max(4, len(base) * share // 100)]
        yield refused(f"cut at {share} %", cut, "FILE_CUT_OFF", "FILE_BROKEN")
    for less in (1, 2, 10, 21, 22):
        yield refused(f"last {less} bytes gone", base[:-less], "FILE_CUT_OFF", "FILE_BROKEN")
    yield either("bytes in front", b"\r\n" * 20 + base)
    yield same("bytes behind", base + b"\0" * 40)
    half = len(base) // 2
    yield refused(
        "second half blank", base[:half] + bytes(len(base) - half), "FILE_CUT_OFF", "FILE_BROKEN"
    )
    yield refused("line ends changed", base.replace(b"\n", b"\r\n"), *DAMAGE)
    yield refused("middle cut out", base[:half] + base[half + 500 :], *DAMAGE)
    for number in range(40):
        at = chance.randrange(len(base))
        yield either(
            f"bit {number} flipped", poke(base, at, bytes([base[at] ^ (1 << chance.randrange(8))]))
        )
    for number in range(20):
        at = chance.randrange(len(base) - 64)
        yield either(f"64 bytes {number} overwritten", poke(base, at, chance.randbytes(64)))
    sheet = parts[SHEET].replace(b"Voldoet", b"Anders")
    items = list(parts.items())
    yield refused("part twice, last", pack([*items, (SHEET, sheet)]), "FILE_PART_TWICE")
    yield refused("part twice, first", pack([(SHEET, sheet), *items]), "FILE_PART_TWICE")
    yield refused(
        "part twice, other case", pack([*items, (SHEET.upper(), sheet)]), "FILE_PART_TWICE"
    )
    yield refused(
        "part twice, backslash",
        pack([*items, (SHEET.replace("/", "\\"), sheet)]),
        "FILE_PART_TWICE",
    )
    for path in ("../evil.xml", "/etc/passwd", "xl/../../x.xml", "C:/x.xml", "..\\x.xml"):
        yield refused(f"path {path}", pack([*items, (path, b"<x/>")]), "FILE_UNSAFE_PATH")
    yield refused("part without a name", pack([*items, ("", b"<x/>")]), "FILE_UNSAFE_PATH")
    yield same("folder entry and note", pack([*items, ("notes/", b""), ("notes/a.txt", b"x")]))
    yield same("archive inside", pack([*items, ("xl/media/x.zip", base[:2000])]))
    yield same("stored, not packed", pack(parts, zipfile.ZIP_STORED))
    yield same("parts in reverse", pack(list(reversed(items))))
    for method, name in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
        yield refused(f"packed with {name}", pack(parts, method), "FILE_ZIP_METHOD")
    for missing, code in (
        (TYPES, "FILE_PART_MISSING"), (LINKS, "FILE_PART_MISSING"), (BOOK, "FILE_PART_MISSING"),
        (SHEET, "FILE_PART_MISSING"), (STYLES, "FILE_PART_MISSING"), (BOOK_LINKS, "FILE_PART_MISSING"),
    ):  # fmt: skip
        rest = {name: body for name, body in parts.items() if name != missing}
        yield refused(f"without {missing}", pack(rest), code)
    if STRINGS in parts:
        rest = {name: body for name, body in parts.items() if name != STRINGS}
        yield refused(f"without {STRINGS}", pack(rest), "FILE_PART_MISSING")
    yield refused("empty archive", pack({}), "FILE_IS_ARCHIVE")
    many = [*items, *((f"xl/media/{n}.bin", b"") for n in range(2100))]
    yield refused("too many parts", pack(many), "FILE_TOO_BIG")
    yield from _headers(base)


def _headers(base: bytes) -> Iterator[Case]:
    base = pack(unpack(base))
    local, central = entry(base, SHEET)
    wrong = "FILE_ZIP_CONTRADICTS"
    yield refused("other name in front", poke(base, local + 30, b"XX"), wrong)
    yield refused("other sizes in front", poke(base, local + 18, struct.pack("<II", 5, 5)), wrong)
    yield refused("other checksum in front", poke(base, local + 14, b"\1\2\3\4"), wrong)
    yield refused("stored in front, packed in the table", poke(base, local + 8, b"\0\0"), wrong)
    yield refused("no header in front", poke(base, local, b"XXXX"), wrong)
    strings_local, _ = entry(base, BOOK)
    yield refused(
        "two names for one part", poke(base, central + 42, struct.pack("<I", strings_local)), wrong
    )
    yield refused(
        "part beyond the end",
        poke(base, central + 42, struct.pack("<I", len(base) - 4)),
        wrong,
        "FILE_BROKEN",
        "FILE_CUT_OFF",
    )
    flags = poke(poke(base, local + 6, b"\1\0"), central + 8, b"\1\0")
    yield refused("password flag", flags, "FILE_ENCRYPTED_ZIP")
    yield refused(
        "method 99",
        poke(poke(base, local + 8, b"\x63\0"), central + 10, b"\x63\0"),
        "FILE_ZIP_METHOD",
    )
    small = struct.pack("<I", 10)
    lying = poke(poke(base, local + 22, small), central + 24, small)
    yield refused("says it is small", lying, "FILE_BROKEN")
    huge = struct.pack("<I", 0x7FFFFFF0)
    yield refused(
        "says it is huge", poke(poke(base, local + 22, huge), central + 24, huge), "FILE_BOMB"
    )
    crc = poke(poke(base, local + 14, b"\1\2\3\4"), central + 16, b"\1\2\3\4")
    yield refused("wrong checksum", crc, "FILE_BROKEN")


def swollen(name: str, size: int, fill: bytes = b" ") -> tuple[str, bytes, int]:
    """A part of one repeated byte, packed without holding it: name, packed bytes, checksum."""
    packer, crc, out = zlib.compressobj(9, zlib.DEFLATED, -15), 0, []
    block = fill * (1 << 20)
    for _ in range(size >> 20):
        out.append(packer.compress(block))
        crc = zlib.crc32(block, crc)
    return name, b"".join([*out, packer.flush()]), crc


def with_swollen(parts: Parts, name: str, size: int, fill: bytes = b" ") -> bytes:
    """A package with one part that unpacks to ``size`` bytes."""
    _, packed, crc = swollen(name, size, fill)
    data = pack({**{k: v for k, v in parts.items() if k != name}, name: packed}, zipfile.ZIP_STORED)
    local, central = entry(data, name)
    for at, method, sums in ((local, 8, 14), (central, 10, 16)):
        data = poke(data, at + method, b"\x08\0")
        data = poke(data, at + sums, struct.pack("<III", crc, len(packed), size))
    return data


def bombs(base: bytes, mega: int) -> Iterator[Case]:
    parts = unpack(base)
    for name in (SHEET, STRINGS, STYLES, BOOK, TYPES, "docProps/core.xml", "xl/media/a.bin"):
        for fill in (b" ", b"a"):
            yield refused(
                f"bomb of {mega} MB of {fill!r} in {name}",
                with_swollen(parts, name, mega << 20, fill),
                "FILE_BOMB",
            )


def heavy(base: bytes) -> Iterator[Case]:
    """Files that only the limits on time and memory stop, or that are big and harmless."""
    parts = unpack(base)
    costs = (
        "FILE_TIME",
        "FILE_MEMORY",
        "FILE_TOO_BIG",
        "FILE_TOO_MANY_CELLS",
        "FILE_BOMB",
        "FILE_DIED",
    )

    def data(rows: bytes) -> bytes:
        return edited(parts, SHEET, lambda p: p.replace(b"</sheetData>", rows + b"</sheetData>"))

    long = b"<!-- " + b"< " * (40 << 20) + b"-->"
    yield refused("comment of 80 MB with brackets", data(long), *costs)
    noise = bytes(random.Random(1).choices(b"abcdefgh", k=3 << 20)) * 10
    yield refused("attribute of 30 MB", data(b"<x a='" + noise + b"'/>"), *costs)
    yield either(
        "comment of 30 MB", data(b"<!-- <" + noise.replace(b"aa", b"<a") + b" -->"), *costs
    )
    formatted = b"".join(
        b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(1000, 1_048_577)
    )
    yield same("a million formatted rows", data(formatted))
    look = b'customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false"'  # fmt: skip
    office = b"".join(
        b'<row r="%d" %s><c r="A%d" s="1"/><c r="C%d" s="1"/></row>' % (n, look, n, n)
        for n in range(1000, 1_048_577)
    )
    yield same("a million formatted rows as LibreOffice writes them", data(office))
    wide = b"".join(b'<c s="1"/>' * 16_000 + b"</row><row>" for _ in range(200))
    yield either("200 formatted rows of 16,000", data(b"<row>" + wide + b"</row>"), *costs)
    filled = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1000, 600_000)
    )
    yield refused("600,000 filled cells", data(filled), "FILE_TOO_MANY_CELLS")
    deep = b"<x>" * 2_000_000 + b"</x>" * 2_000_000
    yield either("two million deep", data(deep), *costs)
    many = b"<x " + b" ".join(b"a%d=''" % n for n in range(500_000)) + b"/>"
    yield either("500,000 attributes", data(many), *costs)
    twice = b'<row r="9"><c r="A9"><v>1</v></c><c r="A9"><v>2</v></c></row>' * 5_000
    yield refused("a cell 10,000 times", data(twice), "FILE_BROKEN")
    if STRINGS in parts:
        texts = b"".join(b"<si><t>%d %d</t></si>" % (n, n * n) for n in range(1_500_000))
        big = parts[STRINGS].replace(b"</sst>", texts + b"</sst>")
        yield either("1.5 million strings", pack({**parts, STRINGS: big}), *costs)
    entries = [*parts.items(), *((f"xl/media/{n}.bin", b"") for n in range(70_000))]
    yield refused("70,000 parts", pack(entries), "FILE_TOO_BIG")


# --- XML

_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
_ATTACKS = {
    "laughs": _LAUGHS,
    "quadratic": b'<!DOCTYPE x [<!ENTITY a "' + b"A" * 50_000 + b'">]>',
    "file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "web": b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>',
    "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
    "external": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "empty": b"<!DOCTYPE x>",
    "public": b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://127.0.0.1:9/x">',
}  # fmt: skip


def _after_declaration(part: bytes, text: bytes) -> bytes:
    head, mark, rest = part.partition(b"?>")
    return head + mark + text + rest if mark else text + part


def _recoded(part: bytes, coding: str) -> bytes:
    text = re.sub(r"^\ufeff?<\?xml[^>]*\?>", "", part.decode("utf-8"))
    declared = f'<?xml version="1.0" encoding="{coding}"?>{text}'
    return declared.encode(coding, "xmlcharrefreplace")


def attacks(base: bytes) -> Iterator[Case]:
    parts = unpack(base)
    places = [
        SHEET,
        STRINGS,
        BOOK,
        STYLES,
        TYPES,
        LINKS,
        BOOK_LINKS,
        "xl/theme/theme1.xml",
        "docProps/app.xml",
    ]
    for name in (p for p in places if p in parts):
        for attack, text in _ATTACKS.items():
            changed = _after_declaration(parts[name], text)
            yield refused(
                f"doctype {attack} in {name}", pack({**parts, name: changed}), "FILE_DOCTYPE"
            )
        for coding in ("utf-16", "utf-16-le"):
            changed = _recoded(_after_declaration(parts[name], _ATTACKS["file"]), coding)
            yield refused(
                f"doctype in {coding} in {name}",
                pack({**parts, name: changed}),
                "FILE_DOCTYPE",
                "FILE_BROKEN",
            )
    extra = pack(
        {**parts, "xl/customXml/item9.xml": b"<?xml version='1.0'?>" + _LAUGHS + b"<x>&j;</x>"}
    )
    yield refused("doctype in a part nobody needs", extra, "FILE_DOCTYPE")


def odd_xml(base: bytes) -> Iterator[Case]:
    parts = unpack(base)

    def on_sheet(name: str, change: Callable[[bytes], bytes], *codes: str) -> Case:
        data = edited(parts, SHEET, change)
        return refused(name, data, *codes) if codes else same(name, data)

    def at_data(text: bytes) -> Callable[[bytes], bytes]:
        return lambda part: part.replace(b"<sheetData>", b"<sheetData>" + text, 1)

    broken = "FILE_BROKEN"
    yield on_sheet("unclosed", lambda p: p.replace(b"</sheetData>", b""), broken)
    yield on_sheet("end missing", lambda p: p[: len(p) // 2], broken)
    yield on_sheet("garbage", lambda p: p[:300] + b"\xff\xfe<<<>>" + p[300:], broken)
    yield on_sheet("text after the end", lambda p: p + b"x", broken)
    yield on_sheet("second root", lambda p: p + b"<x/>", broken)
    yield on_sheet("control character", at_data(b"\x01"), broken)
    yield on_sheet("control reference", at_data(b"&#1;"), broken)
    yield on_sheet("unknown entity", at_data(b"&nbsp;"), broken)
    yield on_sheet("not utf-8", at_data(b"\xff"), broken)
    yield on_sheet("surrogate in utf-8", at_data(b"\xed\xa0\x80"), broken)
    yield on_sheet(
        "attribute twice",
        lambda p: (
            re.sub(rb'<c r="A1"', b'<c r="A1" r="A1"', p, count=1)
            if b'<c r="A1"' in p
            else p.replace(b"<row ", b'<row q="1" q="1" ', 1)
        ),
        broken,
    )
    yield on_sheet(
        "unknown encoding",
        lambda p: (
            _after_declaration(b"", b"") + p.replace(b"UTF-8", b"x-none", 1)
            if b"UTF-8" in p
            else b'<?xml version="1.0" encoding="x-none"?>' + p
        ),
        broken,
    )
    yield on_sheet("comment with cells", at_data(b'<!-- <c r="A1"><v>9</v></c> -->'))
    yield on_sheet(
        "comment with the data tags",
        lambda p: p.replace(b"<sheetData>", b"<!-- <sheetData></sheetData> --><sheetData>", 1),
    )
    yield on_sheet(
        "instruction with the data tags",
        lambda p: p.replace(
            b"<sheetData>",
            b'<?x <sheetData><row r="1"><c r="A1"><v>9</v></c></row></sheetData> ?><sheetData >',
            1,
        ),
    )
    yield on_sheet(
        "blanks between rows",
        lambda p: p.replace(b"</row>", b"</row>\r\n\t ").replace(b"<row ", b"\n<row "),
    )
    yield on_sheet("instruction", at_data(b"<?x y?>"))
    yield on_sheet(
        "foreign rows",
        at_data(b'<z:row xmlns:z="urn:z" r="1"><z:c r="A1"><z:v>7</z:v></z:c></z:row>'),
    )
    yield on_sheet(
        "other default namespace inside",
        at_data(b'<q xmlns="urn:z"><row r="1"><c r="A1"><v>7</v></c></row></q>'),
    )
    yield on_sheet("byte order mark", lambda p: b"\xef\xbb\xbf" + p)
    yield on_sheet("single quotes", lambda p: re.sub(rb'<c r="([A-Z]+\d+)"', rb"<c r='\1'", p))
    yield on_sheet(
        "blanks in tags", lambda p: p.replace(b"<v>", b"<v >").replace(b"</c>", b"</c >")
    )
    yield on_sheet(
        "attributes in other order",
        lambda p: re.sub(rb'<c r="([A-Z]+\d+)"([^>/]*)', rb'<c\2 r="\1"', p),
    )
    yield on_sheet("unknown attributes", lambda p: p.replace(b"<c r=", b'<c xml:lang="nl" r='))
    yield on_sheet("utf-16", lambda p: _recoded(p, "utf-16"))
    yield on_sheet("latin-1", lambda p: _recoded(p, "iso-8859-1"))
    yield same(
        "everything utf-16",
        pack(
            {
                n: _recoded(b, "utf-16") if n.endswith((".xml", ".rels")) else b
                for n, b in parts.items()
            }
        ),
    )
    prefixed = re.sub(rb"<(/?)(?=[a-zA-Z])(?![\w]+:)", rb"<\1x:", parts[SHEET]).replace(
        b"xmlns=", b"xmlns:x=", 1
    )
    yield same("prefixes", pack({**parts, SHEET: prefixed}))
    yield on_sheet("strict cells in a transitional book", lambda p: p.replace(MAIN, STRICT))
    strict = {n: b.replace(MAIN, STRICT).replace(RELS, STRICT_RELS) for n, b in parts.items()}
    yield same("strict open xml", pack(strict), "FILE_STRICT")
    long = at_data(b"<x a='" + b"a" * (3 << 20) + b"'/>")
    yield on_sheet("attribute of 3 MB", long, "FILE_TOO_BIG")
    yield on_sheet(
        "20,000 attributes",
        at_data(b"<x " + b" ".join(b"a%d=''" % n for n in range(20_000)) + b"/>"),
    )
    yield on_sheet("20,000 deep", at_data(b"<x>" * 20_000 + b"</x>" * 20_000))
    yield on_sheet(
        "20,000 namespaces",
        at_data(b"<x " + b" ".join(b"xmlns:a%d='u:%d'" % (n, n) for n in range(20_000)) + b"/>"),
    )
    if STRINGS in parts:
        yield from _strings(parts)


def _strings(parts: Parts) -> Iterator[Case]:
    def on(name: str, change: Callable[[bytes], bytes]) -> Case:
        return same(name, edited(parts, STRINGS, change))

    yield on(
        "counts lie",
        lambda p: (
            re.sub(rb'(count|uniqueCount)="\d+"', rb'\1="4294967295"', p)
            if b"ount=" in p
            else p.replace(b"<sst ", b'<sst count="-1" ', 1)
        ),
    )
    yield on(
        "text in runs",
        lambda p: re.sub(
            rb"<si><t>(\w)([^<]*)</t></si>",
            rb"<si><r><rPr><b/></rPr><t>\1</t></r><r><t>\2</t></r></si>",
            p,
        ),
    )
    yield on(
        "readings of characters",
        lambda p: p.replace(
            b"</si>", b'<rPh sb="0" eb="1"><t>yomi</t></rPh><phoneticPr fontId="1"/></si>'
        ),
    )
    yield on(
        "comment between strings",
        lambda p: p.replace(b"<si>", b"<!-- <si><t>x</t></si> --><si>", 1),
    )
    yield on("cdata", lambda p: re.sub(rb"<t>([\w ]+)</t>", rb"<t><![CDATA[\1]]></t>", p, count=3))
    yield on("references", lambda p: re.sub(rb"<t>V", rb"<t>&#86;", p).replace(b"<t>", b"<t >"))


# --- cells


def cells(base: bytes) -> Iterator[Case]:
    parts = unpack(base)
    sheet = parts[SHEET]
    match, at = first_cell(sheet)
    here = (match[1] + match[2]).decode()

    def put(name: str, kind: str, inside: str, value: RawValue, *notes: str) -> Case:
        data = pack({**parts, SHEET: with_cell(sheet, kind, inside)})
        return same(f"cell {name}", data, *notes, changed={at: value})

    for index in (
        "-1",
        "abc",
        "1.0",
        "18446744073709551616",
        "99999999",
        "\u0661",
        "1e0",
        "0x0",
        "9" * 5000,
    ):
        yield put(f"string index {index[:30]}", "s", f"<v>{index}</v>", BROKEN, "CELL_BROKEN")
    for number in (
        "nan",
        "INF",
        "-Infinity",
        "1_000",
        "1e999",
        "0x10",
        "1,5",
        "\u0661",
        "--1",
        "1 000",
        "9" * 400,
    ):
        yield put(f"number {number[:30]}", "", f"<v>{number}</v>", BROKEN, "CELL_BROKEN")
    for text, value in (("1E3", 1000.0), (" 5 ", 5.0), ("+.5", 0.5), ("-0", 0.0), ("1e-400", 0.0)):
        yield put(f"number {text}", "n", f"<v>{text}</v>", value)
    for kind in ("zz", "S", "N", "error"):
        yield put(f"type {kind}", kind, "<v>0</v>", BROKEN, "CELL_BROKEN")
    for error in ("#N/A", "#REF!", "#SPILL!", "#CALC!", "#GETTING_DATA", "Err:522"):
        yield put(f"error {error}", "e", f"<v>{error}</v>", CellError(error))
    yield put("truth", "b", "<v>1</v>", True)
    yield put("no truth", "b", "<v>2</v>", BROKEN, "CELL_BROKEN")
    yield put(
        "rich text in the cell",
        "inlineStr",
        "<is><r><t>Vol</t></r><r><t>doet</t></r></is>",
        "Voldoet",
    )
    yield put(
        "escapes", "inlineStr", "<is><t>a_x000D_b_x0041_c_x005F_x0042_</t></is>", "a\rbAc_x0042_"
    )
    yield put("lone surrogate", "inlineStr", "<is><t>a_xD800_b</t></is>", "a\ufffdb")
    yield put("pair of surrogates", "str", "<v>_xD83D__xDE00_</v>", "\U0001f600")
    yield put("null", "inlineStr", "<is><t>a_x0000_b</t></is>", "a\ufffdb")
    yield put("outer blanks", "inlineStr", "<is><t> Voldoet </t></is>", " Voldoet ")
    yield put("cdata", "str", "<v><![CDATA[a<b]]></v>", "a<b")
    yield put("entities", "str", "<v>&lt;&amp;&quot;&apos;&#233;&#x20AC;</v>", "<&\"'é€")
    yield put(
        "formula of a stranger",
        "str",
        "<f>HYPERLINK(\"http://x\")</f><v>=cmd|'/c calc'!A1</v>",
        "=cmd|'/c calc'!A1",
    )
    yield put("formula without value", "", "<f>1+1</f>", None)
    yield put("nothing", "", "", None)
    yield put("100,000 characters", "inlineStr", f"<is><t>{'x' * 100_000}</t></is>", "x" * 100_000)
    yield put("value and formula swapped", "", "<v>5</v><f>2+3</f>", 5.0)
    for bad in (
        "XFE1",
        "A0",
        "A1048577",
        "AAAAAAA1",
        "a1048577",
        "1A",
        "",
        "A-1",
        "A1:B2",
        "$A$1",
        "A" + "1" * 3000,
    ):
        cell = b'<row r="1"><c r="%s"><v>1</v></c></row>' % bad.encode()
        data = pack({**parts, SHEET: sheet.replace(b"<sheetData>", b"<sheetData>" + cell, 1)})
        yield refused(f"cell at {bad[:12]!r}", data, "FILE_BROKEN")
    for bad in ("0", "-1", "1048577", "abc", "1e3", "9" * 3000):
        row = b'<row r="%s"></row><x/>' % bad.encode()
        data = pack({**parts, SHEET: sheet.replace(b"<sheetData>", b"<sheetData>" + row, 1)})
        yield refused(f"row {bad[:12]}", data, "FILE_BROKEN")

    def more(name: str, rows: bytes, changed: dict[Spot, RawValue], *notes: str) -> Case:
        data = edited(parts, SHEET, lambda p: p.replace(b"</sheetData>", rows + b"</sheetData>", 1))
        return same(name, data, *notes, changed=changed)

    yield more(
        "cell at the far corner",
        b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>',
        {(1048575, 16383): 7.0},
    )
    yield more("row out of order", b'<row r="1"><c r="XFD1"><v>7</v></c></row>', {(0, 16383): 7.0})
    yield more("far blank cells", b'<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>', {})
    same_again = match[0]
    yield more("cell twice, equal", b'<row r="%s">%s</row>' % (match[2], same_again), {})
    yield more(
        "cell twice, different",
        b'<row r="%s"><c r="%s" t="str"><v>Anders!</v></c></row>' % (match[2], here.encode()),
        {},
        "CELL_TWICE",
    )
    for said in ("A1", "A1:A1", "B2:A1", "A0:XFE99", "", "A1:XFD1048576", "junk", "A1:C4294967295"):
        lying = re.sub(rb"<dimension[^>]*/>", b"", sheet).replace(
            b"<sheetData>", b'<dimension ref="%s"/><sheetData>' % said.encode(), 1
        )
        yield same(f"dimension {said!r}", pack({**parts, SHEET: lying}))
    rows = re.findall(rb"<row\b[^>]*?(?:/>|>.*?</row>)", sheet, re.DOTALL)
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    yield same(
        "rows reversed",
        pack({**parts, SHEET: sheet[:start] + b"".join(reversed(rows)) + sheet[end:]}),
    )
    yield same(
        "rows without number", edited(parts, SHEET, lambda p: re.sub(rb'<row r="\d+"', b"<row", p))
    )
    yield same(
        "cells without place", edited(parts, SHEET, lambda p: re.sub(rb'<c r="A(\d+)"', b"<c", p))
    )
    yield same(
        "spans lie",
        edited(
            parts,
            SHEET,
            lambda p: re.sub(rb'(<row r="\d+")(?: spans="[^"]*")?', rb'\1 spans="9:3"', p),
        ),
    )


# --- active content, kinds, archives


def active(base: bytes) -> Iterator[Case]:
    parts = unpack(base)
    macro = (
        parts[TYPES]
        .replace(b"spreadsheetml.sheet.main+xml", b"X")
        .replace(
            b"application/vnd.openxmlformats-officedocument.X",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
    )
    yield same(
        "macros", pack({**parts, TYPES: macro, "xl/vbaProject.bin": b"\0" * 99}), "FILE_HAS_MACROS"
    )
    yield same(
        "link to a file",
        pack({**parts, "xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "FILE_HAS_LINKS",
    )
    yield same(
        "connection", pack({**parts, "xl/connections.xml": b"<connections/>"}), "FILE_HAS_LINKS"
    )
    yield same("object", pack({**parts, "xl/embeddings/oleObject1.bin": b"MZ"}), "FILE_HAS_OBJECTS")
    yield same("control", pack({**parts, "xl/activeX/activeX1.bin": b"MZ"}), "FILE_HAS_OBJECTS")
    target = rb'Target="(/?(?:xl/)?worksheets/sheet1\.xml)"'

    def link(new: bytes) -> bytes:
        return edited(parts, BOOK_LINKS, lambda p: re.sub(target, new, p))

    missing = "FILE_PART_MISSING"
    yield refused("sheet elsewhere", link(b'Target="../../../../etc/passwd"'), missing)
    yield refused(
        "sheet on the web", link(b'Target="http://127.0.0.1:9/x" TargetMode="External"'), missing
    )
    yield refused(
        "sheet in a file", link(b'Target="file:///etc/passwd" TargetMode="External"'), missing
    )
    yield refused("sheet is the workbook", link(b'Target="workbook.xml"'), "FILE_BROKEN", missing) if len(re.findall(rb"<sheet ", parts[BOOK])) < 1 else same(
        "sheet by an absolute path", link(b'Target="/xl/worksheets/sheet1.xml"') if b'"/xl/worksheets/sheet1.xml"' not in parts[BOOK_LINKS] else link(b'Target="worksheets/sheet1.xml"')
    )  # fmt: skip
    yield same("sheet by another case", link(b'Target="WORKSHEETS/sheet1.XML"'))
    yield same("sheet by backslashes", link(b'Target="worksheets\\\\sheet1.xml"'))
    doubled = edited(parts, BOOK, lambda p: re.sub(rb"(<sheet [^>]*/>)", rb"\1\1", p, count=1))
    yield refused("sheet twice", doubled, "FILE_BROKEN")
    yield refused(
        "no sheets", edited(parts, BOOK, lambda p: re.sub(rb"<sheet [^>]*/>", b"", p)), missing
    )
    yield refused(
        "relation twice",
        edited(
            parts, BOOK_LINKS, lambda p: re.sub(rb"(<Relationship [^>]*/>)", rb"\1\1", p, count=1)
        ),
        "FILE_BROKEN",
    )
    tag = re.search(rb"<sheet [^>]*>", parts[BOOK])
    assert tag is not None
    state = re.sub(rb' state="\w+"', b"", tag[0]).replace(b"<sheet ", b'<sheet state="veryHidden" ')
    hidden = pack({**parts, BOOK: parts[BOOK].replace(tag[0], state)})
    yield same("hidden sheet", hidden)


def other_kinds() -> Iterator[Case]:
    def office(main: str) -> bytes:
        kind = f"application/vnd.openxmlformats-officedocument.{main}.main+xml"
        types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/d.xml" ContentType="{kind}"/></Types>'
        link = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="'
            + RELS
            + b'/officeDocument" Target="d.xml"/></Relationships>'
        )
        return pack({TYPES: types.encode(), LINKS: link, "d.xml": b"<x/>"})

    yield refused("text document", office("wordprocessingml.document"), "FILE_OTHER_OFFICE")
    yield refused("presentation", office("presentationml.presentation"), "FILE_OTHER_OFFICE")
    odt = {**SMALL_ODS, "mimetype": b"application/vnd.oasis.opendocument.text"}
    yield refused("odt", pack(odt), "FILE_OTHER_OFFICE")
    yield refused("numbers", pack({"Index/Document.iwa": b"x"}), "FILE_IS_NUMBERS")
    yield refused("plain zip", pack({"brief.txt": b"x"}), "FILE_IS_ARCHIVE")
    for name, data, code in (
        ("empty", b"", "FILE_EMPTY"), ("blanks", b"\0" * 5000, "FILE_EMPTY"), ("blank lines", b"\r\n \n", "FILE_EMPTY"),
        ("csv", b"vraag;oordeel\r\n1;Voldoet\r\n", "FILE_IS_TEXT"), ("csv in latin-1", b"vraag;\xeb\r\n", "FILE_IS_TEXT"),
        ("html as xls", b"<html><table><tr><td>1</td></tr></table></html>", "FILE_IS_WEBPAGE"),
        ("html with mark", b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "FILE_IS_WEBPAGE"),
        ("saved web archive", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "FILE_IS_WEBPAGE"),
        ("excel 2003 xml", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "FILE_IS_XML"),
        ("flat ods", b'<?xml version="1.0"?><office:document/>', "FILE_IS_XML"),
        ("pdf", b"%PDF-1.7\n", "FILE_NOT_SPREADSHEET"), ("png", b"\x89PNG\r\n\x1a\n\0\0\0", "FILE_NOT_SPREADSHEET"),
        ("rtf", b"{\\rtf1 x}", "FILE_NOT_SPREADSHEET"), ("gzip", b"\x1f\x8b\x08\0\0\0\0\0", "FILE_NOT_SPREADSHEET"),
        ("program", b"MZ\x90\0\3\0\0\0", "FILE_NOT_SPREADSHEET"), ("random", bytes(range(256)), "FILE_NOT_SPREADSHEET"),
        ("ole header only", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "FILE_BROKEN"),
        ("ole of blanks", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "FILE_BROKEN"),
        ("ole of ones", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096, "FILE_BROKEN"),
        ("password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "FILE_ENCRYPTED"),
        ("first letters of a zip", b"PK\x03\x04", "FILE_CUT_OFF"), ("one letter", b"P", "FILE_IS_TEXT"),
    ):  # fmt: skip
        yield refused(name, data, code)


def ods() -> Iterator[Case]:
    """All against `SMALL_ODS`."""
    parts = SMALL_ODS

    def on(
        name: str,
        old: bytes,
        new: bytes,
        *codes: str,
        changed: dict[Spot, RawValue] | None = None,
        notes: tuple[str, ...] = (),
    ) -> Case:
        data = edited(parts, "content.xml", lambda p: p.replace(old, new, 1))
        return refused(name, data, *codes) if codes else same(name, data, *notes, changed=changed)

    close = b"</table:table>"
    blank_rows = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    yield on("ods million blank rows", close, blank_rows + close)
    filled = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>'
    yield on("ods million filled rows", close, filled + close)
    many = b'<table:table-row table:number-rows-repeated="1900"><table:table-cell table:number-columns-repeated="1900" office:value-type="float" office:value="1"/></table:table-row>'
    yield on("ods millions of cells", close, many + close, "FILE_TOO_MANY_CELLS")
    for count in ("0", "-1", "x", "99999999", "\u0661", "1e3"):
        text = b'<table:table-row table:number-rows-repeated="%s"/>' % count.encode()
        yield on(f"ods repeated {count} times", close, text + close, "FILE_BROKEN")
    yield on(
        "ods too wide",
        close,
        b'<table:table-row><table:table-cell table:number-columns-repeated="99999"/></table:table-row>'
        + close,
        "FILE_BROKEN",
    )
    for number in ("nan", "inf", "1_0", "x", ""):
        yield on(
            f"ods number {number!r}",
            b'office:value="1.5"',
            b'office:value="%s"' % number.encode(),
            changed={(0, 1): BROKEN},
            notes=("CELL_BROKEN",),
        )
    yield on(
        "ods date", b"2026-11-02", b"2026-13-45", changed={(0, 2): BROKEN}, notes=("CELL_BROKEN",)
    )
    yield on(
        "ods truth",
        b'boolean-value="true"',
        b'boolean-value="1"',
        changed={(1, 2): BROKEN, (2, 2): BROKEN},
        notes=("CELL_BROKEN",),
    )
    yield on(
        "ods error cell",
        b'<table:table-cell office:value-type="string">',
        b'<table:table-cell office:value-type="string" calcext:value-type="error">',
        changed={(0, 0): CellError("Voldoet")},
    )
    yield on(
        "ods comment",
        b"<text:p>Voldoet",
        b"<office:annotation><text:p>opmerking</text:p></office:annotation><text:p>Voldoet",
    )
    yield on(
        "ods runs and spaces",
        b"Voldoet",
        b'<text:span>Vol</text:span>do<text:s text:c="2"/>et',
        changed={(0, 0): "Voldo  et"},
    )
    yield on(
        "ods spaces bomb",
        b"Voldoet",
        b'Voldoet<text:s text:c="999999999"/>',
        changed={(0, 0): "Voldoet "},
    )
    yield on("ods unclosed", b"</office:body>", b"", "FILE_BROKEN")
    yield on("ods no sheets", b"table:table ", b"table:other ", "FILE_BROKEN")
    for attack, text in _ATTACKS.items():
        for name in ("content.xml", "META-INF/manifest.xml"):
            yield refused(
                f"ods doctype {attack} in {name}",
                pack({**parts, name: _after_declaration(parts[name], text)}),
                "FILE_DOCTYPE",
            )
    locked = parts["META-INF/manifest.xml"].replace(
        b"</manifest:manifest>",
        b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>',
    )
    yield refused(
        "ods with password", pack({**parts, "META-INF/manifest.xml": locked}), "FILE_ENCRYPTED_ODS"
    )
    yield same(
        "ods with macros", pack({**parts, "Basic/Standard/M.xml": b"<x/>"}), "FILE_HAS_MACROS"
    )
    yield refused("ods bomb", with_swollen(parts, "content.xml", 40 << 20), "FILE_BOMB")


def workbook_cases(base: bytes, seed: int) -> Iterator[Case]:
    """Everything that is done to a workbook in Open XML."""
    yield from container(base, seed)
    yield from attacks(base)
    yield from odd_xml(base)
    yield from cells(base)
    yield from active(base)


def saved_by_openpyxl(data: bytes) -> bytes:
    """The same values as another program writes them."""
    import warnings

    import openpyxl

    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        openpyxl.load_workbook(io.BytesIO(data), data_only=True).save(target)
    return target.getvalue()


BASES = ("small", "ours", "openpyxl")


@cache
def base_file(name: str) -> bytes:
    """What cases are made from: the smallest workbook, ours with answers, or that saved again."""
    from hkz_xlsx.sheets.sample import sample_inputs
    from hkz_xlsx.writing.workbook import write_workbook
    from tests.support import plan_of

    if name == "small":
        return pack(SMALL)
    plan = plan_of("nl")
    ours = write_workbook(plan, sample_inputs(plan))
    return ours if name == "ours" else saved_by_openpyxl(ours)


def all_files() -> Iterator[tuple[str, Case]]:
    """Every case with the name of what it was made from."""
    for name in BASES:
        base = base_file(name)
        for case in (*workbook_cases(base, 138), *bombs(base, 64)):
            yield name, case
    for case in (*other_kinds(), *ods()):
        yield "other", case


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, (origin, one) in enumerate(all_files()):
        slug = re.sub(r"\W+", "-", f"{origin} {one.name}")[:80]
        (folder / f"{number:04d}-{slug}.xlsx").write_bytes(one.data)
