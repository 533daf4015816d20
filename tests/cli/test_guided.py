"""``hkz`` alone, settings, and what need not be named."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.called import shell_line
from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.returned.read import read_workbook

RETURNED = Path(__file__).parents[2] / "released" / "0.1.0" / "workbooks" / "125-nl.xlsx"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with settings of its own, on a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HKZ_SETTINGS", str(tmp_path / "eigen" / "settings.toml"))
    monkeypatch.setattr("hkz_xlsx.cli.guided.on_terminal", lambda: True)
    return tmp_path


def run(*words: str, typed: str = "") -> Result:
    result = CliRunner().invoke(cli, list(words), input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def printed(result: Result) -> str:
    """The command that it told."""
    return next(line[2:] for line in result.stdout.splitlines() if line.startswith("  hkz "))


def test_in_a_pipe_it_helps() -> None:
    """No question is put to a script: help, and nothing is wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "hkz_xlsx"], input="", capture_output=True, text=True, check=False
    )
    assert (done.returncode, "generate" in done.stdout) == (0, True)


def test_a_workbook(here: Path) -> None:
    """By its number; the command that was told does the same."""
    result = run(typed="1\n143\nDe Brug\n")
    assert result.exit_code == 0, result.output
    made = here / "De Brug 143.xlsx"
    assert read_workbook(made, load_library()).text("organisation", "name") == "De Brug"
    assert printed(result) == shell_line(
        ("generate", "143", "--organisation", "De Brug", "-o", "De Brug 143.xlsx")
    )
    again = run(typed="1\n143\nDe Brug\n")
    assert "De Brug 143 (2).xlsx" in printed(again)


def test_a_norm_for_who_does_not_know_it(here: Path) -> None:
    """A number that is none is told; then the fitting ones with the reason of each."""
    result = run(typed="1\n999\n\n6\n1\n\n\n")
    assert result.exit_code == 0, result.output
    assert "‘999’" in result.stdout
    assert "  143  Kleine Organisaties\n" in result.stdout
    assert "Hoogstens 10 fte" in result.stdout
    assert "Geestelijke gezondheidszorg" in result.stdout
    assert len(list(here.glob("*.xlsx"))) == 1


@pytest.mark.usefixtures("here")
def test_a_norm_as_it_is_printed() -> None:
    """With the letters before its number; the part that never stands alone is no choice, and said
    before more is asked."""
    result = run(typed="1\nHKZ 123\nHKZ 143\n\n")
    assert result.exit_code == 0, result.output
    assert "‘HKZ 123’" in result.stdout
    assert "  123  " not in result.stdout
    assert printed(result).startswith("hkz generate 143 -o")


def test_checking_and_a_report(here: Path) -> None:
    """A name may come with quotes around it, as dragged files do; one that is not there is asked
    for again; the earlier workbook may be left out."""
    file = here / "mijn werkboek.xlsx"
    file.write_bytes(RETURNED.read_bytes())
    result = run(typed=f"2\nniets.xlsx\n'{file}'\n")
    assert "‘niets.xlsx’" in result.stdout
    assert "CHECK_READ" in result.stdout
    result = run(typed=f'3\n"{file}"\n\n')
    assert (here / "mijn werkboek rapport.html").is_file(), result.output


def test_an_answer_that_cannot_be(here: Path) -> None:
    """Told at once, and asked again: a day in words, nothing where something is needed, fte with
    a comma or not known; how one stops is said first."""
    file = here / "De Brug.xlsx"
    file.write_bytes(RETURNED.read_bytes())
    result = run(typed="4\n\nDe\\ Brug.xlsx\n\nvolgend jaar\n2027-12-31\n")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("Ctrl-C stopt") == 3
    assert "‘volgend jaar’ is geen datum" in result.stdout
    assert printed(result).endswith("--date 31-12-2027 -o 'De Brug 2027.xlsx'")
    for fte in ("7,5", "veel\n", "-1\n12"):
        result = run(typed=f"1\n\n{fte}\n1\n\n\n")
        assert result.exit_code == 0, result.output
        assert ("is geen aantal" in result.stdout) == (fte != "7,5")


def test_a_day_on_the_command_line(here: Path) -> None:
    """In the words of who types it, not as a program writes it."""
    told = run("generate", "143", "--date", "morgen").stderr
    assert "‘morgen’ is geen datum; typ dag-maand-jaar" in told
    assert "%" not in told
    assert "is no date" in run("generate", "143", "--date", "soon", "--lang", "en").stderr
    assert not list(here.glob("*.xlsx"))


