"""The scoring rules once more, written straight from the page, sharing no code with the product.

Slow and simple on purpose. It gets codes instead of cells; `tests/scoring/test_reference.py`
compares it with the product on random sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.scoring.small import Row

POINTS = {"yes": Fraction(1), "partly": Fraction(1, 2), "no": Fraction(0), "unknown": Fraction(0)}
ORDER = ["high", "middle", "low", "open"]


def rounded(part: Fraction, whole: int) -> float:
    exact = Fraction(100) * part / whole
    text = Decimal(exact.numerator) / Decimal(exact.denominator)
    return float(text.quantize(Decimal("0.1"), ROUND_HALF_UP))


@dataclass(frozen=True)
class Result:
    score: float | None
    substantiated: float | None
    answered: int
    verdict: str
    gaps: list[tuple[str, str, str]]


def _answer(row: Row) -> str:
    return "" if row.answer == "na" and not row.na_allowed else row.answer


def _expired(row: Row, date: float | None) -> bool:
    return date is not None and isinstance(row.valid_until, float) and row.valid_until < date


def _gap(row: Row, date: float | None) -> str:
    answer = _answer(row)
    if answer == "na":
        return ""
    kinds = {"no": "missing", "partly": "partial", "unknown": "unknown", "": "unanswered"}
    if answer in kinds:
        return kinds[answer]
    if row.required and not row.evidence:
        return "unsubstantiated"
    if row.evidence and _expired(row, date):
        return "expired"
    if row.evidence and row.maturity is not None and row.maturity < 3:
        return "immature"
    return ""


def _priority(row: Row, kind: str) -> str:
    if kind == "unanswered":
        return "open"
    negative = kind in ("missing", "partial", "unknown")
    if (row.core and negative) or (row.weight == 3 and kind == "missing"):
        return "high"
    if (negative and row.weight >= 2) or (row.core and kind in ("unsubstantiated", "expired")):
        return "middle"
    return "low"


def score(rows: list[Row], date: float | None) -> Result:
    answers = [_answer(row) for row in rows]
    applicable = [row for row, a in zip(rows, answers, strict=True) if a != "na"]
    weight = sum(row.weight for row in applicable)
    answered = sum(a != "" for a in answers)
    earned = substantiated = Fraction(0)
    for row in applicable:
        points = row.weight * POINTS.get(_answer(row), Fraction(0))
        earned += points
        if not row.required or (row.evidence and not _expired(row, date)):
            substantiated += points
    has_number = any(_answer(row) for row in applicable)
    shown = rounded(earned, weight) if has_number else None
    shown_substantiated = rounded(substantiated, weight) if has_number else None
    gaps = []
    for index, row in enumerate(rows, 1):
        kind = _gap(row, date)
        if kind:
            priority = _priority(row, kind)
            missed = row.weight * (1 - POINTS.get(_answer(row), Fraction(0)))
            core_last = 0 if row.core or priority != "open" else 1
            gaps.append((ORDER.index(priority), core_last, -missed, index, kind, priority))
    verdict = _verdict(rows, answered, shown, shown_substantiated)
    listed = [(f"TST-{g[3]:03}", g[4], g[5]) for g in sorted(gaps)]
    return Result(shown, shown_substantiated, answered, verdict, listed)


def _verdict(
    rows: list[Row], answered: int, shown: float | None, substantiated: float | None
) -> str:
    core = [_answer(row) for row in rows if row.core]
    na_core_is_open = [
        row for row in rows if row.core and row.answer == "na" and not row.na_allowed
    ]
    if shown is None or substantiated is None or rounded(Fraction(answered), len(rows)) < 90:
        return "undetermined"
    if "" in core or "unknown" in core or na_core_is_open:
        return "undetermined"
    if "no" in core or shown < 60:
        return "not_ready"
    if "partly" in core or shown < 90 or substantiated < 75:
        return "nearly"
    return "ready"
