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


READ_SSSOM = """
import sys
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
from sssom.writers import write_table
for name in sys.argv[1:]:
    mappings = parse_sssom_table(name)
    assert not [found for report in validate(mappings).values() for found in report.results], name
    with open(name + ".again", "w", encoding="utf-8") as file:
        write_table(mappings, file)
"""
"""Not its commands: ``sssom parse`` works for minutes on what its library reads in no time."""


@pytest.mark.proof
def test_others_read_them(tmp_path: Path) -> None:
    """Valid, and not a mapping is lost when the library writes the table again."""
    bin_ = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    wanted = ("compliance-trestle==5.2.0", "sssom==0.4.21")
    subprocess.run([str(bin_ / "pip"), "install", "-q", *wanted], check=True)
    oscal, tables = [], []
    for crosswalk, _ in read_crosswalks(norms_folder())[0]:
        ends = [
            library().part(e.part, e.edition, e.revision)
            for e in (crosswalk.source, crosswalk.target)
        ]
        old, new = (part for part in ends if part is not None)
        judged = Judged(crosswalk, old, new)
        oscal.append(tmp_path / f"{old.id}.json")
        oscal[-1].write_text(as_oscal(judged, "nl"), "utf-8")
        tables.append(tmp_path / f"{old.id}.sssom.tsv")
        tables[-1].write_text(as_sssom(judged, "nl"), "utf-8")
    for code, made in ((READ_OSCAL, oscal), (READ_SSSOM, tables)):
        subprocess.run([str(bin_ / "python"), "-c", code, *map(str, made)], check=True, timeout=300)
    for table in tables:
        again = table.with_name(f"{table.name}.again")
        assert _mappings(table) == _mappings(again) > 1


def _mappings(table: Path) -> int:
    lines = table.read_text("utf-8").splitlines()
    return sum(not line.startswith("#") for line in lines)
