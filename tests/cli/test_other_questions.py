"""Nothing passes for an answer to a question that is another one: over every command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.writing.workbook import write_workbook
from tests.norms.revisions import copied, replaced, revised, rewritten

EDITS = {
    "KO-101": (r'nl: "[^"]*"', 'nl: "Toetst een ander elk jaar uw hele aanbod?"'),
    "KO-102": (r'weight: "2"', 'weight: "3"'),
    "KO-103": (r'core: "no"', 'core: "yes"'),
    "KO-104": (r'na_allowed: "no"', 'na_allowed: "yes"'),
    "KO-105": ("evidence_rule: required", "evidence_rule: optional"),
    "KO-106": (r'na_allowed: "no"', 'na_allowed: "no"\n        when: {funding: [wmo]}'),
}
"""One change in each, of every kind that makes another question."""

ANSWERED = (*EDITS, "KO-107", "KO-108", "KO-109")
"""Of KO-107 only the tip changed, KO-108 is gone, KO-109 is as it was."""

NEW = "143@2021/r2"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Norms with a second revision of 143."""
    folder = copied(tmp_path_factory.mktemp("normen") / "norms")
    new = revised(folder, "143/2021")
    for row, (old, text) in EDITS.items():
        rewritten(new, row, old, text)
    rewritten(new, "KO-107", r"tip:\s+nl: \"[^\"]*\"", 'tip:\n          nl: "Andere tip."')
    rewritten(new, "KO-108", "KO-108", "KO-188")
    return folder


@pytest.fixture
def old(root: Path, tmp_path: Path) -> Path:
    """A workbook of the first revision, with answers, evidence and a date."""
    path = tmp_path / "oud.xlsx"
    path.write_bytes(_filled(root, "143"))
    return path


def _filled(root: Path, asked: str) -> bytes:
    plan = plan_workbook(select(load_library(root), [asked]), "nl", [asked])
    typed = {
        Address(T.requirements, row, column): value
        for row in ANSWERED
        for column, value in (
            ("answer", "Voldoet"), ("evidence", f"Bewijs {row}"), ("evidence_date", 45_904.0),
        )
    }  # fmt: skip
    day = {Address(T.settings, "reference_date", "value"): 46_000.0}
    name = {Address("organisation", "name", "value"): "De Brug"}
    return write_workbook(plan, {**typed, **day, **name})


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def told(result: Result, code: str) -> list[str]:
    """The rows that a code was told of, from the line with the place above it."""
    lines = result.stderr.splitlines()
    at = [i for i, line in enumerate(lines) if f" {code} " in line]
    return [lines[i - 1].rpartition("(")[2].rstrip(")") for i in at]


def answered(found: Submission) -> set[str]:
    return {a.row for a in found.raw if (a.table, a.column) == (T.requirements, "answer")}


def not_placed(path: Path, name: str = "Niet overgenomen") -> list[tuple[str, str, str, str]]:
    """What it is, question number, what stood there, and what is said of it."""

    def rows() -> Iterator[tuple[str, str, str, str]]:
        book = openpyxl.load_workbook(path)
        sheet = book[name]
        for line in sheet.iter_rows(min_row=6, values_only=True):
            text = [str(value or "") for value in line]
            yield text[1], text[5], text[7], text[8]

    return list(rows())


def checked_answers(path: Path, root: Path) -> None:
    """No old answer counts under another question: it stands beside it, as an earlier one to look
    at again, and the evidence with it; what has no question any more is listed with the old one."""
    found = read_workbook(path, load_library(root))
    assert answered(found) == {"KO-107", "KO-109"}
    shown = {a.row: v for a, v in found.as_understood.items() if a.column == "previous_answer"}
    assert shown == dict.fromkeys(EDITS, "Voldoet")
    said = {a.row for a, v in found.as_understood.items() if (a.column, v) == ("origin", "herzien")}
    assert said == set(EDITS)
    for row in EDITS:
        assert found.text(T.requirements, row, "evidence") == f"Bewijs {row}"
    listed = not_placed(path)
    assert {line[1] for line in listed} == {"KO-108"}
    assert {line[2] for line in listed} == {"Voldoet", "Bewijs KO-108", "04-09-2025"}
    before = load_library(root).part("143", "2021", "r1")
    assert before is not None
    gone = next(r for _, _, r in before.requirements() if r.id == "KO-108")
    assert {line[3] for line in listed} == {f"De vraag was: {gone.question.nl}"}


