"""Figures as cells of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hkz_xlsx.figures.model import Cell, FigureColumn, Figures, FigureTable
from hkz_xlsx.figures.model import Kind as FigureKind
from hkz_xlsx.figures.words import day
from hkz_xlsx.render import document as doc

KINDS: Mapping[FigureKind, doc.Kind] = MappingProxyType({
    "text": "text", "whole": "whole", "percent": "percent", "points": "points", "date": "date",
    "share": "percent", "plain": "decimal",
})  # fmt: skip
"""How a document writes what a section has."""


def number_of(section: FigureTable, row: Sequence[Cell]) -> str:
    """How many organisations a row is about, to stand behind its name; empty where that is not
    counted."""
    if not any(h.key == "n" for h in section.headings):
        return ""
    return (
        f"\N{NO-BREAK SPACE}(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{row[section.index('n')] or 0})"
    )


def document_cell(value: Cell, heading: FigureColumn, *, rounded: bool) -> doc.Cell:
    """A figure as a cell of a document.

    Args:
        value: what stands in the section; None is shown as a dash.
        heading: its column; the kind says how the number is written.
        rounded: no decimals, as the figure was rounded to be published.
    """
    if value is None:
        return "–"
    if heading.kind == "date":
        return day(str(value)) if value else ""
    if isinstance(value, str):
        return value
    return doc.NumberCell(float(value), KINDS[heading.kind], digits=int(not rounded))


def figure_text(figures: Figures, key: str, row: Mapping[str, Cell], column: str) -> str:
    """A figure of a row of a section, written as in its table.

    Args:
        figures: the sections, with language and rounding.
        key: of the section.
        row: its values by key of the column, as `Figures.rows` gives them.
        column: key of the column.
    """
    section = figures.section(key)
    heading = section.headings[section.index(column)]
    found = document_cell(row[column], heading, rounded=figures.choices.anonymous)
    return doc.shown(found, figures.lang)
