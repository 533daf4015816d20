"""How much is installed: the core and each extra, in environments of their own.

    python -m benchmarks.install_size                 core, every extra, all
    python -m benchmarks.install_size core word       only these
    python -m benchmarks.install_size --wheels        for which systems there are wheels

Sizes in MB (10^6 bytes) of everything in the environment but pip itself; packages without pip.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
_WITHOUT = ("pip", "setuptools", "wheel", "pkg_resources", "_distutils_hack")
SYSTEMS = {
    "Windows, 64 bits": "win_amd64", "Windows on ARM": "win_arm64", "Windows, 32 bits": "win32",
    "macOS on Apple's processors": "macosx_14_0_arm64", "macOS on Intel": "macosx_13_0_x86_64",
    "Linux": "manylinux_2_28_x86_64", "Linux on ARM": "manylinux_2_28_aarch64",
}  # fmt: skip
PYTHONS = ("3.11", "3.12", "3.13")


def extras() -> tuple[str, ...]:
    """``core``, every extra, and ``all``, in the order of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return ("core", *project["optional-dependencies"])


def _asked(extra: str) -> str:
    return str(ROOT) if extra == "core" else f"{ROOT}[{extra}]"


def installed(extra: str, folder: Path) -> tuple[float, int]:
    """Megabytes and packages of an environment with only this."""
    home = folder / extra
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", _asked(extra)], check=True)
    (site,) = home.rglob("site-packages")
    own = [path for path in site.iterdir() if not path.name.startswith(_WITHOUT)]
    files = [file for path in own for file in ([path] if path.is_file() else path.rglob("*"))]
    size = sum(file.stat().st_size for file in files if file.is_file())
    return size / 1e6, sum(path.name.endswith(".dist-info") for path in own)


def has_wheels(extra: str, system: str, python: str) -> bool:
    """Whether everything can be had without building it, by a dry run of pip."""
    command = [
        sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed",
        "--only-binary=:all:", "--target", "nowhere", "--platform", system,
        "--python-version", python, *requirements(extra),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def requirements(extra: str) -> list[str]:
    """What the core needs and what the extra adds; the product itself is pure Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    brought = project["optional-dependencies"]
    names = [name for name in brought if name != "all"] if extra == "all" else [extra]
    more = [one for name in names for one in brought.get(name, [])]
    return [*project["dependencies"], *more]


def main(arguments: tuple[str, ...] | None = None) -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extras", nargs="*", choices=[*extras(), []])
    parser.add_argument("--wheels", action="store_true")
    asked = parser.parse_args(arguments)
    chosen = asked.extras or extras()
    if asked.wheels:
        print("| system | Python |", *(f"{extra} |" for extra in chosen))
        print("|---|---|" + "---|" * len(chosen))
        for name, system in SYSTEMS.items():
            for python in PYTHONS:
                found = ["yes" if has_wheels(e, system, python) else "no" for e in chosen]
                print(f"| {name} | {python} |", *(f"{word} |" for word in found), flush=True)
        return
    print("| installed | MB | packages |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for extra in chosen:
            size, packages = installed(extra, Path(folder))
            print(f"| {extra} | {size:.0f} | {packages} |", flush=True)


if __name__ == "__main__":
    main()
