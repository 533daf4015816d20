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
    Picture,
    Section,
    on_paper,
    shown,
)
from hkz_xlsx.render.row_heights import INSET, LEADING, row_height, stays_whole
from hkz_xlsx.render.typeset import FONTS, settable, typeset_pdf
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
        return kind | _table(block, lang, _ON_ITS_SIDE_MM if wide else _UPRIGHT_MM)
    if isinstance(block, Cards):
        return kind | {"cards": [_fields(c) | {"whole": _short(c)} for c in block.cards]}
    return kind | _fields(block)


_WHOLE = 1_500
"""Letters of a card that is never divided over two pages."""


def _short(card: Card) -> bool:
    return (
        len(card.text) + sum(len(text) + text.count("\n") * 80 for _, text in card.fields) < _WHOLE
    )


def _fields(one: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the blocks
    """As plain data; what stands in it is made plain with all other texts."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


_POINTS = 72 / 25.4
_BESIDE = 2 * INSET + 0.1
_SIZE, _SMALL, _MANY = 8.0, 7.5, 8
"""Letters of a table, and of one with many columns, in points."""


def _table(grid: Grid, lang: Lang, across: float) -> dict[str, Any]:
    """A table with the height of every row, where it can be known."""
    size = _SMALL if len(grid.columns) > _MANY else _SIZE
    rooms = column_widths(grid.columns, across * _POINTS, size, _BESIDE)
    letters = [_ACROSS * width / sum(rooms) for width in rooms]
    rows = [[settable(clean(shown(cell, lang))) for cell in row] for row in grid.rows]
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
        "whole": [stays_whole(row, rooms, size) for row in rows],
        "cells": [_fitted(row, letters) for row in rows],
    }


_ACROSS = 110
"""Letters of a table that fit beside each other on a page, more or less; fewer than do."""


def _fitted(row: Sequence[str], letters: Sequence[float]) -> list[str | list[str]]:
    """Texts of a row; in a list of one what has a word longer than its column is wide, in
    letters."""
    found: list[str | list[str]] = []
    for text, room in zip(row, letters, strict=True):
        long = len(text) > room and any(len(word) > room for word in text.split())
        found.append([text] if long else text)
    return found


def _section(section: Section, look: Look, lang: Lang, *, wide: bool) -> dict[str, Any]:
    blocks = [_block(b, look, lang, wide=wide) for b in section.blocks]
    return {"title": section.title, "blocks": blocks}


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


_SETTABLE = ("svg", "cells", "heights")
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
    told = json.dumps(ready, ensure_ascii=False)
    return typeset_pdf(source, {"data": told, "kerning": "yes" if _OTHER.search(told) else ""})
