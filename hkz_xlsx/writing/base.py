"""One workbook for many clients: built once, then stamped.

Which cells differ follows from the plan: the cells that client data is typed in, and the formulas
that show it, found by following their expressions. The workbook is written once with a mark in
each such cell; these cells are cut out and filled in again per client. What the reference date
changes is not followed: another date is another base.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hkz_xlsx.layout.identity import CLIENT_PROPERTY
from hkz_xlsx.layout.plan import Block, WorkbookPlan
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.machine.garbage import uncollected
from hkz_xlsx.problems import Where
from hkz_xlsx.scoring.cell_values import CellError, CellValue, a1
from hkz_xlsx.scoring.evaluate import Evaluation, ReadyTables
from hkz_xlsx.scoring.reads import read_by, reads_of
from hkz_xlsx.scoring.tables import Address, Computed, Input, Inputs, Table
from hkz_xlsx.writing.checked import ERRORS, WriteRefusedError, check_text, literal
from hkz_xlsx.writing.pack import TYPED_SINCE
from hkz_xlsx.writing.stamp import QUICKER, SlotTemplate
from hkz_xlsx.writing.workbook import workbook_parts

CLIENT_TABLES = ("organisation", "client")
"""Tables whose typed cells are stamped; everything else that is typed belongs to the base."""

_OUTSIDE = "stamped"
_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: stands in no text of ours
_PROPERTIES = "docProps/custom.xml"


_Source = Address | tuple[str, str, int]
"""Where a value comes from: a typed cell, or table, column and row number of a computed one."""


def _computed(table: Table) -> Iterator[Computed]:
    return (column for column in table.columns if isinstance(column, Computed))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A cell, or the client property, that is filled in per client.

    ``head`` is its tag without type and closing, ``formula`` the formula element of a computed
    one; ``typed_empty`` says that an empty text has a type too.
    """

    source: _Source
    head: bytes
    formula: bytes = b""
    typed_empty: bool = False

    @property
    def is_property(self) -> bool:
        """Not a cell, but the client property."""
        return self.head.startswith(b"<property")

    @property
    def around(self) -> tuple[bytes, bytes]:
        """What stands before and after an ordinary text, one without anything to watch for."""
        if self.is_property:
            return self.head, b"</vt:lpwstr></property>"
        if self.formula:
            return self.head + b' t="str">' + self.formula + b"<v>", b"</v></c>"
        return self.head + b' t="inlineStr"><is><t xml:space="preserve">', b"</t></is></c>"

    def filled(self, value: CellValue, text: bytes) -> bytes:
        """The element with a value, as the writer writes it; ``text`` is the escaped value."""
        if self.is_property:
            return self.head + text + b"</vt:lpwstr></property>" if text else b""
        if self.formula:
            return self._computed(value, text)
        if value is None or value == "":
            return self.head + b"/>"
        if isinstance(value, str):
            if b"_x" in text:
                text = literal(text.decode()).encode()
            return b"".join((self.around[0], text, self.around[1]))
        return self.head + b"><v>%s</v></c>" % text

    def _computed(self, value: CellValue, text: bytes) -> bytes:
        shared = b't="shared"' in self.formula
        wrong = isinstance(value, CellError) or (value in ERRORS and not shared)
        text_value = (isinstance(value, str) and value != "") or (self.typed_empty and not text)
        kind = b' t="e"' if wrong else b' t="str"' if text_value else b""
        # Beside a formula of its own XlsxWriter writes a number as Python shows it; shared ones are
        # written by `InlineWorksheet`.
        if not shared and isinstance(value, int | float):
            text = str(value).encode()
        return self.head + kind + b">" + self.formula + b"<v>" + text + b"</v></c>"


def _escaped(value: CellValue) -> bytes:
    if value is None:
        return b""
    if isinstance(value, int | float):
        # As XlsxWriter writes numbers: a stamped file has to be the written one, byte for byte.
        return f"{value:.16G}".encode()
    text = str(value)
    if text.isalnum():
        return text.encode()
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def _shown(value: CellValue) -> tuple[CellValue, bytes, bool]:
    """A value, escaped, and whether it is an ordinary text: most are."""
    text = _escaped(value)
    ordinary = isinstance(value, str) and value != "" and value not in ERRORS
    return value, text, ordinary and b"_x" not in text


