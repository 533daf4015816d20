"""The differences with other readers that are known, each with its reason.

A difference that no rule names fails the comparison. ``ours`` and ``theirs`` are None where a
reader has no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from tests.proof.foreign.opinions import Day, Error, Value

Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Around:
    """What a rule may know of the cell."""

    kind: str
    merged: bool
    link: bool
    formula: bool


Fits = Callable[[Value | None, Value | None, Around], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A class of difference: with whom, why, and how to tell."""

    name: str
    readers: frozenset[str]
    reason: str
    fits: Fits


FIRST = 61
"""1 March 1900."""

LONG = 8_000
"""Characters of a record of .xls, about."""

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\ufffd]")
_PHONETIC = re.compile("[\u3040-\u30ff\u3105-\u312f]")
"""Kana and bopomofo."""


def _left_over(part: str, whole: str) -> str | None:
    """What of ``whole`` remains when the characters of ``part`` are taken out in their order."""
    rest, todo = [], list(part)
    for char in whole:
        if todo and char == todo[0]:
            todo.pop(0)
        else:
            rest.append(char)
    return None if todo else "".join(rest)


def _decoded(text: str) -> str:
    return _ODD.sub("", _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text))


def number(value: Value | None) -> float | None:
    """A number or the serial of a date."""
    if isinstance(value, Day):
        return value.serial
    return value if isinstance(value, float) and not isinstance(value, bool) else None


def close(one: float, other: float) -> bool:
    """Equal to a millisecond, the precision in which libraries give dates."""
    return abs(one - other) <= max(1.2e-8, 1e-12 * max(abs(one), abs(other)))


def _is_number(text: str, value: float) -> bool:
    try:
        return text != text.strip() and float(text) == value
    except ValueError:
        return False


def _moment(ours: Value | None, theirs: Value | None, _: Around) -> bool:
    a, b = number(ours), number(theirs)
    days = isinstance(ours, Day) or isinstance(theirs, Day)
    return a is not None and b is not None and days and close(a, b)


def _rule(name: str, readers: str, reason: str, fits: Fits) -> Rule:
    return Rule(name, frozenset(readers.split()), reason, fits)


