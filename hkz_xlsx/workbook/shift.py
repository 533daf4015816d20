"""A shared formula as it reads in another cell: relative references move along."""

from __future__ import annotations

import re

from hkz_xlsx.layout.a1 import column_letters
from hkz_xlsx.workbook.cells import MAX_COLUMN, MAX_ROW, column_number

_PIECES = re.compile(
    r""""(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\]]*\]"""
    r"""|(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(!\[])"""
)


def shifted(formula: str, rows: int, columns: int) -> str:
    """``formula`` moved down and to the right; texts and sheet names in it stay as they are.

    Whole rows and columns such as ``A:A`` are left as they are.
    """

    def move(match: re.Match[str]) -> str:
        if not match[2]:
            return match[0]
        column = column_number(match[2]) + (0 if match[1] else columns)
        row = int(match[4]) - 1 + (0 if match[3] else rows)
        if not (0 <= row < MAX_ROW and 0 <= column < MAX_COLUMN):
            return "#REF!"
        letters = column_letters(column)
        return f"{match[1]}{letters}{match[3]}{row + 1}"

    return _PIECES.sub(move, formula)
