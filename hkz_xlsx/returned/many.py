"""Many files, each looked at by the same function in worker processes; results in their order."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from hkz_xlsx.machine.child import result_of
from hkz_xlsx.machine.supervise import Supervisor
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.problems import Problem, Where
from hkz_xlsx.spreadsheet.sources import SourceFile

R = TypeVar("R")

Task = tuple[str, str, bytes]
"""Folder with norms, name of the file for messages, its bytes."""


@dataclass(slots=True)
class FileOutcome(Generic[R]):
    """One file, without its bytes, and what was found in it.

    ``found`` is None when there are ``problems`` instead, or when it was not looked at: as it was
    skipped, or ``again`` an earlier file with the same content, or known by its ``sha256``.
    """

    source: SourceFile
    sha256: str = ""
    again: bool = False
    found: R | None = None
    problems: tuple[Problem, ...] = ()


@cache
def library_of(norms: str) -> Library:
    """The norms of a folder, loaded once per process; the shipped ones when it is empty."""
    return load_library(Path(norms) if norms else None)


def norms_of(library: Library) -> str:
    """The folder of a library as `library_of` takes it in another process."""
    return "" if library.root == norms_folder() else str(library.root)


def outcomes(
    found: Iterable[SourceFile], function: Callable[[Task], R], norms: str, workers: Supervisor,
    known: Collection[str] = (), *, twice: bool = False,
) -> Generator[FileOutcome[R], None, None]:  # fmt: skip
    """Call a function on every file with a content of its own.

    Args:
        found: the files.
        function: at the top of a module; its result is plain data or classes of this package.
        norms: folder with norms for the function; empty for the shipped ones.
        workers: that do it; they are closed.
        known: SHA-256 of contents that need not be looked at.
        twice: look also at a file with the same content as an earlier one.

    Yields:
        every file, in the order given; few are in memory at once.
    """
    waiting: deque[tuple[FileOutcome[R], Future[R | tuple[Problem, ...]] | None]] = deque()
    seen: set[str] = set()
    with workers:
        for source in found:
            data, told = source.data, (source.problem,) if source.problem else ()
            sha = source.sha256 or (hashlib.sha256(data).hexdigest() if data is not None else "")
            one = FileOutcome[R](replace(source, data=None), sha, problems=told)
            if sha and not source.skipped:  # nobody looked at what was skipped
                one.again = sha in seen
                seen.add(sha)
            read = data is not None and (twice or not one.again) and sha not in known
            task = (norms, source.label, data or b"")
            waiting.append((one, workers.submit(source.label, function, task) if read else None))
            # What is ready goes on at once; of what is not, little is in hand.
            while waiting and (
                waiting[0][1] is None
                or waiting[0][1].done()
                or sum(future is not None for _, future in waiting) > workers.ahead
            ):
                yield _done(*waiting.popleft())
        while waiting:
            yield _done(*waiting.popleft())


def _done(one: FileOutcome[R], future: Future[R | tuple[Problem, ...]] | None) -> FileOutcome[R]:
    if future is None:
        return one
    result = result_of(future)
    if isinstance(result, tuple) and result and isinstance(result[0], Problem):
        one.problems = tuple(replace(p, where=_named(p.where, one.source.label)) for p in result)
    else:
        one.found = result  # type: ignore[assignment]  # no problems, so the result
    return one


def _named(where: Where, file: str) -> Where:
    """The file as people named it; a line is one of a norm file, which has its own name."""
    return where if where.line is not None else replace(where, file=file)
