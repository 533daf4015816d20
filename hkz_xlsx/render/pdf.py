"""A report as a PDF: bookmarks, page numbers, tags; every text goes in as data, never as markup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib import resources
from typing import Any

from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import charts
from hkz_xlsx.render.document import (
    Block,
    Cell,
    Chart,
    Document,
    Facts,
    Fold,
    Grid,
    Section,
    Timeline,
    kind_of,
    on_paper,
    shown,
)
from hkz_xlsx.render.typeset import FONTS, settable, typeset_pdf
from hkz_xlsx.render.words import clean, shortened
from hkz_xlsx.text import Lang, messages

_LOGO_MM, _LOGO_HIGH_MM = 45.0, 22.0


def _block(block: Block, look: Look, lang: Lang) -> dict[str, Any]:
    kind = {"kind": kind_of(block)}
    if isinstance(block, Fold):
        return kind | {
            "title": block.title,
            "blocks": [_block(b, look, lang) for b in block.blocks],
        }
    if isinstance(block, Chart | Timeline):
        drawn = charts.svg(block, look.palette, lang, ", ".join(FONTS), settable)
        return kind | {"svg": str(drawn), "alt": block.alt, "title": block.title}
    if isinstance(block, Facts):
        return kind | {"facts": [asdict(f) | {"sign": f.sign} for f in block.facts]}
    if isinstance(block, Grid):
        return kind | {
            "columns": [asdict(c) | {"right": c.right} for c in block.columns],
            "rows": [_fitted(row, block, lang) for row in block.rows],
        }
    return kind | asdict(block)


_ACROSS = 110
"""Letters of a table that fit beside each other on a page, more or less; fewer than do."""


def _fitted(row: Sequence[Cell], grid: Grid, lang: Lang) -> list[str | list[str]]:
    """Texts of a row; in a list of one what has a word longer than its column is wide."""
    total = sum(c.width for c in grid.columns)
    found: list[str | list[str]] = []
    for cell, column in zip(row, grid.columns, strict=True):
        text = shown(cell, lang)
        room = _ACROSS * column.width / total
        long = len(text) > room and any(len(word) > room for word in text.split())
        found.append([text] if long else text)
    return found


def _section(section: Section, look: Look, lang: Lang) -> dict[str, Any]:
    return {"title": section.title, "blocks": [_block(b, look, lang) for b in section.blocks]}


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


def settable_data(data: dict[str, Any]) -> dict[str, Any]:
    """Every text in plain data as the fonts can show it; drawings are left as they are."""

    def one(key: str, value: Any) -> Any:  # noqa: ANN401 - plain data of any shape
        if key == "svg":
            return value
        if isinstance(value, dict):
            return {k: one(k, v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [one(key, v) for v in value]
        return settable(clean(value)) if isinstance(value, str) else value

    return {key: one(key, value) for key, value in data.items()}


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
        "body": [_section(s, look, lang) for s in body],
        "annexes": [_section(s, look, lang) for s in annexes],
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
    return typeset_pdf(source, {"data": json.dumps(ready, ensure_ascii=False)})
