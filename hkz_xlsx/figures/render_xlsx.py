"""Figures as an Excel file: a sheet per section with filters, numbers as numbers; the same drawings
as in the other formats on a sheet of their own.
"""

from __future__ import annotations

from datetime import date

from hkz_xlsx.figures.model import Cell, FigureColumn, Figures, FigureTable
from hkz_xlsx.figures.native import native_figures
from hkz_xlsx.figures.words import notes
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.report.excel_sheets import picture_of
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.text import Lang, messages
from hkz_xlsx.writing.tables import Kind, TableColumn, TableSheet, write_tables

_KINDS: dict[str, Kind] = {
    "text": "text", "date": "date", "whole": "number", "percent": "percent", "share": "percent",
    "points": "change", "plain": "decimal",
}  # fmt: skip
MOST_ROWS = 100_000
"""Rows of a sheet; more than a person filters. The tables of the portfolio have all."""


def render(figures: Figures, look: Look = NEUTRAL) -> bytes:
    """The bytes of the file."""
    sheets = [
        _about(figures, look),
        *(_sheet(section, figures.lang) for section in figures.sections),
    ]
    return write_tables(
        sheets, figures.title, look.palette, picture_of(look, figures.lang),
        figures=native_figures(figures, look.palette),
    )  # fmt: skip


def _about(figures: Figures, look: Look) -> TableSheet:
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
    adviser = [(text("report.adviser"), None, line) for line in look.cover_lines(figures.lang)]
    rows = [*adviser, *rows]
    line = text("portfolio.about")
    return TableSheet(text("portfolio.contents"), figures.title, line, "About", columns, rows)


def _sheet(section: FigureTable, lang: Lang) -> TableSheet:
    # What a row is about stands first.
    order = list(range(len(section.headings)))
    if any(h.key == "name" for h in section.headings):
        order.insert(0, order.pop(section.index("name")))
    headings = [section.headings[i] for i in order]
    rows = [
        tuple(_cell(row[i], section.headings[i]) for i in order) for row in section.rows[:MOST_ROWS]
    ]
    text = messages(lang)
    columns = tuple(
        TableColumn(text(h.words_key), max(h.width, 9), _KINDS[h.kind]) for h in headings
    )
    title = section.title(lang)
    return TableSheet(
        text(f"portfolio.sheet.{section.key}"), title, section.note(lang), f"T_{section.key}",
        columns, rows,
    )  # fmt: skip


def _cell(value: Cell, heading: FigureColumn) -> CellValue:
    if heading.kind == "date" and isinstance(value, str) and value:
        return serial(date.fromisoformat(value))
    return value
