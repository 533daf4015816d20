"""Snelle start: the core requirements first, then the rubrieken in portions. Since layout 2.

Nothing is typed here: answers stand on Beoordeling, in one place only.
"""

from __future__ import annotations

from dataclasses import replace

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.names import question_texts, rubriek_names
from hkz_xlsx.layout.plan import Field, Sheet
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.expr import (
    At,
    Both,
    Calc,
    Cell,
    Column,
    Compare,
    CountWhere,
    Criterion,
    Expr,
    Here,
    If,
    Int,
    Is,
    Link,
    Msg,
    Num,
    Position,
    SumWhere,
    Txt,
    add,
    equals,
)
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.sets import percentage, requirement_column
from hkz_xlsx.scoring.tables import Computed, Given, Table
from hkz_xlsx.sheets.paper import on_paper
from hkz_xlsx.sheets.sheet_builder import Draft, given, organisation_line, sign_mark

SHEET = "quick"
WIDTHS = (11.0, 62.0, 17.0, 16.0, 13.0, 18.0)
HIDDEN_FROM = 7
SCALE = 92
"""Percent: what fits the page. Not "one page wide", because Excel then ignores page breaks."""

MINUTES = 4.0
"""Minutes for a question: to read it, to answer and to note the evidence. The sheet says so."""

_IS_CORE = Criterion(requirement_column("core"), Num(1))


def _shown(column: str) -> Expr:
    cell = At(requirement_column(column), Here("position"))
    return If(Is("text", cell), cell, Txt(""))


def _core_table(model: ScoreModel) -> Table:
    asked = question_texts(model.selection, model.lang, model.layout)
    both = [(r, q) for r, q in zip(model.selection.rows, asked, strict=True) if r.requirement.core]
    rows = [row for row, _ in both]
    keys = tuple(row.requirement.id for row in rows)
    target = requirement_column("answer")
    return Table(
        T.quick_core,
        keys,
        (
            Given("id", keys),
            Given("ordinal", tuple(float(row.ordinal) for row in rows)),
            Computed("position", Position(Here("ordinal"), requirement_column("ordinal"))),
            Computed(
                "link",
                Link(target, Here("position"), At(requirement_column("id"), Here("position"))),
            ),
            given("question", [question for _, question in both]),
            Computed("answer", _shown("answer")),
            Computed("sign", _shown("sign")),
        ),
    )


def _score_table() -> Table:
    """Their score, and how many are in order."""
    weight = SumWhere(requirement_column("weight_counted"), (_IS_CORE,))
    earned = SumWhere(requirement_column("earned"), (_IS_CORE,))
    fine = CountWhere((_IS_CORE, Criterion(requirement_column("status"), Num(c.YES))))
    return Table(
        T.quick_score,
        ("all",),
        (
            Given("id", ("all",)),
            Computed("core", Cell(T.total, "core", "all")),
            Computed("fine", fine),
            Computed("open", Cell(T.total, "core_open", "all")),
            Computed("weight", weight),
            Computed("earned", earned),
            Computed(
                "score",
                If(equals(Here("weight"), 0), Txt(""), percentage(Here("earned"), Here("weight"))),
            ),
        ),
    )


def _portions_table(model: ScoreModel) -> Table:
    """Per rubriek how much work it is, and in which week it falls."""
    keys = model.table(T.rubrieken).rows
    counts = dict.fromkeys(keys, 0)
    numbers = [f"{row.part.id}:{row.rubriek.number}" for row in model.selection.rows]
    for key in numbers:
        counts[key] += 1
    minutes = tuple(MINUTES * counts[key] for key in keys)
    before = tuple(sum(minutes[:i]) for i in range(len(minutes)))
    start = Cell(T.settings, "effective", "start_date")
    hours = Cell(T.settings, "effective", "hours_a_week")
    weeks = Int(Calc("/", (Here("before"), Calc("*", (Num(60), hours)))))
    planned = Both((Compare(">", start, Num(0)), Compare(">", hours, Num(0))))
    opened = tuple(Cell(T.rubrieken, "first_open", key) for key in keys)
    return Table(
        T.portions,
        keys,
        (
            Given("id", keys),
            given("name", rubriek_names(model.selection, model.lang)),
            Given("count", tuple(float(counts[key]) for key in keys)),
            Given("minutes", minutes),
            Given("before", before),
            Computed("done", tuple(Cell(T.rubrieken, "answered", key) for key in keys)),
            Computed("week", If(planned, add(start, Calc("*", (Num(7), weeks))), Txt(""))),
            Computed("first_open", opened),
            Computed(
                "open_link",
                If(
                    equals(Here("done"), Here("count")),
                    Msg("overview.complete"),
                    Link(Column(T.requirements, "answer"), Here("first_open"), Msg("overview.go")),
                ),
            ),
        ),
    )


def _fields(draft: Draft, table: str, styles: dict[str, str]) -> list[Field]:
    return [Field(key, draft.text(f"column.{table}.{key}"), s) for key, s in styles.items()]


def _core(draft: Draft, model: ScoreModel) -> list[int]:
    """Places the core requirements and below them their score; returns where they begin."""
    table, text = _core_table(model), draft.text
    if not table.rows:
        return []
    begins = [draft.row]
    draft.line(text("quick.core.heading"), "heading", 22)
    draft.paragraph(text("quick.core.note"), "notice", 5, 10)
    styles = {"link": "link", "question": "text_strong", "answer": "text_strong", "sign": "sign"}
    wrapped = (("question", 10.0),)
    fields = [
        replace(f, lead="lead") if f.key == "question" else f
        for f in _fields(draft, T.quick_core, styles)
    ]
    draft.block(
        table, fields, HIDDEN_FROM,
        object_name=text(f"object.{T.quick_core}"), wrapped=wrapped,
    )  # fmt: skip
    draft.space()
    styles = {"fine": "number", "core": "number_of", "open": "number", "score": "percent"}
    fields = _fields(draft, T.quick_score, styles)
    draft.block(_score_table(), fields, HIDDEN_FROM)
    draft.space()
    return begins


def _portions(draft: Draft, model: ScoreModel) -> None:
    text = draft.text
    draft.line(text("quick.portions.heading"), "heading", 22)
    draft.paragraph(text("quick.portions.note").format(minutes=int(MINUTES)), "notice", 5, 10)
    styles = {
        "count": "number", "name": "text_strong", "minutes": "number", "week": "date",
        "done": "number", "open_link": "link",
    }  # fmt: skip
    names = rubriek_names(model.selection, model.lang)
    tallest = max(height_of([(name, WIDTHS[1], 10)]) for name in names)
    draft.block(
        _portions_table(model), _fields(draft, T.portions, styles), HIDDEN_FROM,
        object_name=text(f"object.{T.portions}"), height=tallest,
    )  # fmt: skip


def build(model: ScoreModel) -> Sheet:
    """The sheet to begin with."""
    text = model.text
    draft = Draft(text, WIDTHS)
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    draft.space()  # the organisation line
    draft.line(text("quick.note"), "notice_line", 18)
    draft.space()
    sections = [*_core(draft, model), draft.row]
    _portions(draft, model)
    sheet = Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*WIDTHS, 2.0),
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1),),
        highlights=(sign_mark(T.quick_core),) if draft.holds(T.quick_core) else (),
        freeze=(2, 0),
        tab="dark",
    )
    return on_paper(sheet, sections, SCALE)
