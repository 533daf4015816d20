"""One row of a client list: its values by column, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hkz_xlsx.batch.columns import header
from hkz_xlsx.batch.table import RawList
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.cell_values import CellError, RawValue, shown
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.checked import check_text

_SURELY_FITS = 10_000


class ClientRow:
    """One row on its way to a client; collects problems with their cell."""

    def __init__(self, raw: RawList, number: int, values: Sequence[RawValue], lang: Lang) -> None:
        self._raw, self.number, self._lang = raw, number, lang
        self.problems: list[Problem] = list(raw.doubts.get(number, ()))
        self._places = {h.key: h.place for h in raw.headings if h.key}
        self.values: dict[str, RawValue] = {}
        self._texts: dict[str, str] = {}
        for key, place in self._places.items():
            value = values[place] if place < len(values) else None
            if isinstance(value, CellError):
                self._say("LIST_CELL_ERROR", place, value=value)
            elif isinstance(value, datetime) and key not in ("reference_date", "fte"):
                # 3-4 typed as a text, such as a house number, became a day.
                day = shown(value)
                self._say("LIST_TEXT_IS_DATE", place, value=day, column=header(key, lang))
            elif shown(value).strip():
                self.values[key] = value.strip() if isinstance(value, str) else value
        self.free = {
            h.header: " ".join(shown(values[h.place]).split()) if h.place < len(values) else ""
            for h in raw.headings
            if not h.key
        }
        for heading in raw.headings:
            value = values[heading.place] if heading.place < len(values) else None
            if not heading.key and isinstance(value, CellError):
                self._say("LIST_CELL_ERROR", heading.place, value=value)
        used = {h.place for h in raw.headings}
        for place, value in enumerate(values):
            if place not in used and shown(value).strip():
                self._say("LIST_CELL_LOOSE", place, value=shown(value))

    @property
    def sheet(self) -> str:
        """The sheet it stands on."""
        return self._raw.sheet

    def where(self, key: str) -> Where:
        """The cell of a column; the first cell where the column is not there."""
        return self._raw.where(self.number, self._places.get(key, 0))

    def _say(self, code: str, place: int, **slots: object) -> None:
        self.problems.append(problem(code, self._raw.where(self.number, place), **slots))

    def say(self, code: str, key: str, **slots: object) -> None:
        """A problem in a cell."""
        column = header(key, self._lang)
        self.problems.append(problem(code, self.where(key), column=column, **slots))

    def wrong(self, key: str, expected: str) -> None:
        """A value that was not understood."""
        self.say("LIST_VALUE_WRONG", key, value=shown(self.values[key]), expected=expected)

    def text(self, key: str) -> str:
        """A text; a whole number is shown without decimals."""
        if key not in self._texts:
            value = self._texts[key] = shown(self.values.get(key)).strip()
            if not value.isprintable() or len(value) > _SURELY_FITS:
                try:
                    check_text(value, self.where(key))
                except HkzError as fault:
                    self.problems.extend(fault.problems)
                    self._texts[key] = ""
        return self._texts[key]

    def failed(self, fault: HkzError, key: str) -> None:
        """Problems of another part of the program, at this cell."""
        self.problems.extend(replace(p, where=self.where(key)) for p in fault.problems)
