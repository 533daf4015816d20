"""``hkz collect``: which clients sent their workbook back, and how far they are."""

from __future__ import annotations

from pathlib import Path

import click

from hkz_xlsx.cli.options import (
    force_option,
    jobs_option,
    lang_option,
    list_options,
    norms_option,
    same_clients_option,
)
from hkz_xlsx.cli.output import show_problems, show_table, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.text import Lang, messages, say


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="FOLDER|ZIP")
@click.option(
    "--manifest", type=click.Path(path_type=Path, dir_okay=False),
    help="manifest.csv or manifest.json that `hkz batch` wrote; by default the only one nearby.",
)  # fmt: skip
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path),
    help="Write the table too; the name says which kind (.xlsx, .json). May be repeated.",
)  # fmt: skip
@jobs_option
@same_clients_option
@list_options
@lang_option
@password_options
@norms_option
@force_option
def collect(
    source: Path,
    manifest: Path | None,
    outputs: tuple[Path, ...],
    jobs: int,
    same_client: tuple[tuple[str, ...], ...],
    sheets: tuple[str, ...],
    hidden: bool,
    struck: bool,
    lang: Lang,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Show per client what came back: nothing, empty, partly, complete, faulty, or twice.

    A file that another client filled in does not count; one of an earlier round is told.

    \b
    Example:
      hkz collect teruggekomen --manifest werkboeken/manifest.csv -o stand.xlsx
    """
    from hkz_xlsx.batch import show
    from hkz_xlsx.batch.collect import collect as collect_files
    from hkz_xlsx.batch.manifest import nearby, read_sent
    from hkz_xlsx.batch.table import Pick
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.machine.faults import check_targets
    from hkz_xlsx.machine.processors import processors
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import HkzError, Where, has_errors, problem
    from hkz_xlsx.spreadsheet.sources import expected

    for path in outputs:
        if path.suffix.lower() not in (".xlsx", ".json"):
            slots = {"suffix": path.suffix or "–", "choices": ".xlsx, .json"}
            raise HkzError(problem("TARGET_FORMAT", Where(str(path)), **slots))
    check_targets(outputs, force=force)
    text = messages(lang)
    if manifest is None:
        manifest = nearby(source)
        click.echo(say(lang, "collect.manifest", path=manifest), err=True)
    entries, told = read_sent(manifest, Pick(sheets, hidden, struck))
    show_problems(told, lang)
    load_library(norms_dir)  # mistakes in it are told before anything is read
    with progress(text("batch.reading"), expected([source])) as step:
        found = collect_files(source, entries, norms_dir, jobs or processors(), step, same_client)
    show_table(show.text_rows(found, lang))
    if found.unknown:
        click.echo(f"\n{text('collect.unknown')}")
        show_table(show.unknown_rows(found, lang))
    show_problems(found.told, lang)
    click.echo(show.note(found, lang), err=True)
    click.echo(found.tally.text(lang), err=True)
    for path in outputs:
        data = show.as_xlsx(found, lang) if path.suffix.lower() == ".xlsx" else show.as_json(found)
        write_file(path, data, force=force)
        show_written(path, lang)
    faulty = any(c.state == "faulty" for c in found.clients)
    if found.unknown or faulty or has_errors(found.told):
        click.get_current_context().exit(1)
