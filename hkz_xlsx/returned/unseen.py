"""Why an answer may not be what people think it is: cells merged away, formulas, hidden sheets.

One place decides, so that every command that reads a file says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hkz_xlsx.layout.plan import Field, Sheet, WorkbookPlan
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.find import FoundBlock
from hkz_xlsx.returned.meant import is_typed_truth
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.cells import place
from hkz_xlsx.spreadsheet.grid import Grid


def unseen(
    grid: Grid, plan: WorkbookPlan, found: Mapping[str, FoundBlock], homes: Mapping[str, str],
    places: Mapping[Address, Where],
) -> Iterator[Problem]:  # fmt: skip
    """What stands between people and their answers.

    Args:
        grid: the file.
        plan: what it was made from.
        found: where its tables stand.
        homes: title of a sheet in the file → key of the sheet of the plan that stands on it.
        places: where every answer that is filled in was found.
    """
    yield from _hidden(grid, plan, homes)
    yield from calculated(grid, places)
    yield from _merged(grid, plan, found)
    if grid.kind in ("xls", "xlsb"):
        yield problem("ATTACHED_UNSEEN", Where(grid.file), kind=grid.kind)


def _hidden(grid: Grid, plan: WorkbookPlan, homes: Mapping[str, str]) -> Iterator[Problem]:
    """Sheets with questions that people cannot see."""
    asks = {sheet.key for sheet in plan.sheets if _asks(sheet) and sheet.visibility == "visible"}
    for sheet in grid.sheets:
        if sheet.visibility != "visible" and homes.get(sheet.title) in asks:
            yield problem("SHEET_HIDDEN", Where(grid.file, None, sheet.title), table=sheet.title)


def _asks(sheet: Sheet) -> bool:
    return any(one.codecs for block in sheet.blocks for one in block.fields)


def calculated(grid: Grid, places: Mapping[Address, Where]) -> Iterator[Problem]:
    """Answers that a formula gives: they change when cells move."""
    sheets = {sheet.title: sheet for sheet in grid.sheets}
    for where in places.values():
        sheet, at = sheets.get(where.sheet), place(where.cell)
        if sheet is None or at is None:
            continue
        text = sheet.formulas.get(at, "…" if at in sheet.calculated else "")
        if isinstance(sheet.cells.get(at), bool) and (text == "…" or is_typed_truth(text)):
            continue  # what a program makes of a typed TRUE
        if text:
            yield problem("ANSWER_IS_FORMULA", where, value=f"={text}")


def _merged(grid: Grid, plan: WorkbookPlan, tables: Mapping[str, FoundBlock]) -> Iterator[Problem]:
    """Answers joined to one cell: programs keep only what stood in the first of them."""
    for _, block, field in plan.inputs():
        found = tables.get(block.table.key)
        if found is None or field.key not in found.columns or not field.codecs:
            continue
        if found.sheet.merged:
            known = frozenset(block.table.rows)
            yield from _merged_in(grid.file, found, field, known)


def _merged_in(
    file: str, found: FoundBlock, field: Field, known: frozenset[str]
) -> Iterator[Problem]:
    column = found.columns[field.key]
    seen: set[str] = set()
    rows = []
    for row, key in found.rows:
        if key in known and key not in seen:
            seen.add(key)
            rows.append(row)
    for area in found.sheet.merged:
        here = [row for row in rows if (row, column) in area]
        # A form has its answers merged over columns by ourselves.
        first = here and (area.top, area.left) == (here[0], column)
        if len(here) > 1 or (here and not first):
            where = Where(file, None, found.sheet.title, a1(here[0], column))
            yield problem("CELLS_MERGED", where, count=len(here), column=field.header)
