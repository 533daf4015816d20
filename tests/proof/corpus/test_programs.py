"""Through the libraries of web applications: SheetJS and ExcelJS.

`make proof` installs them; by hand: install_node.sh FOLDER, then NODE_PATH=FOLDER/node_modules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.returned.check import Checked, check_grid
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, sheet_of

MODULES = {"sheetjs": "xlsx", "exceljs": "exceljs"}
SCRIPT = Path(__file__).with_name("save_with_node.cjs")


def _present(module: str) -> bool:
    folders = os.environ.get("NODE_PATH", "").split(os.pathsep)
    return shutil.which("node") is not None and any((Path(f) / module).is_dir() for f in folders)


def _through(program: str, data: bytes, typed: dict[str, str], folder: Path) -> Checked:
    if not _present(MODULES[program]):
        pytest.skip(f"{MODULES[program]} is not in NODE_PATH")
    source, target = folder / "in.xlsx", folder / "uit.xlsx"
    source.write_bytes(data)
    command = ["node", str(SCRIPT), program, str(source), str(target), json.dumps(typed)]
    subprocess.run(command, check=True, timeout=120)
    return check_grid(open_workbook(target, complete=True), library())


@pytest.mark.proof
@pytest.mark.parametrize("layout", [1, 2])
@pytest.mark.parametrize("program", MODULES)
def test_answers_through_a_web_application(program: str, layout: int, tmp_path: Path) -> None:
    """Every answer comes back, and three that were typed there; what it dropped is told."""
    plan = plan_workbook(select(library(), ("138",)), "nl", ("138",), layout)
    block = sheet_of(plan, "assessment").blocks[0]
    said = {("answer", 0): "Voldoet niet", ("answer", 1): "NVT", ("evidence", 0): "Uit het web"}
    typed = {
        a1(block.first_row + row, block.column_of(column)): value
        for (column, row), value in said.items()
    }
    checked = _through(program, write_workbook(plan, sample_inputs(plan)), typed, tmp_path)
    assert checked.submission is not None
    expected = dict(sample_inputs(plan))
    for (column, row), value in said.items():
        address = Address(T.requirements, block.table.rows[row], column)
        expected[address] = "N.v.t." if value == "NVT" else value
    assert dict(checked.submission.as_understood) == expected
    codes = {p.code for p in checked.problems if not p.code.startswith("SIGNAL_")}
    allowed = {"CHECK_READ", "ANSWER_CLEANED", "SCORE_DIFFERS", "DROPDOWN_GONE", "PROTECTION_GONE"}
    assert codes <= allowed, codes


@pytest.mark.proof
@pytest.mark.parametrize("layout", [1, 2])
@pytest.mark.parametrize("program", MODULES)
def test_scores_stay_where_nothing_is_typed(program: str, layout: int, tmp_path: Path) -> None:
    """What formulas said is what is counted, with answers and without. ExcelJS makes NaN of a text
    in a cell with a format for dates; of ours that is where a day has still to be chosen."""
    plan = plan_workbook(select(library(), ("143",)), "nl", ("143",), layout)
    for inputs in ({}, sample_inputs(plan)):
        checked = _through(program, write_workbook(plan, inputs), {}, tmp_path)
        assert checked.submission is not None
        assert dict(checked.submission.as_understood) == dict(inputs)
        assert {p.where.sheet for p in checked.problems if p.code == "SCORE_DIFFERS"} <= (
            {"Stappenplan"} if program == "exceljs" and not inputs else set()
        )
