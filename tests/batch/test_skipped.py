"""Lists say what they skipped: rows and sheets are used, refused or left out with their names."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from hkz_xlsx.cli.main import cli

HEAD = ["Naam", "KvK", "Fte", "Normen"]
ROWS: list[list[object]] = [[f"Org {i}", f"5123467{i}", i + 1, "143"] for i in range(4)]
Edit = Callable[[openpyxl.Workbook], None]


def _nothing(_: openpyxl.Workbook) -> None:
    pass


def _book(path: Path, rows: Sequence[Sequence[object]] = ROWS, edit: Edit = _nothing) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Noord"
    for row in (HEAD, *rows):
        sheet.append(list(row))
    edit(book)
    book.save(path)
    return path


def _batch(path: Path, *options: str) -> Result:
    arguments = [
        "batch",
        str(path),
        "-o",
        str(path.parent / "uit"),
        "--dry-run",
        "--date",
        "2026-11-02",
        *options,
    ]
    return CliRunner().invoke(cli, arguments)


def _made(done: Result) -> list[str]:
    return [line.split(" 143.xlsx")[0] for line in done.stdout.splitlines()]


def _counts(done: Result) -> tuple[int, ...]:
    (line,) = [line for line in done.stderr.splitlines() if "LIST_COUNT" in line]
    found, *rest = (int(n) for n in re.findall(r": (\d+)", line))
    assert found == sum(rest[:3]), line
    sheets, read, unread = rest[3:]
    assert sheets == read + unread, line
    return (found, *rest)


def test_a_second_sheet(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        south = book.create_sheet("Zuid")
        south.append(HEAD)
        south.append(["Zuid 1", "51234568", 1, "143"])
        book.create_sheet("Uitleg")["A1"] = "Zo werkt het"
        book.create_sheet("Blad3")

    path = _book(tmp_path / "k.xlsx", edit=edit)
    done = _batch(path)
    assert _made(done) == ["Org 0", "Org 1", "Org 2", "Org 3"]
    assert re.search(r"LIST_SHEET_SKIPPED .*‘Zuid’.* 1\.", done.stderr)
    assert re.search(r"LIST_SHEET_OTHER .*‘Uitleg’.* 1\.", done.stderr)
    assert _counts(done) == (4, 4, 0, 0, 3, 1, 2)
    assert _made(_batch(path, "--sheet", "zuid")) == ["Zuid 1"]
    assert len(_made(_batch(path, "--sheet", "Noord", "--sheet", "Zuid"))) == 5
    assert "LIST_SHEET_UNKNOWN" in _batch(path, "--sheet", "Oost").stderr
    assert "Noord, Zuid, Uitleg" in _batch(path, "--sheet", "Oost").stderr


def test_one_client_on_two_sheets(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        south = book.create_sheet("Zuid")
        south.append(HEAD)
        south.append(ROWS[0])

    done = _batch(_book(tmp_path / "k.xlsx", edit=edit), "--sheet", "Noord", "--sheet", "Zuid")
    assert "Zuid!A2" in done.stderr
    assert "LIST_ROW_TWICE" in done.stderr
    assert "rij Noord!2" in done.stderr


def test_a_list_on_a_hidden_sheet_only(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book.create_sheet("Voorblad")["A1"] = "Klanten"
        book["Noord"].sheet_state = "hidden"

    path = _book(tmp_path / "k.xlsx", edit=edit)
    done = _batch(path)
    assert (done.exit_code, _made(done)) == (1, [])
    assert "LIST_SHEET_HIDDEN" in done.stderr
    assert len(_made(_batch(path, "--hidden"))) == len(_made(_batch(path, "--sheet", "Noord"))) == 4


def _filtered(book: openpyxl.Workbook) -> None:
    book["Noord"].auto_filter.ref = "A1:D5"
    for row in (3, 4):
        book["Noord"].row_dimensions[row].hidden = True


def _grouped(book: openpyxl.Workbook) -> None:
    book["Noord"].row_dimensions.group(3, 4, hidden=True)


@pytest.mark.parametrize("edit", [_filtered, _grouped])
def test_hidden_rows(tmp_path: Path, edit: Edit) -> None:
    path = _book(tmp_path / "k.xlsx", edit=edit)
    done = _batch(path)
    assert (done.exit_code, _made(done)) == (0, ["Org 0", "Org 3"])
    assert re.search(r"Noord!A3\n.*LIST_ROWS_HIDDEN .*2 \(rij 3-4\): Org 1; Org 2\.", done.stderr)
    assert _counts(done)[:4] == (4, 2, 0, 2)
    assert len(_made(_batch(path, "--hidden"))) == 4


def test_rows_without_height(tmp_path: Path) -> None:
    """Dragged shut, by a program that does not call that hidden."""
    plain, path = _book(tmp_path / "plain.xlsx"), tmp_path / "k.xlsx"
    with zipfile.ZipFile(plain) as package, zipfile.ZipFile(path, "w") as other:
        for name in package.namelist():
            data = package.read(name)
            if name.endswith("sheet1.xml"):
                data = re.sub(rb'<row r="([34])"', rb'<row r="\1" ht="0" customHeight="1"', data)
            other.writestr(name, data)
    assert _made(_batch(path)) == ["Org 0", "Org 3"]


def test_a_hidden_column_is_read_and_told(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Noord"].column_dimensions["B"].hidden = True

    done = _batch(_book(tmp_path / "k.xlsx", edit=edit))
    assert re.search(r"Noord!B1\n.*LIST_COLUMN_HIDDEN .*‘KvK’", done.stderr)
    assert len(_made(done)) == 4


def test_struck_through_rows_and_cells(tmp_path: Path) -> None:
    def rows(book: openpyxl.Workbook) -> None:
        for cell in book["Noord"][3]:
            cell.font = Font(strike=True)
        book["Noord"]["A4"].font = Font(strike=True)
        whole = TextBlock(InlineFont(strike=True), "Org 3")
        book["Noord"]["A5"].value = CellRichText(whole)

    path = _book(tmp_path / "k.xlsx", edit=rows)
    done = _batch(path)
    assert (done.exit_code, _made(done)) == (0, ["Org 0"])
    assert re.search(r"LIST_ROWS_STRUCK .*3 \(rij 3-5\): Org 1; Org 2; Org 3", done.stderr)
    assert len(_made(_batch(path, "--struck"))) == 4

    def cells(book: openpyxl.Workbook) -> None:
        book["Noord"]["B2"].font = Font(strike=True)
        part = TextBlock(InlineFont(strike=True), "Oud")
        book["Noord"]["A3"].value = CellRichText(part, " Nieuw")

    path = _book(tmp_path / "k2.xlsx", edit=cells)
    done = _batch(path)
    assert done.exit_code == 1
    assert re.findall(r"Noord!(.+)\n.*LIST_CELL_STRUCK", done.stderr) == ["B2, A3"]
    assert len(_made(_batch(path, "--struck"))) == 4


TOTALS: dict[str, tuple[list[object], bool]] = {
    "word": (["Totaal", None, 35.5, "143"], True),
    "word with a colon": (["TOTAAL:", None, 10, None], True),
    "another word": (["Subtotaal", None, 3, "143"], True),
    "English": (["Grand total", None, 3, None], True),
    "word and count": (["Totaal 4", None, None, None], True),
    "in another column": ([None, "Totaal", 10, None], True),
    "sum without a name": ([None, None, 10, None], True),
    "formula without a name": ([None, None, "=SUM(C2:C5)", None], True),
    "name with a word, and the sum": (["Totaal Noord", None, 10, "143"], True),
    "a client of that name": (["Totaal", "51234568", 3, "143"], False),
    "a client with such a name": (["Totaal Thuiszorg", "51234568", 3, "143"], False),
    "a client with a place": (["Totaal Thuiszorg", None, 3, "143"], False),
}


@pytest.mark.parametrize("case", TOTALS)
def test_total_rows(tmp_path: Path, case: str) -> None:
    row, total = TOTALS[case]
    head_edit: Edit = _nothing
    if case == "a client with a place":

        def head_edit(book: openpyxl.Workbook) -> None:
            book["Noord"]["E1"], book["Noord"]["E6"] = "Gemeente", "Voorbeeldstad"

    path = _book(tmp_path / "k.xlsx", [*ROWS, row], head_edit)
    done = _batch(path)
    assert done.exit_code == 0, done.stderr
    assert len(_made(done)) == (4 if total else 5)
    assert ("LIST_ROWS_TOTAL" in done.stderr) is total
    assert ("(rij 6)" in done.stderr) is total


def test_what_may_be_a_client_or_a_total_is_asked(tmp_path: Path) -> None:
    rows: list[list[object]] = [*ROWS, ["Totaal Thuiszorg", None, 3, "143"], [None, None, 7, None]]
    done = _batch(_book(tmp_path / "k.xlsx", rows))
    assert done.exit_code == 1
    assert re.search(r"Noord!A6\n.*LIST_ROW_DOUBTFUL .*‘Totaal Thuiszorg’", done.stderr)
    assert re.search(r"Noord!A7\n.*LIST_VALUE_MISSING", done.stderr)


NOTES = {
    "Toelichting: bijgewerkt op 3 maart": "note",
    "* gegevens van vorig jaar": "note",
    "Let op, Org 2 verhuist": "note",
    "NB nog niet volledig": "note",
    "Deze lijst is gemaakt uit de administratie en wordt elk kwartaal door ons nagekeken": "note",
    "# weg": "comment",
    "Bron: KvK": "doubtful",
    "Regio Zuid": "doubtful",
    "Dit is de stand van vandaag.": "doubtful",
}  # fmt: skip


@pytest.mark.parametrize("text", NOTES)
def test_explanation_under_a_list(tmp_path: Path, text: str) -> None:
    """With a norm for every row, such a row would be a client."""
    rows: list[list[object]] = [[*row[:3]] for row in ROWS]
    path = _book(tmp_path / "k.xlsx", [*rows, [], [text]])
    done = _batch(path, "--norm", "143")
    if NOTES[text] == "doubtful":
        assert (done.exit_code, _made(done)) == (1, [])
        assert re.search(r"Noord!A7\n.*LIST_ROW_DOUBTFUL", done.stderr)
    else:
        assert (done.exit_code, len(_made(done))) == (0, 4), done.output
        assert f"LIST_ROWS_{NOTES[text].upper()}" in done.stderr
        assert _counts(done)[:4] == (5, 4, 0, 1)


def test_names_alone_and_blank_rows_are_clients(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    path.write_text("Naam;KvK\nDe Brug;\n\nDe Wijk;\nBron;\n", "utf-8")
    done = _batch(path, "--norm", "143")
    assert _made(done) == ["De Brug", "De Wijk", "Bron"]


def test_merged_note_and_the_headers_again(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Noord"].merge_cells("A5:D5")

    rows: list[list[object]] = [ROWS[0], [*HEAD], ROWS[1], ["Regio Zuid"], ROWS[2]]
    done = _batch(_book(tmp_path / "k.xlsx", rows, edit))
    assert (done.exit_code, _made(done)) == (0, ["Org 0", "Org 1", "Org 2"])
    assert re.search(r"LIST_ROWS_HEADER .*\(rij 3\)", done.stderr)
    assert re.search(r"LIST_ROWS_NOTE .*\(rij 5\): Regio Zuid", done.stderr)


def test_two_rows_of_headers(tmp_path: Path) -> None:
    """Groups of columns above the names of columns."""
    path = tmp_path / "k.csv"
    path.write_text("Organisatie;;Werkboek\nNaam;KvK;Normen\nDe Brug;51234568;143\n", "utf-8")
    done = _batch(path)
    assert (done.exit_code, _made(done)) == (0, ["De Brug"])


def test_tables_beside_and_below(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Noord"]
        for row, line in enumerate([["Code", "Uitleg"], *([f"1{i}", "x"] for i in range(7))], 1):
            sheet.cell(row, 7, line[0])
            sheet.cell(row, 8, line[1])
        sheet["A10"], sheet["B10"], sheet["C10"] = "Naam", "E-mail", "Gemeente"
        sheet["A11"], sheet["B11"] = "Bureau", "a@example.org"

    done = _batch(_book(tmp_path / "k.xlsx", edit=edit))
    assert done.exit_code == 0, done.stderr
    assert len(_made(done)) == 4
    assert re.search(r"Noord!G1\n.*LIST_BESIDE .*kolom G-H.*rijen: 7", done.stderr)
    assert re.search(r"Noord!A10\n.*LIST_ROWS_BELOW .*2 \(rij 10-11\)", done.stderr)


def test_a_sheet_with_a_pivot_table_only(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        pivot = book.create_sheet("Draaitabel", 0)
        for row in (["Rijlabels", "Som van Fte"], ["Noord", 10], ["Eindtotaal", 10]):
            pivot.append(row)

    done = _batch(_book(tmp_path / "k.xlsx", edit=edit))
    assert len(_made(done)) == 4
    assert re.search(r"LIST_SHEET_OTHER .*‘Draaitabel’.*: 3", done.stderr)


def test_numbers_and_texts_that_are_dates(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Noord"]
        sheet["C2"], sheet["C3"], sheet["C4"] = 46150, -3, datetime(2026, 5, 8)  # noqa: DTZ001
        sheet["E1"], sheet["E5"] = "Locatie", datetime(2026, 4, 3)  # noqa: DTZ001

    done = _batch(_book(tmp_path / "k.xlsx", edit=edit))
    assert (done.exit_code, _made(done)) == (1, [])
    assert re.search(r"Noord!C2\n.*LIST_NUMBER_IS_DATE .*46150.*08-05-2026", done.stderr)
    assert re.search(r"Noord!C3, C4\n.*LIST_VALUE_WRONG.*\n.*0 of meer", done.stderr)
    assert re.search(r"Noord!E5\n.*LIST_TEXT_IS_DATE .*03-04-2026", done.stderr)


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:automatic-styles>'
    '<style:style style:name="T1" style:family="text"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="ce1" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)


def _ods_row(name: str, attributes: str = "", style: str = "") -> str:
    text = f"<text:p>{name}</text:p>"
    cell = f'<table:table-cell {style} office:value-type="string">'
    return f"<table:table-row {attributes}>{cell}{text}</table:table-cell></table:table-row>"


def test_an_ods_list(tmp_path: Path) -> None:
    """A filter of LibreOffice, a closed group, a row by hand, struck through in two ways."""
    filtered, closed = 'table:visibility="filter"', 'table:visibility="collapse"'
    rows = [
        _ods_row("Naam"), _ods_row("Een"), _ods_row("Twee", filtered), _ods_row("Drie", closed),
        f'<table:table-row-group table:display="false">{_ods_row("Vier")}</table:table-row-group>',
        _ods_row("Vijf"), _ods_row("Zes", style='table:style-name="ce1"'),
        _ods_row('<text:span text:style-name="T1">Zeven</text:span>'), _ods_row("Acht"),
    ]  # fmt: skip
    column = "<table:table-column/>"
    sheet = f'<table:table table:name="Blad1">{column}{"".join(rows)}</table:table>'
    path = tmp_path / "k.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", _ODS.format(sheet))
    done = _batch(path, "--norm", "143")
    assert _made(done) == ["Een", "Vijf", "Acht"], done.output
    assert re.search(r"LIST_ROWS_HIDDEN .*3 \(rij 3-5\): Twee; Drie; Vier", done.stderr)
    assert re.search(r"LIST_ROWS_STRUCK .*2 \(rij 7-8\): Zes; Zeven", done.stderr)
    assert _counts(done)[:4] == (8, 3, 0, 5)
    assert len(_made(_batch(path, "--norm", "143", "--hidden", "--struck"))) == 8


def test_a_manifest_saved_again_with_a_filter(tmp_path: Path) -> None:
    """Collect says what it does not look at."""
    lijst, out = tmp_path / "k.csv", tmp_path / "uit"
    lijst.write_text("Naam;KvK\nDe Brug;51234568\nDe Wijk;62345679\n", "utf-8")
    run = CliRunner().invoke
    assert (
        run(
            cli, ["batch", str(lijst), "-o", str(out), "--norm", "143", "--date", "2026-11-02"]
        ).exit_code
        == 0
    )
    book = openpyxl.Workbook()
    for line in (out / "manifest.csv").read_text("utf-8-sig").splitlines():
        book.worksheets[0].append(line.split(";"))
    book.worksheets[0].row_dimensions[3].hidden = True
    again = tmp_path / "manifest.xlsx"
    book.save(again)
    (tmp_path / "terug").mkdir()
    arguments = ["collect", str(tmp_path / "terug"), "--manifest", str(again)]
    done = run(cli, arguments)
    assert re.search(r"LIST_ROWS_HIDDEN .*\(rij 3\): De Wijk", done.stderr)
    assert "De Wijk" not in done.stdout
    assert "De Wijk" in run(cli, [*arguments, "--hidden"]).stdout


def test_a_list_that_cannot_show_what_is_hidden(tmp_path: Path) -> None:
    """An xlsb is read by a library that does not tell."""
    from hkz_xlsx.batch.table import read_tables
    from hkz_xlsx.spreadsheet import open as opening
    from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid

    cells: dict[tuple[int, int], str] = {(0, 0): "Naam", (1, 0): "De Brug"}
    grid = Grid("k.xls", (SheetGrid("Blad1", cells),), kind="xls")
    path = tmp_path / "k.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "open_workbook", lambda *_, **__: grid)
        (found,) = read_tables(path)
    assert [p.code for p in found.problems] == ["LIST_LIMITED"]
    assert found.rows == [(2, ["De Brug"])]
