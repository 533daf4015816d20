"""Small builders shared by the sheets: blocks, forms and text columns, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.plan import Block, Chart, Field, FormulaCell, Highlight, Sheet, TextCell
from hkz_xlsx.scoring.expr import Cell, Compare, Either, Here, If, Msg, Txt, equals
from hkz_xlsx.scoring.rows import REFERENCE_DATE
from hkz_xlsx.scoring.tables import Given, Input, Table, TableColumn
from hkz_xlsx.text import Messages

FEW_ARROWS_SINCE = 2
"""The layout since which only Beoordeling bears filters: elsewhere they hide what stands there."""

ORGANISATION = Cell("organisation", "value", "name")
"""Where the organisation's name stands; other sheets show it by formula."""


ROW_POINTS, PAGE_POINTS, POINTS_A_PIXEL = 15.0, 502.0, 0.75
"""Height of a row without one of its own, and of what a landscape A4 page has room for."""

NEAR = 8
"""Rows at most between a heading and what it is of."""


def row_heights(sheet: Sheet) -> dict[int, float]:
    """Heights in points of the rows of a sheet that have one; hidden rows have 0."""
    found = {text.row: text.height for text in sheet.texts if text.height is not None}
    found |= dict(sheet.heights)
    for block in sheet.blocks:
        found[block.top] = 0.0
        if block.header_height is not None:
            found[block.header_row] = block.header_height
        found |= {block.first_row + i: height for i, height in enumerate(block.heights)}
    return found


def page_breaks(
    sheet: Sheet,
    sections: Sequence[int],
    scale: int,
    *,
    flows: bool = False,
    apart: bool = False,
    repeated: tuple[int, int] = (0, 1),
) -> tuple[int, ...]:
    """The rows that begin a page, so that each section is whole where a page has room, and goes on
    in a row that the page before has no room for where none has. No program has to decide:
    LibreOffice counts other pages than it prints where its own end of a page comes just beside one
    of ours, and a wholly blank page follows the sheet.

    Args:
        sheet: without its page.
        sections: first rows, in order; what stands before the first is on the first page.
        scale: of printing, in percent.
        flows: a section that no page has room for begins where its heading and first rows fit.
        apart: every section begins a page.
        repeated: first and last row of those that stand on every page.
    """
    known = row_heights(sheet)
    last = max((b.last_row for b in sheet.blocks), default=0) + 1

    def points(first: int, end: int) -> float:
        return sum(known.get(row, ROW_POINTS) for row in range(first, end))

    on_top = points(repeated[0], repeated[1] + 1)
    room = PAGE_POINTS * 100 / scale - on_top
    stays = _stays(sheet, room)
    used, breaks = points(0, sections[0]) - on_top, list[int]()
    for first, end in zip(sections, (*sections[1:], last), strict=True):
        whole = points(first, end)
        # The first one begins below the title, which would be a page of its own.
        flowing = flows and (whole > room or (first == sections[0] and used + whole > room))
        needed = points(first, _beginning(sheet, first, end)) if flowing else whole
        if apart or used + needed > room:
            # Blank rows that the page before has no room for come along.
            blank = next((r for r in range(first, 0, -1) if not _blank(sheet, r - 1)), first)
            begins = first if used <= room else blank
            breaks.append(begins)
            used = points(begins, first)
        begun = _page_starts(sheet, (first, end), stays, used, room)
        breaks += begun
        used = points(begun[-1], end) if begun else used + whole
    return tuple(breaks)


def _page_starts(
    sheet: Sheet, rows: tuple[int, int], stays: set[int], used: float, room: float
) -> tuple[int, ...]:
    """The rows of a section that begin a page, besides its first.

    Args:
        sheet: without its page.
        rows: the first of the section and the first after it.
        stays: rows that no page begins with.
        used: what is full of the page that the section begins on.
        room: of a page.
    """
    known, (first, end), found = row_heights(sheet), rows, list[int]()
    for row in range(first, end):
        used += known.get(row, ROW_POINTS)
        if used > room and not all(_blank(sheet, one) for one in range(row, end)):
            least = max((first, *found))
            begins = max(
                (one for one in range(least + 1, row + 1) if one not in stays), default=row
            )
            found.append(begins)
            used = sum(known.get(one, ROW_POINTS) for one in range(begins, row + 1))
    return tuple(found)


