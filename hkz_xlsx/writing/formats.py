"""Named styles to XlsxWriter formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from hkz_xlsx.layout.styles import MONTH_FORMAT, Palette, Style, styles
from hkz_xlsx.text import Lang


def _properties(style: Style, font: str) -> dict[str, object]:
    found: dict[str, object] = {
        "font_name": font,
        "font_size": style.size,
        "font_color": style.color,
        "align": style.align,
        "valign": style.valign,
        "locked": style.locked,
    }
    if style.bold:
        found["bold"] = True
    if style.italic:
        found["italic"] = True
    if style.underline:
        found["underline"] = 1
    if style.fill:
        found["bg_color"] = style.fill
    if style.border:
        sides = ("border",) if style.border == "all" else ("top", "bottom")
        found |= dict.fromkeys(sides, 1)
        found |= {f"{side}_color": style.border_color for side in sides}
    if style.wrap:
        found["text_wrap"] = True
    if style.number_format:
        found["num_format"] = style.number_format
    if style.rotation:
        found["rotation"] = style.rotation
    if style.indent:
        found["indent"] = style.indent
    return found


_MONTHS = {"nl": "[$-413]mmm yy", "en": "[$-809]mmm yy"}
"""Names of months in the language of the workbook, whatever that of the program is."""


def _in(style: Style, lang: Lang) -> Style:
    months = style.number_format == MONTH_FORMAT
    return replace(style, number_format=_MONTHS[lang]) if months else style


def formats(workbook: Workbook, palette: Palette, lang: Lang = "nl") -> Mapping[str, Format]:
    """A format per named style.

    Args:
        workbook: that they belong to.
        palette: colours and font.
        lang: months are shown in it.
    """
    properties = _all_properties(palette, lang)
    return {name: workbook.add_format(dict(found)) for name, found in properties.items()}


@lru_cache(maxsize=16)
def _all_properties(palette: Palette, lang: Lang) -> Mapping[str, Mapping[str, object]]:
    return {
        name: _properties(_in(style, lang), palette.font) for name, style in styles(palette).items()
    }


def amounts_among_words(
    workbook: Workbook, palette: Palette, others: Mapping[str, str]
) -> Mapping[str, Format]:
    """Formats of numbers and dates in a column of texts: they stand where the texts stand.

    Args:
        workbook: that they belong to.
        palette: colours and font.
        others: number formats that no named style has, by name.
    """
    known = styles(palette)
    kinds = {name: known[name].number_format for name in ("number", "percent", "decimal", "date")}
    return {
        name: workbook.add_format(
            _properties(replace(known["text"], number_format=shown), palette.font)
        )
        for name, shown in (kinds | dict(others)).items()
    }


def header_over_numbers(workbook: Workbook, palette: Palette) -> Format:
    """The header of a column of numbers: to the right, where the arrow of a filter leaves room."""
    style = replace(styles(palette)["header_right"], indent=2)
    return workbook.add_format(_properties(style, palette.font))


SIGNS_IN_CELLS_SINCE = 2
"""The layout since which signs stand in cells of their own."""

_SIGNS = {
    "mark_yes": "✓", "mark_partly": "◐", "mark_no": "✗", "mark_unknown": "?", "mark_na": "–",
    "mark_high": "▲",
}  # fmt: skip
"""Signs before a word, in layout 1: since layout 2 they stand in a cell of their own, as some
programs lose a number format that a condition sets."""


def _symbol(sign: str) -> str:
    """A number format that shows a sign before the word, without changing the cell."""
    return f'General;General;General;"{sign} "@'


def mark_formats(workbook: Workbook, palette: Palette, layout: int) -> Mapping[str, Format]:
    """Formats for conditional formats: only what differs from the cell itself.

    Args:
        workbook: that they belong to.
        palette: colours.
        layout: below `SIGNS_IN_CELLS_SINCE` the number format shows a sign beside an answer.
    """
    found = {}
    for name, style in styles(palette).items():
        if name.startswith("mark_"):
            look: dict[str, object] = {} if style.border else {"font_color": style.color}
            if style.border:
                look |= {"top": 1, "bottom": 1}
                look |= dict.fromkeys(("top_color", "bottom_color"), style.border_color)
            if style.fill:
                look["bg_color"] = style.fill
            if style.italic:
                look["italic"] = True
            if style.bold:
                look["bold"] = True
            if layout < SIGNS_IN_CELLS_SINCE and name in _SIGNS:
                look["num_format"] = _symbol(_SIGNS[name])
            found[name] = workbook.add_format(look)
    return found
