"""The calls of our writer, made on XlsxWriter as it comes: a yardstick, and a proof by its bytes.

Two things stock XlsxWriter cannot do are done its way: a formula that is the same down a column is
written cell by cell, and a typed text goes among the shared strings.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from unittest.mock import patch

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hkz_xlsx.layout.plan import Block, Field, WorkbookPlan
from hkz_xlsx.layout.refs import RowRefs
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Computed, Inputs
from hkz_xlsx.writing import sheet, workbook


class StockSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter ships no types
    """XlsxWriter's own worksheet; typed texts go where it puts every text."""

    def write_inline(self, row: int, column: int, text: str, style: Format) -> int:
        """As `write_string`."""
        return int(self.write_string(row, column, text, style))


class CellByCell(sheet.SheetWriter):
    """`SheetWriter` without shared formulas."""

    def _cells(self, block: Block, field: Field, column: int) -> None:
        content = block.table.column(field.key)
        if not isinstance(content, Computed) or isinstance(content.expr, tuple):
            super()._cells(block, field, column)
            return
        job = self._job
        style = job.formats[field.style]
        for index, value in enumerate(job.values.column(block.table.key, field.key)):
            row = block.first_row + index
            refs = RowRefs(job.places, job.text, self._sheet, block, row)
            self.checked.formula(row, column, formula(content.expr, refs), value, style)


class Whole(Workbook):  # type: ignore[misc]  # likewise
    """XlsxWriter's own workbook, packed by itself."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._target = BytesIO()
        super().__init__(self._target, {**options, "in_memory": True})

    def finished(self) -> dict[str, bytes]:
        """The file as the only part."""
        self.close()
        return {"": self._target.getvalue()}


def stock_workbook(plan: WorkbookPlan, inputs: Inputs) -> bytes:
    """The workbook as stock XlsxWriter writes it, before we pack it again."""
    stock = patch.object(sheet, "worksheet_class", lambda: StockSheet)
    whole = patch.object(workbook, "PartsWorkbook", Whole)
    with stock, whole, patch.object(workbook, "SheetWriter", CellByCell):
        return workbook._written(plan, inputs, NEUTRAL, {})[0][""]  # noqa: SLF001 - as it is before packing
