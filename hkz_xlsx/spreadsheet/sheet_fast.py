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
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import chain
from operator import getitem, itemgetter

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.spreadsheet.byte_cache import Memory, remembered
from hkz_xlsx.spreadsheet.cells import Book, plain_text
from hkz_xlsx.spreadsheet.grid import Spot
from hkz_xlsx.spreadsheet.plain import NotPlainError, is_utf8, plain_xml, unescaped
from hkz_xlsx.spreadsheet.safe_xml import parse_xml
from hkz_xlsx.spreadsheet.shared_formulas import moved
from hkz_xlsx.spreadsheet.sheet_exact import MAIN, SheetFacts, read_exactly
from hkz_xlsx.spreadsheet.xlsx_between_values import (
    BEFORE_ROWS,
    ERROR,
    IMPOSSIBLE,
    UNCALCULATED,
    Inside,
    Stretch,
    Uncalculated,
    declares_prefix,
    last_stretch,
    look_of,
    stretch,
    whole_last_stretch,
    whole_stretch,
)
from hkz_xlsx.spreadsheet.xlsx_values import CLOSING, IN_CELL, Calculated, ValueTables

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_NAMESPACE = MAIN[0].encode()
_VALUE, _VALUE_END, _VALUE_KEPT = b"<v>", b"</v>", b'<v xml:space="preserve">'
_CUT = b"v>"
"""What both tags of a value end with."""

_INLINE, _INLINE_END, _BEFORE_INLINE = b"<is><t", b"</t></is>", b"<is><"
_EMPTY = _VALUE + _VALUE_END
# Room for what three programs make of one edition.
_MOST_STRETCHES, _LONGEST_STRETCH = 80_000, 1_000
_MOST_TOKENS = 2 * _MOST_STRETCHES
"""Of more cells than are kept, the parser reads a sheet as quickly."""

_MOST_LAST = 100
_MOST_STRINGS, _LONGEST_STRING = 10_000, 400
_SPOT, _LOOK, _ALSO = map(itemgetter, range(3))
"""Fields of a stretch, over many at once."""

_STRING_OPEN = b"<si><t"
_STRING = re.compile(r'(?: xml:space="preserve")?>([^<]*)</t></si>\s*')