RULES: tuple[Rule, ...] = (
    _rule(
        "number or date", "openpyxl calamine xlrd odfpy pyxlsb",
        "the same number; one of the two takes the format of the cell for a date",
        _moment,
    ),
    _rule(
        "day before March 1900", "calamine openpyxl xlrd odfpy",
        "programs disagree about a 29 February 1900; we keep the number",
        lambda ours, theirs, _: (
            (a := number(ours)) is not None
            and (b := number(theirs)) is not None
            and (isinstance(ours, Day) or isinstance(theirs, Day))
            and min(a, b) < FIRST
            and abs(a - b) < 1 + 1e-7
        ),
    ),
    _rule(
        "error read as blank", "calamine",
        "calamine leaves error values out; that is why binary_errors.py exists",
        lambda ours, theirs, _: isinstance(ours, Error) and theirs is None,
    ),
    _rule(
        "text of a formula in the cell itself", "openpyxl calamine",
        "a formula of type inlineStr with its text in <v>; these libraries look for <is> only",
        lambda ours, theirs, around: (
            around.formula and isinstance(ours, str) and theirs is None
        ),
    ),
    _rule(
        "number with blanks around it", "calamine",
        "calamine gives such a number as text",
        lambda ours, theirs, _: (
            isinstance(ours, float) and isinstance(theirs, str) and _is_number(theirs, ours)
        ),
    ),
    _rule(
        "number taken for a time of day", "xlrd pyxlsb",
        "calamine, which reads .xls and .xlsb for us, takes some formats of numbers for times, "
        "and keeps whole seconds only: a limit of ours, told in docs/reading.md",
        lambda ours, theirs, around: (
            around.kind in ("xls", "xlsb")
            and isinstance(ours, float)
            and (b := number(theirs)) is not None
            and (
                close(ours, b)
                or (0 <= ours < 1 and abs((ours - b + 0.5) % 1 - 0.5) <= 1.01 / 86_400)
            )
        ),
    ),
    _rule(
        "text of Excel 95", "xlrd",
        "calamine reads the 8-bit texts of some Excel 95 files wrongly",
        lambda ours, theirs, around: (
            around.kind == "xls"
            and isinstance(ours, str)
            and isinstance(theirs, str)
            and (_decoded(ours) == _decoded(theirs) or "\ufffd" in ours or "\x95" in ours)
        ),
    ),
    _rule(
        "true read as false", "odfpy",
        "pandas expects TRUE where the file says true, as the standard has it",
        lambda ours, theirs, _: ours is True and theirs is False,
    ),
    _rule(
        "error read as blank by pandas", "odfpy",
        "pandas takes #N/A for a missing value",
        lambda ours, theirs, _: isinstance(ours, Error) and theirs is None,
    ),
    _rule(
        "error as text", "odfpy calamine pyxlsb openpyxl",
        "these libraries have no error values of their own here: text, or a code such as 0x2a",
        lambda ours, theirs, _: (
            isinstance(ours, Error)
            and isinstance(theirs, str)
            and (theirs.strip() == ours.code or theirs.startswith(("0x", "#", "Err:")))
        ),
    ),
    _rule(
        "impossible cell", "openpyxl calamine pyxlsb odfpy",
        "what the cell says is impossible (CELL_BROKEN); others guess or leave it out",
        lambda ours, _theirs, _: isinstance(ours, Error) and ours.code == "#?",
    ),
    _rule(
        "escape left as it is", "openpyxl calamine odfpy",
        "_x000D_ and the like are decoded by us; what no text can hold becomes a sign for that",
        lambda ours, theirs, _: (
            isinstance(ours, str)
            and isinstance(theirs, str)
            and _decoded(theirs) in (_ODD.sub("", ours), _decoded(ours))
        ),
    ),
    _rule(
        "day or time of day near the epoch of 1904", "openpyxl calamine xlrd",
        "whether the 1,462 days are added to a time of day or to day 0 differs by program",
        lambda ours, theirs, _: (
            (a := number(ours)) is not None
            and (b := number(theirs)) is not None
            and min(a, b) < 1
            and close(abs(a - b), 1462)
        ),
    ),
    _rule(
        "time over a day", "calamine odfpy",
        "calamine gives a duration over a day as text, pandas leaves the days out",
        lambda ours, theirs, around: (
            around.kind == "ods"
            and isinstance(ours, float)
            and ours >= 1
            and (
                (isinstance(theirs, str) and theirs.startswith("PT"))
                or (isinstance(theirs, Day) and abs(theirs.serial - ours % 1) < 60 / 86_400)
            )
        ),
    ),
    _rule(
        "white space inside", "calamine odfpy",
        "runs of blanks, tabs and line breaks: these libraries lose or double some",
        lambda ours, theirs, _: (
            isinstance(ours, str)
            and isinstance(theirs, str)
            and "".join(ours.split()) == "".join(theirs.split())
        ),
    ),
    _rule(
        "lost by pandas", "odfpy",
        "cells in groups of rows, and texts that pandas takes for missing",
        lambda ours, theirs, around: around.kind == "ods" and ours is not None and theirs is None,
    ),
    _rule(
        "text shown and text stored", "odfpy",
        "the value of a text cell is what it stores; pandas joins all that it shows",
        lambda ours, theirs, around: (
            around.kind == "ods"
            and isinstance(ours, str)
            and isinstance(theirs, str)
            and len(ours) == 1
            and (theirs.startswith(ours) or theirs.endswith(ours))
        ),
    ),
    _rule(
        "lost by calamine", "xlrd",
        "formulas of .xls files that Numbers exports: a limit of ours, told in docs/reading.md",
        lambda ours, theirs, around: (
            around.kind == "xls"
            and (
                (ours is None and isinstance(theirs, float | Day))
                or ((a := number(ours)) is not None and isinstance(theirs, Day)
                    and close(a + 1462, theirs.serial))
            )
        ),
    ),
    _rule(
        "long text of a formula", "xlrd",
        "calamine reads 8,217 characters of a formula's text in .xls: a limit of ours",
        lambda ours, theirs, around: (
            around.kind == "xls"
            and isinstance(ours, str)
            and isinstance(theirs, str)
            and len(ours) > LONG
            and theirs.startswith(ours)
        ),
    ),
    _rule(
        "number that is none", "xlrd",
        "not a number: an error with us",
        lambda ours, theirs, _: (
            isinstance(ours, Error) and isinstance(theirs, float) and not isfinite(theirs)
        ),
    ),
    _rule(
        "phonetic guide", "calamine odfpy",
        "how characters are said stands above them and is no part of the text; others join it",
        lambda ours, theirs, around: (
            around.kind == "ods"
            and isinstance(ours, str)
            and isinstance(theirs, str)
            and (left := _left_over(ours, theirs)) is not None
            and all(map(_PHONETIC.match, left.replace(" ", "")))
        ),
    ),
    _rule(
        "blanks at the ends", "calamine odfpy",
        "we keep a text as typed; these libraries trim some of them",
        lambda ours, theirs, _: (
            isinstance(ours, str)
            and (theirs or "") != ours
            and isinstance(theirs, str | None)
            and ours.strip() == (theirs or "").strip()
        ),
    ),
    _rule(
        "value under a merged cell", "openpyxl",
        "openpyxl drops what stands under a merged cell",
        lambda _ours, theirs, around: theirs is None and around.merged,
    ),
    _rule(
        "address of a link as value", "openpyxl",
        "openpyxl gives a blank cell with a link the address as its value",
        lambda ours, _theirs, around: ours is None and around.link,
    ),
    _rule(
        "number that is no date", "openpyxl",
        "openpyxl gives an error for a number in a date format that is no date",
        lambda ours, theirs, _: number(ours) is not None and isinstance(theirs, Error),
    ),
)  # fmt: skip


def name(reader: str, ours: Value | None, theirs: Value | None, around: Around) -> str | None:
    """The class of a difference; None when it is not known."""
    for rule in RULES:
        if reader in rule.readers and rule.fits(ours, theirs, around):
            return rule.name
    return None
