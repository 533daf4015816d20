"""What the system says when it refuses to write, as problems that a person can act on."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import sleep

from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, problem

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5)
"""Seconds to wait between tries while another program has the target open: 3 in all."""

WINDOWS = sys.platform == "win32"
_WINDOWS_MOST = 260

_CODES = {
    errno.ENOSPC: "TARGET_DISK_FULL",
    errno.EDQUOT: "TARGET_DISK_FULL",
    errno.EFBIG: "TARGET_DISK_FULL",
    errno.EROFS: "TARGET_READ_ONLY",
    errno.EACCES: "TARGET_DENIED",
    errno.EPERM: "TARGET_DENIED",
    errno.EISDIR: "TARGET_IS_FOLDER",
    errno.ENOENT: "TARGET_NO_FOLDER",
    errno.ENOTDIR: "TARGET_NO_FOLDER",
    errno.EEXIST: "TARGET_NO_FOLDER",
    errno.ENAMETOOLONG: "TARGET_NAME_LONG",
}

OF_THE_DISK = frozenset({"TARGET_DISK_FULL", "TARGET_READ_ONLY"})
"""Faults that every other file beside it would meet too."""


def told(path: Path, fault: OSError) -> Problem:
    """Why a file or folder could not be written.

    Args:
        path: the file or folder that was asked for.
        fault: what the system said.
    """
    where, number = Where(str(path)), fault.errno or 0
    code = _CODES.get(number, "TARGET_UNWRITABLE")
    if code == "TARGET_NO_FOLDER" and _too_long(path):
        code = "TARGET_NAME_LONG"  # Windows says that it is not there
    if code == "TARGET_NO_FOLDER":
        return problem(code, where, folder=_not_there(path))
    if code == "TARGET_UNWRITABLE":
        return problem(code, where, detail=fault_name(fault))
    return problem(code, where)


def _not_there(path: Path) -> Path:
    """The uppermost part of a path that is no folder."""
    return next((p for p in (*reversed(path.parents), path) if not p.is_dir()), path.parent)


def _too_long(path: Path) -> bool:
    """Whether Windows finds a path too long, as it does unless it was set up for long ones."""
    return WINDOWS and len(str(path.absolute())) >= _WINDOWS_MOST


def full(fault: BaseException) -> bool:
    """Whether there is no room left."""
    return isinstance(fault, OSError) and _CODES.get(fault.errno or 0) == "TARGET_DISK_FULL"


def check_targets(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse files that cannot be written, before any work is done for them.

    Args:
        paths: files to write.
        force: files that exist are replaced.

    Raises:
        HkzError: a problem for every one that cannot be.
    """
    found = [one for path in paths if (one := _refusal(path, force=force)) is not None]
    if found:
        raise HkzError(*found)


def _refusal(path: Path, *, force: bool) -> Problem | None:
    where = Where(str(path))
    try:
        if path.is_dir():
            return problem("TARGET_IS_FOLDER", where)
        if path.exists() and not force:
            return problem("TARGET_EXISTS", where)
    except OSError as fault:
        return told(path, fault)
    folder = path.parent
    if not folder.is_dir():
        return told(path, FileNotFoundError(errno.ENOENT, "", str(folder)))
    if os.access(folder, os.W_OK):
        return None
    flags = os.statvfs(folder).f_flag if hasattr(os, "statvfs") else 0
    read_only = flags & getattr(os, "ST_RDONLY", 0)
    return problem("TARGET_READ_ONLY" if read_only else "TARGET_DENIED", where)


def put_new_in_place(temporary: str | Path, target: str | Path) -> None:
    """Give a finished file its name, in one step, never over a file that came there meanwhile.

    Where a disk knows no second name for a file, as some shares and sticks, what came there in
    the last moment is replaced: looking and naming are two steps there.

    Raises:
        HkzError: TARGET_EXISTS, TARGET_IS_FOLDER or TARGET_IN_USE.
        OSError: anything else.
    """
    try:
        if sys.platform == "win32":
            Path(temporary).rename(target)  # refuses a name that is taken
            return
        _link(temporary, target)
    except FileExistsError:
        code = "TARGET_IS_FOLDER" if Path(target).is_dir() else "TARGET_EXISTS"
        raise HkzError(problem(code, Where(str(target)))) from None
    except OSError:
        put_in_place(temporary, target)
        return
    with suppress(OSError):  # the file is there; a second name of it is cleared away later
        Path(temporary).unlink()


def _link(temporary: str | Path, target: str | Path) -> None:
    if not hasattr(os, "link"):  # Python in a browser
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    os.link(temporary, target)


def put_in_place(temporary: str | Path, target: str | Path) -> None:
    """Give a finished file its name, in one step.

    On Windows a file cannot be replaced while a program has it open. A virus scanner or a
    synchronising program lets go soon, so that is waited for; Excel does not.

    Raises:
        HkzError: TARGET_IN_USE.
        OSError: anything else.
    """
    for pause in (*PAUSES, None):
        try:
            os.replace(temporary, target)
        except IsADirectoryError:
            raise HkzError(problem("TARGET_IS_FOLDER", Where(str(target)))) from None
        except PermissionError as fault:
            if fault.errno == errno.EPERM or not os.path.lexists(target):
                raise  # not a matter of time
            if Path(target).is_dir():
                raise HkzError(problem("TARGET_IS_FOLDER", Where(str(target)))) from None
            if pause is None:
                raise HkzError(problem("TARGET_IN_USE", Where(str(target)))) from None
        else:
            return
        sleep(pause)
