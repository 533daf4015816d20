"""The headers of a reviewed sheet: found by their names, and named when one is retyped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.norm.authoring import COLUMNS, OPTIONAL_COLUMNS
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.cell_values import a1, shown
from hkz_xlsx.spreadsheet.grid import SheetGrid

_ENOUGH = 5
"""So many names of columns in one row are no accident."""
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Headers:
    """The row of headers (0-based) and the column of every name; ``others`` are the rest of it."""

    row: int
    at: Mapping[str, int]
    twice: Mapping[str, int]
    others: Mapping[int, str]

    def problems(self, file: str, sheet: SheetGrid) -> Iterator[Problem]:
        """Names that are missing or stand there twice, and columns that are not read."""

        def where(column: int) -> Where:
            return Where(file, None, sheet.title, a1(self.row, column))

        free = dict(self.others)
        for name in COLUMNS:
            if name in self.at:
                text = shown(sheet.cells.get((self.row, self.at[name]))).strip()
                if text != name:
                    slots = {"column": name, "value": text, "understood": name}
                    yield problem("NORM_CELL_READ", where(self.at[name]), **slots)
                continue
            if name in OPTIONAL_COLUMNS:
                continue  # sheets of earlier versions have none
            column = self._instead(name, free)
            if column is None:
                yield problem("NORM_HEADER_MISSING", where(min(self.at.values())), column=name)
            else:
                text = free.pop(column)
                yield problem("NORM_HEADER_WRONG", where(column), column=name, value=text)
        for name, column in self.twice.items():
            yield problem("LIST_COLUMN_TWICE", where(column), column=name)
        used = {*self.at.values(), *self.twice.values()}
        below = [column for row, column in sheet.cells if row > self.row and column not in used]
        for column in sorted(set(below) - (set(self.others) - set(free))):
            header, count = free.get(column) or "–", below.count(column)
            yield problem("LIST_COLUMN_UNREAD", where(column), column=header, count=count)
        for column in sorted(sheet.hidden_columns & set(self.at.values())):
            text = shown(sheet.cells.get((self.row, column)))
            yield problem("LIST_COLUMN_HIDDEN", where(column), column=text)

    def _instead(self, name: str, free: Mapping[int, str]) -> int | None:
        """The header that stands for a name: like it, or where it stood between its neighbours."""
        likeness = {c: _likeness(name, text) for c, text in free.items()}
        best = max(likeness, key=lambda c: likeness[c], default=None)
        if best is not None and likeness[best] >= _ALIKE:
            return best
        place = COLUMNS.index(name)
        for offset in (-1, 1):
            beside = place + offset
            if 0 <= beside < len(COLUMNS) and COLUMNS[beside] in self.at:
                column = self.at[COLUMNS[beside]] - offset
                if column in free:
                    return column
        return None


def _likeness(name: str, text: str) -> float:
    one, other = folded(name), folded(text)
    if one in other:
        return 1.0
    return SequenceMatcher(None, one, other).ratio()


def find_headers(sheet: SheetGrid) -> Headers | None:
    """The first row with the most names of columns; None when no row has enough of them."""
    names = {folded(name): name for name in COLUMNS}
    rows: dict[int, dict[int, str]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        rows.setdefault(row, {})[column] = shown(value).strip()
    known = {row: {names.get(folded(t), "") for t in cells.values()} for row, cells in rows.items()}
    best = max(rows, key=lambda row: (len(known[row]), -row), default=None)
    if best is None or len(known[best] - {""}) < _ENOUGH:
        return None
    at: dict[str, int] = {}
    twice: dict[str, int] = {}
    others: dict[int, str] = {}
    for column, text in rows[best].items():
        name = names.get(folded(text), "")
        if not name:
            others[column] = text
        elif name in at:
            twice[name] = column
        else:
            at[name] = column
    return Headers(best, at, twice, others)
