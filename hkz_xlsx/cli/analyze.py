"""``hkz analyze``: a completed workbook to a gap report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import force_option, norms_option, report_lang_option
from hkz_xlsx.cli.output import show_written
from hkz_xlsx.text import Lang

if TYPE_CHECKING:
    from hkz_xlsx.assessment.model import Basis


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path, dir_okay=False),
    help="Write a report; the name says which kind (.html, .md, .json, .xlsx). May be repeated.",
)  # fmt: skip
@click.option(
    "--basis", type=click.Choice(["self", "advisor"]),
    help="Whose answers count; by default what the workbook says.",
)  # fmt: skip
@report_lang_option
@norms_option
@force_option
def analyze(
    file: Path,
    outputs: tuple[Path, ...],
    basis: str | None,
    lang: Lang | None,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Read a completed workbook and report scores, gaps, signals and problems.

    \b
    Example:
      hkz analyze werkboek.xlsx -o rapport.html -o rapport.json
    """
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.report.model import gap_report
    from hkz_xlsx.report.render_text import terminal
    from hkz_xlsx.report.write import check_outputs, rendered
    from hkz_xlsx.workbook.atomic import write_file
    from hkz_xlsx.workbook.read import read_workbook

    check_outputs(file, outputs)
    submission = read_workbook(file, load_library(norms_dir))
    bases: dict[str | None, Basis] = {"self": "self", "advisor": "advisor"}
    report = gap_report(submission, lang, bases.get(basis))
    click.echo(terminal(report), nl=False)
    for path in outputs:
        write_file(path, rendered(report, path), force=force)
        show_written(path, report.lang)
    if has_errors(report.problems):
        click.get_current_context().exit(1)
