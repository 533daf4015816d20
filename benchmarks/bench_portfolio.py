"""A portfolio: what reading thousands of files costs, as ratios within one run.

    python -m benchmarks.bench_portfolio            # a thousand files
    python -m benchmarks.bench_portfolio --large    # five thousand
    python -m benchmarks.bench_portfolio --runs 2 4 --repeat 1 --files 8 --answers 20 10   # any other size

One file is measured on files that all differ: other answers, other texts, some saved again by
LibreOffice or openpyxl (HKZ 138 + 123, 178 rows). Each is read once, by a process that has read
a dozen others, as a worker does. For whole runs the files are copies of twenty workbooks that
differ in the comment of the zip, so that none is taken for another. Whole runs are processes of
their own; memory is the peak of that process and of its largest child.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import openpyxl
import python_calamine

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.portfolio.assemble import Settings
from hkz_xlsx.portfolio.build import How, build
from hkz_xlsx.portfolio.file_rows import TEXT_FIELDS, read_one
from hkz_xlsx.returned.file_scores import scored
from hkz_xlsx.returned.many import library_of
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook

BASES = 20
WARM, FILES = 16, 112
PROGRAMS = ("us", "LibreOffice", "us", "us", "openpyxl", "LibreOffice", "us", "us")
"""Who saved a file last."""

STEPS = (
    "bare calamine read", "preflight and every cell", "answers found and cleaned",
    "scored, compared with the stored scores",
)  # fmt: skip
T_ = TypeVar("T_")


def workbook(plan: WorkbookPlan, seed: int) -> bytes:
    """One organisation; no other has its texts."""
    inputs = dict(sample_inputs(plan, seed, date(2026, 1 + seed % 12, 1 + seed % 28)))
    inputs[Address("organisation", "kvk", "value")] = f"{10_000_000 + seed}"
    for address, value in inputs.items():
        if address.table == T.requirements and address.column in TEXT_FIELDS:
            inputs[address] = f"{value} {seed}"
    return write_workbook(plan, inputs)


def usual_plan() -> WorkbookPlan:
    return plan_workbook(select(load_library(), ["138"]), "nl", ["138"])


def bases(count: int = BASES) -> list[bytes]:
    """Organisations, twenty of them by default."""
    plan = usual_plan()
    return [workbook(plan, seed) for seed in range(count)]


def returned(root: Path, count: int) -> list[tuple[str, bytes]]:
    """Files that all differ, with the program that saved each: of every eight, two by
    LibreOffice and one by openpyxl."""
    plan = usual_plan()
    found = [(PROGRAMS[n % len(PROGRAMS)], workbook(plan, 1_000 + n)) for n in range(count)]
    office = [n for n, (program, _) in enumerate(found) if program == "LibreOffice"]
    if shutil.which("soffice") is None:
        print("LibreOffice is not here: its share is as we wrote it")
        return found
    for n in office:
        (root / f"{n}.xlsx").write_bytes(found[n][1])
    profile = f"-env:UserInstallation={(root / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(root / "lo"),
    ]
    names = [str(root / f"{n}.xlsx") for n in office]
    subprocess.run([*command, *names], check=True, capture_output=True)
    for n in office:
        found[n] = ("LibreOffice", (root / "lo" / f"{n}.xlsx").read_bytes())
    for n, (program, data) in enumerate(found):
        if program == "openpyxl":
            target = BytesIO()
            openpyxl.load_workbook(BytesIO(data)).save(target)
            found[n] = (program, target.getvalue())
    return found


def copies(made: list[bytes], folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        target = BytesIO(made[number % len(made)])
        with zipfile.ZipFile(target, "a") as package:
            package.comment = b"%08d" % number
        (folder / f"{number:06d}.xlsx").write_bytes(target.getvalue())


def timed(case: Callable[[], T_]) -> tuple[float, T_]:
    """CPU seconds of this process, and what it gave."""
    start = time.process_time()
    found = case()
    return time.process_time() - start, found


def bare(data: bytes) -> None:
    """The yardstick: every value of every sheet by python-calamine, which checks nothing."""
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def one_file(root: Path, warm: int = WARM, count: int = FILES) -> None:
    """An ordinary file that was never read before, in CPU seconds of this process.

    Blocks of eight files: the yardstick, then ours on the same eight, as a worker reads them one
    after another. Every second block is read in steps; no file is read twice by the same code.
    """
    files = returned(root, warm + count)
    for _, data in files[:warm]:
        bare(data)
        read_one(("", data))
    size = len(PROGRAMS)
    blocks = [files[at : at + size] for at in range(warm, len(files), size)]
    found: dict[str, list[tuple[float, float]]] = {}

    def tell(name: str, spent: float, usual: float) -> None:
        found.setdefault(name, []).append((spent, usual))

    for number, block in enumerate(blocks):
        usual = [timed(lambda data=data: bare(data))[0] for _, data in block]
        if number % 2:
            for (program, data), yardstick in zip(block, usual, strict=True):
                tell(
                    f"all, saved by {program}",
                    timed(lambda d=data: read_one(("", d)))[0],
                    yardstick,
                )
            continue
        for (_, data), yardstick in zip(block, usual, strict=True):
            first, grid = timed(lambda data=data: read_grid("", data))
            second, answers = timed(lambda grid=grid: quick(grid, library_of("")))
            if answers is None:
                raise RuntimeError("not an ordinary file")
            third, _ = timed(lambda answers=answers: scored(answers))
            for name, spent in zip(STEPS, (yardstick, first, second, third), strict=True):
                tell(name, spent, yardstick)
    whole_files = [pair for name, pairs in found.items() if name not in STEPS for pair in pairs]
    found = {**found, "all files together": whole_files}
    print("| one file | files | ms | x yardstick |\n|---|---:|---:|---:|")
    for name, pairs in found.items():
        ratio = sum(a for a, _ in pairs) / sum(b for _, b in pairs)
        middle = 1000 * statistics.median(a for a, _ in pairs)
        print(f"| {name} | {len(pairs)} | {middle:.1f} | {ratio:.2f} |")


def whole(files: Path, folder: Path, jobs: int, *, by_hash: bool = False) -> dict[str, float]:
    """A run in a process of its own: seconds of wall and CPU, peak MiB of it and of its children."""
    code = "from benchmarks.bench_portfolio import inside; inside()"
    command = [sys.executable, "-c", code, str(files), str(folder), str(jobs), str(int(by_hash))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def inside() -> None:
    """What `whole` runs."""
    files, folder, jobs, by_hash = sys.argv[1:]
    start = time.perf_counter()
    build([Path(files)], Path(folder), Settings(), How(int(jobs), by_hash == "1"))
    wall = time.perf_counter() - start
    own, child = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime
    peak = {"own": own_peak(own.ru_maxrss), "child": child.ru_maxrss / 1024}
    print(json.dumps({"wall": wall, "cpu": cpu, **peak}))


def own_peak(otherwise: int) -> float:
    """Peak MiB of this process; ``ru_maxrss`` of Linux begins with that of whoever started it."""
    status = Path("/proc/self/status")
    if status.is_file():
        otherwise = int(status.read_text().partition("VmHWM:")[2].split()[0])
    return otherwise / 1024


def spin(processes: int, work: int = 60_000_000) -> float:
    """The same plain work by one or by two processes: what a second process is worth here, now."""
    code = f"sum(i for i in range({work // processes}))"
    start = time.perf_counter()
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(processes)]
    for one in running:
        one.wait()
    return time.perf_counter() - start


def runs(root: Path, small: int, large: int, repeat: int = 3) -> None:
    made = bases(min(BASES, large))
    print("\n| whole runs | wall s | cpu s | peak MiB | largest child |\n|---|---:|---:|---:|---:|")

    def told(name: str, found: dict[str, float]) -> dict[str, float]:
        numbers = (
            f"{found['wall']:.2f} | {found['cpu']:.2f} | {found['own']:.0f} | {found['child']:.0f}"
        )
        print(f"| {name} | {numbers} |", flush=True)
        return found

    for count in sorted({min(240, large), small}):
        copies(made, root / f"n{count}", count)
        ratios, yardstick = [], []
        for number in range(repeat):
            one, two = (
                told(
                    f"{count} files, {jobs} process{'es' * (jobs > 1)}",
                    whole(root / f"n{count}", root / f"p{jobs}-{count}-{number}", jobs),
                )
                for jobs in (1, 2)
            )
            ratios.append(one["wall"] / two["wall"])
            yardstick.append(spin(1) / spin(2))
        ours, plain = statistics.median(ratios), statistics.median(yardstick)
        print(f"\n2 processes: {ours:.2f} x one; plain work by 2 processes then: {plain:.2f} x\n")
    found = {}
    if not (root / f"n{large}").exists():
        copies(made, root / f"n{large}", large)
    for count in sorted({small, large}):
        found[count] = told(
            f"{count} files, 2 processes", whole(root / f"n{count}", root / f"pn{count}", 2)
        )
    stamp = told("again, by time stamp", whole(root / f"n{large}", root / f"pn{large}", 2))
    hashed = told("again, by hash", whole(root / f"n{large}", root / f"pn{large}", 2, by_hash=True))
    first = found[large]["cpu"]
    print(
        f"\nt({large})/t({small}) = {found[large]['wall'] / found[small]['wall']:.2f} wall, {first / found[small]['cpu']:.2f} cpu"
    )
    print(
        f"second run: {100 * stamp['cpu'] / first:.2f} % by time stamp, {100 * hashed['cpu'] / first:.2f} % by hash (cpu)"
    )


def summaries(root: Path, files: int = 10_000, questions: int = 250) -> None:
    """Figures over a made-up portfolio, after reading."""
    import random

    from hkz_xlsx.figures.compute import figures_of
    from hkz_xlsx.figures.model import Choices
    from hkz_xlsx.portfolio import arrow
    from hkz_xlsx.portfolio.build import STATE
    from hkz_xlsx.portfolio.database import open_tables
    from hkz_xlsx.portfolio.schema import TABLES, VERSION

    chance = random.Random(1)
    edition = "138@2015/r1"
    ids = [f"{n:016x}" for n in range(files)]
    scores = [round(chance.uniform(20, 100), 1) for _ in ids]
    rows = {
        "files": {
            "file_id": ids, "file": ids, "state": ["read"] * files, "organisation_id": ids,
            "edition_set": [edition] * files, "counts": [True] * files, "current": [True] * files,
            "round": ["2026"] * files, "score": scores, "substantiated": scores,
            "answered_percentage": [95.0] * files,
        },
        "organisations": {
            "organisation_id": ids, "name": ids, "branch": [f"b{n % 20}" for n in range(files)],
            "size_class": [("0-10", "10-50", "250+")[n % 3] for n in range(files)],
        },
        "scores": {
            "file_id": ids, "level": ["scheme"] * files, "key": ["138"] * files, "edition": [edition] * files,
            "outcome": ["number"] * files, "verdict": ["nearly"] * files, "score": scores, "substantiated": scores,
        },
    }  # fmt: skip
    for name, columns in rows.items():
        path = root / (f"{name}/0.parquet" if name == "scores" else f"{name}.parquet")
        arrow.write_parquet(path, arrow.as_table(TABLES[name], columns))
    part = files // 16
    for digit in range(16):
        mine = ids[digit * part : (digit + 1) * part]
        count = len(mine) * questions
        answers = chance.choices(
            ["yes", "partly", "no", "unknown", "na", "empty"], [50, 20, 10, 5, 5, 10], k=count
        )
        gaps = [
            {"partly": "partial", "no": "missing", "empty": "unanswered"}.get(a) for a in answers
        ]
        columns = {
            "file_id": [f for f in mine for _ in range(questions)],
            "ordinal": list(range(1, questions + 1)) * len(mine),
            "edition": [edition] * count, "part": ["138"] * count,
            "rubriek": [f"138:{n % 9 + 1}" for n in range(questions)] * len(mine),
            "requirement": [f"R-{n:03d}" for n in range(questions)] * len(mine),
            "core": [n % 10 == 0 for n in range(questions)] * len(mine),
            "answer": answers, "gap": gaps, "points": [{"yes": 1.0, "partly": 0.5, "no": 0.0}.get(a) for a in answers],
            "evidence_kind": ["other"] * count, "evidence_required": [True] * count,
            "substantiated": [True] * count,
        }  # fmt: skip
        arrow.write_parquet(
            root / f"answers/{digit:x}.parquet", arrow.as_table(TABLES["answers"], columns)
        )
    counts = {
        "found": files,
        "read": files,
        "refused": 0,
        "skipped": 0,
        "organisations": files,
        "doubtful": 0,
    }
    (root / STATE).write_text(json.dumps({"portfolio": VERSION, "counts": counts}))
    with open_tables(root) as db:
        total = db.execute("select count(*) from answers").fetchone()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        figures_of(str(root), Choices())
        times.append(time.perf_counter() - start)
    print(
        f"\nall figures over {total[0] if total else 0:,} answers: {statistics.median(times):.2f} s"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--only", choices=["file", "runs", "summaries"])
    parser.add_argument("--files", type=int, default=FILES, help="of one file's table")
    parser.add_argument("--runs", type=int, nargs=2, help="files of a small and of a large run")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--answers", type=int, nargs=2, default=(10_000, 250),
                        help="files and questions of the summaries")  # fmt: skip
    chosen = parser.parse_args(arguments)
    root = Path(tempfile.mkdtemp(prefix="bench-portfolio-"))
    try:
        if chosen.only in (None, "file"):
            (root / "one").mkdir()
            one_file(root / "one", min(WARM, chosen.files), chosen.files)
        if chosen.only in (None, "runs"):
            small, large = chosen.runs or ((1_000, 5_000) if chosen.large else (200, 1_000))
            runs(root, small, large, chosen.repeat)
        if chosen.only in (None, "summaries"):
            folder = root / "summaries"
            folder.mkdir()
            summaries(folder, *chosen.answers)
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
