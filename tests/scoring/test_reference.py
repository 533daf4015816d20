"""The product's scoring equals an independent reading of the rules, on random sets."""

from __future__ import annotations

import random

import pytest

from tests.scoring import reference
from tests.scoring.small import Row, assessed


def _rows(chance: random.Random) -> list[Row]:
    good = chance.random()
    weights = (10 + 60 * good, 12, 8 * (1 - good), 3 * (1 - good), 6, 8 * (1 - good))
    rows = []
    for _ in range(chance.randint(1, 30)):
        core = chance.random() < 0.15
        rows.append(
            Row(
                answer=chance.choices(["yes", "partly", "no", "unknown", "na", ""], weights)[0],
                weight=chance.choice([1, 1, 2, 3]),
                evidence=chance.random() < 0.4 + 0.6 * good,
                core=core,
                required=chance.random() < 0.85,
                na_allowed=not core or chance.random() < 0.2,
                maturity=chance.choice([None, 0, 1, 2, 3, 4]),
                valid_until=chance.choice([None, None, None, 45_900.0, 46_000.0, 46_100.0]),
            )
        )
    return rows


@pytest.mark.parametrize("seed", range(300))
def test_equal(seed: int) -> None:
    """Score, substantiated, answered, verdict, and the gaps in their order."""
    chance = random.Random(seed)
    rows, date = _rows(chance), chance.choice([None, 46_000.0])
    expected = reference.score(rows, date)
    found = assessed(rows, date=date)
    assert found.total.score == expected.score
    assert found.total.substantiated == expected.substantiated
    assert found.total.answered == expected.answered
    assert found.verdicts[0].code == expected.verdict
    assert [(g.requirement, g.kind, g.priority) for g in found.gaps] == expected.gaps


def test_every_verdict_and_gap_occurs() -> None:
    """The random sets would notice a mistake in every branch."""
    verdicts, kinds = set(), set()
    for seed in range(300):
        chance = random.Random(seed)
        rows, date = _rows(chance), chance.choice([None, 46_000.0])
        result = reference.score(rows, date)
        verdicts.add(result.verdict)
        kinds |= {kind for _, kind, _ in result.gaps}
    assert verdicts == {"undetermined", "not_ready", "nearly", "ready"}
    assert len(kinds) == 7
