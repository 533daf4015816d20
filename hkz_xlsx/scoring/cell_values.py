"""Values of cells, below everything that knows a workbook: kinds, serial dates, names of cells.

Readers of strangers' files need these and nothing else of ours, so a worker process starts
without norms, plan or catalogues.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from hkz_xlsx.scoring.displayed import number_text
from hkz_xlsx.text import NumberText


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value in a cell, such as ``#N/A``."""

    code: str

    def __str__(self) -> str:
        return self.code


CellValue = str | float | bool | CellError | None
"""What a cell holds; dates are serial numbers (days since 1899-12-30), None is blank."""


VALUE_ERROR: Final = CellError("#VALUE!")


EPOCH = date(1899, 12, 30)


FIRST_SERIAL, LAST_SERIAL = 61, 2_958_465
"""1900-03-01 to 9999-12-31; before March 1900 the programs disagree (a day that never was)."""


RawValue = CellValue | datetime
"""What a file gives: a cell value, or a point in time where the cell is formatted as a date."""


def serial(day: date) -> float:
    """The serial number of a date."""
    return float((day - EPOCH).days)


def cell_value(raw: RawValue) -> CellValue:
    """A file's value as formulas see it: points in time are serial numbers."""
    if not isinstance(raw, datetime):
        return raw
    passed = raw - datetime(EPOCH.year, EPOCH.month, EPOCH.day)  # noqa: DTZ001 - spreadsheets know no zones
    # Excel counts a 29 February 1900 that never was; reading libraries undo that, so redo it.
    days = passed.days - (1 if passed.days < FIRST_SERIAL else 0)
    return days + (passed.seconds + passed.microseconds / 1e6) / 86_400


def from_serial(number: float) -> date:
    """The date of a serial number; ValueError outside 1900-03-01 … 9999-12-31."""
    if not FIRST_SERIAL <= number < LAST_SERIAL + 1:
        raise ValueError(number)
    return EPOCH + timedelta(days=int(number))


def tidy(text: str) -> str:
    """Without control and invisible characters and outer white space; inner text as typed."""
    kept = text
    if not text.isprintable():
        kept = "".join(
            c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
        )
    return unicodedata.normalize("NFC", kept).strip()


def shown(raw: RawValue) -> str:
    """A cell value as text, for messages and for text columns."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, datetime):
        return raw.strftime("%d-%m-%Y %H:%M" if raw.hour or raw.minute else "%d-%m-%Y")
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, int | float):
        return NumberText(number_text(raw))
    return "" if raw is None else str(raw)


@lru_cache(maxsize=1024)
def column_letters(index: int) -> str:
    """``0`` is A, ``26`` is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, column: int) -> str:
    """A relative reference such as ``H12`` for 0-based row and column."""
    return f"{column_letters(column)}{row + 1}"


MAX_TEXT_UNITS = 32_767
"""What a cell holds, in UTF-16 units, as Excel counts."""


def cell_text(text: str) -> str:
    """What a cell can hold: without control characters, cut visibly when too long."""
    # Control characters and lone surrogates go; spaces of any width and emoji joiners stay.
    kept = "".join(
        c
        for c in text
        if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff")
    )
    kept = kept.encode("utf-8", "replace").decode("utf-8")
    data = kept.encode("utf-16-le")
    if len(data) <= 2 * MAX_TEXT_UNITS:
        return kept
    # Half a character at the end goes.
    return data[: 2 * (MAX_TEXT_UNITS - len(MORE))].decode("utf-16-le", "ignore") + MORE


MORE = " … [+]"


PERMITTED: Mapping[str, str] = {
    "autofilter": "autoFilter",
    "format_columns": "formatColumns",
    "format_rows": "formatRows",
}
"""Rights on our protected sheets: XlsxWriter's word and that of SpreadsheetML (18.3.1.85)."""
