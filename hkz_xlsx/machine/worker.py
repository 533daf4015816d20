"""The inside of a worker process: one call at a time, over a pipe, until the pipe closes.

A message is a length (8 bytes, big-endian) and a pickle. Calls come from our own process and
are trusted. What goes back is read there by a reader that makes only plain data.

Calls are taken from the pipe in a thread, so that a worker at work also notices that its parent
is gone, and ends: nobody is waiting for the answer.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import pickle
import queue
import signal
import struct
import threading
import traceback
from typing import IO, Any

HEADER = struct.Struct(">Q")

HELLO = b"hkz-worker"
"""The first message: this process is there, before it has seen any file."""

ALL_AFTER, ALL_ABOVE = 512, 1_000_000
"""After so many calls, or once calls left so many objects, garbage is looked for among everything
that is kept: that takes as long as reading one file or two. A plan is 40,000 objects, a file of a
known one 200."""

CPU_LIMIT = hasattr(signal, "setitimer")
"""Whether the system ends a process that used up its processor time; Windows does not."""


def limit_memory(size: int) -> None:
    """No more address space than this from here on; where the system knows no such limit, none.

    Windows has a job for that; macOS ignores it: there the deadline and the limits on sizes have to
    do.
    """
    try:
        import resource
    except ImportError:
        from hkz_xlsx.machine.job import limit_job

        limit_job(size)
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _alarm(cpu: float) -> None:
    """End this process after so much processor time; also when nobody watches it any more."""
    if CPU_LIMIT:
        signal.setitimer(signal.ITIMER_PROF, cpu)


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes under new numbers: a print in a library must not end up among the answers."""
    calls, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return os.fdopen(calls, "rb"), os.fdopen(answers, "wb")


def answer(call: tuple[Any, tuple[Any, ...], dict[str, Any]], limit: int) -> bytes:
    """Run a call; its result, its problems, or our own mistake, as a pickle."""
    from hkz_xlsx.problems import HkzError

    function, arguments, options = call
    try:
        found = ("ok", function(*arguments, **options))
    except HkzError as fault:
        found = ("refused", fault.problems)
    except MemoryError:
        found = ("memory", None)
    except Exception:  # our own mistake: told as such, with where it was
        found = ("fault", traceback.format_exc()[-8000:])
    try:
        body = _pickled(found)
    except MemoryError:
        return pickle.dumps(("memory", None))
    return body if len(body) <= limit else pickle.dumps(("memory", None))


def _pickled(found: object) -> bytes:
    target = io.BytesIO()
    pickle.Pickler(target, protocol=5).dump(found)
    return target.getvalue()


def main(memory: int, limit: int) -> None:
    """Serve calls until the pipe closes."""
    pipe, answers = _private_pipes()
    answers.write(HEADER.pack(len(HELLO)) + HELLO)
    answers.flush()
    for name in ("SIGINT",):  # Ctrl-C is the parent's to answer
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.stack_size(256 << 10)
    threading.Thread(target=_take, args=(pipe, calls), daemon=True).start()
    limit_memory(memory)
    gc.disable()  # collecting between files instead of within one
    garbage = _Garbage()
    while True:
        cpu, call = pickle.loads(calls.get())  # noqa: S301 - from our own process
        _alarm(cpu)
        body = answer(call, limit)
        _alarm(0)
        answers.write(HEADER.pack(len(body)) + body)
        answers.flush()
        del call, body
        garbage.collect()


class _Garbage:
    """Looks for garbage among what the last call made. What is left of it is kept for the next
    files, and need not be looked through after each of them; now and then all of it is, as some
    may have been given up since."""

    def __init__(self) -> None:
        self._calls = self._kept = 0

    def collect(self) -> None:
        """After a call."""
        self._calls += 1
        everything = self._calls >= ALL_AFTER or self._kept >= ALL_ABOVE
        if everything:
            gc.unfreeze()
            self._calls = self._kept = 0
        gc.collect()
        if not everything:
            self._kept += len(gc.get_objects(generation=2))
        gc.freeze()


def _take(pipe: IO[bytes], calls: queue.SimpleQueue[bytes]) -> None:
    """Hand over calls; the process ends with the pipe, whatever it is doing."""
    try:
        while len(head := pipe.read(HEADER.size)) == HEADER.size:
            calls.put(pipe.read(HEADER.unpack(head)[0]))
    finally:
        os._exit(0)
