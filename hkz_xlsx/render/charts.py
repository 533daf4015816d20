"""Charts, drawn once: inline in HTML, typeset in PDF, as a picture in Word.

Each kind is drawn as data (`drawing`); colours stand for meanings and are the same in every
chart. Names are never cut: they go on the next line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.canvas import Canvas
from hkz_xlsx.render.charts_of_many import draw_heat, draw_slope, draw_spread, draw_stack
from hkz_xlsx.render.document import (
    Bar,
    Chart,
    Heat,
    NumberCell,
    Picture,
    Role,
    Slope,
    Spread,
    Stack,
    Timeline,
)
from hkz_xlsx.render.drawing import (
    INK,
    Box,
    Dot,
    Drawing,
    Stroke,
    Words,
    legend,
    line_height,
    mixed,
    readable_on,
    text_width,
    wrapped,
)
from hkz_xlsx.render.timeline import draw_timeline
from hkz_xlsx.render.words import clean, decimal
from hkz_xlsx.text import Lang

WIDTH, NARROW, LARGE = 760.0, 340.0, 1140.0
"""Units across: on paper and a desk, on a phone, and on paper on its side. A unit is 0.65 point on
paper."""

SMALL, NAME = 12.0, 12.5
"""Sizes of letters: 7.8 points on paper at least."""

_NAMES = 300.0
_STEPS = (0, 25, 50, 75, 100)


def colors(palette: Palette) -> Mapping[Role, str]:
    """The colour of every meaning."""
    return {
        "plain": palette.accent, "score": palette.accent, "substantiated": palette.second,
        "before": "#FFFFFF", "then": palette.line, "now": palette.accent, "self": palette.accent,
        "field": palette.line, "gain": palette.accent, "open": palette.accent,
        "late": palette.second, "yes": palette.accent, "partly": palette.bar,
        "no": palette.second, "unknown": palette.attention, "na": palette.line,
        "empty": "#FFFFFF", "check": palette.grey_text,
        "misplaced": mixed(palette.second, "#FFFFFF", 0.5),
    }  # fmt: skip


def _names_room(sheet: float) -> float:
    """Room for names beside their bars: more on a large sheet, none on a narrow one."""
    return 0.0 if sheet < WIDTH else _NAMES + (sheet - WIDTH) / 4


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand: names up to ``left`` wide, bars from there, numbers after them.

    On a narrow sheet a name stands above its bars.
    """

    chart: Chart
    palette: Palette
    lang: Lang
    sheet: float
    numbers: float = 62.0

    @property
    def narrow(self) -> bool:
        return self.sheet < WIDTH

    @property
    def left(self) -> float:
        return _names_room(self.sheet)

    @property
    def room(self) -> float:
        """Width of a full bar."""
        return self.sheet - self.left - self.numbers

    @property
    def fills(self) -> list[str]:
        found = colors(self.palette)
        return [found[role] for role in self.chart.roles]

    def width(self, number: NumberCell) -> float:
        """Of a bar; nothing for what is no number."""
        return max(0.0, (number.value or 0.0) / (self.chart.most or 1) * self.room)

    def name_lines(self, name: str) -> tuple[str, ...]:
        room = self.sheet if self.narrow else self.left - 12
        return wrapped(name, NAME, room)


def _names(frame: _Frame) -> list[tuple[str, str]]:
    pairs = zip(frame.fills, frame.chart.series, strict=False)
    return [(color, clean(name)) for color, name in pairs]


def _axis(drawing: Drawing, frame: _Frame, top: float, *, steps: Sequence[float]) -> None:
    """Grid lines from ``top`` down, with their numbers below; bars cover them."""
    line, grey = frame.palette.line, frame.palette.grey_text
    lines = []
    for step in steps:
        x = frame.left + step / (frame.chart.most or 1) * frame.room
        lines.append(Stroke(((x, top), (x, drawing.height)), line, 1 if step == 0 else 0.6))
        drawing.add(
            Words(x, drawing.height + 14, f"{step:g}", SMALL,
                  "start" if frame.narrow and step == 0 else "middle", grey)
        )  # fmt: skip
    drawing.under(*lines)


def _rows(
    drawing: Drawing, frame: _Frame, top: float, bars_high: float,
    draw: Callable[[Bar, float], None],
) -> float:  # fmt: skip
    """Every row: its name beside or above ``bars_high`` of bars; gives where the last ends."""
    y, step = top, line_height(NAME)
    for bar in frame.chart.bars:
        lines = frame.name_lines(clean(bar.name))
        text_high = len(lines) * step
        if frame.narrow:
            drawing.lines(lines, 0, y + NAME, NAME)
            draw(bar, y + text_high + 3)
            y += text_high + bars_high + 13
        else:
            high = max(text_high, bars_high)
            drawing.lines(lines, 0, y + (high - text_high) / 2 + NAME - 1, NAME)
            draw(bar, y + (high - bars_high) / 2)
            y += high + 9
    return y


