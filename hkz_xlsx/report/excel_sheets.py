"""A report as an Excel file: real tables with filters, numbers as numbers, real charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.render.charts import colors
from hkz_xlsx.render.document import (
    Cell,
    Document,
    Grid,
    GridColumn,
    Heading,
    Kind,
    Paragraph,
)
from hkz_xlsx.render.drawing import readable_on
from hkz_xlsx.render.words import clean
from hkz_xlsx.report import report_charts, report_tables
from hkz_xlsx.report.compare_content import changes, pairs
from hkz_xlsx.report.comparison import Comparison
from hkz_xlsx.report.content import document
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.sentences import sentences
from hkz_xlsx.report.summary import verdict_fact
from hkz_xlsx.report.words import gain_words, score_line
from hkz_xlsx.text import Lang, Messages, messages
from hkz_xlsx.writing.tables import (
    Amount,
    TableCell,
    TableChart,
    TableColumn,
    TablePicture,
    TableSheet,
    write_tables,
)
from hkz_xlsx.writing.tables import Kind as CellKind

_KINDS: dict[Kind, CellKind] = {
    "text": "text", "percent": "percent", "whole": "number", "decimal": "decimal",
    "points": "change", "date": "date",
}  # fmt: skip


def _cell(cell: Cell) -> TableCell:
    if isinstance(cell, str):
        return clean(cell)
    return cell.words if cell.value is None else Amount(cell.value, _KINDS[cell.kind])


def _sheet(
    title: str, name: str, grid: Grid, note: str, charts: tuple[TableChart, ...] = ()
) -> TableSheet:
    columns = tuple(TableColumn(c.header, c.width, _KINDS[c.kind]) for c in grid.columns)
    rows = [[_cell(cell) for cell in row] for row in grid.rows]
    return TableSheet(title, f"{grid.title}", note, name, columns, rows, charts)


def _summary(report: GapReport, look: Look) -> Grid:
    """What stands on the first page, one fact per line."""
    text, lang, total = messages(report.lang), report.lang, report.total
    known: list[tuple[str, Cell]] = [
        (text("form.organisation.name.label"), report.organisation.get("name", "")),
        (text("column.schemes.name"), ", ".join(report.norms)),
        *([(text("report.scope_label"), report.scope)] if report.scope else ()),
        (text("report.date"), report.reference_date or text("report.no_date")),
        (text("form.settings.basis.label"), text(f"choice.basis.{report.basis}")),
    ]
    for verdict in report.verdicts:
        fact = verdict_fact(verdict, lang)
        label = f"{verdict.scheme} ({text('report.indication')})"
        known += [(label, fact.value), (f"{label}: {text('report.why')}", fact.note)]
    known += [
        (text("report.number.score"), report_tables.percent(total.score, total, lang)),
        (
            text("report.number.substantiated"),
            report_tables.percent(total.substantiated, total, lang),
        ),
        (text("report.number.answered"), report_tables.whole(total.answered)),
        (text("report.number.count"), report_tables.whole(total.count)),
        (text("report.number.unknown"), report_tables.whole(total.unknown)),
        (text("report.number.na"), report_tables.whole(total.na)),
        (text("report.number.core_failed"), report_tables.whole(total.core_failed)),
        (text("report.number.core_open"), report_tables.whole(total.core_open)),
    ]
    known += [(text("report.summary"), one.text) for one in sentences(report)]
    for number, gap in enumerate(report.first, 1):
        brings = f" ({gain_words(gap.gain, lang)})" if gap.gain else ""
        what = f"{gap.gap.requirement}{brings} {gap.question}"
        known.append((f"{text('report.first')} ({number})", what))
    known += [(text("report.adviser"), line) for line in look.cover_lines(lang)]
    columns = (GridColumn(text("form.header.label"), 40), GridColumn(text("report.value"), 90))
    return Grid("summary", report.title, columns, tuple(known))


def _scores(report: GapReport, look: Look) -> TableSheet:
    text, lang = messages(report.lang), report.lang
    groups = (
        (text("report.kind.rubriek"), report.rubrieken),
        (text("report.kind.theme"), report.themes),
    )
    name, *rest = report_tables.score_columns(lang, text("column.sets.link"))
    # As wide as a page allows; wider, the last column would stand on a page of its own.
    columns = (GridColumn(name.header, 37), GridColumn(text("report.number.kind"), 14), *rest)
    rows: list[tuple[Cell, ...]] = [
        (line.name, kind, *report_tables.score_cells(line.score, lang))
        for kind, lines in groups
        for line in lines
    ]
    total = report_tables.score_cells(report.total, lang)
    rows.append((text("overview.all"), text("report.kind.total"), *total))
    charts, first = [], 0
    for key, (_, lines) in zip(("rubrieken", "themes"), groups, strict=True):
        numbers = any(line.score.score is not None for line in lines)
        if lines and numbers and key in look.charts:
            title, last = text(f"report.{key}"), first + len(lines) - 1
            alt = report_charts.score_chart(report, title, key, lines).alt
            charts.append(TableChart(title, alt, (2, 3), (first, last), 100))
        first += len(lines)
    grid = Grid("scores", text("report.sheet.scores"), columns, tuple(rows))
    note = score_line(report.total, lang)
    return _sheet(text("report.sheet.scores"), "Scores", grid, note, tuple(charts))


def _answers(report: GapReport, look: Look) -> TableSheet:
    text, grid = messages(report.lang), report_tables.statuses(report)
    shown = "status" in look.charts and report.total.answered
    chart, codes = report_charts.answers_chart(report), list(report.status_counts)
    columns = tuple(1 + codes.index(role) for role in chart.roles)
    fills = tuple(colors(look.palette)[role] for role in chart.roles)
    rows = (0, len(grid.rows) - 2)
    drawn = TableChart(
        chart.title, chart.alt, columns, rows, stacked=True, colors=fills,
        inks=tuple(map(readable_on, fills)),
    )  # fmt: skip
    charts = (drawn,) if shown else ()
    return _sheet(text("report.answers"), "Answers", grid, report.title, charts)


def _texts(document: Document, title: str, keys: Iterable[str], text: Messages) -> Grid:
    """The explanation in words, one paragraph per line, with the notices."""
    rows: list[tuple[Cell, ...]] = []
    wanted = set(keys)
    for section in document.sections:
        head = section.title
        for block in section.blocks if section.key in wanted else ():
            if isinstance(block, Heading):
                head = block.text
            elif isinstance(block, Paragraph):
                rows.append((head, block.text))
    rows += [(text("report.ownership"), notice) for notice in document.notices]
    columns = (GridColumn(text("report.subject"), 40), GridColumn(text("report.meaning"), 120))
    return Grid("about", title, columns, tuple(rows))


def _compared(found: Comparison, note: str) -> Iterator[TableSheet]:
    text, grid = messages(found.lang), pairs(found)
    shown = any(line.difference is not None for line in found.rubrieken)
    alt = grid.title
    chart = TableChart(grid.title, alt, (1, 2), (0, len(found.rubrieken) - 1), 100)
    yield _sheet(text("report.sheet.compare"), "Compare", grid, note, (chart,) if shown else ())
    every = changes(found, "changes", text("report.compare.all"), found.changes)
    yield _sheet(text("report.sheet.changes"), "Changes", every, " ".join(found.remarks) or note)


def _sheets(report: GapReport, look: Look) -> Iterator[TableSheet]:
    text, title = messages(report.lang), report.title
    yield _sheet(text("report.sheet.summary"), "Summary", _summary(report, look),
                 text("overview.verdict.note"))  # fmt: skip
    if report.comparison:
        yield from _compared(report.comparison, title)
    yield _scores(report, look)
    yield _answers(report, look)
    yield _sheet(text("report.sheet.gaps"), "Gaps", report_tables.gaps(report), title)
    actions = report_tables.actions(
        report, text("report.actions"), "actions", report.actions, dates=True
    )
    yield _sheet(text("report.sheet.actions"), "Actions", actions, title)
    yield _sheet(text("report.owners"), "Owners", report_tables.by_owner(report), title)
    yield _sheet(
        text("report.sheet.na"), "Not_applicable", report_tables.not_applicable(report), title
    )
    register = report_tables.evidence(report, "register", text("report.register"), report.evidence)
    yield _sheet(text("report.sheet.register"), "Evidence", register, title)
    yield _sheet(text("report.sheet.opinions"), "Opinions", report_tables.opinions(report), title)
    yield _sheet(text("report.sheet.signals"), "Signals", report_tables.signals(report), title)
    yield _sheet(text("report.sheet.problems"), "Problems", report_tables.problems(report), title)
    yield _sheet(text("report.norm_parts"), "Parts", report_tables.parts(report), title)
    yield _sheet(
        text("report.laws_sheet"), "Laws", report_tables.laws(report), text("report.laws_note")
    )
    yield _sheet(text("report.sheet.sources"), "Sources", report_tables.sources(report), title)
    about = _texts(document(report, look), text("report.about"), ("about",), text)
    yield _sheet(text("report.sheet.about"), "About", about, title)


def picture_of(look: Look, lang: Lang) -> TablePicture | None:
    """The logo of a template for the first sheet, where it has one."""
    logo = look.logo
    if logo is None:
        return None
    alt = logo.alt.get(lang) or look.adviser
    return TablePicture(logo.data, logo.suffix, alt, logo.width_px, logo.height_px)


def render(report: GapReport, look: Look = NEUTRAL) -> bytes:
    """The bytes of the file; tables without rows are left out, but for the summary."""
    sheets = [s for s in _sheets(report, look) if s.rows]
    charts = messages(report.lang)("report.sheet.charts")
    return write_tables(sheets, report.title, look.palette, picture_of(look, report.lang), charts)


def render_comparison(found: Comparison, look: Look = NEUTRAL) -> bytes:
    """Then and now alone."""
    sheets = list(_compared(found, found.title))
    return write_tables(sheets, found.title, look.palette, picture_of(look, found.lang))
