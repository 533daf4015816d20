"""Which files are of the same organisation, and which of several returns counts.

The rule is that of `hkz_xlsx.layout.whose`, for every pair that could be joined; where one file
fits with several that contradict each other, it joins none. What does not go without saying is
listed with its reason. Nothing depends on the order of the files.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from hkz_xlsx.layout.whose import NOTHING_STATED, Owner, Stated, verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """What says whose a file is, and when it was filled in (ISO date, empty when not known)."""

    file_id: str
    workbook_id: str
    kvk: str
    location: str
    name: str
    day: str
    edition_set: str
    answered: int
    content: str = ""
    """Hash of the file: copies of one file are no doubt."""
    owner: Owner = field(init=False, repr=False, compare=False)
    number: str = field(init=False, repr=False, compare=False)
    place: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        owner = Owner(self.name, self.location, self.kvk, self.workbook_id)
        object.__setattr__(self, "owner", owner)
        object.__setattr__(self, "number", owner.number)
        object.__setattr__(self, "place", owner.place)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why two files were joined or kept apart, where that does not go without saying; ``reason``
    is a code."""

    file_id: str
    other: str
    reason: str


CERTAIN = frozenset({"sites", "same_client"})
"""Reasons that nobody has to look into."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Whose every file is, which file replaces it (empty when it counts), and what is doubtful.

    ``rounds`` is the round of measurement per file; ``current`` are the files of the last round
    of every organisation.
    """

    organisations: Mapping[str, str]
    matched_by: Mapping[str, str]
    superseded: Mapping[str, str]
    rounds: Mapping[str, str]
    current: frozenset[str]
    doubts: tuple[Doubt, ...]


def round_of(day: str, kind: str) -> str:
    """The round of a reference date: its year, half year, quarter or month; empty without one."""
    if not day:
        return ""
    year, month = day[:4], int(day[5:7])
    match kind:
        case "year":
            return year
        case "half":
            return f"{year}-H{(month + 5) // 6}"
        case "quarter":
            return f"{year}-Q{(month + 2) // 3}"
        case _:
            return day[:7]


def _grouped(seen: Iterable[Seen], key: Callable[[Seen], Hashable]) -> list[list[Seen]]:
    groups: dict[Hashable, list[Seen]] = defaultdict(list)
    for one in seen:
        if found := key(one):
            groups[found].append(one)
    return list(groups.values())


class _Joined:
    """Files joined into organisations (union-find), with the numbers and places of each."""

    def __init__(self, seen: Sequence[Seen], stated: Stated) -> None:
        self.stated = stated
        self._parent = {one.file_id: one.file_id for one in seen}
        self._numbers = {one.file_id: {stated.key(one.owner)} - {""} for one in seen}
        self._places = {one.file_id: {one.place} - {""} for one in seen}

    def root(self, key: str) -> str:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self._parent[second] = first
            self._numbers[first] |= self._numbers.pop(second)
            self._places[first] |= self._places.pop(second)

    def numbers(self, files: Iterable[Seen]) -> set[str]:
        """Numbers, or what stands for them, of everything that these files are joined to."""
        return set().union(*(self._numbers[self.root(one.file_id)] for one in files))

    def places(self, files: Iterable[Seen]) -> set[str]:
        """Locations of everything that these files are joined to."""
        return set().union(*(self._places[self.root(one.file_id)] for one in files))

    def site(self, one: Seen) -> str:
        """The location of a file, or of what it is joined to; empty when nothing says it."""
        return min(self.places([one]), default="")

    def agree(self, files: Sequence[Seen]) -> bool:
        """Whether everything that these files are joined to already says one number and place."""
        return len(self.numbers(files)) <= 1 and len(self.places(files)) <= 1

    def apart(self, one: Seen, other: Seen) -> bool:
        """Whether two files are not joined."""
        return self.root(one.file_id) != self.root(other.file_id)


