"""What stands in a cell of SpreadsheetML (ECMA-376 part 1, 18.3.1 and 18.18), as a plain value.

Both readers of sheets use this, so that they cannot differ in what a cell means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hkz_xlsx.scoring.cell_values import EPOCH, FIRST_SERIAL, LAST_SERIAL, CellError, RawValue
from hkz_xlsx.scoring.displayed import BUILTIN
from hkz_xlsx.spreadsheet.grid import Manner, Struck

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
DAYS_1904 = 1_462
"""Days between the two epochs of Excel."""

BROKEN = CellError("#?")
"""Stands where a cell could not be read: never blank, never another cell's text."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
MIDNIGHT = datetime(EPOCH.year, EPOCH.month, EPOCH.day)  # noqa: DTZ001 - spreadsheets know no zones
"""Serial number 0."""

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?)?Z?", re.ASCII
)


class BrokenCellError(ValueError):
    """A cell that says something impossible; the argument is what it says."""


def plain_text(text: str) -> str:
    """A text as typed: ``_x000D_`` escapes decoded, what no text can hold made visible."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
        text = _PAIR.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
        text = _ILLEGAL.sub("\ufffd", text)
    return text


def number(text: str) -> float:
    """A number as SpreadsheetML writes it.

    Raises:
        BrokenCellError: anything else that Python would read, such as nan, 1_000 and 1e999.
    """
    text = text.strip(" \t\r\n")
    if _NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
    raise BrokenCellError(text)


def place(reference: str) -> tuple[int, int] | None:
    """0-based row and column of ``H12`` or ``h12``; None when no sheet has that cell."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = column_number(match[1].upper())
    row = int(match[2])
    return (row - 1, column) if row <= MAX_ROW and column < MAX_COLUMN else None


def column_number(letters: str) -> int:
    """0-based number of a column."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def point_in_time(serial: float, epoch_1904: bool) -> RawValue:
    """A number in a cell formatted as a date; it stays a number where programs disagree."""
    if epoch_1904:
        serial += DAYS_1904
    if FIRST_SERIAL <= serial < LAST_SERIAL + 1:
        return MIDNIGHT + timedelta(days=serial)
    return serial


_BUILTIN = frozenset([*range(14, 23), *range(27, 37), *range(50, 59)])
"""Number formats of Excel that show a date, by id (18.8.30); 45 to 47 are durations."""

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date: a day, a month or a year, and no elapsed time."""
    positive = _QUOTED.sub("", code.split(";", 1)[0]).lower()
    if "general" in positive or "[" in positive:
        return False
    return any(letter in positive for letter in "dy") or bool(re.search(r"m{3,}", positive))


_SPOKEN = re.compile(r'\\|"|\[[$][^\]]*\]|;@$|_.')  # ``_)``: room as wide as a bracket
_AS_IT_STANDS = frozenset(
    {"+0.0;-0.0;0.0", "0.##", "0.0", "0.0%", "mmm yy"}
    | {f"general;general;general;{sign} @" for sign in "?–▲◐✓✗"}
    | {"/ 0"}
    | {"", "general", "@", "0", "d-m-yyyy", "dd-mm-yyyy", "d/m/yyyy", "dd/mm/yyyy", "m/d/yy"}
    | {"m/d/yyyy", "mm/dd/yyyy", "mm/dd/yy", "yyyy-mm-dd", "d.m.yyyy", "dd.mm.yyyy"}
)
"""Number formats, written plainly, that show a value as it stands, and those of our own cells."""


def telling_format(known: int, codes: Mapping[int, str]) -> str:
    """The number format of a style when it shows a number in a way of its own, else empty."""
    code = codes.get(known, BUILTIN.get(known, ""))
    return "" if _SPOKEN.sub("", code).lower() in _AS_IT_STANDS else code


def date_styles(format_ids: Sequence[int], codes: dict[int, str]) -> frozenset[int]:
    """Which cell styles show dates.

    Args:
        format_ids: number format of every cell style, by index.
        codes: number formats that the file itself defines.
    """
    return frozenset(
        index
        for index, known in enumerate(format_ids)
        if (is_date_format(codes[known]) if known in codes else known in _BUILTIN)
    )


@dataclass(frozen=True, slots=True)
class Book:
    """What cells refer to: shared strings, which styles are dates, the epoch.

    ``manners`` are styles that show a value in a manner of their own, ``struck`` shared strings
    that are struck through, both by index.
    """

    strings: Sequence[str]
    dates: frozenset[int]
    epoch_1904: bool = False
    date_formats: Mapping[int, str] = field(default_factory=dict)
    """Number format of the styles that show dates; empty where the language decides it."""
    manners: Mapping[int, Manner] = field(default_factory=dict)
    struck: Mapping[int, Struck] = field(default_factory=dict)

    def value(self, kind: str, text: str | None, style: int) -> RawValue:
        """The value of a cell.

        Args:
            kind: its type (18.18.11), empty when it says none.
            text: what it holds; None when it holds nothing.
            style: index of its style.

        Raises:
            BrokenCellError: what it says is impossible.
        """
        if text is None or (not text and kind != "e"):
            return None
        match kind:
            case "s":
                return self.shared(text)
            case "" | "n":
                if not text.strip():
                    return None
                found = number(text)
                return point_in_time(found, self.epoch_1904) if style in self.dates else found
            case "str" | "inlineStr":
                return plain_text(text) or None
            case "b":
                return _truth(text)
            case "e":
                return CellError(plain_text(text.strip())[:40] or BROKEN.code)
            case "d":
                return _iso(text)
            case _:
                raise BrokenCellError(f"{kind}: {text}")

    def manner(self, kind: str, text: str | None, style: int, inline: Struck = "") -> Manner | None:
        """How a cell shows its value, when that says something.

        Args:
            kind: its type, as for `value`.
            text: what it holds; of a shared string the index.
            style: index of its style.
            inline: how much of a text in the cell itself is struck through.

        Returns:
            None where the cell shows its value as it stands. A number format is told only of cells
            with a number or a date.
        """
        found = self.manners.get(style)
        struck = inline
        if kind == "s" and self.struck and (text or "").strip().isdigit():
            struck = self.struck.get(int(str(text)[:9]), "")
        if found is not None and kind not in ("", "n", "d") and found.format:
            found = Manner(found.struck) if found.struck else None  # a format of numbers
        if not struck or (found is not None and found.struck):
            return found
        return Manner(struck, found.format if found is not None else "")

    def shared(self, text: str) -> str | None:
        """A shared string by its index; blank means no cell.

        Raises:
            BrokenCellError: it is no index, or one that no string has.
        """
        digits = text.strip(" \t\r\n")
        if digits.isascii() and digits.isdigit() and len(digits) < 10:  # noqa: PLR2004 - no int of millions of digits
            index = int(digits)
            if index < len(self.strings):
                return self.strings[index] or None
        elif not digits:
            return None
        raise BrokenCellError(text)


def _truth(text: str) -> bool:
    found = {"1": True, "0": False, "true": True, "false": False}.get(text.strip().lower())
    if found is None:
        raise BrokenCellError(text)
    return found


def _iso(text: str) -> RawValue:
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise BrokenCellError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    micro = int((match[7] or "").ljust(6, "0"))
    try:
        return datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001 - cells know no zones
    except ValueError:
        raise BrokenCellError(text) from None


def legal(text: str) -> str:
    """A text from a reader that checks nothing, without what no text can hold."""
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub("\ufffd", text)
    return text
