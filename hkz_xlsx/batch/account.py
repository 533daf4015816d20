"""What is said about rows and sheets of a list that are not used, with their places and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hkz_xlsx.batch.row_kinds import FoundTable, Kind, filled, name_of
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.cell_values import a1, column_letters, shown
from hkz_xlsx.spreadsheet.rows import Pick, Row, RowsOfSheet, names_shown, stretches

_CODES: Mapping[Kind, str] = {
    "hidden": "LIST_ROWS_HIDDEN", "struck": "LIST_ROWS_STRUCK", "total": "LIST_ROWS_TOTAL",
    "note": "LIST_ROWS_NOTE", "comment": "LIST_ROWS_COMMENT", "header": "LIST_ROWS_HEADER",
    "below": "LIST_ROWS_BELOW",
}  # fmt: skip
_LONGEST = 40


def told_of_rows(
    file: str, found: FoundTable, kinds: Mapping[int, Kind], pick: Pick
) -> tuple[tuple[Problem, ...], dict[int, tuple[Problem, ...]]]:
    """What is to be said about rows, and hidden columns, of a list.

    Args:
        file: name of the list.
        found: the table in it.
        kinds: by 0-based row what was made of it.
        pick: what was asked for beyond what a person sees.

    Returns:
        one finding for every kind of rows that is skipped; and findings for rows, by 1-based
        number, that are asked about.
    """
    title = found.sheet.title
    said: list[Problem] = []
    if not found.sheet.looks:
        said.append(problem("LIST_LIMITED", Where(file, None, title)))
    for heading in found.headings:
        if heading.place in found.sheet.hidden_columns:
            where = Where(file, None, title, a1(found.header, heading.place))
            said.append(problem("LIST_COLUMN_HIDDEN", where, column=heading.header))
    for kind, code in _CODES.items():
        rows = [number for number, one in kinds.items() if one == kind]
        if rows:
            where = Where(file, None, title, a1(rows[0], _first(found, found.rows[rows[0]])))
            slots = {"count": len(rows), "rows": stretches(n + 1 for n in rows)}
            names = names_shown([_name(found, found.rows[n]) for n in rows])
            said.append(problem(code, where, **slots, names=names))
    doubts: dict[int, tuple[Problem, ...]] = {}
    for number, kind in kinds.items():
        if kind in ("used", "doubtful"):
            problems = tuple(_doubts(file, found, number, kind, pick))
            if problems:
                doubts[number + 1] = problems
    return tuple(said), doubts


def _doubts(file: str, found: FoundTable, number: int, kind: Kind, pick: Pick) -> Iterator[Problem]:
    row, title = found.rows[number], found.sheet.title
    if kind == "doubtful":
        where = Where(file, None, title, a1(number, _first(found, row)))
        yield problem("LIST_ROW_DOUBTFUL", where, value=_name(found, row))
    if pick.struck:
        return
    for place in filled(row):
        if (number, place) in found.sheet.struck:
            where = Where(file, None, title, a1(number, place))
            yield problem("LIST_CELL_STRUCK", where, value=shown(row[place])[:_LONGEST])


def told_of_sheets(
    file: str,
    skipped: Sequence[tuple[RowsOfSheet, FoundTable | None]],
    every: Sequence[RowsOfSheet],
) -> tuple[Problem, ...]:
    """A finding for every sheet that is not read though something stands on it.

    Args:
        file: name of the list.
        skipped: those sheets, with the table that each has, None where it has none.
        every: all sheets with something on them; where there is one, it is the list.
    """
    if len(every) < 2:  # noqa: PLR2004 - one sheet is the list
        return ()
    said = []
    for sheet, table in skipped:
        where = Where(file, None, sheet.title)
        if table is None:
            count = sum(bool(filled(row)) for row in sheet.rows)
            said.append(problem("LIST_SHEET_OTHER", where, sheet=sheet.title, count=count))
        else:
            slots = {"sheet": sheet.title, "count": len(table.rows)}
            said.append(problem("LIST_SHEET_SKIPPED", where, **slots))
    return tuple(said)


def _name(found: FoundTable, row: Row) -> str:
    return shown(row[_first(found, row)]).strip()[:_LONGEST]


def _first(found: FoundTable, row: Row) -> int:
    """The cell that says what a row is about: its name, else its first."""
    places = filled(row)
    named = [h.place for h in found.headings if name_of(h) in ("name", "client")]
    return next((p for p in named if p in places), places[0])


def columns_shown(places: Sequence[int]) -> str:
    """Letters of columns, such as ``F-H``."""
    first, last = column_letters(places[0]), column_letters(places[-1])
    return first if first == last else f"{first}-{last}"
