"""What our reader says of every cell of a collection, beside what other libraries say.

    python -m tests.proof.foreign.compare FOLDER              everything; exit 1 on what is unknown
    python -m tests.proof.foreign.compare FOLDER --own        only the fast against the exact reader
    python -m tests.proof.foreign.compare FOLDER --reader xlrd only one other library

Needs `pip install --group foreign`.
"""

from __future__ import annotations

import argparse
import os
import queue
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hkz_xlsx.machine.limits import LIMITS, Limits
from hkz_xlsx.machine.supervise import InternalError, Worker
from hkz_xlsx.problems import HkzError
from hkz_xlsx.scoring.cell_values import CellError, RawValue, cell_value
from hkz_xlsx.spreadsheet import sheet_fast
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.spreadsheet.sheet_exact import read_exactly
from tests.proof.foreign.differences import Around, name, number
from tests.proof.foreign.opinions import READERS, Cells, Day, Error, Opinion, Value, settle
from tests.proof.foreign.verdicts import collected

GENEROUS = Limits(cpu=120, wall=300, memory=4 << 30, answer=LIMITS.answer)
"""For the other libraries; ours keeps to its own limits in `verdicts`."""

OWN, LOST = "fast and exact", "lost"

Found = dict[str, Any]
"""Plain counts, so that they pass the pipe of a worker."""


def _value(raw: RawValue) -> Value | None:
    if isinstance(raw, datetime):
        found = cell_value(raw)
        return Day(float(found)) if isinstance(found, int | float) else None
    return Error(raw.code) if isinstance(raw, CellError) else raw


def _cells(sheet: SheetGrid) -> Cells:
    return {at: v for at, raw in sheet.cells.items() if (v := _value(raw)) is not None}


def same(ours: Value | None, theirs: Value | None) -> bool:
    """Equal: numbers to the last bits, dates to a millisecond, errors by code when told."""
    if isinstance(ours, Error) and isinstance(theirs, Error):
        return not theirs.code or ours.code == theirs.code
    if type(ours) is not type(theirs):
        return False
    a, b = number(ours), number(theirs)
    if a is None or b is None:
        return ours == theirs
    return a == b or abs(a - b) <= (1.2e-8 if isinstance(ours, Day) else 0.0)


def examine(path: str, readers: tuple[str, ...]) -> dict[str, Found]:
    """A file by both of our readers and by other libraries.

    Returns:
        by name of the reader, ``own`` for ours: plain counts, and examples of what is unknown.
    """
    settle()
    data = Path(path).read_bytes()
    found: dict[str, Found] = {}
    try:
        grid = read_grid("in", data, "exact", complete=True)
    except HkzError as fault:
        return {OWN: {"refused": fault.problems[0].code}}
    if grid.kind in ("xlsx", "xlsm"):
        found[OWN] = fast_against_exact(data, grid)
    for reader in readers:
        read, kinds = READERS[reader]
        if grid.kind not in kinds:
            continue
        try:
            opinion = read(data)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as fault:
            found[reader] = {"unread": type(fault).__name__}
            continue
        found[reader] = _compared(grid, opinion, reader)
    return found


def _compared(grid: Grid, opinion: Opinion, reader: str) -> Found:
    found: Found = {"classes": {}, "unknown": [], "unknown_count": 0, "cells": 0, "titles": ()}
    titles = [sheet.title for sheet in grid.sheets]
    if missing := [title for title in titles if title not in opinion.sheets]:
        # openpyxl leaves out a sheet that it cannot find, without a word
        found["classes"]["sheet missing"] = len(missing)
    # a sheet of charts or macros has no cells with us; Excel 95 titles are calamine's mistake
    macros = any(one.code == "FILE_HAS_MACROS" for one in grid.problems)
    more = [
        title
        for title, cells in opinion.sheets.items()
        if title not in titles and cells and not macros
    ]
    if more and not any("\ufffd" in title for title in titles):
        found["titles"] = (grid.kind, titles[:5], list(opinion.sheets)[:5])
    for sheet in grid.sheets:
        theirs = opinion.sheets.get(sheet.title)
        if theirs is None:
            continue
        ours = _cells(sheet)
        found["cells"] += len(ours)
        links = opinion.links.get(sheet.title, set())
        for at in ours.keys() | theirs.keys():
            one, other = ours.get(at), theirs.get(at)
            if same(one, other):
                continue
            merged = any(at in area for area in sheet.merged)
            around = Around(grid.kind, merged, at in links, at in sheet.formulas)
            known = name(reader, one, other, around)
            if known is not None:
                found["classes"][known] = found["classes"].get(known, 0) + 1
                continue
            found["unknown_count"] += 1
            if len(found["unknown"]) < 3:
                found["unknown"].append((sheet.title, at, repr(one)[:80], repr(other)[:80]))
    return found


