"""Figures as an Excel file: a sheet per section with filters, numbers as numbers, charts below."""

from __future__ import annotations

from hkz_xlsx.figures.cells import number_of
from hkz_xlsx.figures.model import Cell, FigureColumn, Figures, FigureTable
from hkz_xlsx.figures.pictures import MOST_BARS
from hkz_xlsx.figures.runs import runs
from hkz_xlsx.figures.words import day, notes, shown
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.text import Lang, messages, say
from hkz_xlsx.writing.tables import Kind, TableChart, TableColumn, TableSheet, write_tables

_KINDS: dict[str, Kind] = {
    "text": "text", "date": "text", "whole": "number", "percent": "percent", "share": "percent",
    "points": "change", "plain": "decimal",
}  # fmt: skip
_MOST_CHARTS = 6
MOST_ROWS = 100_000
"""Rows of a sheet; more than a person filters. The tables of the portfolio have all."""


def render(figures: Figures, palette: Palette) -> bytes:
    """The bytes of the file."""
    sheets = [_about(figures), *(_sheet(section, figures.lang) for section in figures.sections)]
    return write_tables(sheets, figures.title, palette)


def _about(figures: Figures) -> TableSheet:
    text = messages(figures.lang)
    rows: list[tuple[CellValue, ...]] = [
        (label, int(value) if value.isdigit() else value, note)
        for label, value, note in (*figures.facts, *figures.files)
    ]
    rows += [(s.title(figures.lang), len(s.rows), s.note(figures.lang)) for s in figures.sections]
    columns = (
        TableColumn(text("portfolio.column.name"), 44),
        TableColumn(text("portfolio.column.count"), 24),
        TableColumn(text("portfolio.column.hint_about"), 90),
    )
    remarks = (*notes(figures.choices), text("portfolio.made"))
    rows += [(text("portfolio.column.hint_about"), None, remark) for remark in remarks]
    line = text("portfolio.about")
    return TableSheet(text("portfolio.contents"), figures.title, line, "About", columns, rows)


def _sheet(section: FigureTable, lang: Lang) -> TableSheet:
    # Charts take their names from the first column.
    order = list(range(len(section.headings)))
    if section.chart:
        order.insert(0, order.pop(section.index("name")))
    headings = [section.headings[i] for i in order]
    rows = [
        tuple(_cell(row[i], section.headings[i]) for i in order) for row in section.rows[:MOST_ROWS]
    ]
    text = messages(lang)
    columns = tuple(
        TableColumn(text(f"portfolio.column.{h.key}"), max(h.width, 9), _KINDS[h.kind])
        for h in headings
    )
    title = section.title(lang)
    return TableSheet(
        text(f"portfolio.sheet.{section.key}"), title, section.note(lang), f"T_{section.key}",
        columns, rows, _charts(section, headings, lang),
    )  # fmt: skip


def _cell(value: Cell, heading: FigureColumn) -> CellValue:
    if heading.kind == "date" and isinstance(value, str) and value:
        return day(value)
    return value


def _charts(
    section: FigureTable, headings: list[FigureColumn], lang: Lang
) -> tuple[TableChart, ...]:
    keys = [h.key for h in headings]
    columns = tuple(keys.index(key) for key in section.chart)
    found = []
    for common, rows in runs(section):
        if max(rows) < MOST_ROWS and len(rows) <= MOST_BARS:
            title = f"{section.title(lang)} – {common}"[:200]
            alt = say(lang, "portfolio.picture.bars", title=title)
            first = section.index(section.chart[0])
            labels = tuple(
                (shown(row[first], section.headings[first], lang) + number_of(section, row))
                # A label is one line.
                .replace(" ", "\N{NO-BREAK SPACE}")
                for row in (section.rows[i] for i in rows)
            )
            found.append(TableChart(title, alt, columns, (rows[0], rows[-1]), 100, labels))
    return tuple(found[:_MOST_CHARTS])
