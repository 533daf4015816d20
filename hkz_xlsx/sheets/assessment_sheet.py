"""Beoordeling: one table, one row per requirement, all rubrieken."""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.layout.codecs import Choice, Day
from hkz_xlsx.layout.columns import codec_of
from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.plan import Block, Field, FormulaCell, Highlight, Page, Prompt, Sheet, TextCell
from hkz_xlsx.layout.styles import INPUT_STYLES
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.scoring.choices import STATUSES, T
from hkz_xlsx.scoring.columns import ColumnRecord, records_at
from hkz_xlsx.scoring.expr import At, Cell, Column, If, Is, Txt
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Given, Table
from hkz_xlsx.sheets.sheet_builder import extended, given, organisation_line
from hkz_xlsx.text import Lang, Messages

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


def _texts(model: ScoreModel) -> tuple[Given, ...]:
    rows, lang, text = model.selection.rows, model.lang, model.text
    return (
        given("rubriek", [f"{r.rubriek.number}. {r.rubriek.title.get(lang)}" for r in rows]),
        given("topic", [r.topic.title.get(lang) for r in rows]),
        given(QUESTION, [r.requirement.question.get(lang) for r in rows]),
        given("tip", [_tip(r, lang) for r in rows]),
        given("importance", [_importance(r, text) for r in rows]),
    )


def _field(record: ColumnRecord, text: Messages) -> Field:
    codec, header = codec_of(record), text(f"column.{T.requirements}.{record.key}.header")
    if codec is None:
        return Field(record.key, header, record.style)
    refuses = isinstance(codec, Choice | Day)
    asked = prompt(T.requirements, record.key, text, refuses=refuses)
    return Field(record.key, header, INPUT_STYLES[codec.kind], (codec,), (asked,))


QUESTION = "question"
"""Key of the column with what is asked."""

_WRAPPED = {"rubriek": 9.0, "topic": 10.0, QUESTION: 10.5, "tip": 9.0, "importance": 10.0}


def _row_heights(table: Table, specs: Sequence[ColumnRecord]) -> tuple[float, ...]:
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


def _highlights(text: Messages) -> tuple[Highlight, ...]:
    """Status is a word first; a sign and a colour only help the eye."""
    label = {s: text(f"choice.status.{s}") for s in STATUSES}
    return tuple(
        Highlight(T.requirements, column, "equals", f"mark_{status}", label[status])
        for column in ("answer", "advisor_answer")
        for status in STATUSES
    )


PROGRESS_SINCE = 2
"""The layout since which progress stands above the headers, frozen with them."""


def _progress(block: Block, text: Messages) -> tuple[tuple[TextCell, ...], tuple[FormulaCell, ...]]:
    """Answered and of how many: of all, and of the rubriek of the first open question."""
    first = Cell(T.total, "first_open", "all")
    number = At(Column(T.requirements, "rubriek_no"), first)

    def of_rubriek(column: str) -> If:
        return If(Is("number", first), At(Column(T.rubrieken, column), number), Txt(""))

    places = {key: block.column_of(key) for key in ("tip", "answer", "sign", "evidence")}
    labels = (TextCell(1, places["tip"], text("assessment.progress"), "progress_label"),)
    numbers = (
        FormulaCell(1, places["answer"], Cell(T.total, "answered", "all"), "progress"),
        FormulaCell(1, places["sign"], Cell(T.total, "count", "all"), "progress"),
        FormulaCell(1, places["evidence"], of_rubriek("name"), "progress_label"),
        FormulaCell(1, block.column_of("location"), of_rubriek("answered"), "progress"),
        FormulaCell(1, block.column_of("note"), of_rubriek("count"), "progress"),
    )
    return labels, numbers


def build(model: ScoreModel) -> Sheet:
    """The assessment sheet; working columns stand to the right, hidden, inside the table."""
    text, rows = model.text, model.selection.rows
    base = model.table(T.requirements)
    table = extended(base, *_texts(model))
    specs = records_at(T.requirements, model.layout)
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
        TextCell(2, 0, model.say("assessment.how", count=len(rows)), "notice_line", height=22),
    )
    labels, numbers = _progress(block, text) if model.layout >= PROGRESS_SINCE else ((), ())
    quiet = frozenset(block.column_of(spec.key) for spec in specs if spec.quiet)
    asked = block.column_of("question") + 1 if model.layout >= PROGRESS_SINCE else 4
    return Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*(spec.width for spec in specs), *(9.0 for _ in working)),
        hidden_columns=quiet | frozenset(range(len(visible), len(visible) + len(working))),
        quiet_columns=quiet,
        blocks=(block,),
        texts=(*texts, *labels),
        formulas=(organisation_line(1), *numbers),
        highlights=_highlights(text),
        freeze=(block.first_row, asked),
        page=Page(
            repeat_rows=(0, block.header_row),
            repeat_columns=(0, min(2, asked - 1)),
            scale=80,
            across=True,
        ),
        tab="accent",
        zoom=85,
    )
