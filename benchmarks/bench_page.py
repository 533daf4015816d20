"""The page in a browser, against the command line on the same file.

    python -m benchmarks.bench_page                 # both browsers, 5 rounds
    python -m benchmarks.bench_page --browsers firefox --rounds 3 --files 24

*First*: from opening the page until the report is on the screen, against the whole process of
``hkz analyze FILE -o rapport.html``. *Next*: one file more in a pile of many, against the same on
the command line with one process: (T(n) - T(1)) / (n - 1). By the clock; page and command line run
in turn, and a ratio is the median of the ratios of the rounds, so that a busy machine counts for both.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.page.driving import BROWSERS, Browser, Name, browser, built

ROOT = Path(__file__).parents[1]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _typed(*words: str) -> None:
    command = [sys.executable, "-m", "hkz_xlsx", *words]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)


def made(folder: Path, count: int) -> list[Path]:
    """Filled workbooks of different organisations."""
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import select
    from hkz_xlsx.plan_build.build import plan_workbook
    from hkz_xlsx.scoring.tables import Address
    from hkz_xlsx.sheets.sample import sample_inputs
    from hkz_xlsx.writing.workbook import write_workbook

    plan = plan_workbook(select(load_library(), ("138",)), "nl", ("138",))
    paths = []
    for number in range(count):
        paths.append(folder / f"werkboek-{number:03d}.xlsx")
        inputs = sample_inputs(plan)
        inputs = {**inputs, Address("organisation", "name", "value"): f"Stichting {number:03d}"}
        paths[-1].write_bytes(write_workbook(plan, inputs))
    return paths


def first(one: Browser, page: Path, file: Path) -> float:
    """From opening the page to the report on the screen."""

    def work() -> None:
        one.open(page)
        one.screen("rapport")
        one.choose(0, file)
        one.press("Rapport maken")
        one.done()

    return _timed(work)


def many(one: Browser, files: Sequence[Path]) -> float:
    """Reports of so many files, in a page that is open."""
    one.screen("veel")
    one.choose(0, *files)

    def work() -> None:
        one.press("Rapporten maken")
        one.done(3600)

    return _timed(work)


def rounds(name: Name, page: Path, files: Sequence[Path], count: int, folder: Path) -> str:
    """A line of figures about one browser."""
    firsts, nexts, steps = [], [], []
    out = folder / "uit"
    report, pile = folder / "r.html", [str(path) for path in files]
    with browser(name, folder / "saved") as one:
        for _ in range(count):
            typed = _timed(lambda: _typed("analyze", pile[0], "-o", str(report), "--force"))
            firsts.append((first(one, page, files[0]), typed))
            steps.append(one.run("return hkz.steps[0][1]"))
            each = []
            for some in (pile[:1], pile):
                shutil.rmtree(out, ignore_errors=True)
                words = ("analyze", *some, "-o", str(out), "--format", "html,xlsx", "-j", "1")
                each.append(_timed(lambda words=words: _typed(*words)))  # type: ignore[misc]
            ours = many(one, files) - many(one, files[:1])
            nexts.append((ours / (len(files) - 1), (each[1] - each[0]) / (len(files) - 1)))
    values = []
    for pairs in (firsts, nexts):
        ratio = statistics.median(page_s / typed_s for page_s, typed_s in pairs)
        values += [
            *(f"{statistics.median(x):.2f}" for x in zip(*pairs, strict=True)),
            f"{ratio:.1f}",
        ]
    shown = statistics.median(steps) / 1000
    return f"| {name} | {' | '.join(values)} | {shown:.1f} |"


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--browsers", nargs="+", choices=BROWSERS, default=list(BROWSERS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=12)
    asked = parser.parse_args(argv)
    page = built()
    lines = [
        f"page: {page.stat().st_size / 1e6:.2f} MB",
        "| browser | first, page s | command line s | ratio | next, page s | command line s | ratio"
        " | first sign of progress s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as name:
        files = made(Path(name), asked.files)
        for one in asked.browsers:
            (Path(name) / one).mkdir()
            lines.append(rounds(one, page, files, asked.rounds, Path(name) / one))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
