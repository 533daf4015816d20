"""Files appear whole or not at all, and never silently over another one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hkz_xlsx.problems import HkzError, Where, problem


def write_file(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write ``data`` to a new name beside the target, then put it in place in one step.

    Raises:
        HkzError: the target exists (without ``force``), is in use or cannot be written;
            an existing file is then as it was.
    """
    where = Where(str(path))
    temporary: str | None = None
    try:
        if path.exists() and not force:
            raise HkzError(problem("TARGET_EXISTS", where))
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644 & ~_umask())
        os.replace(temporary, path)
        temporary = None
    except PermissionError as fault:
        in_use = os.access(path.parent, os.W_OK) and path.exists()
        code = "TARGET_IN_USE" if in_use else "TARGET_UNWRITABLE"
        raise HkzError(problem(code, where, detail=fault.strerror or "")) from None
    except OSError as fault:
        detail = fault.strerror or type(fault).__name__
        raise HkzError(problem("TARGET_UNWRITABLE", where, detail=detail)) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raises `HkzError` when that cannot be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        detail = fault.strerror or type(fault).__name__
        raise HkzError(problem("TARGET_UNWRITABLE", Where(str(path)), detail=detail)) from None
