"""Numbers as spreadsheet programs compute them: rounding, months."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hkz_xlsx.scoring.cell_values import VALUE_ERROR, CellError, CellValue

NUMBER_ERROR = CellError("#NUM!")


def round_half_away(value: float, digits: int) -> float:
    """ROUND as spreadsheets do it.

    On the shortest decimal text of the number: 56.25 becomes 56.3, where Python's own
    ``round`` gives 56.2.
    """
    exponent = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(float(value))).quantize(exponent, ROUND_HALF_UP))


def as_number(value: CellValue) -> float | CellError:
    """A value where a number is asked: a blank counts as 0, a text is an error."""
    if value is None:
        return 0.0
    if isinstance(value, CellError):
        return value
    return VALUE_ERROR if isinstance(value, str) else float(value)


_FIRST_DAY = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 61.0, 2_958_465.0
"""March 1900, from where all programs count alike, to the end of 9999."""


def months_later(start: CellValue, months: CellValue) -> CellValue:
    """EDATE on serial numbers: the day of the month stays, unless the month is too short."""
    serial, count = as_number(start), as_number(months)
    for number in (serial, count):
        if isinstance(number, CellError):
            return number
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:  # type: ignore[operator]  # errors are out
        return NUMBER_ERROR
    day = _FIRST_DAY + timedelta(days=int(serial))  # type: ignore[arg-type]  # the same
    year, month = divmod(day.year * 12 + day.month - 1 + int(count), 12)  # type: ignore[arg-type]
    if not _FIRST_DAY.year < year <= MAXYEAR:
        return NUMBER_ERROR
    last = monthrange(year, month + 1)[1]
    return float((date(year, month + 1, min(day.day, last)) - _FIRST_DAY).days)
