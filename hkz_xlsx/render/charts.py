"""Drawings as SVG, drawn once: inline in HTML, typeset in PDF, as a picture in Word.

Every kind of `Picture` is drawn on a `Canvas`, of which the places are known: `drawn` gives it, to
be looked at as data. What does not fit a page is drawn in parts, with the same heads and axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from markupsafe import Markup

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.canvas import NARROW, WIDE, Box, Canvas, Mark, Stroke, mixed, on, width_of
from hkz_xlsx.render.charts_of_many import draw_heat, draw_slope, draw_spread
from hkz_xlsx.render.plots import Bar, Chart, Heat, Picture, Slope, Spread, Stack, Tone
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import Lang, messages

_BAR, _SWATCH, _EDGE = 13.0, 12.0, 26.0
_WHITE = "#FFFFFF"
PAGE = {False: 1_080.0, True: 640.0}
"""Height of a drawing that fits a page, upright or (True) on its side."""


def tone_color(tone: Tone, palette: Palette) -> str:
    """The colour of a meaning: the same in every report."""
    return {
        "good": palette.accent, "half": palette.bar, "bad": palette.second,
        "doubt": palette.grey_text, "aside": palette.line, "blank": _WHITE,
        "odd": palette.attention, "stray": mixed(palette.second, _WHITE, 0.5),
    }[tone]  # fmt: skip


def _swatch(color: str, palette: Palette) -> Box:
    return Box(
        0, 0, _SWATCH, _SWATCH, color, palette.grey_text if color in (_WHITE, palette.soft) else ""
    )


def _bars(chart: Chart, canvas: Canvas) -> None:
    colors = (canvas.palette.accent, canvas.palette.second)
    if len(chart.series) > 1:
        swatches = [_swatch(color, canvas.palette) for color in colors]
        canvas.legend(list(zip(chart.series, swatches, strict=False)))
    values = [number.shown(canvas.lang) for bar in chart.bars for number in bar.values]
    left = canvas.names
    room = canvas.width - left - 8 - max(map(width_of, values), default=0)
    top = canvas.y
    for bar in chart.bars:
        row = canvas.name(bar.name, len(bar.values) * (_BAR + 1))
        for index, (number, color) in enumerate(zip(bar.values, colors, strict=False)):
            y = row + index * (_BAR + 1)
            share = min(1.0, max(0.0, (number.value or 0.0) / (chart.most or 1)))
            canvas.add(Box(left, y, share * room, _BAR, color))
            canvas.text(left + share * room + 6, y + _BAR - 2, number.shown(canvas.lang))
    canvas.marks.insert(0, Stroke(left, top - 2, left, canvas.y - 4, canvas.palette.line, 1.4))


def _parts(bar: Bar, width: float) -> Iterator[tuple[int, float, float]]:
    """Series, begin and width of every part that is drawn."""
    known = [max(0.0, number.value or 0.0) for number in bar.values]
    whole = max(bar.whole, sum(known))  # rounded shares may be more than a whole together
    at = 0.0
    for index, value in enumerate(known):
        wide = width * value / whole
        if wide:
            yield index, at, wide
        at += wide


def _stack(chart: Stack, canvas: Canvas) -> None:
    palette, lang = canvas.palette, canvas.lang
    colors = [tone_color(tone, palette) for tone in chart.tones]
    swatches = [_swatch(color, palette) for color in colors]
    entries: list[tuple[str, Mark]] = list(zip(chart.series, swatches, strict=True))
    hidden = any(number.value is None for bar in chart.bars for number in bar.values)
    room = palette.soft if hidden else _WHITE
    if hidden:
        entries.append((messages(lang)("report.not_shown"), _swatch(room, palette)))
    canvas.legend(entries)
    left, top, high = canvas.names + 8, canvas.y, 18.0
    right = canvas.width - _EDGE
    for bar in chart.bars:
        row = canvas.name(bar.name, high)
        canvas.add(Box(left, row, right - left, high, room, palette.line))
        for index, at, wide in _parts(bar, right - left):
            color = colors[index]
            around = palette.line if color == _WHITE else _WHITE
            canvas.add(Box(left + at, row, wide, high, color, around))
            value = bar.values[index].shown(lang).rstrip("%").rstrip()
            if width_of(value) + 4 <= wide:
                canvas.text(left + at + wide / 2, row + 13.5, value, "middle", on(color))
    canvas.axis(top, left, right, "{}" if canvas.narrow else "{} %")


def drawn(
    chart: Picture,
    palette: Palette,
    lang: Lang,
    shown: Callable[[str], str] = clean,
    width: float = WIDE,
) -> Canvas:
    """A drawing with all its places."""
    canvas = Canvas(palette, lang, width, shown)
    match chart:
        case Chart():
            _bars(chart, canvas)
        case Stack():
            _stack(chart, canvas)
        case Spread():
            draw_spread(chart, canvas)
        case Heat():
            draw_heat(chart, canvas)
        case Slope():
            draw_slope(chart, canvas)
        case _:
            assert_never(chart)
    return canvas


def _divided(chart: Picture, count: int) -> Iterator[Picture]:
    """The drawing in about equal parts."""

    def parts(total: int) -> Iterator[slice]:
        size = math.ceil(total / count)
        yield from (slice(start, start + size) for start in range(0, total, size))

    match chart:
        case Chart() | Stack():
            for part in parts(len(chart.bars)):
                yield replace(chart, bars=chart.bars[part])
        case Spread():
            for part in parts(len(chart.fields)):
                yield replace(chart, fields=chart.fields[part])
        case Heat():
            for part in parts(len(chart.rows)):
                yield replace(chart, rows=chart.rows[part])
        case Slope():
            yield chart
        case _:
            assert_never(chart)


def _rows(chart: Picture) -> int:
    return 1 if isinstance(chart, Slope) else len(chart.table()[1])


def on_pages(
    chart: Picture, palette: Palette, lang: Lang, shown: Callable[[str], str], *, wide: bool
) -> list[Canvas]:
    """A drawing in parts that each fit a page, upright or (``wide``) on its side."""
    found = [drawn(chart, palette, lang, shown)]
    count = 1
    while max(part.y for part in found) > PAGE[wide] and count < _rows(chart):
        count += 1
        found = [drawn(part, palette, lang, shown) for part in _divided(chart, count)]
    return found


def svg(
    chart: Picture,
    palette: Palette,
    lang: Lang,
    font: str = "inherit",
    shown: Callable[[str], str] = clean,
) -> Markup:
    """The whole drawing; one labelled picture for screen readers.

    ``shown`` turns a text into what the font of the picture can show.
    """
    return drawn(chart, palette, lang, shown).svg(chart.alt, font)


def narrow_svg(chart: Picture, palette: Palette, lang: Lang) -> Markup:
    """The same for a telephone: names stand above what they name."""
    return drawn(chart, palette, lang, width=NARROW).svg(chart.alt)
