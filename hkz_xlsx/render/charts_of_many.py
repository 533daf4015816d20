"""Drawings of many at once: stacks, distributions, a heat map, and lines between two moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.canvas import LINE, SIZE, Canvas, bullet, swatch
from hkz_xlsx.render.drawing import (
    INK,
    Box,
    Dot,
    Shape,
    Stroke,
    mixed,
    readable_on,
    text_width,
    wrapped,
)
from hkz_xlsx.render.plots import Divided, Field, Heat, Role, Slope, Spread, Stack
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import messages

_WHITE = "#FFFFFF"
_DARKEST = 0.65
_DOT, _OWN, _EDGE, _HIGH = 3.2, 6.0, 14.0, 18.0


def _parts(row: Divided, width: float) -> Iterator[tuple[int, float, float]]:
    """Series, begin and width of every part that is drawn."""
    known = [max(0.0, number.value or 0.0) for number in row.values]
    whole = max(row.whole, sum(known))  # rounded shares may be more than a whole together
    at = 0.0
    for index, value in enumerate(known):
        wide = width * value / whole
        if wide:
            yield index, at, wide
        at += wide


def draw_stack(chart: Stack, canvas: Canvas, fills: Mapping[Role, str]) -> None:
    """Rows divided, every part with its number where there is room for it.

    Args:
        chart: rows and parts; a part without a number is drawn as not shown.
        canvas: where it is drawn, and how far it came.
        fills: colour of every role.
    """
    palette, lang = canvas.palette, canvas.lang
    colors = [fills[role] for role in chart.roles]
    hidden = any(number.value is None for row in chart.rows for number in row.values)
    room = palette.soft if hidden else _WHITE
    entries: list[tuple[str, Shape]] = [
        (name, swatch(color, palette.grey_text if color == _WHITE else ""))
        for name, color in zip(chart.series, colors, strict=True)
    ]
    if hidden:
        entries.append((messages(lang)("report.not_shown"), swatch(room, palette.grey_text)))
    canvas.legend(entries)
    left, top = canvas.names + 8, canvas.y
    right = canvas.width - _EDGE
    for row in chart.rows:
        y = canvas.name(row.name, _HIGH)
        canvas.add(Box(left, y, right - left, _HIGH, room, palette.line))
        for index, at, wide in _parts(row, right - left):
            color = colors[index]
            canvas.add(
                Box(left + at, y, wide, _HIGH, color, palette.line if color == _WHITE else _WHITE)
            )
            value = row.values[index].shown(lang).rstrip("%").rstrip()
            if text_width(value, SIZE) + 4 <= wide:
                ink = readable_on(color)
                canvas.text(left + at + wide / 2, y + 13.5, value, "middle", ink)
    canvas.axis(top, left, right)


def _swarm(
    values: Sequence[float], left: float, wide: float, most: float
) -> Iterator[tuple[float, float]]:  # fmt: skip
    """A place per value: beside its own value, above and below each other where they meet.

    ``most`` is how far from the middle they may go; where more meet, they lie closer.
    """
    columns: dict[int, list[float]] = defaultdict(list)
    step = 2 * _DOT
    for value in values:
        x = left + wide * value / 100
        columns[round((x - left) / step)].append(x)
    for found in columns.values():
        apart = min(step, 2 * most / max(1, len(found) - 1))
        for index, x in enumerate(found):
            yield x, ((index + 1) // 2) * (1 if index % 2 else -1) * apart


def _field(
    field: Field, canvas: Canvas, row: float, high: float, room: tuple[float, float]
) -> None:  # fmt: skip
    left, right = room
    palette, wide, middle = canvas.palette, right - left, row + high / 2

    def at(value: float) -> float:
        return left + wide * value / 100

    if field.ends and None not in (field.ends[0].value, field.ends[1].value):
        low, most = (at(float(end.value or 0)) for end in field.ends)
        canvas.add(Stroke(((low, middle), (most, middle)), palette.grey_text, 1.2))
    if field.box and None not in (field.box[0].value, field.box[1].value):
        one, three = (at(float(end.value or 0)) for end in field.box)
        canvas.add(Box(one, row, max(1.0, three - one), high, palette.bar))
    for x, off in _swarm(field.dots, left, wide, high / 2 - _DOT):
        canvas.add(Dot(x, middle + off, _DOT, palette.accent))
    if field.middle.value is not None:
        x = at(field.middle.value)
        canvas.add(Stroke(((x, row - 2), (x, row + high + 2)), palette.dark, 3))
    if field.own is not None and field.own.value is not None:
        x = at(field.own.value)
        canvas.add(Dot(x, middle, _OWN + 1, _WHITE), Dot(x, middle, _OWN, palette.second))


def _spread_legend(chart: Spread, canvas: Canvas) -> Iterator[tuple[str, Shape]]:
    palette = canvas.palette
    middle, box, ends, dot, own = chart.words
    if any(f.own for f in chart.fields):
        yield own, bullet(_OWN, palette.second)
    if any(f.dots for f in chart.fields):
        yield dot, bullet(_DOT, palette.accent)
    yield middle, Stroke(((8, -1), (8, 13)), palette.dark, 3)
    if any(f.box for f in chart.fields):
        yield box, Box(0, 0, 16, 12, palette.bar)
    if any(f.ends for f in chart.fields):
        yield ends, Stroke(((0, 6), (16, 6)), palette.grey_text, 1.2)


def draw_spread(chart: Spread, canvas: Canvas) -> None:
    """A dot per organisation or a box, with the middle as a line and one's own as a big dot."""
    canvas.legend(list(_spread_legend(chart, canvas)))
    told = [(f.own or f.middle).shown(canvas.lang) for f in chart.fields]
    widest = max((text_width(text, SIZE) for text in told), default=0)
    left, top = canvas.names + 8, canvas.y
    right = canvas.width - _EDGE - widest
    high = 26.0 if any(f.dots for f in chart.fields) else 14.0
    for field, value in zip(chart.fields, told, strict=True):
        row = canvas.name(field.name, high)
        _field(field, canvas, row, high, (left, right))
        canvas.text(canvas.width, row + high / 2 + 4.5, value, "end", bold=True)
    canvas.axis(top, left, right)


