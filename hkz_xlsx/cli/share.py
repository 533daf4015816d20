"""``hkz share``: a copy of a completed workbook that can be given away."""

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
from hkz_xlsx.cli.output import (
    check_new_workbook,
    exit_with_errors,
    show_problems,
    show_table,
    show_written,
)
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.text import Lang, say


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@new_workbook_option
@click.option(
    "--blind", is_flag=True,
    help="Also take out who it is about: organisation, names, KvK number, free texts, workbook id.",
)  # fmt: skip
@message_lang_option
@password_options
@norms_option
@force_option
def share(
    file: Path, output: Path | None, blind: bool, lang: Lang | None, norms_dir: Path | None,
    force: bool,
) -> None:  # fmt: skip
    """Make a copy to give away, without texts and paragraphs from your own copy of the norm.

    What was taken out is listed, without showing it. Answers, numbers, dates and scores stay; of
    a free text in a blind copy stays that there was one.

    \b
    Example:
      hkz share werkboek.xlsx --blind -o voorbeeld.xlsx
    """
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.share import shared
    from hkz_xlsx.writing.workbook import write_workbook

    # The name of a file says whose it is, often enough.
    key = "share.blind" if blind else "share.name"
    stem = say(lang or "nl", key, name=file.stem)
    output = output or new_name(stem, ".xlsx", file.parent)
    check_new_workbook(output, [file], force=force)
    submission = read_workbook(file, load_library(norms_dir), complete=True)
    lang = lang or submission.plan.lang
    found = shared(submission, blind=blind)
    fresh = found.fresh
    write_file(output, write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes), force=force)
    told = submission.problems if not blind else ()
    show_problems(told, lang)
    if found.taken:
        show_table([[place, str(count)] for place, count in sorted(found.taken.items())])
    show_written(output, lang)
    click.echo(say(lang, "share.done", count=sum(found.taken.values())), err=True)
    exit_with_errors(told)
