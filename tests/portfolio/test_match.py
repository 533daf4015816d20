"""Whose a file is: joined only when that is certain, the same in any order."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkz_xlsx.layout.whose import Stated
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
        seen("a", workbook_id="w", kvk="51234568"),
        seen("b", workbook_id="w", day="2025-01-01"),
    )
    found = match([one, two])
    assert found.organisations["a"] == found.organisations["b"]
    assert found.matched_by["a"] == "kvk"
    other = seen("c", workbook_id="w", kvk="62345679")
    found = match([one, two, other])
    assert len(set(found.organisations.values())) == 3
    assert {d.reason for d in found.doubts} == {"id_contradicted"}
    elsewhere = match(
        [seen("a", workbook_id="w", location="Noord"), seen("b", workbook_id="w", location="Zuid")]
    )
    assert elsewhere.organisations["a"] != elsewhere.organisations["b"]


def test_number_and_location_join() -> None:
    north, same = (
        seen("a", kvk="51234568", location="Noord"),
        seen("b", kvk="5123 4568", location=" noord "),
    )
    south, blank = seen("c", kvk="51234568", location="Zuid"), seen("d", kvk="51234568")
    found = match([north, same, south, blank])
    assert found.organisations["a"] == found.organisations["b"]
    assert len(set(found.organisations.values())) == 3
    assert "location_missing" in {d.reason for d in found.doubts}
    assert reasons(seen("a", kvk="123"), seen("b", kvk="123")) == set()


def test_a_missing_location_joins_where_there_is_one_place() -> None:
    """The same number and no location is the same; with two places nobody can tell."""
    found = match([seen("a", kvk="51234568", location="Noord"), seen("b", kvk="51234568")])
    assert found.organisations["a"] == found.organisations["b"]
    assert reasons(
        seen("a", kvk="51234568", location="Noord"), seen("b", kvk="51234568", location="Zuid")
    ) == {"sites"}


@pytest.mark.parametrize("number", ["00000000", "11111111", "12345678", "87654321", "123", "x"])
def test_numbers_of_nobody_join_nobody(number: str) -> None:
    files = [seen("a", name="Org C", kvk=number), seen("b", name="Org D", kvk=number)]
    found = match(files)
    assert found.organisations["a"] != found.organisations["b"]
    assert set(found.matched_by.values()) == {"file"}


@pytest.mark.parametrize(
    "number", ["1234567", "01234567", "0123 4567", "01.23.45.67", "KvK 01234567"]
)
def test_a_zero_in_front_and_signs_between_make_no_other_number(number: str) -> None:
    found = match([seen("a", kvk="01234567"), seen("b", kvk=number)])
    assert found.organisations["a"] == found.organisations["b"]


def test_a_name_joins_where_nothing_contradicts() -> None:
    """With its reason; of two that could be meant it joins neither."""
    files = [seen("a", name="De Brug"), seen("b", name="de brug", kvk="51234568")]
    found = match(files)
    assert found.organisations["a"] == found.organisations["b"]
    assert {d.reason for d in found.doubts} >= {"name_joined"}
    third = seen("c", name="De Brug", kvk="62345679")
    found = match([*files, third])
    assert len(set(found.organisations.values())) == 3
    assert {d.reason for d in found.doubts} == {"name_only"}
    north = seen("n", name="De Brug", location="Noord")
    south = seen("s", name="De Brug", location="Zuid")
    found = match([north, south, replace(north, file_id="m", location="locatie noord")])
    assert found.organisations["n"] == found.organisations["m"] != found.organisations["s"]
    assert set(found.matched_by.values()) == {"name", "file"}
    blank = match([north, south, seen("b", name="De Brug")])
    assert len(set(blank.organisations.values())) == 3
    assert {d.reason for d in blank.doubts} == {"name_only"}


def test_an_id_with_another_name_is_joined_and_listed() -> None:
    files = [
        seen("a", workbook_id="w", name="De Brug", kvk="51234568"),
        seen("b", workbook_id="w", name="Stichting Water"),
    ]
    found = match(files)
    assert found.organisations["a"] == found.organisations["b"]
    assert "other_name" in {d.reason for d in found.doubts}


def test_what_is_stated_joins_and_is_recorded() -> None:
    """A merger: two numbers, one client; its sites stay apart."""
    stated = Stated.of([("51234568", "6234 5679"), ("Oude Naam", "51234568")])
    files = [
        seen("a", kvk="51234568", location="Noord"),
        seen("b", kvk="62345679", location="Noord", day="2025-01-01"),
        seen("c", name="oude naam", location="Noord", day="2024-01-01"),
        seen("d", kvk="62345679", location="Zuid"),
    ]
    found = match(files, "year", stated)
    assert len({found.organisations[key] for key in "abc"}) == 1
    assert found.organisations["d"] != found.organisations["a"]
    assert found.matched_by["a"] == "same_client"
    assert {("a", "b"), ("a", "c")} <= {
        (d.file_id, d.other) for d in found.doubts if d.reason == "same_client"
    }
    assert len(set(match(files).organisations.values())) == 4


def test_the_newest_of_a_round_counts() -> None:
    old = seen("a", kvk="51234568", day="2026-01-01")
    new = seen("b", kvk="51234568", day="2026-06-01")
    before = seen("c", kvk="51234568", day="2025-06-01")
    found = match([old, new, before])
    assert found.superseded == {"a": "b"}
    assert found.current == {"b"}
    assert found.rounds["c"] == "2025"
    other = seen("d", kvk="51234568", day="2026-02-01", edition_set="f")
    assert match([old, new, other]).superseded == {"a": "b"}
    assert match([old, new], "month").superseded == {}


def test_two_returns_of_one_day_are_listed() -> None:
    files = [seen("a", kvk="51234568"), seen("b", kvk="51234568")]
    found = match(files)
    assert len(found.superseded) == 1
    assert {d.reason for d in found.doubts} == {"same_date"}


def test_copies_of_one_file_are_no_doubt() -> None:
    files = [replace(seen(key, kvk="51234568"), content="same") for key in "ab"]
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
        st.sampled_from(["", "w1", "w2"]), st.sampled_from(["", "51234568", "62345679"]),
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
