"""Answers follow crosswalks from one question set to another: in files, over the commands."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from docs.crosswalks import fill
from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.routes import route_between
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.writing.workbook import write_workbook
from tests.norms.revisions import copied, revised, rewritten

WHY = '{nl: "Omdat.", en: "Because."}'
HEAD = """\
migration: "1"
kind: revision
from: {{part: "143", edition: "2021", revision: {old}, fingerprint: ""}}
to: {{part: "143", edition: "2021", revision: {new}, fingerprint: ""}}
made: {{reviewed: "yes", on: "2026-11-28", method: review, sources: [seed_wmd]}}
status: draft
scales: {{answer: same, maturity: same}}
tables: {{steps: same, review: same, findings: same}}
steps:
"""
LATER = {
    "KO-101": "equal", "KO-102": "superset", "KO-103": "intersects",
}  # fmt: skip
"""What a person judged of three questions that changed; KO-104 is renamed, KO-105 goes."""


def crosswalk(root: Path, old: str, new: str, *steps: str) -> Path:
    path = root / f"migrations/143/2021-{old}--2021-{new}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"  - {{id: m{n}, {step}, why: {WHY}}}\n" for n, step in enumerate(steps))
    path.write_text(HEAD.format(old=old, new=new) + "".join(lines), "utf-8")
    fill(root)
    return path


@pytest.fixture(scope="module")
def norms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three revisions of 143 and the crosswalks between them."""
    root = copied(tmp_path_factory.mktemp("normen") / "norms")
    new = revised(root, "143/2021", "released")
    for row in LATER:
        rewritten(new, row, r'weight: "(\d)"', lambda m: f'weight: "{4 - int(m[1]) or 1}"')
        rewritten(new, row, r'nl: "[^"]*"', f'nl: "Is {row} nu anders?"')
    rewritten(new, "KO-104", "KO-104", "KO-194")
    rewritten(new, "KO-105", "KO-105", "KO-195")
    crosswalk(
        root, "r1", "r2",
        *(f"from: [{row}], to: [{row}], relation: {said}" for row, said in LATER.items()),
        "from: [KO-104], to: [KO-194], relation: equal", "from: [KO-105], to: []",
        "from: [], to: [KO-195]",
    )  # fmt: skip
    return root


