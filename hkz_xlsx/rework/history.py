"""What a workbook remembers of those before it: where its answers came from, earlier scores."""

from __future__ import annotations

from hkz_xlsx.assessment.model import Assessment
from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.newest import codecs
from hkz_xlsx.scoring.cell_values import CellValue, shown
from hkz_xlsx.scoring.choices import REMEMBERED, T
from hkz_xlsx.scoring.tables import Address, Inputs

REFERENCE = Address(T.settings, "reference_date", "value")


def remembered(
    submission: Submission,
    plan: WorkbookPlan,
    *,
    measured: Assessment | None = None,
    sha256: str = "",
    names: tuple[str, ...] = (),
) -> Inputs:
    """What the hidden sheet of a new workbook says of the file that it begins with.

    Args:
        submission: the file.
        plan: the new workbook; of a layout that remembers nothing nothing is said.
        measured: the scores of the file, where the new workbook is of another measurement: they
            come first in the history. Without them the history stays as it is.
        sha256: of the bytes of the file.
        names: the crosswalks that were followed.
    """
    places = codecs(plan).keys()
    old = submission.as_understood
    found: dict[Address, CellValue] = {}
    shift = 0 if measured is None else 1
    if measured is not None:
        found |= _measurement(submission, measured)
    for address, value in old.items():
        if address.table == T.history and address.row.isdigit():
            number = int(address.row) + shift
            found[Address(T.history, str(number), address.column)] = value
        elif address.table == T.history_sets and address.column.startswith("score_"):
            number = int(address.column.removeprefix("score_")) + shift
            found[Address(T.history_sets, address.row, f"score_{number}")] = value
    source = {
        "workbook_id": shown(old.get(WORKBOOK_ID)), "sha256": sha256,
        "identity": " ".join(map(str, submission.identity.editions)),
        "migrations": " ".join(names),
    }  # fmt: skip
    found |= {Address(T.provenance, key, "value"): text for key, text in source.items() if text}
    return {address: value for address, value in found.items() if address in places}


def _measurement(submission: Submission, measured: Assessment) -> dict[Address, CellValue]:
    """The newest line of the history; nothing for a file without a score."""
    total = measured.total
    if total.score is None:
        return {}
    day = submission.as_understood.get(REFERENCE)
    values: tuple[CellValue, ...] = (
        float(day) if isinstance(day, int | float) else None,
        " ".join(map(str, submission.identity.editions)), total.score, total.substantiated,
    )  # fmt: skip
    found = {Address(T.history, "1", key): one for key, one in zip(REMEMBERED, values, strict=True)}
    for row, one in measured.rubrieken.items():
        found[Address(T.history_sets, row, "score_1")] = one.score
    return {address: value for address, value in found.items() if value is not None}
