"""``hkz generate --next``: the workbook of the next year, out of that of this one."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.output import check_new_workbook, exit_with_errors, show_problems, show_written
from hkz_xlsx.text import Lang, say


class Wanted(NamedTuple):
    """Where the new workbook goes, whether it may replace a file, what it looks like, and the
    language of messages: that of the workbook when none was asked for."""

    output: Path | None
    force: bool
    template: str
    lang: Lang | None = None


def next_workbook(
    file: Path, to: tuple[str, ...], wanted: Wanted, day: date | None, norms: Path | None
) -> None:
    """Write the workbook of the next year beside that of this year.

    Args:
        file: the completed workbook; it is only read.
        to: question sets to move to; by default the newest released ones.
        wanted: the workbook to write; by default one beside the file.
        day: the new reference date; without it Start asks for it.
        norms: folder with norms.

    Raises:
        HkzError: the file cannot be read, or has no question in common with the new sets.
    """
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.next_year import next_year
    from hkz_xlsx.writing.workbook import write_workbook

    name = f"{file.stem} {day.year if day else ''}".strip()
    output = wanted.output or new_name(name, ".xlsx", file.parent)
    check_new_workbook(output, [file], force=wanted.force)
    look = chosen_look(wanted.template)
    library = load_library(norms)
    submission = read_workbook(file, library, complete=True)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    made = next_year(submission, library, sha256, day, to)
    data = write_workbook(made.plan, made.inputs, look, notes=made.notes)
    write_file(output, data, force=wanted.force)
    lang = wanted.lang or submission.plan.lang
    show_problems(made.problems, lang)
    show_written(output, lang)
    click.echo(say(lang, "next.done", **made.counts), err=True)
    exit_with_errors(made.problems)
