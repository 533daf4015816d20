"""The gap report as one HTML file: no network, no script, every user text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from hkz_xlsx.report.model import GapReport, Line, decimal, percentage, score_line
from hkz_xlsx.text import Lang, messages, say

FIRST_THINGS = 5
"""How many gaps stand on the first page."""

_NAME_WIDTH, _BAR_WIDTH, _ROW, _TOP = 330, 420, 38, 30


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("hkz_xlsx", "report/pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")


def _bar(y: float, value: float | None, color: str, lang: Lang, words: str) -> Markup:
    width = 0 if value is None else value / 100 * _BAR_WIDTH
    shown = words if value is None else decimal(value, lang)
    bar = Markup('<rect x="{}" y="{}" width="{:.1f}" height="12" fill="{}"/>').format(
        _NAME_WIDTH, y, width, color
    )
    label = Markup('<text x="{:.1f}" y="{}" font-size="11">{}</text>').format(
        _NAME_WIDTH + width + 5, y + 10, shown
    )
    return bar + label


def bars(lines: Sequence[Line], title: str, lang: Lang) -> Markup:
    """Score beside substantiated score per set, as inline SVG with a text alternative.

    The same numbers stand in the table under it, so the picture is one labelled image.
    """
    text = messages(lang)
    height = _TOP + _ROW * len(lines)
    colors = ("#2f6da8", "#c9671a")
    names = (text("column.sets.score"), text("column.sets.substantiated"))
    parts = [
        Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}" font-family="inherit">').format(
            _NAME_WIDTH + _BAR_WIDTH + 130, height, say(lang, "report.chart_alt", title=title)
        )
    ]
    for index, (color, name) in enumerate(zip(colors, names, strict=True)):
        x = _NAME_WIDTH + index * 150
        parts.append(
            Markup('<rect x="{}" y="6" width="12" height="12" fill="{}"/>').format(x, color)
            + Markup('<text x="{}" y="16" font-size="12">{}</text>').format(x + 17, name)
        )
    for row, line in enumerate(lines):
        y = _TOP + row * _ROW
        words = percentage(None, line.score, lang)
        name = line.name if len(line.name) <= 52 else line.name[:51] + "…"  # noqa: PLR2004 - fits the column
        parts.append(Markup('<text x="0" y="{}" font-size="12">{}</text>').format(y + 17, name))
        parts.append(_bar(y, line.score.score, colors[0], lang, words))
        parts.append(_bar(y + 15, line.score.substantiated, colors[1], lang, words))
    return Markup("").join(parts) + Markup("</svg>")


def render(report: GapReport) -> str:
    """The whole page."""
    lang = report.lang
    return _template().render(
        r=report,
        t=messages(lang),
        say=partial(say, lang),
        pct=lambda value, score: percentage(value, score, lang),
        dec=lambda value: decimal(value, lang),
        score_line=lambda score: score_line(score, lang),
        bars=lambda lines, title: bars(lines, title, lang),
        first=[g for g in report.gaps if g.gap.priority != "open"][:FIRST_THINGS],
        e=escape,
    )
