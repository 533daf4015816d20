"""A worksheet that raises where XlsxWriter only warns, truncates or returns a code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from xlsxwriter.format import Format

from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.scoring.cell_values import MAX_TEXT_UNITS, CellError, CellValue, a1
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula

MAX_FORMULA = 8_192
"""Excel refuses longer formulas; XlsxWriter writes them all the same."""


ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
"""Values that XlsxWriter writes as errors."""


class WriteRefusedError(RuntimeError):
    """XlsxWriter did not do what it was asked: our mistake, never the user's."""


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


def _beside_formula(value: CellValue) -> CellValue:
    """A value as XlsxWriter takes it."""
    return "" if value is None else str(value) if isinstance(value, CellError) else value


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
        if len(text) <= _SHORT:
            self._ok(self.sheet.write_text(row, column, text, style), row, column)
            return
        self._ok(self.sheet.write_string(row, column, text, style), row, column, text[:40])

    def texts(self, row: int, column: int, texts: Sequence[str], styles: Sequence[Format]) -> None:
        """As `text`, for a whole column; of typed cells nobody typed in all texts are empty.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            texts: one per row.
            styles: one per row.

        Raises:
            WriteRefusedError: as `text`.
        """
        if max(map(len, texts), default=0) > _SHORT:
            for index, (text, style) in enumerate(zip(texts, styles, strict=True), row):
                self.text(index, column, text, style)
        elif texts:
            self.cells += len(texts)
            self._ok(self.sheet.write_texts(row, column, texts, styles), row, column)

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

    def given(
        self, row: int, column: int, values: Sequence[CellValue], styles: Sequence[Format]
    ) -> None:
        """Texts and numbers of ours, for a whole column; where there is None there is no cell.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            values: one per row.
            styles: one per row.

        Raises:
            WriteRefusedError: as `text`.
        """
        texts = [value for value in values if isinstance(value, str)]
        if max(map(len, texts), default=0) > _SHORT:
            for index, (value, style) in enumerate(zip(values, styles, strict=True), row):
                if isinstance(value, int | float):
                    self.number(index, column, value, style)
                elif value is not None:
                    self.text(index, column, str(value), style)
            return
        self.cells += len(values) - values.count(None)
        self._ok(self.sheet.write_given(row, column, values, styles), row, column)

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
        self.formulas_of(row, column, (formula,), (cached,), (style,))

    def formulas_of(
        self, row: int, column: int, formulas: Sequence[str], cached: Sequence[CellValue],
        styles: Sequence[Format],
    ) -> None:  # fmt: skip
        """As `formula`, for a whole column with a formula of its own in each row.

        Args:
            row: 0-based, of the first cell.
            column: 0-based.
            formulas: one per row, each with its ``=``.
            cached: the value of each.
            styles: one per row.

        Raises:
            WriteRefusedError: one is longer than Excel takes.
        """
        longest = max(map(len, formulas), default=0)
        if longest > MAX_FORMULA:
            raise WriteRefusedError(f"{self.sheet.name}: formula of {longest} characters")
        self.cells += len(formulas)
        self.formulas += len(formulas)
        values = [_beside_formula(value) for value in cached]
        self._ok(self.sheet.write_formulas(row, column, formulas, styles, values), row, column)

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
        if bool in set(map(type, cached)):
            raise WriteRefusedError(f"{self.sheet.name}: truth value in column {column}")
        group = self._groups
        if cached:
            first = SharedFormula(formula, group, extent, cached[0], style)
            self._ok(self.sheet.write_filled_down(row, column, first, cached), row, column)
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
