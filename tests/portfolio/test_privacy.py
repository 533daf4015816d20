"""Small groups are not shown, nor can they be computed; nothing personal leaves."""

from __future__ import annotations

import zipfile
from collections import Counter
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from hkz_xlsx.portfolio.figures import Choices
from hkz_xlsx.portfolio.intervals import median_ranks, wilson
from hkz_xlsx.portfolio.outputs import SUFFIXES, render
from hkz_xlsx.portfolio.privacy import Part, hidden, published_ratio, published_share, rounded_count
from hkz_xlsx.portfolio.report import figures_of
from tests.portfolio.conftest import Made


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


@pytest.fixture(scope="module")
def anonymous(made: Made) -> dict[str, bytes]:
    found = figures_of(str(made.folder), Choices(anonymous=True))
    return {suffix: render(found, suffix) for suffix in SUFFIXES}


def everything(suffix: str, data: bytes) -> str:
    """All text of an output, of every part of a package."""
    if suffix == ".xlsx":
        with zipfile.ZipFile(BytesIO(data)) as package:
            return "\n".join(package.read(n).decode("utf-8", "replace") for n in package.namelist())
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        return repr(pq.read_table(BytesIO(data)).to_pylist())
    return data.decode("utf-8")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_personal_leaves(suffix: str, made: Made, anonymous: dict[str, bytes]) -> None:
    """No name, number, file name, date of one, free text or exact reference date."""
    text = everything(suffix, anonymous[suffix])
    secrets = {
        "geheim",
        "Jansen",
        "retour-",
        "Stichting",
        "kapot",
        str(made.files),
        made.files.name + "/",
    }
    for one in made.members:
        secrets |= {one.name, one.kvk}
    for secret in secrets:
        assert secret not in text, secret
    assert "HKZ 125" in text


def test_small_groups_do_not_leave(made: Made) -> None:
    """Every n is a multiple of k, nobody stands alone, and no extremes are there."""
    found = figures_of(str(made.folder), Choices(anonymous=True, k=5))
    for section in found.sections:
        keys = [h.key for h in section.headings]
        assert not {"lowest", "highest", "first_date", "file", "organisation"} & set(keys)
        for row in section.rows:
            n = row[keys.index("n")]
            assert isinstance(n, int)
            assert n >= 5
            for heading, value in zip(section.headings, row, strict=True):
                if heading.kind in ("whole", "share") and isinstance(value, int | float):
                    assert value, heading
                    assert float(value) % 5 == 0
    plain = figures_of(str(made.folder), Choices())
    assert len(found.sections) < len(plain.sections)
    shown = {row[3] for row in found.section("groups").rows}
    assert shown < {row[3] for row in plain.section("groups").rows}
    with pytest.raises(KeyError):
        found.section("unusual")


def test_what_is_hidden_is_told_to_programs_too(anonymous: dict[str, bytes]) -> None:
    """In csv and Parquet a hidden figure has no value, and says what may be said of it."""
    import csv
    from io import StringIO

    import pyarrow.parquet as pq

    text = anonymous[".csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    table = pq.read_table(BytesIO(anonymous[".parquet"])).to_pylist()
    assert [r["hidden"] for r in rows] == [r["hidden"] for r in table]
    assert [r["value"] == "" for r in rows] == [r["value"] is None for r in table]
    assert all(bool(r["hidden"]) == (r["value"] is None) for r in table)
    assert "< 5" in {r["hidden"] for r in table}


def test_a_larger_k_shows_less(made: Made) -> None:
    five = figures_of(str(made.folder), Choices(anonymous=True, k=5)).section("groups")
    twelve = figures_of(str(made.folder), Choices(anonymous=True, k=12)).section("groups")
    assert len(twelve.rows) < len(five.rows)
    assert twelve.left_out > five.left_out


def test_properties_are_clean(made: Made, anonymous: dict[str, bytes]) -> None:
    """The document names the product, and no user, machine or time."""
    with zipfile.ZipFile(BytesIO(anonymous[".xlsx"])) as package:
        core = package.read("docProps/core.xml").decode()
        names = package.namelist()
    assert "<dc:creator>hkz_xlsx</dc:creator>" in core
    assert not any("external" in name.lower() or "comments" in name for name in names)
    assert made.counts


def test_wilson() -> None:
    """Published values: Newcombe, Statistics in Medicine 17 (1998), table I."""
    for count, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(count, n)
        assert found is not None
        assert found == pytest.approx((100 * low, 100 * high), abs=0.006)
    assert wilson(0, 0) is None


def test_ranks_around_the_median_cover_enough() -> None:
    """Exact binomial coverage of the interval is at least 94 %, at every n."""
    from math import comb

    assert median_ranks(5) is None
    for n in range(6, 200):
        ranks = median_ranks(n)
        assert ranks is not None
        low, high = ranks
        covered = sum(comb(n, i) for i in range(low, high)) / 2**n
        assert covered > 0.94, n


def test_a_sample_has_intervals(made: Made) -> None:
    found = figures_of(str(made.folder), Choices(sample=True))
    for key in ("distribution", "verdicts", "core", "groups"):
        section = found.section(key)
        low, high = section.index("low"), section.index("high")
        middle = section.index({"verdicts": "share", "core": "failed"}.get(key, "median"))
        checked = 0
        for row in section.rows:
            if row[low] is not None:
                assert float(row[low] or 0) <= float(row[middle] or 0) <= float(row[high] or 0)
                checked += 1
        assert checked
    assert Path(made.folder).exists()
