"""Disks that are full, or can only be read; real ones, where this machine permits it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a disk of its own cannot be mounted here: {done.stderr.strip()}")


@contextmanager
def small_disk(size: int) -> Iterator[Path]:
    """An empty disk in memory of so many bytes."""
    if not shutil.which("mount") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    folder = Path(tempfile.mkdtemp(prefix="hkz-disk-"))
    try:
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
    finally:
        folder.rmdir()


def leave_free(disk: Path, size: int) -> None:
    """Fill a disk until about so many bytes are free (whole pages of 4,096)."""
    ballast = disk / ".ballast"
    ballast.unlink(missing_ok=True)
    pages = max(0, (free(disk) - size) // 4096)
    with ballast.open("wb") as file:
        for _ in range(pages):
            file.write(b"\0" * 4096)


def free(disk: Path) -> int:
    status = os.statvfs(disk)
    return status.f_bavail * status.f_frsize


def read_only(disk: Path) -> None:
    """From here on nothing can be written."""
    _mount("-o", "remount,ro", str(disk))


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """A folder of somebody else: root is nobody for a while, as modes do not bind root."""
    if not hasattr(os, "geteuid"):
        pytest.skip("users and modes are of POSIX systems")
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
