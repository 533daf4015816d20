"""Who asked to be taken out of a portfolio, and until when it may be kept.

What stands here outlives the cache: a file of somebody who was taken out is left out of every next
run too, also when it is still among what is handed in. Numbers and names are kept as checksums: a
list of who wants to be forgotten must not be the last place that remembers them. (A KvK number has
eight digits only; who has the number can check whether it is meant.)
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hkz_xlsx.layout.kvk import read_kvk
from hkz_xlsx.machine.atomic import write_file
from hkz_xlsx.portfolio.cache import Cache
from hkz_xlsx.portfolio.file_rows import unpack
from hkz_xlsx.portfolio.run import FoundFile
from hkz_xlsx.problems import HkzError, Problem, Where, problem

NAME = "kept.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """What holds for a portfolio. ``forgotten`` are checksums; ``until`` is None without an end."""

    forgotten: frozenset[str] = frozenset()
    until: date | None = None

    def names(self, kvk: str, name: str) -> str:
        """The checksum by which an organisation was taken out: of its number or, without one, of
        its name; empty when it was not."""
        found = checksum(read_kvk(kvk).usable or name) if self.forgotten else ""
        return found if found in self.forgotten else ""


def checksum(asked: str) -> str:
    """What is kept of a number or a name."""
    number = read_kvk(asked).usable
    plain = number or " ".join(unicodedata.normalize("NFC", asked).casefold().split())
    return hashlib.sha256(f"hkz-xlsx\0{plain}".encode()).hexdigest()


def read_kept(folder: Path) -> Kept:
    """What was agreed for a portfolio before.

    Raises:
        HkzError: it stands there and cannot be read: nobody may come back because of that.
    """
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
        until = found["until"]
        return Kept(
            frozenset(map(str, found["forgotten"])), date.fromisoformat(until) if until else None
        )
    except FileNotFoundError:
        return Kept()
    except (OSError, ValueError, KeyError, TypeError):
        raise HkzError(problem("PORTFOLIO_KEPT_BROKEN", Where(str(folder / NAME)))) from None


def agreed(folder: Path, forget: Sequence[str], until: date | None) -> Kept:
    """What holds from now on, written down before anything is read.

    Args:
        folder: the portfolio.
        forget: numbers, or names where there is none, to be taken out beside those of before.
        until: the last day that it may be kept; None leaves what was agreed.
    """
    before = read_kept(folder)
    kept = replace(before, forgotten=before.forgotten | {checksum(one) for one in forget})
    if until is not None:
        kept = replace(kept, until=until)
    if kept != before:
        day = kept.until.isoformat() if kept.until else ""
        text = json.dumps({"until": day, "forgotten": sorted(kept.forgotten)}, indent=1)
        write_file(folder / NAME, text.encode(), force=True)
    return kept


@dataclass(frozen=True, slots=True)
class Left:
    """What is left when some were taken out: the files that stay, the contents of those that do
    not, and the checksums by which they were found."""

    entries: tuple[FoundFile, ...]
    gone: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()


def without(entries: Iterable[FoundFile], cache: Cache, kept: Kept) -> Left:
    """The files without those of who was taken out.

    Args:
        entries: the files of a run; those that were skipped stay.
        cache: what was read of them: number and name stand there.
        kept: the checksums of who was taken out.

    Returns:
        the files that stay, and of the others the checksums of content and of who they are of.
    """
    if not kept.forgotten:
        return Left(tuple(entries))
    stay: list[FoundFile] = []
    gone: dict[str, str] = {}
    for entry in entries:
        head = {} if entry.skipped else unpack(cache.head(entry.sha256))
        who = head.get("organisation") or {}
        if mark := kept.names(str(who.get("kvk", "")), str(who.get("name", ""))):
            gone[entry.sha256] = mark
        else:
            stay.append(entry)
    return Left(tuple(stay), frozenset(gone), frozenset(gone.values()))


def too_long(folder: Path, today: date) -> tuple[Problem, ...]:
    """A warning when a portfolio is older than was agreed."""
    until = read_kept(folder).until
    if until is None or today <= until:
        return ()
    return (problem("PORTFOLIO_KEPT", Where(str(folder)), day=f"{until:%d-%m-%Y}"),)
