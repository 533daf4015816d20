"""OpenDocument spreadsheets (ODF 1.2 part 1, chapter 9), as LibreOffice saves them.

Repeated rows and cells are taken once: a file may claim a million equal rows in one line.
Calamine reads error cells of these files as texts or blanks, and no document properties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.cell_values import PERMITTED, RawValue, a1, shown
from hkz_xlsx.spreadsheet.cells import (
    BROKEN,
    MAX_COLUMN,
    BrokenCellError,
)  # fmt: skip
from hkz_xlsx.spreadsheet.container import Package, check_odf
from hkz_xlsx.spreadsheet.grid import Area, Attached, Grid, Manner, SheetGrid, Spot, Struck
from hkz_xlsx.spreadsheet.odf_attached import OdfAttached, page_texts, settled
from hkz_xlsx.spreadsheet.odf_looks import OdfLooks
from hkz_xlsx.spreadsheet.odf_values import odf_value
from hkz_xlsx.spreadsheet.runs import Runs
from hkz_xlsx.spreadsheet.safe_xml import parse_xml
from hkz_xlsx.spreadsheet.threads import without_boilerplate

_N = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _OFFICE, _META = (
    f"{_N}table:1.0 ",
    f"{_N}text:1.0 ",
    f"{_N}office:1.0 ",
    f"{_N}meta:1.0 ",
)
_STYLE = f"{_N}style:1.0 "
_DC = "http://purl.org/dc/elements/1.1/ "
_UNSEEN = ("collapse", "filter")
_RIGHTS = {"autofilter": "autoFilter", "use-autofilter": "autoFilter"}
"""LibreOffice's words in an ods file for a right on a protected sheet; of sizes it has none."""

_MOST_ROWS = 1 << 24
"""Rows of LibreOffice's largest sheets; blank ones may be claimed for all of them at once."""

_MANY = 2_000
"""A value repeated more often than this is a filled background, not an answer."""


