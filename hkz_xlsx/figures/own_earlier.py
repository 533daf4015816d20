"""An organisation's own earlier measurement, for its benchmark page: then, now, and how the others
who took part in the same two rounds moved.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

import duckdb

from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.movement_sections import editions
from hkz_xlsx.portfolio.database import rows_of


@dataclass(frozen=True, slots=True)
class Then:
    """A score then and now; ``level`` is *total* or *rubriek*."""

    level: str
    name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """Points gained."""
        return round(self.after - self.before, 1) + 0.0


@dataclass(frozen=True, slots=True)
class EarlierOwn:
    """The measurement before, and what it rested on. ``others`` is the median of the changes of
    the others who took part in both rounds, and how many they are; None below k."""

    day: str
    edition: str
    answered: int
    count: int
    lines: tuple[Then, ...]
    others: tuple[float, int] | None

    @property
    def total(self) -> Then | None:
        """Over everything."""
        return next((line for line in self.lines if line.level == "total"), None)


class EarlierMeasurements:
    """Earlier measurements of everybody, by the file of now."""

    def __init__(self, db: duckdb.DuckDBPyConnection, choices: Choices) -> None:
        self._k = choices.k
        self._lines: dict[str, list[Then]] = defaultdict(list)
        self._about: dict[str, tuple[str, str, int, int]] = {}
        self._moves: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        self._rounds: dict[str, tuple[str, ...]] = {}
        rows = rows_of(
            db,
            """select m.file_to, m.level, coalesce(n.name_nl, ''), coalesce(n.name_en, ''),
            coalesce(m.date_from::varchar, ''), m.edition, coalesce(m.edition_from, m.edition),
            coalesce(f.answered, 0), coalesce(f.questions, 0), m.score_from, m.score_to,
            m.round_from, m.round_to
            from movements m left join files f on f.file_id = m.file_from
            left join sets n on (m.edition, m.level, m.key) = (n.edition, n.level, n.key)
            where m.level in ('total', 'rubriek')
            and score_from is not null and score_to is not null
            order by m.file_to, array_position(['total','rubriek'], m.level), ranked(m.edition),
            n.ordinal, m.key""",
        )
        for file_id, level, dutch, english, day, edition, old, answered, count, *rest in rows:
            before, after, *rounds = rest
            name = dutch if choices.lang == "nl" else english
            self._lines[file_id].append(Then(level, name, before, after))
            # Of everything first: a norm part is not the measurement.
            self._about.setdefault(file_id, (day, editions(old, edition), answered, count))
            if level == "total":
                self._rounds[file_id] = (edition, old, *rounds)
                self._moves[self._rounds[file_id]][file_id] = after - before

    def of(self, file_id: str) -> EarlierOwn | None:
        """That of one file; None where it is the first."""
        if file_id not in self._about:
            return None
        day, edition, answered, count = self._about[file_id]
        moves = self._moves.get(self._rounds.get(file_id, ()), {})
        changes = [change for other, change in moves.items() if other != file_id]
        others = (
            (round(median(changes), 1) + 0.0, len(changes)) if len(changes) >= self._k else None
        )
        shown = "-".join(reversed(day.split("-"))) if day else ""
        return EarlierOwn(shown, edition, answered, count, tuple(self._lines[file_id]), others)
