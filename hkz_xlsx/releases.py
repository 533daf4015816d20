"""What was released: the layouts of workbooks, and the texts that every release wrote in them.

A release is data. ``catalogues/released/index.json`` has a line for each, ``<version>.json``
beside it the texts of its workbooks. ``make release`` adds both; nothing there is ever edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LAYOUT_VERSION = 2
"""The layout that is written now; counts only changes of shape. Until a release wrote it, its shape
may still change."""

KNOWN_LAYOUTS = (1, 2)
"""What can be read: a layout that was ever written stays in here."""

FOLDER = Path(__file__).parent / "catalogues" / "released"


@dataclass(frozen=True, slots=True)
class Release:
    """One release: its layout, and per language the fingerprint of its workbooks' texts.

    ``question_sets`` are the revisions of norms that came with it, as in ``norms/lock.yaml``.
    """

    version: str
    date: str
    layout: int
    wording: Mapping[str, str]
    question_sets: tuple[str, ...]


@cache
def releases() -> tuple[Release, ...]:
    """Every release, the oldest first."""
    import json  # imported late: `hkz --help` needs no release

    rows = json.loads((FOLDER / "index.json").read_text("utf-8"))
    return tuple(Release(**{**r, "question_sets": tuple(r["question_sets"])}) for r in rows)


@cache
def released_texts(version: str) -> Mapping[str, Mapping[str, str]]:
    """The texts of the workbooks of a release, by language and dotted key."""
    import json

    found: dict[str, dict[str, str]] = json.loads((FOLDER / f"{version}.json").read_text("utf-8"))
    return found
