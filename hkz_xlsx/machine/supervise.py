"""Worker processes for reading strangers' files: each file costs at most itself.

A worker gets one call at a time, with a deadline, and limits on processor time, memory and
the size of its answer. When it dies or overruns, its own file is refused with a problem and
the next file gets a fresh worker. The pools of the standard library cannot be used for this:
when a worker aborts, one loses every pending result and the other waits for ever.

A worker is a plain child process, so that this works the same on Linux, macOS and Windows and
needs no guard in the caller's main module.
"""

from __future__ import annotations

import atexit
import contextlib
import pickle
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import cache
from types import TracebackType
from typing import Any, ClassVar, ParamSpec, TypeVar

from hkz_xlsx.machine.child import (
    START,
    NoProcessError,
    ended,
    greeted,
    listen,
    next_answer,
    result_of,
    silent,
    started,
)
from hkz_xlsx.machine.copied import begins_anew
from hkz_xlsx.machine.in_process import answered, chosen, threads
from hkz_xlsx.machine.limits import LIMITS, Limits
from hkz_xlsx.machine.passwords import known, with_known
from hkz_xlsx.machine.plain import read_plain
from hkz_xlsx.machine.worker import CPU_LIMIT, HEADER
from hkz_xlsx.problems import HkzError, Problem, Where, problem

__all__ = ["InternalError", "NoProcessError", "Supervisor", "Worker", "shared_worker"]

_WAITED = "waited"
"""The deadline by the clock passed, though no processor time was used up."""

_SILENT = "silent"
"""The process ended before it said that it is there."""

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class InternalError(RuntimeError):
    """Our own mistake inside a worker, with the traceback it had there."""


class _DiedError(Exception):
    """The worker is gone or has to go: the code of the problem, and what more is known."""


