"""A timeline: who has what to do in which month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.document import Lane, Role, Timeline
from hkz_xlsx.render.drawing import (
    INK,
    Box,
    Dot,
    Drawing,
    Stroke,
    Words,
    legend,
    line_height,
    readable_on,
    text_width,
    wrapped,
)
from hkz_xlsx.render.words import clean, month_short, months_later
from hkz_xlsx.scoring.cell_values import from_serial, serial
from hkz_xlsx.text import Lang

_SIZE, _RADIUS, _HIGH = 12.0, 8.0, 30.0
_NAMES = 190.0
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 12_000)
"""Months between names below the lanes."""

_WIDE = 500.0
"""Sheets below this width have names above their lanes."""


def _span(timeline: Timeline) -> tuple[date, date]:
    """First days of the month of the first mark or today, and of the month after the last."""
    days = [mark.day for lane in timeline.lanes for mark in lane.marks]
    days += [timeline.today] if timeline.today is not None else []
    first, last = from_serial(min(days)), from_serial(max(days))
    return first.replace(day=1), months_later(last.replace(day=1), 1)


def _ticks(start: date, end: date, room: float, lang: Lang) -> Iterator[tuple[date, str]]:
    """Months to name: every one, or as many as fit beside each other."""
    months = (end.year - start.year) * 12 + end.month - start.month
    fit = max(1, int(room / (text_width("mmm 9999", _SIZE) + 6)))
    step = next((s for s in _STEPS if months <= s * fit), _STEPS[-1])
    for number in range(0, months, step):
        day = months_later(start, number)
        yield day, f"{month_short(day.month, lang)} {day.year}"


def _groups(lane: Lane, across: Mapping[float, float]) -> list[tuple[float, list[Role]]]:
    """Marks that would touch are one, with their number."""
    found: list[tuple[float, list[Role]]] = []
    for mark in lane.marks:
        x = across[mark.day]
        if found and x - found[-1][0] < 2 * _RADIUS + 1:
            found[-1][1].append(mark.role)
        else:
            found.append((x, [mark.role]))
    return found


def _today(drawing: Drawing, timeline: Timeline, x: float, top: float) -> None:
    width = text_width(timeline.today_name, _SIZE)
    place = min(max(x, width / 2), drawing.width - width / 2)
    drawing.add(Words(place, top - 8, timeline.today_name, _SIZE, "middle"))


def _lane(
    drawing: Drawing, middle: float, groups: Sequence[tuple[float, list[Role]]],
    fills: Mapping[Role, str],
) -> None:  # fmt: skip
    """The dots of a lane; one that is several, or late in part, says so."""
    for x, roles in groups:
        color = fills["late" if "late" in roles else roles[0]]
        drawing.add(Dot(x, middle, _RADIUS, color))
        if len(roles) > 1:
            ink = readable_on(color)
            drawing.add(Words(x, middle + 4, str(len(roles)), _SIZE, "middle", ink, bold=True))


def draw_timeline(
    timeline: Timeline, palette: Palette, lang: Lang, fills: Mapping[Role, str], sheet: float
) -> Drawing:
    """Lanes under each other; a dot per thing to do, a number where several fall together.

    Args:
        timeline: lanes with days, which are serial numbers.
        palette: colours of lines and words.
        lang: language of the months.
        fills: colour of every role.
        sheet: width of the drawing; on a narrow one names stand above their lane.
    """
    narrow = sheet < _WIDE
    left = _RADIUS + 2 if narrow else _NAMES
    room = sheet - left - _RADIUS - 2
    start, end = _span(timeline)
    first, days = serial(start), serial(end) - serial(start)

    def place(day: float) -> float:
        return left + room * (day - first) / days

    drawing = Drawing(sheet)
    entries = [(fills[role], name) for role, name in timeline.legend]
    top = legend(drawing, entries, palette.line, _SIZE) + (26 if timeline.today is not None else 8)
    names = sheet if narrow else left - 14
    rows = [(lane, wrapped(clean(lane.name), _SIZE, names)) for lane in timeline.lanes]
    step = line_height(_SIZE)
    highs = [len(lines) * step for _, lines in rows]
    heights = [_HIGH + high if narrow else max(_HIGH, high + 8) for high in highs]
    bottom = top + sum(heights)
    months = []
    for day, name in _ticks(start, end, room, lang):
        x = place(serial(day))
        months.append(Stroke(((x, top), (x, bottom)), palette.line, 0.6))
        drawing.add(Words(x, bottom + 15, name, _SIZE, "start", palette.grey_text))
    if timeline.today is not None:
        x = place(timeline.today)
        months.append(Stroke(((x, top - 4), (x, bottom)), INK, 1.5, dashed=True))
        _today(drawing, timeline, x, top)
    y = top
    for (lane, lines), text, high in zip(rows, highs, heights, strict=True):
        drawing.lines(lines, 0, y + (0 if narrow else (high - text) / 2 - 1) + _SIZE, _SIZE)
        middle = y + (text + _HIGH / 2 if narrow else high / 2)
        drawing.add(Box(left, middle - 1, room, 2, palette.soft))
        _lane(drawing, middle, _groups(lane, {m.day: place(m.day) for m in lane.marks}), fills)
        y += high
    drawing.under(*months)
    drawing.height = bottom + 22
    return drawing
