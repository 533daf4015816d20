"""What people wrote in comments on cells, beside the comments that we wrote ourselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import Where
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import Extra
from hkz_xlsx.sheets.notes import notes
from hkz_xlsx.spreadsheet.grid import Grid


def remarks(
    grid: Grid, plan: WorkbookPlan, places: Mapping[Address, Where], carried: Sequence[Extra]
) -> Iterator[Extra]:
    """Comments of people, with the answer they belong to as far as they stand on one.

    A comment of which every line stands in a note of an earlier repair or merge is ours.

    Args:
        grid: the file.
        plan: what it was made from.
        places: where every answer was found.
        carried: what an earlier repair or merge set aside: its notes follow from it.
    """
    wrong = frozenset(one.address for one in carried if one.address is not None)
    own = {
        line.strip() for text in notes(carried, plan.text, wrong).values()
        for line in text.splitlines()
    }  # fmt: skip
    answers = {(where.sheet, where.cell): address for address, where in places.items()}
    rows = {
        (where.sheet, where.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")): address.row
        for address, where in places.items()
    }
    for sheet in grid.sheets:
        for at, text in sorted(sheet.comments.items()):
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            if not lines or own.issuperset(lines):
                continue
            row = rows.get((sheet.title, str(at[0] + 1)), "")
            where = Where(grid.file, None, sheet.title, a1(*at), row)
            yield Extra("comment", where, text, row, "", answers.get((sheet.title, a1(*at))))
