"""The workbook's own stored numbers against our computation of the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import CellError, CellValue, RawValue, cell_value, shown
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.expr import is_place
from hkz_xlsx.scoring.tables import Address, Computed

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """A computed cell whose stored value is not what we compute as counted."""

    address: Address
    stored: CellValue
    counted: CellValue


SHIFT_1904 = 1_462.0
"""Days between the two ways of counting: a file that counts from 1904 stores dates this much
lower."""


def same(stored: RawValue, counted: CellValue, *, epoch_1904: bool = False) -> bool:
    """Equal as a spreadsheet shows it: blank is empty text, numbers to 1e-9."""
    one = cell_value(stored)
    one, other = ("" if one is None else one), ("" if counted is None else counted)
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        gap = abs(float(one) - float(other))  # type: ignore[arg-type]  # both numbers here
        return gap <= TOLERANCE or (epoch_1904 and abs(gap - SHIFT_1904) <= TOLERANCE)
    if isinstance(one, CellError) and isinstance(other, CellError):
        return True  # programs name errors differently
    return one == other


def differences(submission: Submission) -> Iterator[Difference]:
    """Every computed cell that differs, in sheet order."""
    counted = evaluation(submission.plan, submission.as_counted)
    places = {
        (table.key, column.key)
        for table in submission.plan.tables()
        for column in table.columns
        if isinstance(column, Computed) and is_place(column.of(0))
    }
    for address, stored in submission.stored.items():
        if (address.table, address.column) in places:
            continue  # sorting rows moves them, and no score depends on a place
        value = counted.value(address.table, address.row, address.column)
        if submission.kind == "xls" and stored == 0 and isinstance(value, str):
            continue  # texts that a formula gives are not read from this kind of file
        if not same(stored, value, epoch_1904=submission.epoch_1904):
            yield Difference(address, cell_value(stored), value)


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
    by_table: dict[str, list[Difference]] = {}
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
                stored=shown(first.stored) or "–",
                counted=shown(first.counted) or "–",
                more=len(group) - 1,
            )
        )
    return tuple(told)
