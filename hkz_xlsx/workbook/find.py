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

_HEADER_REACH = 40
"""Rows below the key row in which the header may have come to stand."""

_KEY_SHARE = 0.5
"""Keys that must stand in one row to take it for a key row without its id, or for a second one,
as a share of all keys and of those in the best row."""

Marks = Mapping[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A block found in the file: columns by key; rows by key, in file order.

    ``top`` is the key row, or the header row where there is no key row (``by_headers``).
    ``doubled`` are further columns with a key that already has one, ``swapped`` columns that are
    read by their visible header, because that and the hidden key say two different things.
    """

    sheet: SheetGrid
    columns: Mapping[str, int]
    rows: tuple[tuple[int, str], ...]
    top: int
    header_row: int
    doubled: tuple[tuple[str, int], ...] = ()
    by_headers: bool = False
    swapped: tuple[str, ...] = ()

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
        found = [
            one
            for grid, marks in zip(self._grid.sheets, self._at, strict=True)
            for one in self._by_marks(block, grid, marks)
        ]
        if not found and any(field.codecs for field in block.fields):
            found = self._by_headers(block)
        return tuple(sorted(found, key=lambda f: f.sheet.title != sheet.title))

    def _by_marks(self, block: Block, grid: SheetGrid, marks: Marks) -> Iterator[Found]:
        """Every key row on a sheet, the one with most keys first: a table pasted below another
        brings its own, and a key can also be typed in a text."""
        own = [block.marker(field.key) for field in block.fields]
        counts: dict[int, int] = {}
        for mark in own:
            for row in {r for r, _ in marks.get(mark, ())}:
                counts[row] = counts.get(row, 0) + 1
        named = {r for r, _ in marks.get(block.marker("id"), ())}
        typed = any(field.codecs for field in block.fields)
        enough = max(2.0, _KEY_SHARE * len(own))
        tops = [r for r, n in counts.items() if r in named or (typed and n >= enough)]
        best = max((counts[r] for r in tops), default=0)
        # Only a row with the id marker of some block starts another block.
        starts = {r for m, places in marks.items() if m.endswith(".id") for r, _ in places}
        for top in sorted(tops, key=lambda r: (-counts[r], r)):
            if counts[top] < _KEY_SHARE * best:
                continue
            yield _marked(block, grid, marks, (top, _after(starts | set(tops), top)))

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


def _marked(block: Block, grid: SheetGrid, marks: Marks, at: tuple[int, int]) -> Found:
    """The table under one key row; it ends before the row at which another begins."""
    top, end = at
    columns: dict[str, int] = {}
    doubled: list[tuple[str, int]] = []
    for field in block.fields:
        here = sorted(c for r, c in marks.get(block.marker(field.key), ()) if r == top)
        if here:
            columns[field.key] = here[0]
            doubled += [(field.key, column) for column in here[1:]]
    header_row = _header_row(block, grid, (top, end), columns)
    for field in block.fields:
        if field.key not in columns:
            spot = _only_header(grid, header_row, field.header, set(columns.values()))
            if spot is not None:
                columns[field.key] = spot
    swapped = _swapped(block, grid, header_row, columns)
    columns |= swapped
    rows = _rows(block, grid, columns, (header_row, end))
    return Found(
        grid, columns, rows, top, header_row, tuple(doubled), "id" not in columns, tuple(swapped)
    )


def _swapped(block: Block, grid: SheetGrid, row: int, columns: Mapping[str, int]) -> dict[str, int]:
    """Columns that changed places below the key row: key → column with its header.

    What people see when they type is the header. A header that was only retyped moves nothing.
    """
    heads: dict[str, list[str]] = {}
    for field in block.fields:
        heads.setdefault(field.header, []).append(field.key)
    says = {key: shown(grid.cells.get((row, at))).strip() for key, at in columns.items()}
    found: dict[str, int] = {}
    for field in block.fields:
        key, said = field.key, says.get(field.key, "")
        if said == field.header or len(heads[field.header]) > 1 or said not in heads:
            continue
        places = [columns[k] for k, text in says.items() if text == field.header]
        if len(places) == 1 and len(heads[said]) == 1:
            found[key] = places[0]
    return found if set(found.values()) == {columns[key] for key in found} else {}


def _known(block: Block, found: Found) -> int:
    return len({key for _, key in found.rows} & set(block.table.rows))


def _after(starts: set[int], row: int) -> int:
    return min((r for r in starts if r > row), default=_FAR)


def _header_row(
    block: Block, grid: SheetGrid, at: tuple[int, int], columns: Mapping[str, int]
) -> int:
    """The row under the key row with most headers; rows may have been put in between, and the
    header row may be gone."""
    top, end = at
    known = set(block.table.rows)

    def count(row: int) -> int:
        return sum(
            shown(grid.cells.get((row, columns[f.key]))).strip() == f.header
            for f in block.fields
            if f.key in columns
        )

    best, most = top, 0
    for row in range(top + 1, min(top + 1 + _HEADER_REACH, end)):
        found = count(row)
        if found > most:
            best, most = row, found
        if most > len(columns) / 2 or _text_at(grid, row, columns.get("id")) in known:
            break
    return best


def _text_at(grid: SheetGrid, row: int, column: int | None) -> str:
    return "" if column is None else shown(grid.cells.get((row, column))).strip()


def _only_header(grid: SheetGrid, row: int, header: str, taken: set[int]) -> int | None:
    """The column with a header, when its key is gone and the header stands there once."""
    here = [
        c
        for (r, c), value in grid.cells.items()
        if r == row and c not in taken and shown(value).strip() == header
    ]
    return here[0] if len(here) == 1 else None


def _rows(
    block: Block, grid: SheetGrid, columns: Mapping[str, int], at: tuple[int, int]
) -> tuple[tuple[int, str], ...]:
    """Rows with their ids; a row that lost its id is known by the fixed text beside it."""
    header_row, end = at
    used = set(columns.values())
    known = set(block.table.rows)
    ids, texts = _spellings(known), _fixed_texts(block)
    filled = {r for (r, c) in grid.cells if header_row < r < end and c in used}
    named = {}
    for row in filled:
        key = _text_at(grid, row, columns.get("id"))
        if key and key not in known:
            key = ids.get(folded(key), key)
        if not key:
            key = _by_text(grid, row, columns, texts)
        named[row] = key
    # Below the last row of the table other texts may stand: not every filled row is ours.
    last = max((r for r, key in named.items() if key in known), default=header_row)
    return tuple(sorted((r, key) for r, key in named.items() if key or r <= last + 1))


def _spellings(known: set[str]) -> dict[str, str]:
    """Ids without case, width and signs; only those that stay different."""
    found: dict[str, str] = {}
    for key in known:
        found[folded(key)] = "" if folded(key) in found else key
    return {spelling: key for spelling, key in found.items() if key}


def _fixed_texts(block: Block) -> dict[str, dict[str, str]]:
    """Columns of which every row has a text of its own: column → text → row.

    Only of tables that people type in: elsewhere nothing can be lost.
    """
    found: dict[str, dict[str, str]] = {}
    if not block.table.inputs():
        return found
    for column in block.table.columns:
        if isinstance(column, Given) and column.key != "id":
            texts = {
                folded(v): row
                for v, row in zip(column.values, block.table.rows, strict=True)
                if isinstance(v, str) and len(folded(v)) > 2  # noqa: PLR2004 - no numbers
            }
            if len(texts) == len(block.table.rows):
                found[column.key] = texts
    return found


def _by_text(
    grid: SheetGrid,
    row: int,
    columns: Mapping[str, int],
    texts: Mapping[str, Mapping[str, str]],
) -> str:
    for key, rows in texts.items():
        found = rows.get(folded(_text_at(grid, row, columns.get(key))))
        if found:
            return found
    return ""


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
    """A table known by its header row: rows by id, or by the fixed text beside it."""
    row, columns = head
    known = set(block.table.rows)
    rows = _rows(block, grid, columns, (row, end))
    if not any(key in known for _, key in rows):
        rows = ()
    return Found(grid, columns, rows, row, row, (), by_headers=True)
