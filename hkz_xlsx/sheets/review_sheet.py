"""Directiebeoordeling & interne audit: figures of other sheets, agenda, programme, findings."""

from __future__ import annotations

from dataclasses import replace

from hkz_xlsx.layout.columns import codec_of, codecs_at
from hkz_xlsx.layout.names import rubriek_names, scheme_names
from hkz_xlsx.layout.plan import Field, Highlight, Prompt, Sheet
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.columns import answers_at, records_at
from hkz_xlsx.scoring.expr import (
    At,
    Cell,
    Column,
    Compare,
    CountNumbers,
    CountWhere,
    Criterion,
    Expr,
    Here,
    If,
    Is,
    Msg,
    Num,
    Position,
    Smallest,
    Txt,
    equals,
)
from hkz_xlsx.scoring.model import ScoreModel, rubriek_key
from hkz_xlsx.scoring.rows import is_label
from hkz_xlsx.scoring.tables import Computed, Given, Input, Table
from hkz_xlsx.sheets.paper import on_paper
from hkz_xlsx.sheets.sheet_builder import (
    FEW_ARROWS_SINCE,
    Draft,
    extended,
    form_table,
    given,
    organisation_line,
)

SHEET = "review"
WIDTHS = (4.5, 25.0, 38.0, 24.0, 24.0, 24.0, 18.5, 11.5, 11.5, 11.5)
HIDDEN_FROM = 11
SCALE = 70
"""Percent: what fits the page."""

ENOUGH = 90.0
"""Percent answered from where a lowest rubriek says something."""

FINDINGS = 20
"""Lines for findings of the internal audit: what a small organisation has in a year."""


def _figures(model: ScoreModel) -> tuple[tuple[str, ...], list[str], tuple[Expr, ...]]:
    """Row keys, labels and what is shown: always the cell of another sheet."""
    text, selection = model.text, model.selection
    rows: list[tuple[str, str, Expr]] = []
    for scheme, name in zip(selection.schemes, scheme_names(selection), strict=True):
        label = f"{text('review.figure.verdict')}: {name}"
        rows.append((f"verdict_{scheme.id}", label, Cell(T.schemes, "verdict", scheme.id)))

    def add(key: str, expr: Expr) -> None:
        rows.append((key, text(f"review.figure.{key}"), expr))

    for key in ("score", "substantiated", "answered", "count", "core_failed", "core_open"):
        add(key, Cell(T.total, key, "all"))
    add("weakest", _weakest())
    priority = Column(T.requirements, "priority")
    for number, name in enumerate(c.PRIORITIES[:3], 1):
        add(f"gaps_{name}", CountWhere((Criterion(priority, Num(number)),)))
    for signal in ("evidence_expired", "yes_without_evidence", "action_overdue"):
        add(signal, Cell(T.signal_counts, "count", signal))
    for name in ("first", "yearly"):
        add(f"steps_{name}", Cell(T.progress, "done", name))
    classes = Column("audit_findings", "class_code")
    for number, finding in enumerate(c.FINDINGS[:2], 1):
        add(f"audit_{finding}", CountWhere((Criterion(classes, Num(number)),)))
    add("audit_checked", CountNumbers(Column("audit_findings", "checked")))
    keys, labels, exprs = zip(*rows, strict=True)
    return keys, list(labels), exprs


def _weakest() -> Expr:
    """The rubriek with the lowest score; of equals the first. Only when most is answered."""
    few = Compare("<", Cell(T.total, "answered_percentage", "all"), Num(ENOUGH))
    score = Column(T.rubrieken, "score")
    lowest = Position(Smallest(score, Num(1)), score)
    named = If(equals(CountNumbers(score), 0), Txt(""), At(Column(T.rubrieken, "name"), lowest))
    return If(few, Msg("review.too_few"), named)


def _figures_table(model: ScoreModel) -> Table:
    text = model.text
    keys, labels, shown = _figures(model)
    sources = [text(f"review.source.{key.split('_')[0]}") for key in keys]
    return Table(
        "review_figures",
        keys,
        (
            Given("id", keys),
            Given("number", tuple(float(k) for k in range(1, len(keys) + 1))),
            given("label", labels),
            Computed("value", shown),
            given("source", sources),
        ),
    )


def _agenda_table(model: ScoreModel) -> Table:
    selection, lang = model.selection, model.lang
    points = selection.guide.review.agenda
    keys = tuple(point.id for point in points)
    return Table(
        "agenda",
        keys,
        (
            Given("id", keys),
            Given("number", tuple(float(k) for k in range(1, len(keys) + 1))),
            given("title", [p.title.get(lang) for p in points]),
            given("question", [p.question.get(lang) for p in points]),
            given("bring", [p.bring.get(lang) for p in points]),
            *map(Input, answers_at("agenda", model.layout)),
        ),
    )


