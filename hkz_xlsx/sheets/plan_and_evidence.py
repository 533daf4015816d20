"""Actieplan and Bewijsdossier: drawn by formulas from Beoordeling, to read and to print.

Nothing is typed here: a typed cell beside a list that sorts itself would end up beside another
row. Rows are found by key and number, so both stay right when Beoordeling is sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.names import TOPIC_SINCE, question_texts
from hkz_xlsx.layout.plan import Field, Highlight, Page, Sheet
from hkz_xlsx.layout.styles import LISTED
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.expr import (
    At,
    Both,
    Column,
    Compare,
    CountNumbers,
    Expr,
    Here,
    If,
    Is,
    Link,
    Msg,
    Num,
    Position,
    Smallest,
    Txt,
    equals,
    first_that_holds,
)
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Computed, Given, Table
from hkz_xlsx.sheets.sheet_builder import Draft, extended, given, in_use, organisation_line
from hkz_xlsx.text import Messages

LINES_IN_USE_SINCE = 2
"""The layout since which lines of the plan that are not in use are blank paper."""

PLAN, EVIDENCE = "plan", "evidence"
_PLAN_WIDTHS = (6.0, 13.0, 10.0, 17.0, 50.0, 14.0, 36.0, 18.6, 12.5, 12.0)
_EVIDENCE_WIDTHS = (10.0, 6.0, 10.0, 44.0, 18.0, 32.0, 24.0, 11.5, 11.5, 18.6)
_HIDDEN_FROM = 11


@cache
def _requirement(key: str) -> Column:
    return Column(T.requirements, key)


def _there(value: Expr) -> Expr:
    """The value while the line is used, else blank."""
    return If(Is("number", Here("position")), value, Txt(""))


@cache
def _shown(column: str) -> Expr:
    """A cell of the row; a blank one stays blank instead of showing 0, an error does not spread."""
    cell = At(_requirement(column), Here("position"))
    return _there(If(Is("text", cell), cell, If(Is("number", cell), cell, Txt(""))))


@cache
def _named(column: str, prefix: str, codes: Sequence[str]) -> Expr:
    """The label of a 1-based code of the row; blank where there is none."""
    code = At(_requirement(column), Here("position"))
    cases = tuple(
        (equals(code, number), Msg(f"{prefix}.{name}")) for number, name in enumerate(codes, 1)
    )
    return _there(first_that_holds(cases, Txt("")))


@cache
def _linked() -> Expr:
    target = _requirement("id")
    return _there(Link(target, Here("position"), At(target, Here("position"))))


def _plan_table(model: ScoreModel) -> Table:
    """As many lines as there can be gaps; the k-th gap by its key, ties cannot occur."""
    numbers = tuple(float(k) for k in range(1, len(model.selection.rows) + 1))
    keys = tuple(str(int(k)) for k in numbers)
    gap_keys = _requirement("gap_key")
    unused = Compare("<", CountNumbers(gap_keys), Here("id"))
    position = If(unused, Txt(""), Position(Smallest(gap_keys, Here("id")), gap_keys))
    return Table(
        PLAN,
        keys,
        (
            Given("id", numbers),
            Computed("position", position),
            Computed("line", _there(Here("id"))),
            Computed("priority", _named("priority", "choice.priority", c.PRIORITIES)),
            Computed("link", _linked()),
            Computed("kind", _named("gap", "choice.gap", c.GAP_KINDS)),
            Computed("question", _shown("question")),
            Computed("finding", _named("finding", "choice.finding", c.FINDINGS)),
            *(
                Computed(key, _shown(key))
                for key in ("action", "action_owner", "action_due", "action_status")
            ),
        ),
    )


_PLAN_STYLES = {
    "line": "nr", "priority": "text_strong", "link": "link", "kind": "text",
    "question": "text", "finding": "text", "action": "text", "action_owner": "text",
    "action_due": "date", "action_status": "text",
}  # fmt: skip


def build_plan(model: ScoreModel) -> Sheet:
    """The action plan, sorted by priority (scoring, §5)."""
    text = model.text
    draft = _head(text, PLAN, _PLAN_WIDTHS)
    questions = question_texts(model.selection, model.lang, model.layout)
    tallest = max(height_of([(question, _PLAN_WIDTHS[4], 10)]) for question in questions)
    listed = LISTED if model.layout >= LINES_IN_USE_SINCE else ""
    fields = [Field(k, text(f"column.{PLAN}.{k}"), f"{listed}{s}") for k, s in _PLAN_STYLES.items()]
    draft.block(
        _plan_table(model), fields, _HIDDEN_FROM, object_name=text(f"object.{PLAN}"),
        height=tallest,
    )  # fmt: skip
    marks = tuple(
        Highlight(PLAN, "priority", "equals", style, text(f"choice.priority.{name}"))
        for name, style in (("high", "mark_high"), ("open", "mark_unknown"))
    )
    if model.layout >= LINES_IN_USE_SINCE:
        marks = (*marks, in_use(PLAN, "line", "action_status"))
    return _sheet(draft, text, PLAN, marks)


@cache
def _state() -> Expr:
    """What an auditor would see first: missing, expired, or in order."""

    def is_true(column: str) -> Expr:
        return equals(At(_requirement(column), Here("position")), 1)

    status = At(_requirement("status"), Here("position"))
    has = At(_requirement("has_evidence"), Here("position"))
    expired = is_true("expired")
    needed = is_true("evidence_required")
    return first_that_holds(
        (
            (equals(status, c.NA), Msg("evidence.na")),
            (
                Both((Compare("<=", status, Num(0)), equals(has, 0))),
                Msg("evidence.unanswered"),
            ),
            (Both((equals(has, 1), expired)), Msg("evidence.expired")),
            (equals(has, 1), Msg("evidence.present")),
            (needed, Msg("evidence.missing")),
        ),
        Msg("evidence.optional"),
    )


def _evidence_table(
    rows: tuple[SelectedRow, ...], lang_names: Sequence[str], questions: Sequence[str]
) -> Table:
    keys = tuple(row.requirement.id for row in rows)
    position = Position(Here("ordinal"), _requirement("ordinal"))
    return extended(
        Table(
            EVIDENCE,
            keys,
            (
                Given("id", keys),
                Given("ordinal", tuple(float(row.ordinal) for row in rows)),
                Computed("position", position),
                Computed("link", _linked()),
                # In the order of the norm, so the text needs no formula; it saves 9 kB.
                given("question", questions),
                Computed("state", _state()),
                *(
                    Computed(key, _shown(key))
                    for key in (
                        "paragraph",
                        "evidence",
                        "location",
                        "evidence_date",
                        "valid_until",
                        "owner",
                    )
                ),
            ),
        ),
        given("rubriek", lang_names),
    )


_EVIDENCE_STYLES = {
    "link": "link", "rubriek": "nr", "paragraph": "text", "question": "text",
    "state": "text_strong", "evidence": "text", "location": "text", "evidence_date": "date",
    "valid_until": "date", "owner": "text",
}  # fmt: skip


def build_evidence(model: ScoreModel) -> Sheet:
    """The audit-day view: per requirement its evidence, in the order of the norm."""
    text, rows = model.text, model.selection.rows
    draft = _head(text, EVIDENCE, _EVIDENCE_WIDTHS)
    names = [r.rubriek.number for r in rows]
    questions = question_texts(model.selection, model.lang, model.layout)
    tallest = max(height_of([(question, _EVIDENCE_WIDTHS[3], 10)]) for question in questions)
    fields = [Field(k, text(f"column.{EVIDENCE}.{k}"), s) for k, s in _EVIDENCE_STYLES.items()]
    if model.layout >= TOPIC_SINCE:
        # The very text of Beoordeling, topic and letters too: it is stored once.
        fields = [
            replace(f, lead="lead", style="text_strong") if f.key == "question" else f
            for f in fields
        ]
    draft.block(
        _evidence_table(rows, names, questions), fields, _HIDDEN_FROM,
        object_name=text(f"object.{EVIDENCE}"), height=tallest,
    )  # fmt: skip
    marks = (
        Highlight(EVIDENCE, "state", "equals", "mark_no", text("evidence.missing")),
        Highlight(EVIDENCE, "state", "equals", "mark_partly", text("evidence.expired")),
        Highlight(EVIDENCE, "state", "equals", "mark_yes", text("evidence.present")),
        Highlight(EVIDENCE, "state", "equals", "mark_unknown", text("evidence.unanswered")),
    )
    return _sheet(draft, text, EVIDENCE, marks)


def _head(text: Messages, key: str, widths: tuple[float, ...]) -> Draft:
    draft = Draft(text, widths)
    draft.line(text(f"sheet.{key}.title"), "title", 28)
    draft.space()  # the organisation line
    draft.line(text(f"{key}.note"), "notice_line", 18)
    return draft


def _sheet(draft: Draft, text: Messages, key: str, marks: tuple[Highlight, ...]) -> Sheet:
    (block,) = draft.blocks
    return Sheet(
        key,
        text(f"sheet.{key}.tab"),
        (*draft.widths, *(2.0 for _ in range(_HIDDEN_FROM - len(draft.widths)))),
        hidden_columns=draft.hidden_columns(_HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1),),
        highlights=marks,
        freeze=(block.first_row, 0),
        page=Page(repeat_rows=(0, block.header_row)),
        tab="accent",
    )
