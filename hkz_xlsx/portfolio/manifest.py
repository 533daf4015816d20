"""Columns that the sender of the workbooks knows: joined to files by workbook id or KvK number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hkz_xlsx.batch.manifest import COLUMNS
from hkz_xlsx.batch.manifest import read_manifest as read_sent
from hkz_xlsx.batch.table import read_table
from hkz_xlsx.layout.codecs import folded, shown
from hkz_xlsx.layout.whose import NOTHING_STATED, Owner, Stated, names_in, verdict
from hkz_xlsx.portfolio.match import Seen
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.workbook.csv_text import unguarded

WORKBOOK_ID = "workbook_id"
ANY_PLACE = "*"
"""Stands for the location of a number that has one row, or the same values in all its rows."""
_IDS = frozenset(map(folded, (WORKBOOK_ID, "werkboek-id")))
_KNOWN = {**{folded(name): name for name in COLUMNS}, **dict.fromkeys(_IDS, WORKBOOK_ID)}


@dataclass(frozen=True, slots=True)
class Manifest:
    """Free columns in order, and their values by workbook id, and by KvK number and location.

    ``owners`` are whose the workbooks are, ``same_client`` who were stated to be one client.
    """

    columns: tuple[str, ...] = ()
    by_id: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_number: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    owners: Mapping[str, Owner] = field(default_factory=dict)
    same_client: tuple[tuple[str, ...], ...] = ()

    def of(self, owner: Owner, stated: Stated = NOTHING_STATED) -> Mapping[str, str]:
        """Values for a file, empty when it is not in the list.

        A workbook that another client filled in has the values of that one, or none.
        """
        key, place = owner.workbook_id, owner.place
        found = self.by_id.get(key) if key else None
        if found is not None and not verdict(self.owners[key], owner, stated).apart:
            return found
        for number in dict.fromkeys((owner.number, *stated.all_of(owner))):
            wanted = (place, "") if place else (ANY_PLACE, "")
            for spot in wanted:
                if (values := self.by_number.get((number, spot))) is not None:
                    return values
        return {}


def attribute_rows(
    seen: Iterable[Seen], manifest: Manifest, stated: Stated
) -> list[dict[str, str]]:
    """The table of own columns: a row for each that is filled in, per file."""
    return [
        {"file_id": one.file_id, "name": name, "value": value}
        for one in seen
        for name, value in manifest.of(one.owner, stated).items()
        if value
    ]


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
    owners: dict[str, Owner] = {}
    same: list[tuple[str, ...]] = []
    for row in rows:
        values = {name: " ".join(row.get(name, "").split())[:200] for name in free}
        name = row.get("name") or row.get("client") or ""
        owner = Owner(name, row.get("location", ""), row.get("kvk", ""))
        if row.get(WORKBOOK_ID):
            workbook_id = row[WORKBOOK_ID].strip()
            by_id[workbook_id] = values
            owners[workbook_id] = replace(owner, workbook_id=workbook_id)
        if others := names_in(row.get("same_client", "")):
            same.append((owner.kvk if owner.number else owner.name, *others))
        if owner.number:
            for key in ((owner.number, owner.place), (owner.number, ANY_PLACE)):
                equal = by_number.get(key, values) == values
                by_number[key] = values if equal else None
    known = {key: found for key, found in by_number.items() if found is not None}
    return Manifest(free, by_id, known, owners, tuple(same))
