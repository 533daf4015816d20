"""Columns that the sender of the workbooks knows: joined to files by workbook id or KvK number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hkz_xlsx.batch.manifest import COLUMNS, FIXED
from hkz_xlsx.batch.manifest import read_manifest as read_sent
from hkz_xlsx.batch.table import Pick, RawList, account, read_tables, told
from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.layout.whose import NOTHING_STATED, Owner, Stated, names_in, verdict
from hkz_xlsx.machine.csv_text import unguarded
from hkz_xlsx.portfolio.match import Seen
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem
from hkz_xlsx.scoring.cell_values import shown

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
    problems: tuple[Problem, ...] = ()
    """What is said about the list: rows and sheets that are left out."""

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
    """The table of own columns: a row for each that is filled in, per file.

    Args:
        seen: the files, with whose they are.
        manifest: the list with those columns.
        stated: who was said to be one client: any of their numbers finds the row.
    """
    return [
        {"file_id": one.file_id, "name": name, "value": value}
        for one in seen
        for name, value in manifest.of(one.owner, stated).items()
        if value
    ]


def read_manifest(path: Path, pick: Pick | None = None) -> Manifest:
    """Read the list of a batch, or any list of clients with a column ``workbook_id`` or KvK number.

    Columns that say who or which file it is, or that stand in the workbook itself, are left out.

    Args:
        path: csv in any usual form, a workbook with such a sheet, or the json of a batch.
        pick: what to read beyond what a person sees.

    Raises:
        HkzError: it cannot be read, has neither column, or says two things of one client.
    """
    if path.suffix.lower() == ".json":
        entries = read_sent(path)
        free = tuple(entries[0].free) if entries else ()
        rows = (_Row({**entry.values, **entry.free}, Where(path.name)) for entry in entries)
        return _Index(free).manifest(rows)
    try:
        tables = read_tables(path, {"kvk", *_IDS}, pick)
    except HkzError as fault:
        if fault.problems[0].code == "LIST_NO_HEADER":
            raise HkzError(problem("PORTFOLIO_MANIFEST", fault.problems[0].where)) from None
        raise
    free = tuple(dict.fromkeys(name for table in tables for name in _free(table)))
    ours = all(set(FIXED) <= {h.header for h in table.headings} for table in tables)
    index = _Index(free, whole=not ours)
    found = index.manifest(row for table in tables for row in _rows(table))
    problems = (*told(tables), *index.problems)
    refused = len({(p.where.sheet, p.where.cell) for p in problems if has_errors([p])})
    idle = sum(p.code == "LIST_ROW_NO_KEY" for p in problems)
    problems = (*problems, *account(tables, refused, idle))
    if has_errors(problems):
        raise HkzError(*problems)
    return replace(found, problems=problems)


def _keys(table: RawList) -> dict[int, str]:
    """Place and key of every column that says who or which file it is."""
    keys = {h.place: h.key or _KNOWN.get(folded(h.header), "") for h in table.headings}
    return {place: key for place, key in keys.items() if key}


def _free(table: RawList) -> Iterator[str]:
    keys = _keys(table)
    yield from (unguarded(h.header) for h in table.headings if h.place not in keys)


def _owner(values: Mapping[str, str]) -> Owner:
    name = values.get("name") or values.get("client") or ""
    owner = Owner(name, values.get("location", ""), values.get("kvk", ""))
    return replace(owner, workbook_id=values.get(WORKBOOK_ID, "").strip())


@dataclass(frozen=True, slots=True)
class _Row:
    """Values by key or free header, and the cell of what the row is joined by."""

    values: Mapping[str, str]
    where: Where


def _rows(table: RawList) -> Iterator[_Row]:
    keys = _keys(table)
    names = {h.place: keys.get(h.place) or unguarded(h.header) for h in table.headings}
    joined = [place for place, key in keys.items() if key in (WORKBOOK_ID, "kvk")]
    for number, row in table.rows:
        values = {
            names[place]: unguarded(shown(value)) for place, value in enumerate(row)
            if place in names
        }  # fmt: skip
        filled = [place for place in joined if place < len(row) and shown(row[place]).strip()]
        yield _Row(values, table.where(number, (filled or joined)[0]))


class _Index:
    """Rows by what joins them to files.

    ``whole``: the list is someone's own, so a key that stands there twice with different values is
    a mistake in it. The manifest of a batch may keep a workbook of an earlier run.
    """

    def __init__(self, free: tuple[str, ...], *, whole: bool = False) -> None:
        self._free, self._whole = free, whole
        self.problems: list[Problem] = []
        self._first: dict[tuple[str, ...], tuple[Where, Mapping[str, str]]] = {}

    def manifest(self, rows: Iterable[_Row]) -> Manifest:
        """Every row, joined by its workbook id, and by its KvK number and location."""
        by_id: dict[str, Mapping[str, str]] = {}
        by_number: dict[tuple[str, str], Mapping[str, str] | None] = {}
        owners: dict[str, Owner] = {}
        same: list[tuple[str, ...]] = []
        for row in rows:
            values = {name: " ".join(row.values.get(name, "").split())[:200] for name in self._free}
            owner = _owner(row.values)
            workbook_id, number = owner.workbook_id, owner.number
            if not workbook_id and not number and self._whole:
                self.problems.append(problem("LIST_ROW_NO_KEY", row.where))
            if workbook_id:
                self._twice(row.where, ("id", workbook_id), values)
                by_id[workbook_id] = values
                owners[workbook_id] = owner
            if others := names_in(row.values.get("same_client", "")):
                same.append((owner.kvk if number else owner.name, *others))
            if number:
                if not workbook_id:
                    self._twice(row.where, ("kvk", number, owner.place), values)
                for key in ((number, owner.place), (number, ANY_PLACE)):
                    equal = by_number.get(key, values) == values
                    by_number[key] = values if equal else None
        sure = {key: found for key, found in by_number.items() if found is not None}
        return Manifest(self._free, by_id, sure, (), owners, tuple(same))

    def _twice(self, where: Where, key: tuple[str, ...], values: Mapping[str, str]) -> None:
        first, said = self._first.setdefault(key, (where, values))
        if not self._whole or said == values:
            return
        column = next(name for name in self._free if said[name] != values[name])
        shown_key = " · ".join(part for part in key[1:] if part)
        for place, other, own in ((first, where, said), (where, first, values)):
            slots = {"who": shown_key, "column": column, "value": own[column] or "–"}
            said_there = (values if own is said else said)[column] or "–"
            self.problems.append(
                problem("LIST_KEY_TWICE", place, **slots, other=other.cell, there=said_there)
            )
