"""The parts of others: Pyodide from npm, wheels from PyPI; all of one version and one content.

Where they come from is for npm and pip to know, as they are set up on this machine. What they
are is in ``package-lock.json`` and ``wheels.txt``, which both tools hold to.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

HERE = Path(__file__).parent
BUILD = HERE.parent / "build" / "page"
MODULES = HERE / "node_modules"

_PLATFORMS = ("pyemscripten_2026_0_wasm32", "manylinux2014_x86_64", "manylinux_2_17_x86_64")
"""The first has the compiled ones; of the others' only the Python part is used."""

_PYTHON = "3.14"


def _digest(*names: str) -> str:
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in names)).hexdigest()


def _run(*words: str, where: Path = HERE) -> None:
    subprocess.run(words, cwd=where, check=True, stdout=subprocess.DEVNULL)


def node_modules() -> Path:
    """The npm packages, installed when they are not there or other ones are asked for."""
    mark = MODULES / ".hkz"
    want = _digest("package-lock.json")
    BUILD.mkdir(parents=True, exist_ok=True)
    with FileLock(BUILD / "npm.lock"):  # tests run side by side
        if not mark.is_file() or mark.read_text() != want:
            if shutil.which("npm") is None:
                raise SystemExit("npm is missing: sudo apt-get install nodejs npm")
            _run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            mark.write_text(want)
    return MODULES


def wheels() -> list[Path]:
    """The wheels, in order of name."""
    folder = BUILD / f"wheels-{_digest('wheels.txt')[:16]}"
    if not (folder / "done").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        platforms = [word for one in _PLATFORMS for word in ("--platform", one)]
        _run(
            sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps",
            "--only-binary", ":all:", "--implementation", "cp", "--python-version", _PYTHON,
            *platforms, "--dest", str(folder), "--requirement", str(HERE / "wheels.txt"),
        )  # fmt: skip
        (folder / "done").touch()
    return sorted(folder.glob("*.whl"), key=lambda path: path.name.lower())


if __name__ == "__main__":
    node_modules()
    wheels()
