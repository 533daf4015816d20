"""A `Grid` to a `Submission`: rows found by written id, columns by key, sheets by what is on them.

The plan is rebuilt from the identity in the file and walked as the writer walked it, so that
nothing here knows a column name, a sheet title or a position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hkz_xlsx.layout.build import plan_again
from hkz_xlsx.layout.codecs import Choice, Codec, RawValue, Reading, cell_value, from_serial, shown
from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.loose_sheets import Extra, Reason
from hkz_xlsx.layout.plan import Block, Field, WorkbookPlan
from hkz_xlsx.layout.refs import a1
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.tables import Address, Computed, Given, Input
from hkz_xlsx.text import catalogue
from hkz_xlsx.workbook.compare import same
from hkz_xlsx.workbook.extra import left_over, loose_rows
from hkz_xlsx.workbook.find import Finder, Found
from hkz_xlsx.workbook.grid import Grid
from hkz_xlsx.workbook.open import Engine, open_workbook
from hkz_xlsx.workbook.recognise import read_identity
from hkz_xlsx.workbook.submission import Altered, Submission
from hkz_xlsx.workbook.sheets import EXTRA
from hkz_xlsx.workbook.write import evaluation

Used = dict[str, set[tuple[int, int]]]
"""Cells per sheet title that are accounted for."""


def _in_file(fault: HkzError, file: str) -> HkzError:
    return HkzError(*(replace(p, where=replace(p.where, file=file)) for p in fault.problems))


@dataclass
class _Reader:
    grid: Grid
    plan: WorkbookPlan
    problems: list[Problem] = field(default_factory=list)
    raw: dict[Address, RawValue] = field(default_factory=dict)
    readings: dict[Address, Reading] = field(default_factory=dict)
    places: dict[Address, Where] = field(default_factory=dict)
    stored: dict[Address, RawValue] = field(default_factory=dict)
    extra: list[Extra] = field(default_factory=list)
    altered: list[Altered] = field(default_factory=list)
    found: dict[str, Found] = field(default_factory=dict)
    used: Used = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    same_version: bool = True

    def read(self) -> None:
        finder = Finder(self.grid, self.plan)
        gone: set[tuple[str, str]] = set()
        headed: set[str] = set()
        for sheet, block in self.plan.blocks():
            here = finder.find(sheet, block)
            if here:
                first = here[0]
                self.found[block.table.key] = first
                self.homes.setdefault(first.sheet.title, sheet.key)
                self._block(block, first)
                self._copies(block, here)
                for other in here[1:]:
                    self.homes.setdefault(other.sheet.title, sheet.key)
                if first.by_headers and first.sheet.title not in headed:
                    headed.add(first.sheet.title)
                    where = Where(self.grid.file, None, first.sheet.title)
                    self.problems.append(problem("KEYS_FROM_HEADERS", where))
                continue
            typed = any(one.codecs for one in block.fields)
            if not typed and not block.table.computed():
                continue
            code = "BLOCK_MISSING" if typed else "RESULTS_MISSING"
            if (code, sheet.title) not in gone:
                gone.add((code, sheet.title))
                self.problems.append(problem(code, Where(self.grid.file), table=sheet.title))

    def _where(self, found: Found, at: tuple[int, int], row: str = "") -> Where:
        return Where(self.grid.file, None, found.sheet.title, a1(*at), row)

    def _use(self, found: Found, at: tuple[int, int]) -> None:
        self.used.setdefault(found.sheet.title, set()).add(at)

    def _block(self, block: Block, found: Found) -> None:
        known = set(block.table.rows)
        first: dict[str, int] = {}
        self._frame(block, found)
        for row, key in found.rows:
            if key in known and key not in first:
                first[key] = row
            else:
                code = "ROW_TWICE" if key in known else "ROW_UNKNOWN"
                self._lost(block, found, (row, key), code)
        for one in block.fields:
            if one.key not in found.columns and one.codecs:
                where = Where(self.grid.file, None, found.sheet.title)
                self.problems.append(problem("COLUMN_MISSING", where, column=one.header))
        for index, key in enumerate(block.table.rows):
            if key not in first:
                if block.table.inputs():
                    form = block.object_name == ""
                    where = Where(self.grid.file, None, found.sheet.title, "", key)
                    code = "LINE_MISSING" if form else "ROW_MISSING"
                    self.problems.append(problem(code, where, row=key))
                continue
            for one in block.fields:
                if one.key in found.columns:
                    self._cell(block, found, (index, first[key]), one)

    def _frame(self, block: Block, found: Found) -> None:
        """Keys and headers are accounted for; a column that stands there twice is told."""
        for key, column in (*found.columns.items(), *found.doubled):
            self._use(found, (found.top, column))
            if shown(found.sheet.cells.get((found.header_row, column))) == _header(block, key):
                self._use(found, (found.header_row, column))
        content = {one.key: block.table.column(one.key) for one in block.fields}
        for key, column in found.doubled:
            if isinstance(content[key], Input):
                where = self._where(found, (found.top, column))
                header = _header(block, key)
                self.problems.append(problem("COLUMN_TWICE", where, column=header))
            for row, name in found.rows:
                value = found.sheet.cells.get((row, column))
                if value is None:
                    continue
                self._use(found, (row, column))
                if isinstance(content[key], Input):
                    self._put_aside(
                        "column_twice", found, (row, column), (name, _header(block, key))
                    )

    def _put_aside(
        self, reason: Reason, found: Found, at: tuple[int, int], about: tuple[str, str]
    ) -> None:
        self._use(found, at)
        value = shown(found.sheet.cells.get(at))
        where = self._where(found, at, about[0])
        self.extra.append(Extra(reason, where, value, *about))

    def _lost(self, block: Block, found: Found, at: tuple[int, str], code: str) -> None:
        """What stands on a row that does not count is told, never dropped or merged silently."""
        row, key = at
        own = {shown(v) for c in block.table.columns if isinstance(c, Given) for v in c.values}
        here = [
            (one, value)
            for one in block.fields
            if one.key in found.columns
            and (value := found.sheet.cells.get((row, found.columns[one.key]))) is not None
        ]
        inputs = [one for one, _ in here if isinstance(block.table.column(one.key), Input)]
        if not key and not inputs:
            return  # a text of ours or of a person below the table
        filled = []
        reason: Reason = "row_twice" if code == "ROW_TWICE" else "row_unknown"
        for one, value in here:
            place = (row, found.columns[one.key])
            self._use(found, place)
            content = block.table.column(one.key)
            fixed = isinstance(content, Given) and shown(value) in own
            if isinstance(content, Computed):
                # What a formula shows is no loss; what was typed over it would be.
                shows = place in found.sheet.formulas or not isinstance(value, str)
                fixed = shows or (not self.grid.complete and value in self._own_words())
            if not fixed:
                if not isinstance(content, Computed) and one.key != "id":
                    filled.append(f"{one.header}: {shown(value)}")
                self._put_aside(reason, found, place, (key, one.header))
        if block.table.inputs() and (filled or code == "ROW_TWICE"):
            values = "; ".join(filled) or "–"
            where = self._where(found, (row, 0))
            self.problems.append(problem(code, where, row=key, values=values))

    def _own_words(self) -> frozenset[str]:
        return frozenset(catalogue(self.plan.lang).values())

    def _cell(self, block: Block, found: Found, at: tuple[int, int], one: Field) -> None:
        index, row = at
        place = (row, found.columns[one.key])
        value = found.sheet.cells.get(place)
        address = Address(block.table.key, block.table.rows[index], one.key)
        where = self._where(found, place, address.row)
        self._use(found, place)
        content = block.table.column(one.key)
        if isinstance(content, Given):
            self._given(block, one, (address, where), (value, content.values[index]))
            return
        self.places[address] = where
        if isinstance(content, Computed):
            self.stored[address] = value
            return
        if value is None:
            return
        self.raw[address] = value
        codec = one.codec(index)
        if codec is None:  # the workbook id
            self.readings[address] = Reading("exact", cell_value(value), value)
            return
        reading = codec.from_cell(value, self.plan.lang)
        self.readings[address] = reading
        self.problems.extend(_about(codec, reading, where, self.plan))

    def _given(
        self,
        block: Block,
        one: Field,
        spot: tuple[Address, Where],
        values: tuple[RawValue, RawValue],
    ) -> None:
        value, expected = values
        if same(value, cell_value(expected)) or _alike(shown(value), shown(expected)):
            return
        address, where = spot
        content = block.table.column(one.key)
        owners = (
            [
                k
                for k, v in zip(block.table.rows, content.values, strict=True)
                if shown(v) == shown(value)
            ]
            if isinstance(content, Given) and value is not None
            else []
        )
        owner = owners[0] if len(owners) == 1 else ""
        self.altered.append(
            Altered(address, where, one.header, shown(value), shown(expected), owner)
        )

    def _copies(self, block: Block, here: tuple[Found, ...]) -> None:
        """Answers on a copied sheet do not count; those that differ are told with their cell."""
        first, *others = here
        if not others:
            return
        if block.table.inputs():
            titles = ", ".join(other.sheet.title for other in others)
            where = Where(self.grid.file, None, first.sheet.title)
            told = problem("BLOCK_TWICE", where, table=first.sheet.title, others=titles)
            self.problems.append(told)
        for other in others:
            self._copy(block, other)

    def _copy(self, block: Block, other: Found) -> None:
        known = set(block.table.rows)
        self._frame(block, other)
        seen: set[str] = set()
        for row, key in other.rows:
            if key not in known or key in seen:
                self._lost(block, other, (row, key), "ROW_TWICE" if key in known else "ROW_UNKNOWN")
                continue
            seen.add(key)
            for one in block.fields:
                column = other.columns.get(one.key)
                if column is None or (value := other.sheet.cells.get((row, column))) is None:
                    continue
                self._use(other, (row, column))
                address = Address(block.table.key, key, one.key)
                typed = isinstance(block.table.column(one.key), Input)
                if typed and self.raw.get(address) != value:
                    self._put_aside("sheet_copy", other, (row, column), (key, one.header))
                    where = self._where(other, (row, column), key)
                    counted = shown(self.raw.get(address)) or "–"
                    self.problems.append(
                        problem("ANSWER_ON_COPY", where, value=shown(value), counted=counted)
                    )


def _header(block: Block, key: str) -> str:
    return next(one.header for one in block.fields if one.key == key)


def _alike(one: str, other: str) -> bool:
    """The same text but for white space, which programs treat each in their own way."""
    return one.split() == other.split()


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


@dataclass(frozen=True, slots=True)
class Returned:
    """A returned file with all that was found in it: for checks that go beyond the answers."""

    grid: Grid
    submission: Submission
    found: Mapping[str, Found]
    homes: Mapping[str, str]


def _version(identity: Identity, plan: WorkbookPlan, file: str) -> Iterator[Problem]:
    """A file from another version: whether its questions differ, or only the sheets around them."""
    if identity.plan in ("", plan.identity.plan):
        return
    then = {e.part: e.fingerprint for e in identity.editions}
    now = {e.part: e.fingerprint for e in plan.identity.editions}
    changed = [part for part, print_ in now.items() if then.get(part, "") != print_]
    if changed and all(then.values()):
        yield problem("PLAN_CHANGED", Where(file), parts=", ".join(changed))
    else:
        yield problem("LAYOUT_CHANGED", Where(file))


def understand(grid: Grid, library: Library) -> Returned:
    """Understand a file that was opened; see `read_workbook`."""
    try:
        identity, problems = read_identity(grid, library)
        plan = plan_again(library, identity)
    except HkzError as fault:
        raise _in_file(fault, grid.file) from None
    reader = _Reader(grid, plan, same_version=identity.plan == plan.identity.plan)
    reader.read()
    altered = _typed_over(reader)
    carried = loose_rows(grid, reader.used)
    shows = _shown_outside(plan, reader.raw)
    left = left_over(grid, plan, reader.used, reader.homes, reader.places, shows)
    extra = (*reader.extra, *left)
    told = [*grid.problems, *problems, *reader.problems, *_version(identity, plan, grid.file)]
    told += _extra_problems(extra, grid.file)
    submission = Submission(
        grid.file, identity, plan, reader.raw, reader.readings, reader.places, reader.stored,
        tuple(told), (*extra, *_over_fixed(altered), *_over_formulas(reader)), carried, altered, grid.epoch_1904, grid.kind,
    )  # fmt: skip
    return Returned(grid, submission, reader.found, reader.homes)


def read_workbook(
    path: Path, library: Library, engine: Engine | None = None, *, complete: bool = False
) -> Submission:
    """Read a returned workbook; bad cells are problems in the result, never exceptions.

    Raises:
        HkzError: the file as a whole cannot be used; the problem says why and what to do.
    """
    return understand(open_workbook(path, engine, complete=complete), library).submission


def _shown_outside(
    plan: WorkbookPlan, raw: Mapping[Address, RawValue]
) -> dict[str, frozenset[str]]:
    """What formulas outside the tables show, by sheet: they stand on no row that is found."""
    values = evaluation(plan, {address: cell_value(value) for address, value in raw.items()})
    return {
        sheet.key: frozenset(
            shown(values.value(f"{EXTRA}.{sheet.key}", "all", a1(cell.row, cell.column))).strip()
            for cell in sheet.formulas
        )
        for sheet in plan.sheets
        if sheet.formulas
    }


def _typed_over(reader: _Reader) -> tuple[Altered, ...]:
    """Fixed texts that a person changed. In a file from another version a column that differs
    for the most part is the other version's."""
    if reader.same_version:
        return tuple(reader.altered)
    counts: dict[tuple[str, str], int] = {}
    for one in reader.altered:
        key = (one.address.table, one.address.column)
        counts[key] = counts.get(key, 0) + (not one.owner)
    rows = {block.table.key: len(block.table.rows) for _, block in reader.plan.blocks()}
    return tuple(
        one
        for one in reader.altered
        if one.owner
        or counts[one.address.table, one.address.column] <= max(1, rows[one.address.table] // 2)
    )


def _over_fixed(altered: tuple[Altered, ...]) -> Iterator[Extra]:
    for one in altered:
        if one.value and not one.owner:
            yield Extra("given", one.where, one.value, one.address.row, one.column)


def _over_formulas(reader: _Reader) -> Iterator[Extra]:
    """Texts typed over a formula: no formula, or a text that ours does not give."""
    counted = evaluation(
        reader.plan, {address: cell_value(value) for address, value in reader.raw.items()}
    )
    for _, block, one in reader.plan.computed():
        found = reader.found.get(block.table.key)
        if found is None or one.key not in found.columns:
            continue
        column = found.columns[one.key]
        for row, key in found.rows:
            value, spot = found.sheet.cells.get((row, column)), (row, column)
            if not isinstance(value, str) or spot in found.sheet.formulas:
                continue
            known = key in block.table.rows
            ours = None if not known else counted.value(block.table.key, key, one.key)
            if reader.grid.complete or (known and not same(value, ours)):
                where = Where(reader.grid.file, None, found.sheet.title, a1(*spot), key)
                yield Extra("formula", where, value, key, one.header)


def _extra_problems(extra: tuple[Extra, ...], file: str) -> Iterator[Problem]:
    """One note per sheet; every cell stands in the list that repairing and checking make."""
    by_sheet: dict[str, list[Extra]] = {}
    for one in extra:
        if one.reason == "text":
            by_sheet.setdefault(one.where.sheet, []).append(one)
    for title, group in by_sheet.items():
        first = group[0]
        where = Where(file, None, title, first.where.cell, first.row)
        yield problem("EXTRA_TEXT", where, value=first.value, more=len(group) - 1)
