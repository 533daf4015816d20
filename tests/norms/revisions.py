"""New revisions of shipped question sets, for tests."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.releases import releases

LATER = "r2"


def copied(folder: Path, *, later: bool = False) -> Path:
    """A copy of the shipped norms: as the first release had them, or with what came later too."""
    root, sets = norms_folder(), releases()[0].question_sets
    first = {one.partition("/")[0] for one in sets}

    def left_out(where: str, names: list[str]) -> set[str]:
        if later:
            return set()
        newer = {n for n in names if (root / n).is_dir() and n not in first}
        return {LATER, "migrations"} | (newer if Path(where) == root else set())

    shutil.copytree(root, folder, ignore=left_out)
    if not later:
        lock = folder / "lock.yaml"
        lines = lock.read_text("utf-8").splitlines(keepends=True)
        known = [one for one in lines if '": ' not in one or one.split('"')[1] in sets]
        lock.write_text("".join(known), "utf-8")
    return folder


def revised(root: Path, edition: str, status: str = "draft", revision: str = LATER) -> Path:
    """A new revision of ``143/2021``, with the same questions; returns its folder."""
    new = root / edition / revision
    shutil.copytree(root / edition / "r1", new)
    replaced(new / "norm.yaml", 'revision: "r1"', f'revision: "{revision}"')
    replaced(new / "norm.yaml", "status: released", f"status: {status}")
    return new


def replaced(path: Path, old: str, new: str) -> None:
    """The first occurrence; it must be there."""
    text = path.read_text("utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1), "utf-8")


def rewritten(folder: Path, row: str, old: str, new: str | Callable[[re.Match[str]], str]) -> None:
    """One change within one requirement, by pattern."""
    for path in (folder / "rubrieken").glob("*.yaml"):
        text = path.read_text("utf-8")
        at = text.find(f"- id: {row}\n")
        if at < 0:
            continue
        end = text.find("\n      - id: ", at)
        end = len(text) if end < 0 else end
        block, count = re.subn(old, new, text[at:end], count=1)
        assert count == 1, (row, old)
        path.write_text(text[:at] + block + text[end:], "utf-8")
        return
    raise AssertionError(row)
