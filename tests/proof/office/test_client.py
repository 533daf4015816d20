"""A real client: LibreOffice opens the workbook, somebody types, it is saved, and we read it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.returned.compare import stored_problems
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import ODS, XLSX, Office, needs_office
from tests.support import library, plan_of

pytestmark = needs_office

TYPED = {
    ("organisation", "name", "value"): "Stichting De Brug",
    ("organisation", "kvk", "value"): "'01234567",
    ("organisation", "fte", "value"): "8.5",
    ("organisation", "funding_wmo", "value"): "Ja",
    (T.settings, "reference_date", "value"): "2026-11-02",
    (T.requirements, "MHD-101", "answer"): "Voldoet",
    (T.requirements, "MHD-101", "maturity"): "2 Do",
    (T.requirements, "MHD-101", "evidence"): "Website, pagina 'Wat doen wij'",
    (T.requirements, "MHD-101", "evidence_date"): "2026-03-01",
    (T.requirements, "MHD-102", "answer"): "voldoet deels",
    (T.requirements, "MHD-102", "action"): "Drempels bespreken",
    (T.requirements, "MHD-103", "answer"): "Voldoet niet",
    (T.requirements, "MHD-104", "answer"): "Weet niet",
    (T.requirements, "MHD-105", "answer"): "Voldoet",
    (T.requirements, "MHD-105", "evidence"): "Aanmeldlijst",
    (T.requirements, "MHD-105", "valid_until"): "2025-12-31",
    (T.requirements, "MHD-216", "answer"): "N.v.t.",
    (T.requirements, "MHD-216", "note"): "Wij doen geen schuldhulp",
    (T.requirements, "AO-901", "answer"): "nvt",
    (T.requirements, "AO-902", "advisor_answer"): "Voldoet niet",
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbook as saved by LibreOffice, as xlsx and as ods."""
    folder = tmp_path_factory.mktemp("client")
    plan = plan_of("nl")
    source = folder / "werkboek.xlsx"
    source.write_bytes(write_workbook(plan))
    before = source.read_bytes()
    office = Office(folder)
    try:
        assert office.do("open", path=str(source))
        office.do("type", cells=[[*_place(plan, key), text] for key, text in TYPED.items()])
        paths = {"xlsx": folder / "terug.xlsx", "ods": folder / "terug.ods"}
        office.do("save", path=str(paths["xlsx"]), filter=XLSX)
        office.do("save", path=str(paths["ods"]), filter=ODS)
        office.do("close")
    finally:
        office.stop()
    assert source.read_bytes() == before
    return paths


def _place(plan: WorkbookPlan, key: tuple[str, str, str]) -> list[object]:
    table, row, column = key
    sheet, block = next((s, b) for s, b in plan.blocks() if b.table.key == table)
    index = block.table.rows.index(row)
    return [sheet.title, block.first_row + index, block.column_of(column)]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
class TestReturned:
    """What comes back is what was typed, and is computed alike."""

    def _read(self, saved: dict[str, Path], kind: str) -> Submission:
        return read_workbook(saved[kind], library())

    def test_every_answer_is_read(self, saved: dict[str, Path], kind: str) -> None:
        """Every typed cell is in the submission, and nothing else is."""
        submission = self._read(saved, kind)
        assert {(a.table, a.row, a.column) for a in submission.raw} == set(TYPED)
        understood = submission.as_understood
        assert understood[Address("organisation", "kvk", "value")] == "01234567"
        assert understood[Address("organisation", "fte", "value")] == 8.5
        day = understood[Address(T.requirements, "MHD-105", "valid_until")]
        assert day == serial(date(2025, 12, 31))

    def test_scores(self, saved: dict[str, Path], kind: str) -> None:
        """Counted by hand: 101 yes with evidence, 102 partly, 103 no, 104 unknown, 105 expired."""
        submission = self._read(saved, kind)
        result = assess(submission.plan.model, submission.as_counted)
        assert result.total.answered == 6  # "nvt" is not on the list as counted
        assert result.total.na == 1
        assert result.total.unknown == 1
        assert result.statuses["AO-901"] == "check"
        assert result.statuses["MHD-102"] == "partly"
        kinds = {gap.requirement: gap.kind for gap in result.gaps}
        assert kinds["MHD-105"] == "expired"
        assert kinds["MHD-101"] == "immature"
        assert [v.code for v in result.verdicts] == ["undetermined"]
        understood = assess(submission.plan.model, submission.as_understood)
        # AO-901 cannot be n.v.t.: understood as such, it is still counted as not answered.
        assert understood.statuses["AO-901"] == "check"

    def test_stored_values_agree(self, saved: dict[str, Path], kind: str) -> None:
        """LibreOffice stored what we compute as counted."""
        assert stored_problems(self._read(saved, kind)) == ()

    def test_problems(self, saved: dict[str, Path], kind: str) -> None:
        """The only thing to tell is the answer that had to be cleaned, with its cell."""
        found = self._read(saved, kind).problems
        assert [(p.code, p.where.requirement) for p in found] == [("ANSWER_CLEANED", "AO-901")]
        assert found[0].where.sheet == "Beoordeling"
        assert found[0].where.cell.startswith("E")
