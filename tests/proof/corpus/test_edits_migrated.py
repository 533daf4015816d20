"""Workbooks of a release, edited at random, then migrated; and what crosswalks promise of them.

Every mark that still stands in an edited file is looked up in the new file as it is read again:
in its own column of a row that the crosswalk leads to, in *Vorig oordeel* of such a row, or in a
list with the cell it came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hkz_xlsx.norm.routes import Edge, Route, composed
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.questions import Passage, passage
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.journey import Journey
from hkz_xlsx.rework.migrate import migrated
from hkz_xlsx.scoring.cell_values import CellError, RawValue
from hkz_xlsx.scoring.choices import PREVIOUS, T
from hkz_xlsx.scoring.tables import Address, Input
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.corpus.test_nothing_lost import STEPS, Book, grid_of
from tests.released.test_migrate_released import newest
from tests.released.test_released_files import RELEASED
from tests.rework.test_journey import STANDINGS, _plain, submission
from tests.support import library

pytestmark = pytest.mark.proof

FILES = ("143-nl.xlsx", "125-nl.xlsx")
RANDOM = settings(
    max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@cache
def grid(name: str) -> Grid:
    path = RELEASED / "0.1.0" / "workbooks" / name
    return read_grid(name, path.read_bytes(), complete=True)


@cache
def real(name: str) -> Submission:
    return understand(grid(name), library(), PLANS.again).submission


@cache
def marked(name: str) -> Grid:
    """Every fifth cell that people may fill in has a text that stands nowhere else."""
    found = grid(name)
    sheets = {sheet.title: dict(sheet.cells) for sheet in found.sheets}
    count = 0
    for sheet, block in real(name).plan.blocks():
        cells = sheets[sheet.title]
        for field, column in zip(block.fields, block.columns, strict=True):
            if not (field.codecs and isinstance(block.table.column(field.key), Input)):
                continue
            for index in range(count % 5, len(block.table.rows), 5):
                cells[block.first_row + index, column] = f"¤{count}¤"
                count += 1
            count += 1
    kept = (
        replace(s, cells={a: 0.0 if a in s.formulas else v for a, v in sheets[s.title].items()})
        for s in found.sheets
    )  # what a formula repeats of an answer is no answer
    return replace(found, sheets=tuple(kept))


def _marks(value: object) -> bool:
    return isinstance(value, str) and "¤" in value


def _mark(value: str) -> str:
    """Without what an edit put behind it."""
    return value[value.index("¤") : value.rindex("¤") + 1]


def _lost(old: Submission, new: Submission, way: Passage) -> list[tuple[object, str]]:
    """Marks of the old file that stand nowhere where they may in the new one."""
    lines: dict[tuple[str, str], str] = {}
    listed: dict[Address | None, str] = {}
    for one in (*new.extra, *new.carried):
        spot = one.where.sheet, one.where.cell
        lines[spot] = f"{lines.get(spot, '')}\n{one.value}"
        listed[one.address] = f"{listed.get(one.address, '')}\n{one.value}"
    now = {address: str(value) for address, value in new.as_understood.items()}
    now |= {address: f"{now.get(address, '')} {value}" for address, value in new.raw.items()}
    lost: list[tuple[object, str]] = []
    for address, value in old.raw.items():
        if not _marks(value):
            continue
        rows = [address.row]
        if address.table == T.requirements:
            rows = [edge.new for edge in way.onward.get(address.row, ())]
        places = [Address(address.table, row, column)
                  for row in rows for column in (address.column, PREVIOUS)]  # fmt: skip
        found = [now.get(place, "") for place in places]
        place = old.places[address]
        found += [listed.get(address, ""), lines.get((place.sheet, place.cell), "")]
        if not any(_mark(str(value)) in text for text in found):
            lost.append((address, str(value)))
    for one in old.extra:
        text = lines.get((one.where.sheet, one.where.cell), "")
        if _marks(one.value) and _mark(one.value) not in text:
            lost.append((one.where, one.value))
    return lost


Edit = Callable[[Book, str, int, int], None]


@pytest.mark.parametrize("name", FILES)
@RANDOM
@given(steps=STEPS)
def test_every_mark_stands_somewhere(name: str, steps: list[tuple[Edit, int, int, int]]) -> None:
    """By address, in the file as it was written."""
    book: Book = {sheet.title: dict(sheet.cells) for sheet in marked(name).sheets}
    for edit, which, n, m in steps:
        titles = [*book, *(["Beoordeling", "Start"] * 4)]
        title = titles[which % len(titles)]
        edit(book, title if title in book else next(iter(book)), n, m)
    sheets = tuple(grid_of(title, cells) for title, cells in book.items())
    edited = replace(marked(name), complete=False, sheets=sheets)
    try:
        old = understand(edited, library()).submission
    except HkzError:
        return  # refused as a whole, with the reason
    plan, found, _ = migrated(old, library(), "0" * 64, newest(old, library()))
    data = write_workbook(plan, found.inputs, notes=found.notes)
    read = read_grid("nieuw.xlsx", data, complete=True)
    new = understand(read, library(), PLANS.again).submission
    assert _lost(old, new, passage(old, plan, library())) == []


def _begin(name: str) -> Submission:
    """The file in the newest layout, with the questions that it has."""
    one = real(name)
    selection, asked = one.plan.model.selection, one.identity.asked
    plan = plan_workbook(selection, one.plan.lang, asked)
    rows = plan.model.table(T.requirements).rows
    way = Passage({row: (Edge(row, row, "equal"),) for row in rows}, {})
    made = Journey(one, plan, way, "same").run()
    return submission(made.inputs, plan)


@cache
def begun(name: str) -> Submission:
    return _begin(name)


def _run(one: Submission, route: Route) -> dict[Address, RawValue]:
    return dict(Journey(one, one.plan, Passage(route.onward(), {}), "same").run().inputs)


@pytest.mark.parametrize("name", FILES)
@RANDOM
@given(data=st.data())
def test_renamed_there_and_back(name: str, data: st.DataObject) -> None:
    """Of a real file nothing changes when every question gets another number, and back."""
    one = begun(name)
    rows = one.plan.model.table(T.requirements).rows
    names = data.draw(st.permutations(rows))
    there = Route(tuple(Edge(a, b, "equal") for a, b in zip(rows, names, strict=True)))
    back = Route(tuple(Edge(b, a, "equal") for a, b in zip(rows, names, strict=True)))
    halfway = submission(_run(one, there), one.plan)  # type: ignore[arg-type]  # cell values
    typed = {a: v for a, v in one.as_understood.items() if not isinstance(v, CellError)}
    assert _run(halfway, back) == typed


@st.composite
def _routes(draw: st.DrawFn, rows: tuple[str, ...]) -> Route:
    """Rows of a whole question set renamed, split, put together, changed and gone."""
    left, reached = list(draw(st.permutations(rows))), list(draw(st.permutations(rows)))
    edges: list[Edge] = []
    while left and reached:
        olds, news = draw(st.sampled_from(((1, 1), (1, 1), (1, 1), (1, 2), (2, 1), (1, 0), (0, 1))))
        standing = draw(st.sampled_from(STANDINGS)) if (olds, news) == (1, 1) else "shown"
        both = draw(st.booleans())
        edges += [
            Edge(old, new, standing, place == 0, place == 0 or both)  # type: ignore[arg-type]  # of the three
            for place, new in enumerate(reached[:news])
            for old in left[:olds]
        ]
        left, reached = left[olds:], reached[news:]
    return Route(tuple(edges))


@pytest.mark.parametrize("name", FILES)
@RANDOM
@given(data=st.data())
def test_one_after_the_other_is_both_at_once(name: str, data: st.DataObject) -> None:
    """compose(a, b), then migrate, is migrate a, then b."""
    one = begun(name)
    rows = one.plan.model.table(T.requirements).rows
    a, b = (data.draw(_routes(rows)) for _ in range(2))
    twice = _run(submission(_run(one, a), one.plan), b)  # type: ignore[arg-type]  # cell values
    once = _run(one, composed(a, b))
    assert _plain(twice) == _plain(once)  # type: ignore[arg-type]  # cell values
