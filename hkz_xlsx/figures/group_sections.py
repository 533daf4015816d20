"""Sections that compare: groups of organisations, measurements, and single files that stand out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import duckdb

from hkz_xlsx.figures.field_sections import EDITION, HIGH, LOW, NAME, N, edition_label
from hkz_xlsx.figures.intervals import median_ranks
from hkz_xlsx.figures.model import Choices, Heading, Section, section_of
from hkz_xlsx.figures.privacy import Part, People, hidden
from hkz_xlsx.portfolio.database import rows_of
from hkz_xlsx.scoring.columns import FUNDING
from hkz_xlsx.text import messages

Connection = duckdb.DuckDBPyConnection

FAR_ABOVE = 30.0
"""Claimed above substantiated by this many points is told, when few others do the same."""

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


def groups(db: Connection, choices: Choices) -> Section:
    """Scores by size, branch, municipality, funding and columns of the list of a batch."""
    members = _memberships(db)
    typed: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    files: dict[Group, list[str]] = defaultdict(list)
    people: dict[Group, set[str]] = defaultdict(set)
    for edition, organisation, file_id, name, spelled in members:
        value = spelled.lower()
        typed[name, value][spelled] += 1
        files[edition, name, value].append(file_id)
        people[edition, name, value].add(organisation)
    cells = {key: frozenset(found) for key, found in people.items()}
    gone = hidden(cells, _totals(cells), choices.k) if choices.anonymous else frozenset[Group]()
    db.execute(
        "create or replace temp table membership (edition varchar, name varchar, value varchar, file_id varchar)"
    )
    kept = [
        (*key, file_id)
        for key, found in files.items()
        if key not in gone and _told(key, cells)
        for file_id in found
    ]
    _insert(db, kept)
    rows = rows_of(
        db,
        """select g.edition, g.name, g.value, s.name as scheme, count(*), quantile_cont(s.score, 0.25),
        median(s.score), quantile_cont(s.score, 0.75), median(s.substantiated),
        count(*) filter (s.verdict = 'ready'), list(s.score order by s.score)
        from membership g join named s using (file_id) where s.level = 'scheme' and s.outcome = 'number'
        group by g.edition, g.name, g.value, s.name, s.place
        order by g.edition, g.name, s.place, g.value""",
    )
    text = messages(choices.lang)
    found: list[Sequence[Any]] = []
    for edition, name, value, scheme, n, *numbers, ready, values in rows:
        row = [
            edition_label(edition),
            scheme,
            _property(text, name),
            _value(text, name, value, typed[name, value]),
            n,
            *numbers,
            Part(ready, n),
        ]
        if choices.sample:
            ranks = median_ranks(len(values))
            row += [values[rank - 1] for rank in ranks] if ranks else [None, None]
        found.append(row)
    headings = [
        EDITION, Heading("scheme", "text", 20), Heading("property", "text", 22), NAME, N,
        Heading("q1", "percent"), Heading("median", "percent"), Heading("q3", "percent"),
        Heading("substantiated", "percent", 14), Heading("ready", "share", 14),
        *((LOW, HIGH) if choices.sample else ()),
    ]  # fmt: skip
    section = section_of("groups", headings, found, chart=("median", "substantiated"))
    if gone:
        from dataclasses import replace

        return replace(section, left_out=len(gone))
    return section


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


def movement(db: Connection, choices: Choices) -> Section:
    """How scores moved between two measurements of the same organisations."""
    text = messages(choices.lang)
    name = f"name_{choices.lang}"
    rows = rows_of(
        db,
        "select m.edition, m.edition_from, m.level, coalesce(any_value(n."
        + name
        + "), m.key), m.round_from || ' → ' || m.round_to, "
        """count(*), median(score_from), median(score_to), median(score_to - score_from),
        median(substantiated_to - substantiated_from),
        count(*) filter (score_to > score_from), count(*) filter (score_to < score_from)
        from movements m left join sets n on (m.edition, m.level, m.key) = (n.edition, n.level, n.key)
        group by m.edition, m.edition_from, m.level, m.key, m.round_from, m.round_to, n.ordinal
        order by m.edition, m.edition_from, m.round_from, m.round_to,
        array_position(['total','scheme','part','rubriek','theme'], m.level), n.ordinal""",
    )
    found = []
    for edition, before, level, shown, rounds, n, *numbers, up, down in rows:
        same = n - up - down
        moved = (Part(up, n, (down, same)), Part(down, n, (up, same)))
        about = (_moved(before, edition), text(f"portfolio.level.{level}"), shown, rounds, n)
        found.append((*about, *numbers, *moved))
    headings = (
        EDITION, Heading("level", "text", 12), NAME, Heading("rounds", "text", 20), N,
        Heading("before", "percent"), Heading("after", "percent"), Heading("change", "points"),
        Heading("change_substantiated", "points", 16), Heading("up", "share"), Heading("down", "share"),
    )  # fmt: skip
    return section_of("movement", headings, found, chart=("before", "after"))


def _moved(before: str, edition: str) -> str:
    """Editions of a movement: both where a crosswalk lies between."""
    now = edition_label(edition)
    return now if before == edition else f"{edition_label(before)} → {now}"


def movers(db: Connection) -> Section:
    """Every organisation with more than one measurement."""
    rows = rows_of(
        db,
        """select coalesce(o.name, ''), coalesce(o.location, ''), m.edition, m.edition_from, m.date_from::varchar, m.date_to::varchar,
        score_from, score_to, score_to - score_from, substantiated_to - substantiated_from
        from movements m join organisations o using (organisation_id) where m.level = 'total'
        order by score_to - score_from, m.organisation_id, m.date_to""",
    )
    headings = (
        Heading("organisation", "text", 34), Heading("location", "text", 24), EDITION,
        Heading("date_from", "date"), Heading("date_to", "date"), Heading("before", "percent"),
        Heading("after", "percent"), Heading("change", "points"), Heading("change_substantiated", "points", 16),
    )  # fmt: skip
    found = [(r[0], r[1], _moved(r[3], r[2]), *r[4:]) for r in rows]
    return section_of("movers", headings, found, private=True)


def unusual(db: Connection, choices: Choices) -> Section:
    """Files that stand out: look at them before using their figures."""
    rows = rows_of(
        db,
        """with limits as (select edition_set, quantile_cont(score - substantiated, 0.75)
        + 1.5 * (quantile_cont(score - substantiated, 0.75) - quantile_cont(score - substantiated, 0.25)) as far
        from field group by edition_set)
        select f.file, coalesce(o.name, ''), f.edition_set, f.score, f.substantiated, f.answered_percentage,
        f.same_answer, f.score_changed,
        f.score - f.substantiated >= ? and f.score - f.substantiated >= l.far, f.stored_score, f.counted_score
        from files f join organisations o using (organisation_id) join limits l using (edition_set)
        where f.counts order by f.file""",
        [FAR_ABOVE],
    )
    text = messages(choices.lang)
    found = []
    for file, name, edition, score, substantiated, answered, *flags, stored, counted in rows:
        reasons = [
            text(f"portfolio.unusual.{key}")
            for key, flag in zip(("same_answer", "score_changed", "far_above"), flags, strict=True)
            if flag
        ]
        if reasons:
            found.append(
                (
                    file,
                    name,
                    edition_label(edition),
                    "; ".join(reasons),
                    score,
                    substantiated,
                    answered,
                    stored,
                    counted,
                )
            )
    headings = (
        Heading("file", "text", 40), Heading("organisation", "text", 30), EDITION, Heading("reasons", "text", 50),
        Heading("score", "percent"), Heading("substantiated", "percent", 14), Heading("answered", "percent"),
        Heading("stored_score", "percent", 14), Heading("counted_score", "percent", 14),
    )  # fmt: skip
    return section_of("unusual", headings, found, private=True)


def doubtful(db: Connection, choices: Choices) -> Section:
    """Files that may belong together, or that contradict each other: somebody has to look."""
    text = messages(choices.lang)
    rows = rows_of(
        db,
        """select a.file, b.file, m.reason from matches m join files a on a.file_id = m.file_id
        join files b on b.file_id = m.other_file_id where m.reason != 'sites'
        order by a.file, b.file, m.reason""",
    )
    found = [(a, b, text(f"portfolio.doubt.{reason}")) for a, b, reason in rows]
    headings = (
        Heading("file", "text", 40),
        Heading("other_file", "text", 40),
        Heading("reasons", "text", 60),
    )
    return section_of("doubtful", headings, found, private=True)


def superseded(db: Connection) -> Section:
    """Returns that do not count, because a newer one of the same organisation does."""
    rows = rows_of(
        db,
        """select f.file, n.file, f.reference_date::varchar, n.reference_date::varchar from files f
        join files n on n.file_id = f.superseded_by order by f.file""",
    )
    headings = (
        Heading("file", "text", 40), Heading("counting_file", "text", 40), Heading("date_from", "date"),
        Heading("date_to", "date"),
    )  # fmt: skip
    return section_of("superseded", headings, rows, private=True)
