"""The list on which people decide what a merge takes, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.rework.merge import CellDifference, Decisions, to_settle
from hkz_xlsx.rework.newest import visible
from hkz_xlsx.scoring.cell_values import a1, column_letters, shown
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.grid import SheetGrid
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.spreadsheet.rows import stretches
from hkz_xlsx.text import LANGS, Lang, Messages, every_wording, messages, say
from hkz_xlsx.writing.tables import TableColumn, TableSheet, write_tables


def letter(index: int) -> str:
    """A, B, … Z, AA, … for the files in the order in which they were named."""
    return column_letters(index)


def _key(address: Address) -> str:
    return f"{address.table}/{address.row}/{address.column}"


def told_apart(paths: Sequence[Path]) -> list[str]:
    """Names of files: of those with the same name also the folders that differ, as few as tell
    them apart, wherever they are named from."""
    found = []
    for path in paths:
        like = [other.resolve().parts for other in paths if other.name == path.name]
        own = path.resolve().parts
        alone = (n for n in range(1, len(own)) if [p[-n:] for p in like].count(own[-n:]) == 1)
        most = next(alone, len(own))  # a file that is named twice is refused later
        found.append("/".join(own[-most:]))
    return found


def decision_list(differences: Sequence[CellDifference], files: Sequence[str], lang: Lang) -> bytes:
    """The bytes of a workbook with one row per difference and a column to choose in.

    Args:
        differences: as a merge found them; those that nobody has to settle get no row.
        files: names in the order in which the merge took them: the first is A.
        lang: language of headers and notes.
    """
    text = messages(lang)
    letters = tuple(letter(i) for i in range(len(files)))
    names = "; ".join(f"{one} = {file}" for one, file in zip(letters, files, strict=True))
    columns = (
        TableColumn(text("column.loose.row"), 14),
        TableColumn(text("column.loose.column"), 22),
        *(TableColumn(_head(one, file), 30) for one, file in zip(letters, files, strict=True)),
        TableColumn(text("merge.column.choose"), 10, choices=letters[:100]),
        TableColumn(text("merge.column.key"), 40),
    )
    rows = [
        (one.address.row, one.column, *_values(one, len(files)), "", _key(one.address))
        for one in to_settle(differences)
    ]
    title = text("merge.title")
    note = say(lang, "merge.letters", files=names)
    return write_tables([TableSheet(title, title, note, "Decisions", columns, rows)], title)


def _values(one: CellDifference, files: int) -> list[str]:
    said = {s.file: visible(s.value, one.codec) for s in one.said}
    return [said.get(index, "") for index in range(files)]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people chose: ``chosen`` by address, and the ``problems`` that stop nothing."""

    chosen: Decisions
    problems: tuple[Problem, ...] = ()


def read_decisions(
    path: Path,
    differences: Sequence[CellDifference],
    files: Sequence[str],
    earlier: Sequence[str] = (),
) -> Decided:
    """What was chosen, found by the headers, wherever the columns now stand.

    Choices in hidden rows count, as every difference needs one, and are told: whoever filtered
    the list did not see them.

    Args:
        path: the list, in the wording of any release and either language.
        differences: those of the merge that is done now; the list has to have a row for each.
        files: names of the files that are merged, in any order: a letter is the file that its
            header in the list names.
        earlier: what earlier releases called those files in a list: as they were named.

    Raises:
        HkzError: not a list of these differences, or of other files; a choice that is open or no
            letter of a file that says something. Every such cell is named.
    """
    grid = open_workbook(path, complete=True)
    for sheet in grid.sheets:
        # A list that an earlier release wrote is understood for ever.
        for lang, wording in product(LANGS, every_wording()):
            spot = _columns(sheet, messages(lang, wording))
            if spot is not None:
                known = tuple(zip(files, earlier or files, strict=True))
                return _read(sheet, spot, (grid.file, lang), (differences, known))
    raise HkzError(problem("DECISION_LIST", Where(grid.file)))


def _columns(sheet: SheetGrid, text: Messages) -> tuple[int, int, int] | None:
    at = {shown(value): spot for spot, value in sorted(sheet.cells.items(), reverse=True)}
    choose, key = at.get(text("merge.column.choose")), at.get(text("merge.column.key"))
    if choose is None or key is None or choose[0] != key[0]:
        return None
    return choose[0], choose[1], key[1]


