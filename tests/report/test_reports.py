"""Reports: the same numbers in every format, user text shown as text, nothing claimed too much."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.render.document import NumberCell
from hkz_xlsx.render.html import find_script
from hkz_xlsx.render.html import page as html_page
from hkz_xlsx.render.markdown import escaped
from hkz_xlsx.render.markdown import text as markdown_text
from hkz_xlsx.render.together import TIE
from hkz_xlsx.report.content import document
from hkz_xlsx.report.excel_sheets import render as render_xlsx
from hkz_xlsx.report.model import GapReport, gap_report, score_line
from hkz_xlsx.report.render_json import as_data
from hkz_xlsx.report.render_json import render as render_json
from hkz_xlsx.report.render_text import terminal
from hkz_xlsx.report.report_tables import by_owner
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import LANGS, Lang, messages
from hkz_xlsx.writing.workbook import write_workbook
from tests.report.extract import page
from tests.support import library, plan_of

HOSTILE = "<script>alert(1)</script> =cmd|'/C calc'!A0 | ](javascript:x) \u202eomgekeerd 😀 `*_#"


def render_html(report: GapReport) -> str:
    return html_page(document(report), NEUTRAL)


def markdown(report: GapReport) -> str:
    return markdown_text(document(report))


def _report(folder: Path, inputs: dict[Address, CellValue], lang: Lang = "nl") -> GapReport:
    path = folder / "w.xlsx"
    path.write_bytes(write_workbook(plan_of(lang), inputs))
    return gap_report(read_workbook(path, library()), lang)


@pytest.fixture(scope="module", params=LANGS)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GapReport:
    lang: Lang = request.param
    folder = tmp_path_factory.mktemp("report")
    return _report(folder, dict(sample_inputs(plan_of(lang))), lang)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> GapReport:
    inputs: dict[Address, CellValue] = {
        Address("organisation", "name", "value"): HOSTILE,
        Address(T.requirements, "MHD-101", "answer"): "Voldoet niet",
        Address(T.requirements, "MHD-102", "answer"): "<b>ja</b>",
        Address(T.requirements, "MHD-103", "answer"): "N.v.t.",
    }
    for column in ("note", "action", "action_owner", "evidence", "location"):
        for row in ("MHD-101", "MHD-103"):
            inputs[Address(T.requirements, row, column)] = HOSTILE
    inputs[Address(T.requirements, "MHD-101", "note")] = HOSTILE * 400
    return _report(tmp_path_factory.mktemp("hostile"), inputs)


def test_the_score_line_is_the_same_everywhere(report: GapReport) -> None:
    """One line, in every format for people and in the terminal."""
    line = score_line(report.total, report.lang)
    texts = (page(render_html(report)).text, markdown(report), terminal(report))
    assert all(line in text.replace(TIE, " ") for text in texts)
    assert as_data(report)["total"]["score"] == report.total.score


def test_gaps_are_all_there_in_order(report: GapReport) -> None:
    """HTML, JSON and Excel list every gap, most urgent first."""
    ids = [line.gap.requirement for line in report.gaps]
    section = render_html(report).split('<section id="gaps">')[1].split("</section>")[0]
    html = re.findall(
        r'<(?:span class="id"|th scope="row" dir="auto"(?: class="id")?)>([A-Z]+-\d+)', section
    )
    assert html == ids
    assert [g["requirement"] for g in as_data(report)["gaps"]] == ids
    sheet = _gap_sheet(report)
    assert [sheet.cell(r, 1).value for r in range(5, sheet.max_row + 1)] == ids


def _gap_sheet(report: GapReport) -> Worksheet:
    book = openpyxl.load_workbook(BytesIO(render_xlsx(report)))
    found = book[messages(report.lang)("report.sheet.gaps")]
    assert isinstance(found, Worksheet)
    return found


def test_json_follows_its_schema(report: GapReport, hostile: GapReport) -> None:
    """The published schema describes what is written, and would notice a missing key."""
    path = Path(__file__).parents[2] / "docs" / "gap-report.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    for one in (report, hostile):
        jsonschema.validate(json.loads(render_json(one)), schema)
    broken = json.loads(render_json(report))
    del broken["total"]["score"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_hostile_text_is_text(hostile: GapReport) -> None:
    """Markup, formulas and odd characters of a user come out as what was typed."""
    html = render_html(hostile)
    assert set(page(html).scripts) <= {str(find_script().text)}, "none but ours"
    assert "<b>ja</b>" not in html
    assert HOSTILE.split(" =")[0] in page(html).text
    text = markdown(hostile)
    assert "<script>" not in text
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "\u202e" not in terminal(hostile)
    book = openpyxl.load_workbook(BytesIO(render_xlsx(hostile)))
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f", cell.coordinate
                assert cell.hyperlink is None
    assert json.dumps(as_data(hostile))


def test_unfinished_looks_unfinished(tmp_path: Path) -> None:
    """An empty workbook has no score, no verdict, and says how much is open."""
    report = _report(tmp_path, {})
    html = page(render_html(report)).text
    assert "nog niet te bepalen" in html.lower()
    assert f"{len(plan_of().model.selection.rows)} vragen zijn niet beantwoord" in html
    assert "0,0 %" not in html
    assert [v.code for v in report.verdicts] == ["undetermined"]


def test_verdict_is_called_an_indication(report: GapReport) -> None:
    """The word stands beside the verdict in every format for people."""
    word = "indicatie" if report.lang == "nl" else "indication"
    for text in (render_html(report), markdown(report), terminal(report)):
        assert word in text


def test_counted_and_understood(tmp_path: Path) -> None:
    """Reports use what was understood and list every difference with what was counted."""
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, "MHD-101", "answer"): "voldoet.",
        Address(T.requirements, "MHD-102", "answer"): "Voldoet niet",
    }
    report = _report(tmp_path, inputs)
    assert report.counted.answered == 1
    assert report.total.answered == 2
    assert [p.code for p in report.problems] == ["ANSWER_CLEANED"]


def test_evidence_that_only_looks_filled_is_told(tmp_path: Path) -> None:
    """In layout 1 a non-breaking space counts for a formula and not for a person: so it is told."""
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, "MHD-101", "answer"): "Voldoet",
        Address(T.requirements, "MHD-101", "evidence"): "\u00a0",
    }
    plan = plan_workbook(select(library(), ("138",)), "nl", ("138",), layout=1)
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan, inputs))
    report = gap_report(read_workbook(path, library()))
    assert report.counted.substantiated == 0.6
    assert report.total.substantiated == 0.0
    (found,) = report.problems
    assert (found.code, found.where.requirement) == ("ANSWER_CLEANED", "MHD-101")
    assert found.slots["value"] == "U+00A0"


def test_language_of_the_report(tmp_path: Path) -> None:
    """That of the workbook, unless another is asked for."""
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan_of("en")))
    submission = read_workbook(path, library())
    assert gap_report(submission).lang == "en"
    assert "Score nog niet" in terminal(gap_report(submission, "nl"))


def test_answer_that_counts_in_the_language_of_the_report(tmp_path: Path) -> None:
    """On the adviser's basis the adviser's answer; words in the report's language."""
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, "MHD-101", "answer"): "Voldoet",
        Address(T.requirements, "MHD-101", "advisor_answer"): "Voldoet niet",
        Address(T.requirements, "MHD-101", "action_status"): "Bezig",
    }
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan_of("nl"), inputs))
    report = gap_report(read_workbook(path, library()), "en", "advisor")
    (line,) = [g for g in report.gaps if g.gap.requirement == "MHD-101"]
    assert (line.kind, line.answer, line.status) == ("Does not meet", "Does not meet", "no")
    assert line.action_status == "In progress"


