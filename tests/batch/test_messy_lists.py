"""Lists and manifests as people hand them in: other sheets, formulas, errors, odd names."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from hkz_xlsx.batch.clients import ClientList, Defaults, read_clients
from hkz_xlsx.batch.manifest import CSV_NAME, JSON_NAME, read_manifest
from hkz_xlsx.batch.run import check_previous
from hkz_xlsx.cli.main import cli
from hkz_xlsx.machine.csv_text import guarded, unguarded
from hkz_xlsx.portfolio.manifest import read_manifest as read_for_portfolio
from tests.support import library


def _read(path: Path) -> ClientList:
    return read_clients(path, library(), Defaults(("143",)), lambda _: None)


def _told(listed: ClientList) -> dict[str, str]:
    return {str(p.where.cell): p.code for p in listed.problems if p.where.cell}


def _book(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Toelichting"
    sheet = book.create_sheet("Klanten")
    for row in (
        ["Klanten van het bureau"], [], ["Naam", "KvK", "Fte", "Regio"],
        ["De Brug", 1234567, 8.5, "Noord"], ["Rekent", '="1234"&"5678"', "=2+3", None],
        ["Fout", 51234568, 2, None],
    ):  # fmt: skip
        sheet.append(row)
    sheet["D6"] = "#N/A"
    assert sheet["D6"].data_type == "e"
    book.save(path)
    return path


def test_a_list_on_the_second_sheet(tmp_path: Path) -> None:
    listed = _read(_book(tmp_path / "klanten.xlsx"))
    assert [c.known["name"] for c in listed.clients] == ["De Brug"]
    other = [p for p in listed.problems if p.where.sheet != "Klanten"]
    assert [(p.code, p.where.sheet) for p in other] == [
        ("LIST_SHEET_OTHER", "Sheet"), ("LIST_COUNT", ""),
    ]  # fmt: skip


def test_formulas_without_an_outcome_and_errors_are_no_blanks(tmp_path: Path) -> None:
    told = _told(_read(_book(tmp_path / "klanten.xlsx")))
    assert told == {
        "B4": "LIST_VALUE_CLEANED", "B5": "LIST_CELL_ERROR", "C5": "LIST_CELL_ERROR",
        "D6": "LIST_CELL_ERROR",
    }  # fmt: skip


def test_an_earlier_workbook_that_cannot_go_along_is_told_at_its_cell(tmp_path: Path) -> None:
    (tmp_path / "kapot.xlsx").write_bytes(b"PK\x03\x04 en verder niets")
    path = tmp_path / "lijst.csv"
    path.write_text("Naam;Vorig werkboek\nDe Brug;kapot.xlsx\n", "utf-8")
    (told,) = check_previous(_read(path), library())
    assert (told.where.file, told.where.cell, told.where.requirement) == (
        "lijst.csv", "B2", "kapot.xlsx",
    )  # fmt: skip


def test_names_of_columns_in_a_pattern_are_those_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text("Naam;Regio;Bestandsnaam\nDe Brug;Noord;{onbekend}\n", "utf-8")
    (told,) = [p for p in _read(path).problems if p.code == "NAME_PATTERN"]
    assert told.slots["choices"].startswith("{naam}, {locatie}, {kvk}")
    assert told.slots["choices"].endswith("{Regio}")


LIVE = ['=HYPERLINK("http://x")', "+31", "-5", "@x", "＝1", "'=1", "''", "gewoon", ""]


@pytest.mark.parametrize("text", LIVE)
def test_guarding_loses_nothing(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "＝"))


def test_nothing_in_a_manifest_is_a_formula(tmp_path: Path) -> None:
    """Also read back, from either form and as Excel in the Netherlands saves it again."""
    path, out = tmp_path / "lijst.csv", tmp_path / "uit"
    path.write_text("Naam;KvK;Plan B;=1+1\n=cmd|é;51234568;@x;-5\n", "utf-8")
    asked = ["--norm", "143", "--date", "2026-11-02"]
    done = CliRunner().invoke(cli, ["batch", str(path), "-o", str(out), *asked])
    assert done.exit_code == 0, done.output
    text = (out / CSV_NAME).read_text("utf-8-sig")
    for cell in text.replace("\n", ";").split(";"):
        assert not cell.startswith(("=", "+", "-", "@"))
    again = tmp_path / "opnieuw.csv"
    again.write_bytes(text.encode("cp1252"))
    whole = read_manifest(out / JSON_NAME)
    assert whole == read_manifest(out / CSV_NAME) == read_manifest(again)
    assert (whole[0].client, whole[0].free) == ("=cmd|é", {"Plan B": "@x", "=1+1": "-5"})
    listed = read_for_portfolio(out / JSON_NAME)
    assert listed == read_for_portfolio(out / CSV_NAME) == read_for_portfolio(again)
    assert [dict(v) for v in listed.by_id.values()] == [{"Plan B": "@x", "=1+1": "-5"}]
