"""A shared formula as it reads in another cell: relative references move along."""

from __future__ import annotations

import re
from functools import lru_cache

from hkz_xlsx.scoring.cell_values import column_letters
from hkz_xlsx.spreadsheet.cells import MAX_COLUMN, MAX_ROW, column_number

_PIECES = re.compile(
    r""""(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\]]*\]"""
    r"""|(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(!\[])"""
)

_Moving = tuple[bool, int, bool, int]
"""A reference: column fixed, its number, row fixed, its number; both 0-based."""


@lru_cache(maxsize=512)
def _parsed(formula: str) -> tuple[str | _Moving, ...]:
    """Texts, and the references between them that move."""
    found: list[str | _Moving] = []
    at = 0
    for match in _PIECES.finditer(formula):
        if match[2] and not (match[1] and match[3]):
            found += [
                formula[at : match.start()],
                (bool(match[1]), column_number(match[2]), bool(match[3]), int(match[4]) - 1),
            ]
            at = match.end()
    return (*found, formula[at:])


def shifted(formula: str, rows: int, columns: int) -> str:
    """``formula`` moved; texts and sheet names in it stay as they are.

    Whole rows and columns such as ``A:A`` are left as they are.

    Args:
        formula: as it stands in the first cell of its group.
        rows: how far down; negative is up.
        columns: how far to the right; negative is to the left.

    Returns:
        the formula; a reference that leaves the sheet becomes ``#REF!``, as in Excel.
    """
    pieces = []
    for piece in _parsed(formula):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        fixed_column, column, fixed_row, row = piece
        column += 0 if fixed_column else columns
        row += 0 if fixed_row else rows
        if not (0 <= row < MAX_ROW and 0 <= column < MAX_COLUMN):
            pieces.append("#REF!")
            continue
        before, between = ("$" if fixed_column else ""), ("$" if fixed_row else "")
        pieces.append(f"{before}{column_letters(column)}{between}{row + 1}")
    return "".join(pieces)


moved = lru_cache(maxsize=1 << 15)(shifted)
"""As `shifted`, kept for the next file of the same edition."""
