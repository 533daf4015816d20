"""Clauses of ISO 9001 as people and spreadsheet programs leave them in a cell.

A program makes a day of ``8.5``, a number of ``4,1``. What was typed is taken back from that only
where it can be one thing: the order of day and month is that in which the cell shows them.
"""

from __future__ import annotations

import re
from datetime import datetime

_CLAUSE = re.compile(
    r"(4\.[1-4]|5\.[1-3]|6\.[1-3]|7\.[1-5]|8\.[1-7]|9\.[1-3]|10\.[1-3])(\.\d)?|[4-9]|10"
)
_FORM = re.compile(r"[0-9A-Z]{1,3}(\.[0-9]{1,2})*")
_CENTURY, _NINE = 2000, 9


class UnsureClauseError(ValueError):
    """A cell that may mean more than one clause, or none; the argument is what it holds."""


def clauses(value: object, date_format: str = "") -> tuple[str, ...]:
    """The clauses in a cell.

    Args:
        value: a text, a number, or a point in time.
        date_format: how a point in time is shown, such as ``d-mmm`` or ``dm``; empty when that
            follows the language of the computer.

    Raises:
        UnsureClauseError: it is not certain which are meant.
    """
    if value is None:
        return ()
    if isinstance(value, datetime):
        return (_of_day(value, date_format),)
    if isinstance(value, bool):
        raise UnsureClauseError(str(value).upper())
    if isinstance(value, int | float):
        text = f"{value:g}"
        if not _CLAUSE.fullmatch(text):
            raise UnsureClauseError(text)
        return (text,)
    return tuple(_of_text(str(value)))


def _of_day(day: datetime, date_format: str) -> str:
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", date_format.split(";")[0]).lower()
    order = re.sub(r"(.)\1+", r"\1", "".join(c for c in bare if c in "dmy"))
    parts = {"d": day.day, "m": day.month, "y": day.year - _CENTURY}
    found = ".".join(str(parts[letter]) for letter in order)
    sure = order in ("dm", "md") or (order in ("dmy", "mdy") and 0 < parts["y"] <= _NINE)
    if not (sure and _CLAUSE.fullmatch(found)):
        raise UnsureClauseError(f"{day:%d-%m-%Y}")
    return found


def _of_text(text: str) -> list[str]:
    found: list[str] = []
    for piece in re.split(r"[;|/\n]|,\s", text):
        one = piece.strip().removeprefix("§").strip().rstrip(".")
        if not one:
            continue
        dotted = one.replace(",", ".")
        if "," in one and "." not in one and _CLAUSE.fullmatch(dotted):
            found.append(dotted)
            continue
        parts = [part.strip() for part in one.split(",") if part.strip()]
        if not all(_FORM.fullmatch(part) for part in parts):
            raise UnsureClauseError(text)
        found += parts
    return found
