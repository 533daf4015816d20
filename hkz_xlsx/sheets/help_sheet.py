"""Toelichting: how to answer, what counts as evidence, the score in words, laws, sources."""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.layout.plan import Field, Page, Sheet
from hkz_xlsx.norm.laws import state_text
from hkz_xlsx.norm.model import Requirement
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Table
from hkz_xlsx.sheets.norm_facts import norm_facts
from hkz_xlsx.sheets.paper import on_paper
from hkz_xlsx.sheets.sheet_builder import Draft, given, organisation_line

SHEET = "help"
WIDTHS = (24.0, 52.0, 42.0, 42.0, 14.0, 12.0)
HIDDEN_FROM = 7

SECTIONS = (
    "answer",
    "maturity",
    "evidence",
    "score",
    "verdict",
    "priority",
    "mistakes",
    "advisor",
    "locked",
)
SCALE = 72
"""Percent: what fits the page. Not "one page wide", because Excel then ignores page breaks."""

TABLES_WHOLE_SINCE = 2
"""The layout since which a page does not begin between a heading and what it is of."""

FACTS_SINCE = 2
"""The layout since which Toelichting says what is publicly known of the norms themselves."""

TERMS = ("core", "substantiated", "maturity", "reference_date", "finding", "theme", "rubriek")


def _texts(draft: Draft) -> None:
    text = draft.text
    for section in SECTIONS:
        draft.line(text(f"help.{section}.heading"), "heading", 22)
        for paragraph in text(f"help.{section}.text").split("\n"):
            if paragraph.strip():
                draft.paragraph(paragraph.strip(), span=3)
        draft.space()


def _table(draft: Draft, name: str, rows: Sequence[str], columns: dict[str, Sequence[str]]) -> None:
    """A heading, a note and a table of texts."""
    if not rows:
        return
    text = draft.text
    draft.line(text(f"help.{name}.heading"), "heading", 22)
    draft.paragraph(text(f"help.{name}.text"), "notice", size=10)
    table = Table(
        f"help_{name}", tuple(rows),
        (given("id", rows), *(given(key, values) for key, values in columns.items())),
    )  # fmt: skip
    fields = tuple(
        Field(key, text(f"column.help_{name}.{key}"), "text_strong" if not i else "text")
        for i, key in enumerate(columns)
    )
    wrapped = tuple((key, 10.0) for key in columns)
    draft.block(
        table, fields, HIDDEN_FROM, object_name=text(f"object.help_{name}"), wrapped=wrapped
    )
    draft.space()


def _meaning(term: str, model: ScoreModel) -> str:
    """What a term means; since layout 2 a rubriek with the chapters of these very norms."""
    if term != "rubriek" or model.layout < FACTS_SINCE:
        return model.text(f"help.term.{term}.meaning")
    numbers: dict[str, list[str]] = {}
    for row in model.selection.rows:
        numbers.setdefault(row.part.number, []).append(row.rubriek.number)
    each = [
        model.say("help.rubriek_of", norm=norm, first=found[0], last=found[-1])
        for norm, found in numbers.items()
    ]
    return model.say("help.rubriek", each="; ".join(each))


def _reference(draft: Draft, model: ScoreModel) -> None:
    text, lang, selection = draft.text, model.lang, model.selection
    _table(
        draft, "terms", TERMS,
        {
            "term": [text(f"help.term.{t}.name") for t in TERMS],
            "meaning": [_meaning(t, model) for t in TERMS],
        },
    )  # fmt: skip
    themes = selection.themes()
    _table(
        draft, "themes", [t.id for t in themes],
        {
            "name": [t.name.get(lang) for t in themes],
            "meaning": [t.meaning.get(lang) for t in themes],
        },
    )  # fmt: skip
    laws = selection.laws()
    _table(
        draft, "laws", [law.id for law in laws],
        {
            "name": [law.name.get(lang) for law in laws],
            "duty": [law.duty.get(lang) for law in laws],
            "applies": [law.applies_when.get(lang) for law in laws],
            "state": [state_text(law, lang, text) for law in laws],
            "checked": ["-".join(reversed(law.checked_on.split("-"))) for law in laws],
        },
    )  # fmt: skip


def _facts(draft: Draft, model: ScoreModel) -> None:
    """What falls under the norm, what it is used with, how it is assessed, where it is bought."""
    if model.layout < FACTS_SINCE:
        return
    facts = norm_facts(model)
    _table(
        draft, "norm", [fact.id for fact in facts],
        {
            "about": [fact.about for fact in facts],
            "said": [fact.said for fact in facts],
            "asked": [fact.asked for fact in facts],
        },
    )  # fmt: skip


def _conditions(row: Requirement, draft: Draft) -> str:
    """Why a row was left out, in words: the funding or activities it holds for."""
    text, when = draft.text, row.when
    pairs = [("funding", when.funding), ("activities", when.activities)] if when else []
    named = [
        f"{text(f'scope.{key}')}: {', '.join(text(f'scope.{key}_names.{v}') for v in values)}"
        for key, values in pairs
        if values
    ]
    return text("scope.only").format(conditions="; ".join(named))


def _left_out(draft: Draft, model: ScoreModel) -> None:
    """What is not in this workbook, and why."""
    lang, rows = model.lang, model.selection.left_out
    _table(
        draft, "left_out", [r.id for r in rows],
        {
            "id": [r.id for r in rows],
            "question": [r.question.get(lang) for r in rows],
            "why": [_conditions(r, draft) for r in rows],
        },
    )  # fmt: skip


def _origins(draft: Draft, model: ScoreModel) -> None:
    """Where each row comes from and how sure we are."""
    text, lang, selection = draft.text, model.lang, model.selection
    rows = [r.requirement for r in selection.rows]
    laws = {law.id: law.name.get(lang) for law in selection.laws()}
    _table(
        draft, "origins", [r.id for r in rows],
        {
            "id": [r.id for r in rows],
            "confidence": [text(f"choice.confidence.{r.confidence}") for r in rows],
            "sources": [", ".join(r.sources) or "–" for r in rows],
            "laws": ["; ".join(laws[name] for name in r.laws) or "–" for r in rows],
            "iso9001": [", ".join(r.iso9001) or "–" for r in rows],
        },
    )  # fmt: skip
    used = {s for r in rows for s in r.sources}
    used |= {s for part in selection.parts for s in part.sources}
    used |= {s for law in selection.laws() for s in law.sources}
    if model.layout >= FACTS_SINCE:
        used |= {s for part in selection.parts if part.public for s in part.public.sources}
    sources = [s for s in selection.shared.sources.values() if s.id in used]
    _table(
        draft, "sources", [s.id for s in sources],
        {
            "source": [s.id for s in sources],
            "title": [s.title.get(lang) for s in sources],
            "url": [s.url or "–" for s in sources],
        },
    )  # fmt: skip


def build(model: ScoreModel) -> Sheet:
    """The explanation sheet."""
    text = model.text
    draft = Draft(text, WIDTHS)
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    draft.space(2)  # the organisation line and white space
    _texts(draft)
    _facts(draft, model)
    _left_out(draft, model)
    _reference(draft, model)
    _origins(draft, model)
    sheet = Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        WIDTHS,
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1),),
        freeze=(2, 0),
        page=Page(repeat_rows=(0, 1)),
    )
    if model.layout < TABLES_WHOLE_SINCE:
        return sheet
    sections = [one.row for one in draft.texts if one.style == "heading"]
    return on_paper(sheet, sections, SCALE)
