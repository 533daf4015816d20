"""The closed lists of the product: what can be answered, and what follows from it.

Order matters: codes are 1-based positions in these tuples, in formulas and in Python alike.
Labels stand in the catalogues under ``choice.<list>.<code>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

STATUSES = ("yes", "partly", "no", "unknown", "na")
STATUS_POINTS: Mapping[str, float | None] = MappingProxyType(
    {"yes": 1.0, "partly": 0.5, "no": 0.0, "unknown": 0.0, "na": None}
)
YES, PARTLY, NO, UNKNOWN, NA = range(1, 6)
EMPTY, NOT_ON_LIST, NA_NOT_ALLOWED = 0, -1, -2
"""Codes of a row that is not answered: blank, a word not on the list, n.v.t. where it cannot be."""

MATURITIES = ("0", "1", "2", "3", "4")
ACTION_STATUSES = ("open", "busy", "done", "dropped")
BASES = ("self", "advisor")
ORIGINS = ("previous", "revised", "suggestion")
"""Where a carried answer comes from: an earlier measurement, a question that was revised since, a
question of another norm."""

SEEN = ("yes",)
SHARED_WITH = ("board", "supervisors", "both")
AUDIT_METHODS = ("documents", "interview", "walk", "files", "combination")

GAP_KINDS = (
    "missing", "partial", "unknown", "unanswered", "unsubstantiated", "expired", "immature",
)  # fmt: skip
PRIORITIES = ("high", "middle", "low", "open")
FINDINGS = ("major", "minor", "observation", "improvement")
VERDICTS = ("undetermined", "not_ready", "nearly", "ready")
PARTIAL = "subset"
"""What stands instead of a verdict in a part of a workbook: its code is 0."""


def verdict_of(code: int) -> str:
    """The name of the code of a verdict."""
    return VERDICTS[code - 1] if code else PARTIAL


SIGNALS = (
    "na_not_allowed", "na_without_reason", "yes_without_evidence", "evidence_expired",
    "action_incomplete", "action_overdue", "advisor_contradicts", "maturity_contradicts",
)  # fmt: skip

SIGNAL_SINCE: Mapping[str, int] = MappingProxyType({})
"""The layout in which a signal came, for those that came after layout 1."""


def signals_at(layout: int) -> tuple[str, ...]:
    """The signals of a layout: each is a formula in every row."""
    return tuple(name for name in SIGNALS if SIGNAL_SINCE.get(name, 1) <= layout)


ANSWER = "answer"
"""Column of the organisation's own answers."""

SIGNAL_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "na_not_allowed": ANSWER,
        "na_without_reason": "note",
        "yes_without_evidence": "evidence",
        "evidence_expired": "valid_until",
        "action_incomplete": "action_owner",
        "action_overdue": "action_due",
        "advisor_contradicts": "advisor_answer",
        "maturity_contradicts": "maturity",
        "same_answer": ANSWER,
    }
)
"""The column of the assessment table in which a person mends what a signal is about."""

LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "status": STATUSES,
        "maturity": MATURITIES,
        "action_status": ACTION_STATUSES,
        "basis": BASES,
        "finding": FINDINGS,
        "audit_method": AUDIT_METHODS,
        "origin": ORIGINS,
        "seen": SEEN,
        "shared_with": SHARED_WITH,
    }
)
"""Lists behind dropdowns. A code stays in its list, as old files have it."""

LIST_SINCE: Mapping[str, int] = MappingProxyType({"origin": 2, "seen": 2, "shared_with": 2})
"""The layout in which a list came, for those that came after layout 1."""

CODE_SINCE: Mapping[tuple[str, str], int] = MappingProxyType({})
"""The layout since which a code can be chosen, by list and code, for those that came later."""


def lists_at(layout: int) -> Mapping[str, tuple[str, ...]]:
    """The lists behind dropdowns in a layout, with the codes that can be chosen there."""
    return {
        name: tuple(code for code in codes if CODE_SINCE.get((name, code), 1) <= layout)
        for name, codes in LISTS.items()
        if LIST_SINCE.get(name, 1) <= layout
    }


LOW_TO_HIGH: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "status": ("no", "unknown", "partly", "yes", "na"),
        "maturity": MATURITIES,
        "action_status": ACTION_STATUSES,
        "basis": BASES,
        "yes_no": ("yes", "no"),
    }
)
"""From low to high, for a choice between files. N.v.t. is last: it takes a question out of the
score, so any answer goes before it. Yes goes before no: it brings questions in."""


@dataclass(frozen=True, slots=True)
class TableNames:
    """Table keys that formulas and the reader share."""

    requirements: str = "requirements"
    settings: str = "settings"
    profiles: str = "profiles"
    parts: str = "parts"
    rubrieken: str = "rubrieken"
    themes: str = "themes"
    schemes: str = "schemes"
    total: str = "total"
    core_failures: str = "core_failures"
    status_counts: str = "status_counts"
    signal_counts: str = "signal_counts"
    selfcheck: str = "selfcheck"
    steps_first: str = "steps_first"
    steps_yearly: str = "steps_yearly"
    progress: str = "steps_progress"
    previous: str = "previous"
    quick_core: str = "quick_core"
    quick_score: str = "quick_score"
    portions: str = "portions"
    sign_off: str = "sign_off"
    history: str = "history"
    history_sets: str = "history_sets"
    provenance: str = "provenance"


T = TableNames()


def list_table(name: str) -> str:
    """Table key of a list of labels."""
    return f"list_{name}"


HOW_FAR = "status"
"""Column of the tables of actions, findings and steps that says how far each is."""

REMEMBERED = ("date", "editions", "score", "substantiated")
"""Columns of the history: of each earlier measurement its day, question sets and two scores."""

JUDGED = (ANSWER, "maturity")
OF_ADVISOR = ("advisor_answer", "advisor_note")
OF_ACTION = ("action", "action_owner", "action_due", "action_status")
"""Columns of a requirement that are carried by rules of their own: what the organisation judged,
what an adviser did, what was to be done."""

LOOKED_AT, ORIGIN, PREVIOUS, OWN_TEXT = "seen", "origin", "previous_answer", "own_text"
"""Columns that say of a carried answer whether it was looked at, where it came from and what it
was; and the organisation's own text beside a question."""

LICENSED = ("paragraph", OWN_TEXT)
"""Columns for what people type from their own copy of the norm: it is NEN's and never travels."""

WHO = ("organisation", "client", T.provenance)
"""Tables that say whose a workbook is and where it came from."""
