"""Figures as one HTML file: no network, no script, every text of users escaped."""

from __future__ import annotations

import re
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.portfolio.benchmark import Benchmark
from hkz_xlsx.portfolio.charts import bars
from hkz_xlsx.portfolio.figures import Choices, Figures, Heading
from hkz_xlsx.portfolio.words import day, notes, shown
from hkz_xlsx.text import messages, say

MOST_ROWS = 100
"""Rows of a table on the page; the workbook has all of them."""


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("hkz_xlsx", "portfolio/pages"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(name)


def _css(value: str) -> Markup:
    """A colour or font name for the style sheet, where escaping does not work."""
    return Markup(re.sub(r"[^\w #-]", "", value, flags=re.ASCII))  # noqa: S704 - only harmless characters are left


def render(figures: Figures, palette: Palette) -> bytes:
    """The page of a field."""
    lang = figures.lang
    page = _template("field.html.j2").render(
        f=figures,
        t=messages(lang),
        say=partial(say, lang),
        shown=lambda value, heading: shown(value, heading, lang),
        charts=lambda section: bars(section, palette, lang),
        notes=notes(figures.choices),
        most=MOST_ROWS,
        palette=palette,
        css=_css,
    )
    return page.lstrip().encode("utf-8", "replace")


def render_benchmark(found: Benchmark, choices: Choices, palette: Palette) -> bytes:
    """The page of one organisation against the others."""
    lang = choices.lang
    page = _template("benchmark.html.j2").render(
        b=found,
        lang=lang,
        t=messages(lang),
        shown=lambda value, heading: shown(value, heading, lang),
        charts=lambda section: bars(section, palette, lang),
        percent=Heading("score", "percent"),
        few=say(lang, "portfolio.benchmark.few", k=choices.k),
        day=day,
        most=MOST_ROWS,
        palette=palette,
        css=_css,
    )
    return page.lstrip().encode("utf-8", "replace")
