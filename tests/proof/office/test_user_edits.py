"""Real edits in LibreOffice, its own save, then our reading: answers stay, the rest is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import XLSX, Office, needs_office
from tests.support import library, plan_of

pytestmark = needs_office
NORM = "125"


@pytest.fixture(scope="module", name="office")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    yield office
    office.stop()


EDITS: dict[str, tuple[dict[str, object], set[str]]] = {
    "rows inserted": ({"what": "insert_rows", "first": 8, "count": 2}, set()),
    "rows inserted above": ({"what": "insert_rows", "first": 0, "count": 3}, set()),
    "columns inserted": ({"what": "insert_columns", "first": 4, "count": 2}, set()),
    "row removed": ({"what": "remove_rows", "first": 9}, {"ROW_MISSING"}),
    "rows hidden": ({"what": "hide_rows", "first": 6, "count": 20}, set()),
    "answer moved": (
        {"what": "move_cell", "first": 5, "target": 110},
        {"EXTRA_TEXT", "DROPDOWN_GONE"},
    ),
    "sheet renamed": ({"what": "rename", "first": 0}, {"SHEET_RENAMED"}),
    "sheet copied": ({"what": "copy_sheet", "first": 0}, {"BLOCK_TWICE"}),
}


@pytest.mark.parametrize("name", EDITS)
def test_edits_in_libreoffice(name: str, office: Office, tmp_path: Path) -> None:
    """Formulas that LibreOffice rewrote are not called changed."""
    plan = plan_of("nl", NORM)
    inputs = sample_inputs(plan)
    source, target = tmp_path / "in.xlsx", tmp_path / "uit.xlsx"
    source.write_bytes(write_workbook(plan, inputs))
    arguments, expected = EDITS[name]
    assert office.do("open", path=str(source))
    office.do("edit", title="Beoordeling", **arguments)
    office.do("save", path=str(target), filter=XLSX)
    office.do("close")

    checked = check_grid(open_workbook(target, complete=True), library())
    assert checked.submission is not None
    codes = {p.code for p in checked.problems if not p.code.startswith("SIGNAL_")}
    quiet = {"CHECK_READ", "PROTECTION_GONE", "SCORE_DIFFERS"}
    assert codes - quiet == expected
    now, rows = checked.submission.as_understood, plan.model.table(T.requirements).rows
    # What was in a removed row is gone; what was moved is among the extra texts.
    gone = {"row removed": rows[5], "answer moved": rows[1]}.get(name, "")
    lost = {a for a, value in inputs.items() if now.get(a) != value}
    assert {a.row for a in lost} <= {gone}
    if name == "answer moved":
        (extra,) = checked.submission.extra
        assert extra.value == inputs[Address(T.requirements, gone, "answer")]
        assert extra.row == gone
