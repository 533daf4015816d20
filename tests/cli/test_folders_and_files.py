"""A folder where a file belongs, a file where a folder belongs, and a folder with nothing in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan_of("nl", "125")))
    return path


FOLDER = "{map}"
FILE = "{boek}"


def _filled(words: str, folder: Path, book: Path) -> list[str]:
    return [word.format(map=folder, boek=book) for word in words.split()]


@pytest.mark.parametrize(
    "words",
    [
        f"repair {FOLDER}", f"share {FOLDER}", f"split {FOLDER} --by rubriek",
        f"sign {FOLDER} --name J --date 01-12-2026", f"compare {FILE} {FOLDER}",
        f"batch {FOLDER} -o uit", f"norms from-xlsx {FOLDER} --as eigen",
    ],
)  # fmt: skip
def test_a_folder_where_one_file_belongs(words: str, tmp_path: Path, book: Path) -> None:
    """It is called a folder, and not a picture or a file of another program."""
    (tmp_path / "map").mkdir()
    result = run(*_filled(words, tmp_path / "map", book))
    assert (result.exit_code, "FILE_IS_FOLDER" in result.output) == (1, True), result.output


@pytest.mark.parametrize(
    "words",
    [
        f"migrate {FILE} -o uit.xlsx", f"split {FILE} --by rubriek -o uit.xlsx",
        "batch lijst.csv -o uit.xlsx", f"aggregate {FILE} -o veld.html --benchmark uit.html",
        f"aggregate {FILE} -o veld.html --pictures uit.svg",
        f"collect {FOLDER} --manifest m.csv --reminders uit.csv",
    ],
)  # fmt: skip
def test_a_name_of_a_file_where_a_folder_is_made(
    words: str, tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a folder comes that bears the name of a workbook and cannot be opened."""
    (tmp_path / "map").mkdir()
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    result = run(*_filled(words, tmp_path / "map", book))
    assert (result.exit_code, "TARGET_NOT_FOLDER" in result.output) == (1, True), result.output
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_there_may_have_any_name(tmp_path: Path, book: Path) -> None:
    """Somebody called it so."""
    (tmp_path / "jaar.xlsx").mkdir()
    assert run("split", book, "--by", "rubriek", "-o", tmp_path / "jaar.xlsx").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        "generate 125 --answers {boek} -o uit.xlsx", "generate 125 --previous {boek} -o uit.xlsx",
        "generate --next {boek} -o uit.xlsx", "share {boek} -o uit.xlsx",
        "repair {boek} -o uit.xlsx",
        "sign {boek} --name J --date 01-12-2026 -o uit.xlsx", "split {boek} --by rubriek -o delen",
    ],
)  # fmt: skip
def test_an_error_in_what_was_read_is_exit_code_1(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is made all the same, and what is wrong is told."""
    monkeypatch.chdir(tmp_path)
    plan = plan_of("nl", "125")
    typed = {Address(T.requirements, "CPV-101", "answer"): "misschien"}
    (tmp_path / "oud.xlsx").write_bytes(write_workbook(plan, typed))
    result = run(*_filled(words, tmp_path, Path("oud.xlsx")))
    assert (result.exit_code, "ANSWER_UNKNOWN" in result.output) == (1, True), result.output
    assert len(list(tmp_path.iterdir())) > 1


@pytest.mark.parametrize("command", ["analyze", "aggregate", "migrate", "merge"])
def test_a_folder_without_workbooks(command: str, tmp_path: Path) -> None:
    """Every command that makes something of a folder says that there is nothing."""
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "lees mij.txt").write_text("niets", "utf-8")
    out = tmp_path / ("uit.xlsx" if command == "merge" else "uit")
    result = run(command, tmp_path / "map", "-o", out)
    assert (result.exit_code, "ARCHIVE_NOTHING" in result.output) == (1, True), result.output
