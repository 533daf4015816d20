"""Expressions to Python: a function per column, made once and called for every file.

Columns and cells that differ in numbers, texts and places only have the same source, which is
translated once per process: those stand in no source but are given to it, so nothing that came
from a norm or a person is ever run. What the functions call is in `hkz_xlsx.scoring.operations`;
the columns they refer to come from the `hkz_xlsx.scoring.evaluate.Evaluation` they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never

from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring import operations
from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.scoring.follows import Follows
from hkz_xlsx.scoring.tables import Table
from hkz_xlsx.text import Messages

_COMPARE = {
    "=": ("==", "equal"), "<>": ("!=", "unequal"), "<": ("<", "less"), ">": (">", "more"),
    "<=": ("<=", "at_most"), ">=": (">=", "at_least"),
}  # fmt: skip
"""Python's operator and the function for values of any kind."""

_CALCULATE = {"+": "added", "-": "subtracted", "*": "multiplied", "/": "divided"}

_NAMES: Mapping[str, Any] = {
    "E": CellError, "N": operations.NUMBERS, "S": str,
    **{name: getattr(operations, name) for name in operations.__all__},
}  # fmt: skip
"""What a source may name; nothing else, not even what Python has built in."""


@dataclass(frozen=True, slots=True)
class Translated:
    """An expression made ready: ``run(evaluation, *values)`` with those of ``here`` of its row."""

    run: Callable[..., CellValue]
    here: tuple[str, ...]


def translated(e: x.Expr, tables: Mapping[str, Table], text: Messages) -> Translated:
    """Make an expression ready.

    Args:
        e: the expression.
        tables: by key: all that it refers to.
        text: catalogue lookup in the language of the workbook.
    """
    sourced = _SOURCED(e)
    if isinstance(sourced, Translated):
        return sourced
    made, here, constants = sourced
    return Translated(made([_given(one, tables, text) for one in constants]), here)


def _given(constant: object, tables: Mapping[str, Table], text: Messages) -> object:
    """What a constant is in a plan: most are the same in all."""
    if constant.__class__ is x.Msg:
        return text(constant.key)
    if constant.__class__ is x.Cell:
        return tables[constant.table].rows.index(constant.row)
    return constant


_Sourced = tuple[
    Callable[[Sequence[object]], Callable[..., CellValue]], tuple[str, ...], tuple[object, ...]
]
"""What makes the function of an expression of its constants, the columns of its own row that it
reads, and the constants; for a text and for the place of a row there stands their expression."""


def _sourced(e: x.Expr) -> _Sourced | Translated:
    """As above; an expression with no text and no place in it is the same in every plan."""
    source = _Source()
    body = source.of(e)
    here = ", ".join(("e", *source.here.values()))
    # Numbers and texts come as arguments: the same few sources serve all norms, and are made once.
    given = "".join(f"k{n}, " for n in range(len(source.constants)))
    unpacked = f" ({given}) = k\n" if given else ""
    made = _function(f"def make(k):\n{unpacked} return lambda {here}: {body}\n")
    if not any(isinstance(one, x.Msg | x.Cell) for one in source.constants):
        return Translated(made(source.constants), tuple(source.here))
    return made, tuple(source.here), tuple(source.constants)


# Of the very object only: 1 and 1.0 are equal, and not shown alike everywhere.
_SOURCED = Follows(_sourced, equal=False)


@lru_cache(maxsize=2_000)
def _function(source: str) -> Callable[[Sequence[object]], Callable[..., CellValue]]:
    names: dict[str, Any] = {**_NAMES, "__builtins__": {}}
    exec(compile(source, "<column>", "exec"), names)  # noqa: S102 - of our own words only, see above
    made: Callable[[Sequence[object]], Callable[..., CellValue]] = names["make"]
    return made


def _is_truth(e: x.Expr) -> bool:
    """Whether the value is a truth value whatever stands in the cells."""
    match e:
        case x.Is():
            return True
        case x.Both(parts) | x.Either(parts):
            return all(map(_is_truth, parts))
        case _:
            return False


