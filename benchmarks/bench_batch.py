"""Many workbooks: what stamping costs, as ratios against yardsticks in the same run.

    python -m benchmarks.bench_batch [number of files] [--rounds N] [--sample N] [--starts N]
        [--scopes N]

Cases run in turn in rotated rounds; a ratio is the median of the ratios of the rounds. Files are
written to a folder that is removed after each case. Whole commands run in a process of their own.
"""

from __future__ import annotations

import argparse
import csv
import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from benchmarks.bench_one import stock_xlsxwriter
from benchmarks.stock import stock_workbook
from hkz_xlsx.batch.clients import Defaults, read_clients
from hkz_xlsx.batch.output_folder import Folder
from hkz_xlsx.batch.run import Options, run
from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.tables import Inputs
from hkz_xlsx.writing.base import Stamper
from hkz_xlsx.writing.stamp import zipped
from hkz_xlsx.writing.workbook import write_workbook

ROUNDS = 3
SAMPLE = 6
STARTS, SCOPES = 9, 40
"""How often the first file is waited for, and clients that each want another workbook."""
HEAD = ("Naam", "KvK", "Gemeente", "Contactpersoon", "E-mail", "Fte", "Financiering", "Normen",
        "Weglaten", "Regio")  # fmt: skip
FUNDING = ("wmo", "zvw", "wlz", "jeugdwet", "kinderopvang", "gemeente", "particulier")


def client_list(path: Path, count: int, norm: str = "138", scopes: bool = False) -> Path:
    """A list of invented clients; with ``scopes`` each of them asks for another workbook."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEAD)
        for n in range(count):
            known = [name for bit, name in enumerate(FUNDING) if (n + 1) >> bit & 1]
            scope = "funding=" + ",".join(known) if scopes else ""
            rows.writerow(
                [f"Stichting nummer {n} & Zonen", f"{20_000_000 + n}", "Voorbeeldstad", "A. Jansen",
                 f"info@{n}.example.org", "8,5", "wmo, jeugdwet", norm, scope, f"R{n % 7}"]
            )  # fmt: skip
    return path


def timed(case: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor (ours and the kernel's on our behalf)."""
    gc.collect()
    start, used = time.perf_counter(), time.process_time()
    case()
    return time.perf_counter() - start, time.process_time() - used


class Cases:
    """What is measured, on one plan."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.library = load_library()
        self.plan = plan_workbook(select(self.library, ["138"]), "nl", ["138"])
        self.base = Stamper(self.plan).base({})
        path = client_list(folder / "k.csv", count)
        self.listed = read_clients(path, self.library, Defaults(), lambda _: None)
        client = self.listed.clients[0]
        tail = self.base.tail(client_inputs(self.plan, client.known))
        self.one = b"".join((self.base.head, *tail))

    def out(self) -> Path:
        """A new folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def floor(self) -> None:
        """The same number of bytes with plain writes."""
        root = str(self.out())
        for n in range(self.count):
            handle = os.open(f"{root}/{n}.xlsx", os.O_WRONLY | os.O_CREAT)
            os.write(handle, self.one)
            os.close(handle)

    def rename(self) -> None:
        """The same under a temporary name, then put in place."""
        root = str(self.out())
        for n in range(self.count):
            handle = os.open(f"{root}/t", os.O_WRONLY | os.O_CREAT)
            os.write(handle, self.one)
            os.close(handle)
            os.replace(f"{root}/t", f"{root}/{n}.xlsx")

    def stamp(self) -> None:
        """Client data to files in place; prepared a few at a time, as a run does it."""
        place, clients = Folder(self.out()), self.listed.clients
        for start in range(0, self.count, 32):
            some = [clients[n] for n in range(start, min(start + 32, self.count))]
            tails = [self.base.tail(client_inputs(self.plan, c.known)) for c in some]
            for client, tail in zip(some, tails, strict=True):
                place.put(client.file, self.base.head, *tail)

    def whole(self) -> None:
        """The same with everything a run does: lock, base, checksums, manifest."""
        outcome = run(self.listed, Options(self.out() / "uit"), self.library)
        if outcome.made != self.count:
            raise RuntimeError(outcome.problems)

    def clear(self) -> None:
        """Remove what was written."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)


def writing(cases: Cases, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Name; seconds and their ratio to plain writes, by the clock and of the processor."""
    todo = {
        "plain writes of the same bytes": cases.floor,
        "plain writes, temporary name and replace": cases.rename,
        "stamp and put in place": cases.stamp,
        "whole run: with base, sha256, manifest": cases.whole,
    }
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in todo}
    names = list(todo)
    for number in range(rounds):
        for name in names[number % 4 :] + names[: number % 4]:
            spent[name].append(timed(todo[name]))
            cases.clear()
    for name, times in spent.items():
        found = []
        for kind in (0, 1):
            pairs = zip(times, spent[names[0]], strict=True)
            found.append(statistics.median(one[kind] for one in times))
            found.append(statistics.median(a[kind] / b[kind] for a, b in pairs))
        yield name, found