@pytest.fixture(scope="module")
def old(norms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A completed workbook of the first revision."""
    path = tmp_path_factory.mktemp("oud") / "oud.xlsx"
    plan = plan_workbook(select(load_library(norms), ["143@2021/r1"]), "nl", ["143"])
    typed = {
        Address(T.requirements, f"KO-10{n}", column): value
        for n in range(1, 8)
        for column, value in (("answer", "Voldoet"), ("evidence", f"Bewijs {n}"))
    }
    own = {Address("organisation", "name", "value"): "De Brug"}
    day = {Address(T.settings, "reference_date", "value"): 46_000.0}
    path.write_bytes(write_workbook(plan, {**typed, **own, **day}))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def column(found: Submission, key: str) -> dict[str, object]:
    return {
        a.row: v for a, v in found.as_understood.items()
        if (a.table, a.column) == (T.requirements, key)
    }  # fmt: skip


def loose(path: Path, sheet: str) -> list[tuple[str, str]]:
    """Question and value of the rows of a sheet with what has no place."""

    def rows() -> Iterator[tuple[str, str]]:
        for line in openpyxl.load_workbook(path)[sheet].iter_rows(min_row=6, values_only=True):
            yield str(line[5]), str(line[7])

    return list(rows())


def test_a_new_workbook_follows_the_crosswalk(norms: Path, old: Path, tmp_path: Path) -> None:
    """Judged equal or renamed: carried. Judged to overlap: shown, and evidence goes along."""
    new = tmp_path / "nieuw.xlsx"
    made = ("generate", "143", "--answers", old, "--norms", norms, "--date", "2027-03-01")
    result = run(*made, "-o", new, "--layout", "2")
    assert result.exit_code == 0, result.output
    found = read_workbook(new, load_library(norms))
    assert [p.code for p in found.problems] == []
    assert set(column(found, "answer")) == {"KO-101", "KO-102", "KO-194", "KO-106", "KO-107"}
    assert column(found, "previous_answer") == {"KO-103": "Voldoet"}
    assert column(found, "evidence")["KO-103"] == "Bewijs 3"
    origin = column(found, "origin")
    assert {row for row, said in origin.items() if said == "herzien"} == {"KO-102", "KO-103"}
    assert {row for row, said in origin.items() if said == "vorige meting"} == {
        "KO-101", "KO-194", "KO-106", "KO-107",
    }  # fmt: skip
    assert loose(new, "Niet overgenomen") == [("KO-105", "Voldoet"), ("KO-105", "Bewijs 5")]
    for code, row in (("CARRY_LOOK_AT", "KO-102"), ("CARRY_TO_JUDGE", "KO-103")):
        assert f"{code}  Vraag {row}" in result.stderr
    remembered = {a.row: v for a, v in found.as_understood.items() if a.table == T.provenance}
    assert remembered["migrations"] == "143@2021/r1--143@2021/r2"
    assert len(str(remembered["sha256"])) == 64
    first = {a.column: v for a, v in found.as_understood.items()
             if (a.table, a.row) == (T.history, "1")}  # fmt: skip
    assert (first["date"], first["editions"]) == (46_000.0, "143@2021/r1")
    again = tmp_path / "weer.xlsx"
    assert run(*made, "-o", again, "--layout", "2").exit_code == 0
    assert again.read_bytes() == new.read_bytes()


def test_without_the_columns_a_comment_says_it(norms: Path, old: Path, tmp_path: Path) -> None:
    """A layout that has no column for earlier answers lists them, as before."""
    new = tmp_path / "nieuw.xlsx"
    made = ("generate", "143", "--answers", old, "--norms", norms, "-o", new, "--layout", "1")
    result = run(*made)
    assert (result.exit_code, "CARRY_QUESTION_CHANGED" in result.stderr) == (0, True)
    found = read_workbook(new, load_library(norms), complete=True)
    assert set(column(found, "answer")) == {"KO-101", "KO-102", "KO-194", "KO-106", "KO-107"}
    assert "KO-103" not in column(found, "evidence")
    assert ("KO-103", "Bewijs 3") in loose(new, "Niet geplaatst")
    notes = [c.comment.text for s in openpyxl.load_workbook(new) for r in s.rows for c in r
             if c.comment]  # fmt: skip
    assert any("die meer vroeg" in note for note in notes)


def test_a_list_goes_the_same_way(norms: Path, old: Path, tmp_path: Path) -> None:
    shutil.copy(old, tmp_path / "oud.xlsx")
    clients = tmp_path / "klanten.csv"
    clients.write_text("Naam;Norm;Vorig werkboek\nDe Brug;143;oud.xlsx\n", "utf-8")
    result = run("batch", clients, "-o", tmp_path / "uit", "--norms", norms, "--date", "2027-03-01")
    assert result.exit_code == 0, result.output
    (made,) = (tmp_path / "uit").glob("*.xlsx")
    found = read_workbook(made, load_library(norms))
    assert set(column(found, "answer")) == {"KO-101", "KO-102", "KO-194", "KO-106", "KO-107"}


@pytest.fixture
def three(norms: Path, tmp_path: Path) -> Path:
    """A third revision, so that there is a chain."""
    root = tmp_path / "norms"
    shutil.copytree(norms, root)
    shutil.copytree(root / "143/2021/r2", root / "143/2021/r3")
    head = root / "143/2021/r3/norm.yaml"
    head.write_text(head.read_text("utf-8").replace('revision: "r2"', 'revision: "r3"'), "utf-8")
    rewritten(root / "143/2021/r3", "KO-101", r'nl: "[^"]*"', 'nl: "Is dit weer anders?"')
    return root


def _route(root: Path, old: str, new: str) -> dict[str, list[tuple[str, str]]]:
    library = Library(root, strict=False)
    one, other = (library.part("143", "2021", revision) for revision in (old, new))
    assert one is not None
    assert other is not None
    onward = route_between(library, one, other).onward()
    return {row: [(edge.new, edge.standing) for edge in edges] for row, edges in onward.items()}


def test_a_chain_is_as_weak_as_its_weakest_link(three: Path) -> None:
    crosswalk(three, "r2", "r3", "from: [KO-101], to: [KO-101], relation: superset",
              "from: [KO-194], to: [KO-106, KO-194], relation: equal",
              "from: [KO-106], to: []")  # fmt: skip
    found = _route(three, "r1", "r3")
    assert found["KO-101"] == [("KO-101", "superset")]
    assert found["KO-103"] == [("KO-103", "shown")]
    assert found["KO-104"] == [("KO-106", "shown"), ("KO-194", "shown")]
    assert "KO-105" not in found
    assert "KO-106" not in found


@pytest.mark.parametrize("missing", ["r1--2021-r2", "r2--2021-r3"])
def test_a_missing_link_is_named(three: Path, old: Path, tmp_path: Path, missing: str) -> None:
    crosswalk(three, "r2", "r3", "from: [KO-101], to: [KO-101], relation: superset")
    (three / f"migrations/143/2021-{missing}.yaml").unlink()
    new = tmp_path / "nieuw.xlsx"
    result = run("generate", "143@2021/r3", "--answers", old, "--norms", three, "-o", new)
    assert (result.exit_code, new.exists()) == (1, False)
    first, last = missing.split("--2021-")
    assert "MIGRATION_LINK_MISSING" in result.stderr
    assert f"die van 143@2021/{first} naar 143@2021/{last}" in result.stderr


def test_no_crosswalk_at_all_is_safe(three: Path) -> None:
    """And so is the way back: nothing was judged there."""
    assert _route(three, "r2", "r1")["KO-101"] == [("KO-101", "shown")]
    shutil.rmtree(three / "migrations")
    found = _route(three, "r1", "r3")
    assert found["KO-101"] == [("KO-101", "shown")]
    assert found["KO-106"] == [("KO-106", "equal")]


def test_a_stale_or_wrong_crosswalk_is_refused(three: Path, old: Path, tmp_path: Path) -> None:
    """With every mistake at its line, before anything is written."""
    path = three / "migrations/143/2021-r1--2021-r2.yaml"
    text = path.read_text("utf-8").replace("relation: superset", "relation: ongeveer")
    path.write_text(text, "utf-8")
    rewritten(three / "143/2021/r2", "KO-110", r'nl: "[^"]*"', 'nl: "Ook deze anders?"')
    new = tmp_path / "nieuw.xlsx"
    result = run("generate", "143@2021/r2", "--answers", old, "--norms", three, "-o", new)
    assert (result.exit_code, new.exists()) == (1, False)
    for code in ("MIGRATION_STALE", "MIGRATION_RELATION", "MIGRATION_UNJUDGED"):
        assert code in result.stderr
    assert "migrations/143/2021-r1--2021-r2.yaml:4" in result.stderr
    with pytest.raises(HkzError):
        _route(three, "r1", "r2")


def test_the_next_year(norms: Path, old: Path, tmp_path: Path) -> None:
    """Twice in a row: answers are carried unseen, and one file knows both measurements."""
    first, second = tmp_path / "2027.xlsx", tmp_path / "2028.xlsx"
    made = run("generate", "--next", old, "--norms", norms, "--date", "2027-03-01", "-o", first)
    assert made.exit_code == 0, made.output
    found = read_workbook(first, load_library(norms))
    assert [p.code for p in found.problems] == []
    assert found.identity.previous
    assert column(found, "origin")["KO-106"] == "vorige meting"
    assert found.text("organisation", "name") == "De Brug"
    assert found.as_understood[Address(T.settings, "reference_date", "value")] == 46_447.0
    made = run("generate", "--next", first, "--norms", norms, "--date", "2028-03-01", "-o", second)
    assert made.exit_code == 0, made.output
    again = read_workbook(second, load_library(norms))
    days = {a.row: v for a, v in again.as_understood.items()
            if (a.table, a.column) == (T.history, "date")}  # fmt: skip
    assert days == {"1": 46_447.0, "2": 46_000.0}
    assert column(again, "previous_answer") == {"KO-103": "Voldoet"}
    assert again.text("client", "workbook_id") != found.text("client", "workbook_id")


def test_the_next_year_tells_expired_evidence(norms: Path, tmp_path: Path) -> None:
    plan = plan_workbook(select(load_library(norms), ["143@2021/r1"]), "nl", ["143"])
    path, new = tmp_path / "oud.xlsx", tmp_path / "nieuw.xlsx"
    typed = {Address(T.requirements, "KO-106", "valid_until"): 46_000.0}
    path.write_bytes(write_workbook(plan, typed))
    made = ("generate", "--next", path, "--norms", norms, "--date", "2027-03-01", "-o", new)
    result = run(*made)
    assert (result.exit_code, "NEXT_EVIDENCE_EXPIRED" in result.stderr) == (0, True), result.output
    assert "KO-106" in result.stderr
    assert run(*made).exit_code == 1, "it is there already"
    assert "NEXT_DATE_EARLIER" not in result.stderr
    for day, told in (("2027-03-01", True), ("2027-03-02", False)):
        after = ("generate", "--next", new, "--norms", norms, "--date", day)
        later = run(*after, "-o", tmp_path / f"{day}.xlsx")
        assert (later.exit_code, "NEXT_DATE_EARLIER" in later.stderr) == (0, told), later.output
    styled = run(*made[:-1], tmp_path / "eigen.xlsx", "--template", "voorbeeld-adviesbureau")
    assert styled.exit_code == 0, styled.output
    with zipfile.ZipFile(tmp_path / "eigen.xlsx") as package:
        assert "xl/media/image1.png" in package.namelist()  # their logo
    assert run(*made, "--organisation", "Een ander").exit_code == 2
    assert run("generate", "-o", new).exit_code == 2


def test_a_comparison_follows_what_was_judged(norms: Path, old: Path, tmp_path: Path) -> None:
    """A changed question that was judged to be the same is compared, and so is one with another
    number; others stand apart. The report with an earlier workbook says the same."""
    new, page, report = tmp_path / "nieuw", tmp_path / "v.json", tmp_path / "r.json"
    assert run("migrate", old, "-o", new, "--norms", norms, "-j", "1").exit_code == 0
    assert run("compare", old, new / "oud.xlsx", "--norms", norms, "-o", page).exit_code == 0
    changes = json.loads(page.read_text("utf-8"))["changes"]
    kinds = {one["requirement"]: one["change"] for one in changes}
    assert kinds["KO-101"] == "same"
    assert kinds["KO-194"] == "same"  # it was KO-104
    assert "KO-104" not in kinds
    assert (kinds["KO-105"], kinds["KO-195"]) == ("removed", "added")
    assert {row for row, kind in kinds.items() if kind == "other_question"} == {"KO-102", "KO-103"}
    analyzed = ("analyze", new / "oud.xlsx", "--previous", old, "--norms", norms, "-o", report)
    assert run(*analyzed).exit_code == 0
    assert json.loads(report.read_text("utf-8"))["comparison"]["changes"] == changes
