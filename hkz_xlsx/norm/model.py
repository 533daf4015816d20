"""A norm part as data: rubrieken, topics, requirements and what is known about them.

Texts are our own words about public topics; the norm itself is NEN's. Ids are ours, written
by people once, and never look like norm paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Interval, Len, MinLen

from hkz_xlsx.text import Lang, Text

Confidence = Literal["seen", "seen-scope", "seen-rubriek", "inferred", "practice", "general"]
"""How sure we are that the norm asks about this topic; see docs/norm-format.md."""

Funding = Literal["wmo", "zvw", "wlz", "jeugdwet", "kinderopvang", "gemeente", "particulier"]
Activity = Literal[
    "schuldhulp", "outreach", "vrijwilligers", "verblijf", "nachtopvang", "dagopvang",
    "crisisopvang", "vrouwenopvang", "kinderen", "medicatie", "medisch", "onderaannemers",
    "groepswerk", "zorgverleners", "jongerenwerk", "mantelzorg", "arbeidsparticipatie",
    "ouderenwerk", "kinderdagopvang", "bso", "gastouder", "vve", "wijkverpleging", "huishoudelijk",
    "schoolmw", "bedrijfsmw", "raadslieden", "ouderenadvies", "meerzorg", "speeltuin", "advies",
    "begeleiding", "behandeling",
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

    ``weight`` is 1 (gewoon), 2 (belangrijk) or 3 (essentieel); ``core`` marks a kerneis. ``duty``
    is the duty that fixes those, or empty where a row has its own.
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
    duty: str = ""
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
class Covered:
    """One phrase of the public scope of a norm, and the rows or activities in which it is asked."""

    id: Name
    text: Text
    rows: tuple[str, ...] = ()
    activities: tuple[Activity, ...] = ()
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Excluded:
    """What the public scope leaves to another norm; ``note`` is the number of its footnote."""

    text: Text
    note: str = ""
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Public:
    """What the public pages say of a norm, in our words; what they do not say is absent."""

    version: Text | None = None
    covers: tuple[Covered, ...] = ()
    excludes: tuple[Excluded, ...] = ()
    notes: tuple[Text, ...] = ()
    together: Text | None = None
    accreditation: Text | None = None
    client_safety: Text | None = None
    nta8224: Text | None = None
    register: Text | None = None
    ordering: Text | None = None
    size: Text | None = None
    iso_next: Text | None = None
    sources: tuple[str, ...] = ()
    __pydantic_config__ = _STRICT


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
    public: Public | None = None

    def requirements(self) -> Iterator[tuple[Rubriek, Topic, Requirement]]:
        """Every requirement with its place, in written order."""
        for rubriek in self.rubrieken:
            for topic in rubriek.topics:
                for requirement in topic.requirements:
                    yield rubriek, topic, requirement


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A change of a law that was announced: from which day (empty: no day is known), and whether
    that day is certain."""

    on: str
    certain: bool
    what: Text
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Named:
    """Words by which a text names a law, and words that say a text is about its subject."""

    names: tuple[Name, ...]
    about: tuple[Name, ...] = ()
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Law:
    """What a law or code obliges, for whom, and how old the text is that we rest on.

    ``known_change_after`` holds changes after the state of the text, ``unsure`` what public
    sources do not decide. ``words`` are of both languages.
    """

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
    known_change_after: tuple[KnownChange, ...] = ()
    unsure: Text | None = None
    words: Named | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """What a duty fixes of every row about it; None leaves it to the row.

    ``funding`` is the whole condition on funding, in any order.
    """

    core: bool | None = None
    weight: Annotated[int, Interval(ge=1, le=3)] | None = None
    na_allowed: bool | None = None
    evidence_rule: Literal["required", "optional"] | None = None
    funding: tuple[Funding, ...] | None = None
    laws: tuple[str, ...] | None = None
    iso9001: tuple[str, ...] | None = None
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyException(DutyRule):
    """Where one row, or every row of a part, has another rule, and why."""

    why: Text
    row: str = ""
    part: str = ""
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that several norms ask about: one rule for all of them.

    ``rule.laws`` and ``rule.iso9001`` are the least a row names.
    """

    id: Name
    name: Text
    rule: DutyRule
    why: Text
    exceptions: tuple[DutyException, ...] = ()
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of ISO 9001:2015 that a row may name; the title is its subject in our words."""

    id: Name
    title: Text
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Word:
    """A word that texts of questions do not use, as a pattern, and what they use instead."""

    lang: Lang
    avoid: Name
    use: Name
    why: Text
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Shared:
    """Laws, themes and sources that norm parts refer to, by id and in written order.

    Duties, clauses and words are there since the second revision; without them nothing is
    compared with them.
    """

    revision: str
    laws: Mapping[str, Law]
    themes: Mapping[str, Theme]
    sources: Mapping[str, Source]
    duties: Mapping[str, Duty] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
