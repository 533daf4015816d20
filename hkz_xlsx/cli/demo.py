"""``hkz demo``: from nothing to a report, on invented answers."""

from __future__ import annotations

from pathlib import Path

import click

from hkz_xlsx.cli.options import force_option, lang_option
from hkz_xlsx.text import Lang, messages

NAMES: dict[Lang, tuple[str, ...]] = {
    "nl": (
        "werkboek-leeg.xlsx",
        "werkboek-half-ingevuld.xlsx",
        "gap-rapport.html",
        "gap-rapport.json",
    ),
    "en": ("workbook-empty.xlsx", "workbook-half-done.xlsx", "gap-report.html", "gap-report.json"),
}


@click.command()
@click.argument("folder", default="hkz-demo", type=click.Path(path_type=Path))
@lang_option
@force_option
def demo(folder: Path, lang: Lang, force: bool) -> None:
    """Make a workbook, fill it with invented answers, analyze it and write the report.

    \b
    Example:
      hkz demo
    """
    from hkz_xlsx.cli.called import shell_line
    from hkz_xlsx.machine.atomic import make_folder, write_file
    from hkz_xlsx.machine.faults import check_targets
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import select
    from hkz_xlsx.plan_build.build import plan_workbook
    from hkz_xlsx.report.model import gap_report
    from hkz_xlsx.report.render_text import terminal
    from hkz_xlsx.report.write import rendered
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.sheets.sample import sample_inputs
    from hkz_xlsx.writing.workbook import write_workbook

    library = load_library()
    plan = plan_workbook(select(library, ["138"]), lang, ["138"])
    make_folder(folder)
    empty, filled, *reports = (folder / name for name in NAMES[lang])
    check_targets((empty, filled, *reports), force=force)
    write_file(empty, write_workbook(plan), force=force)
    write_file(filled, write_workbook(plan, sample_inputs(plan)), force=force)
    report = gap_report(read_workbook(filled, library), lang)
    for path in reports:
        write_file(path, rendered(report, path), force=force)
    click.echo(terminal(report, most=3))
    text = messages(lang)
    titles = ("workbook", "filled", "report", "data")
    for title, path in zip(titles, (empty, filled, *reports), strict=True):
        click.echo(f"{text(f'cli.demo.{title}')}\n   {path.resolve()}")
    click.echo(f"\n{text('cli.demo.next')}\n   {shell_line(('analyze', str(filled)))}")
