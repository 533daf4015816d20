"""What those with the highest scores answer otherwise than one organisation does.

The best quarter is of the others with the same editions: those whose score is at least the third
quartile of the others. It has at least k members, or nothing is said. What is said of an answer
follows the rules of an anonymous report: from rounded counts, never of fewer than k.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.ordered import Others, quantile
from hkz_xlsx.figures.privacy import CountedPart, disclosure, published_share, rounded_count
from hkz_xlsx.portfolio.database import rows_of

MOST = 5
"""Questions that are named."""

_QUARTER, _HALF = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A question that most of the best quarter meets and the organisation does not.

    ``said`` is the code of its own answer; ``share`` the percentage of the quarter that meets it,
    None for all but fewer than k.
    """

    requirement: str
    question: str
    said: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Quarter:
    """So many organisations, as may be said, and what they answer otherwise."""

    n: int
    otherwise: tuple[Otherwise, ...]


Counts = Mapping[tuple[str, str], tuple[int, int, str, int, int]]
"""Edition and question → how many meet it, to how many it applies, its words, weight, place."""


class BestQuarters:
    """The best quarters of a field, and what everybody answered that does not meet a question."""

    def __init__(self, db: duckdb.DuckDBPyConnection, choices: Choices) -> None:
        self._db, self._choices = db, choices
        self._scores: dict[str, list[float]] = defaultdict(list)
        for edition, score in rows_of(
            db, "select edition_set, score from field where score is not null order by score"
        ):
            self._scores[edition].append(score)
        self._counted: dict[tuple[str, float], Counts] = {}
        self._own: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for file_id, *answer in rows_of(
            db, "select file_id, edition, requirement, said from asked where said <> 'yes'"
        ):
            self._own[file_id].append((answer[0], answer[1], answer[2]))

    def of(self, file_id: str, edition: str, score: float | None) -> Quarter | None:
        """What the best quarter of the others answers otherwise.

        Args:
            file_id: of the organisation; it is left out of the quarter it is compared with.
            edition: the set of editions within which is compared.
            score: its own score, 0 to 100; None when it has none.

        Returns:
            the size of the quarter, rounded, and the questions that most of it meets and this one
            does not, the largest share first; None without a score or where fewer than k are left.
        """
        scores = self._scores[edition]
        if score is None or len(scores) <= self._choices.k:
            return None
        least = quantile(Others(scores, score), _QUARTER)
        among = score >= least
        n = len(scores) - bisect_left(scores, least) - among
        if n < self._choices.k:
            return None
        counts = self._best(edition, least)
        found = []
        for of_edition, requirement, said in self._own[file_id]:
            if said == "na":
                continue
            known = counts.get((of_edition, requirement))
            if known is None:
                continue
            yes, applies, question, weight, place = known
            part = CountedPart(yes, applies - among)
            told = disclosure(part, self._choices.k)
            if told not in ("shown", "most") or (part.ratio or 0) < _HALF:
                continue
            share = published_share(part, self._choices.k) if told == "shown" else None
            # In order of what is shown, not of what is hidden.
            rank = (-(101.0 if share is None else share), -weight, place)
            found.append((rank, Otherwise(requirement, question, said, share)))
        found.sort(key=lambda one: one[0])
        most = tuple(one for _, one in found[:MOST])
        return Quarter(rounded_count(n, self._choices.k), most)

    def _best(self, edition: str, least: float) -> Counts:
        """Counts of all with at least that score; of few different quarters in a whole field."""
        key = edition, least
        if key not in self._counted:
            rows: Sequence[tuple[Any, ...]] = rows_of(
                self._db,
                """select a.edition, a.requirement, count(*) filter (said = 'yes'),
                count(*) filter (said <> 'na'), any_value(question), any_value(weight),
                any_value(coalesce(place, a.ordinal))
                from asked a join field f using (file_id) where f.edition_set = ? and f.score >= ?
                group by a.edition, a.requirement""",
                [edition, least],
            )
            self._counted[key] = {
                (edition, requirement): (yes, applies, question, weight or 0, place)
                for edition, requirement, yes, applies, question, weight, place in rows
            }
        return self._counted[key]
