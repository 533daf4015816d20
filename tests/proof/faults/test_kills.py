"""Killed at any moment (SIGKILL), or asked to stop (Ctrl-C, SIGTERM): whole files, no leftovers."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from hkz_xlsx.batch.manifest import read_manifest
from hkz_xlsx.text import messages
from tests.portfolio.field import member
from tests.portfolio.test_reading import tables
from tests.proof.faults.commands import NEXT, SIGNED, Inputs, make_inputs
from tests.proof.faults.processes import Started, until_listening
from tests.support import mostly_proof

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="signals, and processes looked up in /proc"
)


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def contents(folder: Path) -> object:
    """What a portfolio says, and which files it has: its cache and lock may differ in bytes."""
    known = ("cache.sqlite", "portfolio.lock")
    names = {name for name in files(folder) if not name.startswith(known)}
    return tables(folder), sorted(names), (folder / "portfolio.json").read_bytes()


@dataclass(frozen=True)
class Victim:
    """A command to kill. ``go_on`` gives the arguments for after a kill; ``whole`` says whether a
    file of ours that is there may be as it is."""

    name: str
    arguments: Callable[[Inputs, Path], list[str]]
    rests: bool = False

    def run(self, inputs: Inputs, out: Path) -> Started:
        return Started(*self.arguments(inputs, out))


def _single(kind: str) -> Victim:
    return Victim(
        f"analyze {kind}",
        lambda i, out: ["analyze", i / "een.xlsx", "-o", str(out / f"r.{kind}"), "--force"],
    )


GENERATE = Victim(
    "generate", lambda _, out: ["generate", "125", "-o", str(out / "w.xlsx"), "--force"]
)
BATCH = Victim(
    "batch",
    lambda i, out: ["batch", i / "velen.csv", "-o", str(out), "--resume", "--jobs", "2"],
)
AGGREGATE = Victim(
    "aggregate",
    lambda i, out: ["aggregate", i / "stapel", "-o", str(out / "p"), "--jobs", "2"],
    rests=True,
)
FOLDER = Victim(
    "analyze folder",
    lambda i, out: [
        "analyze", i / "stapel", "-o", str(out), "--format", "html,md", "--force", "--jobs", "2",
    ],
)  # fmt: skip
SINGLE = (
    GENERATE,
    *(_single(kind) for kind in ("html", "docx", "pdf", "xlsx")),
    Victim(
        "repair", lambda i, out: ["repair", i / "een.xlsx", "-o", str(out / "h.xlsx"), "--force"]
    ),
    Victim(
        "merge",
        lambda i, out: [
            "merge", i / "een.xlsx", i / "twee.xlsx", "-o", str(out / "s.xlsx"), "--force",
        ],
    ),
    Victim(
        "sign",
        lambda i, out: ["sign", i / "een.xlsx", *SIGNED, "-o", str(out / "a.xlsx"), "--force"],
    ),
)  # fmt: skip
MIGRATE = Victim(
    "migrate",
    lambda i, out: [
        "migrate", i / "stapel", "-o", str(out), "--to", NEXT, "--resume", "--jobs", "2",
    ],
)  # fmt: skip
SPLIT = Victim(
    "split",
    lambda i, out: ["split", i / "een.xlsx", "--by", "rubriek", "-o", str(out), "--resume"],
)
ALL = (*SINGLE, FOLDER, BATCH, AGGREGATE, MIGRATE, SPLIT)


def prepare(inputs: Inputs, clients: int, returns: int) -> None:
    lines = [
        "Naam;Norm;Datum",
        *(f"Klant {n};{'125' if n % 3 else '143'};1-3-2026" for n in range(clients)),
    ]
    (inputs.folder / "velen.csv").write_text("\r\n".join(lines) + "\r\n")
    stack = inputs.folder / "stapel"
    shutil.copytree(inputs / "retour", stack)
    for seed in range(len(list(stack.iterdir())), returns):
        (stack / f"retour-{seed:03d}.xlsx").write_bytes(member(seed).data())


@pytest.fixture(scope="module")
def few(inputs: Inputs) -> Inputs:
    if not (inputs.folder / "stapel").exists():
        prepare(inputs, 40, 3)
    return inputs


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    made = make_inputs(tmp_path_factory.mktemp("veel") / "in", 1)
    prepare(made, 200, 60)
    return made


def state(victim: Victim, out: Path) -> object:
    return contents(out / "p") if victim.rests else files(out)


def killed(victim: Victim, inputs: Inputs, root: Path, kills: int) -> str:
    """Kill at random moments of the life of the process; go on after each; compare at the end.

    Half of the kills take the whole group of processes, half the parent alone.
    """
    first = root / "heel"
    first.mkdir(parents=True)
    started = victim.run(inputs, first)
    code, output = started.end()
    assert code == 0, output
    life = time.monotonic() - started.began
    expected, names = state(victim, first), files(first)
    chance = random.Random(f"{victim.name} {kills}")
    stopped, before_end, resumed = 0, 0, 0
    out = root / "uit"
    out.mkdir()
    for number in range(kills):
        if number % 4 == 0:  # otherwise it goes on from where the last one was killed
            shutil.rmtree(out)
            out.mkdir()
        old = {}
        if victim in SINGLE:
            (name,) = names
            old = {name: b"oud" * 1000}
            (out / name).write_bytes(old[name])
        started = victim.run(inputs, out)
        moment = life * chance.uniform(0.05, 1.05)
        alive = started.pause(moment)
        started.kill(group=number % 2 == 0)
        stopped += alive
        left = started.left()
        assert left == [], (number, "processes live on", left)
        before_end += _checked(victim, out, names, old, number)
        if number % 4 != 3 and number != kills - 1:
            continue
        again = victim.run(inputs, out)
        code, output = again.end()
        assert code == 0, (number, output)
        assert state(victim, out) == expected, number
        resumed += 1
    return (
        f"{victim.name}: {kills} kills, {stopped} while at work, {before_end} before the file was "
        f"replaced or with unfinished files, {resumed} runs after them compared"
    )


def _checked(
    victim: Victim, out: Path, names: dict[str, bytes], old: dict[str, bytes], number: int
) -> bool:
    """Nothing torn, nothing vanished: every file is the old one or the new one."""
    found = files(out)
    if victim.rests:  # a portfolio is a whole; what is half says so, see the run after it
        return not (out / "p" / "portfolio.json").is_file()
    assert old.keys() <= found.keys(), (number, "vanished")
    for name, data in found.items():
        if not Path(name).name.startswith(".hkz-"):
            assert data in (names.get(name), old.get(name)), (number, "torn", name)
    return any(found.get(name) != data for name, data in names.items())


@pytest.mark.parametrize(
    ("victim", "kills"),
    [(SINGLE[1], 2), (FOLDER, 1), (AGGREGATE, 1), (MIGRATE, 1)],
    ids=lambda v: getattr(v, "name", None),
)
def test_killed(victim: Victim, kills: int, few: Inputs, tmp_path: Path) -> None:
    """Batch is killed in tests/batch/test_whole.py."""
    print(killed(victim, few, tmp_path, kills))


@pytest.mark.proof
@pytest.mark.parametrize("victim", ALL, ids=lambda v: v.name)
def test_killed_many_times(victim: Victim, many: Inputs, tmp_path: Path) -> None:
    kills = 200 if victim in (GENERATE, SINGLE[1], BATCH, AGGREGATE) else 60
    print(killed(victim, many, tmp_path, kills))


def stopped(
    victim: Victim, inputs: Inputs, out: Path, number: int, share: float, *, group: bool
) -> int:
    """Ask to stop; gives the exit code, after looking at what was said and what is left."""
    out.mkdir(parents=True)
    started = victim.run(inputs, out)
    until_listening(started)
    time.sleep(share)
    began = time.monotonic()
    started.signal(number, group=group)
    code, output = started.end()
    assert time.monotonic() - began < 30
    assert started.left() == []
    assert "Traceback" not in output, output
    assert "Error" not in output, output
    if code == 0:  # it was ready before
        return code
    assert code == 130, (code, output)
    keys = ("cli.stopped", "batch.interrupted", "portfolio.stopped")
    said = [messages("nl")(key) for key in keys]
    assert any(text in output for text in said) or "Afgebroken." in output, output
    unfinished = [n for n in files(out) if Path(n).name.startswith((".hkz-", ".new", ".tmp"))]
    assert unfinished == [], unfinished
    return code


@pytest.mark.parametrize(
    ("victim", "number", "share", "group"),
    [
        (SINGLE[1], signal.SIGINT, 0.3, True),
        (GENERATE, signal.SIGTERM, 0.2, False),
        (FOLDER, signal.SIGINT, 1.5, True),
        pytest.param(FOLDER, signal.SIGTERM, 1.5, False, marks=pytest.mark.proof),
        pytest.param(BATCH, signal.SIGINT, 1.0, True, marks=pytest.mark.proof),
        (BATCH, signal.SIGTERM, 1.0, False),
        (AGGREGATE, signal.SIGINT, 1.5, True),
        pytest.param(AGGREGATE, signal.SIGTERM, 1.5, False, marks=pytest.mark.proof),
    ],
)
def test_asked_to_stop(
    victim: Victim, number: int, share: float, group: bool, few: Inputs, tmp_path: Path
) -> None:
    """A clear message, exit code 130, nothing unfinished, no process that lives on."""
    for turn in range(4):  # on a quick machine it may be ready before
        code = stopped(victim, few, tmp_path / str(turn), number, share / 2**turn, group=group)
        if code:
            return
    raise AssertionError("never stopped while at work")


def test_asked_to_stop_when_all_is_done(few: Inputs) -> None:
    """While Python ends: the work was done and told, so it went well."""
    code = (
        "import atexit, os, signal, sys\n"
        "from hkz_xlsx.__main__ import main\n"
        "both = signal.SIGTERM, signal.SIGINT\n"
        "atexit.register(lambda: [os.kill(os.getpid(), n) for n in both])\n"
        f"sys.argv[1:] = ['check', {few / 'een.xlsx'!r}]\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("asked", [True, False])
def test_asked_to_stop_while_importing(asked: bool) -> None:
    """A module that is half there makes other faults; without having been asked a fault is one."""
    code = (
        "import os, signal, sys\n"
        "import hkz_xlsx.cli.main as cli\n"
        "from hkz_xlsx.__main__ import main\n"
        "def half():\n"
        "    try:\n"
        f"        {asked} and os.kill(os.getpid(), signal.SIGTERM)\n"
        "    finally:\n"
        "        raise AttributeError('partially initialized module')\n"
        "cli.main = half\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if asked:
        assert (done.returncode, done.stderr) == (130, "Afgebroken.\n")
    else:
        assert done.returncode == 1
        assert "AttributeError" in done.stderr


@pytest.mark.proof
@pytest.mark.parametrize("victim", ALL, ids=lambda v: v.name)
def test_asked_to_stop_many_times(victim: Victim, many: Inputs, tmp_path: Path) -> None:
    chance = random.Random(victim.name)
    numbers = (signal.SIGINT, signal.SIGTERM)
    (tmp_path / "whole").mkdir()
    whole = victim.run(many, tmp_path / "whole")
    until_listening(whole)
    began = time.monotonic()
    assert whole.end()[0] == 0
    length = time.monotonic() - began
    codes: dict[int, list[int]] = {number: [] for number in numbers}
    for turn in range(16):
        number = numbers[turn % 2]
        share, group = chance.uniform(0.0, length), turn % 4 < 2
        code = stopped(victim, many, tmp_path / str(turn), number, share, group=group)
        codes[number].append(code)
    obeyed = {number.name: codes[number].count(130) for number in numbers}
    print(f"{victim.name}: 16 times asked to stop, {obeyed} before it was ready")
    assert all(obeyed.values())


def _worker_of(started: Started) -> int:
    """The process number of a worker, as soon as there is one."""
    while started.process.poll() is None:
        for path in Path(f"/proc/{started.process.pid}/task").glob("*/children"):
            with suppress(OSError):  # a thread or process that just ended
                for found in path.read_text().split():
                    if b"machine.worker" in Path(f"/proc/{found}/cmdline").read_bytes():
                        return int(found)
        time.sleep(0.002)
    raise AssertionError(started.end())


def _with_a_worker_killed(started: Started, later: float) -> tuple[int, str]:
    """What became of a command that lost a worker so many seconds after that was started."""
    child = _worker_of(started)
    time.sleep(later)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    code, output = started.end()
    return code, output


@pytest.mark.parametrize("later", mostly_proof([0.0, 0.02, 0.1, 0.4, 0.8], 0.0, 0.4), ids=str)
def test_a_worker_process_of_a_batch_that_is_killed(
    few: Inputs, tmp_path: Path, later: float
) -> None:
    """As when memory runs out: told, and the run can go on. A pool of the standard library
    would wait for ever when a process dies while the next is started."""
    out = tmp_path / "uit"
    started = BATCH.run(few, out)
    code, output = _with_a_worker_killed(started, later)
    if code:  # one that had not said that it is there is started again
        assert code == 1, output
        assert "BATCH_PROCESS_DIED" in output
        assert "BATCH_STOPPED" in output
        assert not (out / "manifest.json").exists()
    assert "Traceback" not in output
    assert BATCH.run(few, out).end()[0] == 0
    assert started.left() == []
    assert not list(out.glob(".hkz-*"))
    assert len(list(out.glob("*.xlsx"))) == 40
    assert len(read_manifest(out / "manifest.json")) == 40


CHECK = Victim("check", lambda i, _: ["check", i / "stapel", "--jobs", "2"])


@pytest.mark.parametrize("later", mostly_proof([0.0, 0.5, 1.5], 0.5), ids=str)
@pytest.mark.parametrize("victim", [CHECK, FOLDER, AGGREGATE], ids=lambda v: v.name)
def test_a_worker_process_that_is_killed_costs_a_file(
    victim: Victim, few: Inputs, tmp_path: Path, later: float
) -> None:
    """The one it was at, which is told; a portfolio that goes on reads it again."""
    started = victim.run(few, tmp_path)
    code, output = _with_a_worker_killed(started, later)
    assert code in (0, 1), output
    assert "Traceback" not in output
    assert output.count("FILE_DIED") <= 1
    if victim is not AGGREGATE:  # one that had not said that it is there had no file in hand
        assert code == output.count("FILE_DIED"), output
    assert started.left() == []
    if victim is AGGREGATE:
        assert victim.run(few, tmp_path).end()[0] == 0
        assert json.loads((tmp_path / "p" / "portfolio.json").read_text())["found"]["refused"] == 0
