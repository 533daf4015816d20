"""Many returned workbooks: a report for each, and an index that also tells what failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from hkz_xlsx.assessment.model import Basis
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.machine.atomic import make_folder, write_file
from hkz_xlsx.machine.faults import OF_THE_DISK
from hkz_xlsx.machine.filenames import UniqueNames, safe_name
from hkz_xlsx.machine.limits import OWN
from hkz_xlsx.machine.supervise import Supervisor, Worker
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, has_errors
from hkz_xlsx.report.asking import asks
from hkz_xlsx.report.index import Index, IndexedWorkbook, Unused, index_html, index_xlsx
from hkz_xlsx.report.model import GapReport, gap_report
from hkz_xlsx.report.sentences import change
from hkz_xlsx.report.write import rendered
from hkz_xlsx.returned.counts import Tally
from hkz_xlsx.returned.many import FileOutcome, Task, library_of, norms_of, outcomes
from hkz_xlsx.returned.read import read_bytes
from hkz_xlsx.spreadsheet.sources import check_any, sources
from hkz_xlsx.text import Lang


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a batch: where, which suffixes, in what look and language; ``summary``:
    only the first page."""

    folder: Path | None
    suffixes: tuple[str, ...]
    lang: Lang | None = None
    basis: Basis | None = None
    look: Look = NEUTRAL
    force: bool = False
    summary: bool = False


def _name(report: GapReport, label: str) -> str:
    """Who it is about; the name of the file when that is not filled in."""
    known = (report.organisation.get("name", ""), report.organisation.get("location", ""))
    who = " - ".join(filter(None, map(str.strip, known)))
    return safe_name(who or PurePosixPath(label).stem)


def _client(report: GapReport, label: str) -> IndexedWorkbook:
    return IndexedWorkbook(
        organisation=report.organisation.get("name", ""),
        location=report.organisation.get("location", ""),
        norms=report.norms,
        reference_date=report.reference_date,
        verdicts=report.verdicts,
        total=report.total,
        file=label,
        problems=len(report.problems),
        errors=has_errors(report.problems),
        reports=(),
        change=change(report),
        asks=asks(report),
    )


@dataclass(frozen=True, slots=True)
class ClientReports:
    """The reports on one workbook, by suffix, and what the index says of it."""

    client: IndexedWorkbook
    name: str
    lang: Lang
    reports: tuple[tuple[str, bytes], ...] = ()


def make(task: Task, wish: Wish) -> ClientReports:
    """Read one workbook and make its reports; what a worker process runs.

    Raises:
        HkzError: as `read_bytes`, and a report that cannot be made.
    """
    norms, label, data = task
    submission = read_bytes(label, data, library_of(norms))
    report = gap_report(submission, wish.lang, wish.basis)
    reports = (
        (s, rendered(report, Path(label + s), wish.look, summary=wish.summary))
        for s in wish.suffixes
    )
    return ClientReports(_client(report, label), _name(report, label), report.lang, tuple(reports))


_PAGES_SET = 40
"""Files of which one process sets the pages: the typesetter never gives back all of its memory."""


def _worker(lasts: int) -> Worker:
    """Makes reports, for which the limits on reading are not meant: a process of its own reads."""
    return Worker(OWN, __name__, lasts=lasts)


def run(
    paths: Sequence[Path],
    library: Library,
    wish: Wish,
    tell: Callable[[Path], None],
    step: Callable[[], None] = lambda: None,
    jobs: int = 1,
) -> Index:
    """A report per workbook in every format asked for; a file that fails costs itself only.

    Args:
        paths: files, folders and zips, as the user named them.
        library: the norms.
        wish: where and how; without a folder nothing is written.
        tell: called with the path of every file that was written.
        step: called for every workbook.
        jobs: number of processes.

    Raises:
        HkzError: there is nothing that can be a workbook, the folder cannot be made, the
            disk is full or can only be read, or the index not written.
    """
    going = _Run(wish, tell)
    function = partial(make, wish=wish if wish.folder else replace(wish, suffixes=()))
    lasts = _PAGES_SET if ".pdf" in wish.suffixes else 0
    workers = Supervisor(jobs, make=partial(_worker, lasts))
    results = outcomes(
        sources(paths, wish.folder), function, norms_of(library), workers, twice=True
    )
    with closing(results):  # before a failure is told: no process is left at work then
        for outcome in results:
            if not outcome.source.skipped:
                step()
            going.take(outcome)
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

    wish: Wish
    tell: Callable[[Path], None]
    clients: list[IndexedWorkbook] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    langs: list[Lang] = field(default_factory=list)
    names: UniqueNames = field(default_factory=lambda: UniqueNames("index"))
    found: int = 0
    ignored: int = 0
    duplicate: int = 0
    refused: int = 0

    def take(self, outcome: FileOutcome[ClientReports]) -> None:
        """One more file."""
        self.found += 1
        if outcome.source.skipped:
            self.ignored += 1
            return
        self.duplicate += outcome.again
        made = outcome.found
        if made is None:
            self.unused.append(Unused(outcome.source.label, outcome.problems))
            self.refused += not outcome.again
            return
        self.langs.append(made.lang)
        files, kept, refused = _write(made, self.names.unused(made.name), self.wish, self.tell)
        self.clients.append(replace(made.client, reports=files, kept=kept))
        if refused:
            self.unused.append(Unused(outcome.source.label, tuple(refused)))

    def index(self) -> Index:
        """All of it."""
        read = self.found - self.ignored - self.duplicate - self.refused
        tally = Tally(self.found, read, self.refused, self.ignored, self.duplicate)
        lang = self.wish.lang or (self.langs[0] if self.langs else "nl")
        return Index(lang, tuple(self.clients), tuple(self.unused), tally)


def _write(
    made: ClientReports, name: str, wish: Wish, tell: Callable[[Path], None]
) -> tuple[tuple[str, ...], tuple[str, ...], list[Problem]]:
    """Writes the reports on one workbook.

    Returns:
        names of the reports; those of them that were there already; and what was refused.
    """
    files: list[str] = []
    kept: list[str] = []
    refused: list[Problem] = []
    if wish.folder is None:
        return (), (), []
    make_folder(wish.folder)
    for suffix, data in made.reports:
        path = wish.folder / f"{name}{suffix}"
        try:
            write_file(path, data, force=wish.force)
        except HkzError as fault:
            if any(found.code in OF_THE_DISK for found in fault.problems):
                raise  # told once, and the index of an earlier run stays
            if [found.code for found in fault.problems] != ["TARGET_EXISTS"]:
                refused += fault.problems
                continue
            kept.append(path.name)
        else:
            tell(path)
        files.append(path.name)
    return tuple(files), tuple(kept), refused