def cpu(case: Callable[[], object], times: int) -> float:
    """CPU seconds for one."""
    start = time.process_time()
    for _ in range(times):
        case()
    return (time.process_time() - start) / times


def packed_again(plan: WorkbookPlan, inputs: Inputs) -> bytes:
    """What stock XlsxWriter writes, read and packed as `write_workbook` does."""
    with zipfile.ZipFile(BytesIO(stock_workbook(plan, inputs))) as archive:
        return zipped((name, archive.read(name)) for name in archive.namelist())


def building(cases: Cases, sample: int) -> Iterator[tuple[str, float, float]]:
    """CPU milliseconds for one workbook, without writing a file, and their ratio to the first."""
    inputs = client_inputs(cases.plan, cases.listed.clients[0].known)
    todo: dict[str, tuple[Callable[[], object], int]] = {
        "stock XlsxWriter, same calls": (lambda: stock_workbook(cases.plan, inputs), 1),
        "the same, and packed as ours": (lambda: packed_again(cases.plan, inputs), 1),
        "stock XlsxWriter, same cells, no styles": (lambda: stock_xlsxwriter(cases.plan), 1),
        "write_workbook": (lambda: write_workbook(cases.plan, inputs), 1),
        "base (once per distinct workbook)": (lambda: Stamper(cases.plan).make(inputs), 1),
        "stamp": (lambda: cases.base.tail(inputs), 500),
    }
    spent: dict[str, list[float]] = {name: [] for name in todo}
    for _ in range(sample):
        for name, (case, times) in todo.items():
            spent[name].append(cpu(case, times))
    yardstick = spent["stock XlsxWriter, same calls"]
    for name, values in spent.items():
        ratio = statistics.median(a / b for a, b in zip(values, yardstick, strict=True))
        yield name, statistics.median(values) * 1000, ratio


def by_size(cases: Cases, sample: int) -> Iterator[tuple[str, int, float, float]]:
    """Norms of different size: rows, microseconds for a stamp, ratio to the smallest."""
    bases = []
    for parts in (["143"], ["138"], ["138", "139", "140"]):
        plan = plan_workbook(select(cases.library, parts), "nl", parts)
        known = cases.listed.clients[0].known
        bases.append((" + ".join(parts), plan, Stamper(plan).base({}), client_inputs(plan, known)))
    spent: list[list[float]] = [[] for _ in bases]
    for _ in range(sample):
        for times, (_, _, base, inputs) in zip(spent, bases, strict=True):
            times.append(cpu(lambda b=base, i=inputs: b.tail(i), 300))  # type: ignore[misc]
    for times, (name, plan, _, _) in zip(spent, bases, strict=True):
        ratio = statistics.median(a / b for a, b in zip(times, spent[0], strict=True))
        yield name, len(plan.model.selection.rows), statistics.median(times) * 1e6, ratio


