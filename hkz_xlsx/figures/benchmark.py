"""One organisation against its peers: a page to send back to it.

Peers are the other organisations with the same norm and edition. Nothing on the page is of a
single one of them: below k peers nothing is compared, quartiles need more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from hkz_xlsx.figures import field_sections as of_field
from hkz_xlsx.figures.model import Choices, Heading, Section, section_of
from hkz_xlsx.figures.privacy import QUARTILES_FROM
from hkz_xlsx.portfolio.database import open_tables, rows_of
from hkz_xlsx.text import messages

_SHOWN = 3
"""How many best and worst are named."""

HEADINGS = (
    Heading("level", "text", 12), Heading("name", "text", 46), Heading("n", "whole", 8),
    Heading("own", "percent"), Heading("median", "percent"), Heading("q1", "percent"),
    Heading("q3", "percent"), Heading("lower", "share"), Heading("own_substantiated", "percent", 16),
    Heading("substantiated", "percent", 14),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total:
    """The score over everything: own, median of the peers, how many they are."""

    own: float | None
    median: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A page. ``best`` and ``worst`` are name, own score and median of the peers."""

    file_id: str
    name: str
    location: str
    edition: str
    day: str
    section: Section
    total: Total
    best: tuple[tuple[str, float, float], ...]
    worst: tuple[tuple[str, float, float], ...]


class Ordered(Protocol):
    """Values from low to high."""

    def __len__(self) -> int:
        """How many."""

    def __getitem__(self, index: int, /) -> float:
        """One by rank, from 0."""


def quantile(values: Ordered, share: float) -> float:
    """Linear between ordered values, as QUARTILE.INC."""
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


class _Others:
    """Values without one of them, in order, without copying."""

    def __init__(self, values: Sequence[float], own: float) -> None:
        self._values, self._own = values, bisect_left(values, own)

    def __len__(self) -> int:
        return len(self._values) - 1

    def __getitem__(self, index: int) -> float:
        return self._values[index + (index >= self._own)]


def benchmarks(folder: str, choices: Choices, organisation: str = "") -> Iterator[Benchmark]:
    """A page per organisation and set of editions, in order of name.

    Args:
        folder: the portfolio.
        choices: language and k.
        organisation: only this one, by KvK number, id or part of its name.
    """
    with open_tables(Path(folder)) as db:
        of_field.prepare(db, choices.lang)
        files = rows_of(
            db,
            """select file_id, organisation_id, coalesce(o.name, ''), coalesce(o.location, ''), edition_set,
            coalesce(reference_date::varchar, ''), coalesce(o.kvk, '') from field join organisations o using (organisation_id)
            order by lower(o.name), o.location, file_id""",
        )
        scores = rows_of(
            db,
            """select file_id, edition, level, key, name, score, substantiated from named where outcome = 'number'
            order by file_id, array_position(['total','scheme','part','rubriek','theme'], level), edition desc, place""",
        )
    field = _Field(scores)
    wanted = organisation.strip().lower()
    for file_id, key, name, location, edition, day, kvk in files:
        if wanted and wanted not in (key, kvk) and wanted not in name.lower():
            continue
        yield _page(field, (file_id, name, location, edition, day), choices)


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


def _page(field: _Field, about: tuple[str, str, str, str, str], choices: Choices) -> Benchmark:
    file_id, name, location, edition, day = about
    text = messages(choices.lang)
    rows: list[tuple[Any, ...]] = []
    total = Total(None, None, 0)
    for whole, level, key, shown, own, substantiated in field.of_file.get(file_id, ()):
        others = _Others(field.values[whole, level, key], own)
        n = len(others)
        if n < choices.k:
            continue
        supported = _Others(field.substantiated[whole, level, key], substantiated)
        median = quantile(others, 0.5)
        quartiles = (
            [quantile(others, q) for q in (0.25, 0.75)] if n >= QUARTILES_FROM else [None, None]
        )
        lower = 100 * bisect_left(field.values[whole, level, key], own) / n
        rows.append(
            (
                text(f"portfolio.level.{level}"), shown, n, own, median, *quartiles, lower,
                substantiated, quantile(supported, 0.5),
            )
        )  # fmt: skip
        if level == "total":
            total = Total(own, round(median, 1), n)
    section = section_of("benchmark", HEADINGS, rows, chart=("own", "median"))
    compared = [(str(r[1]), float(r[3] or 0), float(r[4] or 0)) for r in section.rows
                if r[0] == text("portfolio.level.rubriek")]  # fmt: skip
    compared.sort(key=lambda one: one[2] - one[1])
    best = tuple(one for one in compared[:_SHOWN] if one[1] > one[2])
    worst = tuple(one for one in reversed(compared[-_SHOWN:]) if one[1] < one[2])
    label = of_field.edition_label(edition)
    return Benchmark(file_id, name, location, label, _day(day), section, total, best, worst)


def _day(iso: str) -> str:
    return "-".join(reversed(iso.split("-"))) if iso else ""
