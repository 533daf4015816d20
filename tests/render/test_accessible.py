"""What EN 301 549 asks of documents (chapter 10: WCAG 2.1 for files), read from the files themselves.

Not a certificate: whether a text describes its picture well, a person says. See docs/reports.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.norm.select import select
from hkz_xlsx.report.paper_form import paper_form
from tests.report.test_formats import data_of
from tests.support import library

PDFS = ("nearly", "half", "form")


@dataclass
class Tag:
    """An element of the structure of a PDF, by the role it stands for."""

    role: str
    entry: DictionaryObject
    inside: list[Tag] = field(default_factory=list)

    def all(self) -> Iterator[Tag]:
        """This one and all within it, in reading order."""
        yield self
        for one in self.inside:
            yield from one.all()


@cache
def pdf_of(name: str) -> pypdf.PdfReader:
    if name == "form":
        return pypdf.PdfReader(BytesIO(paper_form(select(library(), ("125",)), NEUTRAL, "nl")))
    return pypdf.PdfReader(BytesIO(data_of(name, ".pdf")))


def _tag(entry: Any, roles: dict[str, str]) -> Tag | None:
    entry = entry.get_object() if isinstance(entry, IndirectObject) else entry
    if not isinstance(entry, DictionaryObject) or "/S" not in entry:
        return None
    role = str(entry["/S"])
    kids = entry.get("/K", [])
    kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
    found = Tag(roles.get(role, role), entry)
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        if (one := _tag(kid, roles)) is not None:
            found.inside.append(one)
    return found


@cache
def tags_of(name: str) -> tuple[Tag, ...]:
    root: Any = pdf_of(name).trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    roles = {str(k): str(v) for k, v in dict(root.get("/RoleMap", {})).items()}
    kids = root["/K"]
    kids = kids if isinstance(kids, ArrayObject) else [kids]
    tops = [top for kid in kids if (top := _tag(kid, roles)) is not None]
    return tuple(one for top in tops for one in top.all())


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_says_what_it_is(name: str) -> None:
    """Title, language, tags, a title in the window, and the standard it follows (9.2.4.2, 9.3.1.1)."""
    root: Any = pdf_of(name).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not None
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    about = root["/Metadata"].get_data().decode("utf-8")
    assert re.search(r"pdfuaid:part(>|=\")1", about)
    metadata = pdf_of(name).metadata
    assert metadata is not None
    assert metadata.title


@pytest.mark.parametrize("name", PDFS)
def test_headings_of_a_pdf_skip_no_level(name: str) -> None:
    levels = [int(t.role[2]) for t in tags_of(name) if re.fullmatch(r"/H[1-6]", t.role)]
    assert levels
    assert levels[0] == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))


@pytest.mark.parametrize("name", PDFS)
def test_tables_of_a_pdf_have_headers(name: str) -> None:
    """Rows of one width, and a header cell for every column that says what it is a header of."""
    tables = [t for t in tags_of(name) if t.role == "/Table"]
    assert tables or name == "form"
    for table in tables:
        rows = [t for t in table.all() if t.role == "/TR"]
        assert rows
        heads = [t for t in table.all() if t.role == "/TH"]
        assert heads
        for head in heads:
            attributes = head.entry.get("/A", {})
            listed = attributes if isinstance(attributes, ArrayObject) else [attributes]
            found = [dict(one.get_object()) for one in listed]
            assert any("/Scope" in one for one in found)


@pytest.mark.parametrize("name", PDFS)
def test_pictures_of_a_pdf_are_described(name: str) -> None:
    pictures = [one for one in tags_of(name) if one.role in ("/Figure", "/Formula")]
    assert pictures or name == "form"
    for one in pictures:
        assert str(one.entry.get("/Alt", "")).strip()


@pytest.mark.parametrize("name", PDFS)
def test_links_of_a_pdf_are_links_and_pages_are_read_in_order(name: str) -> None:
    """Tab follows the structure; every link on a page is one in the structure too."""
    links = 0
    for page in pdf_of(name).pages:
        annotations = [one.get_object() for one in page.get("/Annots", [])]
        links += sum(one["/Subtype"] == "/Link" for one in annotations)
        if annotations:
            assert page.get("/Tabs") == "/S"
    assert links == 0 or any(t.role == "/Link" for t in tags_of(name))


@pytest.mark.parametrize("name", ["nearly", "half"])
def test_a_word_report_has_structure(name: str) -> None:
    """Title, language, headings without a gap, header rows, described pictures (10.1.3.1)."""
    data = data_of(name, ".docx")
    found = docx.Document(BytesIO(data))
    assert found.core_properties.title
    with ZipFile(BytesIO(data)) as package:
        assert 'w:lang w:val="nl-NL"' in package.read("word/styles.xml").decode()
    styles = (p.style.name for p in found.paragraphs if p.style and p.style.name)
    levels = [int(s.removeprefix("Heading ")) for s in styles if re.fullmatch(r"Heading \d", s)]
    assert levels[0] == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))
    for table in found.tables:
        if len(table.rows) > 1:
            properties = table.rows[0]._tr.trPr
            assert properties is not None
            assert properties.find(qn("w:tblHeader")) is not None
        merged = [cell for row in table.rows for cell in row._tr.iter(qn("w:vMerge"))]
        assert not merged, "a reader aloud loses its way in cells over several rows"
    for picture in found.element.body.iter(qn("wp:docPr")):
        assert picture.get("descr")
