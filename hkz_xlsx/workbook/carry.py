"""Answers of one workbook into another: a new measurement, a new edition, a corrected file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.codecs import Choice, Codec, shown
from hkz_xlsx.layout.loose_sheets import NOT_PLACED, Extra
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.result_sheet import previous_inputs, previous_key
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, CellError, CellValue, Inputs
from hkz_xlsx.workbook.repair import headers, notes, writable_extra
from hkz_xlsx.workbook.submission import Submission


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes along, and a problem for every answer that has no place in the new workbook.

    ``extra`` is what stood or hung beside the answers, and those answers: for the sheet of what
    is not placed. ``notes`` are comments on the answers that something hangs on.
    """

    inputs: Inputs
    problems: tuple[Problem, ...]
    extra: tuple[Extra, ...] = ()
    notes: Mapping[Address, str] = field(default_factory=dict)


def _codecs(plan: WorkbookPlan) -> Mapping[Address, Codec | None]:
    return {
        Address(block.table.key, row, field.key): field.codec(index)
        for _, block, field in plan.inputs()
        if field.codecs
        for index, row in enumerate(block.table.rows)
    }


def carry(submission: Submission, plan: WorkbookPlan) -> Carried:
    """Everything typed in a file, placed in another workbook by requirement and column.

    Words from lists follow the language of the new workbook. What was not understood is
    carried as it was typed, so that it shows up there to be mended.

    Raises:
        HkzError: the two workbooks have no requirement in common.
    """
    _check_common(submission, plan)
    places, before = _codecs(plan), _codecs(submission.plan)
    inputs: dict[Address, CellValue] = {}
    problems: list[Problem] = []
    left: list[Extra] = []
    names = headers(submission.plan)
    for address, value in submission.as_understood.items():
        if isinstance(value, CellError) or address not in before:
            continue
        if address in places:
            inputs[address] = _in_language(before[address], value, submission, plan)
        else:
            where = submission.places.get(address, Where(submission.file))
            text, column = shown_text(value), names[address.table, address.column]
            problems.append(problem("CARRY_NO_PLACE", where, value=text))
            left.append(Extra("row_unknown", where, text, address.row, column))
    extra = tuple(writable_extra((*_beside(submission), *left)))
    comments = {a: n for a, n in notes(extra, plan.lang, frozenset()).items() if a in places}
    return Carried(inputs, tuple(problems), extra, comments)


def _beside(submission: Submission) -> Iterator[Extra]:
    """What is no answer and goes along: not what was said of answers, nor how files were merged."""
    for one in (*submission.carried, *submission.extra):
        if one.sheet == NOT_PLACED and one.reason not in ("wrong", "cleaned"):
            yield one


def _check_common(submission: Submission, plan: WorkbookPlan) -> None:
    old, new = submission.plan.model, plan.model
    if set(new.table(T.requirements).rows).isdisjoint(old.table(T.requirements).rows):
        names = " + ".join(p.number for p in old.selection.parts)
        raise HkzError(problem("CARRY_OTHER_NORM", Where(submission.file), norms=names))


def shown_text(value: CellValue) -> str:
    """A cell value as a person reads it."""
    return shown(float(value)) if isinstance(value, int | float) else str(value)


def _in_language(
    codec: Codec | None, value: CellValue, submission: Submission, plan: WorkbookPlan
) -> CellValue:
    if isinstance(codec, Choice) and isinstance(value, str):
        code = codec.code(value, submission.plan.lang)
        return value if code is None else codec.label(code, plan.lang)
    return value


def previous_scores(submission: Submission, plan: WorkbookPlan) -> Inputs:
    """The scores of an earlier measurement, for a plan that keeps room for them.

    Scores are as understood: they are those of the report on that file.

    Raises:
        HkzError: the two workbooks have no requirement in common.
    """
    _check_common(submission, plan)
    result = assess(submission.plan.model, submission.as_understood)
    sets = {T.total: {"all": result.total}, T.rubrieken: result.rubrieken, T.themes: result.themes}
    scores = {
        previous_key(name, row): (score.score, score.substantiated)
        for name, found in sets.items()
        for row, score in found.items()
    }
    day = submission.as_understood.get(Address(T.settings, "reference_date", "value"))
    return previous_inputs(plan, scores, float(day) if isinstance(day, int | float) else None)
