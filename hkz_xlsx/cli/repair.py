"""``hkz repair``: a fresh workbook with every answer of a damaged one."""

from __future__ import annotations

from pathlib import Path

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.options import (
    force_option,
    message_lang_option,
    new_workbook_option,
    norms_option,
)
from hkz_xlsx.cli.output import check_new_workbook, show_problems, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.machine.garbage import uncollected
from hkz_xlsx.text import Lang, say


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@new_workbook_option
@message_lang_option
@password_options
@norms_option
@force_option
@uncollected()
def repair(
    file: Path, output: Path | None, lang: Lang | None, norms_dir: Path | None, force: bool
) -> None:
    """Make a fresh workbook with every answer of a damaged one; the original stays as it is.

    Cells with a problem get a comment; what has no place of its own stands on a sheet "Niet
    geplaatst" ("Not placed") with where it came from.

    \b
    Example:
      hkz repair retour.xlsx -o hersteld.xlsx
    """
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.repair import repaired
    from hkz_xlsx.writing.workbook import write_workbook

    name = say(lang or "nl", "cli.name.repaired", name=file.stem)
    output = output or new_name(name, ".xlsx", file.parent)
    check_new_workbook(output, [file], force=force)
    submission = read_workbook(file, load_library(norms_dir), complete=True)
    lang = lang or submission.plan.lang
    fresh = repaired(submission)
    write_file(output, write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes), force=force)
    show_problems(submission.problems, lang)
    show_written(output, lang)
    sheet = say(submission.plan.lang, "sheet.not_placed.tab")
    key = "repair.done" if fresh.extra else "repair.whole"
    counts = {"count": len(fresh.inputs), "marked": len(fresh.notes), "loose": len(fresh.extra)}
    click.echo(say(lang, key, sheet=sheet, **counts), err=True)
    if has_errors(submission.problems):
        click.get_current_context().exit(1)
