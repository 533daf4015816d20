"""Which files are of the same organisation, and which of several returns counts.

A workbook id joins files unless KvK number or location contradict it; KvK number and location
together join files without one. Everything less certain is listed as doubtful and joins nothing.
Nothing depends on the order of the files.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hkz_xlsx.layout.codecs import folded


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

    @property
    def number(self) -> str:
        """The KvK number, empty when it is none."""
        digits = "".join(c for c in self.kvk if c.isdigit())
        return digits if len(digits) == 8 else ""  # noqa: PLR2004 - a KvK number has eight digits

    @property
    def place(self) -> str:
        """The location as it is compared."""
        return folded(self.location)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two files that may belong together, or that contradict each other; ``reason`` is a code."""

    file_id: str
    other: str
    reason: str


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


def _contradict(one: Seen, other: Seen) -> bool:
    numbers = one.number and other.number and one.number != other.number
    return bool(numbers or (one.place and other.place and one.place != other.place))


class _Joined:
    """Files joined into organisations (union-find)."""

    def __init__(self, seen: Sequence[Seen]) -> None:
        self._parent = {one.file_id: one.file_id for one in seen}
        self._numbers = {one.file_id: {one.number} - {""} for one in seen}
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

    def agree(self, files: Iterable[Seen]) -> bool:
        """Whether everything that these files are joined to already says one number and place."""
        roots = {self.root(one.file_id) for one in files}
        numbers = set().union(*(self._numbers[root] for root in roots))
        places = set().union(*(self._places[root] for root in roots))
        return len(numbers) <= 1 and len(places) <= 1


def match(seen: Sequence[Seen], round_kind: str = "year") -> Matched:
    """Join files into organisations and choose the returns that count.

    Args:
        seen: every file that was read.
        round_kind: ``year``, ``half``, ``quarter`` or ``month`` of the reference date.
    """
    seen = sorted(seen, key=lambda one: one.file_id)
    joined, doubts = _Joined(seen), set[Doubt]()
    by_id = _by_workbook_id(seen, joined, doubts)
    _by_number(seen, joined, doubts)
    _by_name(seen, joined, doubts)
    groups = _grouped(seen, lambda one: joined.root(one.file_id))
    organisations, matched_by = {}, {}
    for group in groups:
        key, how = _name_of(group, by_id)
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
        contradictions = [pair for pair in pairs if _contradict(*pair)]
        if contradictions or (not pairs and len(group) > 1):
            # A copy that went to another organisation: the id says nothing any more.
            doubts.update(_doubt(*pair, "id_contradicted") for pair in contradictions)
            continue
        trusted.update(one.file_id for one in group)
        for one in group[1:]:
            joined.join(group[0].file_id, one.file_id)
    return trusted


_MANY = 200
"""More files with one workbook id than this are no returns of one organisation."""


def _by_number(seen: Sequence[Seen], joined: _Joined, doubts: set[Doubt]) -> None:
    for group in _grouped(seen, lambda one: one.number):
        for same in sorted(_grouped(group, lambda one: one.place or "-"), key=lambda g: g[0].place):
            if not joined.agree(same):
                doubts.update(_doubt(same[0], one, "id_contradicted") for one in same[1:])
                continue
            for one in same[1:]:
                joined.join(same[0].file_id, one.file_id)
        blank = [one for one in group if not one.place]
        named = [one for one in group if one.place]
        for one in blank[:1]:
            for other in named:
                if joined.root(one.file_id) != joined.root(other.file_id):
                    doubts.add(_doubt(one, other, "location_missing"))


def _by_name(seen: Sequence[Seen], joined: _Joined, doubts: set[Doubt]) -> None:
    for group in _grouped(seen, lambda one: folded(one.name)):
        if len(group) < _MANY and any(not one.number for one in group):
            for one, other in combinations(group, 2):
                apart = joined.root(one.file_id) != joined.root(other.file_id)
                if apart and not (one.number and other.number) and not _contradict(one, other):
                    doubts.add(_doubt(one, other, "name_only"))


def _name_of(group: Sequence[Seen], by_id: set[str]) -> tuple[str, str]:
    """A key that does not depend on what else is in the portfolio, and what it rests on."""
    numbers = sorted({one.number for one in group if one.number})
    places = sorted({one.place for one in group if one.place})
    ids = sorted({one.workbook_id for one in group if one.file_id in by_id})
    if numbers:
        text, how = f"kvk:{numbers[0]}:{places[0] if places else ''}", "kvk"
    elif ids:
        text, how = f"id:{ids[0]}", "workbook_id"
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
