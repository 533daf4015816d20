"""What closing a gap brings, in points of the score (scoring, §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hkz_xlsx.assessment.model import Assessment, Gap
from hkz_xlsx.norm.select import Selection
from hkz_xlsx.scoring.choices import STATUS_POINTS
from hkz_xlsx.scoring.numbers import round_half_away

Side = Literal["score", "substantiated"]

_PROOF = ("unsubstantiated", "expired")


@dataclass(frozen=True, slots=True)
class Gain:
    """Points of a percentage that one gap brings when it is closed and nothing else changes.

    ``exact`` is what to compare and to add; ``points`` is rounded to one decimal, to show.
    """

    exact: float
    side: Side

    @property
    def points(self) -> float:
        """As people see it."""
        return round_half_away(self.exact, 1)


def _group_weights(assessment: Assessment, selection: Selection) -> Mapping[str, int]:
    """By norm part the smallest weight that counts of the groups it is judged in: there a point
    is the largest share."""
    by_part: dict[str, int] = {}
    for row in selection.rows:
        if assessment.statuses[row.requirement.id] != "na":
            by_part[row.part.id] = by_part.get(row.part.id, 0) + row.requirement.weight
    found: dict[str, int] = {}
    for scheme in selection.schemes:
        weight = sum(by_part.get(part, 0) for part in scheme.parts)
        for part in scheme.parts if weight else ():
            found[part] = min(weight, found.get(part, weight))
    return found


def _gain(gap: Gap, status: str, weight: int) -> Gain | None:
    if gap.kind == "immature":
        return None
    if gap.kind in _PROOF:
        return Gain(100 * gap.weight / weight, "substantiated")
    points = STATUS_POINTS.get(status) or 0.0
    return Gain(100 * gap.weight * (1 - points) / weight, "score")


def gains(assessment: Assessment, selection: Selection) -> Mapping[str, Gain]:
    """By requirement what closing its gap brings; a gap that brings nothing is not in it."""
    weights = _group_weights(assessment, selection)
    part_of = {row.requirement.id: row.part.id for row in selection.rows}
    found = {
        gap.requirement: _gain(
            gap, assessment.statuses[gap.requirement], weights[part_of[gap.requirement]]
        )
        for gap in assessment.gaps
        if part_of[gap.requirement] in weights
    }
    return {key: gain for key, gain in found.items() if gain is not None}
