"""Drawings of many at once: distributions, a heat map, and lines between two moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from hkz_xlsx.render.canvas import (
    INK,
    LINE,
    SIZE,
    Box,
    Canvas,
    Dot,
    Mark,
    Stroke,
    mixed,
    on,
    width_of,
    wrapped,
)
from hkz_xlsx.render.plots import Field, Heat, Slope, Spread
from hkz_xlsx.render.words import clean

_DOT = 3.2


def _swarm(
    values: Sequence[float], left: float, wide: float, most: float
) -> Iterator[tuple[float, float]]:
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
) -> None:
    left, right = room
    palette, wide, middle = canvas.palette, right - left, row + high / 2

    def at(value: float) -> float:
        return left + wide * value / 100

    if field.ends and None not in (field.ends[0].value, field.ends[1].value):
        low, most = (float(end.value or 0) for end in field.ends)
        canvas.add(Stroke(at(low), middle, at(most), middle, palette.grey_text, 1.2))
    if field.box and None not in (field.box[0].value, field.box[1].value):
        one, three = (float(end.value or 0) for end in field.box)
        canvas.add(Box(at(one), row, max(1.0, at(three) - at(one)), high, palette.bar))
    for x, off in _swarm(field.dots, left, wide, high / 2 - _DOT):
        canvas.add(Dot(x, middle + off, _DOT, palette.accent, "#FFFFFF"))
    if field.middle.value is not None:
        x = at(field.middle.value)
        canvas.add(Stroke(x, row - 2, x, row + high + 2, palette.dark, 3))
    if field.own is not None and field.own.value is not None:
        canvas.add(Dot(at(field.own.value), middle, 6, palette.second, "#FFFFFF"))


def draw_spread(chart: Spread, canvas: Canvas) -> None:
    """A dot per organisation or a box, with the middle as a line and one's own as a big dot."""
    palette = canvas.palette
    words = dict(zip(("middle", "box", "ends", "dot", "own"), chart.words, strict=True))
    entries: list[tuple[str, Mark]] = []
    if any(f.dots for f in chart.fields):
        entries.append((words["dot"], Dot(8, 6, _DOT, palette.accent)))
    entries.append((words["middle"], Stroke(8, -2, 8, 14, palette.dark, 3)))
    if any(f.box for f in chart.fields):
        entries.append((words["box"], Box(0, 0, 16, 12, palette.bar)))
    if any(f.ends for f in chart.fields):
        entries.append((words["ends"], Stroke(0, 6, 16, 6, palette.grey_text, 1.2)))
    if any(f.own for f in chart.fields):
        entries.append((words["own"], Dot(8, 6, 6, palette.second)))
    canvas.legend(entries)
    told = [(f.own or f.middle).shown(canvas.lang) for f in chart.fields]
    left, top = canvas.names + 8, canvas.y
    right = canvas.width - 24 - max((width_of(text) for text in told), default=0)
    high = 26.0 if any(f.dots for f in chart.fields) else 14.0
    for field, value in zip(chart.fields, told, strict=True):
        row = canvas.name(field.name, high)
        _field(field, canvas, row, high, (left, right))
        canvas.text(canvas.width, row + high / 2 + 4.5, value, "end", bold=True)
    canvas.axis(top, left, right, "{}" if canvas.narrow else "{} %")


def _heat_block(chart: Heat, canvas: Canvas, columns: range) -> None:
    left = canvas.names
    wide = (canvas.width - left) / len(columns)
    heads = [wrapped(canvas.shown(clean(chart.columns[i])), wide - 6) for i in columns]
    tall = max(map(len, heads))
    for place, lines in enumerate(heads):
        for number, line in enumerate(lines):
            y = canvas.y + (tall - len(lines) + number) * LINE + SIZE
            canvas.text(left + (place + 0.5) * wide, y, line, "middle", bold=True)
    canvas.y += tall * LINE + 6
    noted = any(square.note for row in chart.rows for square in row.squares)
    high = 36.0 if noted else 22.0
    for row in chart.rows:
        top = canvas.name(row.name, high)
        for place, index in enumerate(columns):
            square = row.squares[index]
            value = square.value.value
            fill = canvas.palette.soft if value is None else heat_color(value, canvas)
            x = left + place * wide
            canvas.add(Box(x, top, wide, high, fill, "#FFFFFF"))
            ink = INK if value is None else on(fill)
            canvas.text(x + wide / 2, top + 15.5, square.value.shown(canvas.lang), "middle", ink)
            if square.note:
                canvas.text(x + wide / 2, top + 31, square.note, "middle", ink)


def heat_color(value: float, canvas: Canvas) -> str:
    """From orange (low) by white to blue (high)."""
    palette = canvas.palette
    if value < 50:  # noqa: PLR2004 - the middle of the scale
        return mixed(palette.second, "#ffffff", min(1.0, value / 50))
    return mixed("#ffffff", palette.accent, min(1.0, (value - 50) / 50))


_SQUARE = {False: 82.0, True: 80.0}
"""The least that a column is wide, on paper or a desk, and (True) on a telephone."""


def draw_heat(chart: Heat, canvas: Canvas) -> None:
    """Squares with their number; what does not fit beside each other comes below."""
    fit = max(1, int((canvas.width - canvas.names) // _SQUARE[canvas.narrow]))
    total = len(chart.columns)
    blocks = -(-total // fit)
    size = -(-total // max(1, blocks))
    for start in range(0, total, max(1, size)):
        _heat_block(chart, canvas, range(start, min(start + size, total)))
        canvas.y += 6


def draw_slope(chart: Slope, canvas: Canvas) -> None:
    """A line for everyone, and a thick one for the middles."""
    palette = canvas.palette
    one, middle = chart.words
    entries: list[tuple[str, Mark]] = []
    if chart.lines:
        entries.append((one, Stroke(0, 6, 16, 6, palette.line, 1.4)))
    entries.append((middle, Stroke(0, 6, 16, 6, palette.second, 4)))
    canvas.legend(entries)
    values = [number.shown(canvas.lang) for number in chart.middle]
    edge = max(map(width_of, values)) + 10
    left, right = canvas.names + edge, canvas.width - edge
    top, high = canvas.y + LINE, 240.0
    for x, moment in ((left, chart.moments[0]), (right, chart.moments[1])):
        canvas.text(x, canvas.y + SIZE - 4, moment, "middle", bold=True)
        canvas.add(Stroke(x, top, x, top + high, palette.line, 1.4))

    def at(value: float) -> float:
        return top + high * (1 - value / 100)

    for before, after in chart.lines:
        canvas.add(Stroke(left, at(before), right, at(after), palette.line, 1.4))
    first, last = chart.middle
    if first.value is not None and last.value is not None:
        canvas.add(Stroke(left, at(first.value), right, at(last.value), palette.second, 4))
        canvas.text(left - 8, at(first.value) + 4.5, values[0], "end", bold=True)
        canvas.text(right + 8, at(last.value) + 4.5, values[1], bold=True)
    canvas.y = top + high + 8
