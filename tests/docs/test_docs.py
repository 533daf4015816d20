"""Documentation that comes from the code is up to date; every command has help and an example."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from docs.generate import FOLDER, PAGES, _commands
from docs.windows import QUESTIONS, VIEWS, View, questions
from hkz_xlsx.cli.main import cli

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    """Run `make docs` and look at the difference."""
    assert (FOLDER / name).read_text("utf-8") == PAGES[name]()


def test_every_command_has_help_and_an_example() -> None:
    """One line of help, and an example for every command that does something."""
    for path, command in _commands(cli, ()):
        assert command.help, path
        if not isinstance(command, click.Group):
            assert "Example:" in command.help, path
            assert f"hkz {' '.join(path)}" in command.help, path


def test_readme_commands_exist() -> None:
    """Every `hkz …` command line in the README names a command that exists."""
    paths = {path for path, _ in _commands(cli, ())}
    text = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"^\s*hkz ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE)
    assert named
    for first, second in named:
        assert (first,) in paths
        if (first, second) in paths:
            continue
        assert not isinstance(dict(_commands(cli, ()))[(first,)], click.Group) or not second


def test_links_in_documentation_resolve() -> None:
    """Relative links of README and docs point to files that are there."""
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *FOLDER.glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
            if not target.startswith(("http", "mailto:")):
                assert (page.parent / target).exists(), (page.name, target)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_windows_in_the_manual_show_the_questions_of_now(view: View) -> None:
    """Stale? `make pictures`, and look at them."""
    picture = (FOLDER / "pictures" / view.name).read_bytes()
    assert f"{QUESTIONS}\0{questions()}".encode() in picture