class _Parser:
    """Expat's callbacks over content.xml."""

    def __init__(self, file: str, looks: OdfLooks) -> None:
        self.file = file
        self.looks = looks
        self.sheets: list[SheetGrid] = []
        self.problems: list[Problem] = []
        self.total = 0
        self.title, self.style, self.protected = "", "", False
        self.permitted: set[str] = set()
        self.hidden_styles: set[str] = set()
        self._family_style = ""
        self.manners: dict[Spot, Manner] = {}
        self.runs = Runs()
        self.cells: dict[Spot, RawValue] = {}
        self.formulas: dict[Spot, str] = {}
        self.comments: dict[Spot, str] = {}
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.date_formats: dict[Spot, str] = {}
        self.column_styles: list[tuple[int, str]] = []
        self.row_style = ""
        self.groups: list[bool] = []
        self.spans: list[bool] = []
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
        self.authors: list[str] = []
        self.hanging = OdfAttached()
        self.hangs: list[list[Attached]] = []
        self.masters: dict[str, str] = {}
        self.sheet_masters: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.depth_table:
            self.looks.start(name, attributes)
        at = None if self.cell is None else (self.row, self.column)
        value = at is not None and not self.annotation
        if self.depth_table and self.hanging.start(name, attributes, at, value=value):
            return
        if name.startswith(_TABLE):
            self._table(name[len(_TABLE) :], attributes)
        elif name.startswith(_TEXT):
            self._open_text(name[len(_TEXT) :], attributes)
        elif name == f"{_OFFICE}annotation":
            self.annotation += 1
        elif name.endswith(" table-protection"):
            said = (key.rpartition(" ")[2] for key, yes in attributes.items() if yes == "true")
            self.permitted.update(_RIGHTS[right] for right in said if right in _RIGHTS)
        elif name == f"{_STYLE}style":
            self._family_style = attributes.get(f"{_STYLE}name", "")
            self.masters[self._family_style] = attributes.get(f"{_STYLE}master-page-name", "")
        elif name == f"{_DC}creator" and self.annotation:
            self.authors.append("")
        elif name == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self.hidden_styles.add(self._family_style)

    def _table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self.depth_table += 1
            if self.depth_table == 1:
                self._open_sheet(attributes)
        elif self.depth_table != 1:
            return
        elif tag == "table-column":
            self._open_column(attributes)
        elif tag == "table-row-group":
            self.groups.append(attributes.get(f"{_TABLE}display") == "false")
        elif tag == "table-row":
            self.rows = _times(attributes, "rows")
            self.column, self.row_cells, self.row_manners = 0, {}, {}
            self.row_style = attributes.get(f"{_TABLE}default-cell-style-name", "")
            if any(self.groups) or attributes.get(f"{_TABLE}visibility") in _UNSEEN:
                self.hidden_rows.update(
                    range(self.row, min(self.row + self.rows, self.row + _MANY))
                )
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell = attributes
            self.spans.clear()
            self.runs.take()
            self.columns = _times(attributes, "columns")
            self.paragraphs, self.note, self.authors = [], [], []

    def _open_column(self, attributes: dict[str, str]) -> None:
        first, count = self.column, _times(attributes, "columns")
        self.column += count
        style = attributes.get(f"{_TABLE}default-cell-style-name", "")
        self.column_styles.append((self.column, style))
        if attributes.get(f"{_TABLE}visibility") in _UNSEEN:
            self.hidden_columns.update(range(first, min(self.column, first + _MANY)))

    def _style_of(self, attributes: Mapping[str, str]) -> str:
        """Of the cell, else of its row, else of its column."""
        own = attributes.get(f"{_TABLE}style-name") or self.row_style
        if own:
            return own
        return next((style for end, style in self.column_styles if self.column < end), "")

    def _open_sheet(self, attributes: dict[str, str]) -> None:
        self.title = attributes.get(f"{_TABLE}name", "")
        self.style = attributes.get(f"{_TABLE}style-name", "")
        self.protected = attributes.get(f"{_TABLE}protected") == "true"
        self.cells, self.formulas, self.comments = {}, {}, {}
        self.merged, self.hidden_rows, self.permitted = [], set(), set()
        self.hidden_columns, self.manners, self.date_formats = set(), {}, {}
        self.column_styles, self.groups = [], []
        self.row, self.column, self.hanging = 0, 0, OdfAttached()
        if len(self.sheets) >= LIMITS.sheets:
            raise RefusedError("FILE_TOO_BIG")

    def _open_text(self, tag: str, attributes: dict[str, str]) -> None:
        if self.cell is None:
            return
        into = self.note if self.annotation else self.paragraphs
        if tag == "p":
            self.in_paragraph += 1
            into.append("")
        elif tag == "span":
            self.spans.append(self.looks.struck("text", attributes.get(f"{_TEXT}style-name", "")))
        elif into and tag == "s":
            count = attributes.get(f"{_TEXT}c", "1")
            into[-1] += " " * min(int(count) if count.isdigit() and len(count) < 6 else 1, 32_767)  # noqa: PLR2004
        elif into and tag == "tab":
            into[-1] += "\t"
        elif into and tag == "line-break":
            into[-1] += "\n"

    def text(self, text: str) -> None:
        if self.hanging.depth:
            self.hanging.text(text)
        elif self.authors and not self.in_paragraph:
            self.authors[-1] += text.strip()
        elif self.in_paragraph and self.cell is not None:
            into = self.note if self.annotation else self.paragraphs
            if into:
                into[-1] += text
            if not self.annotation:
                self.runs.start("r", {})
                if any(self.spans):
                    self.runs.start("strike", {})
                self.runs.text(text)

    def end(self, name: str) -> None:
        if not self.depth_table:
            self.looks.end(name)
        if self.hanging.end(name):
            return
        if name == f"{_TEXT}span" and self.spans:
            self.spans.pop()
        elif name == f"{_TEXT}p":
            self.in_paragraph = max(0, self.in_paragraph - 1)
        elif name == f"{_OFFICE}annotation":
            self.annotation -= 1
        elif name == f"{_TABLE}table":
            self.depth_table -= 1
            if self.depth_table == 0:
                self._close_sheet()
        elif self.depth_table == 1 and name.startswith(_TABLE):
            self._close_in_table(name[len(_TABLE) :])

    def _close_in_table(self, tag: str) -> None:
        if tag in ("table-cell", "covered-table-cell"):
            self._close_cell()
        elif tag == "table-row":
            self._close_row()
        elif tag == "table-row-group" and self.groups:
            self.groups.pop()

    def _close_cell(self) -> None:
        attributes = self.cell or {}
        self.cell = None
        at = self.row, self.column
        try:
            value = odf_value(attributes, "\n".join(self.paragraphs))
        except BrokenCellError as fault:
            value = BROKEN
            where = Where(self.file, None, self.title, a1(*at))
            self.problems.append(problem("CELL_BROKEN", where, value=str(fault)[:80]))
            if len(self.problems) > LIMITS.broken_cells:
                raise RefusedError("FILE_BROKEN", detail="content.xml") from None
        if value is not None and self.columns <= _MANY:
            for column in range(self.column, self.column + self.columns):
                self.row_cells[column] = value
                if (manner := self._manner(attributes, value)) is not None:
                    self.row_manners[column] = manner
        if isinstance(value, datetime):
            style = self._style_of(attributes)
            self.date_formats[self.row, self.column] = self.looks.date_format(style)
        if self.note:
            author = self.authors[0] if self.authors else ""
            self.comments[at] = without_boilerplate("\n".join(self.note), author)
        if (formula := attributes.get(f"{_TABLE}formula")) is not None:
            self.formulas[at] = formula.partition(":")[2].removeprefix("=") or formula
        down = _times(attributes, "rows-spanned", exact=True)
        right = _times(attributes, "columns-spanned", exact=True)
        if down > 1 or right > 1:
            self.merged.append(Area(*at, at[0] + down - 1, at[1] + right - 1))
        self.column += self.columns
        # Blank cells behind the last may be claimed generously; a value needs a place.
        if self.column > MAX_COLUMN * (1 if value is not None and self.columns <= _MANY else 2):
            raise RefusedError("FILE_BROKEN", detail="content.xml")

    def _manner(self, attributes: Mapping[str, str], value: RawValue) -> Manner | None:
        """How a cell shows its value: struck through, or a number not as it stands."""
        whole = self.looks.struck("table-cell", self._style_of(attributes))
        struck: Struck = "wholly" if whole else self.runs.found()
        text = "\n".join(self.paragraphs)
        kind = attributes.get(f"{_OFFICE}value-type", "")
        number = kind in ("float", "percentage", "currency", "date", "time")
        own = text if number and not _as_it_stands(text, value) else ""
        return Manner(struck, "", own) if struck or own else None

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
        if self.row > _MOST_ROWS * 2:
            raise RefusedError("FILE_BROKEN", detail="content.xml")

    def _close_sheet(self) -> None:
        hidden = self.style in self.hidden_styles
        locked = set(PERMITTED.values()) - self.permitted if self.protected else set[str]()
        self.hangs.append(self.hanging.found)
        self.sheet_masters.append(self.masters.get(self.style, ""))
        self.sheets.append(
            SheetGrid(
                self.title, self.cells, self.formulas, "hidden" if hidden else "visible",
                (), self.protected, self.comments, tuple(self.merged),
                frozenset(self.hidden_rows), frozenset(), frozenset(self.hidden_columns),
                self.date_formats, frozenset(locked), frozenset(self.formulas) & set(self.cells),
                manners=self.manners,
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
    usual = said.isascii() and said.isdigit() and len(said) < 9  # noqa: PLR2004 - no int of millions of digits
    if not usual or not 1 <= int(said) <= _MOST_ROWS:
        raise RefusedError("FILE_BROKEN", detail="content.xml")
    return int(said)


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


def _with_attached(
    package: Package, parser: _Parser
) -> tuple[tuple[SheetGrid, ...], list[tuple[str, str]]]:
    """The sheets with what hangs on them; and what of it cannot be read, by title of sheet."""
    pages: Mapping[str, tuple[Attached, ...]] = {}
    unread: list[tuple[str, str]] = []
    if package.has("styles.xml"):
        data = package.part("styles.xml")
        try:
            pages = page_texts(data)
        except RefusedError as fault:
            if fault.code == "FILE_DOCTYPE":
                raise
            unread.append(("", "styles.xml"))
    sheets = []
    for sheet, hangs, master in zip(parser.sheets, parser.hangs, parser.sheet_masters, strict=True):
        found, lost = settled(package, hangs)
        unread += ((sheet.title, part) for part in lost)
        sheets.append(replace(sheet, attached=(*found, *pages.get(master, ()))))
    return tuple(sheets), unread


def read_odf(package: Package, file: str, *, complete: bool) -> Grid:
    """Read an OpenDocument spreadsheet.

    Args:
        package: the opened container.
        file: its name, for messages.
        complete: also how cells show their value (styles.xml).

    Raises:
        RefusedError: protected, another kind of document, damaged or too big.
    """
    check_odf(package)
    looks = OdfLooks()
    if complete and package.has("styles.xml"):
        parse_xml(package.part("styles.xml"), "styles.xml", looks.start, looks.end)
    parser = _Parser(file, looks)
    parse_xml(package.part("content.xml"), "content.xml", parser.start, parser.end, parser.text)
    if not parser.sheets:
        raise RefusedError("FILE_PART_MISSING", part="content.xml: table")
    sheets, unread = _with_attached(package, parser)
    properties = _properties(package)
    package.check_rest(office_doctype=True)
    problems = [*parser.problems]
    problems += (
        problem("ATTACHED_UNREAD", Where(file, None, title), part=part) for title, part in unread
    )
    if any(n.startswith(("basic/", "scripts/")) for n in package.names):
        problems.insert(0, problem("FILE_HAS_MACROS", Where(file)))
    return Grid(file, sheets, properties, "ods", False, tuple(problems), complete)
