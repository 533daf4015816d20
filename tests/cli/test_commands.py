"""Commands as a user runs them: output, exit codes, files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_norms_list() -> None:
    """Data on stdout: id, number, edition, number of rows."""
    result = run("norms", "list")
    assert result.exit_code == 0, result.output
    assert "HKZ 138" in result.stdout
    assert "2015+A1:2019" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_norms_show(lang: str) -> None:
    """Scope, rubrieken, topics and whose the norm is."""
    result = run("norms", "show", "138", "--lang", lang)
    assert result.exit_code == 0, result.output
    assert "MHD-101" in result.stdout
    assert "NEN" in result.stdout


def test_norms_show_unknown() -> None:
    """A code, the choices, exit 1, nothing on stdout."""
    result = run("norms", "show", "999")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "NORM_UNKNOWN" in result.stderr
    assert "138" in result.stderr


def test_norms_check(tmp_path: Path) -> None:
    """Fine for the shipped norms; an empty folder has no lock file."""
    assert run("norms", "check").exit_code == 0
    assert run("norms", "check", str(tmp_path)).exit_code == 1


def test_generate_and_analyze(tmp_path: Path) -> None:
    """From nothing to every kind of report."""
    book = tmp_path / "werkboek.xlsx"
    made = run("generate", "138", "-o", str(book), "--organisation", "Stichting De Brug")
    assert made.exit_code == 0, made.output
    assert made.stdout == ""
    reports = [tmp_path / f"rapport{suffix}" for suffix in (".html", ".md", ".json", ".xlsx")]
    options = [part for path in reports for part in ("-o", str(path))]
    result = run("analyze", str(book), *options)
    assert result.exit_code == 0, result.output
    assert "Score nog niet te bepalen" in result.stdout
    assert all(path.stat().st_size > 1_000 for path in reports)
    data = json.loads(reports[2].read_text("utf-8"))
    assert data["organisation"]["name"] == "Stichting De Brug"
    assert data["total"]["answered"] == 0


def test_same_command_same_bytes(tmp_path: Path) -> None:
    """Two runs with the same arguments give the same file."""
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        run("generate", "138", "-o", str(path), "--organisation", "X", "--date", "2026-11-02")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_only_named_workbooks_carry_an_id(tmp_path: Path) -> None:
    """A blank workbook has no id that everyone who downloads it would share."""
    blank, named = tmp_path / "blank.xlsx", tmp_path / "named.xlsx"
    run("generate", "138", "-o", str(blank))
    run("generate", "138", "-o", str(named), "--organisation", "De Brug")
    assert "hkz_xlsx.client" not in open_workbook(blank).properties
    assert len(open_workbook(named).properties["hkz_xlsx.client"]) == 20


def test_scope_leaves_rows_out(tmp_path: Path) -> None:
    """The workbook of a scoped organisation is smaller and reads back."""
    book = tmp_path / "w.xlsx"
    result = run("generate", "138", "-o", str(book), "--scope", "funding=wmo", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "left out" in result.stderr
    assert run("analyze", str(book), "--lang", "en").exit_code == 0


def test_a_small_workbook_and_its_answers_in_the_whole_one(tmp_path: Path) -> None:
    """``--core`` asks the core requirements only; ``--answers`` takes them into the rest."""
    small, whole = tmp_path / "kern.xlsx", tmp_path / "heel.xlsx"
    made = run("generate", "143", "--core", "-o", str(small))
    assert made.exit_code == 0
    assert "14 " in made.stderr
    shown = run("analyze", str(small))
    assert shown.exit_code == 0
    assert "Deel van het werkboek" in shown.stdout
    carried = run("generate", "143", "--answers", str(small), "-o", str(whole))
    assert carried.exit_code == 0, carried.stderr


def test_existing_files_are_kept(tmp_path: Path) -> None:
    """Never overwrites without --force, and leaves the old file as it was."""
    book = tmp_path / "werkboek.xlsx"
    book.write_text("van mij")
    result = run("generate", "138", "-o", str(book))
    assert result.exit_code == 1
    assert "TARGET_EXISTS" in result.stderr
    assert book.read_text() == "van mij"
    assert run("generate", "138", "-o", str(book), "--force").exit_code == 0


def test_wrong_usage_is_exit_2() -> None:
    """As click does."""
    assert run("generate").exit_code == 2
    assert run("geen-opdracht").exit_code == 2
    assert run("analyze", "x.xlsx", "--lang", "fr").exit_code == 2


def test_unknown_report_format_before_any_work(tmp_path: Path) -> None:
    """The format follows the name; an unknown one is refused with the choices."""
    result = run("analyze", "bestaat-niet.xlsx", "-o", str(tmp_path / "rapport.doc"))
    assert result.exit_code == 1
    assert "TARGET_FORMAT" in result.stderr
    assert ".html" in result.stderr


def test_a_wrong_word_is_a_problem(tmp_path: Path) -> None:
    """Told with its cell; the report is still made; exit 1."""
    answers = {Address(T.requirements, "MHD-101", "answer"): "gedeeltelijk"}
    book = tmp_path / "w.xlsx"
    book.write_bytes(write_workbook(plan_of("nl"), answers))
    result = run("analyze", str(book), "-o", str(tmp_path / "r.html"))
    assert result.exit_code == 1
    assert "ANSWER_UNKNOWN" in result.stdout
    sheet, block, field = next(one for one in plan_of("nl").inputs() if one[2].key == "answer")
    assert f"{sheet.title}!{a1(block.first_row, block.column_of(field.key))}" in result.stdout
    assert "(MHD-101)" in result.stdout
    assert (tmp_path / "r.html").exists()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_demo(tmp_path: Path, lang: str) -> None:
    """Ends with the report and says where everything is."""
    folder = tmp_path / "demo"
    result = run("demo", str(folder), "--lang", lang)
    assert result.exit_code == 0, result.output
    assert len(list(folder.iterdir())) == 4
    for path in folder.iterdir():
        assert str(path.resolve()) in result.stdout
    assert run("demo", str(folder), "--lang", lang).exit_code == 1
    assert run("demo", str(folder), "--lang", lang, "--force").exit_code == 0


def test_advisor_basis(tmp_path: Path) -> None:
    """Scores can be taken on the adviser's answers."""
    answers = {
        Address(T.requirements, "MHD-101", "answer"): "Voldoet",
        Address(T.requirements, "MHD-101", "advisor_answer"): "Voldoet niet",
    }
    book = tmp_path / "w.xlsx"
    book.write_bytes(write_workbook(plan_of("nl"), answers))
    assert "Score 0,6 %" in run("analyze", str(book)).stdout
    assert "Score 0,0 %" in run("analyze", str(book), "--basis", "advisor").stdout