def _heights(frame: _Frame, bars_high: float) -> float:
    """How high all rows are together."""
    return _rows(Drawing(frame.sheet), frame, 0, bars_high, lambda _bar, _y: None)


def _framed(
    frame: _Frame, bars_high: float, *, entries: Sequence[tuple[str, str]]
) -> tuple[Drawing, float]:
    """A drawing with a legend, high enough for its rows; and where they begin."""
    drawing = Drawing(frame.sheet)
    top = legend(drawing, entries, frame.palette.line, SMALL, target=frame.chart.target_name)
    top = top + 6 if entries or frame.chart.target_name else 4.0
    drawing.height = top + _heights(frame, bars_high)
    return drawing, top


def _finished(drawing: Drawing, frame: _Frame, top: float, *, percent: bool) -> Drawing:
    """With its axis below what was drawn.

    Args:
        drawing: with its rows.
        frame: where things stand.
        top: where the rows begin.
        percent: whether there is a scale; on a narrow sheet there is none.
    """
    scale = percent and not frame.narrow
    if scale:
        _axis(drawing, frame, top - 4, steps=_STEPS)
    else:
        edge = ((frame.left, top - 4), (frame.left, drawing.height))
        drawing.under(Stroke(edge, frame.palette.line))
    drawing.height += 20 if scale else 2
    return drawing


_BAR = 14.0


def _bars(frame: _Frame) -> Drawing:
    chart = frame.chart
    percent = chart.most == 100  # noqa: PLR2004 - percentages
    high = len(chart.series) * (_BAR + 1)
    several = len(chart.series) > 1
    entries = _names(frame) if several else []
    drawing, top = _framed(frame, high, entries=entries)

    def draw(bar: Bar, y: float) -> None:
        for index, (number, color) in enumerate(zip(bar.values, frame.fills, strict=False)):
            place, wide = y + index * (_BAR + 1), frame.width(number)
            drawing.add(
                Box(frame.left, place, wide, _BAR, color),
                Words(frame.left + wide + 5, place + _BAR - 3, number.shown(frame.lang), SMALL),
            )

    _rows(drawing, frame, top, high, draw)
    return _finished(drawing, frame, top, percent=percent)


def _bullets(frame: _Frame) -> Drawing:
    chart, high = frame.chart, 18.0
    drawing, top = _framed(frame, high, entries=_names(frame))
    outer, inner = frame.fills[:2]

    def draw(bar: Bar, y: float) -> None:
        score, shown, *before = bar.values
        drawing.add(
            Box(frame.left, y, frame.room, high, frame.palette.soft),
            Box(frame.left, y, frame.width(score), high, outer),
            Box(frame.left, y + 6, frame.width(shown), 6, inner),
        )
        for number in before:
            if number.value is not None:
                x = frame.left + frame.width(number)
                drawing.add(Box(x - 2, y + 1, 4, high - 2, "#FFFFFF", INK))
        if chart.target is not None:
            x = frame.left + chart.target / chart.most * frame.room
            over = 0 if frame.narrow else 3
            drawing.add(Stroke(((x, y - over), (x, y + high + over)), INK, 1.5, dashed=True))
        words, size = score.shown(frame.lang), SMALL
        edge = frame.left + frame.room + 6
        drawing.add(Words(edge, y + 13, words, size, bold=score.value is not None))

    _rows(drawing, frame, top, high, draw)
    return _finished(drawing, frame, top, percent=True)


def _stacked(frame: _Frame) -> Drawing:
    high = 18.0
    drawing, top = _framed(frame, high, entries=_names(frame))

    def draw(bar: Bar, y: float) -> None:
        total = sum(number.value or 0.0 for number in bar.values)
        x = frame.left
        for number, color in zip(bar.values, frame.fills, strict=True):
            wide = (number.value or 0.0) / total * frame.room if total else 0.0
            if not wide:
                continue
            drawing.add(Box(x, y, wide, high, color, frame.palette.line))
            words = number.shown(frame.lang)
            if text_width(words, SMALL) + 4 <= wide:
                drawing.add(Words(x + wide / 2, y + 13, words, SMALL, "middle", readable_on(color)))
            x += wide
        shown = f"n = {decimal(total, frame.lang, 0)}"
        drawing.add(Words(frame.left + frame.room + 6, y + 13, shown, SMALL, "start",
                          frame.palette.grey_text))  # fmt: skip

    _rows(drawing, frame, top, high, draw)
    return _finished(drawing, frame, top, percent=False)


