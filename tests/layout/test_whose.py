"""The rule of whose a file is, row by row of its table, and how KvK numbers are understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkz_xlsx.layout.codecs import KvkNumber
from hkz_xlsx.layout.kvk import read_kvk
from hkz_xlsx.layout.whose import Owner, Stated, place, together, told, verdict
from hkz_xlsx.problems import Where

ONE, TWO = "51234568", "73456781"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("01234567", "01234567"),
        ("1234567", "01234567"),
        ("0123 4567", "01234567"),
        ("01.23.45.67", "01234567"),
        ("1.234.567", "01234567"),
        ("1234567.0", "01234567"),
        ("51234568,00", "51234568"),
        ("KvK-nr. 51234568", "51234568"),
        ("51234568 (Groningen)", "51234568"),
        ("５１２３４５６８", "51234568"),
        ("'01234567", "01234567"),
    ],
)
def test_numbers_that_are_one(typed: str, number: str) -> None:
    assert read_kvk(typed).usable == number


@pytest.mark.parametrize(
    "typed",
    [
        "", "00000000", "55555555", "12345678", "87654321", "123456", "512345680", "geen",
        "51234568 73456781", "51234568 / 73456781", "03-04-2026", "2026-04-03", "13-4-2026",
        "1.23457E+07", "5.1234568E7", "1234567.5", "0612345678", "000012345678",
    ],
)  # fmt: skip
def test_what_points_at_nobody(typed: str) -> None:
    assert read_kvk(typed).usable == ""


@pytest.mark.parametrize(
    ("raw", "cell", "state"),
    [
        (1234567, "01234567", "cleaned"),
        (1234567.0, "01234567", "cleaned"),
        (51234568, "51234568", "exact"),
        ("01234567", "01234567", "exact"),
        ("onbekend", "onbekend", "exact"),
    ],
)
def test_a_cell_with_a_number(raw: object, cell: str, state: str) -> None:
    """Kept as typed, but for a zero in front that is put back."""
    found = KvkNumber().from_cell(raw, "nl")  # type: ignore[arg-type]  # whatever a cell can hold
    assert (found.cell, found.state) == (cell, state)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (Owner("A", "", ONE, "w"), Owner("A", "", TWO, "w"), "kvk_differs"),
        (Owner("A", "Noord", ONE), Owner("B", "", ONE), "kvk"),
        (Owner("A", "Noord", ONE), Owner("A", "Locatie noord", ONE), "kvk"),
        (Owner("A", "Noord", ONE), Owner("A", "Zuid", ONE), "location_differs"),
        (Owner("A", "", ONE, "w"), Owner("B", "", "", "w"), "workbook_id"),
        (Owner("A", "", ONE, "w"), Owner("B", "", "00000000", "w"), "workbook_id"),
        (Owner("De Brug"), Owner(" de  brug "), "name"),
        (Owner("De Brug", "", ONE, "w"), Owner("de-brug", "", "", "v"), "name"),
        (Owner("Stichting De Brug"), Owner("De Brug B.V."), "name"),
        (Owner("Stichting"), Owner("Vereniging"), "name_differs"),
        (Owner("De Brug", "Noord"), Owner("De Brug", "Zuid"), "location_differs"),
        (Owner("De Brug", "", ONE), Owner("Water"), "name_differs"),
        (Owner("De Brug", "", "12345678"), Owner("Water", "", "12345678"), "name_differs"),
        (Owner("De Brug", "", ONE), Owner(), "unknown"),
    ],
)
def test_the_rule(one: Owner, other: Owner, reason: str) -> None:
    """The same from either side."""
    assert verdict(one, other).reason == reason
    assert verdict(other, one).reason == reason


@pytest.mark.parametrize(
    ("ours", "theirs", "said", "codes"),
    [
        (Owner("A", "", ONE), Owner("B", "", TWO), False, ["OWNER_KVK_DIFFERS"]),
        (Owner("A", "N", ONE), Owner("A", "Z", ONE), False, ["OWNER_SITE_DIFFERS"]),
        (Owner("A"), Owner("B", "", TWO), False, ["OWNER_NAME_DIFFERS"]),
        (Owner("A"), Owner("a"), False, ["OWNER_BY_NAME"]),
        (Owner("A", "", ONE), Owner(), False, ["OWNER_UNKNOWN"]),
        (Owner("A", "", ONE), Owner("B", "", ONE), False, ["OWNER_OTHER_NAME"]),
        (Owner("Brug", "", ONE), Owner("Stichting Brug", "", ONE), False, []),
        (Owner("A", "", ONE, "w"), Owner("A", "", "", "w"), False, []),
        (Owner("A", "", ONE, "w"), Owner("B", "", "", "w"), False, ["OWNER_OTHER_NAME"]),
        (Owner("A", "", ONE), Owner("B", "", TWO), True, ["OWNER_STATED"]),
        (Owner("A", "N", ONE), Owner("A", "Z", ONE), True, ["OWNER_STATED"]),
        (Owner("A"), Owner("a"), True, []),
    ],
)
def test_what_is_told(ours: Owner, theirs: Owner, said: bool, codes: list[str]) -> None:
    """A message that stops names both numbers."""
    found = told(ours, theirs, Where("x.xlsx"), said=said)
    assert [p.code for p in found] == codes
    if codes == ["OWNER_KVK_DIFFERS"]:
        assert ONE in found[0].message("nl")
        assert TWO in found[0].message("en")


def test_of_three_files_only_the_one_of_another_is_refused() -> None:
    """Also when it is named first; a file without a number belongs by name or workbook id."""
    files = [Owner("B", "", TWO), Owner("A", "Noord", ONE), Owner("a", "Zuid"), Owner("c", "", ONE)]
    found = together([(one, Where(str(i))) for i, one in enumerate(files[1:])])
    assert [(p.code, p.where.file) for p in found] == [
        ("OWNER_BY_NAME", "1"), ("OWNER_OTHER_NAME", "2"),
    ]  # fmt: skip
    found = together([(one, Where(str(i))) for i, one in enumerate(files)])
    assert {p.code for p in found} >= {"OWNER_KVK_DIFFERS"}
    bare = [(Owner("Noord"), Where("a")), (Owner("Zuid"), Where("b"))]
    assert [p.code for p in together(bare)] == ["OWNER_NAME_UNSURE"]
    assert [p.code for p in together(bare, said=True)] == ["OWNER_STATED"]
    known = [(Owner("Noord", "", ONE), Where("a")), *bare[1:]]
    assert [p.code for p in together(known)] == ["OWNER_NAME_DIFFERS"]
    chain = [Owner("A", "", ONE, "w"), Owner("b", "", "", "v"), Owner("B", "", "", "w")]
    assert {p.code for p in together([(one, Where()) for one in chain])} == {
        "OWNER_BY_NAME", "OWNER_OTHER_NAME",
    }  # fmt: skip


def test_statements_are_taken_together() -> None:
    stated = Stated.of([(ONE, "Oude Naam"), ("7345 6781", ONE), ("x", "x")])
    assert stated.groups == ((ONE, TWO, "oudenaam"),)
    assert verdict(Owner("A", "", TWO), Owner("oude naam"), stated).reason == "stated"
    assert verdict(Owner("A", "N", TWO), Owner("A", "Z", ONE), stated).apart
    assert verdict(Owner("A", "", TWO), Owner("oude naam", "", "62345679"), stated).apart


def test_places() -> None:
    assert place("Locatie Noord") == place("noord ") == "noord"
    assert place("Locatie") == "locatie"


_owners = st.builds(
    Owner,
    st.sampled_from(["", "Brug", "brug", "Dam"]),
    st.sampled_from(["", "Noord", "locatie noord", "Z"]),
    st.sampled_from(["", ONE, TWO, "1234567", "12345678"]), st.sampled_from(["", "w", "v"]),
)  # fmt: skip


@given(_owners, _owners)
def test_numbers_and_places_that_contradict_are_never_the_same(one: Owner, other: Owner) -> None:
    found, again = verdict(one, other), verdict(other, one)
    assert found == again
    if found.same:
        assert len({one.number, other.number} - {""}) <= 1
        assert len({one.place, other.place} - {""}) <= 1
