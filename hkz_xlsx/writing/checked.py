"""A worksheet that raises where XlsxWriter only warns, truncates or returns a code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.scoring.cell_values import MAX_TEXT_UNITS, CellError, CellValue, a1

MAX_FORMULA = 8_192
"""Excel refuses longer formulas; XlsxWriter writes them all the same."""


ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
"""Values that XlsxWriter writes as errors."""


class WriteRefusedError(RuntimeError):
    """XlsxWriter did not do what it was asked: our mistake, never the user's."""


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


class InlineWorksheet(Worksheet):
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

    def write_filled_down(self, row: int, column: int, cells: Sequence[SharedFormula]) -> int:
        """As `write_shared`, for a whole column from a row on.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            cells: one per row, from the first on; only that one carries the text.

        Returns:
            0, or -1 when one of them would stand outside the sheet: then none is written.
        """
        if self._check_dimensions(row, column):
            return -1
        if self._check_dimensions(row + len(cells) - 1, column):
            return -1
        for index, cell in enumerate(cells, row):
            self.table[index][column] = cell
        return 0

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


_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def literal(text: str) -> str:
    """A typed text that looks like an escape (``_x0041_``, ECMA-376 part 1, 22.9.2.19), kept so."""
    return _LOOKS_ESCAPED.sub("_x005F_", text)


_SHORT = MAX_TEXT_UNITS // 2
"""Characters that fit in a cell, whichever they are: one takes at most two units."""


