"""Rows of which the number and the text beside it are of two questions.

Answers are read by number. Where only some columns were sorted or pasted, what stands beside an
answer may be another question than the one it is read for, and people answer what they see. So
every command that reads a file has to say so, not only the one that looks for changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import Problem, problem
from hkz_xlsx.returned.named import fixed_texts
from hkz_xlsx.returned.submission import Altered


def moved_questions(plan: WorkbookPlan, altered: Iterable[Altered]) -> Iterator[Problem]:
    """A problem for every row of a table to fill in that has the text of another row.

    Args:
        plan: of the workbook.
        altered: fixed texts that are no longer what was written.
    """
    moved = [one for one in altered if one.owner]
    tables = {one.address.table for one in moved}
    telling = {b.table.key: fixed_texts(b) for _, b in plan.blocks() if b.table.key in tables}
    told: set[tuple[str, str]] = set()
    for one in moved:
        table, row = one.address.table, one.address.row
        if one.address.column in telling[table] and (table, row) not in told:
            told.add((table, row))
            yield problem("TEXT_MOVED", one.where, column=one.column, owner=one.owner)
