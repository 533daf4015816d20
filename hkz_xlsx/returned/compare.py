"""The workbook's own stored numbers against our computation of the same cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.values import displayed_at
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import CellError, CellValue, RawValue, cell_value
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.expr import Cell, is_place
from hkz_xlsx.scoring.tables import Address, Computed
from hkz_xlsx.spreadsheet.grid import Spot

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A computed cell whose stored value is not what we compute as counted."""

    address: Address
    stored: CellValue
    counted: CellValue


SHIFT_1904 = 1_462.0
"""Days between the two ways of counting: a file that counts from 1904 stores dates this much
lower."""


def same(stored: RawValue, counted: CellValue, *, epoch_1904: bool = False) -> bool:
    """Equal as a spreadsheet shows it: blank is empty text, numbers to 1e-9.

    Args:
        stored: what a program saved as the result of a formula.
        counted: what our evaluation gives.
        epoch_1904: the file counts days from 1904: a date may be 1,462 days off.

    Returns:
        true for any two errors: programs name them differently.
    """
    one = cell_value(stored)
    one, other = ("" if one is None else one), ("" if counted is None else counted)
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        gap = abs(float(one) - float(other))  # type: ignore[arg-type]  # both numbers here
        return gap <= TOLERANCE or (epoch_1904 and abs(gap - SHIFT_1904) <= TOLERANCE)
    if isinstance(one, CellError) and isinstance(other, CellError):
        return True  # programs name errors differently
    return one == other


@dataclass(frozen=True, slots=True)
class ComputedColumn:
    """A computed column where it stands: title of its sheet, its header; per row its cell, its
    address, and the rank of that among all computed cells of the workbook."""

    title: str
    header: str
    spots: tuple[Spot, ...]
    addresses: tuple[Address, ...]
    ranks: tuple[tuple[int, int, int], ...]


class ComputedCells:
    """Every computed cell of a workbook as we write it."""

    def __init__(self, columns: Sequence[ComputedColumn]) -> None:
        self.columns = columns
        ranked = sorted(
            (rank, address, (column.title, spot))
            for column in columns
            for spot, address, rank in zip(
                column.spots, column.addresses, column.ranks, strict=True
            )
        )
        self.spots = {address: at for _, address, at in ranked}
        self.by_key = {one.addresses[0][::2]: one for one in columns}
        """By table and column; its rows stand in the order of the table."""


class StoredByPlace(Mapping[Address, RawValue]):
    """The computed values a file carries, looked up by place.

    Args:
        computed: where they stand.
        cells: cells by title of the sheet.
    """

    def __init__(
        self, computed: ComputedCells, cells: Mapping[str, Mapping[Spot, RawValue]]
    ) -> None:
        self._computed, self._cells = computed, cells

    def __getitem__(self, address: Address) -> RawValue:
        title, spot = self._computed.spots[address]
        return self._cells[title].get(spot)

    def __contains__(self, address: object) -> bool:
        return address in self._computed.spots

    def __iter__(self) -> Iterator[Address]:
        return iter(self._computed.spots)

    def __len__(self) -> int:
        return len(self._computed.spots)

    def column(self, table: str, column: str) -> list[RawValue]:
        """Values of a column in the order of its table; empty when it is not computed."""
        found = self._computed.by_key.get((table, column))
        return [] if found is None else list(map(self._cells[found.title].get, found.spots))

    def unequal(self, values: Evaluation) -> list[tuple[Address, RawValue, CellValue]]:
        """Cells that may differ: address, what is stored and what it should be, in order.

        A whole column is compared at a time; `same` still has to judge what is given here.
        """
        found = []
        for column in self._computed.columns:
            table, _, key = column.addresses[0]
            stored = list(map(self._cells[column.title].get, column.spots))
            ours = values.column(table, key)
            for index, (value, own) in enumerate(zip(stored, ours, strict=True)):
                if value != own and not (value is None and own == ""):
                    found.append((column.ranks[index], column.addresses[index], value, own))
        found.sort(key=lambda one: one[0])
        return [(address, value, own) for _, address, value, own in found]


def differences(submission: Submission) -> Iterator[ValueDifference]:
    """Every computed cell that differs, in sheet order."""
    counted, stored = submission.counted, submission.stored
    places = _places(submission.plan)
    for address, value, own in (
        stored.unequal(counted) if isinstance(stored, StoredByPlace) else _each(submission)
    ):
        if (address.table, address.column) in places:
            continue  # sorting rows moves them, and no score depends on a place
        if submission.kind == "xls" and value == 0 and isinstance(own, str):
            continue  # texts that a formula gives are not read from this kind of file
        if value != own and not same(value, own, epoch_1904=submission.epoch_1904):
            yield ValueDifference(address, cell_value(value), own)


def _places(plan: WorkbookPlan) -> frozenset[tuple[str, str]]:
    """Table and column of what says where a row stands, also where another sheet shows it."""
    first = {
        (table.key, column.key): column.of(0)
        for table in plan.tables()
        for column in table.columns
        if isinstance(column, Computed) and table.rows
    }
    places = {key for key, expr in first.items() if is_place(expr)}
    shown = {
        key
        for key, expr in first.items()
        if isinstance(expr, Cell) and (expr.table, expr.column) in places
    }
    return frozenset(places | shown)


def _each(submission: Submission) -> Iterator[tuple[Address, RawValue, CellValue]]:
    counted = submission.counted
    for address, stored in submission.stored.items():
        yield address, stored, counted.value(*address)


def place_of(submission: Submission, address: Address) -> Where:
    """The cell of an outcome; keys of rows that are no questions mean nothing to a person."""
    where = submission.places[address]
    questions = submission.plan.model.table(T.requirements).rows
    return where if address.row in questions else replace(where, requirement="")


def stored_problems(submission: Submission) -> tuple[Problem, ...]:
    """One problem per table with differences, naming the first cell and counting the rest."""
    found = list(differences(submission))
    absent = [difference for difference in found if difference.stored is None]
    # Some programs save formulas without their values: then nothing can be said of those cells.
    uncomputed = len(absent) > max(len(submission.stored) // 10, len(found) // 2)
    told: list[Problem] = [problem("SCORE_ABSENT", Where(submission.file))] if uncomputed else []
    by_table: dict[str, list[ValueDifference]] = {}
    for difference in found:
        if uncomputed and difference.stored is None:
            continue
        by_table.setdefault(difference.address.table, []).append(difference)
    for group in by_table.values():
        first = group[0]
        told.append(
            problem(
                "SCORE_DIFFERS",
                place_of(submission, first.address),
                stored=displayed_at(submission.plan, first.address, first.stored) or "–",
                counted=displayed_at(submission.plan, first.address, first.counted) or "–",
                more=len(group) - 1,
            )
        )
    return tuple(told)
