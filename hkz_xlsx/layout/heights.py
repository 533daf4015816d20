"""Row heights that show all text: spreadsheet programs do not grow rows on opening."""

from __future__ import annotations

from functools import lru_cache
from textwrap import wrap

LINE_POINTS_PER_SIZE = 1.28
"""Height of a line of text in points, per point of font size (Calibri and its metric twins)."""

MAX_POINTS = 400.0
"""Excel shows no row higher than 409 points."""

AIR_POINTS = 8.0
"""Above and below the text of a row together: text never touches a line."""

_PIXELS_A_CHARACTER, _CELL_PADDING, _INDENT = 7, 5, 9
"""How programs turn a column width into pixels, and what of those the text does not get."""

_PIXELS_A_POINT = 96 / 72

SAFE = 1.07
"""Bold letters and letters on whole pixels are a little wider than those of the table."""

# Widths in thousandths of the font size, from space to tilde, of Carlito and so of Calibri.
_ASCII = (
    226, 326, 401, 498, 507, 715, 682, 221, 303, 303, 498, 498, 250, 306, 252, 386, 507, 507, 507,
    507, 507, 507, 507, 507, 507, 507, 268, 268, 498, 498, 498, 463, 894, 579, 544, 533, 615, 488,
    459, 631, 623, 252, 319, 520, 420, 855, 646, 662, 517, 673, 543, 459, 487, 642, 567, 890, 519,
    487, 468, 307, 386, 307, 498, 498, 291, 479, 525, 423, 525, 498, 305, 471, 525, 229, 239, 455,
    229, 799, 525, 527, 525, 525, 349, 391, 335, 525, 452, 715, 433, 453, 395, 314, 460, 314, 498,
)  # fmt: skip
_WIDTHS = {chr(32 + index): width for index, width in enumerate(_ASCII)}
_OTHER = 560
"""Of any other letter: that of the wider ones with an accent."""


@lru_cache(maxsize=8192)
def _width(word: str) -> int:
    return sum(_WIDTHS.get(letter, _OTHER) for letter in word)


_TEXTS = 16_384
"""Texts whose lines are kept: the same questions stand in workbook after workbook."""


def pixels(width: float) -> int:
    """Pixels of a column of ``width`` characters at 100 %, as Excel shows it."""
    return int(width * _PIXELS_A_CHARACTER + _CELL_PADDING)


@lru_cache(maxsize=_TEXTS)
def lines_needed(text: str, width: float, size: float = 10) -> int:
    """Lines a wrapped text takes in a column of ``width`` characters, on the safe side.

    Args:
        text: with its own line breaks.
        width: of the column, in characters as a spreadsheet counts them.
        size: of the font, in points.
    """
    least = 4 * _PIXELS_A_CHARACTER
    free = max(least, pixels(width) - _CELL_PADDING - _INDENT)
    # The room in thousandths of the font size, so that each word is measured once.
    room = free * 1000 / (size * _PIXELS_A_POINT * SAFE)
    total = 0
    for paragraph in text.split("\n"):
        used, lines = 0.0, 1
        for word in paragraph.split(" "):
            needed = _width(word)
            if used and used + _ASCII[0] + needed <= room:
                used += _ASCII[0] + needed
                continue
            if used:
                lines += 1
            # A word that is longer than a line is broken.
            lines += int(needed // room) if needed > room else 0
            used = needed % room if needed > room else needed
        total += lines
    return total


@lru_cache(maxsize=1024)
def broken(text: str, most: int) -> str:
    """A text with line breaks instead of blanks, so that lines have at most so many characters
    and are about as long as each other."""
    count = -(-len(text) // most)
    lines = wrap(text, most, break_long_words=False, break_on_hyphens=False)
    for width in range(max(20, len(text) // count), most):
        even = wrap(text, width, break_long_words=False, break_on_hyphens=False)
        if len(even) == len(lines):
            return "\n".join(even)
    return "\n".join(lines)


def height_of(cells: list[tuple[str, float, float]], least: float = 16) -> float:
    """Height in points of a row of ``(text, width, font size)`` cells."""
    return _height_of(tuple(cells), least)


@lru_cache(maxsize=_TEXTS)
def _height_of(cells: tuple[tuple[str, float, float], ...], least: float) -> float:
    heights = [lines_needed(t, w, s) * s * LINE_POINTS_PER_SIZE + AIR_POINTS for t, w, s in cells]
    return round(min(MAX_POINTS, max([least, *heights])), 1)
