"""Every workbook that a release wrote goes along to the newest question sets, cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.migrate import migrated
from hkz_xlsx.rework.newest import codecs
from hkz_xlsx.scoring.cell_values import CellError
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.spreadsheet.open import read_grid
from tests.released.test_released_files import RECORDS, RELEASED, norms, record

RENEWED = ("seen", "origin", "previous_answer")


def every() -> list[object]:
    """Filled ones with the norms that they need, and what repair and merge wrote."""
    found: list[object] = []
    for version in RECORDS:
        own = {
            one["file"]: RELEASED / version / one["norms"] if one["norms"] else None
            for one in record(version)["workbooks"]
        }
        rework = set((RELEASED / version).glob("rework/*.xlsx")) - {decisions(version)}
        names = {*own, *(path.relative_to(RELEASED / version).as_posix() for path in rework)}
        found += [
            pytest.param(
                RELEASED / version / name,
                own.get(name),
                id=f"{version} {name}",
                # In a quick run the plain ones of one language will do.
                marks=pytest.mark.proof if name.endswith("-en.xlsx") else (),
            )
            for name in sorted(names)
        ]
    return found


def decisions(version: str) -> Path:
    """The list with decisions of a merge is no workbook."""
    return RELEASED / version / "rework" / "besluiten.xlsx"


def newest(submission: Submission, library: Library) -> list[str]:
    """The latest set of every part, drafts too."""
    return [str(library.revisions(e.part)[0]) for e in submission.identity.editions]


@pytest.mark.parametrize(("path", "own"), every())
def test_goes_along(path: Path, own: Path | None) -> None:
    """Every typed cell stands in a cell, beside its question or in a list; nothing else appears."""
    library = norms(own)
    grid = read_grid(path.name, path.read_bytes(), complete=True)
    submission = understand(grid, library, PLANS.again).submission
    to = newest(submission, library)
    plan, found, _ = migrated(submission, library, "0" * 64, to)
    assert sorted(map(str, plan.identity.editions)) == sorted(to)
    assert plan.identity.layout == LAYOUT_VERSION
    places = {a for a, codec in codecs(submission.plan).items() if codec is not None}
    typed = {
        address: value
        for address, value in submission.as_understood.items()
        if address in places and not isinstance(value, CellError)
    }
    assert sum(found.counts.values()) == len(typed)
    listed = {one.address for one in found.extra}
    held = set(found.inputs.values())
    texts = [str(value) for value in held if isinstance(value, str)]
    for address, value in typed.items():
        stands = value in held or any(str(value) in text for text in texts)
        assert stands or address in listed or address.column in RENEWED, address
    answers = {a.row for a in found.inputs if (a.table, a.column) == (T.requirements, "answer")}
    before = {a.row for a in typed if (a.table, a.column) == (T.requirements, "answer")}
    assert len(answers) <= len(before)
