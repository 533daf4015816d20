"""What strangers did to a workbook, on the grid of one in which every answer can be told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from hkz_xlsx.layout.codecs import Choice, Number
from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.returned.read import read_workbook, understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.cell_values import CellValue, RawValue, shown
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.grid import Area, Grid, SheetGrid, Spot
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import first_layout, library

Cells = dict[Spot, RawValue]
Edit = Callable[[Cells], Cells | None]


@cache
def answers() -> dict[Address, CellValue]:
    """Another value in every cell of the assessment that people type in."""
    plan, found = first_layout("nl", "143"), dict[Address, CellValue]()
    (block,) = next(s for s in plan.sheets if s.key == "assessment").blocks
    for field in block.fields:
        for index, row in enumerate(block.table.rows if field.codecs else ()):
            codec, number = field.codec(index), len(found)
            address = Address(T.requirements, row, field.key)
            if isinstance(codec, Choice):
                found[address] = codec.label(codec.codes[number % len(codec.codes)], "nl")
            else:
                day = codec is not None and codec.kind == "date"
                found[address] = 45_000.0 + number if day else f"antwoord {number}"
    return found


@cache
def whole() -> Grid:
    plan = first_layout("nl", "143")
    return read_grid("retour.xlsx", write_workbook(plan, answers()), complete=True)


def place(row: str, column: str) -> Spot:
    """Where an answer stands in the file as we wrote it."""
    (block,) = next(s for s in first_layout("nl", "143").sheets if s.key == "assessment").blocks
    return block.first_row + block.table.rows.index(row), block.column_of(column)


def sheet_of(grid: Grid, key: str = "assessment") -> SheetGrid:
    title = next(s.title for s in first_layout("nl", "143").sheets if s.key == key)
    return next(s for s in grid.sheets if s.title == title)


def with_sheet(changed: SheetGrid, *more: SheetGrid) -> Grid:
    grid = whole()
    sheets = [changed if s.title == changed.title else s for s in grid.sheets]
    return replace(grid, sheets=(*sheets, *more))


def edited(edit: Edit) -> Submission:
    sheet = sheet_of(whole())
    cells = dict(sheet.cells)
    cells = edit(cells) or cells
    return understand(with_sheet(replace(sheet, cells=cells)), library()).submission


def codes(submission: Submission) -> list[str]:
    return [p.code for p in submission.problems]


def all_there(submission: Submission) -> bool:
    return {a: submission.as_understood.get(a) for a in answers()} == answers()


FIRST, KEYS, HEADER = 5, 3, 4
"""First row with answers, the row with keys and the row with headers, counted from 0."""


def _moved(cells: Cells, to: Callable[[Spot], Spot | None]) -> Cells:
    return {there: v for at, v in cells.items() if (there := to(at)) is not None}


def blank_rows_below_the_keys(cells: Cells) -> Cells:
    return _moved(cells, lambda at: at if at[0] <= KEYS else (at[0] + 9, at[1]))


def header_deleted(cells: Cells) -> Cells:
    def to(at: Spot) -> Spot | None:
        return None if at[0] == HEADER else (at[0] - (at[0] > HEADER), at[1])

    return _moved(cells, to)


def numbers_cleared(cells: Cells) -> Cells:
    return {at: v for at, v in cells.items() if at[1] != 0 or at[0] < FIRST}


def number_column_deleted(cells: Cells) -> Cells:
    return _moved(cells, lambda at: (at[0], at[1] - 1) if at[1] else None)


def numbers_typed_again(cells: Cells) -> None:
    for row in range(FIRST, FIRST + 9):
        cells[row, 0] = f"\u00a0{shown(cells[row, 0]).lower().replace('-', ' ')}\u200b"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (blank_rows_below_the_keys, []),
        (header_deleted, []),
        (numbers_cleared, ["ROW_BY_TEXT"]),
        (number_column_deleted, ["KEYS_FROM_HEADERS"]),
        (numbers_typed_again, []),
    ],
)
def test_every_answer_is_found(edit: Edit, told: list[str]) -> None:
    submission = edited(edit)
    assert all_there(submission)
    assert [c for c in codes(submission) if c != "EXTRA_TEXT"] == told


def test_columns_that_changed_places_below_the_keys() -> None:
    """People type under the header they see, so the header is followed, and it is told."""
    one, other = place("KO-101", "note")[1], place("KO-101", "action")[1]

    def swap(cells: Cells) -> Cells:
        there = {one: other, other: one}
        return _moved(cells, lambda at: (at[0], there.get(at[1], at[1])) if at[0] >= HEADER else at)

    submission = edited(swap)
    assert all_there(submission)
    assert codes(submission) == ["COLUMN_SWAPPED"] * 2


def test_a_header_typed_again_moves_nothing() -> None:
    at = (HEADER, place("KO-101", "note")[1])

    def retyped(cells: Cells) -> None:
        cells[at] = cells[HEADER, place("KO-101", "action")[1]]

    assert all_there(edited(retyped))


def test_dates_and_numbers_beside_the_table_are_kept() -> None:
    """Also in a column of ours, on a row that is none: there only texts were seen once."""
    row, day = FIRST + 62 + 4, datetime(2026, 5, 2)  # noqa: DTZ001 - cells know no zones

    def below(cells: Cells) -> None:
        cells[row, place("KO-101", "valid_until")[1]] = day
        cells[row, place("KO-101", "note")[1]] = 777_001.0

    found = {e.value for e in edited(below).extra}
    assert found == {"02-05-2026", "777001"}


def test_a_table_pasted_below_the_table() -> None:
    other = place("KO-102", "note")

    def pasted(cells: Cells) -> None:
        below = {(r + 70, c): v for (r, c), v in cells.items()}
        cells |= below
        cells[other[0] + 70, other[1]] = "iets anders"

    submission = edited(pasted)
    assert all_there(submission)
    assert codes(submission).count("BLOCK_TWICE") == 1
    (told,) = [p for p in submission.problems if p.code == "ANSWER_ON_COPY"]
    assert (told.slots["value"], told.where.requirement) == ("iets anders", "KO-102")


def test_an_identity_from_another_workbook() -> None:
    plan = first_layout("nl", "139")
    other = read_grid("ander.xlsx", write_workbook(plan))
    sheets = (*whole().sheets[:-1], other.sheets[-1])
    grid = replace(whole(), sheets=sheets)
    submission = understand(grid, library()).submission
    assert all_there(submission)
    assert codes(submission)[0] == "IDENTITY_CONTRADICTED"


def test_formulas_in_answers() -> None:
    """One that nobody calculated is no blank; one with an outcome is an answer, and told."""
    lost, kept = place("KO-101", "answer"), place("KO-102", "answer")
    sheet = sheet_of(whole())
    cells = {at: v for at, v in sheet.cells.items() if at != lost}
    changed = replace(
        sheet, cells=cells, formulas={**sheet.formulas, lost: 'IF(A1="","","Voldoet")', kept: "H6"},
        uncalculated=frozenset({lost}),
    )  # fmt: skip
    told = {
        p.code: p.where.requirement for p in check_grid(with_sheet(changed), library()).problems
    }
    assert told["ANSWER_NOT_CALCULATED"] == "KO-101"
    assert told["ANSWER_IS_FORMULA"] == "KO-102"


def test_a_formula_beside_the_table_shows_a_text_that_is_kept() -> None:
    sheet = sheet_of(whole())
    at = (20, 90)
    changed = replace(
        sheet, cells={**sheet.cells, at: "zie map"},
        formulas={**sheet.formulas, at: 'HYPERLINK("https://map","zie map")'},
    )  # fmt: skip
    submission = understand(with_sheet(changed), library()).submission
    (extra,) = submission.extra
    assert extra.value == '=HYPERLINK("https://map","zie map")  zie map'


def test_merged_answers_are_told() -> None:
    row, column = place("KO-101", "answer")
    sheet = sheet_of(whole())
    area = Area(row, column, row + 2, column)
    grid = with_sheet(replace(sheet, merged=(area,)))
    (told,) = [p for p in check_grid(grid, library()).problems if p.code == "CELLS_MERGED"]
    assert (told.where.cell, told.slots["count"]) == ("H6", "3")
    found = {p.code for p in check_grid(whole(), library()).problems}
    assert "CELLS_MERGED" not in found
    assert "ANSWER_IS_FORMULA" not in found


def test_comments_of_people_go_along(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Through a repair and the next one: once, and never taken for one of ours."""
    comments = {place("KO-101", "answer"): "Jan:\nklopt dit?", (0, 0): "bij de titel"}
    sheet = replace(sheet_of(whole()), comments=comments)
    submission = understand(with_sheet(sheet), library()).submission
    assert {e.value for e in submission.extra} == set(comments.values())
    assert codes(submission) == ["EXTRA_COMMENT"]
    for _ in range(2):
        fresh = repaired(submission)
        assert fresh.notes[Address(T.requirements, "KO-101", "answer")] == "Jan:\nklopt dit?"
        path = tmp_path_factory.mktemp("repaired") / "nieuw.xlsx"
        path.write_bytes(write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes))
        submission = read_workbook(path, library(), complete=True)
        assert submission.extra == ()
        assert [e.value for e in submission.carried] == ["bij de titel", "Jan:\nklopt dit?"]


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("Voldoe\u0301t", "cleaned"), ("n\u0307.v.t", "cleaned"), ("✓ Voldoet", "cleaned"),
        ("? Weet niet", "cleaned"), ("n/v/t", "cleaned"), ("Voldoet?", "unknown"),
        ("≠ Voldoet", "unknown"), ("voldoet/niet", "unknown"), ("Voldoet ❌", "unknown"),
    ],
)  # fmt: skip
def test_words_with_signs(typed: str, state: str) -> None:
    """Accents and our own signs do not matter; a sign of doubt is never read as the word."""
    assert Choice("status").from_cell(typed, "nl").state == state