class Worker:
    """One child process, started when first needed and again after it died.

    Args:
        limits: what one call may cost.
        module: imported as the process starts, while others are at work.
        again: whether a call that a process did not survive may be done once more in a fresh one,
            where its own fault is not the only explanation.
        lasts: calls after which the process is taken for worn, and the next has a fresh one; for
            work with a library that keeps what it computed. 0 is for ever.
    """

    spoken: ClassVar = False
    """Whether any process of ours ever said that it is there."""

    def __init__(
        self,
        limits: Limits = LIMITS,
        module: str = "hkz_xlsx.spreadsheet.open",
        *,
        again: bool = True,
        lasts: int = 0,
    ) -> None:
        self._limits, self._module, self._again = limits, module, again
        self._lasts, self._closed, self.started = lasts, False, 0
        self._child: subprocess.Popen[bytes] | None = None
        self.anew()
        begins_anew(self)

    def anew(self) -> subprocess.Popen[bytes] | None:
        """As it is before a first process starts; gives the process that it had."""
        child, self._child = self._child, None
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._served, self._earlier, self._greeted = 0, False, False
        return child

    def start(self) -> None:
        """Start the process now, so that its start-up overlaps with other work."""
        if self._child is not None:
            return
        self._child = started(self._limits, self._module)
        self._answers, self._greeted = queue.SimpleQueue(), False
        # Waiting with a deadline works on every system from a queue; from a pipe not on Windows.
        reader = threading.Thread(
            target=listen, args=(self._child.stdout, self._answers, self._limits.answer),
            daemon=True,
        )  # fmt: skip
        reader.start()
        self.started += 1

    def run(
        self, file: str, function: Callable[P, R], /, *arguments: P.args, **options: P.kwargs
    ) -> R:
        """Call a function on one file.

        Args:
            file: name of the file for the problem when the worker does not survive it.
            function: a function at the top of a module, with arguments that can be pickled;
                its result is plain data or classes of this package.
            arguments: its arguments.
            options: its named arguments.

        Raises:
            HkzError: what the function raised, or why there is no result.
            NoProcessError: no process could be started.
            InternalError: the function has a mistake.
        """
        state, found = self._done(file, (function, arguments, options))
        match state:
            case "ok":
                return found  # type: ignore[no-any-return]
            case "refused":
                raise HkzError(*found)
            case "memory":
                raise HkzError(problem("FILE_MEMORY", Where(file)))
            case "FILE_DIED":
                raise HkzError(problem("FILE_DIED", Where(file)))
            case "FILE_TIME" | "waited":
                seconds = int(self._limits.cpu)
                raise HkzError(problem("FILE_TIME", Where(file), seconds=seconds))
            case _:
                raise InternalError(f"{file}\n{found}")

    def _done(
        self, file: str, call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    ) -> tuple[str, Any]:
        """What became of a call: its state, and its result, its problems or our mistake."""
        watch = chosen()
        if watch is not None:
            # Through the same bytes as from a process, so that the page gets what a command line
            # gets.
            return read_plain(answered(watch, file, call, self._limits.answer))
        if secrets := known():
            call = (with_known, (secrets, *call), {})
        packed = pickle.dumps((self._limits.cpu, call))
        with self._lock:
            state, found = self._answer(packed)
            # What earlier files left in memory must not decide about this one; nor that the
            # system did not let a process work.
            again = state == _WAITED or (state in ("memory", "FILE_DIED") and self._earlier)
            # A process that never said a word has not seen the call.
            if ((again and self._again) or state == _SILENT) and not self._closed:
                state, found = self._answer(packed)
        if state == _SILENT:
            # Where none ever spoke, every file would fare the same: the run stops and says why.
            # Where one did, this one died, and that costs only its file.
            if not Worker.spoken and not self._closed:
                raise silent(found)
            state, found = "FILE_DIED", None
        return state, found

    def _answer(self, call: bytes) -> tuple[str, Any]:
        """As `_ask`; the code of the problem when the process is gone, which ends it."""
        self._earlier = self._child is not None and self._served > 0
        if self._closed:
            return "FILE_DIED", None
        try:
            self.start()
            state, found = self._ask(call)
        except _DiedError as fault:
            state, *detail = fault.args
            found = detail[0] if detail else None
        except BaseException:
            self._end()  # Ctrl-C: an answer still to come belongs to nobody
            raise
        self._served += 1
        worn = 0 < self._lasts <= self._served
        if worn or state in ("memory", "FILE_DIED", "FILE_TIME", _WAITED, _SILENT):
            self._end()  # memory given back may be in pieces
        return state, found

    def _ask(self, call: bytes) -> tuple[str, Any]:
        child = self._child
        # Closed by another thread, perhaps before it could see this process.
        if child is None or child.stdin is None or self._closed:
            raise _DiedError("FILE_DIED")
        self._greet(child)
        try:
            child.stdin.write(HEADER.pack(len(call)) + call)
            child.stdin.flush()
            body = next_answer(self._answers, self._limits.wall)
        except queue.Empty:
            # Where processor time has its own limit, a file that only waited may be right: the
            # system was busy. Windows knows no such limit, so there the clock alone decides.
            raise _DiedError(_WAITED if CPU_LIMIT else "FILE_TIME") from None
        except (BrokenPipeError, OSError):
            body = None
        if body is None:
            raise _DiedError(self._cause(child))
        try:
            return read_plain(body)
        except Exception as fault:
            raise _DiedError("FILE_DIED") from fault

    def _greet(self, child: subprocess.Popen[bytes]) -> None:
        if not self._greeted:
            self._greeted = greeted(self._answers, START)
            if not self._greeted:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(1)
                raise _DiedError(_SILENT, child.returncode)
            Worker.spoken = True

    @staticmethod
    def _cause(child: subprocess.Popen[bytes]) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = child.wait(5)
            if code == -27:  # noqa: PLR2004 - SIGPROF: out of processor time
                return "FILE_TIME"
        return "FILE_DIED"

    def _end(self) -> None:
        child, self._child = self._child, None
        self._served = 0
        if child is None:
            return
        ended(child)

    def close(self) -> None:
        """End the process, also while it is at work; what is asked after that is not done."""
        self.kill()
        with self._lock:
            self._end()

    def kill(self) -> None:
        """End the process without waiting for it."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()  # then whoever holds the lock lets go

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


@cache
def shared_worker() -> Worker:
    """The worker of this process for single files; it ends with the process."""
    worker = Worker()
    atexit.register(worker.close)
    return worker


class Supervisor:
    """Workers for thousands of files.

    Args:
        jobs: number of processes.
        limits: what a file may cost.
        make: gives a worker when they are not to be readers.
        strict: a mistake of ours is raised, not told of the file.
    """

    def __init__(
        self, jobs: int, limits: Limits = LIMITS, make: Callable[[], Worker] | None = None, *,
        strict: bool = False,
    ) -> None:  # fmt: skip
        self._strict = strict
        self._workers: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._all = tuple(make() if make else Worker(limits) for _ in range(jobs))
        for worker in self._all:
            self._workers.put(worker)
        self._threads = threads(jobs)

    def map(
        self, function: Callable[[T], R], items: Iterable[tuple[str, T]]
    ) -> Iterator[tuple[str, R | tuple[Problem, ...]]]:
        """Call a function on every file; results in the order of the files.

        Only a few files are taken from ``items`` ahead of the results, so neither the files
        nor the results need to fit in memory.

        Args:
            function: as `Worker.run`, of one argument.
            items: name for messages, and argument.

        Yields:
            the name, and the result or the problems that there are instead.

        Raises:
            NoProcessError: no process could be started.
        """
        waiting: deque[tuple[str, Future[R | tuple[Problem, ...]]]] = deque()
        for name, item in items:
            waiting.append((name, self.submit(name, function, item)))
            if len(waiting) > self.ahead:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    @property
    def ahead(self) -> int:
        """How many files it is good to have in hand, so that no worker waits."""
        return 2 * len(self._all)

    def submit(
        self, name: str, function: Callable[[T], R], item: T
    ) -> Future[R | tuple[Problem, ...]]:
        """Call a function on one file.

        Args:
            name: of the file, for messages.
            function: as `Worker.run`, of one argument.
            item: the argument; it travels to another process.

        Returns:
            in time, the result or the problems that there are instead.
        """
        return self._threads.submit(self._one, name, function, item)

    def _one(self, name: str, function: Callable[[T], R], item: T) -> R | tuple[Problem, ...]:
        worker = self._workers.get()
        try:
            return worker.run(name, function, item)
        except NoProcessError:
            raise
        except HkzError as fault:
            return fault.problems
        except InternalError:
            if self._strict:
                raise
            return (problem("FILE_INTERNAL", Where(name)),)
        finally:
            self._workers.put(worker)

    def close(self) -> None:
        """End every worker."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        # All first: while one is waited for, none of the others shall take another file.
        for worker in self._all:
            worker.kill()
        for worker in self._all:
            worker.close()

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def _result(pair: tuple[str, Future[R]]) -> tuple[str, R]:
    return pair[0], result_of(pair[1])
