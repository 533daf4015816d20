"""Looks, described: named styles in terms of a palette. Templates change the palette only.

Colours are chosen for a contrast of at least 4.5:1 of text on its background and to differ
for colour-blind people (blue, orange and grey rather than green and red).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


def styles(palette: Palette) -> Mapping[str, Style]:
    """Every named style; input styles are the only unlocked ones (workbook rule 4)."""
    p = palette

    def cell(**more: object) -> Style:
        base: dict[str, object] = {"border": "rows", "border_color": p.line, "valign": "vcenter"}
        return Style(**(base | more))  # type: ignore[arg-type]  # keyword bundle of one dataclass

    def typed(**more: object) -> Style:
        return cell(
            **(
                {"fill": p.input_fill, "locked": False, "wrap": True, "border": "all", "indent": 1}
                | more
            )
        )

    return MappingProxyType(
        {
            "title": Style(size=20, bold=True, color=p.dark, valign="vcenter"),
            "subtitle": Style(size=12, color=p.grey_text, valign="vcenter"),
            "cover": Style(size=12, bold=True, color=p.accent, valign="vcenter"),
            "cover_small": Style(size=10, color=p.grey_text, valign="vcenter"),
            "organisation": Style(size=10, bold=True, color=p.dark, valign="vcenter"),
            "heading": Style(size=13, bold=True, color=p.dark, valign="vcenter"),
            "paragraph": Style(size=10.5, wrap=True),
            "notice": Style(size=10, wrap=True, color=p.grey_text),
            "notice_line": Style(size=10, color=p.grey_text),
            "header": cell(bold=True, color="#FFFFFF", fill=p.dark, wrap=True, indent=1),
            "header_input": cell(bold=True, color=p.dark, fill=p.soft, wrap=True, indent=1),
            "header_month": cell(
                bold=True, color="#FFFFFF", fill=p.dark, align="center", valign="vcenter"
            ),
            "month": cell(align="center", valign="vcenter", color=p.dark),
            "month_name": Style(
                color=p.grey_text,
                align="center",
                valign="bottom",
                rotation=90,
                number_format=MONTH_FORMAT,
            ),
            "key": Style(size=8, color=p.grey_text),
            "text": cell(wrap=True, indent=1),
            "text_strong": cell(wrap=True, bold=True, indent=1),
            "text_small": cell(wrap=True, size=9, color=p.grey_text, indent=1),
            "tip": cell(wrap=True, size=10, color=p.grey_text, indent=1),
            "lead": Style(size=10, color=p.grey_text),
            "id": cell(bold=True, color=p.dark, indent=1),
            "nr": cell(align="center", number_format="0"),
            "number": cell(align="right", indent=1, number_format="0"),
            "number_general": cell(align="right", indent=1),
            "date": cell(number_format=DATE_FORMAT, indent=1),
            "decimal": cell(align="right", indent=1, number_format="0.0"),
            "change": cell(align="right", indent=1, number_format="+0.0;-0.0;0.0"),
            "value": cell(wrap=True, bold=True, indent=1),
            "percent": cell(align="right", indent=1, wrap=True, number_format=PERCENT_FORMAT),
            "big_percent": cell(
                size=12,
                bold=True,
                color=p.dark,
                align="center",
                wrap=True,
                number_format=PERCENT_FORMAT,
            ),
            "big_number": cell(size=12, bold=True, color=p.dark, align="center", number_format="0"),
            "verdict": cell(size=14, bold=True, color=p.dark, wrap=True),
            "reason": Style(size=11, color=p.dark, valign="vcenter"),
            "tile": cell(size=18, bold=True, color=p.dark, align="center", number_format="0"),
            "tile_percent": cell(
                size=18,
                bold=True,
                color=p.dark,
                align="center",
                wrap=True,
                number_format=PERCENT_FORMAT,
            ),
            "tile_of": cell(size=11, color=p.grey_text, align="left", number_format="0"),
            "progress": Style(
                size=12, bold=True, color=p.dark, align="right", valign="vcenter", number_format="0"
            ),
            "progress_of": Style(
                size=12, color=p.grey_text, valign="vcenter", number_format='"/ "0'
            ),
            "progress_name": Style(
                size=10, color=p.grey_text, valign="vcenter", wrap=True, align="right"
            ),
            "progress_label": Style(size=10, color=p.grey_text, valign="vcenter", align="right"),
            "link": cell(underline=True, color=p.accent, wrap=True, indent=1),
            "check": cell(wrap=True, color=CHECK_TEXT, bold=True, size=9, indent=1),
            "sign": cell(wrap=True, color=CHECK_TEXT, bold=True, size=10, indent=1),
            "check_line": Style(size=10, bold=True, color=CHECK_TEXT),
            "input": typed(),
            "input_text": typed(number_format="@"),
            "input_date": typed(number_format=DATE_FORMAT, align="left", wrap=False),
            "input_number": typed(number_format="0.##", align="left"),
            "legend_input": typed(locked=True),
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
            "bar": Style(fill=p.bar),
            "series_first": Style(fill=p.accent),
            "series_second": Style(fill=p.second),
            "series_third": Style(fill=p.line),
            "series_target": Style(fill=p.dark),
        }
    )
