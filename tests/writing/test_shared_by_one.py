"""Sums that LibreOffice would not compute again while people answer are written as it does."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest

from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Computed
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of


@pytest.mark.parametrize("key", ["earned", "earned_substantiated"])
@pytest.mark.parametrize("table", [T.themes, T.schemes])
def test_sums_of_points_are_shared_formulas(table: str, key: str) -> None:
    """LibreOffice does not tell a formula of its own that a text became a number."""
    plan = plan_of("nl")
    ((number, block),) = [
        (number, block)
        for number, sheet in enumerate(plan.sheets, 1)
        for block in sheet.blocks
        if block.table.key == table and key in {field.key for field in block.fields}
    ]
    content = block.table.column(key)
    assert isinstance(content, Computed)
    assert isinstance(content.expr, tuple)  # each row has a formula of its own
    with zipfile.ZipFile(BytesIO(write_workbook(plan))) as packed:
        part = packed.read(f"xl/worksheets/sheet{number}.xml").decode()
    for row in range(block.first_row, block.last_row + 1):
        at = a1(row, block.column_of(key))
        formula = rf'<c r="{at}"(?: s="\d+")?><f t="shared" ref="{at}:{at}" si="\d+">[^<]+</f><v>'
        assert re.search(formula, part), at
