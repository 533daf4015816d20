"""The collection that ``collect`` made, when HKZ_FOREIGN names its folder."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from hkz_xlsx.machine.limits import LIMITS
from tests.proof.foreign import compare, verdicts
from tests.proof.foreign.opinions import READERS

FOLDER = os.environ.get("HKZ_FOREIGN", "")
JOBS = os.cpu_count() or 1

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(not FOLDER, reason="HKZ_FOREIGN names no collection of files"),
]


@pytest.mark.parametrize("complete", [False, True], ids=["analyze", "check"])
def test_every_file_gets_a_verdict(complete: bool) -> None:
    """One reason code each, told in both languages; nothing accepted, no traceback."""
    paths, start = verdicts.collected(Path(FOLDER)), time.perf_counter()
    found = verdicts.run(paths, JOBS, complete=complete)
    print("\n" + verdicts.table(found, time.perf_counter() - start))
    ours = {verdicts.ACCEPTED, verdicts.TRACEBACK, "FILE_INTERNAL"}
    assert [(v.path, v.code, v.detail) for v in found if v.code in ours] == []
    assert len(found) == len(paths) > 0
    assert max(v.memory for v in found) <= LIMITS.memory


def test_every_cell_as_others_read_it() -> None:
    """Our readers agree with each other, and with other libraries but for what is explained."""
    for needed in ("xlrd", "pyxlsb", "odf"):
        pytest.importorskip(needed)
    paths, wrong = verdicts.collected(Path(FOLDER)), []
    for title, says, unknown in compare.compare(paths, tuple(sorted(READERS)), JOBS):
        print(f"\n== {title}: {says}")
        wrong += unknown
    assert wrong == []
