"""A filled workbook out of one that was written before: values put in the place of values.

Of a plan in a look only four things depend on the answers: the typed cells, the values stored
beside formulas, those that charts keep of the cells they show, and the client property. They are
cut out of the parts of a workbook that was written by `hkz_xlsx.writing.workbook`, and filled in
again for every next one; all else is packed once. The files are those that would be written, byte
for byte.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hkz_xlsx.layout.identity import CLIENT_PROPERTY
from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.layout.refs import Places
from hkz_xlsx.layout.values import EXTRA, evaluation
from hkz_xlsx.problems import Where
from hkz_xlsx.scoring.cell_values import CellValue, a1
from hkz_xlsx.scoring.tables import Address, Computed, Input, Inputs
from hkz_xlsx.writing.beside import NotStampableError
from hkz_xlsx.writing.checked import check_text
from hkz_xlsx.writing.pack import CHARTS, SHEETS, TYPED_SINCE
from hkz_xlsx.writing.stamp import QUICKER, Packed, packed
from hkz_xlsx.writing.value_texts import ValueTexts, escaped

_CELL = re.compile(
    r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?(?: t="\w+")?'
    r"(?:/>|>(<f(?:/>|[^>]*/>|[^>]*>[^<]*</f>))?.*?</c>)",
    re.DOTALL,
)
_ROW = re.compile(r'<row r="([0-9]+)"[^>]*? ht="([^"]*)"')
_CACHE = re.compile(
    r"(<c:f>([^<]*)</c:f><c:numCache><c:formatCode>General</c:formatCode>)(.*?)(</c:numCache>)"
)
_CUSTOM = "docProps/custom.xml"
CLIENT_ID = Address("client", "workbook_id", "value")
SHORT = 10_000
"""Length below which a printable text needs no closer look."""


def alive(plan: WorkbookPlan, parts: Mapping[str, bytes]) -> frozenset[str]:
    """Names of the parts that hold answers, or values that follow from them."""

    def lives(sheet: Sheet) -> bool:
        tables = [block.table for block in sheet.blocks]
        return bool(sheet.formulas) or any(t.inputs() or t.computed() for t in tables)

    sheets = {f"{SHEETS}{n}.xml" for n, sheet in enumerate(plan.sheets, 1) if lives(sheet)}
    return frozenset(sheets | {name for name in parts if name.startswith(CHARTS)})


def packed_parts(
    plan: WorkbookPlan, parts: Mapping[str, bytes], inputs: Inputs
) -> Iterator[tuple[str, Packed]]:
    """The parts of a workbook, each packed as it is in every file of the plan.

    Args:
        plan: the workbook.
        parts: as they were written, by name.
        inputs: what was typed; where nothing was, all parts serve every client and are packed well.
    """
    quicker = alive(plan, parts) if inputs else frozenset[str]()
    for name, raw in parts.items():
        yield name, quickly(raw) if name in quicker else packed(raw)


def quickly(raw: bytes) -> Packed:
    """A part of this file only, packed."""
    return packed(raw, QUICKER)


@dataclass(frozen=True, slots=True)
class _Row:
    """A place for the height of a row: the text before it."""

    before: str
    number: str


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place for a value: the text before it with the head of its cell, and its formula, which
    may be ``shared`` by its column."""

    before: str
    index: int
    formula: str
    shared: bool


class _Sheet:
    """A sheet with places to fill in: cells, and heights of rows by their number."""

    def __init__(self, text: str, sources: Mapping[str, int], rows: Iterable[str]) -> None:
        self.slots: list[_Slot | _Row] = []
        # Heights and cells in the order of the part: it is cut once, and put together by joining.
        start = 0
        known = frozenset(rows)
        cells = ((m.start(), m) for m in _CELL.finditer(text) if m[1] in sources)
        heights = ((m.start(), m) for m in _ROW.finditer(text) if m[1] in known)
        for _, found in sorted((*cells, *heights), key=operator.itemgetter(0)):
            if found.re is _ROW:
                self.slots.append(_Row(text[start : found.start(2)], found[1]))
                start = found.end(2)
                continue
            head = f'<c r="{found[1]}"{found[2] or ""}'
            formula = f">{found[3]}<v>" if found[3] else ""
            before = text[start : found.start()] + head
            shared = '<f t="shared"' in formula
            self.slots.append(_Slot(before, sources[found[1]], formula, shared))
            start = found.end()
        self._rest = text[start:]
        # A cell that was not found is written in a way that is not known here: then every file of
        # this plan is written, which is slower and as right.
        if len(self.slots) != len(sources) + len(known):
            raise NotStampableError(f"{len(self.slots)} of {len(sources)} cells")

    def filled(
        self, typed: Sequence[CellValue], computed: Sequence[CellValue],
        heights: Mapping[str, str], texts: ValueTexts,
    ) -> str:  # fmt: skip
        """The sheet with these values."""
        found: list[str] = []
        for slot in self.slots:
            if isinstance(slot, _Row):
                found += slot.before, heights[slot.number]
            elif not slot.formula:
                found += slot.before, texts.typed(typed[slot.index])
            else:
                value = computed[slot.index]
                kind, shown = texts.shared(value) if slot.shared else texts.alone(value)
                found += slot.before, kind, slot.formula, shown, "</v></c>"
        found.append(self._rest)
        return "".join(found)


