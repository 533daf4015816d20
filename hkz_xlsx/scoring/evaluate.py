"""Expressions to values: what a spreadsheet program would compute.

Every expression is turned into a closure once per model; evaluating a file of some 150 rows
and 40 computed columns then costs a few milliseconds. The semantics are those of
`hkz_xlsx.scoring.expr`; recalculation by LibreOffice and IronCalc is compared with this
module in the tests.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.cell_values import VALUE_ERROR, CellError, CellValue
from hkz_xlsx.scoring.numbers import NUMBER_ERROR, as_number, months_later, round_half_away
from hkz_xlsx.scoring.tables import Address, Computed, Given, Inputs, Table, tables_by_key
from hkz_xlsx.text import Messages

Run = Callable[[int], CellValue]

NOT_AVAILABLE = CellError("#N/A")
DIVISION_ERROR = CellError("#DIV/0!")


def _is_number(value: CellValue) -> bool:
    return type(value) in _NUMBERS


def _rank(value: CellValue) -> int:
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


def _ordered(left: CellValue, right: CellValue) -> tuple[object, object] | CellError:
    """Two values made comparable: numbers come before text, text before truth values."""
    for value in (left, right):
        if isinstance(value, CellError):
            return value
    left = ("" if isinstance(right, str) else 0.0) if left is None else left
    right = ("" if isinstance(left, str) else 0.0) if right is None else right
    keys = [
        (_rank(v), v.lower() if isinstance(v, str) else float(v))
        for v in (left, right)
        if not isinstance(v, CellError | None)
    ]
    return keys[0], keys[1]


_COMPARE: dict[str, Callable[..., bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
    ">=": operator.ge,
}  # fmt: skip
_CALCULATE: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_NUMBERS = frozenset({float, int})
_ADDED = (int, float)


def _compare(op: str, left: CellValue, right: CellValue) -> CellValue:
    keys = _ordered(left, right)
    return keys if isinstance(keys, CellError) else _COMPARE[op](*keys)


def _calculate(op: str, values: Iterable[CellValue]) -> CellValue:
    numbers: list[float] = []
    for value in values:
        number = as_number(value)
        if isinstance(number, CellError):
            return number
        numbers.append(number)
    result = numbers[0]
    for number in numbers[1:]:
        if op == "/" and number == 0:
            return DIVISION_ERROR
        result = _CALCULATE[op](result, number)
    return result


def _truths(values: Iterable[CellValue]) -> list[bool] | CellError:
    found: list[bool] = []
    for value in values:
        if isinstance(value, CellError):
            return value
        if isinstance(value, str):
            return VALUE_ERROR
        found.append(bool(value))
    return found


def _is(kind: str, value: CellValue) -> bool:
    if kind == "number":
        return _is_number(value)
    return isinstance(value, str) if kind == "text" else value is None


def _trimmed_length(value: CellValue) -> CellValue:
    if isinstance(value, CellError):
        return value
    text = value if isinstance(value, str) else "" if value is None else f"{value:g}"
    return float(len(" ".join(part for part in text.split(" ") if part)))


def _without(value: CellValue, gone: dict[int, None]) -> CellValue:
    if isinstance(value, CellError):
        return value
    text = value if isinstance(value, str) else "" if value is None else f"{value:g}"
    return text.translate(gone)


def _shown(value: CellValue) -> CellValue:
    """A formula whose result is a blank cell shows 0, in every spreadsheet program."""
    return 0.0 if value is None else value


class Evaluation:
    """The values of every column of a set of tables, given what people typed.

    Args:
        tables: a closed set: every reference stays inside it.
        inputs: typed values by address.
        text: catalogue lookup in the language of the workbook.
    """

    def __init__(self, tables: Iterable[Table], inputs: Inputs, text: Messages) -> None:
        self._tables = tables_by_key(tables)
        self._inputs = inputs
        self._text = text
        self._columns: dict[tuple[str, str], Sequence[CellValue]] = {}
        self._here: dict[str, Sequence[CellValue]] = {}
        self._ordered: dict[tuple[str, str], list[float]] = {}
        self._places: dict[tuple[str, str], dict[float, list[int]]] = {}
        self._row_index: dict[str, dict[str, int]] = {}

    def column(self, table: str, column: str) -> Sequence[CellValue]:
        """Values of a column, one per row in written order."""
        key = (table, column)
        if key not in self._columns:
            self._columns[key] = self._compute(self._tables[table], column)
        return self._columns[key]

    def rows(self, table: str) -> tuple[str, ...]:
        """Row keys of a table in written order."""
        return self._tables[table].rows

    def value(self, table: str, row: str, column: str) -> CellValue:
        """The value of one cell.

        Args:
            table: key of the table.
            row: key of the row.
            column: key of the column, typed or computed.

        Raises:
            KeyError: there is no such table, row or column.
        """
        places = self._row_index.get(table)
        if places is None:
            rows = self._tables[table].rows
            places = self._row_index[table] = {key: i for i, key in enumerate(rows)}
        return self.column(table, column)[places[row]]

    def number(self, table: str, row: str, column: str) -> float:
        """As `value`, of a number by construction (else TypeError); a blank counts as 0."""
        value = self.value(table, row, column)
        value = 0.0 if value is None else value
        if not isinstance(value, int | float):
            raise TypeError(f"{table}.{row}.{column} is {value!r}")
        return float(value)

    def _compute(self, table: Table, key: str) -> Sequence[CellValue]:
        column = table.column(key)
        if isinstance(column, Given):
            return column.values
        if isinstance(column, Computed):
            if isinstance(column.expr, tuple):
                runs = (self._alone(e, table)[0] for e in column.expr)
                return [_shown(run(i)) for i, run in enumerate(runs)]
            return self._compute_rows(column.expr, table)
        return [self._inputs.get(Address(table.key, row, key)) for row in table.rows]

    def _compute_rows(self, e: x.Expr, table: Table) -> Sequence[CellValue]:
        """One expression on every row. Rows that hold the same where it looks have the same value,
        as all else it refers to is the same for every row."""
        run, looked_at = self._alone(e, table)
        if not looked_at or any(bool in set(map(type, values)) for values in looked_at):
            return [_shown(run(i)) for i in range(len(table.rows))]  # True and 1 would be one
        known: dict[tuple[CellValue, ...], CellValue] = {}
        found = []
        for i, key in enumerate(zip(*looked_at, strict=True)):
            if key not in known:
                known[key] = _shown(run(i))
            found.append(known[key])
        return found

    def _alone(self, e: x.Expr, table: Table) -> tuple[Run, list[Sequence[CellValue]]]:
        """An expression made ready, and the columns of its own row that it looks at."""
        outer, self._here = self._here, {}
        run = self._run(e, table)
        looked_at, self._here = list(self._here.values()), outer
        return run, looked_at

    def _values(self, column: x.Column) -> Sequence[CellValue]:
        return self.column(column.table, column.column)

    def _run(self, e: x.Expr, table: Table) -> Run:
        match e:
            case x.Num(value):
                return lambda _: value
            case x.Txt(value):
                return lambda _: value
            case x.Msg(key):
                text = self._text(key)
                return lambda _: text
            case x.Here(column):
                values = self._here[column] = self.column(table.key, column)
                return lambda i: values[i]
            case x.Cell(other, column, row):
                return lambda _: self.value(other, row, column)
            case x.If() | x.Both() | x.Either() | x.Is() | x.Compare():
                return self._run_logic(e, table)
            case x.Calc() | x.Round() | x.Int() | x.MonthsLater() | x.TrimmedLength() | x.Without():
                return self._run_number(e, table)
            case _:
                return self._run_range(e, table)

    def _run_logic(self, e: x.If | x.Both | x.Either | x.Is | x.Compare, table: Table) -> Run:
        match e:
            case x.If(test, then, other):
                t, a, b = (self._run(part, table) for part in (test, then, other))

                def choose(i: int) -> CellValue:
                    truth = t(i)
                    if isinstance(truth, CellError):
                        return truth
                    return a(i) if truth else b(i)

                return choose
            case x.Both(parts) | x.Either(parts):
                runs = [self._run(part, table) for part in parts]
                fold = all if isinstance(e, x.Both) else any

                def every(i: int) -> CellValue:
                    values = [run(i) for run in runs]
                    if all(type(value) is bool for value in values):
                        return fold(values)
                    truths = _truths(values)
                    return truths if isinstance(truths, CellError) else fold(truths)

                return every
            case x.Is(kind, value):
                run = self._run(value, table)
                return lambda i: _is(kind, run(i))
            case x.Compare(op, left, right):
                return self._run_compare(op, self._run(left, table), self._run(right, table))
            case _ as never:
                assert_never(never)

    @staticmethod
    def _run_compare(op: str, left: Run, right: Run) -> Run:
        function = _COMPARE[op]

        def run(i: int) -> CellValue:
            one, other = left(i), right(i)
            # Two numbers are what most comparisons are of.
            if type(one) in _NUMBERS and type(other) in _NUMBERS:
                return function(one, other)
            return _compare(op, one, other)

        return run

    def _run_number(
        self,
        e: x.Calc | x.Round | x.Int | x.MonthsLater | x.TrimmedLength | x.Without,
        table: Table,
    ) -> Run:
        match e:
            case x.Calc(op, parts):
                runs = [self._run(part, table) for part in parts]
                return lambda i: _calculate(op, (run(i) for run in runs))
            case x.Round(value, digits):
                return self._on_number(value, table, lambda n: round_half_away(n, digits))
            case x.Int(value):
                return self._on_number(value, table, lambda n: float(math.floor(n)))
            case x.MonthsLater(date, months):
                start, count = self._run(date, table), self._run(months, table)
                return lambda i: months_later(start(i), count(i))
            case x.TrimmedLength(value):
                run = self._run(value, table)
                return lambda i: _trimmed_length(run(i))
            case x.Without(value, characters):
                run = self._run(value, table)
                gone = dict.fromkeys(map(ord, characters))
                return lambda i: _without(run(i), gone)
            case _ as never:
                assert_never(never)

    def _on_number(self, e: x.Expr, table: Table, function: Callable[[float], float]) -> Run:
        run = self._run(e, table)

        def apply(i: int) -> CellValue:
            number = as_number(run(i))
            return number if isinstance(number, CellError) else function(number)

        return apply

    def _run_range(
        self,
        e: x.Total | x.SumWhere | x.CountWhere | x.CountFilled | x.CountNumbers | x.Smallest
        | x.Position | x.At | x.Link,
        table: Table,
    ) -> Run:  # fmt: skip
        match e:
            case x.Total(function, columns):
                return lambda _: self._total(function, columns)
            case x.SumWhere(column, conditions):
                tests = [(w.column, self._run(w.value, table)) for w in conditions]
                return lambda i: self._sum_where(column, [(c, t(i)) for c, t in tests])
            case x.CountWhere(conditions):
                tests = [(w.column, self._run(w.value, table)) for w in conditions]
                return lambda i: float(len(self._matching([(c, t(i)) for c, t in tests])))
            case x.CountFilled(column):
                return lambda _: float(sum(v is not None for v in self._values(column)))
            case x.CountNumbers(column):
                return lambda _: float(sum(map(_is_number, self._values(column))))
            case x.Smallest(column, k):
                run = self._run(k, table)
                return lambda i: self._smallest(column, run(i))
            case x.Position(value, column):
                run = self._run(value, table)
                return lambda i: self._position(column, run(i))
            case x.At(column, position):
                run = self._run(position, table)
                return lambda i: self._at(column, run(i))
            case x.Link(_, _, label):
                return self._run(label, table)
            case _ as never:
                assert_never(never)

    def _numbers(self, column: x.Column) -> list[float]:
        return [float(v) for v in self._values(column) if type(v) in _NUMBERS]  # type: ignore[arg-type]  # narrowed by its type

    def _total(self, function: str, columns: tuple[x.Column, ...]) -> CellValue:
        numbers = [n for column in columns for n in self._numbers(column)]
        return max(numbers, default=0.0) if function == "MAX" else float(sum(numbers))

    def _matching(self, tests: list[tuple[x.Column, CellValue]]) -> list[int]:
        (first, sought), *rest = tests
        found = self._rows_with(first, sought)
        for column, wanted in rest:
            values = self._values(column)
            found = [i for i in found if values[i] == wanted and type(values[i]) in _NUMBERS]
        return found

    def _rows_with(self, column: x.Column, wanted: CellValue) -> list[int]:
        """Places of a number in a column; every column is looked through once."""
        key = (column.table, column.column)
        if key not in self._places:
            places: dict[float, list[int]] = {}
            for i, value in enumerate(self._values(column)):
                if type(value) in _NUMBERS:
                    places.setdefault(value, []).append(i)  # type: ignore[arg-type]  # a number
            self._places[key] = places
        if isinstance(wanted, str | CellError) or wanted is None:
            return []
        return self._places[key].get(wanted, [])

    def _sum_where(self, column: x.Column, tests: list[tuple[x.Column, CellValue]]) -> CellValue:
        values = self._values(column)
        chosen = [values[i] for i in self._matching(tests)]
        return float(sum(v for v in chosen if isinstance(v, _ADDED)))

    def _smallest(self, column: x.Column, k: CellValue) -> CellValue:
        key = (column.table, column.column)
        if key not in self._ordered:
            self._ordered[key] = sorted(self._numbers(column))
        numbers = self._ordered[key]
        if not isinstance(k, int | float) or not 1 <= k <= len(numbers):
            return NUMBER_ERROR
        return numbers[int(k) - 1]

    def _position(self, column: x.Column, wanted: CellValue) -> CellValue:
        for index, value in enumerate(self._values(column)):
            if _is_number(value) and value == wanted:
                return float(index + 1)
        return NOT_AVAILABLE

    def _at(self, column: x.Column, position: CellValue) -> CellValue:
        values = self._values(column)
        if not isinstance(position, int | float) or not 1 <= position <= len(values):
            return VALUE_ERROR
        return values[int(position) - 1]
