"""What came back: every file of a folder or zip beside the manifest, one row per client."""

from __future__ import annotations

import hashlib
import re
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.batch.manifest import CSV_NAME, JSON_NAME, Entry
from hkz_xlsx.batch.place import LOCK
from hkz_xlsx.batch.processes import pool, processors
from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.codecs import shown
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.problems import HkzError, Problem, Severity, Where, problem
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.workbook.faults import told
from hkz_xlsx.workbook.guard import LIMITS
from hkz_xlsx.workbook.read import read_workbook
from hkz_xlsx.workbook.tally import Tally

State = Literal["missing", "empty", "partly", "complete", "faulty"]

WORTH_PROCESSES = 16
"""Files from which on more processes gain more than they cost to start."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One file as it came back. ``modified`` is when it was saved, by its own account if it says.

    ``typed`` counts the cells filled in beside the questions, ``errors`` the problems found.
    ``workbook_id`` is empty for a workbook that has none or cannot be read; ``fault`` says why.
    """

    file: str
    sha256: str
    workbook_id: str = ""
    name: str = ""
    answered: int = 0
    count: int = 0
    typed: int = 0
    errors: int = 0
    modified: str = ""
    fault: Problem | None = None


@dataclass(frozen=True, slots=True)
class ClientState:
    """One client: its workbook, and what came back, the newest first."""

    entry: Entry
    returned: tuple[Returned, ...]

    @property
    def state(self) -> State:
        """Of the newest file."""
        if not self.returned:
            return "missing"
        newest = self.returned[0]
        if newest.fault is not None:
            return "faulty"
        if newest.typed == 0:
            return "empty"
        return "complete" if newest.answered == newest.count else "partly"


@dataclass(frozen=True, slots=True)
class Collected:
    """Every client of the manifest in its order, and files that belong to none of them."""

    clients: tuple[ClientState, ...]
    unknown: tuple[Returned, ...]
    ignored: int = 0

    @property
    def tally(self) -> Tally:
        """What became of every file."""
        everything = [one for client in self.clients for one in client.returned]
        everything += self.unknown
        seen: set[str] = set()
        counts = {"read": 0, "refused": 0, "duplicate": 0}
        for one in everything:
            again = bool(one.sha256) and one.sha256 in seen
            seen.add(one.sha256)
            counts["duplicate" if again else "refused" if one.fault else "read"] += 1
        return Tally(len(everything) + self.ignored, ignored=self.ignored, **counts)


def returned_files(source: Path) -> tuple[str, ...]:
    """Names of the files in a folder or zip, those of programs and of ourselves left out.

    Raises:
        HkzError: it is neither.
    """
    return tuple(sorted(name for name in _names(source) if not _ignored(name)))


def _names(source: Path) -> list[str]:
    where = Where(str(source))
    if source.is_dir():
        names = [p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_file()]
    elif not source.exists():
        raise HkzError(problem("FILE_MISSING", where))
    else:
        try:
            with zipfile.ZipFile(source) as archive:
                names = [e.filename for e in archive.infolist() if not e.is_dir()]
        except (zipfile.BadZipFile, OSError) as fault:
            detail = type(fault).__name__
            raise HkzError(problem("FILE_BROKEN", where, detail=detail)) from None
    return names


def _ignored(name: str) -> bool:
    *folders, last = name.split("/")
    hidden = any(part.startswith((".", "__MACOSX")) for part in (*folders, last))
    return hidden or last.startswith("~$") or last in (CSV_NAME, JSON_NAME, LOCK)


_SAVED = re.compile(rb"<(?:dcterms:modified|dc:date)[^>]*>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[^<]*</")
_MOST_XML = 1 << 16


