"""The process behind a worker: how it starts, how it says that it is there, and how it is heard.

A process that never said a word has not seen anybody's file: then it is Python that does not work
here (packed into a program, blocked by the system or by a virus scanner), and no sender is to
blame.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
from concurrent.futures import Future, wait
from time import monotonic
from typing import IO, Final, TypeVar

from hkz_xlsx.machine.limits import Limits
from hkz_xlsx.machine.worker import HEADER, HELLO
from hkz_xlsx.problems import HkzError, fault_name, problem

T = TypeVar("T")

HEARD: Final = 0.5
"""Seconds that anything waits at a time: on Windows, Ctrl-C is heard between waits only."""

START: Final = 60.0
"""Seconds that a process may take to say its first word: a virus scanner looks at it first."""

_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows opens a console for every process of a program that has none itself."""

Answers = queue.SimpleQueue[bytes | None]


class NoProcessError(HkzError):
    """The system starts no process: no file can be read, so none is told to be at fault."""


def silent(detail: object) -> NoProcessError:
    """No process of ours ever came to a first word."""
    return NoProcessError(problem("PROCESS_SILENT", None, detail=detail))


def _environment() -> dict[str, str]:
    """Ours; and for the C library of Linux, which has three habits that cost. One heap for all
    threads: a second reserves 64 MiB of the address space that is limited. What parts of some
    hundreds of kB were unpacked in is not given back after each file and asked for again, page by
    page: up to 16 MiB stay for the next one, and what is larger than 8 MiB is given back at once.
    """
    heap = {
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_TRIM_THRESHOLD_": str(16 << 20),
        "MALLOC_MMAP_THRESHOLD_": str(8 << 20),
    }
    return {**os.environ, **heap}


def started(limits: Limits, module: str) -> subprocess.Popen[bytes]:
    """A process that will say `HELLO` and then take calls.

    Raises:
        NoProcessError: there is no Python to start, or the system refuses.
    """
    if getattr(sys, "frozen", False) or not sys.executable:
        # What stands there is the program that Python was packed into: it would begin anew.
        raise silent("frozen")
    code = (
        f"import sys; sys.path[:] = {json.dumps(sys.path)}\n"
        "from hkz_xlsx.machine.worker import main\n"
        f"import {module}\n"
        f"main({limits.memory}, {limits.answer})"
    )
    # -P: a file called zipfile.py in the folder of the user's files is not ours to import.
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=_environment(), creationflags=_NO_WINDOW,
        )  # fmt: skip
    except OSError as fault:
        raise NoProcessError(problem("PROCESS_REFUSED", None, detail=fault_name(fault))) from None


def listen(pipe: IO[bytes] | None, answers: Answers, limit: int) -> None:
    """Hand over whole answers; None when there will be no more.

    Args:
        pipe: what the child writes: a length, then so many bytes, again and again.
        answers: where they go.
        limit: most bytes of one answer; a longer one ends the listening, unread.
    """
    if pipe is None:
        return
    try:
        while len(head := pipe.read(HEADER.size)) == HEADER.size:
            (size,) = HEADER.unpack(head)
            body = pipe.read(size) if size <= limit else b""
            if len(body) != size:
                break
            answers.put(body)
    except (OSError, ValueError):
        pass
    answers.put(None)
    with contextlib.suppress(OSError):
        pipe.close()


def next_answer(answers: Answers, seconds: float) -> bytes | None:
    """The next message, or None when there will be none; `queue.Empty` when it takes too long."""
    until = monotonic() + seconds
    while True:
        try:
            return answers.get(timeout=max(0.0, min(HEARD, until - monotonic())))
        except queue.Empty:
            if monotonic() >= until:
                raise


def greeted(answers: Answers, seconds: float) -> bool:
    """Whether the process said that it is there."""
    try:
        return next_answer(answers, seconds) == HELLO
    except queue.Empty:
        return False


def ended(child: subprocess.Popen[bytes]) -> None:
    """End a process and close what led to it."""
    child.kill()
    with contextlib.suppress(OSError, ValueError):
        if child.stdin is not None:  # its answers are closed by whoever listens
            child.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(10)


def result_of(future: Future[T]) -> T:
    """What a thread comes to, waited for in such a way that Ctrl-C is heard."""
    while not future.done():
        wait((future,), HEARD)
    return future.result()
