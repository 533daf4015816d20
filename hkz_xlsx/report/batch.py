"""Many returned workbooks: a report for each, and an index that also tells what failed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hkz_xlsx.assessment.model import Basis
from hkz_xlsx.layout.look import NEUTRAL, Look
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, has_errors
from hkz_xlsx.report.index import Client, Index, Unused, index_html, index_xlsx
from hkz_xlsx.report.model import GapReport, gap_report
from hkz_xlsx.report.write import rendered
from hkz_xlsx.text import Lang
from hkz_xlsx.workbook.atomic import make_folder, write_file
from hkz_xlsx.workbook.faults import OF_THE_DISK
from hkz_xlsx.workbook.filenames import Names, safe_name
from hkz_xlsx.workbook.read import read_bytes
from hkz_xlsx.workbook.sources import Source, check_any, sources
from hkz_xlsx.workbook.tally import Tally


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a batch: where, which suffixes, in what look and language."""

    folder: Path | None
    suffixes: tuple[str, ...]
    lang: Lang | None = None
    basis: Basis | None = None
    look: Look = NEUTRAL
    force: bool = False


def _name(report: GapReport, source: Source) -> str:
    """Who it is about; the name of the file when that is not filled in."""
    known = (report.organisation.get("name", ""), report.organisation.get("location", ""))
    who = " - ".join(filter(None, map(str.strip, known)))
    return safe_name(who or PurePosixPath(source.label).stem)


def _client(report: GapReport, source: Source, files: tuple[str, ...]) -> Client:
    return Client(
        organisation=report.organisation.get("name", ""),
        location=report.organisation.get("location", ""),
        norms=report.norms,
        reference_date=report.reference_date,
        verdicts=report.verdicts,
        total=report.total,
        file=source.label,
        problems=len(report.problems),
        errors=has_errors(report.problems),
        reports=files,
    )


def run(
    paths: Sequence[Path],
    library: Library,
    wish: Wish,
    tell: Callable[[Path], None],
    step: Callable[[], None] = lambda: None,
) -> Index:
    """A report per workbook in every format asked for; a file that fails costs itself only.

    Args:
        paths: files, folders and zips, as the user named them.
        library: the norms.
        wish: where and how; without a folder nothing is written.
        tell: called with the path of every file that was written.
        step: called for every workbook.

    Raises:
        HkzError: there is nothing that can be a workbook, the folder cannot be made, the
            disk is full or can only be read, or the index not written.
    """
    going = _Run(library, wish, tell)
    for source in sources(paths, wish.folder):
        if not source.skipped:
            step()
        going.take(source)
    check_any((*going.clients, *going.unused), paths)
    index = going.index()
    if wish.folder:
        make_folder(wish.folder)
        for name, data in (
            ("index.html", index_html(index, wish.look)),
            ("index.xlsx", index_xlsx(index, wish.look)),
        ):  # fmt: skip
            # The index is about this run: it takes the place of an earlier one.
            write_file(wish.folder / name, data, force=True)
            tell(wish.folder / name)
    return index


@dataclass
class _Run:
    """What became of the files so far."""

    library: Library
    wish: Wish
    tell: Callable[[Path], None]
    clients: list[Client] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    langs: list[Lang] = field(default_factory=list)
    names: Names = field(default_factory=lambda: Names("index"))
    seen: set[bytes] = field(default_factory=set)
    found: int = 0
    ignored: int = 0
    duplicate: int = 0
    refused: int = 0

    def take(self, source: Source) -> None:
        """One more file."""
        self.found += 1
        if source.skipped:
            self.ignored += 1
            return
        again = _again(source, self.seen)
        self.duplicate += again
        try:
            report = _report(source, self.library, self.wish)
        except HkzError as fault:
            self.unused.append(Unused(source.label, fault.problems))
            self.refused += not again
            return
        self.langs.append(report.lang)
        name = self.names.unused(_name(report, source))
        files, refused = _write(report, name, self.wish, self.tell)
        self.clients.append(_client(report, source, files))
        if refused:
            self.unused.append(Unused(source.label, tuple(refused)))

    def index(self) -> Index:
        """All of it."""
        read = self.found - self.ignored - self.duplicate - self.refused
        tally = Tally(self.found, read, self.refused, self.ignored, self.duplicate)
        lang = self.wish.lang or (self.langs[0] if self.langs else "nl")
        return Index(lang, tuple(self.clients), tuple(self.unused), tally)


def _report(source: Source, library: Library, wish: Wish) -> GapReport:
    if source.data is None:
        raise HkzError(*filter(None, (source.problem,)))
    return gap_report(read_bytes(source.label, source.data, library), wish.lang, wish.basis)


def _again(source: Source, seen: set[bytes]) -> bool:
    """Whether an earlier file had the same content."""
    if source.data is None:
        return False
    key = hashlib.sha256(source.data).digest()
    known = key in seen
    seen.add(key)
    return known


def _write(
    report: GapReport, name: str, wish: Wish, tell: Callable[[Path], None]
) -> tuple[tuple[str, ...], Iterable[Problem]]:
    files: list[str] = []
    refused: list[Problem] = []
    if wish.folder:
        make_folder(wish.folder)
    paths = [wish.folder / f"{name}{s}" for s in wish.suffixes] if wish.folder else []
    for path in paths:
        try:
            write_file(path, rendered(report, path, wish.look), force=wish.force)
        except HkzError as fault:
            if any(found.code in OF_THE_DISK for found in fault.problems):
                raise  # told once, and the index of an earlier run stays
            refused += fault.problems
            continue
        files.append(path.name)
        tell(path)
    return tuple(files), refused
