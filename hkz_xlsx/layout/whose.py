"""Whose is this file, or this row of a list? The one rule, for everything that puts two together.

| known | then |
|---|---|
| usable KvK numbers that differ, whatever the workbook id says | two clients |
| the same KvK number, the same or no location | the same |
| the same KvK number, two locations | two sites, kept apart |
| no usable KvK number on one side, the same workbook id | the same |
| neither | the same name, with the same or no location: the same, but not for certain |

Two locations are two sites in every row. What people state (a merger, a corrected number) goes
before the rule and is recorded by whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.layout.kvk import read_kvk
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.cell_values import CellValue, shown
from hkz_xlsx.scoring.tables import Address

_FORMS = frozenset({"stichting", "vereniging", "cooperatie", "bv", "nv", "vof", "ua", "foundation"})
"""Legal forms, which people write or leave out."""
_PLACE_WORDS = frozenset({"locatie", "vestiging", "location", "branch", "site"})


@dataclass(frozen=True, slots=True)
class Owner:
    """What a file or a row says of whose it is, as it was typed."""

    name: str = ""
    location: str = ""
    kvk: str = ""
    workbook_id: str = ""

    @property
    def number(self) -> str:
        """The KvK number, empty when it points at nobody."""
        return read_kvk(self.kvk).usable

    @property
    def place(self) -> str:
        """The location as it is compared."""
        return place(self.location)

    @property
    def who(self) -> str:
        """The name as it is compared."""
        return plain_name(self.name)

    @property
    def silent(self) -> bool:
        """Whether it says nothing that can be compared."""
        return not (self.number or self.who)


def plain_name(name: str) -> str:
    """A name as it is compared: *Stichting De Brug* is whom others call *de brug*."""
    words = [folded(word) for word in name.split()]
    bare = "".join(word for word in words if word not in _FORMS)
    return bare or "".join(words)


def place(location: str) -> str:
    """A location as it is compared: *Locatie Noord* is the place that others call *noord*."""
    first, _, rest = location.strip().partition(" ")
    return folded(rest) if folded(first) in _PLACE_WORDS and folded(rest) else folded(location)


def owner(inputs: Mapping[Address, CellValue]) -> Owner:
    """Who stands on the Start sheet of a workbook, from what was filled in there."""
    name, location, kvk = (
        shown(inputs.get(Address("organisation", key, "value"))).strip()
        for key in ("name", "location", "kvk")
    )
    return Owner(name, location, kvk, shown(inputs.get(WORKBOOK_ID)))


def token(text: str) -> str:
    """How a statement names a client: its KvK number, else its name as it is compared."""
    return read_kvk(text).usable or plain_name(text)


@dataclass(frozen=True, slots=True)
class Stated:
    """What people state: KvK numbers and names that are of one client. Groups do not overlap."""

    groups: tuple[tuple[str, ...], ...] = ()
    _by_name: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {name: group for group in self.groups for name in group}
        object.__setattr__(self, "_by_name", found)

    @classmethod
    def of(cls, statements: Iterable[Iterable[str]]) -> Stated:
        """From statements as people type them; those with a name in common are taken together."""
        known: dict[str, set[str]] = {}
        for statement in statements:
            group = {found for text in statement if (found := token(text))}
            for name in tuple(group):
                group |= known.get(name, set())
            known |= dict.fromkeys(group, group)
        groups = {tuple(sorted(group)) for group in known.values() if len(group) > 1}
        return cls(tuple(sorted(groups)))

    def all_of(self, owner: Owner) -> tuple[str, ...]:
        """Every number and name that is of this client."""
        key = self.key(owner)
        return self._by_name.get(key, (key,) if key else ())

    def key(self, owner: Owner) -> str:
        """What tells this client from others: its KvK number, or what stands for it here.

        A name stands for a client that has no usable number. Empty when there is nothing.
        """
        if owner.number:
            return self._by_name.get(owner.number, (owner.number,))[0]
        return self._by_name.get(owner.who, ("",))[0]


def names_in(text: str) -> tuple[str, ...]:
    """The clients in a cell *Zelfde cliënt als*: one, or more with semicolons between them."""
    return tuple(name.strip() for name in re.split(r"[;\n]", text) if name.strip())


NOTHING_STATED = Stated()

Reason = Literal[
    "kvk", "stated", "workbook_id", "name", "kvk_differs", "location_differs", "name_differs",
    "unknown",
]  # fmt: skip
"""What a verdict rests on; ``unknown``: one side says nothing that can be compared."""

_SAME = ("kvk", "stated", "workbook_id", "name")


@dataclass(frozen=True, slots=True)
class OwnerMatch:
    """Whether two are of one client. Neither ``same`` nor ``apart``: nobody can tell.

    ``other_name`` says that they are the same though their names differ.
    """

    reason: Reason
    other_name: bool = False

    @property
    def same(self) -> bool:
        """One client, and one site of it."""
        return self.reason in _SAME

    @property
    def apart(self) -> bool:
        """Two clients, or two sites of one."""
        return not self.same and self.reason != "unknown"


def verdict(one: Owner, other: Owner, stated: Stated = NOTHING_STATED) -> OwnerMatch:
    """The rule.

    Args:
        one: whose the first workbook says it is.
        other: whose the second says it is.
        stated: what the user has said on the command line or in a list about the two.

    Returns:
        the first reason that decides, and whether a person should be told of another name.
    """
    reason = _client(one, other, stated)
    if reason not in _SAME:
        return OwnerMatch(reason)
    if one.place and other.place and one.place != other.place:
        return OwnerMatch("location_differs")
    if reason == "workbook_id":
        return OwnerMatch(reason, bool(one.who and other.who and one.who != other.who))
    return OwnerMatch(reason, reason == "kvk" and _other_name(one.who, other.who))


def _client(one: Owner, other: Owner, stated: Stated) -> Reason:
    """Which client, whatever the location."""
    mine, theirs = stated.key(one), stated.key(other)
    if mine and mine == theirs:
        return "kvk" if one.number and one.number == other.number else "stated"
    if one.number and other.number:
        return "kvk_differs"
    if one.workbook_id and one.workbook_id == other.workbook_id:
        return "workbook_id"
    if not one.who or not other.who:
        return "unknown"
    return "name" if one.who == other.who else "name_differs"


def _other_name(one: str, other: str) -> bool:
    """Whether names are of two: *De Brug* and *Stichting De Brug* need not be."""
    return bool(one and other) and one not in other and other not in one


_CODES: Mapping[Reason, str] = {
    "kvk_differs": "OWNER_KVK_DIFFERS",
    "location_differs": "OWNER_SITE_DIFFERS",
    "name_differs": "OWNER_NAME_DIFFERS",
    "name": "OWNER_BY_NAME",
    "unknown": "OWNER_UNKNOWN",
}


def told(
    ours: Owner, theirs: Owner, where: Where, *, stated: Stated = NOTHING_STATED, said: bool = False
) -> tuple[Problem, ...]:
    """What is to be said before two are put together; an error means that they may not be.

    Args:
        ours: whom it is done for.
        theirs: what the file or row at ``where`` says.
        where: the file, or the cell that names it.
        stated: what people state about clients.
        said: these two were stated to be one client.
    """
    found = verdict(ours, theirs, stated)
    slots = {
        "ours": known_as(ours), "theirs": known_as(theirs),
        "their_name": theirs.name or "–",
    }  # fmt: skip
    if found.reason == "stated" or (said and not found.same):
        return (problem("OWNER_STATED", where, **slots),)
    if found.other_name:
        return (problem("OWNER_OTHER_NAME", where, **slots),)
    code = _CODES.get(found.reason)
    return (problem(code, where, **slots),) if code and not (said and found.same) else ()


def known_as(owner: Owner) -> str:
    """Name, location and KvK number, as far as they are known, for people to read."""
    number = f"KvK {owner.number or owner.kvk}" if owner.kvk else ""
    return ", ".join(part for part in (owner.name, owner.location, number) if part) or "–"


def together(sides: Sequence[tuple[Owner, Where]], *, said: bool = False) -> tuple[Problem, ...]:
    """What is to be said before several files are made one; their sites may differ.

    The first with a usable KvK number says whom it is about. A file without one belongs with
    those that belong with it by workbook id or name. Where none has a number, other names are
    those of departments as often as not: a warning.
    """
    plain = [replace(one, location="") for one, _ in sides]
    first = next(
        (i for i, one in enumerate(plain) if one.number),
        next((i for i, one in enumerate(plain) if not one.silent), 0),
    )
    placed, left = [first], [i for i in range(len(plain)) if i != first]
    found: dict[int, tuple[Problem, ...]] = {}
    while left:
        pairs = ((i, other) for i in left for other in placed)
        same = (pair for pair in pairs if verdict(plain[pair[0]], plain[pair[1]]).same)
        index, beside = next(same, (left[0], first))
        found[index] = told(plain[beside], plain[index], sides[index][1], said=said)
        if verdict(plain[beside], plain[index]).same:
            placed.append(index)
        left.remove(index)
    everything = (one for _, told_of in sorted(found.items()) for one in told_of)
    if plain[first].number:
        return tuple(everything)
    return tuple(
        problem("OWNER_NAME_UNSURE", one.where, **one.slots)
        if one.code == "OWNER_NAME_DIFFERS"
        else one
        for one in everything
    )
