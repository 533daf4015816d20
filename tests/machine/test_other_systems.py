"""What Windows and macOS do otherwise, done here in their place: see docs/platforms.md."""

from __future__ import annotations

import ctypes
import errno
import os
import queue
import sqlite3
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path, PurePosixPath, PureWindowsPath
from threading import Timer
from typing import Any

import pytest

from hkz_xlsx.machine import child, faults, job, shares
from hkz_xlsx.machine.atomic import write_file
from hkz_xlsx.machine.supervise import NoProcessError, Supervisor, Worker
from hkz_xlsx.portfolio.cache import _CODE, NAME, Cache, opened_to_read
from hkz_xlsx.problems import HkzError


def fine(word: str) -> str:
    return word


# Databases on a share


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (
            PureWindowsPath(r"\\server\map\stand van zaken"),
            "file:////server/map/stand%20van%20zaken",
        ),
        (PureWindowsPath(r"Z:\map\a#b?.sqlite"), "file:///Z%3A/map/a%23b%3F.sqlite"),
        (PurePosixPath("/home/é"), "file:///home/%C3%A9"),
    ],
)
def test_the_address_of_a_database(path: Path, uri: str) -> None:
    assert shares.database_uri(path) == f"{uri}?mode=ro"


def test_sqlite_opens_what_a_share_is_called(tmp_path: Path) -> None:
    """Here two slashes at the start mean what one does, so that the address can be tried."""
    sqlite3.connect(tmp_path / "a.sqlite").close()
    share = PureWindowsPath(f"/{tmp_path}/a.sqlite")
    assert str(share).startswith("\\\\")
    sqlite3.connect(shares.database_uri(share), uri=True).close()
    with pytest.raises(sqlite3.OperationalError, match="authority"):
        sqlite3.connect(f"{share.as_uri()}?mode=ro", uri=True)


_MOUNTS = r"""22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/kantoor rw - cifs //server/kantoor rw
31 22 0:41 / /mnt/met\040spatie rw shared:3 - nfs4 server:/x rw
32 30 8:2 / /mnt/kantoor/eigen rw - ext4 /dev/sdb1 rw
onzin
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/u", "ext4"), ("/mnt/kantoor", "cifs"), ("/mnt/kantoor/p/x", "cifs"),
        ("/mnt/kantoor/eigen/p", "ext4"), ("/mnt/kantoor2", "ext4"), ("/mnt/met spatie/p", "nfs4"),
    ],
)  # fmt: skip
def test_where_a_folder_is_mounted(path: str, kind: str) -> None:
    assert shares.mounted_from(_MOUNTS, path) == kind


def test_shares_of_windows_and_volumes_of_macos() -> None:
    assert shares.windows_share(r"\\server\map")
    assert shares.windows_share(r"\\?\UNC\server\map")
    assert not shares.windows_share(r"\\?\C:\map")
    assert not shares.windows_share(r"C:\map")
    assert shares.mac_volume("/Volumes/kantoor/p")
    assert not shares.mac_volume("/Users/u/p")


@pytest.mark.parametrize("shared", [False, True])
def test_no_write_ahead_log_on_a_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    """There, one reads while another has written, too; only the log beside the file is gone."""
    monkeypatch.setattr("hkz_xlsx.portfolio.cache.on_share", lambda _: shared)
    cache = Cache(tmp_path / NAME, "1")
    cache.keep("a" * 64, b"h", b"b")
    cache.commit()
    assert (tmp_path / f"{NAME}-wal").exists() is not shared
    reading = opened_to_read(tmp_path / NAME)
    assert reading.execute("select count(*) from bodies").fetchone() == (1,)
    with pytest.raises(sqlite3.OperationalError):
        reading.execute("delete from bodies")
    cache.keep("b" * 64, b"h", b"b")
    cache.commit()
    assert reading.execute("select count(*) from bodies").fetchone() == (2,)
    reading.close()
    cache.close()


def test_what_decides_about_a_cache_is_there() -> None:
    """A room that was renamed would silently no longer count."""
    import hkz_xlsx

    rooms = {path.name for path in Path(hkz_xlsx.__file__).parent.iterdir() if path.is_dir()}
    assert set(_CODE) <= rooms


# What is printed into a file or a pipe


@pytest.mark.parametrize("words", [["check", "é★.xlsx"], ["norms", "show", "138"]])
def test_redirected_output_is_utf_8(words: list[str]) -> None:
    """Where the system would take another code page, as Windows does."""
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "hkz_xlsx", *words], capture_output=True, check=False,
        env=environment,
    )  # fmt: skip
    text = (done.stdout + done.stderr).decode("utf-8")
    assert "é" in text or "ë" in text
    assert "�" not in text


# Python that does not work


def _python(folder: Path, lines: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{lines}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("how", ["blocked", "frozen", "none"])
def test_python_that_is_held_back_is_not_the_fault_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A virus scanner that ends each process; a program that Python was packed into; no Python."""
    monkeypatch.setattr(Worker, "spoken", False)
    match how:
        case "blocked":
            monkeypatch.setattr(sys, "executable", _python(tmp_path, "exit 5"))
        case "frozen":
            monkeypatch.setattr(sys, "frozen", True, raising=False)
        case _:
            monkeypatch.setattr(sys, "executable", "")
    with Worker() as worker, pytest.raises(NoProcessError, match="PROCESS_SILENT") as raised:
        worker.run("a.xlsx", fine, "x")
    (found,) = raised.value.problems
    assert "a.xlsx" not in found.text("nl")
    assert found.slots["detail"] == ("5" if how == "blocked" else "frozen")
    assert worker.started == (2 if how == "blocked" else 0)