def fast_against_exact(data: bytes, exact: Grid) -> Found:
    """Whether both of our readers agree on a file; how many of its sheets went the fast way."""
    declined: list[str] = []

    def counted(part: bytes, name: str, book: Any, *, complete: bool) -> Any:
        start = part.find(b"<sheetData>")
        if start < 0 or part.find(b"</sheetData>") > start + len(b"<sheetData>"):
            declined.append(name)  # more than what stands around the cells
        return read_exactly(part, name, book, complete=complete)

    try:
        with patch.object(sheet_fast, "read_exactly", counted):
            fast = read_grid("in", data)
    except HkzError as fault:
        return {"different": f"refused with {fault.problems[0].code}"}
    equal = fast.problems == exact.problems and _alike(fast, exact)
    return {
        "different": "" if equal else "another value, problem or formula without a value",
        "cells": sum(len(sheet.cells) for sheet in exact.sheets),
        "sheets": len(exact.sheets), "declined": len(declined),
    }  # fmt: skip


def _alike(one: Grid, other: Grid) -> bool:
    """Equal cells; 1, 1.0 and True are equal, but not the same."""
    return [s.title for s in one.sheets] == [s.title for s in other.sheets] and all(
        a.cells == b.cells
        and a.uncalculated == b.uncalculated
        and (a.visibility, a.protected) == (b.visibility, b.protected)
        and all(type(a.cells[at]) is type(value) for at, value in b.cells.items())
        for a, b in zip(one.sheets, other.sheets, strict=True)
    )


class _Pool:
    """A worker for each thread, with limits that suit the other libraries."""

    def __init__(self, jobs: int, readers: tuple[str, ...]) -> None:
        self.readers = readers
        self.free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self.all = tuple(Worker(GENEROUS) for _ in range(jobs))
        for worker in self.all:
            self.free.put(worker)

    def examine(self, path: Path) -> dict[str, Found]:
        """One file; when a library ends the worker, every library by itself."""
        if path.read_bytes()[:2] not in (b"PK", b"\xd0\xcf"):
            return {}
        worker = self.free.get()
        try:
            found = self._run(worker, path, self.readers)
            if set(found) != {LOST}:
                return found
            found = self._run(worker, path, ())
            for reader in self.readers:
                found |= self._run(worker, path, (reader,), reader)
            return found
        finally:
            self.free.put(worker)

    @staticmethod
    def _run(
        worker: Worker, path: Path, readers: tuple[str, ...], who: str = LOST
    ) -> dict[str, Found]:
        from tests.proof.foreign import compare  # a worker finds nothing in __main__

        try:
            return worker.run(path.name, compare.examine, str(path), readers)
        except HkzError as fault:
            return {who: {"unread": fault.problems[0].code}}
        except InternalError as fault:
            return {who: {"fault": str(fault)[-600:]}}

    def close(self) -> None:
        """End the workers."""
        for worker in self.all:
            worker.close()


def compare(
    paths: Sequence[Path], readers: tuple[str, ...], jobs: int
) -> Iterator[tuple[str, str, list[str]]]:
    """Every file: for each reader its name, a table, and what is wrong."""
    pool = _Pool(jobs, readers)
    try:
        with ThreadPoolExecutor(jobs) as threads:
            found = []
            for path, one in zip(paths, threads.map(pool.examine, paths), strict=True):
                found.append(one)
                _tell(path, one)
    finally:
        pool.close()
    yield OWN, *_own(paths, found)
    for reader in (*readers, LOST):
        here = [
            (path, one[reader]) for path, one in zip(paths, found, strict=True) if reader in one
        ]
        if here:
            yield reader, *_table(reader, here)


