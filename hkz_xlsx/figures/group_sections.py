"""Sections that compare groups of organisations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import duckdb

from hkz_xlsx.figures.field_sections import (
    EDITION,
    HIGH,
    LOW,
    MEDIAN_SHOWN,
    MOST_DOTS,
    NAME,
    N,
    edition_label,
)
from hkz_xlsx.figures.intervals import median_ranks
from hkz_xlsx.figures.model import Choices, FigureColumn, FigureTable, section_of
from hkz_xlsx.figures.privacy import CountedPart, People, hidden
from hkz_xlsx.portfolio.database import rows_of
from hkz_xlsx.portfolio.schema import SIZE_CLASSES
from hkz_xlsx.scoring.columns import FUNDING
from hkz_xlsx.text import Lang, messages

Connection = duckdb.DuckDBPyConnection

_DIMENSIONS = ("size_class", "branch", "municipality", *(f"funding_{name}" for name in FUNDING))
_PLAIN = ("size_class", "branch", "municipality")


def _memberships(db: Connection) -> list[tuple[str, str, str, str, str]]:
    """Set of editions, organisation, file, property and value, for every current file."""
    found: list[tuple[str, str, str, str, str]] = []
    for name in _DIMENSIONS:
        value = f"trim({name})" if name in _PLAIN else f"{name}::varchar"
        rows = rows_of(
            db,
            f"select edition_set, organisation_id, file_id, '{name}', coalesce(nullif({value}, ''), '') "
            "from field join organisations using (organisation_id)",
        )
        found += rows
    found += rows_of(
        db,
        """select edition_set, organisation_id, file_id, n.name, coalesce(trim(a.value), '')
        from field cross join (select distinct name from attributes) n
        left join attributes a using (file_id, name)""",
    )
    return found


Group = tuple[str, str, str]
"""Set of editions, property and value."""


@dataclass
class Grouped:
    """Who is in which group; ``shown`` are the groups that may be, ``gone`` counts the others."""

    people: dict[Group, People]
    files: dict[Group, list[str]]
    typed: dict[tuple[str, str], Counter[str]]
    shown: tuple[Group, ...]
    gone: int

    def label(self, group: Group, lang: Lang) -> tuple[str, str]:
        """Property and value in words."""
        text, (_, name, value) = messages(lang), group
        return _property(text, name), _value(text, name, value, self.typed[name, value])


def grouped(db: Connection, choices: Choices) -> Grouped:
    """The groups that are compared, and a temporary table ``membership`` of their files."""
    typed: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    files: dict[Group, list[str]] = defaultdict(list)
    people: dict[Group, set[str]] = defaultdict(set)
    for edition, organisation, file_id, name, spelled in _memberships(db):
        value = spelled.lower()
        typed[name, value][spelled] += 1
        files[edition, name, value].append(file_id)
        people[edition, name, value].add(organisation)
    cells = {key: frozenset(found) for key, found in people.items()}
    gone = hidden(cells, _totals(cells), choices.k) if choices.anonymous else frozenset[Group]()
    shown = tuple(key for key in files if key not in gone and _told(key, cells))
    db.execute(
        "create or replace temp table membership (edition varchar, name varchar, value varchar, file_id varchar)"
    )
    _insert(db, [(*key, file_id) for key in shown for file_id in files[key]])
    return Grouped(cells, files, typed, shown, len(gone))


def _in_order(
    rows: Sequence[Sequence[Any]], value: int, within: int
) -> Iterator[Sequence[Any]]:  # fmt: skip
    """Rows with classes of size from small to large: as texts they come in another order.

    ``value`` is the place of the class in a row; rows with one value at ``within``, and at what
    stands before the class, follow each other.
    """
    order = {code: place for place, (_, code) in enumerate(SIZE_CLASSES)}
    for _, found in groupby(rows, key=lambda row: (*row[:value], row[within])):
        yield from sorted(found, key=lambda row: order.get(row[value], -1))


def groups(db: Connection, choices: Choices, known: Grouped) -> FigureTable:
    """Scores by size, branch, municipality, funding and columns of the list of a batch.

    Args:
        db: open tables with the temporary ``membership`` of `grouped`.
        choices: language, and whether intervals are asked for.
        known: what `grouped` gave: only groups that may be shown stand in the table.
    """
    rows = rows_of(
        db,
        """select g.edition, g.name, g.value, s.name as scheme, count(*), quantile_cont(s.score, 0.25),
        median(s.score), quantile_cont(s.score, 0.75), median(s.substantiated),
        count(*) filter (s.verdict = 'ready'), list(s.score order by s.score)
        from membership g join named s using (file_id) where s.level = 'scheme' and s.outcome = 'number'
        group by g.edition, g.name, g.value, s.name, s.place
        order by ranked(g.edition), g.edition, g.name, s.place, g.value""",
    )
    found: list[Sequence[Any]] = []
    dots: dict[int, tuple[float, ...]] = {}
    for edition, name, value, scheme, n, *numbers, ready, values in _in_order(rows, 2, 4):
        about = known.label((edition, name, value), choices.lang)
        row = [edition_label(edition), scheme, *about, n, *numbers, CountedPart(ready, n)]
        if choices.sample:
            ranks = median_ranks(len(values))
            row += [values[rank - 1] for rank in ranks] if ranks else [None, None]
        if n <= MOST_DOTS:
            dots[len(found)] = tuple(values)
        found.append(row)
    headings = [
        EDITION, FigureColumn("scheme", "text", 20), FigureColumn("property", "text", 22), NAME, N,
        FigureColumn("q1", "percent"), FigureColumn("median", "percent"), FigureColumn("q3", "percent"),
        MEDIAN_SHOWN, FigureColumn("ready", "share", 14),
        *((LOW, HIGH) if choices.sample else ()),
    ]  # fmt: skip
    section = section_of("groups", headings, found)
    return replace(section, dots=dots, left_out=known.gone)


def _too_few(
    db: Connection, rows: Sequence[Sequence[Any]], k: int
) -> frozenset[tuple[str, Group]]:  # fmt: skip
    """Rubriek and group of the cells that may not be shown.

    Everybody with a score in a rubriek stands in another section, whichever other norms they have.
    """
    everybody = rows_of(
        db,
        """select key, list(distinct organisation_id) from named join field f using (file_id)
        where level = 'rubriek' and outcome = 'number' group by key""",
    )
    cells: dict[str, dict[Group, People]] = defaultdict(dict)
    for _, edition, name, value, key, _, _, _, people in rows:
        cells[key][edition, name, value] = frozenset(people)
    gone: set[tuple[str, Group]] = set()
    for key, people in everybody:
        by_property: dict[str, list[Group]] = defaultdict(list)
        for group in cells[key]:
            by_property[group[1]].append(group)
        tables = [(frozenset(people), members) for members in by_property.values()]
        gone |= {(key, group) for group in hidden(cells[key], tables, k)}
    return frozenset(gone)


def group_rubrieken(db: Connection, choices: Choices, known: Grouped) -> FigureTable:
    """The score of every group in every rubriek.

    Not all members of a group have a score in every rubriek. Where fewer are left than may be
    shown, or where a group and what it leaves of all would give a few away, the cell is not shown.

    Args:
        db: open tables with the temporary ``membership`` of `grouped`.
        choices: language; ``k`` counts when the figures are anonymous.
        known: what `grouped` gave, for the words of a group.
    """
    rows = rows_of(
        db,
        """select s.edition, g.edition as edition_set, g.name, g.value, s.key, s.name as rubriek, count(*),
        median(s.score), list(distinct f.organisation_id)
        from membership g join named s using (file_id) join field f using (file_id)
        where s.level = 'rubriek' and s.outcome = 'number'
        group by s.edition, g.edition, g.name, g.value, s.key, s.name, s.place
        order by ranked(s.edition), s.edition, g.edition, g.name, s.place, g.value""",
    )
    gone = _too_few(db, rows, choices.k) if choices.anonymous else frozenset[tuple[str, Group]]()
    found: list[Sequence[Any]] = []
    for edition, edition_set, name, value, key, rubriek, n, median, _ in _in_order(rows, 3, 4):
        if (key, (edition_set, name, value)) not in gone:
            about = known.label((edition_set, name, value), choices.lang)
            found.append((edition_label(edition), about[0], rubriek, about[1], n, median))
    headings = (
        EDITION, FigureColumn("property", "text", 22), FigureColumn("rubriek", "text", 40), NAME, N,
        FigureColumn("median", "percent"),
    )  # fmt: skip
    return replace(section_of("group_rubrieken", headings, found), left_out=len(gone))


def _told(key: Group, cells: dict[Group, People]) -> bool:
    """A property of which nobody's value is known says nothing."""
    return any(other[:2] == key[:2] and other[2] for other in cells)


