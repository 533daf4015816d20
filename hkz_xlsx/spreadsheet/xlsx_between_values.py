"""The XML of a sheet from one value to the next: what stands in it, and that it is well-formed.

A stretch begins behind the tag that closes a value and ends with the `<` that opens the next: the
end of a cell, cells without a value, the end of a row and the start of another, the start of a
cell with its formula. Each is looked at once, by patterns that every character of it must fit.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import NamedTuple

from hkz_xlsx.spreadsheet.cells import column_number
from hkz_xlsx.spreadsheet.grid import Spot, one_spot
from hkz_xlsx.spreadsheet.plain import NotPlainError, plain_xml, unescaped

BEFORE_ROWS = b"</c></row>"
"""What the first stretch of a sheet would follow, so that it is as any other."""

Blank = int
NOTHING, UNCALCULATED, ERROR, IMPOSSIBLE = 0, 1, 2, 3
"""What a cell with an empty value is: blank, a formula that nobody calculated, an error value; or
tags that do not belong together, as a text in the cell itself is never without its own."""

INLINE = "is"
"""The type, here, of a text that stands in the cell itself; its stretch ends with ``<is>``."""

_BLANKS = {INLINE: IMPOSSIBLE, "e": ERROR}
_OPENS = b"<"
"""Of a value; the letters behind it were cut out."""

_COMPUTED, _ALSO = "f", "+"
"""What a look says more."""


Uncalculated = tuple[Spot, ...]
"""Formulas without any value."""

Stretch = tuple[Spot, str, Uncalculated, bool]
"""The cell of which the value follows: its place; its look (type and style, and whether more is
told, see `look_of`); cells in between that tell something; and whether a formula gives the
value."""

Formula = tuple[Spot, str | None, str]
"""Its cell, the group it shares its text with (None for one of its own), and its text; empty where
the first of the group has it."""


class Inside(NamedTuple):
    """What a complete reading keeps of a stretch beside its values: formulas in their order, and
    rows that nobody sees."""

    formulas: tuple[Formula, ...]
    hidden: tuple[int, ...]


_ROWS = "[1-9][0-9]{0,5}"  # a plain sheet ends before row 1,000,000 and column AAA
_NAME = r"[a-zA-Z]\w*(?::[a-zA-Z]\w*)?"
# A second number would move the row, and a namespace declared here would rename its cells.
_ATTRIBUTES = rf'(?: r="{_ROWS}")?(?: (?!r=|xmlns){_NAME}="[^"<>&]*")*'
# Possessive repeats (`*+`) give nothing back: what does not fit is refused in one pass, however
# somebody made it.
_NEXT_ROW = rf"</row>\s*(?:<row{_ATTRIBUTES}/>\s*)*+<row{_ATTRIBUTES}>"
_LAST_ROW = rf"</row>\s*(?:<row{_ATTRIBUTES}/>\s*)*+"
_PLACE = rf'<c r="([A-Z]{{1,2}})({_ROWS})"'
_STYLE, _TYPE = r' s="([0-9]{1,6})"', r' t="([a-zA-Z]{1,9})"'
_CELL = f"{_PLACE}(?:{_STYLE})?(?:{_TYPE})?"
# Blank cells repeat within a pattern: groups of theirs would shift the numbers of those after.
_CELL_UNSEEN = re.sub(r"\((?!\?)", "(?:", _CELL)
_FORMULA = (
    r'<f(?: aca="\w+")?(?: t="\w+")?(?: ref="[A-Z0-9:]+")?(?: ca="\w+")?(?: si="[0-9]{1,9}")?'
    "(?:/>|>[^<]*</f>)"
)
_IDLE = rf"(?:(?:{_CELL_UNSEEN}(?: ?/>|></c>)|{_NEXT_ROW})\s*)*+"
_OPEN = f'{_CELL}>(?:({_FORMULA})|((?<=inlineStr">)<is>))?'
_USUAL = re.compile(rf"</c>\s*{_IDLE}{_OPEN}", re.ASCII)
_START = re.compile(rf"</c>\s*{_IDLE}", re.ASCII)
_SKIP = re.compile(rf"\s*{_IDLE}", re.ASCII)
_UP_TO_VALUE = re.compile(_OPEN, re.ASCII)
_LAST = re.compile(_LAST_ROW, re.ASCII)
_VALUELESS = re.compile(f"{_CELL}>({_FORMULA})?(?:<v ?/>)?</c>", re.ASCII)
_WITH_FORMULA = re.compile(
    f'{_CELL}><f(?: aca="\\w+")?(?: t="(\\w+)")?(?: ref="[A-Z0-9:]+")?(?: ca="\\w+")?'
    '(?: si="([0-9]{1,9})")?(?:/>|>([^<]*)</f>)',
    re.ASCII,
)
_ROW_TAG = re.compile(r"<row([^>]*)>")
_SEEN = re.compile(r' (r|hidden|ht)="([^"]*)"')
_NAMES = re.compile(rf' ({_NAME})="')
_LONGEST = 1 << 16
"""Bytes from one value to the next; a million blank cells go through the parser sooner."""

_PREFIX = "x14ac"
"""The one prefix that programs put on rows."""


def declares_prefix(head: bytes) -> bool:
    """Whether the start of a sheet declares the prefix that rows may use."""
    return f' xmlns:{_PREFIX}="'.encode() in head


def stretch(data: bytes, *, prefix: bool) -> Stretch:
    """What stands from one value to the next.

    Args:
        data: all that stands before the next value, with the `<` that opens it.
        prefix: as `declares_prefix` says.

    Raises:
        NotPlainError: not well-formed, or not as programs usually write it.
    """
    if not data.endswith(_OPENS):
        raise NotPlainError
    text = _checked(data[: -len(_OPENS)], prefix=prefix)
    # Nearly all stretches fit one pattern. Only where a formula stands without a value does one go
    # from cell to cell: that nobody calculated it has to be told.
    match = _USUAL.fullmatch(text)
    if match is not None:
        return _opened(match, ())
    at, also = _between(text)
    match = _UP_TO_VALUE.fullmatch(text, at)
    if match is None:
        raise NotPlainError
    return _opened(match, also)


def last_stretch(data: bytes, *, prefix: bool) -> Uncalculated:
    """What stands behind the last value of a sheet, up to the end of its rows.

    Raises:
        NotPlainError: as `stretch`.
    """
    text = _checked(data, prefix=prefix)
    at, also = _between(text)
    if _LAST.fullmatch(text, at) is None:
        raise NotPlainError
    return also


def whole_stretch(data: bytes, *, prefix: bool) -> tuple[Stretch, Inside | None]:
    """As `stretch`, with what a complete reading keeps; None when there is nothing.

    Raises:
        NotPlainError: as `stretch`, or a row without a number.
    """
    return stretch(data, prefix=prefix), _inside(data[: -len(_OPENS)])


def whole_last_stretch(data: bytes, *, prefix: bool) -> tuple[Uncalculated, Inside | None]:
    """As `last_stretch`, with what a complete reading keeps; None when there is nothing.

    Raises:
        NotPlainError: as `whole_stretch`.
    """
    return last_stretch(data, prefix=prefix), _inside(data)


def _inside(data: bytes) -> Inside | None:
    """Of a stretch that is plain: no formula and no attribute holds what looks like a tag."""
    text = plain_xml(data)
    formulas = tuple(
        (_spot(match), (match[6] or "") if match[5] == "shared" else None, _formula(match[7]))
        for match in _WITH_FORMULA.finditer(text)
    )
    hidden = []
    for attributes in _ROW_TAG.findall(text):
        said = dict(_SEEN.findall(attributes))
        if "r" not in said:
            raise NotPlainError
        if unseen(said, "ht"):
            hidden.append(int(said["r"]) - 1)
    return Inside(formulas, tuple(hidden)) if formulas or hidden else None


def _formula(text: str | None) -> str:
    if text and "_x" in text:
        raise NotPlainError  # escapes are read after a shared formula moved along
    return unescaped(text) if text and "&" in text else text or ""


def unseen(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or made so small that nothing of it is seen.

    Args:
        attributes: of the row or column.
        size: the attribute that says how high or wide it is.
    """
    small = attributes.get(size, "1").strip("0") in ("", ".")
    return attributes.get("hidden") in ("1", "true") or small


