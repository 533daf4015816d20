"""Through the libraries of web applications: SheetJS and ExcelJS.

npm install xlsx exceljs; NODE_PATH=…/node_modules make proof
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import open_workbook
from tests.proof.corpus.edits import base
from tests.support import library, plan_of

MODULES = {"sheetjs": "xlsx", "exceljs": "exceljs"}
SCRIPT = Path(__file__).with_name("save_with_node.cjs")


def _present(module: str) -> bool:
    folders = os.environ.get("NODE_PATH", "").split(os.pathsep)
    return shutil.which("node") is not None and any((Path(f) / module).is_dir() for f in folders)


@pytest.mark.proof
@pytest.mark.parametrize("program", MODULES)
def test_answers_through_a_web_application(program: str, tmp_path: Path) -> None:
    """Every answer comes back, and three that were typed there; what it dropped is told."""
    if not _present(MODULES[program]):
        pytest.skip(f"{MODULES[program]} is not in NODE_PATH")
    source, target = tmp_path / "in.xlsx", tmp_path / "uit.xlsx"
    source.write_bytes(base())
    subprocess.run(["node", SCRIPT, program, source, target], check=True, timeout=120)
    checked = check_grid(open_workbook(target, complete=True), library())
    assert checked.submission is not None
    typed = {("answer", 0): "Voldoet niet", ("answer", 1): "N.v.t."}
    rows = plan_of("nl").model.table(T.requirements).rows
    expected = dict(sample_inputs(plan_of("nl")))
    for (column, row), value in typed.items():
        expected[Address(T.requirements, rows[row], column)] = value
    expected[Address(T.requirements, rows[0], "evidence")] = "Door een webprogramma"
    assert dict(checked.submission.as_understood) == expected
    codes = {p.code for p in checked.problems if not p.code.startswith("SIGNAL_")}
    allowed = {"CHECK_READ", "ANSWER_CLEANED", "SCORE_DIFFERS", "DROPDOWN_GONE", "PROTECTION_GONE"}
    assert codes <= allowed, codes
