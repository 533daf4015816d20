"""Everything that is shipped or loaded stands in the notices; a release has a bill of materials."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from release.bill import BILL, FONTS, SUMS, licence, loaded

ROOT = Path(__file__).parents[2]
NOTICES = (ROOT / "NOTICES.md").read_text("utf-8")


def test_everything_that_can_be_loaded_is_named() -> None:
    """And nothing that is loaded only in the tests."""
    rows = re.findall(r"^\| (?:core|`\[[\w-]+\]`) \| (.+) \|$", NOTICES, re.MULTILINE)
    named = {name for row in rows for name in row.split(", ")}
    assert set(loaded()) - named == set()
    assert not named & {"pytest", "ironcalc", "hypothesis", "mypy"}


def test_what_asks_something_back_is_named() -> None:
    """Terms that would have to be told of stand in the notices by name."""
    asking = {key for key, one in loaded().items() if re.search(r"GPL|MPL|EUPL", licence(one))}
    assert asking == {"docxtpl", "pyphen"}
    assert all(f"**{name}**" in NOTICES for name in asking)


def test_every_font_has_its_licence_beside_it() -> None:
    folder = ROOT / "hkz_xlsx/render/fonts"
    texts = " ".join(path.stem for path in folder.glob("LICENSE-*.txt"))
    for path in folder.glob("*.ttf"):
        family = re.match(r"[A-Z][a-z]+", path.name)
        assert family
        assert family[0] in texts, path.name
        assert any(name.startswith(family[0]) for name in FONTS)


@pytest.mark.proof
def test_a_bill_of_materials_that_others_can_read(tmp_path: Path) -> None:
    """By the schema of CycloneDX; with the checksums of the files of the release."""
    tools = [sys.executable, "-m", "pip", "install", "--quiet", "--group", "release"]
    subprocess.run(tools, cwd=ROOT, check=True)
    (tmp_path / "a.whl").write_bytes(b"wheel")
    subprocess.run([sys.executable, "-m", "release.bill", str(tmp_path)], cwd=ROOT, check=True)
    check = (
        "import sys; from cyclonedx.validation.json import JsonStrictValidator as V; "
        "from cyclonedx.schema import SchemaVersion as S; "
        "sys.exit(str(V(S.V1_6).validate_str(open(sys.argv[1]).read()) or '') or 0)"
    )
    subprocess.run([sys.executable, "-c", check, str(tmp_path / BILL)], check=True)
    found = json.loads((tmp_path / BILL).read_text("utf-8"))
    parts = found["metadata"]["component"]["components"]
    hashes = {part["name"]: part["hashes"][0]["content"] for part in parts}
    assert hashes["a.whl"] == hashlib.sha256(b"wheel").hexdigest()
    assert "hkz-143-leeg.xlsx" in hashes
    assert {"xlsxwriter", "pandas", "Carlito"} <= {one["name"] for one in found["components"]}
    lines = (tmp_path / SUMS).read_text("utf-8").splitlines()
    assert len(lines) == len(hashes) + 1
