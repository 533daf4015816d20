"""Figures about a field as a document for every format: findings first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from hkz_xlsx.figures.cells import KINDS, document_cell
from hkz_xlsx.figures.findings import Finding, findings
from hkz_xlsx.figures.model import Choices, Figures, FigureTable
from hkz_xlsx.figures.pictures import MOST_BARS, drawings_of, pictures
from hkz_xlsx.figures.words import notes
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import document as doc
from hkz_xlsx.text import Lang, messages, say

MOST_ROWS = 100
"""Rows of a table on a page; the workbook has all of them."""

_SAID_ONCE = ("edition", "scheme")
"""Columns that are named above a table instead, where all its rows have the same."""

_OF_FILES = ("unusual", "unusable", "superseded", "doubtful")
"""Sections about files, after those about organisations."""

_TYPED, _PAGEFUL = ("evidence_words",), 1_500
"""Sections with texts that people typed, and how many letters of one stand on a page."""

_FIRST = 2
"""Drawings of rubrieken that the first page has room for: of a norm, and of its second part."""

_LONG = ("questions",)
"""Sections that are folded on a screen and stand in an annex on paper."""


def _beginning(cell: doc.Cell, lang: Lang) -> doc.Cell:
    """Of a very long text the beginning, and where all of it stands."""
    if not isinstance(cell, str) or len(cell) <= _PAGEFUL:
        return cell
    note = say(lang, "portfolio.long", count=len(cell))
    return f"{cell[:_PAGEFUL].rstrip()}… {note}"


def grid_of(section: FigureTable, choices: Choices) -> tuple[str, doc.Grid]:
    """The table of a section, and what all its rows have in common."""
    text, rows = messages(choices.lang), section.rows[:MOST_ROWS]
    common = {
        i: str(section.rows[0][i])
        for i, h in enumerate(section.headings)
        if h.key in _SAID_ONCE and section.rows and len({row[i] for row in section.rows}) == 1
    }
    # A set of editions names its norm already.
    named = list(common.values())[:1]
    shown = [(i, h) for i, h in enumerate(section.headings) if i not in common]
    columns = tuple(
        doc.GridColumn(text(h.words_key), max(h.width, 9), KINDS[h.kind]) for _, h in shown
    )
    cells = tuple(
        tuple(document_cell(row[i], h, rounded=choices.anonymous) for i, h in shown) for row in rows
    )
    if section.key in _TYPED:
        cells = tuple(tuple(_beginning(cell, choices.lang) for cell in row) for row in cells)
    grid = doc.Grid(section.key, section.title(choices.lang), columns, cells)
    return "".join(named), grid


def _tables(section: FigureTable, choices: Choices) -> Iterator[doc.Block]:
    """The table; of questions one per edition, whose name would take the room of their words."""
    parts = [section]
    if any(heading.key == "requirement" for heading in section.headings):
        place, rows = section.index("edition"), section.rows[:MOST_ROWS]
        groups = groupby(rows, key=lambda row: row[place])
        parts = [replace(section, rows=tuple(found)) for _, found in groups]
    for number, part in enumerate(parts, 1):
        common, grid = grid_of(part, choices)
        if common:
            yield doc.Paragraph(common, "strong")
        yield replace(grid, key=f"{grid.key}-{number}" if number > 1 else grid.key)


def section_blocks(section: FigureTable, choices: Choices) -> tuple[doc.Block, ...]:
    """What a section says, draws and lists."""
    lang = choices.lang
    blocks: list[doc.Block] = [doc.Paragraph(section.note(lang), "small")]
    drawn, undrawn = drawings_of(section, choices)
    blocks += (picture for _, picture in drawn)
    every = len(drawn) + len(undrawn.titles)
    if drawn and section.key not in _LONG and len(section.rows) > MOST_BARS * every:
        blocks.append(doc.Paragraph(say(lang, "portfolio.bars_more", shown=MOST_BARS), "small"))
    if told := undrawn.sentence(choices):
        blocks.append(doc.Paragraph(told, "small"))
    blocks += _tables(section, choices)
    if len(section.rows) > MOST_ROWS:
        more = say(lang, "portfolio.rows_more", shown=MOST_ROWS, count=len(section.rows))
        blocks.append(doc.Paragraph(more, "small"))
    return tuple(blocks)


def _section(section: FigureTable, choices: Choices) -> doc.Section:
    title = section.title(choices.lang)
    long = section.key in _LONG
    return doc.Section(section.key, title, section_blocks(section, choices), long)


def _items(found: tuple[Finding, ...]) -> doc.Items:
    return doc.Items(tuple(doc.Item(one.lead, one.text) for one in found))


def _in_one(rubrieken: list[doc.Picture], section: FigureTable, lang: Lang) -> list[doc.Picture]:
    """The rubrieken of a sector part and of the part for all sectors in one drawing, which the
    first page has room for."""
    parts = [one for one in rubrieken if isinstance(one, doc.Spread)]
    if len(parts) < 2 or len(parts) < len(rubrieken):  # noqa: PLR2004 - nothing to put together
        return rubrieken
    title = f"{section.title(lang)} – {messages(lang)('portfolio.level.rubriek')}"
    alt = say(lang, "portfolio.picture.spread", title=title)
    fields = tuple(field for one in parts for field in one.fields)
    return [replace(parts[0], key=f"{section.key}-0", title=title, alt=alt, fields=fields)]


def _summary(figures: Figures) -> doc.Section:
    """The first page: who, what was found, and how scores are spread."""
    text, choices = messages(figures.lang), figures.choices
    facts = tuple(doc.Fact(*fact) for fact in figures.facts)
    blocks: list[doc.Block] = [doc.Facts(facts)]
    told = findings(figures)
    for edition, found in told:
        blocks += [doc.Heading(edition)] if edition else []
        blocks.append(_items(found))
    if not figures.sections:
        blocks.append(doc.Paragraph(text("portfolio.nothing"), "notice"))
    spread = figures.find("distribution")
    drawn = pictures(spread, choices) if spread else ()
    rubrieken = [picture for about, picture in drawn if about == "rubriek"]
    if spread and len(told) == 1 and len(rubrieken) <= _FIRST:
        blocks += _in_one(rubrieken, spread, figures.lang)
    blocks += [doc.Paragraph(line, "small") for line in notes(choices)]
    return doc.Section("summary", text("portfolio.findings"), tuple(blocks))


def _of_files(figures: Figures) -> doc.Section:
    facts = doc.Facts(tuple(doc.Fact(*fact) for fact in figures.files))
    return doc.Section("files", messages(figures.lang)("portfolio.files"), (facts,))


def field_document(figures: Figures, look: Look) -> doc.Document:
    """Everything about a field."""
    choices = figures.choices
    of_field = [s for s in figures.sections if s.key not in _OF_FILES]
    of_files = [s for s in figures.sections if s.key in _OF_FILES]
    sections = (
        _summary(figures),
        *(_section(section, choices) for section in of_field),
        _of_files(figures),
        *(_section(section, choices) for section in of_files),
    )
    return doc.Document(
        figures.lang, figures.title, (), look.cover_lines(figures.lang), sections,
        (messages(figures.lang)("portfolio.made"),), wide=True,
    )  # fmt: skip