_CHILD = """
import resource, sys, threading, time
from pathlib import Path
start, folder = time.perf_counter(), Path(sys.argv[1])
first = []
def look():
    while not first:
        if folder.is_dir() and next(folder.glob("*.xlsx"), None):
            first.append(time.perf_counter() - start)
        time.sleep(0.005)
if sys.argv[2] == "first":
    threading.Thread(target=look, daemon=True).start()
from hkz_xlsx.cli.main import cli
try:
    cli(["batch", sys.argv[3], "-o", sys.argv[1], "--date", "2026-11-02", *sys.argv[4:]])
except SystemExit as end:
    assert not end.code, end.code
first[:] = first[:1] or [time.perf_counter() - start]  # ready before anybody looked
used = resource.getrusage(resource.RUSAGE_SELF)
peak = used.ru_maxrss
if Path("/proc/self/status").exists():  # ru_maxrss can be that of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, peak / 1024, *first)
"""


def command(cases: Cases, path: Path, *options: str, first: bool = False) -> list[float]:
    """Seconds, CPU seconds of the first process, its peak in MiB, and seconds to the first file."""
    out = cases.out() / "uit"
    mark = "first" if first else "-"
    line = [sys.executable, "-c", _CHILD, str(out), mark, str(path), *options]
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    cases.clear()
    return [float(value) for value in done.stdout.split()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--starts", type=int, default=STARTS)
    parser.add_argument("--scopes", type=int, default=SCOPES)
    chosen = parser.parse_args(arguments)
    count = chosen.count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = Cases(folder, count)
        print(
            f"{count} workbooks of {len(cases.one) / 1000:.0f} kB, medians of {chosen.rounds} rounds\n"
        )
        print(
            "| writing | s | x plain writes | CPU s | x plain writes |\n|---|---:|---:|---:|---:|"
        )
        for title, (clock, by_clock, used, by_cpu) in writing(cases, chosen.rounds):
            print(f"| {title} | {clock:.2f} | {by_clock:.2f} | {used:.2f} | {by_cpu:.2f} |")
        print("\n| one workbook, no file | CPU ms | x stock | x stamp |\n|---|---:|---:|---:|")
        rows = list(building(cases, chosen.sample))
        for title, spent, ratio in rows:
            print(f"| {title} | {spent:.3f} | {ratio:.4f} | {spent / rows[-1][1]:,.0f} |")
        print("\n| stamp, by size | questions | us | x smallest |\n|---|---:|---:|---:|")
        for title, many, spent, ratio in by_size(cases, chosen.sample):
            print(f"| HKZ {title} | {many} | {spent:.0f} | {ratio:.2f} |")
        print("\n| `hkz batch`, whole process | s | CPU s | peak MiB |\n|---|---:|---:|---:|")
        for many in sorted({min(many, count) for many in (1, 100, 1_000, count)}):
            path = client_list(folder / f"{many}.csv", many)
            seconds, used, peak, _ = command(cases, path)
            print(f"| {many:,} clients | {seconds:.2f} | {used:.2f} | {peak:.1f} |")
        path = client_list(folder / "first.csv", 1)
        found = [command(cases, path, first=True) for _ in range(chosen.starts)]
        best, used = min(run[3] for run in found), min(run[1] for run in found)
        print(f"\nFirst file: after {best:.2f} s at best; the whole process {used:.2f} s of CPU.")
        path = client_list(folder / "scopes.csv", chosen.scopes, "144", scopes=True)
        print(
            f"\n| {chosen.scopes} clients, each another scope | s | x one process |\n|---|---:|---:|"
        )
        times = {jobs: command(cases, path, "--jobs", str(jobs))[0] for jobs in (1, 2)}
        for jobs, seconds in times.items():
            print(f"| --jobs {jobs} | {seconds:.1f} | {seconds / times[1]:.2f} |")


if __name__ == "__main__":
    main()
