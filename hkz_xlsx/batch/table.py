"""A list as Excel saves it, to rows: csv in any usual form, or a sheet with headers.

Every row and every sheet is used, refused or skipped; what is skipped is said, and read when it
is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hkz_xlsx.batch.account import told_of_rows, told_of_sheets
from hkz_xlsx.batch.beside import without_beside
from hkz_xlsx.batch.columns import ListColumn, headings_of
from hkz_xlsx.batch.csv_rows import COMMENT, csv_sheet
from hkz_xlsx.batch.row_kinds import FoundTable, filled, is_comment, kinds, name_of
from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, problem
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.spreadsheet.rows import Pick, Row, RowsOfSheet

__all__ = ["COMMENT", "Pick", "RawList", "account", "read_tables", "told"]

_BOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".xls")
_BOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NEAR = 3
"""A title may mean ‘Name’ too: so many rows below it may hold the real headers."""


@dataclass(frozen=True, slots=True)
class RawList:
    """Headings, and the rows to use with their 1-based number as a spreadsheet program shows it.

    ``doubts`` are the rows among them that cannot be used as they stand, by number, and why.
    ``found`` counts all rows below the headers that are not blank; ``sheets`` those of the file,
    and those that are read.
    """

    file: str
    sheet: str
    headings: tuple[ListColumn, ...]
    rows: Sequence[tuple[int, Row]]
    problems: tuple[Problem, ...]
    doubts: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    found: int = 0
    sheets: tuple[int, int] = (1, 1)

    def where(self, row: int, place: int) -> Where:
        """The place of a cell."""
        return Where(self.file, None, self.sheet, a1(row - 1, place))


def account(raws: Sequence[RawList], refused: int, idle: int = 0) -> tuple[Problem, ...]:
    """How many rows and sheets were found, used, refused and skipped, when any was skipped.

    Args:
        raws: the tables that were read.
        refused: rows of these with an error.
        idle: rows of these that nothing was done with.
    """
    found = sum(raw.found for raw in raws)
    read = sum(len(raw.rows) for raw in raws) - idle
    sheets, used = raws[0].sheets
    if found == read and sheets == used:
        return ()
    where = Where(raws[0].file)
    slots = {"found": found, "used": read - refused, "refused": refused, "skipped": found - read}
    return (
        problem(
            "LIST_COUNT", where, **slots, sheets=sheets, read=used, unread=sheets - used
        ),
    )  # fmt: skip


def told(raws: Sequence[RawList]) -> tuple[Problem, ...]:
    """Everything that is to be said about tables and their rows."""
    doubts = (found for raw in raws for found in raw.doubts.values())
    return (*(p for raw in raws for p in raw.problems), *(p for found in doubts for p in found))


def read_tables(
    path: Path, needed: Collection[str] = ("name",), pick: Pick | None = None
) -> tuple[RawList, ...]:
    """Find the rows of headers and give what stands below them, one table for each sheet.

    The first visible sheet with such a row is read, unless sheets are asked for by name.

    Args:
        path: a csv in any usual form, or a workbook.
        needed: keys, or folded headers of free columns, of which the header row has at least one.
        pick: what to read beyond what a person sees.

    Raises:
        HkzError: the file cannot be read, has no such row of headers, or not the sheet asked for.
    """
    pick = pick or Pick()
    sheets, of_file = _sheets(path)
    tables = [(sheet, _find(sheet, needed)) for sheet in sheets if any(map(filled, sheet.rows))]
    chosen = _chosen(path.name, tables, pick)
    said = told_of_sheets(path.name, [t for t in tables if t[1] not in chosen], sheets)
    raws = [_raw(path.name, found, pick) for found in chosen]
    count = (len(tables), len(raws))
    first = replace(raws[0], problems=(*of_file, *said, *raws[0].problems), sheets=count)
    return (first, *raws[1:])


def _sheets(path: Path) -> tuple[tuple[RowsOfSheet, ...], tuple[Problem, ...]]:
    if path.is_dir():
        raise HkzError(problem("FILE_IS_FOLDER", Where(path.name)))
    if path.suffix.lower() in _BOOKS or _starts(path).startswith(_BOOK_STARTS):
        from hkz_xlsx.spreadsheet.rows import open_rows  # a csv needs none of the readers

        return open_rows(path), ()
    sheet, of_file = csv_sheet(path)
    return (sheet,), of_file


def _starts(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except FileNotFoundError:
        raise HkzError(problem("FILE_MISSING", Where(path.name))) from None
    except OSError as fault:
        where = Where(path.name)
        raise HkzError(problem("FILE_UNREADABLE", where, detail=fault_name(fault))) from None


_Table = tuple[RowsOfSheet, FoundTable | None]


def _chosen(file: str, tables: Sequence[_Table], pick: Pick) -> list[FoundTable]:
    if pick.sheets:
        return [_named(file, tables, title) for title in pick.sheets]
    found = [table for _, table in tables if table is not None]
    seen = [table for table in found if not table.sheet.hidden]
    if not seen and pick.hidden:
        seen = found
    if seen:
        return seen[:1]
    if found:
        title = found[0].sheet.title
        raise HkzError(problem("LIST_SHEET_HIDDEN", Where(file, None, title), sheet=title))
    first = tables[0][0].title if tables else ""
    raise HkzError(problem("LIST_NO_HEADER", Where(file, None, first)))


def _named(file: str, tables: Sequence[_Table], title: str) -> FoundTable:
    for sheet, table in tables:
        if sheet.title.strip().casefold() == title.strip().casefold():
            if table is None:
                raise HkzError(problem("LIST_NO_HEADER", Where(file, None, sheet.title)))
            return table
    choices = ", ".join(sheet.title for sheet, _ in tables if sheet.title) or "–"
    raise HkzError(problem("LIST_SHEET_UNKNOWN", Where(file), sheet=title, choices=choices))


def _find(sheet: RowsOfSheet, needed: Collection[str]) -> FoundTable | None:
    """The table of a sheet, by its row of headers."""
    best: tuple[int, tuple[ListColumn, ...]] | None = None
    near = 0
    for number, row in enumerate(sheet.rows):
        if not filled(row) or is_comment(row):
            continue
        headings = headings_of(row)
        hits = {name_of(h) for h in headings} & set(needed)
        if best is None and hits:
            best = number, headings
        elif best is not None:
            near += 1
            known = [h for h in headings if h.key]
            more = len({h.key for h in known}) > len({h.key for h in best[1] if h.key})
            if hits and more and len(known) > 1:
                best = number, headings
        if near == _NEAR:
            break
    if best is None:
        return None
    below = enumerate(sheet.rows[best[0] + 1 :], best[0] + 1)
    rows = {number: row for number, row in below if filled(row)}
    return FoundTable(sheet, best[0], best[1], needed, rows)


def _raw(file: str, found: FoundTable, pick: Pick) -> RawList:
    found, beside = without_beside(file, found)
    sorted_rows = kinds(found, pick)
    said, doubts = told_of_rows(file, found, sorted_rows, pick)
    rows = [
        (number + 1, row)
        for number, row in found.rows.items()
        if sorted_rows[number] in ("used", "doubtful")
    ]
    count = sum(kind != "ours" for kind in sorted_rows.values())
    raw = RawList(file, found.sheet.title, found.headings, rows, (), doubts, count)
    problems = (*_doubles(raw, found.header + 1), *beside, *said)
    return replace(raw, problems=problems)


def _doubles(raw: RawList, row: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for heading in raw.headings:
        name = name_of(heading)
        if name in seen:
            where = raw.where(row, heading.place)
            yield problem("LIST_COLUMN_TWICE", where, column=heading.header)
        seen.add(name)
