"""Folders and archives of returned workbooks to a list of files, in a fixed order."""

from __future__ import annotations

import shutil
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hkz_xlsx.problems import HkzError, Where, problem

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
    # What a file without a known kind is follows from its content; reading tells.
    return last.lower().endswith((*SPREADSHEETS, ".zip")) or (bool(last) and "." not in last)


def _in_folder(folder: Path, without: Path | None) -> Iterator[Found]:
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
        inside = without is not None and path.resolve().is_relative_to(without)
        if path.is_file() and _wanted(path.name) and not inside and _can_be(path):
            yield Found(path, path.relative_to(folder).as_posix())


def _can_be(path: Path) -> bool:
    """A file without a kind in its name is one of ours only when it begins as a workbook does."""
    if path.suffix:
        return True
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    except OSError:
        return False


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
                target.parent.mkdir(parents=True)
                with archive.open(part) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                if "." in last or _can_be(target):
                    yield Found(target, f"{path.name}/{part.filename}")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as fault:
        detail = type(fault).__name__
        raise HkzError(problem("ARCHIVE_BROKEN", where, detail=detail)) from None


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
