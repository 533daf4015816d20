"""Walks a plan through a file: answers, fixed texts and results by address, and what is odd."""

from __future__ import annotations

from dataclasses import dataclass, field

from hkz_xlsx.layout.codecs import Reading, folded
from hkz_xlsx.layout.plan import Block, Field, WorkbookPlan
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.compare import same
from hkz_xlsx.returned.find import Finder, FoundBlock
from hkz_xlsx.returned.meant import about, doubtful_days, meant
from hkz_xlsx.returned.named import text_at
from hkz_xlsx.returned.submission import Altered
from hkz_xlsx.scoring.cell_values import RawValue, a1, cell_value, shown
from hkz_xlsx.scoring.choices import LICENSED, T
from hkz_xlsx.scoring.tables import Address, Computed, Given, Input, TableColumn
from hkz_xlsx.sheets.loose_sheets import Extra, Reason
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.text import catalogue

Used = dict[str, set[tuple[int, int]]]
"""Cells per sheet title that are accounted for."""


@dataclass
class Collector:
    """Walks the plan and collects what stands in the file."""

    grid: Grid
    plan: WorkbookPlan
    problems: list[Problem] = field(default_factory=list)
    raw: dict[Address, RawValue] = field(default_factory=dict)
    readings: dict[Address, Reading] = field(default_factory=dict)
    places: dict[Address, Where] = field(default_factory=dict)
    stored: dict[Address, RawValue] = field(default_factory=dict)
    extra: list[Extra] = field(default_factory=list)
    altered: list[Altered] = field(default_factory=list)
    found: dict[str, FoundBlock] = field(default_factory=dict)
    used: Used = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    same_version: bool = True
    _contents: dict[str, TableColumn] = field(default_factory=dict)
    _frame_texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _texts: dict[str, frozenset[str]] = field(default_factory=dict)

    def read(self) -> None:
        """Every table of the plan, wherever it now stands."""
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
            if not typed and not block.table.computed() and not block.carried:
                continue
            code = "BLOCK_MISSING" if typed else "RESULTS_MISSING"
            if block.carried:
                code = "EARLIER_MISSING"
            if (code, sheet.title) not in gone:
                gone.add((code, sheet.title))
                self.problems.append(problem(code, Where(self.grid.file), table=sheet.title))

    def _where(self, found: FoundBlock, at: tuple[int, int], row: str = "") -> Where:
        return Where(self.grid.file, None, found.sheet.title, a1(*at), row)

    def _use(self, found: FoundBlock, at: tuple[int, int]) -> None:
        self.used.setdefault(found.sheet.title, set()).add(at)

    def _block(self, block: Block, found: FoundBlock) -> None:
        known = set(block.table.rows)
        first: dict[str, int] = {}
        by_key = {column.key: column for column in block.table.columns}
        self._contents = {one.key: by_key[one.key] for one in block.fields}
        here = [one for one in block.fields if one.key in found.columns]
        self._frame_texts = {one.key: _frame_of(block, found, one) for one in here}
        self._frame(block, found)
        self._by_text(found, known)
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
        self._days(block)

    def _days(self, block: Block) -> None:
        """Days that could be two days, in columns where a month stands first."""
        for one in block.fields:
            typed = [
                (address, self.raw[address])
                for index, row in enumerate(block.table.rows)
                if (codec := one.codec(index)) is not None and codec.kind == "date"
                and (address := Address(block.table.key, row, one.key)) in self.raw
            ]  # fmt: skip
            for address, value, other in doubtful_days(typed):
                where = self.places[address]
                if self.readings[address].state == "cleaned":
                    self.problems = [p for p in self.problems if p.where != where]
                    slots = {"value": shown(value), "other": shown(other)}
                    self.problems.append(problem("DATE_DOUBTFUL", where, **slots))
                    self.readings[address] = Reading("unknown", None, value)

    def _by_text(self, found: FoundBlock, known: set[str]) -> None:
        """Rows without a number, or with one that only looks like it, known by their question."""
        column = found.columns.get("id")
        if column is None:
            return
        bare = [
            (row, key) for row, key in found.rows
            if key in known
            and (text := text_at(found.sheet, row, column)) != key
            and folded(text) != folded(key)
        ]  # fmt: skip
        if bare:
            row, key = bare[0]
            where = self._where(found, (row, column), key)
            self.problems.append(problem("ROW_BY_TEXT", where, row=key, more=len(bare) - 1))

    def _frame(self, block: Block, found: FoundBlock) -> None:
        """Keys and headers are accounted for; a column that stands there twice is told."""
        for key, column in (*found.columns.items(), *found.doubled):
            self._use(found, (found.elsewhere.get(key, found.top), column))
            header = shown(found.sheet.cells.get((found.header_row, column)))
            # Above a column of another version stands its own header.
            if header == _header(block, key) or not self.same_version:
                self._use(found, (found.header_row, column))
        content = {one.key: block.table.column(one.key) for one in block.fields}
        for key in found.swapped:
            where = self._where(found, (found.header_row, found.columns[key]))
            self.problems.append(problem("COLUMN_SWAPPED", where, column=_header(block, key)))
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
                if isinstance(content[key], Input) or _typed_over(content[key], value):
                    self._put_aside(
                        "column_twice", found, (row, column), (name, _header(block, key))
                    )

    def _put_aside(
        self, reason: Reason, found: FoundBlock, at: tuple[int, int], about: tuple[str, str]
    ) -> None:
        self._use(found, at)
        value = shown(found.sheet.cells.get(at))
        where = self._where(found, at, about[0])
        self.extra.append(Extra(reason, where, value, *about))

    def _lost(self, block: Block, found: FoundBlock, at: tuple[int, str], code: str) -> None:
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
        if {shown(value).strip() for _, value in here} <= self._written(block):
            return  # texts of ours, sorted along with a table
        if code == "ROW_UNKNOWN" and [one.key for one, _ in here] == ["id"]:
            return  # a text beside the table
        if (not key and not inputs) or (code == "ROW_UNKNOWN" and not block.table.inputs()):
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
                    filled.append(f"{one.header}: {_told(block, one.key, value)}")
                self._put_aside(reason, found, place, (key, one.header))
        if block.table.inputs() and (filled or code == "ROW_TWICE"):
            values = "; ".join(filled) or "–"
            where = self._where(found, (row, 0))
            code = code if key else "ROW_NUMBERLESS"
            slots = {"row": key} if key else {}
            self.problems.append(problem(code, where, values=values, **slots))

    def _written(self, block: Block) -> frozenset[str]:
        """Texts that we write on the sheet of a block, outside its tables."""
        sheet = next(sheet for sheet in self.plan.sheets if block in sheet.blocks)
        if sheet.key not in self._texts:
            own = {one.text.strip() for one in sheet.texts} | {sheet.title}
            own |= {f.header for b in sheet.blocks for f in b.fields}
            self._texts[sheet.key] = frozenset(own)
        return self._texts[sheet.key]

    def _own_words(self) -> frozenset[str]:
        return frozenset(catalogue(self.plan.lang, self.plan.model.wording).values())

    def _cell(self, block: Block, found: FoundBlock, at: tuple[int, int], one: Field) -> None:
        index, row = at
        place = (row, found.columns[one.key])
        value = found.sheet.cells.get(place)
        content = self._contents[one.key]
        if isinstance(content, Given) and value == content.values[index]:
            self._use(found, place)
            return  # by far the most cells
        address = Address(block.table.key, block.table.rows[index], one.key)
        where = self._where(found, place, address.row)
        self._use(found, place)
        if isinstance(value, str) and value in self._frame_texts[one.key]:
            return  # of a key or header row, of which only some columns were sorted
        if isinstance(content, Given):
            # What the file says about itself was read before, and differs between versions.
            if all(block is not own for own in self.plan.sheets[-1].blocks):
                self._given(block, one, (address, where), (value, content.values[index]))
            return
        self.places[address] = where
        if isinstance(content, Computed):
            self.stored[address] = value
            return
        if value is None:
            if place in found.sheet.uncalculated:
                self.problems.append(problem("ANSWER_NOT_CALCULATED", where))
            return
        self.raw[address] = value
        codec = one.codec(index)
        if codec is None:  # not typed by a person
            self.readings[address] = Reading("exact", cell_value(value), value)
            return
        manner = found.sheet.manners.get(place)
        reading = meant(codec, codec.from_cell(value, self.plan.lang), manner, self.plan.lang)
        self.readings[address] = reading
        self.problems.extend(about(codec, reading, where, self.plan, manner))

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
        owner = owners[0] if owners else ""
        self.altered.append(
            Altered(address, where, one.header, shown(value), shown(expected), owner)
        )

    def _copies(self, block: Block, here: tuple[FoundBlock, ...]) -> None:
        """Answers on a copied sheet do not count; those that differ are told with their cell."""
        first, *others = here
        if not others:
            return
        if block.table.inputs():
            titles = ", ".join(
                other.sheet.title if other.sheet is not first.sheet
                else f"{other.sheet.title}!{a1(other.top, 0)}"
                for other in others
            )  # fmt: skip
            where = Where(self.grid.file, None, first.sheet.title)
            told = problem("BLOCK_TWICE", where, table=first.sheet.title, others=titles)
            self.problems.append(told)
        for other in others:
            self._copy(block, other)

    def _copy(self, block: Block, other: FoundBlock) -> None:
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
                content = block.table.column(one.key)
                if _typed_over(content, value):
                    self._put_aside("sheet_copy", other, (row, column), (key, one.header))
                typed = isinstance(content, Input)
                if typed and self.raw.get(address) != value:
                    self._put_aside("sheet_copy", other, (row, column), (key, one.header))
                    where = self._where(other, (row, column), key)
                    counted = _told(block, one.key, self.raw.get(address)) or "–"
                    told = _told(block, one.key, value)
                    self.problems.append(
                        problem("ANSWER_ON_COPY", where, value=told, counted=counted)
                    )


def _header(block: Block, key: str) -> str:
    return next(one.header for one in block.fields if one.key == key)


def _frame_of(block: Block, found: FoundBlock, one: Field) -> tuple[str, ...]:
    """Texts of the key and header row that may stand among the answers of a column."""
    header = shown(found.sheet.cells.get((found.header_row, found.columns[one.key]))).strip()
    own = (block.marker(one.key),)
    computed = isinstance(block.table.column(one.key), Computed)
    return own if header == one.header and not computed else (*own, one.header)


def _typed_over(content: TableColumn, value: RawValue) -> bool:
    """Whether a person typed over a fixed text: what stands there is none of that column."""
    return (
        isinstance(content, Given)
        and isinstance(value, str)
        and not any(_alike(value, shown(own)) for own in content.values)
    )


def _told(block: Block, key: str, value: RawValue) -> str:
    """A value as messages show it: of text from somebody's own copy of the norm only that it is
    there, as messages stand in reports for others."""
    if value is not None and block.table.key == T.requirements and key in LICENSED:
        return "…"
    return shown(value)


def _alike(one: str, other: str) -> bool:
    """The same text but for white space, which programs treat each in their own way."""
    return one.split() == other.split()
