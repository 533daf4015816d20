"""What people hang on the cells of a returned workbook: links, drawings, comments, page texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from tests.proof.hostile.package import pack, unpack

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_A14 = "http://schemas.microsoft.com/office/drawing/2010/main"
NAMES = f'xmlns:xdr="{_XDR}" xmlns:a="{_A}" xmlns:r="{_OFFICE}" xmlns:mc="{_MC}" xmlns:a14="{_A14}"'


@dataclass(frozen=True)
class Hung:
    """What is added to a sheet: XML behind its cells, relationships (id, type, target, external)
    and parts by name."""

    tail: str = ""
    rels: Sequence[tuple[str, str, str, bool]] = ()
    parts: Mapping[str, str | bytes] = field(default_factory=dict)


def sheet_part(data: bytes, title: str) -> str:
    parts = unpack(data)
    book = parts["xl/workbook.xml"].decode()
    match = re.search(rf'<sheet [^>]*name="{re.escape(title)}"[^>]*r:id="([^"]+)"', book)
    assert match is not None
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    link = re.search(
        rf'<Relationship (?=[^>]*Id="{match[1]}")[^>]*Target="/?(?:xl/)?([^"]+)"', rels
    )
    assert link is not None
    return f"xl/{link[1]}"


def hang(data: bytes, title: str, hung: Hung) -> bytes:
    """The workbook with more on one of its sheets."""
    parts = unpack(data)
    name = sheet_part(data, title)
    sheet = parts[name].decode()
    assert "</sheetData>" in sheet
    at = sheet.index("<tableParts") if "<tableParts" in sheet else sheet.index("</worksheet>")
    parts[name] = (sheet[:at] + hung.tail + sheet[at:]).encode()
    path = name.replace("worksheets/", "worksheets/_rels/") + ".rels"
    old = parts.get(path, f'<Relationships xmlns="{_RELS}"></Relationships>'.encode()).decode()
    new = "".join(
        f'<Relationship Id="{id_}" Type="{_OFFICE}/{type_}" Target={quoteattr(target)}'
        + (' TargetMode="External"/>' if external else "/>")
        for id_, type_, target, external in hung.rels
    )
    parts[path] = old.replace("</Relationships>", new + "</Relationships>").encode()
    for part, text in hung.parts.items():
        parts[part] = text if isinstance(text, bytes) else text.encode()
    return pack(parts)


def link(ref: str, target: str, location: str = "", *, number: int = 0) -> Hung:
    """A link on a cell or area; without a target inside the file."""
    where = f" location={quoteattr(location)}" if location else ""
    if not target:
        return Hung(f'<hyperlinks><hyperlink ref="{ref}"{where}/></hyperlinks>')
    key = f"rIdL{number}"
    tail = (
        f'<hyperlinks><hyperlink ref="{ref}" xmlns:r="{_OFFICE}" r:id="{key}"{where}/></hyperlinks>'
    )
    return Hung(tail, [(key, "hyperlink", target, True)])


def box(text: str, name: str = "Tekstvak 1", inside: str = "") -> str:
    """A text box."""
    lines = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (
        f'<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name={quoteattr(name)}>{inside}</xdr:cNvPr>'
        f'<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/>{lines}'
        "</xdr:txBody></xdr:sp>"
    )


def picture(name: str, key: str = "rId1") -> str:
    return (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name={quoteattr(name)}/><xdr:cNvPicPr/>'
        f'</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{key}"/></xdr:blipFill><xdr:spPr/></xdr:pic>'
    )


def group(*inside: str) -> str:
    return f"<xdr:grpSp><xdr:nvGrpSpPr/><xdr:grpSpPr/>{''.join(inside)}</xdr:grpSp>"


def frame(uri: str, inside: str, name: str = "Grafiek 9") -> str:
    return (
        f'<xdr:graphicFrame><xdr:nvGraphicFramePr><xdr:cNvPr id="3" name={quoteattr(name)}/>'
        "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm/><a:graphic>"
        f'<a:graphicData uri="{uri}">{inside}</a:graphicData></a:graphic></xdr:graphicFrame>'
    )


def anchor(body: str, row: int = 6, column: int = 9, kind: str = "twoCellAnchor") -> str:
    """A drawing in place; 0-based."""
    if kind == "absoluteAnchor":
        place = '<xdr:pos x="0" y="0"/><xdr:ext cx="9" cy="9"/>'
    else:
        place = f"<xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    if kind == "twoCellAnchor":
        place += f"<xdr:to><xdr:col>{column + 1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row + 2}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    return f"<xdr:{kind}>{place}{body}<xdr:clientData/></xdr:{kind}>"


def drawing(
    *anchors: str,
    rels: Sequence[tuple[str, str, str]] = (),
    parts: Mapping[str, str | bytes] | None = None,
) -> Hung:
    """A drawing part with its anchors, on a sheet that has none."""
    links = "".join(
        f'<Relationship Id="{id_}" Type="{_OFFICE}/{type_}" Target="{target}"/>'
        for id_, type_, target in rels
    )
    return Hung(
        f'<drawing xmlns:r="{_OFFICE}" r:id="rIdD"/>',
        [("rIdD", "drawing", "../drawings/drawing99.xml", False)],
        {
            "xl/drawings/drawing99.xml": f"<xdr:wsDr {NAMES}>{''.join(anchors)}</xdr:wsDr>",
            "xl/drawings/_rels/drawing99.xml.rels": f'<Relationships xmlns="{_RELS}">{links}</Relationships>',
            **(parts or {}),
        },
    )


VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">{}</xml>'
)


def vml_shape(kind: str, text: str, *, ticked: bool = False, number: int = 1025) -> str:
    """A shape of the older language, at J7."""
    state = "<x:Checked>1</x:Checked>" if ticked else ""
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t201"><v:textbox><div>'
        f"<font>{escape(text)}</font></div></v:textbox>"
        f'<x:ClientData ObjectType="{kind}"><x:Anchor>9, 0, 6, 0, 10, 0, 8, 0</x:Anchor>{state}'
        "</x:ClientData></v:shape>"
    )


def vml(*shapes: str) -> Hung:
    return Hung(
        f'<legacyDrawing xmlns:r="{_OFFICE}" r:id="rIdV"/>',
        [("rIdV", "vmlDrawing", "../drawings/vmlDrawing99.vml", False)],
        {"xl/drawings/vmlDrawing99.vml": VML.format("".join(shapes))},
    )
