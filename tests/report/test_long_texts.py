"""A text of 32,000 letters in every cell of a row: pages have its beginning and say where it
stands; JSON and Excel have all of it."""

from __future__ import annotations

import json
import re
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.report.content import document
from hkz_xlsx.report.derive import PAGEFUL as MOST
from hkz_xlsx.report.model import GapReport, gap_report
from hkz_xlsx.report.word_fields import fields
from hkz_xlsx.report.write import rendered
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import Lang
from tests.report.cases import PART, inputs_of, report_of, submission
from tests.report.extract import text_of
from tests.report.test_whole import _texts
from tests.support import plan_of

COLUMNS = (
    "evidence", "location", "evidence_date", "valid_until", "owner", "action",
    "action_owner", "action_due", "action_status", "advisor_answer", "advisor_note",
)  # fmt: skip


def _long(word: str) -> str:
    return f"{word}: " + ("Heel lang verhaal. " * 1700)[:31_900]


@cache
def _typed(lang: Lang) -> Submission:
    """Of a gap with an action, of a row that is in order, and an answer that is not understood."""
    inputs = inputs_of("nearly", lang)
    rows = [r.requirement.id for r in plan_of(lang, PART).model.selection.rows]
    inputs[Address("organisation", "name", "value")] = _long("name")
    for row in (rows[1], rows[-1]):
        for column in COLUMNS:
            inputs[Address(T.requirements, row, column)] = _long(f"{row} {column}")
    inputs[Address(T.requirements, rows[1], "note")] = _long("note")
    inputs[Address(T.requirements, rows[2], "answer")] = _long("answer")
    return submission(inputs, lang)


def _report(lang: Lang = "nl") -> GapReport:
    return gap_report(_typed(lang), lang)


PAGES = [suffix for suffix, form in FORMATS.items() if not form.chat]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_page_has_a_text_without_end(lang: Lang) -> None:
    """Nor a title: everywhere the beginning, and where the whole text is."""
    source = document(_report(lang))
    found = [t for s in source.sections for b in s.blocks for t in _texts(b, lang)]
    found += [source.title, *source.subtitle]
    assert max(map(len, found)) < 4 * MOST + 400, "four may stand together"
    assert len(source.title) < 400
    cut = [text for text in found if len(text) > MOST]
    note = r"… \(\d+ tekens, zie werkboek cel [^)]+![A-Z]+\d+\)"
    if lang == "en":
        note = r"… \(\d+ characters, see cell [^)]+![A-Z]+\d+ of the workbook\)"
    assert all(re.search(note, text) for text in cut)
    assert len(cut) > len(COLUMNS)


def test_the_cell_that_is_named_has_the_text() -> None:
    typed = _typed("nl")
    report = gap_report(typed, "nl")
    where = {f"{p.sheet}!{p.cell}": address for address, p in typed.places.items()}
    assert len(report.long) > len(COLUMNS)
    for text, place in report.long.items():
        assert typed.as_understood[where[place]] == text


def test_a_pdf_has_few_pages_more() -> None:
    """Twenty-five such texts, which would fill a page each more than ten times."""
    usual = len(_pdf(report_of("nearly")).pages)
    assert len(_pdf(_report()).pages) <= usual + 18


def _pdf(report: GapReport) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(rendered(report, Path("r.pdf"), NEUTRAL)))


@pytest.mark.parametrize("suffix", PAGES)
def test_every_text_has_its_beginning_and_place_on_a_page(suffix: str) -> None:
    """Of every cell; nothing is left out without a word."""
    report = _report()
    squeezed = re.sub(r"[\s-]", "", text_of(suffix, rendered(report, Path(f"r{suffix}"), NEUTRAL)))
    for text, place in report.long.items():
        note = re.sub(r"[\s-]", "", f"({len(text)} tekens, zie werkboek cel {place})")
        assert note in squeezed, place
        assert re.sub(r"[\s-]", "", text[:190]) in squeezed, place


def test_excel_and_json_have_all_of_it() -> None:
    report = _report()
    book = openpyxl.load_workbook(BytesIO(rendered(report, Path("r.xlsx"), NEUTRAL)))
    cells = {c.value for sheet in book for row in sheet.iter_rows() for c in row}
    data = json.dumps(json.loads(rendered(report, Path("r.json"), NEUTRAL)), ensure_ascii=False)
    for text in report.long:
        assert text in cells
        assert json.dumps(text, ensure_ascii=False)[1:-1] in data


def test_markdown_says_how_much_it_leaves_out() -> None:
    """Of the text as it was typed."""
    report = _report()
    page = text_of(".md", rendered(report, Path("r.md"), NEUTRAL))
    action = next(g for g in report.gaps if "action:" in g.action)
    parts = (action.action, action.action_owner, action.action_due, action.action_status)
    whole = " · ".join(parts)
    assert f"{len(whole) - 300} tekens meer" in page


def test_an_own_template_gets_the_same() -> None:
    found = str(fields(_report(), NEUTRAL)["gaps"])
    assert "zie werkboek cel" in found
    assert max(map(len, re.split(r"', '|\", '|', \"", found))) < MOST + 100


def test_usual_texts_are_whole() -> None:
    """Up to the bound; and such a report costs nothing."""
    assert report_of("half").long == {}
