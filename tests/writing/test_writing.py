"""Writing: whole or not at all, nothing cut in silence, the same bytes for the same input."""

from __future__ import annotations

import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.machine import faults
from hkz_xlsx.machine.atomic import write_file
from hkz_xlsx.problems import HkzError
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.checked import CheckedSheet, WriteRefusedError
from hkz_xlsx.writing.inline_sheet import InlineWorksheet
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of, random_inputs

ANSWER = Address(T.requirements, "MHD-101", "note")


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("lang", LANGS)
def test_same_input_same_bytes(lang: Lang) -> None:
    """Also with answers, and within the bound of rule 26: 230 kB."""
    inputs = random_inputs(plan_of(lang), 3)
    one = write_workbook(plan_of(lang), inputs)
    assert one == write_workbook(plan_of(lang), dict(sorted(inputs.items(), key=str)))
    assert len(write_workbook(plan_of(lang))) < 230 * 1024


def test_client_data_stands_only_in_few_parts() -> None:
    """Between two clients only sheets with cells of theirs and the custom property differ."""
    plan = plan_of("nl")
    books = [
        _parts(write_workbook(plan, client_inputs(plan, {"name": name, "kvk": kvk})))
        for name, kvk in (("De Brug", "01234567"), ("Ünïek & <Zoon> " * 20, "76543210"))
    ]
    assert books[0].keys() == books[1].keys()
    different = {name for name in books[0] if books[0][name] != books[1][name]}
    sheets = {f"xl/worksheets/sheet{i}.xml" for i in (*range(1, 11), 12)}
    assert different == sheets | {"docProps/custom.xml"}
    for number in range(2, 11):  # one cell each: the organisation line
        place = b"A6" if number == 7 else b"A2"
        lines = [
            re.sub(
                rb'<c r="%s"[^>]*>.*?</c>' % place, b"",
                books[i][f"xl/worksheets/sheet{number}.xml"],
            )
            for i in (0, 1)
        ]  # fmt: skip
        assert lines[0] == lines[1], number


def test_typed_text_is_never_a_formula_or_link() -> None:
    """Text that looks like a formula or an address stays text."""
    texts = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "https://example.org", "-2"]
    rows = plan_of("nl").model.table(T.requirements).rows
    inputs = {Address(T.requirements, row, "note"): t for row, t in zip(rows, texts, strict=False)}
    plain = _parts(write_workbook(plan_of("nl")))
    parts = _parts(write_workbook(plan_of("nl"), inputs))
    assert plain.keys() == parts.keys()  # no part for links
    sheet, before = parts["xl/worksheets/sheet4.xml"], plain["xl/worksheets/sheet4.xml"]
    assert sheet.count(b"<f") == before.count(b"<f")
    assert sheet.count(b'xml:space="preserve">=1+1</t>') == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 32_768, "TEXT_TOO_LONG"),
        ("😀" * 16_384, "TEXT_TOO_LONG"),
        ("a\x01b", "TEXT_CONTROL"),
        ("a\ud800b", "TEXT_CONTROL"),
        ("a\ufffeb", "TEXT_CONTROL"),
    ],
)
def test_text_that_no_cell_can_hold(text: str, code: str) -> None:
    """Refused with its place, never cut."""
    with pytest.raises(HkzError) as caught:
        write_workbook(plan_of("nl"), {ANSWER: text})
    (found,) = caught.value.problems
    assert found.code == code
    assert (found.where.sheet, found.where.cell) == ("Beoordeling", "L5")


def test_longest_text_fits() -> None:
    """32,767 units are written whole."""
    data = write_workbook(plan_of("nl"), {ANSWER: "y" * 32_767})
    assert b"y" * 32_767 in _parts(data)["xl/worksheets/sheet4.xml"]


def test_answer_without_a_place_is_our_mistake() -> None:
    """An address that the plan does not have would be lost: it raises."""
    with pytest.raises(KeyError):
        write_workbook(plan_of("nl"), {Address(T.requirements, "MHD-999", "answer"): "Voldoet"})


class TestCheckedSheet:
    """Where XlsxWriter only warns, truncates or returns a code, this raises."""

    def _sheet(self) -> tuple[CheckedSheet, Workbook]:
        book = Workbook(BytesIO(), {"in_memory": True})
        return CheckedSheet(book.add_worksheet("Blad", InlineWorksheet)), book

    def test_out_of_range(self) -> None:
        """Row 1,048,577 does not exist."""
        sheet, book = self._sheet()
        style = book.add_format()
        for write in (sheet.text, sheet.typed):
            with pytest.raises(WriteRefusedError):
                write(1_048_576, 0, "x", style)
        with pytest.raises(WriteRefusedError):
            sheet.number(0, 16_384, 1, style)
        with pytest.raises(WriteRefusedError):
            sheet.filled_down(1_048_576, 0, "=1", [1.0], style)

    def test_too_long(self) -> None:
        """Text of ours over the limit, a formula over the limit."""
        sheet, book = self._sheet()
        style = book.add_format()
        with pytest.raises(WriteRefusedError):
            sheet.text(0, 0, "x" * 32_768, style)
        with pytest.raises(WriteRefusedError):
            sheet.formula(0, 0, "=" + "1+" * 5_000 + "1", 1, style)

    def test_validation_that_would_not_be_written(self) -> None:
        """A literal list over 255 characters: XlsxWriter warns and writes no validation."""
        sheet, _ = self._sheet()
        options = {"validate": "list", "source": ["x" * 60] * 5}
        with pytest.warns(UserWarning, match="255"), pytest.raises(WriteRefusedError):
            sheet.do("data_validation", 0, 0, 1, 0, options)


class TestAtomic:
    """A file appears whole or not at all; an old one stays as it was."""

    def test_failure_keeps_the_old_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Disk full while writing: old content, no leftovers, a problem."""
        path = tmp_path / "rapport.html"
        path.write_text("oud")

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(HkzError) as caught:
            write_file(path, b"nieuw", force=True)
        assert [p.code for p in caught.value.problems] == ["TARGET_DISK_FULL"]
        assert path.read_text() == "oud"
        assert list(tmp_path.iterdir()) == [path]

    def test_file_open_elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Windows refuses to replace a file that is open: told, old file intact."""
        path = tmp_path / "werkboek.xlsx"
        path.write_text("oud")

        def refused(*_: object) -> None:
            raise PermissionError(13, "in use")

        monkeypatch.setattr(os, "replace", refused)
        monkeypatch.setattr(faults, "PAUSES", ())
        with pytest.raises(HkzError) as caught:
            write_file(path, b"nieuw", force=True)
        assert [p.code for p in caught.value.problems] == ["TARGET_IN_USE"]
        assert path.read_text() == "oud"
        assert list(tmp_path.iterdir()) == [path]

    def test_missing_folder(self, tmp_path: Path) -> None:
        """Told, nothing made."""
        with pytest.raises(HkzError) as caught:
            write_file(tmp_path / "weg" / "x.html", b"x")
        assert [p.code for p in caught.value.problems] == ["TARGET_NO_FOLDER"]

    @pytest.mark.skipif(os.name == "nt", reason="file modes are of POSIX systems")
    def test_mode_is_that_of_an_ordinary_file(self, tmp_path: Path) -> None:
        """Others may read it, as after any save."""
        path = tmp_path / "x.html"
        write_file(path, b"x")
        assert path.stat().st_mode & 0o600 == 0o600
        umask = os.umask(0)
        os.umask(umask)
        assert path.stat().st_mode & 0o777 == 0o644 & ~umask
