"""A whole run: check everything first, then make every file, then the manifest.

Files are made plan by plan, so that each base is built once; the manifest is in list order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from pathlib import Path

from hkz_xlsx.batch.clients import Client, ClientList
from hkz_xlsx.batch.digests import ClientResult
from hkz_xlsx.batch.make import Maker, make_all
from hkz_xlsx.batch.manifest import CSV_NAME, JSON_NAME, ManifestEntry, lines, read_manifest
from hkz_xlsx.batch.output_folder import Existing, Folder, OneRun
from hkz_xlsx.batch.taken import Taken
from hkz_xlsx.machine.limits import OWN
from hkz_xlsx.machine.processors import processors
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.subset import CORE
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.releases import LAYOUT_VERSION

WORTH_PROCESSES = 4
"""Distinct workbooks from which on more processes gain more than they cost to start."""

_CHUNK = 250
_WORTH_A_THREAD = 100


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes. ``jobs`` 0 is as many processes as it pays to use."""

    folder: Path
    existing: Existing = "keep"
    jobs: int = 0
    fsync: bool = False
    norms: Path | None = None
    layout: int = LAYOUT_VERSION


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What a run did: files made, files that were there already, and problems."""

    made: int
    same: int
    problems: tuple[Problem, ...]


_Done = bytes
"""Workbook id, plan and sha256 of a file that is there: 50 bytes, for ten thousand in little."""

_ID, _PLAN = 20, 16  # hexadecimal digits

Progress = Callable[[int], None]
"""Told how many more clients are done."""


def tasks(clients: Sequence[Client]) -> list[list[int]]:
    """Clients by the base they share, in order of first appearance; earlier answers one by one."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, client in enumerate(clients):
        key = (*client.plan_key, str(index)) if client.previous else client.plan_key
        groups.setdefault(key, []).append(index)
    return list(groups.values())


def check_previous(
    listed: ClientList, library: Library, taken: Taken | None = None,
    layout: int = LAYOUT_VERSION,
) -> tuple[Problem, ...]:  # fmt: skip
    """Every earlier workbook that is named is read, so that nothing is made when one cannot be.

    Args:
        listed: the clients.
        library: the norms.
        taken: keeps what was read, for `run`.
        layout: of the workbooks to make.
    """
    found: list[Problem] = []
    maker = Maker(library, Folder(Path()), taken, layout)
    for client in listed.clients:
        if client.previous:
            at, name = listed.previous, Path(client.previous).name
            where = replace(at, cell=f"{at.cell}{client.row}", requirement=name)
            try:
                # Whose it is, is a matter of this row; the rest of the workbook itself.
                for told in maker.previous(client):
                    own = told.code.startswith("OWNER_")
                    found.append(replace(told, where=where) if own else told)
            except HkzError as fault:
                found += [replace(p, where=where) for p in fault.problems]
    return tuple(found)


def check_dates(listed: ClientList) -> tuple[Problem, ...]:
    """A list has a reference date: without one, this year's workbooks are those of last year.

    Where some rows have one it dates the round; the others are told.
    """
    rows = [client.row for client in listed.clients if not client.day]
    if not rows:
        return ()
    where = replace(listed.previous, line=rows[0], cell="")
    code = "BATCH_NO_DATE" if len(rows) == len(listed.clients) else "BATCH_ROW_NO_DATE"
    return (problem(code, where, count=len(rows)),)


def _in_use(listed: ClientList, options: Options) -> Iterator[Problem]:
    """What stands in the folder already."""
    if options.existing != "keep" or not options.folder.is_dir():
        return
    there = {entry.name.casefold() for entry in os.scandir(options.folder)}
    names = [c.file for c in listed.clients if c.file.casefold() in there]
    names += [name for name in (CSV_NAME, JSON_NAME) if name in there]
    if names:
        where = Where(str(options.folder))
        yield problem("BATCH_FOLDER_USED", where, count=len(names), first=names[0])


def run(
    listed: ClientList, options: Options, library: Library, progress: Progress | None = None,
    taken: Taken | None = None,
) -> BatchOutcome:  # fmt: skip
    """Make every workbook of a list, and the manifest.

    Args:
        listed: clients without mistakes.
        options: folder and how to go about it.
        library: the norms.
        progress: told of every client that is done.
        taken: what `check_previous` read.

    Raises:
        HkzError: nothing was made: the folder is in use, by files or by another run.
    """
    with OneRun(options.folder):
        there = tuple(_in_use(listed, options))
        if there:
            raise HkzError(*there)
        results = partial(_results, listed, options, library, taken or Taken())
        return _run(listed, options, results, progress or (lambda _: None))


_Results = Callable[[Folder], Generator[ClientResult, None, None]]


def _run(
    listed: ClientList, options: Options, results_in: _Results, progress: Progress
) -> BatchOutcome:
    folder = Folder(options.folder, options.existing, fsync=options.fsync)
    found: list[_Done | None] = [None] * len(listed.clients)
    problems: list[Problem] = []
    new = done = 0
    stopped = False
    # Closed before the folder is given free: no process still writes there then.
    with closing(results_in(folder)) as results:
        for made in results:
            progress(1)
            if made.problems:
                problems += made.problems
                stopped = stopped or made.stop
                continue
            found[made.index] = bytes.fromhex(made.workbook_id + made.plan + made.sha256)
            done += 1
            new += made.new
    if stopped:
        where = Where(str(options.folder))
        last = problem("BATCH_STOPPED", where, done=done, total=len(listed.clients))
        return BatchOutcome(new, done - new, (*problems, last))
    try:
        _manifests(listed, found, folder)
        folder.sync()
    except HkzError as fault:
        folder.clean()
        problems += fault.problems
    return BatchOutcome(new, done - new, tuple(problems))


