"""Text of the norm from somebody's own copy: beside the questions of one person, nowhere else."""

from __future__ import annotations

import subprocess
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.licensed import licensed
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.rework.own_text import own_text_list, placed, read_own_text
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.rework.test_journey import FIRST, cell, plan
from tests.support import library

SECRET = "GEHEIM"
NAME, KVK = (Address("organisation", key, "value") for key in ("name", "kvk"))


def hkz(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def filled(path: Path, cells: dict[str, str | float | datetime], lang: str = "nl") -> Path:
    """The list with these cells typed in."""
    path.write_bytes(own_text_list(plan().model.selection, "nl" if lang == "nl" else "en"))
    book = openpyxl.load_workbook(path)
    for spot, value in cells.items():
        book.worksheets[0][spot] = value
    book.save(path)
    return path


def test_from_list_to_workbook(tmp_path: Path) -> None:
    """Paragraph and text beside their question; the cover says so; scores and prints stay."""
    made = tmp_path / "eigen.xlsx"
    result = hkz("norms", "own-text", FIRST, "-o", made)
    assert result.exit_code == 0, result.output
    assert "62 vragen" in result.stderr
    listed = filled(
        tmp_path / "ingevuld.xlsx",
        {"D5": "4.2.1", "E5": f"{SECRET} een\ntweede regel", "D6": 4.1, "E7": f"{SECRET} twee"},
    )
    assert hkz("norms", "own-text", FIRST, "-o", made).exit_code == 1, "nothing is replaced"
    out = tmp_path / "werkboek.xlsx"
    result = hkz("generate", FIRST, "--own-text", listed, "-o", out, "--organisation", "De Brug")
    assert result.exit_code == 0, result.output
    read = read_workbook(out, library(), complete=True)
    assert {a.row: v for a, v in read.as_understood.items() if a.column == "own_text"} == {
        "KO-101": f"4.2.1: {SECRET} een\ntweede regel", "KO-102": "4.1", "KO-103": f"{SECRET} twee",
    }  # fmt: skip
    assert (read.problems, read.extra) == ((), ())
    plain = plan()
    assert (read.identity.plan, read.identity.shape) == (plain.identity.plan, plain.identity.shape)
    told = read.plan.text("start.licensed")
    start = openpyxl.load_workbook(out, data_only=True)["Start"]
    assert start["A6"].value == told
    again = tmp_path / "nog.xlsx"
    hkz("generate", FIRST, "--own-text", listed, "-o", again, "--organisation", "De Brug")
    assert again.read_bytes() == out.read_bytes()
    result = hkz("check", "--share", out)
    assert (result.exit_code, SECRET in result.output) == (1, False)
    assert "SHARE_LICENSED" in result.stdout
    copy = tmp_path / "deel.xlsx"
    hkz("share", out, "-o", copy)
    assert hkz("check", "--share", copy).exit_code == 0
    assert openpyxl.load_workbook(copy, data_only=True)["Start"]["A6"].value in (None, "")


def test_rows_are_as_high_as_the_text() -> None:
    def height(inputs: dict[Address, CellValue]) -> float:
        book = openpyxl.load_workbook(BytesIO(write_workbook(plan(), inputs)))
        return float(book["Beoordeling"].row_dimensions[5].height)

    assert height({cell("KO-101", "own_text"): "woord " * 400}) > height({}) + 100


def test_a_text_of_another_question_is_not_placed(tmp_path: Path) -> None:
    """Also a number that is not in the workbook, and a list in the other language."""
    path = filled(
        tmp_path / "lijst.xlsx",
        {"C5": "Een andere vraag?", "E5": SECRET, "A6": "KO-999", "E6": SECRET, "E7": "Mag"},
        "en",
    )
    inputs, told = placed(read_own_text(path), plan(), path.name)
    assert inputs == {cell("KO-103", "own_text"): "Mag"}
    assert [p.code for p in told] == ["OWN_TEXT_OTHER_QUESTION", "OWN_TEXT_NO_ROW"]
    assert [(p.where.cell, p.where.requirement) for p in told] == [
        ("E5", "KO-101"), ("E6", "KO-999"),
    ]  # fmt: skip


def codes(path: Path, of: WorkbookPlan | None = None) -> list[str]:
    with pytest.raises(HkzError) as caught:
        placed(read_own_text(path), of or plan(), path.name)
    assert SECRET not in str([p.slots for p in caught.value.problems])
    return [p.code for p in caught.value.problems]


def test_lists_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "lijst.xlsx"
    day = datetime(2026, 1, 4)  # noqa: DTZ001 - as a cell holds it; what a program makes of 4-1
    assert codes(filled(path, {"D5": day, "E5": SECRET, "E6": "#N/A"}))[0] == "OWN_TEXT_CELL"
    assert codes(filled(path, {})) == ["OWN_TEXT_NOTHING"]
    assert codes(filled(path, {"E4": "Anders", "E5": SECRET})) == ["OWN_TEXT_LIST"]
    assert codes(filled(path, {"A5": "KO-999", "E5": SECRET})) == ["OWN_TEXT_NO_ROW"]


def test_the_list_keeps_what_is_typed_as_text(tmp_path: Path) -> None:
    """4.10 is no number, and 4-1 no day."""
    book = openpyxl.load_workbook(filled(tmp_path / "lijst.xlsx", {}))
    assert {book.worksheets[0][spot].number_format for spot in ("D5", "E5", "D60")} == {"@"}


@pytest.fixture(scope="module", name="owned")
def _owned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A completed workbook with own text, also on a row that stands there twice and on a copy of
    the sheet, in cells that messages and lists are about."""
    folder = tmp_path_factory.mktemp("eigen")
    typed = {
        **sample_inputs(plan()), NAME: "De Brug", KVK: "68750110",
        cell("KO-101", "own_text"): f"{SECRET} een", cell("KO-103", "own_text"): f"{SECRET} drie",
    }  # fmt: skip
    (folder / "heel.xlsx").write_bytes(write_workbook(plan(), typed))
    book = openpyxl.load_workbook(BytesIO(write_workbook(plan(), typed)))
    sheet = book["Beoordeling"]
    row = next(c.row for c in sheet["A"] if c.value == "KO-101")
    last = sheet.max_row + 1
    for one in sheet[row]:
        twice = f"{SECRET} dubbel" if one.value == f"{SECRET} een" else one.value
        sheet.cell(last, one.column, twice)
    for line in book.copy_worksheet(sheet).iter_rows():
        for one in line:
            if one.value == f"{SECRET} drie":
                one.value = f"{SECRET} kopie"
    book.save(folder / "stuk.xlsx")
    return folder


def everything(path: Path) -> bytes:
    """All that a file holds, unpacked; of pages their text too."""
    data = path.read_bytes()
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as whole:
            data = b"".join(whole.read(name) for name in whole.namelist())
    if path.suffix == ".pdf":
        data += subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout
    return data


def held(words: tuple[object, ...], folder: Path) -> list[str]:
    """What a command says or writes that it must not."""
    before = set(folder.rglob("*"))
    result = hkz(*words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    found = [f"{words[0]}: {line}" for line in result.output.splitlines() if SECRET in line]
    made = [p for p in folder.rglob("*") if p not in before and p.is_file()]
    assert made or words[0] == "check", result.output
    return found + [p.name for p in made if SECRET.encode() in everything(p)]


@pytest.mark.parametrize("what", ["report", "portfolio", "anonymous", "share", "merge", "split"])
def test_it_leaks_nowhere(what: str, owned: Path, tmp_path: Path) -> None:
    """Neither the text itself nor a message with it."""
    broken, whole = owned / "stuk.xlsx", owned / "heel.xlsx"
    out = tmp_path / "uit"
    out.mkdir()
    commands: dict[str, list[tuple[object, ...]]] = {
        "report": [
            *(("analyze", broken, "-o", out / f"r.{kind}") for kind in ("html", "json", "docx")),
            ("check", broken, "--json", "--xlsx", out / "lijst.xlsx"), ("check", broken, "--full"),
            ("compare", whole, broken, "-o", out / "verschil.html"),
        ],
        "portfolio": [("aggregate", owned, "-j", 1, "-o", out / "portfolio")],
        "anonymous": [("aggregate", owned, "-j", 1, "--anonymous", "-o", out / "veld.html")],
        "share": [
            ("share", broken, "-o", out / "deel.xlsx"),
            ("share", broken, "--blind", "-o", out / "blind.xlsx"),
        ],
        "merge": [("merge", whole, broken, "-o", out / "samen.xlsx")],
        "split": [("split", broken, "--by", "rubriek", "-o", out / "delen")],
    }  # fmt: skip
    assert [found for words in commands[what] for found in held(words, out)] == []


def test_it_stays_in_a_workbook_of_ones_own(owned: Path, tmp_path: Path) -> None:
    """Repairing keeps it: also what stood on a doubled row."""
    out = tmp_path / "hersteld.xlsx"
    hkz("repair", owned / "stuk.xlsx", "-o", out)
    read = read_workbook(out, library(), complete=True)
    assert len(licensed(read)) == 2
    assert f"{SECRET} dubbel" in {one.value for one in read.carried}