def match(
    seen: Sequence[Seen], round_kind: str = "year", stated: Stated = NOTHING_STATED
) -> Matched:
    """Join files into organisations and choose the returns that count.

    Args:
        seen: every file that was read.
        round_kind: ``year``, ``half``, ``quarter`` or ``month`` of the reference date.
        stated: KvK numbers and names that people said are of one client.
    """
    seen = sorted(seen, key=lambda one: one.file_id)
    joined, doubts = _Joined(seen, stated), set[Doubt]()
    # The surest first: a name joins only what ids and numbers do not keep apart.
    by_id = _by_workbook_id(seen, joined, doubts)
    _by_number(seen, joined, doubts)
    by_name = _by_name(seen, joined, doubts)
    groups = _grouped(seen, lambda one: joined.root(one.file_id))
    organisations, matched_by = {}, {}
    for group in groups:
        key, how = _name_of(group, stated, by_id, by_name)
        for one in group:
            organisations[one.file_id], matched_by[one.file_id] = key, how
    rounds = {one.file_id: round_of(one.day, round_kind) for one in seen}
    superseded = _superseded(seen, organisations, rounds, doubts)
    counting = [one for one in seen if one.file_id not in superseded]
    current = frozenset(
        max(group, key=lambda one: (one.day, one.file_id)).file_id
        for group in _grouped(counting, lambda one: (organisations[one.file_id], one.edition_set))
    )
    listed = sorted(doubts, key=lambda d: (d.file_id, d.other, d.reason))
    return Matched(organisations, matched_by, superseded, rounds, current, tuple(listed))


def _doubt(one: Seen, other: Seen, reason: str) -> Doubt:
    first, second = sorted((one.file_id, other.file_id))
    return Doubt(first, second, reason)


def _by_workbook_id(seen: Sequence[Seen], joined: _Joined, doubts: set[Doubt]) -> set[str]:
    trusted: set[str] = set()
    for group in _grouped(seen, lambda one: one.workbook_id):
        pairs = list(combinations(group, 2)) if len(group) < _MANY else []
        found = [(pair, verdict(pair[0].owner, pair[1].owner, joined.stated)) for pair in pairs]
        contradictions = [pair for pair, told in found if told.apart]
        if contradictions or (not pairs and len(group) > 1):
            # A copy that went to another organisation: the id says nothing any more.
            doubts.update(_doubt(*pair, "id_contradicted") for pair in contradictions)
            continue
        trusted.update(one.file_id for one in group)
        doubts.update(
            _doubt(*pair, "other_name")
            for pair, told in found
            if told.reason == "workbook_id" and told.other_name
        )
        for one in group[1:]:
            joined.join(group[0].file_id, one.file_id)
    return trusted


_MANY = 200
"""More files with one workbook id than this are no returns of one organisation."""


def _by_number(seen: Sequence[Seen], joined: _Joined, doubts: set[Doubt]) -> None:
    for group in _grouped(seen, lambda one: joined.stated.key(one.owner)):
        sites = sorted(_grouped(group, joined.site), key=lambda site: joined.site(site[0]))
        blank = [one for one in group if not joined.site(one)]
        if len(sites) > 1:
            # A file that names no location may be of any of them: it joins those that name none
            # either.
            for site in (*sites, blank):
                _join_all(site, joined, doubts)
            doubts.update(_doubt(sites[0][0], site[0], "sites") for site in sites[1:])
            doubts.update(
                _doubt(one, site[0], "location_missing") for one in blank[:1] for site in sites
            )
        else:
            _join_all(group, joined, doubts)
        first = group[0]
        doubts.update(
            _doubt(first, one, "same_client")
            for one in group
            if one.number != first.number and not joined.apart(one, first)
        )


