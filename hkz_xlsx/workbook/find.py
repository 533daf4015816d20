"""Where the tables of a plan stand in a file: by their hidden keys, else by their headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hkz_xlsx.layout.codecs import folded, shown
from hkz_xlsx.layout.plan import Block, Sheet, WorkbookPlan
from hkz_xlsx.scoring.tables import Given
from hkz_xlsx.workbook.grid import Grid, SheetGrid

_FAR = 1 << 30
_HEADER_SHARE = 0.6
"""Headers that must stand in one row to take it for the header row of a table."""

_HEADER_REACH = 4
"""Rows below the key row in which the header may have come to stand."""

Marks = Mapping[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A block found in the file: columns by key; rows by key, in file order.

    ``top`` is the key row, or the header row where there is no key row (``by_headers``).
    ``doubled`` are further columns with a key that already has one.
    """

    sheet: SheetGrid
    columns: Mapping[str, int]
    rows: tuple[tuple[int, str], ...]
    top: int
    header_row: int
    doubled: tuple[tuple[str, int], ...] = ()
    by_headers: bool = False

    def value(self, row: int, key: str) -> object:
        """What stands in a column by key, None when blank or gone."""
        return self.sheet.cells.get((row, self.columns[key])) if key in self.columns else None


def markers(sheet: SheetGrid, known: set[str]) -> dict[str, list[tuple[int, int]]]:
    """Places of every marker text on a sheet."""
    found: dict[str, list[tuple[int, int]]] = {}
    for at, value in sheet.cells.items():
        if isinstance(value, str) and value in known:
            found.setdefault(value, []).append(at)
    return found


class Finder:
    """Finds every block of a plan in a grid."""

    def __init__(self, grid: Grid, plan: WorkbookPlan) -> None:
        self._grid = grid
        known = {b.marker(f.key) for _, b in plan.blocks() for f in b.fields}
        self._at = [markers(sheet, known) for sheet in grid.sheets]

    def find(self, sheet: Sheet, block: Block) -> tuple[Found, ...]:
        """Everywhere the block stands, the one that counts first; empty when it is gone.

        A copied sheet repeats the markers; the one with the sheet's own name goes first.
        """
        mark = block.marker("id")
        found = [
            self._by_marks(block, grid, marks)
            for grid, marks in zip(self._grid.sheets, self._at, strict=True)
            if mark in marks
        ]
        if not found and any(field.codecs for field in block.fields):
            found = self._by_headers(block)
        return tuple(sorted(found, key=lambda f: f.sheet.title != sheet.title))

    def _by_marks(self, block: Block, grid: SheetGrid, marks: Marks) -> Found:
        # The key row is the one with most keys: a key can also be typed in a text.
        own = [block.marker(field.key) for field in block.fields]
        counts: dict[int, int] = {}
        for mark in own:
            for row in {r for r, _ in marks.get(mark, ())}:
                counts[row] = counts.get(row, 0) + 1
        top = max({r for r, _ in marks[block.marker("id")]}, key=lambda r: (counts.get(r, 0), -r))
        id_column = min(c for r, c in marks[block.marker("id")] if r == top)
        columns: dict[str, int] = {}
        doubled: list[tuple[str, int]] = []
        for field, mark in zip(block.fields, own, strict=True):
            here = sorted(c for r, c in marks.get(mark, ()) if r == top)
            if here:
                columns[field.key] = here[0]
                doubled += [(field.key, column) for column in here[1:]]
        header_row = _header_row(block, grid, top, columns)
        for field in block.fields:
            if field.key not in columns:
                spot = _only_header(grid, header_row, field.header, set(columns.values()))
                if spot is not None:
                    columns[field.key] = spot
        # Only a row with the id marker of some block starts another block.
        starts = {r for m, places in marks.items() if m.endswith(".id") for r, _ in places}
        rows = _rows(block, grid, columns, (id_column, header_row, _after(starts, top)))
        return Found(grid, columns, rows, top, header_row, tuple(doubled))

    def _by_headers(self, block: Block) -> list[Found]:
        wanted: dict[str, list[str]] = {}
        for field in block.fields:
            wanted.setdefault(folded(field.header), []).append(field.key)
        visible = {folded(f.header) for f in block.fields if not f.header.endswith("_")}
        found = []
        for grid in self._grid.sheets:
            heads = list(_header_rows(grid, wanted, visible))
            starts = {row for row, _ in heads}
            best: Found | None = None
            for row, columns in heads:
                candidate = _headed(block, grid, (row, columns), _after(starts, row))
                known = _known(block, candidate)
                if known and (best is None or known > _known(block, best)):
                    best = candidate
            if best is not None:
                found.append(best)
        return found


