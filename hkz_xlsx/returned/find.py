"""Where the tables of a plan stand in a file: by their hidden keys, else by their headers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.layout.plan import Block, Sheet, WorkbookPlan
from hkz_xlsx.returned.named import named_rows, text_at
from hkz_xlsx.scoring.cell_values import shown
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid

_FAR = 1 << 30
_HEADER_SHARE = 0.6
"""Headers that must stand in one row to take it for the header row of a table."""

_HEADER_REACH = 40
"""Rows below the key row in which few headers are enough to know their row; else most must be
there."""

_KEY_SHARE = 0.5
"""Keys that must stand in one row to take it for a key row without its id, or for a second one,
as a share of all keys and of those in the best row."""

Marks = Mapping[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A block found in the file: columns by key; rows by key, in file order.

    ``top`` is the key row, or the header row where there is no key row (``by_headers``); a table
    that was sorted together with both has rows above them. Of rows with one key those below the
    key row come first. ``elsewhere`` are keys that were sorted away from the key row, with their
    rows; ``doubled`` further columns with a key that already has one; ``swapped`` columns that
    are read by their visible header, because that and the hidden key say two different things.
    """

    sheet: SheetGrid
    columns: Mapping[str, int]
    rows: tuple[tuple[int, str], ...]
    top: int
    header_row: int
    doubled: tuple[tuple[str, int], ...] = ()
    by_headers: bool = False
    swapped: tuple[str, ...] = ()
    elsewhere: Mapping[str, int] = dataclasses.field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class _Region:
    """Where the rows of a table may stand: between the keys or headers of its neighbours.

    ``others`` are the key rows of all tables of the sheet with the ids each of them knows: a row
    that another table knows better is none of this one.
    """

    top: int
    begin: int = -1
    end: int = _FAR
    others: tuple[_Claim, ...] = ()

    def claimed(self, grid: SheetGrid, row: int) -> bool:
        """Whether the id on a row says that it is of another table: the one it stands below, or
        else above, of those that know such an id."""
        if all(c.row == self.top for c in self.others):
            return False
        knows = [c for c in self.others if text_at(grid, row, c.column) in c.ids]
        above = [c for c in knows if c.row < row]
        best = max(above, key=lambda c: c.row) if above else min(knows, key=_row, default=None)
        return best is not None and best.row != self.top


@dataclass(frozen=True, slots=True)
class _Claim:
    """A key row, the ids of its table, and the column they stand in."""

    row: int
    ids: frozenset[str]
    column: int


def _row(claim: _Claim) -> int:
    return claim.row


class Finder:
    """Finds every block of a plan in a grid."""

    def __init__(self, grid: Grid, plan: WorkbookPlan) -> None:
        self._grid = grid
        known = {b.marker(f.key) for _, b in plan.blocks() for f in b.fields}
        self._at = [markers(sheet, known) for sheet in grid.sheets]
        ids = {b.marker("id"): frozenset(b.table.rows) for _, b in plan.blocks()}
        self._claims = [
            tuple(_Claim(row, ids[m], column) for m in ids for row, column in marks.get(m, ()))
            for marks in self._at
        ]

    def find(self, sheet: Sheet, block: Block) -> tuple[FoundBlock, ...]:
        """Everywhere the block stands, the one that counts first; empty when it is gone.

        A copied sheet repeats the markers; the one with the sheet's own name goes first.
        """
        found = [
            one
            for grid, marks, claims in zip(self._grid.sheets, self._at, self._claims, strict=True)
            for one in _by_marks(block, grid, marks, claims)
        ]
        # Where nobody types there is nothing to lose: what stands there is computed anew.
        if not found and any(field.codecs for field in block.fields):
            found = self._by_headers(block)
        return tuple(sorted(found, key=lambda f: f.sheet.title != sheet.title))

    def _by_headers(self, block: Block) -> list[FoundBlock]:
        wanted: dict[str, list[str]] = {}
        for field in block.fields:
            wanted.setdefault(folded(field.header), []).append(field.key)
        visible = {folded(f.header) for f in block.fields if not f.header.endswith("_")}
        found = []
        for grid in self._grid.sheets:
            heads = list(_header_rows(grid, wanted, visible))
            starts = {row for row, _ in heads}
            best: FoundBlock | None = None
            for row, columns in heads:
                region = _Region(row, _before(starts, row), _after(starts, row))
                candidate = _headed(block, grid, columns, region)
                known = _known(block, candidate)
                if known and (best is None or known > _known(block, best)):
                    best = candidate
            if best is not None:
                found.append(best)
        return found


