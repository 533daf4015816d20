"""Which files are meant by the paths a person names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def sources(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Name and path of every file named and every workbook in a folder."""
    for path in paths:
        if path.is_dir():
            for one in sorted(path.rglob("*")):
                if one.suffix.lower() in _SUFFIXES and not one.name.startswith(("~$", ".")):
                    yield one.relative_to(path).as_posix(), one
        else:
            yield path.name, path


_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
