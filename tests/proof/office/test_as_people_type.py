"""LibreOffice as people have it: what it shows after answers were keyed in, without being told to
recalculate everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import AS_INSTALLED, Office, needs_office
from tests.support import library

ROWS, COLUMNS = 400, 90
"""What every sheet fits in."""

pytestmark = [*needs_office, pytest.mark.proof]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    running = Office(tmp_path, settings=AS_INSTALLED)
    yield running
    running.stop()


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("part", ["125", "132", "138", "143", "144", "zw"])
def test_every_cell_follows_the_answers(
    office: Office, part: str, half: bool, tmp_path: Path
) -> None:
    """A stored empty text counts as not yet computed; all that builds on it has to be told."""
    plan = plan_workbook(select(library(), (part,)), "nl", (part,))
    ((sheet, block),) = [(s, b) for s, b in plan.blocks() if b.table.key == T.requirements]
    first = block.table.rows[:40]
    given = sample_inputs(plan) if half else {}
    known = {a: v for a, v in given.items() if a.table != T.requirements or a.row not in first}
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan, known))
    office.do("open", path=str(path))
    rows = range(block.first_row, block.first_row + len(first))
    office.do(
        "type", cells=[[sheet.title, row, block.column_of("answer"), "Voldoet"] for row in rows]
    )
    asked = [[one.title, ROWS, COLUMNS] for one in plan.sheets]
    seen, whole = office.do("see", sheets=asked), office.do("get", sheets=asked)
    office.do("close")
    wrong = [
        (title, a1(row, column), shown, computed)
        for title, cells in whole.items()
        for row, line in enumerate(cells)
        for column, computed in enumerate(line)
        if (shown := seen[title][row][column]) != computed
    ]
    assert not wrong, f"{len(wrong)} cells, such as {wrong[:5]}"
