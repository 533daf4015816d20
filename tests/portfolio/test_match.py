"""Whose a file is: joined only when that is certain, the same in any order."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hkz_xlsx.portfolio.match import Seen, match, round_of


def seen(file_id: str, **known: str) -> Seen:
    defaults = {
        "workbook_id": "",
        "kvk": "",
        "location": "",
        "name": "",
        "day": "2026-03-01",
        "edition_set": "e",
    }
    return Seen(file_id, answered=10, **{**defaults, **known})


def reasons(*files: Seen) -> set[str]:
    return {d.reason for d in match(files).doubts}


def test_workbook_id_joins_unless_contradicted() -> None:
    one, two = (
        seen("a", workbook_id="w", kvk="12345678"),
        seen("b", workbook_id="w", day="2025-01-01"),
    )
    found = match([one, two])
    assert found.organisations["a"] == found.organisations["b"]
    assert found.matched_by["a"] == "kvk"
    other = seen("c", workbook_id="w", kvk="87654321")
    found = match([one, two, other])
    assert len(set(found.organisations.values())) == 3
    assert {d.reason for d in found.doubts} == {"id_contradicted"}
    elsewhere = match(
        [seen("a", workbook_id="w", location="Noord"), seen("b", workbook_id="w", location="Zuid")]
    )
    assert elsewhere.organisations["a"] != elsewhere.organisations["b"]


def test_number_and_location_join() -> None:
    north, same = (
        seen("a", kvk="12345678", location="Noord"),
        seen("b", kvk="1234 5678", location=" noord "),
    )
    south, blank = seen("c", kvk="12345678", location="Zuid"), seen("d", kvk="12345678")
    found = match([north, same, south, blank])
    assert found.organisations["a"] == found.organisations["b"]
    assert len(set(found.organisations.values())) == 3
    assert "location_missing" in {d.reason for d in found.doubts}
    assert reasons(seen("a", kvk="123"), seen("b", kvk="123")) == set()


def test_a_name_alone_joins_nothing() -> None:
    files = [seen("a", name="De Brug"), seen("b", name="de brug", kvk="12345678")]
    found = match(files)
    assert found.organisations["a"] != found.organisations["b"]
    assert {d.reason for d in found.doubts} == {"name_only"}


def test_the_newest_of_a_round_counts() -> None:
    old = seen("a", kvk="12345678", day="2026-01-01")
    new = seen("b", kvk="12345678", day="2026-06-01")
    before = seen("c", kvk="12345678", day="2025-06-01")
    found = match([old, new, before])
    assert found.superseded == {"a": "b"}
    assert found.current == {"b"}
    assert found.rounds["c"] == "2025"
    other = seen("d", kvk="12345678", day="2026-02-01", edition_set="f")
    assert match([old, new, other]).superseded == {"a": "b"}
    assert match([old, new], "month").superseded == {}


def test_two_returns_of_one_day_are_listed() -> None:
    files = [seen("a", kvk="12345678"), seen("b", kvk="12345678")]
    found = match(files)
    assert len(found.superseded) == 1
    assert {d.reason for d in found.doubts} == {"same_date"}


def test_copies_of_one_file_are_no_doubt() -> None:
    files = [replace(seen(key, kvk="12345678"), content="same") for key in "ab"]
    found = match(files)
    assert (len(found.superseded), found.doubts) == (1, ())


def test_rounds() -> None:
    assert [round_of("2026-07-15", k) for k in ("year", "half", "quarter", "month")] == [
        "2026", "2026-H2", "2026-Q3", "2026-07",
    ]  # fmt: skip
    assert round_of("", "year") == ""


files = st.lists(
    st.builds(
        lambda w, k, loc, n, d: (w, k, loc, n, d),
        st.sampled_from(["", "w1", "w2"]), st.sampled_from(["", "12345678", "87654321"]),
        st.sampled_from(["", "Noord", "Zuid"]), st.sampled_from(["", "Brug", "Dam"]),
        st.sampled_from(["", "2025-01-01", "2026-01-01"]),
    ),
    max_size=12,
)  # fmt: skip


@given(files, st.integers())
@settings(max_examples=300, deadline=None)
def test_order_does_not_matter_and_contradictions_never_join(
    found: list[tuple[str, ...]], seed: int
) -> None:
    given = [
        seen(f"{i:02d}", workbook_id=w, kvk=k, location=loc, name=n, day=d)
        for i, (w, k, loc, n, d) in enumerate(found)
    ]
    mixed = list(given)
    random.Random(seed).shuffle(mixed)
    one, other = match(given), match(mixed)
    assert one == other
    by_organisation: dict[str, list[Seen]] = {}
    for file in given:
        by_organisation.setdefault(one.organisations[file.file_id], []).append(file)
    for group in by_organisation.values():
        assert len({file.number for file in group if file.number}) <= 1
        assert len({file.place for file in group if file.place}) <= 1
    for file in given:
        newest = one.superseded.get(file.file_id)
        assert newest is None or newest not in one.superseded
