"""Released revisions are frozen: their fingerprints stand in ``norms/lock.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from hkz_xlsx.norm.files import SHARED, STEPS, norms_folder
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.yaml_nodes import read_yaml
from hkz_xlsx.problems import Problem, Where, problem

LOCK_FILE = "lock.yaml"


def _frozen(library: Library) -> Mapping[str, str]:
    """Folder → fingerprint of every released part and of the shared data it rests on.

    Released step plans are frozen with them: a workbook names the revision it was made with.
    """
    released = [p for p in library.parts if p.status == "released"]
    revisions = {library.shared_of[p.edition] for p in released}
    plans = {f"{STEPS}/{name}" for name, g in library.guides.items() if g.status == "released"}
    marks = {p.edition.fingerprint for p in released}
    return {
        folder: value
        for folder, value in library.fingerprints.items()
        if value[:16] in marks
        or folder.removeprefix(f"{SHARED}/") in revisions
        or (released and folder in plans)
    }


def lock_text(library: Library) -> str:
    """What the lock file has to say for this library."""
    frozen = [f'  "{folder}": "{value}"' for folder, value in sorted(_frozen(library).items())]
    lines = [
        "# Fingerprints of released norm revisions. Made by `hkz norms check --lock`.",
        "frozen:" if frozen else "frozen: {}",
        *frozen,
    ]
    return "\n".join(lines) + "\n"


def _recorded(value: object) -> Mapping[str, str] | None:
    """What a lock file records; None when it is not one."""
    frozen = value.get("frozen", {}) if isinstance(value, Mapping) else None
    return frozen if isinstance(frozen, Mapping) else None


def check_lock(library: Library, root: Path | None = None) -> Iterator[Problem]:
    """A released revision that changed or disappeared, or that was never locked."""
    path = (root or norms_folder()) / LOCK_FILE
    now = _frozen(library)
    if not now and not path.exists():
        return  # drafts only: nothing is frozen yet
    found: list[Problem] = []
    document = read_yaml(path, LOCK_FILE, found) if path.exists() else None
    yield from found
    locked = _recorded(document.value if document is not None else {})
    if locked is None:
        yield problem(
            "NORM_VALUE_WRONG", Where(LOCK_FILE), value="…", path="frozen", detail="{…: …}"
        )
        return
    for folder, value in now.items():
        if folder not in locked:
            yield problem("NORM_LOCK_MISSING", Where(LOCK_FILE), folder=folder)
        elif locked[folder] != value:
            yield problem("NORM_LOCK_CHANGED", Where(LOCK_FILE), folder=folder)
    for folder in locked:
        if folder not in now:
            yield problem("NORM_LOCK_CHANGED", Where(LOCK_FILE), folder=folder)
