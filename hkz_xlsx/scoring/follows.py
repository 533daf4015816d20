"""What follows from an expression alone, worked out once for all expressions that are equal.

Every client with a scope of its own has a plan of its own, and nearly all of its expressions are
those of the plan before: some are the same objects, the others equal ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

KEPT = 256
"""Results that a function from keys to expressions keeps: more than there are themes and norms."""

MOST = 6_000
"""Expressions kept of the last plans; a large plan has some 1,500."""


class Follows(Generic[T]):
    """Results by expression; one that is not there yet is made when asked for.

    What was not asked for lately goes: when ``most`` are kept they become the old ones, and the
    old ones before them are gone.

    Args:
        make: what makes a result of an expression, or of a tuple of them; it raises nothing.
        most: results of one generation; at most twice as many are kept.
        equal: whether expressions that are equal share what follows; else only the same object.
    """

    def __init__(self, make: Callable[[Any], T], most: int = MOST, *, equal: bool = True) -> None:
        self._make, self._most = make, most
        self._of = self._of_equal if equal else make
        # By number of the object first: to compare expressions is to walk through them. The object
        # is kept beside it, so that its number stays its own.
        self._same: dict[int, tuple[object, T]] = {}
        self._same_before: dict[int, tuple[object, T]] = {}
        self._equal: dict[object, T] = {}
        self._equal_before: dict[object, T] = {}

    def __call__(self, e: object) -> T:
        """What follows from an expression."""
        known = self._same.get(id(e))
        if known is not None:
            return known[1]
        known = self._same_before.pop(id(e), None)
        found = self._of(e) if known is None else known[1]
        if len(self._same) >= self._most:
            self._same_before, self._same = self._same, {}
        self._same[id(e)] = (e, found)
        return found

    def _of_equal(self, e: object) -> T:
        found = self._equal.get(e)
        if found is None:
            found = self._equal_before.pop(e, None)
            if found is None:
                found = self._make(e)
            if len(self._equal) >= self._most:
                self._equal_before, self._equal = self._equal, {}
            self._equal[e] = found
        return found
