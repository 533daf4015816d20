"""A norm part as data: rubrieken, topics, requirements and what is known about them.

Texts are our own words about public topics; the norm itself is NEN's. Ids are ours, written
by people once, and never look like norm paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval, Len, MinLen

from hkz_xlsx.text import Text

Confidence = Literal["seen", "seen-scope", "seen-rubriek", "inferred", "practice", "general"]
"""How sure we are that the norm asks about this topic; see docs/norm-format.md."""

Funding = Literal["wmo", "zvw", "wlz", "jeugdwet", "kinderopvang", "gemeente", "particulier"]
Activity = Literal[
    "schuldhulp", "outreach", "vrijwilligers", "verblijf", "nachtopvang", "dagopvang",
    "crisisopvang", "vrouwenopvang", "kinderen", "medicatie", "medisch", "onderaannemers",
    "groepswerk", "zorgverleners", "jongerenwerk", "mantelzorg", "arbeidsparticipatie",
    "ouderenwerk", "kinderdagopvang", "bso", "gastouder", "vve", "wijkverpleging", "huishoudelijk",
]  # fmt: skip
Status = Literal["draft", "released"]
"""A draft may change at any time and is used only when asked for by name."""

Structure = Literal["sector", "organisation", "standalone"]
Name = Annotated[str, MinLen(1)]

_STRICT = {"extra": "forbid"}  # an unknown key in a norm file is a mistake, not a comment


@dataclass(frozen=True, slots=True)
class When:
    """Scope condition: any of the values of a key, and every key that is given."""

    funding: tuple[Funding, ...] = ()
    activities: tuple[Activity, ...] = ()
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples of evidence, the same number in every language."""

    nl: Annotated[tuple[Name, ...], Len(1, 6)]
    en: Annotated[tuple[Name, ...], Len(1, 6)]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row a respondent answers.

    ``weight`` is 1 (gewoon), 2 (belangrijk) or 3 (essentieel); ``core`` marks a kerneis.
    """

    id: Name
    question: Text
    tip: Text
    evidence: Examples
    weight: Annotated[int, Interval(ge=1, le=3)]
    core: bool
    evidence_rule: Literal["required", "optional"]
    na_allowed: bool
    themes: tuple[str, ...]
    laws: tuple[str, ...]
    iso9001: tuple[str, ...]
    confidence: Confidence
    sources: tuple[str, ...]
    when: When | None = None
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject within a rubriek; ``catalogue`` is its id in our topic catalogue, not of NEN."""

    id: Name
    catalogue: Name
    title: Text
    requirements: Annotated[tuple[Requirement, ...], MinLen(1)]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Rubriek:
    """A chapter of the norm part with its topics."""

    number: Name
    title: Text
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Thresholds of the verdict, in percent, and the target maturity level (0-4)."""

    answered_min: Annotated[float, Interval(ge=0, le=100)] = 90
    not_ready_below: Annotated[float, Interval(ge=0, le=100)] = 60
    ready_score: Annotated[float, Interval(ge=0, le=100)] = 90
    ready_substantiated: Annotated[float, Interval(ge=0, le=100)] = 75
    target_maturity: Annotated[int, Interval(ge=0, le=4)] = 3
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Edition:
    """Which text of a norm part: NEN's edition and our revision of the questions."""

    part: str
    edition: str
    revision: str
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.part}@{self.edition}/{self.revision}"


@dataclass(frozen=True, slots=True)
class NormPart:
    """One norm part with all its questions."""

    id: str
    number: str
    name: Text
    short_name: Text
    edition: Edition
    status: Status
    structure: Structure
    scope: Text
    together_with: tuple[str, ...]
    notice: Text
    questions_note: Text
    iso9001_relation: Text
    profile: Profile
    sources: tuple[str, ...]
    rubrieken: tuple[Rubriek, ...]

    def requirements(self) -> Iterator[tuple[Rubriek, Topic, Requirement]]:
        """Every requirement with its place, in written order."""
        for rubriek in self.rubrieken:
            for topic in rubriek.topics:
                for requirement in topic.requirements:
                    yield rubriek, topic, requirement


@dataclass(frozen=True, slots=True)
class Law:
    """What a law or code obliges, for whom, and how old the text is that we rest on."""

    id: Name
    name: Text
    duty: Text
    applies_when: Text
    funding: tuple[Funding, ...]
    kind: Literal["law", "code", "standard", "registration"]
    checked_on: Name
    text_state: Text
    confidence: Confidence
    sources: tuple[str, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject that runs through several rubrieken."""

    id: Name
    name: Text
    meaning: Text
    confidence: Confidence
    sources: tuple[str, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Source:
    """A public page that a row rests on; ``url`` is empty where there is no address."""

    id: Name
    title: Text
    url: str
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Shared:
    """Laws, themes and sources that norm parts refer to, by id and in written order."""

    revision: str
    laws: Mapping[str, Law]
    themes: Mapping[str, Theme]
    sources: Mapping[str, Source]
