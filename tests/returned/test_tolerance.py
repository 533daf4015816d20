"""How single cells are understood: what is taken, what is kept as typed with a hint."""

from __future__ import annotations

from datetime import date

import pytest

from hkz_xlsx.layout.codecs import Choice, Day, Number
from hkz_xlsx.scoring.cell_values import RawValue, serial

DAY = serial(date(2026, 2, 1))


@pytest.mark.parametrize(
    "typed",
    [
        "1-2-2026", "01/02/2026", "1.2.2026", "1 februari 2026", "1 feb. 2026", "1 February 2026",
        "2026-02-01", "2026-02-01T00:00:00", "2026-02-01 00:00", "１-２-２０２６",
        "1\u20112\u20112026",
        "\u00a01 - 2 - 2026 ", "1feb2026", "1-feb-2026",
    ],
)  # fmt: skip
def test_dates_that_are_certain(typed: str) -> None:
    """Day before month, whatever the signs and the digits."""
    reading = Day().from_cell(typed, "nl")
    assert (reading.state, reading.cell) == ("cleaned", DAY)


@pytest.mark.parametrize(
    "typed", ["1-2-26", "februari 2026", "31-02-2026", "2-31-2026", "1 foo 2026", "morgen", "2026"]
)
def test_dates_that_are_not_guessed(typed: str) -> None:
    """Kept as typed."""
    reading = Day().from_cell(typed, "nl")
    assert (reading.state, reading.raw) == ("unknown", typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("NVT", "na"), ("nvt.", "na"), (" Voldoet ", "yes"), ("voldoet niet ", "no"),
        ("voldoet\u00a0deels", "partly"), ("Ｖｏｌｄｏｅｔ", "yes"), ("Vo\u00adldoet", "yes"),
        ("Meets", "yes"), ("WEET  NIET", "unknown"),
    ],
)  # fmt: skip
def test_answers_that_are_understood(typed: str, code: str) -> None:
    """One word of the list, however it is written and in either language."""
    reading = Choice("status").from_cell(typed, "nl")
    assert (reading.state, reading.cell) == ("cleaned", Choice("status").label(code, "nl"))


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("ja", "Voldoet"), (True, "Voldoet"), ("x", "Voldoet"), (1.0, "Voldoet"),
        ("nee", "Voldoet niet"), (False, "Voldoet niet"), ("Voldoend", "Voldoet"),
        ("deels", "Voldoet deels"), ("geen idee", "Weet niet"), ("???", ""),
    ],
)  # fmt: skip
def test_answers_that_are_not_taken(typed: RawValue, hint: str) -> None:
    """Nobody chose them from the list: kept, with the nearest answer as a hint."""
    reading = Choice("status").from_cell(typed, "nl")
    assert (reading.state, reading.cell, reading.nearest) == ("unknown", None, hint)


def test_a_truth_value_answers_a_question_for_yes_or_no() -> None:
    """There it can mean one thing only; a cross or a one is still a hint."""
    asked = Choice("yes_no")
    assert asked.from_cell(True, "nl").cell == "Ja"
    assert asked.from_cell(False, "en").cell == "No"
    assert (asked.from_cell("x", "nl").state, asked.from_cell("x", "nl").nearest) == (
        "unknown",
        "Ja",
    )


@pytest.mark.parametrize("typed", ["Ja", "x", "yes", True])
def test_a_yes_is_the_one_word_that_can_be_chosen(typed: object) -> None:
    """*Bekeken* is a tick: who types Ja or x there has looked; who types nee has not."""
    found = Choice("seen").from_cell(typed, "nl")  # type: ignore[arg-type]  # as it comes from a file
    assert (found.state, found.cell) == ("cleaned", "Bekeken")
    assert Choice("seen").from_cell("nee", "nl").state == "unknown"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("3,5", 3.5), ("3.5", 3.5), ("3,5 fte", 3.5), ("８,５", 8.5), ("1.234,5", None), ("nan", None),
     ("1_000", None)],
)  # fmt: skip
def test_numbers(typed: str, number: float | None) -> None:
    """Dutch or English decimals; a thousand's sign is not guessed."""
    assert Number().from_cell(typed, "nl").cell == number
