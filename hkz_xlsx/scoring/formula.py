"""Expressions to formula text, in the English form that spreadsheet files store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller
from typing import Protocol, assert_never

from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.follows import Follows


class Refs(Protocol):
    """Knows where tables stand in the workbook and in which language it is."""

    def here(self, column: str) -> str:
        """Reference to a column in the row the formula stands in."""

    def cell(self, cell: x.Cell) -> str:
        """Absolute reference to one cell."""

    def column(self, column: x.Column) -> str:
        """Absolute range of a whole column."""

    def link_target(self, column: x.Column) -> tuple[str, int]:
        """Link text up to the row number, and the number of rows above the column's first."""

    def text(self, key: str) -> str:
        """Catalogue text."""


def quoted(text: str) -> str:
    """A text as it stands in a formula."""
    return '"' + text.replace('"', '""') + '"'


def number(value: float) -> str:
    """A number without loss: ``repr`` gives the shortest text that reads back the same."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def formula(e: x.Expr, refs: Refs) -> str:
    """The formula of an expression, with its leading equals sign."""
    pattern = _PATTERNS(e)
    return pattern.text % tuple([shown(refs) for shown in pattern.open])


@dataclass(frozen=True, slots=True)
class _LinkPlace:
    """The place a link goes to: that of a row that is known, or the column up to the row, with
    what stands above its first row."""

    target: x.Column
    row: int | None


@dataclass(frozen=True, slots=True)
class _Above:
    """How many rows stand above the first one of the column that a link goes to."""

    target: x.Column


_Open = x.Msg | x.Here | x.Cell | x.Column | _LinkPlace | _Above


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A formula with a ``%s`` for each thing in it that depends on the workbook."""

    text: str
    open: tuple[Callable[[Refs], str], ...]


def _pattern(e: x.Expr) -> _Pattern:
    writer = _Writer()
    text = writer.write(e).replace("%", "%%").replace(_MARK, "%s")
    return _Pattern(f"={text}", tuple(map(_shown, writer.open)))


_PATTERNS = Follows(_pattern)


def _shown(one: _Open) -> Callable[[Refs], str]:
    """How what is open shows in a workbook."""
    match one:
        case x.Here(column):
            return methodcaller("here", column)
        case x.Cell():
            return methodcaller("cell", one)
        case x.Column():
            return methodcaller("column", one)
        case x.Msg(key):
            return lambda refs: quoted(refs.text(key))
        case _LinkPlace(target, row):
            return lambda refs: _link_place(refs.link_target(target), row)
        case _Above(target):
            return lambda refs: str(refs.link_target(target)[1])
        case _ as never:
            assert_never(never)


def _link_place(target: tuple[str, int], row: int | None) -> str:
    start, above = target
    return quoted(start if row is None else f"{start}{row + above}")


_FUNCTIONS = {"number": "ISNUMBER", "text": "ISTEXT", "blank": "ISBLANK"}

_MARK = "\0"
"""Stands for what is still open; no formula has it."""


class _Writer:
    """Writes an expression with marks; ``open`` is what they stand for, in their order."""

    def __init__(self) -> None:
        self.open: list[_Open] = []

    def _call(self, name: str, *parts: str) -> str:
        return f"{name}({','.join(parts)})"

    def _mark(self, one: _Open) -> str:
        self.open.append(one)
        return _MARK

    def write(self, e: x.Expr) -> str:
        """An expression and all that is in it, from left to right."""
        match e:
            case x.Num(value):
                return number(value)
            case x.Txt(value):
                return quoted(value)
            case x.Msg() | x.Here() | x.Cell():
                return self._mark(e)
            case x.If(test, then, other):
                return self._call("IF", *map(self.write, (test, then, other)))
            case x.Both(parts):
                return self._call("AND", *map(self.write, parts))
            case x.Either(parts):
                return self._call("OR", *map(self.write, parts))
            case x.Is(kind, value):
                return self._call(_FUNCTIONS[kind], self.write(value))
            case x.Compare(op, left, right):
                return f"{self._operand(left)}{op}{self._operand(right)}"
            case x.Calc(op, parts):
                return op.join([self._operand(part) for part in parts])
            case x.Round(value, digits):
                return self._call("ROUND", self.write(value), str(digits))
            case x.Int(value):
                return self._call("INT", self.write(value))
            case x.MonthsLater(date, months):
                return self._call("EDATE", self.write(date), self.write(months))
            case x.TrimmedLength(value):
                return f"LEN(TRIM({self.write(value)}))"
            case x.Without(value, characters):
                text = self.write(value)
                for one in characters:
                    text = self._call("SUBSTITUTE", text, quoted(one), '""')
                return text
            case _:
                return self._range(e)

    def _operand(self, e: x.Expr) -> str:
        text = self.write(e)
        return f"({text})" if isinstance(e, x.Calc | x.Compare) else text

    def _range(
        self,
        e: x.Total | x.SumWhere | x.CountWhere | x.CountFilled | x.CountNumbers | x.Smallest
        | x.Position | x.At | x.Link,
    ) -> str:  # fmt: skip
        column = self._mark
        match e:
            case x.Total(function, columns):
                return self._call(function, *map(column, columns))
            case x.SumWhere(summed, conditions):
                return self._call("SUMIFS", column(summed), *self._conditions(conditions))
            case x.CountWhere(conditions):
                name = "COUNTIF" if len(conditions) == 1 else "COUNTIFS"
                return self._call(name, *self._conditions(conditions))
            case x.CountFilled(counted):
                return self._call("COUNTA", column(counted))
            case x.CountNumbers(counted):
                return self._call("COUNT", column(counted))
            case x.Smallest(among, k):
                return self._call("SMALL", column(among), self.write(k))
            case x.Position(value, among):
                return self._call("MATCH", self.write(value), column(among), "0")
            case x.At(among, position):
                return self._call("INDEX", column(among), self.write(position))
            case x.Link(target, position, label):
                return self._link(target, position, label)
            case _ as never:
                assert_never(never)

    def _conditions(self, conditions: tuple[x.Criterion, ...]) -> list[str]:
        parts: list[str] = []
        for condition in conditions:
            parts += [self._mark(condition.column), self.write(condition.value)]
        return parts

    def _link(self, target: x.Column, position: x.Expr, label: x.Expr) -> str:
        if isinstance(position, x.Num):
            place = self._mark(_LinkPlace(target, int(position.value)))
        else:
            start = self._mark(_LinkPlace(target, None))
            place = f"{start}&({self.write(position)}+{self._mark(_Above(target))})"
        return self._call("HYPERLINK", place, self.write(label))
