"""Every file of a collection through the supervised reading path, as check and analyze do it.

python -m tests.proof.foreign.verdicts FOLDER               a table of verdicts, times, memory
python -m tests.proof.foreign.verdicts FOLDER --list CODE   the files with that reason code
"""

from __future__ import annotations

import argparse
import os
import queue
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hkz_xlsx.machine.supervise import InternalError, Worker
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.problems import HkzError, Problem
from hkz_xlsx.returned.read import understand
from hkz_xlsx.spreadsheet.open import file_bytes, read_grid
from hkz_xlsx.text import LANGS

ACCEPTED, TRACEBACK = "ACCEPTED", "TRACEBACK"
"""Verdicts that may never be given to a file of another."""

LOST = frozenset(("FILE_TIME", "FILE_MEMORY", "FILE_DIED", "FILE_INTERNAL"))
"""Reasons that are ours: the file was too much for us, which another program may read."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file: one reason code, all codes, and what it cost.

    ``wall`` and ``cpu`` in seconds, ``cpu`` of worker and parent together; ``memory`` is the
    largest the worker's resident memory has been so far, in bytes.
    """

    path: Path
    code: str
    codes: tuple[str, ...]
    detail: str
    cells: int
    wall: float
    cpu: float
    memory: int


def collected(folder: Path) -> list[Path]:
    """Every file of a collection that `collect` made, or of any folder, in order of name."""
    inside = folder / "files"
    root = inside if inside.is_dir() else folder
    return sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink())


def _cpu(worker: Worker) -> float:
    child = worker._child
    try:
        text = Path(f"/proc/{child.pid if child else 0}/schedstat").read_text()
    except OSError:
        return 0.0
    return int(text.split()[0]) / 1e9


def _memory(worker: Worker) -> int:
    child = worker._child
    try:
        text = Path(f"/proc/{child.pid if child else 0}/status").read_text()
    except OSError:
        return 0
    peak = [line.split()[1] for line in text.splitlines() if line.startswith("VmHWM")]
    return int(peak[0]) * 1024 if peak else 0


class Judge:
    """Reads files with one worker each thread."""

    def __init__(self, jobs: int, *, complete: bool) -> None:
        self.complete, self.library = complete, load_library(None)
        self.workers: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self.all = tuple(Worker() for _ in range(jobs))
        for worker in self.all:
            self.workers.put(worker)

    def judge(self, path: Path) -> Verdict:
        """One file."""
        worker = self.workers.get()
        try:
            worker.start()
            before, wall, own = _cpu(worker), time.perf_counter(), time.thread_time()
            codes, detail, cells = self._outcome(worker, path)
            spent, own = time.perf_counter() - wall, time.thread_time() - own
            cpu = max(0.0, _cpu(worker) - before) + own
            return Verdict(path, codes[0], codes, detail, cells, spent, cpu, _memory(worker))
        finally:
            self.workers.put(worker)

    def _outcome(self, worker: Worker, path: Path) -> tuple[tuple[str, ...], str, int]:
        cells = 0
        try:
            data = file_bytes(path)
            grid = worker.run(path.name, read_grid, path.name, data, complete=self.complete)
            cells = sum(len(sheet.cells) for sheet in grid.sheets)
            understand(grid, self.library)
        except HkzError as fault:
            return _told(fault.problems, path), str(dict(fault.problems[0].slots)), cells
        except InternalError as fault:
            return (TRACEBACK,), str(fault).splitlines()[-1][:200], cells
        except Exception as fault:
            return (TRACEBACK,), f"{type(fault).__name__}: {fault}"[:200], cells
        return (ACCEPTED,), "", cells

    def close(self) -> None:
        """End the workers."""
        for worker in self.all:
            worker.close()


def _told(problems: Sequence[Problem], path: Path) -> tuple[str, ...]:
    """The codes, once every problem has words in both languages and names the file."""
    for problem in problems:
        assert problem.where.file == path.name, (path, problem)
        assert all(problem.text(lang).strip() for lang in LANGS), (path, problem)
    return tuple(p.code for p in problems)


def run(paths: Iterable[Path], jobs: int = 2, *, complete: bool) -> list[Verdict]:
    """Every file, in order."""
    judge = Judge(jobs, complete=complete)
    try:
        with ThreadPoolExecutor(jobs) as threads:
            return list(threads.map(judge.judge, paths))
    finally:
        judge.close()


def share(values: Iterable[float], part: float) -> float:
    """The value that this part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def table(verdicts: Sequence[Verdict], spent: float) -> str:
    """Verdicts by reason code and kind, and what the run cost."""
    kinds = Counter(v.path.suffix.lower().lstrip(".") or "-" for v in verdicts)
    main = [kind for kind, _ in kinds.most_common(6)]
    rows = [("reason code", *main, "other", "all")]
    for code, count in Counter(v.code for v in verdicts).most_common():
        here = Counter(v.path.suffix.lower().lstrip(".") or "-" for v in verdicts if v.code == code)
        counts = [here[kind] for kind in main]
        rows.append((code, *map(str, counts), str(count - sum(counts)), str(count)))
    lines = [f"{row[0]:24}" + "".join(f"{cell:>9}" for cell in row[1:]) for row in rows]
    cells = sum(v.cells for v in verdicts)
    lines.append(f"{len(verdicts)} files, {cells:,} cells, {spent:.0f} s by the clock")
    for name, values in (
        ("clock", [v.wall for v in verdicts]), ("processor", [v.cpu for v in verdicts]),
    ):  # fmt: skip
        figures = (share(values, 0.5), share(values, 0.99), max(values, default=0), sum(values))
        lines.append(
            "{:10} p50 {:.1f} ms, p99 {:.3f} s, max {:.2f} s, sum {:.0f} s".format(
                name, figures[0] * 1000, *figures[1:]
            )
        )
    lines.append(f"largest worker {max((v.memory for v in verdicts), default=0) >> 20} MiB")
    return "\n".join(lines)


def main() -> int:
    """Print the table; exit 1 when a file was accepted or ended in a traceback."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", metavar="CODE", help="print the files with this code")
    parser.add_argument("--slow", type=int, default=0, help="print so many of the slowest files")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--complete", action="store_true", help="only as check reads")
    parser.add_argument("--quick", action="store_true", help="only as analyze reads")
    asked = parser.parse_args()
    paths, bad = collected(asked.folder), 0
    for complete in (False, True):
        if (complete and asked.quick) or (not complete and asked.complete):
            continue
        start = time.perf_counter()
        verdicts = run(paths, asked.jobs, complete=complete)
        print(f"\n== as {'check' if complete else 'analyze'} reads")
        print(table(verdicts, time.perf_counter() - start))
        for v in verdicts:
            wanted = v.code == asked.list or v.code in LOST | {ACCEPTED, TRACEBACK}
            if wanted:
                print(f"{v.code} {v.path.relative_to(asked.folder)} {v.detail}")
            bad += v.code in {ACCEPTED, TRACEBACK, "FILE_INTERNAL"}
        for v in sorted(verdicts, key=lambda v: -v.cpu)[: asked.slow]:
            print(f"{v.cpu:8.2f} s {v.cells:9,} {v.code} {v.path.relative_to(asked.folder)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
