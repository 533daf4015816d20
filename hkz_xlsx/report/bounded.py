"""Very long texts of a workbook on pages: their beginning, how long they are, and where they stand.

One cell of Excel can fill fifteen pages. What is complete by nature (JSON, Excel) has all of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from hkz_xlsx.problems import Problem
from hkz_xlsx.report.derive import NAME, PAGEFUL
from hkz_xlsx.report.lines import (
    ActionLine,
    AnswerLine,
    EvidenceLine,
    GapLine,
    NotApplicable,
    OpinionLine,
)
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.text import Lang, say

_NAMES = ("owner", "action_owner")
"""Columns of names; those of an organisation stand in the title."""


def beginning(text: str, place: str, lang: Lang, most: int = PAGEFUL) -> str:
    """The beginning of a text, with its length and where the whole text stands.

    Args:
        text: as it was typed.
        place: sheet and cell of the workbook.
        lang: of the note.
        most: letters that are shown; a shorter text is shown as it is.
    """
    if len(text) <= most:
        return text
    note = say(lang, "report.long", count=len(text), place=place)
    return f"{text[:most].rstrip()}… {note}"


Row = TypeVar("Row", GapLine, ActionLine, NotApplicable, EvidenceLine, OpinionLine, AnswerLine)


def _lines(rows: tuple[Row, ...], report: GapReport) -> tuple[Row, ...]:
    def one(row: Row) -> Row:
        cut: dict[str, Any] = {}
        for name in row.__dataclass_fields__:
            text = getattr(row, name)
            if isinstance(text, str) and text in report.long:
                most = NAME if name in _NAMES else PAGEFUL
                cut[name] = beginning(text, report.long[text], report.lang, most)
        return replace(row, **cut) if cut else row

    return tuple(map(one, rows))


def _problem(one: Problem, lang: Lang) -> Problem:
    """What is said of a cell, with a value of it that is not too long."""
    place = f"{one.where.sheet}!{one.where.cell}"
    slots = {key: beginning(value, place, lang) for key, value in one.slots.items()}
    return one if slots == one.slots else replace(one, slots=slots)


def bounded(report: GapReport) -> GapReport:
    """The report for pages: of very long texts the beginning."""
    if not report.long:
        return report
    known = {
        key: beginning(text, report.long[text], report.lang, NAME) if text in report.long else text
        for key, text in report.organisation.items()
    }
    return replace(
        report,
        organisation=known,
        core_failed=_lines(report.core_failed, report),
        gaps=_lines(report.gaps, report),
        actions=_lines(report.actions, report),
        not_applicable=_lines(report.not_applicable, report),
        evidence=_lines(report.evidence, report),
        opinions=_lines(report.opinions, report),
        answers=_lines(report.answers, report),
        problems=tuple(_problem(one, report.lang) for one in report.problems),
        long={},
    )
