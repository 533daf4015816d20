"""File names and texts that a terminal or a table cannot take."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of

TITLE = 'name="rood\u009b31m\u202egeel"'


@pytest.fixture(scope="module")
def workbook() -> bytes:
    data = write_workbook(plan_of("nl", "125"))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            # As the title of a sheet: no writer of ours would let it through.
            new.writestr(name, old.read(name).replace(b'name="Actieplan"', TITLE.encode()))
    return target.getvalue()


def test_json_holds_no_code_for_the_terminal(tmp_path: Path, workbook: bytes) -> None:
    (tmp_path / "retour.xlsx").write_bytes(workbook)
    done = CliRunner().invoke(cli, ["check", str(tmp_path), "--json"])
    assert done.exit_code == 0
    assert not {"\u009b", "\u202e"} & set(done.stdout)
    values = [p["message"] for p in json.loads(done.stdout)["files"][0]["problems"]]
    assert any("rood" in value for value in values)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_file_name_that_is_no_text(tmp_path: Path, workbook: bytes) -> None:
    """Names of two files, different in bytes that are no UTF-8, stay two."""
    folder = tmp_path / "retouren"
    folder.mkdir()
    for odd in (b"\xff", b"\xfe"):
        with open(os.fsencode(folder) + b"/best" + odd + b".xlsx", "wb") as target:  # noqa: PTH123 - bytes
            target.write(workbook)
    out = tmp_path / "portfolio"
    for _ in range(2):
        done = CliRunner().invoke(cli, ["aggregate", str(folder), "-o", str(out)])
        assert (done.exit_code, done.exception) == (0, None), done.output
    names = pq.read_table(out / "files.parquet")["file"].to_pylist()
    assert names == ["retouren/best%FE.xlsx", "retouren/best%FF.xlsx"]
