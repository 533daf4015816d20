"""All that can be said about a returned file: can it be used, was it changed, does it add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.machine.supervise import Supervisor
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.build import plan_again
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HeldProblems, HkzError, Problem, Severity, Where, family, problem
from hkz_xlsx.returned.changed import MOST_CELLS, changes
from hkz_xlsx.returned.compare import stored_problems
from hkz_xlsx.returned.counts import QuestionCounter, QuestionTally, Tally, answer_states
from hkz_xlsx.returned.licensed import licensed_among, not_to_share
from hkz_xlsx.returned.many import FileOutcome, Task, library_of, norms_of, outcomes
from hkz_xlsx.returned.read import EXTRA_CODES, understand
from hkz_xlsx.returned.second_reader import ReaderPair, pairs
from hkz_xlsx.returned.submission import Returned, Submission
from hkz_xlsx.scoring.choices import SIGNAL_COLUMNS, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import SHEETS, Extra
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.spreadsheet.sources import SourceFile, sources

_FAMILIES = ("use", "changed", "sense")
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with every finding; ``submission`` is None when the file cannot be used."""

    file: str
    problems: tuple[Problem, ...]
    submission: Submission | None = None


@dataclass(frozen=True, slots=True)
class Usable:
    """What is kept of a file that can be used, when there are thousands; ``answers`` counts
    everything typed."""

    identity: Identity
    answers: int
    extra: tuple[Extra, ...]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file of a run with every finding; ``usable`` is None when it cannot be used.

    ``same_as`` names an earlier file with the same content; ``pairs`` is what a second reader gave
    beside ours, when that was asked.
    """

    file: str
    problems: tuple[Problem, ...]
    usable: Usable | None
    same_as: str = ""
    pairs: tuple[ReaderPair, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRun:
    """Every file that was looked at, and what became of all that were found.

    ``ignored`` names those that are no workbooks by content nor by name.
    """

    files: tuple[CheckedFile, ...]
    ignored: tuple[str, ...]
    tally: Tally
    questions: Mapping[str, QuestionTally]


def check_grid(
    grid: Grid,
    library: Library,
    plans: Callable[[Library, Identity], WorkbookPlan] = plan_again,
) -> Checked:
    """Check a file that was opened.

    Args:
        grid: the file, read completely.
        library: question sets that it may be of.
        plans: as `understand`.

    Returns:
        every finding in the order of the file; one that cannot be used has its problems and
        nothing else.
    """
    try:
        returned = understand(grid, library, plans)
    except HkzError as fault:
        return Checked(grid.file, fault.problems)
    found = (
        *_use(returned),
        *_expanded(returned.submission),
        *_fewer(changes(returned)),
        *stored_problems(returned.submission),
        *_signals(returned.submission),
    )
    problems = [replace(p, where=_named(p.where, grid.file)) for p in found]
    problems.sort(key=_order)
    return Checked(grid.file, tuple(problems), returned.submission)


def _named(where: Where, file: str) -> Where:
    return where if where.file else replace(where, file=file)


def _order(found: Problem) -> tuple[int, int]:
    return _FAMILIES.index(family(found.code)), _SEVERITIES.index(found.severity)


def _use(returned: Returned) -> Iterator[Problem]:
    submission = returned.submission
    selection = submission.plan.model.selection
    total = submission.assessment.total
    norms = ", ".join(f"{p.number} ({p.edition.edition})" for p in selection.parts)
    yield problem(
        "CHECK_READ", Where(submission.file), norms=norms, answered=total.answered,
        layout=submission.identity.layout, count=total.count,
    )  # fmt: skip
    for key in SHEETS[:1]:
        count = sum(one.sheet == key for one in submission.carried)
        if count:
            title = submission.plan.text(f"sheet.{key}.tab")
            where = Where(submission.file, None, title)
            yield problem("NOT_PLACED", where, table=title, count=count)


def _expanded(submission: Submission) -> Iterator[Problem]:
    """Problems of reading, with every extra text in its own line."""
    yield from (p for p in submission.problems if p.code not in EXTRA_CODES.values())
    by_sheet: dict[tuple[str, str], list[Problem]] = {}
    for one in submission.extra:
        if one.reason in EXTRA_CODES:
            found = problem(EXTRA_CODES[one.reason], one.where, value=one.value, more=0)
            by_sheet.setdefault((found.code, one.where.sheet), []).append(found)
    for group in by_sheet.values():
        yield from group[:MOST_CELLS]
        if len(group) > MOST_CELLS:
            rest = len(group) - MOST_CELLS - 1
            last = group[MOST_CELLS]
            yield replace(last, slots={**last.slots, "more": str(rest)})


def _fewer(found: Iterable[Problem]) -> Iterator[Problem]:
    """One kind of finding in one sheet at most so many times: the rest is the same again."""
    counts: dict[tuple[str, str, str], int] = {}
    for one in found:
        key = (one.code, one.where.sheet, one.slots.get("column", ""))
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= MOST_CELLS:
            yield one


def _signals(submission: Submission) -> Iterator[Problem]:
    for signal in submission.assessment.signals:
        code, column = f"SIGNAL_{signal.code.upper()}", SIGNAL_COLUMNS[signal.code]
        row = signal.requirement or submission.plan.model.table(T.requirements).rows[0]
        where = submission.places.get(Address(T.requirements, row, column))
        where = where or Where(submission.file, None, "", "", signal.requirement)
        if not signal.requirement:
            where = Where(submission.file, None, where.sheet)
        yield problem(code, where)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a worker says of one file: findings, what is kept, and per question its answer's
    state."""

    problems: tuple[Problem, ...]
    usable: Usable | None
    answers: Mapping[str, str]
    pairs: tuple[ReaderPair, ...] = ()


