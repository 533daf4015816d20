"""Arithmetic as spreadsheets do it, by itself."""

from __future__ import annotations

from datetime import MAXYEAR, date

import pytest

from hkz_xlsx.scoring.cell_values import VALUE_ERROR, CellValue, serial
from hkz_xlsx.scoring.numbers import NUMBER_ERROR, months_later, round_half_away


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
        (date(2026, 11, 2), 1, date(2026, 12, 2)),
        (date(2026, 11, 2), 2, date(2027, 1, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 31), -1, date(2026, 11, 30)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(1900, 3, 1), 0, date(1900, 3, 1)),
        (date(9999, 12, 31), 0, date(9999, 12, 31)),
    ],
)
def test_months_later(start: date, months: int, then: date) -> None:
    """EDATE of Excel and LibreOffice; part of a month and of a day do not count."""
    days = (then - date(1899, 12, 30)).days
    first = (start - date(1899, 12, 30)).days
    assert months_later(float(first), float(months)) == float(days)
    if then.year < MAXYEAR:
        assert months_later(first + 0.9, months + 0.9 * (months >= 0)) == float(days)


@pytest.mark.parametrize(
    ("start", "months", "error"),
    [
        (60.0, 1.0, NUMBER_ERROR), (None, 1.0, NUMBER_ERROR), (2_958_466.0, -1.0, NUMBER_ERROR),
        (2_958_465.0, 1.0, NUMBER_ERROR), (61.0, -3.0, NUMBER_ERROR), ("x", 1.0, VALUE_ERROR),
        (serial(date(2026, 1, 1)), "x", VALUE_ERROR), (NUMBER_ERROR, "x", NUMBER_ERROR),
    ],
)  # fmt: skip
def test_days_that_cannot_be(start: CellValue, months: CellValue, error: CellValue) -> None:
    assert months_later(start, months) == error


def test_a_blank_is_no_month() -> None:
    assert months_later(46_000.0, None) == 46_000.0


@pytest.mark.parametrize(
    ("number", "digits", "then"),
    [
        (56.25, 1, 56.3), (-56.25, 1, -56.3), (0.5, 0, 1.0), (1.005, 2, 1.01), (2.4, 0, 2.0),
        (15.0, -1, 20.0),
    ],
)  # fmt: skip
def test_half_goes_away_from_zero(number: float, digits: int, then: float) -> None:
    assert round_half_away(number, digits) == then