def heights_of(plan: WorkbookPlan) -> dict[str, dict[str, str]]:
    """Heights of rows that follow what is typed, per part by number of the row.

    Raises:
        NotStampableError: a height that is written otherwise, or on which a chart depends.
    """
    found: dict[str, dict[str, str]] = {}
    for number, sheet in enumerate(plan.sheets, 1):
        if sheet.quiet_columns:
            if sheet.charts:
                raise NotStampableError(sheet.key)
            found[f"{SHEETS}{number}.xml"] = {
                str(block.first_row + index + 1): _height(points)
                for block in sheet.blocks
                for index, points in enumerate(block.heights)
            }
    return found


def _height(points: float) -> str:
    """As XlsxWriter writes it: in whole pixels; no height at all for that of any row."""
    pixels = int(points * 4 / 3 + 0.5)
    if pixels in (0, _DEFAULT_PIXELS):
        raise NotStampableError(str(points))
    return f"{pixels * 0.75:.16g}"


_DEFAULT_PIXELS = 20


class _Sources:
    """The typed and the computed cells of a plan, and the place of each in the list of values."""

    def __init__(self) -> None:
        self.typed: dict[Address, Where] = {}
        self.columns: list[tuple[str, str]] = []
        self._count = 0

    def of(self, sheet: Sheet) -> dict[str, int]:
        """Per cell of a sheet its place among the typed values, or among the computed ones."""
        found: dict[str, int] = {}
        for cell in sheet.formulas:
            place = a1(cell.row, cell.column)
            found[place] = self._column((f"{EXTRA}.{sheet.key}", place), 1)
        for block in sheet.blocks:
            rows = block.table.rows
            for field, column in zip(block.fields, block.columns, strict=True):
                content = block.table.column(field.key)
                written = not sheet.left_out(field, column)
                cells = [a1(block.first_row + index, column) for index in range(len(rows))]
                if isinstance(content, Computed) and written:
                    first = self._column((block.table.key, field.key), len(rows))
                    found |= {place: first + index for index, place in enumerate(cells)}
                elif isinstance(content, Input):
                    for row, place in zip(rows, cells, strict=True):
                        if written:
                            found[place] = len(self.typed)
                        address = Address(block.table.key, row, field.key)
                        self.typed[address] = Where("", None, sheet.title, place)
        return found

    def _column(self, key: tuple[str, str], count: int) -> int:
        first, self._count = self._count, self._count + count
        self.columns.append(key)
        return first


def _live_ranges(plan: WorkbookPlan) -> dict[str, tuple[str, str]]:
    """Ranges that charts keep the values of, by how they are written in a chart.

    Of formulas that are the same down a column XlsxWriter keeps none.
    """
    places = Places.of(plan.sheets)
    found: dict[str, tuple[str, str]] = {}
    for chart in (chart for sheet in plan.sheets for chart in sheet.charts):
        values = [one.column for one in (*chart.series, *([chart.line] if chart.line else []))]
        for column in (chart.categories, *values):
            content = places.at[column.table][1].table.column(column.column)
            alone = isinstance(content, Computed) and isinstance(content.expr, tuple)
            if isinstance(content, Input) or (alone and column is chart.categories):
                raise NotStampableError(chart.key)
            if alone:
                written = escaped(places.column(column, None))
                found[written] = (column.table, column.column)
    return found


