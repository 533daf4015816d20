"""Libraries that come only with an extra of the package, and what to say where one is missing.

The core makes, checks, repairs, merges and reports (html, xlsx, json, md); what is large or
seldom needed is left to whoever wants it: ``pip install 'hkz-xlsx[word]'``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from hkz_xlsx.problems import HkzError, Problem, problem

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "word": ("docx", "lxml"),
    "pdf": ("typst",),
    "portfolio": ("duckdb", "pyarrow", "pandas", "openpyxl"),
    "password": ("msoffcrypto",),
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
        HkzError: with the line that installs it, for each one.
    """
    said = [one for one in map(missing, libraries) if one is not None]
    if said:
        raise HkzError(*said)


def not_installed(fault: ModuleNotFoundError) -> Problem | None:
    """What to say when an import failed; None when no extra would have helped: then it is a
    mistake of ours, or a broken installation."""
    return _said(fault.name) if fault.name and extra_of(fault.name) else None


def _said(library: str) -> Problem:
    name = library.partition(".")[0]
    return problem("ENGINE_MISSING", None, name=name, extra=extra_of(library) or ALL)
