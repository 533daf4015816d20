"""``hkz batch``: a workbook for every client on a list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import (
    DayType,
    force_option,
    jobs_option,
    lang_option,
    list_options,
    norms_option,
)
from hkz_xlsx.cli.output import check_new_folder, show_problems, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.text import Lang, messages, say

if TYPE_CHECKING:
    from hkz_xlsx.batch.clients import ClientList, Defaults
    from hkz_xlsx.batch.output_folder import Existing
    from hkz_xlsx.batch.run import Options
    from hkz_xlsx.batch.taken import Taken
    from hkz_xlsx.norm.load import Library


@click.command()
@click.argument("clients", type=click.Path(path_type=Path), required=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="Folder for the workbooks and the manifest; with --example, the list to write.",
)  # fmt: skip
@click.option("--example", is_flag=True, help="Write an example of a client list, csv or xlsx.")
@click.option("--dry-run", is_flag=True, help="Check the list and show what would be made.")
@click.option(
    "--norm", "parts", multiple=True, metavar="NORM",
    help="Norm part for rows that name none, such as 138 or 138@2015/r2. May be repeated.",
)  # fmt: skip
@click.option(
    "--file-pattern", default="", metavar="PATTERN",
    help="File names, such as '{name} {kvk}'; by default name, location and norms.",
)  # fmt: skip
@click.option(
    "--date", "reference_date", type=DayType(),
    help="Reference date for rows that have none.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Finish an interrupted run; files are kept.")
@jobs_option
@click.option(
    "--fsync", is_flag=True, help="Have each file on the disk before the next: safe, but slow."
)
@click.option("--layout", type=int, default=LAYOUT_VERSION, hidden=True)
@list_options
@lang_option
@password_options
@norms_option
@force_option
def batch(
    clients: Path | None, output: Path | None, example: bool, dry_run: bool,
    parts: tuple[str, ...], file_pattern: str, reference_date: datetime | None, resume: bool,
    jobs: int, fsync: bool, layout: int, sheets: tuple[str, ...], hidden: bool, struck: bool,
    lang: Lang, norms_dir: Path | None, force: bool,
) -> None:  # fmt: skip
    """Make a workbook for every client on a list, with a manifest of what went out.

    The list is checked as a whole first; when something is wrong, nothing is made.

    \b
    Example:
      hkz batch --example -o klanten.xlsx
      hkz batch klanten.xlsx -o werkboeken --dry-run
      hkz batch klanten.xlsx -o werkboeken
    """
    text = messages(lang)
    if example:
        _example(output or Path(text("batch.example.file")), lang, force=force)
        return
    if clients is None:
        raise click.UsageError(text("batch.usage.list"))
    if output is None:
        raise click.UsageError(text("batch.usage.folder"))
    check_new_folder(output)
    from hkz_xlsx.batch.clients import read_clients
    from hkz_xlsx.batch.run import Options, check_dates, check_previous, tasks
    from hkz_xlsx.batch.style_templates import find_look
    from hkz_xlsx.batch.table import Pick
    from hkz_xlsx.batch.taken import Taken
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import has_errors

    library = load_library(norms_dir)
    defaults = _defaults(parts, lang, file_pattern, reference_date)
    pick = Pick(sheets, hidden, struck)
    listed = read_clients(clients, library, defaults, lambda name: void(find_look(name)), pick)
    taken = Taken()
    before = check_previous(listed, library, taken, layout)
    problems = (*listed.problems, *check_dates(listed), *before)
    show_problems(problems, lang)
    kinds = len(tasks(listed.clients))
    click.echo(say(lang, "batch.checked", clients=len(listed.clients), kinds=kinds), err=True)
    if has_errors(problems):  # then nothing would be made
        click.get_current_context().exit(1)
    if dry_run:
        _would(listed, output, lang)
        return
    there: Existing = "replace" if force else "resume" if resume else "keep"
    _make(listed, Options(output, there, jobs, fsync, norms_dir, layout), (library, taken), lang)


def _defaults(
    parts: tuple[str, ...], lang: Lang, pattern: str, day: datetime | None
) -> Defaults:  # fmt: skip
    """What rows take that do not say it; template and adviser from the settings."""
    from hkz_xlsx.batch.clients import Defaults
    from hkz_xlsx.cli.settings import setting

    template, adviser = setting("template"), setting("adviser")
    return Defaults(parts, lang, pattern, template, day and day.date(), adviser)


def _make(listed: ClientList, options: Options, known: tuple[Library, Taken], lang: Lang) -> None:
    """Makes everything and says what became of it; ends the command when something is wrong."""
    from hkz_xlsx.batch.manifest import CSV_NAME
    from hkz_xlsx.batch.run import run
    from hkz_xlsx.machine.extras import need
    from hkz_xlsx.problems import has_errors

    if any(client.password for client in listed.clients):
        need("msoffcrypto")
    context = click.get_current_context()
    context.meta["hkz.stopped"] = "batch.interrupted"
    with progress(say(lang, "batch.progress"), len(listed.clients)) as step:
        library, taken = known
        outcome = run(listed, options, library, step, taken)
    show_problems(outcome.problems, lang)
    counts = {"made": outcome.made, "same": outcome.same}
    click.echo(say(lang, "batch.made", manifest=options.folder / CSV_NAME, **counts), err=True)
    if has_errors(outcome.problems):
        context.exit(1)


def void(_: object) -> None:
    """Only whether it raises is of interest."""


def _example(path: Path, lang: Lang, *, force: bool) -> None:
    from hkz_xlsx.batch.example import example_list
    from hkz_xlsx.machine.atomic import write_file

    write_file(path, example_list(path, lang), force=force)
    show_written(path, lang)


def _would(listed: ClientList, folder: Path, lang: Lang) -> None:
    """What would be made: data, so on stdout."""
    click.echo(say(lang, "batch.would", folder=folder), err=True)
    for client in listed.clients:
        parts = " ".join(client.parts)
        scope = " ".join(filter(None, (client.scope, "--core" if client.core else "")))
        click.echo(f"{client.file}\t{parts}\t{client.lang}\t{scope}".rstrip())
