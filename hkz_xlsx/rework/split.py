"""One workbook to a part for everyone who fills it in; merging the parts is the way back.

Every question stands in one part, with all that was filled in beside it. What is asked once, such
as the step plan, stays in the first part that asks it; who the workbook is of stands in every part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.subset import narrowed, numbered, part_of_several
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.licensed import licensed_among, own_text
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.newest import codecs
from hkz_xlsx.rework.repair import Fresh, repaired
from hkz_xlsx.scoring.cell_values import CellValue, shown
from hkz_xlsx.scoring.choices import OWN_TEXT, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import Extra, with_loose

By = Literal["eigenaar", "rubriek"]
BY: tuple[By, ...] = get_args(By)

MOST = 99
"""Parts that the identity of a workbook can number."""

_EVERYWHERE = ("organisation", "client", T.settings)
"""Tables that stand in every part: whose it is, and how it is scored."""


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One part; ``rows`` are its questions, ``name`` is whose it is or what it is about, empty for
    what has no owner. ``filled`` counts the cells filled in beside its questions."""

    number: int
    name: str
    rows: tuple[str, ...]
    fresh: Fresh
    filled: int


@dataclass(frozen=True, slots=True)
class Split:
    """The parts, and how many cells of licensed text stay out of them."""

    parts: tuple[SplitPart, ...]
    licensed: int


def split(submission: Submission, by: By) -> Split:
    """The parts of a workbook, each with the answers to its questions.

    Args:
        submission: the file, read completely.
        by: a part for every owner of a question, or for every rubriek.

    Raises:
        HkzError: a file that is a part itself, one part only, or more than can be numbered; or a
            cell that would be in no part, which is our mistake.
    """
    if submission.identity.subset:
        code = "SPLIT_OF_PART" if numbered(submission.identity.subset) else "SPLIT_OF_CORE"
        raise HkzError(problem(code, Where(submission.file)))
    whole = repaired(submission, LAYOUT_VERSION)
    groups = _by_owner(whole) if by == "eigenaar" else _by_rubriek(submission.plan)
    if not 1 < len(groups) <= MOST:
        code = "SPLIT_ONE" if len(groups) < MOST else "SPLIT_MANY"
        slots = {"by": by, "count": len(groups), "most": MOST}
        raise HkzError(problem(code, Where(submission.file), **slots))
    plans = [
        _plan(submission, part_of_several(number, len(groups), rows))
        for number, (_, rows) in enumerate(groups, 1)
    ]
    left = {a: v for a, v in whole.inputs.items() if not own_text(a)}
    own = set(licensed_among(whole.extra, (OWN_TEXT,)))
    extra = [one for one in whole.extra if one not in own]
    parts = tuple(
        _part(number, name, plan, inputs, (whole, beside))
        for number, ((name, _), plan, inputs, beside) in enumerate(
            zip(groups, plans, _dealt(left, plans), _spread(extra, plans), strict=True), 1
        )
    )
    _check(left, extra, parts, submission)
    return Split(parts, len(whole.inputs) + len(whole.extra) - len(left) - len(extra))


_Groups = Sequence[tuple[str, tuple[str, ...]]]
"""Whose or about what, and the questions."""


def _by_owner(whole: Fresh) -> _Groups:
    """Questions by owner as first written, in the order of the questions; without one last."""
    names: dict[str, str] = {}
    rows: dict[str, list[str]] = {}
    for row in whole.plan.model.table(T.requirements).rows:
        typed = shown(whole.inputs.get(Address(T.requirements, row, "owner"))).strip()
        key = folded(typed) or typed
        names.setdefault(key, typed)
        rows.setdefault(key, []).append(row)
    keys = sorted(rows, key=lambda key: not key)
    return [(names[key], tuple(rows[key])) for key in keys]


def _by_rubriek(plan: WorkbookPlan) -> _Groups:
    names: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], list[str]] = {}
    for row in plan.model.selection.rows:
        key = (row.part.id, row.rubriek.number)
        names[key] = f"{row.rubriek.number} {row.rubriek.title.get(plan.lang)}"
        rows.setdefault(key, []).append(row.requirement.id)
    return [(names[key], tuple(found)) for key, found in rows.items()]


def _plan(submission: Submission, subset: str) -> WorkbookPlan:
    identity = submission.identity
    selection = narrowed(submission.plan.model.selection, subset)
    layout = max(identity.layout, LAYOUT_VERSION)
    return plan_workbook(
        selection, submission.plan.lang, identity.asked, layout, previous=identity.previous
    )


def _dealt(
    inputs: Mapping[Address, CellValue], plans: Sequence[WorkbookPlan]
) -> list[dict[Address, CellValue]]:
    """The cells of every part."""
    places = [codecs(plan).keys() for plan in plans]
    found: list[dict[Address, CellValue]] = [{} for _ in plans]
    for address, value in inputs.items():
        able = [part for part, known in zip(found, places, strict=True) if address in known]
        for part in able if address.table in _EVERYWHERE else able[:1]:
            part[address] = value
    return found


def _spread(extra: Sequence[Extra], plans: Sequence[WorkbookPlan]) -> list[list[Extra]]:
    """What is listed, with the question that it is about; else in the first part."""
    found: list[list[Extra]] = [[] for _ in plans]
    home = {
        row: part
        for plan, part in zip(plans, found, strict=True)
        for row in plan.model.table(T.requirements).rows
    }
    for one in extra:
        home.get(one.row, found[0]).append(one)
    return found


def _part(
    number: int,
    name: str,
    plan: WorkbookPlan,
    inputs: Mapping[Address, CellValue],
    beside: tuple[Fresh, Sequence[Extra]],
) -> SplitPart:
    whole, extra = beside
    notes = {address: note for address, note in whole.notes.items() if address in inputs}
    rows = plan.model.table(T.requirements).rows
    filled = sum(address.table == T.requirements for address in inputs)
    return SplitPart(
        number, name, rows, Fresh(with_loose(plan, extra), inputs, notes, tuple(extra)), filled
    )


def _check(
    inputs: Mapping[Address, CellValue],
    extra: Sequence[Extra],
    parts: Sequence[SplitPart],
    submission: Submission,
) -> None:
    """Every cell stands in a part, by its address, and everything listed is listed once."""
    wrong = [a for a, v in inputs.items() if all(p.fresh.inputs.get(a) != v for p in parts)]
    listed = sum(len(part.fresh.extra) for part in parts)
    if wrong or listed != len(extra):
        count = len(wrong) + abs(len(extra) - listed)
        raise HkzError(problem("CARRY_UNACCOUNTED", _where(submission, wrong), count=count))


def _where(submission: Submission, addresses: Sequence[Address]) -> Where:
    file = Where(submission.file)
    return submission.places.get(addresses[0], file) if addresses else file
