"""The same finding is said once with its places; a line per file; a short word beside a report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.problems import Where, problem
from hkz_xlsx.report.folded import MOST_PLACES, folded_text


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("half")
    assert run("demo", folder).exit_code == 0
    return folder / "werkboek-half-ingevuld.xlsx"


def test_check_folds_signals_and_ends_with_a_line_per_file(half: Path) -> None:
    found = run("check", half, half.with_name("werkboek-leeg.xlsx"))
    assert found.stdout.count("SIGNAL_YES_WITHOUT_EVIDENCE") == 1
    assert re.search(r"!\w+ \(MHD-118\), \w+ \(MHD-203\)", found.stdout)
    assert found.stdout.splitlines()[-2:] == [
        "werkboek-half-ingevuld.xlsx: bruikbaar; 189 van 205 vragen beantwoord; "
        "fouten: 0, waarschuwingen: 24.",
        "werkboek-leeg.xlsx: bruikbaar; 0 van 205 vragen beantwoord; in orde.",
    ]
    assert "waarschuwingen: 24." in found.stderr, "folding changes no count"
    assert run("check", half, "--full").stdout.count("SIGNAL_YES_WITHOUT_EVIDENCE") == 9


def test_a_file_that_cannot_be_used_has_its_line_too(tmp_path: Path) -> None:
    (tmp_path / "kapot.xlsx").write_bytes(b"PK\x03\x04")
    found = run("check", tmp_path / "kapot.xlsx")
    last = found.stdout.splitlines()[-1]
    assert last == "kapot.xlsx: onbruikbaar; fouten: 1, waarschuwingen: 0."


def test_analyze_with_a_report_prints_the_outcome_only(half: Path, tmp_path: Path) -> None:
    short = run("analyze", half, "-o", tmp_path / "r.json")
    whole = run("analyze", half)
    full = run("analyze", half, "-o", tmp_path / "r.json", "--force", "--full")
    assert full.stdout == whole.stdout
    assert len(short.stdout.splitlines()) < 30 < len(whole.stdout.splitlines())
    assert "Score 59,6 %" in short.stdout
    assert "Tekorten: 154 (Hoog 13, Midden 30, Laag 95, Nog te beantwoorden 16)" in short.stdout


def test_a_mistake_in_a_list_is_said_once_with_its_rows(tmp_path: Path) -> None:
    rows = [f"Klant {n};{n};13x" for n in range(20)]
    listed = tmp_path / "k.csv"
    listed.write_text("\n".join(["Naam;KvK;Normen", *rows]), "utf-8")
    found = run("batch", listed, "-o", tmp_path / "w", "--date", "2026-12-31")
    assert found.stderr.count("NORM_UNKNOWN") == found.stderr.count("LIST_VALUE_WRONG") == 1
    assert "C2, C3, C4, C5, C6, C7, C8, C9 (en nog 12)" in found.stderr
    assert "en zo ook: ‘1’, ‘2’" in found.stderr
    assert "Fouten: 40;" in found.stderr


def test_places_without_a_cell_are_counted() -> None:
    many = [problem("SIGNAL_SAME_ANSWER", Where("a.xlsx")) for _ in range(3)]
    assert "3 keer" in "\n".join(folded_text(many, "nl"))
    lines = [problem("LIST_BROKEN", Where("a.csv", n)) for n in range(1, MOST_PLACES + 3)]
    assert next(folded_text(lines, "nl")).startswith("a.csv:1, 2, 3, 4, 5, 6, 7, 8 (en nog 2)\n")
    bare = [problem("BATCH_PROCESS_DIED") for _ in range(2)]
    assert next(folded_text(bare, "nl")).startswith("2 keer\n")


def test_two_mistakes_are_not_one() -> None:
    at = Where("a.csv", None, "", "B2")
    one = problem("LIST_VALUE_WRONG", at, value="1", column="KvK", expected="x")
    other = problem("LIST_VALUE_WRONG", at, value="1", column="Fte", expected="x")
    assert len(list(folded_text([one, other], "nl"))) == 2
