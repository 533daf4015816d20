"""How wide the columns of a table are on paper: as asked for, but no word of a header is broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hkz_xlsx.render.document import GridColumn
from hkz_xlsx.render.row_heights import UNITS, word_width

PAPER_MM: Mapping[bool, float] = MappingProxyType({False: 174.0, True: 261.0})
"""Width of a text on A4, upright or (True) on its side."""

_UNKNOWN = 0.7
"""Width of a letter that is not in the font, of its size."""


def least_width(column: GridColumn, size: float) -> float:
    """Width in points of the longest word of a header."""
    words = column.header.split(" ")
    wide = (word_width(word, True) for word in words)
    found = (
        _UNKNOWN * len(word) if width is None else width / UNITS
        for word, width in zip(words, wide, strict=True)
    )
    return size * max(found)


def column_widths(
    columns: Sequence[GridColumn], room: float, size: float, beside: float
) -> list[float]:
    """Widths in points, together as wide as the page.

    Args:
        columns: of a table; their ``width`` says how they share the room.
        room: width of the table in points.
        size: of the letters of the headers in points; they are bold.
        beside: what a cell keeps free left and right, together, in points.

    Returns:
        what every column asks for, as far as words of headers leave that. Where those take more
        than there is, they share it, and are broken.
    """
    least = [least_width(column, size) + beside for column in columns]
    if sum(least) >= room:
        return [room * one / sum(least) for one in least]
    held: set[int] = set()
    while True:
        free = room - sum(least[i] for i in held)
        total = sum(c.width for i, c in enumerate(columns) if i not in held)
        found = [least[i] if i in held else free * c.width / total for i, c in enumerate(columns)]
        short = {i for i, width in enumerate(found) if width < least[i] - 1e-9}
        if not short:
            return found
        held |= short
