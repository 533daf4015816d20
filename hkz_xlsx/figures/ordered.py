"""Values in order: quantiles, also of all but one of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol


class Ordered(Protocol):
    """Values from low to high."""

    def __len__(self) -> int:
        """How many."""

    def __getitem__(self, index: int, /) -> float:
        """One by rank, from 0."""


def quantile(values: Ordered, share: float) -> float:
    """Linear between ordered values, as QUARTILE.INC."""
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


class Others:
    """Values without one of them, in order, without copying."""

    def __init__(self, values: Sequence[float], own: float) -> None:
        self._values, self._own = values, bisect_left(values, own)

    def __len__(self) -> int:
        return len(self._values) - 1

    def __getitem__(self, index: int) -> float:
        return self._values[index + (index >= self._own)]
