"""Looks, described: named styles in terms of a palette. Templates change the palette only.

Colours are chosen for a contrast of at least 4.5:1 of text on its background and to differ
for colour-blind people (blue, orange and grey rather than green and red).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#RRGGBB`` and the font of the workbook."""

    dark: str = "#1F3A5F"
    accent: str = "#2F6DA8"
    second: str = "#C9671A"
    soft: str = "#E8EEF5"
    line: str = "#B8C4D2"
    input_fill: str = "#FFF9DB"
    grey_text: str = "#4D5866"
    attention: str = "#FBE3CF"
    good: str = "#D6E6F5"
    bar: str = "#A9C7E8"
    font: str = "Calibri"


@dataclass(frozen=True, slots=True)
class Style:
    """One cell style; sizes in points."""

    size: float = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = "#000000"
    fill: str = ""
    border: Literal["", "all", "rows"] = ""
    border_color: str = ""
    wrap: bool = False
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "vcenter", "bottom"] = "top"
    number_format: str = ""
    locked: bool = True
    indent: int = 0
    rotation: int = 0


INPUT_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "text": "input",
        "choice": "input",
        "date": "input_date",
        "number": "input_number",
        "kvk": "input_text",
    }
)
"""Kind of answer → style: one look for every input cell and for nothing else (rule 4)."""

ATTENTION_TEXT = "#6B2D00"
CHECK_TEXT = "#8A3B00"

DATE_FORMAT = "dd-mm-yyyy"
MONTH_FORMAT = "mmm yy"
PERCENT_FORMAT = '0.0"%"'


def _cell(p: Palette, **more: object) -> Style:
    """A cell of a table; ``more`` goes before what all of them have."""
    base: dict[str, object] = {"border": "rows", "border_color": p.line, "valign": "vcenter"}
    return Style(**(base | more))  # type: ignore[arg-type]  # keyword bundle of one dataclass


def _typed(p: Palette, **more: object) -> Style:
    """A cell to type in."""
    base: dict[str, object] = {
        "fill": p.input_fill, "locked": False, "wrap": True, "border": "all", "indent": 1,
    }  # fmt: skip
    return _cell(p, **(base | more))


def _loose(p: Palette) -> dict[str, Style]:
    """Texts outside tables."""
    return {
        "title": Style(size=20, bold=True, color=p.dark, valign="vcenter"),
        "rule": Style(fill=p.accent, color="#FFFFFF"),
        "subtitle": Style(size=12, color=p.grey_text, valign="vcenter"),
        "cover": Style(size=12, bold=True, color=p.accent, valign="vcenter"),
        "cover_small": Style(size=10, color=p.grey_text, valign="vcenter"),
        "organisation": Style(size=10, bold=True, color=p.dark, valign="vcenter"),
        "heading": Style(size=13, bold=True, color=p.dark, valign="vcenter"),
        "paragraph": Style(size=10.5, wrap=True),
        "notice": Style(size=10, wrap=True, color=p.grey_text),
        "notice_line": Style(size=10, color=p.grey_text),
        "legend": Style(size=10, wrap=True, color=p.grey_text, valign="vcenter", indent=1),
        "month_name": Style(
            color=p.grey_text,
            align="center",
            valign="bottom",
            rotation=90,
            number_format=MONTH_FORMAT,
        ),
        "key": Style(size=8, color=p.grey_text),
        "lead": Style(size=10, color=p.grey_text),
        "check_line": Style(size=10, bold=True, color=CHECK_TEXT),
    }


def _cells(p: Palette) -> dict[str, Style]:
    """Cells of tables: headers, texts, dates and links."""
    return {
        "header": _cell(p, bold=True, color="#FFFFFF", fill=p.dark, wrap=True, indent=1),
        "header_input": _cell(p, bold=True, color=p.dark, fill=p.soft, wrap=True, indent=1),
        "header_right": _cell(
            p, bold=True, color="#FFFFFF", fill=p.dark, wrap=True, indent=1, align="right"
        ),
        "header_center": _cell(
            p, bold=True, color="#FFFFFF", fill=p.dark, wrap=True, align="center"
        ),
        "header_month": _cell(
            p, bold=True, color="#FFFFFF", fill=p.dark, align="center", valign="vcenter"
        ),
        "month": _cell(p, align="center", valign="vcenter", color=p.dark),
        "text": _cell(p, wrap=True, indent=1),
        "text_strong": _cell(p, wrap=True, bold=True, indent=1),
        "text_small": _cell(p, wrap=True, size=9, color=p.grey_text, indent=1),
        "tip": _cell(p, wrap=True, size=10, color=p.grey_text, indent=1),
        "id": _cell(p, bold=True, color=p.dark, indent=1),
        "nr": _cell(p, align="center", number_format="0"),
        "number": _cell(p, align="right", indent=1, number_format="0"),
        "number_general": _cell(p, align="right", indent=1),
        # Room at the right in the format itself: LibreOffice 7.4 leaves out the indent of some.
        "number_free": _cell(p, align="right", indent=1, number_format="General_)"),
        "date": _cell(p, number_format=DATE_FORMAT, indent=1),
        "link": _cell(p, underline=True, color=p.accent, wrap=True, indent=1),
        "check": _cell(p, wrap=True, color=CHECK_TEXT, bold=True, size=9, indent=1),
        "sign": _cell(p, wrap=True, color=p.dark, bold=True, size=10, indent=1),
    }


