"""Everything computed about a set of requirements: a rubriek, a theme, a norm part, all.

Sums are SUMIFS and COUNTIFS over whole columns keyed by number, so that no order of rows
matters; scores follow from the sums in the same way for every kind of set (scoring, §3-4).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.expr import (
    Both,
    Calc,
    Cell,
    Column,
    Compare,
    CountWhere,
    Criterion,
    Either,
    Expr,
    Here,
    If,
    Is,
    Msg,
    Num,
    Position,
    Round,
    SumWhere,
    Total,
    Txt,
    add,
    equals,
    first_that_holds,
)
from hkz_xlsx.scoring.follows import KEPT
from hkz_xlsx.scoring.tables import Computed

SUMS = (
    "count", "answered", "unknown", "na", "weight", "earned", "earned_substantiated", "rated",
    "level_sum", "core", "core_no", "core_partly", "core_open", "signals",
)  # fmt: skip

_SUMMED = {
    "answered": "answered",
    "weight": "weight_counted",
    "earned": "earned",
    "earned_substantiated": "earned_substantiated",
    "rated": "rated",
    "level_sum": "level_counted",
    "core_open": "core_open",
    "signals": "signals",
}
_COUNTED: dict[str, tuple[tuple[str, float], ...]] = {
    "count": (),
    "unknown": (("status", c.UNKNOWN),),
    "na": (("status", c.NA),),
    "core": (("core", 1),),
    "core_no": (("core", 1), ("status", c.NO)),
    "core_partly": (("core", 1), ("status", c.PARTLY)),
}


def requirement_column(key: str) -> Column:
    """A column of the requirements table."""
    return Column(T.requirements, key)


def sum_over(name: str, condition: Criterion) -> Expr:
    """One of SUMS over the requirements that meet a condition."""
    if name in _SUMMED:
        return SumWhere(requirement_column(_SUMMED[name]), (condition,))
    more = tuple(Criterion(requirement_column(k), Num(v)) for k, v in _COUNTED[name])
    return CountWhere((condition, *more))


def percentage(part: Expr, whole: Expr) -> Expr:
    """100 x part / whole, rounded once, at the end, to one decimal (§3)."""
    return Round(Calc("/", (Calc("*", (Num(100), part)), whole)), 1)


def _score(earned: str) -> Expr:
    return first_that_holds(
        (
            (equals(Here("na"), Here("count")), Msg("score.na")),
            (equals(Here("answered"), Here("na")), Msg("score.undetermined")),
        ),
        percentage(Here(earned), Here("weight")),
    )


@cache
def derived_columns() -> tuple[Computed, ...]:
    """Scores of a set from its sums; the same formulas for every kind of set."""
    maturity = Round(Calc("/", (Here("level_sum"), Here("rated"))), 1)
    return (
        Computed("open", Calc("-", (Here("count"), Here("answered")))),
        Computed("answered_percentage", percentage(Here("answered"), Here("count"))),
        Computed("score", _score("earned")),
        Computed("substantiated", _score("earned_substantiated")),
        Computed("maturity", If(equals(Here("rated"), 0), Txt(""), maturity)),
        Computed("core_failed", add(Here("core_no"), Here("core_partly"))),
    )


@cache
def keyed_sums(key_column: str) -> tuple[Computed, ...]:
    """Sums of the rows whose key column holds this row's number."""
    condition = Criterion(requirement_column(key_column), Here("number"))
    return tuple(Computed(name, sum_over(name, condition)) for name in SUMS)


@lru_cache(maxsize=KEPT)
def membership_sums(columns: tuple[str, ...]) -> tuple[Computed, ...]:
    """Sums per 0/1 membership column, one set per column (themes)."""
    conditions = [Criterion(requirement_column(column), Num(1)) for column in columns]
    return tuple(Computed(name, tuple(sum_over(name, w) for w in conditions)) for name in SUMS)


@lru_cache(maxsize=KEPT)
def added_sums(groups: tuple[tuple[str, ...], ...]) -> tuple[Computed, ...]:
    """Sums of sets that are made of whole norm parts (what is certified together)."""

    def of(name: str) -> Callable[[tuple[str, ...]], Expr]:
        return lambda parts: add(*(Cell(T.parts, name, part) for part in parts))

    return tuple(Computed(name, tuple(map(of(name), groups))) for name in SUMS)


@cache
def total_sums() -> tuple[Computed, ...]:
    """Sums over all norm parts of the workbook."""
    return tuple(Computed(name, Total("SUM", (Column(T.parts, name),))) for name in SUMS)


@lru_cache(maxsize=KEPT)
def first_open(open_columns: tuple[str, ...], value: Expr) -> Computed:
    """Position of the first unanswered row, in the order in which the rows stand now."""
    found = tuple(
        If(equals(Here("open"), 0), Txt(""), Position(value, requirement_column(column)))
        for column in open_columns
    )
    return Computed("first_open", found[0] if len(set(open_columns)) == 1 else found)


@lru_cache(maxsize=KEPT)
def first_row(key_columns: tuple[str, ...], value: Expr) -> Computed:
    """Position of the first row of the set."""
    found = tuple(Position(value, requirement_column(column)) for column in key_columns)
    return Computed("first_row", found[0] if len(set(key_columns)) == 1 else found)


@cache
def verdict_code(scheme: str) -> Expr:
    """§4, checked in this order, on the rounded percentages that people see."""

    def threshold(name: str) -> Cell:
        return Cell(T.profiles, name, scheme)

    score, substantiated = Here("score"), Here("substantiated")
    undetermined = Either(
        (
            Compare("<", Here("answered_percentage"), threshold("answered_min")),
            Compare(">", Here("core_open"), Num(0)),
        )
    )
    not_ready = Either(
        (
            Compare(">", Here("core_no"), Num(0)),
            Compare("<", score, threshold("not_ready_below")),
        )
    )
    nearly = Either(
        (
            Compare(">", Here("core_partly"), Num(0)),
            Compare("<", score, threshold("ready_score")),
            Compare("<", substantiated, threshold("ready_substantiated")),
        )
    )
    # Text compares greater than numbers in a spreadsheet, so the number test comes first.
    decided = first_that_holds(
        ((undetermined, Num(1)), (not_ready, Num(2)), (nearly, Num(3))), Num(4)
    )
    return If(Both((Is("number", score), Is("number", substantiated))), decided, Num(1))
