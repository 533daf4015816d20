"""What a workbook remembers of what was agreed: a hidden sheet with a digest of every answer.

It stands in workbooks that `hkz sign` wrote only, and holds no answers. Nothing is computed or
asked there, so the identity stays that of the plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hkz_xlsx.layout.plan import Field, Sheet, WorkbookPlan
from hkz_xlsx.scoring.tables import Address, Table
from hkz_xlsx.sheets.sheet_builder import Draft, given

SEALED = "sealed"
_SALT = "salt"
_HIDDEN_FROM = 4


@dataclass(frozen=True, slots=True)
class Sealed:
    """A digest of every answer as it was agreed, by its address; ``salt`` is of the file."""

    salt: str
    digests: Mapping[Address, str]

    def rows(self) -> dict[str, str]:
        """As key and text: a line per row of a table, with the columns that were filled in."""
        lines: dict[str, list[str]] = {}
        for address, digest in self.digests.items():
            key = f"{address.table}/{address.row}"
            lines.setdefault(key, []).append(f"{address.column}:{digest}")
        return {_SALT: self.salt} | {key: " ".join(parts) for key, parts in lines.items()}

    @classmethod
    def from_rows(cls, rows: Mapping[str, str]) -> Sealed | None:
        """Read back; None where there is no salt."""
        if not rows.get(_SALT):
            return None
        found = {
            Address(table, row, column): digest
            for key, text in rows.items()
            for table, sign, row in (key.partition("/"),)
            if sign
            for column, digest in (part.partition(":")[::2] for part in text.split())
        }
        return cls(rows[_SALT], found)


def digest(salt: str, address: Address, value: str) -> str:
    """A checksum of an answer in its question and column, not in its cell: sorting changes nothing.

    Args:
        salt: of the seal.
        address: the answer by table, row and column.
        value: as a person would see it.

    Returns:
        twelve hexadecimal digits, enough to notice a change.
    """
    text = "\0".join((salt, address.table, address.row, address.column, value))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def with_sealed(plan: WorkbookPlan, sealed: Sealed | None) -> WorkbookPlan:
    """The plan with that sheet, last but for the identity; as it is when nothing was agreed."""
    if sealed is None:
        return plan
    draft = Draft(plan.text, (30.0, 120.0))
    rows = sealed.rows()
    table = Table(
        SEALED, tuple(rows), (given("id", tuple(rows)), given("value", tuple(rows.values())))
    )
    draft.block(table, (Field("id", "id", "text"), Field("value", "value", "text")), _HIDDEN_FROM)
    title = plan.text(f"sheet.{SEALED}.tab")
    sheet = Sheet(SEALED, title, draft.widths, blocks=tuple(draft.blocks), visibility="very_hidden")
    return replace(plan, sheets=(*plan.sheets[:-1], sheet, plan.sheets[-1]))
