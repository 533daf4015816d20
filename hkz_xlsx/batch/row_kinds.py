"""What every row under the headers of a list is: a client, or something else that stands there.

People keep totals, notes, struck-through and filtered rows in their lists. A row is only left
out when it surely is such a row, and the list says so; what may be a client is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import isclose
from typing import Literal

from hkz_xlsx.batch.columns import ListColumn, headings_of
from hkz_xlsx.batch.csv_rows import COMMENT
from hkz_xlsx.layout.codecs import Number, folded
from hkz_xlsx.scoring.cell_values import RawValue, shown
from hkz_xlsx.spreadsheet.rows import Pick, Row, RowsOfSheet
from hkz_xlsx.text import LANGS, catalogue, say

Kind = Literal[
    "used", "doubtful", "hidden", "struck", "total", "note", "comment", "header", "below", "ours"
]
_SAYS_WHO = frozenset({"kvk", "contact", "email", "location", "branch", "municipality", "assessor"})
_SAYS_WHICH = frozenset({"workbookid", "werkboekid"})
_SUMS = re.compile(r"\b(SUM|SUMIFS?|SUBTOTAL|AGGREGATE|COUNTA?|AVERAGE)\(", re.IGNORECASE)
_LONG = 80
_SENTENCE = 5
_MOST_SUMS = 50


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table on a sheet: its row of headers (0-based) and headings.

    ``needed`` are keys, or folded headers of free columns, that say what a row is about.
    """

    sheet: RowsOfSheet
    header: int
    headings: tuple[ListColumn, ...]
    needed: Collection[str]
    rows: Mapping[int, Row] = field(default_factory=dict)
    """Rows below the headers that are not blank, by 0-based number."""


def name_of(heading: ListColumn) -> str:
    """The key of a column, or its folded header when it has no meaning of its own."""
    return heading.key or folded(heading.header)


@cache
def _words(kind: str) -> frozenset[str]:
    found = (catalogue(lang)[f"batch.rows.{kind}"].split(";") for lang in LANGS)
    return frozenset(folded(word) for words in found for word in words)


def filled(row: Sequence[RawValue]) -> list[int]:
    """The columns that hold something."""
    return [place for place, value in enumerate(row) if shown(value).strip()]


def is_comment(row: Sequence[RawValue]) -> bool:
    """Whether a row begins with the sign of comments."""
    places = filled(row)
    return bool(places) and shown(row[places[0]]).strip().startswith(COMMENT)


@cache
def _explanations() -> frozenset[str]:
    """What the example of a list says of its columns, in every language."""
    return frozenset(
        say(lang, key)
        for lang in LANGS
        for key in catalogue(lang)
        if key.startswith("batch.column.") and key.endswith(".help")
    )


def _is_explanation(row: Sequence[RawValue]) -> bool:
    """Whether a comment is the row of our own example that says what each column means."""
    texts = (shown(row[place]).strip().lstrip(f"{COMMENT} ") for place in filled(row))
    return all(text in _explanations() for text in texts)


def kinds(found: FoundTable, pick: Pick) -> Mapping[int, Kind]:
    """What each row below the headers is."""
    return _Sorter(found, pick).sorted()


