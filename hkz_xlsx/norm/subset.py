"""A part of a workbook: only the core requirements, or what one of several people fills in.

A subset has no verdict, whatever its score: it is a part of the workbook.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.norm.select import SelectedRow, Selection
from hkz_xlsx.problems import HkzError, problem

CORE = "core"
"""The subset of the core requirements, as the identity says it."""

_PART = re.compile(r"([1-9]\d?)/([1-9]\d?):(\S+(?: \S+)*)", re.ASCII)


def part_of_several(number: int, count: int, rows: Sequence[str]) -> str:
    """What the identity says of part ``number`` of ``count`` with these requirements.

    Args:
        number: which part, from 1.
        count: how many parts the workbook was split into.
        rows: ids of the requirements in this part.
    """
    return f"{number}/{count}:{' '.join(rows)}"


def numbered(subset: str) -> tuple[int, int] | None:
    """Which part of how many a subset is; None for another kind and for a whole workbook."""
    found = _PART.fullmatch(subset)
    return (int(found[1]), int(found[2])) if found else None


def narrowed(selection: Selection, subset: str) -> Selection:
    """The rows of a subset, with the parts and verdict groups that still have rows.

    Args:
        selection: the rows of the whole workbook; narrowing twice gives the same.
        subset: empty for the whole, `CORE`, or as `part_of_several` says it.

    Raises:
        HkzError: a subset without rows, or not written as one of these.
    """
    if not subset:
        return selection
    rows = _rows(selection, subset)
    if not rows:
        names = " + ".join(part.number for part in selection.parts)
        raise HkzError(problem("SUBSET_EMPTY", None, norm=names))
    here = {row.part.id for row in rows}
    schemes = tuple(
        replace(scheme, parts=tuple(part for part in scheme.parts if part in here))
        for scheme in selection.schemes
        if here.intersection(scheme.parts)
    )
    return replace(selection, rows=rows, schemes=schemes, subset=subset)


def _rows(selection: Selection, subset: str) -> tuple[SelectedRow, ...]:
    if subset == CORE:
        return tuple(row for row in selection.rows if row.requirement.core)
    found = _PART.fullmatch(subset)
    if found is None:
        raise HkzError(problem("IDENTITY_BROKEN"))
    chosen = frozenset(found[3].split())
    return tuple(row for row in selection.rows if row.requirement.id in chosen)
