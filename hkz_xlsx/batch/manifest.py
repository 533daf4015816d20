"""The manifest: which workbook went to which client. Written by batch, read by what comes after.

The csv has a semicolon and a UTF-8 mark, as spreadsheet programs in the Netherlands expect; the
names of its columns are keys and are not translated. What a program would take for a formula
stands in it with an apostrophe before it, which reading takes away again.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.workbook.csv_text import decoded, guarded, unguarded

CSV_NAME, JSON_NAME = "manifest.csv", "manifest.json"
VERSION = 1
FIXED = (
    "row", "client", "location", "kvk", "branch", "municipality", "norms", "scope", "lang",
    "template", "reference_date", "previous", "file", "workbook_id", "plan", "sha256",
)  # fmt: skip
"""Columns that every manifest has, in order; free columns of the list follow."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One workbook. ``values`` has every key of `FIXED`; ``free`` the free columns of the list."""

    values: Mapping[str, str]
    free: Mapping[str, str] = field(default_factory=dict)

    @property
    def client(self) -> str:
        """Name, with the location when there is one."""
        return " · ".join(v for v in (self.values["client"], self.values["location"]) if v)

    @property
    def file(self) -> str:
        """File name in the folder of the manifest."""
        return self.values["file"]


def csv_lines(entries: Iterable[Entry], free: Sequence[str]) -> Iterator[bytes]:
    """The csv, piece by piece."""
    columns = [*FIXED, *(f"{name}_" if name in FIXED else name for name in free)]
    yield b"\xef\xbb\xbf" + _line(columns)
    for entry in entries:
        known = [entry.values[key] for key in FIXED]
        yield _line([*known, *(entry.free.get(name, "") for name in free)])


def _line(cells: Sequence[str]) -> bytes:
    target = StringIO(newline="")
    safe = [guarded(cell) for cell in cells]
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerow(safe)
    return target.getvalue().encode("utf-8", "replace")


def json_lines(entries: Iterable[Entry], free: Sequence[str]) -> Iterator[bytes]:
    """The same as JSON, one workbook a line."""
    head = {"product": "hkz_xlsx", "manifest": VERSION, "free_columns": list(free)}
    yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "workbooks": ['
    mark = b"\n"
    for entry in entries:
        one = {**entry.values, "free": dict(entry.free)}
        yield mark + json.dumps(one, ensure_ascii=False).encode("utf-8", "replace")
        mark = b",\n"
    yield b"\n]}\n"


def read_manifest(path: Path) -> tuple[Entry, ...]:
    """Read either form; raises `HkzError` when it is none of ours."""
    where = Where(path.name)
    try:
        text = decoded(path.read_bytes())
        entries = _from_json(text) if text.lstrip().startswith("{") else _from_csv(text)
    except FileNotFoundError:
        raise HkzError(problem("FILE_MISSING", where)) from None
    except OSError as fault:
        detail = fault.strerror or type(fault).__name__
        raise HkzError(problem("FILE_UNREADABLE", where, detail=detail)) from None
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as fault:
        raise HkzError(problem("MANIFEST_BROKEN", where, detail=type(fault).__name__)) from None
    return entries


def _from_json(text: str) -> tuple[Entry, ...]:
    found = json.loads(text)
    if found["product"] != "hkz_xlsx" or found["manifest"] != VERSION:
        raise ValueError(found["product"])
    entries = []
    for one in found["workbooks"]:
        free = {str(key): str(value) for key, value in one["free"].items()}
        entries.append(Entry({key: str(one[key]) for key in FIXED}, free))
    return tuple(entries)


def _from_csv(text: str) -> tuple[Entry, ...]:
    # A spreadsheet program that saved it again may have put another separator.
    separator = max(";,\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=separator)
    if not set(FIXED) <= set(reader.fieldnames or ()):
        raise ValueError(reader.fieldnames)
    entries = []
    for read in reader:
        row = {unguarded(k): unguarded(v or "") for k, v in read.items() if k is not None}
        known = {key: row[key] for key in FIXED}
        free = {k: v for k, v in row.items() if k not in FIXED}
        entries.append(Entry(known, free))
    return tuple(entries)
