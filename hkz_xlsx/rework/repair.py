"""A returned workbook to a fresh one: every answer in its place, everything else listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import Problem, Where
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.newest import newest, placed, without_place
from hkz_xlsx.scoring.cell_values import MAX_TEXT_UNITS, CellValue, cell_text, tidy
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import SHEETS, Extra, with_loose
from hkz_xlsx.sheets.notes import PIECE, notes
from hkz_xlsx.sheets.sealed_sheet import with_sealed
from hkz_xlsx.text import Lang

_WRONG = (
    "ANSWER_UNKNOWN", "ANSWER_STRUCK", "ANSWER_ERROR_CELL", "DATE_WRONG", "DATE_DOUBTFUL",
    "NUMBER_WRONG",
)  # fmt: skip
_CLEANED = ("ANSWER_CLEANED", "KVK_RESTORED")


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a new workbook is written from: `write_workbook(plan, inputs, notes=notes)`."""

    plan: WorkbookPlan
    inputs: Inputs
    notes: Mapping[Address, str]
    extra: tuple[Extra, ...]


def headers(plan: WorkbookPlan) -> Mapping[tuple[str, str], str]:
    """Header of every column, by table and column key."""
    return {
        (block.table.key, field.key): field.header
        for _, block in plan.blocks()
        for field in block.fields
    }


def _told(found: Problem, lang: Lang) -> str:
    return f"{found.message(lang)} {found.hint(lang)}"


def marked(submission: Submission) -> Iterator[Extra]:
    """Every answer that was not understood, or read differently than typed, with its cell."""
    lang, names = submission.plan.lang, headers(submission.plan)
    about = {p.where: p for p in submission.problems if p.code in (*_WRONG, *_CLEANED)}
    for address, where in submission.places.items() if about else ():  # places are made when asked
        found = about.get(where)
        if found is None:
            continue
        reason = "cleaned" if found.code in _CLEANED else "wrong"
        column = names[address.table, address.column]
        yield Extra(
            "cleaned" if reason == "cleaned" else "wrong",
            where, found.slots["value"], address.row, column, address, _told(found, lang),
        )  # fmt: skip


def listed(submission: Submission) -> tuple[Extra, ...]:
    """All that has no place of its own: carried along, not understood, and beside the tables."""
    known = {(e.reason, e.address): e.value for e in submission.carried if e.address is not None}

    def is_new(one: Extra) -> bool:
        # A number that is no date stands in a repaired cell with a question mark before it.
        before = known.get((one.reason, one.address)) if one.address else None
        return before is None or one.value not in (before, f"? {before}")

    fresh = [one for one in marked(submission) if is_new(one)]
    found = writable_extra((*submission.carried, *fresh, *submission.extra))
    return tuple(sorted(found, key=lambda one: SHEETS.index(one.sheet)))


def writable_extra(extra: Iterable[Extra]) -> Iterator[Extra]:
    """Texts that cells can hold; a very long one in pieces, so that nothing of it is cut off."""
    for one in extra:
        where = replace(
            one.where, line=None, file=cell_text(one.where.file),
            sheet=cell_text(one.where.sheet), requirement=cell_text(one.row),
        )  # fmt: skip
        clean = replace(
            one, where=where, row=cell_text(one.row), column=cell_text(one.column),
            told=cell_text(one.told),
        )  # fmt: skip
        value = cell_text(one.value[:PIECE])
        yield replace(clean, value=value)
        for start in range(PIECE, len(one.value), PIECE):
            yield replace(clean, value=cell_text(one.value[start : start + PIECE]))


def wrong_cells(submission: Submission) -> frozenset[Address]:
    """Addresses of answers that were not understood."""
    return frozenset(a for a, r in submission.readings.items() if r.state in ("unknown", "error"))


def fits_in_cell(text: str) -> bool:
    """Whether a cell holds all of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_TEXT_UNITS


def writable(inputs: Inputs) -> tuple[dict[Address, CellValue], list[tuple[Address, str]]]:
    """Inputs that cells can hold, and the texts that were too long for one, whole."""
    found: dict[Address, CellValue] = {}
    cut: list[tuple[Address, str]] = []
    for address, value in inputs.items():
        if not isinstance(value, str):
            found[address] = value
            continue
        text = value if cell_text(value) == value else cell_text(tidy(value))
        if not fits_in_cell(value):
            cut.append((address, value))
        if text:
            found[address] = text
    return found, cut


def too_long(address: Address, text: str, where: Where, plan: WorkbookPlan) -> Extra:
    """A text that its cell cannot hold, to be listed whole.

    Args:
        address: the cell of the plan that would have held it.
        text: all of it.
        where: the cell of the old file in which it stands.
        plan: the new workbook, for the header of the column.
    """
    column = headers(plan)[address.table, address.column]
    return Extra("wrong", where, text, address.row, column, address, "")


def repaired(submission: Submission, least: int = LAYOUT_VERSION) -> Fresh:
    """A fresh workbook of the same norm parts, scope and language, with every answer in it.

    It has the newest layout, or ``least``, and the words of today, whatever the file had.

    Answers are as understood; what was not understood stays in its cell as it was typed, with
    a comment that says what is wrong. Everything without a place is listed on a sheet of its own.
    What somebody agreed to is remembered as it was.
    """
    plan = newest(submission.plan, least)
    inputs, cut = writable(placed(submission, plan))
    long = [too_long(a, text, submission.places.get(a, Where(submission.file)), plan)
            for a, text in cut]  # fmt: skip
    gone = without_place(submission, plan)
    extra = (*listed(submission), *writable_extra((*gone, *long)))
    comments = notes(extra, plan.text, wrong_cells(submission))
    whole = with_sealed(with_loose(plan, extra), submission.sealed)
    return Fresh(whole, inputs, comments, extra)
