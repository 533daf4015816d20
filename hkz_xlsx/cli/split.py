"""``hkz split``: a part of a workbook for everyone who fills it in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.options import message_lang_option, norms_option
from hkz_xlsx.cli.output import (
    check_new_folder,
    exit_with_errors,
    show_problems,
    show_table,
    show_written,
)
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.batch.output_folder import Existing
    from hkz_xlsx.rework.split import SplitPart


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--by", required=True, type=click.Choice(["eigenaar", "rubriek"]),
    help="A part for everyone in the column Eigenaar (owner), or for every rubriek.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="The folder for the parts; by default a new one beside the file.",
)  # fmt: skip
@click.option(
    "--resume", is_flag=True, help="Go on with a run that was stopped: keep what is there already."
)
@message_lang_option
@password_options
@norms_option
def split(
    file: Path, by: str, output: Path | None, resume: bool, lang: Lang | None,
    norms_dir: Path | None,
) -> None:  # fmt: skip
    """Make a part of a completed workbook for each of those who fill it in.

    Every question stands in one part, with all that was filled in beside it. The file itself stays
    as it is. `hkz merge` makes the parts one workbook again.

    \b
    Example:
      hkz split werkboek.xlsx --by eigenaar -o delen
      hkz merge delen -o werkboek-samen.xlsx
    """
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import problem
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.split import BY
    from hkz_xlsx.rework.split import split as split_up

    if output is not None:
        check_new_folder(output)
    submission = read_workbook(file, load_library(norms_dir), complete=True)
    lang = lang or submission.plan.lang
    found = split_up(submission, next(one for one in BY if one == by))
    folder = output or new_name(say(lang, "cli.name.parts", name=file.stem), "", file.parent)
    names = _write(found.parts, file.stem, folder, "resume" if resume else "keep")
    told = list(submission.problems)
    if found.licensed:
        told.append(problem("OWN_TEXT_STAYS", None, count=found.licensed))
    show_problems(told, lang)
    heads = ("number", "name", "rows", "filled", "file")
    nobody = say(lang, "split.nobody")
    show_table([
        [say(lang, f"split.column.{head}") for head in heads],
        *([str(part.number), part.name or nobody, str(len(part.rows)), str(part.filled), name]
          for part, name in zip(found.parts, names, strict=True)),
    ])  # fmt: skip
    show_written(folder, lang)
    click.echo(say(lang, "split.back", folder=folder), err=True)
    exit_with_errors(told)


def _write(parts: tuple[SplitPart, ...], stem: str, path: Path, existing: Existing) -> list[str]:
    """Every part in the folder, whole or not at all; gives the names of the files."""
    from hkz_xlsx.batch.output_folder import Folder, OneRun
    from hkz_xlsx.machine.faults import told
    from hkz_xlsx.machine.filenames import UniqueNames, safe_name
    from hkz_xlsx.problems import HkzError, Problem
    from hkz_xlsx.writing.workbook import write_workbook

    lang = parts[0].fresh.plan.lang
    unused, nobody = UniqueNames(), say(lang, "split.nobody")
    files, wrong = list[str](), list[Problem]()
    with OneRun(path):
        folder = Folder(path, existing, never=True)
        for part in parts:
            slots = {"number": part.number, "count": len(parts), "name": part.name or nobody}
            name = say(lang, "split.file", file=stem, **slots)
            files.append(f"{unused.unused(safe_name(name))}.xlsx")
            fresh = part.fresh
            data = write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes)
            try:
                folder.put(files[-1], data)
            except HkzError as fault:
                wrong += fault.problems
            except OSError as fault:
                folder.clean()
                raise HkzError(told(path / files[-1], fault)) from None
    if wrong:
        raise HkzError(*wrong)
    return files
