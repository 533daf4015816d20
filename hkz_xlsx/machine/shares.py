"""Folders of another machine: what only works within one machine must not be done there."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path, PurePath
from urllib.parse import quote

_REMOTE = 4
"""DRIVE_REMOTE: what Windows calls a mapped drive."""

_NETWORK = frozenset(
    {
        "9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs", "fuse.glusterfs", "fuse.rclone",
        "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs", "vboxsf",
        "drvfs", "fuse.s3fs", "virtiofs",
    }
)  # fmt: skip
"""File systems of Linux on which two machines can be at work at once."""


def database_uri(path: PurePath) -> str:
    """A path as SQLite takes it, for reading only.

    A share has two more slashes: with the machine as authority, as a browser writes it, SQLite
    refuses it.
    """
    text = path.as_posix()
    return f"file:{'//' if text.startswith('/') else '///'}{quote(text)}?mode=ro"


def on_share(path: Path) -> bool:
    """Whether a path is, or may be, on another machine."""
    found = path.resolve()
    if sys.platform == "win32":
        return _windows(str(found), str(found.anchor))
    if sys.platform == "darwin":
        return mac_volume(found.as_posix())
    with suppress(OSError):
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        return mounted_from(mounts, found.as_posix()) in _NETWORK
    return False


def mac_volume(path: str) -> bool:
    """Whether a path of macOS is on another disk; whether that is a share, Python cannot say."""
    return path.startswith(("/Volumes/", "/Network/"))


def _windows(path: str, anchor: str) -> bool:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    return windows_share(path) or kernel.GetDriveTypeW(anchor) == _REMOTE


def windows_share(path: str) -> bool:
    r"""Whether a path names a machine: ``\\server\folder``, also in its long form."""
    return path.startswith("\\\\?\\UNC\\") or (
        path.startswith("\\\\") and not path.startswith(("\\\\?\\", "\\\\.\\"))
    )


def mounted_from(mounts: str, path: str) -> str:
    """The kind of file system that a path is on, by the table of Linux; empty when unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:  # noqa: PLR2004 - the fifth is where it is mounted
            continue
        point = fields[4].encode().decode("unicode_escape") if "\\" in fields[4] else fields[4]
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, after.split(" ")[0]
    return kind
