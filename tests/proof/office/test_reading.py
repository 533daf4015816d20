"""Our workbook with answers, saved by other programs in every kind: the answers are equal."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import ODS, XLSX, convert, needs_office
from tests.support import library, plan_of

pytestmark = needs_office

GNUMERIC = {
    "gnumeric xlsx": ("Gnumeric_Excel:xlsx2", "xlsx"),
    "gnumeric xls": ("Gnumeric_Excel:excel_biff8", "xls"),
    "gnumeric ods": ("Gnumeric_OpenCalc:odf", "ods"),
}
KINDS = {
    "as written": "xlsx", "libreoffice xlsx": "xlsx", "libreoffice xls": "xls",
    "libreoffice ods": "ods", **{name: kind for name, (_, kind) in GNUMERIC.items()},
}  # fmt: skip


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The same workbook by each program; a program that is not here leaves its name out."""
    folder = tmp_path_factory.mktemp("kinds")
    source = folder / "werkboek.xlsx"
    plan = plan_of("nl")
    source.write_bytes(write_workbook(plan, sample_inputs(plan)))
    found = {"as written": source}
    for kind, target in (("xlsx", XLSX), ("xls", "MS Excel 97"), ("ods", ODS)):
        (found[f"libreoffice {kind}"],) = convert([source], folder / kind, f"{kind}:{target}")
    if shutil.which("ssconvert"):
        for name, (target, kind) in GNUMERIC.items():
            path = folder / f"gnumeric.{kind}"
            subprocess.run(
                ["ssconvert", "-T", target, source, path], check=True, capture_output=True
            )
            found[name] = path
    return found


@pytest.mark.parametrize("name", KINDS)
def test_answers_are_equal(saved: Mapping[str, Path], name: str) -> None:
    """Every answer, and none but those; no problem with any of them."""
    if name not in saved:
        pytest.skip("Gnumeric is not here")
    plan = plan_of("nl")
    submission = read_workbook(saved[name], library())
    assert submission.as_understood == sample_inputs(plan)
    assert submission.identity == plan.identity
    assert submission.as_counted == sample_inputs(plan)
    # Of a binary file it is said that what hangs on cells is not looked at; nothing else is.
    expected = ["ATTACHED_UNSEEN"] if KINDS[name] == "xls" else []
    assert [p.code for p in submission.problems] == expected


@pytest.mark.parametrize("name", KINDS)
def test_kind_and_hidden_sheets(saved: Mapping[str, Path], name: str) -> None:
    if name not in saved:
        pytest.skip("Gnumeric is not here")
    grid = open_workbook(saved[name], complete=True)
    assert grid.kind == KINDS[name]
    assert [sheet.title for sheet in grid.sheets] == [sheet.title for sheet in plan_of("nl").sheets]
    assert grid.problems == ()
    if grid.kind == "xlsx":
        assert open_workbook(saved[name], "exact").sheets == open_workbook(saved[name]).sheets
    if "libreoffice" in name and grid.kind != "xls":
        assert grid.sheets[-1].visibility == "hidden"  # it knows no very hidden sheets
        assert grid.sheets[0].protected
        assert len(grid.sheets[3].formulas) > 1000
    if grid.kind != "xls":
        assert any(key.startswith("hkz_xlsx.identity") for key in grid.properties)