def test_a_whole_run_ends_where_python_is_held_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "spoken", False)
    monkeypatch.setattr(sys, "executable", _python(tmp_path, "exit 5"))
    with Supervisor(2) as workers, pytest.raises(NoProcessError):
        list(workers.map(fine, [("a", "x"), ("b", "y")]))


def test_one_process_that_fails_to_begin_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passing fault, and the call was not seen: also where no second try is allowed."""
    monkeypatch.setattr(Worker, "spoken", False)
    once = f'if [ -e {tmp_path}/was ]; then exec {sys.executable} "$@"; fi\ntouch {tmp_path}/was'
    monkeypatch.setattr(sys, "executable", _python(tmp_path, f"{once}\nexit 1"))
    with Worker(again=False) as worker:
        assert worker.run("a.xlsx", fine, "x") == "x"
    assert worker.started == 2


def test_no_window_for_a_process_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows would open a console for each, beside a program without one."""
    asked: dict[str, Any] = {}

    class Refused:
        def __init__(self, *_: object, **how: object) -> None:
            asked.update(how)
            raise OSError(errno.EAGAIN, "")

    monkeypatch.setattr(subprocess, "Popen", Refused)
    monkeypatch.setattr(child, "_NO_WINDOW", 0x08000000)
    with Worker() as worker, pytest.raises(NoProcessError, match="PROCESS_REFUSED"):
        worker.run("a.xlsx", fine, "x")
    assert asked["creationflags"] == 0x08000000


# Ctrl-C, which Windows lets Python hear between waits only


class _Deaf(queue.SimpleQueue[Any]):
    """As on Windows: nothing is heard during a wait; so none may be long."""

    longest = 0.0

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        type(self).longest = max(self.longest, timeout if timeout is not None else 1e9)
        return super().get(block, timeout)


def test_no_wait_is_longer_than_a_second() -> None:
    answers = _Deaf()
    Timer(0.7, answers.put, (b"x",)).start()
    assert child.next_answer(answers, 5) == b"x"
    with pytest.raises(queue.Empty):
        child.next_answer(answers, 0.6)
    assert 0 < _Deaf.longest <= 1


