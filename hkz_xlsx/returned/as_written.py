"""What is known of the files of a plan: where what stands in a workbook as it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from hkz_xlsx.layout.codecs import Codec, Reading
from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.layout.values import EXTRA
from hkz_xlsx.problems import Where
from hkz_xlsx.returned.compare import ComputedCells, ComputedColumn
from hkz_xlsx.returned.hanging import Ours
from hkz_xlsx.returned.set_aside import plan_texts
from hkz_xlsx.scoring.cell_values import RawValue, a1
from hkz_xlsx.scoring.tables import Address, Computed, Input
from hkz_xlsx.sheets.loose_sheets import SHEETS, marker
from hkz_xlsx.spreadsheet.grid import Area, Grid, SheetGrid, Spot, Visibility, one_spot
from hkz_xlsx.text import Lang

Readings = dict[tuple[type, RawValue], tuple[Reading, bool]]
"""How a value is understood, and whether there is nothing more to say of it."""

_KEPT: dict[tuple[Codec, Lang], Readings] = {}
"""Readings of short values by kind of cell; they are the same thousands of times."""


@dataclass(frozen=True, slots=True)
class InputCell:
    """A cell that people fill in."""

    spot: Spot
    address: Address
    codec: Codec | None
    title: str
    known: Readings

    def where(self, file: str) -> Where:
        """The cell, for messages."""
        return Where(file, None, self.title, a1(*self.spot), self.address.row)


Together = tuple[str, tuple[Spot, ...], tuple[InputCell, ...]]
"""The title of a sheet, and inputs on it with their places."""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet as it was written: where something fixed stands, what that is, and where anything may
    stand, in their order.

    ``cover`` is where a house style puts its own texts; they are no answers.
    """

    fixed: tuple[Spot, ...]
    standing: tuple[RawValue, ...]
    cover: frozenset[Spot]
    home: Sheet
    visibility: Visibility
    merged: frozenset[Area]
    free: tuple[Spot, ...]
    typed: frozenset[Spot]
    computed: frozenset[Spot]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A workbook as it was written, by title of sheet.

    ``inputs`` stand in the order in which a file is read by keys, ``computed`` are the
    computed cells, ``places`` are all of both. ``reserved`` are texts that would be taken for a
    key when they were typed; ``written`` all texts that we write.
    """

    ours: Ours
    sheets: Mapping[str, WrittenSheet]
    inputs: Sequence[Together]
    by_column: Sequence[Together]
    computed: ComputedCells
    places: Mapping[Address, tuple[str, Spot]]
    outside: tuple[tuple[str, Spot, str, str], ...]
    reserved: frozenset[str]
    written: frozenset[str]


def written_file(plan: WorkbookPlan, grid: Grid) -> WrittenFile:
    """What is known of files of a plan, from one as it was written."""
    written = {s.title: s for s in grid.sheets}
    sheets: dict[str, WrittenSheet] = {}
    inputs: list[tuple[tuple[int, int, int], InputCell]] = []
    columns: list[ComputedColumn] = []
    order: list[tuple[tuple[int, int, int], Address, tuple[str, Spot]]] = []
    outside = []
    for number, (sheet, block) in enumerate(plan.blocks()):
        for place, (placed, column) in enumerate(zip(block.fields, block.columns, strict=True)):
            content = block.table.column(placed.key)
            if not isinstance(content, Input | Computed):
                continue
            spots = [
                one_spot((block.first_row + index, column))
                for index in range(len(block.table.rows))
            ]
            addresses = [Address(block.table.key, row, placed.key) for row in block.table.rows]
            for index, (spot, address) in enumerate(zip(spots, addresses, strict=True)):
                rank = (number, index, place)
                order.append((rank, address, (sheet.title, spot)))
                if isinstance(content, Input):
                    codec = placed.codec(index)
                    known = _KEPT.setdefault((codec, plan.lang), {}) if codec else {}
                    inputs.append((rank, InputCell(spot, address, codec, sheet.title, known)))
            if isinstance(content, Computed) and spots:
                ranks = [(number, index, place) for index in range(len(spots))]
                columns.append(
                    ComputedColumn(
                        sheet.title, placed.header, tuple(spots), tuple(addresses), tuple(ranks)
                    )
                )
    order.sort()
    places = {address: at for _, address, at in order}
    for sheet in plan.sheets:
        typed = frozenset(one.spot for _, one in inputs if one.title == sheet.title)
        computed = frozenset(s for c in columns if c.title == sheet.title for s in c.spots)
        loose = frozenset(one_spot((cell.row, cell.column)) for cell in sheet.formulas)
        outside += [(sheet.title, spot, f"{EXTRA}.{sheet.key}", a1(*spot)) for spot in loose]
        sheets[sheet.title] = _sheet(sheet, written[sheet.title], typed, computed | loose)
    marks = {marker(key, "id") for key in SHEETS}
    marks |= {block.marker(field.key) for _, block in plan.blocks() for field in block.fields}
    ranked = sorted(inputs, key=lambda pair: pair[0])
    return WrittenFile(
        Ours.of(plan), sheets, _together(one for _, one in ranked),
        _together(one for _, one in inputs), ComputedCells(columns), places, tuple(outside),
        frozenset(marks), frozenset(plan_texts(plan)),
    )  # fmt: skip


def _together(inputs: Iterable[InputCell]) -> tuple[Together, ...]:
    """Inputs on end that stand on one sheet."""
    groups = ((title, tuple(some)) for title, some in groupby(inputs, key=lambda one: one.title))
    return tuple((title, tuple(one.spot for one in some), some) for title, some in groups)


def _sheet(
    sheet: Sheet, written: SheetGrid, typed: frozenset[Spot], computed: frozenset[Spot]
) -> WrittenSheet:
    """What is known of one sheet: what stands in no input, formula or cover never differs."""
    cover = frozenset(one_spot((row, 0)) for row in sheet.cover or ())
    free = typed | computed | cover
    fixed = {spot: value for spot, value in written.cells.items() if spot not in free}
    return WrittenSheet(
        tuple(fixed), tuple(fixed.values()), cover, sheet, written.visibility,
        frozenset(written.merged), tuple(sorted(free)), typed, computed,
    )  # fmt: skip
