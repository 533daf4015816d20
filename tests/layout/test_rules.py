"""What every generated file must be, for every norm, language and template."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from hkz_xlsx.layout.template import load_template, template_names
from hkz_xlsx.scoring.tables import Computed, Input
from hkz_xlsx.text import LANGS, Lang, messages
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of, random_inputs

PARTS = tuple(part.id for part in library().newest() if part.id != "123")
QUICK = [
    ("138", "nl", "voorbeeld-adviesbureau"),
    ("143", "en", "neutraal"),
    ("125", "nl", "neutraal"),
]
ALL = [(part, lang, name) for part in PARTS for lang in LANGS for name in template_names()]


def _valid(part: str, lang: Lang, template: str, folder: Path) -> None:
    plan = plan_of(lang, part)
    for name, inputs in (("leeg", {}), ("gevuld", random_inputs(plan, 2))):
        path = folder / f"{name}.xlsx"
        path.write_bytes(write_workbook(plan, inputs, load_template(template)))
        result = OpenXmlValidator().validate(path)
        assert result.is_valid, [str(e) for e in result.errors][:5]
        assert not result.errors


@pytest.mark.parametrize(("part", "lang", "template"), QUICK)
def test_is_valid_open_xml(part: str, lang: Lang, template: str, tmp_path: Path) -> None:
    """A validator against the schemas of the standard finds no error."""
    _valid(part, lang, template, tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize(("part", "lang", "template"), ALL)
def test_every_combination_is_valid(part: str, lang: Lang, template: str, tmp_path: Path) -> None:
    """Every norm in every language with every template."""
    _valid(part, lang, template, tmp_path)


def test_validator_can_fail(tmp_path: Path) -> None:
    """A workbook with an element that the standard does not know is refused."""
    source = zipfile.ZipFile(BytesIO(write_workbook(plan_of())))
    path = tmp_path / "stuk.xlsx"
    with zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet3.xml":
                content = content.replace(b"<sheetData>", b"<extra/><sheetData>", 1)
            target.writestr(name, content)
    assert OpenXmlValidator().validate(path).errors


@pytest.fixture(scope="module", params=LANGS)
def opened(request: pytest.FixtureRequest) -> tuple[Lang, openpyxl.Workbook, dict[str, bytes]]:
    lang: Lang = request.param
    data = write_workbook(plan_of(lang))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return lang, openpyxl.load_workbook(BytesIO(data)), parts


def test_title_and_language(opened: tuple[Lang, openpyxl.Workbook, dict[str, bytes]]) -> None:
    """Screen readers name the document and choose a voice."""
    lang, book, parts = opened
    assert book.properties.title == messages(lang)("product.title")
    assert book.properties.language == {"nl": "nl-NL", "en": "en-GB"}[lang]
    assert parts["docProps/core.xml"].count(b"<dc:language>") == 1


def test_nothing_merged_in_tables(
    opened: tuple[Lang, openpyxl.Workbook, dict[str, bytes]],
) -> None:
    """Merged cells stand only outside tables; a table has one header row and no blank row."""
    lang, book, _ = opened
    for sheet, block in plan_of(lang).blocks():
        page = book[sheet.title]
        for merged in page.merged_cells.ranges:
            below = merged.min_row > block.last_row + 1
            above = merged.max_row < block.top + 1
            assert below or above, (sheet.key, block.table.key, merged.coord)
        for row in range(block.first_row + 1, block.last_row + 2):
            assert page.cell(row, block.column_of("id") + 1).value not in (None, "")


def test_tables_are_named_objects(
    opened: tuple[Lang, openpyxl.Workbook, dict[str, bytes]],
) -> None:
    """Every table on a visible sheet but the forms; names in the language, headers as written."""
    lang, book, _ = opened
    names = set()
    for sheet, block in plan_of(lang).blocks():
        if sheet.visibility != "visible":
            continue
        if not block.object_name:
            assert block.table.key in {
                "organisation", "settings", "result_verdict", "result_line", "quick_score",
                "sign_off",
            }, block.table.key  # fmt: skip
            continue
        table = book[sheet.title].tables[block.object_name]
        assert table.headerRowCount in (None, 1)
        headers = [c.name for c in table.tableColumns]
        assert headers == [f.header for f in block.fields][: len(headers)]
        assert len(set(headers)) == len(headers)
        names.add(block.object_name)
    assert len(names) > 15


def test_rows_show_no_number_as_text(
    opened: tuple[Lang, openpyxl.Workbook, dict[str, bytes]],
) -> None:
    """No text that looks like a number stands where Excel would warn about it."""
    lang, book, parts = opened
    for index, sheet in enumerate(plan_of(lang).sheets, 1):
        if sheet.visibility != "visible":
            continue
        ignored = re.findall(
            rb'sqref="([^"]+)" numberStoredAsText', parts[f"xl/worksheets/sheet{index}.xml"]
        )
        allowed = {one for found in ignored for one in found.decode().split()}
        for line in book[sheet.title].iter_rows():
            for cell in line:
                hidden = (cell.column or 0) - 1 in sheet.hidden_columns
                if isinstance(cell.value, str) and re.fullmatch(r"[-+]?\d+([.,]\d+)?", cell.value):
                    assert hidden or cell.coordinate in allowed, (
                        sheet.key, cell.coordinate, cell.value,
                    )  # fmt: skip


def test_every_formula_has_its_value(
    opened: tuple[Lang, openpyxl.Workbook, dict[str, bytes]],
) -> None:
    """Previewers do not recalculate: a formula cell without a value would show nothing."""
    lang, _, parts = opened
    plan = plan_of(lang)
    for index, sheet in enumerate(plan.sheets, 1):
        part = parts[f"xl/worksheets/sheet{index}.xml"]
        cells = re.findall(rb"(?s)<c [^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(.*?)</c>", part)
        expected = len(sheet.formulas) + sum(
            len(b.table.rows)
            for b in sheet.blocks
            for c in b.table.columns
            if isinstance(c, Computed)
        )
        assert len(cells) == expected
        assert all(rest.startswith(b"<v>") for rest in cells), sheet.key


def test_input_cells_can_be_walked_with_the_keyboard(
    opened: tuple[Lang, openpyxl.Workbook, dict[str, bytes]],
) -> None:
    """Sheets start at A1 with nothing selected, and no input stands in a hidden column."""
    lang, book, _ = opened
    for sheet, block, placed in plan_of(lang).inputs():
        if placed.codecs:
            place = block.column_of(placed.key)
            assert place not in sheet.hidden_columns - sheet.quiet_columns
            assert isinstance(block.table.column(placed.key), Input)
    for page in book.worksheets:
        view = page.sheet_view
        active = [s for s in view.selection if not view.pane or s.pane == view.pane.activePane]
        assert {s.activeCell or "A1" for s in active} <= {"A1"}
        assert not page.sheet_view.topLeftCell or page.sheet_view.topLeftCell == "A1"


def test_headers_repeat_on_paper(
    opened: tuple[Lang, openpyxl.Workbook, dict[str, bytes]],
) -> None:
    """Title, organisation and the header of a long table stand on every printed page."""
    lang, book, _ = opened
    for sheet in plan_of(lang).sheets:
        rows = book[sheet.title].print_title_rows
        if sheet.key in ("assessment", "plan", "steps", "evidence"):
            block = sheet.blocks[0]
            # On paper the questions need the room of their sheet's title; the footer has it too.
            # What a round is called and its months are not those of the other round.
            first = {"assessment": 2, "steps": block.top}.get(sheet.key, 1)
            assert rows == f"${first}:${block.header_row + 1}", sheet.key
        elif sheet.key not in ("start", "lists", "_hkz"):
            assert rows == "$1:$2", sheet.key
