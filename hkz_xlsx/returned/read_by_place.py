"""Files in which nothing but the input cells differs from what we wrote, read by place.

Most returned files are such. Every cell of the file is compared with the workbook as it was
written: when one differs that nobody was asked to fill in, or one is there too many, this gives
nothing, and the file is read by keys and ids as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hkz_xlsx.layout.codecs import Codec, Reading, month_first
from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.layout.values import EXTRA, every_table
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HkzError, Problem, Where
from hkz_xlsx.returned.file_scores import COMPARED
from hkz_xlsx.returned.hanging import Ours, strangers
from hkz_xlsx.returned.meant import about
from hkz_xlsx.returned.recognise import read_identity
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import RawValue, a1, cell_value, shown
from hkz_xlsx.scoring.displayed import lost_digits
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Address, Computed, Input, Table
from hkz_xlsx.spreadsheet.grid import Area, Grid, SheetGrid, Spot, Visibility
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook

Plans = Callable[[Library, Identity], WorkbookPlan]

_MOST_KEPT = 5_000
_Readings = dict[tuple[type, RawValue], Reading]
_KEPT: dict[tuple[Codec, Lang], _Readings] = {}
"""Readings of short values by kind of cell; they are the same thousands of times."""


@dataclass(frozen=True, slots=True)
class _Input:
    """A cell that people fill in."""

    spot: Spot
    address: Address
    codec: Codec | None
    where: Where
    known: _Readings


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet as it was written: what stands there fixed, and where anything may stand."""

    fixed: Mapping[Spot, RawValue]
    home: Sheet
    visibility: Visibility
    merged: frozenset[Area]
    known: frozenset[Spot]
    typed: frozenset[Spot]
    inputs: tuple[_Input, ...]
    scores: tuple[tuple[Spot, Address, Where], ...]


@dataclass(frozen=True, slots=True)
class _Template:
    """A workbook as it was written, by title of sheet; formulas outside tables by sheet key; and
    the tables that all of them are computed from."""

    ours: Ours
    sheets: Mapping[str, _Sheet]
    tables: tuple[Table, ...]
    outside: tuple[tuple[str, Spot, str, str], ...]


def quick(grid: Grid, library: Library) -> Submission | None:
    """As `quick_counted`, without the values."""
    found = quick_counted(grid, library)
    return found and found[0]


def quick_counted(grid: Grid, library: Library) -> tuple[Submission, Evaluation] | None:
    """The file as `hkz_xlsx.returned.read.understand` gives it, but for what a portfolio does
    not use: places of plain cells and stored results that are no scores; and the values of its
    cells as counted, computed once for all that needs them. None when it is not as it was written.
    """
    if grid.kind not in ("xlsx", "xlsm") or grid.epoch_1904 or grid.problems:
        return None
    last = Grid("", grid.sheets[-1:], {})
    try:
        identity, _ = read_identity(last)
        plan = PLANS.again(library, identity)
    except HkzError:
        return None
    if identity.plan != plan.identity.plan or identity.previous:
        return None
    template: _Template = PLANS.kept(plan, "portfolio.template", lambda: _template(plan))
    by_title = {sheet.title: sheet for sheet in grid.sheets}
    if by_title.keys() != template.sheets.keys() or len(by_title) != len(grid.sheets):
        return None
    for title, sheet in template.sheets.items():
        cells = by_title[title].cells
        if not (sheet.fixed.items() <= cells.items() and sheet.known.issuperset(cells)):
            return None
        if not _plain(by_title[title], sheet, template):
            return None
    found = _submission(grid, plan, identity, template, by_title)
    if found is None:
        return None
    values = Evaluation(template.tables, found.as_counted, plan.text)
    return (found, values) if _outside_as_written(values, template, by_title) else None


def _plain(found: SheetGrid, sheet: _Sheet, template: _Template) -> bool:
    """Nothing stands between people and their answers, and nothing of theirs hangs on a cell."""
    return (
        (found.visibility == "visible" or sheet.visibility != "visible")
        and sheet.typed.isdisjoint(found.uncalculated)
        and sheet.typed.isdisjoint(found.calculated)
        and sheet.typed.isdisjoint(found.manners)
        and sheet.merged.issuperset(found.merged)
        and not found.comments
        and not strangers(found, sheet.home, template.ours)
    )


