"""Names of cells. A module of its own, so that a reading worker starts without the plan."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1024)
def column_letters(index: int) -> str:
    """``0`` is A, ``26`` is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, column: int) -> str:
    """A relative reference such as ``H12`` for 0-based row and column."""
    return f"{column_letters(column)}{row + 1}"
