"""All that can be said about a returned file: can it be used, was it changed, does it add up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.loose_sheets import SHEETS, Extra
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Severity, Where, family, problem
from hkz_xlsx.scoring.choices import SIGNAL_COLUMNS, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import say
from hkz_xlsx.workbook.changed import MOST_CELLS, changes
from hkz_xlsx.workbook.compare import stored_problems
from hkz_xlsx.workbook.grid import Grid
from hkz_xlsx.workbook.open import open_bytes
from hkz_xlsx.workbook.read import EXTRA_CODES, Returned, understand
from hkz_xlsx.workbook.sources import Source, sources
from hkz_xlsx.workbook.submission import Submission
from hkz_xlsx.workbook.tally import QuestionCounter, QuestionTally, Tally

_SIGNALS: Mapping[str, str] = {
    "na_not_allowed": "SIGNAL_NA_NOT_ALLOWED",
    "na_without_reason": "SIGNAL_NA_WITHOUT_REASON",
    "yes_without_evidence": "SIGNAL_YES_WITHOUT_EVIDENCE",
    "evidence_expired": "SIGNAL_EVIDENCE_EXPIRED",
    "action_incomplete": "SIGNAL_ACTION_INCOMPLETE",
    "action_overdue": "SIGNAL_ACTION_OVERDUE",
    "advisor_contradicts": "SIGNAL_ADVISOR_CONTRADICTS",
    "maturity_contradicts": "SIGNAL_MATURITY_CONTRADICTS",
    "same_answer": "SIGNAL_SAME_ANSWER",
}
_FAMILIES = ("use", "changed", "sense")
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with every finding; ``submission`` is None when the file cannot be used.

    ``skipped``: no spreadsheet by content nor by name; nothing more is said of it.
    """

    file: str
    problems: tuple[Problem, ...]
    submission: Submission | None = None
    skipped: bool = False


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

    ``same_as`` names an earlier file with the same content.
    """

    file: str
    problems: tuple[Problem, ...]
    usable: Usable | None
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class CheckRun:
    """Every file that was looked at, and what became of all that were found.

    ``ignored`` names those that are no workbooks by content nor by name.
    """

    files: tuple[CheckedFile, ...]
    ignored: tuple[str, ...]
    tally: Tally
    questions: Mapping[str, QuestionTally]


def check_grid(grid: Grid, library: Library) -> Checked:
    """Check a file that was opened."""
    try:
        returned = understand(grid, library)
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
    total = assess(submission.plan.model, submission.as_understood).total
    norms = ", ".join(f"{p.number} ({p.edition.edition})" for p in selection.parts)
    yield problem(
        "CHECK_READ", Where(submission.file), norms=norms, answered=total.answered,
        layout=submission.identity.layout, count=total.count,
    )  # fmt: skip
    for key in SHEETS[:1]:
        count = sum(one.sheet == key for one in submission.carried)
        if count:
            title = say(submission.plan.lang, f"sheet.{key}.tab")
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
    for signal in assess(submission.plan.model, submission.as_understood).signals:
        code, column = _SIGNALS[signal.code], SIGNAL_COLUMNS[signal.code]
        row = signal.requirement or submission.plan.model.table(T.requirements).rows[0]
        where = submission.places.get(Address(T.requirements, row, column))
        where = where or Where(submission.file, None, "", "", signal.requirement)
        if not signal.requirement:
            where = Where(submission.file, None, where.sheet)
        yield problem(code, where)


def check_sources(
    paths: Iterable[Path], library: Library, step: Callable[[], None] = lambda: None
) -> CheckRun:
    """Check every file named, every workbook in a folder and every workbook in a zip.

    Args:
        paths: files, folders and zips.
        library: the norms.
        step: called for every workbook.
    """
    checked: list[CheckedFile] = []
    nothing: list[CheckedFile] = []
    first: dict[bytes, CheckedFile] = {}
    counter = QuestionCounter()
    ignored: list[str] = []
    for path in paths:
        before = len(checked)
        for source in sources([path]):
            if source.skipped:
                ignored.append(source.label)
                continue
            step()
            key = hashlib.sha256(source.data).digest() if source.data is not None else b""
            if key in first:
                checked.append(_again(source.label, first[key]))
                continue
            checked.append(_kept(_check(source, library), counter))
            if key:
                first[key] = checked[-1]
        if len(checked) == before:
            # A folder or zip in which there is nothing to check is no good news.
            told = problem("ARCHIVE_NOTHING", Where(path.name))
            nothing.append(CheckedFile(path.name, (told,), None))
    own = [one for one in checked if not one.same_as]
    refused = sum(one.usable is None for one in own)
    found, skipped = len(checked) + len(ignored), len(ignored)
    tally = Tally(found, len(own) - refused, refused, skipped, len(checked) - len(own))
    return CheckRun((*checked, *nothing), tuple(ignored), tally, counter.result())


def _kept(one: Checked, counter: QuestionCounter) -> CheckedFile:
    usable = None
    if one.submission is not None:
        counter.add(one.submission)
        usable = Usable(one.submission.identity, len(one.submission.raw), one.submission.extra)
    return CheckedFile(one.file, one.problems, usable)


def _again(file: str, first: CheckedFile) -> CheckedFile:
    told = problem("FILE_DUPLICATE", Where(file), other=first.file)
    found = (told, *_in_file(first.problems, file))
    return CheckedFile(file, found, first.usable, first.file)


def _check(source: Source, library: Library) -> Checked:
    name = source.label
    if source.skipped:
        return Checked(name, (), skipped=True)
    if source.data is None:
        return Checked(name, _in_file((source.problem,) if source.problem else (), name))
    try:
        grid = open_bytes(name, source.data, complete=True)
    except HkzError as fault:
        return Checked(name, _in_file(fault.problems, name))
    return check_grid(replace(grid, file=name), library)


def _in_file(problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
    return tuple(replace(p, where=replace(p.where, file=name)) for p in problems)