class _Source:
    """The source of one expression, with what it names: constants and columns of its own row."""

    def __init__(self) -> None:
        self.constants: list[object] = []
        self.here: dict[str, str] = {}
        self._names = 0

    def _constant(self, value: object) -> str:
        self.constants.append(value)
        return f"k{len(self.constants) - 1}"

    def _name(self) -> str:
        self._names += 1
        return f"t{self._names}"

    def of(self, e: x.Expr) -> str:
        """The source of an expression."""
        match e:
            case x.Num(value) | x.Txt(value):
                return self._constant(value)
            case x.Msg():
                return self._constant(e)
            case x.Here(column):
                return self.here.setdefault(column, f"h{len(self.here)}")
            case x.Cell(table, column):
                return f"e.cell({self._constant((table, column))}, {self._constant(e)})"
            case x.If() | x.Both() | x.Either() | x.Is() | x.Compare():
                return self._logic(e)
            case x.Calc() | x.Round() | x.Int() | x.MonthsLater() | x.TrimmedLength() | x.Without():
                return self._number(e)
            case _:
                return self._range(e)

    def _logic(self, e: x.If | x.Both | x.Either | x.Is | x.Compare) -> str:
        match e:
            case x.If(test, then, other):
                truth, one, two = self.of(test), self.of(then), self.of(other)
                if _is_truth(test):
                    return f"({one} if {truth} else {two})"
                name = self._name()
                # An error as the test is the result, as in a spreadsheet.
                wrong = f"{name} if ({name} := {truth}).__class__ is E"
                return f"({wrong} else {one} if {name} else {two})"
            case x.Both(parts) | x.Either(parts):
                both = isinstance(e, x.Both)
                sources = [self.of(part) for part in parts]
                # Python's words give one of their operands; where all are truth values that is one.
                if _is_truth(e):
                    return f"({(' and ' if both else ' or ').join(sources)})"
                return f"{'every' if both else 'either'}(({''.join(f'{s}, ' for s in sources)}))"
            case x.Is(kind, value):
                tests = {"number": "in N", "text": "is S"}
                source = self.of(value)
                return (
                    f"({source} is None)"
                    if kind == "blank"
                    else f"({source}.__class__ {tests[kind]})"
                )
            case x.Compare(op, left, right):
                quick, slow = _COMPARE[op]
                one, two = self.of(left), self.of(right)
                if not isinstance(right, x.Num):
                    return f"{slow}({one}, {two})"
                # Nearly always a number: Python's own operator, without a call. By class, as to
                # `isinstance` a truth value is a number too, and to a spreadsheet it is not.
                name = self._name()
                return (
                    f"({name} {quick} {two} if ({name} := {one}).__class__ in N"
                    f" else {slow}({name}, {two}))"
                )
            case _ as never:
                assert_never(never)

    def _number(
        self, e: x.Calc | x.Round | x.Int | x.MonthsLater | x.TrimmedLength | x.Without
    ) -> str:
        match e:
            case x.Calc(op, parts):
                return f"{_CALCULATE[op]}({', '.join(map(self.of, parts))})"
            case x.Round(value, digits):
                return f"rounded({self.of(value)}, {self._constant(digits)})"
            case x.Int(value):
                return f"whole({self.of(value)})"
            case x.MonthsLater(date, months):
                return f"months_later({self.of(date)}, {self.of(months)})"
            case x.TrimmedLength(value):
                return f"trimmed_length({self.of(value)})"
            case x.Without(value, characters):
                gone = dict.fromkeys(map(ord, characters))
                return f"without({self.of(value)}, {self._constant(gone)})"
            case _ as never:
                assert_never(never)

    def _range(
        self,
        e: x.Total | x.SumWhere | x.CountWhere | x.CountFilled | x.CountNumbers | x.Smallest
        | x.Position | x.At | x.Link,
    ) -> str:  # fmt: skip
        match e:
            case x.Total(function, columns):
                keys = tuple((c.table, c.column) for c in columns)
                return f"e.{'largest' if function == 'MAX' else 'total'}({self._constant(keys)})"
            case x.SumWhere(column, conditions):
                return f"e.sum_where({self._column(column)}, {self._tests(conditions)})"
            case x.CountWhere(conditions):
                return f"e.count_where({self._tests(conditions)})"
            case x.CountFilled(column):
                return f"e.count_filled({self._column(column)})"
            case x.CountNumbers(column):
                return f"e.count_numbers({self._column(column)})"
            case x.Smallest(column, k):
                return f"e.smallest({self._column(column)}, {self.of(k)})"
            case x.Position(value, column):
                return f"e.position({self._column(column)}, {self.of(value)})"
            case x.At(column, position):
                return f"e.at({self._column(column)}, {self.of(position)})"
            case x.Link(_, _, label):
                return self.of(label)
            case _ as never:
                assert_never(never)

    def _column(self, column: x.Column) -> str:
        return self._constant((column.table, column.column))

    def _tests(self, conditions: tuple[x.Criterion, ...]) -> str:
        tests = (f"({self._column(w.column)}, {self.of(w.value)}), " for w in conditions)
        return f"({''.join(tests)})"
