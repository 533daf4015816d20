"""Beoordeling: one table, one row per requirement, all rubrieken."""

from __future__ import annotations

from hkz_xlsx.layout.codecs import Choice, Day
from hkz_xlsx.layout.columns import ColumnSpec, columns_at
from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.plan import Block, Field, Highlight, Page, Prompt, Sheet, TextCell
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.scoring.choices import STATUSES, T
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Given, Input, Table
from hkz_xlsx.sheets.sheet_builder import extended, given, organisation_line
from hkz_xlsx.text import Lang, Messages, messages, say

KEY_ROW = 3
SHEET = "assessment"


def prompt(table: str, key: str, text: Messages, *, refuses: bool) -> Prompt:
    """The input message of a column; choices and dates also refuse what is wrong."""
    base = f"column.{table}.{key}"
    return Prompt(
        text(f"{base}.title"), text(f"{base}.prompt"), text(f"{base}.error") if refuses else ""
    )


def _tip(row: SelectedRow, lang: Lang) -> str:
    """Tip and examples of evidence in one cell, the examples on lines of their own."""
    requirement = row.requirement
    examples = requirement.evidence.nl if lang == "nl" else requirement.evidence.en
    listed = "\n".join(f"• {example}" for example in examples)
    return f"{requirement.tip.get(lang)}\n{listed}"


def _importance(row: SelectedRow, text: Messages) -> str:
    words = [text(f"choice.weight.{row.requirement.weight}")]
    if row.requirement.core:
        words.append(f"★ {text('choice.core')}")
    if row.na_allowed:
        words.append(text("assessment.na_allowed"))
    return "\n".join(words)


def _texts(rows: tuple[SelectedRow, ...], lang: Lang) -> tuple[Given, ...]:
    text = messages(lang)
    return (
        given("rubriek", [f"{r.rubriek.number}. {r.rubriek.title.get(lang)}" for r in rows]),
        given("topic", [r.topic.title.get(lang) for r in rows]),
        given(QUESTION, [r.requirement.question.get(lang) for r in rows]),
        given("tip", [_tip(r, lang) for r in rows]),
        given("importance", [_importance(r, text) for r in rows]),
    )


def _field(spec: ColumnSpec, text: Messages) -> Field:
    refuses = isinstance(spec.codec, Choice | Day)
    prompts = (prompt(T.requirements, spec.key, text, refuses=refuses),) if spec.codec else ()
    codecs = (spec.codec,) if spec.codec else ()
    header = text(f"column.{T.requirements}.{spec.key}.header")
    return Field(spec.key, header, spec.style, codecs, prompts)


QUESTION = "question"
"""Key of the column with what is asked."""

_WRAPPED = {"rubriek": 9.0, "topic": 10.0, QUESTION: 10.5, "tip": 9.0, "importance": 10.0}


def _row_heights(table: Table, specs: list[ColumnSpec]) -> tuple[float, ...]:
    heights = []
    columns = {s.key: table.column(s.key) for s in specs if s.key in _WRAPPED}
    for index in range(len(table.rows)):
        cells = [
            (str(column.values[index]), spec.width, _WRAPPED[spec.key])
            for spec in specs
            if isinstance(column := columns.get(spec.key), Given)
        ]
        heights.append(height_of(cells, 30))
    return tuple(heights)


def _highlights(lang: Lang) -> tuple[Highlight, ...]:
    """Status is a word first; a sign and a colour only help the eye."""
    label = {s: Choice("status").label(s, lang) for s in STATUSES}
    return tuple(
        Highlight(T.requirements, column, "equals", f"mark_{status}", label[status])
        for column in ("answer", "advisor_answer")
        for status in STATUSES
    )


def build(model: ScoreModel, layout_version: int) -> Sheet:
    """The assessment sheet; working columns stand to the right, hidden, inside the table."""
    lang, rows = model.lang, model.selection.rows
    text = messages(lang)
    base = model.table(T.requirements)
    table = extended(base, *_texts(rows, lang), Input("paragraph"))
    specs = list(columns_at(layout_version))
    visible = [_field(spec, text) for spec in specs]
    shown = {spec.key for spec in specs}
    working = [Field(c.key, f"{c.key}_", "key") for c in table.columns if c.key not in shown]
    block = Block(
        table,
        (*visible, *working),
        tuple(range(len(visible) + len(working))),
        KEY_ROW,
        text("object.requirements"),
        _row_heights(table, specs),
        header_height=34,
    )
    texts = (
        TextCell(0, 0, text(f"sheet.{SHEET}.title"), "title", height=28),
        TextCell(2, 0, say(lang, "assessment.how", count=len(rows)), "notice_line", height=22),
    )
    return Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*(spec.width for spec in specs), *(9.0 for _ in working)),
        hidden_columns=frozenset(range(len(visible), len(visible) + len(working))),
        blocks=(block,),
        texts=texts,
        formulas=(organisation_line(1),),
        highlights=_highlights(lang),
        freeze=(block.first_row, 4),
        page=Page(repeat_rows=(0, block.header_row), repeat_columns=(0, 2), scale=80, across=True),
        tab="accent",
        zoom=85,
    )
