"""``hkz migrate``: workbooks to the newest question sets and layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import Whole, lang_option, norms_option
from hkz_xlsx.cli.output import show_problems, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hkz_xlsx.batch.migration_run import Moved, MoveOptions
    from hkz_xlsx.batch.output_folder import Existing
    from hkz_xlsx.problems import Problem


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path),
    help="The folder for the new workbooks.",
)  # fmt: skip
@click.option(
    "--to", multiple=True, metavar="NORM@EDITION/REVISION",
    help="The question set to move to, such as 138@2015/r2; by default the newest released one. "
    "May be repeated.",
)  # fmt: skip
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would become of each file.")
@click.option(
    "--resume", is_flag=True, help="Go on with a run that was stopped: keep what is there already."
)
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Also write a list of all files and what is to be looked at (.xlsx).",
)  # fmt: skip
@click.option(
    "--force", is_flag=True,
    help="Replace the list of --report where there is one; a workbook is never replaced.",
)  # fmt: skip
@click.option("--jobs", "-j", type=Whole(min=1), help="Processes; by default one per processor.")
@lang_option
@password_options
@norms_option
def migrate(
    paths: tuple[Path, ...],
    output: Path,
    to: tuple[str, ...],
    dry: bool,
    resume: bool,
    report: Path | None,
    force: bool,
    jobs: int | None,
    lang: Lang,
    norms_dir: Path | None,
) -> None:
    """Move completed workbooks to another question set and the newest layout.

    A path is a file, a folder or a zip. Every filled cell goes along, stands beside its question
    as an earlier answer, or is listed with the old question; damaged files are mended on the way.
    The files themselves stay as they are, and no file is ever replaced.

    \b
    Example:
      hkz migrate map-van-vorig-jaar -o map-van-dit-jaar --dry-run --report migratie.xlsx
      hkz migrate werkboek.xlsx --to 138@2015/r2 -o nieuw
    """
    from hkz_xlsx.batch.migration_run import MoveOptions
    from hkz_xlsx.cli.output import check_new_folder, check_new_workbook
    from hkz_xlsx.machine.processors import processors
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.spreadsheet.sources import check_any

    check_new_folder(output)
    if report is not None:
        check_new_workbook(report, paths, force=force)
    existing: Existing = "resume" if resume else "keep"
    options = MoveOptions(output, to, existing, dry, jobs or processors())
    moved = _move(paths, options, norms_dir, lang)
    _show(moved, lang)
    _account(moved, report, lang, dry=dry, force=force)
    check_any([one for one in moved if one.state != "skipped"], paths)
    refused = any(one.state == "refused" for one in moved)
    if refused or any(has_errors(one.problems) for one in moved):
        click.get_current_context().exit(1)


def _move(
    paths: tuple[Path, ...], options: MoveOptions, norms: Path | None, lang: Lang
) -> tuple[Moved, ...]:
    """All of it, after a look at whether the question sets asked for are here."""
    from hkz_xlsx.batch.migration_run import move_all
    from hkz_xlsx.norm.asked import Asked, part_asked
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.spreadsheet.sources import expected

    library = load_library(norms)
    for text in options.to:
        part_asked(library, Asked.parse(text))
    with progress(say(lang, "migrate.running"), expected(paths)) as step:
        return move_all(paths, options, library, step)


def _account(
    moved: Sequence[Moved], report: Path | None, lang: Lang, *, dry: bool, force: bool
) -> None:
    """How many files became what, and the list of all of them where that was asked for."""
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.report.migration_tables import as_xlsx

    states = [one.state for one in moved]
    names = ("moved", "same", "there", "twice", "refused", "skipped")
    counts = {name: states.count(name) for name in names}
    total = say(lang, "migrate.total", files=len(moved), **counts)
    click.echo(total, err=True)
    if dry:
        click.echo(say(lang, "migrate.dry"), err=True)
    if report is not None:
        write_file(report, as_xlsx(moved, lang, total), force=force)
        show_written(report, lang)


def _show(moved: Sequence[Moved], lang: Lang) -> None:
    """A line per file on stdout, and everything that is to be said on stderr."""
    for one in moved:
        state = say(lang, f"migrate.state.{one.state}")
        if one.result is None:
            click.echo(say(lang, "migrate.short", file=one.file, state=state))
            continue
        counts = {key: getattr(one.result, key) for key in ("carried", "shown", "listed")}
        click.echo(say(lang, "migrate.line", file=one.file, state=state, **counts))
    show_problems(told_once([p for one in moved for p in one.problems]), lang)


_OF_A_QUESTION = ("CARRY_TO_JUDGE", "CARRY_LOOK_AT")
"""What is so for every client who answered the question."""


def told_once(problems: Sequence[Problem]) -> list[Problem]:
    """A question that is another one now is so for every client: told once, without a file, where
    several have answered it. The list of ``--report`` has every file of its own."""
    from collections import Counter
    from dataclasses import replace

    from hkz_xlsx.problems import Where

    said = [(p.code, *p.slots.items()) if p.code in _OF_A_QUESTION else () for p in problems]
    times = Counter(said)
    return [
        replace(p, where=Where()) if slots and times[slots] > 1 else p
        for p, slots in zip(problems, said, strict=True)
    ]
