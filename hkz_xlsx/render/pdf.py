"""A report as a PDF: bookmarks, page numbers, tags; every text goes in as data, never as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import is_dataclass
from importlib import resources
from typing import Any

from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render.charts_on_pages import on_pages, part_titles
from hkz_xlsx.render.columns import column_widths, least_width
from hkz_xlsx.render.document import (
    Block,
    Card,
    Cards,
    Document,
    Facts,
    Fold,
    Grid,
    Items,
    Pair,
    Paragraph,
    Picture,
    Section,
    on_paper,
    shown,
)
from hkz_xlsx.render.row_heights import (
    INSET,
    LEADING,
    lines,
    row_height,
    stays_together,
    stays_whole,
)
from hkz_xlsx.render.together import TIE, WebAddress, parts, steps, tied
from hkz_xlsx.render.typeset import FONTS, LONGEST, one_kind_of_blank, settable, typeset_pdf
from hkz_xlsx.render.words import clean, shortened
from hkz_xlsx.text import Lang, messages

_LOGO_MM, _LOGO_HIGH_MM = 45.0, 22.0
_UPRIGHT_MM, _ON_ITS_SIDE_MM = 174.0, 261.0


def _block(block: Block, look: Look, lang: Lang, *, wide: bool) -> dict[str, Any]:
    kind = {"kind": type(block).__name__.lower()}
    if isinstance(block, Fold):
        return kind | {
            "title": block.title,
            "blocks": [_block(b, look, lang, wide=wide) for b in block.blocks],
        }
    if isinstance(block, Picture):
        parts = on_pages(block, look.palette, lang, wide=wide, across=True)
        drawn = [str(part.svg(clean(block.alt), ", ".join(FONTS), settable)) for part in parts]
        titles = part_titles(block.title, len(drawn), lang)
        return {"kind": "chart", "svg": drawn, "alt": block.alt, "titles": titles}
    if isinstance(block, Facts):
        return kind | {"facts": [_fields(f) | {"sign": f.sign} for f in block.facts]}
    if isinstance(block, Grid):
        return kind | _table(block, lang, wide=wide)
    if isinstance(block, Cards):
        return kind | {"cards": [_card(c) for c in block.cards]}
    if isinstance(block, Items):
        return kind | _items(block)
    if isinstance(block, Pair):
        left, right = _items(block.left_items), _items(block.right_items)
        return kind | _fields(block) | {"left_items": left, "right_items": right}
    if isinstance(block, Paragraph):
        return kind | {"text": said(block.text), "look": block.look, "target": block.target}
    return kind | _fields(block)


def _items(block: Items) -> dict[str, Any]:
    found = [_fields(i) | {"text": said(i.text), "tail": said(i.tail)} for i in block.items]
    return {"ordered": block.ordered, "items": found}


def _card(card: Card) -> dict[str, Any]:
    fields = [(label, said(text)) for label, text in card.fields]
    return _fields(card) | {"fields": fields, "whole": card.whole}


def _fields(one: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the blocks
    """As plain data; what stands in it is made plain with all other texts."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


_POINTS = 72 / 25.4
_BESIDE = 2 * INSET + 0.1
_SIZE, _SMALL, _MANY = 8.0, 7.5, 8
"""Letters of a table, and of one with many columns, in points."""


def _table(grid: Grid, lang: Lang, *, wide: bool) -> dict[str, Any]:
    """A table with the height of every row, where it can be known."""
    across = _ON_ITS_SIDE_MM if wide else _UPRIGHT_MM
    size = _SMALL if len(grid.columns) > _MANY else _SIZE
    rooms = column_widths(grid.columns, across * _POINTS, size, _BESIDE)
    letters = [_ACROSS * width / sum(rooms) for width in rooms]
    rows = [[_ready(shown(cell, lang)) for cell in row] for row in grid.rows]
    return {
        "columns": [
            {
                "header": c.header,
                "width": width,
                "right": c.right,
                "broken": least_width(c, size) > width - 2 * INSET,
            }
            for c, width in zip(grid.columns, rooms, strict=True)
        ],
        "size": size,
        "heights": [row_height(row, rooms, size) for row in rows],
        "together": stays_together(rows, rooms, size, wide=wide),
        "whole": [stays_whole(row, rooms, size) for row in rows],
        "cells": [_fitted(row, letters, rooms, size) for row in rows],
    }


def _ready(text: str) -> str:
    """A text with the only blanks of another kind at which no line ends."""
    return tied(one_kind_of_blank(clean(text), tied=True))


_ACROSS = 110
"""Letters of a table that fit beside each other on a page, more or less; fewer than do."""

Said = str | list[str | dict[str, Any]]
"""A text; or pieces of it, of which some are ``b``, boxes that are not broken, with an address
``to`` where they are a link."""


def _fitted(
    row: Sequence[str], letters: Sequence[float], rooms: Sequence[float], size: float
) -> list[str | dict[str, Any]]:
    """Texts of a row; with ``h`` what has a word longer than its column is wide, in letters."""
    found: list[str | dict[str, Any]] = []
    for number, (text, room, width) in enumerate(zip(row, letters, rooms, strict=True)):
        long = len(text) > room and any(len(word) > room for word in text.split())
        if TIE in text and lines(text, (width - 2 * INSET) / size, bold=not number) == 1:
            text = text.replace(TIE, " ")
        told = _pieces(text, room)
        found.append(told if isinstance(told, str) and not long else {"say": told, "h": long})
    return found


