"""Reports: what each format costs, as ratios against reading and scoring the workbook.

python -m benchmarks.bench_reports [--rounds N] [--norm N]
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.report.comparison import compare
from hkz_xlsx.report.model import gap_report
from hkz_xlsx.report.write import RENDERERS
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook

ROUNDS = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--norm", default="138")
    chosen = parser.parse_args(arguments)
    library = load_library()
    plan = plan_workbook(select(library, [chosen.norm]), "nl", [chosen.norm])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.xlsx"
        path.write_bytes(write_workbook(plan, sample_inputs(plan)))
        submission = read_workbook(path, library)
        report = gap_report(submission)
        cases: dict[str, Callable[[], object]] = {
            "read_workbook": lambda: read_workbook(path, library),
            "gap_report": lambda: gap_report(submission),
            "compare": lambda: compare(submission, submission),
        }
        cases |= {s: partial(render, report, NEUTRAL) for s, render in RENDERERS.items()}
        spent: dict[str, list[float]] = {name: [] for name in cases}
        for number in range(chosen.rounds + 1):
            for name, case in cases.items():
                gc.collect()
                start = time.process_time()
                case()
                if number:
                    spent[name].append(time.process_time() - start)
    base = spent["read_workbook"]
    for name, times in spent.items():
        ratio = statistics.median(a / b for a, b in zip(times, base, strict=True))
        size = len(RENDERERS[name](report, NEUTRAL)) // 1000 if name in RENDERERS else 0
        print(f"| {name} | {statistics.median(times) * 1000:.0f} | {ratio:.2f} | {size or ''} |")


if __name__ == "__main__":
    main()
