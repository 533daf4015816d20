"""LibreOffice as people have it: what it shows after answers were keyed in, without being told to
recalculate everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import AS_INSTALLED, Office, needs_office
from tests.support import library

pytestmark = [*needs_office, pytest.mark.proof]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    running = Office(tmp_path, settings=AS_INSTALLED)
    yield running
    running.stop()


@pytest.mark.xfail(
    strict=True,
    reason="LibreOffice 7.4 takes a stored empty text for one not yet computed, and does not tell"
    " all that builds on it: the scores of themes stay 0 until everything is recalculated",
)
@pytest.mark.parametrize("part", ["143", "138"])
def test_scores_follow_the_answers(office: Office, part: str, tmp_path: Path) -> None:
    plan = plan_workbook(select(library(), (part,)), "nl", (part,))
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan))
    office.do("open", path=str(path))
    ((sheet, block),) = [(s, b) for s, b in plan.blocks() if b.table.key == T.requirements]
    answers = [
        [sheet.title, row, block.column_of("answer"), "Voldoet"]
        for row in range(block.first_row, block.first_row + 40)
    ]
    office.do("type", cells=answers)
    ((overview, themes),) = [(s, b) for s, b in plan.blocks() if b.table.key == T.themes
                             and s.key == "overview"]  # fmt: skip
    asked = [[overview.title, themes.last_row + 1, themes.column_of("score") + 1]]
    seen, whole = office.do("see", sheets=asked), office.do("get", sheets=asked)
    office.do("close")
    assert seen == whole
