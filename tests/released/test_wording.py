"""A text mended in a catalogue changes nothing for any file in the field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hkz_xlsx import releases, text
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.describe import describe_shape
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.norm.yaml_nodes import read_yaml
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import Where
from hkz_xlsx.report.model import gap_report
from hkz_xlsx.report.render_json import as_data
from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.rework.carry import carry
from hkz_xlsx.rework.decisions import read_decisions
from hkz_xlsx.rework.merge import differences, merged
from hkz_xlsx.rework.merge_plan import merge_plan
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.sheets.loose_sheets import Extra, with_loose
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import LANGS
from tests.released.times import another_time, mended, texts
from tests.support import library, plan_of

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "released" / "0.1.0" / "workbooks"
SOME = (
    "125-nl.xlsx", "143-en.xlsx", "138-nl.xlsx", "zw-nl.xlsx", "132-en-scope.xlsx",
    "143-nl-template.xlsx", "125-nl-previous.xlsx", "125-143-nl.xlsx", "143-nl-libreoffice.ods",
    "125-nl-openpyxl.xlsx", "../blank/139-nl.xlsx", "../rework/hersteld.xlsx",
)  # fmt: skip
PLACES = ("noord", "zuid")
TOLD = {"LAYOUT_CHANGED", "WORDING_UNKNOWN", "PLAN_CHANGED"}


def opened(name: str) -> Grid:
    return read_grid(name, (WORKBOOKS / name).read_bytes(), complete=True)


def numbers(grid: Grid) -> object:
    """All numbers and codes of the report on a file."""
    report = json.loads(json.dumps(as_data(gap_report(understand(grid, library()).submission))))
    kept = ("total", "counted", "status_counts", "core_failed", "organisation", "reference_date")
    return {key: report[key] for key in kept}


@pytest.fixture
def other_texts() -> Iterator[None]:
    with another_time() as change:
        mended(change)
        assert plan_of("nl").sheets[0].title != "Start"
        yield


@pytest.fixture(scope="module")
def before() -> dict[str, tuple[object, list[tuple[str, str]], bool]]:
    """Scores, findings and the way of reading of every file, with the texts as they are."""
    return {name: _seen(name) for name in SOME}


def _seen(name: str) -> tuple[object, list[tuple[str, str]], bool]:
    grid = opened(name)
    found = [(p.code, p.where.cell) for p in check_grid(grid, library()).problems]
    plain = read_grid(name, (WORKBOOKS / name).read_bytes())
    return numbers(grid), found, quick(plain, library()) is not None


@pytest.mark.usefixtures("other_texts")
@pytest.mark.parametrize("name", SOME)
def test_a_released_file_reads_as_before(name: str, before: dict[str, object]) -> None:
    """The same answers, scores and findings, and a portfolio reads it the quick way as before."""
    seen = _seen(name)
    assert not {code for code, _ in seen[1]} & TOLD
    assert seen == before[name]


def test_altered_texts_and_formulas_are_still_found() -> None:
    """In a file of a release, after a text in the catalogue was mended."""
    grid = opened("125-nl.xlsx")
    plan = understand(grid, library()).submission.plan
    (sheet,) = (s for s in plan.sheets if s.key == "assessment")
    block = sheet.blocks[0]
    question = (block.first_row + 3, block.column_of("question"))
    formula = (block.first_row + 4, block.column_of("earned"))
    over = (block.first_row + 5, block.column_of("points"))
    (mine,) = (s for s in grid.sheets if s.title == sheet.title)
    cells = {**mine.cells, question: "Een andere vraag?", over: 1.0}
    formulas = {**mine.formulas, formula: "5"}
    formulas.pop(over)
    other = replace(mine, cells=cells, formulas=formulas)
    grid = replace(grid, sheets=tuple(other if s is mine else s for s in grid.sheets))
    with another_time() as change:
        mended(change)
        codes = [p.code for p in check_grid(grid, library()).problems]
    for code in ("TEXT_CHANGED", "FORMULA_CHANGED", "FORMULA_OVERWRITTEN"):
        assert codes.count(code) == 1, (code, codes)
    assert not set(codes) & TOLD


def test_words_to_choose_from_are_understood_for_ever() -> None:
    """A file whose words were since replaced counts as it did; in it the new words are understood
    too, and what is written again has those of today."""
    with another_time() as change:
        texts(change, {"choice.status.yes": "In orde", "choice.yes_no.yes": "Jazeker"})
        submission = understand(opened("125-nl.xlsx"), library()).submission
        answers = [r for a, r in submission.readings.items() if a.column == "answer"]
        assert "Voldoet" in {r.cell for r in answers if r.state == "exact"}
        assert submission.as_understood != {}
        old = next(f for _, b, f in submission.plan.inputs() if f.key == "answer").codec(0)
        assert isinstance(old, Choice)
        assert old.wording == "0.1.0"
        assert old.from_cell("in orde", "nl").cell == "Voldoet"
        assert Choice("status").from_cell("Voldoet", "nl").cell == "In orde"
        assert Choice("status").code_of("voldoet") == Choice("status").code_of("In orde") == "yes"
        fresh = repaired(submission)
        assert fresh.plan.model.wording == ""
        again = [v for a, v in fresh.inputs.items() if a.column == "answer"]
        assert "In orde" in again
        assert "Voldoet" not in again
        named = {v for a, v in fresh.inputs.items() if a.row.startswith("funding_")}
        assert named <= {"Jazeker", "Nee", None}


def test_another_text_is_no_other_shape() -> None:
    """Languages and mended texts differ in their plans, and not in their shape."""
    plain = plan_of("nl")
    shape = describe_shape(plain)
    assert describe_shape(plan_of("en")) == shape
    with another_time() as change:
        mended(change)
        other = plan_of("nl")
        assert other.identity.plan != plain.identity.plan
        assert describe_shape(other) == shape


def test_a_wording_in_between_is_told_once() -> None:
    """A workbook of a version that was never released, read when its texts changed again."""
    from hkz_xlsx.writing.workbook import write_workbook

    with another_time() as change:
        texts(change, {"start.enable": "Klik eerst op Bewerken."})
        between = write_workbook(plan_of("nl", "143"))
    submission = understand(read_grid("tussen.xlsx", between), library()).submission
    assert [p.code for p in submission.problems] == ["WORDING_UNKNOWN"]
    assert not [p for p in check_grid(read_grid("t", between), library()).problems
                if p.severity.value == "error"]  # fmt: skip


def test_the_record_holds_the_released_texts() -> None:
    """What is shipped with the product is what was frozen, and says so with its fingerprint."""
    for release in releases.releases():
        kept = releases.released_texts(release.version)
        frozen = json.loads((ROOT / f"released/{release.version}/release.json").read_text("utf-8"))
        assert (release.date, release.layout) == (frozen["date"], frozen["layout"])
        assert list(release.question_sets) == sorted(frozen["question_sets"])
        for lang in LANGS:
            path = ROOT / f"released/{release.version}/catalogues/{lang}.yaml"
            document = read_yaml(path, path.name, [])
            assert document is not None
            flat: dict[str, str] = {}
            text._flatten("", document.value, flat)
            assert kept[lang] == {
                k: v for k, v in flat.items() if k.partition(".")[0] in text.WORKBOOK_SECTIONS
            }
            assert release.wording[lang] == text.fingerprint(kept[lang])


def _every_plan() -> Iterator[WorkbookPlan]:
    scope = Scope.parse(["funding=wmo", "activities=wijkverpleging"])
    lib = library()
    for part in ("138", "143", "125", "zw"):
        chosen = select(lib, (part,), scope if part == "138" else Scope())
        yield plan_workbook(chosen, "nl", (part,), previous=True)


def test_every_text_of_a_workbook_is_kept_with_its_release() -> None:
    """No text that stands in a workbook comes from a section that a release does not keep."""
    used: set[str] = set()

    class Asked(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            used.add(key)
            return super().__getitem__(key)

    with another_time() as change:
        read = {lang: Asked(text._read(lang)) for lang in LANGS}
        change.setattr(text, "_read", lambda lang: read[lang])
        for plan in _every_plan():
            reasons = ("text", "cleaned", "taken")
            extra = [Extra(r, Where("a.xlsx"), "x") for r in reasons]  # type: ignore[arg-type]
            with_loose(plan, extra)
            from hkz_xlsx.writing.workbook import write_workbook

            write_workbook(plan)
    assert len(used) > 400
    assert {key for key in used if key.partition(".")[0] not in text.WORKBOOK_SECTIONS} <= {
        key for key in used if re.match(r"sample\.|dates\.", key)
    }


def test_merging_and_carrying_old_files_take_the_words_of_today() -> None:
    """With the list of decisions of then, whose headers were since replaced."""
    folder = WORKBOOKS.parent / "rework"
    with another_time() as change:
        texts(
            change,
            {
                "choice.status.yes": "In orde",
                "merge.column.choose": "Uw keuze",
                "merge.column.key": "Sleutel van de cel",
            },
        )
        read = [understand(opened(f"../rework/{n}.xlsx"), library()).submission for n in PLACES]
        plan = merge_plan(read, library())
        found = differences(read, plan)
        chosen = read_decisions(
            folder / "besluiten.xlsx", found, [f"{n}.xlsx" for n in PLACES]
        ).chosen
        assert len(chosen) > 50
        both = merged(read, plan, "ask-file", chosen).fresh
        words = {v for a, v in both.inputs.items() if a.column == "answer"}
        assert "In orde" in words
        assert "Voldoet" not in words
        fresh = plan_of("en", "125@2009/r1")  # the question set of then
        carried = carry(read[0], fresh)
        assert not carried.problems
        answers = {v for a, v in carried.inputs.items() if a.column == "answer"}
        assert "In orde" in answers  # changed in both languages alike
        assert "Meets" not in answers


def test_sheets_take_their_words_from_their_model() -> None:
    """No sheet builder and no formula looks up a text of today: it would stand in old plans too."""
    rooms = ("sheets", "plan_build", "scoring", "layout")
    asks = re.compile(r"(?<![.\w])(?<!def )(messages|say|catalogue)\(")
    found = {
        path.name
        for room in rooms
        for path in (ROOT / "hkz_xlsx" / room).glob("*.py")
        if asks.search(path.read_text("utf-8"))
    }
    # The model's own look-up, words to choose from, and texts of samples.
    assert found == {"model.py", "codecs.py", "sample.py", "displayed.py"}
