"""Workbooks with a password: written per client, read back, and the password nowhere else."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msoffcrypto.format.ooxml import OOXMLFile

from hkz_xlsx.cli.main import cli
from hkz_xlsx.machine.passwords import MOST_TRIED, Password, known, use

RETURNED = Path(__file__).parents[2] / "released" / "0.1.0" / "workbooks" / "125-nl.xlsx"
SECRET = "Zomer;2026 \u00e9"  # a blank, a semicolon and an accent: what people take


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A filled workbook that opens with `SECRET`."""
    path = tmp_path / "De Brug.xlsx"
    with path.open("wb") as file:
        OOXMLFile(BytesIO(RETURNED.read_bytes())).encrypt(SECRET, file)
    return path


def run(*words: object, typed: str = "") -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def test_read_by_every_command_that_reads(locked: Path, tmp_path: Path) -> None:
    """From a file with one a line, of which others come first; what is made has no password."""
    file = tmp_path / "wachtwoorden.txt"
    file.write_text(f"\ufeffiets anders\n\n  {SECRET}  \n", "utf-8")
    given = ("--password-file", file)
    for command in (("check",), ("analyze",), ("repair",), ("generate", "--next")):
        result = run(*command, locked)
        assert "FILE_ENCRYPTED" in result.output
        assert result.stderr.count("--ask-password") == 1, command
    told = run("check", locked, *given)
    assert "FILE_PASSWORD_USED" in told.stdout
    assert "CHECK_READ" in told.stdout
    assert SECRET not in told.output
    assert run("analyze", locked, *given, "-o", tmp_path / "r.json").exit_code == 0
    assert SECRET not in (tmp_path / "r.json").read_text("utf-8")
    run("repair", locked, *given, "-o", tmp_path / "h.xlsx")
    assert "CHECK_READ" in run("check", tmp_path / "h.xlsx").stdout
    folder = tmp_path / "terug"
    folder.mkdir()
    locked.rename(folder / locked.name)
    assert "--ask-password" in run("analyze", folder).stderr
    result = run("aggregate", folder, "-o", tmp_path / "pf")  # refused now, and tried again later
    assert "FILE_ENCRYPTED  Dit bestand is versleuteld met een wachtwoord. (1): " in result.stderr
    assert f"{locked.name}\n" in result.stderr
    assert "--ask-password" in result.stderr
    assert run("aggregate", folder, *given, "-o", tmp_path / "pf", "--force").exit_code == 0
    for path in (tmp_path / "pf").rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
    assert known() == ()


def test_asked_for(locked: Path) -> None:
    """Typed unseen; a wrong one is told with what to do, and is not repeated."""
    assert "CHECK_READ" in run("check", locked, "--ask-password", typed=f"{SECRET}\n").stdout
    wrong = run("check", locked, "--ask-password", typed="zomer\n")
    assert (wrong.exit_code, "FILE_PASSWORD_WRONG" in wrong.stdout) == (1, True)
    assert "zomer" not in wrong.output.casefold().replace(str(locked).casefold(), "")


def test_a_password_for_each_client(tmp_path: Path) -> None:
    """Written from the list, found again by name in the same list; the same run again keeps the
    files; no manifest, file name or message holds a password."""
    names = {"De Brug": "brug-1", "Zorg & Zo": "zorg 2", "Open Huis": ""}
    listed = tmp_path / "klanten.csv"
    lines = [f"{name};{word}" for name, word in names.items()]
    listed.write_text("Naam;Wachtwoord\n" + "\n".join(lines) + "\n", "utf-8")
    out = tmp_path / "uit"
    batch = ("batch", listed, "-o", out, "--norm", "125", "--date", "2026-11-01")
    assert run(*batch).exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    books = {name for name in before if name.endswith(".xlsx")}
    assert len(books) == 3
    assert {name for name in books if before[name][:2] == b"PK"} == {"Open Huis 125.xlsx"}
    assert "3" in (again := run(*batch, "--resume")).stderr
    assert again.exit_code == 0
    assert {p.name: p.read_bytes() for p in out.glob("*.xlsx")} == {n: before[n] for n in books}
    for name, data in before.items():
        if name not in books:
            assert b"brug-1" not in data
            assert b"zorg 2" not in data
    back = run("check", out, "--password-file", listed)
    assert back.stdout.count(": bruikbaar; ") == 3
    manifest = (out / "manifest.json").read_text("utf-8")
    assert run("collect", out, "--manifest", out / "manifest.json", "--password-file", listed)
    assert "brug-1" not in manifest
    pattern = run(*batch[:3], tmp_path / "anders", *batch[4:], "--file-pattern", "{wachtwoord}")
    assert pattern.exit_code == 1


def test_the_file_for_passwords_is_wrong(locked: Path, tmp_path: Path) -> None:
    """Missing, empty, not in UTF-8, a list without the column: what to do, exit 1."""
    cases = {"leeg.txt": (b"\n \n", "PASSWORDS_NONE"), "oud.txt": (b"caf\xe9\n", "FILE_UNREADABLE"),
        "lijst.csv": (b"Naam;KvK\nA;51234568\n", "LIST_")}  # fmt: skip
    for name, (data, code) in cases.items():
        (tmp_path / name).write_bytes(data)
        result = run("check", locked, "--password-file", tmp_path / name)
        assert (result.exit_code, code in result.stderr) == (1, True), result.output
    result = run("check", locked, "--password-file", tmp_path / "niets.txt")
    assert (result.exit_code, "FILE_MISSING" in result.stderr) == (1, True)


def test_those_meant_for_a_file_come_first() -> None:
    """And no more are tried than `MOST_TRIED`, of which no representation says anything."""
    use([*(Password(f"p{n}", f"Client {n}x") for n in range(300)), Password("any")])
    try:
        found = known("retour CLIENT 299x.xlsx")
        assert (found[0].text, len(found)) == ("p299", MOST_TRIED)
        assert "p299" not in repr(found)
    finally:
        use(())


def test_nothing_on_a_command_line(tmp_path: Path) -> None:
    """There is no option that takes a password itself: it would stay in the shell's history."""
    done = subprocess.run(
        [sys.executable, "-m", "hkz_xlsx", "check", "--password", "x", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
