"""Small builders shared by the sheets: blocks, forms and text columns, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.plan import Block, Field, FormulaCell, Highlight, TextCell
from hkz_xlsx.scoring.expr import Cell, Compare, Either, Here, If, Msg, Txt, equals
from hkz_xlsx.scoring.rows import REFERENCE_DATE
from hkz_xlsx.scoring.tables import Given, Input, Table, TableColumn
from hkz_xlsx.text import Messages

FEW_ARROWS_SINCE = 2
"""The layout since which only Beoordeling bears filters: elsewhere they hide what stands there."""

ORGANISATION = Cell("organisation", "value", "name")
"""Where the organisation's name stands; other sheets show it by formula."""


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
