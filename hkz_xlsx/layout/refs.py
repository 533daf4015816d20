"""From meaning to place: cell references for formulas and charts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from hkz_xlsx.layout.plan import Block, Sheet
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.cell_values import column_letters
from hkz_xlsx.text import Messages


@cache
def sheet_prefix(title: str) -> str:
    """``Beoordeling!``, with quotes where a title needs them."""
    if re.fullmatch(r"[^\W\d]\w*", title, re.ASCII):
        return f"{title}!"
    return "'" + title.replace("'", "''") + "'!"


@dataclass(frozen=True, slots=True)
class Places:
    """Where every table stands."""

    at: dict[str, tuple[Sheet, Block]]
    _columns: dict[tuple[str, str, str | None], str] = field(
        default_factory=dict, compare=False, repr=False
    )
    _letters: dict[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, sheets: Iterable[Sheet]) -> Places:
        """All blocks of all sheets by table key.

        Raises:
            ValueError: a table is placed twice; our mistake.
        """
        found: dict[str, tuple[Sheet, Block]] = {}
        for sheet in sheets:
            for block in sheet.blocks:
                if block.table.key in found:
                    raise ValueError(f"table placed twice: {block.table.key}")
                found[block.table.key] = (sheet, block)
        return cls(found)

    def letters(self, block: Block, column: str) -> str:
        """Letters of the sheet column of a field of a block that stands here."""
        key = (block.table.key, column)
        known = self._letters.get(key)
        if known is None:
            known = self._letters[key] = column_letters(block.column_of(column))
        return known

    def cell(self, cell: x.Cell, seen_from: Sheet) -> str:
        """Absolute reference to one cell."""
        sheet, block = self.at[cell.table]
        row = block.first_row + block.table.rows.index(cell.row)
        column = self.letters(block, cell.column)
        return f"{self._prefix(sheet, seen_from)}${column}${row + 1}"

    def column(self, column: x.Column, seen_from: Sheet | None) -> str:
        """Absolute range over every row of a table."""
        key = (column.table, column.column, seen_from.key if seen_from else None)
        known = self._columns.get(key)
        if known is None:
            sheet, block = self.at[column.table]
            letters = self.letters(block, column.column)
            first, last = block.first_row + 1, block.last_row + 1
            known = f"{self._prefix(sheet, seen_from)}${letters}${first}:${letters}${last}"
            self._columns[key] = known
        return known

    def link_target(self, column: x.Column) -> tuple[str, int]:
        """Link text up to the row number, and the number of rows above the first."""
        sheet, block = self.at[column.table]
        letters = self.letters(block, column.column)
        return f"#{sheet_prefix(sheet.title)}{letters}", block.first_row

    @staticmethod
    def _prefix(sheet: Sheet, seen_from: Sheet | None) -> str:
        same = seen_from is not None and sheet.key == seen_from.key
        return "" if same else sheet_prefix(sheet.title)


@dataclass(frozen=True, slots=True)
class RowRefs:
    """References as seen from one row of one block; satisfies `hkz_xlsx.scoring.formula.Refs`."""

    places: Places
    messages: Messages
    sheet: Sheet
    block: Block | None
    row: int

    def here(self, column: str) -> str:
        """Own row, fixed column, so that a sorted row keeps its formula right.

        Raises:
            ValueError: the cell stands in no table; our mistake.
        """
        if self.block is None:
            raise ValueError("a cell outside a table has no row of its own")
        return f"${self.places.letters(self.block, column)}{self.row + 1}"

    def cell(self, cell: x.Cell) -> str:
        """Absolute reference to one cell."""
        return self.places.cell(cell, self.sheet)

    def column(self, column: x.Column) -> str:
        """Absolute range of a whole column."""
        return self.places.column(column, self.sheet)

    def link_target(self, column: x.Column) -> tuple[str, int]:
        """Target of a link."""
        return self.places.link_target(column)

    def text(self, key: str) -> str:
        """Catalogue text."""
        return self.messages(key)
