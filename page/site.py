"""The Python of the page: the standard library, the wheels and our package, as one tree of files.

Modules that the actions use are compiled beforehand by the very Python of the page; the others
stay as they are, for the rare file that needs them.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

from page.parts import BUILD, HERE, node_modules, wheels

ROOT = HERE.parent
PACKAGE = ROOT / "hkz_xlsx"

_NOT_OURS = ("portfolio", "figures", "render/word.", "render/word_", "render/pdf",
             "render/typeset", "render/fonts", "render/pages/document.typ")  # fmt: skip
"""What needs libraries that have no package for WebAssembly, or serves only that."""

_OURS_OF_THOSE = "render/fonts/widths.txt"
"""How wide letters are, which every kind of report asks."""

_NOT_OF_WHEELS = (
    "olefile2.py",
    "OleFileIO_PL.py",
    "/mypy.py",
    ".so",
    ".pyi",
    "py.typed",
    ".c",
    ".h",
    ".pyx",
    ".pxd",
)
_LEFT_OUT = (".dist-info/", ".data/", "/doc/", "pydantic/v1/", "_yaml/")
_WITHOUT_COMPILED = ("markupsafe", "pyyaml")
_NOT_OF_STDLIB = ("pydoc", "doctest", "unittest/", "pdb.py", "imaplib", "smtplib", "ftplib",
                  "http/cookiejar", "mailbox", "turtle", "tkinter", "test/", "idlelib",
                  "ensurepip", "venv", "cProfile", "profiling", "lib2to3", "xmlrpc",
                  "multiprocessing", "_pyrepl", "wsgiref", "optparse", "trace.py", "pstats",
                  "profile.py", "modulefinder", "wave", "compileall", "poplib", "cmd.py", "timeit",
                  "fileinput", "socketserver", "sqlite3", "_pyio",
                  "pickletools", "bdb", "http/server", "plistlib", "zipapp", "webbrowser",
                  "nntplib", "telnetlib", "tracemalloc", "sched.py", "shelve", "dbm/")  # fmt: skip
"""What nothing in the page uses: other programs, servers, and looking into a running program."""
_TIME = (1980, 1, 1, 0, 0, 0)


def _ours() -> dict[str, bytes]:
    """Our package as the wheel has it: norms and templates under ``_data``."""
    found: dict[str, bytes] = {}
    places = ((PACKAGE, "hkz_xlsx"), (ROOT / "norms", "hkz_xlsx/_data/norms"),
              (ROOT / "templates", "hkz_xlsx/_data/templates"))  # fmt: skip
    for folder, target in places:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            left = name.startswith(_NOT_OURS) and name != _OURS_OF_THOSE
            if path.is_file() and path.suffix != ".pyc" and not left:
                found[f"{target}/{name}"] = path.read_bytes()
    return found


def _of_wheels() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for wheel in wheels():
        pure = wheel.name.lower().startswith(_WITHOUT_COMPILED)
        with zipfile.ZipFile(wheel) as archive:
            for name in sorted(archive.namelist()):
                if any(word in name for word in _LEFT_OUT) or name.endswith("/"):
                    continue
                compiled = name.endswith(".so")
                if name.endswith(_NOT_OF_WHEELS) and (pure or not compiled):
                    continue
                found[name] = archive.read(name)
    return found


def licences() -> list[tuple[str, str]]:
    """Name and licence of every part, with the texts that came with it."""
    ours = (ROOT / "NOTICES.md").read_text("utf-8").partition("## Ours")[2].partition("\n## ")[0]
    found = [("hkz_xlsx (MIT)", (ROOT / "LICENSE").read_text("utf-8"))]
    found.append(("hkz_xlsx: norms/ (CC BY 4.0)", ours.strip()))
    others = {"Pyodide (MPL-2.0)": "MPL-2.0", "CPython (PSF-2.0)": "PSF-2.0",
              "Emscripten, musl, zlib …": "within-pyodide"}  # fmt: skip
    for what, name in others.items():
        found.append((what, (HERE / "licences" / f"{name}.txt").read_text("utf-8")))
    for wheel in wheels():
        with zipfile.ZipFile(wheel) as archive:
            texts = [n for n in sorted(archive.namelist()) if ".dist-info/" in n and "LICEN" in n]
            text = "\n".join(
                archive.read(n).decode("utf-8", "replace") for n in texts if n[-1] != "/"
            )
        found.append((" ".join(wheel.name.split("-")[:2]), text.strip()))
    return found


def _stdlib() -> dict[str, bytes]:
    with zipfile.ZipFile(node_modules() / "pyodide" / "python_stdlib.zip") as archive:
        names = [n for n in archive.namelist() if n[-1] != "/" and not n.startswith(_NOT_OF_STDLIB)]
        return {name: archive.read(name) for name in sorted(names)}


def _prepared(ours: dict[str, bytes]) -> bytes:
    from hkz_xlsx.page.prepared import prepared

    texts = (data.decode("utf-8") for name, data in ours.items() if name.endswith(".yaml"))
    return prepared(texts).encode("utf-8")


def _laid_out(tree: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _compiled(stdlib: dict[str, bytes], site: dict[str, bytes]) -> dict[str, bytes]:
    """What the page's own Python makes of the modules in use, by name with ``.pyc``.

    It is kept under the content of all that goes in: the compiler takes half a minute.
    """
    mark = hashlib.sha256((HERE / "compile.cjs").read_bytes())
    for name, data in (*stdlib.items(), *site.items()):
        mark.update(f"{name}\0{len(data)}\0".encode() + data)
    kept = BUILD / f"compiled-{mark.hexdigest()[:16]}.zip"
    if not kept.is_file():
        tree = BUILD / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        _laid_out(tree / "stdlib", stdlib)
        _laid_out(tree / "site", site)
        subprocess.run(
            ["node", str(HERE / "compile.cjs"), str(tree), str(node_modules() / "pyodide")],
            check=True,
        )
        made = {p.relative_to(tree).as_posix(): p.read_bytes() for p in tree.rglob("*.pyc")}
        for old in BUILD.glob("compiled-*.zip"):
            old.unlink()
        kept.write_bytes(stored(made))
        shutil.rmtree(tree)
    with zipfile.ZipFile(kept) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def stored(files: dict[str, bytes]) -> bytes:
    """A zip without packing: it is packed as a whole, and read quicker so."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _TIME), files[name])
    return target.getvalue()


def container() -> bytes:
    """Everything: a line of JSON with names and sizes, then the files one after the other.

    ``python_stdlib.zip`` is the standard library, the rest belongs in ``site-packages``.
    """
    ours = _ours()
    stdlib, site = _stdlib(), {**_of_wheels(), **ours}
    site["hkz_xlsx/page/prepared.json"] = _prepared(ours)
    for name, data in _compiled(stdlib, site).items():
        where, _, rest = name.partition("/")
        files = stdlib if where == "stdlib" else site
        del files[rest.removesuffix("c")]
        files[rest] = data
    files = {"python_stdlib.zip": stored(stdlib), **dict(sorted(site.items()))}
    head = json.dumps([[name, len(data)] for name, data in files.items()], separators=(",", ":"))
    return head.encode() + b"\n" + b"".join(files.values())
