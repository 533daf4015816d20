"""What people do to a workbook of layout 2: every answer still in it is read, and all else told."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl
import pytest

from hkz_xlsx.layout.plan import Block
from hkz_xlsx.norm.select import select
from hkz_xlsx.norm.subset import CORE, narrowed
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.read import understand
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, sheet_of

PLAN = plan_workbook(narrowed(select(library(), ("143",)), CORE), "nl", ("143",), 2)
"""Of the core requirements only: the same shape, and quick to open."""

Edit = Callable[[Any, Block], None]


@cache
def written() -> bytes:
    return write_workbook(PLAN, sample_inputs(PLAN))


def _cells(block: Block) -> tuple[int, int, int]:
    """First and last row of the answers, and their column, as openpyxl counts."""
    return block.first_row + 1, block.last_row + 1, block.column_of("answer") + 1


def sorted_backwards(sheet: Any, block: Block) -> None:
    first, last, _ = _cells(block)
    width = sheet.max_column + 1
    rows = [[sheet.cell(r, c).value for c in range(1, width)] for r in range(first, last + 1)]
    for row, values in zip(range(last, first - 1, -1), rows, strict=True):
        for column, value in enumerate(values, 1):
            if not str(value).startswith("="):
                sheet.cell(row, column).value = value


def column_before_the_answers(sheet: Any, block: Block) -> None:
    sheet.insert_cols(_cells(block)[2], 1)


def rows_above_and_between(sheet: Any, block: Block) -> None:
    sheet.insert_rows(block.first_row + 3, 1)
    sheet.insert_rows(1, 2)


def renamed(sheet: Any, _block: Block) -> None:
    sheet.title = "Onze antwoorden"


def check_column_deleted(sheet: Any, block: Block) -> None:
    """The narrow one right of the answers: what it said is counted again."""
    sheet.delete_cols(block.column_of("sign") + 1, 1)


def key_row_deleted(sheet: Any, block: Block) -> None:
    sheet.delete_rows(block.top + 1, 1)


EDITS: tuple[Edit, ...] = (
    sorted_backwards, column_before_the_answers, rows_above_and_between, renamed,
    check_column_deleted, key_row_deleted,
)  # fmt: skip


def _edited(edit: Edit | None, beside: str = "") -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(written()))
    block = sheet_of(PLAN, "assessment").blocks[0]
    sheet = book["Beoordeling"]
    if edit is not None:
        edit(sheet, block)
    if beside:
        sheet.cell(block.last_row + 4, 4).value = beside
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_every_answer_is_read(edit: Edit) -> None:
    """Wherever it went; a repaired file has them all again."""
    grid = read_grid("a.xlsx", _edited(edit), complete=True)
    submission = understand(grid, library()).submission
    assert submission is not None
    expected = {a: v for a, v in sample_inputs(PLAN).items() if v not in (None, "")}
    found = {a: v for a, v in submission.as_understood.items() if v not in (None, "")}
    assert found == expected
    again = repaired(submission)
    assert {a: v for a, v in again.inputs.items() if a in expected} == expected
    assert again.plan.identity.layout == LAYOUT_VERSION


def test_a_text_beside_the_table_is_told_with_its_cell() -> None:
    grid = read_grid("a.xlsx", _edited(None, "Nog vragen aan de directie"), complete=True)
    submission = understand(grid, library()).submission
    assert submission is not None
    block = sheet_of(PLAN, "assessment").blocks[0]
    (extra,) = [e for e in submission.extra if e.value == "Nog vragen aan de directie"]
    assert extra.where.cell == f"D{block.last_row + 4}"


def test_a_wrong_word_counts_as_no_answer() -> None:
    """And is told as what it is, at its cell."""

    def typed(sheet: Any, block: Block) -> None:
        first, _, column = _cells(block)
        sheet.cell(first, column).value = "Voldoet min of meer"

    submission = understand(read_grid("a.xlsx", _edited(typed)), library()).submission
    assert submission is not None
    block = sheet_of(PLAN, "assessment").blocks[0]
    row = block.table.rows[0]
    assert any(p.where.cell == f"E{block.first_row + 1}" for p in submission.problems)
    assert submission.as_understood.get(Address(T.requirements, row, "answer")) != "Voldoet"
