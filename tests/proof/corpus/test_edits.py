"""Every scripted edit gives what is written beside it, and can be repaired without loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.corpus.edits import EDITS, edited
from tests.proof.corpus.make import FOLDER, expected, outcome
from tests.support import library, mostly_proof


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_gives_what_is_expected(name: str, tmp_path: Path) -> None:
    """Findings, answers and extra texts."""
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(edited(name))
    before = path.read_bytes()
    assert outcome(path) == expected(name)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", mostly_proof(EDITS, *list(EDITS)[::6]))
def test_the_repaired_file_says_the_same(name: str, tmp_path: Path) -> None:
    """Nothing is lost, and repairing it again changes nothing."""
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(edited(name))
    submission = read_workbook(path, library(), complete=True)
    fresh = repaired(submission)
    again = tmp_path / "hersteld.xlsx"
    again.write_bytes(write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes))
    back = read_workbook(again, library(), complete=True)
    assert dict(back.as_understood) == dict(submission.as_understood)
    assert back.carried == fresh.extra
    assert back.extra == ()
    second = repaired(back)
    assert write_workbook(second.plan, second.inputs, notes=second.notes) == again.read_bytes()


def test_every_expectation_has_its_edit() -> None:
    """No file is left behind when an edit goes."""
    assert {p.stem for p in FOLDER.glob("*.json")} == set(EDITS)


def test_comments_stand_on_the_marked_cells(tmp_path: Path) -> None:
    """What is wrong and what stood there, readable in any program."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(edited("pasted_over_lists"))
    fresh = repaired(read_workbook(path, library()))
    path.write_bytes(write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes))
    grid = open_workbook(path, complete=True)
    (sheet,) = [s for s in grid.sheets if s.title == "Beoordeling"]
    assert len(sheet.comments) == len(fresh.notes) == 15 - 0
    block = next(b for _, b, f in fresh.plan.inputs() if f.key == "answer")
    text = sheet.comments[block.first_row, block.column_of("answer")]
    assert "In het oude bestand:  voldoet " in text
