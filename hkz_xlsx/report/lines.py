"""The lines of a gap report: plain data, texts in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass

from hkz_xlsx.assessment.gains import Gain
from hkz_xlsx.assessment.model import Gap, Score, Signal
from hkz_xlsx.norm.model import Profile


@dataclass(frozen=True, slots=True)
class Line:
    """A set of requirements with its score."""

    key: str
    name: str
    score: Score


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """The indication for what is certified together.

    ``profile`` has the thresholds, ``failing`` the ids of the core requirements that are not in
    order.
    """

    scheme: str
    code: str
    label: str
    score: Score
    profile: Profile
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """An earlier measurement that the workbook remembers.

    ``serial`` is None without a real date; ``same`` says that it was of the same question sets.
    """

    day: str
    serial: float | None
    score: float
    substantiated: float | None
    same: bool


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap with what the norm and the respondent say about it.

    ``laws`` are ids, ``law_names`` their names; ``quick_win`` follows the rule of
    docs/reports.md.
    """

    gap: Gap
    priority: str
    kind: str
    finding: str
    rubriek: str
    topic: str
    question: str
    tip: str
    status: str
    answer: str
    evidence: str
    location: str
    note: str
    action: str
    action_owner: str
    action_due: str
    action_status: str
    laws: tuple[str, ...]
    law_names: tuple[str, ...] = ()
    quick_win: bool = False
    gain: Gain | None = None


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action somebody wrote down, whether or not the row is still a gap.

    ``due`` is as typed or day-month-year; ``month`` is ``2026-12``, empty without a real date;
    ``state`` is open, overdue or closed.
    """

    requirement: str
    question: str
    priority: str
    action: str
    owner: str
    due: str
    month: str
    due_serial: float | None
    status: str
    state: str
    gain: Gain | None = None


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence; ``state`` is valid, expiring, expired, no_end or no_reference."""

    requirement: str
    question: str
    rubriek: str
    evidence: str
    location: str
    date: str
    valid_until: str
    valid_serial: float | None
    owner: str
    state: str
    label: str


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """Own answer beside the adviser's; codes and labels. ``differs`` compares the codes."""

    requirement: str
    question: str
    own: str
    advisor: str
    own_label: str
    advisor_label: str
    note: str
    differs: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer in a column of which the report has rows. ``code`` is that of a choice, else
    empty; ``text`` is the answer in the language of the report."""

    requirement: str
    column: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal in words."""

    signal: Signal
    label: str
    question: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A row answered n.v.t. with its reason."""

    requirement: str
    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """A norm part, its edition (NEN's) and our question set."""

    id: str
    number: str
    name: str
    edition: str
    revision: str


@dataclass(frozen=True, slots=True)
class LawLine:
    """A law that a gap touches, and for which questions."""

    id: str
    name: str
    duty: str
    checked_on: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A public source that the questions rest on; ``url`` may be empty."""

    id: str
    title: str
    url: str
