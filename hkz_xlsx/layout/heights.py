"""Row heights that show all text: spreadsheet programs do not grow rows on opening."""

from __future__ import annotations

import math

LINE_POINTS_PER_SIZE = 1.28
"""Height of a line of text in points, per point of font size (Calibri and its metric twins)."""

MAX_POINTS = 400.0
"""Excel shows no row higher than 409 points."""


def lines_needed(text: str, width: float, size: float = 10) -> int:
    """Lines a wrapped text takes in a column of ``width`` characters, on the safe side."""
    room = max(4.0, width * 12.0 / size)
    total = 0
    for paragraph in text.split("\n"):
        used, lines = 0.0, 1
        for word in paragraph.split(" "):
            needed = len(word) + (1 if used else 0)
            if used + needed > room:
                lines += max(1, math.ceil(len(word) / room))
                used = len(word) % room
            else:
                used += needed
        total += lines
    return total


def height_of(cells: list[tuple[str, float, float]], least: float = 16) -> float:
    """Height in points of a row of ``(text, width, font size)`` cells."""
    heights = [lines_needed(t, w, s) * s * LINE_POINTS_PER_SIZE + 4 for t, w, s in cells]
    return round(min(MAX_POINTS, max([least, *heights])), 1)
