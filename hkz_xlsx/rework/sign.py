"""A workbook that somebody agreed to: a fresh file that remembers every answer as it was then.

It is no electronic signature: whoever wants to can take the memory away. It tells those who are in
good faith what was changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.returned.agreed import sealed
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.repair import Fresh, repaired
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sealed_sheet import with_sealed

NEEDED = ("name", "date")
"""What has to stand in the block on Resultaat."""


def signed(submission: Submission, said: Mapping[str, CellValue], sha256: str) -> Fresh:
    """The workbook with who agreed, and a digest of every answer.

    Args:
        submission: the file, read completely.
        said: rows of the block on Resultaat to fill in; others stay as they are in the file.
        sha256: of the bytes of the file: the salt, so that the same file gives the same bytes.

    Raises:
        HkzError: a part of a workbook; or nobody is named, or no day.
    """
    file = Where(submission.file)
    if submission.identity.subset:
        raise HkzError(problem("SIGN_PART", file))
    fresh = repaired(replace(submission, sealed=None))
    more = {Address(T.sign_off, row, "value"): value for row, value in said.items()}
    inputs = {**fresh.inputs, **more}
    labels = fresh.plan.text
    missing = [
        problem("SIGN_MISSING", file, what=labels(f"form.sign_off.{row}.label"), option=f"--{row}")
        for row in NEEDED
        if inputs.get(Address(T.sign_off, row, "value")) in (None, "")
    ]
    if missing:
        raise HkzError(*missing)
    agreed = sealed(fresh.plan, inputs, sha256[:16])
    return replace(fresh, plan=with_sealed(fresh.plan, agreed), inputs=inputs)