@pytest.mark.parametrize(
    ("typed", "value"), [("3,5 FTE", 3.5), ("12 fte.", 12.0), ("1.234,5", None), ("1.234", None)]
)
def test_numbers(typed: str, value: float | None) -> None:
    assert Number().from_cell(typed, "nl").cell == value


def test_no_truth_value_of_a_programming_language() -> None:
    assert shown(True) == "TRUE"


def test_texts_typed_over_a_copy_are_kept() -> None:
    """On a copied sheet, and in a doubled column of fixed texts."""
    sheet = sheet_of(whole())
    at, beside = place("KO-101", "question"), (FIRST, 100)
    copied = replace(sheet, title="Kopie", cells={**sheet.cells, at: "eigen vraag"})
    doubled = {(KEYS, 100): sheet.cells[KEYS, at[1]], beside: "naast de vraag"}
    grid = with_sheet(replace(sheet, cells={**sheet.cells, **doubled}), copied)
    submission = understand(grid, library()).submission
    assert all_there(submission)
    found = {(e.reason, e.value) for e in submission.extra}
    assert found == {("sheet_copy", "eigen vraag"), ("column_twice", "naast de vraag")}


@pytest.mark.parametrize(
    ("area", "told"),
    [
        ((0, 0, 1, 0), 2),  # two answers
        ((0, -1, 0, 0), 1),  # an answer behind what stands before it
        ((0, 0, 0, 1), 0),  # only to the right: the answer is what stays
        ((0, 0, 0, 0), 0),
        ((-3, 0, 0, 0), 1),  # with a header: no answer but one is lost
    ],
)
def test_only_merged_cells_that_lose_an_answer_are_told(
    area: tuple[int, int, int, int], told: int
) -> None:
    row, column = place("KO-101", "answer")
    top, left, bottom, right = area
    merged = Area(row + top, column + left, row + bottom, column + right)
    grid = with_sheet(replace(sheet_of(whole()), merged=(merged,)))
    found = [p for p in check_grid(grid, library()).problems if p.code == "CELLS_MERGED"]
    own = [p for p in found if p.slots["column"] == "Oordeel"]
    assert [p.slots["count"] for p in own] == ([str(told)] if told else [])


