"""Charts as SVG, drawn once: inline in HTML, typeset in PDF, as a picture in Word."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.document import Bar, Chart
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import Lang

_NAME, _BARS, _VALUE, _TOP, _BAR, _GAP = 350, 380, 130, 30, 13, 10
_NAME_FITS = 54
_COUNT = re.compile(r"\s\(n\s=\s[^()]{1,9}\)$")
"""How many there are, as the end of a name says it."""
WIDTH = _NAME + _BARS + _VALUE


_Drawing = tuple[tuple[str, ...], Lang]
"""Colours per series, and the language of the numbers."""


def _name(text: str) -> str:
    """What stands before a bar; of a long one the beginning, and how many it is about."""
    if len(text) <= _NAME_FITS:
        return text
    found = _COUNT.search(text)
    count = found[0] if found else ""
    return text[: _NAME_FITS - 1 - len(count)].rstrip() + "…" + count


def _legend(chart: Chart, colors: tuple[str, ...]) -> Markup:
    found = Markup("")
    for index, (name, color) in enumerate(zip(chart.series, colors, strict=False)):
        x = _NAME + index * 170
        found += Markup('<rect x="{}" y="4" width="12" height="12" fill="{}"/>').format(x, color)
        found += Markup('<text x="{}" y="15" font-size="13" fill="#1a1a1a">{}</text>').format(
            x + 18, name
        )
    return found


def _row(bar: Bar, name: str, top: int, chart: Chart, drawing: _Drawing) -> Markup:
    colors, lang = drawing
    height = len(bar.values) * (_BAR + 1)
    found = Markup('<text x="0" y="{:.1f}" font-size="13" fill="#1a1a1a">{}</text>').format(
        top + height / 2 + 4.5, name
    )
    for index, (number, color) in enumerate(zip(bar.values, colors, strict=False)):
        y = top + index * (_BAR + 1)
        width = max(0.0, (number.value or 0.0) / chart.most * _BARS)
        found += Markup('<rect x="{}" y="{}" width="{:.1f}" height="{}" fill="{}"/>').format(
            _NAME, y, width, _BAR, color
        )
        found += Markup(
            '<text x="{:.1f}" y="{:.1f}" font-size="12" fill="#1a1a1a">{}</text>'
        ).format(_NAME + width + 6, y + _BAR - 2.5, number.shown(lang))
    return found


def svg(
    chart: Chart,
    palette: Palette,
    lang: Lang,
    font: str = "inherit",
    shown: Callable[[str], str] = clean,
) -> Markup:
    """Horizontal bars with their number beside them; one labelled picture for screen readers.

    ``shown`` turns a name into what the font of the picture can show.
    """
    colors = (palette.accent, palette.second)
    step = len(chart.series) * (_BAR + 1) + _GAP
    height = _TOP + step * len(chart.bars)
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" '
            'role="img" aria-label="{}" font-family="{}">'
        ).format(WIDTH, height, WIDTH, height, clean(chart.alt), font),
        _legend(chart, colors) if len(chart.series) > 1 else Markup(""),
        Markup('<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="{3}"/>').format(
            _NAME - 0.5, _TOP - 4, height, palette.line
        ),
    ]
    parts += [
        _row(bar, shown(_name(clean(bar.name))), _TOP + i * step, chart, (colors, lang))
        for i, bar in enumerate(chart.bars)
    ]
    return Markup("").join(parts) + Markup("</svg>")
