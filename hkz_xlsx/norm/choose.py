"""Which norm fits an organisation: by size, kind of work and purpose, with the reasons.

The boundary of HKZ Kleine Organisaties is contradictory in public sources: "at most 10 fte"
on hkz.nl, "fewer than 10" elsewhere, and HKZ Zorg & Welzijn "from 10 fte". At exactly 10 both
are named and the reader is told to ask a certification body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SMALL_FTE = 10.0

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
        "anders": "",
    }
)
"""Kind of work → sector part; ``anders`` has none of ours."""

PURPOSES = ("certificaat", "verbeteren", "veiligheid")


@dataclass(frozen=True, slots=True)
class Profile:
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


def choose(profile: Profile) -> tuple[Advice, ...]:
    """Norms to consider, the most fitting one first."""
    if profile.alone:
        return (Advice("166", (), ("alone",)), *_safety(profile))
    sector = _sectors(profile)
    general = Advice("zw", ("zw",), ("general",))
    small = Advice("143", ("143",), (_size_reason(profile), "not_equivalent"))
    if profile.fte is None:
        found = (*sector, small, general)
    elif profile.fte < SMALL_FTE:
        found = (small, *sector, general)
    elif profile.fte == SMALL_FTE:
        found = (small, general, *sector)
    else:
        found = (*sector, general)
    return (*found, *_safety(profile))


def _size_reason(profile: Profile) -> str:
    if profile.fte is None:
        return "size_unknown"
    return "boundary" if profile.fte == SMALL_FTE else "small"


def _sectors(profile: Profile) -> tuple[Advice, ...]:
    parts = dict.fromkeys(WORK[kind] for kind in profile.work if WORK.get(kind))
    reasons = {
        part: (
            "sector",
            "with_123",
            *(("playgroup",) if "peuteropvang" in profile.work and part == "132" else ()),
        )
        for part in parts
    }
    return tuple(Advice(part, (part,), reasons[part]) for part in parts)


def _safety(profile: Profile) -> tuple[Advice, ...]:
    return (Advice("125", ("125",), ("safety",)),) if "veiligheid" in profile.purposes else ()
