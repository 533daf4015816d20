"""What stands in the cells of a plain sheet, as values: each looked at once, by its bytes.

A value is what stands between its tags, with the `</` behind it that closes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache, partial
from itertools import compress
from operator import itemgetter

from hkz_xlsx.scoring.cell_values import RawValue
from hkz_xlsx.spreadsheet.byte_cache import Memory
from hkz_xlsx.spreadsheet.cells import Book, BrokenCellError
from hkz_xlsx.spreadsheet.grid import Spot
from hkz_xlsx.spreadsheet.plain import NotPlainError, plain_xml, unescaped
from hkz_xlsx.spreadsheet.xlsx_between_values import INLINE, Blank, Stretch, look_of

CLOSING = b"</"
"""Stands behind every value; alone it is an empty one."""

IN_CELL = b"\1"
"""Stands at both ends of a text that stands in the cell itself."""

_TEXT = re.compile(rb'\x01(?: xml:space="preserve")?>([^<]*)\x01</')
_MOST_VALUES, _LONGEST_VALUE = 8_000, 300
_MOST_INDEXES = 100_000
_SPOT, _COMPUTED = itemgetter(0), itemgetter(3)
"""Fields of a stretch, over many at once."""

_INDEXES: list[bytes] = []


def _indexes(count: int) -> Sequence[bytes]:
    """Numbers from 0 as they stand in a file, with what stands behind them; at least so many."""
    # As they stand in a file, so that a value needs no parsing; every file asks for the same ones.
    if len(_INDEXES) < min(count, _MOST_INDEXES):
        _INDEXES.extend(b"%d</" % i for i in range(len(_INDEXES), min(count, _MOST_INDEXES)))
    if count <= len(_INDEXES):
        return _INDEXES
    return [b"%d</" % i for i in range(count)]


_Values = Mapping[bytes, RawValue | None]
"""Values by what stands in the file; None for an empty one."""


class ValueTables(dict[str, _Values]):
    """Values for each look of a cell. ``blanks`` says what an empty value is for it, ``also`` that
    between cells of some look stands something that has to be told."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._shared: _Shared | None = None
        self.blanks: dict[str, Blank] = {}
        self.also = False

    def __missing__(self, look: str) -> _Values:
        kind, style, blank, also = look_of(look)
        manner = self._book.manners.get(style)
        if manner is not None and (manner.struck or kind in ("", "n", "d")):
            raise NotPlainError  # the exact reader keeps how a cell shows its value
        found: _Values
        if kind == "s":
            found = self._shared = self._shared or _Shared(self._book)
        else:
            dated = kind in ("", "n") and style in self._book.dates
            found = _values(kind, dated=dated, epoch_1904=dated and self._book.epoch_1904)
        self[look], self.blanks[look] = found, blank
        self.also |= also
        return found


class _Shared(dict[bytes, RawValue | None]):
    """Shared strings by index as it stands in the file; those of no length are as no value."""

    def __init__(self, book: Book) -> None:
        strings: Iterable[str | None] = book.strings
        if "" in book.strings:
            strings = (text or None for text in book.strings)
        super().__init__(zip(_indexes(len(book.strings)), strings, strict=False))
        self[CLOSING] = None
        self._book = book

    def __missing__(self, index: bytes) -> RawValue | None:
        return _value(self._book, "s", 0, index)  # written in an odd way, or wrong


# By what the value depends on, never by number of style: that is another in every file, and what is
# kept here serves them all.
@lru_cache(maxsize=16)
def _values(kind: str, *, dated: bool, epoch_1904: bool) -> Memory[RawValue | None]:
    book = Book((), frozenset({1}), epoch_1904)
    return Memory(partial(_value, book, kind, int(dated)), _MOST_VALUES, _LONGEST_VALUE)


def _value(book: Book, kind: str, style: int, value: bytes) -> RawValue | None:
    """The value of a cell, None when it is empty; a tag in it, and what is blank or broken, is for
    the exact reader."""
    if value == CLOSING:
        return None
    if kind == INLINE:
        match = _TEXT.fullmatch(value)
        if match is None:
            raise NotPlainError
        kind, value = "inlineStr", match[1]
    elif value.endswith(CLOSING):
        value = value[: -len(CLOSING)]
    else:
        raise NotPlainError
    text = plain_xml(value)
    if "<" in text:
        raise NotPlainError
    try:
        found = book.value(kind, unescaped(text) if "&" in text else text, style)
    except BrokenCellError:
        raise NotPlainError from None
    if found is None:
        raise NotPlainError
    return found


class Calculated(AbstractSet[Spot]):
    """Cells with a value that a formula gave; put together when somebody asks for them."""

    __slots__ = ("_cells", "_made", "_stretches")

    def __init__(self, stretches: list[Stretch], cells: Mapping[Spot, RawValue]) -> None:
        self._stretches, self._cells = stretches, cells
        self._made: frozenset[Spot] | None = None

    def _computed(self) -> Iterable[Spot]:
        """Cells with a formula, also those without a value."""
        return compress(map(_SPOT, self._stretches), map(_COMPUTED, self._stretches))

    @property
    def _all(self) -> frozenset[Spot]:
        if self._made is None:
            self._made = frozenset(filter(self._cells.__contains__, self._computed()))
        return self._made

    def isdisjoint(self, other: Iterable[Spot]) -> bool:
        """Whether none of these is among others; quick when those are a set."""
        if not other:
            return True
        if self._made is None and isinstance(other, frozenset):
            return other.isdisjoint(self._computed()) or other.isdisjoint(self._all)
        return self._all.isdisjoint(other)

    def __contains__(self, at: object) -> bool:
        return at in self._all

    def __iter__(self) -> Iterator[Spot]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __reduce__(self) -> tuple[type, tuple[frozenset[Spot]]]:
        return frozenset, (self._all,)
