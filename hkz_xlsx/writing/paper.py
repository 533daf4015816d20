"""Where a table of a sheet stands on paper: its scale, and which columns begin a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INCH = 96
"""Pixels of an inch."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A4 on its side, at the scale at which the table is as wide as the page; sizes in pixels of
    the sheet. Excel takes no page breaks of ours when it is told to fit a page itself."""

    percent: int
    width: int
    height: int
    table: int
    """Width of the table, where it stands on the page as a whole; else nothing."""

    @classmethod
    def of(cls, widths: Sequence[int]) -> Paper:
        """The scale for columns of these widths in pixels."""
        wide, high = (INCH * (side - margin) for side, margin in ((11.69, 1.4), (8.27, 1.5)))
        table = sum(widths)
        percent = max(LEAST_SCALE, min(100, int(100 * SAFE * wide / table)))
        width, height = (int(100 * side / percent) for side in (wide, high))
        return cls(percent, width, height, table if table <= SAFE * width else 0)


def pixels(width: float) -> int:
    """Of a column so many characters wide."""
    return int(width * 7 + 5)


SAFE = 0.94
"""Programs draw columns, and what is tied to them, up to 6 % wider than Excel does."""


def page_breaks(widths: Sequence[int], room: float) -> list[int]:
    """Columns that begin a page, where a table is wider than one; pages are about equally full.

    Args:
        widths: of the columns; the first one stands on every page.
        room: width of a page.
    """
    free, total = room - widths[0], sum(widths[1:])
    filled = _filled(widths, free)
    share, at, pages = total / (len(filled) + 1), 0.0, []
    for width in widths[1:]:
        pages.append(int((at + width / 2) / share))
        at += width
    even = [n for n in range(2, len(widths)) if pages[n - 1] != pages[n - 2]]
    parts = zip([1, *even], [*even, len(widths)], strict=True)
    return even if all(sum(widths[a:b]) <= free for a, b in parts) else filled


def _filled(widths: Sequence[int], free: float) -> list[int]:
    """Columns that begin a page when every page is filled."""
    found, used = [], 0.0
    for column, width in enumerate(widths[1:], 1):
        if used and used + width > free:
            found.append(column)
            used = 0.0
        used += width
    return found


LEAST_SCALE = 70
"""Percent: letters of 10 points are 7 on paper."""
