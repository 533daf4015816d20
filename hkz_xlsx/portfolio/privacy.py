"""Groups too small to show, and those that give a small one away by subtraction.

The threshold rule and secondary suppression as statistical offices use them (Hundepool et al.,
Statistical Disclosure Control, 2012, ch. 4). Counts are rounded down to a multiple of the
threshold, so that the difference of two published counts is no small number either.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

DEFAULT_K, FEWEST_K = 5, 3
QUARTILES_FROM = 10
"""Quartiles of fewer organisations come too near to single ones."""

SHARE_STEP = 5.0
"""Shares are rounded to this many percent points."""

Cell = TypeVar("Cell", bound=Hashable)
People = frozenset[str]


def hidden(
    cells: Mapping[Cell, People], tables: Sequence[tuple[People, Sequence[Cell]]], k: int
) -> frozenset[Cell]:
    """The cells that must not be shown.

    Args:
        cells: the organisations in every cell that could be shown.
        tables: per table the organisations of its published total, and its cells.
        k: the smallest group that may be seen.

    Returns:
        cells such that of the others none is smaller than k, no difference of two of which
        one contains the other is, and neither is what a total leaves after its cells.
    """
    gone = {cell for cell, people in cells.items() if len(people) < k}
    while True:
        more = _by_difference(cells, gone, k) | _by_total(cells, tables, gone, k)
        if not more:
            return frozenset(gone)
        gone |= more


def _by_difference(cells: Mapping[Cell, People], gone: set[Cell], k: int) -> set[Cell]:
    shown = sorted(
        (
            (len(people), str(cell), cell, people)
            for cell, people in cells.items()
            if cell not in gone
        ),
        key=lambda one: one[:2],
    )
    for index, (size, _, cell, people) in enumerate(shown):
        for larger, _, _, others in shown[index + 1 :]:
            if 0 < larger - size < k and people < others:
                return {cell}
    return set()


def _by_total(
    cells: Mapping[Cell, People], tables: Sequence[tuple[People, Sequence[Cell]]],
    gone: set[Cell], k: int,
) -> set[Cell]:  # fmt: skip
    for total, members in tables:
        shown = [cell for cell in members if cell not in gone]
        rest = total.difference(*(cells[cell] for cell in shown))
        if shown and 0 < len(rest) < k:
            return {min(shown, key=lambda cell: (len(cells[cell]), str(cell)))}
    return set()


def rounded_count(n: int, k: int) -> int:
    """A count as it may be published: down to a multiple of k."""
    return n - n % k


def rounded_share(percent: float) -> float:
    """A share as it may be published."""
    return SHARE_STEP * round(percent / SHARE_STEP)
