"""The column catalogue of the assessment table: every column the product ever had.

``since``/``until`` are layout versions. A column's key is written into the hidden key row,
never translated and never used again for something else. Headers and prompts stand in the
catalogues under ``column.requirements.<key>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hkz_xlsx.layout.codecs import Choice, Codec, Day, FreeText

Group = Literal["fixed", "input", "result"]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One visible column of the assessment table; ``width`` in characters."""

    key: str
    group: Group
    width: float
    style: str
    codec: Codec | None = None
    since: int = 1
    until: int | None = None


_TEXT, _DAY = FreeText(), Day()

CATALOGUE = (
    ColumnSpec("id", "fixed", 9.5, "id"),
    ColumnSpec("rubriek", "fixed", 15, "text_small"),
    ColumnSpec("topic", "fixed", 18, "text"),
    ColumnSpec("question", "fixed", 40, "text_strong"),
    ColumnSpec("tip", "fixed", 48, "text_small"),
    ColumnSpec("paragraph", "input", 9, "input", _TEXT),
    ColumnSpec("importance", "fixed", 12, "text"),
    ColumnSpec("answer", "input", 16, "input", Choice("status")),
    ColumnSpec("maturity", "input", 16, "input", Choice("maturity")),
    ColumnSpec("evidence", "input", 32, "input", _TEXT),
    ColumnSpec("location", "input", 26, "input", _TEXT),
    ColumnSpec("evidence_date", "input", 12.5, "input_date", _DAY),
    ColumnSpec("valid_until", "input", 12.5, "input_date", _DAY),
    ColumnSpec("owner", "input", 19, "input", _TEXT),
    ColumnSpec("note", "input", 32, "input", _TEXT),
    ColumnSpec("action", "input", 32, "input", _TEXT),
    ColumnSpec("action_owner", "input", 19, "input", _TEXT),
    ColumnSpec("action_due", "input", 12.5, "input_date", _DAY),
    ColumnSpec("action_status", "input", 13, "input", Choice("action_status")),
    ColumnSpec("advisor_answer", "input", 16, "input", Choice("status")),
    ColumnSpec("advisor_note", "input", 32, "input", _TEXT),
    ColumnSpec("points", "result", 9, "decimal"),
    ColumnSpec("check", "result", 30, "check"),
)


def columns_at(version: int) -> Iterator[ColumnSpec]:
    """The catalogue as it was in a layout version."""
    for spec in CATALOGUE:
        if spec.since <= version and (spec.until is None or version < spec.until):
            yield spec
