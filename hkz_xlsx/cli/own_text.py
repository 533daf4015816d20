"""``hkz norms own-text``, and what ``hkz generate --own-text`` reads of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.options import force_option, lang_option, new_workbook_option, norms_option
from hkz_xlsx.cli.output import check_new_workbook, show_written
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.layout.plan import WorkbookPlan
    from hkz_xlsx.rework.carry import Carried


@click.command("own-text")
@click.argument("norm", metavar="NORM")
@new_workbook_option
@lang_option
@norms_option
@force_option
def own_text(
    norm: str, output: Path | None, lang: Lang, norms_dir: Path | None, force: bool
) -> None:
    """Write a list in which you put the text of the norm from your own copy beside our questions.

    `hkz generate --own-text` shows it in a workbook of yours. It stays there: not in what is
    shared, merged, split, reported or put in a portfolio.

    \b
    Example:
      hkz norms own-text 138 -o eigen-tekst.xlsx
      hkz generate 138 --own-text eigen-tekst.xlsx -o werkboek.xlsx
    """
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import select
    from hkz_xlsx.rework.own_text import own_text_list

    name = say(lang, "own_text.file", norm=norm)
    output = output or new_name(name, ".xlsx")
    check_new_workbook(output, [], force=force)
    selection = select(load_library(norms_dir), [norm])
    write_file(output, own_text_list(selection, lang), force=force)
    show_written(output, lang)
    click.echo(say(lang, "own_text.done", rows=len(selection.rows), name=output), err=True)


def with_own_text(path: Path, plan: WorkbookPlan, found: Carried | None) -> Carried:
    """What a new workbook begins with, and the text of somebody's own copy beside its questions.

    Args:
        path: the list with that text.
        plan: the new workbook.
        found: what was carried over from an earlier one, if any.

    Raises:
        HkzError: a list that cannot be read, or with nothing for this workbook.
    """
    from dataclasses import replace

    from hkz_xlsx.rework.carry import Carried
    from hkz_xlsx.rework.own_text import placed, read_own_text

    inputs, told = placed(read_own_text(path), plan, path.name)
    before = found or Carried({}, ())
    return replace(before, inputs={**before.inputs, **inputs}, problems=(*before.problems, *told))
