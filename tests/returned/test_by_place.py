"""Reading by place against reading by keys: equal in everything, order included.

A fixed set of returned files: as we wrote them in either layout, with a template and with an
earlier measurement, as other programs saved them, repaired, merged and damaged. Reading by place
may leave a file to reading by keys; what it does read must be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.returned.read import by_keys
from hkz_xlsx.returned.read_by_place import by_place
from hkz_xlsx.returned.submission import Returned
from hkz_xlsx.scoring.cell_values import RawValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.cells import place
from hkz_xlsx.spreadsheet.grid import Area, Grid, SheetGrid, Spot
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library

ROOT = Path(__file__).parents[2]
RELEASED = ROOT / "released" / "0.1.0"
ODD = Path(__file__).parent / "files"

QUICK = (
    "workbooks/125-nl.xlsx", "workbooks/125-nl-openpyxl.xlsx", "workbooks/125-nl-previous.xlsx",
    "workbooks/125-en-template.xlsx", "workbooks/143-en-gnumeric.xlsx",
    "workbooks/zw-nl-libreoffice.xlsx", "workbooks/132-en-scope.xlsx", "rework/noord.xlsx",
)  # fmt: skip
"""Files in which nothing but the answers differs from what we write."""

SLOW = (
    "rework/beschadigd.xlsx", "rework/hersteld.xlsx", "rework/samen.xlsx", "rework/besluiten.xlsx",
    *sorted(path.name for path in ODD.glob("*.xlsx")),
)  # fmt: skip
"""Files that were changed, or have sheets and comments beside the plan."""


def keys(grid: Grid, norms: Library) -> Returned:
    return by_keys(grid, norms, PLANS.again)


def both(grid: Grid) -> bool:
    """Read both ways and compare; whether it could be read by place."""
    quick = by_place(grid, library(), keys)
    quick = quick or by_place(grid, library(), keys)  # the first of a plan is not
    if quick is None:
        return False
    thorough = keys(grid, library())
    one, other = quick.submission, thorough.submission
    for name in ("raw", "readings", "places", "stored"):
        assert list(getattr(one, name).items()) == list(getattr(other, name).items()), name
    for field in fields(one):
        if field.compare:
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    assert list(map(str, one.problems)) == list(map(str, other.problems))
    assert list(quick.homes.items()) == list(thorough.homes.items())
    assert list(quick.found) == list(thorough.found)
    for block in (block for _, block in one.plan.blocks() if block.table.key in quick.found):
        here, there = quick.found[block.table.key], thorough.found[block.table.key]
        rows = [[r for r in found.rows if r[1] in block.table.rows] for found in (here, there)]
        assert rows[0] == rows[1]
        assert replace(here, rows=()) == replace(there, rows=())
    return True


@pytest.mark.parametrize("name", [*QUICK, *SLOW])
def test_files_of_every_kind(name: str) -> None:
    """Read for everything, as `check` and `analyze` do, and for values only."""
    path = RELEASED / name if "/" in name else ODD / name
    data = path.read_bytes()
    assert both(read_grid(path.name, data, complete=True)) is (name in QUICK)
    if name in QUICK:
        both(read_grid(path.name, data))


@cache
def filled(layout: int, *, previous: bool = False) -> Grid:
    plan = plan_workbook(select(library(), ["143"]), "nl", ["143"], layout, previous=previous)
    inputs = dict(sample_inputs(plan, 5))
    if previous:
        table = next(b.table for _, b in plan.blocks() if b.table.key == T.previous)
        inputs |= {Address(T.previous, row, "score"): 61.5 for row in table.rows}
    return read_grid("143.xlsx", write_workbook(plan, inputs), complete=True)


@pytest.mark.parametrize("layout", [1, 2])
@pytest.mark.parametrize("previous", [False, True])
def test_as_written(layout: int, previous: bool) -> None:
    assert both(filled(layout, previous=previous))


def on_answers(change: Callable[[SheetGrid, Spot], SheetGrid]) -> Grid:
    """A filled workbook, its sheet with answers changed at the first answer."""
    grid = filled(1)
    places = keys(grid, library()).submission.places
    where = next(w for a, w in places.items() if a.table == T.requirements and a.column == "answer")
    spot = place(where.cell)
    assert spot is not None
    sheets = tuple(change(s, spot) if s.title == where.sheet else s for s in grid.sheets)
    return replace(grid, sheets=sheets)


def put(value: RawValue, *right: int, down: int = 0) -> Callable[[SheetGrid, Spot], SheetGrid]:
    def change(sheet: SheetGrid, at: Spot) -> SheetGrid:
        spots = [(at[0] + down, at[1] + columns) for columns in right]
        return replace(sheet, cells={**sheet.cells, **dict.fromkeys(spots, value)})

    return change


ANYTHING: tuple[RawValue, ...] = (
    "misschien", " ja ", "JA", "\u00a0", True, 3, 45_000.5, "01-02-2026", "13/01/2026",
    datetime(2026, 3, 4),  # noqa: DTZ001 - spreadsheets know no zones
    "requirements.answer", "Vraag", "=1+1", "ja\nnee",
)  # fmt: skip


BY_KEYS = ("requirements.answer",)
"""Looks like a row of keys."""


# Without backslashes: `make mutants` cannot ask for a test with one in its name.
@pytest.mark.parametrize("value", ANYTHING, ids=lambda one: repr(one).replace("\\", ""))
def test_anything_typed_in_any_column(value: RawValue) -> None:
    """In a column to choose from, in one with a text, and in one with a date."""
    assert both(on_answers(put(value, 0, 2, 5))) is (value not in BY_KEYS)


@pytest.mark.parametrize(
    "change",
    [
        put("los", 200), put("over een tekst", -1), put("onderaan", 0, down=400),
        lambda sheet, at: replace(
            sheet, merged=(*sheet.merged, Area(at[0], at[1], at[0] + 1, at[1]))
        ),
        lambda sheet, at: replace(sheet, comments={at: "kijk hier"}),
        lambda sheet, _: replace(sheet, visibility="hidden"),
        lambda sheet, _: replace(sheet, title="Anders"),
        lambda sheet, at: replace(sheet, formulas={**sheet.formulas, at: "A1"}),
        lambda sheet, at: replace(
            sheet, cells={k: v for k, v in sheet.cells.items() if k[0] != at[0]}
        ),
        lambda sheet, at: replace(
            sheet, formulas={k: v for k, v in sheet.formulas.items() if k[0] != at[0]}
        ),
    ],
)  # fmt: skip
def test_damaged_files_are_left_to_the_thorough_way(
    change: Callable[[SheetGrid, Spot], SheetGrid],
) -> None:
    assert both(on_answers(change)) is False


def test_a_key_in_the_place_of_a_house_style() -> None:
    """Texts of a template are no answers; a key there would be taken for a row of keys."""
    grid = filled(1)
    plan = keys(grid, library()).submission.plan
    first = plan.sheets[0]
    assert first.cover is not None
    spot = (first.cover[0], 0)
    for text, quick in (("Adviesbureau", True), ("requirements.answer", False)):
        start = replace(grid.sheets[0], cells={**grid.sheets[0].cells, spot: text})
        assert both(replace(grid, sheets=(start, *grid.sheets[1:]))) is quick
