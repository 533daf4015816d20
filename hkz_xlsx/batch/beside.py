"""A table that stands beside a list, after a blank column: it is not part of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.batch.account import columns_shown
from hkz_xlsx.batch.row_kinds import FoundTable, filled, is_comment, name_of
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.spreadsheet.rows import Row


def without_beside(file: str, found: FoundTable) -> tuple[FoundTable, tuple[Problem, ...]]:
    """The list alone, and what is said about tables beside it.

    Columns after a blank one belong to the list when one of them has a meaning that the list does
    not have yet, or when they hold nothing but on rows of the list.
    """
    groups = _groups(found)
    if len(groups) < 2:  # noqa: PLR2004 - nothing beside it
        return found, ()
    known = {place: {name_of(h)} for h in found.headings for place in [h.place]}
    names = [set().union(*(known.get(p, set()) for p in group)) for group in groups]
    meant = {h.key for h in found.headings if h.key} | set(found.needed)
    main = max(range(len(groups)), key=lambda i: len(names[i] & meant))
    beside = [
        group
        for i, group in enumerate(groups)
        if i != main and names[i] and _apart(found, (groups[main], group), (names[main], names[i]))
    ]
    said = []
    for group in beside:
        rows = [n for n, row in found.rows.items() if set(filled(row)) & set(group)]
        where = Where(file, None, found.sheet.title, a1(found.header, group[0]))
        slots = {"columns": columns_shown(group), "count": len(rows)}
        said.append(problem("LIST_BESIDE", where, **slots))
    left = {place for group in beside for place in group}
    if not left:
        return found, ()
    kept = ((number, _without(row, left)) for number, row in found.rows.items())
    return (
        replace(
            found,
            headings=tuple(h for h in found.headings if h.place not in left),
            rows={number: row for number, row in kept if filled(row)},
        ),
        tuple(said),
    )


def _groups(found: FoundTable) -> list[list[int]]:
    """Columns that stand side by side, apart from others by a blank one."""
    used = {h.place for h in found.headings}
    for row in found.rows.values():
        if not is_comment(row):
            used.update(filled(row))
    groups: list[list[int]] = []
    for place in sorted(used):
        if groups and place == groups[-1][-1] + 1:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _apart(
    found: FoundTable,
    columns: tuple[Sequence[int], Sequence[int]],
    names: tuple[set[str], set[str]],
) -> bool:
    (main, group), (of_main, of_group) = columns, names
    if of_main & of_group:
        return True
    keys = {h.key for h in found.headings if h.key}
    if of_group & keys:
        return False
    return any(
        set(filled(row)) & set(group) and not set(filled(row)) & set(main)
        for row in found.rows.values()
        if not is_comment(row)
    )


def _without(row: Row, places: set[int]) -> Row:
    return [None if place in places else value for place, value in enumerate(row)]
