"""From files to a portfolio: read what is new, make the tables that changed."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from filelock import FileLock, Timeout

from hkz_xlsx.machine.atomic import make_folder, write_file
from hkz_xlsx.machine.faults import told
from hkz_xlsx.machine.limits import LIMITS, OWN, Limits
from hkz_xlsx.machine.supervise import Supervisor, Worker
from hkz_xlsx.portfolio.assemble import Counts, Settings, SmallTask, make_small
from hkz_xlsx.portfolio.cache import NAME, Cache, reader_version
from hkz_xlsx.portfolio.forgotten import agreed, checksum, without
from hkz_xlsx.portfolio.parts import PartTask, make_part, part_tasks
from hkz_xlsx.portfolio.run import CachedReader, Engine, FoundFile, Progress
from hkz_xlsx.portfolio.schema import READABLE, TABLES, VERSION, codebook
from hkz_xlsx.portfolio.stage import STATE, Stage, check_finished
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.returned.many import library_of
from hkz_xlsx.spreadsheet.sources import check_any

LOCK = "portfolio.lock"
_LITTLE = 64 << 10
"""Bytes: with less room than this, whatever SQLite says comes from a full disk."""


@dataclass(frozen=True, slots=True)
class How:
    """How to read. ``jobs`` worker processes; ``by_hash`` distrusts time stamps; ``tell`` hears how
    far it is, ``said`` what there is to say."""

    jobs: int = 1
    by_hash: bool = False
    limits: Limits = LIMITS
    tell: Callable[[Progress], None] = lambda _: None
    said: Callable[[Problem], None] = lambda _: None


def build(
    paths: Sequence[Path], folder: Path, settings: Settings, how: How, engine: Engine | None = None
) -> Counts:
    """Read everything handed in and bring the portfolio up to date.

    Args:
        paths: files, folders and zip files.
        folder: the portfolio; made when it is not there.
        settings: how the tables are made.
        how: processes, trust in time stamps, whom to tell.
        engine: where files are read; worker processes of this machine by default.

    Returns:
        what became of every file.

    Raises:
        HkzError: nothing to read, a folder with other things in it, another run at work in it, or
            no room to write.
    """
    _check_folder(folder, paths)
    make_folder(folder)
    where = Where(str(folder))
    try:
        folder.chmod(0o700)
        with FileLock(folder / LOCK, timeout=0):
            return _brought_up_to_date(paths, folder, settings, how, engine)
    except Timeout:
        raise HkzError(problem("PORTFOLIO_BUSY", where)) from None
    except OSError as fault:
        raise HkzError(told(folder, fault)) from None
    except sqlite3.Error as fault:
        raise HkzError(_cache_fault(folder, fault)) from None


def _cache_fault(folder: Path, fault: sqlite3.Error) -> Problem:
    """Why the cache could not be used, by the names that SQLite gives its faults."""
    name, where = str(getattr(fault, "sqlite_errorname", "") or "SQLITE_ERROR"), Where(str(folder))
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return problem("PORTFOLIO_DAMAGED", where)
    if name == "SQLITE_FULL" or shutil.disk_usage(folder).free < _LITTLE:
        return told(folder, OSError(errno.ENOSPC, ""))
    if name.startswith("SQLITE_READONLY"):
        return problem("TARGET_READ_ONLY", where)
    return problem("TARGET_UNWRITABLE", where, detail=name)


def _brought_up_to_date(
    paths: Sequence[Path], folder: Path, settings: Settings, how: How, engine: Engine | None
) -> Counts:
    version = reader_version(library_of(settings.norms))
    asked = settings.forget
    kept = agreed(folder, asked, settings.until)
    settings = replace(settings, forget=(), until=None)  # what was agreed counts
    with Cache(folder / NAME, version) as cache:
        entries = _read(cache, paths, settings, how, engine)
        check_any([entry for entry in entries if not entry.skipped], paths)
        left = without(entries, cache, kept)
        for one in asked:
            if checksum(one) not in left.found:
                how.said(problem("PORTFOLIO_FORGET_NOBODY", Where(str(folder)), value=one))
        entries = left.entries
        state = _fingerprint(entries, settings, version, cache.passing())
        if cache.fingerprint("all") == state and (folder / STATE).is_file():
            cache.forget_others((entry.sha256 for entry in entries), left.gone)
            return read_counts(folder)
        cache.made("all", "")
        counts = _make(cache, folder, entries, settings, how, version)
        cache.forget_others((entry.sha256 for entry in entries), left.gone)
        cache.made("all", state)
    return counts


def _check_folder(folder: Path, paths: Sequence[Path]) -> None:
    """A portfolio is a folder of its own: not one with other files, nor with what is read."""
    where = Where(str(folder))
    if folder.exists() and (not folder.is_dir() or _strange(folder)):
        raise HkzError(problem("PORTFOLIO_FOLDER", where))
    own = folder.resolve()
    for path in paths:
        if not path.exists():
            raise HkzError(problem("FILE_MISSING", Where(str(path))))
        if path.resolve() in (own, *own.parents) and path.is_dir():
            raise HkzError(problem("PORTFOLIO_FOLDER", where))


def _strange(folder: Path) -> bool:
    inside = {p.name for p in folder.iterdir()}
    # A run that was killed as it began left its lock only.
    return bool(inside) and inside.isdisjoint((NAME, STATE, LOCK))


def _read(
    cache: Cache, paths: Sequence[Path], settings: Settings, how: How, engine: Engine | None
) -> tuple[FoundFile, ...]:
    if engine is not None:
        reader = CachedReader(cache, engine, settings.norms, by_hash=how.by_hash, tell=how.tell)
        return reader.read(paths)
    with Supervisor(how.jobs, how.limits) as workers:
        reader = CachedReader(cache, workers, settings.norms, by_hash=how.by_hash, tell=how.tell)
        return reader.read(paths)


def _fingerprint(
    entries: Sequence[FoundFile], settings: Settings, version: str, passing: Mapping[str, str]
) -> str:
    text = repr((entries, settings, version, VERSION, sorted(passing.items())))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _make(
    cache: Cache, folder: Path, entries: Sequence[FoundFile], settings: Settings, how: How,
    version: str,
) -> Counts:  # fmt: skip
    """The tables, by workers: every one writes its own parts."""
    path, root = folder / NAME, Stage(folder, ()).root
    parts = part_tasks(path, root, entries, version, texts=settings.texts, passing=cache.passing())
    tasks = [task for task in parts if cache.fingerprint(task.name) != task.fingerprint]
    stage = Stage(folder, tuple(task.name for task in tasks))
    small = SmallTask(str(path), str(root), version, tuple(entries), settings)
    try:
        stage.empty()
        counts = _written(stage, tasks, small, how.jobs)
        for task in tasks:
            cache.made(task.name, "")
    except BaseException as fault:
        shutil.rmtree(root, ignore_errors=True)
        if isinstance(fault, HkzError):  # which of our own files it was is of no use to anybody
            where = Where(str(folder))
            raise HkzError(*(replace(p, where=where) for p in fault.problems)) from None
        raise
    stage.put_in_place()
    for task in tasks:
        cache.made(task.name, task.fingerprint)
    return counts


def _written(stage: Stage, tasks: Sequence[PartTask], small: SmallTask, jobs: int) -> Counts:
    """Everything of a portfolio but its cache, beside the former one."""
    with Worker(OWN) as worker:
        _make_parts(tasks, jobs, worker)
        counts = worker.run("files", make_small, small)
        worker.run(
            "movements", make_movements, (str(stage.folder), stage.parts, small.settings.norms)
        )
    state = {
        "product": "hkz_xlsx",
        "portfolio": VERSION,
        "tables": list(TABLES),
        "counts": asdict(counts),
        "found": counts.tally.data(),
        "settings": remembered(small.settings),
    }
    write_file(stage.root / "codebook.md", codebook(small.settings.lang).encode(), force=True)
    write_file(stage.root / STATE, json.dumps(state, indent=1).encode(), force=True)
    return counts


def _make_parts(tasks: Sequence[PartTask], jobs: int, first: Worker) -> None:
    """Parts by several workers; one of ours that fails is a mistake and keeps its traceback."""
    workers = [first, *(Worker(OWN) for _ in range(min(jobs, len(tasks)) - 1))]
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def make(task: PartTask) -> int:
        worker = free.get()
        try:
            return worker.run(task.name, make_part, task)
        finally:
            free.put(worker)

    threads = ThreadPoolExecutor(len(workers))
    try:
        list(threads.map(make, tasks))
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for worker in workers[1:]:
            worker.close()


def make_movements(where: tuple[str, tuple[str, ...], str]) -> int:
    """The table of movements; what a worker runs. Gives its number of rows.

    Args:
        where: the portfolio, the parts that are made anew, and the folder with norms.
    """
    from hkz_xlsx.portfolio import arrow
    from hkz_xlsx.portfolio.database import open_tables
    from hkz_xlsx.portfolio.movements import FOLLOWING, MOVEMENTS, following
    from hkz_xlsx.portfolio.schema import MOVEMENTS as TABLE

    stage = Stage(Path(where[0]), where[1])
    with open_tables(stage.folder, stage=stage) as db:
        db.execute(FOLLOWING)
        listed = "select distinct edition_set from files where edition_set is not null"
        sets = [one for (one,) in db.execute(listed).fetchall()]
        lines = list(following(sets, library_of(where[2])))
        if lines:
            db.executemany("insert into following values (?, ?, ?)", lines)
        found = db.execute(MOVEMENTS)
        names = [name for name, *_ in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    table = arrow.sorted_rows(arrow.from_rows(TABLE, rows), TABLE)
    arrow.write_parquet(stage.root / f"{TABLE.name}.parquet", table)
    return len(rows)


def is_portfolio(path: Path) -> bool:
    """Whether this is a finished portfolio; raises `HkzError` for one that is half made."""
    check_finished(path)
    return path.is_dir() and (path / STATE).is_file()


def read_counts(folder: Path) -> Counts:
    """What became of every file.

    Raises:
        HkzError: it is no portfolio, or one of another version.
    """
    check_finished(folder)
    try:
        return Counts(**_state(folder)["counts"])
    except (KeyError, TypeError):
        raise HkzError(problem("PORTFOLIO_NONE", Where(str(folder)))) from None


def remembered(settings: Settings) -> dict[str, str | bool]:
    """What a portfolio remembers of how its tables were made."""
    listed = hashlib.sha256(repr(settings.manifest).encode("utf-8", "surrogatepass")).hexdigest()
    found = listed if settings.manifest.columns else ""
    return {"texts": settings.texts, "round": settings.round_kind, "manifest": found}


def check_made(folder: Path, settings: Settings, options: Mapping[str, str]) -> None:
    """Refuse to go on with a finished portfolio that was made otherwise than is asked now.

    Args:
        folder: the portfolio.
        settings: what is asked.
        options: how people ask for it, by key of `remembered`; what is not in it is not compared.

    Raises:
        HkzError: it was made otherwise.
    """
    made = _state(folder).get("settings")
    made, now = made if isinstance(made, dict) else {}, remembered(settings)
    other = [option for key, option in options.items() if made.get(key) != now[key]]
    if other:
        where = Where(str(folder))
        raise HkzError(problem("PORTFOLIO_SETTINGS", where, options=", ".join(other)))


def _state(folder: Path) -> dict[str, Any]:
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
        if state["portfolio"] not in READABLE:
            raise HkzError(problem("PORTFOLIO_VERSION", Where(str(folder))))
    except (OSError, ValueError, KeyError, TypeError):
        raise HkzError(problem("PORTFOLIO_NONE", Where(str(folder)))) from None
    found: dict[str, Any] = state
    return found