def test_generate_carries_nothing_to_another_question(
    root: Path, old: Path, tmp_path: Path
) -> None:
    """Told row by row; what was listed goes along with the next workbook too."""
    new = tmp_path / "nieuw.xlsx"
    result = run("generate", NEW, "--norms", root, "--answers", old, "-o", new)
    assert result.exit_code == 0, result.output
    assert told(result, "CARRY_TO_JUDGE") == list(EDITS)
    checked_answers(new, root)
    again = tmp_path / "weer.xlsx"
    assert run("generate", NEW, "--norms", root, "--answers", new, "-o", again).exit_code == 0
    assert not_placed(again) == not_placed(new)


def test_a_draft_is_not_used_until_it_is_named(root: Path, old: Path, tmp_path: Path) -> None:
    """Without its name every answer goes along to the released questions."""
    new = tmp_path / "nieuw.xlsx"
    result = run("generate", "143", "--norms", root, "--answers", old, "-o", new)
    assert "(143@2021/r1)" in result.stderr
    found = read_workbook(new, load_library(root))
    assert answered(found) == set(ANSWERED)
    assert "CARRY_" not in result.stderr
    assert "Niet geplaatst" not in openpyxl.load_workbook(new).sheetnames


def test_the_same_holds_when_the_revision_is_released(
    root: Path, old: Path, tmp_path: Path
) -> None:
    """And on the way back, from the new questions to the old ones."""
    norms = shutil.copytree(root, tmp_path / "norms")
    replaced(norms / "143/2021/r2/norm.yaml", "status: draft", "status: released")
    new = tmp_path / "nieuw.xlsx"
    result = run("generate", "143", "--norms", norms, "--answers", old, "-o", new)
    assert told(result, "CARRY_TO_JUDGE") == list(EDITS)
    checked_answers(new, norms)
    back = tmp_path / "terug.xlsx"
    result = run("generate", "143@2021/r1", "--norms", norms, "--answers", new, "-o", back)
    assert result.exit_code == 0
    assert answered(read_workbook(back, load_library(norms))) == {"KO-107", "KO-109"}


def test_scores_of_other_questions_are_told(root: Path, old: Path, tmp_path: Path) -> None:
    """Beside the new ones they stand with a word about each changed question."""
    new = tmp_path / "nieuw.xlsx"
    result = run("generate", NEW, "--norms", root, "--previous", old, "-o", new)
    assert result.exit_code == 0, result.output
    assert result.stderr.count("CARRY_SCORES_OTHER") == 1
    assert f"Veranderd: {', '.join(EDITS)}. Vervallen: KO-108. Nieuw: KO-188." in result.stderr
    listed = not_placed(new, "Niet geplaatst")
    assert [line[1] for line in listed] == list(EDITS)
    assert {line[0] for line in listed} == {"Vorige score van een andere vraag"}
    found = read_workbook(new, load_library(root))
    assert {a for a in found.raw if a.table == T.previous}
    assert not answered(found)


def test_batch_carries_nothing_to_another_question(root: Path, old: Path, tmp_path: Path) -> None:
    """The column of earlier workbooks; the list names the revision as every command does."""
    clients = tmp_path / "klanten.csv"
    clients.write_text(f"Naam;Norm;Vorig werkboek\nDe Brug;{NEW};{old.name}\n", "utf-8")
    result = run("batch", clients, "-o", tmp_path / "uit", "--norms", root, "--date", "2027-03-01")
    assert result.exit_code == 0, result.output
    assert told(result, "CARRY_TO_JUDGE") == list(EDITS)
    assert "NORM_DRAFT_USED" in result.stderr
    assert "CARRY_SCORES_OTHER" in result.stderr
    assert "PREVIOUS_LEFT_BEHIND" in result.stderr
    (made,) = (tmp_path / "uit").glob("*.xlsx")
    checked_answers(made, root)


def test_batch_uses_no_draft_that_is_not_named(root: Path, tmp_path: Path) -> None:
    """Several ways to write norms in one cell; revisions in the name of a file."""
    clients = tmp_path / "klanten.csv"
    rows = ["A;143", "B;HKZ 143@2021/R2 + zw", "C;143@2021", "D;zw/143"]
    clients.write_text("\n".join(["Naam;Norm", *rows]) + "\n", "utf-8")
    result = run("batch", clients, "-o", tmp_path / "uit", "--norms", root, "--date", "2027-03-01")
    assert result.exit_code == 0, result.output
    found = {
        path.name[:1]: [str(e) for e in read_workbook(path, load_library(root)).identity.editions]
        for path in (tmp_path / "uit").glob("*.xlsx")
    }
    assert found == {
        "A": ["143@2021/r1"], "B": [NEW, "zw@2018/r1"], "C": ["143@2021/r1"],
        "D": ["143@2021/r1", "zw@2018/r1"],
    }  # fmt: skip
    assert "NAME_MADE_SAFE" not in result.stderr