def _results(
    listed: ClientList, options: Options, library: Library, taken: Taken, folder: Folder
) -> Generator[ClientResult, None, None]:
    groups = tasks(listed.clients)
    jobs = options.jobs or (processors() if len(groups) > WORTH_PROCESSES else 1)
    if jobs <= 1:
        todo = ((i, listed.clients[i]) for group in groups for i in group)
        beside = len(listed.clients) >= _WORTH_A_THREAD and processors() > 1
        maker = Maker(library, folder, taken, options.layout)
        yield from make_all(maker, todo, beside=beside)
        return
    # Imported late: most runs need no other process, and this takes 2 MiB.
    from hkz_xlsx.machine.supervise import Supervisor, Worker

    def row(index: int) -> int:
        client: Client = listed.clients[index]
        return client.row

    def worker() -> Worker:
        # Not again what a process did not survive: its first files are there already.
        return Worker(OWN, __name__, again=False)

    chunks = _chunks(groups, jobs)
    how = (options.norms, options.folder, options.existing, options.fsync, options.layout)
    work = (
        (how, [(i, listed.clients[i]) for i in chunk], taken.some(map(row, chunk)))
        for chunk in chunks
    )
    with Supervisor(min(jobs, len(chunks)), make=worker, strict=True) as workers:
        for _, results in workers.map(_work, ((str(options.folder), task) for task in work)):
            if isinstance(results, tuple):
                yield ClientResult(-1, problems=_died(results), stop=True)
                return
            yield from results
            if any(made.stop for made in results):
                return


def _died(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Why there are no results: in our own words where it is told of a file that is read."""
    ours = tuple(p for p in problems if not p.code.startswith("FILE_"))
    return ours or (problem("BATCH_PROCESS_DIED", None),)


def _chunks(groups: Iterable[list[int]], jobs: int) -> list[list[int]]:
    """Small groups together, so that a result is not a message each; large ones in pieces."""
    chunks: list[list[int]] = []
    small: list[int] = []
    for group in groups:
        if len(group) * 2 < _CHUNK:
            small += group
            if len(small) >= max(8, _CHUNK // 16 // jobs):
                chunks.append(small)
                small = []
            continue
        chunks += [group[i : i + _CHUNK] for i in range(0, len(group), _CHUNK)]
    return [*chunks, small] if small else chunks


_How = tuple[Path | None, Path, Existing, bool, int]
"""Folder with norms, what a `Folder` is made of, and the layout."""


@cache
def _maker(norms: Path | None, folder: Path, existing: Existing, fsync: bool, layout: int) -> Maker:
    """One for a process: it keeps what the last client needed for the next."""
    return Maker(load_library(norms), Folder(folder, existing, fsync=fsync), layout=layout)


def _work(task: tuple[_How, list[tuple[int, Client]], dict[int, bytes]]) -> list[ClientResult]:
    """Make some, with what was read of their earlier workbooks; what a worker process runs."""
    how, todo, taken = task
    maker = _maker(*how)
    maker.taken = Taken(taken)
    return list(make_all(maker, todo))


def _entries(listed: ClientList, found: Sequence[_Done | None]) -> Iterator[ManifestEntry]:
    for client, made in zip(listed.clients, found, strict=True):
        if made is None:
            continue
        digits = made.hex()
        workbook_id, plan = digits[:_ID], digits[_ID : _ID + _PLAN]
        known = {
            key: str(client.known.get(key, ""))
            for key in ("location", "kvk", "branch", "municipality")
        }
        values = {
            "row": str(client.row), "client": str(client.known["name"]), **known,
            "norms": " ".join(client.parts), "scope": client.scope, "lang": client.lang,
            "template": client.template, "reference_date": client.day,
            "previous": Path(client.previous).name, "file": client.file,
            "workbook_id": workbook_id, "plan": plan, "sha256": digits[_ID + _PLAN :],
            "same_client": client.same_client, "core": CORE if client.core else "",
            **{key: str(client.known.get(key, "")) for key in ("contact", "email")},
        }  # fmt: skip
        yield ManifestEntry(values, client.free)


def _earlier(listed: ClientList, folder: Path) -> list[ManifestEntry]:
    """Entries of an earlier list whose files still stand here: they stay in the manifest."""
    with suppress(HkzError):
        now = {client.file for client in listed.clients}
        entries = read_manifest(folder / JSON_NAME)
        return [e for e in entries if e.file not in now and (folder / e.file).is_file()]
    return []


def _manifests(listed: ClientList, found: Sequence[_Done | None], folder: Folder) -> None:
    kept = _earlier(listed, folder.path)
    columns = {name: None for e in kept for name in e.free} | dict.fromkeys(listed.free)
    free = tuple(dict.fromkeys((*listed.free, *columns)))
    folder.replace((JSON_NAME, CSV_NAME), lines(chain(kept, _entries(listed, found)), free))


__all__ = ["BatchOutcome", "Options", "check_dates", "check_previous", "run", "tasks"]
