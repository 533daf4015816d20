"""What was changed in a returned workbook, against the exact plan it was made from."""

from __future__ import annotations

from collections.abc import Iterator

from hkz_xlsx.layout.plan import Block, Field, Sheet
from hkz_xlsx.layout.refs import Places, RowRefs
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.compare import same
from hkz_xlsx.returned.find import Found
from hkz_xlsx.returned.formula_shape import skeleton
from hkz_xlsx.returned.protection import protection_changes
from hkz_xlsx.returned.read import Returned
from hkz_xlsx.scoring.cell_values import RawValue, a1, shown
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Computed, Input
from hkz_xlsx.sheets.loose_sheets import SHEETS, marker

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
    loose = {marker(key, "id") for key in SHEETS}
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
    for one in returned.submission.altered:
        slots = {"column": one.column.removesuffix("_"), "expected": one.expected or "–"}
        if one.owner:
            yield problem("TEXT_MOVED", one.where, column=one.column, owner=one.owner)
        elif one.column.endswith("_"):
            yield problem("WEIGHT_CHANGED", one.where, value=one.value or "–", **slots)
        else:
            yield problem("TEXT_CHANGED", one.where, value=one.value or "–", **slots)


def _formulas(returned: Returned, *, whole: bool) -> Iterator[Problem]:
    submission = returned.submission
    plan = submission.plan
    places, text = Places.of(plan.sheets), plan.text
    counted = evaluation(plan, submission.as_counted)
    for sheet, block, field in plan.computed():
        found = returned.found.get(block.table.key)
        if found is None or field.key not in found.columns:
            continue
        column = found.columns[field.key]
        wanted: dict[int, tuple[str, ...]] = {}
        there: dict[int, tuple[str, ...]] = {}
        content = block.table.column(field.key)
        values = counted.column(block.table.key, field.key)
        shared = isinstance(content, Computed) and not isinstance(content.expr, tuple)
        first: tuple[str, ...] = ()
        asks = bool(block.table.inputs())
        for index, row in _rows(block, found):
            spot, row_key = (row, column), block.table.rows[index]
            where = Where(
                submission.file, None, found.sheet.title, a1(*spot), row_key if asks else ""
            )
            if spot not in found.sheet.formulas:
                value = found.sheet.cells.get(spot)
                # A program that saves no formula for a blank outcome changed nothing.
                if value is None and same(None, values[index]):
                    continue
                if value in (field.header, block.marker(field.key)):
                    continue  # of the key or header row, sorted here
                slots = {"column": field.header.removesuffix("_"), "value": shown(value) or "–"}
                yield problem("FORMULA_OVERWRITTEN", where, **slots)
                continue
            if not (shared and first) and isinstance(content, Computed):
                refs = RowRefs(places, text, sheet, block, block.first_row + index)
                first = skeleton(formula(content.of(index), refs))
            wanted[row], there[row] = first, skeleton(found.sheet.formulas[spot])
        if whole:  # other kinds write formulas in a language of their own
            yield from _others(returned, (found, field), wanted, there)


def _others(
    returned: Returned,
    about: tuple[Found, Field],
    wanted: dict[int, tuple[str, ...]],
    there: dict[int, tuple[str, ...]],
) -> Iterator[Problem]:
    """Formulas that do something else. Where most of a column differs, a program rewrote it."""
    found, field = about
    other = [row for row, done in there.items() if done != wanted[row]]
    if len(other) > len(there) / 2:
        return
    for row in other:
        spot = (row, found.columns[field.key])
        where = Where(returned.grid.file, None, found.sheet.title, a1(*spot))
        slots = {
            "column": field.header.removesuffix("_"),
            "value": f"={found.sheet.formulas[spot]}",
        }
        yield problem("FORMULA_CHANGED", where, **slots)


def _rows(block: Block, found: Found) -> Iterator[tuple[int, int]]:
    """Index in the table and row in the file, of every row that counts."""
    index = {key: i for i, key in enumerate(block.table.rows)}
    seen: set[str] = set()
    for row, key in found.rows:
        if key in index and key not in seen:
            seen.add(key)
            yield index[key], row


def _dropdowns(returned: Returned) -> Iterator[Problem]:
    """Cells that had a list or a check and have none now; per column, the first one named."""
    for _, block, field in returned.submission.plan.inputs():
        found = returned.found.get(block.table.key)
        if (
            found is None
            or field.key not in found.columns
            or not isinstance(block.table.column(field.key), Input)
        ):
            continue
        column = found.columns[field.key]
        bare = []
        for index, row in _rows(block, found):
            codec = field.codec(index)
            if codec is None or codec.kind not in ("choice", "date", "number"):
                continue
            kinds = [
                v.type for v in found.sheet.validations
                if any((row, column) in area for area in v.areas)
            ]  # fmt: skip
            if not any(kind not in ("", "none", "any") for kind in kinds):
                bare.append(row)
        if bare:
            where = Where(returned.grid.file, None, found.sheet.title, a1(bare[0], column))
            yield problem("DROPDOWN_GONE", where, count=len(bare), column=field.header)
