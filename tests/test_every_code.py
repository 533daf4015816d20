"""Every problem code is named by a test; the last ones that no other test names stand here."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.norm.content import check_content
from hkz_xlsx.norm.model import NormPart, Requirement
from hkz_xlsx.problems import CODES, HkzError
from hkz_xlsx.returned.read import understand
from hkz_xlsx.scoring.cell_values import CellError
from hkz_xlsx.scoring.choices import SIGNALS, T
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import Text
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

HARD = "Verantwoordelijkheidsverdelingsdocumentatieprocedures organisatiebeleidsverantwoordelijk"


def test_every_code_is_named_in_a_test() -> None:
    """In a test or in what one expects; signals are tested by their own names."""
    folder = Path(__file__).parent
    files = [*folder.rglob("*.py"), *folder.rglob("*.json")]
    named = set(
        re.findall(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+", "\n".join(p.read_text("utf-8") for p in files))
    )
    named |= {f"SIGNAL_{name.upper()}" for name in SIGNALS}
    assert set(CODES) - named == set()


def _with(part: NormPart, changed: Requirement) -> NormPart:
    rubriek = part.rubrieken[0]
    topic = rubriek.topics[0]
    topics = (replace(topic, requirements=(changed,)), *rubriek.topics[1:])
    return replace(part, rubrieken=(replace(rubriek, topics=topics), *part.rubrieken[1:]))


@pytest.mark.parametrize(
    ("code", "question", "tip"),
    [
        ("NORM_QUESTION_FORM", "Dit is geen vraag.", "Doe dit."),
        ("NORM_QUESTION_TWO", "Heeft u een plan en/of een lijst?", "Doe dit."),
        ("NORM_QUESTION_LONG", "Heeft u " + "een plan " * 20 + "klaar?", "Doe dit."),
        ("NORM_TEXT_LONG", "Heeft u een plan?", "Maak het. " * 60),
        ("NORM_READABILITY", f"{HARD}?", HARD),
        ("NORM_PARAGRAPH", "Heeft u een plan?", "Zie 4.1.2 van de norm."),
    ],
)
def test_texts_of_questions(code: str, question: str, tip: str) -> None:
    part = library().part("138")
    assert part is not None
    _, _, row = next(part.requirements())
    changed = replace(row, question=Text(question, question), tip=Text(tip, tip))
    found = [p for p in check_content([_with(part, changed)]) if p.code == code]
    assert found
    assert found[0].where.requirement == row.id


def test_an_article_of_a_law_is_no_paragraph_of_a_norm() -> None:
    part = library().part("138")
    assert part is not None
    _, _, row = next(part.requirements())
    text = "Binnen zes weken (Wlz, art. 8.1.3); dossiers 15 jaar (art. 5.3.4), zie art. 3.1."
    changed = replace(row, tip=Text(text, text))
    assert "NORM_PARAGRAPH" not in {p.code for p in check_content([_with(part, changed)])}


def test_notice_names_the_owner_of_the_norm() -> None:
    part = library().part("138")
    assert part is not None
    silent = replace(part, notice=Text("Van niemand.", "Nobody's."))
    assert "NORM_NOTICE" in {p.code for p in check_content([silent])}


def test_languages_of_a_row(tmp_path: Path) -> None:
    """A question that is blank in one language, in the file itself."""
    import shutil

    from hkz_xlsx.norm.files import norms_folder
    from hkz_xlsx.norm.load import read_library

    root = tmp_path / "norms"
    shutil.copytree(norms_folder(), root)
    path = root / "138/2015/r1/rubrieken/rubriek-1.yaml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'(question:\n\s+nl: )"[^"]*"', r'\1" "', text, count=1), "utf-8")
    steps = root / "steps/r1/steps.yaml"
    text = steps.read_text("utf-8")
    steps.write_text(text.replace("months: 1\n", "months: 18\n", 2), "utf-8")
    found = read_library(root)[1]
    assert {"NORM_LANGUAGES_DIFFER", "STEP_TOO_LONG"} <= {p.code for p in found}
    assert all(p.where.line for p in found if p.code == "STEP_TOO_LONG")


def test_broken_identity() -> None:
    rows = {**plan_of().identity.rows(), "lang": "fr"}
    with pytest.raises(HkzError) as caught:
        Identity.from_rows(rows)
    assert [p.code for p in caught.value.problems] == ["IDENTITY_BROKEN"]


def _changed(table: str, row: str, column: str, value: object) -> Grid:
    """Our workbook with one cell changed; None takes it away."""
    plan = plan_of()
    grid = read_grid("w.xlsx", write_workbook(plan), complete=False)
    sheet, block = next((s, b) for s, b in plan.blocks() if b.table.key == table)
    at = (block.first_row + block.table.rows.index(row), block.column_of(column))
    index = plan.sheets.index(sheet)
    cells = {spot: v for spot, v in grid.sheets[index].cells.items() if spot != at}
    if value is not None:
        cells[at] = value  # type: ignore[assignment]  # whatever a cell can hold
    sheets = list(grid.sheets)
    sheets[index] = replace(sheets[index], cells=cells)
    return replace(grid, sheets=tuple(sheets))


@pytest.mark.parametrize(
    ("code", "place", "value"),
    [
        ("NUMBER_WRONG", ("organisation", "fte", "value"), "veel"),
        ("ANSWER_ERROR_CELL", (T.requirements, "MHD-101", "answer"), CellError("#N/A")),
        ("LINE_MISSING", ("organisation", "fte", "id"), "weg"),
    ],
)
def test_cells(code: str, place: tuple[str, str, str], value: object) -> None:
    found = understand(_changed(*place, value), library()).submission.problems
    assert code in {p.code for p in found}
