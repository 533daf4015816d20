"""Puts the page together: ``python -m page.build`` writes ``dist/hkz-pagina.html``.

Everything is in that one file: the front end, and Pyodide, the standard library, the wheels and our
package, packed and written as text. The same sources give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from page.parts import BUILD, HERE, node_modules
from page.site import ROOT, container, licences

if TYPE_CHECKING:
    from hkz_xlsx.text import Lang

TARGET = ROOT / "dist" / "hkz-pagina.html"
MOST = 16_000_000
"""Bytes of the page: what can still be sent by mail to most people."""

_LEVEL = 12
_SCRIPTS = ("dom", "files", "engine", "work", "make", "own", "adviser", "main")
_SHARED = ("severity.", "check.family.", "choose.heading", "cli.norms.accreditation",
           "collect.unknown")  # fmt: skip
"""Texts that the page shares with the other parts of the product."""

_CLASSIC = (
    ("export default _createPyodideModule;", ""),
    ("export default _createPyodideModule", ""),
    ("import.meta.url", "HERE"),
)
"""Pyodide's loader is a module and wants to run in one. A module worker out of a ``blob:`` ends
without a word in Chromium on a page from ``file:``; a classic one works in every browser."""

_POLICY = (
    "default-src 'none'; script-src '{script}' 'wasm-unsafe-eval'; worker-src blob:;"
    " style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""What the page may do: no address to fetch from or send to, no script but its own. Style is free,
as reports, which are shown within the page, bring their own."""


def packed(data: bytes) -> str:
    """Gzip as text; what was packed before is kept, as packing well takes a while."""
    kept = BUILD / "packed" / hashlib.sha256(data).hexdigest()[:24]
    if not kept.is_file():
        import deflate

        kept.parent.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_suffix(".new")
        temporary.write_bytes(bytes(deflate.gzip_compress(data, _LEVEL)))
        temporary.replace(kept)
    return base64.b64encode(kept.read_bytes()).decode("ascii")


def worker() -> str:
    """What runs in the worker: Pyodide's two scripts as classic ones, then ours."""
    parts = node_modules() / "pyodide"
    core = (parts / "pyodide.asm.mjs").read_text("utf-8")
    for old, new in _CLASSIC:
        core = core.replace(old, new)
    if "import.meta" in core or "export " in core.rpartition("}")[2]:
        raise SystemExit("pyodide.asm.mjs is not what page/build.py knows how to turn")
    loader = (parts / "pyodide.js").read_text("utf-8").partition("//# sourceMappingURL")[0]
    ours = (HERE / "app" / "worker.js").read_text("utf-8")
    return f"{ours.partition('// ---')[0]}\n{loader}\n{core}\n{ours.partition('// ---')[2]}"


def _lock() -> str:
    """Pyodide's list of packages, without any: there is nowhere to load them from."""
    lock: dict[str, Any] = json.loads(
        (node_modules() / "pyodide" / "pyodide-lock.json").read_text()
    )
    return json.dumps({**lock, "packages": {}}, sort_keys=True)


def _texts(lang: Lang) -> dict[str, str]:
    from hkz_xlsx.text import catalogue

    wanted = ("page.", *_SHARED)
    return {key: text for key, text in catalogue(lang).items() if key.startswith(wanted)}


def _about(lang: Lang) -> dict[str, Any]:
    from hkz_xlsx.page.actions import start

    return start({"lang": lang}, BUILD)


def _json(value: object) -> str:
    """JSON that can stand in a script: nothing in it ends the script or begins a comment."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def front_end() -> str:
    """The script of the page itself."""
    langs: tuple[Lang, ...] = ("nl", "en")
    values = {
        "TEXTS": {lang: _texts(lang) for lang in langs},
        "ABOUT": {lang: _about(lang) for lang in langs},
        "LICENCES": licences(),
    }
    constants = [f"const {name} = {_json(value)};" for name, value in values.items()]
    scripts = [(HERE / "app" / f"{name}.js").read_text("utf-8") for name in _SCRIPTS]
    return "\n".join(("(() => {", '"use strict";', *constants, *scripts, "})();"))


def page() -> str:
    """The whole page."""
    core = (node_modules() / "pyodide" / "pyodide.asm.wasm").read_bytes()
    script = front_end()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    pieces = {
        "@POLICY@": _POLICY.format(script=f"sha256-{digest}"),
        "@STYLE@": (HERE / "app" / "page.css").read_text("utf-8"),
        "@PART_SCRIPT@": packed(worker().encode()),
        "@PART_WASM@": packed(core),
        "@PART_SITE@": packed(container()),
        "@PART_LOCK@": _lock().replace("<", "\\u003c"),
        "@MAIN@": script,
    }
    found = (HERE / "app" / "page.html").read_text("utf-8")
    for mark, text in pieces.items():
        before, _, after = found.partition(mark)
        found = before + text + after
    return found


def build(target: Path = TARGET) -> Path:
    """Write the page; of several at once, one does the work and the others wait."""
    from filelock import FileLock

    BUILD.mkdir(parents=True, exist_ok=True)
    with FileLock(BUILD / "lock"):
        data = page().encode()
    if len(data) > MOST:
        raise SystemExit(f"The page is {len(data):,} bytes, more than {MOST:,}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or target.read_bytes() != data:
        temporary = target.with_suffix(".new")
        temporary.write_bytes(data)
        temporary.replace(target)
    return target


if __name__ == "__main__":
    path = build()
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.2f} MB\n")
