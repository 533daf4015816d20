"""A list of text lines as programs save it, csv or with tabs, as the rows of one sheet."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from hkz_xlsx.machine.csv_text import DecodedText, DoubtfulLetters, decoded
from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, problem
from hkz_xlsx.spreadsheet.rows import Row, RowsOfSheet

COMMENT = "#"
_SEPARATORS = ";,\t|"
_LONGEST_CELL = 1 << 20


def csv_sheet(path: Path) -> tuple[RowsOfSheet, tuple[Problem, ...]]:
    """Every line, and what is to be said about how it was read.

    Raises:
        HkzError: it cannot be read, its letters are in doubt, or it is no csv.
    """
    where = Where(path.name)
    found = _decoded(_bytes(path, where), where)
    told: tuple[Problem, ...] = ()
    if found.unusual:
        told = (problem("LIST_DECODED", where, page=found.unusual, word=found.sample),)
    return RowsOfSheet("", _rows(found.text, path.name)), told


def _bytes(path: Path, where: Where) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise HkzError(problem("FILE_MISSING", where)) from None
    except OSError as fault:
        raise HkzError(problem("FILE_UNREADABLE", where, detail=fault_name(fault))) from None


def _decoded(data: bytes, where: Where) -> DecodedText:
    try:
        return decoded(data)
    except DoubtfulLetters as doubt:
        if not doubt.readings:
            raise HkzError(problem("LIST_ENCODING", where)) from None
        place = Where(where.file, doubt.line)
        readings = " / ".join(doubt.readings)
        raise HkzError(problem("LIST_LETTERS", place, readings=readings)) from None
    except UnicodeDecodeError:
        raise HkzError(problem("LIST_ENCODING", where)) from None


def _separator(text: str) -> str:
    """The one that the header row has most of, outside quotes."""
    lines = (line for line in text.splitlines() if line.strip(' ;,\t|"'))
    first = next((line for line in lines if not line.lstrip('"').startswith(COMMENT)), "")
    bare = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _rows(text: str, file: str) -> list[Row]:
    if text.lower().startswith("sep=") and text[5:6] in "\r\n":  # a line for Excel, not shown by it
        separator, text = text[4], text[5:].lstrip("\r").removeprefix("\n")
    else:
        separator = _separator(text)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [[cell or None for cell in row] for row in reader]
    except csv.Error:
        raise HkzError(problem("LIST_BROKEN", Where(file, reader.line_num))) from None
