"""The cells of a table below its headers, column by column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from hkz_xlsx.layout.plan import Block, Field, Sheet, WorkbookPlan
from hkz_xlsx.layout.refs import Places, RowRefs
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.layout.values import SHARED_BY_ONE, SHARED_BY_ONE_SINCE
from hkz_xlsx.scoring.cell_values import CellValue, a1
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Address, Computed, Given, Inputs
from hkz_xlsx.text import Messages
from hkz_xlsx.writing.checked import CheckedSheet

_NUMERIC = re.compile(r"[-+]?\d+([.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a sheet needs to be written."""

    plan: WorkbookPlan
    places: Places
    values: Evaluation
    inputs: Inputs
    text: Messages
    workbook: Workbook
    formats: Mapping[str, Format]
    marks: Mapping[str, Format]
    look: Look
    notes: Mapping[Address, str]
    filled: frozenset[tuple[str, str]] = field(init=False)
    """Table and column of everything that is typed."""

    def __post_init__(self) -> None:
        """Find out which columns are filled."""
        filled = frozenset((address.table, address.column) for address in self.inputs)
        object.__setattr__(self, "filled", filled)


class BlockCells:
    """Writes the columns of tables on one sheet; ``as_text`` are cells that look like a number and
    are a text."""

    def __init__(self, job: Job, sheet: Sheet, checked: CheckedSheet) -> None:
        self._job, self._sheet, self._checked = job, sheet, checked
        self.as_text: list[str] = []

    def column(self, block: Block, field: Field, column: int) -> None:
        """The cells of one field.

        Args:
            block: the table at its place.
            field: the field.
            column: of the sheet, 0-based.
        """
        job, content = self._job, block.table.column(field.key)
        if self._sheet.left_out(field, column):
            return
        top, rows = block.first_row, block.table.rows
        if isinstance(content, Computed) and not isinstance(content.expr, tuple):
            refs = RowRefs(job.places, job.text, self._sheet, block, top)
            cached = job.values.column(block.table.key, field.key)
            text = formula(content.expr, refs)
            self._checked.filled_down(top, column, text, cached, job.formats[field.style])
            return
        if len(field.codecs) > 1:
            styles = [job.formats[field.style_of(index)] for index in range(len(rows))]
        else:
            styles = [job.formats[field.style_of(0)]] * len(rows)
        if isinstance(content, Computed):
            self._own(block, field, column, styles)
        elif isinstance(content, Given):
            self._given(content, field, (top, column), styles)
        elif (block.table.key, field.key) in job.filled:
            for index, (row, style) in enumerate(zip(rows, styles, strict=True), top):
                typed = job.inputs.get(Address(block.table.key, row, field.key))
                self._checked.typed(index, column, typed, style)
        else:
            self._checked.texts(top, column, [""] * len(rows), styles)

    def _own(self, block: Block, field: Field, column: int, styles: Sequence[Format]) -> None:
        """A column in which each row has a formula of its own."""
        job, content = self._job, block.table.column(field.key)
        if not isinstance(content, Computed):
            raise TypeError(type(content))
        top, values = block.first_row, job.values.column(block.table.key, field.key)
        new = job.plan.identity.layout >= SHARED_BY_ONE_SINCE
        alone = new and (block.table.key, field.key) in SHARED_BY_ONE
        texts = [
            formula(content.of(row - top), RowRefs(job.places, job.text, self._sheet, block, row))
            for row in range(top, top + len(values))
        ]
        if not alone:
            self._checked.formulas_of(top, column, texts, values, styles)
            return
        for row, (text, value, style) in enumerate(zip(texts, values, styles, strict=True), top):
            self._checked.filled_down(row, column, text, (value,), style)

    def _given(
        self, content: Given, field: Field, place: tuple[int, int], styles: Sequence[Format]
    ) -> None:
        top, column = place
        if field.lead:
            lead = self._job.formats[field.lead]
            for row, (value, style) in enumerate(zip(content.values, styles, strict=True), top):
                self._checked.led_text(row, column, str(value), lead, style)
        elif not self._sheet.varies and _are_texts(content.values):
            self._checked.texts(top, column, content.values, styles)
            self.look_like_numbers(top, column, content.values)
        elif not self._sheet.varies:
            self._checked.given(top, column, content.values, styles)
            for row, value in enumerate(content.values, top):
                if isinstance(value, str):
                    self.look_like_numbers(row, column, (value,))
        else:
            for row, (value, style) in enumerate(zip(content.values, styles, strict=True), top):
                self._one(row, column, value, style)

    def _one(self, row: int, column: int, value: CellValue, style: Format) -> None:
        if isinstance(value, int | float):
            self._checked.number(row, column, value, style)
        elif value is not None:
            # What came from a file stands in the cell itself, as what people type.
            self._checked.typed(row, column, str(value), style)
            self.look_like_numbers(row, column, (str(value),))

    def look_like_numbers(self, row: int, column: int, texts: Sequence[str]) -> None:
        """Texts that look like numbers are meant: Excel would mark each with a green triangle.

        Args:
            row: of the first one.
            column: of all.
            texts: one per row.
        """
        for index, text in enumerate(texts, row):
            first = text[:1]
            if (first.isdecimal() or first in "+-") and _NUMERIC.fullmatch(text):
                self.as_text.append(a1(index, column))


def _are_texts(values: Sequence[CellValue]) -> TypeGuard[Sequence[str]]:
    return all(type(value) is str for value in values)