def _totals(cells: dict[Group, People]) -> list[tuple[People, list[Group]]]:
    """Per property everybody, with the groups: everybody's figures stand in another section."""
    tables: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for key in cells:
        tables[key[:2]].append(key)
    everybody: dict[str, set[str]] = defaultdict(set)
    for key, people in cells.items():
        everybody[key[0]] |= people
    return [(frozenset(everybody[key[0]]), members) for key, members in tables.items()]


def _insert(db: Connection, rows: Sequence[tuple[str, ...]]) -> None:
    import pyarrow as pa

    names = ("edition", "name", "value", "file_id")
    given = pa.table(
        {name: pa.array([r[i] for r in rows], pa.string()) for i, name in enumerate(names)}
    )
    db.register("given", given)
    db.execute("insert into membership select * from given")
    db.unregister("given")


def _property(text: Any, name: str) -> str:  # noqa: ANN401 - a lookup
    if name in _PLAIN:
        return str(text(f"portfolio.property.{name}"))
    return str(text(f"form.organisation.{name}.label")) if name in _DIMENSIONS else name


def _value(text: Any, name: str, value: str, typed: Counter[str]) -> str:  # noqa: ANN401 - a lookup
    """The name of a group; what people typed as most of them spell it."""
    if not value:
        return str(text("portfolio.not_known"))
    if name == "size_class":
        return str(text(f"portfolio.size.{value}"))
    if name in _DIMENSIONS and name not in _PLAIN:
        return str(text(f"choice.yes_no.{'yes' if value == 'true' else 'no'}"))
    return max(sorted(typed), key=lambda spelling: typed[spelling])
