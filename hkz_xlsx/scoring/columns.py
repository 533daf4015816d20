"""Every column and every form row that workbooks ever had: one record each, for all that asks.

Inputs of the scoring model, sheets, the JSON report, the tables of a portfolio and its codebook
follow from these records. ``since`` and ``until`` are layouts: a record is never taken away, and
its key is never used again for something else. Keys stand in hidden key rows and are never
translated; words stand in the catalogues, those of Beoordeling under ``column.requirements.<key>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hkz_xlsx.scoring.choices import T

Kind = Literal["fixed", "computed", "carried", "text", "date", "number", "kvk", "choice"]
"""What stands in a column: a text or number of ours, a formula, a value that we carry along from
elsewhere and nobody types, or an answer of a person."""

_ANSWERS = frozenset(("text", "date", "number", "kvk", "choice"))


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    """One column of a table, or one row of a form.

    Attributes:
        key: what the hidden key row, or the id of the row, says.
        kind: what stands in it.
        choices: the list of a choice, in `hkz_xlsx.scoring.choices.LISTS`.
        width: in characters; 0 where the sheet decides.
        style: name of its style; input cells have that of their kind.
        since: the layout in which it came.
        until: the layout in which it was gone.
        quiet: hidden as long as nothing stands in it.
        report: its answers stand in the report's rows.
        portfolio: its answers stand in the tables of a portfolio: free text in ``texts``,
            other kinds as a column of ``answers``.
    """

    key: str
    kind: Kind
    choices: str = ""
    width: float = 0
    style: str = ""
    since: int = 1
    until: int | None = None
    quiet: bool = False
    report: bool = False
    portfolio: bool = False

    @property
    def asked(self) -> bool:
        """Whether people fill it in."""
        return self.kind in _ANSWERS

    @property
    def typed(self) -> bool:
        """Whether it holds values that stand in no norm and no formula."""
        return self.asked or self.kind == "carried"

    def stands_in(self, layout: int) -> bool:
        """Whether a layout has it."""
        return self.since <= layout and (self.until is None or layout < self.until)


def _one(key: str, kind: Kind, width: float = 0, style: str = "", **more: object) -> ColumnRecord:
    return ColumnRecord(key, kind, width=width, style=style, **more)  # type: ignore[arg-type]  # keyword bundle of one dataclass


REQUIREMENTS = (
    _one("id", "fixed", 9.5, "id"),
    _one("rubriek", "fixed", 17.2, "text_small"),
    _one("topic", "fixed", 21.5, "text"),
    _one("question", "fixed", 41, "text_strong"),
    _one("tip", "fixed", 58, "tip"),
    _one("paragraph", "text", 13),
    _one("importance", "fixed", 13, "text"),
    _one("answer", "choice", 15, choices="status"),
    _one("maturity", "choice", 16, choices="maturity"),
    _one("evidence", "text", 25.2, portfolio=True),
    _one("location", "text", 16, portfolio=True),
    _one("evidence_date", "date", 12.5),
    _one("valid_until", "date", 12.5),
    _one("owner", "text", 19, portfolio=True),
    _one("note", "text", 23, portfolio=True),
    _one("action", "text", 32, portfolio=True),
    _one("action_owner", "text", 19, portfolio=True),
    _one("action_due", "date", 12.5),
    _one("action_status", "choice", 14, choices="action_status"),
    _one("advisor_answer", "choice", 16, choices="status"),
    _one("advisor_note", "text", 32, portfolio=True),
    _one("points", "computed", 9, "decimal"),
    _one("check", "computed", 30, "check"),
    _one("own_text", "carried", 40, "text", since=2, quiet=True),
    _one("sign", "computed", 12, "sign", since=2),
    _one("previous_answer", "carried", 14, "text", since=2, quiet=True),
    _one("origin", "carried", 14, "text", since=2, quiet=True),
    _one("seen", "choice", 11, choices="seen", since=2, quiet=True, portfolio=True),
)
"""The visible columns of Beoordeling, in the order of layout 1; see `ORDERS`."""

_STEPS = (
    _one("number", "fixed", 4, "nr"),
    _one("title", "fixed", 17, "text_strong"),
    _one("why", "fixed", 24, "text"),
    _one("what", "fixed", 42, "text"),
    _one("owner", "text", 18.5),
    _one("target", "computed", 10.5, "date"),
    _one("planned", "date", 10.5),
    _one("done", "date", 10.5),
    _one("state", "computed", 10.5, "text_strong"),
)

_FIGURES = (
    _one("number", "fixed", style="nr"),
    _one("label", "fixed", style="text_strong"),
    _one("value", "computed", style="value"),
    _one("source", "fixed", style="text"),
)

_AGENDA = (
    _one("number", "fixed", style="nr"),
    _one("title", "fixed", style="text_strong"),
    _one("question", "fixed", style="text"),
    _one("bring", "fixed", style="text"),
    _one("discussed", "text"),
    _one("decision", "text"),
    _one("owner", "text"),
    _one("due", "date"),
    _one("status", "choice", choices="action_status"),
)

_PROGRAMME = (
    _one("number", "fixed", style="nr"),
    _one("rubriek", "fixed", style="text_strong"),
    _one("topics", "fixed", style="text"),
    _one("method", "choice", choices="audit_method"),
    _one("auditor", "text"),
    _one("outcome", "text"),
    _one("score", "computed", style="percent"),
    _one("planned", "date"),
    _one("done", "date"),
)

_FINDINGS = (
    _one("id", "fixed", style="id"),
    _one("place", "text"),
    _one("finding", "text"),
    _one("class", "choice", choices="finding"),
    _one("cause", "text"),
    _one("action", "text"),
    _one("owner", "text"),
    _one("due", "date"),
    _one("status", "choice", choices="action_status"),
    _one("checked", "date"),
)

FUNDING = ("wmo", "zvw", "wlz", "jeugdwet", "kinderopvang", "gemeente", "particulier")
"""Kinds of funding an organisation can have."""

ORGANISATION = (
    _one("name", "text", portfolio=True),
    _one("location", "text", portfolio=True),
    _one("kvk", "kvk", portfolio=True),
    _one("branch", "text", portfolio=True),
    _one("municipality", "text", portfolio=True),
    _one("contact", "text"),
    _one("email", "text"),
    _one("fte", "number", portfolio=True),
    *(_one(f"funding_{name}", "choice", choices="yes_no", portfolio=True) for name in FUNDING),
    _one("assessor", "text"),
)
"""Rows of the form on Start: who it is. The contact person goes to no portfolio."""

_SETTINGS = (
    _one("reference_date", "date"),
    _one("basis", "choice", choices="basis"),
    _one("start_date", "date"),
    _one("cycle_date", "date"),
    _one("hours_a_week", "number", since=2),
)

_MEETING = (
    _one("date", "date"),
    _one("period", "text"),
    _one("present", "text"),
    _one("chair", "text"),
    _one("last", "date"),
    _one("conclusion", "text"),
    _one("adopted", "text"),
)

_SIGN_OFF = (
    _one("name", "text", since=2),
    _one("function", "text", since=2),
    _one("date", "date", since=2),
    _one("shared_with", "choice", choices="shared_with", since=2),
    _one("decision", "text", since=2),
)

RECORDS: Mapping[str, tuple[ColumnRecord, ...]] = MappingProxyType(
    {
        T.requirements: REQUIREMENTS,
        T.steps_first: _STEPS,
        T.steps_yearly: _STEPS,
        "review_figures": _FIGURES,
        "agenda": _AGENDA,
        "audit_programme": _PROGRAMME,
        "audit_findings": _FINDINGS,
        "organisation": ORGANISATION,
        T.settings: _SETTINGS,
        "review_meeting": _MEETING,
        T.sign_off: _SIGN_OFF,
    }
)
"""Columns by table; of the forms (organisation, settings, review_meeting) the rows."""

ORDERS: Mapping[str, Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {
        T.requirements: {
            2: (
                "id", "question", "own_text", "tip", "answer", "sign", "previous_answer", "origin",
                "seen", "evidence", "location", "note", "action", "action_owner", "action_due",
                "action_status", "evidence_date", "valid_until", "owner", "maturity", "paragraph",
                "importance", "rubriek", "topic", "advisor_answer", "advisor_note", "points",
                "check",
            )
        }
    }
)  # fmt: skip
"""Per table, layouts from which the columns stand in another order than in their records. What
such an order does not name stands behind the column that its record follows."""


def records_at(table: str, layout: int) -> tuple[ColumnRecord, ...]:
    """Columns of a table, or rows of a form, as they stand in a layout, in their order."""
    found = [record for record in RECORDS[table] if record.stands_in(layout)]
    orders = ORDERS.get(table, {})
    known = [number for number in orders if number <= layout]
    if not known:
        return tuple(found)
    order = list(orders[max(known)])
    before = ""
    for record in RECORDS[table]:
        if record.key not in order:
            order.insert(order.index(before) + 1 if before else 0, record.key)
        before = record.key
    return tuple(sorted(found, key=lambda record: order.index(record.key)))


def answers_at(table: str, layout: int) -> tuple[str, ...]:
    """Keys of what stands in a table in a layout besides fixed texts and formulas."""
    return tuple(r.key for r in records_at(table, layout) if r.typed)


def kept_in_portfolio(table: str, layout: int) -> tuple[ColumnRecord, ...]:
    """Records of which a portfolio keeps the answers, of every layout up to one."""
    return tuple(r for r in RECORDS[table] if r.portfolio and r.since <= layout)


def shown_in_report(layout: int) -> tuple[ColumnRecord, ...]:
    """Columns of Beoordeling of which a report has a row of answers, of layouts up to one."""
    return tuple(r for r in REQUIREMENTS if r.report and r.since <= layout)
