"""Question sets of one's own: found by every command, and no trouble to the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import load_library, read_library
from hkz_xlsx.norm.own import own_norms, prefix_for
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.returned.many import norms_of
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.writing.tables import TableColumn, TableSheet, write_tables
from hkz_xlsx.writing.workbook import write_workbook

HEADS = ("Nr", "Hoofdstuk", "Eis", "Bewijs", "Verplicht")
ROWS = (
    ("1", "1. Toegang", "Is er een wachtlijst?", "Wachtlijst; Verslag", "ja"),
    ("2", "1. Toegang", "Is er een folder?", "", "nee"),
    ("3", "2. Personeel", "Heeft iedereen een VOG?", "VOG", "x"),
)


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "eigen" / "norms"
    monkeypatch.setenv("HKZ_NORMS", str(folder))
    return folder


def listed(path: Path, rows: tuple[tuple[str, ...], ...], heads: tuple[str, ...] = HEADS) -> Path:
    columns = tuple(TableColumn(head, 20.0) for head in heads)
    path.write_bytes(write_tables([TableSheet("a", "Eisen", "", "Eisen", columns, rows)], "Eisen"))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def test_a_list_becomes_a_norm(tmp_path: Path, own: Path) -> None:
    """Every command finds it, in processes of their own too; the same list changes nothing."""
    path = listed(tmp_path / "eisen.xlsx", ROWS)
    made = ("norms", "from-xlsx", path, "--as", "gemeente", "--name", "Eisen gemeente")
    first = run(*made)
    assert first.exit_code == 0, first.output
    before = {p: p.read_bytes() for p in own.rglob("*") if p.is_file()}
    assert "Er is niets veranderd" in run(*made).output
    assert before == {p: p.read_bytes() for p in own.rglob("*") if p.is_file()}
    part = load_library().part("gemeente")
    assert part is not None
    rows = [row for _, _, row in part.requirements()]
    assert [(row.id, row.core, row.na_allowed) for row in rows] == [
        ("GEME-101", True, False), ("GEME-102", False, True), ("GEME-103", True, False),
    ]  # fmt: skip
    assert rows[0].evidence.nl == ("Wachtlijst", "Verslag")
    assert [(r.number, r.title.nl) for r in part.rubrieken] == [
        ("1", "Toegang"), ("2", "Personeel"),
    ]  # fmt: skip
    assert "gemeente@1/r1" in run("norms", "list").output
    assert run("norms", "check", own).exit_code == 0
    book = tmp_path / "w.xlsx"
    assert run("generate", "gemeente", "-o", book).exit_code == 0
    checked = run("check", book, book, "-j", "2")
    assert (checked.exit_code, "0 van 3 vragen" in checked.output) == (0, True), checked.output


def test_a_changed_list_is_the_next_revision(tmp_path: Path) -> None:
    """A question with the same text keeps its number and its answer; a number is never used
    again."""
    made = ("norms", "from-xlsx", tmp_path / "eisen.xlsx", "--as", "gemeente")
    listed(tmp_path / "eisen.xlsx", ROWS)
    assert run(*made).exit_code == 0
    library = load_library()
    plan = plan_workbook(select(library, ["gemeente"]), "nl", ["gemeente"])
    typed = {Address(T.requirements, f"GEME-10{n}", "answer"): "Voldoet" for n in (1, 2, 3)}
    (tmp_path / "oud.xlsx").write_bytes(write_workbook(plan, typed))
    new = (ROWS[2], ("", "1. Toegang", "Is er een digitale folder?", "", ""), ROWS[0])
    listed(tmp_path / "eisen.xlsx", new)
    second = run(*made)
    assert "gemeente@1/r2" in second.output, second.output
    difference = run("norms", "diff", "gemeente@1/r1", "gemeente@1/r2").output
    assert "GEME-104" in difference
    moved = run("migrate", tmp_path / "oud.xlsx", "-o", tmp_path / "uit", "-j", "1")
    assert moved.exit_code == 0, moved.output
    found = read_workbook(tmp_path / "uit" / "oud.xlsx", load_library())
    answers = {a.row for a in found.as_understood if a.column == "answer"}
    assert answers == {"GEME-101", "GEME-103"}
    assert "GEME-102" in moved.stderr


def test_headers_are_named_where_they_are_unknown(tmp_path: Path) -> None:
    path = listed(tmp_path / "l.xlsx", (("a", "Doet u dit?"), ("b", "En dat?")), ("X", "Y"))
    made = ("norms", "from-xlsx", path, "--as", "lijst")
    told = run(*made)
    assert (told.exit_code, "OWN_LIST_NO_QUESTION" in told.stderr) == (1, True)
    assert run(*made, "--column", "vraag=Y").exit_code == 2
    named = run(*made, "--column", "question=Y", "--column", "topic=X")
    assert named.exit_code == 0, named.output
    part = load_library().part("lijst")
    assert part is not None
    assert [t.title.nl for r in part.rubrieken for t in r.topics] == ["a", "b"]
    alone = listed(tmp_path / "m.xlsx", (("Doet u dit?",), ("En dat?",)), ("Vraag",))
    assert run("norms", "from-xlsx", alone, "--as", "kort").exit_code == 0


def test_what_cannot_be_is_told_with_its_cell(tmp_path: Path, own: Path) -> None:
    """All at once, and nothing is written."""
    rows = (
        ("MHD-101", "4", "Vraag?", "", "soms"), ("2", "hoofdstuk met spaties", "", "", ""),
        ("3", "", "Vraag drie?", "", ""),
    )  # fmt: skip
    path = listed(tmp_path / "l.xlsx", rows)
    told = run("norms", "from-xlsx", path, "--as", "lijst")
    assert told.exit_code == 1
    assert "NORM_ID_TWICE" in told.stderr  # a number of HKZ 138
    assert "NORM_ROW_WRONG" in told.stderr
    assert "soms" in told.stderr
    assert not own.exists()
    shipped = run("norms", "from-xlsx", path, "--as", "138")
    assert "OWN_LIST_SHIPPED" in shipped.stderr
    assert run("norms", "from-xlsx", path).exit_code == 2
    assert run("norms", "from-xlsx", path, "--as", "a", "-d", tmp_path).exit_code == 2


def test_a_broken_set_of_ones_own_keeps_nobody_from_the_others(tmp_path: Path, own: Path) -> None:
    listed(tmp_path / "eisen.xlsx", ROWS)
    made = ("norms", "from-xlsx", tmp_path / "eisen.xlsx", "--as", "gemeente")
    assert run(*made).exit_code == 0
    head = own / "gemeente/1/r1/norm.yaml"
    head.write_text(head.read_text("utf-8") + "wat: dan\n", "utf-8")
    assert run("generate", "143", "-o", tmp_path / "a.xlsx").exit_code == 0
    told = run("generate", "gemeente", "-o", tmp_path / "b.xlsx")
    assert told.exit_code == 1
    assert "NORM_KEY_UNKNOWN" in told.stderr
    assert "norm.yaml" in told.stderr


def test_a_set_by_the_name_of_a_shipped_one_is_not_used(own: Path) -> None:
    folder = own / "143/2021/r1"
    folder.mkdir(parents=True)
    (folder / "norm.yaml").write_text("geen vragenset", "utf-8")
    library, problems = read_library()
    assert [p.code for p in problems] == ["NORM_OWN_HIDDEN"]
    assert library.part("143", "2021", "r1") == load_library(norms_folder()).part(
        "143", "2021", "r1"
    )
    assert norms_of(load_library()) == ""
    assert library.roots == (norms_folder(), own_norms())


def test_a_prefix_is_of_one_set() -> None:
    assert prefix_for("gemeente", ()) == "GEME"
    assert prefix_for("gemeente", ("GEME", "GEMA")) == "GEMB"
    assert prefix_for("1-a", ()) == "EIG"
