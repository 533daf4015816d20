"""A `Grid` to a `Submission`: rows found by written id, columns by key, sheets by what is on them.

The plan is rebuilt from the identity in the file and walked as the writer walked it, so that
nothing here knows a column name, a sheet title or a position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hkz_xlsx.layout.build import plan_again
from hkz_xlsx.layout.codecs import Choice, Codec, RawValue, Reading, cell_value, from_serial, shown
from hkz_xlsx.layout.identity import Identity, identity_text
from hkz_xlsx.layout.plan import Block, Field, Sheet, WorkbookPlan
from hkz_xlsx.layout.refs import a1
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.tables import Address, Computed, Input
from hkz_xlsx.workbook.open import Engine, Grid, SheetGrid, open_workbook
from hkz_xlsx.workbook.submission import Submission

_IDENTITY_ID, _IDENTITY_VALUE = "identity.id", "identity.value"


def _in_file(fault: HkzError, file: str) -> HkzError:
    return HkzError(*(replace(p, where=replace(p.where, file=file)) for p in fault.problems))


def read_identity(grid: Grid) -> tuple[Identity, tuple[Problem, ...]]:
    """From the identity sheet, else the document properties; `HkzError` when neither is ours."""
    for sheet in grid.sheets:
        marks = {
            value: at
            for at, value in sheet.cells.items()
            if value in (_IDENTITY_ID, _IDENTITY_VALUE)
        }
        if len(marks) == 2:  # noqa: PLR2004 - both columns
            (row, id_column), (_, value_column) = marks[_IDENTITY_ID], marks[_IDENTITY_VALUE]
            rows = {
                str(value): shown(sheet.cells.get((r, value_column)))
                for (r, c), value in sheet.cells.items()
                if c == id_column and r > row
            }
            try:
                return Identity.from_rows(rows), ()
            except HkzError as fault:
                # A damaged sheet is made good by the property; a newer layout is a fact.
                newer = any(p.code == "LAYOUT_UNKNOWN" for p in fault.problems)
                if newer or not identity_text(grid.properties):
                    raise
    text = identity_text(grid.properties)
    if not text:
        raise HkzError(problem("NOT_OUR_WORKBOOK"))
    return Identity.from_property(text), (problem("IDENTITY_FROM_PROPERTY", Where(grid.file)),)


@dataclass(frozen=True, slots=True)
class _Found:
    """A block found in the file: its sheet, and columns by key; rows by key, in file order."""

    sheet: SheetGrid
    columns: Mapping[str, int]
    rows: tuple[tuple[int, str], ...]


class _Reader:
    def __init__(self, grid: Grid, plan: WorkbookPlan) -> None:
        self._grid, self._plan = grid, plan
        self.problems: list[Problem] = []
        self.raw: dict[Address, RawValue] = {}
        self.readings: dict[Address, Reading] = {}
        self.places: dict[Address, Where] = {}
        self.stored: dict[Address, RawValue] = {}

    def read(self) -> None:
        markers = {b.marker(f.key) for _, b in self._plan.blocks() for f in b.fields}
        at = [_markers(sheet, markers) for sheet in self._grid.sheets]
        gone: set[tuple[str, str]] = set()
        for sheet, block in self._plan.blocks():
            typed = any(field.codecs for field in block.fields)
            if not typed and not block.table.computed() and not block.carried:
                continue
            found = self._find(sheet, block, at)
            if found is not None:
                self._block(block, found)
                continue
            code = "BLOCK_MISSING" if typed else "RESULTS_MISSING"
            if (code, sheet.title) not in gone:
                gone.add((code, sheet.title))
                self.problems.append(problem(code, Where(self._grid.file), table=sheet.title))

    def _find(
        self, sheet: Sheet, block: Block, at: list[dict[str, list[tuple[int, int]]]]
    ) -> _Found | None:
        mark = block.marker("id")
        candidates = [
            (grid, marks)
            for grid, marks in zip(self._grid.sheets, at, strict=True)
            if mark in marks
        ]
        if not candidates:
            return None
        # A copied sheet repeats the markers; the one with the sheet's own name goes first.
        candidates.sort(key=lambda c: c[0].title != sheet.title)
        grid, marks = candidates[0]
        if len(candidates) > 1 and block.table.inputs():
            titles = ", ".join(other.title for other, _ in candidates[1:])
            where = Where(self._grid.file, None, grid.title)
            self.problems.append(problem("BLOCK_TWICE", where, table=grid.title, others=titles))
        row, id_column = min(marks[mark])
        columns = self._columns(block, grid, marks, row)
        # Only a row with the id marker of some block starts another block.
        starts = {r for m, places in marks.items() if m.endswith(".id") for r, _ in places}
        end = min((r for r in starts if r > row), default=1 << 30)
        filled = {r for (r, c) in grid.cells if row + 1 < r < end and c in columns.values()}
        named = {r: shown(grid.cells.get((r, id_column))).strip() for r in filled}
        # Below the last row of the table other texts may stand: not every filled row is ours.
        known = set(block.table.rows)
        last = max((r for r, key in named.items() if key in known), default=row)
        rows = sorted((r, key) for r, key in named.items() if key or r <= last + 1)
        return _Found(grid, columns, tuple(rows))

    def _columns(
        self, block: Block, grid: SheetGrid, marks: dict[str, list[tuple[int, int]]], row: int
    ) -> dict[str, int]:
        """Sheet column of every field; the first one where a copied column repeats a marker."""
        columns: dict[str, int] = {}
        for field in block.fields:
            here = sorted(c for r, c in marks.get(block.marker(field.key), ()) if r == row)
            if here:
                columns[field.key] = here[0]
            if len(here) > 1 and field.codecs:
                where = Where(self._grid.file, None, grid.title, a1(row, here[1]))
                self.problems.append(problem("COLUMN_TWICE", where, column=field.header))
        return columns

    def _block(self, block: Block, found: _Found) -> None:
        known = set(block.table.rows)
        first: dict[str, int] = {}
        for row, key in found.rows:
            if key in known and key not in first:
                first[key] = row
            else:
                code = "ROW_TWICE" if key in known else "ROW_UNKNOWN"
                self._lost(block, found, row, code, key)
        fields = [f for f in block.fields if not _is_given(block, f)]
        for field in fields:
            if field.key not in found.columns and field.codecs:
                where = Where(self._grid.file, None, found.sheet.title)
                self.problems.append(problem("COLUMN_MISSING", where, column=field.header))
        for index, key in enumerate(block.table.rows):
            if key not in first:
                if block.table.inputs():
                    form = block.object_name == ""
                    where = Where(self._grid.file, None, found.sheet.title, "", key)
                    code = "LINE_MISSING" if form else "ROW_MISSING"
                    self.problems.append(problem(code, where, row=key))
                continue
            for field in fields:
                if field.key in found.columns:
                    self._cell(block, found, (index, first[key]), field)

    def _lost(self, block: Block, found: _Found, row: int, code: str, key: str) -> None:
        """Answers on a row that does not count are told, never dropped or merged silently."""
        filled = [
            f"{f.header}: {shown(value)}"
            for f in block.fields
            if f.codecs and f.key in found.columns
            and (value := found.sheet.cells.get((row, found.columns[f.key]))) is not None
        ]  # fmt: skip
        if not (filled or code == "ROW_TWICE"):
            return
        where = Where(self._grid.file, None, found.sheet.title, a1(row, 0))
        values = "; ".join(filled) or "–"
        self.problems.append(problem(code, where, row=key, values=values))

    def _cell(self, block: Block, found: _Found, at: tuple[int, int], field: Field) -> None:
        index, row = at
        column = found.columns[field.key]
        value = found.sheet.cells.get((row, column))
        address = Address(block.table.key, block.table.rows[index], field.key)
        cell = a1(row, column)
        where = Where(self._grid.file, None, found.sheet.title, cell, address.row)
        self.places[address] = where
        if isinstance(block.table.column(field.key), Computed):
            self.stored[address] = value
            return
        if value is None:
            return
        self.raw[address] = value
        codec = field.codec(index)
        if codec is None:  # not typed by a person
            self.readings[address] = Reading("exact", cell_value(value), value)
            return
        reading = codec.from_cell(value, self._plan.lang)
        self.readings[address] = reading
        self.problems.extend(_about(codec, reading, where, self._plan))


def _is_given(block: Block, field: Field) -> bool:
    return not isinstance(block.table.column(field.key), Input | Computed)


def _markers(sheet: SheetGrid, known: set[str]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for at, value in sheet.cells.items():
        if isinstance(value, str) and value in known:
            found.setdefault(value, []).append(at)
    return found


def _about(codec: Codec, reading: Reading, where: Where, plan: WorkbookPlan) -> Iterator[Problem]:
    value = shown(reading.raw)
    if reading.state == "error":
        yield problem("ANSWER_ERROR_CELL", where, value=value)
    elif reading.state == "unknown" and isinstance(codec, Choice):
        labels = ", ".join(codec.label(code, plan.lang) for code in codec.codes)
        nearest = f" → {reading.nearest}?" if reading.nearest else ""
        yield problem("ANSWER_UNKNOWN", where, value=value, choices=labels, nearest=nearest)
    elif reading.state == "unknown":
        yield problem("DATE_WRONG" if codec.kind == "date" else "NUMBER_WRONG", where, value=value)
    elif reading.state == "cleaned" and (reading.cell is None or codec.kind not in ("text", "kvk")):
        # Inside a text cleaning changes no number; a cell that turns out blank can.
        understood = shown(cell_value(reading.cell))
        if codec.kind == "date" and isinstance(reading.cell, float):
            understood = from_serial(reading.cell).strftime("%d-%m-%Y")
        yield problem("ANSWER_CLEANED", where, value=_visible(value), understood=understood)


def _visible(text: str) -> str:
    """White space that nobody sees, made visible as its code."""
    return text if text.strip() else text.encode("ascii", "backslashreplace").decode("ascii")


def read_workbook(path: Path, library: Library, engine: Engine | None = None) -> Submission:
    """Read a returned workbook; bad cells are problems in the result, never exceptions.

    Raises:
        HkzError: the file as a whole cannot be used; the problem says why and what to do.
    """
    grid = open_workbook(path, engine)
    try:
        identity, problems = read_identity(grid)
        plan = plan_again(library, identity)
    except HkzError as fault:
        raise _in_file(fault, grid.file) from None
    reader = _Reader(grid, plan)
    reader.read()
    found = [*problems, *reader.problems]
    if identity.plan != plan.identity.plan:
        found.append(problem("PLAN_CHANGED", Where(grid.file)))
    return Submission(
        grid.file, identity, plan, reader.raw, reader.readings, reader.places, reader.stored,
        tuple(found),
    )  # fmt: skip
