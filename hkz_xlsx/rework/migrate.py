"""A workbook as it is to the same workbook of another question set, in the newest layout."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.whose import Owner
from hkz_xlsx.norm.asked import Asked
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.select import Selection, select
from hkz_xlsx.norm.subset import narrowed, numbered, part_of_several
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.many import Task, library_of
from hkz_xlsx.returned.owners import owner_of
from hkz_xlsx.returned.questions import passage
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.carry import Carried, carry
from hkz_xlsx.rework.history import remembered
from hkz_xlsx.rework.journey import rows_of
from hkz_xlsx.rework.newest import codecs
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import with_loose
from hkz_xlsx.sheets.sealed_sheet import with_sealed
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook


@dataclass(frozen=True, slots=True)
class Migrated:
    """One file, migrated.

    Attributes:
        data: the new workbook; the file's own bytes where there was nothing to change.
        old: question sets of the file.
        new: question sets of the new workbook.
        owner: whose it is.
        carried: cells that were carried along.
        shown: cells that stand beside a question that is another one now.
        listed: cells that stand on a sheet of their own.
        problems: what is to be said of the file and of what was carried.
        same: there was nothing to change.
    """

    data: bytes
    old: tuple[str, ...]
    new: tuple[str, ...]
    owner: Owner
    carried: int
    shown: int
    listed: int
    problems: tuple[Problem, ...]
    same: bool


def target(submission: Submission, library: Library, to: Sequence[str] = ()) -> Selection:
    """The question sets that a file moves to, with the same scope and parts.

    Args:
        submission: the file.
        library: the norms.
        to: question sets such as ``138@2015/r2``; other parts move to the newest released one, and
            stay where they are when they are newer.

    Raises:
        HkzError: a set that is not here, or of a part that the file has not.
    """
    identity = submission.identity
    named = {Asked.parse(text).part: text for text in to}
    have = {edition.part for edition in identity.editions}
    strange = [text for part, text in named.items() if part not in have]
    if strange:
        norms = ", ".join(map(str, identity.editions))
        where = Where(submission.file)
        raise HkzError(*(problem("MIGRATE_NOT_IN_FILE", where, norm=t, has=norms) for t in strange))
    parts = (*identity.asked, *(part for part in named if part not in identity.asked))
    asked = [named.get(part) or _onward(submission, library, part) for part in parts]
    return select(library, asked, identity.scope)


def _onward(submission: Submission, library: Library, part: str) -> str:
    """The newest released set; that of the file when it is a later draft or there is none."""
    own = next(str(e) for e in submission.identity.editions if e.part == part)
    order = [str(one) for one in library.revisions(part)]
    newest = library.part(part)
    if newest is None:
        return own
    later = own in order and order.index(own) < order.index(str(newest.edition))
    return own if later else part


def migrated(
    submission: Submission, library: Library, sha256: str, to: Sequence[str] = ()
) -> tuple[WorkbookPlan, Carried, Selection]:
    """The new workbook of a file: its plan with the sheets of what has no place, and its cells.

    Args:
        submission: what was read, completely.
        library: the norms with their crosswalks.
        sha256: of the bytes of the file.
        to: as `target`.

    Raises:
        HkzError: as `target` and `carry`.
    """
    identity = submission.identity
    selection = target(submission, library, to)
    layout = max(identity.layout, LAYOUT_VERSION)

    def plan_of(chosen: Selection) -> WorkbookPlan:
        return plan_workbook(
            chosen, submission.plan.lang, identity.asked, layout, previous=identity.previous
        )

    if identity.subset:
        selection = narrowed(selection, _subset(submission, plan_of(selection), library))
    plan = plan_of(selection)
    found = carry(submission, plan, library, whole=True)
    kept: dict[Address, CellValue] = {
        address: value
        for address, value in submission.as_understood.items()
        if (address.table == T.previous or address == WORKBOOK_ID) and address in codecs(plan)
    }
    more = remembered(submission, plan, sha256=sha256, names=found.names)
    inputs = {**found.inputs, **kept, **more}
    result = Carried(
        inputs, found.problems, found.extra, found.notes, found.names, found.counts
    )  # fmt: skip
    whole = with_loose(plan, found.extra)
    if set(identity.editions) == set(plan.identity.editions):
        # The same questions: what somebody agreed to still says something.
        whole = with_sealed(whole, submission.sealed)
    return whole, result, selection


def _subset(submission: Submission, whole: WorkbookPlan, library: Library) -> str:
    """The part of the new workbook that is this part of the old one."""
    place = numbered(submission.identity.subset)
    if place is None:
        return submission.identity.subset
    rows = submission.plan.model.table(T.requirements).rows
    return part_of_several(*place, tuple(rows_of(passage(submission, whole, library), rows)))


def _fitting(submission: Submission, to: Sequence[str]) -> tuple[str, ...]:
    """Of the question sets that were named for many files those of this one; all of them where
    none is, so that it is told."""
    have = {edition.part for edition in submission.identity.editions}
    return tuple(text for text in to if Asked.parse(text).part in have) or tuple(to)


_NO_REASON = ("AGREED_KEPT", "AGREED_CHANGED")
"""What is told of a file in which nothing has to be mended."""


def migrate_one(task: Task, to: tuple[str, ...], dry: bool) -> Migrated:
    """Migrate the bytes of one file; what a worker runs.

    Args:
        task: folder with norms, name of the file for messages, its bytes.
        to: as `target`.
        dry: write nothing: the result has no bytes.

    Raises:
        HkzError: the file cannot be read or moved.
    """
    norms, file, data = task
    library = library_of(norms)
    grid = read_grid(file, data, complete=True)
    submission = understand(grid, library, PLANS.again).submission
    sha256 = hashlib.sha256(data).hexdigest()
    plan, found, selection = migrated(submission, library, sha256, _fitting(submission, to))
    same = (
        submission.identity.plan == plan.identity.plan
        and submission.kind == "xlsx"
        and not any(p.code not in _NO_REASON for p in submission.problems)
    )
    made = data if same else b""
    if not dry and not same:
        made = write_workbook(plan, found.inputs, notes=found.notes)
    counts = found.counts
    remarks = () if same else selection.remarks
    return Migrated(
        b"" if dry else made,
        tuple(map(str, submission.identity.editions)), tuple(map(str, plan.identity.editions)),
        owner_of(submission), counts.get("carried", 0), counts.get("shown", 0),
        counts.get("listed", 0), (*remarks, *submission.problems, *found.problems), same,
    )  # fmt: skip
