"""A year's work on filled workbooks, against an earlier build installed beside this one.

    python -m benchmarks.bench_round                     # 80 files, everything
    python -m benchmarks.bench_round --files 20 --work check prefilled --rounds 1
    python -m benchmarks.bench_round --baseline FOLDER   # a source tree, run by this Python

Without ``--baseline`` the earlier build is taken from git (commit ecfb26a, before the sheets grew)
into an environment of its own, in a folder that is removed again. Both builds get the same files:
HKZ 138 + 123 in the first revision of its questions, layout 1, all different, saved by us.

A cost is the marginal processor time of one file more: (T(n) - T(1)) / (n - 1), the kernel's part
and that of child processes included. The builds run in turn; figures are medians of the rounds.
Commands on one file (`--answers`, repair, merge) run many times in one warm process.

The earlier build writes layout 1. So does this one in `prefilled`, `answers` and `scopes`; with
`-2` behind it, it writes layout 2, as it does by itself. Repairing, merging and migrating always
write the newest layout.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from hkz_xlsx.norm.asked import Asked
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.releases import releases
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import TODAY, is_todays
from hkz_xlsx.writing.workbook import write_workbook

ROOT = Path(__file__).parents[1]
BASELINE = "ecfb26a"
FREE_TEXTS = ("evidence", "note", "finding")


@dataclass(frozen=True, slots=True)
class Build:
    """A build of the program: which Python runs it, and where its source is."""

    name: str
    python: str
    source: Path

    def run(self, *words: str, code: str = "") -> float:
        """Processor seconds of one command, with those of its children."""
        start = ["-c", code] if code else ["-m", "hkz_xlsx"]
        environment = os.environ | {"PYTHONPATH": str(self.source), "NO_COLOR": "1"}
        before = _used()
        done = subprocess.run(
            [self.python, *start, *words],
            cwd=self.source, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        used = _used() - before
        if done.returncode not in (0, 1) or "Traceback" in done.stderr:
            raise RuntimeError(f"{self.name}: {' '.join(words)}: {done.stderr[-2000:]}")
        if not code:
            check_made(words, done.stdout)
        return used


def check_made(words: Sequence[str], told: str) -> None:
    """Findings in a file are no reason to stop, so 1 is a fine way to end; but a command that could
    use no file at all was quick for that reason.

    Args:
        words: the command and what it was asked.
        told: what it printed.

    Raises:
        RuntimeError: there is nothing of any file.
    """
    if words[0] == "check":
        made = '"usable": true' in told
    else:
        out = Path(words[words.index("-o") + 1])
        kind = words[words.index("--format") + 1] if words[0] == "analyze" else "xlsx"
        # The earlier build may put all answers in one file.
        patterns = ["answers/*.parquet", "answers.parquet"]
        if words[0] != "aggregate":
            patterns = [f"*.{kind}"]
        found = (path for pattern in patterns for path in out.glob(pattern))
        made = out.is_file() or any(path.stem != "index" for path in found)
    if not made:
        raise RuntimeError(f"nothing was read or made: {' '.join(words)}")


def _used() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def installed(folder: Path) -> Build:
    """The earlier build in an environment of its own."""
    source = folder / "source"
    source.mkdir()
    packed = subprocess.run(
        ["git", "-C", str(ROOT), "archive", BASELINE], check=True, capture_output=True
    )
    subprocess.run(["tar", "x", "-C", str(source)], input=packed.stdout, check=True)
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--editable", str(source)], check=True
    )
    return Build("before", str(python), source)


def files(folder: Path, count: int, norm: str, rounds: int = 2) -> list[list[Path]]:
    """Filled workbooks, and the same organisations a year later: none like another."""
    release = releases()[0]
    plans = {
        lang: plan_workbook(
            select(load_library(), [f"{norm}"]), lang, [norm], release.layout,
            wording=TODAY if is_todays(release.version, lang) else release.version,
        )
        for lang in ("nl",)
    }  # fmt: skip
    plan = plans["nl"]
    found = []
    for turn in range(rounds):
        place = folder / f"round{turn}"
        place.mkdir()
        paths = []
        for n in range(count):
            seed = 1_000 * turn + n
            inputs = dict(sample_inputs(plan, seed, date(2025 + turn, 1 + n % 12, 1 + n % 28)))
            inputs[Address("organisation", "name", "value")] = f"Stichting {n}"
            inputs[Address("organisation", "kvk", "value")] = f"{10_000_000 + n}"
            for address, value in inputs.items():
                if address.table == T.requirements and address.column in FREE_TEXTS:
                    inputs[address] = f"{value} {seed}"
            paths.append(place / f"{n:03}.xlsx")
            paths[-1].write_bytes(write_workbook(plan, inputs))
        found.append(paths)
    return found


def _in_layout(build: Build, layout: int) -> tuple[str, ...]:
    """Options with which a build writes a layout: the earlier one knows no other than 1."""
    return ("--layout", str(layout)) if build.source == ROOT else ()


def _norm(build: Build, norm: str) -> str:
    """A norm as a build knows it: to the earlier one there is no other revision than the first."""
    return norm if build.source == ROOT else Asked.parse(norm).part


_ONE_BY_ONE = """
import resource, sys
from pathlib import Path
from hkz_xlsx.cli.main import cli
def used():
    found = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in found)
