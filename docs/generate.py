"""Writes the parts of the documentation that come from the code; the tests check them.

python -m docs.generate
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from hkz_xlsx.cli.main import cli
from hkz_xlsx.portfolio.schema import codebook
from hkz_xlsx.problems import CODES, RETURNED, family
from hkz_xlsx.report.render_json import answers_schema
from hkz_xlsx.text import LANGS, catalogue

FOLDER = Path(__file__).parent
_MADE = "<!-- Made by `make docs` from the code; edit there. -->"


def _commands(
    group: click.Group, path: tuple[str, ...]
) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in sorted(group.commands.items()):
        here = (*path, name)
        found.append((here, command))
        if isinstance(command, click.Group):
            found += _commands(command, here)
    return found


def command_paths() -> list[tuple[str, ...]]:
    """Every command as words after ``hkz``."""
    return [path for path, _ in _commands(cli, ())]


def cli_page() -> str:
    """The command reference: the help of every command."""
    lines = ["# Commands", "", _MADE, ""]
    lines += ["Exit codes: 0 fine, 1 problems found in the input, 2 wrong usage.", ""]
    for path, command in [((), cli), *_commands(cli, ())]:
        name = " ".join(("hkz", *path))
        # The group's -h for help holds for every command, as it does when one is run.
        context = click.Context(
            command,
            info_name=name,
            max_content_width=88,
            terminal_width=88,
            help_option_names=["-h", "--help"],
        )
        lines += [f"## {name}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def _many(text: str) -> str:
    """A text with its words for more than one."""
    return re.sub(r"\{(\w+):[^|{}]*\|([^{}]*)\}", r"{\1} \2", text)


def problems_page() -> str:
    """Every problem code with its severity and its texts in both languages."""
    lines = ["# Problems", "", _MADE, ""]
    lines += ["Codes are stable. An error makes the exit code 1.", ""]
    for code, severity in CODES.items():
        about = f" {_FAMILIES[family(code)]}" if code in RETURNED else ""
        lines += [f"## {code}", "", f"Severity: {severity.value}.{about}", ""]
        for lang in LANGS:
            texts = catalogue(lang)
            message, hint = texts[f"problem.{code}.message"], texts[f"problem.{code}.hint"]
            lines += [_many(f"- {lang}: {message} *{hint}*")]
        lines.append("")
    return "\n".join(lines)


_FAMILIES = {
    "use": "Family: can it be used.",
    "changed": "Family: was it changed.",
    "sense": "Family: does it make sense.",
}


def codebook_page() -> str:
    """What every table and column of a portfolio means."""
    head, _, rest = codebook("en").partition("\n\n")
    return f"{head}\n\n{_MADE}\n\n{rest}"


def report_schema() -> str:
    """The JSON schema of the report: what follows from column records is put in its place."""
    schema = json.loads((FOLDER / "gap-report.schema.json").read_text("utf-8"))
    schema["properties"].pop("answers", None)
    schema["properties"] |= answers_schema()
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


PAGES = {
    "cli.md": cli_page,
    "problems.md": problems_page,
    "codebook.md": codebook_page,
    "gap-report.schema.json": report_schema,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