def look_over(task: Task, *, twice: bool = False, share: bool = False) -> Looked:
    """Check one file; what a worker runs.

    Args:
        task: folder with own norms, name and bytes of the file.
        twice: with a second reader beside ours.
        share: also whether it may be given away.
    """
    norms, file, data = task
    found = check_grid(read_grid(file, data, complete=True), library_of(norms), PLANS.again)
    known = found.submission
    if known is None:
        return Looked(found.problems, None, {})
    own = set(licensed_among(known.extra))
    extra = tuple(one for one in known.extra if one not in own)
    usable = Usable(known.identity, len(known.raw), extra)
    both, said = pairs(known, data) if twice else ((), ())
    problems = [*found.problems, *(not_to_share(known) if share else ())]
    problems.sort(key=_order)
    return Looked((*problems, *said), usable, answer_states(known), both)


def check_sources(
    paths: Iterable[Path], library: Library, step: Callable[[], None] = lambda: None, jobs: int = 1,
    *, twice: bool = False, share: bool = False,
) -> CheckRun:  # fmt: skip
    """Check every file named, every workbook in a folder and every workbook in a zip.

    Args:
        paths: files, folders and zips.
        library: the norms.
        step: called for every file.
        jobs: number of processes.
        twice: with openpyxl as a second reader beside ours.
        share: also say what may not be given away.
    """
    going = _Run()
    named = list(paths)
    inside = [0] * len(named)

    def found() -> Iterator[SourceFile]:
        for place, path in enumerate(named):
            for source in sources([path]):
                inside[place] += not source.skipped
                yield source

    look = partial(look_over, twice=twice, share=share) if twice or share else look_over
    for one in outcomes(found(), look, norms_of(library), Supervisor(jobs)):
        going.take(one)
        step()
    # A folder or zip in which there is nothing to check is no good news.
    empty = [path.name for path, count in zip(named, inside, strict=True) if not count]
    nothing = [CheckedFile(n, (problem("ARCHIVE_NOTHING", Where(n)),), None) for n in empty]
    return going.result(nothing)


class _Run:
    """What became of the files so far."""

    def __init__(self) -> None:
        self._checked: list[CheckedFile] = []
        self._first: dict[str, CheckedFile] = {}
        self._counter = QuestionCounter()
        self._held = HeldProblems()
        self._ignored: list[str] = []

    def take(self, one: FileOutcome[Looked]) -> None:
        """One more file."""
        file, looked = one.source.label, one.found
        if one.source.skipped:
            self._ignored.append(file)
            return
        if one.again:
            self._checked.append(_again(file, self._first[one.sha256]))
            return
        if looked is None:
            checked = CheckedFile(file, one.problems, None)
        else:
            self._counter.add(looked.answers)
            problems = self._held.held(looked.problems)
            checked = CheckedFile(file, problems, looked.usable, pairs=looked.pairs)
        self._checked.append(checked)
        if one.sha256:
            self._first[one.sha256] = checked

    def result(self, nothing: Iterable[CheckedFile]) -> CheckRun:
        """All of it, with what had to be said of paths in which there was nothing."""
        own = [one for one in self._checked if not one.same_as]
        refused, skipped = sum(one.usable is None for one in own), len(self._ignored)
        again = len(self._checked) - len(own)
        found = len(self._checked) + skipped
        tally = Tally(found, len(own) - refused, refused, skipped, again)
        files = (*self._checked, *nothing)
        return CheckRun(files, tuple(self._ignored), tally, self._counter.result())


def _again(file: str, first: CheckedFile) -> CheckedFile:
    told = problem("FILE_DUPLICATE", Where(file), other=first.file)
    return CheckedFile(file, (told, *_in_file(first.problems, file)), first.usable, first.file)


def _in_file(problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
    return tuple(replace(p, where=replace(p.where, file=name)) for p in problems)
