"""A sheet as every well-behaved program writes it, many times faster than cell by cell.

The text between ``<sheetData>`` and its end is cut at the values of its cells. What stands
between two values (`xlsx_between_values`) is the same in thousands of files of one edition, so
each such stretch is proven well-formed once and then known; what people typed is all that differs.
What stands around the cells goes through the parser, once for each text. Whatever does not fit is
left to `sheet_exact`, which reads anything; the tests prove both equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from itertools import chain, compress
from operator import getitem, itemgetter, not_

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.scoring.cell_values import RawValue
from hkz_xlsx.spreadsheet.byte_cache import Memory, remembered
from hkz_xlsx.spreadsheet.cells import Book, BrokenCellError, plain_text
from hkz_xlsx.spreadsheet.grid import Spot
from hkz_xlsx.spreadsheet.plain import NotPlainError, is_utf8, plain_xml, unescaped
from hkz_xlsx.spreadsheet.safe_xml import parse_xml
from hkz_xlsx.spreadsheet.shared_formulas import moved
from hkz_xlsx.spreadsheet.sheet_exact import MAIN, SheetFacts, read_exactly
from hkz_xlsx.spreadsheet.xlsx_between_values import (
    AFTER_VALUE,
    BEFORE_ROWS,
    IMPOSSIBLE,
    INLINE,
    UNCALCULATED,
    Blank,
    Inside,
    Stretch,
    Uncalculated,
    declares_prefix,
    last_stretch,
    stretch,
    whole_last_stretch,
    whole_stretch,
)

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_NAMESPACE = MAIN[0].encode()
_VALUE, _VALUE_END, _VALUE_KEPT = b"<v>", b"</v>", b'<v xml:space="preserve">'
_INLINE, _INLINE_END = b"<is><t", b"</t></is>"
_IN_CELL = b"\1"
_TEXT = re.compile(rb'\x01(?: xml:space="preserve")?>([^<]*)\x01')
# Room for what three programs make of one edition.
_MOST_STRETCHES, _LONGEST_STRETCH = 80_000, 1_000
_MOST_TOKENS = 2 * _MOST_STRETCHES
"""Of more cells than are kept, the parser reads a sheet as quickly."""

_MOST_LAST = 100
_MOST_VALUES, _LONGEST_VALUE = 8_000, 300
_MOST_STRINGS, _LONGEST_STRING = 10_000, 400
_MOST_INDEXES = 100_000
_SPOT, _LOOK, _ALSO, _COMPUTED = map(itemgetter, (0, 1, 3, 4))
"""Fields of a stretch, over many at once."""

_STRING_OPEN = b"<si><t"
_STRING = re.compile(r'(?: xml:space="preserve")?>([^<]*)</t></si>\s*')


class SheetReader:
    """Reads the sheets of one file: fast where they are plain, else exactly.

    Args:
        book: shared strings, styles and epoch of the file.
    """

    def __init__(self, book: Book) -> None:
        self._book, self._tables = book, _Tables(book)
        self._voids = frozenset(b"%d" % i for i, text in enumerate(book.strings) if not text)

    def read(self, data: bytes, part: str, *, complete: bool) -> SheetFacts:
        """Read a sheet part.

        Args:
            data: the part as unpacked.
            part: its name, for messages.
            complete: keep formulas and what stands around the cells.

        Raises:
            RefusedError: as `read_exactly`.
        """
        found = self._plain(data, part, complete=complete)
        if found is None and _VALUE_KEPT in data:
            # Some programs say of a value with outer blanks that these belong to it.
            found = self._plain(data.replace(_VALUE_KEPT, _VALUE), part, complete=complete)
        return found or read_exactly(data, part, self._book, complete=complete)

    def _plain(self, data: bytes, part: str, *, complete: bool) -> SheetFacts | None:
        try:
            # Which cells show a text that is struck through only the exact reader keeps.
            return self._fast(data, part, complete=complete) if not self._book.struck else None
        except NotPlainError:
            return None

    def _fast(self, data: bytes, part: str, *, complete: bool) -> SheetFacts:
        start, end = data.find(_OPEN), data.find(_CLOSE)
        if not 0 < start < end or len(data) > LIMITS.xml_part:
            raise NotPlainError
        around = data[: start + len(_OPEN)] + data[end:]
        known, prefix = _around(around, part, complete=complete)
        facts = SheetFacts(
            validations=known.validations, protected=known.protected, merged=known.merged,
            hung=known.hung, hidden_columns=known.hidden_columns, locked=known.locked,
        )  # fmt: skip
        tokens = _tokens(data[start + len(_OPEN) : end])
        if len(tokens) > _MOST_TOKENS:
            raise NotPlainError
        if complete:
            self._fill_all(facts, tokens, prefix=prefix)
            return facts
        last = _LAST_STRETCHES[prefix][tokens.pop()]
        self._fill(facts, map(_STRETCHES[prefix].__getitem__, tokens[::2]), tokens[1::2], last)
        return facts

    def _fill_all(self, facts: SheetFacts, tokens: list[bytes], *, prefix: bool) -> None:
        """As `_fill`, with formulas, hidden rows and formats of dates."""
        last, end = _WHOLE_LAST_STRETCHES[prefix][tokens.pop()]
        found = list(map(_WHOLE_STRETCHES[prefix].__getitem__, tokens[::2]))
        stretches = [one for one, _ in found]
        self._fill(facts, stretches, tokens[1::2], last)
        _fill_formulas(facts, chain((one for _, one in found), (end,)))
        dated = self._dated({look for _, look, _, _, _ in stretches})
        if not dated:
            return
        for spot, look, _, _, _ in stretches:
            if look in dated and isinstance(facts.cells.get(spot), datetime):
                facts.date_formats[spot] = dated[look]

    def _dated(self, looks: Iterable[str]) -> dict[str, str]:
        """The number formats of those types and styles of cells that can hold a date."""
        found = {}
        for look in looks:
            kind, _, style = look.partition(" ")
            if kind == "d" or (kind in ("", "n") and int(style) in self._book.dates):
                found[look] = self._book.date_formats.get(int(style), "")
        return found

    def _fill(
        self,
        facts: SheetFacts,
        stretches: Iterable[Stretch],
        values: list[bytes],
        last: Uncalculated,
    ) -> None:
        stretches = tuple(stretches)
        if self._voids:
            values = self._without_voids(stretches, values)
        # Column by column and not cell by cell: of thousands of cells a file, a loop is what costs.
        spots, filled = tuple(map(_SPOT, stretches)), tuple(filter(None, values))
        looks = compress(map(_LOOK, stretches), values)
        found = map(getitem, map(self._tables.__getitem__, looks), filled)
        facts.cells.update(zip(compress(spots, values), found, strict=True))
        computed = compress(map(_COMPUTED, stretches), values)
        facts.calculated.update(compress(compress(spots, values), computed))
        count = len(filled)
        if count != len(values):
            empty = compress(stretches, map(not_, values))
            blanks = [(spot, blank, formula) for spot, _, blank, _, formula in empty if blank]
            count += self._fill_blanks(facts, blanks)
        inside = filter(None, map(_ALSO, stretches))
        facts.uncalculated.update(last, chain.from_iterable(inside))
        if count != len(facts.cells):
            raise NotPlainError  # a cell twice: the exact reader says where
        if count > LIMITS.cells:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)

    def _fill_blanks(self, facts: SheetFacts, blanks: list[tuple[Spot, Blank, bool]]) -> int:
        """Cells with an empty value that tell something; how many of them hold an error value."""
        errors = 0
        for spot, blank, formula in blanks:
            if blank == IMPOSSIBLE:
                raise NotPlainError
            if blank == UNCALCULATED:
                facts.uncalculated.add(spot)
                continue
            facts.cells[spot] = self._book.value("e", "", 0)
            errors += 1
            if formula:
                facts.calculated.add(spot)
        return errors

    def _without_voids(self, stretches: Iterable[Stretch], values: list[bytes]) -> list[bytes]:
        """Shared strings of no length are as no value."""
        return [
            b"" if value in self._voids and look.startswith("s ") else value
            for (_, look, _, _, _), value in zip(stretches, values, strict=True)
        ]


def _fill_formulas(facts: SheetFacts, insides: Iterable[Inside | None]) -> None:
    """Formulas by cell, and hidden rows; a shared formula as it reads in each of its cells."""
    formulas, shared = facts.formulas, dict[str, tuple[Spot, str]]()
    for inside in insides:
        if inside is None:
            continue
        for spot, group, text in inside.formulas:
            if group is None:
                formulas[spot] = text
            elif text:
                shared[group] = spot, text
                formulas[spot] = text
            else:
                (row, column), first = shared.get(group, (spot, ""))
                formulas[spot] = moved(first, spot[0] - row, spot[1] - column)
        facts.hidden_rows.update(inside.hidden)
    if len(formulas) >= LIMITS.cells:
        raise NotPlainError


@remembered(most=256, longest=1 << 15)
def _around(around: bytes, part: str, *, complete: bool) -> tuple[SheetFacts, bool]:
    """What stands before and behind the cells, and whether rows may have attributes with a
    prefix."""
    head = around[: around.find(_OPEN)]
    spaces = head.count(b"xmlns=") == 1 and b'xmlns="%s"' % _NAMESPACE in head
    # What is cut at by its letters has to be that tag: in a comment or CDATA (`<!`), under another
    # namespace or in another encoding the same letters are something else.
    odd = b"<!" in around or around.count(b"<?") > 1 or around.count(_OPEN) > 1
    if odd or not spaces or not is_utf8(around):
        raise NotPlainError
    facts = read_exactly(around, part, Book((), frozenset()), complete=complete)
    # Cells outside what was cut out: it was cut in the wrong place.
    if facts.cells or facts.broken or facts.uncalculated:
        raise NotPlainError
    return facts, declares_prefix(head)


def _tokens(inside: bytes) -> list[bytes]:
    """Stretch, value, stretch, value, …, stretch.

    Both tags of a value become one mark. A stretch bears a sign at its start and no value does,
    so that stretches and values cannot change places. A text that stands in the cell itself
    bears another sign at both ends, so that its tags cannot be mixed with those of a value.
    """
    if _IN_CELL in inside or AFTER_VALUE in inside:
        raise NotPlainError
    if _INLINE_END in inside:
        inside = inside.replace(_INLINE, b"<is>" + _VALUE + _IN_CELL)
        inside = inside.replace(_INLINE_END, _IN_CELL + _VALUE + AFTER_VALUE)
    tokens = inside.replace(_VALUE_END, _VALUE + AFTER_VALUE).split(_VALUE)
    if not len(tokens) % 2:
        raise NotPlainError
    tokens[0] = BEFORE_ROWS + tokens[0]
    return tokens


# By whether the sheet declares the prefix: with it the same bytes are XML, without it not.
_STRETCHES: Mapping[bool, Memory[Stretch]] = {
    prefix: Memory(partial(stretch, prefix=prefix), _MOST_STRETCHES, _LONGEST_STRETCH)
    for prefix in (False, True)
}
_LAST_STRETCHES: Mapping[bool, Memory[Uncalculated]] = {
    prefix: Memory(partial(last_stretch, prefix=prefix), _MOST_LAST, _LONGEST_STRETCH)
    for prefix in (False, True)
}
_WHOLE_STRETCHES: Mapping[bool, Memory[tuple[Stretch, Inside | None]]] = {
    prefix: Memory(partial(whole_stretch, prefix=prefix), _MOST_STRETCHES, _LONGEST_STRETCH)
    for prefix in (False, True)
}
_WHOLE_LAST_STRETCHES: Mapping[bool, Memory[tuple[Uncalculated, Inside | None]]] = {
    prefix: Memory(partial(whole_last_stretch, prefix=prefix), _MOST_LAST, _LONGEST_STRETCH)
    for prefix in (False, True)
}

_INDEXES: list[bytes] = []


def _indexes(count: int) -> Sequence[bytes]:
    """Numbers from 0 as they stand in a file; at least so many."""
    # As they stand in a file, so that a value needs no parsing; every file asks for the same ones.
    if len(_INDEXES) < min(count, _MOST_INDEXES):
        _INDEXES.extend(b"%d" % i for i in range(len(_INDEXES), min(count, _MOST_INDEXES)))
    if count <= len(_INDEXES):
        return _INDEXES
    return [b"%d" % i for i in range(count)]


class _Tables(dict[str, Mapping[bytes, RawValue]]):
    """Values by what stands in the file, for each type and style of cell."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def __missing__(self, look: str) -> Mapping[bytes, RawValue]:
        kind, _, style = look.partition(" ")
        manner = self._book.manners.get(int(style))
        if manner is not None and (manner.struck or kind in ("", "n", "d")):
            raise NotPlainError  # the exact reader keeps how a cell shows its value
        found: Mapping[bytes, RawValue]
        if kind == "s":
            found = self.get("s") or self.setdefault("s", _Shared(self._book))
        else:
            dated = kind in ("", "n") and int(style) in self._book.dates
            found = _values(kind, dated=dated, epoch_1904=dated and self._book.epoch_1904)
        self[look] = found
        return found


