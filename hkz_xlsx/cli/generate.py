"""``hkz generate``: one workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import force_option, lang_option, norms_option, template_option
from hkz_xlsx.cli.output import check_new_workbook, show_problems, show_written
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.layout.plan import WorkbookPlan
    from hkz_xlsx.norm.load import Library
    from hkz_xlsx.norm.select import Scope, Selection
    from hkz_xlsx.problems import Problem
    from hkz_xlsx.scoring.tables import Inputs
    from hkz_xlsx.workbook.carry import Carried


def _asked(selection: Selection, known: Scope, lang: Lang) -> tuple[str, ...]:
    """Scope from questions; only words that decide something for these norms are offered."""
    found = []
    for key in ("funding", "activities"):
        if getattr(known, key) is not None:
            continue
        whens = [r.requirement.when for r in selection.rows if r.requirement.when]
        choices = sorted({value for when in whens for value in getattr(when, key)})
        question = say(lang, f"scope.ask_{key}", choices=", ".join(choices))
        answer = click.prompt(question, default="", show_default=False, err=True)
        if answer.strip():
            found.append(f"{key}={answer}")
    return tuple(found)


def _from_files(
    plan: WorkbookPlan, library: Library, answers: Path | None, previous: Path | None
) -> tuple[Carried, tuple[Problem, ...]]:
    """Answers and scores of earlier workbooks with what hangs on them, and what is said of them."""
    from hkz_xlsx.workbook.carry import Carried, carry, previous_scores
    from hkz_xlsx.workbook.read import read_workbook

    carried = Carried({}, ())
    inputs: Inputs = {}
    problems: tuple[Problem, ...] = ()
    if answers is not None:
        submission = read_workbook(answers, library, complete=True)
        carried = carry(submission, plan)
        inputs, problems = carried.inputs, (*submission.problems, *carried.problems)
    if previous is not None:
        earlier = read_workbook(previous, library)
        inputs = {**inputs, **previous_scores(earlier, plan)}
        problems = (*problems, *earlier.problems)
    return replace(carried, inputs=inputs), problems


@click.command()
@click.argument("parts", nargs=-1, required=True, metavar="NORM...")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path),
    help="The workbook to write (.xlsx).",
)  # fmt: skip
@click.option("--organisation", default="", help="Name of the organisation, on the Start sheet.")
@click.option("--location", default="", help="Location, when there is a workbook per location.")
@click.option("--kvk", default="", help="Number in the Dutch trade register.")
@click.option(
    "--date", "reference_date", type=click.DateTime(["%Y-%m-%d", "%d-%m-%Y"]),
    help="Reference date of the measurement.",
)  # fmt: skip
@click.option(
    "--scope", multiple=True, metavar="KEY=VALUES",
    help="What is known: funding=wmo,jeugdwet or activities=schuldhulp. "
    "Rows that do not hold are left out.",
)  # fmt: skip
@click.option("--ask", is_flag=True, help="Ask for funding and activities, as far as they matter.")
@click.option(
    "--answers", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Start with the answers of this completed workbook; the file itself stays as it is.",
)  # fmt: skip
@click.option(
    "--previous", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Show the scores of this earlier workbook beside the new ones.",
)  # fmt: skip
@template_option
@lang_option
@norms_option
@force_option
def generate(
    parts: tuple[str, ...],
    output: Path,
    organisation: str,
    location: str,
    kvk: str,
    reference_date: datetime | None,
    scope: tuple[str, ...],
    ask: bool,
    answers: Path | None,
    previous: Path | None,
    template: str,
    lang: Lang,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Make a workbook for one or more norm parts; parts that belong together come along.

    \b
    Example:
      hkz generate 138 -o werkboek.xlsx --organisation "Stichting De Brug"
    """
    from hkz_xlsx.layout.build import plan_workbook
    from hkz_xlsx.layout.client import client_inputs
    from hkz_xlsx.layout.codecs import FIRST_PLAUSIBLE, LAST_PLAUSIBLE
    from hkz_xlsx.layout.loose_sheets import with_loose
    from hkz_xlsx.layout.template import load_template
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import Scope, select
    from hkz_xlsx.workbook.atomic import write_file
    from hkz_xlsx.workbook.base import Stamper
    from hkz_xlsx.workbook.write import write_workbook

    check_new_workbook(output, [path for path in (answers, previous) if path], force=force)
    look = load_template(template)
    library = load_library(norms_dir)
    if ask:
        scope = (*scope, *_asked(select(library, parts), Scope.parse(scope), lang))
    selection = select(library, parts, Scope.parse(scope))
    plan = plan_workbook(selection, lang, parts, previous=previous is not None)
    day = reference_date.date() if reference_date else None
    if day is not None and not FIRST_PLAUSIBLE <= day <= LAST_PLAUSIBLE:
        raise click.BadParameter(f"{FIRST_PLAUSIBLE} … {LAST_PLAUSIBLE}", param_hint="--date")
    known = {"name": organisation, "location": location, "kvk": kvk}
    problems: tuple[Problem, ...] = ()
    named = {k: v for k, v in client_inputs(plan, known, day).items() if v is not None}
    if answers is None and previous is None:
        data = Stamper(plan, look).make(named)
    else:
        earlier, problems = _from_files(plan, library, answers, previous)
        whole = with_loose(plan, earlier.extra)
        data = write_workbook(whole, {**earlier.inputs, **named}, look, notes=earlier.notes)
    write_file(output, data, force=force)
    show_problems(problems, lang)
    show_written(output, lang)
    numbers = " + ".join(f"{p.number} ({p.edition.edition})" for p in selection.parts)
    left_out = len(selection.left_out)
    rows = len(selection.rows)
    click.echo(
        say(lang, "cli.generate.rows", rows=rows, norms=numbers, left_out=left_out), err=True
    )
