"""A reader that some files kill; apart, so that a worker imports little for it."""

from __future__ import annotations

import os

from hkz_xlsx.portfolio.file_rows import Packed, read_one


def read_or_die(task: tuple[str, bytes]) -> Packed:
    """Reads as always, but a file with these words ends the process at once."""
    if b"DOE HET NIET" in task[1]:
        os.abort()
    return read_one(task)
