"""Libraries that come only with an extra of the package, and what to say where one is missing.

The core makes, checks, repairs, merges and reports (html, xlsx, json, md); what is large or
seldom needed is left to whoever wants it: ``pip install 'hkz-xlsx[word]'``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from hkz_xlsx.problems import HkzError, Problem, problem

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "word": ("docx", "docxtpl", "lxml"),
    "pdf": ("typst",),
    "portfolio": ("duckdb", "pyarrow", "pandas", "openpyxl"),
    "password": ("msoffcrypto",),
    "calendar": ("icalendar",),
    "old-excel": ("python_calamine",),
    "dask": ("distributed", "dask"),
}
"""Extra → the packages, as they are imported, that it brings."""

ALL = "all"
"""The extra that brings every other."""


def extra_of(library: str) -> str:
    """The extra that brings a library; empty for one of the core, or of nobody."""
    root = library.partition(".")[0]
    return next((extra for extra, names in EXTRAS.items() if root in names), "")


def missing(library: str) -> Problem | None:
    """What to say of a library that is not installed; None when it is."""
    return None if find_spec(library) else _said(library)


def need(*libraries: str) -> None:
    """Raise `HkzError` for what is not installed, before any work is done.

    Args:
        libraries: as they are imported, such as ``docx``; each of one of the extras.

    Raises:
        HkzError: with the one line that installs all of it.
    """
    absent = [library for library in dict.fromkeys(libraries) if missing(library) is not None]
    if absent:
        extras = dict.fromkeys(extra_of(library) or ALL for library in absent)
        raise HkzError(_told(", ".join(absent), ALL if ALL in extras else ",".join(extras)))


def not_installed(fault: ModuleNotFoundError) -> Problem | None:
    """What to say when an import failed; None when no extra would have helped: then it is a
    mistake of ours, or a broken installation."""
    return _said(fault.name) if fault.name and extra_of(fault.name) else None


def _said(library: str) -> Problem:
    name = library.partition(".")[0]
    return _told(name, extra_of(library) or ALL)


def _told(names: str, extra: str) -> Problem:
    return problem("ENGINE_MISSING", None, name=names, command=install_command(extra))


def install_command(extra: str) -> str:
    """The line that installs an extra, by the tool that installed us; in double quotes, which every
    shell takes, that of Windows too. It works for who installed from a file or a clone as well: pip
    takes what is there, and uv remembers where that came from, but pipx would look for it among the
    packages that everybody can get."""
    parts = Path(sys.prefix).parts
    tool = "pip install"
    if "pipx" in parts:
        tool = "pipx runpip hkz-xlsx install"
    elif "uv" in parts and "tools" in parts:
        tool = "uv tool install"
    return f'{tool} "hkz-xlsx[{extra}]"'
