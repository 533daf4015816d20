"""All that can be said about a returned file: can it be used, was it changed, does it add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.loose_sheets import SHEETS
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Severity, Where, family, problem
from hkz_xlsx.scoring.choices import SIGNAL_COLUMNS, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import say
from hkz_xlsx.workbook.changed import MOST_CELLS, changes
from hkz_xlsx.workbook.compare import stored_problems
from hkz_xlsx.workbook.grid import Grid
from hkz_xlsx.workbook.open import read_grid
from hkz_xlsx.workbook.read import Returned, understand
from hkz_xlsx.workbook.sources import Source, sources
from hkz_xlsx.workbook.submission import Submission
from hkz_xlsx.workbook.supervise import shared_worker

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
    yield from (p for p in submission.problems if p.code != "EXTRA_TEXT")
    by_sheet: dict[str, list[Problem]] = {}
    for one in submission.extra:
        if one.reason == "text":
            found = problem("EXTRA_TEXT", one.where, value=one.value, more=0)
            by_sheet.setdefault(one.where.sheet, []).append(found)
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


def check_sources(paths: Iterable[Path], library: Library) -> tuple[Checked, ...]:
    """Check every file named, every workbook in a folder and every workbook in a zip.

    Returns:
        every file found, also those that were skipped.
    """
    return tuple(_check(one, library) for one in sources(paths))


def _check(source: Source, library: Library) -> Checked:
    name = source.label
    if source.skipped:
        return Checked(name, (), skipped=True)
    if source.data is None:
        return Checked(name, _in_file((source.problem,) if source.problem else (), name))
    try:
        grid = shared_worker().run(name, read_grid, name, source.data, complete=True)
    except HkzError as fault:
        return Checked(name, _in_file(fault.problems, name))
    return check_grid(replace(grid, file=name), library)


def _in_file(problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
    return tuple(replace(p, where=replace(p.where, file=name)) for p in problems)
