"""The record of a release: in its folder, in the package that reads its files, and in the tests."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from hkz_xlsx import __version__, releases
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.text import LANGS, Lang, fingerprint, workbook_texts

ROOT = Path(__file__).parents[1]
RELEASED = ROOT / "released"


def _lock() -> dict[str, str]:
    text = (ROOT / "norms" / "lock.yaml").read_text("utf-8")
    frozen: dict[str, str] = yaml.safe_load(text)["frozen"]
    return frozen


def record_of_release(
    version: str, day: str, plans: Mapping[str, str], filled: Sequence[object]
) -> dict[str, object]:
    """What stands in ``release.json``, of what was written beside it."""
    lock = _lock()
    library = load_library()
    sums = {
        p.as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(Path().rglob("*"))
        if p.is_file() and "__pycache__" not in p.parts
    }
    return {
        "version": version, "date": day, "layout": LAYOUT_VERSION,
        "question_sets": lock,
        "editions": {str(p.edition): p.edition.fingerprint for p in library.newest()},
        "plans": plans,
        "workbooks": list(filled),
        "blank": {p.as_posix(): read_workbook(p, library).identity.plan
                  for p in sorted(Path("blank").iterdir())},
        "sha256": sums,
    }  # fmt: skip


def known_to_the_package(version: str, day: str) -> None:
    """The texts of the release, and its line in the record by which its files are read."""
    texts = {lang: dict(workbook_texts(lang)) for lang in LANGS}
    lock = _lock()
    line = {
        "version": version, "date": day, "layout": LAYOUT_VERSION,
        "wording": {lang: fingerprint(texts[lang]) for lang in LANGS},
        "question_sets": sorted(lock),
    }  # fmt: skip
    index = releases.FOLDER / "index.json"
    write_json(index, [*json.loads(index.read_text("utf-8")), line])
    write_json(releases.FOLDER / f"{version}.json", texts)


def write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


def known_to_the_tests(version: str, record_text: bytes) -> None:
    """The tests hold every release to its record, by the checksum of that."""
    path = ROOT / "tests" / "released" / "test_released_files.py"
    line = f'    "{version}": "{hashlib.sha256(record_text).hexdigest()}",\n}}\n"""sha256 of'
    text = path.read_text("utf-8")
    alone = re.compile(r'^RECORDS = \{("[^\n]*")\}\n', re.MULTILINE)
    text = alone.sub(r"RECORDS = {\n    \1,\n}\n", text)
    path.write_text(text.replace('}\n"""sha256 of', line, 1), "utf-8")


def refused(version: str) -> str:
    """Why a release cannot be made; empty when it can."""
    if version != __version__:
        return (
            f"The version is {__version__}. Set it to {version} in pyproject.toml and __init__.py."
        )
    if (RELEASED / version).exists() or version in {r.version for r in releases.releases()}:
        return f"Release {version} exists. What was released is never written over."
    if max(r.layout for r in releases.releases()) > LAYOUT_VERSION:
        return "A release writes the newest layout."
    shapes = {r.layout: r.version for r in releases.releases()}
    if LAYOUT_VERSION in shapes and changed_shapes(shapes[LAYOUT_VERSION]):
        return f"Layout {LAYOUT_VERSION} was released with another shape: give it the next number."
    return ""


def changed_shapes(version: str) -> list[str]:
    """Plans of an earlier release of this layout that are another plan now, in its own words:
    then it is the shape that changed."""
    plans = json.loads((RELEASED / version / "release.json").read_text("utf-8"))["plans"]
    return [name for name, plan in plans.items() if _plan(name, version) != plan]


def _plan(name: str, version: str) -> str:
    """The fingerprint that a plan such as ``138-nl-previous`` has now, in the words of then."""
    part, lang, *more = name.split("-")
    chosen: Lang = "nl" if lang == "nl" else "en"
    library = load_library()
    made = plan_workbook(
        select(library, (part,)), chosen, (part,), previous=bool(more), wording=version
    )
    return made.identity.plan