def test_a_comparison_does_not_pretend_the_questions_are_the_same(
    root: Path, old: Path, tmp_path: Path
) -> None:
    """By itself and in a report: rows apart, and said above the totals."""
    new, page, report = (tmp_path / name for name in ("nieuw.xlsx", "v.json", "r.json"))
    new.write_bytes(_filled_but(root))
    assert run("compare", old, new, "--norms", root, "-o", page).exit_code == 0
    found = json.loads(page.read_text("utf-8"))
    assert run("analyze", new, "--previous", old, "--norms", root, "-o", report).exit_code == 0
    for one in (found, json.loads(report.read_text("utf-8"))["comparison"]):
        kinds = {c["requirement"]: c["change"] for c in one["changes"]}
        assert {row for row, kind in kinds.items() if kind == "other_question"} == set(EDITS)
        assert kinds["KO-107"] == "same"
        assert (kinds["KO-108"], kinds["KO-188"]) == ("removed", "added")
        assert any(", ".join(EDITS) in remark for remark in one["remarks"])
        first = next(c for c in one["changes"] if c["requirement"] == "KO-101")
        assert "Toetst een ander elk jaar" in first["question"]
        assert "(toen: " in first["question"]


def _filled_but(root: Path) -> bytes:
    """A workbook of the second revision in which the same numbers fail."""
    plan = plan_workbook(select(load_library(root), [NEW]), "nl", [NEW])
    rows = [row for row in ANSWERED if row != "KO-108"]
    typed = {Address(T.requirements, row, "answer"): "Voldoet niet" for row in rows}
    same = {Address(T.requirements, "KO-107", column): value for column, value in (
        ("answer", "Voldoet"), ("evidence", "Bewijs KO-107"), ("evidence_date", 45_904.0),
    )}  # fmt: skip
    return write_workbook(plan, {**typed, **same})


def test_of_a_question_set_that_is_no_longer_here_nothing_is_carried(
    root: Path, tmp_path: Path
) -> None:
    """A draft was edited since: which questions changed cannot be said, so none passes."""
    norms = shutil.copytree(root, tmp_path / "norms")
    early, late = tmp_path / "vroeg.xlsx", tmp_path / "laat.xlsx"
    early.write_bytes(_filled(norms, "143"))
    draft = tmp_path / "concept.xlsx"
    draft.write_bytes(_filled_but(norms))
    question = next(
        r.question.nl for _, _, r in select(load_library(norms), [NEW]).parts[0].requirements()
        if r.id == "KO-101"
    )  # fmt: skip
    rewritten(norms / "143/2021/r2", "KO-101", r'nl: "[^"]*"', 'nl: "Is dit weer een andere?"')
    result = run(
        "generate", NEW, "--norms", norms, "--answers", draft, "--previous", draft, "-o", late
    )
    assert result.exit_code == 0
    assert "CARRY_QUESTION_UNSURE" in result.stderr
    assert "CARRY_SCORES_UNSURE" in result.stderr
    found = read_workbook(late, load_library(norms))
    assert not answered(found)
    shown = {a.row for a in found.raw if a.column == "previous_answer"}
    assert shown == set(ANSWERED) - {"KO-108"}
    # The old question as it stands in the file, not as it is now.
    asked = {line[2].partition("\n")[2] for line in not_placed(late, "Niet geplaatst") if line[1]}
    assert asked == {question}
    page = tmp_path / "v.json"
    run("compare", early, draft, "--norms", norms, "-o", page)
    compared = json.loads(page.read_text("utf-8"))
    assert {c["change"] for c in compared["changes"]} <= {"other_question", "added", "removed"}
    assert any(NEW in remark for remark in compared["remarks"])
    twins = run("compare", draft, draft, "--norms", norms)
    assert "nu een andere vraag" not in twins.stdout
    # Two files of one draft, one of before and one of after it was edited.
    edited = tmp_path / "later.xlsx"
    edited.write_bytes(_filled_but(norms))
    merged = run("merge", draft, edited, "-o", tmp_path / "samen.xlsx", "--norms", norms)
    assert (merged.exit_code, "MERGE_DIFFERENT" in merged.stderr) == (1, True)


def test_a_question_set_that_is_not_here_carries_nothing(root: Path, tmp_path: Path) -> None:
    """The file cannot be read at all, and says of which question set it is."""
    draft = tmp_path / "concept.xlsx"
    draft.write_bytes(_filled_but(root))
    first = copied(tmp_path / "norms")
    made = ("--answers", draft, "-o", tmp_path / "n.xlsx")
    result = run("generate", "143", "--norms", first, *made)
    assert (result.exit_code, (tmp_path / "n.xlsx").exists()) == (1, False)
    assert "EDITION_UNKNOWN" in result.stderr
    assert NEW in result.stderr
