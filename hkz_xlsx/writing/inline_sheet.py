"""XlsxWriter's worksheet, with cells that it has no call for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)

from hkz_xlsx.scoring.cell_values import CellError, CellValue, a1


class InlineText(NamedTuple):
    """A text that stands in the cell itself, not among the shared strings."""

    string: str
    format: Format | None


class SharedFormula(NamedTuple):
    """A formula that is the same down a column: written once, referred to after that."""

    text: str
    group: int
    extent: str
    value: CellValue
    format: Format | None


def shared_cells(first: SharedFormula, values: Sequence[CellValue]) -> list[SharedFormula]:
    """The cells of a shared formula; those with the same value are one object.

    Args:
        first: the first one, with the text.
        values: of every cell.
    """
    known: dict[object, SharedFormula] = {}
    cells = []
    for value in values:
        # 0, 0.0, -0.0, an empty text and nothing are written in ways of their own.
        key = value or (type(value), str(value))
        cell = known.get(key)
        if cell is None:
            cell = known[key] = first._replace(text="", value=value)
        cells.append(cell)
    cells[0] = first._replace(value=values[0])
    return cells


class InlineWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter ships no types
    """A worksheet that can hold texts in the cells themselves, and shared formulas.

    What people type goes inline: sharedStrings.xml then depends on the norm only, and a
    workbook for another client differs in few, small parts. Shared formulas (ECMA-376 part 1,
    18.3.1.40) are what Excel itself writes when a formula is filled down; they take the
    assessment sheet from 140 kB to 50 kB and save most of the time of writing it.
    """

    def write_inline(self, row: int, column: int, text: str, style: Format) -> int:
        """Like ``write_string``, with its return codes.

        Args:
            row: 0-based.
            column: 0-based.
            text: as it will stand there: `literal` was applied.
            style: its format.

        Returns:
            0, or -1 outside the sheet.
        """
        if self._check_dimensions(row, column):
            return -1
        self.table[row][column] = InlineText(text, style)
        return 0

    def write_shared(self, row: int, column: int, cell: SharedFormula) -> int:
        """One cell of a shared formula; the first one of a group carries the text.

        Args:
            row: 0-based.
            column: 0-based.
            cell: group, extent, cached value and format.

        Returns:
            0, or -1 outside the sheet.
        """
        if self._check_dimensions(row, column):
            return -1
        self.table[row][column] = cell
        return 0

    def write_filled_down(
        self, row: int, column: int, first: SharedFormula, values: Sequence[CellValue]
    ) -> int:
        """As `write_shared`, for a whole column from a row on.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            first: the first cell.
            values: of every cell.

        Returns:
            0, or -1 when one of them would stand outside the sheet: then none is written.
        """
        return self._put(row, column, shared_cells(first, values))

    def write_texts(
        self, row: int, column: int, texts: Sequence[str], styles: Sequence[Format]
    ) -> int:
        """As ``write_string`` and, for an empty text, ``write_blank``, for a whole column.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            texts: one per row, none longer than a cell holds.
            styles: one per row.

        Returns:
            0, or -1 when one of them would stand outside the sheet: then none is written.
        """
        if self._outside(row, column, len(texts)):
            return -1
        table, number_of = self.table, self.str_table._get_shared_string_index  # noqa: SLF001 - a subclass's own part of the library
        # Cells alike are one object: there are thousands, and each takes longer to make than to
        # put in its place.
        blank: dict[int, CellBlankTuple] = {}
        for index, (text, style) in enumerate(zip(texts, styles, strict=True), row):
            if text:
                table[index][column] = CellStringTuple(number_of(text), style)
            else:
                key = id(style)
                if key not in blank:
                    blank[key] = CellBlankTuple(style)
                table[index][column] = blank[key]
        return 0

    def set_heights(self, row: int, heights: Sequence[float]) -> int:
        """As ``set_row``, for rows below each other.

        Args:
            row: 0-based, the first one.
            heights: in points, one per row.

        Returns:
            0, or the first other code of ``set_row``.
        """
        codes = [self.set_row(index, height) for index, height in enumerate(heights, row)]
        return int(next(filter(None, codes), 0))

    def write_formulas(
        self, row: int, column: int, formulas: Sequence[str], styles: Sequence[Format],
        values: Sequence[CellValue],
    ) -> int:  # fmt: skip
        """As ``write_formula``, for a whole column with a formula of its own in each row.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            formulas: one per row, each with its ``=``.
            styles: one per row.
            values: what each gives.

        Returns:
            0, or the first other code of ``write_formula``.
        """
        each = enumerate(zip(formulas, styles, values, strict=True), row)
        codes = [
            self._write_formula(index, column, text, style, value)
            for index, (text, style, value) in each
        ]
        return int(next(filter(None, codes), 0))

    def write_text(self, row: int, column: int, text: str, style: Format) -> int:
        """As ``write_string``, or ``write_blank`` for an empty text, with their return codes.

        Args:
            row: 0-based.
            column: 0-based.
            text: no longer than a cell holds.
            style: its format.
        """
        if self._check_dimensions(row, column):
            return -1
        self.table[row][column] = self._given(text, style)
        return 0

    def write_given(
        self, row: int, column: int, values: Sequence[CellValue], styles: Sequence[Format]
    ) -> int:
        """Numbers and texts for a whole column.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            values: one per row, no text longer than a cell holds; None for no cell.
            styles: one per row.

        Returns:
            0, or -1 when one of them would stand outside the sheet: then none is written.
        """
        return self._put(row, column, list(map(self._given, values, styles)))

    def _given(
        self, value: CellValue, style: Format
    ) -> CellNumberTuple | CellStringTuple | CellBlankTuple | None:
        if value is None:
            return None
        if isinstance(value, int | float):
            return CellNumberTuple(value, style)
        if value == "":
            return CellBlankTuple(style)
        return CellStringTuple(self.str_table._get_shared_string_index(str(value)), style)  # noqa: SLF001 - a subclass's own part of the library

    def _put(self, row: int, column: int, cells: Sequence[object]) -> int:
        """Cells of a whole column in their rows."""
        if self._outside(row, column, len(cells)):
            return -1
        for index, cell in enumerate(cells, row):
            if cell is not None:
                self.table[index][column] = cell
        return 0

    def _outside(self, row: int, column: int, count: int) -> bool:
        """Whether one of so many cells below each other stands outside the sheet; the library also
        learns of the first and the last of them how far the sheet goes."""
        return any(self._check_dimensions(one, column) for one in (row, row + count - 1))

    def _write_cell(self, row: int, col: int, cell: object) -> None:
        if not isinstance(cell, InlineText | SharedFormula):
            super()._write_cell(row, col, cell)
            return
        attributes: list[tuple[str, object]] = [("r", a1(row, col))]
        if cell.format is not None:
            attributes.append(("s", cell.format._get_xf_index()))  # noqa: SLF001 - a subclass's own part of the library
        if isinstance(cell, InlineText):
            # Spaces at the ends and line breaks are kept as typed.
            self._xml_inline_string(cell.string, True, attributes)
        else:
            self._write_shared(cell, attributes)

    def _write_shared(self, cell: SharedFormula, attributes: list[tuple[str, object]]) -> None:
        """Write ``<c><f t="shared" …/><v>…</v></c>``."""
        value = cell.value
        if isinstance(value, CellError):
            attributes.append(("t", "e"))
        elif isinstance(value, str) and value:
            attributes.append(("t", "str"))
        self._xml_start_tag("c", attributes)
        group: list[tuple[str, object]] = [("t", "shared"), ("si", cell.group)]
        if cell.text:
            group.insert(1, ("ref", cell.extent))
            self._xml_data_element("f", cell.text.removeprefix("="), group)
        else:
            self._xml_empty_tag("f", group)
        number = isinstance(value, int | float)
        shown = f"{value:.16G}" if number else "" if value is None else str(value)
        self._xml_data_element("v", shown)
        self._xml_end_tag("c")