def _opened(match: re.Match[str], also: Uncalculated) -> Stretch:
    kind = INLINE if match[6] else match[4] or ""
    computed = bool(match[5])
    told = f"{kind} {match[3] or 0} {_COMPUTED * computed}{_ALSO * bool(also)}"
    # The same few looks come thousands of times, as keys: one object each is found by identity.
    return _spot(match), sys.intern(told), also, computed


def look_of(told: str) -> tuple[str, int, Blank, bool]:
    """The type and the style of a cell; what it is when its value is empty; and whether a stretch
    of that look holds cells in between that tell something."""
    kind, style, more = told.split(" ")
    # Of a formula, an empty value typed as a text is an empty text; without a type it is no value.
    otherwise = UNCALCULATED if _COMPUTED in more and kind != "str" else NOTHING
    return kind, int(style), _BLANKS.get(kind, otherwise), _ALSO in more


def _spot(match: re.Match[str]) -> Spot:
    return one_spot((int(match[2]) - 1, _COLUMNS[match[1]]))


def _between(text: str) -> tuple[int, Uncalculated]:
    """Cells without a value; where they end."""
    start = _START.match(text)
    if start is None:
        raise NotPlainError
    at, found = start.end(), list[Spot]()
    while (match := _VALUELESS.match(text, at)) is not None:
        if match[5] and match[4] != "str":
            found.append(_spot(match))
        skipped = _SKIP.match(text, match.end())
        at = skipped.end() if skipped else match.end()
    return at, tuple(found)


def _checked(data: bytes, *, prefix: bool) -> str:
    """Characters, references and attributes of rows are what XML allows."""
    if len(data) > _LONGEST:
        raise NotPlainError
    text = plain_xml(data)
    if "&" in text:
        unescaped(text)
    if "<row" in text:
        for attributes in _ROW_TAG.findall(text):
            # One attribute twice, or a prefix that nobody declared, is no XML; no pattern above
            # sees that.
            names = _NAMES.findall(attributes)
            prefixed = {name.partition(":")[0] for name in names if ":" in name}
            if len(set(names)) != len(names) or prefixed - ({_PREFIX} if prefix else set()):
                raise NotPlainError
    return text


class _Columns(dict[str, int]):
    """Numbers of columns, each computed once."""

    def __missing__(self, letters: str) -> int:
        found = self[letters] = column_number(letters)
        return found


_COLUMNS = _Columns()
