"""Same input, same bytes: whatever the clock's zone, the language of the system, hashes, the
folder one stands in, the order of files and the number of processes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.portfolio.test_reading import tables
from tests.proof.faults.commands import Inputs
from tests.proof.faults.everything import RETURNS

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Around:
    """What is different around a run. ``plain``: the system's own encoding, not UTF-8."""

    zone: str
    language: str
    seed: str
    here: bool
    backwards: bool
    jobs: int
    plain: bool

    def environment(self) -> dict[str, str]:
        found = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
        found |= {"TZ": self.zone, "LC_ALL": self.language, "LANG": self.language}
        found |= {"PYTHONHASHSEED": self.seed, "PYTHONPATH": str(ROOT)}
        if self.plain:
            found |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        return found


ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Amsterdam")
LANGUAGES = ("C", "C.UTF-8", "POSIX", "nl_NL.UTF-8")


def combinations(count: int) -> list[Around]:
    """The first is plain; every value of every setting occurs in the others."""
    chance = random.Random(20)
    found = [Around("UTC", "C.UTF-8", "0", False, False, 1, False)]
    found += [
        Around(
            ZONES[n % 4], LANGUAGES[(n + n // 4 + 1) % 4], str(chance.randrange(1, 10**6)),
            n % 2 == 1, n % 3 != 0, 1 + n % 2, n % 4 == 1,
        )
        for n in range(1, count)
    ]  # fmt: skip
    return found


@pytest.fixture(scope="module")
def material(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gelijk") / "in"
    folder.mkdir()
    for name in ("een.xlsx", "twee.xlsx", "klanten.csv"):
        shutil.copy2(inputs / name, folder)
    for name in ("uitgezet", "retour"):
        shutil.copytree(inputs / name, folder / name)
    (folder / "later").mkdir()
    (folder / "retour" / "retour-002.xlsx").rename(folder / "later" / "retour-002.xlsx")
    shutil.copy2(inputs / "twee.xlsx", folder / "later")
    return folder


def _copied(material: Path, target: Path, *, backwards: bool) -> None:
    """The same files, made in another order."""
    paths = sorted((p for p in material.rglob("*") if p.is_file()), reverse=backwards)
    for path in paths:
        copy = target / path.relative_to(material)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)


def _made(material: Path, root: Path, around: Around, *words: str) -> dict[str, object]:
    """Bytes of every file, and the tables of the portfolio."""
    root.mkdir(parents=True)
    _copied(material, root / "in", backwards=around.backwards)
    place = Path() if around.here else root
    told = [str(place / "in"), str(place / "uit"), str(around.jobs), *words]
    told += ["reversed"] if around.backwards else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.proof.faults.everything", *told],
        cwd=root if around.here else "/", env=around.environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    out = root / "uit"
    assert len(RETURNS) == 2
    found: dict[str, object] = {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in out.rglob("*")
        if p.is_file() and not p.is_relative_to(out / "p")
    }
    found["portfolio.json"] = (out / "p" / "portfolio.json").read_bytes()
    found["codebook.md"] = (out / "p" / "codebook.md").read_bytes()
    return found | {f"table {name}": rows for name, rows in tables(out / "p").items()}


def _compare(material: Path, root: Path, count: int, *words: str) -> int:
    first, *others = combinations(count)
    expected = _made(material, root / "0", first, *words)
    assert len(expected) > 30
    for number, around in enumerate(others, 1):
        found = _made(material, root / str(number), around, *words)
        assert found.keys() == expected.keys()
        assert [name for name in found if found[name] != expected[name]] == [], around
        shutil.rmtree(root / str(number))
    return len(expected)


def test_every_setting_occurs() -> None:
    found = combinations(20)
    assert {a.zone for a in found} == set(ZONES)
    assert {a.language for a in found} == set(LANGUAGES)
    for name in ("here", "backwards", "plain"):
        assert {getattr(a, name) for a in found} == {True, False}
        assert {getattr(a, name) for a in found[:2]} == {True, False}


def test_two_combinations(material: Path, tmp_path: Path) -> None:
    """Without the commands that write as another of them does."""
    _compare(material, tmp_path, 2, "short")


@pytest.mark.proof
def test_twenty_combinations(material: Path, tmp_path: Path) -> None:
    count = _compare(material, tmp_path, 20)
    print(f"20 combinations: {count} files and tables each, all the same")
