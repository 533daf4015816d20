"""What python-docx has no words for: fields, repeated headers, shading, alt text, dates."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

CREATED = datetime(2020, 1, 1, tzinfo=UTC)
"""In every file: the same report must give the same bytes."""

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def element(name: str, /, **attributes: str) -> Any:  # noqa: ANN401 - an XML element of lxml
    """A Word element; attributes in the ``w`` namespace."""
    found = OxmlElement(name)
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), value)
    return found


def _mark(kind: str) -> Any:  # noqa: ANN401 - an XML element of lxml
    run = OxmlElement("w:r")
    run.append(element("w:fldChar", fldCharType=kind))
    return run


def _instruction(code: str) -> Any:  # noqa: ANN401 - an XML element of lxml
    run, text = OxmlElement("w:r"), OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    run.append(text)
    return run


def field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A field such as PAGE, with what stands there until Word computes it."""
    target = paragraph._p  # noqa: SLF001 - python-docx gives no other way
    for part in (_mark("begin"), _instruction(code), _mark("separate")):
        target.append(part)
    paragraph.add_run(shown)
    target.append(_mark("end"))


def contents(document: WordDocument, entries: list[tuple[str, str]]) -> None:
    """A table of contents: a field that Word renews, filled with links to ``(title, bookmark)``."""
    paragraphs = [document.add_paragraph(style="TOC 1") for _ in entries]
    for index, (paragraph, (title, bookmark)) in enumerate(zip(paragraphs, entries, strict=True)):
        target = paragraph._p  # noqa: SLF001 - python-docx gives no other way
        if index == 0:
            for part in (_mark("begin"), _instruction(r'TOC \o "1-1" \h \z \u'), _mark("separate")):
                target.append(part)
        link = element("w:hyperlink", anchor=bookmark, history="1")
        run = paragraph.add_run(title)
        link.append(run._r)  # noqa: SLF001
        target.append(link)
        if index == len(entries) - 1:
            target.append(_mark("end"))


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """A place that links and the table of contents point to."""
    target = paragraph._p  # noqa: SLF001 - python-docx gives no other way
    start = element("w:bookmarkStart", id=str(number), name=name)
    target.insert(1 if target.pPr is not None else 0, start)
    target.append(element("w:bookmarkEnd", id=str(number)))


def shade(cell: Any, color: str) -> None:  # noqa: ANN401 - a cell or paragraph of python-docx
    """Background of a cell."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    properties.append(element("w:shd", val="clear", color="auto", fill=color.lstrip("#")))


def shade_paragraph(paragraph: Paragraph, color: str) -> None:
    """Background of a paragraph."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.append(element("w:shd", val="clear", color="auto", fill=color.lstrip("#")))


def rules(table: Any, color: str) -> None:  # noqa: ANN401 - a table of python-docx
    """Thin lines between the rows."""
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = element(f"w:{side}", val="single", sz="4", space="0", color=color.lstrip("#"))
        borders.append(line)
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="55", type="dxa"))
    properties = table._tbl.tblPr  # noqa: SLF001
    look = properties.find(qn("w:tblLayout"))
    if look is None:
        properties.extend([borders, margins])
    else:  # the order of the schema
        look.addprevious(borders)
        look.addnext(margins)


def repeat_header(row: Any) -> None:  # noqa: ANN401 - a row of python-docx
    """The row stands again at the top of every page."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))  # noqa: SLF001


def describe_table(table: Any, title: str) -> None:  # noqa: ANN401 - a table of python-docx
    """Alternative text of a table."""
    table._tbl.tblPr.append(element("w:tblCaption", val=title))  # noqa: SLF001


def describe_picture(run: Any, alt: str) -> None:  # noqa: ANN401 - a run of python-docx
    """Alternative text of the picture in a run."""
    for properties in run._r.iter(qn("wp:docPr")):  # noqa: SLF001
        properties.set("descr", alt)


def set_language(document: WordDocument, code: str) -> None:
    """Language of all text, for spelling and screen readers."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        properties.append(element("w:lang", val=code, eastAsia=code))


def same_bytes(data: bytes) -> bytes:
    """The package with fixed dates and order of parts as written."""
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as copy,
    ):
        for part in source.infolist():
            entry = zipfile.ZipInfo(part.filename, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            copy.writestr(entry, source.read(part.filename))
    return target.getvalue()
