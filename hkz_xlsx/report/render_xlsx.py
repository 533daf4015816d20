"""The gap report as an Excel file: real tables with filters, numbers as numbers."""

from __future__ import annotations

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.report.model import GapReport, Line, score_line
from hkz_xlsx.scoring.tables import CellValue
from hkz_xlsx.text import messages
from hkz_xlsx.workbook.tables import TableColumn, TableSheet, write_tables


def _numbers(score: Score) -> tuple[CellValue, ...]:
    return (
        score.score, score.substantiated, score.answered, score.count, score.unknown, score.na,
        score.core_failed, score.signals,
    )  # fmt: skip


def _scores(report: GapReport) -> TableSheet:
    text = messages(report.lang)
    keys = (
        "score",
        "substantiated",
        "answered",
        "count",
        "unknown",
        "na",
        "core_failed",
        "signals",
    )
    columns = tuple(
        TableColumn(
            text(f"report.number.{key}"),
            14,
            "percent" if key in ("score", "substantiated") else "number",
        )
        for key in keys
    )
    groups: list[tuple[str, tuple[Line, ...]]] = [
        (text("report.kind.total"), (Line("all", text("overview.all"), report.total),)),
        (text("report.kind.rubriek"), report.rubrieken),
        (text("report.kind.theme"), report.themes),
    ]
    rows = [(kind, line.name, *_numbers(line.score)) for kind, lines in groups for line in lines]
    verdicts = "; ".join(
        f"{v.scheme}: {v.label} ({text('report.indication')})" for v in report.verdicts
    )
    return TableSheet(
        text("report.sheet.scores"), report.title,
        f"{score_line(report.total, report.lang)} · {verdicts}", "Scores",
        (
            TableColumn(text("report.number.kind"), 14),
            TableColumn(text("column.sets.link"), 50),
            *columns,
        ),
        rows,
    )  # fmt: skip


def _gaps(report: GapReport) -> TableSheet:
    text = messages(report.lang)
    widths = {
        "number": 10, "priority": 12, "kind": 18, "finding": 14, "rubriek": 26, "question": 50,
        "answer": 16, "evidence": 28, "location": 24, "note": 30, "tip": 50, "action": 32,
        "owner": 18, "due": 12, "status": 12, "laws": 18,
    }  # fmt: skip
    rows = [
        (
            g.gap.requirement, g.priority, g.kind, g.finding, g.rubriek, g.question, g.answer,
            g.evidence, g.location, g.note, g.tip, g.action, g.action_owner, g.action_due,
            g.action_status, ", ".join(g.laws),
        )
        for g in report.gaps
    ]  # fmt: skip
    columns = tuple(TableColumn(text(f"report.column.{k}"), w) for k, w in widths.items())
    heading = f"{text('report.gaps')} ({len(rows)})"
    return TableSheet(text("report.sheet.gaps"), heading, report.title, "Gaps", columns, rows)


def _signals(report: GapReport) -> TableSheet:
    text = messages(report.lang)
    columns = (
        TableColumn(text("report.column.number"), 12),
        TableColumn(text("column.signal_counts.label"), 44),
        TableColumn(text("report.column.question"), 70),
    )
    rows = [(s.signal.requirement, s.label, s.question) for s in report.signals]
    heading = f"{text('report.signals')} ({len(rows)})"
    return TableSheet(text("report.sheet.signals"), heading, report.title, "Signals", columns, rows)


def _problems(report: GapReport) -> TableSheet:
    text = messages(report.lang)
    columns = (
        TableColumn(text("report.column.place"), 40),
        TableColumn(text("report.column.code"), 24),
        TableColumn(text("report.column.message"), 70),
        TableColumn(text("report.column.hint"), 70),
    )
    rows = [
        (str(p.where), p.code, p.message(report.lang), p.hint(report.lang)) for p in report.problems
    ]
    heading = f"{text('report.problems')} ({len(rows)})"
    return TableSheet(
        text("report.sheet.problems"), heading, report.title, "Problems", columns, rows
    )


def render(report: GapReport) -> bytes:
    """The bytes of the file."""
    sheets = (_scores(report), _gaps(report), _signals(report), _problems(report))
    return write_tables(sheets, report.title)
