"""What was read from a returned file, before anything is computed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hkz_xlsx.layout.codecs import Reading
from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import Problem, Where
from hkz_xlsx.scoring.cell_values import CellValue, RawValue, cell_value, shown
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import Extra
from hkz_xlsx.spreadsheet.grid import Kind


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
    ``extra`` is all that has no place, ``carried`` what an earlier repair or merge put aside.
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

    @property
    def as_counted(self) -> Inputs:
        """Cells exactly as the workbook's formulas see them."""
        return {address: cell_value(value) for address, value in self.raw.items()}

    @property
    def as_understood(self) -> Inputs:
        """After cleaning; what was not understood stays as typed, and so counts as wrong."""
        values = ((address, _understood(r)) for address, r in self.readings.items())
        return {address: value for address, value in values if value is not None}

    def text(self, table: str, row: str, column: str = "value") -> str:
        """A typed text, empty when blank."""
        reading = self.readings.get(Address(table, row, column))
        value = None if reading is None else _understood(reading)
        return "" if value is None else str(value)


def _understood(reading: Reading) -> CellValue:
    if reading.state in ("unknown", "error"):
        # Text stays as typed. A number that is no date must not be taken for one.
        return reading.raw if isinstance(reading.raw, str) else f"? {shown(reading.raw)}"
    return reading.cell
