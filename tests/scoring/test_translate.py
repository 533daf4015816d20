"""Expressions made functions: what is translated, and how often."""

from __future__ import annotations

import pytest

from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring import translate
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Computed, Given, Table
from hkz_xlsx.text import Lang, messages
from tests.support import library

HOSTILE = '")\n__import__("os").abort() #'


def value_of(expr: x.Expr) -> CellValue:
    cells = Table("t", ("a", HOSTILE), (Given(HOSTILE, ("een", "twee")), Computed("r", expr)))
    return Evaluation((cells,), {}, messages("nl")).value("t", HOSTILE, "r")


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (x.Txt(HOSTILE), HOSTILE), (x.Here(HOSTILE), "twee"), (x.Cell("t", HOSTILE, "a"), "een"),
        (x.At(x.Column("t", HOSTILE), x.Num(1.0)), "een"),
        (x.Without(x.Txt(HOSTILE), '"'), HOSTILE.replace('"', "")),
        (x.CountFilled(x.Column("t", HOSTILE)), 2.0),
    ],
)  # fmt: skip
def test_texts_are_never_run(expr: x.Expr, value: CellValue) -> None:
    """Texts of norms, and keys made from them, are given to a function and stand in no source."""
    assert value_of(expr) == value


def test_what_differs_in_constants_is_translated_once() -> None:
    """Another selection, language or file costs no new source for columns of the same form."""

    def everything(norm: str, lang: Lang) -> None:
        plan = plan_workbook(select(library(), [norm]), lang, [norm])
        for _ in range(2):
            values = evaluation(plan, {})
            for table in plan.tables():
                for key in table.computed():
                    values.column(table.key, key)

    everything("138", "nl")
    before = translate._function.cache_info().misses
    everything("138", "en")
    everything("138", "nl")
    assert translate._function.cache_info().misses == before


def test_a_plan_is_made_ready_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second file of a plan translates nothing, not even to find what is there."""
    plan = plan_workbook(select(library(), ["143"]), "nl", ["143"])
    table = next(t for t in plan.tables() if t.computed())
    first = evaluation(plan, {}).column(table.key, table.computed()[0])
    monkeypatch.setattr(translate, "_function", None)
    assert evaluation(plan, {}).column(table.key, table.computed()[0]) == first