def _by_marks(
    block: Block, grid: SheetGrid, marks: Marks, claims: tuple[_Claim, ...]
) -> Iterator[FoundBlock]:
    """Every key row on a sheet, the one with most keys first: a table pasted below another
    brings its own, and a key can also be typed in a text."""
    own = [block.marker(field.key) for field in block.fields]
    counts: dict[int, int] = {}
    for mark in own:
        for row in {r for r, _ in marks.get(mark, ())}:
            counts[row] = counts.get(row, 0) + 1
    named = {r for r, _ in marks.get(block.marker("id"), ())}
    typed = any(field.codecs for field in block.fields)
    # One key alone can be a text that somebody typed; where nobody types only the id marker counts.
    enough = max(2.0, _KEY_SHARE * len(own))
    tops = [r for r, n in counts.items() if r in named or (typed and n >= enough)]
    best = max((counts[r] for r in tops), default=0)
    # Only a row with the id marker of some block starts another block.
    starts = {r for m, places in marks.items() if m.endswith(".id") for r, _ in places}
    parts: set[int] = set()
    tops.sort(key=lambda r: (-counts[r], r))
    # Keys that stayed behind where rows of the table were sorted to make no other table.
    parts |= _among_rows(block, grid, marks, tops)
    for top in tops:
        if counts[top] < _KEY_SHARE * best or top in parts:
            continue
        away = _elsewhere(block, marks, top)
        parts |= set(away.values())
        limits = (starts | set(tops)) - parts
        claims_here = tuple(
            _Claim(top, c.ids, c.column) if c.row in away.values() else c for c in claims
        )
        region = _Region(top, _before(limits, top), _after(limits, top), claims_here)
        yield _marked(block, grid, marks, (region, away))


def _among_rows(block: Block, grid: SheetGrid, marks: Marks, tops: list[int]) -> set[int]:
    """Rows with keys that are rows of the table with most keys, by the id in them."""
    ids = _in_row(marks, block.marker("id"), tops[0]) if tops else []
    return {r for r in tops[1:] if ids and text_at(grid, r, ids[0]) in block.table.rows}


def _elsewhere(block: Block, marks: Marks, top: int) -> dict[str, int]:
    """Keys that stand in another row than the rest, because some columns were sorted with them:
    key → row. A row with keys that stand in this one too is the key row of a copy."""
    here = {f.key for f in block.fields if _in_row(marks, block.marker(f.key), top)}
    found: dict[str, int] = {}
    for field in block.fields:
        places = marks.get(block.marker(field.key), [])
        if field.key in here or len(places) != 1:
            continue
        row = places[0][0]
        if not any(_in_row(marks, block.marker(key), row) for key in here):
            found[field.key] = row
    return found


def _in_row(marks: Marks, marker: str, row: int) -> list[int]:
    return sorted(c for r, c in marks.get(marker, ()) if r == row)


def _marked(
    block: Block, grid: SheetGrid, marks: Marks, at: tuple[_Region, Mapping[str, int]]
) -> FoundBlock:
    """The table of one key row."""
    region, away = at
    columns: dict[str, int] = {}
    doubled: list[tuple[str, int]] = []
    for field in block.fields:
        here = _in_row(marks, block.marker(field.key), away.get(field.key, region.top))
        if here:
            columns[field.key] = here[0]
            doubled += [(field.key, column) for column in here[1:]]
    header_row = _header_row(block, grid, region, columns)
    for field in block.fields:
        if field.key not in columns:
            spot = _only_header(grid, header_row, field.header, set(columns.values()))
            if spot is not None:
                columns[field.key] = spot
    swapped = _swapped(block, grid, header_row, columns)
    columns |= swapped
    rows = _rows(block, grid, columns, (region, header_row))
    return FoundBlock(
        grid, columns, rows, region.top, header_row, tuple(doubled), "id" not in columns,
        tuple(swapped), away,
    )  # fmt: skip


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


