"""A client list as Excel saves it, to rows: csv in any usual form, or a sheet with headers."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from hkz_xlsx.batch.columns import Heading, spellings
from hkz_xlsx.layout.codecs import RawValue, folded, shown
from hkz_xlsx.layout.refs import a1
from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, problem
from hkz_xlsx.workbook.csv_text import decoded

COMMENT = "#"
_BOOKS = (".xlsx", ".xlsm", ".ods", ".xls")
_SEPARATORS = ";,\t|"
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True, slots=True)
class RawList:
    """Headings, and rows with their 1-based number as a spreadsheet program shows it."""

    file: str
    sheet: str
    headings: tuple[Heading, ...]
    rows: Iterator[tuple[int, list[RawValue]]]
    problems: tuple[Problem, ...]

    def where(self, row: int, place: int) -> Where:
        """The place of a cell."""
        return Where(self.file, None, self.sheet, a1(row - 1, place))


def _decoded(data: bytes, where: Where) -> str:
    try:
        return decoded(data)
    except UnicodeDecodeError:
        raise HkzError(problem("LIST_ENCODING", where)) from None


def _separator(text: str) -> str:
    """The one that the header row has most of, outside quotes."""
    lines = (line for line in text.splitlines() if line.strip(' ;,\t|"'))
    first = next((line for line in lines if not line.lstrip('"').startswith(COMMENT)), "")
    bare = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _csv_rows(path: Path) -> Iterator[list[RawValue]]:
    where = Where(path.name)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise HkzError(problem("FILE_MISSING", where)) from None
    except OSError as fault:
        raise HkzError(problem("FILE_UNREADABLE", where, detail=fault_name(fault))) from None
    text = _decoded(data, where)
    if text.lower().startswith("sep=") and text[5:6] in "\r\n":  # a line for Excel, not shown by it
        separator, text = text[4], text[5:].lstrip("\r").removeprefix("\n")
    else:
        separator = _separator(text)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield [cell or None for cell in row]
    except csv.Error:
        place = Where(path.name, reader.line_num)
        raise HkzError(problem("LIST_BROKEN", place)) from None


def _comment_or_blank(row: Iterable[RawValue]) -> bool:
    first = next((shown(value).strip() for value in row if shown(value).strip()), "")
    return not first or first.startswith(COMMENT)


def _headings(row: list[RawValue]) -> tuple[Heading, ...]:
    known = spellings()
    found = []
    for place, value in enumerate(row):
        text = " ".join(shown(value).split())
        if text:
            found.append(Heading(place, known.get(folded(text), ""), text))
    return tuple(found)


def read_table(path: Path, needed: Collection[str] = ("name",)) -> RawList:
    """Find the header row and give what stands below it; comments and blank rows are left out.

    Args:
        path: a csv in any usual form, or a workbook; its first sheet with such a row is read.
        needed: keys, or folded headers of free columns, of which the header row has at least one.

    Raises:
        HkzError: the file cannot be read, or has no such row of headers.
    """
    first = ""
    for sheet, rows in _sheets(path):
        first = first or sheet
        numbered = enumerate(rows, 1)
        for header_row, row in numbered:
            if _comment_or_blank(row):
                continue
            headings = _headings(row)
            if any((h.key or folded(h.header)) in needed for h in headings):
                below = ((n, r) for n, r in numbered if not _comment_or_blank(r))
                raw = RawList(path.name, sheet, headings, below, ())
                return replace(raw, problems=tuple(_doubles(raw, header_row)))
    raise HkzError(problem("LIST_NO_HEADER", Where(path.name, None, first)))


def _sheets(path: Path) -> Iterator[tuple[str, Iterator[list[RawValue]]]]:
    if path.suffix.lower() in _BOOKS:
        from hkz_xlsx.workbook.rows import open_rows  # a csv needs none of the readers

        return open_rows(path)
    return iter([("", _csv_rows(path))])


def _doubles(raw: RawList, row: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for heading in raw.headings:
        name = heading.key or folded(heading.header)
        if name in seen:
            where = raw.where(row, heading.place)
            yield problem("LIST_COLUMN_TWICE", where, column=heading.header)
        seen.add(name)
