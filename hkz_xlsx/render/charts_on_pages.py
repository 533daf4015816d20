"""Drawings on paper: what is higher than a page is drawn in parts, each with legend and axis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.charts import LARGE, WIDTH, drawn
from hkz_xlsx.render.document import (
    Chart,
    Heat,
    Picture,
    Slope,
    Spread,
    Stack,
    Timeline,
)
from hkz_xlsx.render.drawing import Drawing
from hkz_xlsx.text import Lang, say

PAGE: Mapping[bool, float] = MappingProxyType({False: 950.0, True: 540.0})
"""Height of a drawing that fits a page, upright or (True) on its side."""


def _divided(picture: Picture, count: int) -> list[Picture]:
    """A drawing in about equal parts; whole where it cannot be divided."""

    def parts(total: int) -> list[slice]:
        size = math.ceil(total / count)
        return [slice(start, start + size) for start in range(0, total, size)]

    match picture:
        case Chart():
            if picture.kind == "lines":
                return [picture]
            return [replace(picture, bars=picture.bars[p]) for p in parts(len(picture.bars))]
        case Stack():
            return [replace(picture, rows=picture.rows[p]) for p in parts(len(picture.rows))]
        case Spread():
            return [replace(picture, fields=picture.fields[p]) for p in parts(len(picture.fields))]
        case Heat():
            return [replace(picture, rows=picture.rows[p]) for p in parts(len(picture.rows))]
        case Timeline() | Slope():
            return [picture]
        case _:
            assert_never(picture)


def part_titles(title: str, count: int, lang: Lang) -> list[str]:
    """What stands above every part of a drawing: a reader of a later page sees what it shows.

    Args:
        title: of the whole drawing.
        count: of its parts.
        lang: language of what is added.
    """
    return [title, *[say(lang, "report.continued", title=title)] * (count - 1)]


_MOST_PARTS = 60


def on_pages(
    picture: Picture, palette: Palette, lang: Lang, *, wide: bool, across: bool = False
) -> list[Drawing]:
    """A drawing in parts that each fit a page.

    Args:
        picture: what is drawn.
        palette: its colours.
        lang: language of numbers and words.
        wide: the page lies on its side.
        across: a drawing on such a page takes all of its width.

    Returns:
        one drawing where it fits, or where it cannot be divided.
    """
    sheet = LARGE if wide and across else WIDTH
    found = [drawn(picture, palette, lang, sheet)]
    for count in range(2, _MOST_PARTS):
        parts = _divided(picture, count)
        if max(part.height for part in found) <= PAGE[wide] or len(parts) == 1:
            break
        found = [drawn(part, palette, lang, sheet) for part in parts]
    return found