def check_text(text: str, where: Where) -> None:
    """Refuse a typed text that no cell can hold, instead of cutting it.

    Raises:
        HkzError: it is too long, or has signs that no file can hold.
    """
    if len(text) <= _SHORT and text.replace("\n", "").replace("\t", "").isprintable():
        return  # as nearly all are, without a look at every character
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if units > MAX_TEXT_UNITS:
        raise HkzError(problem("TEXT_TOO_LONG", where, length=units, limit=MAX_TEXT_UNITS))
    forbidden = any(
        (unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t") or c in "\ufffe\uffff"
        for c in text
    )
    if forbidden:
        raise HkzError(problem("TEXT_CONTROL", where))


class CheckedSheet:
    """The only way cells are written. Every method raises instead of returning a code."""

    def __init__(self, sheet: InlineWorksheet) -> None:
        self.sheet = sheet
        self.formulas = 0
        self.cells = 0
        self._groups = 0

    def _ok(self, code: object, *what: object) -> None:
        if code not in (0, None):
            raise WriteRefusedError(f"{self.sheet.name}: {what} gave {code}")

    def text(self, row: int, column: int, text: str, style: Format) -> None:
        """A text of ours; always a text, never a formula or a link.

        Args:
            row: 0-based.
            column: 0-based.
            text: empty for a blank cell.
            style: its format.

        Raises:
            WriteRefusedError: the library wrote something else, such as a text cut off.
        """
        self.cells += 1
        if text == "":
            self._ok(self.sheet.write_blank(row, column, None, style), row, column)
            return
        self._ok(self.sheet.write_string(row, column, text, style), row, column, text[:40])

    def led_text(self, row: int, column: int, text: str, lead: Format, style: Format) -> None:
        """A text of ours whose first line has a style of its own.

        Args:
            row: 0-based.
            column: 0-based.
            text: with line breaks; of one line it is written as any text.
            lead: format of the first line.
            style: format of the cell and of the other lines.

        Raises:
            WriteRefusedError: as `text`.
        """
        first, _, rest = text.partition("\n")
        if not rest:
            self.text(row, column, text, style)
            return
        self.cells += 1
        code = self.sheet.write_rich_string(row, column, lead, f"{first}\n", style, rest, style)
        self._ok(code, row, column, text[:40])

    def number(self, row: int, column: int, number: float, style: Format) -> None:
        """A number of ours.

        Args:
            row: 0-based.
            column: 0-based.
            number: of a date the serial day.
            style: its format.
        """
        self.cells += 1
        self._ok(self.sheet.write_number(row, column, number, style), row, column)

    def formula(
        self, row: int, column: int, formula: str, cached: CellValue, style: Format
    ) -> None:
        """A formula with the value it has, so that programs that do not recalculate are right.

        Args:
            row: 0-based.
            column: 0-based.
            formula: with its ``=``.
            cached: the value, as our evaluation gives it.
            style: its format.

        Raises:
            WriteRefusedError: longer than Excel takes.
        """
        if len(formula) > MAX_FORMULA:
            raise WriteRefusedError(f"{self.sheet.name}: formula of {len(formula)} characters")
        self.cells += 1
        self.formulas += 1
        value = "" if cached is None else str(cached) if isinstance(cached, CellError) else cached
        self._ok(self.sheet.write_formula(row, column, formula, style, value), row, column)

    def filled_down(
        self, row: int, column: int, formula: str, cached: Sequence[CellValue], style: Format
    ) -> None:
        """One formula for a whole column.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            formula: as it stands in the first cell; those below follow from it.
            cached: the value of every cell, as our evaluation gives it.
            style: their format.

        Raises:
            WriteRefusedError: longer than Excel takes, or a truth value among the values.
        """
        if len(formula) > MAX_FORMULA:
            raise WriteRefusedError(f"{self.sheet.name}: formula of {len(formula)} characters")
        last = a1(row + len(cached) - 1, column)
        extent = f"{a1(row, column)}:{last}"
        if any(isinstance(value, bool) for value in cached):
            raise WriteRefusedError(f"{self.sheet.name}: truth value in column {column}")
        group = self._groups
        cells = [SharedFormula("", group, extent, value, style) for value in cached]
        if cells:
            cells[0] = cells[0]._replace(text=formula)
            self._ok(self.sheet.write_filled_down(row, column, cells), row, column)
        self._groups += 1
        self.cells += len(cached)
        self.formulas += len(cached)

    def typed(self, row: int, column: int, value: CellValue, style: Format) -> None:
        """What a person typed, or a blank input cell.

        Args:
            row: 0-based.
            column: 0-based.
            value: None and an empty text leave the cell blank, with its format.
            style: its format.

        Raises:
            HkzError: a text that no cell can hold.
        """
        if value is None or value == "":
            self.cells += 1
            self._ok(self.sheet.write_blank(row, column, None, style), row, column)
        elif isinstance(value, bool):
            self.cells += 1
            self._ok(self.sheet.write_boolean(row, column, value, style), row, column)
        elif isinstance(value, int | float):
            self.number(row, column, value, style)
        else:
            text = str(value)
            check_text(text, Where("", None, self.sheet.name, a1(row, column)))
            self.cells += 1
            self._ok(self.sheet.write_inline(row, column, literal(text), style), row, column)

    def span(self, row: int, column: int, columns: int, text: str, style: Format) -> None:
        """A text over several columns, outside every table.

        Args:
            row: 0-based.
            column: 0-based, the first one.
            columns: how many cells are merged.
            text: the words.
            style: its format.
        """
        self.cells += columns
        code = self.sheet.merge_range(row, column, row, column + columns - 1, "", style)
        self._ok(code, row, column)
        self._ok(self.sheet.write_string(row, column, text, style), row, column, text[:40])

    def note(self, row: int, column: int, text: str) -> None:
        """A comment on a cell, shown when a person points at it.

        Args:
            row: 0-based.
            column: 0-based.
            text: with line breaks; the box is as high as it needs, up to a limit.
        """
        lines = text.count("\n") + len(text) // 40 + 2
        options = {"author": "hkz_xlsx", "width": 300, "height": min(400, 20 * lines)}
        self.do("write_comment", row, column, text, options)

    def do(self, name: str, *arguments: object) -> None:
        """Any other call on the worksheet, with its return code checked."""
        self._ok(getattr(self.sheet, name)(*arguments), name, arguments[:2])
