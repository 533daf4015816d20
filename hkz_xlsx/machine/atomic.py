"""Files appear whole or not at all, and never silently over another one."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

from hkz_xlsx.machine.faults import check_targets, put_in_place, put_new_in_place, told
from hkz_xlsx.problems import HkzError

if sys.platform != "win32":
    import fcntl

UNFINISHED = ".hkz-part-"
"""How the name of a file begins while it is being written."""


def write_file(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write ``data`` to a new name beside the target, then put it in place in one step.

    Args:
        path: the target; its folder exists.
        data: all of its bytes.
        force: an existing file may be replaced.

    Raises:
        HkzError: the target exists (without ``force``), is in use or cannot be written;
            an existing file is then as it was.
    """
    check_targets([path], force=force)
    temporary = ""
    put = put_in_place if force else put_new_in_place
    try:
        _clear(path.parent)
        handle, temporary = _new(path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(temporary, 0o644 & ~_umask())
            if sys.platform != "win32":
                put(temporary, path)  # still locked, so that nobody clears it away
        if sys.platform == "win32":
            put(temporary, path)
        temporary = ""
    except OSError as fault:
        raise HkzError(told(path, fault)) from None
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def _new(folder: Path) -> tuple[int, str]:
    """An empty file of our own, locked as long as it is open."""
    while True:
        handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)
        if _locked(handle) is not False and os.path.lexists(name):
            return handle, name
        os.close(handle)  # another run cleared it away before it was locked


def _locked(handle: int) -> bool | None:
    """Lock a file; False when another process has it, None where files cannot be locked."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@cache
def _clear(folder: Path) -> None:
    """Take away what runs that were killed left here, once per folder and process.

    A file that is still being written is locked; on Windows it cannot be deleted.
    """
    for left in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError):
            if sys.platform == "win32" or _abandoned(left):
                left.unlink()


def _abandoned(path: Path) -> bool:
    file: IO[bytes]
    with path.open("rb") as file:
        return _locked(file.fileno()) is True


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder whole or not at all.

    Raises:
        HkzError: that cannot be done.
    """
    temporary = target.parent / f"{UNFINISHED}{target.name}"
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        for path in source.rglob("*"):
            if path.is_file():
                copy = temporary / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        temporary.rename(target)
    except OSError as fault:
        raise HkzError(told(target, fault)) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it.

    Raises:
        HkzError: that cannot be done.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise HkzError(told(path, fault)) from None