def one(words):
    try:
        cli(words)
    except SystemExit as end:
        assert end.code in (0, 1, None), (end.code, words)
    assert Path(words[words.index("-o") + 1]).is_file(), words
for number, line in enumerate(Path(sys.argv[1]).read_text("utf-8").splitlines()):
    one(line.split("\\t"))
"""


Measured = Callable[[Build, int], float]
"""Processor seconds of a build for a number of files."""


class Work:
    """What is measured; each takes a build and the number of files."""

    def __init__(self, folder: Path, count: int, norm: str, blanks: int) -> None:
        self.folder, self.norm, self.blanks = folder, norm, blanks
        self.first, self.second = files(folder, count, norm)
        self._number = 0

    def out(self) -> Path:
        """A new place to write to."""
        self._number += 1
        return self.folder / f"out{self._number}"

    def _some(self, count: int) -> list[str]:
        return [str(path) for path in self.first[:count]]

    def check(self, build: Build, count: int) -> float:
        """`hkz check FILE...`."""
        return build.run("check", *self._dir(count), "--jobs", "1", "--json")

    def _dir(self, count: int) -> list[str]:
        place = self.folder / f"some{count}"
        if not place.exists():
            place.mkdir()
            for path in self.first[:count]:
                os.link(path, place / path.name)
        return [str(place)]

    def analyze(self, kind: str) -> Measured:
        """`hkz analyze DIR --format KIND`."""

        def measured(build: Build, count: int) -> float:
            out = str(self.out())
            options = ["--format", kind, "--jobs", "1", "-o", out]
            return build.run("analyze", *self._dir(count), *options)

        return measured

    def aggregate(self, build: Build, count: int) -> float:
        """`hkz aggregate DIR`."""
        return build.run("aggregate", *self._dir(count), "-o", str(self.out()), "--jobs", "1")

    def _list(self, rows: Sequence[Mapping[str, str]]) -> str:
        self._number += 1
        path = self.folder / f"list{self._number}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return str(path)

    def _batch(self, build: Build, rows: Sequence[Mapping[str, str]], layout: int) -> float:
        options = ("-o", str(self.out()), "--date", "2027-01-01", "--jobs", "1")
        return build.run("batch", self._list(rows), *options, *_in_layout(build, layout))

    def _client(self, build: Build, n: int) -> dict[str, str]:
        norm = _norm(build, self.norm)
        return {"Naam": f"Stichting {n}", "KvK": f"{10_000_000 + n}", "Normen": norm}

    def prefilled(self, build: Build, count: int, layout: int = 1) -> float:
        """`hkz batch` with an earlier workbook for every client."""
        rows = [
            self._client(build, n) | {"Vorig werkboek": str(self.first[n])} for n in range(count)
        ]
        return self._batch(build, rows, layout)

    def migrate(self, build: Build, count: int) -> float:
        """`hkz migrate DIR`, beside `hkz batch` with an earlier workbook in the earlier build."""
        if build.source != ROOT:
            return self.prefilled(build, count)
        newest = str(load_library().revisions(Asked.parse(self.norm).part)[0])
        options = ("--to", newest, "-o", str(self.out()), "--jobs", "1")
        return build.run("migrate", *self._dir(count), *options)

    def scopes(self, build: Build, count: int, layout: int = 1) -> float:
        """`hkz batch`, every client another scope."""
        funding = ("wmo", "zvw", "wlz", "jeugdwet", "kinderopvang", "gemeente", "particulier")
        rows = []
        for n in range(count):
            known = [name for bit, name in enumerate(funding) if (n + 1) >> bit & 1]
            rows.append(self._client(build, n) | {"Weglaten": "funding=" + ",".join(known)})
        return self._batch(build, rows, layout)

    def blank(self, build: Build, count: int) -> float:
        """`hkz batch`, blank workbooks."""
        many = count if count == 1 else self.blanks
        return self._batch(build, [self._client(build, n) for n in range(many)], 1)

    def _lines(self, build: Build, lines: Sequence[Sequence[str]]) -> float:
        self._number += 1
        path = self.folder / f"lines{self._number}.txt"
        path.write_text("\n".join("\t".join(line) for line in lines), "utf-8")
        return build.run(str(path), code=_ONE_BY_ONE)

    def answers(self, build: Build, count: int, layout: int = 1) -> float:
        """`hkz generate --answers`, in one process."""
        norm = _norm(build, self.norm)
        date_ = ("--date", "2027-01-01", *_in_layout(build, layout))
        return self._lines(
            build,
            [
                ("generate", norm, "--answers", file, *date_, "-o", f"{self.out()}.xlsx")
                for file in self._some(count)
            ],
        )

    def repair(self, build: Build, count: int) -> float:
        """`hkz repair`, in one process."""
        return self._lines(
            build, [("repair", file, "-o", f"{self.out()}.xlsx") for file in self._some(count)]
        )

    def merge(self, build: Build, count: int) -> float:
        """`hkz merge` of two, in one process."""
        return self._lines(
            build,
            [
                ("merge", str(one), str(other), "-o", f"{self.out()}.xlsx", "--rule", "lowest")
                for one, other in zip(self.first[:count], self.second[:count], strict=True)
            ],
        )

    def all(self) -> dict[str, tuple[Measured, float]]:
        """By name, with the ratio that is aimed at."""
        return {
            "check": (self.check, 0.25),
            "json": (self.analyze("json"), 0.5),
            "html": (self.analyze("html"), 0.5),
            "docx": (self.analyze("docx"), 0.3),
            "pdf": (self.analyze("pdf"), 0.5),
            "aggregate": (self.aggregate, 0.8),
            "prefilled": (self.prefilled, 0.2),
            "migrate": (self.migrate, 0.25),
            "answers": (self.answers, 0.25),
            "repair": (self.repair, 0.25),
            "merge": (self.merge, 0.25),
            "scopes": (self.scopes, 0.35),
            "prefilled-2": (partial(self.prefilled, layout=2), 0.2),
            "answers-2": (partial(self.answers, layout=2), 0.25),
            "scopes-2": (partial(self.scopes, layout=2), 0.35),
        }


def marginal(work: Measured, build: Build, count: int) -> float:
    """Processor seconds of one file more."""
    return (work(build, count) - work(build, 1)) / (count - 1)


def measured(
    builds: Sequence[Build], work: Measured, count: int, rounds: int
) -> Iterator[list[float]]:
    """Per round the marginal cost with each build, in turn."""
    for number in range(rounds):
        order = list(builds) if number % 2 == 0 else list(reversed(builds))
        found = {build.name: marginal(work, build, count) for build in order}
        yield [found[build.name] for build in builds]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=80)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--norm", default="138@2015/r1", help="of a revision both builds know")
    parser.add_argument("--blanks", type=int, default=2_000)
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--work", nargs="*")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if chosen.baseline:
            before = Build("before", sys.executable, chosen.baseline)
        else:
            before = installed(folder)
        builds = (before, Build("now", sys.executable, ROOT))
        work = Work(folder, chosen.files, chosen.norm, chosen.blanks)
        print(f"{chosen.files} files, median of {chosen.rounds}; CPU ms for one file more\n")
        print("| work | before | now | ratio | goal |\n|---|---:|---:|---:|---:|", flush=True)
        for name, (function, goal) in work.all().items():
            if chosen.work and name not in chosen.work:
                continue
            rows = list(measured(builds, function, chosen.files, chosen.rounds))
            old, new = (statistics.median(column) * 1000 for column in zip(*rows, strict=True))
            ratio = statistics.median(b / a for a, b in rows)
            print(f"| {name} | {old:.0f} | {new:.0f} | {ratio:.2f} | {goal:.2f} |", flush=True)


if __name__ == "__main__":
    main()
