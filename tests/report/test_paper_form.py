"""The form for a pen: every question of the workbook, once, with what may be ticked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.select import select
from hkz_xlsx.report.paper_form import form_data, paper_form
from hkz_xlsx.text import LANGS, Lang, messages
from tests.support import library


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.mark.parametrize("lang", LANGS)
def test_every_question_once_in_the_order_of_the_workbook(lang: Lang) -> None:
    """Two parts: two rubrieken of one number are two sections; n.v.t. only where it may be."""
    selection, text = select(library(), ("138",)), messages(lang)
    data = form_data(selection, NEUTRAL, lang)
    asked = [one for section in data["sections"] for one in section["questions"]]
    assert [one["id"] for one in asked] == [r.requirement.id for r in selection.rows]
    assert [s["title"][:2] for s in data["sections"]] == [f"{n}." for n in range(1, 10)]
    na = text("choice.status.na")
    for one, row in zip(asked, selection.rows, strict=True):
        assert (na in one["answers"]) == row.na_allowed
        assert ("★" in one["about"]) == row.requirement.core
        assert one["question"] == row.requirement.question.get(lang)


def test_tagged_pages_with_every_number() -> None:
    """What a reader finds in the file itself: title, language, tags, no question cut in two; the
    same bytes twice."""
    selection = select(library(), ("143",))
    data = paper_form(selection, load_template("voorbeeld-adviesbureau"), "nl")
    pdf = PdfReader(io.BytesIO(data))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert "op papier" in str(pdf.metadata.title if pdf.metadata else "")
    pages = [page.extract_text() for page in pdf.pages]
    for row in selection.rows:
        (page,) = [text for text in pages if row.requirement.id in text]
        after = page.split(row.requirement.id, 1)[1]
        assert messages("nl")("paper.due") in after  # its last line
    assert paper_form(selection, load_template("voorbeeld-adviesbureau"), "nl") == data


def test_the_command(tmp_path: Path) -> None:
    """Only the core requirements; another suffix, and a file that is there, are refused."""
    path = tmp_path / "formulier.pdf"
    result = run("form", "143", "--core", "-o", path)
    assert result.exit_code == 0, result.output
    assert path.read_bytes().startswith(b"%PDF")
    assert "TARGET_EXISTS" in run("form", "143", "-o", path).stderr
    refused = run("form", "143", "-o", tmp_path / "formulier.xlsx")
    assert "TARGET_FORMAT" in refused.stderr
    assert ".pdf" in refused.stderr
    assert "NORM_UNKNOWN" in run("form", "999", "-o", tmp_path / "b.pdf").stderr
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
