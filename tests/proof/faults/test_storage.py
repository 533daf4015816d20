"""A disk that is full, folders that cannot be written, files that are in use: for every command.

Each time the old file is there with the same bytes (or the new one, whole), no unfinished file
is left, and one message says which file, what is wrong and what to do.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import Result

from hkz_xlsx.machine import faults
from hkz_xlsx.machine.atomic import UNFINISHED
from hkz_xlsx.text import messages
from tests.proof.faults.commands import COMMANDS, Command, Inputs, here
from tests.proof.faults.disks import as_nobody, free, leave_free, read_only, small_disk

PAGE = 4096
every = pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.name)
ONE = next(c for c in COMMANDS if c.name == "analyze json")
FAMILIES = [c for c in COMMANDS if c.name in ("norms to-xlsx", "batch", "collect")]
families = pytest.mark.parametrize("command", FAMILIES, ids=lambda c: c.name)


def old(path: str) -> bytes:
    """What stood there before: not of ours, and of a length of its own."""
    return b"oud\n" * (len(path) * 50)


def put_old(command: Command, inputs: Inputs, out: Path) -> None:
    out.mkdir(exist_ok=True)
    command.prepare(inputs, out)
    for name in () if command.anew else command.made:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(old(name))


def files(folder: Path) -> dict[str, bytes]:
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items())}


def check(result: Result, code: str, *names: str) -> None:
    """One clear message in Dutch: the file, what is wrong, what to do; no traceback."""
    assert result.exit_code == 1, (result.output, result.exception)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.output.count(code) == 1, result.output
    text = messages("nl")
    for part in ("message", "hint"):
        wanted = text(f"problem.{code}.{part}").partition("{")[0]
        assert wanted in result.output
    assert any(name in result.output for name in names), result.output
    assert "Traceback" not in result.output
    assert not any(word in result.output for word in ("Errno", "No space", "Permission"))


@pytest.fixture(scope="module")
def whole(inputs: Inputs) -> Callable[[Command], dict[str, bytes]]:
    """What a command makes when nothing is in its way."""
    made: dict[str, dict[str, bytes]] = {}

    def get(command: Command) -> dict[str, bytes]:
        if command.name not in made:
            with tempfile.TemporaryDirectory(prefix="hkz-whole-") as name:
                out = Path(name) / "uit"
                put_old(command, inputs, out)
                result = here(*command.arguments(inputs, out))
                assert result.exit_code == 0, result.output
                made[command.name] = files(out)
                assert set(command.made) <= set(made[command.name])
        return made[command.name]

    return get


def _full_disk(
    command: Command, inputs: Inputs, expected: dict[str, bytes], shares: Sequence[float]
) -> tuple[int, int]:
    """Run with these shares of the room that the new files take; how many failed, and not.

    Every eighth run that failed is done again with room, and must end as if nothing happened.
    """
    need = sum(-(-len(data) // PAGE) + 1 for data in expected.values()) * PAGE
    failed = fine = 0
    for step, share in enumerate(shares):
        # Old and new stand there together for a moment, so twice the room is plenty.
        with small_disk(4 * need + (1 << 20)) as disk:
            out = disk / "uit"
            put_old(command, inputs, out)
            before = files(out)
            leave_free(disk, int(need * share))
            result = here(*command.arguments(inputs, out))
            after = files(out)
            if result.exit_code == 0:
                assert after == expected
                fine += 1
                continue
            failed += 1
            check(result, "TARGET_DISK_FULL", *command.made, out.name)
            assert set(after) <= set(before) | set(expected), set(after) - set(before)
            for name, data in before.items():
                assert after.get(name) in (data, expected.get(name)), (step, name)
            for name, data in after.items():
                assert data in (before.get(name), expected.get(name)), (step, name)
            if step % 8:
                continue
            (disk / ".ballast").unlink()
            again = here(*command.arguments(inputs, out))
            assert again.exit_code == 0, again.output
            assert files(out) == expected
    return failed, fine


@every
def test_full_disk(command: Command, inputs: Inputs) -> None:
    """Nothing free at all: everything is as it was."""
    with small_disk(16 << 20) as disk:
        out = disk / "uit"
        put_old(command, inputs, out)
        before = files(out)
        leave_free(disk, 0)
        result = here(*command.arguments(inputs, out))
        check(result, "TARGET_DISK_FULL", *command.made, out.name)
        assert files(out) == before


@families
def test_disk_that_is_nearly_full(
    command: Command, inputs: Inputs, whole: Callable[[Command], dict[str, bytes]]
) -> None:
    """Room for a part: what is made is whole; then again with room. And just room enough."""
    assert _full_disk(command, inputs, whole(command), (0.1, 1.1)) == (1, 1)


def test_reports_that_did_not_fit_leave_the_former_index(
    inputs: Inputs, whole: Callable[[Command], dict[str, bytes]]
) -> None:
    """Room for an index and not for the reports: told once, and no index without its reports."""
    command = next(c for c in COMMANDS if c.name == "analyze folder")
    assert _full_disk(command, inputs, whole(command), (0.035, 0.06)) == (2, 0)


@pytest.mark.proof
@every
def test_full_disk_at_64_steps(
    command: Command, inputs: Inputs, whole: Callable[[Command], dict[str, bytes]]
) -> None:
    shares = [step / 60 for step in range(64)]
    failed, fine = _full_disk(command, inputs, whole(command), shares)
    print(f"{command.name}: {failed} of 64 runs ended with a full disk, {fine} had room")
    assert failed
    assert fine
    assert failed + fine == 64


@every
def test_disk_that_can_only_be_read(command: Command, inputs: Inputs) -> None:
    with small_disk(4 << 20) as disk:
        out = disk / "uit"
        put_old(command, inputs, out)
        before = files(out)
        read_only(disk)
        result = here(*command.arguments(inputs, out))
        assert files(out) == before
    assert result.output.count("TARGET_READ_ONLY") >= 1, result.output
    check_one_kind(result, "TARGET_READ_ONLY")


def check_one_kind(result: Result, code: str) -> None:
    """As `check`, but several files of one command may each be told."""
    assert result.exit_code == 1, (result.output, result.exception)
    assert isinstance(result.exception, SystemExit)
    assert messages("nl")(f"problem.{code}.hint") in result.output
    assert "Traceback" not in result.output
    assert "Errno" not in result.output


@pytest.mark.parametrize(
    "command",
    [c for c in COMMANDS if c.name in ("batch", "batch example", "norms to-xlsx", "generate")],
    ids=lambda c: c.name,
)
def test_folder_of_somebody_else(command: Command, inputs: Inputs) -> None:
    with tempfile.TemporaryDirectory(prefix="hkz-mode-") as name:
        Path(name).chmod(0o755)
        out = Path(name) / "uit"
        put_old(command, inputs, out)
        before = files(out)
        with as_nobody(out):
            result = here(*command.arguments(inputs, out))
        assert files(out) == before
    check_one_kind(result, "TARGET_DENIED")


@every
def test_the_target_is_a_folder(command: Command, inputs: Inputs, tmp_path: Path) -> None:
    """Told before any work; nothing in that folder is touched."""
    out = tmp_path / "uit"
    out.mkdir()
    if command.anew:
        pytest.skip("this command reads a list of decisions that is there, and replaces none")
    command.prepare(inputs, out)
    target = out / command.made[-1]
    target.unlink(missing_ok=True)
    target.mkdir(parents=True)
    (target / "mijn.txt").write_text("van mij")
    result = here(*command.arguments(inputs, out))
    assert result.output.count("TARGET_IS_FOLDER") >= 1, result.output
    check_one_kind(result, "TARGET_IS_FOLDER")
    assert command.made[-1] in result.output
    assert files(target) == {"mijn.txt": b"van mij"}
    assert not [n for n in files(out) if Path(n).name.startswith(".hkz")]


@every
def test_the_folder_is_a_file(command: Command, inputs: Inputs, tmp_path: Path) -> None:
    (tmp_path / "uit").write_text("van mij")
    result = here(*command.arguments(inputs, tmp_path / "uit"))
    if command.prepared:  # a folder of norms that is none
        assert result.exit_code in (1, 2)
    else:
        check_one_kind(result, "TARGET_NO_FOLDER")
    assert files(tmp_path) == {"uit": b"van mij"}


@families
def test_a_folder_that_is_not_there(command: Command, inputs: Inputs, tmp_path: Path) -> None:
    """Commands that write into a folder of their own make it; the others say what is missing."""
    result = here(*command.arguments(inputs, tmp_path / "weg" / "uit"))
    if command.name == "batch":
        assert result.exit_code == 0
    else:
        check_one_kind(result, "TARGET_NO_FOLDER")
        assert files(tmp_path) == {}


def test_a_file_that_is_protected(tmp_path: Path, inputs: Inputs) -> None:
    """`chattr +i`: not even root replaces it."""
    target = tmp_path / ONE.made[0]
    target.write_bytes(b"oud")
    if (
        not shutil.which("chattr")
        or subprocess.run(["chattr", "+i", target], check=False).returncode
    ):
        pytest.skip("files cannot be made unchangeable here")
    try:
        result = here(*ONE.arguments(inputs, tmp_path))
    finally:
        subprocess.run(["chattr", "-i", target], check=True)
    check(result, "TARGET_DENIED", target.name)
    assert files(tmp_path) == {target.name: b"oud"}


class Refusing:
    """`os.replace` as Windows has it while a program holds the file: so many times."""

    def __init__(self, times: int) -> None:
        self.times, self.real = times, os.replace

    def __call__(self, source: str, target: str) -> None:
        if self.times > 0:
            self.times -= 1
            raise PermissionError(errno.EACCES, "The process cannot access the file", source)
        self.real(source, target)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(faults, "sleep", slept.append)
    return slept


@families
def test_in_use_for_a_moment(
    command: Command, inputs: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    pauses: list[float], whole: Callable[[Command], dict[str, bytes]],
) -> None:  # fmt: skip
    """Refused three times, then well: waited for, and nothing is noticed."""
    expected = whole(command)
    put_old(command, inputs, tmp_path)
    monkeypatch.setattr(os, "replace", Refusing(3))
    assert here(*command.arguments(inputs, tmp_path)).exit_code == 0
    assert len(pauses) == 3
    assert files(tmp_path) == expected


@families
def test_in_use_for_ever(
    command: Command, inputs: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    pauses: list[float],
) -> None:  # fmt: skip
    """After three seconds it is told; the old files are as they were."""
    put_old(command, inputs, tmp_path)
    before = files(tmp_path)
    monkeypatch.setattr(os, "replace", Refusing(10**6))
    result = here(*command.arguments(inputs, tmp_path))
    check_one_kind(result, "TARGET_IN_USE")
    assert files(tmp_path) == before
    assert 2.5 < sum(faults.PAUSES) < 3.5
    assert len(pauses) % len(faults.PAUSES) == 0


@families
def test_the_disk_fails(
    command: Command, inputs: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`fsync` says that the disk did not keep what was written."""
    put_old(command, inputs, tmp_path)
    before = files(tmp_path)

    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    result = here(*command.arguments(inputs, tmp_path))
    check_one_kind(result, "TARGET_UNWRITABLE")
    assert "EIO" in result.output
    after = files(tmp_path)
    if command.name == "batch":  # no fsync per file: only the manifests were not made
        assert {n: d for n, d in after.items() if n.startswith("manifest")} == {
            n: d for n, d in before.items() if n.startswith("manifest")
        }
        assert after.keys() == before.keys()
    else:
        assert after == before