def heat_color(value: float, palette: Palette) -> str:
    """From orange (low) by white to blue (high); never so dark that no ink can be read."""
    end = palette.second if value < 50 else palette.accent  # noqa: PLR2004 - the middle
    return mixed(_WHITE, end, _DARKEST * min(1.0, abs(value - 50) / 50))


def _heat_heads(chart: Heat, canvas: Canvas, columns: range, wide: float) -> None:
    heads = [wrapped(clean(chart.columns[i]), SIZE, (wide - 6) / 1.05) for i in columns]
    tall = max(map(len, heads))
    for place, lines in enumerate(heads):
        for number, line in enumerate(lines):
            y = canvas.y + (tall - len(lines) + number) * LINE + SIZE
            canvas.text(canvas.names + (place + 0.5) * wide, y, line, "middle", bold=True)
    canvas.y += tall * LINE + 6


def _heat_block(chart: Heat, canvas: Canvas, columns: range) -> None:
    left = canvas.names
    wide = (canvas.width - left) / len(columns)
    _heat_heads(chart, canvas, columns, wide)
    noted = any(square.note for row in chart.rows for square in row.squares)
    high = 36.0 if noted else 22.0
    for row in chart.rows:
        top = canvas.name(row.name, high)
        for place, index in enumerate(columns):
            square = row.squares[index]
            value = square.value.value
            fill = canvas.palette.soft if value is None else heat_color(value, canvas.palette)
            x = left + place * wide
            canvas.add(Box(x, top, wide, high, fill, _WHITE))
            ink = INK if value is None else readable_on(fill)
            canvas.text(x + wide / 2, top + 15.5, square.value.shown(canvas.lang), "middle", ink)
            if square.note:
                canvas.text(x + wide / 2, top + 31, square.note, "middle", ink)


_SQUARE = 78.0
"""The least that a column is wide."""


def draw_heat(chart: Heat, canvas: Canvas) -> None:
    """Squares with their number; what does not fit beside each other comes below."""
    fit = max(1, int((canvas.width - canvas.names) // _SQUARE))
    total = len(chart.columns)
    blocks = max(1, -(-total // fit))
    size = max(1, -(-total // blocks))
    for start in range(0, total, size):
        _heat_block(chart, canvas, range(start, min(start + size, total)))
        canvas.y += 6


def draw_slope(chart: Slope, canvas: Canvas) -> None:
    """A line for everyone, and a thick one for the middles."""
    palette = canvas.palette
    one, middle = chart.words
    entries: list[tuple[str, Shape]] = []
    if chart.lines:
        entries.append((one, Stroke(((0, 6), (16, 6)), palette.line, 1.4)))
    entries.append((middle, Stroke(((0, 6), (16, 6)), palette.second, 4)))
    canvas.legend(entries)
    values = [number.shown(canvas.lang) for number in chart.middle]
    edge = max((text_width(value, SIZE) for value in (*values, *chart.moments)), default=0) + 12
    left, right = canvas.names + edge, canvas.width - edge
    top, high = canvas.y + LINE, 240.0
    for x, moment in ((left, chart.moments[0]), (right, chart.moments[1])):
        canvas.text(x, canvas.y + SIZE - 4, moment, "middle", bold=True)
        canvas.add(Stroke(((x, top), (x, top + high)), palette.line, 1))

    def at(value: float) -> float:
        return top + high * (1 - value / 100)

    for before, after in chart.lines:
        canvas.add(Stroke(((left, at(before)), (right, at(after))), palette.line, 1.4))
    first, last = chart.middle
    if first.value is not None and last.value is not None:
        places = ((left, at(first.value)), (right, at(last.value)))
        canvas.add(Stroke(places, palette.second, 4))
        canvas.text(left - 8, at(first.value) + 4.5, values[0], "end", bold=True)
        canvas.text(right + 8, at(last.value) + 4.5, values[1], bold=True)
    canvas.y = top + high + 8
