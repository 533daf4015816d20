"""What came back: every file of a folder or zip beside the manifest, one row per client."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Literal

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.batch.manifest import CSV_NAME, JSON_NAME, Entry
from hkz_xlsx.batch.place import LOCK
from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.codecs import shown
from hkz_xlsx.problems import HkzError, Problem, Severity, Where, problem
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.workbook.extra import unread_answers
from hkz_xlsx.workbook.many import Outcome, Task, library_of, outcomes, plans_kept
from hkz_xlsx.workbook.open import read_grid
from hkz_xlsx.workbook.plans import PLANS
from hkz_xlsx.workbook.read import understand
from hkz_xlsx.workbook.sources import MAX_ARCHIVE, Source, is_junk, plain_label, sources
from hkz_xlsx.workbook.supervise import Supervisor
from hkz_xlsx.workbook.tally import Tally

State = Literal["missing", "empty", "partly", "complete", "faulty"]


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


_SAVED = re.compile(rb"<(?:dcterms:modified|dc:date)[^>]*>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[^<]*</")
_MOST_XML = 1 << 16


def _saved(data: bytes) -> str:
    """When a workbook says it was saved (ISO 8601, seconds); empty when it does not."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            for name in ("docProps/core.xml", "meta.xml"):
                if name in names:
                    with archive.open(name) as part:
                        match = _SAVED.search(part.read(_MOST_XML))
                    if match:
                        return match[1].decode()
    except Exception:  # every way of packing has faults of its own; the reader judges the file
        return ""
    return ""


def look_at(task: Task) -> Returned:
    """Read one file; what a worker runs."""
    norms, file, data = task
    known = Returned(file, hashlib.sha256(data).hexdigest(), modified=_saved(data))
    try:
        with plans_kept():
            grid = read_grid(file, data)
            submission = understand(grid, library_of(norms), PLANS.again).submission
    except HkzError as fault:
        return replace(known, fault=fault.problems[0])
    total = assess(submission.plan.model, submission.as_understood).total
    typed = sum(address.table == T.requirements for address in submission.raw)
    unread = next(unread_answers(grid, submission), None) if not typed else None
    return replace(
        known,
        workbook_id=shown(submission.raw.get(WORKBOOK_ID)),
        name=submission.text("organisation", "name"),
        answered=total.answered,
        count=total.count,
        typed=typed,
        errors=sum(p.severity is Severity.ERROR for p in submission.problems),
        fault=problem("ANSWERS_NOT_READ", unread) if unread else None,
    )


def _ignored(label: str) -> bool:
    """By-products of programs and of ourselves; anything else that came back is told."""
    *folders, last = label.split("/")
    hidden = any(part.startswith((".", "__MACOSX")) for part in (*folders, last))
    return hidden or is_junk(last) or last in (CSV_NAME, JSON_NAME, LOCK)


def _returned(one: Outcome[Returned], file: str, read: dict[str, Returned]) -> Returned:
    """What came of one file; ``read`` are those before it, by content."""
    source = one.source
    fault = problem("FILE_NOT_SPREADSHEET", Where(file)) if source.skipped else None
    for told in one.problems[:1]:
        fault = replace(told, where=Where(file))
    found = one.found or (read.get(one.sha256) if one.again else None)
    if found is None:
        found = Returned(file, one.sha256, fault=fault)
    elif found.fault is not None:
        found = replace(found, fault=replace(found.fault, where=Where(file)))
    if one.sha256 and not source.skipped:  # what was skipped was not looked at
        read.setdefault(one.sha256, found)
    return replace(found, file=file, modified=found.modified or source.modified)


def _plain(file: str) -> str:
    """A file name without folder, case, kind, and the number that a browser or a copy adds."""
    stem = Path(file).stem.casefold()
    return re.sub(r"\s*(\(\d+\)|- (kopie|copy)( \(\d+\))?)$", "", stem).strip()


class _Match:
    """Which client a file belongs to: by workbook id, else by name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = {e.values["workbook_id"]: i for i, e in enumerate(entries)}
        self._sums = {e.values["sha256"]: i for i, e in enumerate(entries) if e.values["sha256"]}
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
        path = PurePosixPath(one.file)
        # A zip may bear the name that the file in it has lost.
        zips = [part for part in path.parts[:-1] if part.lower().endswith(".zip")]
        for name in (path.name, *reversed(zips)):
            found = self._files.get(PurePosixPath(name).stem.casefold())
            found = found if found is not None else self._plain.get(_plain(name))
            if found is not None:
                return found
        return None


def collect(
    source: Path,
    entries: Sequence[Entry],
    norms: Path | None = None,
    jobs: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> Collected:
    """Read what came back and put it beside what went out.

    Args:
        source: folder, with the folders and zip files in it, or zip file.
        entries: the manifest.
        norms: folder with norm files, the shipped ones by default.
        jobs: number of processes.
        progress: told of every file that is done.

    Raises:
        HkzError: the source or the norms cannot be used.
    """
    check_source(source)
    # A workbook with earlier answers is not empty when it comes back as it was sent.
    sent = (e.values["sha256"] for e in entries if not e.values["previous"])
    untouched = set(filter(None, sent))
    match = _Match(entries)
    found: dict[int, list[Returned]] = {}
    unknown: list[Returned] = []
    read: dict[str, Returned] = {}
    ignored: list[str] = []

    def came_back() -> Iterator[Source]:
        for one in sources([source]):
            if not source.is_dir():
                one = replace(one, label=one.label.removeprefix(f"{plain_label(source.name)}/"))
            if _ignored(one.label):
                ignored.append(one.label)
                progress(1)
            else:
                yield one

    folder = "" if norms is None else str(norms)
    for outcome in outcomes(came_back(), look_at, folder, Supervisor(jobs), untouched):
        progress(1)
        file = outcome.source.label
        if not source.is_dir() and file == plain_label(source.name) and outcome.problems:
            raise HkzError(*outcome.problems)  # the zip as a whole
        one = _returned(outcome, file, read)
        index = match.of(one)
        if index is None:
            unknown.append(one)
        else:
            found.setdefault(index, []).append(one)
    clients = [
        ClientState(entry, tuple(sorted(found.get(i, ()), key=_newest_first)))
        for i, entry in enumerate(entries)
    ]
    return Collected(tuple(clients), tuple(unknown), len(ignored))


def check_source(source: Path) -> None:
    """Raise `HkzError` when this is no folder and no zip file, or one that is too big."""
    where = Where(str(source))
    if not source.exists():
        raise HkzError(problem("FILE_MISSING", where))
    if source.is_dir():
        return
    if not source.is_file() or not zipfile.is_zipfile(source):
        raise HkzError(problem("FILE_BROKEN", where, detail="zip"))
    if source.stat().st_size > MAX_ARCHIVE:
        raise HkzError(problem("ARCHIVE_LIMIT", where))


def _newest_first(one: Returned) -> tuple[bool, tuple[int, ...], str]:
    """A file that can be read goes before one that cannot; then the one saved last."""
    return one.fault is not None, tuple(-ord(c) for c in one.modified), one.file
