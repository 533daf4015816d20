"""``norms/steps/<revision>/``: the way from start to finish, and the management review, as data.

The same steps serve every norm; which questions a step works on is said per norm part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval, MinLen

from hkz_xlsx.norm.model import Name, NormPart, Status
from hkz_xlsx.norm.yaml_nodes import YamlDocument
from hkz_xlsx.problems import Problem, problem
from hkz_xlsx.text import Text

Round = Literal["first", "yearly"]
ROUNDS: Mapping[Round, int] = {"first": 18, "yearly": 12}
"""Rounds of the step plan with their length in months."""

Track = Literal["long", "short"]
SHORT_MONTHS = 9
"""Length of the first round of the short track, in months: for organisations of at most 10 fte."""

SMALL_NORM = "143"
"""The norm for organisations of at most 10 fte: whoever uses it goes the short way."""

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``month`` counts from 1, ``serves`` names topic ids per norm part.

    ``track`` says whether it belongs to the long way, the short one of small organisations, or
    both.
    """

    id: Name
    round: Round
    title: Text
    why: Text
    what: Text
    tip: Text
    product: Text
    who: Text
    month: Annotated[int, Interval(ge=1, le=18)]
    months: Annotated[int, Interval(ge=1, le=18)]
    serves: Mapping[str, tuple[str, ...]]
    track: Literal["long", "short", "both"] = "both"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """One point of the management review."""

    id: Name
    title: Text
    question: Text
    bring: Text
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class StepsFile:
    """``steps.yaml``."""

    steps: Annotated[tuple[Step, ...], MinLen(1)]
    status: Status = "released"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """``review.yaml``."""

    agenda: Annotated[tuple[AgendaPoint, ...], MinLen(1)]
    review_tips: tuple[Text, ...]
    audit_tips: tuple[Text, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything about the way to the certificate that is the same for every norm."""

    revision: str
    steps: tuple[Step, ...]
    review: ReviewFile
    status: Status = "released"

    def of(self, name: Round, track: Track = "long") -> tuple[Step, ...]:
        """The steps of a round on one track, in written order."""
        return tuple(s for s in self.steps if s.round == name and s.track in (track, "both"))

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that differ; a plan without a short one has the long one only."""
        return ("long", "short") if any(s.track == "short" for s in self.steps) else ("long",)


def _topics(guide: Guide, parts: Sequence[NormPart]) -> Mapping[str, set[str]]:
    """Topic ids by part. A step serves a norm whatever its edition or revision; a draft is
    written for the question sets of its own revision, as far as there are any."""
    found: dict[str, set[str]] = {}
    own = {p.id for p in parts if p.edition.revision == guide.revision}
    for part in parts:
        if guide.status == "draft" and part.id in own and part.edition.revision != guide.revision:
            continue
        found.setdefault(part.id, set()).update(t.id for r in part.rubrieken for t in r.topics)
    return found


def check_guide(
    documents: Sequence[YamlDocument], guide: Guide, parts: Sequence[NormPart]
) -> Iterator[Problem]:
    """Ids used twice, steps that end after their round, topics that are not there.

    Args:
        documents: the file of the steps and that of the review, for file and line.
        guide: what was read from them.
        parts: norm parts whose topics the steps may serve.
    """
    steps, review = documents
    topics = _topics(guide, parts)
    seen: set[str] = set()
    for index, step in enumerate(guide.steps):
        if step.id in seen:
            yield problem("NORM_ID_TWICE", steps.where("steps", index, "id"), id=step.id)
        seen.add(step.id)
        last = step.month + step.months - 1
        limit = ROUNDS[step.round]
        if step.round == "first" and step.track != "long" and "short" in guide.tracks:
            limit = SHORT_MONTHS
        if last > limit:
            where = steps.where("steps", index, "months")
            yield problem("STEP_TOO_LONG", where, last=last, limit=limit)
        for norm, wanted in step.serves.items():
            for topic in wanted:
                if norm in topics and topic not in topics[norm]:
                    where = steps.where("steps", index, "serves", norm)
                    slots = {"kind": f"topic ({norm})", "value": topic}
                    yield problem("NORM_REFERENCE_UNKNOWN", where, **slots)
    for index, point in enumerate(guide.review.agenda):
        if point.id in seen:
            yield problem("NORM_ID_TWICE", review.where("agenda", index, "id"), id=point.id)
        seen.add(point.id)
