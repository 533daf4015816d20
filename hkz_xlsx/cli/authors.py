"""``hkz norms new``, ``to-xlsx`` and ``from-xlsx``: for those who write question sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import force_option, lang_option, list_options, norms_option
from hkz_xlsx.cli.output import check_new_workbook, show_problems, show_written, wrong_use
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.spreadsheet.rows import Pick


@click.command("new")
@click.argument("part_id", metavar="ID")
@click.option("--edition", default="2026", show_default=True, help="Edition of the norm.")
@click.option(
    "-d", "--directory", default="norms", show_default=True,
    type=click.Path(path_type=Path), help="Folder with norm files.",
)  # fmt: skip
@lang_option
@force_option
def new_norm(part_id: str, edition: str, directory: Path, lang: Lang, force: bool) -> None:
    """Write a commented skeleton of a question set.

    \b
    Example:
      hkz norms new mijn-norm -d mijn-normen
    """
    from hkz_xlsx.machine.atomic import copy_folder, make_folder, write_file
    from hkz_xlsx.machine.faults import check_targets
    from hkz_xlsx.norm.authoring import skeleton
    from hkz_xlsx.norm.checks import check_names
    from hkz_xlsx.norm.files import SHARED, norms_folder
    from hkz_xlsx.norm.load import newest_shared
    from hkz_xlsx.problems import HkzError, Where

    wrong = tuple(check_names(Where(str(directory)), part_id, edition, "r1"))
    if wrong:
        raise HkzError(*wrong)
    there = (directory / SHARED).exists()
    shared = newest_shared(directory if there else norms_folder())
    files = {directory / name: text for name, text in skeleton(part_id, edition, shared).items()}
    for path in files:
        make_folder(path.parent)
    check_targets(files, force=force)
    if not there:  # laws, themes and sources that rows refer to
        copy_folder(norms_folder() / SHARED, directory / SHARED)
    for path, text in files.items():
        write_file(path, text.encode("utf-8"), force=force)
        show_written(path, lang)
    asked = f"{part_id}@{edition}/r1"
    click.echo(say(lang, "cli.norms.new_draft", asked=asked, folder=directory), err=True)


@click.command("to-xlsx")
@click.argument("norm", metavar="NORM")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path),
    help="The sheet to write (.xlsx).",
)  # fmt: skip
@lang_option
@norms_option
@force_option
def to_xlsx(norm: str, output: Path, lang: Lang, norms_dir: Path | None, force: bool) -> None:
    """Write a question set as a sheet to review and edit.

    \b
    Example:
      hkz norms to-xlsx 138 -o vragen-138.xlsx
      hkz norms to-xlsx 138@2015/r2 -o vragen-138-r2.xlsx
    """
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.asked import Asked, part_asked
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.rework.question_sheet import review_sheet

    check_new_workbook(output, [], force=force)
    part = part_asked(load_library(norms_dir), Asked.parse(norm))
    write_file(output, review_sheet(part), force=force)
    show_written(output, lang)


@click.command("from-xlsx")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-d", "--directory", type=click.Path(path_type=Path),
    help="Folder for the rubriek files, such as norms/138/2015/r2/rubrieken.",
)  # fmt: skip
@click.option(
    "--as", "part", metavar="ID", default="",
    help="Keep any list of questions as a norm of your own: `hkz generate ID` makes workbooks.",
)  # fmt: skip
@click.option("--name", default="", help="With --as: what people call it.")
@click.option("--edition", default="1", show_default=True, help="With --as: edition of the list.")
@click.option(
    "--column", "columns", multiple=True, metavar="KEY=HEADER",
    help="With --as: which header of the list says what, such as question=Eis. May be repeated.",
)  # fmt: skip
@list_options
@lang_option
@force_option
def from_xlsx(
    file: Path,
    directory: Path | None,
    part: str,
    name: str,
    edition: str,
    columns: tuple[str, ...],
    sheets: tuple[str, ...],
    hidden: bool,
    struck: bool,
    lang: Lang,
    force: bool,
) -> None:
    """Read a reviewed sheet back into rubriek files; mistakes are told row by row.

    With --as any list with a column of questions becomes a norm of your own, that every command
    finds. The same list again changes nothing; a changed one becomes the next question set, in
    which a question with the same text keeps its number.

    \b
    Example:
      hkz norms from-xlsx vragen-138.xlsx -d norms/138/2015/r2/rubrieken
      hkz norms from-xlsx eisen-gemeente.xlsx --as gemeente --column question=Eis
    """
    from hkz_xlsx.cli.own_sets import OwnSet, columns_named, keep_list
    from hkz_xlsx.spreadsheet.rows import Pick

    if bool(part) == (directory is not None) or (directory and (columns or name)):
        raise wrong_use("from_xlsx")
    pick = Pick(sheets, hidden, struck)
    if directory is None:
        keep_list(file, OwnSet(part, name or part, edition, columns_named(columns)), pick, lang)
    else:
        _reviewed(file, directory, pick, lang, force=force)


def _reviewed(file: Path, directory: Path, pick: Pick, lang: Lang, *, force: bool) -> None:
    """The rubriek files of a reviewed sheet."""
    from hkz_xlsx.machine.atomic import make_folder, write_file
    from hkz_xlsx.norm.authoring import check_rows, rubriek_yaml
    from hkz_xlsx.problems import HkzError, has_errors
    from hkz_xlsx.rework.question_sheet import NO_HEADER, read_review

    review = read_review(file, pick)
    rows = review.rows
    broken = any(p.code in NO_HEADER for p in review.problems)
    problems = (*review.problems, *(() if broken else check_rows(rows)))
    if has_errors(problems):
        raise HkzError(*problems)
    show_problems(problems, lang)
    make_folder(directory)
    for number, text in rubriek_yaml(rows).items():
        path = directory / f"rubriek-{number.lower()}.yaml"
        write_file(path, text.encode("utf-8"), force=force)
        show_written(path, lang)