def test_in_english(tmp_path: Path) -> None:
    """Messages follow ``--lang``."""
    result = here("generate", "125", "-o", tmp_path / "weg" / "w.xlsx", "--lang", "en")
    assert messages("en")("problem.TARGET_NO_FOLDER.hint") in result.output


def test_every_wrong_target_at_once(inputs: Inputs, tmp_path: Path) -> None:
    """Two reports that cannot be written are both told, and the third is not made."""
    (tmp_path / "r.md").mkdir()
    targets = [tmp_path / "r.md", tmp_path / "weg" / "r.json", tmp_path / "r.html"]
    result = here("analyze", inputs / "een.xlsx", *(w for t in targets for w in ("-o", t)))
    assert result.exit_code == 1
    assert "TARGET_IS_FOLDER" in result.output
    assert "TARGET_NO_FOLDER" in result.output
    assert not targets[2].exists()


def test_output_that_nobody_keeps(inputs: Inputs) -> None:
    """Standard output on a full disk: told on stderr, no noise at the end."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with open("/dev/full", "w") as full:  # noqa: PTH123
        command = [sys.executable, "-m", "hkz_xlsx", "check", inputs / "een.xlsx", "--json"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "OUTPUT_LOST" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_no_room_in_the_temporary_folder(inputs: Inputs, tmp_path: Path) -> None:
    """Nothing of an archive is unpacked on disk."""
    archive = shutil.make_archive(str(tmp_path / "retour"), "zip", inputs / "retour")
    with small_disk(1 << 20) as disk:
        leave_free(disk, 3 * PAGE)
        os.environ["TMPDIR"], before = str(disk), os.environ.get("TMPDIR")
        tempfile.tempdir = None
        try:
            result = here("analyze", archive, "-o", tmp_path / "uit")
            left = [p for p in disk.iterdir() if p.name != ".ballast"]
        finally:
            tempfile.tempdir = None
            if before is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = before
    assert "TARGET_DISK_FULL" not in result.output, result.output
    assert (tmp_path / "uit" / "index.html").is_file()
    assert left == []


def test_a_file_name_that_the_system_refuses(tmp_path: Path) -> None:
    """What no command foresees is told too, by the system's name for the fault."""
    result = here("norms", "check", tmp_path / ("x" * 300))
    check(result, "SYSTEM_FAULT", "x" * 300)
    assert "ENAMETOOLONG" in result.output


def test_leftovers_of_a_killed_run(inputs: Inputs, tmp_path: Path) -> None:
    """An unfinished file of a run that is gone is taken away; one being written is left alone."""
    fcntl = pytest.importorskip("fcntl")
    left, busy = tmp_path / f"{UNFINISHED}aaaa", tmp_path / f"{UNFINISHED}bbbb"
    left.write_bytes(b"half")
    busy.write_bytes(b"half")
    with busy.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert here(*ONE.arguments(inputs, tmp_path)).exit_code == 0
    assert not left.exists()
    assert busy.exists()
    assert free(tmp_path)