def _join_all(same: Sequence[Seen], joined: _Joined, doubts: set[Doubt]) -> None:
    """Join files of one number and place, unless one of them was joined to what contradicts."""
    if joined.agree(same):
        for one in same[1:]:
            joined.join(same[0].file_id, one.file_id)
    else:
        doubts.update(_doubt(same[0], one, "id_contradicted") for one in same[1:])


def _by_name(seen: Sequence[Seen], joined: _Joined, doubts: set[Doubt]) -> set[str]:
    """Files without a number join those of their name, when these are one client and place."""
    found: set[str] = set()
    for group in _grouped(seen, lambda one: one.owner.who):
        if all(joined.numbers([one]) for one in group):
            continue
        sites = sorted(_grouped(group, joined.site), key=lambda site: joined.site(site[0]))
        blank = [one for one in group if not joined.site(one)]
        for same in sites if len(sites) > 1 else [group]:
            found |= _join_named(same, joined, doubts)
        if len(sites) > 1:
            doubts.update(
                _doubt(one, site[0], "name_only")
                for one in blank
                for site in sites
                if not (joined.numbers([one]) and joined.numbers(site[:1]))
            )
    return found


def _join_named(same: Sequence[Seen], joined: _Joined, doubts: set[Doubt]) -> set[str]:
    loose = [one for one in same if not joined.numbers([one])]
    found: set[str] = set()
    agree = joined.agree(same)
    for one in loose:
        # The first of everything that this one is not joined to.
        # One doubt per group that was joined already, not one per file: somebody has to read them.
        others = {joined.root(other.file_id): other for other in reversed(same)}
        others.pop(joined.root(one.file_id), None)
        if not agree:
            doubts.update(_doubt(one, other, "name_only") for other in others.values())
            continue
        for other in others.values():
            found |= {one.file_id, other.file_id}
            doubts.add(_doubt(one, other, "name_joined"))
            joined.join(one.file_id, other.file_id)
        break  # now all of them are joined
    return found


def _name_of(
    group: Sequence[Seen], stated: Stated, by_id: set[str], by_name: set[str]
) -> tuple[str, str]:
    """A key that does not depend on what else is in the portfolio, and what it rests on."""
    # From what the files say, never from their count or order: a client keeps its key when others
    # come or go.
    numbers = sorted({one.number for one in group if one.number})
    places = sorted({one.place for one in group if one.place})
    ids = sorted({one.workbook_id for one in group if one.file_id in by_id})
    keys = sorted({stated.key(one.owner) for one in group} - {""})
    named = [one for one in group if one.file_id in by_name]
    site = places[0] if places else ""
    if numbers:
        text, how = f"kvk:{numbers[0]}:{site}", "same_client" if len(numbers) > 1 else "kvk"
    elif keys:
        text, how = f"stated:{keys[0]}:{site}", "same_client"
    elif ids:
        text, how = f"id:{ids[0]}", "name" if named else "workbook_id"
    elif named:
        text, how = f"name:{named[0].owner.who}:{site}", "name"
    else:
        text, how = f"file:{group[0].file_id}", "file"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12], how


def _superseded(
    seen: Sequence[Seen], organisations: Mapping[str, str], rounds: Mapping[str, str],
    doubts: set[Doubt],
) -> dict[str, str]:  # fmt: skip
    """Of several returns in one round the newest counts, by reference date."""
    found: dict[str, str] = {}
    key: Callable[[Seen], Hashable] = lambda one: (  # noqa: E731 - used once
        organisations[one.file_id], one.edition_set, rounds[one.file_id],
    )  # fmt: skip
    for group in _grouped(seen, key):
        # On one day the fullest counts; that is listed, for somebody has to look.
        newest = max(group, key=lambda one: (one.day, one.answered, one.file_id))
        for one in group:
            if one is newest:
                continue
            found[one.file_id] = newest.file_id
            copies = one.content and one.content == newest.content
            if one.day == newest.day and not copies:
                doubts.add(_doubt(one, newest, "same_date"))
    return found
