"""``hkz generate``: one workbook."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.next_year import Wanted, next_workbook
from hkz_xlsx.cli.options import (
    DayType,
    force_option,
    given,
    lang_option,
    new_workbook_option,
    norms_option,
    same_client_option,
    template_option,
)
from hkz_xlsx.cli.output import (
    check_new_workbook,
    exit_with_errors,
    show_problems,
    show_written,
    wrong_value,
)
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.machine.garbage import uncollected
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hkz_xlsx.layout.plan import WorkbookPlan
    from hkz_xlsx.layout.style_template import Look
    from hkz_xlsx.norm.load import Library
    from hkz_xlsx.norm.select import Scope, Selection
    from hkz_xlsx.problems import Problem
    from hkz_xlsx.returned.submission import Submission
    from hkz_xlsx.rework.carry import Carried


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


class EarlierWorkbooks(NamedTuple):
    """Earlier workbooks: answers to start with, scores to show beside the new ones; text of the
    norm to show; and whether the workbooks were stated to be of the same client."""

    answers: Path | None
    previous: Path | None
    own_text: Path | None
    same_client: bool


def _whose(
    known: Mapping[str, str], files: Sequence[Submission], *, said: bool
) -> tuple[Problem, ...]:
    """What is to be said of whose these files are; raises `HkzError` when they are another's."""
    from hkz_xlsx.layout.whose import Owner, told
    from hkz_xlsx.problems import HkzError, has_errors
    from hkz_xlsx.returned.owners import owner_of, owner_place

    found: tuple[Problem, ...] = ()
    ours = Owner(known["name"], known["location"], known["kvk"])
    for one in files:
        theirs = owner_of(one)
        if known["name"] or known["location"] or known["kvk"] or one is not files[0]:
            found += told(ours, theirs, owner_place(one), said=said)
        else:
            ours = theirs  # the new workbook is of whoever the answers are of
    if has_errors(found):
        raise HkzError(*found)
    return found


def _from_files(
    plan: WorkbookPlan,
    library: Library,
    earlier: EarlierWorkbooks,
    known: Mapping[str, str],
    day: date | None,
) -> Carried | None:
    """Answers and scores of earlier workbooks with what hangs on them, and what finds no place."""
    found = _from_workbooks(plan, library, earlier, known, day)
    if earlier.own_text is None:
        return found
    from hkz_xlsx.cli.own_text import with_own_text

    return with_own_text(earlier.own_text, plan, found)


def _from_workbooks(
    plan: WorkbookPlan,
    library: Library,
    earlier: EarlierWorkbooks,
    known: Mapping[str, str],
    day: date | None,
) -> Carried | None:
    answers, previous = earlier.answers, earlier.previous
    if answers is None and previous is None:
        return None
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.carry import Carried, Measurement, begun, earlier_scores
    from hkz_xlsx.scoring.cell_values import serial

    # What hangs on cells matters where it goes along.
    read = {
        path: read_workbook(path, library, complete=path == answers)
        for path in (answers, previous)
        if path
    }
    whose = _whose(known, [*read.values()], said=earlier.same_client)
    told = (*(p for one in read.values() for p in one.problems), *whose)
    found = Carried({}, ())
    if answers is not None:
        sha256 = hashlib.sha256(answers.read_bytes()).hexdigest()
        number = serial(day) if day else None
        found = begun(read[answers], plan, library, Measurement(sha256, number))
    scores = Carried({}, ())
    if previous is not None:
        scores = earlier_scores(read[previous], plan, library)
    return replace(
        found, inputs={**found.inputs, **scores.inputs},
        problems=(*told, *found.problems, *scores.problems),
        extra=(*found.extra, *scores.extra),
    )  # fmt: skip


def _number(typed: str) -> tuple[str, tuple[Problem, ...]]:
    """A KvK number with its zero in front, and what is to be said of it."""
    from hkz_xlsx.layout.kvk import read_kvk
    from hkz_xlsx.problems import Where, problem

    known, where = read_kvk(typed), Where("--kvk")
    if typed.strip() and not known.usable:
        return typed, (problem("KVK_OF_NOBODY", where, value=typed),)
    if known.restored:
        told = problem("KVK_RESTORED", where, value=typed, understood=known.number)
        return known.number, (told,)
    return typed, ()


def _show_counts(selection: Selection, lang: Lang) -> None:
    numbers = " + ".join(f"{p.number} ({p.edition})" for p in selection.parts)
    counts = {"rows": len(selection.rows), "left_out": len(selection.left_out)}
    click.echo(say(lang, "cli.generate.rows", norms=numbers, **counts), err=True)


def _day(reference_date: datetime | None) -> date | None:
    """The reference date, when it is one that a workbook can have."""
    day = reference_date.date() if reference_date else None
    _check_day(day)
    return day


def _check_usage(
    this_year: Path | None, parts: tuple[str, ...], lang: Lang, *, others: bool
) -> None:
    """A norm or an earlier workbook; with the latter nothing that it says itself."""
    if this_year is not None and others:
        raise click.UsageError(say(lang, "next.alone"))
    if this_year is None and not parts:
        raise click.UsageError(say(lang, "next.no_norm"))


