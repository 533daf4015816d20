"""Files in which nothing but the input cells differs from what we wrote, read by place.

Most returned files are such. Every cell of the file is compared with the workbook as it was
written: when one differs that nobody was asked to fill in, or one is there too many, this gives
nothing, and the file is read by keys and ids as any other. What it gives is what reading by keys
gives, in the same order; the tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.codecs import Reading, month_first
from hkz_xlsx.layout.identity import CLIENT_PROPERTY, Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HkzError, Problem, Where
from hkz_xlsx.returned.as_written import (
    InputCell,
    Together,
    WrittenFile,
    WrittenSheet,
    written_file,
)
from hkz_xlsx.returned.compare import StoredByPlace, same
from hkz_xlsx.returned.find import FoundBlock
from hkz_xlsx.returned.hanging import INSIDE, formula_target, strangers
from hkz_xlsx.returned.meant import about
from hkz_xlsx.returned.recognise import read_identity
from hkz_xlsx.returned.submission import Returned, Submission
from hkz_xlsx.scoring.cell_values import RawValue, a1, cell_value, shown
from hkz_xlsx.scoring.displayed import lost_digits
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid, Spot
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.filled_template import quickly
from hkz_xlsx.writing.stamp import zipped
from hkz_xlsx.writing.workbook import workbook_parts

_MOST_KEPT = 5_000
_NAME = "returned.by_place"


class ByKeys(Protocol):
    """Reads a file by keys and ids."""

    def __call__(self, grid: Grid, library: Library, /) -> Returned:
        """A grid to all that was found in it."""


class _Places(Mapping[Address, Where]):
    """Where every answer and result stands; a place is made when it is asked for."""

    def __init__(self, spots: Mapping[Address, tuple[str, Spot]], file: str) -> None:
        self._spots, self._file = spots, file

    def __getitem__(self, address: Address) -> Where:
        title, spot = self._spots[address]
        return Where(self._file, None, title, a1(*spot), address.row)

    def __contains__(self, address: object) -> bool:
        return address in self._spots

    def __iter__(self) -> Iterator[Address]:
        return iter(self._spots)

    def __len__(self) -> int:
        return len(self._spots)


def quick(grid: Grid, library: Library) -> Submission | None:
    """A file for a portfolio.

    Texts typed over formulas are not looked for: a portfolio keeps none. None when the file is
    not as it was written.
    """
    found = _fitting(grid, library)
    if found is None:
        return None
    submission = _submission(grid, found, found.template.by_column)
    if submission is None or not _outside_as_written(submission, found):
        return None
    return submission


def by_place(grid: Grid, library: Library, by_keys: ByKeys) -> Returned | None:
    """As `hkz_xlsx.returned.read.by_keys` gives it; None when the file is not as it was written.

    The first file of a plan is not read by place: to learn what we write takes longer.

    Args:
        grid: the file.
        library: the norms.
        by_keys: reads a file that we write ourselves, to know where its tables stand.
    """
    found = _fitting(grid, library, by_keys)
    if found is None or not _formulas_stand(found, grid) or _headed(found):
        return None
    submission = _submission(grid, found, found.template.inputs)
    if submission is None or not _outside_as_written(submission, found):
        return None
    if not grid.complete and _typed_over(submission, found):
        return None
    tables, homes = found.tables
    by_title = found.by_title
    here = {key: replace(one, sheet=by_title[one.sheet.title]) for key, one in tables.items()}
    return Returned(grid, submission, here, homes)


_Tables = tuple[Mapping[str, FoundBlock], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A file of which the fixed cells are as we wrote them."""

    plan: WorkbookPlan
    identity: Identity
    template: WrittenFile
    by_title: Mapping[str, SheetGrid]
    tables: _Tables = ({}, {})


def _fitting(grid: Grid, library: Library, by_keys: ByKeys | None = None) -> _Fitting | None:
    """The template that a file fits; None when there is none. With ``by_keys`` also where the
    tables stand, but not for the first file of a plan."""
    if grid.kind not in ("xlsx", "xlsm") or grid.epoch_1904 or grid.problems:
        return None
    try:
        # Our last sheet says what the file is; where another one stands last it is not as we wrote
        # it.
        identity, _ = read_identity(Grid("", grid.sheets[-1:], {}))
        plan = PLANS.again(library, identity)
    except HkzError:
        return None
    # The fingerprint of another plan: what stands where is not known.
    if identity.plan != plan.identity.plan:
        return None
    tables: _Tables = ({}, {})
    if by_keys is not None:
        if not PLANS.asked_before(plan, _NAME):
            return None
        tables = _tables(plan, library, by_keys)
    template: WrittenFile = PLANS.kept(plan, _NAME, lambda: written_file(plan, _written(plan)))
    by_title = {sheet.title: sheet for sheet in grid.sheets}
    if by_title.keys() != template.sheets.keys() or len(by_title) != len(grid.sheets):
        return None
    for title, sheet in template.sheets.items():
        if not _stands(by_title[title].cells, sheet):
            return None
        if not _plain(by_title[title], sheet, template):
            return None
    return _Fitting(plan, identity, template, by_title, tables)


def _stands(cells: Mapping[Spot, RawValue], sheet: WrittenSheet) -> bool:
    """Whether what was written fixed stands there, and nothing where nobody was asked for it."""
    if tuple(map(cells.get, sheet.fixed)) != sheet.standing:
        return False
    # Equal is not enough: a cell too many can be an answer typed beside the tables.
    return len(sheet.fixed) + sum(map(cells.__contains__, sheet.free)) == len(cells)


