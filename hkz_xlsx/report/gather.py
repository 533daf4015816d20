"""Folders and archives of returned workbooks to a list of files, in a fixed order."""

from __future__ import annotations

import errno
import shutil
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.workbook.faults import full, told

SPREADSHEETS = (".xlsx", ".xlsm", ".ods", ".xls", ".xlsb")
"""Names that can be a workbook; the last two are told why they cannot be used."""

MOST_FILES, MOST_BYTES = 10_000, 4 << 30
"""Of one archive, unpacked."""

_LONGEST = 80
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)))
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that can be a workbook: where it is, and how a person knows it."""

    path: Path
    shown: str


def safe_name(text: str, otherwise: str = "") -> str:
    """A file name that every system takes, made from any text; never a path."""
    flat = unicodedata.normalize("NFC", text)
    kept = "".join(c if c.isalnum() or c in " -_.,&()" else " " for c in flat)
    name = " ".join(kept.split()).strip(". ")[:_LONGEST].strip(". ")
    if name.split(".")[0].strip().casefold() in _RESERVED:
        name = f"_{name}"
    return name or otherwise


def is_archive(path: Path) -> bool:
    """A zip that is not itself a workbook."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return not names & {"[Content_Types].xml", "content.xml"}


def _wanted(name: str) -> bool:
    """A spreadsheet, and not the lock file or hidden copy of one."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    if last.startswith(("~$", ".")) or "__MACOSX" in name:
        return False
    return last.lower().endswith(SPREADSHEETS)


def _in_folder(folder: Path, without: Path | None) -> Iterator[Found]:
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
        inside = without is not None and path.resolve().is_relative_to(without)
        if path.is_file() and _wanted(path.name) and not inside:
            yield Found(path, path.relative_to(folder).as_posix())


def _copied(source: IO[bytes], target: Path) -> None:
    """A file unpacked; raises `HkzError` when there is no room for it."""
    try:
        target.parent.mkdir(parents=True)
        with target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except OSError as fault:
        if full(fault) or fault.errno == errno.EROFS:
            raise HkzError(told(target.parents[1], fault)) from None
        raise


def _in_archive(path: Path, room: Path) -> Iterator[Found]:
    where = Where(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = sorted(
                (p for p in archive.infolist() if not p.is_dir() and _wanted(p.filename)),
                key=lambda p: p.filename,
            )
            if len(parts) > MOST_FILES or sum(p.file_size for p in parts) > MOST_BYTES:
                raise HkzError(problem("ARCHIVE_LIMIT", where))
            for number, part in enumerate(parts):
                # The path in the archive is shown, never used: the name is made anew.
                last = part.filename.replace("\\", "/").rsplit("/", 1)[-1]
                target = room / f"{number:05d}" / safe_name(last, "werkboek.xlsx")
                with archive.open(part) as source:
                    _copied(source, target)
                yield Found(target, f"{path.name}/{part.filename}")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as fault:
        detail = type(fault).__name__
        raise HkzError(problem("ARCHIVE_BROKEN", where, detail=detail)) from None


def count_files(sources: Iterable[Path], without: Path | None = None) -> int:
    """Every file in files, folders and archives, of whatever kind; arguments as of `gather`."""
    skipped = without.resolve() if without else None
    count = 0
    for source in sources:
        if source.is_dir():
            count += sum(
                path.is_file() and not (skipped and path.resolve().is_relative_to(skipped))
                for path in source.rglob("*")
            )
        elif is_archive(source):
            with zipfile.ZipFile(source) as archive:
                count += sum(not part.is_dir() for part in archive.infolist())
        else:
            count += 1
    return count


def gather(sources: Iterable[Path], room: Path, without: Path | None = None) -> list[Found]:
    """Every file that can be a workbook.

    Args:
        sources: files, folders (searched through) and archives.
        room: an empty folder to unpack archives in.
        without: a folder whose files are left out: that of the reports themselves.

    Raises:
        HkzError: an archive that cannot be read or is too large; nothing found at all.
    """
    found: list[Found] = []
    skipped = without.resolve() if without else None
    chosen = list(sources)
    for number, source in enumerate(chosen):
        if source.is_dir():
            found += _in_folder(source, skipped)
        elif is_archive(source):
            found += _in_archive(source, room / str(number))
        else:
            found.append(Found(source, source.name))
    if not found:
        raise HkzError(*(problem("NO_WORKBOOKS", Where(str(s))) for s in chosen))
    return found
