"""A list of one's own beside returned files: what it says twice, and what it leaves open."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.whose import Owner
from hkz_xlsx.portfolio.manifest import read_manifest
from hkz_xlsx.problems import HkzError
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of


def _list(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\r\n" for line in lines), "utf-8")
    return path


def _aggregate(folder: Path, listed: Path, *options: str) -> Result:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "w.xlsx").write_bytes(write_workbook(plan_of("nl", "143")))
    arguments = ["aggregate", str(folder / "in"), "-o", str(folder / "veld.csv"), "--force"]
    return CliRunner().invoke(cli, [*arguments, "--manifest", str(listed), *options])


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        (("KvK;Regio", "51234568;Noord", "51234568;Zuid"), ["A2", "A3"]),
        (("KvK;Regio", "1234567;Noord", "01234567;Zuid"), ["A2", "A3"]),
        (("KvK;Locatie;Regio", "51234568;Oost;1", "51234568;OOST;2"), ["A2", "A3"]),
        (("Regio;workbook_id", "1;abc", "1;def", "2;abc"), ["B2", "B4"]),
    ],
)
def test_one_key_with_two_values_is_an_error_at_both_rows(
    tmp_path: Path, lines: tuple[str, ...], cells: list[str]
) -> None:
    path = _list(tmp_path / "lijst.csv", *lines)
    with pytest.raises(HkzError) as caught:
        read_manifest(path)
    assert [(p.code, p.where.cell) for p in caught.value.problems] == [
        ("LIST_KEY_TWICE", cell) for cell in cells
    ]
    done = _aggregate(tmp_path, path)
    assert (done.exit_code, done.stderr.count("LIST_KEY_TWICE")) == (1, 2)
    assert not (tmp_path / "veld.csv").exists()


@pytest.mark.parametrize(
    "lines",
    [
        ("KvK;Regio", "51234568;Noord", "51234568;Noord"),
        ("KvK;Locatie;Regio", "51234568;Oost;1", "51234568;West;2", "51234568;;3"),
    ],
)
def test_the_same_twice_and_other_locations_are_no_mistake(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    found = read_manifest(_list(tmp_path / "lijst.csv", *lines))
    assert not found.problems
    if "Oost" in lines[1]:
        assert [found.of(Owner("", p, "51234568"))["Regio"] for p in ("oost", "west", "")] == list(
            "123"
        )
    else:
        assert found.of(Owner("", "", "51234568"))["Regio"] == "Noord"


def test_what_an_own_list_skips_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Naam", "KvK", "Regio"], ["De Brug", "51234568", "Noord"], ["De Wijk", "62345679", "Zuid"],
        ["Zonder", None, "Oost"], ["Totaal", None, 3], [], ["Toelichting: stand van maart"],
    ):  # fmt: skip
        book.worksheets[0].append(row)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.create_sheet("Oud").append(["KvK", "Regio"])
    book.save(tmp_path / "lijst.xlsx")
    done = _aggregate(tmp_path, tmp_path / "lijst.xlsx")
    assert done.exit_code == 0, done.output
    assert re.search(r"LIST_ROWS_HIDDEN .*\(rij 3\): De Wijk", done.stderr)
    assert re.search(r"LIST_ROWS_TOTAL .*\(rij 5\): Totaal", done.stderr)
    assert re.search(r"LIST_ROWS_NOTE .*\(rij 7\)", done.stderr)
    assert re.search(r"B4\n.*LIST_ROW_NO_KEY", done.stderr)
    assert re.search(r"LIST_SHEET_SKIPPED .*‘Oud’", done.stderr)
    assert "gevonden: 5; gebruikt: 1, geweigerd: 0, overgeslagen: 4." in done.stderr
    assert (
        "LIST_ROWS_HIDDEN" not in _aggregate(tmp_path, tmp_path / "lijst.xlsx", "--hidden").stderr
    )


def test_an_own_list_of_ms_dos(tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_bytes("KvK;Regio\r\n51234568;Súdwest\r\n62345679;België\r\n".encode("cp850"))
    found = read_manifest(path)
    assert found.of(Owner("", "", "62345679"))["Regio"] == "België"
    assert [p.code for p in found.problems] == ["LIST_DECODED"]
