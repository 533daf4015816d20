"""Which groups are too small to show, and how counts are rounded: without any file."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from hkz_xlsx.figures.privacy import (
    CountedPart,
    disclosure,
    hidden,
    published_ratio,
    published_share,
    rounded_count,
    share_bound,
)


@st.composite
def fields(draw: st.DrawFn) -> tuple[int, list[frozenset[str]], list[frozenset[str]]]:
    """A smallest group; groups that contain one another, about k larger each time, and some of
    any size; parts of about k that share out everybody."""
    k = draw(st.integers(3, 8))
    about = st.sampled_from((k - 1, k, k + 1, 2 * k))
    nested, size = [], 0
    for step in draw(st.lists(about, min_size=2, max_size=4)):
        size += step
        nested.append(frozenset(map(str, range(size))))
    free = draw(st.lists(st.sets(st.integers(0, 30)), max_size=2))
    parts, first = [], 0
    for step in draw(st.lists(about, min_size=3, max_size=5)):
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
    assert (
        published_share(CountedPart(10, 30), 5) == 40.0
    )  # 12 of 32: the middles of 10-14 and 30-34
    assert published_ratio(CountedPart(70, 30, by=12), 5) == 2.25


def test_shares_at_their_edges() -> None:
    """To the nearest step, and never to 0 or 100, however many there are."""
    assert published_share(CountedPart(15, 20), 5) == 75.0  # 17 of 22
    assert published_share(CountedPart(495, 500), 5) == 95.0
    assert published_share(CountedPart(5, 500), 5) == 5.0
    assert [share_bound(CountedPart(3, n), 5) for n in (7, 17, 20, 24, 25, 99)] == [
        100,
        35,
        25,
        25,
        20,
        10,
    ]


@pytest.mark.parametrize(
    ("k", "counts", "told"),
    [
        # Several usual answers, and one: nothing is hidden but what is rare.
        (5, (12, 5, 4, 2, 1, 1, 1, 0), "ssffffff"),
        (5, (20, 1, 1, 1, 1, 1, 1, 0), "sfffffff"),
        (3, (5, 5, 5, 2, 1), "sssff"),
        # All but few.
        (5, (16, 1, 0, 0), "mfff"),
        (5, (9, 1, 0), "mff"),
        # Rare ones only, among enough others to be anything.
        (5, (4, 3, 2, 1), "ffff"),
        (5, (4, 4, 4, 3, 0), "fffff"),
        (3, (2, 2, 2, 2, 1), "fffff"),
        (3, (2, 1), "ff"),
        # Rare ones only, which would all be known: also where one usual answer hides that.
        (3, (2, 2, 2), "kkk"),
        (5, (4, 3, 3), "kkk"),
        (5, (6, 3, 2), "kkk"),
        (5, (5, 5, 0), "ssf"),
        # Beside the others two or more are left: the largest is not shown, nor where one step
        # less of it would say so.
        (5, (14, 3, 3), "kff"),
        (5, (9, 4, 4), "kff"),
        (5, (10, 9, 4, 2), "ksff"),
        (5, (3, 3, 10, 4, 0), "kkkkk"),
    ],
)
def test_what_is_said_of_answers(k: int, counts: tuple[int, ...], told: str) -> None:
    """Of all answers to one question: s(hown), f(ew), m(ost) or k(ept back)."""
    found = [
        disclosure(CountedPart(count, sum(counts), (*counts[:i], *counts[i + 1 :])), k)[0]
        for i, count in enumerate(counts)
    ]
    assert "".join(found) == told


def test_a_rest_of_one_is_as_small_as_any() -> None:
    total = frozenset(map(str, range(11)))
    parts = {"a": frozenset(map(str, range(5))), "b": frozenset(map(str, range(5, 10)))}
    assert hidden(parts, [(total, ["a", "b"])], 5) == {"a"}
    larger = {"a": frozenset(map(str, range(6))), "b": frozenset(map(str, range(6, 11)))}
    rest = frozenset(map(str, range(14)))
    assert hidden(larger, [(rest, ["a", "b"])], 5) == {"b"}


def test_the_smallest_group_goes_whatever_their_order() -> None:
    """The smallest; of equal ones the first by name: the same in every run."""
    everybody = [str(i) for i in range(40)]
    cells = {
        "b": frozenset(everybody[:8]), "a": frozenset(everybody[8:13]), "d": frozenset(everybody[13:18]),
        "c": frozenset(everybody[:10]), "e": frozenset(everybody[20:25]), "f": frozenset(everybody[25:30]),
        "g": frozenset(everybody[20:32]),
    }  # fmt: skip
    tables = [(frozenset(everybody[:20]), ["b", "a", "d"])]
    found = {
        hidden({key: cells[key] for key in order}, [(t, sorted(m, key=order.index)) for t, m in tables], 5)
        for order in permutations(cells)
    }  # fmt: skip
    assert found == {frozenset({"a", "b"})}


def test_the_same_group_twice_is_no_difference() -> None:
    same = frozenset(map(str, range(7)))
    assert hidden({"a": same, "b": same}, [], 5) == frozenset()


def test_of_too_few_nothing_is_said() -> None:
    """Of fewer than k, and of a number that came from fewer than k, however large it is."""
    assert disclosure(CountedPart(4, 4), 5) == "kept"
    assert disclosure(CountedPart(40, 4, by=4), 5) == "kept"
    assert disclosure(CountedPart(40, 20, by=4), 5) == "kept"
    assert disclosure(CountedPart(40, 20, by=5), 5) == "shown"
    assert disclosure(CountedPart(5, 5), 5) == "most"
