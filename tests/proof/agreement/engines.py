"""Two engines that are not ours: LibreOffice over its bridge, and IronCalc in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ironcalc

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.scoring.tables import Address, Inputs
from tests.proof.office.libreoffice import Office
from tests.support import Spot


class LibreOfficeBook:
    """A generated workbook, open in LibreOffice, answered by typing into it."""

    def __init__(self, office: Office, plan: WorkbookPlan, path: Path) -> None:
        self._office, self._plan = office, plan
        self._cells: dict[str, list[list[Any]]] = {}
        assert office.do("open", path=str(path))

    def answer(self, inputs: Inputs) -> None:
        """Type a whole set of answers; what is not in it becomes blank. Then recalculate."""
        columns = []
        for sheet, block, field in self._plan.inputs():
            if not field.codecs:  # the workbook id: nobody types it
                continue
            column, keys = block.column_of(field.key), block.table.rows
            typed = [inputs.get(Address(block.table.key, key, field.key)) for key in keys]
            values = [
                {"error": value.code}
                if isinstance(value, CellError)
                else ""
                if value is None
                else value
                for value in typed
            ]
            columns.append([sheet.title, column, block.first_row, values])
        self._office.do("set", columns=columns)
        sizes = []
        for sheet in self._plan.sheets[:-2]:
            used = [b.last_row for b in sheet.blocks] + [cell.row for cell in sheet.formulas]
            rows = max(used, default=0) + 1
            width = max((max(b.columns) for b in sheet.blocks), default=0) + 1
            sizes.append([sheet.title, rows, width])
        self._cells = self._office.do("get", sheets=sizes)

    def get(self, spot: Spot) -> CellValue:
        """The value that LibreOffice computed."""
        value: CellValue = self._cells[spot.sheet][spot.row][spot.column]
        return value

    def close(self) -> None:
        """Without saving."""
        self._office.do("close")


class IronCalcBook:
    """The same workbook in IronCalc."""

    def __init__(self, plan: WorkbookPlan, path: Path) -> None:
        self._plan = plan
        self._model = ironcalc.load_from_xlsx(str(path))
        self._numbers = {sheet.title: i for i, sheet in enumerate(plan.sheets)}

    def answer(self, inputs: Inputs) -> None:
        """Type a whole set of answers and recalculate."""
        model = self._model
        for sheet, block, field in self._plan.inputs():
            number, column = self._numbers[sheet.title], block.column_of(field.key) + 1
            for index, key in enumerate(block.table.rows):
                row = block.first_row + index + 1
                value = inputs.get(Address(block.table.key, key, field.key))
                match value:
                    case None:
                        model.clear_cell_contents(number, row, column)
                    case CellError():
                        model.set_user_input(number, row, column, "=NA()")
                    case bool():
                        model.update_cell_with_bool(number, row, column, value)
                    case int() | float():
                        model.update_cell_with_number(number, row, column, float(value))
                    case str():
                        model.update_cell_with_text(number, row, column, value)
        model.evaluate()

    def get(self, spot: Spot) -> CellValue:
        """The value that IronCalc computed."""
        value: CellValue = self._model.get_cell_value(
            self._numbers[spot.sheet], spot.row + 1, spot.column + 1
        )
        return value
