"""Answers of one workbook into another, and an earlier measurement beside this one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.compare import stored_problems
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.carry import carry, previous_scores
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of


def _old(tmp_path: Path, lang: Lang = "nl") -> Submission:
    plan = plan_of(lang)
    path = tmp_path / "oud.xlsx"
    path.write_bytes(write_workbook(plan, sample_inputs(plan)))
    return read_workbook(path, library())


def _with_previous(lang: Lang = "nl") -> WorkbookPlan:
    return plan_workbook(select(library(), ["138"]), lang, ["138"], previous=True)


@pytest.mark.parametrize("lang", LANGS)
def test_every_answer_goes_along_in_the_language_of_the_new_workbook(
    lang: Lang, tmp_path: Path
) -> None:
    old = _old(tmp_path)
    carried = carry(old, plan_of(lang))
    assert carried.problems == ()
    assert carried.inputs.keys() == sample_inputs(plan_of("nl")).keys()
    before = assess(old.plan.model, old.as_understood)
    after = assess(plan_of(lang).model, carried.inputs)
    assert after.total == before.total
    assert after.gaps == before.gaps


def test_what_has_no_place_is_told_with_its_cell(tmp_path: Path) -> None:
    """A smaller scope leaves rows out; their answers are named one by one."""
    old = _old(tmp_path)
    scope = Scope.parse(["funding=particulier", "activities=vrijwilligers"])
    smaller = plan_workbook(select(library(), ["138"], scope), "nl", ["138"])
    carried = carry(old, smaller)
    left_out = {row.id for row in smaller.model.selection.left_out}
    lost = {a for a in old.as_understood if a.row in left_out}
    assert lost
    assert len(carried.problems) == len(lost)
    assert {p.where.requirement for p in carried.problems} == {a.row for a in lost}
    assert all(p.code == "CARRY_NO_PLACE" and p.where.cell for p in carried.problems)


@pytest.mark.parametrize("taken", [carry, previous_scores])
def test_another_norm_is_refused(taken: Callable[..., object], tmp_path: Path) -> None:
    with pytest.raises(HkzError) as caught:
        taken(_old(tmp_path), plan_of("nl", "143"))
    assert [p.code for p in caught.value.problems] == ["CARRY_OTHER_NORM"]


def test_wrong_answers_are_carried_as_typed(tmp_path: Path) -> None:
    plan = plan_of("nl")
    path = tmp_path / "oud.xlsx"
    wrong = {Address(T.requirements, "MHD-101", "answer"): "misschien"}
    path.write_bytes(write_workbook(plan, wrong))
    assert carry(read_workbook(path, library()), plan_of("en")).inputs == wrong


@pytest.mark.parametrize("lang", LANGS)
def test_previous_scores_stand_beside_the_new_ones(lang: Lang, tmp_path: Path) -> None:
    """Then, now and the difference, in total, per rubriek and per theme; the file reads back."""
    old, plan = _old(tmp_path), _with_previous(lang)
    then = assess(old.plan.model, old.as_understood)
    inputs = {
        **previous_scores(old, plan),
        Address(T.requirements, "MHD-103", "answer"): {"nl": "Voldoet", "en": "Meets"}[lang],
    }
    values = evaluation(plan, inputs)
    assert values.value("result_previous", "all", "previous") == then.total.score
    now = values.value(T.rubrieken, "138:1", "score")
    assert values.value("result_rubrieken", "138:1", "previous") == then.rubrieken["138:1"].score
    assert isinstance(now, float)
    change = values.value("result_rubrieken", "138:1", "change")
    assert change == pytest.approx(now - (then.rubrieken["138:1"].score or 0))
    assert values.value("result_rubrieken", "138:2", "change") == ""
    path = tmp_path / "nieuw.xlsx"
    path.write_bytes(write_workbook(plan, inputs))
    again = read_workbook(path, library())
    assert again.identity == plan.identity
    assert again.problems == ()
    assert stored_problems(again) == ()
    book = openpyxl.load_workbook(path)
    (title,) = (sheet.title for sheet in plan.sheets if sheet.key == "result")
    charts = book[title]._charts  # type: ignore[attr-defined]  # a worksheet
    assert [len(chart.series) for chart in charts] == [3, 3, 1, 2]


def test_without_previous_nothing_of_it_is_there() -> None:
    tables = {block.table.key for _, block in plan_of().blocks()}
    assert T.previous not in tables
    assert "result_previous" not in tables
