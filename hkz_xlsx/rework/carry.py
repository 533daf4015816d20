"""Answers of one workbook into another: a new measurement, a new edition, a corrected file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from hkz_xlsx.assessment.model import Assessment
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.returned.questions import Passage, difference, passage, questions
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.history import REFERENCE, remembered
from hkz_xlsx.rework.journey import Journey, Landed
from hkz_xlsx.rework.repair import headers, listed, too_long, writable, writable_extra, wrong_cells
from hkz_xlsx.rework.tables_kept import Purpose
from hkz_xlsx.scoring.choices import ANSWER, LICENSED, T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import COMPLETED, DECISIONS, NOT_CARRIED, Extra
from hkz_xlsx.sheets.notes import notes
from hkz_xlsx.sheets.result_sheet import previous_inputs, previous_key
from hkz_xlsx.text import say


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes along, and a problem for everything that has no place in the new workbook.

    ``extra`` are the rows of the sheets *Niet geplaatst*, *Niet overgenomen* and *Afgerond*: that,
    and what stood or hung beside the answers. ``notes`` are comments on the answers that something
    hangs on. ``names`` are the crosswalks that were followed, ``counts`` how many cells were
    carried, shown beside another question, or listed.
    """

    inputs: Inputs
    problems: tuple[Problem, ...]
    extra: tuple[Extra, ...] = ()
    notes: Mapping[Address, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def carry(
    submission: Submission,
    plan: WorkbookPlan,
    library: Library | None = None,
    purpose: Purpose = "same",
    *,
    whole: bool = False,
) -> Carried:
    """Everything typed in a file, placed in another workbook by question and column.

    What the relation between an old question and a new one means for an answer stands in
    `hkz_xlsx.rework.journey`. Words from lists follow the language of the new workbook. What was
    not understood is carried as it was typed, so that it shows up there to be mended. What has no
    place is listed with the old question, and so is what the file had listed itself.

    Args:
        submission: what was read.
        plan: the new workbook.
        library: the norms with their crosswalks; without it questions are compared as they are.
        purpose: what the new workbook is for.
        whole: also what was said of answers and how files were merged goes along, as in a repair.

    Raises:
        HkzError: the two workbooks have no requirement in common; or a crosswalk on the way is
            wrong, stale, or missing from a chain.
    """
    way = passage(submission, plan, library)
    _check_common(submission, plan, way)
    journey = Journey(submission, plan, way, purpose)
    landed = journey.run()
    inputs, cut = writable(landed.inputs)
    long = [too_long(a, text, Where(submission.file), plan) for a, text in cut]
    hangs = listed(submission) if whole else tuple(_beside(submission))
    beside = [_moved(one, journey) for one in writable_extra(hangs)]
    wrong = wrong_cells(submission) if whole else frozenset[Address]()
    wrong = frozenset(at for a in wrong if a in journey.before and (at := journey.moved(a)))
    beside += writable_extra(_looked_at(journey, landed))
    comments = notes(beside, plan.text, wrong)
    comments = {a: note for a, note in comments.items() if a in journey.places}
    extra = (*beside, *writable_extra((*landed.listed, *long)))
    counts = Counter[str](fates[0][0] for fates in landed.fates.values())
    return Carried(inputs, tuple(_problems(journey, landed)), extra, comments, way.names, counts)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a new workbook that begins with a file is for.

    Attributes:
        sha256: of the bytes of the file.
        day: the reference date of the new workbook, a serial number; None takes that of the file.
        measured: the scores of the file as understood, when they are known already.
        next_year: also clear what was of one year, as `hkz_xlsx.rework.tables_kept` says.
    """

    sha256: str
    day: float | None = None
    measured: Assessment | None = None
    next_year: bool = False


def begun(
    submission: Submission,
    plan: WorkbookPlan,
    library: Library,
    measurement: Measurement,
) -> Carried:
    """A new workbook that begins with a file: `carry`, and what it remembers of that file.

    With another reference date it is another measurement: answers are to be looked at again, and
    the scores of the file become the newest line of the history.

    Args:
        submission: what was read.
        plan: the new workbook.
        library: the norms with their crosswalks.
        measurement: what the new workbook is for, and what is known of the file.

    Raises:
        HkzError: as `carry`.
    """
    one, then = measurement, submission.as_understood.get(REFERENCE)
    other = one.next_year or (one.day is not None and one.day != then)
    purpose: Purpose = "next" if one.next_year else "start" if other else "same"
    found = carry(submission, plan, library, purpose)
    measured = None
    if other:
        measured = one.measured or submission.assessment
    more = remembered(submission, plan, measured=measured, sha256=one.sha256, names=found.names)
    return replace(found, inputs={**found.inputs, **more})


def _beside(submission: Submission) -> Iterator[Extra]:
    """What is no answer and goes along: not what was said of answers, nor how files were merged."""
    for one in (*submission.carried, *submission.extra):
        if one.sheet != DECISIONS and one.reason not in ("wrong", "cleaned"):
            yield one


def _moved(one: Extra, journey: Journey) -> Extra:
    """What hangs on an answer, on that answer in the new workbook; on none where it is another."""
    if one.address is None or one.sheet in (NOT_CARRIED, COMPLETED):
        return one
    moved = journey.moved(one.address) if one.reason not in _OF_OTHERS else None
    return replace(one, address=moved)


_OF_OTHERS = ("other_question", "no_row", "scores")
"""Listed by an earlier journey: of a question that is not in this workbook."""


def _looked_at(journey: Journey, landed: Landed) -> Iterator[Extra]:
    """Where a workbook has no column that says so: answers to look at, which get a comment."""
    submission, asked = journey.submission, questions(journey.submission)
    name = headers(journey.plan)[T.requirements, ANSWER]
    for new, old in landed.revised.items():
        at = Address(T.requirements, new, ANSWER)
        if at in landed.inputs and not journey.shows:
            told = say(journey.plan.lang, "loose.old_question", question=asked.get(old, "–"))
            where = _where(submission, Address(T.requirements, old, ANSWER))
            yield Extra("look_at", where, str(landed.inputs[at]), new, name, at, told)


def _problems(journey: Journey, landed: Landed) -> Iterator[Problem]:
    """One for every question that is another one, for a question set that is not here, and for
    every cell that has no place."""
    submission, way = journey.submission, journey.way
    asked = questions(submission)
    unsure = {row for rows in way.unsure.values() for row in rows}
    typed: dict[str, Address] = {}
    for address in landed.fates:
        if address.table == T.requirements:
            typed.setdefault(address.row, address)
    for row, address in typed.items():
        standings = {edge.standing for edge in journey.edges(row)}
        if row in unsure or standings <= {"equal"}:
            continue
        where = _where(submission, address)
        code = "CARRY_LOOK_AT" if "shown" not in standings else "CARRY_QUESTION_CHANGED"
        if code == "CARRY_QUESTION_CHANGED" and journey.shows:
            code = "CARRY_TO_JUDGE"
        yield problem(code, where, row=row, question=asked.get(row, "–"))
    for edition, rows in way.unsure.items():
        count = sum(row in typed for row in rows)
        if count:
            where = Where(submission.file)
            yield problem("CARRY_QUESTION_UNSURE", where, norm=edition, count=count)
    for one in landed.listed:
        if one.reason in ("no_row", "not_carried") and one.address is not None:
            if landed.fates[one.address][0][0] != "listed":
                continue  # of several that came together in one cell, not the one that is taken
            table = journey.plan.text(f"sheet.{one.sheet}.tab")
            value = "…" if one.address.column in LICENSED else one.value
            yield problem("CARRY_NO_PLACE", one.where, value=value, table=table)


def _where(submission: Submission, address: Address) -> Where:
    return submission.places.get(address, Where(submission.file, requirement=address.row))


def _check_common(submission: Submission, plan: WorkbookPlan, way: Passage) -> None:
    old, new = submission.plan.model, plan.model
    rows = set(new.table(T.requirements).rows)
    led = {e.new for es in way.onward.values() for e in es}
    if rows.isdisjoint(old.table(T.requirements).rows) and rows.isdisjoint(led):
        names = " + ".join(p.number for p in old.selection.parts)
        raise HkzError(problem("CARRY_OTHER_NORM", Where(submission.file), norms=names))


def previous_scores(
    submission: Submission, plan: WorkbookPlan, measured: Assessment | None = None,
    way: Passage | None = None,
) -> Inputs:  # fmt: skip
    """The scores of an earlier measurement, for a plan that keeps room for them.

    Args:
        submission: the earlier measurement. Scores are as understood: those of the report on it.
        plan: the new workbook.
        measured: those scores when they are known already; else they are computed.
        way: where questions went; without it they are compared as they are.

    Raises:
        HkzError: the two workbooks have no requirement in common.
    """
    _check_common(submission, plan, way or passage(submission, plan))
    result = measured or submission.assessment
    sets = {T.total: {"all": result.total}, T.rubrieken: result.rubrieken, T.themes: result.themes}
    scores = {
        previous_key(name, row): (score.score, score.substantiated)
        for name, found in sets.items()
        for row, score in found.items()
    }
    day = submission.as_understood.get(Address(T.settings, "reference_date", "value"))
    return previous_inputs(plan, scores, float(day) if isinstance(day, int | float) else None)


def earlier_scores(
    submission: Submission,
    plan: WorkbookPlan,
    library: Library | None = None,
    measured: Assessment | None = None,
) -> Carried:
    """As `previous_scores`, with what is to be said where they are about other questions.

    Args:
        submission: the earlier measurement.
        plan: the new workbook.
        library: question sets with their crosswalks; without it questions are compared as they are.
        measured: the scores of ``submission`` when they are known already.

    Returns:
        the scores; problems, and lines for the list of what was set aside, about questions that
        changed and about editions whose questions are not here as they were.

    Raises:
        HkzError: the two workbooks have no requirement in common.
    """
    way = passage(submission, plan, library)
    scores = previous_scores(submission, plan, measured, way)
    differs = difference(submission, plan, way)
    file, asked = Where(submission.file), questions(submission)
    told: list[Problem] = []
    if differs.changed or differs.gone or differs.added:
        rows = {"changed": differs.changed, "gone": differs.gone, "added": differs.added}
        names = {name: ", ".join(found) or "–" for name, found in rows.items()}
        told.append(problem("CARRY_SCORES_OTHER", file, **names))
    told += [problem("CARRY_SCORES_UNSURE", file, norm=edition) for edition in differs.parts]
    note = say(plan.lang, "loose.old_scores")
    listed = [
        Extra("scores", replace(file, requirement=row), asked.get(row, "–"), row, "", None, note)
        for row in differs.changed
    ]
    listed += [Extra("scores", file, edition, "", "", None, note) for edition in differs.parts]
    return Carried(scores, tuple(told), tuple(writable_extra(listed)))
