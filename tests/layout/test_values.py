"""What a message says of a cell is what people see in it."""

from __future__ import annotations

import re

import pytest

from hkz_xlsx.layout.values import displayed, evaluation
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from tests.support import library

NUMBERS_OF_DAYS = (36_526, 73_051)
"""2000 to 2100 as serial numbers; nothing else in a workbook is as large."""


@pytest.mark.parametrize("layout", [1, 2])
def test_no_date_is_shown_as_a_number(layout: int) -> None:
    """In hidden columns too, which have no number format of their own."""
    plan = plan_workbook(select(library(), ["125"]), "nl", ["125"], layout, previous=True)
    values = evaluation(plan, sample_inputs(plan))
    seen = set()
    for _, block, field in plan.computed():
        for row, value in enumerate(values.column(block.table.key, field.key)):
            if isinstance(value, float) and NUMBERS_OF_DAYS[0] < value < NUMBERS_OF_DAYS[1]:
                seen.add(field.key)
                text = displayed(value, field, row)
                assert re.fullmatch(r"\d\d-\d\d-\d{4}", text), (block.table.key, field.key, text)
    assert {"effective", "due"} <= seen
