"""What stands in a file beside everything that we wrote and that was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.problems import Where
from hkz_xlsx.returned.formula_shape import loose_skeletons, skeleton
from hkz_xlsx.returned.meant import is_typed_truth
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import CellError, RawValue, a1, cell_value, shown
from hkz_xlsx.scoring.choices import ANSWER, T
from hkz_xlsx.scoring.tables import Address, Given
from hkz_xlsx.sheets.loose_sheets import SHEETS, Extra, column_key, from_cells, marker
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid, Spot
from hkz_xlsx.text import LANGS, TODAY, Lang, catalogue

LONG = 40
"""A text of ours this long is ours on every sheet; a short one only on its own sheet."""

Used = Mapping[str, set[tuple[int, int]]]


def _texts(sheet: Sheet) -> Iterator[str]:
    """Every text that a plan writes on a sheet, but for the words to choose from."""
    yield sheet.title
    for text in sheet.texts:
        yield text.text
    for block in sheet.blocks:
        for field in block.fields:
            yield field.header
            yield block.marker(field.key)
        for column in block.table.columns:
            if isinstance(column, Given):
                yield from (value for value in column.values if isinstance(value, str))


@cache
def _words(wording: str) -> frozenset[str]:
    """Words to choose from, of today and of the workbook."""
    return frozenset(
        text.strip() for lang in LANGS for one in {TODAY, wording}
        for key, text in catalogue(lang, one).items()
        if key.startswith("choice.")
    )  # fmt: skip


@cache
def _sentences(lang: Lang, wording: str) -> frozenset[str]:
    """Texts of ours that a formula may show."""
    return frozenset(catalogue(lang, wording).values()) - _words(wording)


def plan_texts(plan: WorkbookPlan) -> set[str]:
    """Every text that a plan writes or that its formulas show by themselves."""
    written = {text for sheet in plan.sheets for text in _texts(sheet)}
    return written | set(catalogue(plan.lang, plan.model.wording).values())


def _home(grid: SheetGrid, plan: WorkbookPlan, homes: Mapping[str, str]) -> Sheet | None:
    key = homes.get(grid.title)
    return next((s for s in plan.sheets if s.key == key or s.title == grid.title), None)


def left_over(
    grid: Grid,
    plan: WorkbookPlan,
    used: Used,
    homes: Mapping[str, str],
    places: Mapping[Address, Where],
    shows: Mapping[str, frozenset[str]],
) -> Iterator[Extra]:
    """Every cell that is neither ours nor accounted for, in the order of the file.

    Args:
        grid: the file.
        plan: what it was made from.
        used: cells per sheet that were read as answer, fixed text or result.
        homes: title of a sheet in the file → key of the sheet of the plan that stands on it.
        places: where every answer was found, to say which row an extra text belongs to.
        shows: key of a sheet of the plan → what its formulas outside tables show now.
    """
    own = {sheet.key: frozenset(t.strip() for t in _texts(sheet)) for sheet in plan.sheets}
    words = _words(plan.model.wording)
    tables = frozenset(block.table.key for _, block in plan.blocks())
    typed = frozenset(block.marker(field.key) for _, block, field in plan.inputs())
    long = frozenset(t for texts in own.values() for t in texts if len(t) >= LONG)
    ours = loose_skeletons(plan) if grid.complete else frozenset[tuple[str, ...]]()
    rows = _row_ids(places)
    for sheet in grid.sheets:
        home = _home(sheet, plan, homes)
        mine = ((own[home.key] if home else frozenset()) | long) - words
        outside = {(cell.row, cell.column) for cell in home.formulas} if home else set()
        old = _other_columns(sheet, tables, typed) if home else {}
        taken = used.get(sheet.title, set())
        computed = shows.get(home.key, frozenset()) if home else frozenset()
        says = _sentences(plan.lang, plan.model.wording) if outside else frozenset[str]()
        cover = {(row, 0) for row in (home.cover or ())} if home else set()  # a house style's own
        for at, value in sorted(sheet.cells.items()):
            text = shown(value).strip()
            if at in taken or not text or text in mine or at in cover:
                continue
            if _of_another_version(at, value, old):
                continue
            if text in computed or shown(cell_value(value)) in computed:
                continue
            shows_ours = text in says and (at in outside or len(text) >= LONG)
            if shows_ours or (at in outside and not isinstance(value, str)):
                continue  # what a formula of ours shows, also when it was not recalculated
            if _of_formula(grid, sheet, at, home, ours):
                continue
            row = rows.get((sheet.title, str(at[0] + 1)), "")
            where = Where(grid.file, None, sheet.title, a1(*at), row)
            yield Extra("text", where, _with_formula(sheet, at), row)


def _of_another_version(at: Spot, value: RawValue, old: Mapping[int, int]) -> bool:
    """Whether a value is a number of ours, or a hidden one of another version; ``old`` are the
    columns of those with the row of their marker."""
    row, column = at
    top = old.get(column, row + 1)
    header = row == top + 1 and shown(value).strip().endswith("_")
    return row == top or header or (row > top and not isinstance(value, str))


def _of_formula(
    grid: Grid, sheet: SheetGrid, at: Spot, home: Sheet | None, ours: frozenset[tuple[str, ...]]
) -> bool:
    """Whether a value is what a formula of ours gave, or an error of any formula."""
    value = sheet.cells[at]
    if grid.kind == "xls" and value == 0 and home is not None and home.formulas:
        return True  # a text that a formula gives is read as 0 from this kind of file
    if at not in sheet.formulas:
        return False
    return isinstance(value, CellError) or _ours(grid, home, ours, sheet.formulas[at])


def _row_ids(places: Mapping[Address, Where]) -> dict[tuple[str, str], str]:
    """Which row of a table stands first on a row of a sheet."""
    found: dict[tuple[str, str], str] = {}
    for address, where in places.items():
        digits = where.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        found.setdefault((where.sheet, digits), address.row)
    return found


def _with_formula(sheet: SheetGrid, at: Spot) -> str:
    """What stands in a cell, behind the formula that gives it."""
    formula = sheet.formulas.get(at, "")
    before = f"={formula}  " if formula and not is_typed_truth(formula) else ""
    return before + shown(sheet.cells[at])


def _ours(grid: Grid, home: Sheet | None, ours: frozenset[tuple[str, ...]], formula: str) -> bool:
    """Whether a formula beside the tables is one of ours; other kinds write them differently."""
    return home is not None and (grid.kind not in ("xlsx", "xlsm") or skeleton(formula) in ours)


def _other_columns(
    sheet: SheetGrid, tables: frozenset[str], typed: frozenset[str]
) -> dict[int, int]:
    """Columns with a key of one of our tables in which nobody types: column → key row."""
    return {
        column: row
        for (row, column), value in sheet.cells.items()
        if isinstance(value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", value)
        and value.partition(".")[0] in tables
        and value not in typed
    }


_LOST = ("row_unknown", "row_twice", "column_twice", "sheet_copy")


def unread_answers(grid: Grid, submission: Submission) -> Iterator[Where]:
    """Cells that people filled in beside the number of a question, and that were not read."""
    ids = {folded(row) for row in submission.plan.model.table(T.requirements).rows}
    numbered = {
        (sheet.title, row) for sheet in grid.sheets for (row, _), value in sheet.cells.items()
        if isinstance(value, str) and folded(value) in ids
    }  # fmt: skip
    plan, lang = submission.plan, submission.plan.lang
    status = next(
        codec for _, block, field in plan.inputs()
        if (block.table.key, field.key) == (T.requirements, ANSWER) and (codec := field.codec(0))
    )  # fmt: skip
    for one in submission.extra:
        digits = one.where.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        answer = status.from_cell(one.value, lang).state in ("exact", "cleaned")
        if (
            (answer or one.reason in _LOST)
            and digits
            and (one.where.sheet, int(digits) - 1) in numbered
        ):
            yield one.where


def loose_rows(grid: Grid, used: dict[str, set[tuple[int, int]]]) -> tuple[Extra, ...]:
    """What an earlier repair or merge put aside, read back from its own sheets."""
    found: list[Extra] = []
    for key in SHEETS:
        mark = marker(key, "id")
        for sheet in grid.sheets:
            at = next((at for at, value in sheet.cells.items() if value == mark), None)
            if at is not None:
                found += _rows(sheet, key, at[0], used)
                break
    return tuple(found)


def _rows(
    sheet: SheetGrid, key: str, top: int, used: dict[str, set[tuple[int, int]]]
) -> Iterator[Extra]:
    columns = {
        name: column
        for (row, column), value in sheet.cells.items()
        if row == top and (name := column_key(key, shown(value)))
    }
    taken = used.setdefault(sheet.title, set())
    taken |= {at for at in sheet.cells if at[0] <= top + 1}
    for row in sorted({r for r, _ in sheet.cells if r > top + 1}):
        cells = {n: shown(sheet.cells.get((row, c))) for n, c in columns.items()}
        one = from_cells(cells)
        if one is not None:
            taken |= {(row, c) for c in columns.values()}
            yield one
