"""Which norm fits an organisation: by size, kind of work and purpose, with the reasons.

The boundary of HKZ Kleine Organisaties is contradictory in public sources: "at most 10 fte"
on hkz.nl, "fewer than 10" elsewhere, and HKZ Zorg & Welzijn "from 10 fte". At exactly 10 both
are named and the reader is told to ask a certification body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hkz_xlsx.norm.guide import SMALL_NORM
from hkz_xlsx.norm.load import Library

SMALL_FTE = 10.0

ALONE = "166"
"""The norm of someone who works alone."""

WORK: Mapping[str, str] = MappingProxyType(
    {
        "maatschappelijk-werk": "138",
        "schuldhulp": "138",
        "ouderenadvies": "138",
        "opvang": "139",
        "vrouwenopvang": "139",
        "welzijn": "140",
        "jongerenwerk": "140",
        "peuteropvang": "132",
        "kinderopvang": "132",
        "gastouderbureau": "132",
        "thuiszorg": "144",
        "verpleeghuis": "144",
        "raadsliedenwerk": "138",
        "school": "138",
        "bedrijf": "138",
        "mantelzorg": "140",
        "dagbesteding": "140",
        "ggz": "ggz",
        "ghz": "gehandicaptenzorg",
        "jeugd": "jeugdzorg",
        "kraam": "155",
        "revalidatie": "revalidatie",
        "anders": "",
    }
)
"""Kind of work → entry of the catalogue; ``anders`` has none."""

_REMARKS: Mapping[str, str] = MappingProxyType(
    {"peuteropvang": "playgroup", "dagbesteding": "day_activities", "mantelzorg": "carers"}
)
"""What is said of a kind of work beside its norm."""

PURPOSES = ("certificaat", "verbeteren", "veiligheid")


@dataclass(frozen=True, slots=True)
class OrganisationProfile:
    """What is known of an organisation; ``fte`` None when not known, ``alone`` for a zzp'er."""

    fte: float | None
    work: tuple[str, ...]
    purposes: tuple[str, ...]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """A norm to consider: catalogue id, what to generate, and why, as catalogue keys.

    ``generate`` is empty where there is no question set.
    """

    norm: str
    generate: tuple[str, ...]
    reasons: tuple[str, ...]


def choose(profile: OrganisationProfile, library: Library) -> tuple[Advice, ...]:
    """Norms to consider, the most fitting one first.

    Args:
        profile: what is known of the organisation.
        library: of the norms of a kind of work, those that have a question set in it can be made.
    """
    if profile.alone:
        return (Advice(ALONE, _own(ALONE, library), ("alone",)), *_safety(profile))
    sector = _sectors(profile, library)
    general = Advice("zw", ("zw",), ("general", *_general_size(profile)))
    small = Advice(SMALL_NORM, (SMALL_NORM,), (_size_reason(profile), "not_equivalent"))
    if profile.fte is None:
        found = (*sector, small, general)
    elif profile.fte < SMALL_FTE:
        found = (small, *sector, general)
    elif profile.fte == SMALL_FTE:
        found = (small, general, *sector)
    else:
        found = (*sector, general)
    return (*found, *_safety(profile))


def _size_reason(profile: OrganisationProfile) -> str:
    if profile.fte is None:
        return "size_unknown"
    return "boundary" if profile.fte == SMALL_FTE else "small"


def _sectors(profile: OrganisationProfile, library: Library) -> tuple[Advice, ...]:
    ids = dict.fromkeys(WORK[kind] for kind in profile.work if WORK.get(kind))
    found = []
    for norm in ids:
        remarks = [_REMARKS[k] for k in profile.work if WORK.get(k) == norm and k in _REMARKS]
        part = library.part(norm)
        if part is None:
            known: tuple[str, ...] = ("named_only",)
        else:
            known = ("with_123",) if part.together_with else ()
        reasons = ("sector", *known, *dict.fromkeys(remarks))
        found.append(Advice(norm, _own(norm, library), reasons))
    return tuple(found)


def _own(norm: str, library: Library) -> tuple[str, ...]:
    """What to generate of a norm; nothing where it has no question set that was released."""
    return () if library.part(norm) is None else (norm,)


@dataclass(frozen=True, slots=True)
class Companions:
    """Which question sets go with which, as ids.

    Attributes:
        sector: those that always bring others along.
        general: what they bring.
        alone: all others.
    """

    sector: tuple[str, ...]
    general: tuple[str, ...]
    alone: tuple[str, ...]


def companions(library: Library) -> Companions:
    """Which of the newest released question sets go together."""
    parts = library.newest()
    general = dict.fromkeys(one for part in parts for one in part.together_with)
    sector = tuple(part.id for part in parts if part.together_with)
    alone = tuple(part.id for part in parts if part.id not in {*general, *sector})
    return Companions(sector, tuple(general), alone)


def _general_size(profile: OrganisationProfile) -> tuple[str, ...]:
    """Zorg & Welzijn was made for organisations from 10 fte."""
    if profile.fte is None:
        return ("general_from",)
    return ("general_below",) if profile.fte < SMALL_FTE else ()


def _safety(profile: OrganisationProfile) -> tuple[Advice, ...]:
    return (Advice("125", ("125",), ("safety",)),) if "veiligheid" in profile.purposes else ()
