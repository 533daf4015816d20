"""What closing a gap brings: compared with scoring again after the answer was changed."""

from __future__ import annotations

import random

import pytest

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.assessment.gains import gains
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from tests.report.cases import TODAY
from tests.support import plan_of


def _exact(model: object, inputs: dict[Address, CellValue], scheme: str, column: str) -> float:
    """A score before it is rounded: sums of the scoring model, divided."""
    values = Evaluation(model.tables, inputs, model.text)  # type: ignore[attr-defined]  # a ScoreModel
    earned = values.number(T.schemes, scheme, column)
    return 100 * earned / values.number(T.schemes, scheme, "weight")


@pytest.mark.parametrize("parts", [("125",), ("138", "139")])
def test_gain_is_what_scoring_again_gives(parts: tuple[str, ...]) -> None:
    """Of the group where it is the most; other answers stay as they are."""
    plan = plan_of("nl", *parts)
    model = plan.model
    inputs = dict(sample_inputs(plan, seed=5, today=TODAY))
    assessment = assess(model, inputs)
    found = gains(assessment, model.selection)
    chosen = random.Random(1).sample(assessment.gaps, 12)
    kinds = {g.kind for g in assessment.gaps}
    chosen += [next(g for g in assessment.gaps if g.kind == kind) for kind in sorted(kinds)]
    part_of = {r.requirement.id: r.part.id for r in model.selection.rows}
    for gap in chosen:
        closed = dict(inputs)
        row = gap.requirement
        if gap.kind in ("unsubstantiated", "expired"):
            closed[Address(T.requirements, row, "evidence")] = "Verslag"
            closed[Address(T.requirements, row, "valid_until")] = serial(TODAY) + 99
            column = "earned_substantiated"
        else:
            closed[Address(T.requirements, row, "answer")] = Choice("status").label("yes", "nl")
            column = "earned"
        groups = [s.id for s in model.selection.schemes if part_of[row] in s.parts]
        steps = [
            _exact(model, closed, group, column) - _exact(model, inputs, group, column)
            for group in groups
        ]
        if gap.kind == "immature":
            assert row not in found
        else:
            assert found[row].exact == pytest.approx(max(steps)), (row, gap.kind)


def test_all_gains_of_one_norm_lead_to_a_full_score() -> None:
    """Nothing is counted twice and nothing is left out."""
    plan = plan_of("nl", "125")
    inputs = dict(sample_inputs(plan, seed=5, today=TODAY))
    assessment = assess(plan.model, inputs)
    found = gains(assessment, plan.model.selection)
    (scheme,) = plan.model.selection.schemes
    total = sum(gain.exact for gain in found.values() if gain.side == "score")
    assert total + _exact(plan.model, inputs, scheme.id, "earned") == pytest.approx(100)


def test_worked_examples_of_gains() -> None:
    """Rounded half away from zero; nothing applicable brings nothing."""
    plan = plan_of("nl", "125")
    rows = plan.model.table(T.requirements).rows
    na = {
        Address(T.requirements, row, "answer"): Choice("status").label("na", "nl") for row in rows
    }
    found = gains(assess(plan.model, na), plan.model.selection)
    weights = {r.requirement.id: r.requirement.weight for r in plan.model.selection.rows}
    refused = {r.requirement.id for r in plan.model.selection.rows if not r.na_allowed}
    assert set(found) == refused
    whole = sum(weights[row] for row in refused)
    assert all(found[row].exact == pytest.approx(100 * weights[row] / whole) for row in refused)
