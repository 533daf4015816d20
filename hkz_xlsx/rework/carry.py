"""Answers of one workbook into another: a new measurement, a new edition, a corrected file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.returned.questions import Difference, difference, questions
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.merge import visible
from hkz_xlsx.rework.newest import codecs, in_words_of
from hkz_xlsx.rework.repair import headers, writable_extra
from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import NOT_PLACED, Extra
from hkz_xlsx.sheets.notes import notes
from hkz_xlsx.sheets.result_sheet import previous_inputs, previous_key
from hkz_xlsx.text import say


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes along, and a problem for everything that has no place in the new workbook.

    ``extra`` are the rows of the sheet *Niet geplaatst*: that, and what stood or hung beside the
    answers. ``notes`` are comments on the answers that something hangs on.
    """

    inputs: Inputs
    problems: tuple[Problem, ...]
    extra: tuple[Extra, ...] = ()
    notes: Mapping[Address, str] = field(default_factory=dict)


def carry(submission: Submission, plan: WorkbookPlan) -> Carried:
    """Everything typed in a file, placed in another workbook by requirement and column.

    Words from lists follow the language of the new workbook. What was not understood is
    carried as it was typed, so that it shows up there to be mended. Under a question that is
    another one in the new workbook nothing is put: it is listed with the old question, as is
    everything without a place and what the file had listed itself.

    Raises:
        HkzError: the two workbooks have no requirement in common.
    """
    _check_common(submission, plan)
    places, before = (
        {address: codec for address, codec in codecs(one).items() if codec is not None}
        for one in (plan, submission.plan)
    )
    langs = (submission.plan.lang, plan.lang)
    differs = difference(submission, plan)
    doubtful = differs.doubtful
    inputs: dict[Address, CellValue] = {}
    lost: list[Address] = []
    problems: list[Problem] = []
    for address, value in submission.as_understood.items():
        if isinstance(value, CellError) or address not in before:
            continue
        if address in places and address.row not in doubtful:
            inputs[address] = in_words_of(value, before[address], places[address], langs)
            continue
        lost.append(address)
        if address.row not in doubtful:
            where, text = _where(submission, address), visible(value, before[address])
            problems.append(problem("CARRY_NO_PLACE", where, value=text))
    listed = _not_placed(submission, plan, lost, doubtful)
    problems = [*_refused(submission, differs, lost), *problems]
    beside = tuple(writable_extra(_beside(submission)))
    comments = notes(beside, plan.text, frozenset())
    comments = {a: n for a, n in comments.items() if a in places and a.row not in doubtful}
    return Carried(inputs, tuple(problems), (*beside, *writable_extra(listed)), comments)


def _beside(submission: Submission) -> Iterator[Extra]:
    """What is no answer and goes along: not what was said of answers, nor how files were merged."""
    for one in (*submission.carried, *submission.extra):
        if one.sheet == NOT_PLACED and one.reason not in ("wrong", "cleaned"):
            yield one


def _where(submission: Submission, address: Address) -> Where:
    return submission.places.get(address, Where(submission.file, requirement=address.row))


def _not_placed(
    submission: Submission,
    plan: WorkbookPlan,
    lost: Sequence[Address],
    doubtful: frozenset[str],
) -> Iterator[Extra]:
    """What is not carried, cell by cell, with the question it was an answer to."""
    known, names, asked = codecs(submission.plan), headers(submission.plan), questions(submission)
    for address in lost:
        question = asked.get(address.row, "")
        yield Extra(
            "other_question" if address.row in doubtful else "no_row",
            _where(submission, address),
            visible(submission.as_understood[address], known[address]),
            address.row, names[address.table, address.column], address,
            say(plan.lang, "loose.old_question", question=question) if question else "",
        )  # fmt: skip


def _refused(
    submission: Submission, differs: Difference, lost: Sequence[Address]
) -> Iterator[Problem]:
    """One for every question that is another one, and one for a question set that is not here."""
    first: dict[str, Address] = {}
    for address in lost:
        first.setdefault(address.row, address)
    asked = questions(submission)
    for row in differs.changed:
        if row in first:
            where = _where(submission, first[row])
            yield problem("CARRY_QUESTION_CHANGED", where, row=row, question=asked.get(row, "–"))
    for edition, rows in differs.parts.items():
        count = sum(row in first for row in rows)
        if count:
            yield problem(
                "CARRY_QUESTION_UNSURE", Where(submission.file), norm=edition, count=count
            )


def _check_common(submission: Submission, plan: WorkbookPlan) -> None:
    old, new = submission.plan.model, plan.model
    if set(new.table(T.requirements).rows).isdisjoint(old.table(T.requirements).rows):
        names = " + ".join(p.number for p in old.selection.parts)
        raise HkzError(problem("CARRY_OTHER_NORM", Where(submission.file), norms=names))


def previous_scores(submission: Submission, plan: WorkbookPlan) -> Inputs:
    """The scores of an earlier measurement, for a plan that keeps room for them.

    Scores are as understood: they are those of the report on that file.

    Raises:
        HkzError: the two workbooks have no requirement in common.
    """
    _check_common(submission, plan)
    result = submission.assessment
    sets = {T.total: {"all": result.total}, T.rubrieken: result.rubrieken, T.themes: result.themes}
    scores = {
        previous_key(name, row): (score.score, score.substantiated)
        for name, found in sets.items()
        for row, score in found.items()
    }
    day = submission.as_understood.get(Address(T.settings, "reference_date", "value"))
    return previous_inputs(plan, scores, float(day) if isinstance(day, int | float) else None)


def earlier_scores(submission: Submission, plan: WorkbookPlan) -> Carried:
    """As `previous_scores`, with what is to be said where they are about other questions.

    Raises:
        HkzError: the two workbooks have no requirement in common.
    """
    scores = previous_scores(submission, plan)
    differs = difference(submission, plan)
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