class Dependents:
    """The cells of a plan that show client data, and their values for a client."""

    def __init__(self, plan: WorkbookPlan) -> None:
        self.plan = plan
        self._text = plan.text
        tables = {table.key: table for table in plan.tables()}
        touched = self._closure(tables)
        exprs: dict[object, int] = {}
        self.typed: list[tuple[int, str, Address]] = []
        self.computed: list[tuple[int, str, _Source]] = []
        for number, sheet in enumerate(plan.sheets, 1):
            for cell in sheet.formulas:
                if read_by(cell.expr, "") & touched:
                    index = exprs.setdefault(cell.expr, len(exprs))
                    place = a1(cell.row, cell.column)
                    self.computed.append((number, place, (_OUTSIDE, f"e{index}", 0)))
            for block in sheet.blocks:
                self._client_cells(number, block, touched)
        columns = tuple(Computed(f"e{n}", e) for e, n in exprs.items())  # type: ignore[arg-type]  # keys are expressions
        needed = self._needed(tables, Table(_OUTSIDE, ("all",), columns))
        self._tables = ReadyTables(needed, self._text)

    def _client_cells(self, number: int, block: Block, touched: set[tuple[str, str]]) -> None:
        """The cells of a block that are typed or computed of what a client is."""
        key = block.table.key
        for field, column in zip(block.fields, block.columns, strict=True):
            if (key, field.key) not in touched:
                continue
            typed = not isinstance(block.table.column(field.key), Computed)
            for index, row in enumerate(block.table.rows):
                place = a1(block.first_row + index, column)
                if not typed:
                    self.computed.append((number, place, (key, field.key, index)))
                elif key in CLIENT_TABLES:
                    self.typed.append((number, place, Address(key, row, field.key)))

    @staticmethod
    def _closure(tables: Mapping[str, Table]) -> set[tuple[str, str]]:
        """Columns that depend on client data, however indirectly."""
        touched = {
            (key, column)
            for key in CLIENT_TABLES
            if key in tables
            for column in tables[key].inputs()
        }
        read = {
            (table.key, column.key): read_by(column.expr, table.key)
            for table in tables.values()
            for column in _computed(table)
        }
        while found := {at for at, sources in read.items() if sources & touched}:
            touched |= found
            for at in found:
                del read[at]
        return touched

    def _needed(self, tables: Mapping[str, Table], outside: Table) -> tuple[Table, ...]:
        """The tables that the values are computed from, and no other: most are not needed."""
        found = {_OUTSIDE: outside}
        own = [source[0] for _, _, source in self.computed if not isinstance(source, Address)]
        waiting = [outside, *(tables[key] for key in own if key in tables)]
        while waiting:
            table = waiting.pop()
            found[table.key] = table
            read = {key for c in _computed(table) for key, _ in read_by(c.expr, table.key)}
            waiting += [tables[key] for key in read if key not in found]
        reads = [reads_of(c.expr) for t in found.values() for c in _computed(t)]
        whole = {table for one in reads for table in one.whole}
        # A form has far more rows than formulas show; per client only those are evaluated.
        for key in set(CLIENT_TABLES) & found.keys() - whole:  # of a form only the cells read
            read_rows = {cell.row for one in reads for cell in one.cells if cell.table == key}
            rows = tuple(row for row in tables[key].rows if row in read_rows)
            inputs = tuple(c for c in tables[key].columns if isinstance(c, Input))
            found[key] = Table(key, rows, inputs)
        return tuple(found.values())

    def values(self, inputs: Inputs) -> Evaluation:
        """Evaluation of just what client data can change."""
        return Evaluation(self._tables, inputs, self._text)


