"""Mutated files: never a traceback, never past a limit, both readers of one mind."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hkz_xlsx.machine.limits import LIMITS
from hkz_xlsx.machine.supervise import Supervisor
from hkz_xlsx.problems import HkzError
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import Engine, read_grid
from tests.proof.hostile.fuzz import mutant
from tests.proof.hostile.make_files import base_file
from tests.proof.hostile.package import SMALL_ODS, Parts, pack, unpack

COUNT = int(os.environ.get("HKZ_FUZZ", "20000"))
"""Mutants of `make proof`; HKZ_FUZZ=100000 tries more."""

PACE = {"small": 6, "ods": 2, "ours": 1, "openpyxl": 1}
"""Shares of the bases: small files show more faults in the same time."""


@cache
def _base(name: str) -> tuple[bytes, Parts]:
    data = pack(SMALL_ODS) if name == "ods" else base_file(name)
    return data, unpack(data)


def _result(data: bytes, engine: Engine | None) -> Grid | str:
    try:
        return read_grid("in.xlsx", data, engine)
    except HkzError as fault:
        (one,) = fault.problems
        return one.code


def peak_memory() -> int:
    """Most memory this process ever had, in KiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins with that of whoever started this process
        (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def both_readers(data: bytes) -> tuple[str, float, int]:
    """What a worker runs: the outcome of the reader in use, its seconds, and peak memory.

    The second reader must say the same: the same values, or refuse for the same reason. What
    the library xlsx readers share is not read again.
    """
    start = time.process_time()
    usual = _result(data, None)
    spent = time.process_time() - start
    exact = _result(data, "exact")
    if isinstance(usual, Grid) and isinstance(exact, Grid):
        agreed = usual.sheets == exact.sheets and usual.problems == exact.problems
        return ("read" if agreed else "READERS DIFFER"), spent, peak_memory()
    if isinstance(usual, Grid) != isinstance(exact, Grid):
        return f"READERS DIFFER {usual if isinstance(usual, str) else exact}", spent, peak_memory()
    return str(usual), spent, peak_memory()


def _mutants(name: str, count: int) -> Iterator[tuple[str, bytes]]:
    base, parts = _base(name)
    for seed in range(count):
        yield f"{name} {seed}", mutant(base, parts, seed)


def run(count: int, jobs: int = 1) -> str:
    """Try mutants of every base; AssertionError names the ones that went wrong."""
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    slowest, memory, done, start = 0.0, 0, 0, time.monotonic()
    with Supervisor(jobs) as supervisor:
        for name, share in PACE.items():
            for label, found in supervisor.map(
                both_readers, _mutants(name, count * share // sum(PACE.values()))
            ):
                done += 1
                if not isinstance(found[0], str):
                    code = found[0].code  # the worker itself refused: died, time, memory, fault
                    outcomes[code] += 1
                    wrong.append(f"{label}: {code}")
                    continue
                verdict, spent, peak = found
                outcomes[verdict] += 1
                slowest, memory = max(slowest, spent), max(memory, peak)
                if verdict.startswith("READERS"):
                    wrong.append(f"{label}: {verdict}")
    seconds = time.monotonic() - start
    told = ", ".join(f"{code} {times}" for code, times in outcomes.most_common())
    summary = (
        f"{done} mutants in {seconds:.0f} s with {jobs} worker(s): {told}; "
        f"slowest {slowest:.2f} s, most memory {memory >> 10} MiB"
    )
    assert not wrong, f"{len(wrong)} wrong: {wrong[:30]}\n{summary}"
    assert memory < LIMITS.memory >> 10
    return summary


def test_a_few_mutants() -> None:
    run(300)


@pytest.mark.proof
def test_many_mutants() -> None:
    print("\n" + run(COUNT, os.cpu_count() or 1))
