"""The workbook's own stored numbers against our computation of the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hkz_xlsx.layout.codecs import RawValue, cell_value, shown
from hkz_xlsx.problems import Problem, problem
from hkz_xlsx.scoring.expr import is_place
from hkz_xlsx.scoring.tables import Address, CellError, CellValue, Computed
from hkz_xlsx.workbook.submission import Submission
from hkz_xlsx.workbook.write import evaluation

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """A computed cell whose stored value is not what we compute as counted."""

    address: Address
    stored: CellValue
    counted: CellValue


def same(stored: RawValue, counted: CellValue) -> bool:
    """Equal as a spreadsheet shows it: blank is empty text, numbers to 1e-9."""
    one = cell_value(stored)
    one, other = ("" if one is None else one), ("" if counted is None else counted)
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        return abs(float(one) - float(other)) <= TOLERANCE  # type: ignore[arg-type]  # both numbers here
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
        if not same(stored, value):
            yield Difference(address, cell_value(stored), value)


def stored_problems(submission: Submission) -> tuple[Problem, ...]:
    """One problem per table with differences, naming the first cell and counting the rest."""
    if all(value is None for value in submission.stored.values()):
        return (problem("SCORE_ABSENT"),)
    by_table: dict[str, list[Difference]] = {}
    for difference in differences(submission):
        by_table.setdefault(difference.address.table, []).append(difference)
    found = []
    for group in by_table.values():
        first = group[0]
        found.append(
            problem(
                "SCORE_DIFFERS",
                submission.places[first.address],
                stored=shown(first.stored) or "–",
                counted=shown(first.counted) or "–",
                more=len(group) - 1,
            )
        )
    return tuple(found)