_SIGNS_OF_PATHS = re.compile(r"[/\\@_]|\w[.:]\w")
_TIED = 24
"""Letters of words that are tied together."""
_PIECE = 16
"""Letters of a path or an address between which a line may end."""


def said(text: str) -> Said:
    """A text of anyone as the fonts can show it, with what stays together and what leads
    somewhere; what it holds is data, never markup."""
    return _pieces(_ready(text), LONGEST)


def _pieces(flat: str, room: float) -> Said:
    """A text that is ready, in a column of so many letters; in pieces only where it must be:
    boxes take time."""
    led = "://" in flat or "mailto:" in flat
    if not led and TIE not in flat and len(flat) <= room:
        return settable(flat)
    found: list[str | dict[str, Any]] = []
    for part in parts(flat):
        if isinstance(part, WebAddress):
            pieces = steps(part.target, max(4, min(_PIECE, int(room))))
            found.append({"b": pieces, "to": part.target})
        else:
            found += _boxed(part, room)
    joined = [settable(one) if isinstance(one, str) else one for one in found]
    if all(isinstance(one, str) for one in joined):
        return "".join(map(str, joined))
    return joined


_WORD = re.compile("[^ \n\t]+")


def _boxed(text: str, room: float) -> list[str | dict[str, Any]]:
    """Plain text with boxes for tied words and for paths that are too long for a line."""
    if TIE not in text and (len(text) <= room or not any(len(w) > room for w in text.split())):
        return [text]
    found: list[str | dict[str, Any]] = []
    at = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if TIE in word:
            # Who pastes from the web may have such blanks only: a long text goes on as usual.
            short = len(word) <= min(room, _TIED)
            pieces = [settable(word.replace(TIE, " "))] if short else []
        elif len(word) > LONGEST or (len(word) > room and _SIGNS_OF_PATHS.search(word)):
            pieces = [settable(step) for step in steps(word, max(4, min(_PIECE, int(room))))]
        else:
            continue
        if pieces:
            found += [text[at : match.start()], {"b": pieces}]
            at = match.end()
    return [one for one in (*found, text[at:].replace(TIE, " ")) if one]


def _section(section: Section, look: Look, lang: Lang, *, wide: bool) -> dict[str, Any]:
    blocks = [_block(b, look, lang, wide=wide) for b in section.blocks]
    return {"title": section.title, "key": section.key, "blocks": blocks}


def logo_data(look: Look, lang: Lang) -> dict[str, Any] | None:
    """The logo of a template as a page takes it, not larger than its corner."""
    logo = look.logo
    if logo is None:
        return None
    width = min(_LOGO_MM, _LOGO_HIGH_MM * logo.width_px / max(1, logo.height_px))
    return {
        "data": list(logo.data),
        "format": logo.suffix,
        "alt": logo.alt.get(lang) or look.adviser or messages(lang)("report.logo"),
        "width": width,
    }


_SETTABLE = ("svg", "cells", "heights", "to")
"""Parts of the data that have no text, or whose texts can be set already."""


def settable_data(data: dict[str, Any]) -> dict[str, Any]:
    """Every text in plain data as the fonts can show it."""

    def one(value: Any) -> Any:  # noqa: ANN401 - plain data of any shape
        if isinstance(value, str):
            return settable(clean(value))
        if isinstance(value, list | tuple):
            return [one(v) for v in value]
        if isinstance(value, dict):
            return {k: v if k in _SETTABLE else one(v) for k, v in value.items()}
        return one(_fields(value)) if is_dataclass(value) else value

    return {key: one(value) for key, value in data.items()}


_OTHER = re.compile("[^\x00-\u024f\u2010-\u2bff\u200b]")
"""Letters of other scripts. The typesetter cannot do without kerning there; and so it stays on in
the whole report, and heights of rows are found by the typesetter."""


def typeset(document: Document, look: Look) -> bytes:
    """A document as a PDF."""
    text, lang, palette = messages(document.lang), document.lang, look.palette
    body, annexes = on_paper(document)
    data: dict[str, Any] = {
        "lang": lang,
        "wide": document.wide,
        "cover_page": look.cover_page,
        "title": document.title,
        "author": look.adviser or "hkz_xlsx",
        "subtitle": document.subtitle,
        "cover": document.cover,
        "footer": shortened(document.title, 90),
        "page": text("print.page"),
        "contents": text("report.contents"),
        "notices": document.notices,
        "leading": LEADING,
        "inset": INSET,
        "body": [_section(s, look, lang, wide=document.wide) for s in body],
        "annexes": [_section(s, look, lang, wide=document.wide) for s in annexes],
        "colors": {
            "dark": palette.dark, "accent": palette.accent, "soft": palette.soft,
            "line": palette.line, "grey": palette.grey_text, "attention": palette.attention,
            "good": palette.good, "middle": palette.input_fill, "second": palette.second,
        },
    }  # fmt: skip
    ready = settable_data(data)
    ready["fonts"] = list(FONTS)
    ready["logo"] = logo_data(look, lang)
    source = (resources.files("hkz_xlsx") / "render" / "pages" / "document.typ").read_bytes()
    told = one_kind_of_blank(json.dumps(ready, ensure_ascii=False))
    return typeset_pdf(source, {"data": told, "kerning": "yes" if _OTHER.search(told) else ""})