def _results(p: Palette) -> dict[str, Style]:
    """Numbers of tables, the indication, tiles and progress."""
    return {
        "decimal": _cell(p, align="right", indent=1, number_format="0.0"),
        "change": _cell(p, align="right", indent=1, number_format="+0.0;-0.0;0.0"),
        "value": _cell(p, wrap=True, bold=True, indent=1),
        "percent": _cell(p, align="right", indent=1, wrap=True, number_format=PERCENT_FORMAT),
        "big_percent": _cell(
            p,
            size=12,
            bold=True,
            color=p.dark,
            align="center",
            wrap=True,
            number_format=PERCENT_FORMAT,
        ),
        "big_number": _cell(p, size=12, bold=True, color=p.dark, align="center", number_format="0"),
        "verdict": _cell(p, size=14, bold=True, color=p.dark, wrap=True, indent=1),
        "reason": Style(size=11, color=p.dark, valign="vcenter"),
        **_tiles(p),
        "number_of": _cell(p, color=p.grey_text, indent=1, number_format='"/ "0'),
        "progress": Style(
            size=12, bold=True, color=p.dark, align="right", valign="vcenter", number_format="0"
        ),
        "progress_of": Style(size=12, color=p.grey_text, valign="vcenter", number_format='"/ "0'),
        "progress_name": Style(
            size=10, color=p.grey_text, valign="vcenter", wrap=True, align="right"
        ),
        "progress_label": Style(size=10, color=p.grey_text, valign="vcenter", align="right"),
    }


def _tiles(p: Palette) -> dict[str, Style]:
    """Large figures on a quiet ground, each under its own small words."""

    def tile(**more: object) -> Style:
        return Style(**({"fill": p.soft, "valign": "vcenter", "indent": 1} | more))  # type: ignore[arg-type]  # keyword bundle of one dataclass

    large = tile(size=20, bold=True, color=p.dark, align="right", number_format="0")
    small = tile(size=12, color=p.grey_text, number_format='"/ "0')
    words = tile(color=p.grey_text, wrap=True, valign="bottom")
    return {
        "tile": large,
        "tile_percent": replace(large, number_format=PERCENT_FORMAT),
        "tile_of": small,
        "tile_needed": replace(small, number_format=PERCENT_FORMAT),
        "header_tile": words,
        "header_tile_right": replace(words, align="right"),
    }


LISTED = "listed_"
"""Before the name of a style: the same without a line. `mark_listed` draws it where a line of the
list is in use."""


def _listed(p: Palette) -> dict[str, Style]:
    """Cells of lists that have as many lines as there can be."""
    names = ("nr", "text", "text_strong", "link", "date", "percent")
    known = _cells(p) | _results(p)
    return {f"{LISTED}{name}": replace(known[name], border="") for name in names}


def _inputs(p: Palette) -> dict[str, Style]:
    """The only cells that are not locked."""
    return {
        "input": _typed(p),
        "input_text": _typed(p, number_format="@"),
        "input_date": _typed(p, number_format=DATE_FORMAT, align="left", wrap=False),
        "input_number": _typed(p, number_format="0.##", align="left"),
        "legend_input": _typed(p, locked=True),
    }


def _marks(p: Palette) -> dict[str, Style]:
    """What conditional formats add, bars and the series of charts."""
    return {
        "mark_yes": Style(fill=p.good, color=p.dark),
        "mark_partly": Style(fill=p.attention, color=ATTENTION_TEXT),
        "mark_no": Style(fill=p.attention, color=ATTENTION_TEXT),
        "mark_unknown": Style(color=p.grey_text, italic=True),
        "mark_na": Style(color=p.grey_text, italic=True),
        "mark_high": Style(fill=p.attention, color=ATTENTION_TEXT),
        "mark_now": Style(fill=p.soft, color=p.dark),
        "mark_planned": Style(fill=p.bar, color=p.dark),
        "mark_done": Style(fill=p.good, color=p.dark),
        "mark_wrong": Style(fill=ATTENTION_TEXT, color="#FFFFFF", bold=True),
        "mark_attention": Style(fill=p.attention, color=ATTENTION_TEXT),
        "mark_good": Style(fill=p.good, color=p.dark),
        "mark_grey": Style(color=p.grey_text, italic=True),
        "mark_listed": Style(border="rows", border_color=p.line),
        "bar": Style(fill=p.bar),
        "series_first": Style(fill=p.accent),
        "series_second": Style(fill=p.second),
        "series_third": Style(fill=p.line),
        "series_target": Style(fill=p.dark),
    }


@lru_cache(maxsize=8)
def styles(palette: Palette) -> Mapping[str, Style]:
    """Every named style; input styles are the only unlocked ones (workbook rule 4)."""
    groups = (_loose, _cells, _results, _listed, _inputs, _marks)
    return MappingProxyType({name: one for group in groups for name, one in group(palette).items()})
