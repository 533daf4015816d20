"""What holds for every layout after the first, those of later releases among them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hkz_xlsx.layout.codecs import Choice, Codec
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.releases import KNOWN_LAYOUTS, LAYOUT_VERSION, releases
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.columns import RECORDS, records_at
from hkz_xlsx.scoring.tables import Address, Input
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.layout.test_layout_two import plan_at
from tests.support import first_set, library, plan_of, random_inputs

NEW = {
    2: {
        (T.requirements, "own_text"), (T.requirements, "sign"), (T.requirements, "origin"),
        (T.requirements, "previous_answer"), (T.requirements, "seen"),
        *((T.sign_off, key) for key in ("name", "function", "date", "shared_with", "decision")),
        (T.settings, "hours_a_week"),
    },
}  # fmt: skip
"""What came with a layout, by table and key. That of a released layout never changes."""


def test_the_newest_layout_is_written() -> None:
    """Unasked; what was ever released is known, so that it can be read."""
    assert max(KNOWN_LAYOUTS) == LAYOUT_VERSION
    assert {r.layout for r in releases()} <= set(KNOWN_LAYOUTS)
    assert plan_of("nl").identity.layout == LAYOUT_VERSION


def test_columns_are_added_and_none_is_gone() -> None:
    """Told above for every layout: a column in a released one is a slip that is seen here."""
    for older, newer in pairwise(KNOWN_LAYOUTS):
        added = set()
        for table in RECORDS:
            old, new = ({r.key for r in records_at(table, n)} for n in (older, newer))
            assert old <= new, (newer, table)
            added |= {(table, key) for key in new - old}
        assert added == NEW.get(newer, set()), newer


def _value(codec: Codec | None, plan: WorkbookPlan) -> CellValue:
    """What a person could fill in, or we carry along."""
    if isinstance(codec, Choice):
        return codec.label(codec.codes[-1], plan.lang)
    known: dict[str, CellValue] = {"date": 46_350.0, "number": 3.0, "kvk": "68750110"}
    return known.get(codec.kind, "Een tekst") if codec else "Een tekst"


@pytest.mark.parametrize("layout", KNOWN_LAYOUTS[1:])
def test_every_column_comes_back(layout: int) -> None:
    """By keys and by place, without a word: a cell of each column, and every row of a form."""
    plan = plan_at(layout)
    inputs = {
        Address(block.table.key, row, field.key): _value(field.codec(index), plan)
        for _, block in plan.blocks()
        for field in block.fields
        if isinstance(block.table.column(field.key), Input)
        for index, row in enumerate(block.table.rows)
        if index == 0 or field.key == "value"  # of a form
    }
    asked = {(t, r.key) for t in RECORDS for r in records_at(t, layout) if r.typed}
    assert asked <= {(a.table, key) for a in inputs for key in (a.column, a.row)}
    data = write_workbook(plan, inputs)
    submission = understand(read_grid("a.xlsx", data, complete=True), library()).submission
    assert submission.problems == ()
    assert {a: v for a, v in submission.as_understood.items() if v is not None} == inputs
    found = quick(read_grid("a.xlsx", data), library())
    assert found
    assert found.readings == submission.readings


@pytest.mark.parametrize(
    "part", ["125", *(pytest.param(one, marks=pytest.mark.proof) for one in ("143", "138", "zw"))]
)
def test_size_stays_within_bounds(part: str) -> None:
    """At most a tenth more than the layout before (rule 26), with questions that both were made
    for; filled, the new cells have answers too. The smallest set of questions has least room."""
    for pair in pairwise(plan_at(layout, "nl", first_set(part)) for layout in KNOWN_LAYOUTS):
        blank, filled = (
            [len(write_workbook(p, random_inputs(p, 3) if full else {})) for p in pair]
            for full in (False, True)
        )
        assert blank[1] <= 1.10 * blank[0]
        assert filled[1] <= 1.11 * filled[0]
