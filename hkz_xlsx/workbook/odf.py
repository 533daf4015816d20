"""OpenDocument spreadsheets (ODF 1.2 part 1, chapter 9), as LibreOffice saves them.

Repeated rows and cells are taken once: a file may claim a million equal rows in one line.
Calamine reads error cells of these files as texts or blanks, and no document properties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from hkz_xlsx.layout.a1 import a1
from hkz_xlsx.layout.codecs import FIRST_SERIAL, RawValue, shown
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.tables import CellError
from hkz_xlsx.workbook.cells import (
    BROKEN,
    MAX_COLUMN,
    MAX_ROW,
    MIDNIGHT,
    BrokenCellError,
    number,
)  # fmt: skip
from hkz_xlsx.workbook.grid import Area, Grid, Manner, SheetGrid, Spot, Struck
from hkz_xlsx.workbook.guard import LIMITS, RefusedError, parse_xml
from hkz_xlsx.workbook.preflight import Package, check_protected_odf
from hkz_xlsx.workbook.runs import Runs

_N = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _OFFICE, _META = (
    f"{_N}table:1.0 ",
    f"{_N}text:1.0 ",
    f"{_N}office:1.0 ",
    f"{_N}meta:1.0 ",
)
_STYLE = f"{_N}style:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_DURATION = re.compile(r"(-?)PT(\d{1,9})H(\d{1,2})M(\d{1,2}(?:\.\d+)?)S", re.ASCII)
_MANY = 2_000
"""A value repeated more often than this is a filled background, not an answer."""


class _Parser:
    """Expat's callbacks over content.xml."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheets: list[SheetGrid] = []
        self.problems: list[Problem] = []
        self.total = 0
        self.title, self.style, self.protected = "", "", False
        self.hidden_styles: set[str] = set()
        self._family_style = ""
        self.struck_styles: set[str] = set()
        self.manners: dict[Spot, Manner] = {}
        self.row_style, self.column_styles = "", list[tuple[int, str]]()
        self.spans: list[bool] = []
        self.runs = Runs()
        self.cells: dict[Spot, RawValue] = {}
        self.formulas: dict[Spot, str] = {}
        self.comments: dict[Spot, str] = {}
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.row_cells: dict[int, RawValue] = {}
        self.row_manners: dict[int, Manner] = {}
        self.cell: dict[str, str] | None = None
        self.depth_table = 0
        self.annotation = 0
        self.paragraphs: list[str] = []
        self.note: list[str] = []
        self.in_paragraph = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.startswith(_TABLE):
            self._table(name[len(_TABLE) :], attributes)
        elif name.startswith(_TEXT):
            self._open_text(name[len(_TEXT) :], attributes)
        elif name == f"{_OFFICE}annotation":
            self.annotation += 1
        elif name == f"{_STYLE}style":
            self._family_style = attributes.get(f"{_STYLE}name", "")
            if attributes.get(f"{_STYLE}parent-style-name", "") in self.struck_styles:
                self.struck_styles.add(self._family_style)
        elif name == f"{_STYLE}text-properties":
            self._text_properties(attributes)
        elif name == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self.hidden_styles.add(self._family_style)

    def _text_properties(self, attributes: dict[str, str]) -> None:
        """A line through a text, of a style that cells or parts of texts have."""
        kind = attributes.get(f"{_STYLE}text-line-through-style")
        kind = attributes.get(f"{_STYLE}text-line-through-type", kind)
        if kind not in (None, "none"):
            self.struck_styles.add(self._family_style)
        elif kind == "none":
            self.struck_styles.discard(self._family_style)

    def _table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self.depth_table += 1
            if self.depth_table == 1:
                self._open_sheet(attributes)
        elif self.depth_table != 1:
            return
        elif tag == "table-row":
            self.rows = _times(attributes, "rows")
            self.column, self.row_cells, self.row_manners = 0, {}, {}
            self.row_style = attributes.get(f"{_TABLE}default-cell-style-name", "")
            if attributes.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                self.hidden_rows.update(
                    range(self.row, min(self.row + self.rows, self.row + _MANY))
                )
        elif tag == "table-column":
            style = attributes.get(f"{_TABLE}default-cell-style-name", "")
            self.column_styles.append((_times(attributes, "columns"), style))
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell = attributes
            self.spans.clear()
            self.runs.take()
            self.columns = _times(attributes, "columns")
            self.paragraphs, self.note = [], []

    def _open_sheet(self, attributes: dict[str, str]) -> None:
        self.title = attributes.get(f"{_TABLE}name", "")
        self.style = attributes.get(f"{_TABLE}style-name", "")
        self.protected = attributes.get(f"{_TABLE}protected") == "true"
        self.cells, self.formulas, self.comments = {}, {}, {}
        self.manners, self.column_styles = {}, []
        self.merged, self.hidden_rows = [], set()
        self.row = 0
        if len(self.sheets) >= LIMITS.sheets:
            raise RefusedError("FILE_TOO_BIG")

    def _open_text(self, tag: str, attributes: dict[str, str]) -> None:
        if self.cell is None:
            return
        into = self.note if self.annotation else self.paragraphs
        if tag == "span":
            self.spans.append(attributes.get(f"{_TEXT}style-name", "") in self.struck_styles)
        elif tag == "p":
            self.in_paragraph += 1
            into.append("")
        elif into and tag == "s":
            count = attributes.get(f"{_TEXT}c", "1")
            into[-1] += " " * min(int(count) if count.isdigit() and len(count) < 6 else 1, 32_767)  # noqa: PLR2004
        elif into and tag == "tab":
            into[-1] += "\t"
        elif into and tag == "line-break":
            into[-1] += "\n"

    def text(self, text: str) -> None:
        if self.in_paragraph and self.cell is not None:
            into = self.note if self.annotation else self.paragraphs
            if into:
                into[-1] += text
            if not self.annotation:
                self.runs.start("r", {})
                if any(self.spans):
                    self.runs.start("strike", {})
                self.runs.text(text)

    def end(self, name: str) -> None:
        if name == f"{_TEXT}p":
            self.in_paragraph = max(0, self.in_paragraph - 1)
        elif name == f"{_TEXT}span" and self.spans:
            self.spans.pop()
        elif name == f"{_OFFICE}annotation":
            self.annotation -= 1
        elif name == f"{_TABLE}table":
            self.depth_table -= 1
            if self.depth_table == 0:
                self._close_sheet()
        elif self.depth_table == 1:
            if name in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                self._close_cell()
            elif name == f"{_TABLE}table-row":
                self._close_row()

    def _close_cell(self) -> None:
        attributes = self.cell or {}
        self.cell = None
        at = self.row, self.column
        try:
            value = _value(attributes, "\n".join(self.paragraphs))
        except BrokenCellError as fault:
            value = BROKEN
            where = Where(self.file, None, self.title, a1(*at))
            self.problems.append(problem("CELL_BROKEN", where, value=str(fault)[:80]))
            if len(self.problems) > LIMITS.broken_cells:
                raise RefusedError("FILE_BROKEN", detail="content.xml") from None
        if value is not None and self.columns <= _MANY:
            for column in range(self.column, self.column + self.columns):
                self.row_cells[column] = value
                if (manner := self._manner(attributes, column, value)) is not None:
                    self.row_manners[column] = manner
        if self.note:
            self.comments[at] = "\n".join(self.note)
        if (formula := attributes.get(f"{_TABLE}formula")) is not None:
            self.formulas[at] = formula.partition(":")[2].removeprefix("=") or formula
        down = _times(attributes, "rows-spanned", exact=True)
        right = _times(attributes, "columns-spanned", exact=True)
        if down > 1 or right > 1:
            self.merged.append(Area(*at, at[0] + down - 1, at[1] + right - 1))
        self.column += self.columns
        if self.column > MAX_COLUMN:
            raise RefusedError("FILE_BROKEN", detail="content.xml")

    def _manner(self, attributes: Mapping[str, str], column: int, value: RawValue) -> Manner | None:
        """How a cell shows its value: struck through, or a number not as it stands."""
        style = attributes.get(f"{_TABLE}style-name", "")
        style = style or self.row_style or self._column_style(column)
        struck: Struck = "wholly" if style in self.struck_styles else self.runs.take()
        text = "\n".join(self.paragraphs)
        kind = attributes.get(f"{_OFFICE}value-type", "")
        number = kind in ("float", "percentage", "currency", "date", "time")
        own = text if number and not _as_it_stands(text, value) else ""
        return Manner(struck, "", own) if struck or own else None

    def _column_style(self, column: int) -> str:
        """The style of cells of a column that name none."""
        if self.struck_styles:
            for count, style in self.column_styles:
                if column < count:
                    return style
                column -= count
        return ""

    def _close_row(self) -> None:
        if self.row_cells and self.rows <= _MANY:
            self.total += len(self.row_cells) * self.rows
            if self.total > LIMITS.cells:
                raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)
            for row in range(self.row, self.row + self.rows):
                for column, value in self.row_cells.items():
                    self.cells[row, column] = value
                for column, manner in self.row_manners.items():
                    self.manners[row, column] = manner
        self.row += self.rows
        if self.row > MAX_ROW * 2:
            raise RefusedError("FILE_BROKEN", detail="content.xml")

    def _close_sheet(self) -> None:
        hidden = self.style in self.hidden_styles
        self.sheets.append(
            SheetGrid(
                self.title, self.cells, self.formulas, "hidden" if hidden else "visible",
                (), self.protected, self.comments, tuple(self.merged),
                frozenset(self.hidden_rows), frozenset(), self.manners,
            )
        )  # fmt: skip


