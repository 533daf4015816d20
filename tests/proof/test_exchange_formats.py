"""The libraries of SSSOM and OSCAL read every shipped crosswalk, in an environment of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hkz_xlsx.norm.exchange import Judged, as_oscal, as_sssom
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.migrations import read_crosswalks
from tests.support import library

READ_OSCAL = """
import json, sys
from trestle.oscal.mapping import Model
for name in sys.argv[1:]:
    found = Model.model_validate(json.load(open(name, encoding="utf-8")))
    assert found.mapping_collection.mappings[0].maps
"""


@pytest.mark.proof
def test_others_read_them(tmp_path: Path) -> None:
    """Valid, and not a mapping is lost when the library writes the table again."""
    bin_ = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    wanted = ("compliance-trestle==5.2.0", "sssom==0.4.21")
    subprocess.run([str(bin_ / "pip"), "install", "-q", *wanted], check=True)
    oscal = []
    for crosswalk, _ in read_crosswalks(norms_folder())[0]:
        ends = [
            library().part(e.part, e.edition, e.revision)
            for e in (crosswalk.source, crosswalk.target)
        ]
        old, new = (part for part in ends if part is not None)
        judged = Judged(crosswalk, old, new)
        oscal.append(tmp_path / f"{old.id}.json")
        oscal[-1].write_text(as_oscal(judged, "nl"), "utf-8")
        table, again = tmp_path / f"{old.id}.sssom.tsv", tmp_path / f"{old.id}.again.tsv"
        table.write_text(as_sssom(judged, "nl"), "utf-8")
        subprocess.run([str(bin_ / "sssom"), "validate", str(table)], check=True)
        subprocess.run([str(bin_ / "sssom"), "parse", str(table), "-o", str(again)], check=True)
        lines = [
            sum(not line.startswith("#") for line in path.read_text("utf-8").splitlines())
            for path in (table, again)
        ]
        assert lines[0] == lines[1]
    subprocess.run([str(bin_ / "python"), "-c", READ_OSCAL, *map(str, oscal)], check=True)
