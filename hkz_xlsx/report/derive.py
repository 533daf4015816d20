"""From answers to the lines of a report that are no score: actions, evidence, opinions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from hkz_xlsx.assessment.gains import Gain
from hkz_xlsx.assessment.model import Assessment, Gap
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.render.words import day, months_later
from hkz_xlsx.report.lines import (
    ActionLine,
    AnswerLine,
    EvidenceLine,
    GapLine,
    LawLine,
    Measured,
    OpinionLine,
)
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import from_serial, serial, shown
from hkz_xlsx.scoring.choices import STATUSES, T
from hkz_xlsx.scoring.columns import shown_in_report
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.lists_and_identity import MEASUREMENTS
from hkz_xlsx.text import Lang, messages

EXPIRES_WITHIN = 6
"""Months after the reference date in which expiring evidence is named."""


class Typed:
    """Looks up what was typed for a requirement."""

    def __init__(self, submission: Submission, lang: Lang) -> None:
        self._inputs, self.lang = submission.as_understood, lang
        reference = self.number(T.settings, "reference_date", "value")
        self.reference = None if reference is None else float(int(reference))

    def number(self, table: str, row: str, column: str) -> float | None:
        """A typed number or date.

        Args:
            table: key of the table.
            row: key of the row.
            column: key of the column.

        Returns:
            the number, of a date the serial day; None for anything else, also for a text of digits.
        """
        value = self._inputs.get(Address(table, row, column))
        return float(value) if isinstance(value, int | float) else None

    def text(self, row: str, column: str, table: str = T.requirements) -> str:
        """A typed text.

        Args:
            row: key of the row; in the table of requirements their id.
            column: key of the column.
            table: key of the table.

        Returns:
            what was understood, as a person would type it; empty when blank.
        """
        return shown(self._inputs.get(Address(table, row, column)))

    def day(self, row: str, column: str, table: str = T.requirements) -> str:
        """A date.

        Args:
            row: key of the row.
            column: key of the column.
            table: key of the table.

        Returns:
            day-month-year; whatever is no date as it was typed.
        """
        value = self.number(table, row, column)
        return self.text(row, column, table) if value is None else day(value)

    def code(self, row: str, column: str, name: str) -> str:
        """The code of a choice beside a requirement.

        Args:
            row: id of the requirement.
            column: key of the column.
            name: of the list of choices.

        Returns:
            the code of a label in any language that any release wrote; empty when blank or not on
            the list.
        """
        return Choice(name).code_of(self.text(row, column)) or ""

    def label(self, row: str, column: str, name: str) -> str:
        """A choice beside a requirement, in the language of the report.

        Args:
            row: id of the requirement.
            column: key of the column.
            name: of the list of choices.

        Returns:
            the label; what is not on the list as it was typed.
        """
        code = self.code(row, column, name)
        return Choice(name).label(code, self.lang) if code else self.text(row, column)


def _action_state(row: str, typed: Typed) -> str:
    if typed.code(row, "action_status", "action_status") in ("done", "dropped"):
        return "closed"
    due = typed.number(T.requirements, row, "action_due")
    late = due is not None and typed.reference is not None and int(due) < typed.reference
    return "overdue" if late else "open"


def _quick_win(gap: Gap, row: str, typed: Typed) -> bool:
    """Only evidence is missing, or partly met with a dated action that is not closed."""
    if gap.kind in ("unsubstantiated", "expired"):
        return True
    dated = typed.number(T.requirements, row, "action_due") is not None
    return gap.kind == "partial" and dated and _action_state(row, typed) != "closed"


def _answer(gap: Gap, status: str, typed: Typed) -> str:
    """The answer that counts, in the language of the report; what is no answer as it was typed."""
    if status in STATUSES:
        return messages(typed.lang)(f"choice.status.{status}")
    return typed.text(gap.requirement, "answer")


def gap_line(
    row: SelectedRow, status: str, gap: Gap, typed: Typed, laws: Mapping[str, str],
    gain: Gain | None,
) -> GapLine:  # fmt: skip
    """A gap in words.

    Args:
        row: the requirement with its topic and rubriek.
        status: the answer in words, as every row of the report has it.
        gap: the same answer as the assessment judged it.
        typed: what stands beside it in the workbook.
        laws: names of laws by id; a law without one is shown by its id.
        gain: what solving it brings, where that was computed.
    """
    text, lang, key = messages(typed.lang), typed.lang, gap.requirement
    requirement = row.requirement
    return GapLine(
        gap=gap,
        priority=text(f"choice.priority.{gap.priority}"),
        kind=text(f"choice.gap.{gap.kind}"),
        finding=text(f"choice.finding.{gap.finding or 'none'}"),
        rubriek=f"{row.rubriek.number}. {row.rubriek.title.get(lang)}",
        topic=row.topic.title.get(lang),
        question=requirement.question.get(lang),
        tip=requirement.tip.get(lang),
        status=status,
        answer=_answer(gap, status, typed),
        evidence=typed.text(key, "evidence"),
        location=typed.text(key, "location"),
        note=typed.text(key, "note"),
        action=typed.text(key, "action"),
        action_owner=typed.text(key, "action_owner"),
        action_due=typed.day(key, "action_due"),
        action_status=typed.label(key, "action_status", "action_status"),
        laws=requirement.laws,
        law_names=tuple(laws.get(law, law) for law in requirement.laws),
        quick_win=_quick_win(gap, key, typed),
        gain=gain,
    )


def actions(
    rows: Iterable[SelectedRow], assessment: Assessment, typed: Typed, brings: Mapping[str, Gain]
) -> list[ActionLine]:
    """Every action in the order of its date, then of the norm; also of rows that are no gap.

    Args:
        rows: the requirements in the order of the norm.
        assessment: gives the priority of those that are gaps.
        typed: what was typed beside them.
        brings: gains by id of the requirement.

    Returns:
        a line for each row with an action, an owner or a date; those without a date last.
    """
    text = messages(typed.lang)
    priority = {g.requirement: text(f"choice.priority.{g.priority}") for g in assessment.gaps}
    found: list[ActionLine] = []
    for row in rows:
        key = row.requirement.id
        action, owner = typed.text(key, "action"), typed.text(key, "action_owner")
        due = typed.day(key, "action_due")
        if not (action or owner or due):
            continue
        number = typed.number(T.requirements, key, "action_due")
        found.append(
            ActionLine(
                requirement=key,
                question=row.requirement.question.get(typed.lang),
                priority=priority.get(key, ""),
                action=action,
                owner=owner,
                due=due,
                month="" if number is None else from_serial(number).strftime("%Y-%m"),
                due_serial=number,
                status=typed.label(key, "action_status", "action_status"),
                state=_action_state(key, typed),
                gain=brings.get(key),
            )
        )
    return sorted(found, key=lambda a: (a.due_serial is None, a.due_serial or 0.0))


def _evidence_state(valid: float | None, typed: Typed) -> str:
    if valid is None:
        return "no_end"
    if typed.reference is None:
        return "no_reference"
    if int(valid) < typed.reference:
        return "expired"
    limit = serial(months_later(from_serial(typed.reference), EXPIRES_WITHIN))
    return "expiring" if int(valid) <= limit else "valid"


def evidence(rows: Iterable[SelectedRow], typed: Typed) -> Iterator[EvidenceLine]:
    """Everything named as evidence, in the order of the norm."""
    text = messages(typed.lang)
    for row in rows:
        key = row.requirement.id
        columns = ("evidence", "location", "evidence_date", "valid_until")
        if not any(typed.text(key, column) for column in columns):
            continue
        valid = typed.number(T.requirements, key, "valid_until")
        named = typed.text(key, "evidence") or typed.text(key, "location")
        state = _evidence_state(valid, typed) if named else "not_named"
        yield EvidenceLine(
            requirement=key,
            question=row.requirement.question.get(typed.lang),
            rubriek=f"{row.rubriek.number}. {row.rubriek.title.get(typed.lang)}",
            evidence=typed.text(key, "evidence"),
            location=typed.text(key, "location"),
            date=typed.day(key, "evidence_date"),
            valid_until=typed.day(key, "valid_until"),
            valid_serial=valid,
            owner=typed.text(key, "owner"),
            state=state,
            label=text(f"report.evidence_state.{state}"),
        )


def opinions(rows: Iterable[SelectedRow], typed: Typed) -> Iterator[OpinionLine]:
    """Rows where the adviser answered or left a comment."""
    blank = messages(typed.lang)("choice.status_more.empty")
    for row in rows:
        key = row.requirement.id
        note = typed.text(key, "advisor_note")
        if not (typed.text(key, "advisor_answer") or note):
            continue
        own = typed.code(key, "answer", "status")
        advisor = typed.code(key, "advisor_answer", "status")
        yield OpinionLine(
            requirement=key,
            question=row.requirement.question.get(typed.lang),
            own=own,
            advisor=advisor,
            own_label=typed.label(key, "answer", "status") or blank,
            advisor_label=typed.label(key, "advisor_answer", "status") or "–",
            note=note,
            differs=bool(advisor) and own != advisor,
        )


def laws(gaps: Iterable[GapLine], row_laws: Iterable[LawLine]) -> tuple[LawLine, ...]:
    """The laws that open points touch, each with those points."""
    touched: dict[str, list[str]] = {}
    for line in gaps:
        for law in line.laws:
            touched.setdefault(law, []).append(line.gap.requirement)
    return tuple(
        LawLine(law.id, law.name, law.duty, law.checked_on, tuple(touched[law.id]))
        for law in row_laws
        if law.id in touched
    )


NAME, PAGEFUL = 200, 1_500
"""Letters on a page of a name, and of a text: half a page, or a page in a narrow column."""


def long_texts(submission: Submission) -> dict[str, str]:
    """Texts longer than a page shows, of names or anything else, with the first cell of each."""
    found: dict[str, str] = {}
    for address, value in submission.as_understood.items():
        if isinstance(value, str) and len(value) > NAME and address in submission.places:
            place = submission.places[address]
            found.setdefault(shown(value), f"{place.sheet}!{place.cell}")
    return found


def history(typed: Typed, editions: str) -> Iterator[Measured]:
    """The earlier measurements that the workbook remembers, the oldest first.

    Args:
        typed: what stands in it.
        editions: the question sets of the workbook itself.
    """
    for number in map(str, range(MEASUREMENTS, 0, -1)):
        score = typed.number(T.history, number, "score")
        if score is not None:
            yield Measured(
                day=typed.day(number, "date", T.history),
                serial=typed.number(T.history, number, "date"),
                score=score,
                substantiated=typed.number(T.history, number, "substantiated"),
                same=typed.text(number, "editions", T.history) == editions,
            )


def answers(rows: Iterable[SelectedRow], typed: Typed) -> Iterator[AnswerLine]:
    """What was filled in where a column record says that the report has a row of it."""
    for row, record in product(rows, shown_in_report(LAYOUT_VERSION)):
        key, column = row.requirement.id, record.key
        choice = record.kind == "choice"
        code = typed.code(key, column, record.choices) if choice else ""
        text = typed.day(key, column) if record.kind == "date" else typed.text(key, column)
        if choice:
            text = typed.label(key, column, record.choices)
        if text:
            yield AnswerLine(key, column, code, text)
