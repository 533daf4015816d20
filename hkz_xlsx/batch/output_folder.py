"""A folder that files appear in whole or not at all, for one run at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Literal

from hkz_xlsx.machine.atomic import make_folder
from hkz_xlsx.machine.faults import put_in_place, told
from hkz_xlsx.problems import HkzError, Where, problem

LOCK = ".hkz-batch.lock"
_PREFIX, _SUFFIX = ".hkz-", ".tmp"

Existing = Literal["keep", "resume", "replace"]
"""What happens to a file that is there: refuse, refuse unless it is the same, replace it."""

_REPLACEABLE = ("TARGET_EXISTS", "RESUME_DIFFERS")
"""What is told of a file that is there; of another one when a run is resumed."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class Folder:
    """Writes files under a temporary name in the same folder, then puts them in place.

    Args:
        path: the folder.
        existing: what to do with files that are there.
        fsync: have every file on the disk before it is put in place.
        never: the command replaces no file, whatever is asked; so it hints at no way to.
    """

    def __init__(
        self, path: Path, existing: Existing = "keep", *, fsync: bool = False, never: bool = False
    ) -> None:
        self.path, self._existing, self._fsync = path, existing, fsync
        self._codes = ("TARGET_KEPT", "RESUME_KEPT") if never else _REPLACEABLE
        self._root = str(path)
        self._temporary = str(path / f"{_PREFIX}{os.getpid()}{_SUFFIX}")

    def put(self, name: str, *pieces: bytes) -> bool:
        """Write a file; False when the same bytes were there already.

        Raises:
            HkzError: TARGET_EXISTS, RESUME_DIFFERS (or their kin where no file is ever replaced)
                or TARGET_IN_USE: this file only.
            OSError: disk full, read-only and the like: no use to go on.
        """
        target = f"{self._root}{os.sep}{name}"
        if self._existing != "replace" and os.path.lexists(target):
            if self._existing == "resume" and _same(target, pieces):
                return False
            raise HkzError(problem(self._codes[self._existing == "resume"], Where(name)))
        self._write(pieces)
        put_in_place(self._temporary, target)
        return True

    def replace(self, names: Sequence[str], pieces: Iterable[Sequence[bytes]]) -> None:
        """Write files of our own, the manifests, over older ones.

        Args:
            names: of the files.
            pieces: what comes next in each of the files, again and again.

        Raises:
            HkzError: one of them cannot be written; the older ones stay as they are.
        """
        waiting = [
            Path(f"{self._temporary[: -len(_SUFFIX)]}-{n}{_SUFFIX}") for n in range(len(names))
        ]
        try:
            with ExitStack() as stack:
                files = [stack.enter_context(path.open("wb")) for path in waiting]
                for each in pieces:
                    for file, piece in zip(files, each, strict=True):
                        file.write(piece)
                for file in files:
                    file.flush()
                    os.fsync(file.fileno())
            for path, name in zip(waiting, names, strict=True):
                put_in_place(path, self.path / name)
        except OSError as fault:
            raise HkzError(told(self.path / names[-1], fault)) from None
        finally:
            for path in waiting:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _write(self, pieces: tuple[bytes, ...]) -> None:
        handle = os.open(self._temporary, _CREATE, 0o644)
        try:
            total = sum(map(len, pieces))
            done = os.writev(handle, pieces) if hasattr(os, "writev") else 0
            if done != total:  # no writev here, or the disk is nearly full
                rest = memoryview(b"".join(pieces))[done:]
                while rest:
                    rest = rest[os.write(handle, rest) :]
            if self._fsync:
                os.fsync(handle)
        finally:
            os.close(handle)

    def clean(self) -> None:
        """Take away our own unfinished file."""
        with suppress(OSError):
            os.unlink(self._temporary)  # noqa: PTH108 - as above

    def sync(self) -> None:
        """Have the names of the files on the disk, where the system can do that."""
        if hasattr(os, "O_DIRECTORY"):
            with suppress(OSError):
                handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)


def _same(path: str, pieces: tuple[bytes, ...]) -> bool:
    """Whether a file holds exactly these bytes."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - called per file, with a name as text
            if os.fstat(file.fileno()).st_size != sum(map(len, pieces)):
                return False
            return all(file.read(len(piece)) == piece for piece in pieces)
    except OSError:
        return False


class OneRun:
    """Only one run in a folder at a time; what a killed run left behind is taken away.

    The lock is one of the operating system, so that it ends with the process that holds it.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock  # not there in the page, which makes no folder of workbooks

        self._path = path
        self._lock = FileLock(path / LOCK)

    def __enter__(self) -> OneRun:
        """Raises `HkzError`: another run is at work here, or nothing can be written."""
        from filelock import Timeout

        make_folder(self._path)
        where = Where(str(self._path))
        try:
            self._lock.acquire(timeout=0)
            self._clean()
        except Timeout:
            raise HkzError(problem("BATCH_RUNNING", where)) from None
        except OSError as fault:
            self._lock.release()
            raise HkzError(told(self._path, fault)) from None
        except NotImplementedError:  # a system without locks
            raise HkzError(problem("TARGET_UNWRITABLE", where, detail="ENOLCK")) from None
        return self

    def _clean(self) -> None:
        for left in self._path.glob(f"{_PREFIX}*{_SUFFIX}"):
            left.unlink(missing_ok=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # else the next run does: a file may be held for a moment
            self._clean()
        self._lock.release()
        with suppress(OSError):
            (self._path / LOCK).unlink(missing_ok=True)
