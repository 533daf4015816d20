"""``hkz migrate``: files, folders and zips to a newer question set, and nothing is replaced."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.batch.output_folder import OneRun
from hkz_xlsx.cli.migrate import told_once
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.report.folded import folded_text
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.norms.revisions import replaced
from tests.rework.test_routes import column, crosswalk, norms, old, run

__all__ = ["norms", "old"]


def client(norms: Path, path: Path, name: str, kvk: str, more: Inputs | None = None) -> None:
    plan = plan_workbook(select(load_library(norms), ["143@2021/r1"]), "nl", ["143"])
    typed = {
        Address("organisation", "name", "value"): name,
        Address("organisation", "kvk", "value"): kvk,
        Address("client", "workbook_id", "value"): "een",
        Address(T.requirements, "KO-101", "answer"): "Voldoet",
        Address(T.requirements, "KO-105", "note"): "Weg straks",
    }
    path.write_bytes(write_workbook(plan, {**typed, **(more or {})}))


@pytest.fixture
def year(norms: Path, old: Path, tmp_path: Path) -> Path:
    """A folder of last year: two clients, one file twice, a copy that another client filled in,
    a file that cannot be read and one that is no workbook."""
    folder = tmp_path / "vorig"
    (folder / "b").mkdir(parents=True)
    shutil.copy(old, folder / "a.xlsx")
    shutil.copy(old, folder / "b/a.xlsx")
    client(norms, folder / "c.xlsx", "De Kade", "68750110")
    client(norms, folder / "d.xlsx", "Het Plein", "90004760")
    (folder / "e.xlsx").write_bytes(b"PK\x03\x04 stuk")
    (folder / "lees.txt").write_text("niets", "utf-8")
    return folder


def test_a_year_of_files(norms: Path, year: Path, tmp_path: Path) -> None:
    """Every file is accounted for; a second run makes the same bytes, a third goes on."""
    out, report = tmp_path / "uit", tmp_path / "migratie.xlsx"
    before = {p: p.read_bytes() for p in year.rglob("*") if p.is_file()}
    how = ("migrate", year, "--norms", norms, "-j", "1")
    dry = run(*how, "-o", out, "--dry-run", "--report", report)
    assert "TARGET_EXISTS" in run(*how, "-o", out, "--report", report).stderr
    assert not out.exists()
    made = run(*how, "-o", out, "--report", report, "--force")
    assert dry.stdout == made.stdout
    lines = made.stdout.splitlines()
    assert lines[0] == (
        "a.xlsx: Omgezet. Overgenomen 13, opnieuw te beoordelen 1, niet overgenomen 2."
    )
    states = [line.split(": ")[1].split(".")[0] for line in lines]
    assert states == [
        "Omgezet", "Dubbel bestand", "Omgezet", "Niet omgezet", "Niet omgezet", "Geen werkboek",
    ]  # fmt: skip
    assert (made.exit_code, "MIGRATE_OTHER_CLIENT" in made.stderr) == (1, True)
    assert "MIGRATE_ONE_NUMBER" in made.stderr, "the one that came first need not be the right one"
    assert {p.name for p in out.iterdir()} == {"a.xlsx", "c.xlsx"}
    assert "KO-105" in made.stderr
    found = read_workbook(out / "a.xlsx", load_library(norms))
    assert [str(e) for e in found.identity.editions] == ["143@2021/r2"]
    assert set(column(found, "answer")) == {"KO-101", "KO-102", "KO-194", "KO-106", "KO-107"}
    assert found.as_understood[Address(T.settings, "reference_date", "value")] == 46_000.0
    other = read_workbook(out / "c.xlsx", load_library(norms))
    assert other.text("client", "workbook_id") == "een"
    book = openpyxl.load_workbook(report)
    assert [row[1].value for row in book["Omzetten"].iter_rows(min_row=4) if row[0].value][:1]
    again = run(*how, "-o", tmp_path / "weer")
    assert again.stdout == made.stdout
    for path in out.iterdir():
        assert (tmp_path / "weer" / path.name).read_bytes() == path.read_bytes()
    (out / "c.xlsx").unlink()
    more = run(*how, "-o", out, "--resume")
    assert "a.xlsx: Stond er al" in more.stdout
    assert "c.xlsx: Omgezet" in more.stdout
    assert before == {p: p.read_bytes() for p in year.rglob("*") if p.is_file()}


def test_a_question_that_changed_is_told_once_for_all_files() -> None:
    """With how many; of one file only it stands with its place, as do other things."""

    def said(file: str, code: str, row: str) -> Problem:
        return problem(code, Where(file, None, "Beoordeling", "E5", row), row=row, question="Oud?")

    changed = [said(f"{n}.xlsx", "CARRY_TO_JUDGE", "KO-101") for n in range(3)]
    once = said("1.xlsx", "CARRY_LOOK_AT", "KO-102")
    other = [problem("FILE_DUPLICATE", Where(f"{n}.xlsx"), other="0.xlsx") for n in range(2)]
    told = told_once([*changed, once, *other])
    assert [str(p.where) for p in told[:3]] == [""] * 3
    assert told[3:] == [once, *other]
    (text,) = folded_text(told[:3], "nl")
    assert text.startswith("3 keer\n")


def test_no_file_is_replaced(norms: Path, old: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit"
    out.mkdir()
    (out / "oud.xlsx").write_bytes(b"van een mens")
    for how in ((), ("--resume",)):
        result = run("migrate", old, "-o", out, "--norms", norms, "-j", "1", *how)
        assert result.exit_code == 1
        assert ("RESUME_KEPT" if how else "TARGET_KEPT") in result.stderr
        assert "--force" not in result.stderr  # it has no such way
        assert (out / "oud.xlsx").read_bytes() == b"van een mens"


def test_a_file_that_is_there_already_stays_as_it_is(
    norms: Path, old: Path, tmp_path: Path
) -> None:
    """The newest question set in the newest layout: the same bytes; also out of a zip."""
    first, second = tmp_path / "een", tmp_path / "twee"
    assert run("migrate", old, "-o", first, "--norms", norms, "-j", "1").exit_code == 0
    packed = tmp_path / "map.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(first / "oud.xlsx", "jaar/oud.xlsx")
    result = run("migrate", packed, "-o", second, "--norms", norms, "-j", "1")
    assert "Was al zo" in result.stdout, result.output
    (made,) = second.glob("*.xlsx")
    assert made.read_bytes() == (first / "oud.xlsx").read_bytes()


def test_a_set_by_name(norms: Path, old: Path, tmp_path: Path) -> None:
    """One that is not here, and one of a norm that the file has not."""
    made = ("migrate", old, "-o", tmp_path / "uit", "--norms", norms, "-j", "1", "--to")
    assert "EDITION_UNKNOWN" in run(*made, "143@2021/r9").stderr
    assert "MIGRATE_NOT_IN_FILE" in run(*made, "138@2015/r1").stderr
    assert not list(tmp_path.glob("uit/*.xlsx"))
    assert run(*made, "143@2021/r2").exit_code == 0


def test_an_old_layout_comes_along_in_one_go(norms: Path, tmp_path: Path) -> None:
    """With the columns of the newer one: what was shown stays shown, a split part stays a part."""
    from hkz_xlsx.norm.subset import narrowed, part_of_several
    from hkz_xlsx.rework.migrate import migrated

    library = load_library(norms)
    selection = select(library, ["143@2021/r1"])
    part = narrowed(selection, part_of_several(1, 2, ("KO-103", "KO-104")))
    plan = plan_workbook(part, "nl", ["143"], 2)
    path = tmp_path / "deel.xlsx"
    path.write_bytes(
        write_workbook(
            plan,
            {
                Address(T.requirements, "KO-103", "answer"): "Voldoet",
                Address(T.requirements, "KO-104", "answer"): "Voldoet niet",
            },
        )
    )
    read = read_workbook(path, library, complete=True)
    new, found, _ = migrated(read, library, "0" * 64)
    assert new.identity.subset == "1/2:KO-103 KO-194"
    assert found.inputs[Address(T.requirements, "KO-194", "answer")] == "Voldoet niet"
    assert found.inputs[Address(T.requirements, "KO-103", "previous_answer")] == "Voldoet"
    assert found.inputs[Address(T.provenance, "migrations", "value")]


def test_sets_of_several_norms_for_a_folder_of_several(norms: Path, old: Path) -> None:
    """Each file takes those of its own norms; when none is, that is told."""
    from hkz_xlsx.problems import HkzError
    from hkz_xlsx.rework.migrate import migrate_one

    task = (str(norms), old.name, old.read_bytes())
    found = migrate_one(task, ("138@2015/r1", "143@2021/r2"), True)
    assert found.new == ("143@2021/r2",)
    with pytest.raises(HkzError) as caught:
        migrate_one(task, ("138@2015/r1",), True)
    assert [p.code for p in caught.value.problems] == ["MIGRATE_NOT_IN_FILE"]
    assert "--" not in caught.value.problems[0].hint("nl"), "also said of generate --next"


def test_a_damaged_file_in_the_other_language_comes_along_in_one_go(
    norms: Path, tmp_path: Path
) -> None:
    """Of the first layout, saved by another program, sorted, a sheet renamed, a column put before
    the answers, one answer in English: mended, and moved, at once."""
    plan = plan_workbook(select(load_library(norms), ["143@2021/r1"]), "nl", ["143"], 1)
    typed: Inputs = {
        Address(T.requirements, f"KO-10{n}", column): value
        for n in range(1, 8)
        for column, value in (("answer", "Voldoet"), ("evidence", f"Bewijs {n}"))
    }
    path = tmp_path / "oud.xlsx"
    path.write_bytes(write_workbook(plan, typed))
    book = openpyxl.load_workbook(path)
    sheet = book["Beoordeling"]
    answers = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Voldoet"]
    answers[5].value = "Meets"  # KO-106
    sheet.title = "Onze antwoorden"
    sheet.insert_cols(answers[0].column)
    book.save(path)
    result = run("migrate", path, "-o", tmp_path / "uit", "--norms", norms, "-j", "1")
    assert "Omgezet" in result.stdout, result.output
    found = read_workbook(tmp_path / "uit" / "oud.xlsx", load_library(norms))
    assert [p.code for p in found.problems] == []
    assert found.identity.layout == LAYOUT_VERSION
    answered = column(found, "answer")
    assert set(answered) == {"KO-101", "KO-102", "KO-194", "KO-106", "KO-107"}
    assert set(answered.values()) == {"Voldoet"}
    assert column(found, "previous_answer") == {"KO-103": "Voldoet"}
    assert column(found, "evidence")["KO-194"] == "Bewijs 4"


def test_two_runs_at_once(norms: Path, old: Path, tmp_path: Path) -> None:
    """One at a time in a folder; the second says so and leaves everything as it is."""
    out = tmp_path / "uit"
    with OneRun(out):
        result = run("migrate", old, "-o", out, "--norms", norms, "-j", "1")
        assert (result.exit_code, "BATCH_RUNNING" in result.stderr) == (1, True)
        assert not list(out.glob("*.xlsx"))
    assert run("migrate", old, "-o", out, "--norms", norms, "-j", "1").exit_code == 0


def test_a_missing_link_or_a_wrong_crosswalk_makes_nothing(
    norms: Path, old: Path, tmp_path: Path
) -> None:
    """Of three revisions in a row; a crosswalk with mistakes tells each at its line."""
    root = tmp_path / "norms"
    shutil.copytree(norms, root)
    shutil.copytree(root / "143/2021/r2", root / "143/2021/r3")
    replaced(root / "143/2021/r3/norm.yaml", 'revision: "r2"', 'revision: "r3"')
    path = crosswalk(root, "r2", "r3")
    path.write_text(path.read_text("utf-8").replace("steps:\n", "steps: []\n"), "utf-8")
    made = ("migrate", old, "-o", tmp_path / "uit", "--norms", root, "-j", "1")
    (root / "migrations/143/2021-r1--2021-r2.yaml").rename(tmp_path / "weg.yaml")
    missing = run(*made)
    assert (missing.exit_code, "MIGRATION_LINK_MISSING" in missing.stderr) == (1, True)
    assert "die van 143@2021/r1 naar 143@2021/r2" in missing.stderr
    (tmp_path / "weg.yaml").rename(root / "migrations/143/2021-r1--2021-r2.yaml")
    step = "  - {{id: {}, from: [{}], to: [{}], relation: {}, why: {{nl: a, en: b}}}}\n"
    wrong = (
        ("w1", "KO-106", "KO-106", "ongeveer"), ("w2", "KO-107", "KO-107", "equal"),
        ("w3", "KO-107", "KO-107", "equal"), ("w4", "KO-108", "KO-108", "unjudged"),
    )  # fmt: skip
    text = path.read_text("utf-8").replace(", maturity: same", "").replace(" []\n", "\n")
    path.write_text(text + "".join(step.format(*line) for line in wrong), "utf-8")
    told = run(*made)
    assert told.exit_code == 1
    for code in ("RELATION", "TWICE", "UNJUDGED", "SCALE"):
        assert f"MIGRATION_{code}" in told.stderr
    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if "ongeveer" in line or "unjudged" in line:
            assert f"{path.name}:{number}" in told.stderr
    assert not list(tmp_path.glob("uit/*.xlsx"))
    shutil.copy(norms / "migrations/143/2021-r1--2021-r2.yaml", path.parent)
    path.write_text(text.replace("steps:\n", "steps: []\n").replace(
        "scales: {answer: same}", "scales: {answer: same, maturity: same}"), "utf-8")  # fmt: skip
    whole = path.read_text("utf-8")
    path.write_text(whole + "soort: revision\n", "utf-8")
    unread = run(*made)
    assert (unread.exit_code, "NORM_KEY_UNKNOWN" in unread.stderr) == (1, True)
    assert f"{path.name}:{len(whole.splitlines()) + 1}" in unread.stderr
    path.write_text(whole, "utf-8")
    moved = run(*made)
    assert moved.exit_code == 0, moved.output
    found = read_workbook(tmp_path / "uit" / "oud.xlsx", load_library(root))
    assert [str(e) for e in found.identity.editions] == ["143@2021/r3"]
    assert set(column(found, "answer")) == {"KO-101", "KO-102", "KO-194", "KO-106", "KO-107"}
