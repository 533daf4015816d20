"""Start: what this is, five steps, who fills it in, the reference date, legend and notices."""

from __future__ import annotations

from hkz_xlsx.layout.codecs import Codec
from hkz_xlsx.layout.columns import codecs_at
from hkz_xlsx.layout.plan import Field, FormulaCell, Page, Prompt, Sheet, TextCell
from hkz_xlsx.scoring.choices import OWN_TEXT, T
from hkz_xlsx.scoring.expr import Column, CountFilled, If, Link, Msg, Num, Txt, equals
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Computed, Table
from hkz_xlsx.sheets.quick_start_sheet import MINUTES
from hkz_xlsx.sheets.sheet_builder import Draft, date_request, extended, form_table, given
from hkz_xlsx.text import Messages

SHEET = "start"
WIDTHS = (34.0, 44.0, 60.0)
HIDDEN_FROM = 4
COVER = (3, 4)
"""Rows for the words of a template: cover text and signature."""


def _prompts(table: str, rows: dict[str, Codec], text: Messages) -> tuple[Prompt, ...]:
    found = []
    for key, codec in rows.items():
        refusal = f"form.{codec.kind}.error" if codec.kind in ("choice", "date", "number") else ""
        found.append(
            Prompt(
                text(f"form.{table}.{key}.label")[:32],
                text(f"form.{table}.{key}.help")[:255],
                text(refusal) if refusal else "",
            )
        )
    return tuple(found)


def _form(draft: Draft, key: str, model: ScoreModel) -> None:
    text, rows = draft.text, codecs_at(key, model.layout)
    table = form_table(key, tuple(rows), text)
    if key == T.settings:
        texts = [c for c in table.columns if c.key in ("label", "help")]
        table = extended(model.table(key), *texts)
    fields = (
        Field("label", text("form.header.label"), "text_strong"),
        Field(
            "value", text("form.header.value"), "input", tuple(rows.values()),
            _prompts(key, rows, text),
        ),
        Field("help", text("form.header.help"), "text"),
    )  # fmt: skip
    draft.block(table, fields, HIDDEN_FROM, wrapped=(("label", 10), ("help", 10)))


def _intro(draft: Draft, model: ScoreModel) -> None:
    lang, text, parts = model.lang, draft.text, model.selection.parts
    draft.line(text("product.title"), "title", 34)
    names = " + ".join(f"{p.number} {p.short_name.get(lang)}" for p in parts)
    draft.line(names, "subtitle", 20)
    editions = "; ".join(
        model.say("start.edition", number=p.number, edition=p.edition.edition,
            revision=p.edition.revision)
        for p in parts
    )  # fmt: skip
    draft.line(editions, "notice_line", 16)
    draft.space(len(COVER) + 1)
    if model.layout >= QUICK_SINCE:  # a line of colour ends the head
        draft.texts += [
            TextCell(draft.row, column, "", "rule", 1, 4.0) for column in range(len(WIDTHS))
        ]
        draft.space(2)
    draft.paragraph(text("start.enable"), "paragraph")
    draft.line(text("start.purpose.heading"), "heading", 22)
    rows, begins = len(model.selection.rows), model.layout >= QUICK_SINCE
    hours = round(MINUTES * rows / 60)
    purpose = "start.purpose.quick" if begins else "start.purpose.text"
    draft.paragraph(model.say(purpose, rows=rows, minutes=int(MINUTES), hours=hours))
    draft.line(text("start.steps.heading"), "heading", 22)
    for step in ("1", "2", "3", "4", "5"):
        key = "quick" if step == "2" and begins else step
        draft.paragraph(f"{step}.  {text(f'start.steps.{key}')}")


CONTENTS: dict[str, Column] = {
    "quick": Column(T.quick_core, "link"),
    "overview": Column(T.total, "link"),
    "assessment": Column(T.requirements, "answer"),
    "plan": Column("plan", "link"),
    "result": Column("result_verdict", "verdict"),
    "steps": Column(T.steps_first, "owner"),
    "review": Column("review_meeting", "value"),
    "evidence": Column("evidence", "link"),
    "help": Column("help_terms", "term"),
}
"""Sheets to go to, each with the cell where its reader or writer begins."""

