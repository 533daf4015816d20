"""What a person changed in a workbook: each code with its cell, and nothing that nobody changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest

from hkz_xlsx.layout.plan import Block, Sheet
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import Problem
from hkz_xlsx.returned.changed import changes
from hkz_xlsx.returned.read import understand
from hkz_xlsx.scoring.cell_values import RawValue, a1
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.sheets.loose_sheets import SHEETS, marker
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid, Spot
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

PLAN = plan_of("nl", "125")
ROWS = PLAN.model.table(T.requirements).rows
FIFTH = 4


@cache
def _grid() -> Grid:
    return read_grid("w.xlsx", write_workbook(PLAN, sample_inputs(PLAN)), complete=True)


def _place(table: str) -> tuple[Sheet, Block]:
    return next((s, b) for s, b in PLAN.blocks() if b.table.key == table)


def _edited(sheet: Sheet, change: Callable[[SheetGrid], SheetGrid]) -> Grid:
    sheets = tuple(change(s) if s.title == sheet.title else s for s in _grid().sheets)
    return replace(_grid(), sheets=sheets)


def _with(
    sheet: Sheet, cells: Mapping[Spot, RawValue], formulas: Mapping[Spot, str | None]
) -> Grid:
    """Other values, and other formulas: None takes one away."""

    def change(old: SheetGrid) -> SheetGrid:
        found = {**old.formulas, **formulas}
        values = {**old.cells, **cells}
        return replace(
            old,
            cells={at: value for at, value in values.items() if value is not None},
            formulas={at: text for at, text in found.items() if text is not None},
        )

    return _edited(sheet, change)


def _told(grid: Grid) -> list[Problem]:
    """With plans that are kept, as `hkz check` has them."""
    return list(changes(understand(grid, library(), PLANS.again)))


def _spot(column: str, index: int = FIFTH, table: str = T.requirements) -> tuple[Sheet, Spot]:
    sheet, block = _place(table)
    return sheet, (block.first_row + index, block.column_of(column))


def test_nothing_is_told_of_what_nobody_changed() -> None:
    assert _told(_grid()) == []


def test_a_number_typed_over_a_formula() -> None:
    """Where, of which question, and what stands there now, in the words of its column."""
    sheet, spot = _spot("points")
    (found,) = _told(_with(sheet, {spot: 0.25}, {spot: None}))
    assert (found.code, found.where.sheet, found.where.cell) == (
        "FORMULA_OVERWRITTEN", sheet.title, a1(*spot),
    )  # fmt: skip
    assert (found.where.file, found.where.requirement) == ("w.xlsx", ROWS[FIFTH])
    assert found.slots == {"column": "Punten", "value": "0.25"}


def test_a_formula_that_is_gone_with_its_value() -> None:
    """A dash stands for nothing; of a table where nobody types, no question is named. A program
    that saves no formula for a blank outcome changed nothing."""
    sheet, spot = _spot("points")
    (found,) = _told(_with(sheet, {spot: None}, {spot: None}))
    assert (found.code, found.slots["value"]) == ("FORMULA_OVERWRITTEN", "–")
    sheet, spot = _spot("score", 0, T.rubrieken)
    (found,) = _told(_with(sheet, {spot: 12.5}, {spot: None}))
    assert (found.code, found.where.requirement) == ("FORMULA_OVERWRITTEN", "")
    checked = _place(T.requirements)[1].column_of("check")
    first = _place(T.requirements)[1].first_row
    sheet, _ = _place(T.requirements)
    mine = next(s for s in _grid().sheets if s.title == sheet.title)
    blank = next(
        (first + i, checked) for i in range(len(ROWS)) if not mine.cells.get((first + i, checked))
    )
    assert _told(_with(sheet, {blank: None}, {blank: None})) == []


@pytest.mark.parametrize("words", ["header", "key"])
def test_a_header_that_was_sorted_among_the_rows(words: str) -> None:
    """Is told as what it is elsewhere; here nothing was typed over."""
    sheet, spot = _spot("points")
    block = _place(T.requirements)[1]
    field = next(one for one in block.fields if one.key == "points")
    value = field.header if words == "header" else block.marker("points")
    assert _told(_with(sheet, {spot: value}, {spot: None})) == []


def test_a_formula_that_does_something_else() -> None:
    """With its cell and its text; half of a column: each of them; more: a program did."""
    sheet, spot = _spot("points")
    (found,) = _told(_with(sheet, {}, {spot: "1+1"}))
    assert (found.code, found.where.sheet, found.where.cell, found.where.file) == (
        "FORMULA_CHANGED", sheet.title, a1(*spot), "w.xlsx",
    )  # fmt: skip
    assert found.slots == {"column": "Punten", "value": "=1+1"}
    half = len(ROWS) // 2
    assert len(ROWS) == 2 * half
    for many, told in ((half, half), (half + 1, 0)):
        other = {(spot[0] - FIFTH + i, spot[1]): "1+1" for i in range(many)}
        assert len(_told(_with(sheet, {}, other))) == told
    # Of the cells that have a formula still, most do something else: those are not told.
    gone = {(spot[0] - FIFTH + i, spot[1]): None for i in range(half, len(ROWS))}
    most = {(spot[0] - FIFTH + i, spot[1]): "1+1" for i in range(half)}
    codes = {p.code for p in _told(_with(sheet, {}, {**gone, **most}))}
    assert codes == {"FORMULA_OVERWRITTEN"}


def test_one_file_after_another() -> None:
    """What is remembered of a file that nobody changed hides nothing in the next, and the other
    way round."""
    sheet, spot = _spot("points")
    other, there = _spot("points", FIFTH + 1)
    for _ in range(2):
        assert _told(_grid()) == []
        (found,) = _told(_with(sheet, {}, {spot: "1+1"}))
        assert (found.code, found.where.cell) == ("FORMULA_CHANGED", a1(*spot))
        (found,) = _told(_with(other, {}, {there: "2+2"}))
        assert (found.code, found.where.cell) == ("FORMULA_CHANGED", a1(*there))
        assert len(_told(_with(sheet, {}, {spot: "1+1", there: "2+2"}))) == 2


def test_a_hidden_column_is_named_without_its_mark() -> None:
    """Headers of hidden columns end with a line, which says nothing to people."""
    _, block = _place(T.requirements)
    field = next(f for f in block.fields if f.key == "level_counted")
    assert field.header.endswith("_")
    sheet, spot = _spot("level_counted")
    (typed,) = _told(_with(sheet, {spot: 7.0}, {spot: None}))
    (changed,) = _told(_with(sheet, {}, {spot: "1+1"}))
    for found in (typed, changed):
        assert found.slots["column"] == field.header.removesuffix("_")
    assert changed.slots["value"] == "=1+1"


@pytest.mark.parametrize("kind", ["", "none", "any"])
def test_a_list_that_allows_everything_is_none(kind: str) -> None:
    sheet, _ = _spot("answer")

    def any_value(old: SheetGrid) -> SheetGrid:
        return replace(old, validations=tuple(replace(r, type=kind) for r in old.validations))

    found = _told(_edited(sheet, any_value))
    assert {(p.code, p.where.file) for p in found} == {("DROPDOWN_GONE", "w.xlsx")}


def test_a_list_that_is_gone() -> None:
    """Of a whole column, or of the rows below one: the first cell, and how many."""
    sheet, (row, column) = _spot("answer")
    first = row - FIFTH

    def without(old: SheetGrid) -> SheetGrid:
        rules = tuple(
            replace(
                rule,
                areas=tuple(
                    replace(a, bottom=row - 1) if a.left <= column <= a.right else a
                    for a in rule.areas
                ),
            )
            for rule in old.validations
        )
        return replace(old, validations=rules)

    (found,) = _told(_edited(sheet, without))
    assert (found.code, found.where.cell) == ("DROPDOWN_GONE", a1(row, column))
    assert found.slots == {"count": str(len(ROWS) - FIFTH), "column": "Oordeel"} or found.slots == {
        "count": len(ROWS) - FIFTH, "column": "Oordeel",
    }  # fmt: skip
    told = _told(_edited(sheet, lambda old: replace(old, validations=())))
    assert {p.code for p in told} == {"DROPDOWN_GONE"}
    assert a1(first, column) in {p.where.cell for p in told}
    free = _place(T.requirements)[1].column_of("note")
    assert a1(first, free) not in {p.where.cell for p in told}, "a free text has no list"


def test_sheets_by_another_name_away_or_new() -> None:
    """Each with its name; one that is renamed is not away."""
    sheet, _ = _place(T.requirements)
    named = _edited(sheet, lambda old: replace(old, title="Vragen"))
    (found,) = (p for p in _told(named) if p.code.startswith("SHEET_"))
    assert (found.code, found.where.sheet) == ("SHEET_RENAMED", "Vragen")
    assert found.slots == {"table": sheet.title, "now": "Vragen"}
    loose = SheetGrid("Kladblok", {(0, 0): "boodschappen"})
    (found,) = _told(replace(_grid(), sheets=(*_grid().sheets, loose)))
    assert (found.code, found.where.sheet, found.slots) == (
        "SHEET_ADDED", "Kladblok", {"table": "Kladblok"},
    )  # fmt: skip
    away = PLAN.text("sheet.help.tab")
    told = _told(replace(_grid(), sheets=tuple(s for s in _grid().sheets if s.title != away)))
    assert [(p.code, p.slots["table"], p.where.file) for p in told] == [
        ("SHEET_MISSING", away, "w.xlsx")
    ]
    sheets = _grid().sheets
    assert {p.where.file for p in _told(replace(_grid(), sheets=(*sheets, loose)))} == {"w.xlsx"}
    assert {p.where.file for p in _told(named)} == {"w.xlsx"}


@pytest.mark.parametrize("key", ["result", "assessment", "_hkz"])
def test_a_sheet_whose_loss_is_told_otherwise(key: str) -> None:
    """What holds answers or results, and a lost identity, are told on their own."""
    title = next(s.title for s in PLAN.sheets if s.key == key)
    told = _told(replace(_grid(), sheets=tuple(s for s in _grid().sheets if s.title != title)))
    assert "SHEET_MISSING" not in {p.code for p in told}


def test_sheets_that_are_no_strangers() -> None:
    """A copy of a sheet is told as that; a sheet of ours for what found no place is none."""
    sheet, _ = _place(T.requirements)
    mine = next(s for s in _grid().sheets if s.title == sheet.title)
    copies = tuple(replace(mine, title=title) for title in ("Kopie", "Kopie 2"))
    told = _told(replace(_grid(), sheets=(*_grid().sheets, *copies)))
    assert "SHEET_ADDED" not in {p.code for p in told}
    for key in SHEETS:
        ours = SheetGrid("Extra", {(2, 0): marker(key, "id"), (3, 0): 4.0})
        told = _told(replace(_grid(), sheets=(*_grid().sheets, ours)))
        assert "SHEET_ADDED" not in {p.code for p in told}


def test_what_other_kinds_of_files_cannot_tell() -> None:
    """Their formulas are in a language of their own: only that one is gone is told."""
    sheet, spot = _spot("points")
    other = replace(_with(sheet, {spot: 0.25}, {spot: None}), kind="ods")
    codes = [p.code for p in _told(other)]
    assert "FORMULA_OVERWRITTEN" in codes
    limited = _told(other)[-1]
    assert (limited.code, limited.where.file) == ("CHECK_LIMITED", "w.xlsx")
    assert limited.slots == {"kind": "ods"}
    macros = replace(_with(sheet, {}, {spot: "1+1"}), kind="xlsm")
    assert [p.code for p in _told(macros)] == ["FORMULA_CHANGED"]
    changed = replace(_with(sheet, {}, {spot: "1+1"}), kind="ods")
    assert "FORMULA_CHANGED" not in [p.code for p in _told(changed)]


def test_a_fixed_text_that_was_changed() -> None:
    """What stood there and what stands there now; a dash for nothing."""
    sheet, spot = _spot("question")
    asked = str(_place(T.requirements)[1].table.column("question").values[FIFTH])  # type: ignore[union-attr]  # fixed texts
    header = PLAN.text("column.requirements.question.header")
    for now, shown in (("Iets anders?", "Iets anders?"), (None, "–")):
        (found,) = _told(_with(sheet, {spot: now}, {}))
        assert (found.code, found.where.cell) == ("TEXT_CHANGED", a1(*spot))
        assert found.slots == {"column": header, "value": shown, "expected": asked}
    sixth = str(_place(T.requirements)[1].table.column("question").values[FIFTH + 1])  # type: ignore[union-attr]  # fixed texts
    moved = _with(sheet, {spot: sixth}, {})
    assert _told(moved) == [], "whoever reads the file was told already"
    (found,) = understand(moved, library()).submission.problems
    assert (found.code, found.where.cell) == ("TEXT_MOVED", a1(*spot))
    assert found.slots == {"column": header, "owner": ROWS[FIFTH + 1]}


def test_a_hidden_number_that_was_changed() -> None:
    """One that formulas count with."""
    sheet, spot = _spot("weight")
    (found,) = (p for p in _told(_with(sheet, {spot: 9.0}, {})) if p.code != "TEXT_MOVED")
    assert (found.code, found.where.cell) == ("WEIGHT_CHANGED", a1(*spot))
    assert found.slots["column"] == "weight"
    assert (found.slots["value"], found.slots["expected"]) == ("9", "2")


def test_a_column_and_a_sheet_that_are_away() -> None:
    """Are told as such, once; what stands behind them is still looked at."""
    sheet, block = _place(T.requirements)
    column = block.column_of("points")
    points: dict[Spot, RawValue] = {
        (row, column): None for row in range(block.top, block.last_row + 1)
    }
    (found,) = _told(_with(sheet, points | {_spot("check")[1]: "x"}, {_spot("check")[1]: None}))
    assert (found.code, found.where.cell) == ("FORMULA_OVERWRITTEN", a1(*_spot("check")[1]))
    away, later = PLAN.text("sheet.assessment.tab"), PLAN.text("sheet.steps.tab")
    sheets = tuple(
        replace(s, validations=()) if s.title == later else s
        for s in _grid().sheets
        if s.title != away
    )
    told = _told(replace(_grid(), sheets=sheets))
    assert {p.where.sheet for p in told if p.code == "DROPDOWN_GONE"} == {later}


def test_what_was_typed_on_a_copy_of_the_sheet() -> None:
    """Does not count; each cell is told with what counts, and a row that is no row with what stands
    on it. What follows such a row is read too."""
    sheet, block = _place(T.requirements)
    mine = next(s for s in _grid().sheets if s.title == sheet.title)
    note, number = block.column_of("note"), block.column_of("id")
    first = block.first_row
    blank = next(i for i in range(3, len(ROWS)) if (first + i, note) not in mine.cells)
    cells = {
        **mine.cells,
        (first, number): "ZZZ-999", (first, note): "van niemand",
        (first + 2, number): ROWS[1], (first + 2, note): "dubbel",
        (first + blank, note): "op de kopie",
    }  # fmt: skip
    copy = replace(mine, title="Kopie", cells=cells)
    submission = understand(replace(_grid(), sheets=(*_grid().sheets, copy)), library()).submission
    told = {p.code: p for p in submission.problems}
    assert told["BLOCK_TWICE"].slots == {"table": sheet.title, "others": "Kopie"}
    assert told["ANSWER_ON_COPY"].where.cell == a1(first + blank, note)
    assert told["ANSWER_ON_COPY"].where.sheet == "Kopie"
    assert told["ANSWER_ON_COPY"].slots == {"value": "op de kopie", "counted": "–"}
    assert (told["ROW_UNKNOWN"].slots["row"], told["ROW_UNKNOWN"].where.cell) == (
        "ZZZ-999", a1(first, 0),
    )  # fmt: skip
    assert "van niemand" in told["ROW_UNKNOWN"].slots["values"]
    assert (told["ROW_TWICE"].slots["row"], told["ROW_TWICE"].where.cell) == (
        ROWS[1], a1(first + 2, 0),
    )  # fmt: skip
    assert "dubbel" in told["ROW_TWICE"].slots["values"]
    aside = {(one.reason, one.value) for one in submission.extra}
    assert {
        ("row_unknown", "van niemand"),
        ("row_twice", "dubbel"),
        ("sheet_copy", "op de kopie"),
    } <= aside
