"""Measurements of one organisation one after another, as a question to the tables.

Two measurements follow each other when they are of the same editions, or when a person judged the
questions of the one against those of the other: along crosswalks, from the older to the newer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.routes import route_between
from hkz_xlsx.problems import HkzError

FOLLOWING = "create temp table following (before varchar, after varchar, family varchar)"
"""Which editions a measurement of an edition can follow on: itself, and those that lead to it."""

MOVEMENTS = """with families as (select distinct before as edition_set, family from following),
counting as (
    select f.file_id, f.organisation_id, f.edition_set, f.round, f.reference_date,
    lag(f.file_id) over same as before, lag(f.round) over same as round_before, lag(f.reference_date) over same as day_before
    from files f join families using (edition_set) where f.counts and f.round is not null
    window same as (partition by f.organisation_id, family order by f.reference_date, f.file_id))
select c.organisation_id, s.edition, p.edition as edition_from, s.level, s.key, c.before as file_from, c.file_id as file_to,
    c.round_before as round_from, c.round as round_to, c.day_before as date_from, c.reference_date as date_to,
    p.score as score_from, s.score as score_to, p.substantiated as substantiated_from, s.substantiated as substantiated_to
from counting c join scores s on s.file_id = c.file_id
join scores p on p.file_id = c.before and (p.level, p.key) = (s.level, s.key)
join following w on (w.before, w.after) = (p.edition, s.edition)
where c.before is not null and s.outcome = 'number' and p.outcome = 'number'"""
"""Every two following measurements of one organisation, per score."""


def following(sets: Sequence[str], library: Library) -> Iterator[tuple[str, str, str]]:
    """What `FOLLOWING` holds, for the sets of editions of a portfolio and for each edition of them.

    Args:
        sets: editions of workbooks, as `edition_set` writes them.
        library: the norms with their crosswalks.
    """
    yield from _lines(sorted(set(sets)), library)
    single = sorted({edition for one in sets for edition in one.split()} - set(sets))
    yield from _lines(single, library)


def _lines(sets: Sequence[str], library: Library) -> Iterator[tuple[str, str, str]]:
    leads = {(a, b) for a in sets for b in sets if a != b and _leads(a, b, library)}
    family: dict[str, str] = {one: one for one in sets}
    for a, b in sorted(leads):
        old, new = sorted((family[a], family[b]))
        family = {one: old if name == new else name for one, name in family.items()}
    for one in sets:
        yield one, one, family[one]
    for a, b in sorted(leads):
        yield a, b, family[a]


def _leads(before: str, after: str, library: Library) -> bool:
    """Whether crosswalks lead from every edition of the one to the same part of the other."""
    old, new = ({name.partition("@")[0]: name for name in one.split()} for one in (before, after))
    if old.keys() != new.keys():
        return False
    return all(old[part] == new[part] or _link(old[part], new[part], library) for part in old)


def _link(before: str, after: str, library: Library) -> bool:
    """Whether there is a chain of crosswalks; one that is wrong is none."""
    ends = []
    for name in (before, after):
        part, _, rest = name.partition("@")
        edition, _, revision = rest.rpartition("/")
        ends.append(library.part(part, edition, revision))
    one, other = ends
    if one is None or other is None:
        return False
    try:
        return bool(route_between(library, one, other).names)
    except HkzError:
        return False