QUICK_SINCE = 2
"""The layout since which Start leads to Snelle start."""


def _contents(draft: Draft, model: ScoreModel) -> None:
    text = draft.text
    draft.line(text("start.contents.heading"), "heading", 22)
    there = {k: c for k, c in CONTENTS.items() if k != "quick" or model.layout >= QUICK_SINCE}
    if "quick" in there and not any(r.requirement.core for r in model.selection.rows):
        there["quick"] = Column(T.portions, "open_link")
    links = tuple(Link(column, Num(1), Msg(f"sheet.{key}.tab")) for key, column in there.items())
    table = Table(
        "contents",
        tuple(there),
        (
            given("id", tuple(there)),
            Computed("link", links),
            given("about", [text(f"start.contents.{key}") for key in there]),
        ),
    )
    fields = (
        Field("link", text("column.contents.link"), "link"),
        Field("about", text("column.contents.about"), "text"),
    )
    draft.block(
        table, fields, HIDDEN_FROM, object_name=text("object.contents"), wrapped=(("about", 10),)
    )
    draft.space()


def _closing(draft: Draft, model: ScoreModel) -> None:
    lang, text = model.lang, draft.text
    legend = "legend" if model.layout >= LICENSED_SINCE else "notice"
    draft.space()
    draft.line(text("start.legend.heading"), "heading", 22)
    for style, key in (
        ("legend_input", "input"),
        ("text", "fixed"),
        ("check", "check"),
        ("text", "signs"),
    ):
        draft.texts.append(TextCell(draft.row, 0, text(f"start.legend.{key}.sample"), style))
        draft.texts.append(
            TextCell(draft.row, 1, text(f"start.legend.{key}.meaning"), legend, 2, 18)
        )
        draft.row += 1
    draft.space()
    draft.line(text("start.changes.heading"), "heading", 22)
    draft.paragraph(text("start.changes.text"))
    if model.selection.left_out:
        ids = ", ".join(r.id for r in model.selection.left_out)
        draft.paragraph(model.say("start.left_out", count=len(model.selection.left_out), ids=ids))
    draft.line(text("start.privacy.heading"), "heading", 22)
    draft.paragraph(text("start.privacy.text"))
    draft.line(text("start.notice.heading"), "heading", 22)
    for note in dict.fromkeys(p.notice.get(lang) for p in model.selection.parts):
        draft.paragraph(note)
    for part in model.selection.parts:
        draft.paragraph(f"{part.number}: {part.questions_note.get(lang)}", "notice", size=10)


LICENSED_SINCE = 2
"""The layout since which the cover says that text of the norm stands beside the questions."""


def _licensed() -> FormulaCell:
    """Says below the words of a template that the workbook is not to be passed on."""
    count = CountFilled(Column(T.requirements, OWN_TEXT))
    told = If(equals(count, 0), Txt(""), Msg("start.licensed"))
    return FormulaCell(COVER[-1] + 1, 0, told, "check_line")


def build(model: ScoreModel) -> Sheet:
    """The Start sheet."""
    text = model.text
    draft = Draft(text, WIDTHS)
    _intro(draft, model)
    draft.space()
    _contents(draft, model)
    # Low, as it stands below all that the first page has room for.
    breaks, low = [draft.row], ((draft.row - 1, 3.0),)
    draft.line(text("start.organisation.heading"), "heading", 22)
    _form(draft, "organisation", model)
    draft.space()
    draft.line(text("start.measurement.heading"), "heading", 22)
    _form(draft, T.settings, model)
    formulas = [date_request(draft.row, "start.no_date")]
    if model.layout >= LICENSED_SINCE:
        formulas.append(_licensed())
    draft.space()
    breaks.append(draft.row)
    _closing(draft, model)
    return Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*WIDTHS, 2.0, 9.0, 9.0),
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=tuple(formulas),
        heights=low,
        page=Page(scale=78, breaks=tuple(breaks)),
        tab="dark",
        cover=COVER,
        logo=len(WIDTHS) - 1,
    )