def _as_it_stands(text: str, value: RawValue) -> bool:
    """Whether a text shows a number or a day without a format of its own."""
    if isinstance(value, datetime):
        return not re.search(r"[^\W\d_]", text) and str(value.year) in text
    plain = shown(value)
    return text.strip() in (plain, plain.replace(".", ","), "")


def _times(attributes: Mapping[str, str], what: str, *, exact: bool = False) -> int:
    name = f"{_TABLE}number-{what}" if exact else f"{_TABLE}number-{what}-repeated"
    said = attributes.get(name, "1")
    if not (said.isascii() and said.isdigit()) or len(said) > 7 or int(said) < 1:  # noqa: PLR2004 - a million rows at most
        raise RefusedError("FILE_BROKEN", detail="content.xml")
    return int(said)


def _value(attributes: Mapping[str, str], text: str) -> RawValue:
    """The value of a cell (19.385): its typed value, for a text what it shows."""
    kind = attributes.get(f"{_OFFICE}value-type", "")
    if attributes.get(f"{_CALC}value-type") == "error":
        return CellError(text[:40] or BROKEN.code)
    match kind:
        case "":
            return None
        case "string":
            stored = attributes.get(f"{_OFFICE}string-value", text)
            return stored or None
        case "float" | "percentage" | "currency":
            return number(attributes.get(f"{_OFFICE}value", ""))
        case "boolean":
            said = attributes.get(f"{_OFFICE}boolean-value", "")
            if said not in ("true", "false"):
                raise BrokenCellError(said)
            return said == "true"
        case "date":
            return _moment(attributes.get(f"{_OFFICE}date-value", ""))
        case "time":
            return _hours(attributes.get(f"{_OFFICE}time-value", ""))
        case _:
            raise BrokenCellError(kind)


