"""Drawings of a field as charts of a spreadsheet: what a program can draw of the same picture.

Boxes, stacks, bars, lines and a coloured table are those of the other formats. A dot per
organisation is the one thing that charts of bars do not have: there the box stands, to the lowest
and the highest of the same organisations.
"""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.figures.model import Figures
from hkz_xlsx.figures.pictures import pictures
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.charts import colors
from hkz_xlsx.render.charts_of_many import heat_color
from hkz_xlsx.render.document import Chart, Picture
from hkz_xlsx.render.drawing import INK, readable_on
from hkz_xlsx.render.numbers import NumberCell
from hkz_xlsx.render.plots import Field, Heat, Slope, Spread, Stack
from hkz_xlsx.text import Lang, messages, say
from hkz_xlsx.writing.drawn import (
    Figure,
    FigureList,
    NativeChart,
    NativeSeries,
    Tinted,
    TintedTable,
)

_MOST_LINES = 100
"""Lines of one chart: Excel takes 255 series."""

_LEAST, _MARK = 4.0, 0.6
"""Percent of the width: what a number needs, and the mark of a middle."""


def _quartiles(field: Field) -> tuple[float, float, float] | None:
    """First, middle and third; all three the middle where quartiles may not be shown."""
    middle = field.middle.value
    if middle is None:
        return None
    one, three = (end.value for end in field.box) if field.box else (None, None)
    return (middle if one is None else one), middle, (middle if three is None else three)


def _ends(field: Field) -> tuple[float, float] | None:
    if field.dots:
        return min(field.dots), max(field.dots)
    if field.ends is None or None in (field.ends[0].value, field.ends[1].value):
        return None
    return float(field.ends[0].value or 0), float(field.ends[1].value or 0)


def _reach(fields: Sequence[Field], words: str) -> tuple[NativeSeries, NativeSeries] | None:
    """How far the lowest and the highest are from the box."""
    if not any(map(_ends, fields)):
        return None
    sides: tuple[list[float], list[float]] = [], []
    for field in fields:
        box, ends = _quartiles(field), _ends(field)
        low, high = (box[0] - ends[0], ends[1] - box[2]) if box and ends else (0.0, 0.0)
        sides[0].append(round(max(0.0, low), 1))
        sides[1].append(round(max(0.0, high), 1))
    return NativeSeries(f"{words} −", tuple(sides[0])), NativeSeries(f"{words} +", tuple(sides[1]))


def _parts(box: tuple[float, float, float] | None) -> tuple[float | None, ...]:
    """Where a box begins, how wide it is before its mark, the mark, and after it."""
    if box is None:
        return (None,) * 4
    before, after = (max(0.0, side - _MARK / 2) for side in (box[1] - box[0], box[2] - box[1]))
    begin = max(0.0, box[1] - _MARK / 2 - before)
    return tuple(round(part, 2) for part in (begin, before, _MARK, after))


def _spread(found: Spread, palette: Palette, lang: Lang) -> NativeChart:
    middle, box, ends, *_ = found.words
    parts = [_parts(_quartiles(field)) for field in found.fields]
    names = tuple(f"{field.name}: {field.middle.shown(lang)}" for field in found.fields)
    colored = (
        ("", ""),
        (f"{box} 1", palette.bar),
        (middle, palette.dark),
        (f"{box} 2", palette.bar),
    )
    series = tuple(
        NativeSeries(name, tuple(of_field[index] for of_field in parts), color)
        for index, (name, color) in enumerate(colored)
    )
    reach = _reach(found.fields, ends)
    said = [say(lang, "portfolio.picture.reading.mark", middle=middle)]
    if any(field.box for field in found.fields):
        said.append(say(lang, "portfolio.picture.reading.block", box=box))
    if reach:
        said.append(say(lang, "portfolio.picture.reading.line", ends=ends))
    note = " ".join(said)
    return NativeChart(found.title, found.alt, "box", names, series, reach=reach, note=note)


def _share(value: float | None, whole: float) -> float | None:
    return None if value is None else round(100 * value / whole, 1)


def _stack(found: Stack, palette: Palette, lang: Lang) -> NativeChart:
    fills = colors(palette)
    series = []
    for index, (name, role) in enumerate(zip(found.series, found.roles, strict=True)):
        values = tuple(_share(row.values[index].value, row.whole) for row in found.rows)
        told = tuple(
            row.values[index].shown(lang).rstrip("%").rstrip() if (value or 0) >= _LEAST else ""
            for row, value in zip(found.rows, values, strict=True)
        )
        series.append(NativeSeries(name, values, fills[role], told, readable_on(fills[role])))
    names = tuple(row.name for row in found.rows)
    hidden = any(value is None for one in series for value in one.values)
    note = messages(lang)("portfolio.picture.reading.hidden") if hidden else ""
    return NativeChart(found.title, found.alt, "stack", names, tuple(series), note=note)


def _bars(found: Chart, palette: Palette, lang: Lang) -> NativeChart:
    fills = colors(palette)
    columns = [tuple(bar.values[i] for bar in found.bars) for i in range(len(found.series))]
    series = tuple(
        NativeSeries(
            name, tuple(n.value for n in values), fills[role], tuple(n.shown(lang) for n in values)
        )
        for name, values, role in zip(found.series, columns, found.roles, strict=False)
    )
    most = max((n.value or 0 for values in columns for n in values), default=0)
    names = tuple(bar.name for bar in found.bars)
    shares = all(n.kind == "percent" for values in columns for n in values)
    return NativeChart(
        found.title, found.alt, "bars", names, series, 100 if shares else most * 1.1 or 1
    )


def _slope(found: Slope, palette: Palette, lang: Lang) -> NativeChart:
    one, middle = found.words
    lines = [
        NativeSeries(one if not number else "", pair, palette.line)
        for number, pair in enumerate(found.lines[:_MOST_LINES])
    ]
    told = tuple(number.shown(lang) for number in found.middle)
    values = tuple(number.value for number in found.middle)
    lines.append(NativeSeries(middle, values, palette.second, told, width=3.5))
    return NativeChart(found.title, found.alt, "lines", found.moments, tuple(lines))


def _tinted(value: NumberCell, note: str, palette: Palette, lang: Lang) -> Tinted:
    if value.value is None:
        return Tinted(value.shown(lang), note, palette.soft, INK)
    fill = heat_color(value.value, palette)
    return Tinted(value.value, note, fill, readable_on(fill))


def _heat(found: Heat, palette: Palette, lang: Lang) -> TintedTable:
    rows = tuple(
        (row.name, tuple(_tinted(s.value, s.note, palette, lang) for s in row.squares))
        for row in found.rows
    )
    return TintedTable(found.title, found.columns, rows)


def _native(picture: Picture, palette: Palette, lang: Lang) -> Figure:
    match picture:
        case Spread():
            return _spread(picture, palette, lang)
        case Stack():
            return _stack(picture, palette, lang)
        case Slope():
            return _slope(picture, palette, lang)
        case Heat():
            return _heat(picture, palette, lang)
        case Chart():
            return _bars(picture, palette, lang)
        case _:
            raise TypeError(f"{type(picture).__name__} is not drawn of a field")


def native_figures(figures: Figures, palette: Palette) -> FigureList:
    """Every drawing of a field, in the order of its sections."""
    text = messages(figures.lang)
    titles = text("portfolio.sheet.figures"), text("portfolio.sheet.figure_numbers")
    found = (
        _native(picture, palette, figures.lang)
        for section in figures.sections
        for _, picture in pictures(section, figures.choices)
    )
    return FigureList(titles, tuple(found))
