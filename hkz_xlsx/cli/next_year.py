"""``hkz generate --next``: the workbook of the next year, out of that of this one."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.output import check_new_workbook, show_problems, show_written
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hkz_xlsx.problems import Problem
    from hkz_xlsx.rework.carry import Carried


class Wanted(NamedTuple):
    """Where the new workbook goes, whether it may replace a file, and what it looks like."""

    output: Path | None
    force: bool
    template: str


def next_workbook(
    file: Path, to: tuple[str, ...], wanted: Wanted, day: date | None, norms: Path | None
) -> None:
    """Write the workbook of the next year beside that of this year.

    Args:
        file: the completed workbook; it is only read.
        to: question sets to move to; by default the newest released ones.
        wanted: the workbook to write; by default one beside the file.
        day: the new reference date; without it Start asks for it.
        norms: folder with norms.

    Raises:
        HkzError: the file cannot be read, or has no question in common with the new sets.
    """
    from hkz_xlsx.assessment.assess import assess
    from hkz_xlsx.cli.settings import chosen_look
    from hkz_xlsx.layout.client import WORKBOOK_ID, workbook_id
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.plan_build.build import plan_workbook
    from hkz_xlsx.releases import LAYOUT_VERSION
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.carry import Measurement, begun, earlier_scores
    from hkz_xlsx.rework.history import REFERENCE
    from hkz_xlsx.rework.migrate import target
    from hkz_xlsx.scoring.cell_values import serial
    from hkz_xlsx.sheets.loose_sheets import with_loose
    from hkz_xlsx.writing.workbook import write_workbook

    name = f"{file.stem} {day.year if day else ''}".strip()
    output = wanted.output or new_name(name, ".xlsx", file.parent)
    check_new_workbook(output, [file], force=wanted.force)
    look = chosen_look(wanted.template)
    library = load_library(norms)
    submission = read_workbook(file, library, complete=True)
    lang, identity = submission.plan.lang, submission.identity
    selection = target(submission, library, to)
    layout = max(LAYOUT_VERSION, identity.layout)
    plan = plan_workbook(selection, lang, identity.asked, layout, previous=True)
    measured = assess(submission.plan.model, submission.as_understood)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    number = serial(day) if day else None
    found = begun(submission, plan, library, Measurement(sha256, number, measured, next_year=True))
    scores = earlier_scores(submission, plan, library, measured)
    fresh = {WORKBOOK_ID: workbook_id(plan, {"previous": sha256}, day)}
    asked = {REFERENCE: number} if number is not None else {}
    inputs = {**found.inputs, **scores.inputs, **fresh, **asked}
    whole = with_loose(plan, (*found.extra, *scores.extra))
    data = write_workbook(whole, inputs, look, notes=found.notes)
    write_file(output, data, force=wanted.force)
    show_problems(
        (*selection.remarks, *submission.problems, *found.problems, *scores.problems,
         *_expired(found, number)), lang,
    )  # fmt: skip
    show_written(output, lang)
    _show_counts(found, lang)


def _show_counts(found: Carried, lang: Lang) -> None:
    done = sum(one.reason == "completed" for one in found.extra)
    counts = {key: found.counts.get(key, 0) for key in ("carried", "shown", "listed")}
    click.echo(say(lang, "next.done", done=done, **counts), err=True)


def _expired(found: Carried, day: float | None) -> Iterator[Problem]:
    """Which evidence is out of date on the new reference date."""
    from hkz_xlsx.problems import problem

    rows = [
        address.row
        for address, value in found.inputs.items()
        if address.column == "valid_until" and isinstance(value, float) and value < (day or 0)
    ]
    if rows:
        yield problem("NEXT_EVIDENCE_EXPIRED", None, count=len(rows), rows=", ".join(rows))
