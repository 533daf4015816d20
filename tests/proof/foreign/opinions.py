"""Other libraries' opinions of what stands in the cells of a file.

Values are plain: text, float, bool, ``Error`` and ``Day`` (a number that the library shows as a
date or a time). Nothing of the product is used here but the size limits of a worker.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import Any

MOST_CELLS = 20_000_000
"""A rectangle larger than this is not asked of a library that fills it with blanks."""


@dataclass(frozen=True, slots=True)
class Error:
    """An error value; empty when the library does not say which."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A serial number, of 1900, that is shown as a date or a time."""

    serial: float


Value = str | float | bool | Error | Day
Cells = dict[tuple[int, int], Value]


@dataclass(slots=True)
class Opinion:
    """Cells by sheet title, in order; ``links`` are values that a library took from elsewhere."""

    sheets: dict[str, Cells] = field(default_factory=dict)
    links: dict[str, set[tuple[int, int]]] = field(default_factory=dict)


_START = datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no zones


def _serial(moment: datetime) -> float:
    passed = moment - _START
    days = passed.days - (1 if passed.days < 61 else 0)
    return days + (passed.seconds + passed.microseconds / 1e6) / 86_400


def _plain(value: Any) -> Value | None:
    match value:
        case None | "":
            return None
        case bool() | str() | Error() | Day():
            return value
        case int() | float():
            return float(value)
        case datetime():
            return Day(_serial(value.replace(tzinfo=None)))
        case date():
            return Day(_serial(datetime(value.year, value.month, value.day)))  # noqa: DTZ001
        case time():
            seconds = value.hour * 3600 + value.minute * 60 + value.second
            return Day((seconds + value.microsecond / 1e6) / 86_400)
        case timedelta():
            return Day(value.total_seconds() / 86_400)
        case _:
            return str(value)


def _filled(cells: Iterator[tuple[int, int, Any]]) -> Cells:
    return {(r, c): v for r, c, raw in cells if (v := _plain(raw)) is not None}


def by_openpyxl(data: bytes) -> Opinion:
    """openpyxl in normal mode."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
    found = Opinion()
    for sheet in book.worksheets:
        filled = {at: c for at, c in sheet._cells.items() if c.value is not None}
        found.sheets[sheet.title] = _filled(
            (r - 1, c - 1, Error(str(cell.value)) if cell.data_type == "e" else cell.value)
            for (r, c), cell in filled.items()
        )
        found.links[sheet.title] = {
            (r - 1, c - 1) for (r, c), cell in filled.items() if cell.hyperlink is not None
        }
    return found


def by_calamine(data: bytes) -> Opinion:
    """python-calamine."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found = Opinion()
    for sheet in book.sheets_metadata:
        if not str(sheet.typ).endswith("WorkSheet"):
            continue
        page = book.get_sheet_by_name(sheet.name)
        if page.total_height * page.total_width > MOST_CELLS:
            raise ValueError("too large a rectangle")
        rows = page.to_python(skip_empty_area=False)
        found.sheets[sheet.name] = _filled(
            (r, c, raw) for r, line in enumerate(rows) for c, raw in enumerate(line) if raw != ""
        )
    return found


def by_xlrd(data: bytes) -> Opinion:
    """xlrd, which knows error values and dates."""
    import io

    import xlrd

    book = xlrd.open_workbook(
        file_contents=data, logfile=io.StringIO(), formatting_info=False, on_demand=False
    )
    shift = 1462 if book.datemode else 0
    kinds: Mapping[int, Callable[[Any], Any]] = {
        xlrd.XL_CELL_TEXT: str, xlrd.XL_CELL_NUMBER: float,
        xlrd.XL_CELL_DATE: lambda v: Day(v + shift), xlrd.XL_CELL_BOOLEAN: bool,
        xlrd.XL_CELL_ERROR: lambda v: Error(xlrd.error_text_from_code.get(v, "")),
    }  # fmt: skip
    found = Opinion()
    for sheet in book.sheets():
        found.sheets[sheet.name] = _filled(
            (r, c, kinds[kind](sheet.cell_value(r, c)))
            for r in range(sheet.nrows)
            for c, kind in enumerate(sheet.row_types(r))
            if kind in kinds
        )
    return found


def by_pyxlsb(data: bytes) -> Opinion:
    """pyxlsb: no dates, error values as hexadecimal codes."""
    import pyxlsb

    found = Opinion()
    with pyxlsb.open_workbook(BytesIO(data)) as book:
        for name in book.sheets:
            with book.get_sheet(name) as sheet:
                found.sheets[name] = _filled(
                    (cell.r, cell.c, cell.v) for row in sheet.rows(sparse=True) for cell in row
                )
    return found


def by_pandas(data: bytes) -> Opinion:
    """odfpy, by way of pandas."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frames = pd.read_excel(
            BytesIO(data), engine="odf", sheet_name=None, header=None, dtype=object,
            keep_default_na=False, na_values=[],
        )  # fmt: skip
    found = Opinion()
    for name, frame in frames.items():
        found.sheets[str(name)] = _filled(
            (r, c, None if raw is pd.NaT else raw)
            for r, line in enumerate(frame.itertuples(index=False, name=None))
            for c, raw in enumerate(line)
            if raw is not None and raw == raw
        )
    return found


@cache
def settle() -> None:
    """Load the libraries and put them beyond the collector, which runs after every file."""
    for needed in ("odf.opendocument", "openpyxl", "pandas", "python_calamine", "xlrd", "pyxlsb"):
        with suppress(ImportError):
            import_module(needed)
    gc.collect()
    gc.freeze()


READERS: dict[str, tuple[Callable[[bytes], Opinion], frozenset[str]]] = {
    "openpyxl": (by_openpyxl, frozenset(("xlsx", "xlsm"))),
    "calamine": (by_calamine, frozenset(("xlsx", "xlsm", "xlsb", "xls", "ods"))),
    "xlrd": (by_xlrd, frozenset(("xls",))),
    "pyxlsb": (by_pyxlsb, frozenset(("xlsb",))),
    "odfpy": (by_pandas, frozenset(("ods",))),
}
"""Who reads what, by kind of content."""
