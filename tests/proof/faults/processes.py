"""Commands as processes in a group of their own: started, killed, and looked for afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


class Started:
    """A command at work."""

    def __init__(self, *arguments: object, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hkz_xlsx", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd,
            start_new_session=True, preexec_fn=_hears_ctrl_c,
        )  # fmt: skip
        self.began = time.monotonic()

    def pause(self, seconds: float) -> bool:
        """Let it work so long; False when it was ready before."""
        try:
            self.process.wait(max(0.0, self.began + seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            return True
        return False

    def signal(self, number: int, *, group: bool) -> None:
        try:
            if group:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        except ProcessLookupError:
            pass

    def kill(self, *, group: bool) -> None:
        self.signal(signal.SIGKILL, group=group)
        self.process.wait(60)

    def end(self) -> tuple[int, str]:
        """Exit code and everything that was said."""
        output, _ = self.process.communicate(timeout=300)
        return self.process.returncode, output

    def left(self, patience: float = 10.0) -> list[str]:
        """Processes of its session that are still there after so many seconds."""
        until = time.monotonic() + patience
        while (found := _session(self.process.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        if self.process.stdout:
            self.process.stdout.close()
        return found


def _hears_ctrl_c() -> None:
    """Tests that run in the background of a shell ignore Ctrl-C, and so would this process."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _session(leader: int) -> list[str]:
    """Living processes of a session; Linux only."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_text()
            name, _, rest = text.rpartition(")")
            state, _, _, session, *_ = rest.split()
        except (OSError, ValueError):
            continue
        if int(session) == leader and state not in ("Z", "X"):
            found.append(f"{name}) {state}")
    return found


def until_listening(started: Started) -> None:
    """Wait until the command answers SIGTERM itself: before, Python is still starting."""
    status = Path(f"/proc/{started.process.pid}/status")
    while started.process.poll() is None:
        try:
            line = next(x for x in status.read_text().splitlines() if x.startswith("SigCgt"))
        except (OSError, StopIteration):
            continue
        if int(line.split()[1], 16) & 1 << (signal.SIGTERM - 1):
            return
        time.sleep(0.005)
