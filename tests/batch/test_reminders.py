"""Reminders: who gets one, in which language, what is asked, and what stands in the table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkz_xlsx.batch.collect import ClientState, Collected
from hkz_xlsx.batch.manifest import COLUMNS as SENT
from hkz_xlsx.batch.manifest import JSON_NAME, ManifestEntry, read_manifest
from hkz_xlsx.batch.reminders import COLUMNS, CSV_NAME, files, reminders, table, written
from hkz_xlsx.batch.returns import ReturnedFile
from hkz_xlsx.batch.run import Options, run
from hkz_xlsx.cli.collect import _days_left
from hkz_xlsx.cli.main import cli
from hkz_xlsx.cli.today import today
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.problems import problem
from tests.batch.lists import read, write_csv
from tests.support import library

DAY = date(2026, 12, 1)


def client(name: str, *returned: ReturnedFile, **values: str) -> ClientState:
    known = {**dict.fromkeys(SENT, ""), "client": name, "file": f"{name} 143.xlsx", "lang": "nl"}
    return ClientState(ManifestEntry({**known, **values}), returned)


def back(answered: int, count: int = 40, *, typed: int | None = None) -> ReturnedFile:
    return ReturnedFile(
        "terug.xlsx",
        "x",
        answered=answered,
        count=count,
        typed=answered if typed is None else typed,
    )


FOUND = Collected(
    (
        client("Niet", contact="Anna", email="anna@example.org"),
        client("Leeg", back(0)),
        client("Deels", back(17), location="Noord"),
        client("Klaar", back(40)),
        client("Kapot", replace(back(0), fault=problem("FILE_BROKEN", None, detail="zip"))),
        client("Eerder", replace(back(40), earlier=True, day="2025-03-09")),
        client("English", back(1), lang="en"),
        client("=1+1", contact='=cmd|" /C calc"!A0'),
    ),
    (),
)


def rows() -> list[Mapping[str, str]]:
    text = table(reminders(FOUND, DAY)).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


def test_everybody_of_whom_something_is_missing() -> None:
    """In the order of the list; who is complete gets none."""
    assert [(r["client"], r["state"]) for r in rows()] == [
        ("Niet", "missing"), ("Leeg", "empty"), ("Deels", "partly"), ("Kapot", "faulty"),
        ("Eerder", "earlier"), ("English", "partly"), ("'=1+1", "missing"),
    ]  # fmt: skip
    assert list(rows()[0]) == list(COLUMNS)


MISSING = {
    "Niet": "Uw ingevulde werkboek hebben wij nog niet ontvangen.",
    "Leeg": "Uw werkboek is teruggekomen, maar er staat bij geen enkele vraag iets ingevuld.",
    "Deels": "Uw werkboek is teruggekomen. Van de 40 vragen: "
    "17 beantwoord, 23 nog open.",
    "Eerder": "Wij ontvingen een werkboek van een vorige ronde (peildatum 09-03-2025), "
    "maar nog niet dat van deze ronde.",
    "English": "Your workbook came back. Of the 40 questions: 1 answered, 39 still open.",
}  # fmt: skip


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing(name: str) -> None:
    found = {r["client"]: r for r in rows()}
    assert found[name]["missing"] == MISSING[name]
    assert MISSING[name] in found[name]["text"]
    assert f"{name} 143.xlsx" in found[name]["text"]


def test_a_file_that_cannot_be_read_says_why_and_what_to_do() -> None:
    fault = problem("FILE_BROKEN", None, detail="zip")
    [row] = [r for r in rows() if r["client"] == "Kapot"]
    assert fault.message("nl") in row["missing"]
    assert "sla het op als .xlsx" in row["missing"]
    # What it says to who received it makes no sense to who sent it.
    assert "afzender" in fault.hint("nl")
    assert "afzender" not in row["text"]


def test_a_whole_text() -> None:
    [first, *_] = reminders(
        FOUND, DAY, replace(NEUTRAL, adviser="Bureau Voorbeeld", contact=("06",))
    )
    assert first.text == (
        "Anna\nanna@example.org\nZelfbeoordeling HKZ van Niet\n\nBeste Anna,\n\n"
        "Uw ingevulde werkboek hebben wij nog niet ontvangen.\n"
        "Het gaat om het bestand Niet 143.xlsx.\n"
        "Wilt u het ingevulde werkboek uiterlijk 01-12-2026 sturen?\n\n"
        "Met vriendelijke groet,\nBureau Voorbeeld\n06\n"
    )


def test_without_a_deadline_none_is_named() -> None:
    for one in reminders(FOUND):
        assert one.values["deadline"] == ""
        assert "uiterlijk" not in one.values["text"]
        assert "?" in one.values["text"]


def test_nothing_becomes_a_formula_and_names_are_files() -> None:
    for row in rows():
        assert not any(value.startswith(("=", "+", "@")) for value in row.values())
    names = [name for name, _ in files(reminders(FOUND, DAY))]
    assert names[0] == CSV_NAME
    assert len(set(names)) == len(names) == 8
    assert "Deels - Noord.txt" in names
    assert not any(set('\\/:*?"<>|') & set(name) for name in names)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "vandaag"),
        (1, "nog 1 dag."),
        (9, "nog 9 dagen."),
        (-1, "1 dag voorbij"),
        (-3, "3 dagen voorbij"),
    ],
)
def test_how_long_there_is(days: int, words: str) -> None:
    assert words in _days_left(today() + timedelta(days), "nl")


def test_the_command_keeps_contact_and_address(tmp_path: Path) -> None:
    """From the list of clients to the table of reminders; nothing came back yet."""
    listed = read(
        write_csv(
            tmp_path / "k.csv",
            [["Naam", "Contactpersoon", "E-mail"], ["De Brug", "Bo", "bo@example.org"]],
        )
    )
    run(listed, Options(tmp_path / "uit"), library())
    [entry] = read_manifest(tmp_path / "uit" / JSON_NAME)
    assert (entry.values["contact"], entry.values["email"]) == ("Bo", "bo@example.org")
    (tmp_path / "terug").mkdir()
    manifest = tmp_path / "uit" / "manifest.csv"
    arguments = ["collect", tmp_path / "terug", "--manifest", manifest, "--deadline", "01-12-2026",
                 "--reminders", tmp_path / "mail", "-o", tmp_path / "stand.json"]  # fmt: skip
    result = CliRunner().invoke(cli, [*map(str, arguments), "--lang", "nl"])
    assert result.exit_code == 0, result.output
    assert f"Uiterste datum {written(DAY)}" in result.output
    found = (tmp_path / "mail" / CSV_NAME).read_text("utf-8-sig")
    assert "De Brug;;Bo;bo@example.org;nl;missing;niet terug;" in found
    assert (tmp_path / "mail" / "De Brug.txt").read_text("utf-8").startswith("Bo\nbo@example.org\n")
    again = CliRunner().invoke(cli, [*map(str, arguments), "--lang", "nl"])
    assert again.exit_code == 1, "what stands there is not overwritten"
