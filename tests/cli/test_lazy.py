"""A list of commands imports none of them, and says what they say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hkz_xlsx.cli.commands import LINES, LONGEST_LINE, Commands, described
from hkz_xlsx.cli.main import cli


@pytest.mark.parametrize("name", LINES)
def test_the_line_of_a_command_is_its_own(name: str) -> None:
    """The whole sentence, however narrow the window."""
    whole = cli.commands[name].get_short_help_str(LONGEST_LINE)
    assert {described()[name].get_short_help_str(width) for width in (20, 80)} == {whole}


@pytest.mark.parametrize("words", [["--help"], [], ["--version"]])
def test_help_imports_no_command(words: list[str]) -> None:
    """Nor anything large that one of them needs: that is what a start costs."""
    code = (
        "import sys; sys.argv[1:] = " + repr(words) + "\n"
        "from hkz_xlsx.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not {f"hkz_xlsx.cli.{name}" for name in LINES} & loaded
    assert not {"yaml", "pydantic", "xlsxwriter", "rich", "subprocess", "hashlib"} & loaded
    if words != ["--version"]:
        assert all(name in done.stdout for name in LINES)


def test_commands_are_a_mapping() -> None:
    commands = Commands()
    assert "check" in commands
    assert commands.get("nergens") is None
    assert len(commands) == len(LINES) == len(list(commands))
    commands["ander"] = commands["check"]
    assert commands["ander"] is commands["check"]
    del commands["ander"]
    assert "ander" not in commands
