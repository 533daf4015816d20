"""Expressions to values: what a spreadsheet program would compute.

Every expression is made a Python function once per plan (`hkz_xlsx.scoring.translate`); the values
of some 8,000 cells then cost a few milliseconds a file. The semantics are those of
`hkz_xlsx.scoring.expr`; recalculation by LibreOffice and IronCalc is compared with this module in
the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import Any

from hkz_xlsx.scoring.cell_values import VALUE_ERROR, CellError, CellValue
from hkz_xlsx.scoring.numbers import NUMBER_ERROR
from hkz_xlsx.scoring.operations import NUMBERS
from hkz_xlsx.scoring.tables import Address, Computed, Given, Inputs, Table, tables_by_key
from hkz_xlsx.scoring.translate import Translated, translated
from hkz_xlsx.text import Messages

NOT_AVAILABLE = CellError("#N/A")
_ADDED = (int, float)

_Key = tuple[str, str]
"""Table and column."""

_Test = tuple[_Key, CellValue]
"""A column, and the number that must stand in it."""


class ReadyTables:
    """A set of tables, each column made ready when it is first asked for; kept, it serves every
    file of a plan.

    Args:
        tables: a closed set: every reference stays inside it.
        text: catalogue lookup in the language of the workbook.
    """

    def __init__(self, tables: Iterable[Table], text: Messages) -> None:
        self.tables = tables_by_key(tables)
        self._text = text
        self._columns: dict[_Key, Callable[[Evaluation], Sequence[CellValue]]] = {}
        self._places: dict[str, dict[str, int]] = {}

    def place(self, table: str, row: str) -> int:
        """The place of a row in its table."""
        places = self._places.get(table)
        if places is None:
            rows = self.tables[table].rows
            places = self._places[table] = {key: i for i, key in enumerate(rows)}
        return places[row]

    def column(self, key: _Key) -> Callable[[Evaluation], Sequence[CellValue]]:
        """What gives the values of a column."""
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = self._made(self.tables[key[0]], key[1])
        return found

    def _made(self, table: Table, key: str) -> Callable[[Evaluation], Sequence[CellValue]]:
        column = table.column(key)
        if isinstance(column, Given):
            values = column.values
            return lambda _: values
        if not isinstance(column, Computed):
            return partial(Evaluation.typed, addresses=_Addresses(table, key))
        if isinstance(column.expr, tuple):
            cells = [translated(e, self.tables, self._text) for e in column.expr]
            return lambda evaluation: [
                evaluation.alone(cell, table, row) for row, cell in enumerate(cells)
            ]
        ready = translated(column.expr, self.tables, self._text)
        return lambda evaluation: evaluation.down(ready, table)


class _Addresses:
    """The cells of a typed column, listed when one of them may be filled."""

    def __init__(self, table: Table, key: str) -> None:
        self.column, self._table = (table.key, key), table

    @cached_property
    def each(self) -> list[Address]:
        """All of them, in their order."""
        table, key = self.column
        return [Address(table, row, key) for row in self._table.rows]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._table.rows)


_FEW = 64
"""Typed values that are looked through for the columns they stand in: a blank workbook has those of
its client."""


class Evaluation:
    """The values of every column of a set of tables, given what people typed.

    Args:
        tables: made ready, or as they are.
        inputs: typed values by address.
        text: catalogue lookup in the language of the workbook, for tables as they are.
    """

    def __init__(
        self, tables: ReadyTables | Iterable[Table], inputs: Inputs, text: Messages
    ) -> None:
        self._ready = tables if isinstance(tables, ReadyTables) else ReadyTables(tables, text)
        self.inputs = inputs
        self._filled = {(a.table, a.column) for a in inputs} if len(inputs) <= _FEW else None
        self._columns: dict[_Key, Sequence[CellValue]] = {}
        self._in_order: dict[_Key, list[float]] = {}
        self._numbers: dict[_Key, list[float]] = {}
        self._truths: dict[_Key, bool] = {}
        self._places: dict[_Key, dict[float, list[int]]] = {}

    def column(self, table: str, column: str) -> Sequence[CellValue]:
        """Values of a column, one per row in written order."""
        return self._values((table, column))

    def rows(self, table: str) -> tuple[str, ...]:
        """Row keys of a table in written order."""
        return self._ready.tables[table].rows

    def value(self, table: str, row: str, column: str) -> CellValue:
        """The value of one cell.

        Args:
            table: key of the table.
            row: key of the row.
            column: key of the column, typed or computed.

        Raises:
            KeyError: there is no such table, row or column.
        """
        return self._values((table, column))[self._ready.place(table, row)]

    def number(self, table: str, row: str, column: str) -> float:
        """As `value`, of a number by construction.

        Args:
            table: key of the table.
            row: key of the row.
            column: key of the column, typed or computed.

        Returns:
            the number; a blank counts as 0.

        Raises:
            KeyError: there is no such table, row or column.
            TypeError: the value is no number.
        """
        value = self.value(table, row, column)
        value = 0.0 if value is None else value
        if not isinstance(value, int | float):
            raise TypeError(f"{table}.{row}.{column} is {value!r}")
        return float(value)

    def _values(self, key: _Key) -> Sequence[CellValue]:
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = self._ready.column(key)(self)
        return found

    def typed(self, addresses: _Addresses) -> list[CellValue]:
        """What was typed in a column; None where nothing was."""
        if self._filled is not None and addresses.column not in self._filled:
            return [None] * len(addresses)
        return list(map(self.inputs.get, addresses.each))

    def alone(self, cell: Translated, table: Table, row: int) -> CellValue:
        """The value of one cell of a column in which every cell has an expression of its own.

        Args:
            cell: its expression.
            table: the table in which it stands.
            row: its 0-based place there.

        Returns:
            the value; 0 where the formula results in a blank cell, as a spreadsheet shows it.
        """
        value = cell.run(self, *(self._values((table.key, column))[row] for column in cell.here))
        return 0.0 if value is None else value

    def down(self, ready: Translated, table: Table) -> Sequence[CellValue]:
        """One expression on every row. Rows that hold the same where it looks have the same value,
        as all else it refers to is the same for every row."""
        keys = [(table.key, column) for column in ready.here]
        run = ready.run
        if not keys:
            value = run(self) if table.rows else None
            return [0.0 if value is None else value] * len(table.rows)
        # Of the rows of a norm many look alike, such as all with the same answer and weight.
        columns = list(map(self._values, keys))
        if any(map(self._holds_truths, keys)):
            values = [run(self, *row) for row in zip(*columns, strict=True)]
            return [0.0 if value is None else value for value in values]  # True and 1 would be one
        rows: Sequence[Any]
        known: dict[Any, CellValue]
        if len(columns) == 1:
            rows = columns[0]
            known = {value: run(self, value) for value in dict.fromkeys(rows)}
        else:
            rows = list(zip(*columns, strict=True))
            known = {row: run(self, *row) for row in dict.fromkeys(rows)}
        for row, value in known.items():
            if value is None:
                known[row] = 0.0
        return list(map(known.__getitem__, rows))

    def _holds_truths(self, key: _Key) -> bool:
        found = self._truths.get(key)
        if found is None:
            found = self._truths[key] = bool in set(map(type, self._values(key)))
        return found

    # What the functions of `hkz_xlsx.scoring.translate` ask of the columns.

    def cell(self, key: _Key, row: int) -> CellValue:
        """One cell, by its place."""
        return self._values(key)[row]

    def numbers(self, key: _Key) -> list[float]:
        """The numbers in a column, in their order."""
        found = self._numbers.get(key)
        if found is None:
            values = self._values(key)
            found = [float(v) for v in values if type(v) in NUMBERS]  # type: ignore[arg-type]  # narrowed by its type
            self._numbers[key] = found
        return found

    def total(self, keys: Sequence[_Key]) -> CellValue:
        """SUM."""
        return float(sum([n for key in keys for n in self.numbers(key)]))

    def largest(self, keys: Sequence[_Key]) -> CellValue:
        """MAX; 0 of nothing."""
        return max([n for key in keys for n in self.numbers(key)], default=0.0)

    def _with(self, key: _Key, wanted: CellValue) -> list[int]:
        """Places of a number in a column; every column is looked through once."""
        places = self._places.get(key)
        if places is None:
            places = self._places[key] = {}
            for i, value in enumerate(self._values(key)):
                if type(value) in NUMBERS:
                    places.setdefault(value, []).append(i)  # type: ignore[arg-type]  # a number
        # Conditions are numbers only: a text may hold a wildcard, which programs take differently.
        if isinstance(wanted, str | CellError) or wanted is None:
            return []
        return places.get(wanted, [])

    def _matching(self, tests: Sequence[_Test]) -> list[int]:
        # The index gives the few rows of the first condition; only those are looked at for the
        # others.
        found = self._with(*tests[0])
        for key, wanted in tests[1:]:
            values = self._values(key)
            found = [i for i in found if values[i] == wanted and type(values[i]) in NUMBERS]
        return found

    def count_where(self, tests: Sequence[_Test]) -> CellValue:
        """COUNTIFS."""
        return float(len(self._matching(tests)))

    def sum_where(self, key: _Key, tests: Sequence[_Test]) -> CellValue:
        """SUMIFS."""
        values = self._values(key)
        chosen = [values[i] for i in self._matching(tests)]
        return float(sum([v for v in chosen if isinstance(v, _ADDED)]))

    def count_filled(self, key: _Key) -> CellValue:
        """COUNTA."""
        return float(sum(v is not None for v in self._values(key)))

    def count_numbers(self, key: _Key) -> CellValue:
        """COUNT."""
        return float(len(self.numbers(key)))

    def smallest(self, key: _Key, k: CellValue) -> CellValue:
        """SMALL."""
        numbers = self._in_order.get(key)
        if numbers is None:
            numbers = self._in_order[key] = sorted(self.numbers(key))
        if not isinstance(k, int | float) or not 1 <= k <= len(numbers):
            return NUMBER_ERROR
        return numbers[int(k) - 1]

    def position(self, key: _Key, wanted: CellValue) -> CellValue:
        """MATCH of a number."""
        found = self._with(key, wanted)
        return float(found[0] + 1) if found else NOT_AVAILABLE

    def at(self, key: _Key, position: CellValue) -> CellValue:
        """INDEX."""
        values = self._values(key)
        if type(position) is float and 1 <= position <= len(values):  # as nearly all are
            return values[int(position) - 1]
        if not isinstance(position, int | float) or not 1 <= position <= len(values):
            return VALUE_ERROR
        return values[int(position) - 1]
