"""File names for what nobody named: never those of a file that is there."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from hkz_xlsx.cli.settings import setting


def new_name(stem: str, suffix: str, folder: Path | None = None) -> Path:
    """``stem.suffix``, or ``stem (2).suffix`` and on where that is there already.

    Args:
        stem: what the file is about; characters that no system takes are left out.
        suffix: with its dot.
        folder: where; by default the folder of the settings, or the current one.
    """
    from hkz_xlsx.machine.filenames import safe_name

    where = folder if folder is not None else Path(setting("folder"))
    name = safe_name(stem)
    for number in count(1):
        path = where / (f"{name}{suffix}" if number == 1 else f"{name} ({number}){suffix}")
        if not path.exists():
            return path
    raise AssertionError("there is always another number")
