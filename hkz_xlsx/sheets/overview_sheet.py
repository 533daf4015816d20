"""Overzicht: one line per rubriek and per theme, verdict, signals and the self-check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.names import question_texts, rubriek_names, scheme_names, theme_names
from hkz_xlsx.layout.plan import Field, Highlight, Page, Sheet
from hkz_xlsx.layout.styles import LISTED
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.expr import (
    At,
    Column,
    Compare,
    Expr,
    Here,
    If,
    Is,
    Link,
    Msg,
    Txt,
    equals,
)
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Computed, Table
from hkz_xlsx.sheets.paper import on_paper
from hkz_xlsx.sheets.sheet_builder import (
    Draft,
    date_request,
    extended,
    given,
    in_use,
    organisation_line,
)
from hkz_xlsx.text import Messages

SHEET = "overview"
WIDTHS = (64.0, 13.0, 11.5, 13.0, 15.0, 15.0, 14.0, 13.0, 11.0, 18.0)
HIDDEN_FROM = 11
SCALE = 72
"""Percent: what fits the page. Not "one page wide", because Excel then ignores page breaks."""

CORE_LAST_SINCE = 2
"""The layout since which the core requirements stand below the signals: as many lines as there can
be would hide those. Tables are not cut by a page either."""


def _linked(table: Table, names: Sequence[str]) -> Table:
    """With a name, a link to the first row and a link to the first unanswered row."""
    target = Column(T.requirements, "answer")
    to_open: Expr = If(
        equals(Here("open"), 0),
        Msg("overview.complete"),
        Link(target, Here("first_open"), Msg("overview.go")),
    )
    return extended(
        table,
        given("name", names),
        Computed("link", Link(target, Here("first_row"), Here("name"))),
        Computed("open_link", to_open),
    )


def _set_fields(text: Messages) -> tuple[Field, ...]:
    styles = {
        "link": "link", "answered": "number", "count": "number", "answered_percentage": "percent",
        "score": "percent", "substantiated": "percent", "core_failed": "number",
        "core_open": "number", "signals": "number", "open_link": "link",
    }  # fmt: skip
    return tuple(Field(k, text(f"column.sets.{k}"), style) for k, style in styles.items())


def _scores(draft: Draft, model: ScoreModel) -> dict[str, int]:
    """Places the score tables; returns where each begins."""
    begins: dict[str, int] = {}
    text, lang, selection = draft.text, model.lang, model.selection
    fields = _set_fields(text)
    groups = (
        (T.total, "overview.total", (text("overview.all"),)),
        (T.rubrieken, "overview.rubrieken", rubriek_names(selection, lang)),
        (T.themes, "overview.themes", theme_names(selection, lang)),
    )
    present = {t.key for t in model.tables}
    for key, heading, names in groups:
        if key in present:
            begins[key] = draft.row
            draft.line(text(f"{heading}.heading"), "heading", 22)
            draft.block(
                _linked(model.table(key), names), fields, HIDDEN_FROM,
                object_name=text(f"object.{key}"), height=28,
            )  # fmt: skip
            draft.space()
    begins[T.parts] = draft.row
    # Norm parts: the sums that verdicts are made of; shown as they are certified together.
    draft.line(text("overview.parts.heading"), "heading", 22)
    part_names = [f"{p.number} {p.short_name.get(lang)}" for p in selection.parts_with_rows]
    part_fields = (Field("name", text("column.sets.link"), "text"), *fields[1:9])
    draft.block(
        extended(model.table(T.parts), given("name", part_names)), part_fields, HIDDEN_FROM,
        object_name=text(f"object.{T.parts}"), wrapped=(("name", 10),), height=28,
    )  # fmt: skip
    draft.space()
    return begins


def _verdicts(draft: Draft, model: ScoreModel) -> None:
    text = draft.text
    draft.line(text("overview.verdict.heading"), "heading", 22)
    draft.line(text("overview.verdict.note"), "notice_line", 16)
    table = extended(model.table(T.schemes), given("name", scheme_names(model.selection)))
    fields = (
        Field("name", text("column.schemes.name"), "text_strong"),
        Field("verdict", text("column.schemes.verdict"), "text_strong"),
        Field("core_no", text("column.schemes.core_no"), "number"),
        Field("core_partly", text("column.schemes.core_partly"), "number"),
        Field("core_open", text("column.schemes.core_open"), "number"),
    )
    draft.block(
        table,
        fields,
        HIDDEN_FROM,
        object_name=text("object.schemes"),
        wrapped=(("name", 10),),
        height=40,
    )
    draft.space()


def _core(draft: Draft, model: ScoreModel) -> None:
    table = model.table(T.core_failures)
    if not table.rows:
        return
    text = draft.text
    draft.line(text("overview.core.heading"), "heading", 22)
    draft.line(text("overview.core.note"), "notice_line", 16)
    target = Column(T.requirements, "id")
    linked: Expr = If(
        Compare("<>", Here("requirement"), Txt("")),
        Link(target, Here("position"), Here("requirement")),
        Txt(""),
    )
    question = If(
        Is("number", Here("position")),
        At(Column(T.requirements, "question"), Here("position")),
        Txt(""),
    )
    shown = question_texts(model.selection, model.lang, model.layout)
    questions = [q for q, r in zip(shown, model.selection.rows, strict=True) if r.requirement.core]
    tallest = max(height_of([(question, WIDTHS[0], 10)]) for question in questions)
    listed = LISTED if model.layout >= CORE_LAST_SINCE else ""
    styles = {"question": "text", "link": "link", "answer_now": "text"}
    fields = [
        Field(key, text(f"column.core_failures.{key}"), f"{listed}{style}")
        for key, style in styles.items()
    ]
    draft.block(
        extended(table, Computed("link", linked), Computed("question", question)),
        fields,
        HIDDEN_FROM,
        height=tallest,
        object_name=text("object.core_failures"),
    )  # fmt: skip
    draft.space()


def _checks(draft: Draft, model: ScoreModel, begins: dict[str, int]) -> None:
    """Places signals and self-check, and notes where each begins."""
    text = draft.text
    begins[T.signal_counts] = draft.row
    draft.line(text("overview.signals.heading"), "heading", 22)
    counts = model.table(T.signal_counts)
    labels = [text(f"choice.signal.{name}") for name in counts.rows]
    draft.block(
        extended(counts, given("label", labels)),
        (
            Field("label", text("column.signal_counts.label"), "text"),
            Field("count", text("column.signal_counts.count"), "number"),
        ),
        HIDDEN_FROM, object_name=text("object.signal_counts"), wrapped=(("label", 10),),
    )  # fmt: skip
    draft.space()
    begins[T.selfcheck] = draft.row
    draft.line(text("overview.selfcheck.heading"), "heading", 22)
    checks = model.table(T.selfcheck)
    names = [text(f"selfcheck.{row}") for row in checks.rows]
    draft.block(
        extended(checks, given("label", names)),
        (
            Field("label", text("column.selfcheck.label"), "text"),
            Field("result", text("column.selfcheck.result"), "text"),
            Field("expected", text("column.selfcheck.expected"), "number"),
            Field("found", text("column.selfcheck.found"), "number"),
        ),
        HIDDEN_FROM, object_name=text("object.selfcheck"), wrapped=(("label", 10),),
    )  # fmt: skip
    draft.space()


def build(model: ScoreModel) -> Sheet:
    """The overview sheet."""
    text = model.text
    draft = Draft(text, WIDTHS)
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    draft.space(2)  # the organisation line and the request for a date
    begins = _scores(draft, model)
    begins["verdict"] = draft.row
    _verdicts(draft, model)
    if model.layout < CORE_LAST_SINCE:
        _core(draft, model)
    _checks(draft, model, begins)
    if model.layout >= CORE_LAST_SINCE:
        begins[T.core_failures] = draft.row
        _core(draft, model)
    bars = tuple(
        Highlight(b.table.key, "answered_percentage", "bar", "bar")
        for b in draft.blocks
        if any(f.key == "answered_percentage" for f in b.fields[:10])
    )
    lines = (
        (in_use(T.core_failures, "question", "answer_now"),)
        if model.layout >= CORE_LAST_SINCE and draft.holds(T.core_failures)
        else ()
    )
    sheet = Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*WIDTHS, 2.0),
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1), date_request(2, "overview.no_date")),
        highlights=(*bars, *lines),
        freeze=(2, 0),
        tab="accent",
        zoom=95,
    )
    if model.layout < CORE_LAST_SINCE:
        breaks = tuple(begins[key] for key in (T.themes, "verdict") if key in begins)
        return replace(sheet, page=Page(repeat_rows=(0, 1), scale=SCALE, breaks=breaks))
    return on_paper(sheet, [row for row in begins.values() if row < draft.row], SCALE)
