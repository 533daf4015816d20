"""What was worked out of a stretch of XML, kept for the next file that holds the same stretch.

Thousands of returned files of one edition differ in what people typed. Everything here follows
from the bytes it is kept under and from nothing else, so a file gives the same with and without.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Memory(dict[bytes, T]):
    """Results by the bytes they follow from; what is not there yet is made when asked for.

    What was not asked for lately goes: when ``most`` are kept they become the old ones, and the
    old ones before them are gone.

    Args:
        make: what makes a result; what it raises passes through, and nothing is kept.
        most: results of one generation; at most twice as many are kept.
        longest: bytes of the longest stretch that is kept.
    """

    __slots__ = ("_longest", "_make", "_most", "_old")

    def __init__(self, make: Callable[[bytes], T], most: int, longest: int) -> None:
        self._make, self._most, self._longest = make, most, longest
        self._old: dict[bytes, T] = {}

    def __missing__(self, key: bytes) -> T:
        found = self._old.pop(key, None)
        if found is None:
            found = self._make(key)
            if len(key) > self._longest:
                return found
        if len(self) >= self._most:
            self._old = self.copy()
            self.clear()
        self[key] = found
        return found


def remembered(
    most: int, longest: int
) -> Callable[[Callable[Concatenate[bytes, P], T]], Callable[Concatenate[bytes, P], T]]:
    """Keep the latest results of a function of a whole part. What it gives must not be changed.

    Args:
        most: results to keep.
        longest: bytes of the largest part that is kept.
    """

    def around(
        function: Callable[Concatenate[bytes, P], T],
    ) -> Callable[Concatenate[bytes, P], T]:
        kept: Callable[..., T] = lru_cache(maxsize=most)(function)

        def call(data: bytes, /, *args: P.args, **named: P.kwargs) -> T:
            if len(data) <= longest:
                return kept(data, *args, **named)
            return function(data, *args, **named)

        return call

    return around
