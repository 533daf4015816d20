"""``hkz check``: everything that can be said about returned files, in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import force_option, full_option, jobs_option, lang_option, norms_option
from hkz_xlsx.cli.output import show_json, show_password_tip, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.returned.check import CheckRun


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_data", is_flag=True, help="Print JSON instead of text.")
@click.option(
    "--xlsx", "output", type=click.Path(path_type=Path),
    help="Also write a list to work through (.xlsx).",
)  # fmt: skip
@click.option(
    "--share", is_flag=True,
    help="Also refuse what may not be given away: text from somebody's own copy of the norm.",
)  # fmt: skip
@click.option(
    "--second-reader", is_flag=True,
    help="Also read every .xlsx with openpyxl, and tell where it reads another answer than we do; "
    "with --json both values of every answer.",
)  # fmt: skip
@full_option
@jobs_option
@lang_option
@password_options
@norms_option
@force_option
def check(
    paths: tuple[Path, ...],
    as_data: bool,
    output: Path | None,
    share: bool,
    second_reader: bool,
    full: bool,
    jobs: int,
    lang: Lang,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Look returned files over: can they be used, were they changed, do they make sense.

    A path is a file, a folder or a zip with files. Nothing is changed. The same finding in
    many places is said once; at the end there is a line for every file.

    \b
    Example:
      hkz check retour.xlsx
      hkz check map-met-retouren --xlsx werklijst.xlsx
    """
    from hkz_xlsx.cli.output import check_new_workbook
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.machine.extras import need
    from hkz_xlsx.machine.processors import processors
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.report.render_check import as_xlsx, json_pieces
    from hkz_xlsx.returned.check import check_sources
    from hkz_xlsx.spreadsheet.sources import expected

    if second_reader:
        need("openpyxl")
    if output is not None:
        check_new_workbook(output, paths, force=force)
    with progress(say(lang, "check.running"), expected(paths)) as step:
        run = check_sources(
            paths, load_library(norms_dir), step, jobs or processors(),
            twice=second_reader, share=share,
        )  # fmt: skip
    if as_data:
        show_json(json_pieces(run, lang))
    else:
        _tell(run, lang, full=full)
    if output is not None:
        write_file(output, as_xlsx(run, lang), force=force)
        show_written(output, lang)
    if any(has_errors(one.problems) for one in run.files):
        click.get_current_context().exit(1)


def _tell(run: CheckRun, lang: Lang, *, full: bool) -> None:
    """Findings per file, then a line per file: data; what became of all of them: talk."""
    from hkz_xlsx.report.folded import file_line, folded_text
    from hkz_xlsx.report.render_check import counts
    from hkz_xlsx.returned.counts import total

    for one in run.files:
        # That a file was read says its line too; of many files that is enough.
        told = [p for p in one.problems if p.code != "CHECK_READ" or full or len(run.files) == 1]
        for text in (p.text(lang) for p in told) if full else folded_text(told, lang):
            click.echo(text)
    for one in run.files:
        click.echo(file_line(one, lang))
    found = counts(run)
    click.echo(run.tally.text(lang), err=True)
    if run.questions:
        click.echo(total(run.questions).text(lang), err=True)
    errors, warnings = found["error"], found["warning"]
    click.echo(say(lang, "cli.found", errors=errors, warnings=warnings), err=True)
    show_password_tip({p.code for one in run.files for p in one.problems}, lang)
