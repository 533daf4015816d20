"""Copies of this process, made by a fork: what they must not go on with.

A copy has the memory and the open pipes of the original, but none of its threads. Asked by a copy,
a worker of the original would answer to the original, which took that for the answer about its own
file. So in every copy whoever has a worker begins anew, before anything else runs there.
"""

from __future__ import annotations

import os
import subprocess
from typing import Protocol
from weakref import WeakSet


class HasProcess(Protocol):
    """Who has a process that answers to nobody else."""

    def anew(self) -> subprocess.Popen[bytes] | None:
        """Go on without that process; gives it."""


_OWNERS: WeakSet[HasProcess] = WeakSet()
_ORIGINAL: list[subprocess.Popen[bytes]] = []
"""Kept for as long as a copy lives: a thread that is not here may hold the lock of a pipe, so that
closing it would wait for ever."""


def begins_anew(owner: HasProcess) -> None:
    """Have it begin anew in every copy of this process."""
    _OWNERS.add(owner)


def _in_a_copy() -> None:
    for owner in tuple(_OWNERS):
        child = owner.anew()
        if child is None:
            continue
        _ORIGINAL.append(child)
        # Else the process would not see that the original is gone; and what waits in a buffer
        # would be written twice.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None and not pipe.closed:
                os.dup2(nowhere, pipe.fileno(), inheritable=False)
        os.close(nowhere)


if hasattr(os, "register_at_fork"):  # not on Windows, which copies no process
    os.register_at_fork(after_in_child=_in_a_copy)