def _tell(path: Path, found: dict[str, Found]) -> None:
    """What is unknown, as soon as it is: a whole run takes a while."""
    for reader, one in found.items():
        if one.get("unknown_count") or one.get("different") or one.get("titles"):
            says = one.get("unknown") or one.get("different") or one.get("titles")
            print(f"{reader} {path.parent.name}/{path.name}: {says}", file=sys.stderr, flush=True)


def _own(paths: Sequence[Path], found: Sequence[dict[str, Found]]) -> tuple[str, list[str]]:
    here = [(path, one[OWN]) for path, one in zip(paths, found, strict=True) if OWN in one]
    wrong = [
        f"fast and exact differ: {path} {one['different']}"
        for path, one in here
        if one.get("different")
    ]
    read = [one for _, one in here if "sheets" in one]
    refused = Counter(one["refused"] for _, one in here if "refused" in one)
    cells, sheets, declined = (
        sum(one[key] for one in read) for key in ("cells", "sheets", "declined")
    )
    says = (
        f"{len(read)} Open XML files, {sheets} sheets, {cells:,} cells; "
        f"{declined} sheets were left to the exact reader\n"
        f"refused {sum(refused.values())} zip and OLE files: "
        + ", ".join(f"{code} {count}" for code, count in refused.most_common())
    )
    return says, wrong


def _table(reader: str, here: Sequence[tuple[Path, Found]]) -> tuple[str, list[str]]:
    wrong: list[str] = []
    cells, files, classes, where = 0, 0, Counter[str](), Counter[str]()
    unread, unknown = Counter[str](), 0
    for path, one in here:
        if "unread" in one and reader == LOST:
            wrong.append(f"our own readers were lost: {path} {one['unread']}")
        elif "unread" in one:
            unread[one["unread"]] += 1
        elif "fault" in one:
            wrong.append(f"{path}\n{one['fault']}")
        else:
            files, cells = files + 1, cells + one["cells"]
            classes.update(one["classes"])
            where.update(one["classes"].keys())
            unknown += one["unknown_count"]
            if one["titles"]:
                wrong.append(f"other sheets: {path} {one['titles']}")
            if one["unknown_count"]:
                wrong.append(f"{one['unknown_count']} unknown: {path} {one['unknown']}")
    lines = [f"{files} files, {cells:,} cells of ours, {unknown:,} unknown differences"]
    lines += [
        f"    {name:44} {count:>9,} cells {where[name]:>5} files"
        for name, count in classes.most_common()
    ]
    if unread:
        told = ", ".join(f"{name} {count}" for name, count in unread.most_common())
        lines.append(f"    could not read {sum(unread.values())} that we read: {told}")
    return "\n".join(lines), wrong


def main() -> int:
    """Compare; exit 1 when anything is unknown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--reader", choices=sorted(READERS), action="append")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, help="only every so many files")
    parser.add_argument("--largest", type=int, default=1 << 30, help="only files up to this size")
    parser.add_argument("--match", default="", help="only files with this in their path")
    parser.add_argument("--most", type=int, default=40, help="print so many unknown differences")
    asked = parser.parse_args()
    paths = [
        path
        for path in collected(asked.folder)
        if asked.match in str(path) and path.stat().st_size <= asked.largest
    ][:: asked.every]
    readers = () if asked.own else tuple(asked.reader or sorted(READERS))
    bad, start = 0, time.perf_counter()
    for title, says, wrong in compare(paths, readers, asked.jobs):
        print(f"\n== {title}: {says}", flush=True)
        bad += len(wrong)
        for line in wrong[: asked.most]:
            print(f"  {line}")
        if len(wrong) > asked.most:
            print(f"  and {len(wrong) - asked.most} more")
    print(f"\n{bad} files with something unknown, {time.perf_counter() - start:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
