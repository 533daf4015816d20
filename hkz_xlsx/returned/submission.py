"""What was read from a returned file, before anything is computed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hkz_xlsx.assessment.assess import assessed
from hkz_xlsx.assessment.model import Assessment
from hkz_xlsx.layout.codecs import Reading
from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.problems import Problem, Where
from hkz_xlsx.returned.find import FoundBlock
from hkz_xlsx.scoring.cell_values import CellValue, RawValue, cell_value, shown
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import Extra
from hkz_xlsx.sheets.sealed_sheet import Sealed
from hkz_xlsx.spreadsheet.grid import Grid, Kind


@dataclass(frozen=True, slots=True)
class Altered:
    """A fixed text or number that is no longer what was written; ``owner`` is the row it is of."""

    address: Address
    where: Where
    column: str
    value: str
    expected: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything typed in a file, by address, with its place and how it was understood.

    ``raw`` is as it stands in the cells, ``stored`` are the computed values the file carries,
    ``extra`` is all that has no place, ``carried`` what an earlier repair or merge put aside,
    ``sealed`` what was agreed, where somebody did.
    """

    file: str
    identity: Identity
    plan: WorkbookPlan
    raw: Mapping[Address, RawValue]
    readings: Mapping[Address, Reading]
    places: Mapping[Address, Where]
    stored: Mapping[Address, RawValue]
    problems: tuple[Problem, ...]
    extra: tuple[Extra, ...] = ()
    carried: tuple[Extra, ...] = ()
    altered: tuple[Altered, ...] = ()
    epoch_1904: bool = False
    kind: Kind = "xlsx"
    sealed: Sealed | None = None
    _made: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What follows from the rest, made when it is first asked for."""

    @property
    def as_counted(self) -> Inputs:
        """Cells exactly as the workbook's formulas see them."""
        if "as_counted" not in self._made:
            self._made["as_counted"] = {
                a: cell_value(value) if isinstance(value, datetime) else value
                for a, value in self.raw.items()
            }
        found: Inputs = self._made["as_counted"]
        return found

    @property
    def as_understood(self) -> Inputs:
        """After cleaning; what was not understood stays as typed, and so counts as wrong."""
        if "as_understood" not in self._made:
            values = (
                (address, _understood(r) if r.state in _AS_TYPED else r.cell)
                for address, r in self.readings.items()
            )
            self._made["as_understood"] = {a: v for a, v in values if v is not None}
        found: Inputs = self._made["as_understood"]
        return found

    @property
    def counted(self) -> Evaluation:
        """The values of every cell, as the workbook's formulas compute them."""
        if "counted" not in self._made:
            self._made["counted"] = evaluation(self.plan, self.as_counted)
        found: Evaluation = self._made["counted"]
        return found

    def knows(self, counted: Evaluation) -> None:
        """Keep the values as counted, which its reader had to compute."""
        self._made["counted"] = counted

    @property
    def understood(self) -> Evaluation:
        """The values of every cell after cleaning; most files need none, and are computed once."""
        if "understood" not in self._made:
            one, other = self.as_counted, self.as_understood
            alike = one == other and [*map(type, map(one.get, other))] == [
                *map(type, other.values())
            ]
            self._made["understood"] = self.counted if alike else evaluation(self.plan, other)
        found: Evaluation = self._made["understood"]
        return found

    @property
    def assessment(self) -> Assessment:
        """Scores, verdicts, gaps and signals as understood, on the basis that the file says."""
        if "assessment" not in self._made:
            self._made["assessment"] = assessed(self.plan.model, self.understood)
        found: Assessment = self._made["assessment"]
        return found

    def text(self, table: str, row: str, column: str = "value") -> str:
        """A typed text, as it was understood.

        Args:
            table: key of the table.
            row: key of the row.
            column: key of the column; a form has one that people type in.

        Returns:
            empty when blank, and when there is no such cell.
        """
        reading = self.readings.get(Address(table, row, column))
        value = None if reading is None else _understood(reading)
        return "" if value is None else str(value)


_AS_TYPED = ("unknown", "error")


def _understood(reading: Reading) -> CellValue:
    if reading.state in _AS_TYPED:
        # Text stays as typed. A number that is no date must not be taken for one.
        return reading.raw if isinstance(reading.raw, str) else f"? {shown(reading.raw)}"
    return reading.cell


@dataclass(frozen=True, slots=True)
class Returned:
    """A returned file with all that was found in it: for checks that go beyond the answers."""

    grid: Grid
    submission: Submission
    found: Mapping[str, FoundBlock]
    homes: Mapping[str, str]
