"""What came back: every file of a folder or zip beside the manifest, one row per client."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Literal

from hkz_xlsx.batch.manifest import CSV_NAME, JSON_NAME, ManifestEntry
from hkz_xlsx.batch.output_folder import LOCK
from hkz_xlsx.batch.returns import ManifestClients, ReturnedFile
from hkz_xlsx.machine.supervise import Supervisor
from hkz_xlsx.norm.subset import numbered
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HkzError, Problem, Severity, Where, problem
from hkz_xlsx.returned.counts import Tally
from hkz_xlsx.returned.many import FileOutcome, Task, library_of, outcomes
from hkz_xlsx.returned.owners import owner_of
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.set_aside import unread_answers
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import from_serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.container import part_name
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.spreadsheet.sources import MAX_ARCHIVE, SourceFile, is_junk, plain_label, sources

State = Literal["missing", "empty", "partly", "complete", "faulty", "earlier"]


@dataclass(frozen=True, slots=True)
class ClientState:
    """One client: its workbook, and what came back, the one that counts first."""

    entry: ManifestEntry
    returned: tuple[ReturnedFile, ...]

    @property
    def state(self) -> State:
        """Of the file that counts; ``earlier`` when all are of a round before this one."""
        if not self.returned:
            return "missing"
        newest = self.returned[0]
        if newest.earlier:
            return "earlier"
        if newest.fault is not None:
            return "faulty"
        if not any(one.typed for one in self.counting):
            return "empty"
        return "complete" if self.answered == self.count and not self.absent else "partly"

    @property
    def counting(self) -> tuple[ReturnedFile, ...]:
        """The files whose answers count: the newest, or of a split workbook that of every part."""
        newest = self.returned[:1]
        if not newest or newest[0].part is None:
            return newest
        parts: dict[int, ReturnedFile] = {}
        for one in self.returned:
            if one.part and one.part[1] == newest[0].part[1] and one.earlier == newest[0].earlier:
                parts.setdefault(one.part[0], one)
        return tuple(parts[number] for number in sorted(parts))

    @property
    def absent(self) -> tuple[int, ...]:
        """Numbers of the parts that are not back."""
        have = {one.part for one in self.counting if one.part}
        count = max((part[1] for part in have), default=0)
        return tuple(n for n in range(1, count + 1) if (n, count) not in have)

    @property
    def answered(self) -> int:
        """Questions answered."""
        return sum(one.answered for one in self.counting)

    @property
    def count(self) -> int:
        """Questions in the files that count."""
        return sum(one.count for one in self.counting)

    @property
    def percentage(self) -> int:
        """Answered, rounded down, so that 100 means all; a part that is not back has nothing."""
        files = len(self.counting) + len(self.absent)
        if not files:
            return 0
        if files == 1:
            return self.answered * 100 // self.count if self.count else 0
        shares = sum(one.answered * 100 // one.count for one in self.counting if one.count)
        return shares // files


@dataclass(frozen=True, slots=True)
class Collected:
    """Every client of the manifest in its order, and files that belong to none of them."""

    clients: tuple[ClientState, ...]
    unknown: tuple[ReturnedFile, ...]
    ignored: int = 0

    @property
    def told(self) -> tuple[Problem, ...]:
        """What is to be said of whose the files are."""
        everything = [one for client in self.clients for one in client.returned]
        return tuple(one.why for one in (*everything, *self.unknown) if one.why is not None)

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
            names = {part_name(entry): entry for entry in archive.infolist()}
            for name in ("docProps/core.xml", "meta.xml"):
                if name in names:
                    with archive.open(names[name]) as part:
                        match = _SAVED.search(part.read(_MOST_XML))
                    if match:
                        return match[1].decode()
    except Exception:  # every way of packing has faults of its own; the reader judges the file
        return ""
    return ""


def look_at(task: Task) -> ReturnedFile:
    """Read one file; what a worker runs."""
    norms, file, data = task
    known = ReturnedFile(file, hashlib.sha256(data).hexdigest(), modified=_saved(data))
    try:
        grid = read_grid(file, data)
        submission = understand(grid, library_of(norms), PLANS.again).submission
    except HkzError as fault:
        return replace(known, fault=fault.problems[0])
    total = submission.assessment.total
    typed = sum(
        address.table == T.requirements and not reading.nothing
        for address, reading in submission.readings.items()
    )
    unread = next(unread_answers(grid, submission), None) if not typed else None
    return replace(
        known,
        owner=owner_of(submission),
        day=_day(submission),
        parts=submission.identity.asked,
        answered=total.answered,
        count=total.count,
        typed=typed,
        part=numbered(submission.identity.subset),
        errors=sum(p.severity is Severity.ERROR for p in submission.problems),
        fault=problem("ANSWERS_NOT_READ", unread) if unread else None,
    )


def _day(submission: Submission) -> str:
    """The reference date, ISO; empty without one."""
    reading = submission.readings.get(Address(T.settings, "reference_date", "value"))
    day = None if reading is None else reading.cell
    return from_serial(day).isoformat() if isinstance(day, float) else ""


def _ignored(label: str) -> bool:
    """By-products of programs and of ourselves; anything else that came back is told."""
    *folders, last = label.split("/")
    hidden = any(part.startswith((".", "__MACOSX")) for part in (*folders, last))
    return hidden or is_junk(last) or last in (CSV_NAME, JSON_NAME, LOCK)


def _returned(
    one: FileOutcome[ReturnedFile], file: str, read: dict[str, ReturnedFile]
) -> ReturnedFile:
    """What came of one file; ``read`` are those before it, by content."""
    source = one.source
    fault = problem("FILE_NOT_SPREADSHEET", Where(file)) if source.skipped else None
    for told in one.problems[:1]:
        fault = replace(told, where=Where(file))
    found = one.found or (read.get(one.sha256) if one.again else None)
    if found is None:
        found = ReturnedFile(file, one.sha256, fault=fault)
    elif found.fault is not None:
        found = replace(found, fault=replace(found.fault, where=Where(file)))
    if one.sha256 and not source.skipped:  # what was skipped was not looked at
        read.setdefault(one.sha256, found)
    return replace(found, file=file, modified=found.modified or source.modified)


def collect(
    source: Path,
    entries: Sequence[ManifestEntry],
    norms: Path | None = None,
    jobs: int = 1,
    progress: Callable[[int], None] = lambda _: None,
    same_client: Sequence[Sequence[str]] = (),
) -> Collected:
    """Read what came back and put it beside what went out.

    Args:
        source: folder, with the folders and zip files in it, or zip file.
        entries: the manifest.
        norms: folder with norm files, the shipped ones by default.
        jobs: number of processes.
        progress: told of every file that is done.
        same_client: KvK numbers, or names, that were stated to be of one client.

    Raises:
        HkzError: the source or the norms cannot be used.
    """
    check_source(source)
    # A workbook with earlier answers is not empty when it comes back as it was sent.
    sent = (e.values["sha256"] for e in entries if not e.values["previous"])
    untouched = set(filter(None, sent))
    clients = ManifestClients(entries, same_client)
    found: dict[int, list[ReturnedFile]] = {}
    unknown: list[ReturnedFile] = []
    read: dict[str, ReturnedFile] = {}
    ignored: list[str] = []
    folder = "" if norms is None else str(norms)
    files = _came_back(source, ignored, progress)
    for outcome in outcomes(files, look_at, folder, Supervisor(jobs), untouched):
        progress(1)
        file = outcome.source.label
        if not source.is_dir() and file == plain_label(source.name) and outcome.problems:
            raise HkzError(*outcome.problems)  # the zip as a whole
        index, one = clients.place(_returned(outcome, file, read))
        if index is None:
            unknown.append(one)
        else:
            found.setdefault(index, []).append(one)
    states = [
        ClientState(entry, tuple(sorted(found.get(i, ()), key=_newest_first)))
        for i, entry in enumerate(entries)
    ]
    return Collected(tuple(states), tuple(unknown), len(ignored))


def _came_back(
    source: Path, ignored: list[str], progress: Callable[[int], None]
) -> Iterator[SourceFile]:  # fmt: skip
    """Every file but by-products, of which the names go to ``ignored``."""
    for one in sources([source]):
        if not source.is_dir():
            one = replace(one, label=one.label.removeprefix(f"{plain_label(source.name)}/"))
        if _ignored(one.label):
            ignored.append(one.label)
            progress(1)
        else:
            yield one


def check_source(source: Path) -> None:
    """Refuse a source before anything in it is read.

    Raises:
        HkzError: it is no folder and no zip file, or one that is too big.
    """
    where = Where(str(source))
    if not source.exists():
        raise HkzError(problem("FILE_MISSING", where))
    if source.is_dir():
        return
    if not source.is_file() or not zipfile.is_zipfile(source):
        raise HkzError(problem("FILE_BROKEN", where, detail="zip"))
    if source.stat().st_size > MAX_ARCHIVE:
        raise HkzError(problem("ARCHIVE_LIMIT", where))


def _newest_first(one: ReturnedFile) -> tuple[bool, bool, bool, tuple[int, ...], str]:
    """This round before an earlier one, what can be read before what cannot, the client's own
    file before one that only may be; then the one saved last."""
    saved = tuple(-ord(c) for c in one.modified)
    return one.earlier, one.fault is not None, not one.sure, saved, one.file
