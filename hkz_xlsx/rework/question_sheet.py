"""A question set as a sheet that an expert reviews and edits, and back to files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.norm.authoring import COLUMNS, Placed, column_width, rows_of
from hkz_xlsx.norm.clauses import UnsureClauseError, clauses
from hkz_xlsx.norm.model import NormPart
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.rework.question_headers import Headers, find_headers
from hkz_xlsx.scoring.cell_values import RawValue, a1, shown
from hkz_xlsx.spreadsheet.open import Grid, SheetGrid, open_workbook
from hkz_xlsx.spreadsheet.rows import Pick, names_shown, stretches
from hkz_xlsx.writing.tables import TableColumn, TableSheet, write_tables

_CODES = {
    "hidden": "LIST_ROWS_HIDDEN", "struck": "LIST_ROWS_STRUCK", "comment": "LIST_ROWS_COMMENT",
    "header": "LIST_ROWS_HEADER", "note": "LIST_ROWS_NOTE",
}  # fmt: skip
_CLAUSES = "iso9001"
NO_HEADER = frozenset({"NORM_HEADER_MISSING", "NORM_HEADER_WRONG"})
"""With a column missing, every row would be told to miss a value."""


def review_sheet(part: NormPart) -> bytes:
    """The bytes of a workbook with one row per requirement; headers are the key names."""
    columns = tuple(TableColumn(name, column_width(name)) for name in COLUMNS)
    rows = [tuple(row[name] for name in COLUMNS) for row in rows_of(part)]
    heading, note = f"{part.number} – {part.short_name.nl}", str(part.edition)
    sheet = TableSheet(part.id, heading, note, "Review", columns, rows)
    return write_tables([sheet], heading)


@dataclass(frozen=True, slots=True)
class Review:
    """The rows of a reviewed sheet, and what is to be said about the file."""

    rows: tuple[Placed, ...]
    problems: tuple[Problem, ...]


def read_review(path: Path, pick: Pick | None = None) -> Review:
    """Every row of a reviewed sheet, found by its headers, wherever the table now stands.

    Args:
        path: a workbook.
        pick: what to read beyond what a person sees.

    Raises:
        HkzError: no sheet with such headers, or not the one asked for.
    """
    pick = pick or Pick()
    grid = open_workbook(path, complete=True)
    filled = [sheet for sheet in grid.sheets if sheet.cells]
    headers = {sheet.title: find_headers(sheet) for sheet in filled}
    chosen = chosen_sheets(grid, filled, headers, pick)
    said: list[Problem] = []
    if not grid.complete:
        said.append(problem("LIST_LIMITED", Where(grid.file)))
    said += [_unread(grid.file, s, headers[s.title]) for s in filled if s not in chosen]
    rows: list[Placed] = []
    found = read = 0
    for sheet in chosen:
        head = headers[sheet.title]
        if head is None:  # only of a sheet asked for by name
            raise HkzError(problem("NORM_SHEET_NONE", Where(grid.file, None, sheet.title)))
        reader = QuestionSheetReader(grid.file, sheet, head, pick)
        rows += reader.read()
        said += reader.problems
        found, read = found + reader.found, read + reader.used
    if found != read or len(filled) != len(chosen):
        slots = {"found": found, "used": read, "refused": 0, "skipped": found - read}
        sheets = {"sheets": len(filled), "read": len(chosen), "unread": len(filled) - len(chosen)}
        said.append(problem("LIST_COUNT", Where(grid.file), **slots, **sheets))
    return Review(tuple(rows), tuple(said))


def chosen_sheets(
    grid: Grid, filled: Sequence[SheetGrid], headers: Mapping[str, Headers | None], pick: Pick
) -> list[SheetGrid]:
    """The sheets that were asked for, or the first visible one with headers.

    Args:
        grid: the file, for messages.
        filled: its sheets with something on them, in the order of the file.
        headers: by title the headers that were found, None where a sheet has none.
        pick: titles that were asked for, compared without case and outer blanks; and whether a
            hidden sheet may be taken.

    Raises:
        HkzError: there is none of them.
    """
    if pick.sheets:
        by_title = {sheet.title.strip().casefold(): sheet for sheet in filled}
        for title in pick.sheets:
            if title.strip().casefold() not in by_title:
                choices = ", ".join(sheet.title for sheet in filled)
                slots = {"sheet": title, "choices": choices}
                raise HkzError(problem("LIST_SHEET_UNKNOWN", Where(grid.file), **slots))
        return [by_title[title.strip().casefold()] for title in pick.sheets]
    able = [sheet for sheet in filled if headers[sheet.title] is not None]
    seen = [sheet for sheet in able if sheet.visibility == "visible" or pick.hidden]
    if seen:
        return seen[:1]
    if able:
        where = Where(grid.file, None, able[0].title)
        raise HkzError(problem("LIST_SHEET_HIDDEN", where, sheet=able[0].title))
    raise HkzError(problem("NORM_SHEET_NONE", Where(grid.file)))


def _unread(file: str, sheet: SheetGrid, head: Headers | None) -> Problem:
    first = -1 if head is None else head.row
    count = len({row for row, _ in sheet.cells if row > first})
    code = "LIST_SHEET_OTHER" if head is None else "LIST_SHEET_SKIPPED"
    return problem(code, Where(file, None, sheet.title), sheet=sheet.title, count=count)


class QuestionSheetReader:
    """Reads the rows of one sheet; collects what is to be said about them.

    ``alone`` are columns of which one makes a row; other cells alone are a note.
    """

    def __init__(
        self, file: str, sheet: SheetGrid, head: Headers, pick: Pick,
        alone: tuple[str, ...] = ("id",),
    ) -> None:  # fmt: skip
        self._file, self._sheet, self._head, self._pick = file, sheet, head, pick
        self._alone = alone
        self.problems: list[Problem] = list(head.problems(file, sheet))
        self.found = self.used = 0

    def _where(self, row: int, column: int, name: str = "") -> Where:
        return Where(self._file, None, self._sheet.title, a1(row, column), name)

    def read(self) -> list[Placed]:
        """The rows to use, in order."""
        skipped: dict[str, list[int]] = {kind: [] for kind in _CODES}
        rows = sorted({row for row, _ in self._sheet.cells if row > self._head.row})
        placed = []
        for row in rows:
            values = {name: self._sheet.cells.get((row, c)) for name, c in self._head.at.items()}
            if not any(shown(v).strip() for v in values.values()):
                continue
            self.found += 1
            kind = self._kind(row, values)
            if kind:
                skipped[kind].append(row)
            else:
                placed.append(self._placed(row, values))
        self.used = len(placed)
        for kind, numbers in skipped.items():
            if numbers:
                names = names_shown([self._name(row) for row in numbers])
                where = self._where(numbers[0], self._head.at.get("id", 0))
                slots = {"count": len(numbers), "rows": stretches(n + 1 for n in numbers)}
                self.problems.append(problem(_CODES[kind], where, **slots, names=names))
        return placed

    def _name(self, row: int) -> str:
        cells = [self._sheet.cells.get((row, c)) for c in self._head.at.values()]
        own = self._sheet.cells.get((row, self._head.at.get("id", -1)))
        return next((shown(v).strip() for v in (own, *cells) if shown(v).strip()), "–")[:40]

    def _kind(self, row: int, values: Mapping[str, RawValue]) -> str:
        """Why a row is left out; empty when it is not."""
        filled = [name for name, value in values.items() if shown(value).strip()]
        if shown(values[filled[0]]).startswith("#"):
            return "comment"
        if row in self._sheet.hidden_rows and not self._pick.hidden:
            return "hidden"
        lines = self._sheet.struck
        whole = [name for name in filled if lines.get((row, self._head.at[name]))]
        if whole and (whole == filled or "id" in whole) and not self._pick.struck:
            return "struck"
        if all(folded(shown(values[name])) == folded(name) for name in filled):
            return "header"
        return "note" if len(filled) == 1 and filled[0] not in self._alone else ""

    def _placed(self, row: int, values: Mapping[str, RawValue]) -> Placed:
        cells, places = dict.fromkeys(COLUMNS, ""), {}
        for name, value in values.items():
            column = self._head.at[name]
            places[name] = a1(row, column)
            if (row, column) in self._sheet.struck and not self._pick.struck:
                slots = {"value": shown(value)[:40]}
                self.problems.append(problem("LIST_CELL_STRUCK", self._where(row, column), **slots))
            cells[name] = self._text(row, name, value)
        at = self._head.at.get("id", 0)
        return Placed(cells, self._where(row, at, cells["id"]), places)

    def _text(self, row: int, name: str, value: RawValue) -> str:
        where = self._where(row, self._head.at[name])
        text = shown(value).strip()
        if name == _CLAUSES:
            return self._clauses(where, value, text, row)
        if isinstance(value, datetime):
            self.problems.append(problem("LIST_TEXT_IS_DATE", where, column=name, value=text))
        return text

    def _clauses(self, where: Where, value: RawValue, text: str, row: int) -> str:
        style = self._sheet.date_formats.get((row, self._head.at[_CLAUSES]), "")
        try:
            found = ", ".join(clauses(value, style))
        except UnsureClauseError as unsure:
            self.problems.append(problem("NORM_CLAUSE_UNSURE", where, value=str(unsure)))
            return ""
        if not found:
            return ""
        said = re.split(r"[;,|/\n\s]+", text)
        if isinstance(value, datetime) or [c for c in said if c] != found.split(", "):
            slots = {"column": _CLAUSES, "value": text, "understood": found}
            self.problems.append(problem("NORM_CELL_READ", where, **slots))
        return found
