"""Lijsten (lists behind dropdowns, thresholds) and the identity sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.layout.codecs import CHOICES
from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import Field, Sheet
from hkz_xlsx.scoring.choices import T, list_table, lists_at
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Given, Input, Table
from hkz_xlsx.sheets.result_sheet import previous_table
from hkz_xlsx.sheets.sheet_builder import Draft, given

LISTS_SHEET, IDENTITY_SHEET = "lists", "_hkz"
_HIDDEN_FROM = 8


def _field(key: str, header: str) -> Field:
    return Field(key, header, "text" if key in ("id", "label") else "number_general")


def build_lists(model: ScoreModel) -> Sheet:
    """Every list behind a dropdown, the points, and the thresholds of the verdict."""
    text = model.text
    draft = Draft(text, (26.0, 34.0, 18.0, 18.0, 18.0, 18.0))
    draft.line(text(f"sheet.{LISTS_SHEET}.title"), "title", 28)
    draft.space()
    tables = [model.table(list_table(name)) for name in (*lists_at(model.layout), "verdict")]
    labels = [text(f"choice.yes_no.{code}") for code in CHOICES["yes_no"]]
    tables.append(
        Table(
            list_table("yes_no"), CHOICES["yes_no"],
            (given("id", CHOICES["yes_no"]), given("label", labels)),
        )
    )  # fmt: skip
    tables.append(model.table(T.profiles))
    for table in tables:
        draft.line(text(f"lists.{table.key}"), "heading", 22)
        fields = [_field(c.key, text(f"column.lists.{c.key}")) for c in table.columns]
        draft.block(table, fields, _HIDDEN_FROM)
        draft.space()
    return Sheet(
        LISTS_SHEET,
        text(f"sheet.{LISTS_SHEET}.tab"),
        draft.widths,
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        visibility="hidden",
    )


HISTORY_SINCE = 2
"""The layout since which earlier measurements and where answers came from are carried along."""

MEASUREMENTS = 10
"""Earlier measurements that are kept."""

_SOURCE = ("workbook_id", "sha256", "identity", "migrations")


def _carried(draft: Draft, key: str, rows: Sequence[str], columns: Sequence[str]) -> None:
    """A block of values that we write and read back, and that nobody types."""
    draft.space()
    table = Table(key, tuple(rows), (given("id", rows), *map(Input, columns)))
    fields = [_field(name, name) for name in ("id", *columns)]
    placed = draft.block(table, fields, _HIDDEN_FROM + MEASUREMENTS)
    draft.blocks[-1] = replace(placed, carried=True)


def _history(draft: Draft, model: ScoreModel) -> None:
    numbers = [str(k) for k in range(1, MEASUREMENTS + 1)]
    _carried(draft, T.history, numbers, ("date", "editions", "score", "substantiated"))
    scores = [f"score_{number}" for number in numbers]
    _carried(draft, T.history_sets, model.table(T.rubrieken).rows, scores)
    _carried(draft, T.provenance, _SOURCE, ("value",))


def build_identity(model: ScoreModel, identity: Identity) -> Sheet:
    """Last and very hidden: a hidden *first* sheet came back visible after other programs."""
    text = model.text
    more = MEASUREMENTS if model.layout >= HISTORY_SINCE else 0
    draft = Draft(text, (26.0, 60.0, 18.0, *(12.0 for _ in range(more))))
    rows = identity.rows()
    values = Given("value", tuple(rows.values()))
    draft.block(
        Table("identity", tuple(rows), (given("id", tuple(rows)), values)),
        (_field("id", "id"), Field("value", "value", "text")),
        _HIDDEN_FROM,
    )
    draft.space()
    client = ("workbook_id",)
    draft.block(
        Table("client", client, (Given("id", client), Input("value"))),
        (_field("id", "id"), Field("value", "value", "text")),
        _HIDDEN_FROM,
    )
    if identity.previous:
        draft.space()
        fields = [_field(key, key) for key in ("id", "score", "substantiated")]
        placed = draft.block(previous_table(model), fields, _HIDDEN_FROM)
        draft.blocks[-1] = replace(placed, carried=True)
    if model.layout >= HISTORY_SINCE:
        _history(draft, model)
    return Sheet(
        IDENTITY_SHEET,
        text(f"sheet.{IDENTITY_SHEET}.tab"),
        draft.widths,
        blocks=tuple(draft.blocks),
        visibility="very_hidden",
    )
