"""``hkz collect``: which clients sent their workbook back, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hkz_xlsx.cli.options import DayType, jobs_option
from hkz_xlsx.cli.output import check_new_folder, show_problems, show_table, show_written
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.cli.returned_options import ReturnedOptions, returned_options
from hkz_xlsx.text import Lang, messages, say

if TYPE_CHECKING:
    from hkz_xlsx.batch.collect import Collected
    from hkz_xlsx.batch.manifest import ManifestEntry


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
@click.option(
    "--deadline", type=DayType(),
    help="The day by which workbooks are asked back; stands in the reminders.",
)  # fmt: skip
@click.option(
    "--reminders", type=click.Path(path_type=Path, file_okay=False),
    help="Write reminders in this folder: herinnering.csv for a mail merge, and a text per client "
    "of whom something is missing. Nothing is mailed.",
)  # fmt: skip
@jobs_option
@returned_options
def collect(**given: Any) -> None:  # noqa: ANN401 - options as they are named in `CollectOptions`
    """Show per client what came back: nothing, empty, partly, complete, faulty, or twice.

    A file that another client filled in does not count; one of an earlier round is told.

    \b
    Example:
      hkz collect teruggekomen --manifest werkboeken/manifest.csv -o stand.xlsx
      hkz collect teruggekomen --deadline 01-12-2026 --reminders herinneringen
    """
    from hkz_xlsx.batch.collect import collect as collect_files
    from hkz_xlsx.machine.processors import processors
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.spreadsheet.sources import expected

    asked = CollectOptions(**given)
    asked.check()
    lang, norms = asked.lang, asked.norms_dir
    entries = asked.entries()
    load_library(norms)  # mistakes in it are told before anything is read
    with progress(messages(lang)("batch.reading"), expected([asked.source])) as step:
        jobs = asked.jobs or processors()
        found = collect_files(asked.source, entries, norms, jobs, step, asked.same_client)
    _tell(found, asked)
    _write(found, asked)
    faulty = any(c.state == "faulty" for c in found.clients)
    if found.unknown or faulty or has_errors(found.told):
        click.get_current_context().exit(1)


@dataclass(frozen=True, slots=True)
class CollectOptions(ReturnedOptions):
    """The options as they were given."""

    source: Path
    manifest: Path | None
    outputs: tuple[Path, ...]
    deadline: datetime | None
    reminders: Path | None

    @property
    def day(self) -> date | None:
        """The deadline."""
        return self.deadline.date() if self.deadline else None

    def check(self) -> None:
        """Refuse what cannot be written, before anything is read.

        Raises:
            HkzError: an overview of another format, or in a place where nothing can be written.
        """
        from hkz_xlsx.machine.faults import check_targets
        from hkz_xlsx.problems import HkzError, Where, problem

        for path in self.outputs:
            if path.suffix.lower() not in (".xlsx", ".json"):
                slots = {"suffix": path.suffix or "–", "choices": ".xlsx, .json"}
                raise HkzError(problem("TARGET_FORMAT", Where(str(path)), **slots))
        check_targets(self.outputs, force=self.force)
        if self.reminders is not None:
            check_new_folder(self.reminders)

    def entries(self) -> tuple[ManifestEntry, ...]:
        """What was sent; what is to be said of the list is told."""
        from hkz_xlsx.batch.manifest import nearby, read_sent

        manifest = self.manifest
        if manifest is None:
            manifest = nearby(self.source)
            click.echo(say(self.lang, "collect.manifest", path=manifest), err=True)
        entries, told = read_sent(manifest, self.pick)
        show_problems(told, self.lang)
        return entries


def _tell(found: Collected, asked: CollectOptions) -> None:
    """A line per client, files of nobody, and how many are back."""
    from hkz_xlsx.batch import show

    lang = asked.lang
    show_table(show.text_rows(found, lang))
    if found.unknown:
        click.echo(f"\n{messages(lang)('collect.unknown')}")
        show_table(show.unknown_rows(found, lang))
    show_problems(found.told, lang)
    click.echo(show.note(found, lang), err=True)
    click.echo(found.tally.text(lang), err=True)
    if asked.day is not None:
        click.echo(_days_left(asked.day, lang), err=True)


def _days_left(deadline: date, lang: Lang) -> str:
    """How long there is until a day, for whoever sits there today."""
    from hkz_xlsx.batch.reminders import written
    from hkz_xlsx.cli.today import today

    days = (deadline - today()).days
    key = "today" if not days else "left" if days > 0 else "past"
    one = "one_" if abs(days) == 1 else ""
    return say(lang, f"collect.deadline.{one}{key}", day=written(deadline), days=abs(days))


def _write(found: Collected, asked: CollectOptions) -> None:
    from hkz_xlsx.batch import show
    from hkz_xlsx.batch.reminders import files, reminders
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.machine.atomic import make_folder, write_file

    if not (asked.outputs or asked.reminders):
        return
    lang, look = asked.lang, chosen_look(asked.template)
    for path in asked.outputs:
        wide = path.suffix.lower() == ".xlsx"
        data = show.as_xlsx(found, lang, look.palette) if wide else show.as_json(found)
        write_file(path, data, force=asked.force)
        show_written(path, lang)
    if asked.reminders is not None:
        told = reminders(found, asked.day, look)
        make_folder(asked.reminders)
        for name, data in files(told):
            write_file(asked.reminders / name, data, force=asked.force)
        count = len(told)
        click.echo(say(lang, "collect.reminders", path=asked.reminders, count=count), err=True)
