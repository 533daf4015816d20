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

from hkz_xlsx.batch.table import Pick, account, read_tables, told
from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.layout.whose import Owner, names_in
from hkz_xlsx.machine.csv_text import decoded, guarded, unguarded
from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, has_errors, problem
from hkz_xlsx.scoring.cell_values import shown

CSV_NAME, JSON_NAME = "manifest.csv", "manifest.json"
VERSION = 1
FIXED = (
    "row", "client", "location", "kvk", "branch", "municipality", "norms", "scope", "lang",
    "template", "reference_date", "previous", "file", "workbook_id", "plan", "sha256",
)  # fmt: skip
"""Columns that every manifest has, in order; free columns of the list follow."""
LATER = ("same_client", "contact", "email", "core")
"""Columns that manifests have since: blank where an older one lacks them."""

COLUMNS = (*FIXED, *LATER)
_KEYS = frozenset(map(folded, FIXED))


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One workbook. ``values`` has every key of `COLUMNS`; ``free`` the free columns of the
    list."""

    values: Mapping[str, str]
    free: Mapping[str, str] = field(default_factory=dict)

    @property
    def client(self) -> str:
        """Name, with the location when there is one."""
        return " · ".join(v for v in (self.values["client"], self.values["location"]) if v)

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        keys = ("client", "location", "kvk", "workbook_id")
        return Owner(*(self.values[key] for key in keys))

    @property
    def same_client(self) -> tuple[str, ...]:
        """The clients that were stated to be one with this one, itself first; empty for none."""
        others = names_in(self.values["same_client"])
        own = self.values["kvk"] if self.owner.number else self.values["client"]
        return (own, *others) if others else ()

    @property
    def file(self) -> str:
        """File name in the folder of the manifest."""
        return self.values["file"]


def lines(entries: Iterable[ManifestEntry], free: Sequence[str]) -> Iterator[tuple[bytes, bytes]]:
    """The json and the csv, piece by piece: a line for each workbook in either."""
    target = StringIO(newline="")
    table = csv.writer(target, delimiter=";", lineterminator="\r\n")

    def row(cells: Iterable[str]) -> bytes:
        target.seek(0)
        target.truncate()
        table.writerow(map(guarded, cells))
        return target.getvalue().encode("utf-8", "replace")

    head = {"product": "hkz_xlsx", "manifest": VERSION, "free_columns": list(free)}
    columns = [*COLUMNS, *(f"{name}_" if name in COLUMNS else name for name in free)]
    begin = json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "workbooks": ['
    yield begin, b"\xef\xbb\xbf" + row(columns)
    mark = b"\n"
    for entry in entries:
        one = {**entry.values, "free": dict(entry.free)}
        known = [entry.values[key] for key in COLUMNS]
        cells = [*known, *(entry.free.get(name, "") for name in free)]
        yield mark + json.dumps(one, ensure_ascii=False).encode("utf-8", "replace"), row(cells)
        mark = b",\n"
    yield b"\n]}\n", b""


def _wrong(fault: Exception) -> str:
    """What is wrong with JSON: where it breaks off, or the name that is missing."""
    if isinstance(fault, json.JSONDecodeError):
        return f"JSON, {fault.lineno}:{fault.colno}"
    return f"JSON, {fault.args[0]}" if isinstance(fault, KeyError) else "JSON"


Sent = tuple[tuple[ManifestEntry, ...], tuple[Problem, ...]]
"""Workbooks that went out, and what is said about the list of them."""


def read_manifest(path: Path) -> tuple[ManifestEntry, ...]:
    """Read either form; raises `HkzError` when it is none of ours."""
    return read_sent(path)[0]


def nearby(source: Path) -> Path:
    """The only manifest near a folder (or zip) of returned files: in it, beside it, in a folder
    beside it, or in the current folder or one in that.

    Raises:
        HkzError: there is none, or more than one says what was sent.
    """
    home = source if source.is_dir() else source.parent
    near = dict.fromkeys(one.resolve() for one in (home, home.parent, Path()))
    found: dict[Path, Path] = {}
    for folder in near:
        inside = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
        for one in (folder, *inside):
            # The csv may have been edited; the json is there only for programs.
            for path in (one / CSV_NAME, one / JSON_NAME):
                if path.is_file():
                    found.setdefault(one, path)
    if len(found) != 1:
        several = ", ".join(map(str, found.values())) or "–"
        raise HkzError(problem("MANIFEST_WHICH", Where(str(source)), names=several))
    return next(iter(found.values()))


def read_sent(path: Path, pick: Pick | None = None) -> Sent:
    """As `read_manifest`, with what is said about rows and sheets that were left out.

    Args:
        path: manifest.json, manifest.csv, or that saved again as a workbook.
        pick: what to read beyond what a person sees.

    Raises:
        HkzError: none of ours, or rows that are in doubt.
    """
    where = Where(path.name)
    if path.suffix.lower() != ".json":
        return _from_table(path, pick)
    try:
        entries = _from_json(decoded(path.read_bytes()).text)
    except FileNotFoundError:
        raise HkzError(problem("FILE_MISSING", where)) from None
    except OSError as fault:
        raise HkzError(problem("FILE_UNREADABLE", where, detail=fault_name(fault))) from None
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise HkzError(problem("MANIFEST_BROKEN", where, detail=_wrong(fault))) from None
    return entries, ()


def _from_json(text: str) -> tuple[ManifestEntry, ...]:
    found = json.loads(text)
    if found["product"] != "hkz_xlsx" or found["manifest"] != VERSION:
        raise ValueError(found["product"])
    entries = []
    for one in found["workbooks"]:
        free = {str(key): str(value) for key, value in one["free"].items()}
        values = {key: str(one[key]) for key in FIXED}
        values |= {key: str(one.get(key, "")) for key in LATER}
        entries.append(ManifestEntry(values, free))
    return tuple(entries)


def _from_table(path: Path, pick: Pick | None) -> Sent:
    """The csv, also when a spreadsheet program saved it again in its own way or as a workbook."""
    broken = HkzError(problem("MANIFEST_BROKEN", Where(path.name), detail=", ".join(FIXED)))
    try:
        tables = read_tables(path, _KEYS, pick)
    except HkzError as fault:
        raise broken if fault.problems[0].code == "LIST_NO_HEADER" else fault from None
    entries = []
    for table in tables:
        if not set(FIXED) <= {heading.header for heading in table.headings}:
            raise broken
        width = max(h.place for h in table.headings) + 1
        for _, row in table.rows:
            cells = [*(unguarded(shown(cell)) for cell in row), *[""] * width]
            values = {unguarded(h.header): cells[h.place] for h in table.headings}
            free = {name: text for name, text in values.items() if name not in COLUMNS}
            entries.append(ManifestEntry({key: values.get(key, "") for key in COLUMNS}, free))
    # A free column may be called as one of ours with a line behind it: told apart as written.
    said = (p for p in told(tables) if p.code != "LIST_COLUMN_TWICE")
    problems = (*said, *account(tables, 0))
    if has_errors(problems):
        raise HkzError(*problems)
    return tuple(entries), problems