class _Sorter:
    """Sorts the rows of one table."""

    def __init__(self, found: FoundTable, pick: Pick) -> None:
        self._found, self._pick, self._sheet = found, pick, found.sheet
        self._kinds: dict[int, Kind] = {}
        names = {h.place: name_of(h) for h in found.headings}
        self._names = [p for p, name in names.items() if name in ("name", "client")]
        subjects = [p for p, name in names.items() if name in found.needed]
        self._subjects = self._names or subjects
        who = _SAYS_WHO | _SAYS_WHICH
        self._who = [p for p, name in names.items() if name in who]
        self._by_name = "name" in found.needed
        self._full = sum(len(filled(r)) > 1 for r in found.rows.values()) * 2 > len(found.rows)
        self._summed = 0

    def sorted(self) -> Mapping[int, Kind]:
        """Every row."""
        below = False
        for number, row in self._found.rows.items():
            kind = "below" if below else self._kind(number, row)
            below = kind == "below"
            self._kinds[number] = kind
        return self._kinds

    def _kind(self, number: int, row: Row) -> Kind:
        if is_comment(row):
            return "ours" if _is_explanation(row) else "comment"
        if number in self._sheet.hidden_rows and not self._pick.hidden:
            return "hidden"
        if self._struck(number, row) and not self._pick.struck:
            return "struck"
        if (again := self._headers(row)) is not None:
            return again
        return self._total(number, row) or self._note(number, row) or "used"

    def _struck(self, number: int, row: Row) -> bool:
        """All of it, or what says whose row it is."""
        lines = self._sheet.struck
        subjects = [p for p in self._subjects if p < len(row) and shown(row[p]).strip()]
        whole = [p for p in filled(row) if lines.get((number, p))]
        return bool(whole) and (whole == filled(row) or any(p in whole for p in subjects))

    def _headers(self, row: Row) -> Kind | None:
        """The headers again, as programs print them on every page; or those of another table."""
        headings = self._found.headings
        same = [h for h in headings if _at(row, h.place) == h.header]
        if len(same) > 1 and any(name_of(h) in self._found.needed for h in same):
            return "header"
        known = [h for h in headings_of(row) if h.key]
        needed = any(name_of(h) in self._found.needed for h in known)
        return "below" if len(known) > 1 and needed and len(known) == len(filled(row)) else None

    def _total(self, number: int, row: Row) -> Kind | None:
        words = _words("total")
        said = (folded(_at(row, place)) for place in self._who)
        if any(text and text not in words for text in said):
            return None
        texts = {p: folded(shown(row[p])) for p in filled(row)}
        if any(text.rstrip("0123456789") in words for text in texts.values()):
            return "total"
        name = next((shown(row[p]) for p in self._names if p in texts), "")
        if name and folded(name.split()[0]) in words:
            if self._sums(number, row):
                return "total"
            return "doubtful" if self._by_name else None
        bare = not any(p in texts for p in self._subjects)
        numbers = [p for p in texts if _number(row[p]) is not None or self._sum(number, p)]
        if bare and len(numbers) == len(texts) and self._sums(number, row):
            return "total"
        return None

    def _sums(self, number: int, row: Row) -> bool:
        """Whether a number in this row is the sum, or the count, of what stands above it."""
        self._summed += 1
        if self._summed > _MOST_SUMS:
            return False
        for place in filled(row):
            if self._sum(number, place):
                return True
            value = _number(row[place])
            if value and any(isclose(value, total, rel_tol=1e-6) for total in self._above(place)):
                return True
        return False

    def _sum(self, number: int, place: int) -> bool:
        return bool(_SUMS.search(self._sheet.formulas.get((number, place), "")))

    def _above(self, place: int) -> Iterator[float]:
        """Sums over all rows above, over those that are seen, and over those since a total."""
        every, seen, since, count = 0.0, 0.0, 0.0, 0
        for number, kind in self._kinds.items():
            if kind == "total":
                since = 0.0
            if kind not in ("used", "hidden", "struck"):
                continue
            value = _number(_cell(self._found.rows[number], place)) or 0.0
            every += value
            if kind == "used":
                seen, since, count = seen + value, since + value, count + 1
        if count > 1:
            yield from (every, seen, since)

    def _note(self, number: int, row: Row) -> Kind | None:
        places = filled(row)
        if len(places) != 1 or len(self._found.headings) < 2 or not isinstance(row[places[0]], str):  # noqa: PLR2004 - a list of names only
            return None
        text = shown(row[places[0]]).strip()
        start = text.split(":")[0]
        words = _words("note")
        sure = folded(start) in words or folded(text.split()[0]) in words
        sure = sure or folded(" ".join(text.split()[:2])) in words
        if (
            sure
            or text.startswith(("*", "•"))
            or len(text) > _LONG
            or self._wide(number, places[0])
        ):
            return "note"
        apart = number - 1 not in self._found.rows and number - 1 != self._found.header
        sentence = text.endswith(".") and len(text.split()) >= _SENTENCE
        doubtful = sentence or ": " in text or (apart and self._full)
        return "doubtful" if doubtful and self._by_name else None

    def _wide(self, number: int, place: int) -> bool:
        """Whether a cell is merged over several columns."""
        return any(
            area.top <= number <= area.bottom and area.left == place < area.right
            for area in self._sheet.merged
        )


def _cell(row: Sequence[RawValue], place: int) -> RawValue:
    return row[place] if place < len(row) else None


def _at(row: Sequence[RawValue], place: int) -> str:
    return " ".join(shown(_cell(row, place)).split())


def _number(value: RawValue) -> float | None:
    found = Number().from_cell(value, "nl").cell if value is not None else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
