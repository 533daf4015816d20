"""Memory of reading many filled workbooks: does it grow with their number?

    python -m benchmarks.bench_memory                    # 10, 100 and 1,000 files
    python -m benchmarks.bench_memory --files 10 50 --work check

HKZ 138 + 123, all different: other answers, and every free text its own. Each command is a process
of its own with two workers. Memory is the peak of that process, and of the largest process that it
started: the kernel's own count, once all have ended.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bench_portfolio import own_peak
from benchmarks.bench_round import check_made, files

WORK = {
    "check": ("--json",),
    "json": ("--format", "json"),
    "html": ("--format", "html"),
    "pdf": ("--format", "pdf"),
    "aggregate": (),
}
"""Commands, or kinds of reports of ``analyze``, and what they are asked."""


def inside(told: str) -> None:
    """What `peaks` runs: a command, and then what it took; ``told`` is where it prints."""
    from hkz_xlsx.cli.main import cli

    try:
        with Path(told).open("w", encoding="utf-8") as sys.stdout:
            cli(sys.argv[1:])
    except SystemExit as end:
        if end.code not in (0, 1, None):
            raise
    sys.stdout = sys.__stdout__
    own, child = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime
    print(json.dumps([own_peak(own.ru_maxrss), child.ru_maxrss / 1024, seconds]))


def peaks(name: str, folder: Path, out: Path, jobs: int) -> list[float]:
    """Peak MiB of a command and of the largest process it started, and processor seconds."""
    command = name if name in ("check", "aggregate") else "analyze"
    words = [command, str(folder), *WORK[name], "--jobs", str(jobs)]
    if command != "check":
        words += ["-o", str(out)]
    told = out.with_suffix(".txt")
    code = f"from benchmarks.bench_memory import inside; inside({str(told)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], check=True, capture_output=True, text=True
    )
    check_made(words, told.read_text("utf-8"))
    found: list[float] = json.loads(done.stdout)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, nargs="*", default=[10, 100, 1_000])
    parser.add_argument("--work", nargs="*", choices=list(WORK), default=["check", "json"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--norm", default="138@2015/r1")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        made = files(root, max(chosen.files), chosen.norm, rounds=1)[0]
        print("| work | files | parent MiB | largest worker MiB | CPU s |")
        print("|---|---:|---:|---:|---:|", flush=True)
        for work in chosen.work:
            for count in chosen.files:
                place = root / f"{work}{count}"
                place.mkdir()
                for path in made[:count]:
                    os.link(path, place / path.name)
                own, child, seconds = peaks(work, place, root / f"out-{work}{count}", chosen.jobs)
                print(
                    f"| {work} | {count:,} | {own:.0f} | {child:.0f} | {seconds:.1f} |", flush=True
                )


if __name__ == "__main__":
    main()
