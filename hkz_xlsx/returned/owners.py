"""Whose a workbook is that was read, and how it is recorded what people stated about that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hkz_xlsx.layout.whose import Owner, owner
from hkz_xlsx.problems import Problem, Where
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import Extra
from hkz_xlsx.text import Lang, say

_CELLS = tuple(Address("organisation", key, "value") for key in ("kvk", "name"))


def owner_of(submission: Submission) -> Owner:
    """Who stands on its sheet Start, after cleaning, and its workbook id."""
    return owner(submission.as_understood)


def owner_place(submission: Submission) -> Where:
    """The cell that says whose it is; only the file where none does."""
    for address in _CELLS:
        if address in submission.readings and address in submission.places:
            return replace(submission.places[address], file=submission.file)
    return Where(submission.file)


def statements(problems: Iterable[Problem], lang: Lang) -> Iterator[Extra]:
    """What was taken as one client because people said so, for the sheet of decisions."""
    for one in problems:
        if one.code == "OWNER_STATED":
            key = "KvK" if "KvK" in one.slots["theirs"] else "name"
            label = say(lang, f"form.organisation.{key.lower()}.label")
            told, row = one.message(lang), one.where.requirement
            yield Extra("taken", one.where, one.slots["theirs"], row, label, None, told)