def _rows_of(sheet: Sheet, chart: Chart) -> range:
    """The rows that a chart covers."""
    known, row, left = row_heights(sheet), chart.row, chart.height * POINTS_A_PIXEL
    while (left := left - known.get(row, ROW_POINTS)) > 0:
        row += 1
    return range(chart.row, row + 1)


def _blank(sheet: Sheet, row: int) -> bool:
    """Whether nothing stands in a row."""
    cells = row in {text.row for text in sheet.texts} | {cell.row for cell in sheet.formulas}
    tables = any(block.top <= row <= block.last_row for block in sheet.blocks)
    return not (cells or tables or any(row in _rows_of(sheet, one) for one in sheet.charts))


def _stays(sheet: Sheet, room: float) -> set[int]:
    """Rows that no page begins with: below a heading, in a chart, in a table that a page has room
    for, and up to the first line of one that none has."""
    known, stays = row_heights(sheet), set[int]()
    for block in sheet.blocks:
        rows = range(block.top + 1, block.last_row + 1)
        high = sum(known.get(row, ROW_POINTS) for row in rows)
        stays |= set(rows if high <= room else range(block.top + 1, block.first_row + 1))
    for chart in sheet.charts:
        stays |= set(_rows_of(sheet, chart)[1:])
    begins = sorted({chart.row for chart in sheet.charts} | {b.first_row for b in sheet.blocks})
    for text in sheet.texts:
        if text.style == "heading":
            after = next((row for row in begins if row > text.row), text.row)
            near = after if after - text.row <= NEAR else text.row + 1
            stays |= set(range(text.row + 1, near + 1))
    return stays


def _beginning(sheet: Sheet, first: int, end: int) -> int:
    """The end of what stays together of a section: its heading and the first rows of what it is
    of, a table or a text."""
    tables = [block.first_row for block in sheet.blocks if first <= block.top < end]
    return min(end, min(tables, default=first) + 2)


def organisation_line(row: int, column: int = 0) -> FormulaCell:
    """The organisation's name at the top of a sheet; blank while the name is blank."""
    shown = If(equals(ORGANISATION, Txt("")), Txt(""), ORGANISATION)
    return FormulaCell(row, column, shown, "organisation")


def date_request(row: int, key: str) -> FormulaCell:
    """Asks for the reference date while there is none (scoring, §2)."""
    ask = If(equals(REFERENCE_DATE, 0), Msg(key), Txt(""))
    return FormulaCell(row, 0, ask, "check_line")


_ATTENTION = ("evidence", "reason", "na_not_allowed", "not_on_list", "revised")


def sign_mark(table: str) -> Highlight:
    """Signs that ask for something stand out; the word is there first."""
    asks = Either(tuple(equals(Here("sign"), Msg(f"choice.sign.{name}")) for name in _ATTENTION))
    return Highlight(table, "sign", "when", "mark_attention", test=asks)


def in_use(table: str, first: str, last: str) -> Highlight:
    """A line is drawn below those rows of a list in which something stands.

    Args:
        table: its cells have styles that begin with `LISTED`, without a line.
        first: column in which something stands where a row is in use.
        last: column up to which the line is drawn.
    """
    test = Compare("<>", Here(first), Txt(""))
    return Highlight(table, first, "when", "mark_listed", until=last, test=test)


def extended(table: Table, *columns: TableColumn) -> Table:
    """The table with more columns, for texts and links that no score needs."""
    return Table(table.key, table.rows, (*table.columns, *columns))


def given(key: str, values: Sequence[str]) -> Given:
    """A column of texts."""
    return Given(key, tuple(values))


