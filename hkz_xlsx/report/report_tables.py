"""The tables and charts of a gap report: one definition for all formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.render.document import Cell, Grid, GridColumn, Kind, NumberCell
from hkz_xlsx.render.words import shortened
from hkz_xlsx.report.lines import ActionLine, EvidenceLine, GapLine, Line
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.words import no_number, status_label
from hkz_xlsx.scoring.cell_values import serial
from hkz_xlsx.text import Lang, messages

_LONG = 400
"""Characters of an action in the action plan on paper."""


def percent(value: float | None, score: Score, lang: Lang) -> NumberCell:
    """A percentage.

    Args:
        value: 0 to 100, or None.
        score: whose it is: its outcome says why there is none.
        lang: language of that reason.
    """
    return NumberCell(value, "percent", no_number(score, lang))


def whole(value: float) -> NumberCell:
    """A count."""
    return NumberCell(value, "whole")


def score_columns(lang: Lang, first: str) -> tuple[GridColumn, ...]:
    """Name, score, substantiated, answered, of, core failed, maturity, rated, signals."""
    text = messages(lang)
    return (
        GridColumn(first, 30),
        GridColumn(text("column.sets.score"), 14, "percent"),
        GridColumn(text("column.sets.substantiated"), 16, "percent"),
        GridColumn(text("column.sets.answered"), 15, "whole"),
        GridColumn(text("report.number.count"), 13, "whole"),
        GridColumn(text("report.number.unknown"), 8, "whole"),
        GridColumn(text("report.number.na"), 8, "whole"),
        GridColumn(text("report.number.core_failed"), 17, "whole"),
        GridColumn(text("column.sets.maturity"), 12, "decimal"),
        GridColumn(text("column.sets.rated"), 12, "whole"),
        GridColumn(text("column.sets.signals"), 11, "whole"),
    )


def score_cells(score: Score, lang: Lang) -> tuple[Cell, ...]:
    """The numbers of a set, in the order of `score_columns`."""
    return (
        percent(score.score, score, lang),
        percent(score.substantiated, score, lang),
        whole(score.answered),
        whole(score.count),
        whole(score.unknown),
        whole(score.na),
        whole(score.core_failed),
        NumberCell(score.maturity, "decimal"),
        whole(score.rated),
        whole(score.signals),
    )


def scores(report: GapReport, kind: str, lines: Sequence[Line]) -> Grid:
    """One row per rubriek or theme.

    Args:
        report: gives the language, and the total for the last row of ``rubrieken``.
        kind: ``rubrieken`` or ``themes``; key of the table and of its title.
        lines: the rows in order.
    """
    text, lang = messages(report.lang), report.lang
    rows = [(line.name, *score_cells(line.score, lang)) for line in lines]
    if kind == "rubrieken":
        rows.append((text("overview.all"), *score_cells(report.total, lang)))
    columns = score_columns(lang, text("column.sets.link"))
    return Grid(kind, text(f"report.{kind}"), columns, tuple(rows), (0, 1, 2, 3, 4))


def statuses(report: GapReport) -> Grid:
    """How often each answer was given, per rubriek and in all."""
    text, lang = messages(report.lang), report.lang
    codes = list(report.status_counts)
    columns = (
        GridColumn(text("column.sets.link"), 34),
        *(GridColumn(status_label(code, lang), 12, "whole") for code in codes),
        GridColumn(text("report.number.count"), 10, "whole"),
    )

    def row(name: str, counts: Mapping[str, int]) -> tuple[Cell, ...]:
        return (name, *(whole(counts[code]) for code in codes), whole(sum(counts.values())))

    rows = [row(line.name, report.rubriek_counts[line.key]) for line in report.rubrieken]
    rows.append(row(text("overview.all"), report.status_counts))
    return Grid("answers", text("report.answers_by_rubriek"), columns, tuple(rows))


def history(report: GapReport) -> Grid:
    """Every earlier measurement and this one, the oldest first."""
    text, lang, total = messages(report.lang), report.lang, report.total
    columns = (
        GridColumn(text("report.date"), 16),
        GridColumn(text("column.sets.score"), 12, "percent"),
        GridColumn(text("column.sets.substantiated"), 14, "percent"),
        GridColumn(text("report.column.remark"), 40),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            m.day or text("report.compare.undated"), NumberCell(m.score, "percent"),
            NumberCell(m.substantiated, "percent"), "" if m.same else text("report.history_other"),
        )
        for m in report.history
    ]  # fmt: skip
    rows.append(
        (
            report.reference_date or text("report.compare.undated"),
            percent(total.score, total, lang), percent(total.substantiated, total, lang),
            text("report.this_one"),
        )
    )  # fmt: skip
    return Grid("history", text("report.history"), columns, tuple(rows))


def _columns(report: GapReport, **widths: float) -> tuple[GridColumn, ...]:
    text = messages(report.lang)
    kinds: Mapping[str, Kind] = {
        "date": "date", "valid_until": "date", "checked": "date", "gain": "points",
    }  # fmt: skip
    return tuple(
        GridColumn(text(f"report.column.{key}"), width, kinds.get(key, "text"))
        for key, width in widths.items()
    )


def gain_cell(line: GapLine | ActionLine) -> NumberCell:
    """Points of the score that closing a gap brings."""
    gain = line.gain
    return NumberCell(gain.points if gain and gain.side == "score" else None, "points", "")


def gaps(report: GapReport) -> Grid:
    """Every gap with everything about it; for Excel."""
    text = messages(report.lang)
    columns = _columns(
        report, number=13, priority=12, kind=18, finding=14, core=13, rubriek=26, question=50,
        answer=16, gain=10, evidence=28, location=24, note=30, laws=28, tip=50, action=32,
        owner=18, due=12, status=12, quick_win=10,
    )  # fmt: skip
    rows = tuple(
        (
            g.gap.requirement, g.priority, g.kind, g.finding, "★" if g.gap.core else "", g.rubriek,
            g.question, g.answer, gain_cell(g), g.evidence, g.location, g.note,
            "; ".join(g.law_names), g.tip, g.action, g.action_owner, g.action_due, g.action_status,
            text("choice.yes_no.yes") if g.quick_win else "",
        )
        for g in report.gaps
    )  # fmt: skip
    return Grid("gaps", text("report.gaps"), columns, rows)


def unanswered(report: GapReport, lines: Sequence[GapLine]) -> Grid:
    """Questions still to be answered, core ones first."""
    columns = _columns(report, number=12, core=12, rubriek=29, question=59)
    rows = tuple(
        (g.gap.requirement, "★" if g.gap.core else "", g.rubriek, g.question) for g in lines
    )
    title = messages(report.lang)("choice.priority.open")
    return Grid("unanswered", title, columns, rows, (0, 1, 3))


def actions(
    report: GapReport, title: str, key: str, lines: Sequence[ActionLine], *, dates: bool = False
) -> Grid:
    """Actions with who, when and how far; overdue is said in words.

    Args:
        report: whose they are. Where the whole text stands among its points to improve, a very
            long one is cut here.
        title: above the table.
        key: of the table in the document.
        lines: its rows in order.
        dates: for Excel: dates as numbers, and nothing cut.
    """
    told = {g.gap.requirement for g in report.gaps if g.gap.priority != "open"}

    def action(line: ActionLine) -> str:
        text = line.action or line.question
        whole = dates or line.requirement not in told
        return text if whole else shortened(text, _LONG)

    late = messages(report.lang)("report.overdue")
    columns = _columns(
        report, number=13, action=42, gain=10, owner=18, due=13, status=16, priority=12
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            a.requirement,
            action(a),
            gain_cell(a),
            a.owner if dates or a.requirement not in told else shortened(a.owner, _LONG),
            NumberCell(a.due_serial, "date", a.due) if dates else a.due,
            " · ".join(p for p in (a.status, late if a.state == "overdue" else "") if p),
            a.priority,
        )
        for a in lines
    )
    return Grid(key, title, columns, rows)


def by_owner(report: GapReport) -> Grid:
    """Per owner how many actions are open, overdue and closed, with the questions."""
    text = messages(report.lang)
    groups: dict[str, list[ActionLine]] = {}
    for action in report.actions:
        groups.setdefault(" ".join(action.owner.split()).casefold(), []).append(action)
    columns = (
        GridColumn(text("report.column.owner"), 22),
        GridColumn(text("report.owner.open"), 9, "whole"),
        GridColumn(text("report.owner.overdue"), 12, "whole"),
        GridColumn(text("report.owner.closed"), 12, "whole"),
        GridColumn(text("report.owner.next"), 14),
        GridColumn(text("report.owner.questions"), 48),
    )
    rows = []
    for name, lines in sorted(groups.items(), key=lambda pair: (not pair[0], pair[0])):
        opened = [a for a in lines if a.state != "closed"]
        rows.append(
            (
                shortened(lines[0].owner, _LONG) if name else text("report.owner.nobody"),
                whole(len(opened)),
                whole(sum(a.state == "overdue" for a in lines)),
                whole(len(lines) - len(opened)),
                next((a.due for a in opened if a.due_serial is not None), ""),
                ", ".join(a.requirement for a in opened),
            )
        )
    return Grid("owners", text("report.owners"), columns, tuple(rows))


def not_applicable(report: GapReport) -> Grid:
    """Rows answered n.v.t. with the reason."""
    text = messages(report.lang)
    columns = _columns(report, number=13, question=55, reason=45)
    rows = tuple(
        (n.requirement, n.question, n.reason or text("report.no_reason"))
        for n in report.not_applicable
    )
    return Grid("not_applicable", text("report.not_applicable"), columns, rows)


def evidence(report: GapReport, key: str, title: str, lines: Sequence[EvidenceLine]) -> Grid:
    """Evidence with where, when, until when and whose.

    Args:
        report: gives the headers.
        key: of the table in the document.
        title: above it.
        lines: its rows in order; the last day is a number where it was typed as a date.
    """
    columns = _columns(
        report, number=13, evidence=32, location=24, date=12, valid_until=12, ev_owner=20, state=18
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            e.requirement,
            e.evidence,
            e.location,
            e.date,
            e.valid_until if e.valid_serial is None else NumberCell(e.valid_serial, "date"),
            e.owner,
            e.label,
        )
        for e in lines
    )
    return Grid(key, title, columns, rows)


def opinions(report: GapReport) -> Grid:
    """Own answer beside the adviser's."""
    text = messages(report.lang)
    columns = _columns(report, number=13, question=46, own=15, advisor=15, differs=10, remark=34)
    rows = tuple(
        (
            o.requirement, o.question, o.own_label, o.advisor_label,
            text("choice.yes_no.yes") if o.differs else "", o.note,
        )
        for o in report.opinions
    )  # fmt: skip
    return Grid("opinions", text("report.opinions"), columns, rows)