def _saved(path: Path, otherwise: str) -> str:
    """When a workbook says it was saved; ISO 8601, seconds."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            for name in ("docProps/core.xml", "meta.xml"):
                if name in names:
                    with archive.open(name) as part:
                        match = _SAVED.search(part.read(_MOST_XML))
                    if match:
                        return match[1].decode()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        pass
    return otherwise


def _read(path: Path, file: str, modified: str, library: Library) -> Returned:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    found = Returned(file, sha256, modified=_saved(path, modified))
    try:
        submission = read_workbook(path, library)
    except HkzError as fault:
        return replace(found, fault=replace(fault.problems[0], where=Where(file)))
    total = assess(submission.plan.model, submission.as_understood).total
    return replace(
        found,
        workbook_id=shown(submission.raw.get(WORKBOOK_ID)),
        name=submission.text("organisation", "name"),
        answered=total.answered,
        count=total.count,
        typed=sum(address.table == T.requirements for address in submission.raw),
        errors=sum(p.severity is Severity.ERROR for p in submission.problems),
    )


class _Source:
    """Files of a folder or zip; those of a zip are unpacked one at a time, under our own name."""

    def __init__(self, source: Path, library: Library, untouched: dict[str, int]) -> None:
        self._source, self._library, self._untouched = source, library, untouched

    def read(self, name: str) -> Returned:
        """One file."""
        if self._source.is_dir():
            return self._from(self._source / name, name, None)
        with tempfile.TemporaryDirectory(prefix="hkz-") as folder:
            path = Path(folder) / f"file{Path(name).suffix[:8]}"
            with zipfile.ZipFile(self._source) as archive:
                entry = archive.getinfo(name)
                too_big = entry.file_size > LIMITS.file
                if not too_big:
                    try:
                        _unpacked(path, archive.read(entry))
                    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as fault:
                        wrong = problem("FILE_BROKEN", Where(name), detail=type(fault).__name__)
                        return Returned(name, "", fault=wrong)
            if too_big:
                return Returned(name, "", fault=problem("FILE_TOO_BIG", Where(name)))
            when = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*entry.date_time)
            return self._from(path, name, when)

    def _from(self, path: Path, name: str, when: str | None) -> Returned:
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode) or status.st_size > LIMITS.file:
                return Returned(name, "", fault=problem("FILE_TOO_BIG", Where(name)))
            modified = when or datetime.fromtimestamp(status.st_mtime, UTC).strftime(
                "%Y-%m-%dT%H:%M:%S"
            )
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            if sha256 in self._untouched:  # as it was sent: nothing to read
                return Returned(name, sha256, modified=modified)
            return _read(path, name, modified, self._library)
        except OSError as fault:
            detail = fault.strerror or type(fault).__name__
            wrong = problem("FILE_UNREADABLE", Where(name), detail=detail)
            return Returned(name, "", fault=wrong)


def _unpacked(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as fault:  # no room: that is no fault of the file
        raise HkzError(told(path.parent, fault)) from None


_worker: _Source | None = None


def _start_worker(source: Path, norms: Path | None, untouched: dict[str, int]) -> None:
    global _worker
    _worker = _Source(source, load_library(norms), untouched)


def _work(name: str) -> Returned:
    if _worker is None:
        raise RuntimeError("worker without a source")
    return _worker.read(name)


def _all(
    source: Path, names: Sequence[str], norms: Path | None, jobs: int, untouched: dict[str, int]
) -> Iterator[Returned]:
    jobs = jobs or (processors() if len(names) >= WORTH_PROCESSES else 1)
    if jobs <= 1:
        reader = _Source(source, load_library(norms), untouched)
        yield from map(reader.read, names)
        return
    with pool(min(jobs, len(names)), _start_worker, source, norms, untouched) as workers:
        try:
            yield from workers.map(_work, names, chunksize=4)
        finally:
            workers.shutdown(cancel_futures=True)


def _plain(file: str) -> str:
    """A file name without folder, case, kind, and the number that a browser or a copy adds."""
    stem = Path(file).stem.casefold()
    return re.sub(r"\s*(\(\d+\)|- (kopie|copy)( \(\d+\))?)$", "", stem).strip()


class _Match:
    """Which client a file belongs to: by workbook id, else by name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = {e.values["workbook_id"]: i for i, e in enumerate(entries)}
        self._sums = {e.values["sha256"]: i for i, e in enumerate(entries)}
        self._files = {Path(e.file).stem.casefold(): i for i, e in enumerate(entries)}
        plain: dict[str, list[int]] = {}
        for index, entry in enumerate(entries):
            plain.setdefault(_plain(entry.file), []).append(index)
        self._plain = {name: found[0] for name, found in plain.items() if len(found) == 1}

    def of(self, one: Returned) -> int | None:
        """Index of the client, None for a file of nobody here."""
        if one.workbook_id:
            return self._ids.get(one.workbook_id)
        if one.sha256 in self._sums:
            return self._sums[one.sha256]
        found = self._files.get(Path(one.file).stem.casefold())
        return found if found is not None else self._plain.get(_plain(one.file))


def collect(
    source: Path,
    entries: Sequence[Entry],
    norms: Path | None = None,
    jobs: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Collected:
    """Read what came back and put it beside what went out.

    Args:
        source: folder, with the folders in it, or zip file.
        entries: the manifest.
        norms: folder with norm files, the shipped ones by default.
        jobs: processes; 0 is as many as it pays to use.
        progress: told of every file that is done.

    Raises:
        HkzError: the source or the norms cannot be used.
    """
    names = returned_files(source)
    # A workbook with earlier answers is not empty when it comes back as it was sent.
    untouched = {e.values["sha256"]: i for i, e in enumerate(entries) if not e.values["previous"]}
    match = _Match(entries)
    found: dict[int, list[Returned]] = {}
    unknown: list[Returned] = []
    for one in _all(source, names, norms, jobs, untouched):
        progress(1)
        index = match.of(one)
        if index is None:
            unknown.append(one)
        else:
            found.setdefault(index, []).append(one)
    clients = [
        ClientState(entry, tuple(sorted(found.get(i, ()), key=_newest_first)))
        for i, entry in enumerate(entries)
    ]
    return Collected(tuple(clients), tuple(unknown), len(_names(source)) - len(names))


def _newest_first(one: Returned) -> tuple[bool, tuple[int, ...], str]:
    """A file that can be read goes before one that cannot; then the one saved last."""
    return one.fault is not None, tuple(-ord(c) for c in one.modified), one.file
