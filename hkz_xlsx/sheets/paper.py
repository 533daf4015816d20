"""Where the pages of a printed sheet begin, and how large its letters are on them.

A workbook says both itself. LibreOffice counts other pages than it prints where its own end of a
page comes just beside one of ours, and a wholly blank page follows the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from hkz_xlsx.layout.plan import Block, Chart, Sheet
from hkz_xlsx.layout.styles import LISTED

ROW_POINTS, PAGE_POINTS, POINTS_A_PIXEL = 15.0, 502.0, 0.75
"""Height of a row without one of its own, and of what a landscape A4 page has room for."""

NEAR = 8
"""Rows at most between a heading and what it is of."""

SMALLEST, SMALLER = 70, 6
"""Percent below which letters of 10 points are hard to read, and how many percent smaller a sheet
may become where that saves a page."""

_LITTLE = 0.2
"""Of a page: what stands above a table and is not worth a page of its own."""

_CUT = 0.02
"""What it costs to begin a page inside a table or a text, in pages that are empty."""


def row_heights(sheet: Sheet) -> dict[int, float]:
    """Heights in points of the rows of a sheet that have one; hidden rows have 0."""
    found = {text.row: text.height for text in sheet.texts if text.height is not None}
    found |= dict(sheet.heights)
    for block in sheet.blocks:
        found[block.top] = 0.0
        if block.header_height is not None:
            found[block.header_row] = block.header_height
        found |= {block.first_row + i: height for i, height in enumerate(block.heights)}
    return found


def on_paper(
    sheet: Sheet,
    sections: Sequence[int],
    scale: int,
    *,
    apart: bool = False,
    repeated: tuple[int, int] = (0, 1),
    continued: bool = False,
) -> Sheet:
    """The sheet with its pages: as few as there can be, then with the largest letters, then as
    evenly filled as there can be. A section that a page has room for is not cut.

    Args:
        sheet: with all of its page but for scale, breaks and repeated rows.
        sections: first rows, in order; what stands before the first is on the first page.
        scale: of printing in percent, as large as the width of a page allows.
        apart: every section begins a page.
        repeated: first and last row of those that stand on every page.
        continued: no page begins with a heading: what is repeated is the header of a table, and
            the page goes on with that.
    """
    rows = _Rows.of(sheet, sections, repeated, apart=apart, continued=continued)
    least = min(scale, max(SMALLEST, scale - SMALLER))
    # Smaller letters never need more pages: the largest scale with as few as the smallest has.
    found = {least: rows.breaks(least)}
    best, low, high = least, least + 1, scale
    while low <= high:
        one = high if len(found) == 1 else (low + high) // 2  # most sheets lose nothing by it
        found[one] = rows.breaks(one)
        if len(found[one]) == len(found[least]):
            best, low = one, one + 1
        else:
            high = one - 1
    page = replace(sheet.page, repeat_rows=repeated, scale=best, breaks=found[best])
    return replace(sheet, page=page)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a sheet as far as printing asks, counted once for every scale.

    ``below`` and ``shown`` are points down to each row: of all rows, and of those in which
    something always stands. ``last`` is the row behind the last.
    """

    sheet: Sheet
    sections: tuple[int, ...]
    repeated: tuple[int, int]
    apart: bool
    continued: bool
    last: int
    below: tuple[float, ...]
    shown: tuple[float, ...]
    filled: frozenset[int]

    @classmethod
    def of(
        cls,
        sheet: Sheet,
        sections: Sequence[int],
        repeated: tuple[int, int],
        *,
        apart: bool,
        continued: bool,
    ) -> _Rows:
        """Counted; see `on_paper`."""
        known, last = row_heights(sheet), max(b.last_row for b in sheet.blocks) + 1
        filled, listed = _filled(sheet, known)
        high = [known.get(row, ROW_POINTS) for row in range(last)]
        told = [h if r in filled and r not in listed else 0.0 for r, h in enumerate(high)]
        below, shown = (0.0, *accumulate(high)), (0.0, *accumulate(told))
        rows = tuple(sections)
        return cls(sheet, rows, repeated, apart, continued, last, below, shown, frozenset(filled))

    def _points(self, first: int, end: int) -> float:
        return self.below[end] - self.below[first]

    def breaks(self, scale: int) -> tuple[int, ...]:
        """The rows that begin a page at a scale."""
        whole = PAGE_POINTS * 100 / scale
        room = whole - self._points(self.repeated[0], self.repeated[1] + 1)
        between = self._between()
        free = between | self._inside(whole, room)
        # How many pages and how uneven up to a row, and minus the row that began the page before:
        # of what is as good the fullest page comes first, as lines of a list are used in order.
        best: dict[int, tuple[int, float, int]] = {0: (0, 0.0, 0)}
        for first in range(self.last):
            if first not in best:
                continue
            (pages, cost, _), size = best[first], room if first else whole
            for end in self._ends(first, size, free):
                left = 1 - (self.shown[end] - self.shown[first]) / size
                cut = 0.0 if end in between or end == self.last else _CUT
                reached = (pages + 1, cost + left * left + cut, -first)
                best[end] = min(best.get(end, reached), reached)
        found, row = list[int](), -best[self.last][2]
        while row:
            found.append(row)
            row = -best[row][2]
        return tuple(reversed(found))

    def _ends(self, first: int, room: float, free: set[int]) -> list[int]:
        """The rows that may begin the page after one that a row begins; where none may, the last
        that it has room for."""
        found, row = list[int](), first + 1
        while row <= self.last and self._points(first, row) <= room:
            if row == self.last or row in free:
                found.append(row)
            if self.apart and row in self.sections and self.filled & set(range(first, row)):
                return [row]
            row += 1
        return found or [max(first + 1, row - 1)]

    def _between(self) -> set[int]:
        """The first row of every section, and blank rows before it: those that the page before has
        no room for come along."""
        found = set[int]()
        for first in () if self.continued else self.sections:
            row = first
            while row and (row == first or row not in self.filled):
                found.add(row)
                row -= 1
        return found

    def _inside(self, whole: float, room: float) -> set[int]:
        """Rows that begin a page inside a section that no page has room for."""
        stays, found = self._stays(whole, room), set[int]()
        for first, end in zip(self.sections, (*self.sections[1:], self.last), strict=True):
            last = max(row for row in range(first, end) if row in self.filled) + 1
            # The first one begins below the title, which would be a page of its own.
            fits = self._points(0, last) <= whole if first == self.sections[0] else (
                self._points(first, last) <= room
            )  # fmt: skip
            if self.continued or not fits:
                found |= {row for row in range(first + 1, last) if row in self.filled} - stays
        return found

    def _stays(self, whole: float, room: float) -> set[int]:
        """Rows that no page begins with: below a heading, in a chart, in a table that a page has
        room for, and up to the second line of one that none has."""
        sheet, stays = self.sheet, self._tables(whole, room)
        for chart in sheet.charts:
            stays |= set(_rows_of(row_heights(sheet), chart)[1:])
        begins = sorted({chart.row for chart in sheet.charts} | {b.first_row for b in sheet.blocks})
        for text in sheet.texts:
            if text.style == "heading":
                after = next((row for row in begins if row > text.row), text.row)
                near = after if after - text.row <= NEAR else text.row + 1
                stays |= set(range(text.row + 1, near + 1))
        return stays

    def _tables(self, whole: float, room: float) -> set[int]:
        """Rows of tables that no page begins with. A table without a heading belongs to what stands
        above it. One of which the first page has no room for is cut where else that page would
        be one of little more than a title."""
        texts = {text.row for text in self.sheet.texts}
        groups, stays = list[list[Block]](), set[int]()
        for block in sorted(self.sheet.blocks, key=lambda one: one.top):
            above = groups[-1][-1].last_row + 1 if groups else 0
            if groups and texts.isdisjoint(range(above, block.top)):
                groups[-1].append(block)
                stays |= set(range(above, block.top + 1))
            else:
                groups.append([block])
        for block, last in ((one, each[-1].last_row + 1) for each in groups for one in each):
            little = self.shown[block.top] < _LITTLE * whole and self.below[last] > whole
            fits = self._points(block.top + 1, block.last_row + 1) <= room and not little
            lines = 1 if self.continued else 2
            end = block.last_row + 1 if fits else block.first_row + lines
            stays |= set(range(block.top + 1, end))
        return stays


def _filled(sheet: Sheet, known: dict[int, float]) -> tuple[set[int], set[int]]:
    """The rows in which something stands, and those of them that are blank until a list is in
    use."""
    filled, listed = {text.row for text in sheet.texts}, set[int]()
    filled |= {cell.row for cell in sheet.formulas}
    for block in sheet.blocks:
        filled |= set(range(block.top, block.last_row + 1))
        if block.fields[0].style.startswith(LISTED):
            listed |= set(range(block.first_row, block.last_row + 1))
    for chart in sheet.charts:
        filled |= set(_rows_of(known, chart))
    return filled, listed


def _rows_of(known: dict[int, float], chart: Chart) -> range:
    """The rows that a chart covers."""
    row, left = chart.row, chart.height * POINTS_A_PIXEL
    while (left := left - known.get(row, ROW_POINTS)) > 0:
        row += 1
    return range(chart.row, row + 1)