def answers(report: GapReport) -> Grid:
    """Answers in columns that the report shows as rows, as the workbook calls those columns."""
    text = messages(report.lang)
    columns = (
        *_columns(report, number=13),
        GridColumn(text("report.subject"), 30),
        GridColumn(text("report.column.answer"), 60),
    )
    rows = tuple(
        (line.requirement, text(f"column.requirements.{line.column}.header"), line.text)
        for line in report.answers
    )
    return Grid("rows", text("report.more_answers"), columns, rows)


def signals(report: GapReport) -> Grid:
    """What is implausible, per question."""
    columns = _columns(report, number=13, signal=36, question=60)
    rows = tuple((s.signal.requirement or "–", s.label, s.question) for s in report.signals)
    return Grid("signals", messages(report.lang)("report.signals"), columns, rows)


def problems(report: GapReport) -> Grid:
    """What was found in the file, with place and advice."""
    columns = _columns(report, place=34, message=56, hint=56, code=24)
    rows = tuple(
        (str(p.where), p.message(report.lang), p.hint(report.lang), p.code) for p in report.problems
    )
    return Grid("problems", messages(report.lang)("report.problems"), columns, rows)


def parts(report: GapReport) -> Grid:
    """Norm parts with edition and question set."""
    text = messages(report.lang)
    columns = _columns(report, norm=10, name=50, edition=18, revision=14)
    rows = tuple((p.number, p.name, p.edition, p.revision) for p in report.parts)
    return Grid("parts", text("report.norm_parts"), columns, rows)


def _day(iso: str) -> Cell:
    """A day of a norm; one that is none, in a norm of somebody's own, as it was typed."""
    try:
        return NumberCell(serial(date.fromisoformat(iso)), "date")
    except ValueError:
        return iso


def laws(report: GapReport) -> Grid:
    """Laws that the points to improve touch."""
    text = messages(report.lang)
    columns = _columns(report, law=32, duty=60, checked=13, touched=26)
    rows = tuple(
        (law.name, law.duty, _day(law.checked_on), ", ".join(law.requirements))
        for law in report.laws
    )
    return Grid("laws", text("report.laws"), columns, rows, (0, 3))


def sources(report: GapReport) -> Grid:
    """Public sources of the questions."""
    text = messages(report.lang)
    columns = _columns(report, source=60, url=60)
    rows = tuple((s.title, s.url or "–") for s in report.sources)
    return Grid("sources", text("report.public_sources"), columns, rows)
