"""Taking packages apart and putting them together again, rightly and wrongly."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable

Parts = dict[str, bytes]
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
RELS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELS = b"http://purl.oclc.org/ooxml/officeDocument/relationships"


def unpack(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Iterable[tuple[str, bytes]] | Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """In the order given, with a fixed time; the same name may come twice."""
    items = parts.items() if isinstance(parts, dict) else parts
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, body in items:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.NameToInfo.pop(name, None)  # no warning for a name that comes twice
            archive.writestr(info, body)
    return target.getvalue()


def edited(parts: Parts, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """One part changed; a change that changes nothing is a mistake in the recipe."""
    new = change(parts[name])
    assert new != parts[name], f"nothing changed in {name}"
    return pack({**parts, name: new})


def entry(data: bytes, name: str) -> tuple[int, int]:
    """Where the local header and the line in the table of contents of a part are."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(name).header_offset
        at = archive.start_dir
    while data[at : at + 4] == b"PK\x01\x02":
        length, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        if data[at + 46 : at + 46 + length] == name.encode():
            return local, at
        at += 46 + length + extra + comment
    raise KeyError(name)


def poke(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def first_cell(sheet: bytes) -> tuple[re.Match[bytes], tuple[int, int]]:
    """The first cell with a shared or inline text, and its place."""
    match = re.search(
        rb'<c r="([A-Z]+)(\d+)"([^>]*?) t="(?:s|inlineStr)"([^>]*)>(?:<v>\d+</v>|<is>.*?</is>)</c>',
        sheet,
    )
    assert match is not None
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return match, (int(match[2]) - 1, column - 1)


def with_cell(sheet: bytes, kind: str, inside: str) -> bytes:
    """The first text cell with another type and content."""
    match, _ = first_cell(sheet)
    type_ = f' t="{kind}"' if kind else ""
    cell = f'<c r="{match[1].decode()}{match[2].decode()}"{type_}>{inside}</c>'.encode()
    return sheet[: match.start()] + cell + sheet[match.end() :]


SMALL = {
    "[Content_Types].xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
    "_rels/.rels": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="' + RELS + b'/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="' + RELS + b'/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="' + RELS + b'/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="' + RELS + b'/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="' + MAIN + b'" xmlns:r="' + RELS + b'"><workbookPr defaultThemeVersion="124226"/><sheets><sheet name="Blad 1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/worksheets/sheet1.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="' + MAIN + b'"><dimension ref="A1:C4"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2"><v>1.5</v></c><c r="B2" s="1"><v>46328</v></c><c r="C2" t="b"><v>1</v></c></row><row r="4" hidden="1"><c r="A4" t="inlineStr"><is><t>R&amp;D &#235;</t></is></c><c r="B4" t="e"><v>#N/A</v></c><c r="C4"><f>A2*2</f><v>3</v></c></row></sheetData></worksheet>',
    "xl/sharedStrings.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="' + MAIN + b'" count="2" uniqueCount="2"><si><t>Voldoet</t></si><si><t xml:space="preserve"> niet \xc3\xab</t></si></sst>',
    "xl/styles.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="' + MAIN + b'"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}  # fmt: skip
"""The smallest workbook with every type of cell."""

_O = b"urn:oasis:names:tc:opendocument:xmlns:"
SMALL_ODS = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="' + _O + b'manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
    "content.xml": b'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="' + _O + b'office:1.0" xmlns:table="' + _O + b'table:1.0" xmlns:text="' + _O + b'text:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet><table:table table:name="Blad 1"><table:table-row><table:table-cell office:value-type="string"><text:p>Voldoet</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1.5"><text:p>1,5</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-11-02"><text:p>2-11-2026</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAAR</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>',
}  # fmt: skip
