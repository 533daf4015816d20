"""Numbers in a report: as they are, and as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hkz_xlsx.render.words import day, decimal, signed
from hkz_xlsx.text import Lang, say

Kind = Literal["text", "percent", "whole", "decimal", "points", "date"]


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A number in a table; ``words`` stand there when there is none.

    ``percent`` is 0-100, ``points`` a difference in percentage points, ``date`` a serial number.
    ``digits`` stand behind the decimal sign; without them the number was rounded on purpose.
    """

    value: float | None
    kind: Kind
    words: str = "–"
    digits: int = 1

    def shown(self, lang: Lang) -> str:
        """As people read it."""
        if self.value is None:
            return self.words
        if self.kind == "percent":
            return say(lang, "report.percentage", value=decimal(self.value, lang, self.digits))
        if self.kind == "points":
            return signed(self.value, lang, self.digits)
        if self.kind == "date":
            return day(self.value)
        return decimal(self.value, lang) if self.kind == "decimal" else str(int(self.value))


Cell = str | NumberCell


def shown(cell: Cell, lang: Lang) -> str:
    """A cell as people read it."""
    return cell if isinstance(cell, str) else cell.shown(lang)