class Base:
    """A workbook written once, to be stamped for any number of clients.

    Args:
        dependents: the plan and its client cells.
        common: typed values that are the same for all, such as the reference date.
        look: colours and the like, as `write_workbook` takes them.

    Raises:
        WriteRefusedError: client text stands where it cannot be filled in.
    """

    def __init__(self, dependents: Dependents, common: Inputs, look: Look = NEUTRAL) -> None:
        self._dependents = dependents
        self._common = dict(common)
        marks: dict[Address, CellValue] = {
            address: f"{_OPEN}{n}{_CLOSE}" for n, (_, _, address) in enumerate(dependents.typed)
        }
        parts = workbook_parts(dependents.plan, {**common, **marks}, look)
        slots: dict[str, list[tuple[int, int, _Slot]]] = {}
        typed = dependents.plan.identity.layout >= TYPED_SINCE
        for number, place, source in (*dependents.typed, *dependents.computed):
            name = f"xl/worksheets/sheet{number}.xml"
            slot = _cell_slot(parts[name], place, source, typed_empty=typed)
            slots.setdefault(name, []).append(slot)
        slots[_PROPERTIES] = [_property_slot(parts[_PROPERTIES])]
        for found in slots.values():
            found.sort(key=lambda slot: slot[0])
        cuts = {name: [(a, b) for a, b, _ in found] for name, found in slots.items()}
        # A scope is that of a client or a few, whole norms are those of hundreds.
        few = str(dependents.plan.identity.scope) != ""
        self._mould = SlotTemplate(parts, cuts, QUICKER if few else 0)
        computed = dict.fromkeys(s for _, _, s in dependents.computed if not isinstance(s, Address))
        self._computed = tuple(computed)
        self._typed = {address: n for n, (_, _, address) in enumerate(dependents.typed)}
        places: dict[_Source, int] = dict(self._typed.items())
        places |= {source: len(self._typed) + n for n, source in enumerate(computed)}
        # Everything but the value is put together now: for most cells a client costs one addition.
        self._slots = {
            name: tuple(
                (places[s.source], s, *s.around, s.filled(None, b"")) for *_, s in slots[name]
            )
            for name in self._mould.order
        }
        self._check(parts, cuts, marks)

    def _check(
        self,
        parts: Mapping[str, bytes],
        cuts: Mapping[str, list[tuple[int, int]]],
        marks: Inputs,
    ) -> None:
        """Stamping the marks gives what was written, and no mark stands anywhere else."""
        # At every base, not in a test only: a client's text that stood elsewhere would stand in the
        # files of all others.
        filled = self._filled({**self._common, **marks})
        for name, raw in parts.items():
            start = 0
            for (cut, end), value in zip(cuts.get(name, ()), filled.get(name, ()), strict=True):
                if raw[cut:end] != value or _marked(raw, start, cut):
                    raise WriteRefusedError(f"{name}: client text that cannot be stamped")
                start = end
            if _marked(raw, start, len(raw)):
                raise WriteRefusedError(f"{name}: client text that cannot be stamped")

    def _filled(self, inputs: Inputs) -> dict[str, list[bytes]]:
        known: list[tuple[CellValue, bytes, bool] | None] = [None] * len(self._typed)
        for address, value in inputs.items():
            if address in self._typed and value is not None and value != "":
                known[self._typed[address]] = _shown(value)
        if self._computed:
            values = self._dependents.values(inputs)
            for table, column, row in self._computed:
                value = values.column(table, column)[row]
                known.append(_shown(value))
        return {
            name: [
                blank
                if (found := known[index]) is None
                else before + found[1] + after
                if found[2]
                else slot.filled(*found[:2])
                for index, slot, before, after, blank in slots
            ]
            for name, slots in self._slots.items()
        }

    @property
    def head(self) -> bytes:
        """The bytes that every stamped file begins with."""
        return self._mould.head

    def tail(self, inputs: Inputs) -> list[bytes]:
        """What follows `head` in the file of a client, in pieces.

        Raises:
            HkzError: a text that no cell can hold.
            KeyError: an input that is neither client data nor that of this base; our mistake.
        """
        for address, value in inputs.items():
            if address.table not in CLIENT_TABLES:
                if self._common.get(address) != value:
                    raise KeyError(address)
            elif address not in self._typed:
                raise KeyError(address)
            elif isinstance(value, str) and not (value.isprintable() and len(value) < 10_000):  # noqa: PLR2004 - what is short and printable needs no closer look
                check_text(value, self._where(address))
        return self._mould.fill(self._filled(inputs))

    def _where(self, address: Address) -> Where:
        number, place, _ = self._dependents.typed[self._typed[address]]
        return Where("", None, self._dependents.plan.sheets[number - 1].title, place)


def _marked(raw: bytes, start: int, end: int) -> bool:
    """Whether a mark stands in a part of a member."""
    # One byte is looked for far quicker than three, and most members have it nowhere.
    mark = _OPEN.encode()
    return raw.find(mark[:1], start, end) >= 0 and raw.find(mark, start, end) >= 0


def _cell_slot(
    part: bytes, place: str, source: _Source, *, typed_empty: bool
) -> tuple[int, int, _Slot]:
    start = part.find(b'<c r="%s"' % place.encode())
    if start < 0:
        raise WriteRefusedError(f"{place} was not written")
    tag = part.index(b">", start)
    end = tag + 1 if part[tag - 1 : tag] == b"/" else part.index(b"</c>", tag) + 4
    # The type follows from the value, so it comes with it.
    head = re.sub(rb' t="\w+"', b"", part[start:tag].rstrip(b"/"))
    if isinstance(source, Address):
        return start, end, _Slot(source, head)
    formula = part[tag + 1 : part.index(b"<v>", tag)]
    return start, end, _Slot(source, head, formula, typed_empty)


def _property_slot(part: bytes) -> tuple[int, int, _Slot]:
    name = part.index(b'name="%s"' % CLIENT_PROPERTY.encode())
    start, end = part.rindex(b"<property ", 0, name), part.index(b"</property>", name)
    text = part.index(b"<vt:lpwstr>", name) + len(b"<vt:lpwstr>")
    source = Address("client", "workbook_id", "value")
    return start, end + len(b"</property>"), _Slot(source, part[start:text])


class Stamper:
    """Makes workbooks of one plan; keeps the base of the last reference date.

    `make` is what `hkz generate` and `hkz batch` have in common.
    """

    def __init__(self, plan: WorkbookPlan, look: Look = NEUTRAL) -> None:
        self.plan, self._look = plan, look
        self._key: frozenset[tuple[Address, CellValue]] | None = None
        self._base: Base | None = None

    @cached_property
    def _dependents(self) -> Dependents:
        return Dependents(self.plan)

    def base(self, inputs: Inputs) -> Base:
        """The base for these inputs; built when the last one does not fit."""
        common = {a: v for a, v in inputs.items() if a.table not in CLIENT_TABLES}
        key = frozenset(common.items())
        if self._base is None or key != self._key:
            with uncollected():
                self._base = Base(self._dependents, common, self._look)
            self._key = key
        return self._base

    def make(self, inputs: Inputs) -> bytes:
        """The bytes of one workbook; raises `HkzError` for a text that no cell can hold."""
        base = self.base(inputs)
        return b"".join((base.head, *base.tail(inputs)))
