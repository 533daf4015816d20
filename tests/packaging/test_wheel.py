"""The built wheel carries norms, templates and catalogues, and works far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support import library

ROOT = Path(__file__).parents[2]


def _run(command: list[str], folder: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    _run([*build, str(ROOT)], folder)
    (found,) = folder.glob("*.whl")
    return found


def test_contents(wheel: Path) -> None:
    """Data files are in it, tests are not."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "hkz_xlsx/_data/norms/138/2015/r1/norm.yaml" in names
    assert "hkz_xlsx/_data/norms/lock.yaml" in names
    assert "hkz_xlsx/catalogues/nl.yaml" in names
    assert "hkz_xlsx/render/pages/document.html.j2" in names
    assert "hkz_xlsx/render/pages/document.typ" in names
    assert "hkz_xlsx/render/fonts/coverage.txt" in names
    assert sum(name.startswith("hkz_xlsx/render/fonts/LICENSE") for name in names) == 3
    assert any(name.startswith("hkz_xlsx/_data/templates/") for name in names)
    assert not [name for name in names if name.startswith("tests/")]


def test_demo_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """Installed with its dependencies only: the norms are right and the demo runs."""
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    binary = home / ("Scripts" if os.name == "nt" else "bin")
    _run([str(binary / "python"), "-m", "pip", "install", "--quiet", str(wheel)], tmp_path)
    hkz = str(binary / "hkz")
    assert f"{len(library().parts)} normdelen" in _run([hkz, "norms", "check"], tmp_path)
    assert "gap-rapport.html" in _run([hkz, "demo", "uit"], tmp_path)
    assert (tmp_path / "uit" / "gap-rapport.html").stat().st_size > 50_000
    shown = _run(
        [str(binary / "python"), "-c", "import hkz_xlsx; print(hkz_xlsx.__file__)"], tmp_path
    )
    assert str(home) in shown
