"""What stands in a workbook from somebody's own copy of the norm: it stays with that person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.choices import LICENSED, OWN_TEXT, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import Extra
from hkz_xlsx.text import LANGS, catalogue, every_wording


def own_text(address: Address) -> bool:
    """Whether a cell holds a text of the norm that was put beside its question."""
    return address.table == T.requirements and address.column == OWN_TEXT


def licensed(submission: Submission) -> tuple[Address, ...]:
    """Cells with text or paragraphs that were typed from somebody's own copy of the norm."""
    return tuple(
        address
        for address, value in submission.as_understood.items()
        if address.table == T.requirements
        and address.column in LICENSED
        and value not in (None, "")
    )


def not_to_share(submission: Submission) -> tuple[Problem, ...]:
    """A problem per column with licensed text: how much there is and where, never what it says."""
    names = {field.key: field.header for _, block, field in submission.plan.inputs()
             if block.table.key == T.requirements}  # fmt: skip
    by_column: dict[str, list[Where]] = {}
    for address in licensed(submission):
        where = submission.places.get(address, Where(submission.file))
        by_column.setdefault(names[address.column], []).append(where)
    for one in licensed_among((*submission.extra, *submission.carried)):
        where = replace(one.where, file=submission.file)
        by_column.setdefault(one.column, []).append(where)
    return tuple(
        problem("SHARE_LICENSED", places[0], column=column, count=len(places))
        for column, places in by_column.items()
    )


def licensed_among(extra: Sequence[Extra], columns: Sequence[str] = LICENSED) -> tuple[Extra, ...]:
    """What is listed from such cells: rows that stand there twice, copies of a sheet.

    Args:
        extra: what has no place of its own.
        columns: which of these columns.
    """
    heads = {
        catalogue(lang, wording).get(f"column.requirements.{column}.header", "")
        for column in columns
        for lang in LANGS
        for wording in every_wording()
    }
    return tuple(
        one
        for one in extra
        if (one.column and one.column in heads)
        or (one.address is not None and one.address.column in columns)
    )