@pytest.mark.parametrize("more", [0, 1])
def test_formulas_that_differ_in_most_of_a_column_are_a_program_s(more: int) -> None:
    """Up to half of a column somebody changed them; more than half a program rewrote them all."""
    sheet = sheet_of(whole())
    (block,) = next(s for s in first_layout("nl", "143").sheets if s.key == "assessment").blocks
    column = block.column_of("status")
    rows = range(block.first_row, block.last_row + 1)
    count = len(rows) // 2 + more
    assert len(rows) % 2 == 0, "so that exactly half can be tried"
    formulas = {**sheet.formulas, **{(row, column): "1+1" for row in rows[:count]}}
    problems = check_grid(with_sheet(replace(sheet, formulas=formulas)), library()).problems
    told = [p for p in problems if p.code == "FORMULA_CHANGED"]
    assert bool(told) == (not more)


@pytest.mark.parametrize("more", [0, 1])
def test_texts_that_differ_in_most_of_a_column_are_another_version_s(more: int) -> None:
    """In a file of another version: up to half of a column was typed over by somebody."""
    plan = first_layout("nl", "143")
    (block,) = next(s for s in plan.sheets if s.key == "assessment").blocks
    sheet = sheet_of(whole())
    rows = range(block.first_row, block.last_row + 1)
    count = len(rows) // 2 + more
    column = block.column_of("question")
    cells = {**sheet.cells, **{(row, column): "Een andere vraag?" for row in rows[:count]}}
    grid = with_sheet(replace(sheet, cells=cells))

    def other(value: RawValue) -> RawValue:
        return value.replace(plan.identity.plan, "0" * 16) if isinstance(value, str) else value

    sheets = tuple(
        replace(one, cells={at: other(value) for at, value in one.cells.items()})
        for one in grid.sheets
    )
    submission = understand(replace(grid, sheets=sheets), library()).submission
    altered = [one for one in submission.altered if one.address.column == "question"]
    assert len(altered) == (0 if more else count)