def _known(block: Block, found: Found) -> int:
    return len({key for _, key in found.rows} & set(block.table.rows))


def _after(starts: set[int], row: int) -> int:
    return min((r for r in starts if r > row), default=_FAR)


def _header_row(block: Block, grid: SheetGrid, top: int, columns: Mapping[str, int]) -> int:
    """The row under the key row with most headers; rows may have been put in between."""

    def count(row: int) -> int:
        return sum(
            shown(grid.cells.get((row, columns[f.key]))).strip() == f.header
            for f in block.fields
            if f.key in columns
        )

    return max(range(top + 1, top + 1 + _HEADER_REACH), key=lambda r: (count(r), -r))


def _only_header(grid: SheetGrid, row: int, header: str, taken: set[int]) -> int | None:
    """The column with a header, when its key is gone and the header stands there once."""
    here = [
        c
        for (r, c), value in grid.cells.items()
        if r == row and c not in taken and shown(value).strip() == header
    ]
    return here[0] if len(here) == 1 else None


def _rows(
    block: Block, grid: SheetGrid, columns: Mapping[str, int], at: tuple[int, int, int]
) -> tuple[tuple[int, str], ...]:
    id_column, header_row, end = at
    used = set(columns.values())
    filled = {r for (r, c) in grid.cells if header_row < r < end and c in used}
    named = {r: shown(grid.cells.get((r, id_column))).strip() for r in filled}
    # Below the last row of the table other texts may stand: not every filled row is ours.
    known = set(block.table.rows)
    last = max((r for r, key in named.items() if key in known), default=header_row)
    return tuple(sorted((r, key) for r, key in named.items() if key or r <= last + 1))


def _header_rows(
    grid: SheetGrid, wanted: Mapping[str, list[str]], visible: set[str]
) -> Iterator[tuple[int, dict[str, int]]]:
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), value in grid.cells.items():
        if isinstance(value, str) and (name := folded(value)) in wanted:
            by_row.setdefault(row, []).append((column, name))
    for row, cells in sorted(by_row.items()):
        if len({name for _, name in cells} & visible) < max(2, _HEADER_SHARE * len(visible)):
            continue
        columns: dict[str, int] = {}
        left = {name: list(keys) for name, keys in wanted.items()}
        for column, name in sorted(cells):
            if left[name]:
                columns[left[name].pop(0)] = column
        yield row, columns


def _headed(block: Block, grid: SheetGrid, head: tuple[int, dict[str, int]], end: int) -> Found:
    """A table known by its header row: rows by id, or by the label of a form."""
    row, columns = head
    known = set(block.table.rows)
    if "id" in columns:
        rows = _rows(block, grid, columns, (columns["id"], row, end))
        if any(key in known for _, key in rows):
            return Found(grid, columns, rows, row, row, (), by_headers=True)
    labels = next((c for c in block.table.columns if c.key == "label"), None)
    rows = ()
    if isinstance(labels, Given) and "label" in columns:
        keys = {str(v): k for v, k in zip(labels.values, block.table.rows, strict=True)}
        at = columns["label"]
        rows = tuple(
            sorted(
                (r, keys[shown(value).strip()])
                for (r, c), value in grid.cells.items()
                if c == at and row < r < end and shown(value).strip() in keys
            )
        )
    return Found(grid, columns, rows, row, row, (), by_headers=True)
