"""``hkz form``: a form for those who fill in on paper."""

from __future__ import annotations

from pathlib import Path

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.options import force_option, lang_option, norms_option, template_option
from hkz_xlsx.cli.output import check_new_file, show_problems, show_written
from hkz_xlsx.text import Lang, say


@click.command()
@click.argument("parts", nargs=-1, required=True, metavar="NORM...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="The form to write (.pdf); by default a new name, never that of a file that is there.",
)  # fmt: skip
@click.option(
    "--scope", multiple=True, metavar="KEY=VALUES",
    help="What is known: funding=wmo,jeugdwet or activities=schuldhulp. "
    "Questions that do not hold are left out.",
)  # fmt: skip
@click.option("--core", is_flag=True, help="Only the core requirements.")
@template_option
@lang_option
@norms_option
@force_option
def form(
    parts: tuple[str, ...], output: Path | None, scope: tuple[str, ...], core: bool,
    template: str, lang: Lang, norms_dir: Path | None, force: bool,
) -> None:  # fmt: skip
    """Make a form to print and fill in with a pen: the questions of a workbook, as a PDF.

    Every question has its number, boxes to tick and room to write. The numbers and their order
    are those of the workbook, so that somebody can type the answers over.

    \b
    Example:
      hkz form 143 -o formulier.pdf
    """
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.machine.extras import need
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import Scope, select
    from hkz_xlsx.norm.subset import CORE, narrowed
    from hkz_xlsx.report.paper_form import paper_form

    output = output or new_name(f"{say(lang, 'paper.name')} {' '.join(parts)}", ".pdf")
    check_new_file(output, [], ".pdf", force=force)
    need("typst")
    look = chosen_look(template)
    selection = select(load_library(norms_dir), parts, Scope.parse(scope))
    selection = narrowed(selection, CORE if core else "")
    write_file(output, paper_form(selection, look, lang), force=force)
    show_problems(selection.remarks, lang)
    show_written(output, lang)
