"""``hkz aggregate``: thousands of returned files into one portfolio, with figures about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
from click.core import ParameterSource

from hkz_xlsx.cli.options import (
    force_option,
    jobs_option,
    lang_option,
    list_options,
    norms_option,
    same_clients_option,
    template_option,
)
from hkz_xlsx.cli.output import show_problems, show_written, wrong_use
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.cli.progress import progress
from hkz_xlsx.text import Lang, say

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
    "-o", "--output", "outputs", multiple=True, required=True, type=click.Path(path_type=Path),
    help="A folder for the portfolio, or a report: .html, .xlsx, .csv or .parquet; may be given "
    "more than once.",
)  # fmt: skip
@click.option(
    "--benchmark", "benchmark", type=click.Path(path_type=Path),
    help="Also write a page per organisation, against the others, in this folder.",
)  # fmt: skip
@click.option(
    "--organisation",
    default="",
    help="With --benchmark: only this one (KvK number or part of the name).",
)
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
    "-k", "--smallest-group", "k", type=click.IntRange(min=3), default=5, show_default=True,
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
    "--keep-until", type=click.DateTime(["%Y-%m-%d", "%d-%m-%Y"]),
    help="The last day that the portfolio may be kept; after it, every command says so.",
)  # fmt: skip
@same_clients_option
@list_options
@template_option
@lang_option
@password_options
@norms_option
@force_option
def aggregate(
    paths: tuple[Path, ...],
    outputs: tuple[Path, ...],
    benchmark: Path | None,
    organisation: str,
    manifest: Path | None,
    round_kind: str,
    anonymous: bool,
    k: int,
    sample: bool,
    texts: bool,
    jobs: int,
    by_hash: bool,
    engine: str,
    forget: tuple[str, ...],
    keep_until: datetime | None,
    same_client: tuple[tuple[str, ...], ...],
    sheets: tuple[str, ...],
    hidden: bool,
    struck: bool,
    template: str,
    lang: Lang,
    norms_dir: Path | None,
    force: bool,
) -> None:
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

    need("duckdb", "pyarrow")
    from hkz_xlsx.batch.table import Pick
    from hkz_xlsx.figures.model import Choices
    from hkz_xlsx.portfolio.assemble import Settings

    if anonymous and texts:
        raise wrong_use("anonymous")
    wish = _wish(outputs, benchmark, organisation, template, force=force, anonymous=anonymous)
    listed = _listed(manifest, Pick(sheets, hidden, struck), lang)
    norms = str(norms_dir.resolve()) if norms_dir else ""
    until = keep_until.date() if keep_until else None
    settings = Settings(lang, texts, round_kind, norms, listed, same_client, forget, until)
    choices = Choices(lang, anonymous, k, sample, texts)
    _made(paths, settings, choices, wish, _how(jobs, by_hash), engine)


class Wish(NamedTuple):
    """What is to be written, and how it looks; at most one folder for the portfolio."""

    folders: list[Path]
    reports: list[Path]
    benchmark: Path | None
    organisation: str
    template: str
    force: bool


def _wish(
    outputs: tuple[Path, ...], benchmark: Path | None, organisation: str, template: str, *,
    force: bool, anonymous: bool,
) -> Wish:  # fmt: skip
    """What is asked to be written; wrong use, or a place that cannot be, raises."""
    from hkz_xlsx.figures.outputs import SUFFIXES, check_targets

    folders = [
        path
        for path in outputs
        if path.suffix.lower() not in SUFFIXES and (path.is_dir() or not path.suffix)
    ]
    reports = [path for path in outputs if path not in folders]
    if len(folders) > 1:
        raise wrong_use("one_folder")
    if anonymous and (folders or benchmark):
        raise wrong_use("anonymous")
    if organisation and benchmark is None:
        raise wrong_use("organisation")
    check_targets(reports, force=force)
    return Wish(folders, reports, benchmark, organisation, template, force)


def _listed(manifest: Path | None, pick: Pick, lang: Lang) -> Manifest:
    from dataclasses import replace

    from hkz_xlsx.portfolio.manifest import Manifest, read_manifest

    listed = read_manifest(manifest, pick) if manifest else Manifest()
    show_problems(listed.problems, lang)
    return replace(listed, problems=())


def _made(
    paths: tuple[Path, ...], settings: Settings, choices: Choices, wish: Wish, how: How, engine: str
) -> None:  # fmt: skip
    """Reads, writes what is asked, and says what became of it."""
    from hkz_xlsx.cli.today import today
    from hkz_xlsx.portfolio.forgotten import read_kept, too_long

    lang = settings.lang
    with _portfolio(paths, wish.folders, settings, how, engine) as (folder, counts):
        _report(folder, wish.reports, choices, wish.template, force=wish.force)
        if wish.benchmark is not None:
            _benchmark(
                folder, wish.benchmark, choices, wish.template, wish.organisation, force=wish.force
            )
        forgotten = len(read_kept(folder).forgotten)
        show_problems(too_long(folder, today()), lang)
    summary = say(lang, "portfolio.summary", organisations=counts.organisations)
    click.echo(f"{counts.tally.text(lang)} {summary}", err=True)
    if forgotten:
        click.echo(say(lang, "portfolio.forgotten", count=forgotten), err=True)
    for path in wish.folders:
        show_written(path, lang)
    if counts.refused:
        click.get_current_context().exit(1)


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


def _report(
    folder: Path, reports: list[Path], choices: Choices, template: str, *, force: bool
) -> None:  # fmt: skip
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.figures.compute import figures
    from hkz_xlsx.figures.outputs import render
    from hkz_xlsx.machine.atomic import write_file

    if not reports:
        return
    look = chosen_look(template)
    found = figures(folder, choices)
    for path in reports:
        write_file(path, render(found, path.suffix, look), force=force)
        show_written(path, choices.lang)


def _benchmark(
    folder: Path, target: Path, choices: Choices, template: str, organisation: str, *, force: bool
) -> None:  # fmt: skip
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.figures.outputs import write_benchmarks

    look = chosen_look(template)
    count = write_benchmarks(folder, target, choices, look, force=force, organisation=organisation)
    click.echo(say(choices.lang, "portfolio.benchmarks", count=count, path=target), err=True)
