"""Groups too small to show, and those that give a small one away by subtraction.

The threshold rule and secondary suppression as statistical offices use them (Hundepool et al.,
Statistical Disclosure Control, 2012, ch. 4). Counts are rounded down to a multiple of the
threshold, so that the difference of two published counts is no small number either. Shares are
made of rounded counts, so that they say no more than those.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

DEFAULT_K = 5
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
    # Each cell that goes can leave another to be had by subtraction: until nothing more follows.
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
            if larger - size < k and people < others:
                # The smaller of the two, so that least is lost; one at a time, as what goes may
                # settle the rest.
                return {cell}
    return set()


def _by_total(
    cells: Mapping[Cell, People], tables: Sequence[tuple[People, Sequence[Cell]]],
    gone: set[Cell], k: int,
) -> set[Cell]:  # fmt: skip
    for total, members in tables:
        shown = [cell for cell in members if cell not in gone]
        rest = total.difference(*(cells[cell] for cell in shown))
        # What a total leaves after its cells is a group too, though no table names it.
        if shown and 0 < len(rest) < k:
            return {min(shown, key=lambda cell: (len(cells[cell]), str(cell)))}
    return set()


def rounded_count(n: float, k: int) -> int:
    """A count as it may be published: down to a multiple of k."""
    return int(n // k) * k


@dataclass(frozen=True, slots=True)
class CountedPart:
    """So many of so many, from which a count, a share or a mean is made.

    ``count`` of ``of`` organisations; also points of a score, which need not be whole. ``others``
    are the counts of the other answers where every organisation gave exactly one: together they
    are ``of``. ``by`` is how many organisations the count came from, where it is no number of
    organisations.
    """

    count: float
    of: int
    others: tuple[int, ...] = ()
    by: int | None = None

    @property
    def ratio(self) -> float | None:
        """Exactly; None of nothing."""
        return self.count / self.of if self.of else None


Disclosure = Literal["few", "most", "kept", "shown"]
"""Fewer than k; all but fewer than k; another reason not to show it; may be shown."""


def disclosure(part: CountedPart, k: int) -> Disclosure:
    """Whether a count may be shown, and what may be said instead.

    Zero is hidden as every count below k is: what is said then is true of both.
    """
    if part.of < k or (part.by is not None and part.by < k):
        return "kept"
    if part.by is not None:
        return "shown"
    return _among(part, k) if part.others else _alone(part.count, part.of, k)


def _among(part: CountedPart, k: int) -> Disclosure:
    """The same for one of several answers, which together say more than each of them.

    What is decided here follows from what would be published only: then that something is not
    shown says no more than the figures that could stand there.
    """
    counts = (int(part.count), *part.others)
    told = [_alone(count, part.of, k) for count in counts]
    usual = [i for i, one in enumerate(told) if one == "shown"]
    # Where only rare answers add up to so many, all of them would be known almost exactly: then
    # nothing is said of such answers, nor of those that one usual answer stands among.
    room = 1 + (len(counts) - 1) * (k - 1)
    crowded = room < rounded_count(part.of, k) <= len(counts) * (k - 1)
    if crowded and "most" not in told and len(usual) <= 1:
        return "kept"
    if not usual:
        return told[0]
    # The largest goes where the others would give rare answers away, and where one step less of
    # it would: so either could be the reason.
    shown = [_bounds(count, k) for count in counts]
    largest = max(shown[i] for i in usual)
    if shown[0] != largest or told[0] != "shown":
        return told[0]
    low, high = largest
    less = [(low - k, high - k) if bound == largest else bound for bound in shown]
    total = rounded_count(part.of, k)
    pinned = _pinned(shown, total) or (low >= 2 * k and _pinned(less, total))
    return "kept" if pinned else "shown"


def _alone(count: float, of: int, k: int) -> Disclosure:
    if count < k:
        return "few"
    return "most" if of - count < k else "shown"


def _pinned(bounds: Sequence[tuple[int, int]], total: int) -> bool:
    """Whether bounds of all answers, and of their sum, say of a rare one that two or more gave it.

    Then less than 1 to k - 1 is left for it, and it is as good as told.
    """
    most = sum(high for _, high in bounds)
    return any(low == 0 and total - (most - high) > 1 for low, high in bounds)


def _bounds(count: int, k: int) -> tuple[int, int]:
    """Least and most that a count can be for whoever reads what is published of it."""
    low = rounded_count(count, k)
    return low, low + k - 1


def published_share(part: CountedPart, k: int) -> float:
    """A share in percent as it may be published, of a part that may be shown.

    From the middles of what the rounded counts can stand for, to steps of `SHARE_STEP`; never 0
    or 100, which would say something of everybody.
    """
    found = SHARE_STEP * round(100 * published_ratio(part, k) / SHARE_STEP)
    return min(100 - SHARE_STEP, max(SHARE_STEP, found))


def published_ratio(part: CountedPart, k: int) -> float:
    """A mean as it may be published: from nothing but rounded counts."""
    middle = (k - 1) / 2
    return (rounded_count(part.count, k) + middle) / (rounded_count(part.of, k) + middle)


def share_bound(part: CountedPart, k: int) -> float:
    """What a share of fewer than k of ``of`` stays below, in percent: from the rounded number."""
    return SHARE_STEP * math.ceil(100 * k / rounded_count(part.of, k) / SHARE_STEP)