def _plain(found: SheetGrid, sheet: WrittenSheet, template: WrittenFile) -> bool:
    """Nothing stands between people and their answers, and nothing of theirs hangs on a cell."""
    return (
        (found.visibility == "visible" or sheet.visibility != "visible")
        # A formula where an answer belongs, or a line through it, says something that only reading
        # by keys tells.
        and sheet.typed.isdisjoint(found.uncalculated)
        and found.calculated.isdisjoint(sheet.typed)
        and sheet.typed.isdisjoint(found.manners)
        and sheet.merged.issuperset(found.merged)
        and not found.comments
        and not strangers(found, sheet.home, template.ours)
    )


def _formulas_stand(found: _Fitting, grid: Grid) -> bool:
    """Where formulas were read: each of ours is there, and none leads out of the workbook."""
    if not grid.complete:
        return True
    for title, sheet in found.template.sheets.items():
        formulas = found.by_title[title].formulas
        if not (formulas.keys() >= sheet.computed and sheet.typed.isdisjoint(formulas)):
            return False
        for text in set(formulas.values()):
            target = formula_target(text)
            if target is not None and not target[1].startswith(INSIDE):
                return False
    return True


def _headed(found: _Fitting) -> bool:
    """Whether a header stands among the results below it, as if that row had been sorted along."""
    return any(
        column.header in map(found.by_title[column.title].cells.get, column.spots)
        for column in found.template.computed.columns
    )


def _submission(grid: Grid, found: _Fitting, inputs: Iterable[Together]) -> Submission | None:
    plan, template = found.plan, found.template
    raw: dict[Address, RawValue] = {}
    readings: dict[Address, Reading] = {}
    problems: list[Problem] = []
    cells = {title: sheet.cells for title, sheet in found.by_title.items()}
    reserved = template.reserved
    for title, sheet in template.sheets.items():
        if not reserved.isdisjoint(map(cells[title].get, sheet.cover)):
            return None
    found_in = chain.from_iterable(
        zip(some, map(cells[title].get, spots), strict=True) for title, spots, some in inputs
    )
    for one, value in found_in:
        if value is None:
            continue
        if value in reserved:
            return None  # as if a key row stood here
        raw[one.address] = value
        reading, plain = one.known.get((type(value), value)) or _reading(one, value, plan.lang)
        readings[one.address] = reading
        if plain or one.codec is None:
            continue
        if one.codec.kind == "date" and month_first(value):
            return None  # then other days of the column are read with that in mind
        problems += about(one.codec, reading, one.where(grid.file), plan)
    client = grid.properties.get(CLIENT_PROPERTY)
    if client and WORKBOOK_ID not in raw:
        raw[WORKBOOK_ID], readings[WORKBOOK_ID] = client, Reading("exact", client, client)
    return Submission(
        grid.file, found.identity, plan, raw, readings, _Places(template.places, grid.file),
        StoredByPlace(template.computed, cells), tuple(problems), kind=grid.kind,
    )  # fmt: skip


def _reading(one: InputCell, value: RawValue, lang: Lang) -> tuple[Reading, bool]:
    """How a value is understood, and whether there is nothing more to say of it."""
    if one.codec is None:  # nobody types it
        return Reading("exact", cell_value(value), value), True
    reading = one.codec.from_cell(value, lang)
    told = reading.state not in ("exact", "blank") or one.codec.kind == "kvk" or lost_digits(value)
    found = reading, not (told or (one.codec.kind == "date" and month_first(value)))
    long = isinstance(value, str) and len(value) > 60  # noqa: PLR2004 - long texts do not come back
    if not long and len(one.known) < _MOST_KEPT:
        one.known[type(value), value] = found
    return found


def _outside_as_written(submission: Submission, found: _Fitting) -> bool:
    """Texts of formulas outside the tables are what ours give; else one was typed over it."""
    for title, spot, table, name in found.template.outside:
        value = found.by_title[title].cells.get(spot)
        if isinstance(value, str):
            ours = submission.counted.value(table, "all", name)
            if value.strip() != shown(ours).strip():
                return False
    return True


def _typed_over(submission: Submission, found: _Fitting) -> bool:
    """Whether a text may have been typed over a formula of a table."""
    stored = submission.stored
    if not isinstance(stored, StoredByPlace):
        raise TypeError(type(stored))
    return any(
        isinstance(value, str) and value not in found.template.written and not same(value, ours)
        for _, value, ours in stored.unequal(submission.counted)
    )


def _written(plan: WorkbookPlan) -> Grid:
    """What our own writer makes of a plan, as our own reader reads it."""
    parts = workbook_parts(plan)
    return read_grid("", zipped((name, quickly(raw)) for name, raw in parts.items()))


def _tables(plan: WorkbookPlan, library: Library, by_keys: ByKeys) -> _Tables:
    """Where the tables of a plan stand in a file as we write it, and what its sheets are."""

    def made() -> _Tables:
        grid = _written(plan)
        PLANS.kept(plan, _NAME, lambda: written_file(plan, grid))
        returned = by_keys(grid, library)
        tables = {
            key: replace(found, sheet=SheetGrid(found.sheet.title, {}))
            for key, found in returned.found.items()
        }
        return tables, returned.homes

    found: _Tables = PLANS.kept(plan, f"{_NAME}.tables", made)
    return found
