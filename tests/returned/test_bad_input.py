"""Files that cannot be used: one problem with code, file and advice, exit 1, no traceback."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from hkz_xlsx.cli.main import cli
from hkz_xlsx.problems import HkzError
from hkz_xlsx.report.model import gap_report
from hkz_xlsx.report.render_text import terminal
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.files import rewrite
from tests.support import library, plan_of


@cache
def _ours() -> bytes:
    return write_workbook(plan_of("nl"))


def _replaced(old: bytes, new: bytes) -> bytes:
    return rewrite(_ours(), lambda _, part: part.replace(old, new))


def _without_identity() -> bytes:
    """Neither the sheet's marker nor the property."""

    marks = (b"identity.id", b"hkz_xlsx.identity")

    def change(_: str, part: bytes) -> bytes:
        for mark in marks:
            part = part.replace(mark, b"x")
        return part

    return rewrite(_ours(), change)


def _other_xlsx() -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "iets anders"  # type: ignore[index]  # a new book has an active sheet
    book.save(target)
    return target.getvalue()


def _plain_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("brief.txt", "hallo")
    return target.getvalue()


def _duplicate_part() -> bytes:
    target = io.BytesIO(_ours())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("XL/workbook.xml", "<x/>")
    return target.getvalue()


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"naam;score\n", "FILE_IS_TEXT"),
    "empty": (lambda: b"", "FILE_EMPTY"),
    "pdf": (lambda: b"%PDF-1.7 ...", "FILE_NOT_SPREADSHEET"),
    "zip": (_plain_zip, "ARCHIVE_NOTHING"),
    "old format, nothing in it": (lambda: _OLE, "FILE_BROKEN"),
    "encrypted": (lambda: _OLE + "EncryptedPackage".encode("utf-16-le"), "FILE_ENCRYPTED"),
    "cut off": (lambda: _ours()[:50_000], "FILE_CUT_OFF"),
    "broken xml": (lambda: _replaced(b"</sheetData>", b""), "FILE_BROKEN"),
    "part twice": (_duplicate_part, "FILE_PART_TWICE"),
    "other workbook": (_other_xlsx, "NOT_OUR_WORKBOOK"),
    "edition": (lambda: _replaced(b"138@2015/r2", b"138@2031/r7"), "EDITION_UNKNOWN"),
    "norm": (lambda: _replaced(b"<t>138</t>", b"<t>777</t>"), "NORM_UNKNOWN"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_file_that_cannot_be_used(case: str, lang: str, tmp_path: Path) -> None:
    """Code and file name on stderr, advice under it, exit 1."""
    make, code = CASES[case]
    path = tmp_path / "retour.xlsx"
    path.write_bytes(make())
    result = CliRunner().invoke(cli, ["analyze", str(path), "--lang", lang])
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert code in result.stderr
    assert "retour.xlsx" in result.stderr
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    """Both are told as such."""
    for path, code in ((tmp_path / "weg.xlsx", "FILE_MISSING"), (tmp_path, "FILE_IS_FOLDER")):
        with pytest.raises(HkzError) as caught:
            read_workbook(path, library())
        assert [p.code for p in caught.value.problems] == [code]


def test_another_layout_version(tmp_path: Path) -> None:
    """A workbook of a newer product says which layout it has and what to do."""
    plan = plan_of("nl")
    sheet = plan.sheets[-1]
    block = sheet.blocks[0]
    row = block.first_row + block.table.rows.index("layout") + 1

    def change(name: str, part: bytes) -> bytes:
        if name != f"xl/worksheets/sheet{len(plan.sheets)}.xml":
            return part
        cell = re.compile(rb'<c r="B%d"( s="\d+")? t="s"><v>\d+</v></c>' % row)
        assert cell.search(part)
        return cell.sub(rb'<c r="B%d" t="inlineStr"><is><t>99</t></is></c>' % row, part)

    path = tmp_path / "nieuw.xlsx"
    path.write_bytes(rewrite(_ours(), change))
    with pytest.raises(HkzError) as caught:
        read_workbook(path, library())
    (found,) = caught.value.problems
    assert (found.code, found.slots["layout"]) == ("LAYOUT_UNKNOWN", "99")


def test_identity_from_the_property(tmp_path: Path) -> None:
    """Without the identity sheet the document property will do, and that is told."""
    book = openpyxl.load_workbook(io.BytesIO(_ours()))
    del book["_hkz"]
    path = tmp_path / "zonder.xlsx"
    book.save(path)
    submission = read_workbook(path, library())
    codes = [p.code for p in submission.problems]
    assert codes == ["IDENTITY_FROM_PROPERTY", "EARLIER_MISSING"]
    assert submission.identity == plan_of("nl").identity


def test_identity_from_the_cells(tmp_path: Path) -> None:
    """Without both, the numbers and headers in the cells say which norm it is."""
    path = tmp_path / "zonder.xlsx"
    path.write_bytes(_without_identity())
    submission = read_workbook(path, library())
    codes = [p.code for p in submission.problems]
    assert "IDENTITY_FROM_CELLS" in codes
    assert submission.identity.editions == plan_of("nl").identity.editions
    assert submission.plan.lang == "nl"


def test_another_wording_of_the_same_sheets_is_told(tmp_path: Path) -> None:
    """A file whose questions and columns are the same: the texts differ, nothing to do."""
    fingerprint = plan_of("nl").identity.plan.encode()
    path = tmp_path / "w.xlsx"
    path.write_bytes(_replaced(fingerprint, b"0123456789abcdef"))
    codes = [p.code for p in read_workbook(path, library()).problems]
    assert codes == ["WORDING_UNKNOWN"]


def test_another_layout_of_the_same_questions_is_told(tmp_path: Path) -> None:
    """A file with a column that no layout known here has."""
    fingerprint = plan_of("nl").identity.plan.encode()
    changed = _replaced(fingerprint, b"0123456789abcdef")
    marker = b"<t>requirements.check</t>"

    def added(_: str, part: bytes) -> bytes:
        return part.replace(marker, b"<t>requirements.unheard_of</t>")

    path = tmp_path / "w.xlsx"
    path.write_bytes(rewrite(changed, added))
    codes = [p.code for p in read_workbook(path, library()).problems]
    assert "LAYOUT_CHANGED" in codes
    assert "WORDING_UNKNOWN" not in codes


def _edited(tmp_path: Path, edit: Callable[[openpyxl.Workbook], None]) -> Path:
    book = openpyxl.load_workbook(io.BytesIO(_ours()))
    edit(book)
    path = tmp_path / "bewerkt.xlsx"
    book.save(path)
    return path


class TestEdits:
    """What people do to a sheet; positions never matter, and nothing is lost in silence."""

    def _sheet(self, book: openpyxl.Workbook) -> Worksheet:
        found = book["Beoordeling"]
        assert isinstance(found, Worksheet)
        return found

    def test_inserted_rows_and_columns(self, tmp_path: Path) -> None:
        """Rows above and a column before the table: every answer is still found."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            last = 4 + len(plan_of("nl").model.table(T.requirements).rows)
            sheet["E5"], sheet[f"E{last}"] = "Voldoet", "Voldoet niet"
            sheet.insert_cols(3)
            sheet.insert_rows(1, 3)

        submission = read_workbook(_edited(tmp_path, edit), library())
        rows = plan_of("nl").model.table(T.requirements).rows
        assert submission.text(T.requirements, rows[0], "answer") == "Voldoet"
        assert submission.text(T.requirements, rows[-1], "answer") == "Voldoet niet"
        assert len(submission.raw) == 2

    def test_renamed_and_reordered_sheets(self, tmp_path: Path) -> None:
        """Sheets are known by what is on them."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            sheet["E5"] = "Voldoet"
            sheet.title = "Mijn blad"
            book.move_sheet(sheet, -2)

        submission = read_workbook(_edited(tmp_path, edit), library())
        assert submission.text(T.requirements, "MHD-101", "answer") == "Voldoet"

    def test_deleted_doubled_and_unknown_rows(self, tmp_path: Path) -> None:
        """Each is a problem with its cell; answers on them are quoted."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            sheet["E6"] = "Voldoet"
            sheet["A7"], sheet["E7"] = "MHD-102", "Voldoet niet"
            sheet["A8"], sheet["E8"] = "EIGEN-1", "Weet niet"

        submission = read_workbook(_edited(tmp_path, edit), library())
        found = {p.code: p for p in submission.problems}
        assert set(found) == {"ROW_MISSING", "ROW_TWICE", "ROW_UNKNOWN"}
        assert "Voldoet niet" in found["ROW_TWICE"].slots["values"]
        assert found["ROW_UNKNOWN"].where.cell == "A8"
        assert "Weet niet" in found["ROW_UNKNOWN"].slots["values"]
        missing = [p.slots["row"] for p in submission.problems if p.code == "ROW_MISSING"]
        assert missing == ["MHD-103", "MHD-104"]

    def test_a_row_without_a_number_is_called_that(self, tmp_path: Path) -> None:
        """What was typed in a row that somebody put in between, without a number."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            sheet.insert_rows(8)
            sheet["E8"], sheet["K8"] = "Weet niet", "van mij"

        found = read_workbook(_edited(tmp_path, edit), library()).problems
        (told,) = [p for p in found if p.code.startswith("ROW_")]
        assert (told.code, told.where.cell) == ("ROW_NUMBERLESS", "A8")
        assert "''" not in told.text("nl") + told.text("en")
        assert "Weet niet" in told.hint("nl")
        assert "van mij" in told.hint("en")

    def test_deleted_column_and_sheet(self, tmp_path: Path) -> None:
        """A lost column and a lost sheet are told; the rest is read."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            sheet["E5"] = "Voldoet"
            sheet.delete_cols(20)  # Borging
            del book["Overzicht"]

        submission = read_workbook(_edited(tmp_path, edit), library())
        codes = {p.code for p in submission.problems}
        assert codes == {"COLUMN_MISSING", "RESULTS_MISSING"}
        assert submission.text(T.requirements, "MHD-101", "answer") == "Voldoet"

    def test_tolerant_reading_is_told(self, tmp_path: Path) -> None:
        """Cleaned answers count as understood, not as counted, each with its cell."""
        typed = {
            "E5": " voldoet ", "E6": "NVT", "E7": "Meets", "E8": "voldoet\u00a0niet", "E9": "ja",
            "T5": "2", "R5": "1-2-2026", "O5": "overmorgen", "Q5": "31-02-2026",
        }  # fmt: skip

        def edit(book: openpyxl.Workbook) -> None:
            for cell, value in typed.items():
                self._sheet(book)[cell] = value

        submission = read_workbook(_edited(tmp_path, edit), library())
        told = {p.where.cell: p.code for p in submission.problems}
        assert told == {
            "E5": "ANSWER_CLEANED", "E6": "ANSWER_CLEANED", "E7": "ANSWER_CLEANED",
            "E8": "ANSWER_CLEANED", "E9": "ANSWER_UNKNOWN", "T5": "ANSWER_CLEANED",
            "R5": "ANSWER_CLEANED", "O5": "DATE_WRONG", "Q5": "DATE_WRONG",
        }  # fmt: skip
        assert submission.text(T.requirements, "MHD-104", "answer") == "Voldoet niet"
        assert submission.text(T.requirements, "MHD-105", "answer") == "ja"  # kept verbatim

    def test_copied_sheet(self, tmp_path: Path) -> None:
        """Answers on a copy do not count, and that is told with both names."""

        def edit(book: openpyxl.Workbook) -> None:
            copy = book.copy_worksheet(self._sheet(book))
            copy["E5"] = "Voldoet"

        submission = read_workbook(_edited(tmp_path, edit), library())
        (found,) = [p for p in submission.problems if p.code == "BLOCK_TWICE"]
        assert found.slots["table"] == "Beoordeling"
        assert "Copy" in found.slots["others"]

    def test_copied_column_and_row_without_id(self, tmp_path: Path) -> None:
        """The first column counts; a row that lost its id is known by its question."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            sheet["E5"], sheet["E6"] = "Voldoet", "Weet niet"
            sheet["CZ3"], sheet["CZ5"] = sheet["E3"].value, "Voldoet niet"
            sheet["A6"] = None

        submission = read_workbook(_edited(tmp_path, edit), library())
        assert submission.text(T.requirements, "MHD-101", "answer") == "Voldoet"
        codes = [p.code for p in submission.problems]
        assert sorted(codes) == ["COLUMN_TWICE", "ROW_BY_TEXT"]
        assert submission.text(T.requirements, "MHD-102", "answer") == "Weet niet"

    def test_marker_typed_in_a_text(self, tmp_path: Path) -> None:
        """A text that looks like a marker does not end the table."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            sheet["L29"] = "requirements.answer"
            sheet["E182"] = "Voldoet"

        submission = read_workbook(_edited(tmp_path, edit), library())
        assert submission.problems == ()
        assert len(submission.raw) == 2

    @pytest.mark.parametrize("value", [5, -4, 2027, 20261231, 60, True])
    def test_numbers_that_are_no_dates(self, value: int, tmp_path: Path) -> None:
        """Told with their cell, and no date as understood: a year is not a day in 1905."""

        def edit(book: openpyxl.Workbook) -> None:
            sheet = self._sheet(book)
            sheet["E5"], sheet["J5"] = "Voldoet", "Website"
            for cell in ("R5", "O5"):
                sheet[cell].number_format = "General"
                sheet[cell] = value

        submission = read_workbook(_edited(tmp_path, edit), library())
        told = [(p.code, p.where.cell) for p in submission.problems]
        assert told == [("DATE_WRONG", "O5"), ("DATE_WRONG", "R5")]
        report = gap_report(submission)
        assert report.total.substantiated == 0.6
        assert terminal(report)


def test_unusable_paths(tmp_path: Path) -> None:
    """A name too long for the system, or a folder that may not be entered: told, no traceback."""
    run = CliRunner().invoke
    long = str(tmp_path / ("x" * 300 + ".xlsx"))
    assert run(cli, ["analyze", long]).exit_code == 1
    result = run(cli, ["generate", "143", "-o", long])
    assert (result.exit_code, "TARGET_NAME_LONG" in result.stderr) == (1, True)
    odd = run(cli, ["generate", "143", "-o", str(tmp_path / "a.xlsx"), "--organisation", "\udcff"])
    assert (odd.exit_code, "TEXT_CONTROL" in odd.stderr) == (1, True)
    early = ["generate", "143", "-o", str(tmp_path / "b.xlsx"), "--date", "1850-01-01"]
    assert run(cli, early).exit_code == 2


def test_report_never_replaces_its_source(tmp_path: Path) -> None:
    """Not even with --force; and no output is named twice."""
    path = tmp_path / "in.xlsx"
    path.write_bytes(_ours())
    run = CliRunner().invoke
    result = run(cli, ["analyze", str(path), "-o", str(path), "--force"])
    assert (result.exit_code, "TARGET_IS_INPUT" in result.stderr) == (1, True)
    assert path.read_bytes() == _ours()
    twice = ["-o", str(tmp_path / "r.md"), "-o", str(tmp_path / "." / "r.md")]
    result = run(cli, ["analyze", str(path), *twice])
    assert (result.exit_code, "TARGET_TWICE" in result.stderr) == (1, True)
    assert not (tmp_path / "r.md").exists()
