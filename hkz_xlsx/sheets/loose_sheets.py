"""Sheets for what has no place of its own: not placed by a repair, decided by a merge.

They are sheets of a plan like any other, so the writer writes them as it writes the rest, and
the reader finds them by their keys: repairing a repaired workbook carries them along unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from hkz_xlsx.layout.plan import Block, Field, Sheet, WorkbookPlan
from hkz_xlsx.problems import Where
from hkz_xlsx.scoring.tables import Address, Table
from hkz_xlsx.sheets.sheet_builder import Draft, given
from hkz_xlsx.text import Messages

Reason = Literal[
    "text", "row_unknown", "row_twice", "column_twice", "sheet_copy", "given", "formula",
    "wrong", "cleaned", "comment", "link", "shape", "picture", "object", "footnote", "page",
    "taken", "not_taken", "other_question", "no_row", "scores", "column_gone", "not_carried",
    "completed", "look_at",
]  # fmt: skip
"""Why a text has no place of its own: typed beside our cells, on a row that is not ours or that
stands there twice, in a doubled column, on a copied sheet, over a fixed text, over a formula;
an answer that was not understood or was cleaned; what hangs on a cell or a sheet: a comment, the
target of a link, a drawing, a picture, a chart, control or file, a footnote, the text of a printed
page; a value that merging took or did not take; an answer to a question that is another one here,
or that is not here, and a question by which earlier scores are not those of the same questions; an
answer in a column that the newest layout no longer has; an answer to a question that is no more; an
action that was finished before this measurement; an answer to look at, as its question asked more
before."""

HANGING: tuple[Reason, ...] = ("link", "shape", "picture", "object", "footnote", "page")
"""Reasons of what hangs on a cell or sheet, but for comments."""

NOT_PLACED, DECISIONS = "not_placed", "decisions"
NOT_CARRIED, COMPLETED = "not_carried", "completed"
SHEETS = (NOT_PLACED, DECISIONS, NOT_CARRIED, COMPLETED)
"""The last two, since layout 2: answers to questions that are no more, and finished actions."""

_HOMES: Mapping[str, str] = {
    "taken": DECISIONS, "not_taken": DECISIONS, "not_carried": NOT_CARRIED, "completed": COMPLETED,
}  # fmt: skip

_VISIBLE: Mapping[str, float] = {
    "id": 6, "what": 26, "file": 26, "sheet": 16, "cell": 8, "row": 11, "column": 20,
    "value": 48, "told": 60,
}  # fmt: skip
_HIDDEN = ("reason", "table", "key", "field")
_HIDDEN_FROM = 10


@dataclass(frozen=True, slots=True)
class Extra:
    """Something in a file that is no answer in its place: kept with where it came from.

    ``row`` and ``column`` are the requirement and the header as far as they are known,
    ``address`` the cell it belongs to, ``told`` what was said about it when it was put aside.
    """

    reason: Reason
    where: Where
    value: str
    row: str = ""
    column: str = ""
    address: Address | None = None
    told: str = ""

    @property
    def sheet(self) -> str:
        """Key of the sheet on which it is listed."""
        return _HOMES.get(self.reason, NOT_PLACED)

    def cells(self, number: int, text: Messages) -> dict[str, str]:
        """As the cells of its row, by column key."""
        address = self.address or Address("", "", "")
        where = self.where
        what = text(f"loose.{self.reason}")
        return {
            "id": str(number), "what": what, "file": where.file, "sheet": where.sheet,
            "cell": where.cell, "row": self.row, "column": self.column, "value": self.value,
            "told": self.told, "reason": self.reason, "table": address.table,
            "key": address.row, "field": address.column,
        }  # fmt: skip


def from_cells(cells: Mapping[str, str]) -> Extra | None:
    """Read back from the cells of a row; None when it is no row of ours."""
    reasons: dict[str, Reason] = {reason: reason for reason in get_args(Reason)}
    reason = reasons.get(cells.get("reason", ""))
    if reason is None:
        return None

    def text(key: str) -> str:
        return cells.get(key, "")

    where = Where(text("file"), None, text("sheet"), text("cell"), text("row"))
    address = Address(text("table"), text("key"), text("field")) if text("table") else None
    return Extra(reason, where, text("value"), text("row"), text("column"), address, text("told"))


BEFORE_HELP_SINCE = 2


def marker(sheet: str, key: str) -> str:
    """What the hidden key row says above a column."""
    return f"{sheet}.{key}"


def column_key(sheet: str, text: str) -> str:
    """The column that a marker stands for; empty when it is none."""
    key = text.removeprefix(f"{sheet}.")
    return key if key != text and key in (*_VISIBLE, *_HIDDEN) else ""


def _sheet(key: str, extra: Sequence[Extra], text: Messages) -> Sheet:
    draft = Draft(text, tuple(_VISIBLE.values()))
    draft.line(text(f"sheet.{key}.title"), "title", 28)
    draft.line(text(f"loose.note.{key}"), "notice_line", 18)
    draft.space()
    cells = [one.cells(number, text) for number, one in enumerate(extra, 1)]
    columns = [given(name, [row[name] for row in cells]) for name in (*_VISIBLE, *_HIDDEN)]
    table = Table(key, tuple(row["id"] for row in cells), tuple(columns))
    styles = {"id": "id", "value": "text_strong"}
    fields = [
        Field(name, text(f"column.loose.{name}"), styles.get(name, "text")) for name in _VISIBLE
    ]
    wrapped = [("what", 10.0), ("file", 10.0), ("column", 10.0), ("value", 10.0), ("told", 10.0)]
    block: Block = draft.block(
        table, fields, _HIDDEN_FROM, object_name=text(f"object.{key}"), wrapped=wrapped
    )
    return Sheet(
        key,
        text(f"sheet.{key}.tab"),
        draft.widths,
        hidden_columns=draft.hidden_columns(_HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        freeze=(block.first_row, 0),
        tab="second",
        varies=True,
    )


def with_loose(plan: WorkbookPlan, extra: Sequence[Extra]) -> WorkbookPlan:
    """The plan with a sheet for what was not placed and one for decisions, as far as needed.

    The identity stays that of the plan: these sheets hold nothing that is computed or asked.
    """
    sheets = [
        _sheet(key, chosen, plan.text)
        for key in SHEETS
        if (chosen := [one for one in extra if one.sheet == key])
    ]
    if not sheets:
        return plan
    # Since layout 2 they stand before the explanation, as what is hidden stands last.
    last = next(i for i, s in enumerate(plan.sheets) if s.key == "help")
    place = last if plan.identity.layout >= BEFORE_HELP_SINCE else len(plan.sheets) - 1
    return replace(plan, sheets=(*plan.sheets[:place], *sheets, *plan.sheets[place:]))
