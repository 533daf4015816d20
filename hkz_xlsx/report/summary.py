"""The first page: what a director must know when nothing else is read."""

from __future__ import annotations

from hkz_xlsx.render.document import (
    Block,
    Fact,
    Facts,
    Heading,
    Item,
    Items,
    Pair,
    Paragraph,
    Section,
)
from hkz_xlsx.render.words import decimal, shortened
from hkz_xlsx.report.lines import Line
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.words import core_line, percentage, score_line
from hkz_xlsx.text import messages, say


def _facts(report: GapReport) -> Facts:
    text, total = messages(report.lang), report.total
    verdicts = [
        Fact(
            f"{v.scheme} · {text('report.indication')}",
            v.label,
            core_line(v.score, report.lang),
        )
        for v in report.verdicts
    ]
    answered = say(report.lang, "report.of", answered=total.answered, count=total.count)
    return Facts(
        (
            *verdicts,
            Fact(text("column.sets.score"), percentage(total.score, total, report.lang)),
            Fact(
                text("column.sets.substantiated"),
                percentage(total.substantiated, total, report.lang),
            ),
            Fact(text("column.sets.answered"), answered),
        )
    )


def _ranked(lines: tuple[Line, ...], report: GapReport) -> Items:
    return Items(
        tuple(
            Item(percentage(line.score.score, line.score, report.lang), line.name) for line in lines
        )
    )


def _extremes(report: GapReport) -> list[Block]:
    text = messages(report.lang)
    if not report.ranked:
        least = decimal(report.answered_min, report.lang).removesuffix(",0").removesuffix(".0")
        note = say(report.lang, "report.not_ranked", least=least)
        return [Paragraph(note, "small")]
    strong, weak = _ranked(report.strongest, report), _ranked(report.weakest, report)
    return [Pair(text("report.strongest"), strong, text("report.weakest"), weak)]


MOST_CORE = 10
"""Failing core requirements named on the first page; all stand among the points to improve."""


def _first_things(report: GapReport) -> Items:
    text = messages(report.lang)
    items = []
    for line in report.first:
        owner, due = shortened(line.action_owner, 40), shortened(line.action_due, 20)
        who = ", ".join(p for p in (owner, due) if p)
        # The first page must stay a page: long actions stand further on in full.
        action = shortened(line.action, 90)
        known = " · ".join(p for p in (action, who) if p) or text("report.no_action_yet")
        items.append(Item(line.gap.requirement, line.question, f"{line.kind} · {known}"))
    return Items(tuple(items), ordered=True)


def _core_points(report: GapReport) -> list[Block]:
    shown, rest = report.core_failed[:MOST_CORE], len(report.core_failed) - MOST_CORE
    items = tuple(Item(g.gap.requirement, g.question, g.kind) for g in shown)
    more = (
        [Paragraph(say(report.lang, "report.more_core", count=rest), "small")] if rest > 0 else []
    )
    return [Items(items), *more]


def _core(report: GapReport) -> list[Block]:
    text = messages(report.lang)
    opened = report.total.core_open
    blocks: list[Block] = []
    if report.core_failed:
        blocks += [
            Heading(f"{text('overview.core.heading')} ({len(report.core_failed)})"),
            *_core_points(report),
        ]
    elif not opened and report.total.core:
        blocks.append(Paragraph(text("report.core_fine")))
    if opened:
        blocks.append(Paragraph(say(report.lang, "report.core_open_note", count=opened), "notice"))
    return blocks


def _first(report: GapReport) -> list[Block]:
    text = messages(report.lang)
    if report.first:
        return [Heading(text("report.first")), _first_things(report)]
    if any(g.gap.priority == "open" for g in report.gaps):
        return [Heading(text("report.first")), Paragraph(text("report.first_answer"))]
    return []


def summary(report: GapReport) -> Section:
    """One page that can stand alone."""
    text, total = messages(report.lang), report.total
    blocks: list[Block] = []
    if total.answered < total.count:
        opened = total.count - total.answered
        blocks.append(Paragraph(say(report.lang, "report.unfinished", open=opened), "notice"))
    blocks += [
        _facts(report),
        Paragraph(score_line(total, report.lang), "strong"),
        Paragraph(text("overview.verdict.note"), "small"),
        *_extremes(report),
        *_core(report),
        *_first(report),
    ]
    return Section("summary", text("report.summary"), tuple(blocks))
