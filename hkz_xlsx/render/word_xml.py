"""Paragraphs, tables and pictures of a Word document, as the XML that python-docx would write.

Building the elements one by one took three quarters of the time of a report; a string takes none.
Order of elements and attributes is that of the schema (ISO/IEC 29500-1, 17.3 and 17.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hkz_xlsx.render.together import tied
from hkz_xlsx.render.words import clean

_BREAKS = re.compile(r"([\n\t])")
_MM, _TWIP = 36_000, 635
"""Millimetres and twentieths of a point, in English Metric Units."""
POINT = 20
"""Twips of a point."""

DRAWING_ROOM = "http://schemas.openxmlformats.org/drawingml/2006/"


def escaped(text: str) -> str:
    """Text as it stands in an element."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def attribute(text: str) -> str:
    """Text as it stands in an attribute."""
    found = escaped(text).replace('"', "&quot;")
    return found.replace("\n", "&#10;").replace("\t", "&#9;")


def _piece(text: str) -> str:
    if text == "\n":
        return "<w:br/>"
    if text == "\t":
        return "<w:tab/>"
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:t{space}>{escaped(text)}</w:t>"


def run(text: str, look: str = "") -> str:
    """A piece of text; ``look`` holds run properties as XML. What no format can hold goes, and
    what belongs together stands on one line."""
    known = tied(clean(text))
    if "\n" in known or "\t" in known:
        inside = "".join(_piece(one) for one in _BREAKS.split(known) if one)
    elif known:
        inside = _piece(known)
    else:
        return f"<w:r>{look}</w:r>" if look else "<w:r/>"
    return f"<w:r>{look}{inside}</w:r>"


def link(relation: str, text: str, color: str) -> str:
    """A piece of text that leads out of the file; of no language, so that it gets no hyphens.

    Args:
        relation: id of the relation that says where.
        text: what is shown: the address.
        color: of the letters, as ``#RRGGBB``.
    """
    look = (
        f'<w:rPr><w:color w:val="{color.lstrip("#")}"/><w:u w:val="single"/>'
        '<w:lang w:val="zxx"/></w:rPr>'
    )
    return f'<w:hyperlink r:id="{relation}" w:history="1">{run(text, look)}</w:hyperlink>'


def inside_link(bookmark: str, inside: str) -> str:
    """Runs, as XML, that lead to a bookmark in the file."""
    return f'<w:hyperlink w:anchor="{bookmark}" w:history="1">{inside}</w:hyperlink>'


def properties(*, bold: bool = False, color: str = "", half_points: int = 0) -> str:
    """Run properties.

    Args:
        bold: heavy letters.
        color: as ``#RRGGBB``; empty leaves that of the style.
        half_points: size of the letters in half points; 0 leaves that of the style.

    Returns:
        empty where the style decides everything.
    """
    found = "<w:b/>" if bold else ""
    if color:
        found += f'<w:color w:val="{color.lstrip("#")}"/>'
    if half_points:
        found += f'<w:sz w:val="{half_points}"/>'
    return f"<w:rPr>{found}</w:rPr>" if found else ""


def paragraph(style: str, inside: str = "", more: str = "") -> str:
    """A paragraph in a style.

    Args:
        style: its id, which is not its name in Word.
        inside: runs, as XML.
        more: properties after the style, as XML.
    """
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def shade(color: str) -> str:
    """A background."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{color.lstrip("#")}"/>'


PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def bookmarked(style: str, inside: str, name: str, number: int) -> str:
    """A paragraph that links and the table of contents point to.

    Args:
        style: id of its style.
        inside: runs, as XML.
        name: what links point to; Word knows no blanks in it.
        number: one of its own in the file.
    """
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
    return paragraph(style, f'{start}{inside}<w:bookmarkEnd w:id="{number}"/>')


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def contents(entries: Sequence[tuple[str, str]], width: int) -> str:
    """Links to ``(title, bookmark)`` with the number of the page, as wide as so many twips.

    Each number is a field of its own: LibreOffice computes those when it opens a file, and Word
    when it is told to (see `word_base`) and when it prints; a table of contents stays as it was.
    """
    tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{width}"/></w:tabs>'
    found = []
    for title, bookmark in entries:
        link_ = inside_link(bookmark, f"{run(title)}<w:r><w:tab/></w:r>")
        code = (
            f'<w:r><w:instrText xml:space="preserve"> PAGEREF {bookmark} \\h </w:instrText></w:r>'
        )
        number = _mark("begin") + code + _mark("separate") + run("") + _mark("end")
        found.append(paragraph("TOC1", link_ + number, tab))
    return "".join(found)


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(int(millimetres * _MM) / _TWIP)


def cell(width: int, inside: str, fill: str = "") -> str:
    """A cell of a table.

    Args:
        width: in twips, twentieths of a point.
        inside: paragraphs, as XML; Word refuses a cell without one.
        fill: background as ``#RRGGBB``; empty for none.
    """
    shaded = shade(fill) if fill else ""
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{shaded}</w:tcPr>{inside}</w:tc>'


def row(cells: Iterable[str], *, header: bool = False, whole: bool = False) -> str:
    """A row of a table.

    Args:
        cells: as XML.
        header: it stands again at the top of every page.
        whole: it is never divided over two pages, as a header is not.
    """
    found = "<w:cantSplit/>" if whole or header else ""
    found += "<w:tblHeader/>" if header else ""
    told = f"<w:trPr>{found}</w:trPr>" if found else ""
    return f"<w:tr>{told}{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], rows: Iterable[str], title: str, line: str = "") -> str:
    """A table of fixed widths.

    Args:
        widths: of its columns, in twips.
        rows: as XML.
        title: for screen readers; escaped here.
        line: colour of thin lines between rows; empty for none.
    """
    borders = margins = ""
    if line:
        color = line.lstrip("#")
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{color}"/>'
            for side in ("top", "bottom", "insideH")
        )
        borders = f"<w:tblBorders>{lines}</w:tblBorders>"
        sides = "".join(f'<w:{side} w:w="55" w:type="dxa"/>' for side in ("left", "right"))
        margins = f"<w:tblCellMar>{sides}</w:tblCellMar>"
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        '<w:tbl><w:tblPr><w:tblW w:type="auto" w:w="0"/><w:jc w:val="left"/>'
        f'{borders}<w:tblLayout w:type="fixed"/>{margins}'
        '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" '
        f'w:noHBand="0" w:noVBand="1" w:val="04A0"/><w:tblCaption w:val="{attribute(title)}"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def picture(number: int, relation: str, name: str, size: tuple[int, int], alt: str) -> str:
    """A picture in a paragraph of its own.

    Args:
        number: one of its own in the file.
        relation: id of the relation that leads to its part.
        name: of the file inside.
        size: width and height in English Metric Units, 36,000 to a millimetre.
        alt: description for screen readers; escaped here.
    """
    wide, high = size
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:a="{DRAWING_ROOM}main" '
        f'xmlns:pic="{DRAWING_ROOM}picture"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="Picture {number}" descr="{attribute(alt)}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{DRAWING_ROOM}picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="0" name="{attribute(name)}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )
