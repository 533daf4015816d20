"""The closed set of expressions every computed cell is made of.

There are exactly two interpreters: `hkz_xlsx.scoring.formula` writes an expression as a
spreadsheet formula, `hkz_xlsx.scoring.evaluate` computes it. The nodes mean what Excel's
operators mean (case-blind text comparison, blank equal to 0 and to empty text, ROUND half
away from zero), restricted to what Excel, LibreOffice and other engines share.

Nodes at the level of the domain (one per kind of score) would be the obvious choice. But
links, lists of failing rows and the self-check are formulas too: that would be a second copy
of every sheet. With these nodes each quantity is defined once, in `hkz_xlsx.scoring.rows`,
`sets` and `model`, and both interpreters stay small enough to prove.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Num:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Txt:
    """A literal text, the same in every language (usually the empty one)."""

    value: str


@dataclass(frozen=True, slots=True)
class Msg:
    """A product text by catalogue key, in the language of the workbook."""

    key: str


@dataclass(frozen=True, slots=True)
class Here:
    """The value of a column in the same row of the same table."""

    column: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One named cell: table, column and row key."""

    table: str
    column: str
    row: str


@dataclass(frozen=True, slots=True)
class Column:
    """A whole column of a table: the argument of SUMIFS, MATCH and their kin, no value itself."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class If:
    """IF: the test must be a truth value."""

    test: Expr
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class Both:
    """AND of all parts."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """OR of all parts."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """ISNUMBER, ISTEXT or ISBLANK."""

    kind: Literal["number", "text", "blank"]
    value: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison as spreadsheets do it: text without regard to case, no wildcards."""

    op: Literal["=", "<>", "<", ">", "<=", ">="]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Calc:
    """Arithmetic from left to right; a blank counts as 0, text is an error."""

    op: Literal["+", "-", "*", "/"]
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """ROUND: half away from zero."""

    value: Expr
    digits: int


@dataclass(frozen=True, slots=True)
class Int:
    """INT: down to the whole number."""

    value: Expr


@dataclass(frozen=True, slots=True)
class MonthsLater:
    """EDATE: the same day so many months later, or the last day of a shorter month.

    Only for dates after February 1900: before that programs count days differently.
    """

    date: Expr
    months: Expr


@dataclass(frozen=True, slots=True)
class TrimmedLength:
    """LEN(TRIM(text)): only ordinary spaces are trimmed, a non-breaking space counts."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Without:
    """SUBSTITUTE of each of some characters by nothing; written literally, as CHAR depends on the
    system. Since layout 2."""

    value: Expr
    characters: str


@dataclass(frozen=True, slots=True)
class Total:
    """SUM or MAX of columns; text and blanks are left out."""

    function: Literal["SUM", "MAX"]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition on a column: its number equals the value. Numbers only, so no wildcards."""

    column: Column
    value: Expr


@dataclass(frozen=True, slots=True)
class SumWhere:
    """SUMIFS of a column over the rows that meet every condition."""

    column: Column
    conditions: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class CountWhere:
    """COUNTIFS of the rows that meet every condition."""

    conditions: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class CountFilled:
    """COUNTA of a column."""

    column: Column


@dataclass(frozen=True, slots=True)
class CountNumbers:
    """COUNT of a column."""

    column: Column


@dataclass(frozen=True, slots=True)
class Smallest:
    """SMALL: the k-th smallest number of a column; guard it with a count."""

    column: Column
    k: Expr


@dataclass(frozen=True, slots=True)
class Position:
    """MATCH(number, column, 0): 1 for the first row; guard it with a count."""

    value: Expr
    column: Column


@dataclass(frozen=True, slots=True)
class At:
    """INDEX: the value of a column at a 1-based position."""

    column: Column
    position: Expr


@dataclass(frozen=True, slots=True)
class Link:
    """HYPERLINK to a position in a column of this workbook; shows the label."""

    column: Column
    position: Expr
    label: Expr


Expr = (
    Num | Txt | Msg | Here | Cell | If | Both | Either | Is | Compare | Calc | Round | Int
    | MonthsLater | TrimmedLength | Without | Total | SumWhere | CountWhere | CountFilled
    | CountNumbers | Smallest | Position | At | Link
)  # fmt: skip


def add(*parts: Expr) -> Expr:
    """The sum of the parts; a single part stays itself."""
    return parts[0] if len(parts) == 1 else Calc("+", parts)


def equals(left: Expr, right: Expr | float) -> Compare:
    """``left = right``."""
    return Compare("=", left, Num(right) if isinstance(right, int | float) else right)


def flag(test: Expr) -> If:
    """1 when the test holds, else 0: truth values differ between engines, numbers do not."""
    return If(test, Num(1), Num(0))


def is_place(e: Expr) -> bool:
    """Whether the value is a row's place in its table, which sorting changes."""
    if isinstance(e, If):
        return is_place(e.then) or is_place(e.other)
    return isinstance(e, Position)


def first_that_holds(cases: tuple[tuple[Expr, Expr], ...], otherwise: Expr) -> Expr:
    """Nested IFs: the value of the first case whose test holds."""
    result = otherwise
    for test, value in reversed(cases):
        result = If(test, value, result)
    return result
