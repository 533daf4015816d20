"""Reading into a portfolio: nothing depends on order, processes or interruptions."""

from __future__ import annotations

import importlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from hkz_xlsx.machine.limits import LIMITS
from hkz_xlsx.machine.supervise import Supervisor
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.portfolio import arrow, parts
from hkz_xlsx.portfolio.assemble import Settings
from hkz_xlsx.portfolio.build import How, build
from hkz_xlsx.portfolio.cache import NAME, Cache, reader_version
from hkz_xlsx.portfolio.file_rows import Packed, body_of, read_one, unpack
from hkz_xlsx.portfolio.parts import PARTS, PartTask, make_part
from hkz_xlsx.portfolio.run import Task
from hkz_xlsx.portfolio.schema import TABLES, VERSION
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.file_scores import scored
from hkz_xlsx.returned.read import by_keys
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid
from hkz_xlsx.spreadsheet.open import read_grid
from tests.portfolio.conftest import Made
from tests.portfolio.deadly import read_or_die
from tests.portfolio.field import member, write
from tests.support import library

ONE = How(jobs=1)


class Inside:
    """Reads in this process, counting."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.count, self.stop_after = 0, stop_after

    def map(
        self, function: Callable[[Task], Packed], items: Iterator[tuple[str, Task]]
    ) -> Iterator[tuple[str, Any]]:
        for name, item in items:
            if self.count >= self.stop_after:
                raise KeyboardInterrupt
            self.count += 1
            yield name, function(item)


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every table of a portfolio, in the order of its files."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in TABLES:
        paths = sorted((folder / name).glob("*.parquet")) or [folder / f"{name}.parquet"]
        found[name] = [
            row for path in paths if path.exists() for row in pq.read_table(path).to_pylist()
        ]
    return found


def test_tables_are_the_same_in_any_number_of_pieces(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large tables are written piece by piece; every row is there once, in its place."""
    expected = {name: tables(made.folder)[name] for name in PARTS}
    version = reader_version(library())
    keys = {r["file_id"]: f"{r['sha256']}.{version}" for r in tables(made.folder)["files"]}
    task = PartTask(str(made.folder / NAME), "", "0", tuple(sorted(keys.items())), texts=True)
    for piece, group in ((1, 1), (100, 250), (10**6, 10**6)):
        monkeypatch.setattr(parts, "_PIECE", piece)
        monkeypatch.setattr(arrow, "_GROUP", group)
        out = tmp_path / str(piece)
        assert make_part(replace(task, folder=str(out))) == len(expected["answers"])
        for name, rows in expected.items():
            path = out / name / "0.parquet"
            assert pq.read_table(path).to_pylist() == rows
            assert pq.ParquetFile(path).num_row_groups >= min(2, len(rows) // group)


@pytest.fixture
def few(made: Made, tmp_path: Path) -> Path:
    """Six returns and a broken file, in a folder of their own."""
    folder = tmp_path / "klein"
    folder.mkdir()
    for path in sorted(made.files.glob("retour-*"))[:6]:
        shutil.copy2(path, folder)
    shutil.copy2(made.files / "kapot.xlsx", folder)
    return folder


def test_files_as_written_are_read_by_place_as_by_key(made: Made) -> None:
    """The quick way gives exactly what the thorough way gives."""
    taken = 0
    for path in sorted(made.files.glob("retour-*")):
        grid = read_grid("", path.read_bytes())
        fast = quick(grid, library())
        assert fast is not None, path.name
        taken += 1
        slow = by_keys(grid, library(), PLANS.again).submission
        assert (fast.raw, fast.readings, fast.identity) == (slow.raw, slow.readings, slow.identity)
        assert sorted(map(str, fast.problems)) == sorted(map(str, slow.problems))
        one, other = scored(fast), scored(slow)
        assert one == replace(other, problems=one.problems)
        assert [(p.code, p.slots) for p in one.problems] == [
            (p.code, p.slots) for p in other.problems
        ]
    assert taken == len(made.members)


@pytest.mark.parametrize(
    "change",
    [
        "extra text",
        "changed text",
        "gone",
        "other sheet",
        "over a formula",
        "formula for an answer",
    ],
)
def test_files_with_any_other_change_are_read_by_key(change: str, made: Made) -> None:
    grid = read_grid("", next(made.files.glob("retour-*")).read_bytes())
    sheet = next(s for s in grid.sheets if s.title == "Beoordeling")
    cells = dict(sheet.cells)
    texts = [
        spot for spot, value in cells.items() if isinstance(value, str) and value.endswith("?")
    ]
    match change:
        case "extra text":
            cells[400, 2] = "let op"
        case "changed text":
            cells[texts[0]] = "Andere vraag?"
        case "gone":
            del cells[texts[0]]
        case _:
            pass
    sheets = [SheetGrid(s.title, cells) if s is sheet else s for s in grid.sheets]
    if change == "other sheet":
        sheets.append(SheetGrid("Notities", {(0, 0): "x"}))
    if change == "over a formula":
        sheets = [
            SheetGrid(s.title, {**s.cells, (1, 0): "mijn titel"}) if s is sheet else s
            for s in grid.sheets
        ]
    if change == "formula for an answer":
        places = by_keys(grid, library(), PLANS.again).submission.places
        where = next(
            w for a, w in places.items() if a.column == "answer" and w.sheet == sheet.title
        )
        row, column = coordinate_to_tuple(where.cell)
        spot = (row - 1, column - 1)
        cells.pop(spot, None)
        sheets = [
            SheetGrid(s.title, cells, uncalculated=frozenset([spot])) if s is sheet else s
            for s in grid.sheets
        ]
    assert quick(grid, library()) is not None
    assert quick(Grid("", tuple(sheets), grid.properties), library()) is None


def test_scores_changed_by_hand_are_told(made: Made) -> None:
    """A file whose stored score is not what its answers give."""
    one = member(3)
    grid = read_grid("", one.data())
    address = Address(T.total, "all", "score")
    fine = quick(grid, library())
    assert fine is not None
    assert scored(fine).problems == ()
    result = scored(replace(fine, stored={**fine.stored, address: 99.0}))
    assert result.changed
    assert [p.code for p in result.problems] == ["SCORE_DIFFERS"]
    assert result.stored == 99.0
    assert made.counts.read


def test_a_second_run_reads_nothing(few: Path, tmp_path: Path) -> None:
    """Neither by time stamp nor by content; a new file is read, a gone one leaves."""
    folder, first = tmp_path / "p", Inside()
    build([few], folder, Settings(), ONE, first)
    before = tables(folder)
    assert first.count == 7
    for how in (ONE, How(by_hash=True)):
        again = Inside()
        build([few], folder, Settings(), how, again)
        assert again.count == 0
    assert tables(folder) == before
    write([member(90)], few / "later")
    sorted(few.glob("retour-*"))[0].unlink()
    third = Inside()
    counts = build([few], folder, Settings(), ONE, third)
    assert (third.count, counts.read) == (1, 6)
    with Cache(folder / NAME, "x") as cache:
        rows = cache._db.execute("select count(*) from bodies").fetchone()
    assert rows == (7,)  # what is no longer handed in is not kept


def test_an_interrupted_run_goes_on(few: Path, tmp_path: Path) -> None:
    """Stopped half way, the next run reads the rest and gives the same tables."""
    folder = tmp_path / "p"
    with pytest.raises(KeyboardInterrupt):
        build([few], folder, Settings(), ONE, Inside(stop_after=3))
    assert not (folder / "portfolio.json").exists()
    rest = Inside()
    build([few], folder, Settings(), ONE, rest)
    assert rest.count == 4
    whole = tmp_path / "whole"
    build([few], whole, Settings(), ONE, Inside())
    assert tables(folder) == tables(whole)


def test_aggregate_of_a_union_is_the_union_of_aggregates(made: Made, tmp_path: Path) -> None:
    """Rows of files and of organisations do not depend on what else is read."""
    paths = sorted(made.files.glob("*"))
    halves = [tmp_path / "a", tmp_path / "b"]
    for half in halves:
        half.mkdir()
    for path in paths:
        # All returns of an organisation in the same half.
        shutil.copy2(path, halves[sum(map(ord, path.name[:15])) % 2])
    found = []
    for number, handed in enumerate(([halves[0]], [halves[1]], [halves[1], halves[0]])):
        folder = tmp_path / f"p{number}"
        build(list(handed), folder, Settings(texts=True), ONE, Inside())
        found.append(tables(folder))
    one, other, both = found
    assert one["answers"]
    assert other["answers"]
    for name in TABLES:
        merged = {repr(sorted(row.items(), key=str)) for row in one[name] + other[name]}
        assert merged == {repr(sorted(row.items(), key=str)) for row in both[name]}, name


def test_order_and_number_of_processes_do_not_matter(made: Made, few: Path, tmp_path: Path) -> None:
    """Byte for byte: other order of folders, one or two processes, files in a zip elsewhere."""
    other = tmp_path / "ander"
    other.mkdir()
    for path in sorted(made.files.glob("retour-*"))[6:9]:
        shutil.copy2(path, other)
    build([few, other], tmp_path / "p1", Settings(), How(jobs=1))
    build([other, few], tmp_path / "p2", Settings(), How(jobs=2))
    one = {
        p.relative_to(tmp_path / "p1"): p.read_bytes() for p in (tmp_path / "p1").rglob("*.parquet")
    }
    two = {
        p.relative_to(tmp_path / "p2"): p.read_bytes() for p in (tmp_path / "p2").rglob("*.parquet")
    }
    assert one == two
    assert one


def test_a_zip_holds_the_same(few: Path, tmp_path: Path) -> None:
    """The same returns in a zip give the same answers, and are known again."""
    archive = tmp_path / "retouren.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in few.iterdir():
            target.write(path, path.name)
    counts = build([archive], tmp_path / "p", Settings(), ONE, Inside())
    assert (counts.read, counts.refused) == (6, 1)
    again = Inside()
    build([archive], tmp_path / "p", Settings(round_kind="month"), ONE, again)
    assert again.count == 0
    labels = {row["file"] for row in tables(tmp_path / "p")["files"]}
    assert all(label.startswith("retouren.zip/") for label in labels)


class Deadly:
    """Workers in which some files kill."""

    def __init__(self, workers: Supervisor) -> None:
        self.workers = workers

    def map(
        self, function: Callable[[Task], Packed], items: Iterator[tuple[str, Task]]
    ) -> Iterator[tuple[str, Any]]:
        assert function is read_one
        return self.workers.map(read_or_die, items)


def test_a_worker_that_dies_costs_only_its_file(few: Path, tmp_path: Path) -> None:
    """Two killers among six returns: six are read, and the killers are named."""
    for name in ("dood.xlsx", "ook dood.xlsx"):
        (few / name).write_bytes(b"PK\x03\x04 DOE HET NIET " + name.encode())
    with Supervisor(2, replace(LIMITS, wall=20.0)) as workers:
        counts = build([few], tmp_path / "p", Settings(), ONE, Deadly(workers))
    assert (counts.read, counts.refused) == (6, 3)
    problems = tables(tmp_path / "p")["problems"]
    died = sorted(row["file"] for row in problems if row["code"] == "FILE_DIED")
    assert died == ["klein/dood.xlsx", "klein/ook dood.xlsx"]
    assert {row["state"] for row in tables(tmp_path / "p")["files"]} == {"read", "refused"}


def test_what_passed_by_is_not_in_the_tables_for_ever(few: Path, tmp_path: Path) -> None:
    """A worker that died from outside: the next run reads its file, and the tables say so. When
    it dies again nothing is made anew."""
    folder = tmp_path / "p"
    (few / "dood.xlsx").write_bytes(b"PK\x03\x04 DOE HET NIET")
    stamps = []
    for _ in range(2):
        with Supervisor(1, replace(LIMITS, wall=20.0)) as workers:
            build([few], folder, Settings(), ONE, Deadly(workers))
        stamps.append((folder / "portfolio.json").stat().st_mtime_ns)
    assert stamps[0] == stamps[1]
    codes = [
        {row["code"] for row in tables(folder)["problems"] if row["file"] == "klein/dood.xlsx"}
    ]
    build([few], folder, Settings(), ONE)
    codes += [
        {row["code"] for row in tables(folder)["problems"] if row["file"] == "klein/dood.xlsx"}
    ]
    assert codes == [{"FILE_DIED"}, {"FILE_CUT_OFF"}]


def test_a_cluster_gives_the_same_tables(few: Path, tmp_path: Path) -> None:
    """Dask on this machine with two workers, against worker processes of our own."""
    from hkz_xlsx.portfolio.cluster import DaskEngine

    build([few], tmp_path / "own", Settings(), How(jobs=2))
    with DaskEngine("", 2) as engine:
        build([few], tmp_path / "dask", Settings(), ONE, engine)
    assert tables(tmp_path / "own") == tables(tmp_path / "dask")


def test_a_cluster_that_is_not_there() -> None:
    from hkz_xlsx.portfolio.cluster import DaskEngine

    with pytest.raises(HkzError) as caught:
        DaskEngine("tcp://127.0.0.1:1", 1, patience="1s")
    assert [p.code for p in caught.value.problems] == ["ENGINE_FAILED"]


def test_a_cluster_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from hkz_xlsx.portfolio.cluster import DaskEngine

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(HkzError) as caught:
        DaskEngine("", 1)
    assert [p.code for p in caught.value.problems] == ["ENGINE_MISSING"]


def test_one_run_at_a_time(few: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    from hkz_xlsx.portfolio.build import LOCK

    folder = tmp_path / "p"
    build([few], folder, Settings(), ONE, Inside())
    with FileLock(folder / LOCK), pytest.raises(HkzError) as caught:
        build([few], folder, Settings(), ONE, Inside())
    assert [p.code for p in caught.value.problems] == ["PORTFOLIO_BUSY"]


def test_a_damaged_cache_is_told(few: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / NAME).write_bytes(b"dit is geen databank" * 100)
    with pytest.raises(HkzError) as caught:
        build([few], folder, Settings(), ONE, Inside())
    assert [p.code for p in caught.value.problems] == ["PORTFOLIO_DAMAGED"]


def test_tables_open_elsewhere(made: Made) -> None:
    """pandas opens a whole table; the version stands in every file; nobody else can read them."""
    pd = importlib.import_module("pandas")  # ships no types

    answers = pd.read_parquet(made.folder / "answers")
    assert len(answers) == sum(len(one.rows) for one in made.members)
    for path in made.folder.rglob("*.parquet"):
        metadata = pq.read_schema(path).metadata
        assert metadata[b"hkz_xlsx.version"] == str(VERSION).encode()
        assert path.stat().st_mode & 0o077 == 0
    assert made.folder.stat().st_mode & 0o077 == 0
    for name, table in TABLES.items():
        paths = sorted((made.folder / name).glob("*.parquet")) or [made.folder / f"{name}.parquet"]
        assert pq.read_schema(paths[0]).names == list(table.names)


def test_what_a_result_holds() -> None:
    """A file that is none of ours is a result too; contact and filler are nowhere."""
    assert unpack(read_one(("", b"hallo"))[0])["state"] == "refused"
    one = member(5)
    inputs = {**one.inputs, Address("organisation", "contact", "value"): "Jan Geheim"}
    body = body_of(replace(one, inputs=inputs).data(), library())
    assert body["organisation"]["name"] == one.name
    assert "Jan Geheim" not in repr(body)


def test_a_folder_with_other_things_is_left_alone(few: Path, tmp_path: Path) -> None:
    for folder in (few, few.parent, few / "kapot.xlsx"):
        with pytest.raises(HkzError) as caught:
            build([few], folder, Settings(), ONE, Inside())
        assert [p.code for p in caught.value.problems] == ["PORTFOLIO_FOLDER"]
    with pytest.raises(HkzError) as caught:
        build([tmp_path / "weg"], tmp_path / "p", Settings(), ONE, Inside())
    assert [p.code for p in caught.value.problems] == ["FILE_MISSING"]