def _read(
    sheet: SheetGrid,
    spot: tuple[int, int, int],
    about: tuple[str, Lang],
    asked: tuple[Sequence[CellDifference], Sequence[tuple[str, str]]],
) -> Decided:
    (header, choose, key), (file, lang), (differences, files) = spot, about, asked
    rows = {
        shown(value): row for (row, column), value in sheet.cells.items()
        if column == key and row > header
    }  # fmt: skip
    found: dict[Address, int] = {}
    problems: list[Problem] = []
    wanted = to_settle(differences)
    if wanted and not any(_key(one.address) in rows for one in wanted):
        raise HkzError(problem("DECISION_LIST", Where(file)))
    letters = _letters(sheet, header, files, Where(file, None, sheet.title))
    named = {index: one for one, index in letters.items()}
    for one in wanted:
        row = rows.get(_key(one.address))
        typed = "" if row is None else shown(sheet.cells.get((row, choose))).strip()
        cell = "" if row is None else a1(row, choose)
        where = Where(file, None, sheet.title, cell, one.address.row)
        choices = ", ".join(sorted(named[s.file] for s in one.said))
        index = letters.get(typed.upper().rstrip("."))
        if not typed:
            column = messages(lang)("merge.column.choose")
            slots = {"row": one.address.row, "column": one.column, "choose": column}
            problems.append(problem("DECISION_OPEN", where, choices=choices, **slots))
        elif index is None or index not in {s.file for s in one.said}:
            problems.append(problem("DECISION_WRONG", where, value=typed, choices=choices))
        else:
            found[one.address] = index
    if problems:
        raise HkzError(*problems)
    used = {rows[_key(address)] for address in found}
    return Decided(found, _hidden(sheet, used & sheet.hidden_rows, file))


_HEAD = re.compile(r"([A-Z]+)\. (.+)", re.DOTALL)
"""The header of a file in the list: its letter and its name."""


def _head(one: str, file: str) -> str:
    """A letter with a name; of a very long one the end, which tells folders apart."""
    head = f"{one}. {file}"
    return head if len(head) <= _MOST else f"{one}. …{head[len(head) - _MOST + len(one) + 3 :]}"


_MOST = 200
"""Letters of the name of a file in a list."""


def _letters(
    sheet: SheetGrid, header: int, files: Sequence[tuple[str, str]], where: Where
) -> dict[str, int]:
    """Which file a letter of the list is now: who names the files in another order, chose what
    stands under their names. Without those headers it is the order that says it."""
    by_order = {letter(i): i for i in range(len(files))}
    heads = [shown(v) for (row, _), v in sheet.cells.items() if row == header]
    then = {m[1]: text for text in heads if (m := _HEAD.fullmatch(text)) and m[1] in by_order}
    # Earlier releases kept the beginning of a long name.
    names = [
        {
            one: {_head(one, name), _head(one, before), f"{one}. {before}"[:_MOST]}
            for one in by_order
        }
        for name, before in files
    ]
    found = {one: [i for i, each in enumerate(names) if text in each[one]]
             for one, text in then.items()}  # fmt: skip
    same = all(by_order[one] in found[one] for one in then)
    if same and (not then or any(len(each) > 1 for each in found.values())):
        return by_order  # no headers, or those of a list that calls two files the same
    places = [i for each in found.values() for i in each]
    if sorted(places) != list(range(len(files))):
        now = (_head(one, files[i][0]) for one, i in by_order.items())
        slots = {"then": "; ".join(sorted(then.values())), "now": "; ".join(now)}
        raise HkzError(problem("DECISION_FILES", where, **slots))
    return {one: each[0] for one, each in found.items()}


def _hidden(sheet: SheetGrid, rows: set[int], file: str) -> tuple[Problem, ...]:
    if not rows:
        return ()
    where = Where(file, None, sheet.title, a1(min(rows), 0))
    return (
        problem("DECISION_HIDDEN", where, count=len(rows), rows=stretches(row + 1 for row in rows)),
    )
