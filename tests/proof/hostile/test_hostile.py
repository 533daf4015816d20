"""Every hostile or broken file is read with the right values or refused with the right code."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator

import pytest

from hkz_xlsx.machine.limits import LIMITS
from hkz_xlsx.machine.supervise import Worker
from hkz_xlsx.problems import HkzError, Problem
from hkz_xlsx.scoring.cell_values import cell_value
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import Engine, read_grid
from tests.proof.hostile.make_files import (
    BASES,
    Case,
    base_file,
    bombs,
    heavy,
    ods,
    other_kinds,
    workbook_cases,
)
from tests.proof.hostile.package import SMALL_ODS, pack, unpack

BASE = base_file("small")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as one:
        yield one


def outcome(worker: Worker, data: bytes) -> Grid | tuple[Problem, ...]:
    try:
        return worker.run("in.xlsx", read_grid, "in.xlsx", data)
    except HkzError as fault:
        return fault.problems


def verdict(case: Case, found: Grid | tuple[Problem, ...], original: Grid) -> str:
    """What is wrong with the outcome; empty when nothing is."""
    if not isinstance(found, Grid):
        (one,) = found
        assert one.where.file == "in.xlsx"
        if one.code in case.codes:
            return ""
        return f"refused with {one.code} {dict(one.slots)}, not {sorted(case.codes) or 'read'}"
    if not case.same:
        return f"read, not refused with {sorted(case.codes)}"
    if notes := {p.code for p in found.problems} ^ case.notes:
        return f"notes differ: {notes}"
    if len(found.sheets) != len(original.sheets):
        return "other sheets"
    for index, (one_sheet, other) in enumerate(zip(found.sheets, original.sheets, strict=True)):
        wanted = {at: cell_value(value) for at, value in other.cells.items()}
        if index == 0:
            wanted |= {at: cell_value(value) for at, value in case.changed}
        wanted = {at: value for at, value in wanted.items() if value is not None}
        cells = {at: cell_value(value) for at, value in one_sheet.cells.items()}
        if cells != wanted:
            differ = [at for at in {*cells, *wanted} if cells.get(at) != wanted.get(at)]
            at = differ[0]
            return f"{other.title} {at}: {cells.get(at)!r}, not {wanted.get(at)!r} ({len(differ)})"
    return ""


def check(worker: Worker, cases: Iterable[Case], base: bytes) -> int:
    original = outcome(worker, base)
    assert isinstance(original, Grid)
    wrong, count = [], 0
    for case in cases:
        count += 1
        if fault := verdict(case, outcome(worker, case.data), original):
            wrong.append(f"{case.name}: {fault}")
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong)
    return count


def test_small_workbook(worker: Worker) -> None:
    """The smallest workbook, a few hundred ways to spoil it, read cell by cell or fast."""
    assert check(worker, workbook_cases(BASE, 138), BASE) > 300
    assert check(worker, bombs(BASE, 48), BASE) == 14
    assert worker.started == 1  # not one of them costs the worker its life


def test_other_kinds(worker: Worker) -> None:
    assert check(worker, other_kinds(), BASE) > 25


def test_ods(worker: Worker) -> None:
    assert check(worker, ods(), pack(SMALL_ODS)) > 35


@pytest.mark.proof
@pytest.mark.parametrize("name", BASES)
def test_all_hostile_files(worker: Worker, name: str) -> None:
    """The same for our own workbook with answers, and for that as another library saves it."""
    base = base_file(name)
    count = check(worker, (*workbook_cases(base, 138), *bombs(base, 64)), base)
    assert worker.started == 1
    print(f"\n{name}: {count} hostile files, one worker of {LIMITS.memory >> 20} MiB")


@pytest.mark.proof
def test_heavy_files() -> None:
    """Told or read within the limits; the worker may be lost, the next file is read."""
    original = read_grid("in.xlsx", BASE)
    for case in heavy(BASE):
        with Worker() as one:
            one.start()
            start = time.monotonic()
            found = outcome(one, case.data)
            spent = time.monotonic() - start
            assert verdict(case, found, original) == "", case.name
            told = "read" if isinstance(found, Grid) else found[0].code
            print(f"\n{case.name}: {len(case.data) >> 10} kB, {told}, {spent:.1f} s", end="")
            assert isinstance(outcome(one, BASE), Grid)


def test_formula_that_is_closed_twice() -> None:
    """Found by mutation: an empty formula tag with a text and an end tag after it is no XML."""
    base = base_file("ours")
    name = "xl/worksheets/sheet4.xml"
    parts = unpack(base)
    sheet = re.sub(
        rb"<f [^>/]*>([^<]+)</f>", rb'<f t="shared" si="0"/>\1</f>', parts[name], count=1
    )
    assert sheet != parts[name]
    data = pack({**parts, name: sheet})
    engines: tuple[Engine | None, ...] = (None, "exact")
    for engine in engines:
        with pytest.raises(HkzError) as caught:
            read_grid("in.xlsx", data, engine)
        assert [p.code for p in caught.value.problems] == ["FILE_BROKEN"]
