"""Which groups are too small to show, and how counts are rounded: without any file."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from hkz_xlsx.portfolio.privacy import (
    Part,
    hidden,
    published_ratio,
    published_share,
    rounded_count,
)


@st.composite
def fields(draw: st.DrawFn) -> tuple[int, list[frozenset[str]], list[frozenset[str]]]:
    """A smallest group; groups that contain one another, about k larger each time, and some of
    any size; parts of about k that share out everybody."""
    k = draw(st.integers(3, 8))
    about = st.sampled_from((k - 1, k, k + 1, 2 * k))
    nested, size = [], 0
    for step in draw(st.lists(about, min_size=1, max_size=4)):
        size += step
        nested.append(frozenset(map(str, range(size))))
    free = draw(st.lists(st.sets(st.integers(0, 30)), max_size=2))
    parts, first = [], 0
    for step in draw(st.lists(about, min_size=1, max_size=5)):
        parts.append(frozenset(map(str, range(first, first + step))))
        first += step
    return k, nested + [frozenset(map(str, one)) for one in free if one], parts


MET: Counter[str] = Counter()
"""How many runs met a group or a difference of k - 1, k and k + 1."""


@given(fields())
@settings(max_examples=300, deadline=None)
def test_no_cell_and_no_difference_is_small(
    field: tuple[int, list[frozenset[str]], list[frozenset[str]]],
) -> None:
    """Whatever the groups are: overlapping ones, and those that share out a total."""
    k, groups, shares = field
    total = frozenset[str]().union(*shares)
    parts = {f"part {i}": found for i, found in enumerate(shares)}
    cells = {f"group {i}": found for i, found in enumerate(groups)} | parts
    gone = hidden(cells, [(total, list(parts))], k)
    shown = {cell: found for cell, found in cells.items() if cell not in gone}
    sizes = {len(found) for found in cells.values()}
    sizes |= {len(b - a) for a in cells.values() for b in cells.values() if a < b}
    MET["runs"] += 1
    for name, size in (("k - 1", k - 1), ("k", k), ("k + 1", k + 1)):
        if size in sizes:
            MET[name] += 1
            event(f"{name} is met")
    assert all(len(found) >= k for found in shown.values())
    for one, other in combinations(shown.values(), 2):
        small, large = sorted((one, other), key=len)
        assert not (small < large and len(large - small) < k)
    left = total.difference(*(shown[c] for c in parts if c in shown))
    assert not any(c in shown for c in parts) or not 0 < len(left) < k


def test_most_runs_meet_the_boundary() -> None:
    """The property above says something of the rule only where a group is just too small or not."""
    if not MET["runs"]:
        test_no_cell_and_no_difference_is_small()
    for name in ("k - 1", "k", "k + 1"):
        assert MET[name] > MET["runs"] / 2, MET


@pytest.mark.parametrize("k", [3, 5, 12])
def test_the_smallest_group_that_is_shown(k: int) -> None:
    """k organisations are shown, one fewer are not: by themselves, and as a difference."""
    some = [frozenset(map(str, range(size))) for size in (k - 1, k, k + 1)]
    assert [bool(hidden({"a": found}, [], k)) for found in some] == [True, False, False]
    for far in (k - 1, k, k + 1):
        large = frozenset(map(str, range(2 * k + far)))
        cells = {"small": frozenset(map(str, range(2 * k))), "large": large}
        assert bool(hidden(cells, [], k)) == (far < k)
        assert bool(hidden({"small": cells["small"]}, [(large, ["small"])], k)) == (far < k)


def test_what_is_large_enough_is_shown() -> None:
    """Suppression hides no more than it must."""
    first, second = frozenset(map(str, range(10))), frozenset(map(str, range(10, 25)))
    assert hidden({"a": first, "b": second}, [(first | second, ["a", "b"])], 5) == frozenset()
    third = frozenset({"25", "26"})
    cells = {"a": first, "b": second, "c": third}
    assert hidden(cells, [(first | second | third, ["a", "b", "c"])], 5) == {"c", "a"}


def test_rounding() -> None:
    assert [rounded_count(n, 5) for n in (0, 4, 5, 9, 26)] == [0, 0, 5, 5, 25]
    assert published_share(Part(10, 30), 5) == 40.0  # 12 of 32: the middles of 10-14 and 30-34
    assert published_ratio(Part(70, 30, by=12), 5) == 2.25
