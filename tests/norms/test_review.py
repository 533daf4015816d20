"""A reviewed sheet: what programs and people make of it is read, or told with its cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.clauses import UnsureClauseError, clauses

Edit = Callable[[Worksheet, dict[str, int]], None]
DAY = datetime(2026, 5, 8)  # noqa: DTZ001 - cells know no zones


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def _edited(folder: Path, edit: Edit) -> Path:
    sheet = folder / "vragen.xlsx"
    assert _run("norms", "to-xlsx", "143", "-o", str(sheet), "--force").exit_code == 0
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    edit(page, {str(page.cell(4, c).value): c for c in range(1, page.max_column + 1)})
    book.save(sheet)
    return sheet


def _back(sheet: Path, *options: str) -> Result:
    folder = sheet.parent / "rubrieken"
    return _run("norms", "from-xlsx", str(sheet), "-d", str(folder), "--force", *options)


def _written(sheet: Path) -> str:
    files = sorted((sheet.parent / "rubrieken").glob("*.yaml"))
    return "".join(path.read_text("utf-8") for path in files)


def _told(done: Result, code: str) -> list[str]:
    places = re.findall(rf"143!([A-Z]+\d+(?:, [A-Z]+\d+)*).*\n.* {code} ", done.stderr)
    return [cell for place in places for cell in place.split(", ")]


@pytest.mark.parametrize(
    ("value", "shown", "wanted"),
    [
        (DAY, "d-mmm", ("8.5",)), (DAY, 'd\\-mmm;@', ("8.5",)), (DAY, "dd/mm", ("8.5",)),
        (DAY, "dm", ("8.5",)),
        (datetime(2026, 8, 5), "m/d", ("8.5",)), (datetime(2026, 8, 5), "mmm d", ("8.5",)),  # noqa: DTZ001
        (datetime(2001, 5, 8), "d-m-yyyy", ("8.5.1",)),  # noqa: DTZ001
        (8.5, "", ("8.5",)), (4.0, "", ("4",)), ("4.1; 8.5.1", "", ("4.1", "8.5.1")),
        ("4,1", "", ("4.1",)), ("8,5,1", "", ("8.5.1",)), ("4.1,8.5.1", "", ("4.1", "8.5.1")),
        ("4,1; 8,5", "", ("4.1", "8.5")), ("4.1, 4.2", "", ("4.1", "4.2")), ("§ 8.5", "", ("8.5",)),
        ("4.1\n8.5.", "", ("4.1", "8.5")), ("4, 5", "", ("4", "5")), (None, "", ()),
    ],
)  # fmt: skip
def test_clauses(value: object, shown: str, wanted: tuple[str, ...]) -> None:
    assert clauses(value, shown) == wanted


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (DAY, ""), (DAY, "m/d"), (DAY, "mmm-yy"), (DAY, "d-m-yyyy"), (DAY, "yyyy-mm-dd"),
        (46150.0, ""), (85.0, ""), ("8-mei", ""), ("8-5-2026", ""), (True, ""),
    ],
)  # fmt: skip
def test_what_may_be_another_clause_is_refused(value: object, shown: str) -> None:
    with pytest.raises(UnsureClauseError):
        clauses(value, shown)


def test_clauses_that_became_dates(tmp_path: Path) -> None:
    """Read by the order in which the cell shows day and month, and said; else refused."""

    def edit(page: Worksheet, at: dict[str, int]) -> None:
        for row, value, code in ((5, DAY, "d-mmm"), (6, "4.1; 8.5.1", "General"), (7, "4,1", "@")):
            page.cell(row, at["iso9001"]).value = value
            page.cell(row, at["iso9001"]).number_format = code

    sheet = _edited(tmp_path, edit)
    done = _back(sheet)
    assert done.exit_code == 0, done.output
    found = re.findall(r"iso9001: \[([^\]]*)\]", _written(sheet))[:3]
    assert found == ['"8.5"', '"4.1", "8.5.1"', '"4.1"']
    assert _told(done, "NORM_CELL_READ") == ["U5", "U7"]

    def unsure(page: Worksheet, at: dict[str, int]) -> None:
        page.cell(5, at["iso9001"]).value = DAY
        page.cell(5, at["iso9001"]).number_format = "mmm-yy"
        page.cell(6, at["iso9001"]).value = 46150
        page.cell(7, at["rubriek"]).value = DAY

    (tmp_path / "x").mkdir()
    done = _back(_edited(tmp_path / "x", unsure))
    assert done.exit_code == 1
    assert _told(done, "NORM_CLAUSE_UNSURE") == ["U5", "U6"]
    assert "08-05-2026" in done.stderr
    assert _told(done, "LIST_TEXT_IS_DATE") == ["A7"]


def test_a_retyped_header_is_named(tmp_path: Path) -> None:
    """That one, not all of them; another case or blanks are no other header."""

    def edit(page: Worksheet, at: dict[str, int]) -> None:
        page.cell(4, at["question_nl"]).value = "Question_NL "
        page.cell(4, at["weight"]).value = "weight (1-3)"
        page.cell(4, at["core"]).value = "Kerneis"
        page.cell(4, at["laws"]).value = None

    done = _back(_edited(tmp_path, edit))
    assert done.exit_code == 1
    assert _told(done, "NORM_HEADER_WRONG") == ["M4", "N4"]
    assert "‘weight (1-3)’ waar ‘weight’" in done.stderr
    assert "‘Kerneis’ waar ‘core’" in done.stderr
    assert done.stderr.count("NORM_HEADER_MISSING") == 1
    assert "‘laws’" in done.stderr
    assert "NORM_ROW_WRONG" not in done.stderr
    assert done.stderr.count(" fout ") == 3


def test_a_header_twice_and_no_headers(tmp_path: Path) -> None:
    def twice(page: Worksheet, at: dict[str, int]) -> None:
        page.cell(4, at["confidence"] + 1).value = "tip_nl"

    assert _told(_back(_edited(tmp_path, twice)), "LIST_COLUMN_TWICE") == ["X4"]
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Vragen"
    book.save(tmp_path / "leeg.xlsx")
    done = _run("norms", "from-xlsx", str(tmp_path / "leeg.xlsx"), "-d", str(tmp_path / "r"))
    assert (done.exit_code, "NORM_SHEET_NONE" in done.stderr) == (1, True)


def test_rows_that_are_left_out_are_named(tmp_path: Path) -> None:
    """Filtered, struck through, a note under the table, a remark beside it."""

    def edit(page: Worksheet, at: dict[str, int]) -> None:
        page.row_dimensions[6].hidden = page.row_dimensions[7].hidden = True
        for cell in page[9]:
            cell.font = Font(strike=True)
        page.cell(page.max_row + 2, 1).value = "Nagekeken door een deskundige"
        page.cell(5, at["confidence"] + 2).value = "Dit kan scherper"

    sheet = _edited(tmp_path, edit)
    page = openpyxl.load_workbook(sheet).worksheets[0]
    ids = [str(page.cell(row, 6).value) for row in (6, 7, 9)]
    done = _back(sheet)
    assert done.exit_code == 0, done.output
    assert f"2 (rij 6-7): {ids[0]}; {ids[1]}" in done.stderr
    assert re.search(rf"LIST_ROWS_STRUCK .*1 \(rij 9\): {ids[2]}", done.stderr)
    assert re.search(r"LIST_ROWS_NOTE .*Nagekeken", done.stderr)
    assert _told(done, "LIST_COLUMN_UNREAD") == ["Y4"]
    (line,) = [line for line in done.stderr.splitlines() if "LIST_COUNT" in line]
    found, used, refused, skipped = (int(n) for n in re.findall(r": (\d+)", line)[:4])
    assert (found, refused, skipped) == (used + 4, 0, 4)
    assert not any(one in _written(sheet) for one in ids)
    _back(sheet, "--hidden", "--struck")
    assert all(one in _written(sheet) for one in ids)


def test_other_sheets_of_a_review(tmp_path: Path) -> None:
    def edit(page: Worksheet, _: dict[str, int]) -> None:
        book = page.parent
        assert book is not None
        copy = book.copy_worksheet(page)
        copy.title = "Oud"
        book.create_sheet("Uitleg")["A1"] = "Lees dit"

    sheet = _edited(tmp_path, edit)
    done = _back(sheet)
    assert done.exit_code == 0, done.output
    assert re.search(r"LIST_SHEET_SKIPPED .*‘Oud’", done.stderr)
    assert re.search(r"LIST_SHEET_OTHER .*‘Uitleg’", done.stderr)
    assert _back(sheet, "--sheet", "Oud").exit_code == 0
    assert "NORM_SHEET_NONE" in _back(sheet, "--sheet", "Uitleg").stderr


def test_a_wrong_cell_is_named_itself(tmp_path: Path) -> None:
    """Not the first cell of its row."""

    def edit(page: Worksheet, at: dict[str, int]) -> None:
        page.cell(5, at["confidence"]).value = "zeker"
        page.cell(6, at["weight"]).font = Font(strike=True)

    done = _back(_edited(tmp_path, edit))
    assert _told(done, "NORM_ROW_WRONG") == ["W5"]
    assert _told(done, "LIST_CELL_STRUCK") == ["M6"]