def test_ctrl_c_is_heard_while_a_thread_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    class Pressed(KeyboardInterrupt):
        pass

    def wait(_: object, seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise Pressed

    monkeypatch.setattr(child, "wait", wait)
    with pytest.raises(Pressed):
        child.result_of(Future[str]())
    assert max(waits) <= 1


# Memory


class _Kernel:
    """Notes what Windows would be asked."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses, self.limit = refuses, 0
        self.calls: list[str] = []

    def _said(self, name: str) -> int:
        self.calls.append(name)
        return 0 if name == self.refuses else 7

    def CreateJobObjectW(self, *_: object) -> int:  # noqa: N802 - as Windows calls it
        return self._said("create")

    def GetCurrentProcess(self) -> int:  # noqa: N802
        return -1

    def SetInformationJobObject(self, job_: int, kind: int, wish: Any, size: int) -> int:  # noqa: N802
        assert (job_, kind) == (7, 9)
        given = wish._obj
        assert size == ctypes.sizeof(given)
        assert given.basic.flags == 0x100
        self.limit = given.process_memory
        return self._said("set")

    def AssignProcessToJobObject(self, job_: int, process: int) -> int:  # noqa: N802
        assert (job_, process) == (7, -1)
        return self._said("assign")


@pytest.mark.parametrize("refuses", ["", "create", "set", "assign"])
def test_memory_is_limited_by_a_job(monkeypatch: pytest.MonkeyPatch, refuses: str) -> None:
    kernel = _Kernel(refuses)
    monkeypatch.setattr(job, "_kernel", lambda: kernel)
    assert job.limit_job(512 << 20) is not bool(refuses)
    if not refuses:
        assert kernel.limit == 512 << 20
        assert kernel.calls == ["create", "set", "assign"]


def test_the_wish_is_as_long_as_windows_expects() -> None:
    """144 bytes where an address has 8; a wrong length would be refused without a word."""
    assert ctypes.sizeof(job.Extended) == (144 if ctypes.sizeof(ctypes.c_void_p) == 8 else 112)


def test_a_system_without_jobs_goes_on() -> None:
    if sys.platform != "win32":
        assert job.limit_job(1) is False


# Files


def test_a_path_that_is_too_long_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows says of such a path that it is not there."""
    monkeypatch.setattr(faults, "WINDOWS", True)
    missing = FileNotFoundError(errno.ENOENT, "")
    long = tmp_path / ("map" * 30) / ("map" * 30) / ("map" * 30) / "w.xlsx"
    assert faults.told(long, missing).code == "TARGET_NAME_LONG"
    assert faults.told(tmp_path / "w.xlsx", missing).code == "TARGET_NO_FOLDER"
    with pytest.raises(HkzError, match="TARGET_NAME_LONG"):
        faults.check_targets([long], force=False)


def test_a_file_that_is_open_in_excel_stays_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "w.xlsx"
    target.write_bytes(b"van mij")
    waited: list[float] = []

    def replace(_: object, __: object) -> None:
        raise PermissionError(errno.EACCES, "in gebruik")

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(faults, "sleep", waited.append)
    with pytest.raises(HkzError, match="TARGET_IN_USE"):
        write_file(target, b"nieuw", force=True)
    assert target.read_bytes() == b"van mij"
    assert sum(waited) == pytest.approx(3)
    assert [path.name for path in tmp_path.iterdir()] == ["w.xlsx"]


def test_what_excel_puts_beside_an_open_file_is_no_workbook(tmp_path: Path) -> None:
    from hkz_xlsx.spreadsheet.sources import sources

    (tmp_path / "~$werkboek.xlsx").write_bytes(b"\x04Naam")
    (tmp_path / ".~lock.werkboek.ods#").write_text("Naam", "utf-8")
    assert all(source.skipped for source in sources([tmp_path]))
