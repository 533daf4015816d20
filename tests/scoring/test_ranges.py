"""Functions over a column, each on a column that holds everything a cell can."""

from __future__ import annotations

import pytest

from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.cell_values import VALUE_ERROR, CellError, CellValue
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.numbers import NUMBER_ERROR
from hkz_xlsx.scoring.tables import Computed, Given, Table
from hkz_xlsx.text import messages

VALUES: tuple[CellValue, ...] = (3.0, None, "3", "tekst", 1.0, -2.0, 7.0, 3.0, "")
V, W = x.Column("t", "v"), x.Column("t", "w")


def value_of(expr: x.Expr) -> CellValue:
    rows = tuple(f"r{i}" for i in range(len(VALUES)))
    values = Table("t", rows, (Given("v", VALUES), Given("w", tuple(map(float, range(9))))))
    computed = Table("c", ("one",), (Computed("r", expr),))
    return Evaluation((values, computed), {}, messages("nl")).value("c", "one", "r")


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (x.Total("SUM", (V,)), 12.0), (x.Total("MAX", (V,)), 7.0), (x.Total("MAX", (V, W)), 8.0),
        (x.Total("SUM", (V, W)), 48.0), (x.CountFilled(V), 8.0), (x.CountNumbers(V), 5.0),
        (x.CountWhere((x.Criterion(V, x.Num(3)),)), 2.0),
        (x.CountWhere((x.Criterion(V, x.Num(3)), x.Criterion(W, x.Num(7)))), 1.0),
        (x.SumWhere(W, (x.Criterion(V, x.Num(3)),)), 7.0),
        (x.Smallest(V, x.Num(1)), -2.0), (x.Smallest(V, x.Num(5)), 7.0),
        (x.Smallest(V, x.Num(6)), NUMBER_ERROR), (x.Smallest(V, x.Num(0)), NUMBER_ERROR),
        (x.Position(x.Num(3), V), 1.0), (x.Position(x.Num(7), V), 7.0),
        (x.Position(x.Num(4), V), CellError("#N/A")),
        (x.At(V, x.Num(4)), "tekst"), (x.At(V, x.Num(0)), VALUE_ERROR),
        (x.At(W, x.Num(9)), 8.0), (x.At(W, x.Num(10)), VALUE_ERROR),
    ],
)  # fmt: skip
def test_functions_of_a_column(expr: x.Expr, value: CellValue) -> None:
    """Texts and blanks are no numbers; a text that is there is filled."""
    assert value_of(expr) == value


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (x.Both((x.Num(1), x.Num(2))), True), (x.Both((x.Num(1), x.Num(0))), False),
        (x.Either((x.Num(0), x.Num(0))), False), (x.Either((x.Num(0), x.Num(3))), True),
        (x.Both((x.Num(1), x.At(V, x.Num(0)))), VALUE_ERROR),
    ],
)  # fmt: skip
def test_numbers_as_truths(expr: x.Expr, value: CellValue) -> None:
    """Zero is no; an error stays one."""
    assert value_of(expr) == value
