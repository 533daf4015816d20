"""How high the rows of a table are on paper, known before they are set.

The typesetter sets every cell of a row twice when it has to find the height of the row itself,
which is a fifth of the time of a whole report. Widths of letters come from the font's own table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

from hkz_xlsx.render.together import TIE

CAP_HEIGHTS = (1314 / 2048, 1328 / 2048)
"""From the line that letters stand on to the top of a capital, in Carlito and in its bold."""
LEADING, INSET = 0.48, 3.0
"""Between two lines, of the size of the letters; and around a cell, in points."""
UNITS = 2048
"""Of the font, in the size of the letters."""
_SPARE = 0.02
_TALLEST = 150.0
"""A row that is higher may be divided over two pages: its height is left open."""

Widths = dict[str, int]


@cache
def _widths() -> tuple[Widths, Widths]:
    """Of regular and bold letters, from the table made by ``docs/fonts.py``."""
    regular: Widths = {}
    bold: Widths = {}
    folder = resources.files("hkz_xlsx") / "render" / "fonts"
    for line in (folder / "widths.txt").read_text("ascii").splitlines():
        points, thin, thick = line.split()
        first, _, last = points.partition("-")
        for point in range(int(first, 16), int(last or first, 16) + 1):
            regular[chr(point)], bold[chr(point)] = int(thin), int(thick)
    for letters in (regular, bold):
        letters[TIE] = letters[" "]
    return regular, bold


@lru_cache(maxsize=20_000)
def word_width(word: str, thick: bool) -> int | None:
    """Of a word in units of the font; none where a letter is not in it."""
    found = _widths()[thick]
    try:
        return sum([found[char] for char in word])
    except KeyError:
        return None


def lines(text: str, room: float, *, bold: bool = False) -> int | None:
    """Lines that a text takes; maybe one more where it can be broken at other signs than blanks.

    Args:
        text: of the cell.
        room: width of the column inside, as a multiple of the size of the letters.
        bold: as the first column is.

    Returns:
        nothing where it cannot be known: letters of another font, a word wider than the column.
    """
    most, blank = room * UNITS, _widths()[bold][" "]
    count = 0
    for part in text.split("\n"):
        count, used = count + 1, -blank
        for word in part.split(" "):
            width = word_width(word, bold)
            if width is None or width > most:
                return None
            used += blank + width
            if used > most:
                count, used = count + 1, width
    return count


def row_height(texts: Sequence[str], rooms: Sequence[float], size: float) -> float | None:
    """Height of a row in points.

    Args:
        texts: of its cells; the first is bold.
        rooms: width of every column in points, insets included.
        size: of the letters in points.

    Returns:
        nothing where the typesetter must find it: see `lines`; and for a very high row.
    """
    high = 0.0
    for number, (text, room) in enumerate(zip(texts, rooms, strict=True)):
        inside = (room - 2 * INSET - _SPARE) / size
        bold = number == 0
        count = lines(text, inside, bold=bold)
        if count is None:
            return None
        high = max(high, count * CAP_HEIGHTS[bold] + (count - 1) * LEADING)
    height = size * high + 2 * INSET
    return None if height > _TALLEST else height


_LETTER = 0.5
"""Width of a letter, of its size: most texts are narrower."""


def _about(texts: Sequence[str], rooms: Sequence[float], size: float) -> float:
    """Lines of a row by the number of letters; more than there are, in nearly all."""
    return max(
        text.count("\n") + 1 + len(text) / max(1.0, (room - 2 * INSET) / (size * _LETTER))
        for text, room in zip(texts, rooms, strict=True)
    )


def stays_whole(texts: Sequence[str], rooms: Sequence[float], size: float) -> bool:
    """Whether a row is never divided over two pages: it is not very high, by the number of letters.

    It is for rows of which the height is found by the program that sets them.

    Args:
        texts: of its cells.
        rooms: width of every column in points, insets included.
        size: of the letters in points.
    """
    line = size * (CAP_HEIGHTS[0] + LEADING)
    return _about(texts, rooms, size) * line + 2 * INSET <= _TALLEST


_FEW = 12
"""Rows of a table that is looked at as one."""
_HALF_A_PAGE: Mapping[bool, float] = MappingProxyType({False: 370.0, True: 250.0})
"""Of A4, upright or (True) on its side, in points; a higher table would leave much of a page
empty where it is moved as a whole."""


def stays_together(
    rows: Sequence[Sequence[str]], rooms: Sequence[float], size: float, *, wide: bool
) -> bool:
    """Whether a table is never divided over two pages: it has few rows and is not high.

    Args:
        rows: texts of its cells.
        rooms: width of every column in points, insets included.
        size: of the letters in points.
        wide: paper lies on its side.
    """
    if len(rows) > _FEW:
        return False
    line = size * (CAP_HEIGHTS[0] + LEADING)
    high = sum(_about(texts, rooms, size) * line + 2 * INSET for texts in rows)
    return high <= _HALF_A_PAGE[wide]
