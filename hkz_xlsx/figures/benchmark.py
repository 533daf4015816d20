"""One organisation against its peers: a page to send back to it.

Peers are the other organisations with the same norm and edition. Nothing on the page is of a
single one of them: below k peers nothing is compared, quartiles need more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from hkz_xlsx.figures import field_sections as of_field
from hkz_xlsx.figures.best_quarter import BestQuarters, Quarter
from hkz_xlsx.figures.field_sections import MEDIAN_SHOWN
from hkz_xlsx.figures.model import Choices, FigureColumn, FigureTable, section_of
from hkz_xlsx.figures.ordered import Others, quantile
from hkz_xlsx.figures.own_earlier import EarlierMeasurements, EarlierOwn
from hkz_xlsx.figures.privacy import QUARTILES_FROM
from hkz_xlsx.portfolio.database import open_tables, rows_of
from hkz_xlsx.text import messages

_SHOWN = 3
"""How many best and worst are named."""

HEADINGS = (
    FigureColumn("level", "text", 12), FigureColumn("name", "text", 46), FigureColumn("n", "whole", 8),
    FigureColumn("own", "percent"), FigureColumn("median", "percent"), FigureColumn("q1", "percent"),
    FigureColumn("q3", "percent"), FigureColumn("lower", "share"), FigureColumn("own_substantiated", "percent", 16),
    MEDIAN_SHOWN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TotalScore:
    """The score over everything: own, median of the peers, how many they are, and how many of
    them have a lower score."""

    own: float | None
    median: float | None = None
    n: int = 0
    lower: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """Whose page it is, and what its score rests on. ``verdicts`` are norm and indication."""

    file_id: str
    name: str
    location: str
    edition_set: str
    day: str
    answered: int
    count: int
    verdicts: tuple[tuple[str, str], ...] = ()

    @property
    def edition(self) -> str:
        """Norms and editions as people name them."""
        return of_field.edition_label(self.edition_set)

    @property
    def provisional(self) -> bool:
        """Not everything is answered."""
        return self.answered < self.count


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A page. ``best`` and ``worst`` are name, own score and median of the peers."""

    about: About
    section: FigureTable
    total: TotalScore
    best: tuple[tuple[str, float, float], ...]
    worst: tuple[tuple[str, float, float], ...]
    quarter: Quarter | None = None
    earlier: EarlierOwn | None = None


def benchmarks(folder: str, choices: Choices, organisation: str = "") -> Iterator[Benchmark]:
    """A page per organisation and set of editions, in order of name.

    Args:
        folder: the portfolio.
        choices: language and k.
        organisation: only this one, by KvK number, id or part of its name.
    """
    with open_tables(Path(folder)) as db:
        of_field.prepare(db, choices.lang)
        abouts = _abouts(db, choices)
        scores = rows_of(
            db,
            """select file_id, edition, level, key, name, score, substantiated from named where outcome = 'number'
            order by file_id, array_position(['total','scheme','part','rubriek','theme'], level), edition desc, place""",
        )
        field = _Field(scores)
        quarters = BestQuarters(db, choices)
        earlier = EarlierMeasurements(db, choices)
        wanted = organisation.strip().lower()
        for known, about in abouts:
            if wanted and wanted not in known and wanted not in about.name.lower():
                continue
            page = _page(field, about, choices)
            quarter = quarters.of(about.file_id, about.edition_set, page.total.own)
            yield replace(page, quarter=quarter, earlier=earlier.of(about.file_id))


def _abouts(
    db: duckdb.DuckDBPyConnection, choices: Choices
) -> list[tuple[tuple[str, str], About]]:  # fmt: skip
    """Every current file in order of name, with the id and the number that it can be asked by."""
    text = messages(choices.lang)
    verdicts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file_id, name, verdict in rows_of(
        db,
        "select file_id, name, verdict from named where level = 'scheme' order by file_id, place",
    ):
        verdicts[file_id].append((name, text(f"choice.verdict.{verdict}") if verdict else "–"))
    rows = rows_of(
        db,
        """select organisation_id, coalesce(o.kvk, ''), file_id, coalesce(o.name, ''), coalesce(o.location, ''),
        edition_set, coalesce(reference_date::varchar, ''), coalesce(answered, 0), coalesce(questions, 0)
        from field join organisations o using (organisation_id) order by lower(o.name), o.location, file_id""",
    )
    return [
        (
            (organisation, kvk),
            About(
                file_id,
                name,
                location,
                edition,
                _day(day),
                answered,
                count,
                tuple(verdicts[file_id]),
            ),
        )
        for organisation, kvk, file_id, name, location, edition, day, answered, count in rows
    ]


class _Field:
    """Scores of everybody: per file, and in order per thing that is scored."""

    def __init__(self, scores: Sequence[tuple[Any, ...]]) -> None:
        self.of_file: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.values: dict[tuple[str, str, str], list[float]] = defaultdict(list)
        self.substantiated: dict[tuple[str, str, str], list[float]] = defaultdict(list)
        for file_id, edition, level, key, *rest in scores:
            self.of_file[file_id].append((edition, level, key, *rest))
            self.values[edition, level, key].append(rest[1])
            self.substantiated[edition, level, key].append(rest[2])
        for values in (*self.values.values(), *self.substantiated.values()):
            values.sort()


def _page(field: _Field, about: About, choices: Choices) -> Benchmark:
    text = messages(choices.lang)
    rows: list[tuple[Any, ...]] = []
    total = TotalScore(None)
    for whole, level, key, shown, own, substantiated in field.of_file.get(about.file_id, ()):
        others = Others(field.values[whole, level, key], own)
        n = len(others)
        if level == "total":
            total = TotalScore(own, n=n)
        if n < choices.k:
            continue
        supported = Others(field.substantiated[whole, level, key], substantiated)
        median = quantile(others, 0.5)
        quartiles = (
            [quantile(others, q) for q in (0.25, 0.75)] if n >= QUARTILES_FROM else [None, None]
        )
        below = bisect_left(field.values[whole, level, key], own)
        rows.append(
            (
                text(f"portfolio.level.{level}"), shown, n, own, median, *quartiles, 100 * below / n,
                substantiated, quantile(supported, 0.5),
            )
        )  # fmt: skip
        if level == "total":
            total = TotalScore(own, round(median, 1), n, below)
    section = section_of("benchmark", HEADINGS, rows)
    compared = [(str(r[1]), float(r[3] or 0), float(r[4] or 0)) for r in section.rows
                if r[0] == text("portfolio.level.rubriek")]  # fmt: skip
    compared.sort(key=lambda one: one[2] - one[1])
    best = tuple(one for one in compared[:_SHOWN] if one[1] > one[2])
    worst = tuple(one for one in reversed(compared[-_SHOWN:]) if one[1] < one[2])
    return Benchmark(about, section, total, best, worst)


def _day(iso: str) -> str:
    return "-".join(reversed(iso.split("-"))) if iso else ""
