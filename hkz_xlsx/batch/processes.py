"""Processes that share work, and end when the process that started them ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(prepare: Any, arguments: tuple[Any, ...]) -> None:  # noqa: ANN401 - any function
    import threading

    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*arguments)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def pool(jobs: int, prepare: Any, *arguments: Any) -> ProcessPoolExecutor:  # noqa: ANN401 - any function
    """A pool whose processes begin with ``prepare(*arguments)``.

    They are started afresh, as Windows and macOS do, so that it goes the same everywhere.
    """
    # Imported late: most runs need no other process, and these modules take 2 MiB.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    workers = ProcessPoolExecutor(jobs, context, _begin, (prepare, arguments))
    with _ctrl_c_held():
        for _ in range(jobs):
            workers.submit(processors)  # each starts one, as none is ready yet
    return workers


@contextmanager
def _ctrl_c_held() -> Iterator[None]:
    """Ctrl-C waits, and processes that are started now never get it: it is ours to answer."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
