"""What was changed in a returned workbook, against the exact plan it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hkz_xlsx.layout.plan import Block, Field, Sheet, WorkbookPlan
from hkz_xlsx.layout.refs import Places, RowRefs
from hkz_xlsx.layout.values import displayed
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.compare import same
from hkz_xlsx.returned.find import FoundBlock
from hkz_xlsx.returned.formula_shape import skeleton
from hkz_xlsx.returned.protection import protection_changes
from hkz_xlsx.returned.submission import Returned
from hkz_xlsx.scoring.cell_values import RawValue, a1
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Computed, Input
from hkz_xlsx.sheets.loose_sheets import SHEETS, marker
from hkz_xlsx.sheets.sealed_sheet import SEALED

MOST_CELLS = 20
"""More findings of one kind in one column are told once, with their number."""


def changes(returned: Returned) -> Iterator[Problem]:
    """Every change, sheet by sheet; nothing is said twice about one cell."""
    yield from _sheets(returned)
    yield from _fixed(returned)
    whole = returned.grid.kind in ("xlsx", "xlsm")
    if returned.grid.complete:
        yield from _formulas(returned, whole=whole)
        yield from protection_changes(returned)
        if whole:
            yield from _dropdowns(returned)
    if not (whole and returned.grid.complete):
        yield problem("CHECK_LIMITED", Where(returned.grid.file), kind=returned.grid.kind)


def _sheets(returned: Returned) -> Iterator[Problem]:
    plan, grid, file = returned.submission.plan, returned.grid, returned.grid.file
    title_of = {key: title for title, key in reversed(list(returned.homes.items()))}
    titles = {sheet.title for sheet in grid.sheets}
    for sheet in plan.sheets:
        now = title_of.get(sheet.key)
        if now is not None and now != sheet.title:
            where = Where(file, None, now)
            yield problem("SHEET_RENAMED", where, table=sheet.title, now=now)
        # What holds answers or results, and a lost identity, are told on their own.
        quiet = _asks_or_computes(sheet) or sheet is plan.sheets[-1]
        if now is None and sheet.title not in titles and not quiet:
            yield problem("SHEET_MISSING", Where(file), table=sheet.title)
    ours = {sheet.title for sheet in plan.sheets} | set(returned.homes)
    loose = {marker(key, "id") for key in (*SHEETS, SEALED)}
    copies = {p.slots["others"] for p in returned.submission.problems if p.code == "BLOCK_TWICE"}
    told = {title for others in copies for title in others.split(", ")}
    for one in grid.sheets:
        if one.title in ours or one.title in told or loose & set(map(_text, one.cells.values())):
            continue
        yield problem("SHEET_ADDED", Where(file, None, one.title), table=one.title)


def _text(value: RawValue) -> str:
    return value if isinstance(value, str) else ""


def _asks_or_computes(sheet: Sheet) -> bool:
    return any(f.codecs for b in sheet.blocks for f in b.fields) or any(
        b.table.computed() for b in sheet.blocks
    )


def _fixed(returned: Returned) -> Iterator[Problem]:
    told = {p.where for p in returned.submission.problems if p.code == "TEXT_MOVED"}
    for one in returned.submission.altered:
        slots = {"column": one.column.removesuffix("_"), "expected": one.expected or "–"}
        if one.where in told:
            continue
        if one.owner:
            yield problem("TEXT_MOVED", one.where, column=one.column, owner=one.owner)
        elif one.column.endswith("_"):
            yield problem("WEIGHT_CHANGED", one.where, value=one.value or "–", **slots)
        else:
            yield problem("TEXT_CHANGED", one.where, value=one.value or "–", **slots)


_PROGRAMS = 4
"""Ways of writing the formulas of a column that are known again: each program has its own."""

Shape = tuple[str, ...]
"""What a formula does, as `skeleton` gives it."""


def _shapes(plan: WorkbookPlan) -> Mapping[tuple[str, str], Shape | tuple[Shape, ...]]:
    """What the formulas of every computed column do, by table and column: one shape where all
    rows have the same formula, else one per row."""

    def made() -> dict[tuple[str, str], Shape | tuple[Shape, ...]]:
        places, text = Places.of(plan.sheets), plan.text
        found: dict[tuple[str, str], Shape | tuple[Shape, ...]] = {}
        for sheet, block, field in plan.computed():
            content = block.table.column(field.key)
            if not isinstance(content, Computed):
                continue
            alike, count = not isinstance(content.expr, tuple), len(block.table.rows)
            shapes = tuple(
                skeleton(
                    formula(
                        content.of(index),
                        RowRefs(places, text, sheet, block, block.first_row + index),
                    )
                )
                for index in range(min(1, count) if alike else count)
            )
            found[block.table.key, field.key] = shapes[0] if alike and shapes else shapes
        return found

    kept: Mapping[tuple[str, str], Shape | tuple[Shape, ...]] = PLANS.kept(
        plan, "returned.shapes", made
    )
    return kept


def _formulas(returned: Returned, *, whole: bool) -> Iterator[Problem]:
    """Formulas that are gone or do something else, column by column."""
    plan = returned.submission.plan
    shapes = _shapes(plan)
    known: dict[tuple[str, str], set[object]] = PLANS.kept(plan, "returned.fine_formulas", dict)
    rows_of: dict[str, list[tuple[int, int]]] = {}
    for _, block, field in plan.computed():
        table = block.table.key
        found = returned.found.get(table)
        if found is None or field.key not in found.columns:
            continue
        if table not in rows_of:
            rows_of[table] = list(_rows(block, found))
        rows, column = rows_of[table], found.columns[field.key]
        formulas = found.sheet.formulas
        texts = [formulas.get((row, column)) for _, row in rows]
        if None in texts:
            gone = [one for one, text in zip(rows, texts, strict=True) if text is None]
            yield from _gone(returned, block, field, gone)
        if not whole:  # other kinds write formulas in a language of their own
            continue
        fine = known.setdefault((table, field.key), set())
        these = (tuple(index for index, _ in rows), tuple(texts))
        if these in fine:
            continue
        shape = shapes[table, field.key]
        several = isinstance(shape[0], tuple) if shape else False
        other = [
            (row, text)
            for (index, row), text in zip(rows, texts, strict=True)
            if text is not None and skeleton(text) != (shape[index] if several else shape)
        ]
        if other:
            yield from _others(returned, (found, field), other, len(texts) - texts.count(None))
        elif len(fine) < _PROGRAMS:
            fine.add(these)


def _gone(
    returned: Returned, block: Block, field: Field, rows: Sequence[tuple[int, int]]
) -> Iterator[Problem]:
    """Cells of a computed column without a formula."""
    submission, found = returned.submission, returned.found[block.table.key]
    values = submission.counted.column(block.table.key, field.key)
    asks = bool(block.table.inputs())
    for index, row in rows:
        spot, key = (row, found.columns[field.key]), block.table.rows[index]
        value = found.sheet.cells.get(spot)
        # A program that saves no formula for a blank outcome changed nothing.
        if value is None and same(None, values[index]):
            continue
        if value in (field.header, block.marker(field.key)):
            continue  # of the key or header row, sorted here
        where = Where(submission.file, None, found.sheet.title, a1(*spot), key if asks else "")
        slots = {
            "column": field.header.removesuffix("_"),
            "value": displayed(value, field, index) or "–",
        }
        yield problem("FORMULA_OVERWRITTEN", where, **slots)


def _others(
    returned: Returned,
    about: tuple[FoundBlock, Field],
    other: Sequence[tuple[int, str]],
    count: int,
) -> Iterator[Problem]:
    """Formulas that do something else, of so many in a column. Where most of a column differs, a
    program rewrote it."""
    found, field = about
    if len(other) > count / 2:
        return
    for row, text in other:
        cell = a1(row, found.columns[field.key])
        where = Where(returned.grid.file, None, found.sheet.title, cell)
        slots = {"column": field.header.removesuffix("_"), "value": f"={text}"}
        yield problem("FORMULA_CHANGED", where, **slots)


def _rows(block: Block, found: FoundBlock) -> Iterator[tuple[int, int]]:
    """Index in the table and row in the file, of every row that counts."""
    index = {key: i for i, key in enumerate(block.table.rows)}
    seen: set[str] = set()
    for row, key in found.rows:
        if key in index and key not in seen:
            seen.add(key)
            yield index[key], row


_CHECKED = ("choice", "date", "number")
"""Kinds of cells that have a list or a check."""


def _dropdowns(returned: Returned) -> Iterator[Problem]:
    """Cells that had a list or a check and have none now; per column, the first one named."""
    rows_of: dict[str, list[tuple[int, int]]] = {}
    for _, block, field in returned.submission.plan.inputs():
        table = block.table.key
        found = returned.found.get(table)
        if (
            found is None
            or field.key not in found.columns
            or not isinstance(block.table.column(field.key), Input)
        ):
            continue
        if not any(codec.kind in _CHECKED for codec in field.codecs):
            continue
        if table not in rows_of:
            rows_of[table] = list(_rows(block, found))
        column = found.columns[field.key]
        checked = [
            (area.top, area.bottom)
            for rule in found.sheet.validations
            if rule.type not in ("", "none", "any")
            for area in rule.areas
            if area.left <= column <= area.right
        ]
        bare = []
        for index, row in rows_of[table]:
            codec = field.codec(index)
            if codec is None or codec.kind not in _CHECKED:
                continue
            if not any(top <= row <= bottom for top, bottom in checked):
                bare.append(row)
        if bare:
            where = Where(returned.grid.file, None, found.sheet.title, a1(bare[0], column))
            yield problem("DROPDOWN_GONE", where, count=len(bare), column=field.header)
