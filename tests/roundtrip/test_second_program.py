"""Another program than LibreOffice, Gnumeric, opens the workbook, saves it, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hkz_xlsx.returned.compare import stored_problems
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.files import spoiled
from tests.support import library, plan_of, random_inputs

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        os.environ.get("HKZ_WITHOUT_OFFICE") == "1" and shutil.which("ssconvert") is None,
        reason="HKZ_WITHOUT_OFFICE=1: Gnumeric is not here",
    ),
]


@pytest.mark.parametrize("kind", ["xlsx"])
@pytest.mark.parametrize(("lang", "part"), [("nl", "138"), ("en", "143")])
def test_answers_survive_gnumeric(lang: Lang, part: str, kind: str, tmp_path: Path) -> None:
    """Recalculated and saved by Gnumeric: the same answers, and scores that agree with ours."""
    plan = plan_of(lang, part)
    # Gnumeric's TRIM also takes off non-breaking spaces, which no other program does.
    inputs = {a: v for a, v in random_inputs(plan, 11).items() if "\u00a0" not in str(v)}
    source, saved = tmp_path / "w.xlsx", tmp_path / f"terug.{kind}"
    source.write_bytes(spoiled(write_workbook(plan, inputs)))
    subprocess.run(
        ["ssconvert", "--recalc", str(source), str(saved)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    submission = read_workbook(saved, library())
    before = read_workbook(source, library())
    assert submission.as_understood == before.as_understood
    assert len(submission.raw) > 300
    assert stored_problems(submission) == ()
