"""Whose every file is that came back: by workbook id, as far as what stands in it agrees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from hkz_xlsx.batch.manifest import ManifestEntry
from hkz_xlsx.layout.whose import Owner, Stated, known_as, told, verdict
from hkz_xlsx.problems import Problem, Where, problem


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One file as it came back. ``modified`` is when it was saved, by its own account if it says.

    ``typed`` counts the cells filled in beside the questions, ``errors`` the problems found;
    ``day`` is the reference date (ISO), ``parts`` are the norm parts asked for. ``fault`` says why
    it cannot be read. ``why`` is what is to be said of whose it is; ``sure`` is False for a file
    that a client's own file goes before, ``earlier`` for one of a round before this one. ``part``
    says which part of how many it is, None for a whole workbook.
    """

    file: str
    sha256: str
    owner: Owner = field(default_factory=Owner)
    day: str = ""
    parts: tuple[str, ...] = ()
    answered: int = 0
    count: int = 0
    typed: int = 0
    errors: int = 0
    modified: str = ""
    fault: Problem | None = None
    why: Problem | None = None
    sure: bool = True
    earlier: bool = False
    part: tuple[int, int] | None = None


Placed = tuple[int | None, ReturnedFile]
"""Index of the client, None for a file that counts for nobody here; and what was found out."""


def _plain(file: str) -> str:
    """A file name without folder, case, kind, and the number that a browser or a copy adds."""
    stem = Path(file).stem.casefold()
    return re.sub(r"\s*(\(\d+\)|- (kopie|copy)( \(\d+\))?)$", "", stem).strip()


class ManifestClients:
    """The clients of a manifest, to find the one that a file belongs to."""

    def __init__(
        self, entries: Sequence[ManifestEntry], statements: Iterable[Iterable[str]] = ()
    ) -> None:
        self._entries = entries
        own = (entry.same_client for entry in entries if entry.same_client)
        self._stated = Stated.of([*statements, *own])
        self._ids = {e.values["workbook_id"]: i for i, e in enumerate(entries)}
        self._sums = {e.values["sha256"]: i for i, e in enumerate(entries) if e.values["sha256"]}
        self._files = {Path(e.file).stem.casefold(): i for i, e in enumerate(entries)}
        plain: dict[str, list[int]] = {}
        self._owners: list[Owner] = []
        self._known: dict[str, list[int]] = {}
        for index, entry in enumerate(entries):
            plain.setdefault(_plain(entry.file), []).append(index)
            owner = replace(entry.owner, workbook_id="")
            self._owners.append(owner)
            for key in {self._stated.key(owner), owner.who} - {""}:
                self._known.setdefault(key, []).append(index)
        days = [entry.values["reference_date"] for entry in entries]
        # A client that fills in the date itself takes part in the round of the others.
        first = min(filter(None, days), default="")
        self._days = [day or first for day in days]
        self._names = {owner.who for owner in self._owners}
        self._plain = {name: found[0] for name, found in plain.items() if len(found) == 1}

    def place(self, one: ReturnedFile) -> Placed:
        """Whose a file is, by the rule of `hkz_xlsx.layout.whose`; the last resort is its name."""
        sent = self._ids.get(one.owner.workbook_id) if one.owner.workbook_id else None
        if sent is not None:
            return self._sent(one, sent)
        if one.sha256 in self._sums:
            return self._sums[one.sha256], one
        known = self._of(one.owner, one.parts)
        if known:
            return self._other(one, known)
        if one.owner.workbook_id:
            return None, one
        index = self._by_file(one)
        if index is None or one.fault is not None or one.owner.silent:
            return index, one
        return self._named(one, index)

    def _sent(self, one: ReturnedFile, index: int) -> Placed:
        """The workbook of this client, perhaps filled in by another."""
        sent = self._entries[index].owner
        found = verdict(sent, one.owner, self._stated)
        why = told(sent, one.owner, Where(one.file), stated=self._stated)
        differs = bool(one.owner.who) and one.owner.who != sent.who
        # The name of another client on this list says that it is that one who filled it in.
        if found.apart or (differs and one.owner.who in self._names and found.reason != "stated"):
            own = [i for i in self._of(one.owner, one.parts) if i != index]
            slots = {"theirs": known_as(one.owner), "ours": known_as(sent)}
            other = problem("RETURN_OF_ANOTHER", Where(one.file), **slots)
            return self._of_another(replace(one, why=other), own)
        day = self._days[index]
        earlier = bool(one.day and day) and one.day[:4] < day[:4]
        sure = not found.other_name
        return index, replace(one, why=why[0] if why else None, sure=sure, earlier=earlier)

    def _of_another(self, one: ReturnedFile, own: list[int]) -> Placed:
        if len(own) != 1:
            return None, one
        day = self._days[own[0]]
        return own[0], replace(one, sure=False, earlier=bool(one.day and day) and one.day < day)

    def _other(self, one: ReturnedFile, known: list[int]) -> Placed:
        """Not a workbook of this manifest, though of a client on it."""
        where = Where(one.file)
        if len(known) > 1:
            names = "; ".join(self._entries[i].client for i in known)
            return None, replace(one, why=problem("RETURN_UNCLEAR", where, clients=names))
        entry = self._entries[known[0]]
        day = self._days[known[0]]
        if not one.day or not day:
            return None, replace(one, why=problem("RETURN_UNDATED", where, ours=entry.client))
        if one.day < day:
            return known[0], replace(one, earlier=True)
        why = problem("RETURN_OTHER_WORKBOOK", where, ours=entry.client)
        return known[0], replace(one, why=why, sure=False)

    def _named(self, one: ReturnedFile, index: int) -> Placed:
        """A file that only its name gives a client to, though it says whose it is."""
        found = verdict(self._owners[index], one.owner, self._stated)
        why = told(self._owners[index], one.owner, Where(one.file), stated=self._stated)
        return None if found.apart else index, replace(one, why=why[0] if why else None, sure=False)

    def _of(self, owner: Owner, parts: tuple[str, ...]) -> list[int]:
        """The clients with these norms that a file is of by its own account, best known first."""
        bare = replace(owner, workbook_id="")
        keys = {self._stated.key(bare), bare.who} - {""}
        found = []
        for index in sorted({i for key in keys for i in self._known.get(key, ())}):
            reached = verdict(self._owners[index], bare, self._stated)
            norms = set(self._entries[index].values["norms"].split())
            if reached.same and norms == set(parts):
                found.append((reached.reason == "name", self._owners[index].place, index))
        certain = [one for one in found if not one[0]] or found
        exact = [one for one in certain if one[1] == bare.place]
        return [index for *_, index in exact or certain]

    def _by_file(self, one: ReturnedFile) -> int | None:
        path = PurePosixPath(one.file)
        # A zip may bear the name that the file in it has lost.
        zips = [part for part in path.parts[:-1] if part.lower().endswith(".zip")]
        for name in (path.name, *reversed(zips)):
            found = self._files.get(PurePosixPath(name).stem.casefold())
            found = found if found is not None else self._plain.get(_plain(name))
            if found is not None:
                return found
        return None
