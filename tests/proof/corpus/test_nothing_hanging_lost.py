"""Whatever people hang on a filled workbook: told with its place, kept by repair and carried along.

Links, drawings of every shape of anchor and depth of groups, controls, conversations and page
texts, on any sheets; and the answers are those of the file without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.carry import carry
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.corpus import hanging as h
from tests.support import first_layout, library

NORM = "143"
ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
KINDS = ("link", "inside", "box", "picture", "control", "header")


@cache
def base() -> bytes:
    plan = first_layout("nl", NORM)
    return write_workbook(plan, sample_inputs(plan))


@cache
def answers() -> Submission:
    return understand(read_grid("w.xlsx", base(), complete=True), library()).submission


@dataclass(frozen=True)
class Thing:
    kind: str
    row: int
    column: int
    anchor: str
    depth: int

    def expected(self, number: int) -> tuple[str, str]:
        """What has to be told, and at which cell."""
        cell = a1(self.row, self.column)
        drawn = "" if self.anchor == "absoluteAnchor" else cell
        return {
            "link": (f"https://¤{number}¤.nl/x", cell),
            "inside": (f"#¤{number}¤!A1", cell),
            "box": (f"¤{number}¤ tekst & <b>", drawn),
            "picture": (f"¤{number}¤", drawn),
            "control": (f"☐ ¤{number}¤", "J7"),
            "header": (f"¤{number}¤ kop & voet", ""),
        }[self.kind]


THINGS = st.builds(
    Thing, st.sampled_from(KINDS), st.integers(0, 80), st.integers(0, 30),
    st.sampled_from(ANCHORS), st.integers(0, 4),
)  # fmt: skip


def hung(things: list[Thing], title: str, first: int) -> bytes:
    """The filled workbook with all of them on one sheet."""
    data, drawings, shapes, header = base(), [], [], ""
    for number, one in enumerate(things, first):
        text, cell = one.expected(number)
        match one.kind:
            case "link":
                data = h.hang(data, title, h.link(cell, text, number=number))
            case "inside":
                data = h.hang(data, title, h.link(cell, "", text[1:]))
            case "box" | "picture":
                drawn = h.box(text) if one.kind == "box" else h.picture(text)
                for _ in range(one.depth):
                    drawn = h.group(drawn)
                drawings.append(h.anchor(drawn, one.row, one.column, one.anchor))
            case "control":
                shapes.append(h.vml_shape("Checkbox", f"¤{number}¤", number=1025 + number))
            case _:
                said = text.replace("&", "&amp;&amp;")
                header += f"<oddHeader>&amp;C{said}</oddHeader>"
    if drawings:
        data = h.hang(data, title, h.drawing(*drawings))
    if shapes:
        data = h.hang(data, title, h.vml(*shapes))
    if header:
        data = h.hang(data, title, h.Hung(f"<headerFooter>{header}</headerFooter>"))
    return data


_SETTINGS = partial(settings, deadline=None, derandomize=True, phases=[Phase.generate])
_ANY = given(things=st.lists(THINGS, min_size=1, max_size=8), sheet=st.sampled_from([1, 2, 3, 5]))


@_SETTINGS(max_examples=6)
@_ANY
def test_everything_that_hangs_is_told_and_kept(things: list[Thing], sheet: int) -> None:
    _told_and_kept(things, sheet)


@pytest.mark.proof
@_SETTINGS(max_examples=100)
@_ANY
def test_much_more_that_hangs_is_told_and_kept(things: list[Thing], sheet: int) -> None:
    _told_and_kept(things, sheet)


def _told_and_kept(things: list[Thing], sheet: int) -> None:
    plan = first_layout("nl", NORM)
    title = plan.sheets[sheet].title
    data = hung(things, title, 100)
    wanted = {
        (title, cell, text) for text, cell in (t.expected(n) for n, t in enumerate(things, 100))
    }
    grid = read_grid("w.xlsx", data, complete=True)
    found = understand(grid, library()).submission
    told = {(e.where.sheet, e.where.cell, e.value) for e in found.extra}
    assert told == wanted
    listed = {
        (p.where.sheet, p.where.cell, p.slots["value"])
        for p in check_grid(grid, library()).problems
        if p.code.startswith("EXTRA_")
    }
    assert listed == wanted
    assert found.raw == answers().raw
    assert (found.readings, found.places) == (answers().readings, answers().places)
    quickly = understand(read_grid("w.xlsx", data), library()).submission
    assert {(e.where.sheet, e.where.cell, e.value) for e in quickly.extra} == wanted
    fresh, carried = repaired(found), carry(found, plan)
    for extra in (fresh.extra, carried.extra):
        assert {(e.where.sheet, e.where.cell, e.value) for e in extra} == wanted
    again = write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes)
    back = understand(read_grid("w.xlsx", again, complete=True), library()).submission
    assert (back.extra, back.carried) == ((), fresh.extra)
