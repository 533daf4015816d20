"""Columns that the sender of the workbooks knows: joined to files by workbook id or KvK number."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from hkz_xlsx.batch.manifest import FIXED
from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.workbook.csv_text import decoded, guarded, unguarded

_KNOWN = frozenset(
    {
        "row", "client", "location", "kvk", "branch", "municipality", "norms", "scope", "lang",
        "template", "reference_date", "previous", "file", "workbook_id", "plan", "sha256",
        "name", "contact", "email",
    }
)  # fmt: skip
"""Columns that say who or which file it is, or that stand in the workbook itself."""

_MOST = 32 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """Free columns in order, and their values by workbook id, and by KvK number and location."""

    columns: tuple[str, ...] = ()
    by_id: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_number: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def of(self, workbook_id: str, number: str, place: str) -> Mapping[str, str]:
        """Values for a file, empty when it is not in the list."""
        found = self.by_id.get(workbook_id) if workbook_id else None
        if found is None and number:
            found = self.by_number.get((number, place)) or self.by_number.get((number, ""))
        return found or {}


def read_manifest(path: Path) -> Manifest:
    """Read the list of a batch, or any csv with a column ``workbook_id`` or ``kvk``.

    A KvK number that stands there twice without locations that tell them apart joins nothing.

    Raises:
        HkzError: it cannot be read, or has neither column.
    """
    where = Where(path.name)
    try:
        with path.open("rb") as file:
            text = decoded(file.read(_MOST))
        if text.lstrip().startswith("{"):
            text = _as_csv(text)
        separator = max(";,\t", key=text.partition("\n")[0].count)
        reader = csv.DictReader(StringIO(text, newline=""), delimiter=separator)
        rows = [
            {_name(k): unguarded(v) for k, v in row.items() if isinstance(v, str)} for row in reader
        ]
        names = [_name(name) for name in reader.fieldnames or ()]
    except OSError as fault:
        detail = fault.strerror or type(fault).__name__
        raise HkzError(problem("FILE_UNREADABLE", where, detail=detail)) from None
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error):
        raise HkzError(problem("PORTFOLIO_MANIFEST", where)) from None
    if not {"workbook_id", "kvk"} & set(names):
        raise HkzError(problem("PORTFOLIO_MANIFEST", where))
    free = tuple(name for name in names if name and name.rstrip("_") not in _KNOWN)
    return _indexed(free, rows)


def _name(header: str | None) -> str:
    return unguarded((header or "").strip())


def _as_csv(text: str) -> str:
    """The manifest as JSON: the same columns."""
    found = json.loads(text)
    free = [str(name) for name in found["free_columns"]]
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerow([*FIXED, *map(guarded, free)])
    for one in found["workbooks"]:
        cells = [*(one[key] for key in FIXED), *(one["free"].get(name, "") for name in free)]
        writer.writerow([guarded(str(cell)) for cell in cells])
    return target.getvalue()


def _indexed(free: tuple[str, ...], rows: list[dict[str, str]]) -> Manifest:
    by_id: dict[str, Mapping[str, str]] = {}
    by_number: dict[tuple[str, str], Mapping[str, str] | None] = {}
    for row in rows:
        values = {name: " ".join(row.get(name, "").split())[:200] for name in free}
        if row.get("workbook_id"):
            by_id[row["workbook_id"].strip()] = values
        number = "".join(c for c in row.get("kvk", "") if c.isdigit())
        if number:
            for key in {(number.zfill(8), folded(row.get("location", ""))), (number.zfill(8), "")}:
                same = by_number.get(key, values) == values
                by_number[key] = values if same else None
    return Manifest(
        free, by_id, {key: found for key, found in by_number.items() if found is not None}
    )
