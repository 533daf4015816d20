"""Shared formulas written out for another cell, against openpyxl's translator."""

from __future__ import annotations

import pytest
from openpyxl.formula.translate import Translator

from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.spreadsheet.shared_formulas import shifted

FORMULAS = (
    "A1", "$A1", "A$1", "$A$1", "SUM(A1:B9)", 'IF(A1="B2","C3 ""D4""",E5)', "'Blad A1'!B2+Blad1!C3",
    "LOG10(A1)", "Lijsten!$C$6:C10", "A1&B2&\"x\"", "NA()", "1E5+A1", "Tabel1[B2]+A1",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("move", [(0, 0), (1, 0), (0, 1), (7, 30)])
def test_as_openpyxl_does(formula: str, move: tuple[int, int]) -> None:
    rows, columns = move
    other = Translator(f"={formula}", "A1").translate_formula(a1(rows, columns))
    assert "=" + shifted(formula, rows, columns) == other


def test_outside_the_sheet() -> None:
    assert shifted("A1+B2", -1, 0) == "#REF!+B1"
    assert shifted("XFD1", 0, 1) == "#REF!"
