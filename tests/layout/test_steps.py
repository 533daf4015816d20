"""The step plan and the review sheet, against a second reading of what they should say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.guide import ROUNDS, Round
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.numbers import NUMBER_ERROR, months_later
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import LANGS, Lang, catalogue
from tests.support import library, plan_of

EPOCH = date(1899, 12, 30)


def number(day: date) -> float:
    return float((day - EPOCH).days)


def later(day: date, months: int) -> date:
    """The same day so many months later, found by walking."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    wanted = day.day
    while True:
        try:
            return date(year, month, wanted)
        except ValueError:
            wanted -= 1


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2027, 2, 28), date(2028, 2, 29)])
@pytest.mark.parametrize("months", [0, 1, 12, 13, 25])
def test_months_later(day: date, months: int) -> None:
    assert months_later(number(day), float(months)) == number(later(day, months))


def test_months_later_stops_at_the_end_of_time() -> None:
    assert months_later(1e9, 1.0) == NUMBER_ERROR
    assert months_later(number(date(9999, 12, 1)), 1.0) == NUMBER_ERROR
    assert months_later(0.0, 1.0) == NUMBER_ERROR


def _states(lang: Lang, inputs: dict[Address, CellValue], name: Round) -> list[tuple[str, ...]]:
    """State and bar of every step, by a plain second reading of the rules."""
    text = catalogue(lang)
    settings = {
        key: inputs.get(Address(T.settings, key, "value"))
        for key in ("reference_date", "start_date", "cycle_date")
    }

    def day(key: str) -> date | None:
        value = settings[key]
        ok = isinstance(value, int | float) and 32_874 <= value <= 73_050
        return EPOCH + timedelta(days=int(value)) if ok else None  # type: ignore[arg-type]

    today = day("reference_date")
    start = day("start_date") or today
    if name == "yearly":
        start = day("cycle_date") or (later(start, ROUNDS["first"]) if start else None)
    found = []
    for step in library().guide().of(name):  # type: ignore[union-attr]  # there is one
        typed = {
            key: inputs.get(Address(f"steps_{name}", step.id, key)) for key in ("planned", "done")
        }
        done = isinstance(typed["done"], float) and typed["done"] > 1
        usual = later(start, step.month + step.months - 1) - timedelta(days=1) if start else None
        planned = None
        if isinstance(typed["planned"], float) and typed["planned"] > 1:
            planned = EPOCH + timedelta(days=int(typed["planned"]))
        due = planned or usual
        if done:
            state = "done"
        elif today and due and due < today:
            state = "late"
        elif today and start and later(start, step.month - 1) <= today:
            state = "now"
        else:
            state = "later"
        last = step.month + step.months - 1
        if planned and start:
            last = 1 + sum(planned >= later(start, k) for k in range(1, ROUNDS[name]))
        first = min(step.month, last)
        mark = text[f"steps.mark.{'done' if done else 'planned'}"]
        bar = [mark if first <= k <= last else "" for k in range(1, ROUNDS[name] + 1)]
        found.append((text[f"steps.state.{state}"], *bar))
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", list(ROUNDS))
def test_states_and_bars(lang: Lang, name: Round) -> None:
    """All four states occur, and every bar is where a second reading puts it."""
    plan = plan_of(lang)
    steps = library().guide().of(name)  # type: ignore[union-attr]  # there is one
    key = f"steps_{name}"
    today = date(2026, 11, 2)
    cases: list[dict[Address, CellValue]] = [{}]
    cases.append({Address(T.settings, "reference_date", "value"): number(today)})
    busy: dict[Address, CellValue] = {
        Address(T.settings, "reference_date", "value"): number(today),
        Address(T.settings, "start_date", "value"): number(date(2026, 5, 31)),
        Address(T.settings, "cycle_date", "value"): number(date(2026, 8, 31)),
        Address(key, steps[0].id, "done"): number(date(2026, 6, 30)),
        Address(key, steps[1].id, "planned"): number(date(2026, 10, 1)),
        Address(key, steps[2].id, "planned"): number(date(2027, 1, 31)),
        Address(key, steps[3].id, "planned"): "volgend jaar",
        Address(key, steps[4].id, "planned"): number(today),
        Address(key, steps[-1].id, "planned"): number(date(2026, 6, 1)),
    }
    cases.append(busy)
    seen = set()
    for inputs in cases:
        values = evaluation(plan, inputs)
        columns = ["state", *(f"m{k:02d}" for k in range(1, ROUNDS[name] + 1))]
        shown = list(zip(*(values.column(key, column) for column in columns), strict=True))
        assert shown == _states(lang, inputs, name)
        seen |= {row[0] for row in shown}
    assert seen == {catalogue(lang)[f"steps.state.{s}"] for s in ("done", "late", "now", "later")}


def test_progress_counts_and_names_the_next_step() -> None:
    plan = plan_of("nl")
    guide = plan.model.selection.guide
    inputs: dict[Address, CellValue] = {
        Address("steps_first", step.id, "done"): 46_000.0 for step in guide.of("first")[:3]
    }
    values = evaluation(plan, inputs)
    assert values.value(T.progress, "first", "done") == 3
    assert values.value(T.progress, "first", "next") == guide.of("first")[3].title.nl
    for step in guide.of("first"):
        inputs[Address("steps_first", step.id, "done")] = 46_000.0
    values = evaluation(plan, inputs)
    assert values.value(T.progress, "first", "done_share") == 100
    assert values.value(T.progress, "first", "next") == "alles gereed"


@pytest.mark.parametrize("part", ["138", "143", "zw", "125"])
def test_steps_name_questions_of_the_chosen_norm(part: str) -> None:
    """Every question named is in the workbook, and most steps name some."""
    selection = plan_of("nl", part).model.selection
    known = {row.requirement.id for row in selection.rows}
    served = [selection.served(step) for step in selection.guide.steps]
    assert all(set(ids) <= known for ids in served)
    assert sum(bool(ids) for ids in served) >= len(served) // 2


@pytest.mark.parametrize("lang", LANGS)
def test_review_figures_are_those_of_the_other_sheets(lang: Lang) -> None:
    plan = plan_of(lang)
    inputs = sample_inputs(plan)
    values = evaluation(plan, inputs)
    figures = dict(
        zip(
            next(b.table.rows for _, b in plan.blocks() if b.table.key == "review_figures"),
            values.column("review_figures", "value"),
            strict=True,
        )
    )
    assert figures["score"] == values.value(T.total, "all", "score")
    assert figures["verdict_138+123"] == values.value(T.schemes, "138+123", "verdict")
    scores = dict(
        zip(values.column(T.rubrieken, "name"), values.column(T.rubrieken, "score"), strict=True)
    )
    assert figures["weakest"] == min(scores, key=lambda name: scores[name])  # type: ignore[arg-type,return-value]
    assert figures["audit_minor"] == 1
    assert figures["steps_first"] == 4
