"""The calls of our writer, made on XlsxWriter as it comes: a yardstick, and a proof by its bytes.

Two things stock XlsxWriter cannot do are done its way: a formula that is the same down a column is
written cell by cell, and a typed text goes among the shared strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from unittest.mock import patch

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hkz_xlsx.layout.plan import Block, Field, WorkbookPlan
from hkz_xlsx.layout.refs import RowRefs
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Computed, Inputs
from hkz_xlsx.writing import sheet, workbook
from hkz_xlsx.writing.block_cells import BlockCells
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula


class StockSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter ships no types
    """XlsxWriter's own worksheet; typed texts go where it puts every text."""

    def write_inline(self, row: int, column: int, text: str, style: Format) -> int:
        """As `write_string`."""
        return int(self.write_string(row, column, text, style))

    def write_text(self, row: int, column: int, text: str, style: Format) -> int:
        """As `write_string`, or a blank cell."""
        code = (
            self.write_string(row, column, text, style)
            if text
            else self.write_blank(row, column, None, style)
        )
        return int(code)

    def write_texts(
        self, row: int, column: int, texts: Sequence[str], styles: Sequence[Format]
    ) -> int:
        """One by one, an empty text as a blank cell."""
        codes = [
            self.write_string(index, column, text, style)
            if text
            else self.write_blank(index, column, None, style)
            for index, (text, style) in enumerate(zip(texts, styles, strict=True), row)
        ]
        return int(next(filter(None, codes), 0))

    def write_filled_down(
        self, row: int, column: int, first: SharedFormula, values: Sequence[CellValue]
    ) -> int:
        """A formula that its cell shares with no other one, as any formula."""
        (value,) = values
        return int(self.write_formula(row, column, first.text, first.format, value))

    # These make XlsxWriter's own calls, one by one.
    set_heights = InlineWorksheet.set_heights
    write_formulas = InlineWorksheet.write_formulas

    def write_given(
        self, row: int, column: int, values: Sequence[CellValue], styles: Sequence[Format]
    ) -> int:
        """One by one; None is no cell."""
        codes = [
            self.write_number(index, column, value, style)
            if isinstance(value, int | float)
            else self.write_string(index, column, value, style)
            for index, (value, style) in enumerate(zip(values, styles, strict=True), row)
            if value is not None
        ]
        return int(next(filter(None, codes), 0))


class CellByCell(BlockCells):
    """`BlockCells` without shared formulas."""

    def column(self, block: Block, field: Field, column: int) -> None:
        """The cells of one field."""
        content = block.table.column(field.key)
        if not isinstance(content, Computed) or isinstance(content.expr, tuple):
            super().column(block, field, column)
            return
        job = self._job
        style = job.formats[field.style]
        for index, value in enumerate(job.values.column(block.table.key, field.key)):
            row = block.first_row + index
            refs = RowRefs(job.places, job.text, self._sheet, block, row)
            self._checked.formula(row, column, formula(content.expr, refs), value, style)


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
    with stock, whole, patch.object(sheet, "BlockCells", CellByCell):
        return workbook._written(plan, inputs, NEUTRAL, {})[0][""]  # noqa: SLF001 - as it is before packing
