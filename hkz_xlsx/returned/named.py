"""Which row of a table a row of a file is: by its id, however typed, else by its fixed text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hkz_xlsx.layout.codecs import edits, folded
from hkz_xlsx.layout.plan import Block
from hkz_xlsx.scoring.cell_values import shown
from hkz_xlsx.scoring.tables import Given
from hkz_xlsx.spreadsheet.grid import SheetGrid

_ALIKE = str.maketrans({"o": "0", "l": "1", "i": "1"})


def text_at(grid: SheetGrid, row: int, column: int | None) -> str:
    """What stands in a cell, as text without blanks around it.

    Args:
        grid: its sheet.
        row: 0-based.
        column: 0-based; None where a list has no such column.

    Returns:
        empty for a blank cell and without a column.
    """
    return "" if column is None else shown(grid.cells.get((row, column))).strip()


def named_rows(
    block: Block, grid: SheetGrid, columns: Mapping[str, int], rows: Iterable[int]
) -> dict[int, str]:
    """The key of every row; what stands where the id belongs when it is none of the table.

    Args:
        block: the table.
        grid: the sheet it stands on.
        columns: where its columns stand, by key.
        rows: rows of the sheet.
    """
    known = set(block.table.rows)
    named = {row: text_at(grid, row, columns.get("id")) for row in rows}
    odd = {row: key for row, key in named.items() if key not in known}
    if not odd:
        return named
    ids = _spellings(known, folded)
    named |= {row: ids[folded(key)] for row, key in odd.items() if folded(key) in ids}
    odd = {row: key for row, key in odd.items() if named[row] not in known}
    there = set(named.values())
    texts, alike = fixed_texts(block), _spellings(known, _look)
    for row, key in odd.items():
        text = _by_text(grid, row, columns, texts)
        guess = alike.get(_look(key), "") if key else ""
        # A number of one's own is not corrected, whatever question stands beside it.
        slip = text not in there and edits(_look(key), _look(text)) <= 1
        if text and (not key or text == guess or slip):
            named[row] = text
        elif guess and not text and guess not in there:
            named[row] = guess
    return named


def _look(key: str) -> str:
    """How an id looks: O as 0, l and I as 1."""
    return folded(key).translate(_ALIKE)


def _spellings(known: Iterable[str], plain: Callable[[str], str]) -> dict[str, str]:
    """Ids by a plain form of theirs; only those that stay different."""
    found: dict[str, str] = {}
    for key in known:
        form = plain(key)
        found[form] = "" if form in found else key
    return {form: key for form, key in found.items() if key}


def fixed_texts(block: Block) -> dict[str, dict[str, str]]:
    """Columns of which every row has a text of its own: column → text → row.

    Only of tables that people type in: elsewhere nothing can be lost.
    """
    found: dict[str, dict[str, str]] = {}
    if not block.table.inputs():
        return found
    for column in block.table.columns:
        if isinstance(column, Given) and column.key != "id":
            texts = {
                folded(v): row
                for v, row in zip(column.values, block.table.rows, strict=True)
                if isinstance(v, str) and len(folded(v)) > 2  # noqa: PLR2004 - no numbers
            }
            if len(texts) == len(block.table.rows):
                found[column.key] = texts
    return found


def _by_text(
    grid: SheetGrid,
    row: int,
    columns: Mapping[str, int],
    texts: Mapping[str, Mapping[str, str]],
) -> str:
    for key, rows in texts.items():
        found = rows.get(folded(text_at(grid, row, columns.get(key))))
        if found:
            return found
    return ""
