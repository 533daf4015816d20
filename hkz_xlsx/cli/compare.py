"""``hkz compare``: two completed workbooks, then and now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.dutch import filled
from hkz_xlsx.cli.options import (
    basis_option,
    force_option,
    norms_option,
    report_lang_option,
    same_client_option,
    template_option,
)
from hkz_xlsx.cli.output import show_problems, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.text import Lang

if TYPE_CHECKING:
    from hkz_xlsx.assessment.model import Basis


@click.command()
@click.argument("previous", type=click.Path(path_type=Path))
@click.argument("current", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path),
    help=filled(
        "Write the comparison; the name says which kind ({kinds}). May be repeated.",
        kinds=", ".join([*FORMATS, ".xlsx", ".json"]),
    ),
)  # fmt: skip
@basis_option
@same_client_option
@report_lang_option
@template_option
@password_options
@norms_option
@force_option
def compare(
    previous: Path,
    current: Path,
    outputs: tuple[Path, ...],
    basis: Basis | None,
    same_client: bool,
    lang: Lang | None,
    template: str,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Compare two completed workbooks: scores then and now, what was solved, what slipped.

    \b
    Example:
      hkz compare vorig-jaar.xlsx dit-jaar.xlsx -o vergelijking.html
    """
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.report.comparison import compare as compared
    from hkz_xlsx.report.comparison import whose
    from hkz_xlsx.report.render_text import terminal_comparison
    from hkz_xlsx.report.write import check_outputs, rendered
    from hkz_xlsx.returned.read import read_workbook

    look = chosen_look(template)
    check_outputs([previous, current], outputs, force=force)
    library = load_library(norms_dir)
    then, now = (read_workbook(path, library) for path in (previous, current))
    found = compared(then, now, lang, basis, same_client=same_client, library=library)
    click.echo(terminal_comparison(found), nl=False)
    for path in outputs:
        write_file(path, rendered(found, path, look), force=force)
        show_written(path, found.lang)
    told = whose(then, now, same_client=same_client)
    problems = (*then.problems, *now.problems, *told)
    show_problems(problems, found.lang)
    if has_errors(problems):
        click.get_current_context().exit(1)
