"""openpyxl beside our reader: both values of every answer, and where they differ."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.problems import problem
from hkz_xlsx.returned import second_reader
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.calamine import with_openpyxl
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of

_ANSWERS: dict[Address, CellValue] = {
    Address(T.requirements, "MHD-101", "answer"): "Voldoet",
    Address(T.requirements, "MHD-101", "evidence"): "Plan\nvan aanpak",
    Address(T.requirements, "MHD-101", "valid_until"): 46_000.0,
    Address(T.requirements, "MHD-102", "answer"): "Voldoet niet",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "w.xlsx"
    path.write_bytes(write_workbook(plan_of("nl"), _ANSWERS))
    return path


def _checked(path: Path) -> dict[str, object]:
    words = ["check", str(path), "--second-reader", "--json"]
    (one,) = json.loads(CliRunner().invoke(cli, words).stdout)["files"]
    return dict(one)


def test_both_read_the_same(book: Path) -> None:
    found = _checked(book)
    pairs = {(p["row"], p["column"]): p for p in found["second_reader"]}  # type: ignore[attr-defined]
    assert len(pairs) > 2000
    assert pairs["MHD-101", "answer"]["openpyxl"] == "Voldoet"
    assert pairs["MHD-101", "evidence"]["value"] == "Plan\nvan aanpak"
    assert pairs["MHD-101", "valid_until"]["openpyxl"] == "09-12-2025"
    assert pairs["MHD-103", "answer"]["value"] == ""
    assert all(p["same"] for p in pairs.values())
    codes = [p["code"] for p in found["problems"]]  # type: ignore[attr-defined]
    assert "SECOND_READER_READ" in codes
    assert "SECOND_READER_DIFFERS" not in codes


def test_a_difference_is_told_with_its_cell(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that gives another answer, and one where we see none."""
    real = with_openpyxl

    def other(data: bytes) -> object:
        sheets, properties = real(data)
        for sheet in sheets:
            if sheet.title == "Beoordeling":
                cells = dict(sheet.cells) | {(4, 4): "Voldoet niet", (6, 4): "Voldoet"}
                object.__setattr__(sheet, "cells", cells)
        return sheets, properties

    monkeypatch.setattr(second_reader, "with_openpyxl", other)
    from hkz_xlsx.returned.check import look_over

    said = look_over(("", "w.xlsx", book.read_bytes()), twice=True).problems
    found = [p for p in said if p.code == "SECOND_READER_DIFFERS"]
    assert [(p.where.cell, p.slots["value"], p.slots["other"]) for p in found] == [
        ("E5", "Voldoet", "Voldoet niet"),
        ("E7", "–", "Voldoet"),
    ]


def test_what_openpyxl_cannot_read_is_no_fault_of_the_answers(book: Path, tmp_path: Path) -> None:
    """Styles that openpyxl does not understand, and a file of LibreOffice."""
    target = BytesIO()
    with ZipFile(book) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/styles.xml":
                data = data.replace(b'applyFont="1"', b'applyFont="misschien"', 1)
                data = data.replace(b'rgb="FF', b'rgb="zz', 1)
            new.writestr(name, data)
    path = tmp_path / "vreemd.xlsx"
    path.write_bytes(target.getvalue())
    found = _checked(path)
    assert found["usable"]
    assert "SECOND_READER_FAILED" in [p["code"] for p in found["problems"]]  # type: ignore[attr-defined]
    assert problem("SECOND_READER_NOT", None, kind="ods").message("nl")


def test_without_openpyxl_the_line_that_installs_it(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hkz_xlsx.machine.extras.find_spec", lambda _: None)
    done = CliRunner().invoke(cli, ["check", str(book), "--second-reader"])
    assert done.exit_code == 1
    assert "hkz-xlsx[portfolio]" in done.stderr
