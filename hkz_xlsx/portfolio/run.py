"""Reads everything handed in, as far as it was not read before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hkz_xlsx.portfolio.cache import Cache
from hkz_xlsx.portfolio.file_rows import PASSING, Packed, packed, read_one, refused
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.spreadsheet.sources import SourceFile, file_sources, folder_files, plain_label

Task = tuple[str, bytes]
Result = Packed | tuple[Problem, ...]


class Engine(Protocol):
    """Where files are read: worker processes here, or a cluster."""

    def map(
        self, function: Callable[[Task], Packed], items: Iterator[tuple[str, Task]]
    ) -> Iterator[tuple[str, Result]]:
        """Call a function on every file; a file that cannot be done gives problems instead."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file found. ``file_id`` follows from label and content; size in bytes.

    ``skipped``: no spreadsheet by content nor by name.
    """

    file: str
    sha256: str
    size: int
    skipped: bool = False

    @property
    def file_id(self) -> str:
        """The same file in the same place has the same id in every run."""
        text = f"{self.file}\0{self.sha256}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(text).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading is: files to look at (an archive is one), entries found so far, read now,
    taken from the cache, and unusable."""

    total: int
    found: int
    read: int
    known: int
    unusable: int


def places(paths: Sequence[Path]) -> list[tuple[str, Path, bool]]:
    """Label, path, and whether it was named itself, of every file; folders are walked.

    A label begins with the name of the folder that was handed in, so that it does not depend on
    what else is handed in.
    """
    found: list[tuple[str, Path, bool]] = []
    for path in paths:
        if path.is_dir():
            name = path.resolve().name
            inside = folder_files(path)
            labels = [(f"{name}/{p.relative_to(path).as_posix()}", p) for p in inside]
            found += [(plain_label(label), p, False) for label, p in labels]
        else:
            found.append((plain_label(path.name), path, True))
    return sorted(found, key=lambda one: (one[0], str(one[1])))


class CachedReader:
    """Reads files into a cache, and says what was found.

    Args:
        cache: what was read before; results go there.
        engine: where files are read.
        norms: folder with norms; empty for the shipped ones.
        by_hash: look at the content of every file, also when size and time stamp are unchanged.
        tell: called after every file.
    """

    def __init__(
        self, cache: Cache, engine: Engine, norms: str = "", *, by_hash: bool = False,
        tell: Callable[[Progress], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._cache, self._engine, self._norms = cache, engine, norms
        self._by_hash, self._tell = by_hash, tell
        self._entries: list[FoundFile] = []
        self._pending: set[str] = set()
        self._read = self._known = self._unusable = self._total = 0

    def read(self, paths: Sequence[Path]) -> tuple[FoundFile, ...]:
        """Read everything.

        Returns:
            every file found, in order of label; the same label twice only for the same file
            handed in twice, which is kept once.
        """
        try:
            for sha, result in self._engine.map(read_one, self._wanted(paths)):
                self._keep(sha, result)
        finally:
            self._cache.commit()
        unique = {entry.file_id: entry for entry in self._entries}
        return tuple(sorted(unique.values(), key=lambda e: (e.file, e.file_id)))

    def _keep(self, sha: str, result: Result) -> None:
        self._pending.discard(sha)
        self._read += 1
        if result and isinstance(result[0], Problem):
            problems = tuple(p for p in result if isinstance(p, Problem))
            self._unusable += 1
            again = any(p.code in PASSING for p in problems)
            self._cache.keep(sha, *packed(refused(problems)), again=again)
        else:
            head, body = result
            if isinstance(head, bytes) and isinstance(body, bytes):
                self._cache.keep(sha, head, body)
        self._told()

    def _told(self) -> None:
        found = len(self._entries)
        self._tell(
            Progress(max(self._total, found), found, self._read, self._known, self._unusable)
        )

    def _wanted(self, paths: Sequence[Path]) -> Iterator[tuple[str, Task]]:
        """What has to be read, one file at a time."""
        everything = places(paths)
        self._total = len(everything)
        for label, path, asked in everything:
            stamp = _stamp(path)
            known = None if self._by_hash or stamp is None else self._cache.listing(path, *stamp)
            if known is not None and self._still_known(known):
                for name, sha, size, skipped in known:
                    self._enter(
                        FoundFile(f"{label}{name}", str(sha), int(str(size)), bool(skipped))
                    )
                continue
            listing: list[list[object]] = []
            for source in file_sources(path, label, asked=asked):
                entry, wanted = self._entry(source)
                listing.append([entry.file[len(label) :], entry.sha256, entry.size, entry.skipped])
                self._enter(entry)
                if wanted is not None:
                    self._pending.add(entry.sha256)
                    yield entry.sha256, (self._norms, wanted)
            if stamp is not None:
                self._cache.place(path, *stamp, listing)

    def _still_known(self, listing: list[list[object]]) -> bool:
        return all(skipped or self._cache.knows(str(sha)) for _, sha, _, skipped in listing)

    def _enter(self, entry: FoundFile) -> None:
        self._entries.append(entry)
        if (
            not entry.skipped
            and entry.sha256 not in self._pending
            and self._cache.knows(entry.sha256)
        ):
            self._known += 1
            self._told()

    def _entry(self, source: SourceFile) -> tuple[FoundFile, bytes | None]:
        """The file, and its bytes when it has to be read."""
        if source.skipped:
            return FoundFile(source.label, "", 0, skipped=True), None
        if source.data is None:
            found = source.problem or problem("FILE_UNREADABLE", Where(source.label), detail="–")
            # No content to know it by: the label does.
            sha = hashlib.sha256(
                f"{source.label}\0{found.code}".encode("utf-8", "replace")
            ).hexdigest()
            self._unusable += 1
            again = found.code in PASSING
            self._cache.keep(sha, *packed(refused((found,))), again=again)
            return FoundFile(source.label, sha, 0), None
        sha = hashlib.sha256(source.data).hexdigest()
        entry = FoundFile(source.label, sha, len(source.data))
        read = sha in self._pending or self._cache.knows(sha)
        return entry, None if read else source.data


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
