"""``hkz aggregate``: thousands of returned files into one portfolio, with figures about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from hkz_xlsx.cli.dutch import filled
from hkz_xlsx.cli.options import DayType, Whole, jobs_option
from hkz_xlsx.cli.output import (
    check_new_folder,
    show_password_tip,
    show_problems,
    show_written,
    wrong_use,
)
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.cli.returned_options import ReturnedOptions, returned_options
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.text import Lang, say, seen

if TYPE_CHECKING:
    from hkz_xlsx.batch.table import Pick
    from hkz_xlsx.figures.model import Choices
    from hkz_xlsx.portfolio.assemble import Counts, Settings
    from hkz_xlsx.portfolio.build import How
    from hkz_xlsx.portfolio.cluster import DaskEngine
    from hkz_xlsx.portfolio.manifest import Manifest
    from hkz_xlsx.portfolio.run import Progress
    from hkz_xlsx.problems import Problem


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path),
    help=filled(
        "A folder for the portfolio, or a report ({kinds}); may be given more than once.",
        kinds=", ".join([*FORMATS, ".xlsx", ".csv", ".parquet"]),
    ),
)  # fmt: skip
@click.option(
    "--benchmark", "benchmark", type=click.Path(path_type=Path),
    help="Also write a page per organisation, against the others, in this folder.",
)  # fmt: skip
@click.option(
    "--benchmark-format", "benchmark_formats", multiple=True, default=("html",), show_default=True,
    type=click.Choice([suffix.removeprefix(".") for suffix in FORMATS]),
    help="Format of the pages of --benchmark; may be given more than once.",
)  # fmt: skip
@click.option(
    "--organisation",
    default="",
    help="With --benchmark: only this one (KvK number or part of the name).",
)
@click.option(
    "--pictures", type=click.Path(path_type=Path, file_okay=False),
    help="Also write every figure in this folder: the drawing as .svg, what it shows as .csv.",
)  # fmt: skip
@click.option(
    "--manifest", type=click.Path(path_type=Path, dir_okay=False),
    help="Manifest of a batch, or an own list (csv or xlsx) with a column workbook_id or KvK; "
    "its other columns become groups.",
)  # fmt: skip
@click.option(
    "--round", "round_kind", type=click.Choice(["year", "half", "quarter", "month"]),
    default="year", show_default=True, help="How reference dates make rounds of measurement.",
)  # fmt: skip
@click.option(
    "--anonymous", is_flag=True, help="Reports without names, free text, evidence and small groups."
)
@click.option(
    "-k", "--smallest-group", "k", type=Whole(min=3), default=5, show_default=True,
    help="Smallest group that is shown with --anonymous and on benchmark pages.",
)  # fmt: skip
@click.option("--sample", is_flag=True, help="The files are a sample: give 95% intervals.")
@click.option(
    "--texts", is_flag=True, help="Also keep and show what people wrote in their own words."
)
@jobs_option
@click.option(
    "--by-hash",
    is_flag=True,
    help="Look at the content of every file, also when its time stamp is unchanged.",
)
@click.option(
    "--engine", default="", metavar="dask[://ADDRESS]",
    help="Read on a Dask cluster, an existing one or one on this machine.",
)  # fmt: skip
@click.option(
    "--forget", multiple=True, metavar="KVK",
    help="Take this organisation out, by its KvK number or, where it has none, its name; it stays "
    "out in every next run. May be repeated.",
)  # fmt: skip
@click.option(
    "--keep-until", type=DayType(),
    help="The last day that the portfolio may be kept; after it, every command says so.",
)  # fmt: skip
@returned_options
def aggregate(**given: Any) -> None:  # noqa: ANN401 - options as they are named in `AggregateOptions`
    """Read returned files into a portfolio: tables, and figures about the whole field.

    A path is a file, a folder, a zip with files, or a portfolio made before. Files that were
    read before are not read again; when this is stopped, the same command goes on.

    \b
    Example:
      hkz aggregate retouren -o portfolio -o veld.html -o veld.xlsx
      hkz aggregate portfolio -o openbaar.html --anonymous
      hkz aggregate portfolio -o veld.html --benchmark terug-te-sturen
    """
    from hkz_xlsx.machine.extras import need

    need("duckdb", "pyarrow", *(("distributed",) if given["engine"] else ()))
    from hkz_xlsx.figures.model import Choices

    asked = AggregateOptions(**given)
    asked.check()
    choices = Choices(asked.lang, asked.anonymous, asked.k, asked.sample, asked.texts)
    _made(asked, asked.settings(), choices)


@dataclass(frozen=True, slots=True)
class AggregateOptions(ReturnedOptions):
    """The options as they were given."""

    paths: tuple[Path, ...]
    outputs: tuple[Path, ...]
    benchmark: Path | None
    benchmark_formats: tuple[str, ...]
    organisation: str
    pictures: Path | None
    manifest: Path | None
    round_kind: str
    anonymous: bool
    k: int
    sample: bool
    texts: bool
    by_hash: bool
    engine: str
    forget: tuple[str, ...]
    keep_until: datetime | None

    @property
    def folders(self) -> list[Path]:
        """Where a portfolio is kept: what is a folder, or bears no end of a report."""
        from hkz_xlsx.figures.outputs import SUFFIXES

        return [
            path
            for path in self.outputs
            if path.suffix.lower() not in SUFFIXES and (path.is_dir() or not path.suffix)
        ]

    @property
    def reports(self) -> list[Path]:
        """The reports that are asked for."""
        return [path for path in self.outputs if path not in self.folders]

    def check(self) -> None:
        """Refuse what does not go together, before hours of reading."""
        from hkz_xlsx.figures.outputs import check_targets

        if not self.outputs and self.benchmark is None and self.pictures is None:
            context = click.get_current_context()
            output = next(one for one in context.command.params if one.name == "outputs")
            raise click.MissingParameter(ctx=context, param=output)
        if len(self.folders) > 1:
            raise wrong_use("one_folder")
        if self.anonymous and (self.folders or self.texts or self.benchmark):
            raise wrong_use("anonymous")
        if self.organisation and self.benchmark is None:
            raise wrong_use("organisation")
        check_targets(self.reports, force=self.force)
        for folder in (self.benchmark, self.pictures):
            if folder is not None:
                check_new_folder(folder)

    def settings(self) -> Settings:
        """How files are read; what is wrong with a list is told."""
        from hkz_xlsx.portfolio.assemble import Settings

        listed = _listed(self.manifest, self.pick, self.lang)
        norms = str(self.norms_dir.resolve()) if self.norms_dir else ""
        until = self.keep_until.date() if self.keep_until else None
        return Settings(
            self.lang, self.texts, self.round_kind, norms, listed, self.same_client, self.forget,
            until,
        )  # fmt: skip


def _listed(manifest: Path | None, pick: Pick, lang: Lang) -> Manifest:
    from dataclasses import replace

    from hkz_xlsx.portfolio.manifest import Manifest, read_manifest

    listed = read_manifest(manifest, pick) if manifest else Manifest()
    show_problems(listed.problems, lang)
    return replace(listed, problems=())


def _made(asked: AggregateOptions, settings: Settings, choices: Choices) -> None:
    """Reads, writes what is asked, and says what became of it."""
    from hkz_xlsx.cli.today import today
    from hkz_xlsx.portfolio.forgotten import read_kept, too_long

    lang, folders = settings.lang, asked.folders
    how = _how(asked.jobs, asked.by_hash)
    with _portfolio(asked.paths, folders, settings, how, asked.engine) as (folder, counts):
        _report(folder, asked, choices)
        if asked.benchmark is not None:
            _benchmark(folder, asked.benchmark, asked, choices)
        forgotten = len(read_kept(folder).forgotten)
        refused = _refused(folder) if counts.refused else ()
        show_problems(too_long(folder, today()), lang)
    summary = say(lang, "portfolio.summary", organisations=counts.organisations)
    click.echo(f"{counts.tally.text(lang)} {summary}", err=True)
    if forgotten:
        click.echo(say(lang, "portfolio.forgotten", count=forgotten), err=True)
    for path in folders:
        show_written(path, lang)
    if counts.refused:
        _tell_refused(refused, lang)
        click.get_current_context().exit(1)


def _refused(folder: Path) -> tuple[tuple[str, str, list[str]], ...]:
    """What made files unusable: code, what it says, and the names of the files."""
    from hkz_xlsx.portfolio.query import ask

    rows = ask(
        folder,
        "select code, min(message), list(file order by file) from problems "
        "where severity = 'error' "
        "and file_id in (select file_id from files where state = 'refused') "
        "group by code order by count(*) desc, code",
    ).rows
    return tuple((str(code), str(told), list(names)) for code, told, names in rows)


def _tell_refused(refused: tuple[tuple[str, str, list[str]], ...], lang: Lang) -> None:
    """Every reason once, with the first files that it is about."""
    from hkz_xlsx.spreadsheet.rows import names_shown

    for code, told, names in refused:
        files = seen(names_shown(names))
        click.echo(f"  {code}  {seen(told)} ({len(names)}): {files}", err=True)
    show_password_tip([code for code, *_ in refused], lang)


def _how(jobs: int, by_hash: bool) -> How:
    from hkz_xlsx.machine.processors import processors
    from hkz_xlsx.portfolio.build import How

    return How(jobs or processors(), by_hash)


@contextmanager
def _portfolio(
    paths: tuple[Path, ...], folders: list[Path], settings: Settings, how: How, engine: str
) -> Iterator[tuple[Path, Counts]]:  # fmt: skip
    """The portfolio asked for: one made before, one to keep, or one for these reports only."""
    import tempfile

    from hkz_xlsx.portfolio.build import is_portfolio, read_counts

    if len(paths) == 1 and is_portfolio(paths[0]):
        if settings.same_client:
            raise wrong_use("same_client")
        if folders:
            raise wrong_use("ready")
        _check_made(paths[0], settings)
        yield paths[0], read_counts(paths[0])
        return
    if folders:
        yield folders[0], _build(paths, folders[0], settings, how, engine)
        return
    with tempfile.TemporaryDirectory(prefix="hkz-portfolio-") as name:
        yield Path(name), _build(paths, Path(name), settings, how, engine)


_OF_READING = ("by_hash", "engine", "norms_dir", "forget", "keep_until")


def _check_made(folder: Path, settings: Settings) -> None:
    """Options that say how files are read: a portfolio that is ready was made so, or is refused."""
    from hkz_xlsx.portfolio.build import check_made

    context = click.get_current_context()
    given = {
        parameter.name: max(parameter.opts, key=len)
        for parameter in context.command.params
        if parameter.name is not None
        and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
    }
    of_reading = [given[name] for name in _OF_READING if name in given]
    if of_reading:
        raise wrong_use("not_read", options=", ".join(of_reading))
    made_by = {"texts": "texts", "round_kind": "round", "manifest": "manifest"}
    options = {key: given[name] for name, key in made_by.items() if name in given}
    check_made(folder, settings, options)


def _build(
    paths: tuple[Path, ...], folder: Path, settings: Settings, how: How, engine: str
) -> Counts:  # fmt: skip
    from contextlib import nullcontext
    from dataclasses import replace

    from hkz_xlsx.portfolio.build import build

    try:
        with (
            _engine(engine, how.jobs) if engine else nullcontext() as found,
            _progress(settings.lang) as tell,
        ):
            said: list[Problem] = []
            counts = build(
                paths, folder, settings, replace(how, tell=tell, said=said.append), found
            )
    except KeyboardInterrupt:
        click.get_current_context().meta["hkz.stopped"] = "portfolio.stopped"
        raise
    show_problems(said, settings.lang)
    return counts


def _engine(engine: str, jobs: int) -> DaskEngine:
    from hkz_xlsx.portfolio.cluster import DaskEngine

    name, _, address = engine.partition("://")
    if name != "dask":
        raise wrong_use("engine")
    return DaskEngine(f"tcp://{address}" if address and "://" not in address else address, jobs)


@contextmanager
def _progress(lang: Lang) -> Iterator[Callable[[Progress], None]]:
    """A line that also counts the unusable files."""
    with progress(say(lang, "portfolio.running")) as step:
        before = 0

        def tell(now: Progress) -> None:
            nonlocal before
            done = now.read + now.known
            note = say(lang, "portfolio.progress_line", problems=now.unusable)
            step(done - before, total=max(done, now.total), note=note)
            before = done

        yield tell


def _report(folder: Path, asked: AggregateOptions, choices: Choices) -> None:
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.figures.compute import figures
    from hkz_xlsx.figures.outputs import render
    from hkz_xlsx.figures.picture_files import write_pictures
    from hkz_xlsx.machine.atomic import write_file

    if not asked.reports and asked.pictures is None:
        return
    look = chosen_look(asked.template)
    found = figures(folder, choices)
    for path in asked.reports:
        write_file(path, render(found, path.suffix, look), force=asked.force)
        show_written(path, choices.lang)
    if asked.pictures is not None:
        count = write_pictures(found, asked.pictures, look, force=asked.force)
        told = say(choices.lang, "portfolio.pictures", count=count, path=asked.pictures)
        click.echo(told, err=True)


def _benchmark(folder: Path, target: Path, asked: AggregateOptions, choices: Choices) -> None:
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.figures.outputs import Pages, write_benchmarks

    look = chosen_look(asked.template)
    suffixes = tuple(f".{name}" for name in asked.benchmark_formats)
    pages = Pages(asked.organisation, suffixes, asked.force)
    count = write_benchmarks(folder, target, choices, look, pages)
    click.echo(say(choices.lang, "portfolio.benchmarks", count=count, path=target), err=True)
