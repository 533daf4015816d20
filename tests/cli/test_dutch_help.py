"""The help of commands is in the language of who reads it: no English in Dutch."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs.usage_errors import known
from hkz_xlsx.cli.dutch import ARGUMENTS, argument_words, help_texts
from hkz_xlsx.cli.main import cli


def told(*words: str, settings: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hkz_xlsx", *words],
        env={**os.environ, "HKZ_SETTINGS": str(settings)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_text_of_the_help_is_translated() -> None:
    """A new command or option fails here until hkz.po says it too; a text that went, likewise."""
    assert {str(one.id) for one in known("hkz") if one.id} == set(help_texts(cli))
    assert [one.id for one in known("hkz") if not one.string] == []


@pytest.mark.parametrize("words", [(), ("norms",)])
def test_no_sentence_of_a_list_of_commands_is_cut(words: tuple[str, ...], tmp_path: Path) -> None:
    shown = told(*words, "--help", settings=tmp_path / "none.toml")
    assert "..." not in shown.partition("Opdrachten:")[2]


def test_every_argument_has_a_word_in_dutch() -> None:
    """What stands for it in the first line of the help; a new word fails here."""
    words = {
        word
        for command in _every(cli)
        for one in command.params
        if isinstance(one, click.Argument) and not isinstance(one.type, click.Choice)
        for word in re.findall("[A-Z]+", argument_words(one))
    }
    assert words - ARGUMENTS.keys() == {"ID", "NORM", "SQL", "ZIP"}


def _every(command: click.Command) -> Iterator[click.Command]:
    yield command
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _every(one)


def test_examples_write_a_day_as_their_options_do() -> None:
    for command in _every(cli):
        assert not re.search(r"\d{4}-\d\d-\d\d", command.help or ""), command.name


@pytest.mark.parametrize(
    ("words", "dutch", "english"),
    [
        ((), "Kijk teruggestuurde bestanden na", "Look returned files over"),
        (("check",), "Lees elk .xlsx-bestand ook met", "Also read every .xlsx"),
        (("norms", "diff"), "Toon wat er verschilt tussen", "Show what differs between"),
    ],
)
def test_the_help_speaks_one_language(
    words: tuple[str, ...], dutch: str, english: str, tmp_path: Path
) -> None:
    """Dutch from the first line to the last; English when that is asked for or kept."""
    shown = told(*words, "--help", settings=tmp_path / "none.toml")
    assert dutch in shown
    for foreign in (
        english,
        "Options:",
        "Commands:",
        "OPTIONS",
        "Example:",
        "Show this",
        "default:",
    ):
        assert foreign not in shown
    settings = tmp_path / "settings.toml"
    settings.write_text('lang = "en"\n', "utf-8")
    shown = told(*words, "--help", settings=settings)
    assert english in shown
    for foreign in (dutch, "Gebruik", "Opties", "Voorbeeld:", "OPTIES"):
        assert foreign not in shown