class FilledTemplate:
    """A workbook with places for everything that depends on the answers.

    Args:
        plan: the workbook.
        inputs: what was typed in the parts.
        parts: as they were written.
        beside: names of those that are written anew for every file.

    Raises:
        NotStampableError: this plan can only be written.
    """

    def __init__(
        self, plan: WorkbookPlan, inputs: Inputs, parts: Mapping[str, bytes],
        beside: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self._plan = plan
        self._texts = ValueTexts(typed_empty=plan.identity.layout >= TYPED_SINCE)
        self._sources = _Sources()
        self._sheets: dict[str, _Sheet] = {}
        heights = heights_of(plan)
        for number, sheet in enumerate(plan.sheets, 1):
            places, name = self._sources.of(sheet), f"{SHEETS}{number}.xml"
            if places:
                self._sheets[name] = _Sheet(parts[name].decode(), places, heights.get(name, ()))
        self._charts = {
            name: raw.decode() for name, raw in parts.items() if name.startswith(CHARTS)
        }
        self._live = _live_ranges(plan)
        self._custom, self._id = parts[_CUSTOM].decode(), str(inputs.get(CLIENT_ID) or "")
        changing = {*self._sheets, *self._charts, _CUSTOM, *beside}
        self._packed = {
            name: None if name in changing else packed(raw) for name, raw in parts.items()
        }
        self._quicker = alive(plan, parts)
        # Filled with its own answers it has to be what was written. At every template, not in a
        # test only: with another release of XlsxWriter a difference costs time and no file.
        if any(parts[name] != raw for name, raw in self.changing(inputs, heights).items()):
            raise NotStampableError(plan.identity.plan)

    def members(
        self, plan: WorkbookPlan, inputs: Inputs, beside: Mapping[str, bytes] | None = None
    ) -> Iterator[tuple[str, Packed]]:
        """The parts of a workbook with other answers, packed.

        Args:
            plan: the workbook, with rows as high as the answers make them.
            inputs: what is typed.
            beside: the parts that are written anew.

        Raises:
            HkzError: a typed text that no cell can hold.
            KeyError: a typed value without a place; our mistake.
            NotStampableError: a value that no cell holds: writing it says so.
        """
        odd = False
        for address, value in inputs.items():
            if address not in self._sources.typed:
                raise KeyError(address)
            if isinstance(value, str):
                odd = odd or not (value.isprintable() and len(value) < SHORT)
            elif isinstance(value, float) and not math.isfinite(value):
                raise NotStampableError(str(address))
        # Looking at every character of all texts would take longer than filling them in; nearly all
        # are short and printable.
        if odd:
            for address, where in self._sources.typed.items():
                if isinstance(value := inputs.get(address), str):
                    check_text(value, where)
        changing = {**self.changing(inputs, heights_of(plan)), **(beside or {})}
        for name, kept in self._packed.items():
            if kept is not None:
                yield name, kept
            elif name in self._quicker:
                yield name, quickly(changing[name])
            else:
                yield name, packed(changing[name])

    def changing(
        self, inputs: Inputs, heights: Mapping[str, Mapping[str, str]]
    ) -> dict[str, bytes]:
        """The parts that depend on the answers, by name; ``heights`` as `heights_of` gives them."""
        values = evaluation(self._plan, inputs)
        typed = list(map(inputs.get, self._sources.typed))
        computed = [v for key in self._sources.columns for v in values.column(*key)]
        found = {
            name: sheet.filled(typed, computed, heights.get(name, {}), self._texts)
            for name, sheet in self._sheets.items()
        }
        ranges = {written: _cache(values.column(*key)) for written, key in self._live.items()}

        def cached(one: re.Match[str]) -> str:
            return f"{one[1]}{ranges[one[2]]}{one[4]}" if one[2] in ranges else one[0]

        found |= {name: _CACHE.sub(cached, text) for name, text in self._charts.items()}
        found[_CUSTOM] = self._named(str(inputs.get(CLIENT_ID) or ""))
        return {name: text.encode() for name, text in found.items()}

    def _named(self, client: str) -> str:
        """The properties with the id of a client; whether there is one is the same every time."""
        if bool(client) != bool(self._id):
            raise NotStampableError(CLIENT_PROPERTY)
        before, name, after = self._custom.partition(f'name="{CLIENT_PROPERTY}"')
        old, new = (f">{escaped(one)}</vt:lpwstr>" for one in (self._id, client))
        return before + name + after.replace(old, new, 1) if client else self._custom


def _cache(values: Sequence[CellValue]) -> str:
    """What XlsxWriter's charts keep of cells with a formula each."""
    found = [f'<c:ptCount val="{len(values)}"/>']
    for index, value in enumerate(values):
        shown = value if isinstance(value, int | float) else 0
        found.append(f'<c:pt idx="{index}"><c:v>{shown}</c:v></c:pt>')
    return "".join(found)