class _Shared(dict[bytes, RawValue]):
    """Shared strings by index as it stands in the file."""

    def __init__(self, book: Book) -> None:
        super().__init__(zip(_indexes(len(book.strings)), book.strings, strict=False))
        self._book = book

    def __missing__(self, index: bytes) -> RawValue:
        return _value(self._book, "s", 0, index)  # written in an odd way, or wrong


# By what the value depends on, never by number of style: that is another in every file, and what is
# kept here serves them all.
@lru_cache(maxsize=16)
def _values(kind: str, *, dated: bool, epoch_1904: bool) -> Memory[RawValue]:
    book = Book((), frozenset({1}), epoch_1904)
    return Memory(partial(_value, book, kind, int(dated)), _MOST_VALUES, _LONGEST_VALUE)


def _value(book: Book, kind: str, style: int, value: bytes) -> RawValue:
    """The value of a cell; a tag in it, and what is blank or broken, is for the exact reader."""
    if kind == INLINE:
        match = _TEXT.fullmatch(value)
        if match is None:
            raise NotPlainError
        kind, value = "inlineStr", match[1]
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


def shared_strings_fast(data: bytes) -> Sequence[str] | None:
    """Shared strings without rich text; None when the part needs the parser."""
    start, end = data.find(b"<si>"), data.rfind(b"</sst>")
    usual = data.count(b"<sst", 0, start if start > 0 else 0) == 1 and b"<!" not in data
    if not usual or end < start or not is_utf8(data) or data[end + 6 :].strip():
        return None
    try:
        parse_xml(data[:start] + data[end:], "", lambda _name, _attributes: None)
        first, *rest = data[start:end].split(_STRING_OPEN)
        if first or len(rest) > _MOST_STRINGS:  # more than are kept: the parser is as quick
            return None
        return list(map(_STRINGS.__getitem__, rest))
    except (NotPlainError, RefusedError):
        return None


def _string(data: bytes) -> str:
    match = _STRING.fullmatch(plain_xml(data))
    if match is None:
        raise NotPlainError
    return plain_text(unescaped(match[1]))


_STRINGS = Memory(_string, _MOST_STRINGS, _LONGEST_STRING)