def _line_labels(drawing: Drawing, points: Sequence[tuple[float, float, str, str]]) -> None:
    """Numbers at the points of one moment, from high to low; those that would touch move apart."""
    last = -100.0
    for x, y, text, color in sorted(points, key=lambda point: point[1]):
        place = max(y - 7, last + 14)
        drawing.add(Words(x, place, text, SMALL, "middle", color, bold=True))
        last = place


def _lines(frame: _Frame) -> Drawing:
    chart, high, side = frame.chart, 170.0, 40.0
    drawing = Drawing(frame.sheet)
    top = legend(drawing, _names(frame), frame.palette.line, SMALL, target=chart.target_name) + 14
    room = frame.sheet - 2 * side
    first, last = chart.at[0], chart.at[-1]

    def across(day: float) -> float:
        inner = room - 2 * side  # the first number stands beside the axis, not on it
        return 2 * side + (inner * (day - first) / (last - first) if last > first else inner / 2)

    def down(value: float) -> float:
        return top + high * (1 - value / chart.most)

    level = [((side, down(step)), (side + room, down(step))) for step in _STEPS]
    grid = [Stroke(points, frame.palette.line, 0.6) for points in level]
    for step in _STEPS:
        drawing.add(
            Words(side - 8, down(step) + 4, f"{step:g}", SMALL, "end", frame.palette.grey_text)
        )
    if chart.target is not None:
        y = down(chart.target)
        grid.append(Stroke(((side, y), (side + room, y)), INK, 1.5, dashed=True))
    for index, color in enumerate(frame.fills):
        known = [
            (across(day), down(bar.values[index].value or 0.0))
            for day, bar in zip(chart.at, chart.bars, strict=True)
            if bar.values[index].value is not None
        ]
        drawing.add(Stroke(tuple(known), color, 2), *(Dot(x, y, 4, color) for x, y in known))
    busy = -100.0
    for day, bar in zip(chart.at, chart.bars, strict=True):
        x = across(day)
        numbers = [
            (x, down(number.value), number.shown(frame.lang), color)
            for number, color in zip(bar.values, frame.fills, strict=False)
            if number.value is not None
        ]
        half = max((text_width(bar.name, SMALL), *(text_width(n[2], SMALL) for n in numbers))) / 2
        if x - half > busy or day == last:
            _line_labels(drawing, numbers)
            drawing.add(Words(x, top + high + 18, bar.name, SMALL, "middle"))
            busy = x + half + 4
    drawing.under(*grid)
    drawing.height = top + high + 26
    return drawing


_KINDS: Mapping[str, Callable[[_Frame], Drawing]] = {
    "bars": _bars, "bullet": _bullets, "stacked": _stacked, "lines": _lines,
}  # fmt: skip


def drawn(picture: Picture, palette: Palette, lang: Lang, sheet: float = WIDTH) -> Drawing:
    """A picture as shapes and words at their places.

    Args:
        picture: what is drawn.
        palette: its colours.
        lang: language of numbers and words.
        sheet: units across; on a `NARROW` one, for a telephone, names stand above their bars.
    """
    match picture:
        case Chart():
            return _KINDS[picture.kind](
                _Frame(picture, palette, lang, sheet, _numbers(picture, lang))
            )
        case Timeline():
            return draw_timeline(picture, palette, lang, colors(palette), sheet)
        case Stack() | Spread() | Heat() | Slope():
            return _of_many(picture, palette, lang, sheet)
        case _:
            assert_never(picture)


def _of_many(
    picture: Stack | Spread | Heat | Slope, palette: Palette, lang: Lang, sheet: float
) -> Drawing:
    canvas = Canvas(palette, lang, sheet, _names_room(sheet))
    match picture:
        case Stack():
            draw_stack(picture, canvas, colors(palette))
        case Spread():
            draw_spread(picture, canvas)
        case Heat():
            draw_heat(picture, canvas)
        case Slope():
            draw_slope(picture, canvas)
        case _:
            assert_never(picture)
    return canvas.drawing()


def _numbers(chart: Chart, lang: Lang) -> float:
    """Room for the widest number beside a bar."""
    shown = [number.shown(lang) for bar in chart.bars for number in bar.values]
    if chart.kind == "stacked":
        shown = ["n = 9999"]
    return max((text_width(one, SMALL) for one in shown), default=40.0) + 14


def svg(
    picture: Picture,
    palette: Palette,
    lang: Lang,
    font: str = "inherit",
    shown: Callable[[str], str] = clean,
) -> Markup:
    """A picture with one name for screen readers.

    Args:
        picture: what is drawn; its ``alt`` is that name.
        palette: its colours.
        lang: language of numbers and words.
        font: family, as CSS writes it.
        shown: turns a text into what the font of the picture can show.
    """
    return drawn(picture, palette, lang).svg(clean(picture.alt), font, shown)
