"""Work on strangers' files in this very process, where a caller chose that.

In WebAssembly no process can start. What runs there, runs in a worker of a browser, which the page
ends when it takes too long, as `supervise` ends a process. So that a file still costs only itself,
the page is told of each file before and after the work on it, and can give what became of it
when the same work is done again: an answer that was there before, or the code of what happened.

It is chosen by `in_this_process` and never by accident: where a process cannot start, and nobody
chose this, reading stays refused. Memory and time are then for the caller to guard.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, ParamSpec, Protocol, TypeVar

from hkz_xlsx.machine.worker import answer

P = ParamSpec("P")
T = TypeVar("T")


class Watch(Protocol):
    """Who looks on while files are worked on. ``call`` names the work and the file's content."""

    def known(self, call: str) -> bytes | None:
        """The answer that this work had before, a pickle; None to do it."""

    def begins(self, call: str, file: str) -> None:
        """The work on a file begins."""

    def ends(self, call: str, body: bytes) -> None:
        """It ended, with this answer."""


class Unwatched:
    """Nobody looks on."""

    def known(self, call: str) -> bytes | None:  # noqa: ARG002 - as the protocol
        """Nothing is known."""
        return None

    def begins(self, call: str, file: str) -> None:
        """Nothing to do."""

    def ends(self, call: str, body: bytes) -> None:
        """Nothing to do."""


_CHOSEN: ContextVar[Watch | None] = ContextVar("in_process", default=None)


@contextmanager
def in_this_process(watch: Watch | None = None) -> Iterator[None]:
    """Within this block, files are worked on in this process, one after the other.

    Args:
        watch: who looks on.
    """
    token = _CHOSEN.set(watch or Unwatched())
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def lost(code: Literal["FILE_TIME", "FILE_MEMORY", "FILE_DIED"]) -> bytes:
    """What became of a file on which this process was ended, as an answer to be known."""
    return pickle.dumps(("memory" if code == "FILE_MEMORY" else code, None))


def chosen() -> Watch | None:
    """Who looks on, when work is to be done in this process; None for processes of their own."""
    return _CHOSEN.get()


def answered(
    watch: Watch, file: str, call: tuple[Any, tuple[Any, ...], dict[str, Any]], limit: int
) -> bytes:
    """Do a call here, or take its known answer; either as the pickle that a worker would give.

    Args:
        watch: who looks on; not at calls within this one, which are part of it.
        file: name of the file for messages.
        call: function, arguments and named arguments.
        limit: bytes of an answer.
    """
    name = _name(file, call)
    known = watch.known(name)
    if known is not None:
        return known
    watch.begins(name, file)
    with in_this_process():
        body = answer(call, limit)
    watch.ends(name, body)
    return body


def _name(file: str, call: tuple[Any, tuple[Any, ...], dict[str, Any]]) -> str:
    function, arguments, options = call
    function = getattr(function, "func", function)
    digest = hashlib.sha256(repr((function.__qualname__, file, sorted(options.items()))).encode())
    for content in _contents(arguments):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _contents(arguments: tuple[Any, ...]) -> Iterator[bytes]:
    for one in arguments:
        if isinstance(one, tuple):
            yield from _contents(one)
        elif isinstance(one, bytes):
            yield one


class _AtOnce(Executor):
    """Does what is submitted before it returns: no thread can start either."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as fault:  # whoever asks for the result gets it
            future.set_exception(fault)
        return future


def threads(jobs: int) -> Executor:
    """Threads to wait for that many workers in; none where work is done in this process."""
    return _AtOnce() if chosen() else ThreadPoolExecutor(jobs, "hkz-supervisor")