@dataclass
class Draft:
    """A sheet in the making: texts and blocks from top to bottom with a running row."""

    text: Messages
    widths: tuple[float, ...]
    row: int = 0
    texts: list[TextCell] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def line(self, text: str, style: str, height: float | None = None, column: int = 0) -> None:
        """A line of text that may run over the cells to its right.

        Args:
            text: the words.
            style: key of the style.
            height: of its row in points; None leaves the row as it is.
            column: 0-based, where it begins.
        """
        self.texts.append(TextCell(self.row, column, text, style, 1, height))
        self.row += 1

    def paragraph(
        self, text: str, style: str = "paragraph", span: int = 3, size: float = 10.5
    ) -> None:
        """A wrapped text over several columns, as high as it needs.

        Args:
            text: the words.
            style: key of the style.
            span: how many columns, from the first one.
            size: of the letters in points, that of the style: the height is computed with it.
        """
        width = sum(self.widths[:span])
        height = height_of([(text, width, size)])
        self.texts.append(TextCell(self.row, 0, text, style, span, height))
        self.row += 1

    def space(self, rows: int = 1) -> None:
        """Blank rows."""
        self.row += rows

    def block(
        self,
        table: Table,
        visible: Sequence[Field],
        hidden_from: int,
        *,
        object_name: str = "",
        wrapped: Sequence[tuple[str, float]] = (),
        height: float = 0,
    ) -> Block:
        """Place a table: visible fields from the first column, the rest from ``hidden_from``.

        Args:
            table: every column of it that is not among ``visible`` is placed, hidden.
            visible: fields from the left, in order.
            hidden_from: first sheet column of the hidden fields.
            object_name: makes it a table object of that name.
            wrapped: ``(column key, font size)`` of text columns that decide row heights.
            height: least height of every row in points, for texts that formulas show.
        """
        shown = {f.key for f in visible}
        rest = [
            Field(c.key, f"{c.key}_", "key", arrow=False)
            for c in table.columns
            if c.key not in shown
        ]
        columns = [*range(len(visible)), *range(hidden_from, hidden_from + len(rest))]
        fitted = _heights(table, visible, self.widths, dict(wrapped))
        heights = tuple(max(height, h) for h in fitted)
        header = [(f.header, self.widths[i], 10.5) for i, f in enumerate(visible)]
        placed = Block(
            table,
            (*visible, *rest),
            tuple(columns),
            self.row,
            object_name,
            heights,
            height_of(header),
        )
        self.blocks.append(placed)
        self.row = placed.last_row + 1
        return placed

    def holds(self, table: str) -> bool:
        """Whether a table was placed."""
        return any(block.table.key == table for block in self.blocks)

    def hidden_columns(self, hidden_from: int) -> frozenset[int]:
        """Every column from ``hidden_from`` that a block uses."""
        used = {c for block in self.blocks for c in block.columns}
        return frozenset(c for c in used if c >= hidden_from)


def _heights(
    table: Table, visible: Sequence[Field], widths: Sequence[float], sizes: dict[str, float]
) -> tuple[float, ...]:
    cells: list[list[tuple[str, float, float]]] = [[] for _ in table.rows]
    for position, placed in enumerate(visible):
        column = table.column(placed.key)
        if placed.key in sizes and isinstance(column, Given):
            for index, value in enumerate(column.values):
                cells[index].append((str(value), widths[position], sizes[placed.key]))
    return tuple(height_of(row, 18) for row in cells)


def form_table(key: str, rows: Sequence[str], text: Messages) -> Table:
    """A form: label, typed value and an explanation per row.

    Args:
        key: of the table; its words stand in the catalogues under ``form.<key>``.
        rows: keys of the rows, in order.
        text: catalogue lookup in the language of the workbook.
    """
    return Table(
        key,
        tuple(rows),
        (
            given("id", rows),
            given("label", [text(f"form.{key}.{row}.label") for row in rows]),
            Input("value"),
            given("help", [text(f"form.{key}.{row}.help") for row in rows]),
        ),
    )
