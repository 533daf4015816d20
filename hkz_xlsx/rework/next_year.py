"""The workbook of the next year, out of that of this one: the same norms in their newest question
sets, the answers to be looked at again, and what was of one year put away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hkz_xlsx.layout.client import WORKBOOK_ID, workbook_id
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.carry import Measurement, begun, earlier_scores
from hkz_xlsx.rework.history import REFERENCE
from hkz_xlsx.rework.migrate import target
from hkz_xlsx.scoring.cell_values import from_serial, serial
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import with_loose


@dataclass(frozen=True, slots=True)
class NextYear:
    """The workbook of the next year, still to be written.

    Attributes:
        plan: with the sheets of what has no place in it.
        inputs: what its cells begin with.
        notes: comments on cells.
        problems: what is to be said of the file and of what was carried.
        counts: cells carried, shown beside another question, listed, and ``done``: put away as
            finished.
    """

    plan: WorkbookPlan
    inputs: Inputs
    notes: Mapping[Address, str]
    problems: tuple[Problem, ...]
    counts: Mapping[str, int]


def next_year(
    submission: Submission,
    library: Library,
    sha256: str,
    day: date | None = None,
    to: Sequence[str] = (),
) -> NextYear:
    """Make the workbook of the next year of a completed one.

    Args:
        submission: the completed workbook, read completely.
        library: the norms with their crosswalks.
        sha256: of the bytes of the file.
        day: the new reference date; without it Start asks for it.
        to: question sets to move to; by default the newest released ones.

    Raises:
        HkzError: it has no question in common with the new sets, or a crosswalk on the way is
            wrong, stale, or missing from a chain.
    """
    lang, identity = submission.plan.lang, submission.identity
    selection = target(submission, library, to)
    layout = max(LAYOUT_VERSION, identity.layout)
    plan = plan_workbook(selection, lang, identity.asked, layout, previous=True)
    measured = submission.assessment
    number = serial(day) if day else None
    found = begun(submission, plan, library, Measurement(sha256, number, measured, next_year=True))
    scores = earlier_scores(submission, plan, library, measured)
    fresh = {WORKBOOK_ID: workbook_id(plan, {"previous": sha256}, day)}
    asked = {REFERENCE: number} if number is not None else {}
    inputs = {**found.inputs, **scores.inputs, **fresh, **asked}
    done = sum(one.reason == "completed" for one in found.extra)
    return NextYear(
        with_loose(plan, (*found.extra, *scores.extra)),
        inputs,
        found.notes,
        (
            *selection.remarks, *submission.problems, *found.problems, *scores.problems,
            *_not_later(submission, number), *_expired(found.inputs, number),
        ),
        {**{key: found.counts.get(key, 0) for key in ("carried", "shown", "listed")}, "done": done},
    )  # fmt: skip


def _not_later(submission: Submission, day: float | None) -> Iterator[Problem]:
    """A new measurement that is not after the one it follows."""
    before = submission.as_understood.get(REFERENCE)
    if day is not None and isinstance(before, float) and day <= before:
        days = {"day": day, "before": before}
        slots = {key: from_serial(one).strftime("%d-%m-%Y") for key, one in days.items()}
        yield problem("NEXT_DATE_EARLIER", Where(submission.file), **slots)


def _expired(inputs: Inputs, day: float | None) -> Iterator[Problem]:
    """Which evidence is out of date on the new reference date."""
    rows = [
        address.row
        for address, value in inputs.items()
        if address.column == "valid_until" and isinstance(value, float) and value < (day or 0)
    ]
    if rows:
        yield problem("NEXT_EVIDENCE_EXPIRED", None, count=len(rows), rows=", ".join(rows))