def _submission(
    grid: Grid, plan: WorkbookPlan, identity: Identity, template: _Template,
    by_title: Mapping[str, SheetGrid],
) -> Submission | None:  # fmt: skip
    raw: dict[Address, RawValue] = {}
    readings: dict[Address, Reading] = {}
    stored: dict[Address, RawValue] = {}
    places: dict[Address, Where] = {}
    problems: list[Problem] = []
    for title, sheet in template.sheets.items():
        cells = by_title[title].cells
        for one in sheet.inputs:
            value = cells.get(one.spot)
            if value is None:
                continue
            raw[one.address] = value
            reading = readings[one.address] = one.known.get((type(value), value)) or _reading(
                one, value, plan.lang
            )
            if one.codec is None:
                continue
            told = reading.state not in ("exact", "blank") or one.codec.kind == "kvk"
            if told or lost_digits(value):
                problems += about(one.codec, reading, one.where, plan)
            if one.codec.kind == "date" and month_first(value):
                return None  # then other days of the column are read with that in mind
        for spot, address, where in sheet.scores:
            stored[address] = cells.get(spot)
            places[address] = where
    return Submission(
        grid.file, identity, plan, raw, readings, places, stored, tuple(problems), kind=grid.kind
    )


def _reading(one: _Input, value: RawValue, lang: Lang) -> Reading:
    if one.codec is None:  # nobody types it
        return Reading("exact", cell_value(value), value)
    found = one.codec.from_cell(value, lang)
    long = isinstance(value, str) and len(value) > 60  # noqa: PLR2004 - long texts do not come back
    if not long and len(one.known) < _MOST_KEPT:
        one.known[type(value), value] = found
    return found


def _outside_as_written(
    values: Evaluation, template: _Template, by_title: Mapping[str, SheetGrid]
) -> bool:
    """Texts of formulas outside the tables are what ours give; else one was typed over it."""
    for title, spot, table, name in template.outside:
        value = by_title[title].cells.get(spot)
        if (
            isinstance(value, str)
            and value.strip() != shown(values.value(table, "all", name)).strip()
        ):
            return False
    return True


def _template(plan: WorkbookPlan) -> _Template:
    """What our own writer makes of the plan, as our own reader reads it."""
    written = {s.title: s for s in read_grid("", write_workbook(plan)).sheets}
    sheets: dict[str, _Sheet] = {}
    outside = []
    for sheet in plan.sheets:
        free: set[Spot] = set()
        inputs: list[_Input] = []
        scores: list[tuple[Spot, Address, Where]] = []
        for block in sheet.blocks:
            for placed, column in zip(block.fields, block.columns, strict=True):
                content = block.table.column(placed.key)
                if not isinstance(content, Input | Computed):
                    continue
                for index, row in enumerate(block.table.rows):
                    spot = (block.first_row + index, column)
                    free.add(spot)
                    address = Address(block.table.key, row, placed.key)
                    where = Where("", None, sheet.title, a1(*spot), row)
                    if isinstance(content, Input):
                        codec = placed.codec(index)
                        known = _KEPT.setdefault((codec, plan.lang), {}) if codec else {}
                        inputs.append(_Input(spot, address, codec, where, known))
                    elif placed.key in COMPARED.get(block.table.key, ()):
                        scores.append((spot, address, where))
        for cell in sheet.formulas:
            spot = (cell.row, cell.column)
            free.add(spot)
            outside.append((sheet.title, spot, f"{EXTRA}.{sheet.key}", a1(*spot)))
        own = written[sheet.title]
        cells = own.cells
        fixed = {spot: value for spot, value in cells.items() if spot not in free}
        anywhere = frozenset(free) | fixed.keys()
        typed = frozenset(one.spot for one in inputs)
        sheets[sheet.title] = _Sheet(
            fixed, sheet, own.visibility, frozenset(own.merged), anywhere, typed, tuple(inputs),
            tuple(scores),
        )  # fmt: skip
    return _Template(Ours.of(plan), sheets, every_table(plan), tuple(outside))