def test_spaces_of_any_width_survive(tmp_path: Path) -> None:
    """A non-breaking space between names stays a space in the Excel report."""
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, "MHD-101", "answer"): "Voldoet niet",
        Address(T.requirements, "MHD-101", "action_owner"): "Jan\u00a0Jansen",
        Address(T.requirements, "MHD-101", "action_due"): "a|b\n<script>",
    }
    report = _report(tmp_path, inputs)
    sheet = _gap_sheet(report)
    texts = {str(c.value) for line in sheet.iter_rows() for c in line}
    assert "Jan\u00a0Jansen" in texts
    assert "<script>" not in markdown(report)


def test_overwritten_result_is_noticed(tmp_path: Path) -> None:
    """A number typed over a formula: both numbers are told, ours is used."""
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan_of("nl"), dict(sample_inputs(plan_of("nl")))))
    book = openpyxl.load_workbook(path, data_only=True)
    book["Overzicht"]["E7"] = 99.9
    book.save(path)
    report = gap_report(read_workbook(path, library()))
    (found,) = [p for p in report.problems if p.code == "SCORE_DIFFERS"]
    assert found.where.cell == "E7"
    assert found.slots["stored"] == "99.9"
    assert report.total.score == 59.6


def test_nobody_is_called_by_name() -> None:
    """In a chat or an issue @name sends somebody a message; an @ that calls nobody stays."""
    assert escaped("vraag @jan_b of @Piet") == "vraag @\u200bjan\\_b of @\u200bPiet"
    assert escaped("mail jan@voorbeeld.nl") == "mail jan@\u200bvoorbeeld.nl"
    assert escaped("5 @ 10, klaar @") == "5 @ 10, klaar @"


def test_actions_by_owner(tmp_path: Path) -> None:
    """Closed ones are counted as such: not as open, and no longer as a date or a question to do."""
    rows = plan_of("nl", "125").model.table(T.requirements).rows
    day, states = serial(date(2026, 11, 2)), Choice("action_status")
    inputs: dict[Address, CellValue] = {
        Address(T.settings, "reference_date", "value"): day,
    }
    actions = [
        ("Jan", -30, "done"), ("jan", 10, "open"), ("Jan ", -5, "busy"), ("Jan", 2, "dropped"),
        ("Els", 5, "done"), ("", 1, "open"),
    ]  # fmt: skip
    for row, (owner, days, status) in zip(rows, actions, strict=False):
        inputs |= {
            Address(T.requirements, row, "answer"): "Voldoet niet",
            Address(T.requirements, row, "action"): "Doen",
            Address(T.requirements, row, "action_owner"): owner or None,
            Address(T.requirements, row, "action_due"): day + days,
            Address(T.requirements, row, "action_status"): states.label(status, "nl"),
        }
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan_of("nl", "125"), inputs))
    grid = by_owner(gap_report(read_workbook(path, library()), "nl"))
    assert [row[0] for row in grid.rows] == ["Els", "Jan", "Nog niemand"]
    counts = [
        [cell.value for cell in row[1:4] if isinstance(cell, NumberCell)] for row in grid.rows
    ]
    assert counts == [[0, 0, 1], [2, 1, 2], [1, 0, 0]]
    due = ["", "28-10-2026", "03-11-2026"]
    assert [row[4] for row in grid.rows] == due
    assert [row[5] for row in grid.rows] == ["", f"{rows[2]}, {rows[1]}", rows[5]]