HEAVY = ("pandas", "openpyxl", "xlsxwriter", "matplotlib", "python_calamine")


@pytest.mark.parametrize("arguments", [["--help"], ["norms", "list"], ["analyze", "--help"]])
def test_start_up_imports_nothing_heavy(arguments: list[str]) -> None:
    """Help and the list of norms load no spreadsheet library and no pandas."""
    code = (
        "import sys\nfrom hkz_xlsx.cli.main import cli\n"
        f"try:\n    cli({arguments!r})\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


NOT_FOR_MAKING = (
    "pandas", "openpyxl", "python_calamine", "olefile", "pyarrow", "duckdb", "docx", "typst",
    "jinja2", "rich", "imagesize", "urllib.request", "hkz_xlsx.spreadsheet.open",
    "hkz_xlsx.returned.read", "hkz_xlsx.report", "hkz_xlsx.portfolio",
)  # fmt: skip


@pytest.mark.parametrize("command", ["generate", "batch"])
def test_making_workbooks_loads_no_reader(command: str, tmp_path: Path) -> None:
    """What reads workbooks and makes reports takes time and memory that making does not need."""
    (tmp_path / "k.csv").write_text("Naam;Norm\nDe Brug;143\n", "utf-8")
    arguments = {
        "generate": ["generate", "143", "-o", str(tmp_path / "w.xlsx")],
        "batch": [
            "batch",
            str(tmp_path / "k.csv"),
            "-o",
            str(tmp_path / "uit"),
            "--date",
            "2026-11-02",
        ],
    }[command]
    code = (
        "import sys\nfrom hkz_xlsx.cli.main import cli\n"
        f"try:\n    cli({arguments!r})\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print([m for m in {NOT_FOR_MAKING!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_module_runs_too() -> None:
    """``python -m hkz_xlsx`` is the same command."""
    done = subprocess.run(
        [sys.executable, "-m", "hkz_xlsx", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("hkz")
