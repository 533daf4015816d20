"""Columns that the sender of the workbooks knows: joined to files by workbook id or KvK number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hkz_xlsx.batch.manifest import FIXED
from hkz_xlsx.batch.manifest import read_manifest as read_sent
from hkz_xlsx.batch.table import read_table
from hkz_xlsx.layout.codecs import folded, shown
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.workbook.csv_text import unguarded

WORKBOOK_ID = "workbook_id"
_IDS = frozenset(map(folded, (WORKBOOK_ID, "werkboek-id")))
_KNOWN = {**{folded(name): name for name in FIXED}, **dict.fromkeys(_IDS, WORKBOOK_ID)}


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
    """Read the list of a batch, or any list of clients with a column ``workbook_id`` or KvK number.

    Columns that say who or which file it is, or that stand in the workbook itself, are left out.
    A KvK number that stands there twice without locations that tell them apart joins nothing.

    Args:
        path: csv in any usual form, a workbook with such a sheet, or the json of a batch.

    Raises:
        HkzError: it cannot be read, or has neither column.
    """
    if path.suffix.lower() == ".json":
        entries = read_sent(path)
        free = tuple(entries[0].free) if entries else ()
        return _indexed(free, ({**entry.values, **entry.free} for entry in entries))
    try:
        table = read_table(path, {"kvk", *_IDS})
    except HkzError as fault:
        if fault.problems[0].code == "LIST_NO_HEADER":
            raise HkzError(problem("PORTFOLIO_MANIFEST", Where(path.name))) from None
        raise
    if table.problems:
        raise HkzError(*table.problems)
    headers = {h.place: unguarded(h.header) for h in table.headings}
    keys = {h.place: h.key or _KNOWN.get(folded(h.header), "") for h in table.headings}
    names = {place: keys[place] or header for place, header in headers.items()}
    free = tuple(header for place, header in headers.items() if not keys[place])
    rows = (
        {names[place]: unguarded(shown(value)) for place, value in enumerate(row) if place in names}
        for _, row in table.rows
    )
    return _indexed(free, rows)


def _indexed(free: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> Manifest:
    by_id: dict[str, Mapping[str, str]] = {}
    by_number: dict[tuple[str, str], Mapping[str, str] | None] = {}
    for row in rows:
        values = {name: " ".join(row.get(name, "").split())[:200] for name in free}
        if row.get(WORKBOOK_ID):
            by_id[row[WORKBOOK_ID].strip()] = values
        number = "".join(c for c in row.get("kvk", "") if c.isdigit())
        if number:
            for key in {(number.zfill(8), folded(row.get("location", ""))), (number.zfill(8), "")}:
                same = by_number.get(key, values) == values
                by_number[key] = values if same else None
    return Manifest(
        free, by_id, {key: found for key, found in by_number.items() if found is not None}
    )
