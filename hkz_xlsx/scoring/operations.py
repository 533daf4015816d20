"""What a spreadsheet program does with single values: compare, calculate, test, measure.

The semantics are those of `hkz_xlsx.scoring.expr`. Most values are numbers; the ways for those
are the short ones.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence

from hkz_xlsx.scoring.cell_values import VALUE_ERROR, CellError, CellValue
from hkz_xlsx.scoring.numbers import as_number, months_later, round_half_away

__all__ = [
    "added", "at_least", "at_most", "divided", "either", "equal", "every", "less", "months_later",
    "more", "multiplied", "rounded", "subtracted", "trimmed_length", "unequal", "whole", "without",
]  # fmt: skip

DIVISION_ERROR = CellError("#DIV/0!")
NUMBERS = frozenset({float, int})
"""Types of numbers; a truth value is of another."""


def _rank(value: CellValue) -> int:
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


def _ordered(left: CellValue, right: CellValue) -> tuple[object, object] | CellError:
    """Two values made comparable: numbers come before text, text before truth values."""
    for value in (left, right):
        if isinstance(value, CellError):
            return value
    left = ("" if isinstance(right, str) else 0.0) if left is None else left
    right = ("" if isinstance(left, str) else 0.0) if right is None else right
    keys = [
        (_rank(v), v.lower() if isinstance(v, str) else float(v))
        for v in (left, right)
        if not isinstance(v, CellError | None)
    ]
    return keys[0], keys[1]


def _comparison(function: Callable[..., bool]) -> Callable[[CellValue, CellValue], CellValue]:
    """A comparison of any two values."""

    def compare(left: CellValue, right: CellValue) -> CellValue:
        if type(left) in NUMBERS and type(right) in NUMBERS:
            return function(left, right)
        if type(left) is str and type(right) is str:
            return function(left.lower(), right.lower())
        keys = _ordered(left, right)
        return keys if isinstance(keys, CellError) else function(*keys)

    return compare


equal, unequal = _comparison(operator.eq), _comparison(operator.ne)
less, more = _comparison(operator.lt), _comparison(operator.gt)
at_most, at_least = _comparison(operator.le), _comparison(operator.ge)


def _calculation(
    function: Callable[[float, float], float], *, divides: bool = False
) -> Callable[..., CellValue]:
    """Arithmetic from left to right."""

    def calculate(*values: CellValue) -> CellValue:
        numbers: list[float] = []
        for value in values:
            number = value if type(value) is float else as_number(value)
            if isinstance(number, CellError):
                return number
            numbers.append(number)
        result = numbers[0]
        for number in numbers[1:]:
            if divides and number == 0:
                return DIVISION_ERROR
            result = function(result, number)
        return result

    return calculate


added, subtracted = _calculation(operator.add), _calculation(operator.sub)
multiplied, divided = _calculation(operator.mul), _calculation(operator.truediv, divides=True)


def _truths(values: Iterable[CellValue]) -> list[bool] | CellError:
    found: list[bool] = []
    for value in values:
        if type(value) is bool:
            found.append(value)
        elif isinstance(value, CellError):
            return value
        elif isinstance(value, str):
            return VALUE_ERROR
        else:
            found.append(bool(value))
    return found


def every(values: Sequence[CellValue]) -> CellValue:
    """AND: an error counts before a value that is false."""
    truths = _truths(values)
    return truths if isinstance(truths, CellError) else all(truths)


def either(values: Sequence[CellValue]) -> CellValue:
    """OR: an error counts before a value that is true."""
    truths = _truths(values)
    return truths if isinstance(truths, CellError) else any(truths)


def rounded(value: CellValue, digits: int) -> CellValue:
    """ROUND."""
    number = as_number(value)
    return number if isinstance(number, CellError) else round_half_away(number, digits)


def whole(value: CellValue) -> CellValue:
    """INT."""
    number = as_number(value)
    return number if isinstance(number, CellError) else float(math.floor(number))


def _as_text(value: CellValue) -> str:
    return value if isinstance(value, str) else "" if value is None else f"{value:g}"


def trimmed_length(value: CellValue) -> CellValue:
    """LEN(TRIM(text)): only ordinary spaces are trimmed."""
    if isinstance(value, CellError):
        return value
    return float(len(" ".join(part for part in _as_text(value).split(" ") if part)))


def without(value: CellValue, gone: dict[int, None]) -> CellValue:
    """SUBSTITUTE of characters by nothing."""
    return value if isinstance(value, CellError) else _as_text(value).translate(gone)