def test_the_language_before_a_command(here: Path) -> None:
    """Where people look for it first; behind the command it wins."""
    assert "Written" in run("--lang", "en", "generate", "125", "-o", "a.xlsx").stderr
    assert (
        "Geschreven"
        in run("--lang", "en", "generate", "125", "-o", "b.xlsx", "--lang", "nl").stderr
    )
    assert "What would you like" in run("--lang", "en", typed="0\n").stdout
    assert (here / "a.xlsx").is_file()


def test_the_language_goes_along_with_what_is_done(here: Path) -> None:
    """Who asked for English before any question gets an English workbook, report and messages, and
    the command that was told says so."""
    result = run("--lang", "en", typed="1\n143\nBridge\n")
    assert "Written" in result.stderr, result.output
    assert (
        printed(result) == "hkz --lang en generate 143 --organisation Bridge -o 'Bridge 143.xlsx'"
    )
    assert read_workbook(here / "Bridge 143.xlsx", load_library()).plan.lang == "en"
    result = run("--lang", "en", typed="2\nBridge 143.xlsx\n")
    assert "what to do:" in result.stdout
    (here / "nl.xlsx").write_bytes(RETURNED.read_bytes())
    result = run("--lang", "en", typed="3\nnl.xlsx\n\n")
    assert "Written" in result.stderr, result.output
    assert "Gap report" in result.stdout
    result = run("--lang", "en", typed="4\nnl.xlsx\n31-12-2027\n")
    assert "Written" in result.stderr, result.output


@pytest.mark.usefixtures("here")
def test_a_number_that_is_not_on_the_list() -> None:
    """Told without signs of mathematics, and that an answer is needed; another norm than the ones
    that fit best is taken too."""
    result = run(typed="9\nx\n\n1\n\n12,5\n99\n\n5\n999\nHKZ 138\n\n")
    assert result.exit_code == 0, result.output
    assert "‘9’ kan niet; kies een getal van 0 tot en met 4." in result.stdout
    assert "‘x’ kan niet" in result.stdout
    assert "‘99’ kan niet; kies een getal van 1 tot en met 23." in result.stdout
    assert result.stdout.count("Hier is een antwoord nodig.") == 2
    assert "‘999’" in result.stdout
    assert printed(result).startswith("hkz generate 138 -o")


def test_stopping(here: Path) -> None:
    result = run(typed="0\n")
    assert (result.exit_code, list(here.iterdir())) == (0, [])


@pytest.mark.usefixtures("here")
def test_an_empty_setting_is_none() -> None:
    """As if it was taken out: nothing is kept that nobody could see."""
    run("config", "adviser", "Bureau Helder")
    assert "adviser = –" in run("config", "adviser", "").stdout
    assert "adviser = –" in run("config").stdout


def test_settings(here: Path) -> None:
    """Kept, shown, used as defaults, overruled on the command line, and taken out."""
    assert run("config", "lang", "en").exit_code == 0
    assert "lang = en" in run("config").stdout
    assert "What would you like to do?" in run(typed="0\n").stdout
    assert "Written" in run("generate", "125", "-o", "a.xlsx").stderr
    assert "Geschreven" in run("generate", "125", "-o", "b.xlsx", "--lang", "nl").stderr
    uit = here / "uit"
    uit.mkdir()
    run("config", "folder", "uit")
    assert run("generate", "125").exit_code == 0
    assert [path.name for path in uit.iterdir()] == ["Workbook 125.xlsx"]
    run("config", "adviser", "Bureau Helder")
    run("generate", "125", "-o", "c.xlsx")
    with zipfile.ZipFile(here / "c.xlsx") as package:
        assert b"Bureau Helder" in b"".join(map(package.read, package.namelist()))
    (here / "k.csv").write_text("Naam;KvK\nDe Brug;51234568\n", "utf-8")
    run("batch", "k.csv", "--norm", "125", "--date", "2026-11-01", "-o", "many")
    (made,) = (here / "many").glob("*.xlsx")
    with zipfile.ZipFile(made) as package:
        assert b"Bureau Helder" in b"".join(map(package.read, package.namelist()))
    run("config", "lang", "--remove")
    assert "lang = –" in run("config").stdout


class Away(type(Path())):  # type: ignore[misc]  # whichever kind of path this system has
    """A file in a folder that is not ours."""

    def is_file(self, *_: object, **__: object) -> bool:
        raise PermissionError(13, "denied")


