"""Spreadsheets of other origin: never taken for ours, never a traceback, both readers agree."""

from __future__ import annotations

import io
import os
import random
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.cell_values import CellError, cell_value
from hkz_xlsx.spreadsheet.grid import Area, Grid
from hkz_xlsx.spreadsheet.open import read_grid
from tests.support import library

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".xltx")
FOREIGN = Path(os.environ.get("HKZ_FOREIGN", sys.prefix))
"""A folder with spreadsheets of others; by default what the installed packages ship."""

# ruff: noqa: DTZ001 - cells know no zones
_VALUES: tuple[object, ...] = (
    None, "", "Voldoet", "requirements.answer", "identity.id", "identity.value", "hkz_xlsx", " x ",
    "é\n☂", "=1+1", "_x0041_", "<&>\"'", 0, 1, -1.5, 1e300, 1e-300, 46328, True, False,
    date(2026, 11, 2), datetime(2026, 11, 2, 13, 45, 30), datetime(1900, 3, 1), time(12, 30),
)  # fmt: skip


def _by_openpyxl(seed: int) -> bytes:
    chance, book = random.Random(seed), openpyxl.Workbook()
    for title in ("_hkz", "Beoordeling", "Blad é & <1>")[: chance.randint(1, 3)]:
        sheet = book.create_sheet(title)
        for _ in range(chance.randint(0, 80)):
            at = sheet.cell(chance.randint(1, 60), chance.randint(1, 40))
            at.value = chance.choice(_VALUES)
        sheet.sheet_state = chance.choice(("visible", "hidden", "veryHidden"))
        sheet.protection.sheet = chance.random() < 0.5
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _by_xlsxwriter(seed: int) -> bytes:
    chance, target = random.Random(seed), io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": chance.random() < 0.3})
    day = book.add_format({"num_format": chance.choice(("dd-mm-yyyy", "d mmm yy", "h:mm", "0.0"))})
    bold = book.add_format({"bold": True})
    for number in range(chance.randint(1, 3)):
        sheet = book.add_worksheet(f"Blad{number}")
        for _ in range(chance.randint(0, 80)):
            row, column = chance.randrange(60), chance.randrange(40)
            value = chance.choice(_VALUES)
            if isinstance(value, date | datetime):
                sheet.write_datetime(row, column, value, day)
            elif isinstance(value, str) and len(value) > 4 and chance.random() < 0.3:
                sheet.write_rich_string(row, column, "vet", bold, value, "na")
            elif isinstance(value, int | float) and chance.random() < 0.5:
                sheet.write_formula(row, column, "=1+1", day, value)
            elif not isinstance(value, time):
                sheet.write(row, column, value)
    book.close()
    return target.getvalue()


def _grid(data: bytes, engine: str | None = None) -> Grid:
    return read_grid("in.xlsx", data, engine)  # type: ignore[arg-type]  # the names of engines


def _values(grid: Grid) -> list[object]:
    return [{at: cell_value(v) for at, v in sheet.cells.items()} for sheet in grid.sheets]


def _agree(data: bytes) -> None:
    fast, exact = _grid(data), _grid(data, "exact")
    assert fast.sheets == exact.sheets
    assert fast.problems == exact.problems
    complete = read_grid("in.xlsx", data, complete=True)
    assert _values(complete) == _values(exact)


@pytest.mark.parametrize("seed", range(30))
def test_made_by_others(seed: int, tmp_path: Path) -> None:
    for make in (_by_openpyxl, _by_xlsxwriter):
        data = make(seed)
        path = tmp_path / "vreemd.xlsx"
        path.write_bytes(data)
        with pytest.raises(HkzError) as caught:
            read_workbook(path, library())
        assert {p.code for p in caught.value.problems} <= {"NOT_OUR_WORKBOOK", "LAYOUT_UNKNOWN"}
        _agree(data)


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_values_as_openpyxl_reads_them(seed: int) -> None:
    """A third opinion, where it is right: it drops blanks, decodes no escapes, knows no 1904."""
    data = _by_openpyxl(seed)
    other = _values(_grid(data, "openpyxl"))
    assert _values(_grid(data)) == [
        {at: "A" if value == "_x0041_" else value for at, value in sheet.items()}  # type: ignore[attr-defined]
        for sheet in other
    ]


def _foreign() -> Iterator[Path]:
    for path in sorted(FOREIGN.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            yield path


def test_files_that_packages_ship() -> None:
    """HKZ_FOREIGN=FOLDER tries a collection of one's own."""
    for path in _foreign():
        with pytest.raises(HkzError) as caught:
            read_workbook(path, library())
        assert all(p.code != "FILE_INTERNAL" for p in caught.value.problems), path
        if caught.value.problems[0].code == "NOT_OUR_WORKBOOK":
            _agree(path.read_bytes())


def test_dates_of_1904() -> None:
    """The same days as in a file that counts from 1900; what is no date stays a number."""
    grids = []
    for system in (True, False):
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": system})
        sheet = book.add_worksheet()
        sheet.write_datetime(0, 0, datetime(2026, 11, 2, 6), book.add_format({"num_format": 14}))
        sheet.write_number(0, 1, 5)
        book.close()
        grids.append(_grid(target.getvalue()))
    assert [p.code for p in grids[0].problems] == ["FILE_EPOCH_1904"]
    assert (grids[0].epoch_1904, grids[1].epoch_1904) == (True, False)
    assert grids[0].sheets == grids[1].sheets
    assert grids[0].sheets[0].cells == {(0, 0): datetime(2026, 11, 2, 6), (0, 1): 5.0}


def test_what_stands_around_the_cells() -> None:
    """Formulas, validations, protection, comments, merged cells, hidden rows and sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B2"] = "=SUM(B1:B9)", "x"
    sheet["B2"].comment = Comment("let op", "Jan")
    rule = DataValidation(type="list", formula1='"ja,nee"')
    rule.add("C1:C9")
    rule.add("E5")
    sheet.add_data_validation(rule)
    sheet.merge_cells("D1:E2")
    sheet.row_dimensions[2].hidden = True
    sheet.protection.sheet = True
    book.create_sheet("Weg").sheet_state = "veryHidden"
    target = io.BytesIO()
    book.save(target)
    grid = read_grid("in.xlsx", target.getvalue(), complete=True)
    (first, second) = grid.sheets
    assert grid.complete
    assert first.formulas == {(0, 0): "SUM(B1:B9)"}
    assert first.uncalculated == {(0, 0)}
    assert first.cells == {(1, 1): "x"}
    (found,) = first.validations
    assert (found.type, found.formula) == ("list", '"ja,nee"')
    assert set(found.areas) == {Area(0, 2, 8, 2), Area(4, 4, 4, 4)}
    assert first.comments == {(1, 1): "let op"}
    assert first.merged == (Area(0, 3, 1, 4),)
    assert first.hidden_rows == {1}
    assert first.protected
    assert (first.visibility, second.visibility) == ("visible", "veryHidden")
    plain = read_grid("in.xlsx", target.getvalue())
    assert not plain.complete
    assert plain.sheets[0].uncalculated == {(0, 0)}


def test_error_cells_are_never_blank() -> None:
    """In every kind that Excel writes, with a library that reads them as blank."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, code in enumerate(("#N/A", "#REF!", "#DIV/0!", "#NAME?")):
        sheet.write_formula(row, 0, "=1", None, code)
    book.close()
    cells = _grid(target.getvalue()).sheets[0].cells
    assert cells == {
        (row, 0): CellError(code) for row, code in enumerate(("#N/A", "#REF!", "#DIV/0!", "#NAME?"))
    }
