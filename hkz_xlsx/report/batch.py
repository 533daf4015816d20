"""Many returned workbooks: a report for each, and an index that also tells what failed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hkz_xlsx.assessment.model import Basis
from hkz_xlsx.layout.look import NEUTRAL, Look
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, has_errors
from hkz_xlsx.report.gather import Found, safe_name
from hkz_xlsx.report.index import Client, Index, Unused, index_html, index_xlsx
from hkz_xlsx.report.model import GapReport, gap_report
from hkz_xlsx.report.write import rendered
from hkz_xlsx.text import Lang
from hkz_xlsx.workbook.atomic import make_folder, write_file
from hkz_xlsx.workbook.read import read_workbook
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


@dataclass
class _Names:
    """File names without their suffix, each given once, also where case does not count."""

    taken: set[str] = field(default_factory=lambda: {"index"})

    def new(self, report: GapReport, source: Found) -> str:
        known = (report.organisation.get("name", ""), report.organisation.get("location", ""))
        wanted = safe_name(" - ".join(k for k in known if k))
        wanted = wanted or safe_name(Path(source.shown).stem, "rapport")
        name, number = wanted, 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{wanted} ({number})"
        self.taken.add(name.casefold())
        return name


def _client(report: GapReport, source: Found, files: tuple[str, ...]) -> Client:
    return Client(
        organisation=report.organisation.get("name", ""),
        location=report.organisation.get("location", ""),
        norms=report.norms,
        reference_date=report.reference_date,
        verdicts=report.verdicts,
        total=report.total,
        file=source.shown,
        problems=len(report.problems),
        errors=has_errors(report.problems),
        reports=files,
    )


def run(
    sources: Sequence[Found],
    library: Library,
    wish: Wish,
    tell: Callable[[Path], None],
    count: int | None = None,
) -> Index:
    """A report per workbook in every format asked for; a file that fails costs itself only.

    Args:
        sources: what `gather` found.
        library: the norms.
        wish: where and how; without a folder nothing is written.
        tell: called with the path of every file that was written.
        count: files found, with those that are no workbooks.

    Raises:
        HkzError: the folder cannot be made, or the index not written.
    """
    clients: list[Client] = []
    unused: list[Unused] = []
    names = _Names()
    if wish.folder:
        make_folder(wish.folder)
    langs: list[Lang] = []
    seen: set[str] = set()
    duplicate = refused_files = 0
    for source in sources:
        again = _again(source.path, seen)
        duplicate += again
        try:
            report = gap_report(read_workbook(source.path, library), wish.lang, wish.basis)
        except HkzError as fault:
            unused.append(Unused(source.shown, fault.problems))
            refused_files += not again
            continue
        langs.append(report.lang)
        files, refused = _write(report, names.new(report, source), wish, tell)
        clients.append(_client(report, source, files))
        if refused:
            unused.append(Unused(source.shown, tuple(refused)))
    found = len(sources) if count is None else count
    read = len(sources) - duplicate - refused_files
    tally = Tally(found, read, refused_files, found - len(sources), duplicate)
    lang = wish.lang or (langs[0] if langs else "nl")
    index = Index(lang, tuple(clients), tuple(unused), tally)
    if wish.folder:
        for name, data in (
            ("index.html", index_html(index, wish.look)),
            ("index.xlsx", index_xlsx(index, wish.look)),
        ):  # fmt: skip
            # The index is about this run: it takes the place of an earlier one.
            write_file(wish.folder / name, data, force=True)
            tell(wish.folder / name)
    return index


def _again(path: Path, seen: set[str]) -> bool:
    """Whether an earlier file had the same content."""
    try:
        with path.open("rb") as file:
            key = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False  # told when it is read
    known = key in seen
    seen.add(key)
    return known


def _write(
    report: GapReport, name: str, wish: Wish, tell: Callable[[Path], None]
) -> tuple[tuple[str, ...], Iterable[Problem]]:
    files: list[str] = []
    refused: list[Problem] = []
    paths = [wish.folder / f"{name}{s}" for s in wish.suffixes] if wish.folder else []
    for path in paths:
        try:
            write_file(path, rendered(report, path, wish.look), force=wish.force)
        except HkzError as fault:
            refused += fault.problems
            continue
        files.append(path.name)
        tell(path)
    return tuple(files), refused
