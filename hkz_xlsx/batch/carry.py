"""Answers of an earlier workbook taken along into a new one of the same norm."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from hkz_xlsx.layout.client import WORKBOOK_ID, workbook_id
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, CellValue, Inputs
from hkz_xlsx.workbook.read import read_workbook

_DATE = Address(T.settings, "reference_date", "value")


def carried(
    path: Path, plan: WorkbookPlan, own: Inputs, library: Library
) -> tuple[Inputs, tuple[Problem, ...]]:
    """What is typed in an earlier workbook, with the client data of the list over it.

    The reference date is not taken along: it belongs to one measurement.

    Returns:
        Inputs of the new workbook, and what was said about the earlier one.

    Raises:
        HkzError: the earlier workbook cannot be read or is of another norm or question set.
    """
    submission = read_workbook(path, library)
    before = tuple(map(str, submission.identity.editions))
    if submission.identity.editions != plan.identity.editions:
        now = ", ".join(map(str, plan.identity.editions))
        where = Where(path.name)
        raise HkzError(problem("PREVIOUS_OTHER_NORM", where, before=", ".join(before), now=now))
    places = {
        Address(block.table.key, row, field.key): field.codec(index)
        for _, block, field in plan.inputs()
        for index, row in enumerate(block.table.rows)
    }
    found: dict[Address, CellValue] = {}
    left: list[str] = []
    for address, value in submission.as_understood.items():
        if address in (WORKBOOK_ID, _DATE):
            continue
        if address not in places:
            left.append(address.row)
            continue
        codec = places[address]
        if isinstance(codec, Choice):
            code = codec.code(value, submission.plan.lang) if isinstance(value, str) else None
            value = codec.label(code, plan.lang) if code else value
        found[address] = value
    problems = list(submission.problems)
    if left:
        rows = ", ".join(dict.fromkeys(left))
        problems.append(problem("PREVIOUS_LEFT_BEHIND", Where(path.name), rows=rows))
    return {**found, **own, WORKBOOK_ID: _new_id(plan, own, path)}, tuple(problems)


def _new_id(plan: WorkbookPlan, own: Inputs, path: Path) -> str:
    """Not the id of the earlier workbook, nor that of an empty one for the same client."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    known: Mapping[str, CellValue] = {"blank": own.get(WORKBOOK_ID), "previous": sha256}
    return workbook_id(plan, known, None)
