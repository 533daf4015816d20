"""Scores, verdicts, gaps and signals of one assessment, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hkz_xlsx.norm.select import Scheme

Basis = Literal["self", "advisor"]
Outcome = Literal["number", "undetermined", "na"]


@dataclass(frozen=True, slots=True)
class Score:
    """Score of a set of requirements; percentages rounded to one decimal, maturity 0-4.

    ``score`` and ``substantiated`` are None unless ``outcome`` is "number".
    """

    outcome: Outcome
    score: float | None
    substantiated: float | None
    count: int
    answered: int
    answered_percentage: float
    unknown: int
    na: int
    maturity: float | None
    rated: int
    core: int
    core_no: int
    core_partly: int
    core_open: int
    signals: int

    @property
    def applicable(self) -> int:
        """Requirements that are not n.v.t."""
        return self.count - self.na

    @property
    def core_failed(self) -> int:
        """Kerneisen answered no or partly."""
        return self.core_no + self.core_partly


@dataclass(frozen=True, slots=True)
class Verdict:
    """The indication for what is certified together."""

    scheme: Scheme
    code: str
    score: Score


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that is not in order. ``finding`` is "" where no hint is given."""

    requirement: str
    kind: str
    priority: str
    finding: str
    core: bool
    weight: int


@dataclass(frozen=True, slots=True)
class Signal:
    """Something implausible; ``requirement`` is empty for a signal of the whole workbook."""

    code: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything computed from one set of answers. Gaps stand in the order to work on them."""

    basis: Basis
    total: Score
    verdicts: tuple[Verdict, ...]
    parts: Mapping[str, Score]
    rubrieken: Mapping[str, Score]
    themes: Mapping[str, Score]
    status_counts: Mapping[str, int]
    gaps: tuple[Gap, ...]
    signals: tuple[Signal, ...]
    statuses: Mapping[str, str]
    core_failed: tuple[str, ...]
