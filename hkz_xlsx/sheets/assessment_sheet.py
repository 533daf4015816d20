"""Beoordeling: one table, one row per requirement, all rubrieken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.layout.codecs import Choice, Day
from hkz_xlsx.layout.columns import codec_of
from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.names import question_texts
from hkz_xlsx.layout.plan import Block, Field, FormulaCell, Highlight, Page, Prompt, Sheet, TextCell
from hkz_xlsx.layout.styles import INPUT_STYLES
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.scoring.choices import NA, NOT_ON_LIST, STATUSES, T
from hkz_xlsx.scoring.columns import ColumnRecord, records_at
from hkz_xlsx.scoring.expr import At, Both, Cell, Column, Either, Here, If, Is, Txt, equals
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Given, Table
from hkz_xlsx.sheets.sheet_builder import extended, given, organisation_line, sign_mark
from hkz_xlsx.text import Messages

KEY_ROW = 2
ONE_SCREEN_SINCE = 2
"""The layout since which question, tip, answer, check and evidence stand on one screen, with
progress above the headers, frozen with them."""

_FILTERED = frozenset(
    (
        "answer", "sign", "origin", "seen", "owner", "action_owner", "action_status", "maturity",
        "importance", "rubriek", "topic", "advisor_answer", "check",
    )
)  # fmt: skip
"""Columns that people filter by; above the others a filter button is only in the way."""

SHEET = "assessment"


def prompt(table: str, key: str, text: Messages, *, refuses: bool) -> Prompt:
    """The input message of a column.

    Args:
        table: key of the table.
        key: of the column.
        text: catalogue lookup in the language of the workbook.
        refuses: the column refuses what is wrong (choices and dates), so there is an error too.
    """
    base = f"column.{table}.{key}"
    return Prompt(
        text(f"{base}.title"), text(f"{base}.prompt"), text(f"{base}.error") if refuses else ""
    )


def _tip(row: SelectedRow, model: ScoreModel) -> str:
    """Tip and examples of evidence in one cell; since layout 2 the examples are run in."""
    requirement, lang = row.requirement, model.lang
    examples = requirement.evidence.nl if lang == "nl" else requirement.evidence.en
    if model.layout < ONE_SCREEN_SINCE:
        listed = "\n".join(f"• {example}" for example in examples)
        return f"{requirement.tip.get(lang)}\n{listed}"
    run_in = model.say("assessment.examples", examples="; ".join(examples))
    return f"{requirement.tip.get(lang)}\n{run_in}" if examples else requirement.tip.get(lang)


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
        given(QUESTION, question_texts(model.selection, lang, model.layout)),
        given("tip", [_tip(r, model) for r in rows]),
        given("importance", [_importance(r, text) for r in rows]),
    )


QUESTION = "question"
"""Key of the column with what is asked."""

_FIRST = {
    QUESTION: 40, "tip": 48, "paragraph": 9, "importance": 12, "answer": 16, "evidence": 32,
    "location": 26, "note": 32, "action_status": 13, "rubriek": 15, "topic": 18,
}  # fmt: skip
"""Widths of layout 1, in characters, where later ones differ."""


def _records(layout: int) -> tuple[ColumnRecord, ...]:
    """The columns of a layout, as wide as they were in it."""
    records = records_at(T.requirements, layout)
    if layout >= ONE_SCREEN_SINCE:
        return records
    return tuple(
        replace(
            one, width=_FIRST.get(one.key, one.width),
            style="text_small" if one.key == "tip" else one.style,
        )
        for one in records
    )  # fmt: skip


def _field(record: ColumnRecord, model: ScoreModel) -> Field:
    text, codec = model.text, codec_of(record)
    header = text(f"column.{T.requirements}.{record.key}.header")
    lead, arrow = "lead" if record.key == QUESTION else "", record.key in _FILTERED
    if codec is None:
        return Field(record.key, header, record.style, lead=lead, arrow=arrow)
    refuses = isinstance(codec, Choice | Day)
    asked = prompt(T.requirements, record.key, text, refuses=refuses)
    if record.key == "answer" and model.layout >= ONE_SCREEN_SINCE:
        asked = replace(asked, text=text("assessment.answer_prompt"))
    return Field(record.key, header, INPUT_STYLES[codec.kind], (codec,), (asked,), arrow=arrow)


_WRAPPED = {"rubriek": 9.0, "topic": 10.0, QUESTION: 10.5, "tip": 10.0, "importance": 10.0}


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
    na_refused = Both((equals(Here("own_code"), NA), equals(Here("na_allowed"), 0)))
    wrong = Either((equals(Here("own_code"), NOT_ON_LIST), na_refused))
    return (
        Highlight(T.requirements, "answer", "when", "mark_wrong", test=wrong),
        *(
            Highlight(T.requirements, column, "equals", f"mark_{status}", label[status])
            for column in ("answer", "advisor_answer")
            for status in STATUSES
        ),
    )


def _progress(block: Block, text: Messages) -> tuple[tuple[TextCell, ...], tuple[FormulaCell, ...]]:
    """Answered and of how many: of all, and of the rubriek of the first open question."""
    first = Cell(T.total, "first_open", "all")
    number = At(Column(T.requirements, "rubriek_no"), first)

    def of_rubriek(column: str) -> If:
        return If(Is("number", first), At(Column(T.rubrieken, column), number), Txt(""))

    at = block.column_of
    labels = (TextCell(1, at("tip"), text("assessment.progress"), "progress_label"),)
    numbers = (
        FormulaCell(1, at("answer"), Cell(T.total, "answered", "all"), "progress"),
        FormulaCell(1, at("sign"), Cell(T.total, "count", "all"), "progress_of"),
        FormulaCell(1, at("evidence"), of_rubriek("name"), "progress_name"),
        FormulaCell(1, at("location"), of_rubriek("answered"), "progress"),
        FormulaCell(1, at("note"), of_rubriek("count"), "progress_of"),
    )
    return labels, numbers


def build(model: ScoreModel) -> Sheet:
    """The assessment sheet; working columns stand to the right, hidden, inside the table."""
    text, rows = model.text, model.selection.rows
    base = model.table(T.requirements)
    table = extended(base, *_texts(model))
    specs = _records(model.layout)
    visible = [_field(spec, model) for spec in specs]
    shown = {spec.key for spec in specs}
    working = [Field(c.key, f"{c.key}_", "key") for c in table.columns if c.key not in shown]
    wide = model.layout < ONE_SCREEN_SINCE
    block = Block(
        table,
        (*visible, *working),
        tuple(range(len(visible) + len(working))),
        3 if wide else KEY_ROW,
        text("object.requirements"),
        _row_heights(table, specs),
        header_height=34,
    )
    at = block.column_of
    says = "assessment.how" if wide else "assessment.how_beside"
    how = TextCell(
        2 if wide else 0, 0 if wide else at("tip"), model.say(says, count=len(rows)),
        "notice_line", height=22 if wide else None,
    )  # fmt: skip
    texts = (TextCell(0, 0, text(f"sheet.{SHEET}.title"), "title", height=28), how)
    labels, numbers = ((), ()) if wide else _progress(block, text)
    quiet = frozenset(at(spec.key) for spec in specs if spec.quiet)
    return Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*(spec.width for spec in specs), *(9.0 for _ in working)),
        hidden_columns=quiet | frozenset(range(len(visible), len(visible) + len(working))),
        quiet_columns=quiet,
        blocks=(block,),
        texts=(*texts, *labels),
        formulas=(organisation_line(1), *numbers),
        highlights=(*_highlights(text), *(() if wide else (sign_mark(T.requirements),))),
        freeze=(block.first_row, 4 if wide else at(QUESTION) + 1),
        page=_wide_page(block) if wide else _page(block),
        tab="accent",
        zoom=85,
        heights=() if wide else ((1, 28.0),),
    )


def _wide_page(block: Block) -> Page:
    """Layout 1: every column, on several pages beside each other."""
    return Page(
        repeat_rows=(0, block.header_row), repeat_columns=(0, 2), scale=80, across=True
    )  # fmt: skip


def _page(block: Block) -> Page:
    """One page wide: up to the explanation, or up to the evidence with an earlier answer beside."""
    return Page(
        repeat_rows=(1, block.header_row),
        repeat_columns=(0, block.column_of(QUESTION)),
        until=block.column_of("note"),
        narrow=block.column_of("evidence"),
    )
