"""A portfolio on a disk that fills up: the former one stays, or the next run ends it."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from click.testing import Result

from hkz_xlsx.portfolio.stage import STATE, Stage
from hkz_xlsx.text import messages
from tests.portfolio.test_reading import tables
from tests.proof.faults.commands import Inputs, here
from tests.proof.faults.disks import leave_free, read_only, small_disk

ROOM = 16 << 20


def aggregate(returns: Path, folder: Path) -> Result:
    return here("aggregate", returns, "-o", folder, "--jobs", 1)


@pytest.fixture(scope="module")
def more(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The returns of the portfolio without one, and with two others."""
    folder = tmp_path_factory.mktemp("meer") / "retour"
    shutil.copytree(inputs / "retour", folder)
    (folder / "retour-000.xlsx").unlink()
    for name in ("een", "twee"):
        shutil.copy2(inputs / f"{name}.xlsx", folder)
    return folder


@pytest.fixture(scope="module")
def after(more: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The portfolio of those."""
    folder = tmp_path_factory.mktemp("na") / "p"
    assert aggregate(more, folder).exit_code == 0
    return folder


def test_killed_before_anything_was_read(inputs: Inputs, tmp_path: Path) -> None:
    """What such a run leaves is no folder of somebody else."""
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "portfolio.lock").touch()
    assert aggregate(Path(inputs / "retour"), folder).exit_code == 0


def _told(result: Result, code: str) -> None:
    assert result.exit_code == 1, (result.output, result.exception)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.output.count(code) == 1
    assert messages("nl")(f"problem.{code}.hint") in result.output
    assert "Traceback" not in result.output


def _left(folder: Path) -> set[str]:
    """Files that belong to no portfolio."""
    known = {"cache.sqlite", "portfolio.lock", STATE, "codebook.md"}
    return {
        str(p.relative_to(folder))
        for p in folder.rglob("*")
        if p.is_file()
        and p.name.removesuffix("-wal").removesuffix("-shm") not in known
        and (p.suffix != ".parquet" or p.name.startswith("."))
    }


def _on_full_disks(
    inputs: Inputs, more: Path, after: Path, rooms: list[int], *, finish: int = 8
) -> tuple[int, int]:
    former, expected = tables(inputs.folder / "portfolio"), tables(after)
    assert former != expected
    failed = fine = 0
    for step, room in enumerate(rooms):
        with small_disk(ROOM) as disk:
            folder = disk / "p"
            shutil.copytree(inputs.folder / "portfolio", folder)
            leave_free(disk, room)
            result = aggregate(more, folder)
            if result.exit_code == 0:
                fine += 1
                assert tables(folder) == expected
                assert _left(folder) == set()
                continue
            failed += 1
            _told(result, "TARGET_DISK_FULL")
            # The former portfolio, or the new one whole, can be asked everything.
            assert tables(folder) in (former, expected)
            assert here("query", "select count(*) from files", "-p", folder).exit_code == 0
            assert not (folder / ".new").exists()
            if step % finish:
                continue
            (disk / ".ballast").unlink()
            assert aggregate(more, folder).exit_code == 0
            assert tables(folder) == expected
            assert _left(folder) == set()
    return failed, fine


def test_disk_full_while_a_portfolio_is_updated(inputs: Inputs, more: Path, after: Path) -> None:
    """No room at all, room for the cache only, room for a part of the tables, room enough."""
    failed, fine = _on_full_disks(inputs, more, after, [0, 150 << 10, 2 << 20])
    assert failed >= 1
    assert fine >= 1


@pytest.mark.proof
def test_disk_full_at_64_steps(inputs: Inputs, more: Path, after: Path) -> None:
    rooms = [step * 8192 for step in range(64)]
    failed, fine = _on_full_disks(inputs, more, after, rooms)
    print(f"portfolio: {failed} of 64 runs ended with a full disk, {fine} had room")
    assert failed
    assert fine


def test_first_portfolio_on_a_full_disk(inputs: Inputs) -> None:
    """Nothing to keep: it is no portfolio yet, says so, and the same command ends it."""
    with small_disk(ROOM) as disk:
        leave_free(disk, 100 << 10)
        _told(aggregate(inputs.folder / "retour", disk / "p"), "TARGET_DISK_FULL")
        _told(here("query", "select 1", "-p", disk / "p"), "PORTFOLIO_UNFINISHED")
        (disk / ".ballast").unlink()
        assert aggregate(inputs.folder / "retour", disk / "p").exit_code == 0
        assert tables(disk / "p") == tables(inputs.folder / "portfolio")


def test_read_only_portfolio(inputs: Inputs, more: Path) -> None:
    """It can be asked and reported on, not updated."""
    with small_disk(ROOM) as disk:
        folder = disk / "p"
        shutil.copytree(inputs.folder / "portfolio", folder)
        read_only(disk)
        _told(aggregate(more, folder), "TARGET_READ_ONLY")
        assert here("query", "select count(*) from files", "-p", folder).exit_code == 0


def test_stopped_while_tables_are_put_in_place(
    inputs: Inputs, more: Path, after: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one moment in which old and new stand side by side: nobody reads that."""
    folder = tmp_path / "p"
    shutil.copytree(inputs.folder / "portfolio", folder)
    real = Stage.put_in_place

    def half(self: Stage) -> None:
        (self.folder / STATE).unlink()
        parts = sorted((self.root / "answers").glob("*.parquet"))
        os.replace(parts[0], self.folder / "answers" / parts[0].name)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Stage, "put_in_place", half)
    _told(aggregate(more, folder), "TARGET_UNWRITABLE")
    monkeypatch.setattr(Stage, "put_in_place", real)
    for command in (
        ("query", "select 1", "-p", folder),
        ("aggregate", folder, "-o", tmp_path / "v.csv"),
    ):
        _told(here(*command), "PORTFOLIO_UNFINISHED")
    assert aggregate(more, folder).exit_code == 0
    assert tables(folder) == tables(after)
    assert _left(folder) == set()


def test_a_cache_that_is_damaged(inputs: Inputs, more: Path, tmp_path: Path) -> None:
    """Told with the cure, and the cure works."""
    folder = tmp_path / "p"
    shutil.copytree(inputs.folder / "portfolio", folder)
    (folder / "cache.sqlite").write_bytes(b"dit is geen databank" * 500)
    _told(aggregate(more, folder), "PORTFOLIO_DAMAGED")
    (folder / "cache.sqlite").unlink()
    assert aggregate(more, folder).exit_code == 0
