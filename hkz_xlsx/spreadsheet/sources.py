"""What people hand in: files, folders and zip files, as one stream of (name, bytes).

A path inside an archive is a label to show, never a path to write to. Nothing is unpacked to
disk, folders behind links are not entered, an archive in an archive is told and left closed.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, problem
from hkz_xlsx.spreadsheet.container import package_kind, shape
from hkz_xlsx.spreadsheet.open import file_bytes
from hkz_xlsx.text import seen

MAX_ARCHIVE = 512 << 20
MAX_MEMBERS = 20_000
MAX_UNPACKED = 8 << 30
"""An archive of returns: its size, its files, and all of them together unpacked (in bytes)."""

SUFFIXES = frozenset(
    [
        ".xlsx",
        ".xlsm",
        ".xlsb",
        ".xls",
        ".ods",
        ".xltx",
        ".xltm",
        ".xlt",
        ".ots",
        ".fods",
        ".xlam",
        ".zip",
        ".csv",
        ".numbers",
    ]
)
"""Names that promise a workbook; such a file is always reported, whatever its content is."""

_WHEN = "%Y-%m-%dT%H:%M:%S"

_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_JUNK_ENDS = (".tmp", ".part", ".crdownload")
_JUNK_STARTS = ("~$", "._", ".~lock.")
_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file handed in.

    ``label`` is its path as shown, with ``/``. ``data`` is None when there is nothing to read:
    then ``problem`` says why, or the file was ``skipped`` because it is no spreadsheet by
    content nor by name, or a by-product of an office program or of the system. ``modified`` is
    the time stamp of the file, or of it in the archive (ISO 8601, seconds), where there is one;
    ``sha256`` that of the content of a file that was opened and skipped.
    """

    label: str
    data: bytes | None = None
    problem: Problem | None = None
    skipped: bool = False
    modified: str = ""
    sha256: str = ""


def sources(paths: Iterable[Path], without: Path | None = None) -> Iterator[SourceFile]:
    """Every file in files, folders and zip files, in order of name, one at a time.

    Args:
        paths: files and folders as the user named them.
        without: a folder whose files are left out: that of the reports to be made.

    Yields:
        every file found, so that found = read + refused + skipped.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path, without.resolve() if without else None)
        else:
            yield from file_sources(path, path.name, asked=True)


def expected(paths: Iterable[Path]) -> int:
    """How many files `sources` will find, an archive in a folder as one: to tell how far it is."""
    return sum(_inside(path) for path in paths)


def _inside(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(1 for _ in folder_files(path))
        if path.suffix.lower() != ".zip" or not path.is_file():
            return 1
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, struct.error, NotImplementedError):
        return 1
    return len(names)


def plain_label(name: str) -> str:
    """A file name as a text that can be stored; bytes that are no text are shown as their code."""
    return "".join(seen(c) if "\ud800" <= c <= "\udfff" else c for c in name)


def _folder(folder: Path, without: Path | None) -> Iterator[SourceFile]:
    try:
        inside = folder_files(folder)
    except OSError as fault:
        where = Where(folder.name)
        yield SourceFile(
            folder.name, None, problem("FILE_UNREADABLE", where, detail=fault_name(fault))
        )
        return
    for path in inside:
        if without is not None and path.resolve().is_relative_to(without):
            continue
        yield from file_sources(path, path.relative_to(folder).as_posix(), asked=False)


def folder_files(folder: Path) -> Iterator[Path]:
    """Every regular file in a folder, in order of name; `OSError` when it cannot be listed."""
    inside = sorted(folder.rglob("*"), key=lambda p: p.as_posix())
    return (path for path in inside if _regular(path))


def workbooks_in(folder: Path) -> tuple[Path, ...]:
    """The files in a folder whose names promise one workbook, in order of name.

    Raises:
        HkzError: the folder cannot be listed, or holds none.
    """
    many = {".zip", ".csv", ".numbers"}
    try:
        found = tuple(
            path
            for path in folder_files(folder)
            if path.suffix.lower() in SUFFIXES - many and not is_junk(path.name)
        )
    except OSError as fault:
        where = Where(str(folder))
        raise HkzError(problem("FILE_UNREADABLE", where, detail=fault_name(fault))) from None
    if not found:
        raise HkzError(problem("ARCHIVE_NOTHING", Where(str(folder))))
    return found


def _regular(path: Path) -> bool:
    try:
        return path.is_file()  # also behind a link
    except OSError:
        return False


def file_sources(path: Path, label: str, *, asked: bool) -> Iterator[SourceFile]:
    """What one file holds: itself, or what is in it when it is a zip.

    Args:
        path: the file.
        label: its name as shown.
        asked: the user named it, so that it is read whatever it is called.
    """
    when = _saved(path)
    for one in _in_file(path, plain_label(label), asked=asked):
        yield one if one.modified else replace(one, modified=when)


def _saved(path: Path) -> str:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime(_WHEN)
    except (OSError, ValueError, OverflowError):
        return ""


def _in_file(path: Path, label: str, *, asked: bool) -> Iterator[SourceFile]:
    if not asked and is_junk(path.name):
        yield SourceFile(label, skipped=True)
        return
    try:
        if path.suffix.lower() == ".zip" and MAX_ARCHIVE >= path.stat().st_size > LIMITS.file:
            data = path.read_bytes()
        else:
            data = file_bytes(path)
    except HkzError as fault:
        yield SourceFile(label, None, fault.problems[0])
        return
    except OSError as fault:
        detail = fault_name(fault)
        yield SourceFile(label, None, problem("FILE_UNREADABLE", Where(label), detail=detail))
        return
    if is_archive(data):
        yield from members(label, data)
    elif asked or _promising(path.name, data):
        yield SourceFile(label, data)
    else:
        yield SourceFile(label, skipped=True, sha256=hashlib.sha256(data).hexdigest())


def is_junk(name: str) -> bool:
    """Whether a name is one of a by-product: a lock file, a thumbnail, an unfinished download."""
    low = name.lower()
    return low in _JUNK_NAMES or low.startswith(_JUNK_STARTS) or low.endswith(_JUNK_ENDS)


def _promising(name: str, data: bytes) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES or data.startswith(_CONTAINERS)


def is_archive_file(path: Path) -> bool:
    """Whether a file is a zip that is not itself a document; False when it cannot be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(4)
        return (
            start in _CONTAINERS
            and path.stat().st_size <= MAX_ARCHIVE
            and (is_archive(path.read_bytes()))
        )
    except OSError:
        return False