def test_settings_that_cannot_be(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every mistake with its place, before anything is done; nothing is kept."""
    file = here / "eigen" / "settings.toml"
    assert "SETTINGS_VALUE" in run("config", "lang", "fries").stderr
    assert "TEMPLATE" in run("config", "template", "nergens").stderr
    assert not file.exists()
    file.parent.mkdir()
    file.write_text('lang = "nl"\nkleur = "rood"\nfolder = 3\n', "utf-8")
    result = run("norms", "list")
    assert (result.exit_code, result.stderr.count("SETTINGS_KEY")) == (1, 2)
    monkeypatch.setattr("hkz_xlsx.cli.settings.settings_path", lambda: Away())
    assert run("norms", "list").exit_code == 0
    monkeypatch.undo()
    monkeypatch.setenv("HKZ_SETTINGS", str(file))
    file.write_text("lang = nl\n", "utf-8")
    result = run("norms", "list")
    assert (result.exit_code, "SETTINGS_UNREAD" in result.stderr) == (1, True)


def test_names_that_nobody_gave(here: Path) -> None:
    """Never those of a file that is there, and beside what they were made from."""
    folder = here / "retour"
    folder.mkdir()
    (folder / "terug.xlsx").write_bytes(RETURNED.read_bytes())
    for name in ("terug hersteld.xlsx", "terug hersteld (2).xlsx"):
        run("repair", "retour/terug.xlsx")
        assert (folder / name).is_file()
    run("merge", "retour/terug.xlsx", "retour/terug hersteld.xlsx")
    assert (here / "samengevoegd.xlsx").is_file()


def test_the_manifest_nearby(here: Path) -> None:
    """The only one is taken and named; none, or two, are told."""
    (here / "k.csv").write_text("Naam;KvK\nDe Brug;51234568\n", "utf-8")
    (here / "terug").mkdir()
    result = run("collect", "terug")
    assert (result.exit_code, "MANIFEST_WHICH" in result.stderr) == (1, True)
    batch = ("batch", "k.csv", "--norm", "125", "--date", "2026-11-01", "-o")
    run(*batch, "uit")
    result = run("collect", "terug")
    assert (result.exit_code, "uit" in result.stderr) == (0, True), result.output
    assert "De Brug" in result.stdout
    run(*batch, "uit2")
    result = run("collect", "terug")
    assert (result.exit_code, "MANIFEST_WHICH" in result.stderr) == (1, True)


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, click.Option]]:
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from _commands(one, (*path, name))
    for param in command.params:
        if isinstance(param, click.Option):
            yield " ".join(path), param


def test_one_spelling_of_each_option() -> None:
    """The same long name means the same short one everywhere, and the other way round."""
    long, short = defaultdict(set), defaultdict(set)
    for _, option in _commands(cli, ("hkz",)):
        names = [name for name in option.opts if name.startswith("--")]
        assert len(names) == 1, option.opts
        shorts = [name for name in option.opts if not name.startswith("--")]
        long[names[0]].add(tuple(shorts))
        for name in shorts:
            short[name].add(names[0])
    assert {name: found for name, found in long.items() if len(found) > 1} == {}
    assert {name: found for name, found in short.items() if len(found) > 1} == {}
    assert long["--jobs"] == {("-j",)}
    assert long["--output"] == {("-o",)}


@pytest.mark.parametrize(
    ("argv", "found", "said"),
    [
        (".venv/bin/hkz", None, ".venv/bin/hkz check a.xlsx"),
        ("/usr/bin/hkz", "/usr/bin/hkz", "hkz check a.xlsx"),
        ("x/hkz_xlsx/__main__.py", None, f"{sys.executable} -m hkz_xlsx check a.xlsx"),
    ],
)
def test_a_command_that_is_printed_works_in_that_shell(
    monkeypatch: pytest.MonkeyPatch, argv: str, found: str | None, said: str
) -> None:
    """After `make demo`, and for who calls the module, no `hkz` is found on the path."""
    monkeypatch.setattr("sys.argv", [argv])
    monkeypatch.setattr("shutil.which", lambda _: found)
    assert shell_line(("check", "a.xlsx")) == said


def test_the_line_that_a_shell_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell_line(("check", "mijn werkboek.xlsx")) == "hkz check 'mijn werkboek.xlsx'"
    monkeypatch.setattr(os, "name", "nt")
    assert shell_line(("check", "mijn werkboek.xlsx")) == 'hkz check "mijn werkboek.xlsx"'
