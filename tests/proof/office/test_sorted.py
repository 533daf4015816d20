"""Rows of Beoordeling sorted in a program: every sheet drawn from it stays right."""

from __future__ import annotations

from pathlib import Path

from hkz_xlsx.returned.compare import stored_problems
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.files import StoredBook
from tests.proof.office.libreoffice import XLSX, Office, needs_office
from tests.support import compare, library, plan_of, spots

pytestmark = needs_office


def test_sorted_rows_change_nothing_but_their_place(tmp_path: Path) -> None:
    """Sorted by topic, backwards: action plan, evidence file and scores are as before."""
    plan = plan_of("nl")
    inputs = sample_inputs(plan)
    source, sorted_file = tmp_path / "w.xlsx", tmp_path / "gesorteerd.xlsx"
    source.write_bytes(write_workbook(plan, inputs))
    sheet, block = next((s, b) for s, b in plan.blocks() if b.table.key == T.requirements)
    office = Office(tmp_path)
    try:
        assert office.do("open", path=str(source))
        area = [block.columns[0], block.first_row, block.columns[-1], block.last_row]
        office.do("sort", title=sheet.title, area=area, column=block.column_of("topic"))
        office.do("save", path=str(sorted_file), filter=XLSX)
        office.do("close")
    finally:
        office.stop()
    book = StoredBook(sorted_file)
    ids = [s for s in spots(plan, inputs) if s.sheet == sheet.title]
    moved = sum(book.get(spot) != spot.value for spot in ids)
    assert moved > 1_000, "nothing was sorted"
    count, wrong = compare(
        plan, inputs, lambda spot: spot.value if spot.sheet == sheet.title else book.get(spot)
    )
    # Only the place of a row on Beoordeling may differ.
    positions = ("position", "first_row", "first_open")
    kept = {(s.title, b.column_of(f.key)) for s, b, f in plan.computed() if f.key in positions}
    really = [w for w in wrong if not _in_column(w, kept)]
    assert count > 5_000
    assert really == []
    submission = read_workbook(sorted_file, library())
    assert stored_problems(submission) == ()
    assert {a: v for a, v in submission.as_counted.items() if a.table == T.requirements} == {
        a: v for a, v in inputs.items() if a.table == T.requirements
    }


def _in_column(message: str, columns: set[tuple[str, int]]) -> bool:
    from openpyxl.utils import column_index_from_string

    place = message.split(":")[0]
    title, _, cell = place.rpartition("!")
    letters = "".join(c for c in cell if c.isalpha())
    return (title, column_index_from_string(letters) - 1) in columns
