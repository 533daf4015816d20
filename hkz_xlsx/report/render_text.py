"""The gap report for a terminal and as Markdown: the same content, two dresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hkz_xlsx.problems import Problem
from hkz_xlsx.report.model import GapLine, GapReport, Line, percentage, score_line
from hkz_xlsx.text import messages, say


def _plain(text: str) -> str:
    """User text on one line without control characters: escape codes are never run."""
    flat = re.sub(r"\s+", " ", text).strip()
    return "".join(c for c in flat if c.isprintable())


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as their longest text, numbers to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        first = row[0].ljust(widths[0])
        rest = "  ".join(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"  {first}  {rest}".rstrip()


def _score_rows(report: GapReport, lines: tuple[Line, ...]) -> list[tuple[str, ...]]:
    text = messages(report.lang)
    head = (
        "",
        text("column.sets.score"),
        text("column.sets.substantiated"),
        text("column.sets.answered"),
    )
    rows: list[tuple[str, ...]] = [head]
    for line in lines:
        score = line.score
        rows.append(
            (
                line.name,
                percentage(score.score, score, report.lang),
                percentage(score.substantiated, score, report.lang),
                f"{score.answered}/{score.count}",
            )
        )
    return rows


def _gap_text(line: GapLine, report: GapReport) -> Iterator[str]:
    star = "★ " if line.gap.core else ""
    yield f"  {line.gap.requirement}  {star}{line.question}"
    details = [line.kind]
    if line.finding != "–":
        details.append(line.finding)
    yield f"           {' · '.join(details)}"
    if line.action:
        pieces = [_plain(p) for p in (line.action, line.action_owner, line.action_due) if p]
        yield f"           {say(report.lang, 'report.action')}: {' · '.join(pieces)}"


def terminal(report: GapReport, most: int = 10) -> str:
    """Readable on 80 to 120 columns; at most ``most`` gaps per priority, the rest counted."""
    text = messages(report.lang)
    lines = [_plain(report.title), ", ".join(report.norms)]
    date = report.reference_date or text("report.no_date")
    lines += [f"{text('report.date')}: {_plain(date)}", "", score_line(report.total, report.lang)]
    for verdict in report.verdicts:
        failed = say(report.lang, "report.core_failed", count=verdict.score.core_failed)
        lines.append(f"{verdict.scheme}: {verdict.label} ({text('report.indication')}) · {failed}")
    lines += ["", text("report.rubrieken"), *_table(_score_rows(report, report.rubrieken))]
    for priority, gaps in report.by_priority().items():
        head = text(f"choice.priority.{priority}")
        lines += ["", f"{text('report.gaps')} – {head} ({len(gaps)})"]
        for gap in gaps[:most]:
            lines += _gap_text(gap, report)
        if len(gaps) > most:
            lines.append(f"  {say(report.lang, 'report.more', count=len(gaps) - most)}")
    if report.signals:
        lines += ["", f"{text('report.signals')} ({len(report.signals)})"]
        lines += [f"  {s.signal.requirement or '–':9}  {s.label}" for s in report.signals]
    lines += _problem_lines(report)
    return "\n".join(lines) + "\n"


def _problem_lines(report: GapReport) -> Iterator[str]:
    if report.problems:
        yield ""
        yield f"{say(report.lang, 'report.problems')} ({len(report.problems)})"
        for found in report.problems:
            yield found.text(report.lang)


_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|&~])")


def _escaped(text: str) -> str:
    """User text in Markdown: every character that could mean something is escaped."""
    return _MARKUP.sub(r"\\\1", _plain(text))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _markdown_scores(report: GapReport, lines: tuple[Line, ...]) -> Iterator[str]:
    rows = _score_rows(report, lines)
    yield _row(*(cell or " " for cell in rows[0]))
    yield _row("---", "---:", "---:", "---:")
    for row in rows[1:]:
        yield _row(_escaped(row[0]), *row[1:])


def _markdown_gaps(report: GapReport, gaps: tuple[GapLine, ...]) -> Iterator[str]:
    text = messages(report.lang)
    keys = ("number", "question", "kind", "finding", "action", "owner", "due")
    yield _row(*(text(f"report.column.{key}") for key in keys))
    yield _row(*("---" for _ in keys))
    for line in gaps:
        star = "★ " if line.gap.core else ""
        texts = (line.question, line.kind, line.finding, line.action, line.action_owner)
        cells = [_escaped(value) or " " for value in texts]
        yield _row(f"{star}{line.gap.requirement}", *cells, _escaped(line.action_due) or " ")


def _markdown_problem(found: Problem, report: GapReport) -> str:
    place = _escaped(str(found.where))
    message, hint = found.message(report.lang), found.hint(report.lang)
    head = f"{place}: " if place else ""
    return f"- `{found.code}` {head}{_escaped(message)} {_escaped(hint)}"


def markdown(report: GapReport) -> str:
    """GitHub-flavoured Markdown."""
    text = messages(report.lang)
    date = report.reference_date or text("report.no_date")
    lines = [f"# {_escaped(report.title)}", "", ", ".join(report.norms) + "  "]
    lines += [
        f"{text('report.date')}: {_escaped(date)}",
        "",
        f"**{score_line(report.total, report.lang)}**",
        "",
    ]
    for verdict in report.verdicts:
        failed = say(report.lang, "report.core_failed", count=verdict.score.core_failed)
        lines.append(
            f"- {verdict.scheme}: **{verdict.label}** ({text('report.indication')}) · {failed}"
        )
    lines += ["", f"## {text('report.rubrieken')}", "", *_markdown_scores(report, report.rubrieken)]
    if report.themes:
        lines += ["", f"## {text('report.themes')}", "", *_markdown_scores(report, report.themes)]
    for priority, gaps in report.by_priority().items():
        head = f"{text('report.gaps')} – {text(f'choice.priority.{priority}')} ({len(gaps)})"
        lines += ["", f"## {head}", "", *_markdown_gaps(report, gaps)]
    if report.signals:
        lines += ["", f"## {text('report.signals')}", ""]
        lines += [f"- {s.signal.requirement or '–'}: {s.label}" for s in report.signals]
    if report.not_applicable:
        lines += ["", f"## {text('report.not_applicable')}", ""]
        missing = text("report.no_reason")
        lines += [
            f"- {n.requirement}: {_escaped(n.reason) or missing}" for n in report.not_applicable
        ]
    if report.problems:
        lines += ["", f"## {text('report.problems')}", ""]
        lines += [_markdown_problem(p, report) for p in report.problems]
    lines += ["", f"## {text('report.about')}", "", text("report.how"), ""]
    lines += [f"> {notice}  " for notice in report.notices]
    return "\n".join(lines) + "\n"