def _known(block: Block, found: FoundBlock) -> int:
    return len({key for _, key in found.rows} & set(block.table.rows))


def _after(starts: set[int], row: int) -> int:
    return min((r for r in starts if r > row), default=_FAR)


def _before(starts: set[int], row: int) -> int:
    return max((r for r in starts if r < row), default=-1)


def _header_row(block: Block, grid: SheetGrid, region: _Region, columns: Mapping[str, int]) -> int:
    """The row with most headers: under the key row, where rows may have been put in between, or
    wherever sorting took it. The key row itself when the header row is gone."""
    heads = {columns[f.key]: f.header for f in block.fields if f.key in columns}
    top, most = region.top, len(columns) / 2

    def count(row: int) -> int:
        return sum(shown(grid.cells.get((row, c))).strip() == text for c, text in heads.items())

    known = set(block.table.rows)
    if count(top + 1) > most and text_at(grid, top + 1, columns.get("id")) not in known:
        return top + 1
    counts: dict[int, int] = {}
    for (row, column), value in grid.cells.items():
        inside = region.begin < row < region.end
        if inside and column in heads and shown(value).strip() == heads[column]:
            counts[row] = counts.get(row, 0) + 1
    rows = {row for row in counts if text_at(grid, row, columns.get("id")) not in known}
    near = {row for row in rows if top < row <= top + _HEADER_REACH}
    for group in ({r for r in rows if counts[r] > most}, near):
        if group:
            return min(group, key=lambda r: (-counts[r], r < top, abs(r - top)))
    return top


def _only_header(grid: SheetGrid, row: int, header: str, taken: set[int]) -> int | None:
    """The column with a header, when its key is gone and the header stands there once."""
    here = [
        c
        for (r, c), value in grid.cells.items()
        if r == row and c not in taken and shown(value).strip() == header
    ]
    return here[0] if len(here) == 1 else None


def _rows(
    block: Block, grid: SheetGrid, columns: Mapping[str, int], at: tuple[_Region, int]
) -> tuple[tuple[int, str], ...]:
    """Rows with their ids, on either side of the keys and headers: those may have been sorted
    along. A row of which the id is lost or mistyped is known by the fixed text beside it."""
    region, header_row = at
    used = set(columns.values())
    frame = {region.top, header_row}
    filled = {
        r for (r, c) in grid.cells if region.begin < r < region.end and c in used and r not in frame
    }
    below = {r for r in filled if r > region.top}
    if {text_at(grid, r, columns.get("id")) for r in below}.issuperset(block.table.rows):
        filled = below  # nothing of the table is missing there
    named = named_rows(block, grid, columns, filled)
    known = {r for r, key in named.items() if key in block.table.rows}
    others = {r for r in named if region.claimed(grid, r)}
    if any(c.row == region.top for c in region.others):  # else nothing is known by its id
        known -= others
    first = min((*known, header_row + 1))
    # Below the last row of the table other texts may stand: not every filled row is ours.
    last = max((*known, header_row)) + 1
    until = min((r for r in others if r >= last), default=_FAR)
    rows = [
        (r, key) for r, key in named.items()
        if r in known
        or (r not in others and ((key and region.top < r < until) or first <= r <= last))
    ]  # fmt: skip
    keys = {key for r, key in rows if r > region.top}
    return tuple(sorted(rows, key=lambda one: (one[0] < region.top and one[1] in keys, one[0])))


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
        # Two columns may have one header: the first that stands there is the first of the plan.
        columns: dict[str, int] = {}
        left = {name: list(keys) for name, keys in wanted.items()}
        for column, name in sorted(cells):
            if left[name]:
                columns[left[name].pop(0)] = column
        yield row, columns


def _headed(block: Block, grid: SheetGrid, columns: dict[str, int], region: _Region) -> FoundBlock:
    """A table known by its header row: rows by id, or by the fixed text beside it."""
    known = set(block.table.rows)
    rows = _rows(block, grid, columns, (region, region.top))
    if not any(key in known for _, key in rows):
        rows = ()
    return FoundBlock(grid, columns, rows, region.top, region.top, (), by_headers=True)
