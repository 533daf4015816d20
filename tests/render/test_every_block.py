"""One of every block in every format: none falls through in silence."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import get_args

import pypdf
import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.document import (
    Bar,
    Block,
    Card,
    Cards,
    Chart,
    Document,
    Fact,
    Facts,
    Flat,
    Fold,
    Grid,
    GridColumn,
    Heading,
    Item,
    Items,
    Lane,
    Mark,
    NumberCell,
    Pair,
    Paragraph,
    Picture,
    Section,
    Timeline,
)
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.render.plots import Divided, Field, Heat, Slope, Spread, Square, Stack, Warm
from tests.report.extract import text_of

ONE_OF_EACH: dict[type[Block], tuple[Block, tuple[str, ...]]] = {
    Paragraph: (Paragraph("alinea"), ("alinea",)),
    Heading: (Heading("tussenkop"), ("tussenkop",)),
    Facts: (Facts((Fact("etiket", "waarde", "noot", "middle"),)), ("etiket", "◐ waarde", "noot")),
    Items: (
        Items((Item("voorop", "midden", "staart", "+1,4 punt"),)),
        ("voorop", "+1,4 punt", "midden", "staart"),
    ),
    Pair: (
        Pair("links", Items((Item("a1", "appel"),)), "rechts", Items((Item("b1", "banaan"),))),
        ("links", "appel", "rechts", "banaan"),
    ),
    Grid: (
        Grid("k", "tabel", (GridColumn("kolom", 9), GridColumn("getal", 9, "percent")),
             (("rij", NumberCell(12.5, "percent")),)),
        ("kolom", "getal", "rij", "12,5 %"),
    ),
    Chart: (
        Chart("c", "plaatje", "wat te zien is", ("reeks",), (Bar("balk", (NumberCell(40.0, "percent"),)),)),
        ("wat te zien is",),
    ),
    Stack: (
        Stack("s", "stapel", "hoe de antwoorden zijn verdeeld", ("ja", "nee"), ("yes", "no"),
              (Divided("vraag", (NumberCell(40.0, "percent"), NumberCell(60.0, "percent"))),)),
        ("hoe de antwoorden zijn verdeeld",),
    ),
    Spread: (
        Spread("v", "spreiding", "hoe scores zijn gespreid", ("m", "k", "u", "d", "e"),
               (Field("rubriek", NumberCell(40.0, "percent")),)),
        ("hoe scores zijn gespreid",),
    ),
    Heat: (
        Heat("h", "kaart", "rubrieken naar groep", ("groep",),
             (Warm("rubriek", (Square(NumberCell(40.0, "percent")),)),)),
        ("rubrieken naar groep",),
    ),
    Slope: (
        Slope("l", "lijnen", "van eerder naar later", ("eerder", "later"), ((1.0, 2.0),),
              (NumberCell(1.0, "percent"), NumberCell(2.0, "percent")), ("organisatie", "midden")),
        ("van eerder naar later",),
    ),
    Timeline: (
        Timeline("t", "tijdlijn", "wat wanneer", (Lane("Jan", (Mark(46_328.0, "open"),)),),
                 (("open", "lopend"),), 46_300.0, "peildatum"),
        ("wat wanneer",),
    ),
    Cards: (
        Cards((Card("nummer", "kern", "vraag", ("merkje",), "verband", (("veld", "inhoud"),)),)),
        ("nummer", "kern", "vraag", "merkje", "verband", "veld", "inhoud"),
    ),
    Fold: (Fold("klapper", (Paragraph("binnenin"),), open=True), ("klapper", "binnenin")),
}  # fmt: skip


NOT_IN_A_CHAT = {"kern", "verband", "veld", "inhoud"}
"""What a chat does not have of a card; who reads more, opens the report."""


def _document(*blocks: Block) -> Document:
    first = Section("first", "eerste", (Paragraph("begin"),))
    second = Section("second", "tweede", blocks)
    return Document("nl", "titel", ("onder",), ("omslag",), (first, second), ("bericht",))


def _described(suffix: str, data: bytes) -> str:
    """What pictures are said to show."""
    match suffix:
        case ".docx":
            with zipfile.ZipFile(BytesIO(data)) as package:
                assert "word/media/image1.png" in package.namelist()
                return " ".join(
                    re.findall(r'descr="([^"]*)"', package.read("word/document.xml").decode())
                )
        case ".html":
            return " ".join(re.findall(r'<svg[^>]*aria-label="([^"]*)"', data.decode()))
        case ".pdf":
            figures = [str(o.get("/Alt")) for o in _objects(data) if o.get("/S") == "/Figure"]
            return " ".join(figures)
        case _:
            return ""


def _objects(data: bytes) -> Iterator[pypdf.generic.DictionaryObject]:
    reader = pypdf.PdfReader(BytesIO(data))
    for number in reader.xref_objStm | reader.xref.get(0, {}):
        found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        if isinstance(found, pypdf.generic.DictionaryObject):
            yield found


def test_every_block_is_here() -> None:
    assert set(ONE_OF_EACH) == {*get_args(Flat), Fold}


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_block_in_every_format(suffix: str, *, wide: bool) -> None:
    source = replace(_document(*(block for block, _ in ONE_OF_EACH.values())), wide=wide)
    data = FORMATS[suffix](source, NEUTRAL)
    found = text_of(suffix, data) + _described(suffix, data)
    for kind, (_, words) in ONE_OF_EACH.items():
        if issubclass(kind, Picture) and not FORMATS[suffix].pictures:
            continue  # the same numbers stand in a table
        for word in (*words, "titel", "onder", "omslag", "bericht"):
            if FORMATS[suffix].chat and word in NOT_IN_A_CHAT:
                continue
            assert word in found, (kind.__name__, word)


def test_what_looks_like_a_place_to_fill_stays_text() -> None:
    """In a Word file title and author are filled in; a title that names a place is only a title."""
    source = replace(_document(Paragraph("x")), title="@author@ @body@ & <b>")
    assert "@author@ @body@ & <b>" in text_of(".docx", FORMATS[".docx"](source, NEUTRAL))


@pytest.mark.parametrize("suffix", FORMATS)
def test_same_document_same_bytes(suffix: str) -> None:
    source = _document(*(block for block, _ in ONE_OF_EACH.values()))
    assert FORMATS[suffix](source, NEUTRAL) == FORMATS[suffix](source, NEUTRAL)


def test_an_item_without_a_lead_is_a_line_of_markdown() -> None:
    """Four asterisks around nothing would be four asterisks."""
    found = FORMATS[".md"](_document(Items((Item("", "geen enkele rubriek"),))), NEUTRAL).decode()
    assert "\n- geen enkele rubriek\n" in found
