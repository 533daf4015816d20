"""``hkz sign``: a workbook that says afterwards what was changed since somebody agreed to it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.options import (
    DayType,
    force_option,
    message_lang_option,
    new_workbook_option,
    norms_option,
)
from hkz_xlsx.cli.output import check_new_workbook, exit_with_errors, show_problems, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.scoring.cell_values import CellValue


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@new_workbook_option
@click.option("--name", help="Who agreed; by default what stands in the block on Resultaat.")
@click.option("--function", "role", help="What that person is, such as director.")
@click.option(
    "--date", "day", type=DayType(),
    help="The day on which it was agreed.",
)  # fmt: skip
@click.option(
    "--shared-with", type=click.Choice(["board", "supervisors", "both"]),
    help="With whom the result was discussed.",
)  # fmt: skip
@click.option("--decision", help="What was decided, in a sentence or two.")
@message_lang_option
@password_options
@norms_option
@force_option
def sign(
    file: Path, output: Path | None, name: str | None, role: str | None, day: datetime | None,
    shared_with: str | None, decision: str | None, lang: Lang | None, norms_dir: Path | None,
    force: bool,
) -> None:  # fmt: skip
    """Make a copy of a workbook that remembers what somebody agreed to.

    Afterwards `analyze`, `check` and the report say which answers were changed since. Sorting and
    saving in another program change nothing. It is no electronic signature.

    \b
    Example:
      hkz sign werkboek.xlsx --name "J. Jansen" --date 01-12-2026 -o werkboek-akkoord.xlsx
    """
    from hkz_xlsx.layout.codecs import Choice
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.sign import signed
    from hkz_xlsx.scoring.cell_values import serial
    from hkz_xlsx.writing.workbook import write_workbook

    stem = say(lang or "nl", "cli.name.signed", name=file.stem)
    output = output or new_name(stem, ".xlsx", file.parent)
    check_new_workbook(output, [file], force=force)
    submission = read_workbook(file, load_library(norms_dir), complete=True)
    known = submission.plan.lang
    lang = lang or known
    shared = Choice("shared_with").label(shared_with, known) if shared_with else None
    said: dict[str, CellValue] = {
        "name": name, "function": role, "date": serial(day.date()) if day else None,
        "shared_with": shared, "decision": decision,
    }  # fmt: skip
    given = {row: value for row, value in said.items() if value is not None}
    fresh = signed(submission, given, hashlib.sha256(file.read_bytes()).hexdigest())
    write_file(output, write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes), force=force)
    show_problems(submission.problems, lang)
    show_written(output, lang)
    click.echo(say(lang, "sign.done", count=len(fresh.inputs)), err=True)
    exit_with_errors(submission.problems)
