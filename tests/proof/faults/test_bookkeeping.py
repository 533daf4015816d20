"""Every file and every answer is accounted for, over a folder as it comes back."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.returned.counts import QuestionTally, Tally, TallyError
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import say
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.faults.commands import Inputs, here
from tests.support import plan_of

FOUND = {"found": 15, "read": 5, "refused": 4, "ignored": 4, "duplicate": 2}
"""Of the folder below."""


@pytest.fixture(scope="module")
def messy(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rommel") / "retour"
    shutil.copytree(inputs / "retour", folder)  # three
    plan = plan_of("nl", "125")
    rows = plan.model.table(T.requirements).rows
    odd = {Address(T.requirements, rows[0], "answer"): "misschien ooit"}
    (folder / "vreemd.xlsx").write_bytes(write_workbook(plan, odd))
    book = openpyxl.load_workbook(folder / "vreemd.xlsx")
    sheet = book["Beoordeling"]
    spot = next(c.row for r in sheet.iter_rows() for c in r if c.value == rows[3])
    sheet.delete_rows(spot)
    (folder / "sub").mkdir()
    book.save(folder / "sub" / "rij weg.xlsx")
    shutil.copy2(folder / "retour-001.xlsx", folder / "retour-001 - Kopie.xlsx")
    (folder / "kapot.xlsx").write_bytes(b"PK\x03\x04 niet heel")
    (folder / "kapot (1).xlsx").write_bytes(b"PK\x03\x04 niet heel")
    (folder / "brief.xlsx").write_bytes(b"Geachte heer")
    (folder / "leeg.xlsx").write_bytes(b"")
    other = openpyxl.Workbook()
    other.save(folder / "begroting.xlsx")
    for name in ("~$vreemd.xlsx", "foto.jpg", "notitie.txt", "Thumbs.db"):
        (folder / name).write_bytes(b"\x01\x02 van iets anders")
    return folder


def test_check(messy: Path, tmp_path: Path) -> None:
    """In the text, in the JSON, and on the list; and per question."""
    result = here("check", messy, "--xlsx", tmp_path / "c.xlsx")
    assert say("nl", "tally.files", **FOUND) in result.stderr
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx").worksheets[0]
    assert say("nl", "tally.files", **FOUND) in {c.value for row in sheet.iter_rows() for c in row}
    assert result.output.count("FILE_DUPLICATE") == 2
    data = json.loads(here("check", messy, "--json").stdout)
    assert data["found"] == FOUND
    assert len(data["files"]) == FOUND["found"] - FOUND["ignored"]
    assert sum("same_as" in one for one in data["files"]) == FOUND["duplicate"]
    rows = plan_of("nl", "125").model.table(T.requirements).rows
    assert tuple(data["questions"]) == rows
    for row, one in data["questions"].items():
        files = one.pop("files")
        assert files == FOUND["read"] == sum(one.values()), row
    assert data["questions"][rows[0]]["invalid"] == 2
    assert [data["questions"][row]["missing"] for row in rows[2:5]] == [0, 1, 0]
    everything = len(rows) * FOUND["read"]
    assert f"Antwoorden verwacht: {everything};" in result.stderr
    assert "niet begrepen: 2, ontbreken: 1" in result.stderr


def test_aggregate(messy: Path, tmp_path: Path) -> None:
    """As printed, in portfolio.json and in the tables; every question in every file."""
    folder = tmp_path / "p"
    result = here("aggregate", messy, "-o", folder, "--jobs", 1)
    assert say("nl", "tally.files", **FOUND) in result.stderr
    assert json.loads((folder / "portfolio.json").read_text())["found"] == FOUND
    sql = "select state, same_as is not null as same, count(*) as n from files group by all"
    rows = json.loads(here("query", sql, "-p", folder, "--format", "json").stdout)
    counts = {(row["state"], row["same"]): row["n"] for row in rows}
    assert counts == {
        ("read", False): 5, ("refused", False): 4, ("skipped", False): 4,
        ("read", True): 1, ("refused", True): 1,
    }  # fmt: skip
    sql = (
        "select requirement, count(*) as files, "
        " count(*) filter (answer <> 'empty') as answered from answers"
        " join files using (file_id) where same_as is null group by 1"
    )
    rows = json.loads(here("query", sql, "-p", folder, "--format", "json").stdout)
    asked = plan_of("nl", "125").model.table(T.requirements).rows
    assert {row["requirement"] for row in rows} == set(asked)
    assert {row["files"] for row in rows} == {FOUND["read"]}
    reports = json.loads(here("check", messy, "--json").stdout)["questions"]
    for row in rows:
        one = reports[row["requirement"]]
        assert row["answered"] == one["answered"] + one["invalid"], row


def test_analyze(messy: Path, tmp_path: Path) -> None:
    """On the terminal and in the index; what analyze leaves out by name counts as ignored."""
    result = here("analyze", messy, "-o", tmp_path / "uit", "--format", "json")
    assert say("nl", "tally.files", **FOUND) in result.output
    assert say("nl", "tally.files", **FOUND) in (tmp_path / "uit" / "index.html").read_text("utf-8")
    archive = tmp_path / "retour.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(messy.rglob("*")):
            if path.is_file():
                target.write(path, path.relative_to(messy).as_posix())
    again = here("analyze", archive, messy / "foto.jpg", "-o", tmp_path / "zip", "--format", "json")
    more = {**FOUND, "found": FOUND["found"] + 1, "refused": FOUND["refused"] + 1}
    assert say("nl", "tally.files", **more) in again.output
    checked = here("check", archive, messy / "foto.jpg", "--json")
    assert json.loads(checked.stdout)["found"] == more


def test_collect(messy: Path, inputs: Inputs, tmp_path: Path) -> None:
    """Collect looks at every file but by-products of programs."""
    manifest = inputs.folder / "uitgezet" / "manifest.csv"
    result = here("collect", messy, "--manifest", manifest, "-o", tmp_path / "s.json", "--jobs", 1)
    data = json.loads((tmp_path / "s.json").read_text("utf-8"))["found"]
    assert data["found"] == FOUND["found"] == sum(data.values()) - data["found"]
    assert say("nl", "tally.files", **data) in result.stderr
    assert data["read"] == FOUND["read"]
    assert data["ignored"] == 2  # the lock file of an office program, thumbnails of Windows


def test_counts_that_do_not_add_up_are_our_mistake() -> None:
    with pytest.raises(TallyError):
        Tally(10, 5, 1, 1, 1)
    with pytest.raises(TallyError):
        QuestionTally(5, 1, 1, 1, 1)
