"""What cells show beside their value, and sorted tables, as other programs save them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from hkz_xlsx.returned.read import read_bytes, read_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import ODS, XLSX, Office, convert, needs_office
from tests.returned.test_meaning import shows_much
from tests.support import library, plan_of

pytestmark = needs_office

GNUMERIC = {"gnumeric xlsx": "Gnumeric_Excel:xlsx2", "gnumeric ods": "Gnumeric_OpenCalc:odf"}


@pytest.mark.parametrize("name", ["xlsx", "ods", *GNUMERIC])
def test_lines_and_formats_come_through(name: str, tmp_path: Path) -> None:
    """The same answers withdrawn and the same numbers shown, whoever saved the file."""
    source = tmp_path / "werkboek.xlsx"
    source.write_bytes(shows_much())
    if name in GNUMERIC:
        if not shutil.which("ssconvert"):
            pytest.skip("Gnumeric is not here")
        saved = tmp_path / f"opnieuw.{name[-4:].strip()}"
        command = ["ssconvert", "-T", GNUMERIC[name], str(source), str(saved)]
        subprocess.run(command, check=True, capture_output=True)
    else:
        target = f"{name}:{XLSX if name == 'xlsx' else ODS}"
        (saved,) = convert([source], tmp_path / name, target)
    found, before = read_workbook(saved, library()), read_bytes("w.xlsx", shows_much(), library())
    for code in ("ANSWER_STRUCK", "TEXT_STRUCK", "DIGITS_LOST"):
        cells = [p.where.cell for p in before.problems if p.code == code]
        assert [p.where.cell for p in found.problems if p.code == code] == cells != []
    shown = found.as_understood
    evidence, location = (Address(T.requirements, "KO-101", c) for c in ("evidence", "location"))
    assert (shown[evidence], str(shown[location]).lower()) == ("95 %", "3-apr")
    assert shown[Address(T.requirements, "KO-102", "evidence")] in ("1.234,50", "1,234.50")
    if saved.suffix == ".xlsx":
        assert open_workbook(saved, "exact").sheets == open_workbook(saved).sheets


@pytest.mark.parametrize("table", [T.requirements, "steps_yearly", "audit_findings"])
def test_a_table_sorted_with_keys_and_headers(table: str, tmp_path: Path) -> None:
    """LibreOffice, "range contains column labels" off, sorted by number: read whole."""
    plan = plan_of("nl", "143")
    typed = dict(sample_inputs(plan))
    for _, block, field in plan.inputs():
        if block.table.key == table:
            for index, row in enumerate(block.table.rows):
                codec = field.codec(index)
                if codec is not None and codec.kind == "text":
                    typed[Address(table, row, field.key)] = f"{row} {field.key}"
    source, saved = tmp_path / "w.xlsx", tmp_path / "gesorteerd.xlsx"
    source.write_bytes(write_workbook(plan, typed))
    sheet, block = next((s, b) for s, b in plan.blocks() if b.table.key == table)
    office = Office(tmp_path)
    try:
        office.do("open", path=str(source))
        area = [0, block.top, block.columns[-1], block.last_row]
        up = not block.marker("id").startswith("a")  # downwards the keys come last
        column = block.column_of("id")
        office.do("sort", title=sheet.title, area=area, column=column, ascending=up)
        office.do("save", path=str(saved), filter=XLSX)
        office.do("close")
    finally:
        office.stop()
    found = read_workbook(saved, library(), complete=True)
    cells = next(s.cells for s in open_workbook(saved).sheets if s.title == sheet.title)
    assert (block.top, block.column_of("id")) not in [
        spot for spot, value in cells.items() if value == block.marker("id")
    ], "nothing was sorted"
    assert {a: v for a, v in found.as_counted.items() if a.table == table} == {
        a: v for a, v in typed.items() if a.table == table
    }
    assert [p.code for p in found.problems] == []
    assert found.extra == ()
