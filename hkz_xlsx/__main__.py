"""Start of the ``hkz`` command: from here on, being stopped is no accident.

Ctrl-C and the system's request to end (SIGTERM, a terminal that is closed) all become
`KeyboardInterrupt`, so that unfinished files are taken away on the way out. Who asks twice is
obeyed at once.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

STOPPED = 130
"""Exit code after Ctrl-C, SIGTERM or SIGHUP."""

_asked: list[int] = []


def _stop(number: int, _frame: FrameType | None) -> None:
    _asked.append(number)
    if len(_asked) > 1:
        os._exit(STOPPED)
    raise KeyboardInterrupt


def _listen() -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # A signal that whoever started us ignores, as nohup does, stays ignored.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop_listening() -> None:
    """All is done and told: who asks now is too late. As Python ends it gives signals back to the
    system, which would end the process as if it had failed."""
    for number in {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_IGN)


def main() -> None:
    """Entry point of the ``hkz`` command."""
    try:
        _listen()
        from hkz_xlsx.cli.main import main as run

        try:
            run()
        finally:
            _stop_listening()
    except (KeyboardInterrupt, Exception) as fault:
        # Stopped in the middle of an import, Python often cannot even import what would say so.
        if not _asked and not isinstance(fault, KeyboardInterrupt):
            raise
        sys.stderr.write("Afgebroken.\n")
        _leave()
    except SystemExit as end:
        if end.code == STOPPED:
            _leave()
        raise


def _leave() -> None:
    """End now: everything was cleared away, and Python would end by the signal in some cases."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(STOPPED)


if __name__ == "__main__":
    main()