class SheetReader:
    """Reads the sheets of one file: fast where they are plain, else exactly.

    Args:
        book: shared strings, styles and epoch of the file.
    """

    def __init__(self, book: Book) -> None:
        self._book, self._tables = book, ValueTables(book)
        self._voids = "" in book.strings

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
        start, end = data.find(_OPEN), data.rfind(_CLOSE)
        if not 0 < start < end or len(data) > LIMITS.xml_part:
            raise NotPlainError
        facts, prefix = SheetFacts(), declares_prefix(data[:start])
        # First the cells: once each of their letters has its place, these are the only two tags of
        # that name, and what stands around is all the rest.
        inside = data[start + len(_OPEN) : end]
        tokens = _tokens(inside)
        if len(tokens) > _MOST_TOKENS:
            raise NotPlainError
        # Looked for in the text, as it is rare where cells are many.
        empties = self._voids or _EMPTY in inside
        if complete:
            self._fill_all(facts, tokens, prefix=prefix, empties=empties)
        else:
            last = _LAST_STRETCHES[prefix][tokens.pop()]
            stretches = list(map(_STRETCHES[prefix].__getitem__, tokens[::2]))
            self._fill(facts, stretches, tokens[1::2], empties=empties)
            facts.uncalculated.update(last)
        around = _around(data[: start + len(_OPEN)] + data[end:], part, complete=complete)
        facts.validations, facts.merged, facts.hung = around.validations, around.merged, around.hung
        facts.protected, facts.locked = around.protected, around.locked
        facts.hidden_columns = around.hidden_columns
        return facts

    def _fill_all(
        self, facts: SheetFacts, tokens: list[bytes], *, prefix: bool, empties: bool
    ) -> None:
        """As `_fill`, with formulas, hidden rows and formats of dates."""
        last, end = _WHOLE_LAST_STRETCHES[prefix][tokens.pop()]
        found = list(map(_WHOLE_STRETCHES[prefix].__getitem__, tokens[::2]))
        stretches = [one for one, _ in found]
        self._fill(facts, stretches, tokens[1::2], empties=empties)
        facts.uncalculated.update(last)
        _fill_formulas(facts, chain((one for _, one in found), (end,)))
        dated = self._dated(set(map(_LOOK, stretches)))
        if not dated:
            return
        for spot, look, _, _ in stretches:
            if look in dated and isinstance(facts.cells.get(spot), datetime):
                facts.date_formats[spot] = dated[look]

    def _dated(self, looks: Iterable[str]) -> dict[str, str]:
        """The number formats of those types and styles of cells that can hold a date."""
        found = {}
        for look in looks:
            kind, style, _, _ = look_of(look)
            if kind == "d" or (kind in ("", "n") and style in self._book.dates):
                found[look] = self._book.date_formats.get(style, "")
        return found

    def _fill(
        self, facts: SheetFacts, stretches: list[Stretch], values: list[bytes], *, empties: bool
    ) -> None:
        # Column by column and not cell by cell: of thousands of cells a file, a loop is what costs.
        tables = map(self._tables.__getitem__, map(_LOOK, stretches))
        cells = facts.cells
        cells.update(zip(map(_SPOT, stretches), map(getitem, tables, values), strict=True))
        if len(cells) != len(stretches):
            raise NotPlainError  # a cell twice: the exact reader says where
        if empties:
            self._take_blanks(facts, stretches, values)
        if self._tables.also:
            facts.uncalculated.update(chain.from_iterable(map(_ALSO, stretches)))
        if len(cells) > LIMITS.cells:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)
        facts.calculated = Calculated(stretches, cells)

    def _take_blanks(
        self, facts: SheetFacts, stretches: list[Stretch], values: list[bytes]
    ) -> None:
        """Cells with an empty value are none, but an error without a word is one."""
        cells = facts.cells  # one for each stretch, in its order
        if self._voids:
            empty = [number for number, value in enumerate(cells.values()) if value is None]
        else:
            empty = _places(CLOSING, values)
        blanks = list(map(stretches.__getitem__, empty))
        for spot in map(_SPOT, blanks):
            del cells[spot]
        kinds = {look: self._tables.blanks[look] for look in set(map(_LOOK, blanks))}
        if IMPOSSIBLE in kinds.values():
            raise NotPlainError
        if not any(kinds.values()):
            return
        for spot, look, _, _ in blanks:
            if kinds[look] == UNCALCULATED:
                facts.uncalculated.add(spot)
            elif kinds[look] == ERROR:
                cells[spot] = self._book.value("e", "", 0)


def _places(wanted: bytes, values: list[bytes]) -> list[int]:
    """Where a value stands; several times as quick as to look at each."""
    found, at = list[int](), -1
    with suppress(ValueError):  # there is no other
        while True:
            at = values.index(wanted, at + 1)
            found.append(at)
    return found


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
def _around(around: bytes, part: str, *, complete: bool) -> SheetFacts:
    """What stands before and behind the cells."""
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
    return facts


def _tokens(inside: bytes) -> list[bytes]:
    """Stretch, value, stretch, value, …, stretch: cut where a tag of a value ends.

    What is cut out are the letters that both tags of a value end with. A stretch keeps the `<`
    before them and begins as no value may, a value keeps `</`: so the two cannot change places,
    and no other text with these letters is taken for a tag. A text that stands in the cell itself
    is cut out at tags of its own, and becomes as a value with a sign at both ends that stands
    nowhere in the sheet: so these tags cannot be mixed with those of a value.
    """
    if IN_CELL in inside:
        raise NotPlainError
    first, *others = inside.split(_INLINE)
    tokens = first.split(_CUT)
    for other in others:
        text, end, rest = other.partition(_INLINE_END)
        if not end or not len(tokens) % 2:
            raise NotPlainError
        tokens[-1] += _BEFORE_INLINE
        tokens.append(IN_CELL + text + IN_CELL + CLOSING)
        tokens += rest.split(_CUT)
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
