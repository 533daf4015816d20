"""Bars as inline SVG; the same numbers stand in the table beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

from markupsafe import Markup

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.portfolio.figures import Cell, Section
from hkz_xlsx.portfolio.words import shown
from hkz_xlsx.text import Lang, messages, say

MOST_BARS = 30
"""Rows of one chart; the table has all of them."""

_BAR, _TOP, _LETTERS = 420, 30, 56
_LETTER = 6.3
"""Width of a letter of a name, more or less."""

_TOGETHER = ("edition", "level", "scheme", "property", "rounds")
"""Columns whose values a chart has in common; its heading names them."""


def runs(section: Section) -> Iterator[tuple[str, range]]:
    """Rows that belong in one chart, with what they have in common."""
    if not section.chart:
        return
    keys = [h.key for h in section.headings]
    together = [keys.index(key) for key in _TOGETHER if key in keys]
    start = 0
    for common, group in groupby(section.rows, key=lambda row: [row[i] for i in together]):
        count = len(list(group))
        if count > 1:
            yield (
                " · ".join(str(v) for v in common if v),
                range(start, start + min(count, MOST_BARS)),
            )
        start += count


def number_of(section: Section, row: Sequence[Cell]) -> str:
    """How many organisations a row is about, to stand behind its name; empty where that is not
    counted."""
    if not any(h.key == "n" for h in section.headings):
        return ""
    return (
        f"\N{NO-BREAK SPACE}(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{row[section.index('n')] or 0})"
    )


def bars(section: Section, palette: Palette, lang: Lang) -> list[Markup]:
    """A chart per run of rows that belong together."""
    return [_chart(section, title, rows, palette, lang) for title, rows in runs(section)]


def _name(section: Section, row: Sequence[Cell]) -> str:
    """What stands before a bar, cut visibly when it is long."""
    counted = number_of(section, row)
    name, room = str(row[section.index("name")] or ""), _LETTERS - len(counted)
    return (name if len(name) <= room else name[: room - 1] + "…") + counted


def _chart(section: Section, title: str, rows: range, palette: Palette, lang: Lang) -> Markup:
    text = messages(lang)
    colors = (f"#{palette.accent.lstrip('#')}", f"#{palette.second.lstrip('#')}")
    series = [
        (section.index(key), key, color) for key, color in zip(section.chart, colors, strict=False)
    ]
    names = [_name(section, section.rows[i]) for i in rows]
    left = 20 + _LETTER * max(12, *map(len, names))
    high = 16 * len(series) + 6
    height = _TOP + 22 + (high + 4) * len(rows)
    whole = f"{section.title(lang)} – {title}"
    wide = round(left + _BAR + 90)
    # Letters of the same size in every chart; on a narrow screen smaller, then it scrolls.
    parts = [
        Markup(
            '<svg viewBox="0 0 {0} {1}" width="{2:.0f}" style="min-width:{3:.0f}px" role="img" '
            'aria-label="{4}" font-family="inherit">'
        ).format(
            wide, height, 1.2 * wide, 0.85 * wide, say(lang, "portfolio.chart_alt", title=whole)
        ),
        Markup('<text x="0" y="14" font-size="13" font-weight="600">{}</text>').format(title),
    ]
    for place, (_, key, color) in enumerate(series):
        x = round(left) + place * 170
        parts.append(
            Markup('<rect x="{}" y="24" width="12" height="12" fill="{}"/>').format(x, color)
        )
        name = text(f"portfolio.column.{key}")
        parts.append(Markup('<text x="{}" y="34" font-size="12">{}</text>').format(x + 17, name))
    for place, (row, name) in enumerate(zip((section.rows[i] for i in rows), names, strict=True)):
        y = _TOP + 18 + place * (high + 4)
        parts.append(
            Markup('<text x="0" y="{}" font-size="12">{}</text>').format(y + high / 2 + 3, name)
        )
        for line, (column, _, color) in enumerate(series):
            label_of = partial(shown, heading=section.headings[column], lang=lang)
            parts.append(_bar(round(left), y + 16 * line, row[column], color, label_of))
    return Markup("").join(parts) + Markup("</svg>")


def _bar(left: int, y: float, value: Cell, color: str, label_of: Callable[[Cell], str]) -> Markup:
    if not isinstance(value, int | float):
        shown = label_of(value)  # hidden: there is no bar, only what may be said
        return Markup('<text x="{}" y="{}" font-size="11">{}</text>').format(left, y + 11, shown)
    width = max(0.0, min(100.0, value)) / 100 * _BAR
    return Markup(
        '<rect x="{}" y="{}" width="{:.1f}" height="13" fill="{}"/>'
        '<text x="{:.1f}" y="{}" font-size="11">{}</text>'
    ).format(left, y, width, color, left + width + 5, y + 11, label_of(value))
