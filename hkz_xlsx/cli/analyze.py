"""``hkz analyze``: completed workbooks to gap reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from hkz_xlsx.cli.dutch import filled
from hkz_xlsx.cli.options import (
    basis_option,
    force_option,
    full_option,
    jobs_option,
    norms_option,
    report_lang_option,
    same_client_option,
    template_option,
    word_template_option,
)
from hkz_xlsx.cli.output import show_password_tip, show_problems, show_written, wrong_use
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.assessment.model import Basis
    from hkz_xlsx.norm.load import Library
    from hkz_xlsx.problems import Problem
    from hkz_xlsx.report.batch import Wish
    from hkz_xlsx.report.index import Index


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path),
    help=filled(
        "Write a report; the name says which kind ({kinds}). May be repeated. For more files, a "
        "folder or a zip: the folder for the reports.",
        kinds=", ".join([*FORMATS, ".xlsx", ".json"]),
    ),
)  # fmt: skip
@click.option(
    "--format", "formats", metavar="LIST",
    help="Kinds of report in the folder, such as docx,html; html when left out.",
)  # fmt: skip
@click.option(
    "--previous", type=click.Path(path_type=Path, dir_okay=False),
    help="An earlier workbook of the same organisation: then, now, and what changed.",
)  # fmt: skip
@click.option(
    "--summary", is_flag=True,
    help=filled("Only the first page of each report ({kinds}).", kinds=", ".join(FORMATS)),
)  # fmt: skip
@word_template_option
@full_option
@jobs_option
@same_client_option
@basis_option
@report_lang_option
@template_option
@password_options
@norms_option
@force_option
def analyze(
    files: tuple[Path, ...],
    outputs: tuple[Path, ...],
    formats: str | None,
    previous: Path | None,
    summary: bool,
    full: bool,
    jobs: int,
    same_client: bool,
    basis: Basis | None,
    lang: Lang | None,
    template: str,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Read completed workbooks and report scores, gaps, actions, signals and problems.

    FILE is a workbook; or more of them, a folder or a zip file, for a report each with an
    index and a list of files that could not be used. With -o only the outcome is printed:
    the rest stands in the report.

    \b
    Example:
      hkz analyze werkboek.xlsx -o rapport.html -o rapport.docx
      hkz analyze werkboek.xlsx --previous vorig-jaar.xlsx -o rapport.pdf
      hkz analyze retour/ -o rapporten/ --format docx,html
      hkz analyze werkboek.xlsx --summary -o samenvatting.pdf
      hkz analyze werkboek.xlsx --word-template mijn-rapport.docx -o rapport.docx
    """
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.report.batch import Wish
    from hkz_xlsx.report.write import renderers, suffixes
    from hkz_xlsx.spreadsheet.sources import is_archive_file

    look = chosen_look(template)
    many = len(files) > 1 or formats is not None or files[0].is_dir() or is_archive_file(files[0])
    many = many or any(path.is_dir() and path.suffix.lower() not in renderers() for path in outputs)
    if not many:
        kinds = tuple({path.suffix.lower() for path in outputs})
        how = _wish(Wish(None, kinds, lang, basis, look, force, summary))
        beside = Beside(previous, same_client, full or not outputs)
        _one(files[0], outputs, beside, load_library(norms_dir), how)
        return
    if previous is not None or same_client:
        raise wrong_use("one_file")
    kinds = suffixes(formats or "html")
    wish = _wish(Wish(_folder(outputs), kinds, lang, basis, look, force, summary))
    if not _many(files, wish, load_library(norms_dir), jobs).fine:
        click.get_current_context().exit(1)


def _wish(wish: Wish) -> Wish:
    """The wish, when it can be done; `HkzError` before any work."""
    from hkz_xlsx.report.write import check_summary, look_for

    if wish.summary:
        check_summary(wish.suffixes)
    else:
        look_for(wish.look, wish.suffixes)
    return wish


class Beside(NamedTuple):
    """An earlier workbook, whether it was stated to be of the same client, and whether all is
    printed."""

    previous: Path | None
    same_client: bool
    full: bool


def _one(
    file: Path,
    outputs: tuple[Path, ...],
    beside: Beside,
    library: Library,
    how: Wish,
) -> None:
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.report.comparison import whose
    from hkz_xlsx.report.model import gap_report
    from hkz_xlsx.report.render_text import terminal, terminal_summary
    from hkz_xlsx.report.write import check_outputs, rendered
    from hkz_xlsx.returned.read import read_workbook

    previous = beside.previous
    check_outputs([file, previous] if previous else [file], outputs, force=how.force)
    earlier = read_workbook(previous, library) if previous else None
    submission = read_workbook(file, library)
    report = gap_report(
        submission, how.lang, how.basis, earlier, same_client=beside.same_client, library=library
    )
    click.echo(terminal(report) if beside.full else terminal_summary(report), nl=False)
    for path in outputs:
        write_file(path, rendered(report, path, how.look, summary=how.summary), force=how.force)
        show_written(path, report.lang)
    told: tuple[Problem, ...] = ()
    if earlier:
        told = (
            *earlier.problems,
            *whose(earlier, submission, same_client=beside.same_client),
        )
    if told:
        show_problems(told, report.lang)
    if has_errors((*report.problems, *told)):
        click.get_current_context().exit(1)


def _folder(outputs: tuple[Path, ...]) -> Path | None:
    """The one folder for many reports; `HkzError` for a file name or more than one."""
    from hkz_xlsx.problems import HkzError, Where, problem
    from hkz_xlsx.report.write import renderers

    wrong = [p for p in outputs if p.is_file() or p.suffix.lower() in renderers()]
    if wrong or len(outputs) > 1:
        raise HkzError(problem("TARGET_FOLDER", Where(str((wrong or outputs)[0]))))
    return outputs[0] if outputs else None


def _many(files: tuple[Path, ...], wish: Wish, library: Library, jobs: int) -> Index:
    from hkz_xlsx.machine.processors import processors
    from hkz_xlsx.report.batch import run
    from hkz_xlsx.report.render_text import terminal_index

    lang = wish.lang or "nl"
    with progress(say(lang, "batch.reading")) as step:
        index = run(
            files, library, wish, lambda path: show_written(path, lang), step, jobs or processors()
        )
    click.echo(terminal_index(index), nl=False)
    show_password_tip({p.code for one in index.unused for p in one.problems}, lang)
    return index