def is_archive(data: bytes) -> bool:
    """Whether this is a zip that is not itself a document."""
    try:
        if shape(data) != "archive":
            return False
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {name.replace("\\", "/").casefold() for name in archive.namelist()}
        package_kind(names)
    except RefusedError as fault:
        return fault.code == "FILE_IS_ARCHIVE"
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        return False
    return False


def members(label: str, data: bytes) -> Iterator[SourceFile]:
    """Every file in a zip, read when asked for.

    Args:
        label: the archive's own name.
        data: its bytes.
    """
    where = Where(label)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        entries = [e for e in archive.infolist() if not e.filename.endswith(("/", "\\"))]
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        yield SourceFile(label, None, problem("FILE_BROKEN", where, detail="zip"))
        return
    if not entries:
        yield SourceFile(label, None, problem("ARCHIVE_NOTHING", where))
        return
    if len(entries) > MAX_MEMBERS or sum(e.file_size for e in entries) > MAX_UNPACKED:
        yield SourceFile(label, None, problem("ARCHIVE_LIMIT", where))
        return
    if sum(e.compress_size for e in entries) > len(data):
        yield SourceFile(label, None, problem("FILE_ZIP_CONTRADICTS", where, part=label))
        return
    seen: dict[str, int] = {}
    for entry in sorted(entries, key=lambda e: (e.filename, e.header_offset)):
        inner = _shown(entry.filename)
        seen[inner] = seen.get(inner, 0) + 1
        again = f" ({seen[inner]})" if seen[inner] > 1 else ""
        when = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*entry.date_time)
        yield replace(_member(archive, entry, f"{label}/{inner}{again}"), modified=when)


def _shown(name: str) -> str:
    """A path in an archive as a label: its pieces, without what points elsewhere."""
    pieces = name.replace("\\", "/").split("/")
    return "/".join(p for p in pieces if p not in ("", ".", "..") and not p.endswith(":"))


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, label: str) -> SourceFile:
    where = Where(label)
    name = PurePosixPath(label).name
    if "__MACOSX/" in label or is_junk(name) or stat.S_ISLNK(entry.external_attr >> 16):
        return SourceFile(label, skipped=True)
    if entry.flag_bits & 1:
        return SourceFile(label, None, problem("FILE_ENCRYPTED_ZIP", where))
    swollen = entry.file_size > LIMITS.ratio_from and (
        entry.file_size > LIMITS.ratio * max(1, entry.compress_size)
    )
    if entry.file_size > LIMITS.file or swollen:
        return SourceFile(label, None, problem("FILE_BOMB" if swollen else "FILE_TOO_BIG", where))
    try:
        data = archive.read(entry)
    except Exception:  # every way of packing has faults of its own (zlib, bz2, lzma)
        return SourceFile(label, None, problem("FILE_BROKEN", where, detail=label))
    if not _promising(name, data):
        return SourceFile(label, skipped=True, sha256=hashlib.sha256(data).hexdigest())
    if is_archive(data):
        return SourceFile(label, None, problem("ARCHIVE_NESTED", where))
    return SourceFile(label, data)


def check_any(found: Collection[object], paths: Iterable[Path]) -> None:
    """Refuse a run in which there is nothing to read.

    Args:
        found: what came of those `sources` that were not skipped.
        paths: what the user named, for the message.

    Raises:
        HkzError: nothing handed in is a spreadsheet by content or by name.
    """
    if not found:
        raise HkzError(*(problem("ARCHIVE_NOTHING", Where(str(path))) for path in paths))
