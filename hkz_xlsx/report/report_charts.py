"""The charts of a gap report: each shows numbers that stand in a table too."""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.render.document import Bar, Chart, Lane, Mark, NumberCell, Role, Timeline
from hkz_xlsx.render.words import shortened
from hkz_xlsx.report.lines import ActionLine, Line
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.report_tables import percent, whole
from hkz_xlsx.report.sentences import change, threshold
from hkz_xlsx.report.words import status_label
from hkz_xlsx.text import Lang, messages, say

ANSWERS: tuple[Role, ...] = ("yes", "partly", "no", "unknown", "na", "empty", "check")
"""Answers in the order in which they are stacked."""

MOST_GAINS = 10
"""Bars of the chart of gains."""

MOST_LANES = 12
"""People on the timeline; what more there are stand together."""


def _alt(title: str, bars: Sequence[Bar], lang: Lang) -> str:
    """A chart in words: what it is, and every number of it."""
    rows = "; ".join(
        say(lang, "report.chart_alt_row", name=bar.name,
            values=", ".join(number.shown(lang) for number in bar.values))
        for bar in bars
    )  # fmt: skip
    return say(lang, "report.chart_alt_rows", title=title, rows=rows)


def _then(report: GapReport, key: str) -> dict[str, NumberCell]:
    """Scores of the earlier workbook by rubriek, where the two can be compared."""
    found = report.comparison
    if found is None or key == "themes" or change(report) is None:
        return {}
    return {line.key: NumberCell(line.then.score if line.then else None, "percent")
            for line in found.rubrieken}  # fmt: skip


def score_chart(report: GapReport, title: str, key: str, lines: Sequence[Line]) -> Chart:
    """Score, substantiated score inside it, the target where there is one, and what it was.

    Args:
        report: gives the target and, when it has one, the earlier measurement.
        title: above the chart.
        key: of the chart; under it the earlier scores are looked up.
        lines: its bars from top to bottom; one without a number keeps its place.
    """
    text, lang = messages(report.lang), report.lang
    then = _then(report, key)
    bars = tuple(
        Bar(
            line.name,
            (
                percent(line.score.score, line.score, lang),
                percent(line.score.substantiated, line.score, lang),
                *([then.get(line.key, NumberCell(None, "percent"))] if then else []),
            ),
        )
        for line in lines
    )
    target = report.target
    name = "" if target is None else say(lang, "report.target_line", least=threshold(target, lang))
    series = [text("column.sets.score"), text("column.sets.substantiated")]
    series += [text("report.compare.then")] if then else []
    roles: tuple[Role, ...] = ("score", "substantiated", "before")
    return Chart(
        key, title, _alt(title, bars, lang), tuple(series), bars, kind="bullet",
        roles=roles[: len(series)], target=target, target_name=name,
    )  # fmt: skip


def answers_chart(report: GapReport) -> Chart:
    """How often each answer was given per rubriek; answers that nobody gave are left out."""
    lang, title = report.lang, messages(report.lang)("report.answers_by_rubriek")
    given = [code for code in ANSWERS if report.status_counts.get(code)]
    bars = tuple(
        Bar(line.name, tuple(whole(report.rubriek_counts[line.key][code]) for code in given))
        for line in report.rubrieken
    )
    series = tuple(status_label(code, lang) for code in given)
    alt = _alt(title, bars, lang)
    return Chart("status", title, alt, series, bars, kind="stacked", roles=tuple(given))


def gains_chart(report: GapReport) -> Chart | None:
    """The gaps that bring the most points of the score, from much to little."""
    lang, title = report.lang, messages(report.lang)("report.gains")
    lines = report.by_gain()[:MOST_GAINS]
    bars = tuple(
        Bar(f"{g.gap.requirement} {shortened(g.topic, 70)}", (NumberCell(g.gain.points, "points"),))
        for g in lines
        if g.gain
    )
    if len(bars) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    most = max(bar.values[0].value or 0.0 for bar in bars)
    return Chart("gains", title, _alt(title, bars, lang), (title,), bars, most, roles=("gain",))


def history_chart(report: GapReport) -> Chart | None:
    """Score and substantiated score of every measurement with a day, and of this one.

    Only of those that asked the same as this one: a line joins what can be compared.
    """
    text, lang, total = messages(report.lang), report.lang, report.total
    days = {m.serial: m for m in report.history if m.serial is not None and m.same}
    if not days or report.reference is None or total.score is None:
        return None
    points = [
        (day, m.day, m.score, m.substantiated)
        for day, m in sorted(days.items())
        if day < report.reference
    ]
    if not points:
        return None
    points.append((report.reference, report.reference_date, total.score, total.substantiated))
    bars = tuple(
        Bar(name, (NumberCell(score, "percent"), NumberCell(proven, "percent")))
        for _, name, score, proven in points
    )
    title, target = text("report.history"), report.target
    name = "" if target is None else say(lang, "report.target_line", least=threshold(target, lang))
    return Chart(
        "history", title, _alt(title, bars, lang),
        (text("column.sets.score"), text("column.sets.substantiated")), bars, kind="lines",
        target=target, target_name=name, at=tuple(point[0] for point in points),
    )  # fmt: skip


def _lanes(actions: Sequence[ActionLine], lang: Lang) -> tuple[Lane, ...]:
    nobody = messages(lang)("report.owner.nobody")
    groups: dict[str, tuple[str, list[Mark]]] = {}
    for action in actions:
        if action.due_serial is None:
            continue
        key = " ".join(action.owner.split()).casefold()
        name = shortened(action.owner, 60) or nobody
        role: Role = "late" if action.state == "overdue" else "open"
        groups.setdefault(key, (name, []))[1].append(Mark(action.due_serial, role))
    found = sorted(groups.items(), key=lambda pair: (not pair[0], pair[1][1][0].day))
    lanes = [Lane(name, tuple(marks)) for _, (name, marks) in found]
    if len(lanes) <= MOST_LANES:
        return tuple(lanes)
    rest = lanes[MOST_LANES - 1 :]
    marks = tuple(sorted((m for lane in rest for m in lane.marks), key=lambda mark: mark.day))
    name = say(lang, "report.others", count=len(rest))
    return (*lanes[: MOST_LANES - 1], Lane(name, marks))


def timeline(report: GapReport) -> Timeline | None:
    """Open actions with a date, per person."""
    text, lang = messages(report.lang), report.lang
    actions = [a for a in report.actions if a.state != "closed"]
    lanes = _lanes(actions, lang)
    if not lanes:
        return None
    used = {mark.role for lane in lanes for mark in lane.marks}
    names: tuple[tuple[Role, str], ...] = (
        ("open", text("report.owner.open")), ("late", text("report.owner.overdue")),
    )  # fmt: skip
    count = sum(len(lane.marks) for lane in lanes)
    today = "" if report.reference is None else f"{text('report.date')} {report.reference_date}"
    return Timeline(
        key="timeline",
        title=text("report.timeline"),
        alt=say(lang, "report.timeline_alt", count=count, people=len(lanes)),
        lanes=lanes,
        legend=tuple((role, name) for role, name in names if role in used),
        today=report.reference,
        today_name=today,
    )