def _programme_table(model: ScoreModel) -> Table:
    selection, lang = model.selection, model.lang
    topics: dict[str, list[str]] = {}
    for row in selection.rows:
        found = topics.setdefault(rubriek_key(row.part.id, row.rubriek.number), [])
        title = row.topic.title.get(lang)
        if title not in found:
            found.append(title)
    keys = tuple(topics)
    score = tuple(Cell(T.rubrieken, "score", key) for key in keys)
    return Table(
        "audit_programme",
        keys,
        (
            Given("id", keys),
            Given("number", tuple(float(k) for k in range(1, len(keys) + 1))),
            given("rubriek", rubriek_names(selection, lang)),
            given("topics", ["; ".join(found) for found in topics.values()]),
            *map(Input, answers_at("audit_programme", model.layout)),
            Computed("score", score),
        ),
    )


def _findings_table(model: ScoreModel) -> Table:
    keys = tuple(f"B{k:02d}" for k in range(1, FINDINGS + 1))
    code: Expr = Num(0)
    for number, name in reversed(list(enumerate(c.FINDINGS, 1))):
        code = If(is_label("class", "finding", name), Num(number), code)
    return Table(
        "audit_findings",
        keys,
        (
            Given("id", keys),
            *map(Input, answers_at("audit_findings", model.layout)),
            Computed("class_code", If(Is("text", Here("class")), code, Num(0))),
        ),
    )


def _fields(model: ScoreModel, table: Table) -> tuple[Field, ...]:
    text, found, arrow = model.text, [], model.layout < FEW_ARROWS_SINCE
    for record in records_at(table.key, model.layout):
        key, codec = record.key, codec_of(record)
        header = text(f"column.{table.key}.{key}")
        if codec is None:
            found.append(Field(key, header, record.style, arrow=arrow))
            continue
        error = text(f"form.{codec.kind}.error") if codec.kind in ("choice", "date") else ""
        prompt = Prompt(header[:32], text(f"prompt.{table.key}.{key}"), error)
        found.append(Field(key, header, "input", (codec,), (prompt,), arrow=arrow))
    return tuple(found)


_LEAST = {
    "agenda": 70.0, "audit_programme": 44.0, "audit_findings": 56.0, "review_figures": 28.0,
}  # fmt: skip
"""Room to write with a pen, in points."""


def _meeting(draft: Draft, model: ScoreModel) -> None:
    """The meeting itself: what an auditor asks for first."""
    text, key, arrow = draft.text, "review_meeting", model.layout < FEW_ARROWS_SINCE
    codecs = codecs_at(key, model.layout)
    draft.line(text(f"review.{key}.heading"), "heading", 22)
    draft.paragraph(text(f"review.{key}.note"), "notice", 5, 10)
    rows = tuple(codecs)
    numbers = Given("number", tuple(float(k) for k in range(1, len(rows) + 1)))
    prompts = tuple(
        Prompt(
            text(f"form.{key}.{row}.label")[:32], text(f"form.{key}.{row}.help"),
            text("form.date.error") if codec.kind == "date" else "",
        )
        for row, codec in codecs.items()
    )  # fmt: skip
    fields = (
        Field("number", text("column.review_figures.number"), "nr"),
        Field("label", text("form.header.label"), "text_strong"),
        Field("value", text("form.header.value"), "input", tuple(codecs.values()), prompts),
        Field("help", text("form.header.help"), "text"),
    )
    plain = tuple(replace(field, arrow=arrow) for field in fields)
    draft.block(
        extended(form_table(key, rows, text), numbers), plain, HIDDEN_FROM,
        object_name=text(f"object.{key}"), wrapped=(("label", 10), ("help", 10)), height=30,
    )  # fmt: skip
    draft.space()


def _table(draft: Draft, model: ScoreModel, table: Table, tips: tuple[str, ...] = ()) -> None:
    text = draft.text
    draft.line(text(f"review.{table.key}.heading"), "heading", 22)
    draft.paragraph(text(f"review.{table.key}.note"), "notice", 5, 10)
    for tip in tips:
        draft.paragraph(f"•  {tip}", "notice", 5, 10)
    fields = _fields(model, table)
    wrapped = [(field.key, 10.0) for field in fields if not field.codecs]
    draft.block(
        table, fields, HIDDEN_FROM,
        object_name=text(f"object.{table.key}"), wrapped=wrapped, height=_LEAST[table.key],
    )  # fmt: skip
    draft.space()


def build(model: ScoreModel) -> Sheet:
    """The sheet for management review and internal audit."""
    text, lang = model.text, model.lang
    review = model.selection.guide.review
    draft = Draft(text, WIDTHS)
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    draft.space()  # the organisation line
    draft.line(text("review.note"), "notice_line", 18)
    draft.space()
    _meeting(draft, model)
    sections = [draft.row]
    _table(draft, model, _figures_table(model))
    sections.append(draft.row)
    review_tips, audit_tips = (
        tuple(tip.get(lang) for tip in tips) for tips in (review.review_tips, review.audit_tips)
    )
    _table(draft, model, _agenda_table(model), review_tips)
    sections.append(draft.row)
    _table(draft, model, _programme_table(model), audit_tips)
    sections.append(draft.row)
    _table(draft, model, _findings_table(model))
    marks = tuple(
        Highlight(
            "audit_findings", "class", "equals", "mark_attention", text(f"choice.finding.{name}")
        )
        for name in ("major", "minor")
    )
    sheet = Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*WIDTHS, 2.0),
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1),),
        highlights=marks,
        freeze=(2, 0),
        tab="accent",
    )
    return on_paper(sheet, sections, SCALE, apart=True)
