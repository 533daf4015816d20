"""A document as a Word file: real headings, tables a consultant can edit, pictures described."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import assert_never

from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import word_xml as xml
from hkz_xlsx.render.charts_on_pages import on_pages, part_titles
from hkz_xlsx.render.columns import column_widths
from hkz_xlsx.render.document import (
    Block,
    Card,
    Cards,
    Document,
    Fact,
    Facts,
    Fold,
    Grid,
    Heading,
    Items,
    Pair,
    Paragraph,
    Picture,
    Section,
    Tone,
    on_paper,
    shown,
)
from hkz_xlsx.render.row_heights import stays_together, stays_whole
from hkz_xlsx.render.together import WebAddress, parts
from hkz_xlsx.render.typeset import FONTS, picture_png, settable
from hkz_xlsx.render.word_base import TABLE_POINTS, Media, base, media_of
from hkz_xlsx.render.words import clean, shortened
from hkz_xlsx.text import messages

_TEXT_MM, _WIDE_MM = 174.0, 261.0
_TILES = 4
"""Facts beside each other."""
_LOGO_MM, _LOGO_HIGH_MM = 45.0, 22.0
_MOST = 255
"""Characters of a title or author among the properties of a file."""

_HEAD, _BESIDE = 15, 6.0
"""Headers of a table in half points; what cells keep free left and right, in points."""

_BOLD = xml.properties(bold=True)
_PLAIN = "<w:rPr/>"
_EMPTY = xml.paragraph("Tabletext")
_KEEP, _LINES = "<w:keepNext/>", "<w:keepLines/>"
_TIGHT = '<w:spacing w:after="40"/>'
_HANGING = f'{_TIGHT}<w:ind w:left="397" w:hanging="283"/>'
_WHOLE_WORDS = "<w:suppressAutoHyphens/>"
_RIGHT = '<w:jc w:val="right"/>'


class _Writer:
    """Walks a document and writes its XML."""

    def __init__(self, source: Document, look: Look) -> None:
        self.source, self.look, self.lang = source, look, source.lang
        self.base = base(look.palette, source.lang, wide=source.wide)
        self.room = _WIDE_MM if source.wide else _TEXT_MM
        self.out: list[str] = []
        self.media: dict[bytes, Media] = {}
        self.links: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.marks = self.pictures = 0
        self.keep = False
        palette = look.palette
        self.led = xml.properties(color=palette.accent)
        self.grey = xml.properties(color=palette.grey_text)
        self.badge = xml.properties(bold=True, color=palette.accent)
        self.fills: dict[Tone, str] = {
            "": palette.soft, "open": palette.soft, "low": palette.attention,
            "middle": palette.input_fill, "good": palette.good,
        }  # fmt: skip

    def _widths(self, shares: list[float]) -> list[int]:
        """Widths of columns in twips, by their share of the page."""
        total = sum(shares)
        return [xml.twips(self.room * share / total) for share in shares]

    def _relation(self) -> str:
        """Id of the next picture or address of the file."""
        return f"rId{self.base.relations + len(self.media) + len(self.links) + 1}"

    def _said(self, text: str, look: str = "") -> str:
        """Runs of a text of anyone, with its safe addresses as links."""
        if "://" not in text and "mailto:" not in text:
            return xml.run(text, look)
        found = []
        for part in parts(clean(text)):
            if isinstance(part, WebAddress):
                relation = self.links.setdefault(part.target, self._relation())
                found.append(xml.link(relation, part.target, self.look.palette.accent))
            else:
                found.append(xml.run(part, look))
        return "".join(found)

    # Blocks

    def _heading(self, text: str, level: int, more: str = "") -> None:
        self.out.append(xml.paragraph(f"Heading{level}", xml.run(text), more))

    def _paragraph(self, block: Paragraph) -> None:
        style = {"small": "Small", "notice": "Notice"}.get(block.look, "Normal")
        inside = self._said(block.text, _BOLD if block.look == "strong" else _PLAIN)
        if block.target:
            inside = xml.inside_link(self.places[block.target], xml.run(block.text, self.led))
        more = _KEEP if self.keep else ""
        more += xml.shade(self.look.palette.attention) if block.look == "notice" else ""
        self.out.append(xml.paragraph(style, inside, more))

    def _facts(self, block: Facts) -> None:
        for first in range(0, len(block.facts), _TILES):
            self._tiles(block.facts[first : first + _TILES])

    def _tiles(self, facts: Sequence[Fact]) -> None:
        palette = self.look.palette
        widths = self._widths([1.6 if f.tone else 1.0 for f in facts])
        big = xml.properties(bold=True, color=palette.dark, half_points=26)
        cells = []
        for fact, width in zip(facts, widths, strict=True):
            lines = [(fact.label, self.grey), (f"{fact.sign} {fact.value}".strip(), big)]
            lines += [(fact.note, self.grey)] if fact.note else []
            inside = "".join(xml.paragraph("Tabletext", xml.run(*line)) for line in lines)
            cells.append(xml.cell(width, inside, self.fills[fact.tone]))
        title = messages(self.lang)("report.summary")
        self.out += xml.table(widths, [xml.row(cells)], clean(title)), _EMPTY

    def _items(self, block: Items) -> str:
        found = []
        alone = {1, len(block.items) - 1} - {len(block.items)}  # no item is, at the end of a page
        for number, item in enumerate(block.items, 1):
            keep = _KEEP if number in alone else ""
            badge = xml.run(f" {item.badge}", self.badge) if item.badge else ""
            inside = xml.run(item.lead, _BOLD) + badge + self._said(f" {item.text}")
            if item.tail:
                inside += self._said(f" – {item.tail}", self.grey)
            if block.ordered:
                # Numbers are typed: a numbered list of Word would go on counting in the next list.
                inside = xml.run(f"{number}. ") + inside
                found.append(xml.paragraph("Normal", inside, keep + _HANGING))
            else:
                found.append(xml.paragraph("ListBullet", inside, keep))
        return "".join(found)

    def _pair(self, block: Pair) -> None:
        widths = self._widths([1, 1])
        cells = [
            xml.cell(width, xml.paragraph("Heading2", xml.run(title)) + self._items(items))
            for width, (title, items) in zip(widths, block.sides, strict=True)
        ]
        title = clean(f"{block.left} · {block.right}")
        self.out.append(xml.table(widths, [xml.row(cells)], title))

    def _grid(self, block: Grid) -> None:
        palette = self.look.palette
        room = xml.twips(self.room) / xml.POINT
        shares = column_widths(block.columns, room, _HEAD / 2, _BESIDE)
        widths = [round(share * xml.POINT) for share in shares]
        head = xml.properties(bold=True, color="#FFFFFF", half_points=_HEAD)
        looks = [
            (width, _BOLD if index == 0 else _PLAIN, _RIGHT if column.right else "")
            for index, (width, column) in enumerate(zip(widths, block.columns, strict=True))
        ]
        rooms = [width / xml.POINT for width in widths]
        lines = [[shown(value, self.lang) for value in values] for values in block.rows]
        together = stays_together(lines, rooms, TABLE_POINTS, wide=self.source.wide)
        keep = _KEEP if together else ""
        heads = (
            xml.cell(
                width,
                xml.paragraph("Tabletext", xml.run(c.header, head), keep + _WHOLE_WORDS + side),
                palette.dark,
            )
            for c, (width, _, side) in zip(block.columns, looks, strict=True)
        )
        rows = [xml.row(heads, header=True)]
        for number, texts in enumerate(lines, 1):
            tie = keep if number < len(lines) else ""
            cells = (
                xml.cell(width, xml.paragraph("Tabletext", self._said(text, look), tie + side))
                for text, (width, look, side) in zip(texts, looks, strict=True)
            )
            rows.append(xml.row(cells, whole=stays_whole(texts, rooms, TABLE_POINTS)))
        self.out += xml.table(widths, rows, clean(block.title), palette.line), _EMPTY

    def _picture(self, data: bytes, millimetres: float, alt: str) -> None:
        key = hashlib.sha256(data).digest()
        if key not in self.media:
            number = len(self.media) + 1
            self.media[key] = media_of(data, number, self._relation(), millimetres)
        self.pictures += 1
        one = self.media[key]
        found = xml.picture(self.pictures, one.relation, one.natural, one.size, clean(alt))
        self.out.append(found)

    def _chart(self, block: Picture) -> None:
        parts = on_pages(block, self.look.palette, self.lang, wide=self.source.wide, across=True)
        titles = part_titles(block.title, len(parts), self.lang)
        for part, title in zip(parts, titles, strict=True):
            self.out.append(xml.paragraph("Normal", xml.run(title, _BOLD), _KEEP))
            drawn = part.svg(clean(block.alt), ", ".join(FONTS), settable)
            self._picture(picture_png(str(drawn)), self.room, block.alt)

    def _card(self, card: Card, level: int) -> None:
        core = f" ★ {card.core}" if card.core else ""
        whole = _LINES if card.whole else ""
        self._heading(f"{card.lead}{core} – {card.text}", level, whole)
        tags = xml.run(" · ".join(card.tags), _BOLD) + xml.run(f" · {card.context}")
        self.out.append(xml.paragraph("Small", tags, (_KEEP if card.fields else "") + whole))
        for number, (label, value) in enumerate(card.fields, 1):
            keep = _KEEP if card.whole and number < len(card.fields) else ""
            line = xml.run(f"{label}: ", self.grey) + self._said(value)
            self.out.append(xml.paragraph("Normal", line, keep + whole + _TIGHT))

    def _block(self, block: Block, level: int) -> None:
        if isinstance(block, Picture):
            self._chart(block)
            return
        match block:
            case Paragraph():
                self._paragraph(block)
            case Heading():
                self._heading(block.text, level)
            case Facts():
                self._facts(block)
            case Items():
                self.out.append(self._items(block))
            case Pair():
                self._pair(block)
            case Grid():
                self._grid(block)
            case Cards():
                for card in block.cards:
                    self._card(card, level)
            case Fold():
                self._heading(block.title, level)
                for inner in block.blocks:
                    self._block(inner, level + 1)
            case _:
                assert_never(block)

    # The whole

    def _section(self, section: Section) -> None:
        self.marks += 1
        name = f"s{self.marks}"
        self.out.append(xml.bookmarked("Heading1", xml.run(section.title), name, self.marks))
        for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=True):
            # A note stays on the page of what it is about.
            self.keep = isinstance(after, Picture | Grid)
            self._block(block, 2)
        self.keep = False

    def _cover(self) -> None:
        logo = self.look.logo
        if logo is not None:
            width = min(_LOGO_MM, _LOGO_HIGH_MM * logo.width_px / max(1, logo.height_px))
            alt = logo.alt.get(self.lang) or self.look.adviser or messages(self.lang)("report.logo")
            self._picture(logo.data, width, alt)
        self.out.append(xml.paragraph("Title", xml.run(self.source.title)))
        for line in (*self.source.subtitle, *self.source.cover):
            self.out.append(xml.paragraph("Small", xml.run(line)))

    def _contents(self, sections: Sequence[Section]) -> None:
        title = xml.run(messages(self.lang)("report.contents"), xml.properties(half_points=28))
        self.out += xml.PAGE_BREAK, xml.paragraph("Title", title)
        entries = [(s.title, f"s{n}") for n, s in enumerate(sections, 1)]
        self.out.append(xml.contents(entries, xml.twips(self.room)))

    def write(self) -> bytes:
        """The bytes of the file."""
        body, annexes = on_paper(self.source)
        self.places = {s.key: f"s{n}" for n, s in enumerate((*body, *annexes), 1)}
        self._cover()
        if self.look.cover_page:
            self.out.append(xml.PAGE_BREAK)
        self._section(body[0])
        if len(self.source.sections) > 1:
            self._contents((*body, *annexes))
        for section in (*body[1:], *annexes):
            self._section(section)
        for notice in self.source.notices:
            self.out.append(xml.paragraph("Small", xml.run(notice)))
        title, author = clean(self.source.title), self.look.adviser[:_MOST] or "hkz_xlsx"
        texts = title[:_MOST], author, shortened(title, 90)
        numbered = len(self.source.sections) > 1
        related = list(self.media.values()), self.links
        return self.base.file("".join(self.out), texts, related, numbered=numbered)


def word_file(document: Document, look: Look) -> bytes:
    """The bytes of the file."""
    return _Writer(document, look).write()