def _moment(said: str) -> RawValue:
    try:
        found = datetime.fromisoformat(said.removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        raise BrokenCellError(said) from None
    passed = found - MIDNIGHT
    return found if passed.days >= FIRST_SERIAL else passed.days + passed.seconds / 86_400


def _hours(said: str) -> float:
    match = _DURATION.fullmatch(said)
    if match is None:
        raise BrokenCellError(said)
    days = (int(match[2]) + int(match[3]) / 60 + float(match[4]) / 3600) / 24
    return -days if match[1] else days


def _properties(package: Package) -> dict[str, str]:
    """User-defined document properties, among which our identity."""
    found: dict[str, str] = {}
    if not package.has("meta.xml"):
        return found
    now: list[str] = []
    pieces: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{_META}user-defined":
            now[:] = [attributes.get(f"{_META}name", "")]
            pieces.clear()

    def end(name: str) -> None:
        if name == f"{_META}user-defined" and now:
            found[now.pop()] = "".join(pieces)

    parse_xml(package.part("meta.xml"), "meta.xml", start, end, pieces.append)
    return found


def read_odf(package: Package, file: str, *, complete: bool) -> Grid:
    """Read an OpenDocument spreadsheet.

    Raises:
        RefusedError: protected, another kind of document, damaged or too big.
    """
    check_protected_odf(package)
    mime = package.part("mimetype") if package.has("mimetype") else b"spreadsheet"
    if b"spreadsheet" not in mime:
        raise RefusedError("FILE_OTHER_OFFICE")
    parser = _Parser(file)
    parse_xml(package.part("content.xml"), "content.xml", parser.start, parser.end, parser.text)
    if not parser.sheets:
        raise RefusedError("FILE_PART_MISSING", part="<table:table>")
    properties = _properties(package)
    package.check_rest(office_doctype=True)
    problems = list(parser.problems)
    if any(n.startswith(("basic/", "scripts/")) for n in package.names):
        problems.insert(0, problem("FILE_HAS_MACROS", Where(file)))
    return Grid(file, tuple(parser.sheets), properties, "ods", False, tuple(problems), complete)
