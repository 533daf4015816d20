"""Figures about a field, and the page of one organisation, as documents for every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from hkz_xlsx.figures.benchmark import Benchmark
from hkz_xlsx.figures.model import Cell, Choices, Figures, Heading, Section
from hkz_xlsx.figures.model import Kind as FigureKind
from hkz_xlsx.figures.words import day, notes
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import document as doc
from hkz_xlsx.text import Lang, messages, say

MOST_BARS = 30
"""Rows of one chart; the table has all of them."""

MOST_ROWS = 100
"""Rows of a table on a page; the workbook has all of them."""

_TOGETHER = ("edition", "level", "scheme", "property", "rounds")
"""Columns whose values a chart has in common; its heading names them."""

_SAID_ONCE = ("edition", "scheme")
"""Columns that are named above a table instead, where all its rows have the same."""

_KINDS: dict[FigureKind, doc.Kind] = {
    "text": "text", "whole": "whole", "percent": "percent", "points": "points", "date": "date",
    "share": "percent", "plain": "decimal",
}  # fmt: skip


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


def cell(value: Cell, heading: Heading, *, rounded: bool) -> doc.Cell:
    """A figure as a cell of a document; ``rounded`` ones have no decimals, as they were rounded to
    be published."""
    if value is None:
        return "–"
    if heading.kind == "date":
        return day(str(value)) if value else ""
    if isinstance(value, str):
        return value
    return doc.Number(float(value), _KINDS[heading.kind], digits=int(not rounded))


def _grid(section: Section, choices: Choices) -> tuple[str, doc.Grid]:
    """The table of a section, and what all its rows have in common."""
    text, rows = messages(choices.lang), section.rows[:MOST_ROWS]
    common = {
        i: str(section.rows[0][i])
        for i, h in enumerate(section.headings)
        if h.key in _SAID_ONCE and section.rows and len({row[i] for row in section.rows}) == 1
    }
    shown = [(i, h) for i, h in enumerate(section.headings) if i not in common]
    columns = tuple(
        doc.Column(text(f"portfolio.column.{h.key}"), max(h.width, 9), _KINDS[h.kind])
        for _, h in shown
    )
    cells = tuple(
        tuple(cell(row[i], h, rounded=choices.anonymous) for i, h in shown) for row in rows
    )
    grid = doc.Grid(section.key, section.title(choices.lang), columns, cells)
    return " · ".join(v for v in common.values() if v), grid


def _charts(section: Section, choices: Choices) -> Iterator[doc.Heading | doc.Chart]:
    text, lang = messages(choices.lang), choices.lang
    columns = [section.index(key) for key in section.chart]
    series = tuple(text(f"portfolio.column.{key}") for key in section.chart)
    several = list(runs(section))
    for number, (common, rows) in enumerate(several, 1):
        if len(several) > 1 and common:
            yield doc.Heading(common)  # which of them a drawing is about is seen, not only read out
        title = " – ".join(p for p in (section.title(lang), common) if p)
        bars = tuple(
            doc.Bar(
                str(row[section.index("name")] or "") + number_of(section, row),
                tuple(_number(row[i], section.headings[i], choices) for i in columns),
            )
            for row in (section.rows[i] for i in rows)
        )
        alt = say(lang, "portfolio.chart_alt", title=title)
        yield doc.Chart(f"{section.key}-{number}", title, alt, series, bars)


def _number(value: Cell, heading: Heading, choices: Choices) -> doc.Number:
    """A figure for a bar; where it is hidden there is no bar, only what may be said."""
    found = cell(value, heading, rounded=choices.anonymous)
    return found if isinstance(found, doc.Number) else doc.Number(None, "percent", found)


def _section(section: Section, choices: Choices) -> doc.Section:
    lang = choices.lang
    common, grid = _grid(section, choices)
    blocks: list[doc.Block] = [doc.Paragraph(section.note(lang), "small")]
    blocks += _charts(section, choices)
    if common:
        blocks.append(doc.Paragraph(common, "strong"))
    blocks.append(grid)
    if len(section.rows) > MOST_ROWS:
        more = say(lang, "portfolio.rows_more", shown=MOST_ROWS, count=len(section.rows))
        blocks.append(doc.Paragraph(more, "small"))
    return doc.Section(section.key, section.title(lang), tuple(blocks))


def field_document(figures: Figures, look: Look) -> doc.Document:
    """Everything about a field."""
    text, choices = messages(figures.lang), figures.choices
    facts = tuple(doc.Fact(label, value, note) for label, value, note in figures.facts)
    first: list[doc.Block] = [doc.Facts(facts)]
    first += [doc.Paragraph(line, "small") for line in notes(choices)]
    if not figures.sections:
        first.append(doc.Paragraph(text("portfolio.nothing"), "notice"))
    summary = doc.Section("summary", text("report.summary"), tuple(first))
    sections = (summary, *(_section(section, choices) for section in figures.sections))
    cover = look.cover_lines(figures.lang)
    notices = (text("portfolio.made"),)
    return doc.Document(figures.lang, figures.title, (), cover, sections, notices, wide=True)


def _ranked(lines: Sequence[tuple[str, float, float]], lang: Lang) -> doc.Items:
    items = tuple(
        doc.Item(doc.Number(own, "percent").shown(lang), name,
                 f"{messages(lang)('portfolio.column.median')} "
                 f"{doc.Number(median, 'percent').shown(lang)}")
        for name, own, median in lines
    )  # fmt: skip
    return doc.Items(items or (doc.Item("", messages(lang)("portfolio.benchmark.none")),))


def benchmark_document(found: Benchmark, choices: Choices, look: Look) -> doc.Document:
    """The page of one organisation against the others."""
    text, lang = messages(choices.lang), choices.lang
    title = text("portfolio.benchmark.title")
    about = " · ".join(p for p in (found.location, found.edition, found.day) if p)
    blocks: list[doc.Block] = [doc.Paragraph(text("portfolio.benchmark.intro"))]
    sections: tuple[doc.Section, ...] = ()
    if found.section.rows:
        total = found.total
        facts = (
            doc.Fact(text("portfolio.benchmark.own"), _percent(total.own, lang)),
            doc.Fact(text("portfolio.benchmark.middle"), _percent(total.median, lang)),
            doc.Fact(text("portfolio.benchmark.peers"), str(total.n)),
        )
        best, worst = _ranked(found.best, lang), _ranked(found.worst, lang)
        heads = text("portfolio.benchmark.best"), text("portfolio.benchmark.worst")
        blocks += [doc.Facts(facts), doc.Pair(heads[0], best, heads[1], worst)]
        sections = (_section(found.section, choices),)
    else:
        blocks.append(doc.Paragraph(say(lang, "portfolio.benchmark.few", k=choices.k), "notice"))
    first = doc.Section("summary", text("report.summary"), tuple(blocks))
    return doc.Document(
        lang, f"{title} – {found.name}" if found.name else title, (about,) if about else (),
        look.cover_lines(lang), (first, *sections), (text("portfolio.made"),), wide=True,
    )  # fmt: skip


def _percent(value: float | None, lang: Lang) -> str:
    return doc.Number(value, "percent").shown(lang)
