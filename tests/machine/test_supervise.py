"""A file that kills, hangs, eats or floods costs only itself."""

from __future__ import annotations

import errno
import gc
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from hkz_xlsx.machine import worker as worker_module
from hkz_xlsx.machine.limits import LIMITS
from hkz_xlsx.machine.supervise import InternalError, Supervisor, Worker
from hkz_xlsx.machine.worker import ALL_ABOVE, ALL_AFTER, CPU_LIMIT
from hkz_xlsx.problems import HkzError, Where, problem

QUICK = replace(LIMITS, cpu=1.0, wall=6.0, memory=300 << 20, answer=1 << 20)


_KEPT: dict[str, object] = {}


def keep(_: object) -> tuple[bool, int]:
    """Something in a circle is kept for as long as a next call; the first one that was given up,
    is it still there? And how many objects need not be looked through."""
    circle: list[object] = []
    circle.append(circle)
    mark = _Mark()
    circle.append(mark)
    _KEPT.setdefault("first", weakref.ref(mark))
    _KEPT["now"] = circle
    first = _KEPT["first"]
    assert isinstance(first, weakref.ref)
    return first() is not None, gc.get_freeze_count()


class _Mark:
    """What a weak reference can be made to."""


def die(_: object) -> str:
    os.abort()


def leave(_: object) -> str:
    os._exit(0)


def spin(_: object) -> str:
    while True:
        pass


def sleep(_: object) -> str:
    time.sleep(100)
    return ""


def eat(_: object) -> str:
    return str(len(b"x" * (2 << 30)))


def hoard(_: object) -> str:
    return "x" * (5 << 20)


def flood(_: object) -> str:
    os.write(2, b"x" * (4 << 20))
    print("x" * (1 << 20))
    os.write(1, b"\xff" * 100)
    return "flooded"


def fail(_: object) -> str:
    return dict[str, str]()["our mistake"]


_EARLIER: list[str] = []


def spoiled(kind: str) -> str:
    """Goes well in a process that has done nothing before."""
    if _EARLIER:
        if kind == "memory":
            raise MemoryError
        os.abort()
    _EARLIER.append(kind)
    return "fine"


def refuse(name: str) -> str:
    raise HkzError(problem("FILE_EMPTY", Where(name)))


class _Command:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("true",)


def bring_a_command(_: object) -> object:
    return _Command()


def echo(name: str) -> str:
    return name


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker(QUICK) as one:
        yield one


def test_what_is_kept_is_looked_through_now_and_then(worker: Worker) -> None:
    """Not after every file, which takes half as long as reading; what was given up goes in time."""
    found = [worker.run("a.xlsx", keep, number) for number in range(ALL_AFTER + 1)]
    assert found[0][1] == 0
    assert found[1][1] > 5_000
    assert found[ALL_AFTER - 1][0], "given up, and not looked for yet"
    assert not found[ALL_AFTER][0]


def test_after_many_objects_all_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of many plans leave much; those of one plan hardly anything."""
    done: list[str] = []
    left = [range(ALL_ABOVE // 2 + 1), range(0)]

    def kept(generation: int) -> range:
        assert generation == 2
        return left[0]

    for name in ("unfreeze", "collect", "freeze"):
        monkeypatch.setattr(gc, name, partial(done.append, name))
    monkeypatch.setattr(gc, "get_objects", kept)
    garbage = worker_module._Garbage()
    for _ in range(6):
        garbage.collect()
    assert [n for n, name in enumerate(n for n in done if n != "freeze") if name == "unfreeze"] == [
        2,
        6,
    ]
    left.reverse()
    done.clear()
    for _ in range(ALL_AFTER - 2):
        garbage.collect()
    assert "unfreeze" not in done


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_copy_of_this_process_has_a_worker_of_its_own(worker: Worker) -> None:
    """A service reads a file and then forks: no answer goes to who asked for another's."""
    assert worker.run("a.xlsx", echo, "a") == "a"
    ours, theirs = os.pipe()
    copy = os.fork()
    if copy == 0:
        try:
            os.write(theirs, worker.run("b.xlsx", echo, "b").encode())
        finally:
            os._exit(0)
    os.close(theirs)
    os.waitpid(copy, 0)
    with os.fdopen(ours, "rb") as told:
        assert told.read() == b"b"
    assert worker.run("c.xlsx", echo, "c") == "c"
    assert worker.started == 1


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (die, "FILE_DIED"), (leave, "FILE_DIED"), (spin, "FILE_TIME"), (eat, "FILE_MEMORY"),
        (hoard, "FILE_MEMORY"), (refuse, "FILE_EMPTY"), (bring_a_command, "FILE_DIED"),
    ],
)  # fmt: skip
@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux limits memory and processor time of a process"
)
def test_costs_only_itself(worker: Worker, function: object, code: str) -> None:
    with pytest.raises(HkzError) as caught:
        worker.run("a.xlsx", function, "a.xlsx")  # type: ignore[arg-type]
    (found,) = caught.value.problems
    assert (found.code, found.where.file) == (code, "a.xlsx")
    assert worker.run("b.xlsx", echo, "b.xlsx") == "b.xlsx"


def test_waiting_for_nothing_ends() -> None:
    """Not processor time but the clock: the deadline where a worker only waits."""
    with Worker(replace(QUICK, wall=1.0)) as worker:
        worker.start()
        with pytest.raises(HkzError) as caught:
            worker.run("a.xlsx", sleep, None)
        assert [p.code for p in caught.value.problems] == ["FILE_TIME"]
        assert worker.started == 1 + CPU_LIMIT