def _check_day(day: date | None) -> None:
    from hkz_xlsx.layout.codecs import FIRST_PLAUSIBLE, LAST_PLAUSIBLE

    if day is not None and not FIRST_PLAUSIBLE <= day <= LAST_PLAUSIBLE:
        first, last = (f"{bound:%d-%m-%Y}" for bound in (FIRST_PLAUSIBLE, LAST_PLAUSIBLE))
        raise wrong_value("--date", "usage.day_range", first=first, last=last)


def _new(organisation: str, parts: Sequence[str], lang: Lang) -> Path:
    """A name for a workbook that nobody named."""
    name = organisation or say(lang, "guided.workbook")
    return new_name(f"{name} {' '.join(parts)}", ".xlsx")


@click.command()
@click.argument("parts", nargs=-1, metavar="NORM...")
@new_workbook_option
@click.option("--organisation", default="", help="Name of the organisation, on the Start sheet.")
@click.option("--location", default="", help="Location, when there is a workbook per location.")
@click.option("--kvk", default="", help="Number in the Dutch trade register.")
@click.option(
    "--date", "reference_date", type=DayType(),
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
@click.option(
    "--next", "this_year", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Make the workbook of the next year: the norms, answers and history of this one. "
    "Give the new reference date with --date.",
)  # fmt: skip
@click.option(
    "--core", is_flag=True,
    help="Only the core requirements: a small workbook to begin with. "
    "--answers carries its answers into the whole one later.",
)  # fmt: skip
@click.option(
    "--own-text", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Show the text of the norm from your own copy beside the questions: a list that "
    "`hkz norms own-text` made and you filled in.",
)  # fmt: skip
@click.option("--layout", type=int, default=None, hidden=True)
@same_client_option
@template_option
@lang_option
@password_options
@norms_option
@force_option
def generate(
    parts: tuple[str, ...], output: Path | None, organisation: str, location: str, kvk: str,
    reference_date: datetime | None, scope: tuple[str, ...], ask: bool, answers: Path | None,
    previous: Path | None, this_year: Path | None, core: bool, own_text: Path | None,
    layout: int | None, same_client: bool, template: str, lang: Lang, norms_dir: Path | None,
    force: bool,
) -> None:  # fmt: skip
    """Make a workbook for one or more norm parts; parts that belong together come along.

    NORM is a part such as 138, with its edition and question set where you want a certain one:
    138@2015/r2. Without those it is the newest released one; a draft is used only when named.

    \b
    Example:
      hkz generate 138 -o werkboek.xlsx --organisation "Stichting De Brug"
      hkz generate --next werkboek-2026.xlsx --date 01-03-2027 -o werkboek-2027.xlsx
    """
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import Scope, select
    from hkz_xlsx.norm.subset import CORE, narrowed

    day = _day(reference_date)
    others = any((organisation, location, kvk, scope, ask, answers, previous, core, own_text))
    _check_usage(this_year, parts, lang, others=others)
    if this_year is not None:
        wanted = Wanted(output, force, template, lang if given("lang") else None)
        next_workbook(this_year, parts, wanted, day, norms_dir)
        return
    output = output or _new(organisation, parts, lang)
    sources = [path for path in (answers, previous, own_text) if path]
    check_new_workbook(output, sources, force=force)
    look = chosen_look(template)
    library = load_library(norms_dir)
    if ask:
        scope = (*scope, *_asked(select(library, parts), Scope.parse(scope), lang))
    selection = narrowed(select(library, parts, Scope.parse(scope)), CORE if core else "")
    earlier = EarlierWorkbooks(answers, previous, own_text, same_client)
    known = {"name": organisation, "location": location, "kvk": kvk}
    wish = _Wish(parts, lang, layout, known, day)
    told = _write(output, selection, library, wish, earlier, look, force=force)
    show_problems((*told, *selection.remarks), lang)
    show_written(output, lang)
    _show_counts(selection, lang)
    exit_with_errors(told)


class _Wish(NamedTuple):
    """What was asked for: parts, language, layout, whose it is, and its reference date."""

    parts: tuple[str, ...]
    lang: Lang
    layout: int | None
    known: Mapping[str, str]
    day: date | None


@uncollected()
def _write(
    output: Path, selection: Selection, library: Library, wish: _Wish, earlier: EarlierWorkbooks,
    look: Look, *, force: bool,
) -> tuple[Problem, ...]:  # fmt: skip
    """Write the workbook; gives what is to be said of it."""
    from hkz_xlsx.layout.client import client_inputs
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.plan_build.build import plan_workbook
    from hkz_xlsx.releases import LAYOUT_VERSION
    from hkz_xlsx.returned.owners import statements
    from hkz_xlsx.sheets.loose_sheets import with_loose
    from hkz_xlsx.writing.base import Stamper
    from hkz_xlsx.writing.workbook import write_workbook

    lang = wish.lang
    shape = wish.layout or LAYOUT_VERSION
    plan = plan_workbook(selection, lang, wish.parts, shape, previous=earlier.previous is not None)
    number, told = _number(wish.known["kvk"])
    known = {**wish.known, "kvk": number}
    found = _from_files(plan, library, earlier, known, wish.day)
    named = {k: v for k, v in client_inputs(plan, known, wish.day).items() if v is not None}
    if found is None:
        write_file(output, Stamper(plan, look).make(named), force=force)
        return told
    noted = with_loose(plan, [*statements(found.problems, lang), *found.extra])
    data = write_workbook(noted, {**found.inputs, **named}, look, notes=found.notes)
    write_file(output, data, force=force)
    return (*told, *found.problems)
