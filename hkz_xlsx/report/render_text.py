"""The gap report for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hkz_xlsx.problems import problem
from hkz_xlsx.render.words import shortened, signed
from hkz_xlsx.report.asking import asked
from hkz_xlsx.report.comparison import Comparison, PairLine
from hkz_xlsx.report.folded import folded_text
from hkz_xlsx.report.index import Index, moved
from hkz_xlsx.report.lines import GapLine, Line
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.words import core_line, percentage, score_line
from hkz_xlsx.spreadsheet.rows import names_shown
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


def _head(report: GapReport) -> Iterator[str]:
    """Whose it is, and what comes out."""
    text = messages(report.lang)
    yield _plain(report.title)
    yield ", ".join(report.norms)
    yield from filter(None, [report.scope])
    date = report.reference_date or text("report.no_date")
    yield f"{text('report.date')}: {_plain(date)}"
    yield ""
    yield score_line(report.total, report.lang)
    for verdict in report.verdicts:
        core = core_line(verdict.score, report.lang)
        yield f"{verdict.scheme}: {verdict.label} ({text('report.indication')}) · {core}"


def terminal_summary(report: GapReport) -> str:
    """What a report that was written says in short: outcome, what comes first, what is wrong."""
    text, lang = messages(report.lang), report.lang
    lines = list(_head(report))
    priorities = report.by_priority().items()
    each = ", ".join(f"{text(f'choice.priority.{key}')} {len(gaps)}" for key, gaps in priorities)
    if each:
        lines += ["", say(lang, "report.gaps_counted", count=len(report.gaps), each=each)]
    if report.first:
        lines += ["", text("report.first")]
        for gap in report.first:
            lines += _gap_text(gap, report)
    if report.signals:
        lines += ["", say(lang, "report.signals_counted", count=len(report.signals))]
    lines += _problem_lines(report)
    return "\n".join(lines) + "\n"


def terminal(report: GapReport, most: int = 10) -> str:
    """Readable on 80 to 120 columns; at most ``most`` gaps per priority, the rest counted."""
    text = messages(report.lang)
    lines = list(_head(report))
    if report.comparison:
        lines += ["", *_compared(report.comparison)]
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
        yield from folded_text(report.problems, report.lang)


def _pair_row(line: PairLine, found: Comparison) -> tuple[str, ...]:
    cells = [
        percentage(score.score, score, found.lang) if score else "–"
        for score in (line.then, line.now)
    ]
    step = "–" if line.difference is None else signed(line.difference, found.lang)
    return (line.name, *cells, step)


def _compared(found: Comparison) -> Iterator[str]:
    text = messages(found.lang)
    head = ("", *(text(f"report.compare.{key}") for key in ("then", "now", "difference")))
    yield text("report.compare.heading")
    rows = [head, *(_pair_row(line, found) for line in (*found.rubrieken, found.total))]
    yield from _table(rows)
    counts = {c.change: len(found.of(c.change)) for c in found.changes if c.change != "same"}
    for change, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        yield f"  {count:4} {text(f'report.change.{change}')}"
    for remark in found.remarks:
        yield f"  {_plain(remark)}"


def terminal_comparison(found: Comparison) -> str:
    """Then and now on 80 to 120 columns."""
    lines = [_plain(found.title)]
    lines += [
        f"{_plain(side.file)}: {score_line(side.total, found.lang)}"
        for side in (found.then, found.now)
    ]
    lines += ["", *_compared(found)]
    for change in ("solved", "slipped", "other_question"):
        chosen = found.of(change)
        if chosen:
            lines += ["", messages(found.lang)(f"report.change.{change}")]
            lines += [f"  {c.requirement:9} {c.question}" for c in chosen]
    return "\n".join(lines) + "\n"


def terminal_index(index: Index) -> str:
    """A line per workbook, then what could not be used and why."""
    text, lang = messages(index.lang), index.lang
    head = (
        text("report.index.organisation"), text("column.sets.score"),
        text("column.sets.substantiated"), text("column.sets.answered"),
        text("column.schemes.verdict"), text("report.index.change"), text("report.index.ask"),
    )  # fmt: skip
    rows = [head]
    for client in index.clients:
        total = client.total
        who = " · ".join(filter(None, (client.organisation, client.location)))
        name = shortened(_plain(who or client.file), 48)
        score = percentage(total.score, total, lang)
        shown = percentage(total.substantiated, total, lang)
        told = asked(client.asks, lang)
        verdict = "; ".join(dict.fromkeys(label for _, label in client.indication(lang)))
        answered = f"{total.answered}/{total.count}"
        rows.append((name, score, shown, answered, verdict, moved(client, lang), told))
    lines = [*_table(list(rows)), "", index.summary()]
    if index.kept:
        exists = problem("TARGET_EXISTS")
        names = names_shown(list(index.kept))
        lines.append(f"{exists.code}  {names}. {exists.message(lang)} {exists.hint(lang)}")
    for unused in index.unused:
        for found in unused.problems:
            lines.append(f"{_plain(unused.file)}: {found.code}  {found.message(lang)}")
            if found.code.startswith("TARGET_"):  # about a report, not about the file
                lines.append(f"    {found.where}: {found.hint(lang)}")
    return "\n".join(lines) + "\n"
