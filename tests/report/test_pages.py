"""The first page alone, a page for the title, and what the Excel report is on paper."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from openpyxl.utils import get_column_letter

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.problems import HkzError
from hkz_xlsx.render.document import Chart
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.report.content import document
from hkz_xlsx.report.write import RENDERERS, rendered
from hkz_xlsx.text import Lang
from tests.report.cases import CASES, report_of
from tests.report.extract import bold_width, broken_in_excel, text_of
from tests.report.test_formats import data_of, holds


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_the_first_page_alone(case: str, suffix: str) -> None:
    """All of it and nothing else, on one page; no contents."""
    report = report_of(case)
    data = rendered(report, Path(f"r{suffix}"), NEUTRAL, summary=True)
    text, whole = text_of(suffix, data), document(report)
    first = {block.title for block in whole.sections[0].blocks if isinstance(block, Chart)}
    for section in whole.sections[1:]:
        assert section.title in first or f" {section.title} " not in text
    assert "Inhoud" not in text
    assert holds(text, "In één oogopslag", suffix)
    assert all(holds(text, line.question, suffix) for line in report.first)
    if suffix == ".pdf":
        assert len(pypdf.PdfReader(BytesIO(data)).pages) == 1
    if suffix == ".docx":
        with zipfile.ZipFile(BytesIO(data)) as package:
            assert "updateFields" not in package.read("word/settings.xml").decode()


@pytest.mark.parametrize("suffix", [".xlsx", ".json"])
def test_the_first_page_alone_is_no_table(suffix: str) -> None:
    with pytest.raises(HkzError, match="SUMMARY_FORMAT"):
        rendered(report_of("half"), Path(f"r{suffix}"), NEUTRAL, summary=True)


def test_a_page_of_its_own_for_the_title() -> None:
    """Only where the template wants one."""
    look = replace(NEUTRAL, cover_page=True)
    pages = pypdf.PdfReader(BytesIO(RENDERERS[".pdf"](report_of("ready"), look))).pages
    assert "Zorggroep De Linde" in pages[0].extract_text()
    assert "In één oogopslag" not in pages[0].extract_text()
    assert "In één oogopslag" in pages[1].extract_text()
    plain, covered = (
        zipfile.ZipFile(BytesIO(RENDERERS[".docx"](report_of("ready"), one)))
        .read("word/document.xml")
        .count(b'<w:br w:type="page"/>')
        for one in (NEUTRAL, look)
    )
    assert covered == plain + 1


@pytest.mark.parametrize("case", CASES)
def test_letters_of_the_excel_report_are_seven_points_on_paper(case: str) -> None:
    """Sizes of cells times the scale of the sheet; what is fitted to a page fits at that scale."""
    book = openpyxl.load_workbook(BytesIO(data_of(case, ".xlsx")))
    for sheet in book:
        scale: float = sheet.page_setup.scale or 100
        used = [c for row in sheet.iter_rows(max_row=40) for c in row if c.value is not None]
        smallest = min(c.font.sz for c in used)
        if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
            wide = sum(
                sheet.column_dimensions[get_column_letter(n)].width
                for n in range(1, sheet.max_column + 1)
            )
            scale = min(100, 100 * 10.29 * 96 / (7.4 * wide))
        assert smallest * scale / 100 >= 7, (sheet.title, smallest, scale)


def test_charts_of_excel_stand_on_a_sheet_of_their_own() -> None:
    """The second one, each under its own head on its own page."""
    book = openpyxl.load_workbook(BytesIO(data_of("nearly", ".xlsx")))
    assert book.sheetnames[:2] == ["Samenvatting", "Grafieken"]
    sheet: Any = book["Grafieken"]
    heads = [c.value for c in sheet["A"] if c.value]
    assert len(heads) == 1 + len(sheet._charts)
    assert len(sheet.row_breaks.brk) == len(sheet._charts) - 1
    others: list[Any] = [other for other in book if other.title != "Grafieken"]
    assert not [other.title for other in others if other._charts]


_PAGE_MM = 297 - 2 * 0.7 * 25.4


@pytest.mark.parametrize("case", ["half", "nearly", "odd"])
def test_charts_of_excel_say_their_numbers_across_the_page(case: str) -> None:
    """Every series has its numbers, more than one a legend; no column ends within a chart, so
    that no page does."""
    book = openpyxl.load_workbook(BytesIO(data_of(case, ".xlsx")))
    sheet: Any = book["Grafieken"]
    for chart in sheet._charts:
        assert all(series.dLbls and series.dLbls.showVal for series in chart.ser)
        assert chart.legend or len(chart.ser) == 1
        start, end = chart.anchor._from, chart.anchor.to
        assert (start.col, end.col) == (0, 0)
        wide = (end.colOff - start.colOff) / 36_000
        assert 0.9 * _PAGE_MM < wide <= 0.94 * _PAGE_MM, "programs draw up to 6 % wider"
    stacked = [chart for chart in sheet._charts if chart.grouping == "percentStacked"]
    assert len(stacked) == 1
    for series in stacked[0].ser:
        assert series.dLbls.numFmt == "0;;", "nobody is told of a part that is not there"


def test_headers_of_excel_stand_where_their_numbers_stand() -> None:
    """Numbers to the right, and so is their header, beside the arrow of the filter."""
    book: Any = openpyxl.load_workbook(BytesIO(data_of("nearly", ".xlsx")))
    seen = 0
    for sheet in book:
        for head in sheet[4] if sheet.tables else ():
            below = [sheet.cell(row, head.column) for row in range(5, sheet.max_row + 1)]
            right = any(c.data_type == "n" and c.alignment.horizontal == "right" for c in below)
            seen += right
            assert (head.alignment.horizontal == "right") == right, (sheet.title, head.value)
    assert seen > 10


def test_numbers_with_a_sign_look_like_other_numbers() -> None:
    """In a row of the Excel report all cells stand at the same height, between the same lines."""
    book: Any = openpyxl.load_workbook(BytesIO(data_of("nearly", ".xlsx")))
    found = 0
    for sheet in book:
        for row in sheet.iter_rows(min_row=5):
            lines = {
                (c.border.left.style, c.alignment.vertical) for c in row if c.value is not None
            }
            found += any("+" in str(c.number_format) for c in row)
            assert len(lines) <= 1, (sheet.title, row[0].row)
    assert found


@pytest.mark.parametrize("case", CASES)
def test_scores_of_the_excel_report_are_one_page_wide(case: str) -> None:
    """No column goes on beside the page: that asks for the first one to be repeated."""
    book: Any = openpyxl.load_workbook(BytesIO(data_of(case, ".xlsx")))
    assert case == "ready" or book["Tekorten"].print_title_cols
    assert not book["Scores"].print_title_cols


@pytest.mark.parametrize("case", CASES)
def test_what_goes_on_beside_a_page_has_its_heading_on_every_page(case: str) -> None:
    """In the header: over the columns of a page beside the first one it would be cut off."""
    book: Any = openpyxl.load_workbook(BytesIO(data_of(case, ".xlsx")))
    for sheet in book:
        if sheet.print_title_cols:
            head = str(sheet.oddHeader.left.text)
            assert sheet["A1"].value in head
            assert sheet["A2"].value in head or head.endswith("…"), "cut in sight"
            plain = "".join(char if char.isascii() else "n" for char in head)
            assert bold_width(plain, 10) < 740, "points of a page"
            assert "$A$4" in sheet.print_area, "without the two lines above the table"


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("case", CASES)
def test_heads_of_the_excel_report_are_whole(case: str, lang: Lang) -> None:
    """The title does not touch the line below it, and no word of a header is broken."""
    data = RENDERERS[".xlsx"](report_of(case, lang), NEUTRAL)
    assert broken_in_excel(data) == []
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        if sheet.tables:
            high, low = (sheet.row_dimensions[row].height or 15 for row in (1, 2))
            assert high >= 1.3 * sheet["A1"].font.sz
            assert low >= 1.3 * sheet["A2"].font.sz