def wait_once(flag: str) -> str:
    """Waits for ever, but for the second time it is called."""
    if not os.path.exists(flag):  # noqa: PTH110
        os.close(os.open(flag, os.O_CREAT))
        time.sleep(100)
    return "fine"


@pytest.mark.skipif(
    not CPU_LIMIT, reason="without a limit on processor time, one that waits looks like one at work"
)
def test_a_process_that_could_not_work_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with Worker(replace(QUICK, wall=1.5)) as worker:
        assert worker.run("a.xlsx", wait_once, str(tmp_path / "flag")) == "fine"
        assert worker.started == 2


def test_closing_does_not_wait_for_another_try() -> None:
    """Ctrl-C: the file at work is not read once more by a new process."""
    worker = Worker(QUICK)
    assert worker.run("a", echo, "a") == "a"
    told: list[object] = []

    def run() -> None:
        try:
            worker.run("b", sleep, None)
        except HkzError as fault:
            told.extend(p.code for p in fault.problems)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    worker.close()
    thread.join(5)
    assert time.monotonic() - began < 3
    assert told == ["FILE_DIED"]
    assert worker.started == 1


def test_noise_is_not_an_answer(worker: Worker) -> None:
    assert worker.run("a.xlsx", flood, None) == "flooded"
    assert worker.started == 1


def test_our_own_mistake_keeps_its_traceback(worker: Worker) -> None:
    with pytest.raises(InternalError, match="KeyError"):
        worker.run("a.xlsx", fail, None)
    assert worker.started == 1


def some(name: str) -> str:
    """Every tenth file is a killer."""
    kind = int(name)
    if kind % 10 == 3:
        (die, leave, eat, refuse)[kind // 10 % 4](name)
    return name


def test_batch_in_order() -> None:
    """All the others come back, in the order of the files."""
    names = [str(n) for n in range(60)]
    with Supervisor(2, QUICK) as supervisor:
        found = list(supervisor.map(some, ((n, n) for n in names)))
    assert [name for name, _ in found] == names
    good = [name for name, result in found if result == name]
    assert good == [n for n in names if int(n) % 10 != 3]
    codes = [result[0].code for _, result in found if not isinstance(result, str)]
    assert codes == [
        "FILE_DIED",
        "FILE_DIED",
        "FILE_MEMORY",
        "FILE_EMPTY",
        "FILE_DIED",
        "FILE_DIED",
    ]


def test_own_mistake_in_a_batch_costs_one_file() -> None:
    with Supervisor(1, QUICK) as supervisor:
        found = dict(supervisor.map(fail, [("a", 1)]))
    result = found["a"]
    assert not isinstance(result, str)
    (one,) = result
    assert one.code == "FILE_INTERNAL"


def test_files_are_taken_as_needed() -> None:
    """A thousand files never stand in memory at once."""
    taken: list[int] = []

    def items() -> Iterator[tuple[str, str]]:
        for number in range(50):
            taken.append(number)
            yield str(number), str(number)

    with Supervisor(1, QUICK) as supervisor:
        for seen, _ in enumerate(supervisor.map(echo, items())):
            assert len(taken) <= seen + 4


@pytest.mark.parametrize("kind", ["memory", "abort"])
def test_what_earlier_files_left_decides_nothing(kind: str) -> None:
    """A file is lost only when a new process loses it too."""
    with Worker(QUICK) as worker:
        assert [worker.run("a", spoiled, kind) for _ in range(3)] == ["fine"] * 3
        assert worker.started == 3
        with pytest.raises(HkzError):
            worker.run("b", die, "")
        assert worker.started == 4


def test_what_may_not_be_done_twice_is_not() -> None:
    """Work that leaves something behind: `batch` makes files."""
    with Worker(QUICK, again=False) as worker:
        assert worker.run("a", spoiled, "abort") == "fine"
        with pytest.raises(HkzError, match="FILE_DIED"):
            worker.run("a", spoiled, "abort")
        assert worker.started == 1


def test_closed_while_the_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """By another thread, which saw no process to end."""
    worker = Worker(QUICK)
    start = worker.start

    def started_late() -> None:
        worker.kill()
        start()

    monkeypatch.setattr(worker, "start", started_late)
    with pytest.raises(HkzError, match="FILE_DIED"):
        worker.run("a", sleep, None)
    worker.close()


def test_a_system_that_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told once, and of no file."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(subprocess, "Popen", refused)
    with Supervisor(2, QUICK) as supervisor, pytest.raises(HkzError) as told:
        list(supervisor.map(echo, ((n, n) for n in "abcd")))
    (one,) = told.value.problems
    assert (one.code, one.slots["detail"], one.where) == ("PROCESS_REFUSED", "EMFILE", Where())


def test_own_mistake_in_work_of_our_own_is_raised() -> None:
    with Supervisor(1, QUICK, strict=True) as supervisor, pytest.raises(InternalError, match="Key"):
        dict(supervisor.map(fail, [("a", 1)]))


def own_number(_: object) -> int:
    return os.getpid()


def test_a_process_that_has_worked_enough_makes_room() -> None:
    """For work with a library that keeps what it computed: nothing is lost in between."""
    with Worker(QUICK, lasts=2) as worker:
        numbers = [worker.run("a", own_number, "") for _ in range(5)]
        assert worker.started == 3
    assert [numbers[0] == numbers[1], numbers[1] == numbers[2], numbers[2] == numbers[3]] == [
        True, False, True,
    ]  # fmt: skip
