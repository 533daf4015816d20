"""Answers of an earlier workbook taken along into a new one of the same norm."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hkz_xlsx.layout.client import WORKBOOK_ID, workbook_id
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.whose import names_in, owner, token, told
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem
from hkz_xlsx.returned.owners import owner_of, owner_place
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.carry import Carried, Measurement, begun, earlier_scores
from hkz_xlsx.rework.history import REFERENCE
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.tables import Inputs


def carried(
    path: Path, plan: WorkbookPlan, own: Inputs, library: Library, same_client: str = ""
) -> Carried:
    """What is typed in an earlier workbook, with the client data of the list over it.

    The reference date is not taken along: it belongs to one measurement. The scores of the
    earlier workbook are, to stand beside the new ones. Nothing is taken along to a question
    that is another one now (see `carry`).

    Args:
        path: the earlier workbook.
        plan: the new one.
        own: what the list says.
        library: the norms.
        same_client: whom else the client of the list was stated to be.

    Returns:
        Inputs of the new workbook with what hung on the answers, what was said about the earlier
        one, and what has no place.

    Raises:
        HkzError: the earlier workbook cannot be read, or is of another client or other norm parts.
    """
    submission = read_workbook(path, library, complete=True)
    whose = _whose(submission, own, same_client)
    measured = submission.assessment
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    given = own.get(REFERENCE)
    day = float(given) if isinstance(given, int | float) else None
    try:
        taken = begun(submission, plan, library, Measurement(sha256, day, measured))
    except HkzError as fault:
        raise _other_norm(fault, submission, plan, path) from None
    found = {address: value for address, value in taken.inputs.items() if address != REFERENCE}
    problems = [*submission.problems, *whose]
    left = [p for p in taken.problems if p.code == "CARRY_NO_PLACE"]
    problems += [p for p in taken.problems if p not in left]
    if left:
        rows = ", ".join(dict.fromkeys(p.where.requirement or "–" for p in left))
        problems.append(problem("PREVIOUS_LEFT_BEHIND", Where(path.name), rows=rows))
    earlier = earlier_scores(submission, plan, library, measured)
    new_id = {WORKBOOK_ID: _new_id(plan, own, sha256)}
    inputs = {**found, **earlier.inputs, **own, **new_id}
    extra = (*taken.extra, *earlier.extra)
    return replace(taken, inputs=inputs, problems=(*problems, *earlier.problems), extra=extra)


def _other_norm(
    fault: HkzError, submission: Submission, plan: WorkbookPlan, path: Path
) -> HkzError:
    """No question in common, in the words of a list."""
    if [p.code for p in fault.problems] != ["CARRY_OTHER_NORM"]:
        return fault
    both = (submission.identity.editions, plan.identity.editions)
    before, now = (", ".join(map(str, editions)) for editions in both)
    return HkzError(problem("PREVIOUS_OTHER_NORM", Where(path.name), before=before, now=now))


def _whose(submission: Submission, own: Inputs, same_client: str) -> tuple[Problem, ...]:
    """What is to be said of whose the earlier workbook is; raises when it is another's."""
    theirs = owner_of(submission)
    known = {token(name) for name in names_in(same_client)} - {""}
    said = not known.isdisjoint((theirs.number, theirs.who))
    found = told(owner(own), theirs, owner_place(submission), said=said)
    if has_errors(found):
        raise HkzError(*found)
    return found


def _new_id(plan: WorkbookPlan, own: Inputs, sha256: str) -> str:
    """Not the id of the earlier workbook, nor that of an empty one for the same client."""
    known: Mapping[str, CellValue] = {"blank": own.get(WORKBOOK_ID), "previous": sha256}
    return workbook_id(plan, known, None)
