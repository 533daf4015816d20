"""What is filled in for a named client when a workbook is made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs

WORKBOOK_ID = Address("client", "workbook_id", "value")
"""Where the workbook id stands."""


@cache
def _typed(key: str) -> Address:
    return Address("organisation", key, "value")


def workbook_id(plan: WorkbookPlan, known: Mapping[str, CellValue], day: date | None) -> str:
    """The same client, plan and date give the same id: same input, same bytes.

    Args:
        plan: what the workbook is built from.
        known: what is filled in beforehand, by key; blanks do not count.
        day: the day of making, where it stands in the workbook.

    Returns:
        twenty hexadecimal digits.
    """
    filled = sorted((k, v) for k, v in known.items() if v not in (None, ""))
    parts = (plan.identity.plan, *(f"{k}={v}" for k, v in filled), str(day))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def client_inputs(
    plan: WorkbookPlan, known: Mapping[str, CellValue], reference_date: date | None = None
) -> Inputs:
    """Start-sheet cells and, for a named client, the workbook id.

    A blank workbook has no id: everyone who downloads it would share it.

    Args:
        plan: the workbook.
        known: row key of the organisation form → value; blank ones are left out.
        reference_date: the day of the measurement.
    """
    inputs: dict[Address, CellValue] = {
        _typed(key): value for key, value in known.items() if value not in (None, "")
    }
    if reference_date is not None:
        inputs[Address(T.settings, "reference_date", "value")] = serial(reference_date)
    if known.get("name"):
        inputs[WORKBOOK_ID] = workbook_id(plan, known, reference_date)
    return inputs
