"""Answers of an earlier workbook taken along into a new one of the same norm."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hkz_xlsx.layout.client import WORKBOOK_ID, workbook_id
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, CellValue, Inputs
from hkz_xlsx.workbook.carry import Carried, carry, previous_scores
from hkz_xlsx.workbook.read import read_workbook

_DATE = Address(T.settings, "reference_date", "value")


def carried(
    path: Path, plan: WorkbookPlan, own: Inputs, library: Library
) -> tuple[Carried, tuple[Problem, ...]]:
    """What is typed in an earlier workbook, with the client data of the list over it.

    The reference date is not taken along: it belongs to one measurement. The scores of the
    earlier workbook are, to stand beside the new ones.

    Returns:
        inputs of the new workbook with what hung on the answers, and what was said about the
        earlier one.

    Raises:
        HkzError: the earlier workbook cannot be read or is of another norm or question set.
    """
    submission = read_workbook(path, library, complete=True)
    before = tuple(map(str, submission.identity.editions))
    if submission.identity.editions != plan.identity.editions:
        now = ", ".join(map(str, plan.identity.editions))
        where = Where(path.name)
        raise HkzError(problem("PREVIOUS_OTHER_NORM", where, before=", ".join(before), now=now))
    taken = carry(submission, plan)
    found = {address: value for address, value in taken.inputs.items() if address != _DATE}
    problems = list(submission.problems)
    if taken.problems:
        rows = ", ".join(dict.fromkeys(p.where.requirement for p in taken.problems))
        problems.append(problem("PREVIOUS_LEFT_BEHIND", Where(path.name), rows=rows))
    earlier = previous_scores(submission, plan)
    new_id = {WORKBOOK_ID: _new_id(plan, own, path)}
    return replace(taken, inputs={**found, **earlier, **own, **new_id}), tuple(problems)


def _new_id(plan: WorkbookPlan, own: Inputs, path: Path) -> str:
    """Not the id of the earlier workbook, nor that of an empty one for the same client."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    known: Mapping[str, CellValue] = {"blank": own.get(WORKBOOK_ID), "previous": sha256}
    return workbook_id(plan, known, None)
