"""LibreOffice as people have it: what it shows after answers were keyed in, without being told to
recalculate everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import AS_INSTALLED, Office, needs_office
from tests.support import library

pytestmark = [*needs_office, pytest.mark.proof]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    running = Office(tmp_path, settings=AS_INSTALLED)
    yield running
    running.stop()


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("part", ["125", "138", "143", "144", "zw"])
def test_every_cell_follows_the_answers(
    office: Office, part: str, half: bool, tmp_path: Path
) -> None:
    """A stored empty text counts as not yet computed; what builds on it has to be told."""
    plan = plan_workbook(select(library(), (part,)), "nl", (part,))
    ((sheet, block),) = [(s, b) for s, b in plan.blocks() if b.table.key == T.requirements]
    given = sample_inputs(plan) if half else {}
    late = set(block.table.rows[:40])
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(
        write_workbook(
            plan,
            {a: v for a, v in given.items() if a.table != T.requirements or a.row not in late},
        )
    )
    office.do("open", path=str(path))
    answers = [
        [sheet.title, row, block.column_of("answer"), "Voldoet"]
        for row in range(block.first_row, min(block.first_row + 40, block.last_row + 1))
    ]
    office.do("type", cells=answers)
    asked = [
        [one.title, max(b.last_row for b in one.blocks) + 1,
         max(c for b in one.blocks for c in b.columns) + 1]
        for one in plan.sheets if one.blocks
    ]  # fmt: skip
    seen, whole = office.do("see", sheets=asked), office.do("get", sheets=asked)
    office.do("close")
    assert seen == whole
