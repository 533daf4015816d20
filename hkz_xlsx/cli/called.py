"""How the shell of who reads this finds ``hkz``: a command that we print has to work there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import PurePath


def _start() -> list[str]:
    """``hkz`` where the shell knows it; else the way in which it was just called."""
    called = PurePath(sys.argv[0])
    if shutil.which("hkz"):
        return ["hkz"]
    if called.stem == "hkz":
        return [str(called)]
    if called.name == "__main__.py" and called.parent.name == "hkz_xlsx":
        return ["py" if os.name == "nt" else sys.executable, "-m", "hkz_xlsx"]
    return ["hkz"]


def shell_line(words: Iterable[str]) -> str:
    """The command as the shell of this system takes it.

    Args:
        words: what comes after ``hkz``.
    """
    line = [*_start(), *words]
    return subprocess.list2cmdline(line) if os.name == "nt" else shlex.join(line)
