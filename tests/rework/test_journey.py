"""Relations between questions: what travels, what is shown, and that nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hkz_xlsx.layout.codecs import Reading
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.routes import Edge, Route, composed, weakest
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError, Where
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.questions import Passage
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.journey import Journey, Landed
from hkz_xlsx.rework.tables_kept import Purpose
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from tests.support import library

FIRST = "143@2021/r1"  # what becomes of answers is the same for every question set
ROWS = ("KO-101", "KO-102", "KO-103", "KO-104", "KO-105", "KO-106")
STANDINGS = ("equal", "superset", "shown")


@cache
def plan(lang: str = "nl", layout: int = LAYOUT_VERSION) -> WorkbookPlan:
    return plan_workbook(
        select(library(), [FIRST]), "nl" if lang == "nl" else "en", [FIRST], layout
    )


def cell(row: str, column: str) -> Address:
    return Address(T.requirements, row, column)


def submission(inputs: Inputs, of: WorkbookPlan | None = None) -> Submission:
    made = of or plan()
    readings = {a: Reading("exact", v, v) for a, v in inputs.items()}
    places = {a: Where("oud.xlsx", None, "Blad", "A1", a.row) for a in inputs}
    raw = {a: v for a, v in inputs.items() if not isinstance(v, bool)}
    return Submission(
        "oud.xlsx", made.identity, made, raw, readings, places, {}, (),
    )  # fmt: skip


def passage(*edges: Edge, tables: Mapping[str, str] | None = None) -> Passage:
    """These edges; rows that they do not name stay as they are."""
    named = {edge.old for edge in edges} | {edge.new for edge in edges}
    kept = [Edge(row, row, "equal") for row in ROWS if row not in named]
    return Passage(Route((*edges, *kept)).onward(), {}, (), tables or {})


def run(
    inputs: Inputs, way: Passage, purpose: Purpose = "same", to: WorkbookPlan | None = None,
    of: WorkbookPlan | None = None,
) -> Landed:  # fmt: skip
    return Journey(submission(inputs, of), to or plan(), way, purpose).run()


ROW: Mapping[str, CellValue] = {
    "answer": "Voldoet", "maturity": "2 Do", "evidence": "Verslag", "valid_until": 46_000.0,
    "action": "Bellen", "action_status": "Bezig", "advisor_answer": "Voldoet niet",
    "advisor_note": "Nog eens kijken", "owner": "Anna",
}  # fmt: skip


def filled(row: str = "KO-101", **more: CellValue) -> dict[Address, CellValue]:
    return {cell(row, column): value for column, value in {**ROW, **more}.items()}


def test_equal_carries_everything_and_says_nothing() -> None:
    found = run(filled(), passage(Edge("KO-101", "KO-102", "equal")))
    assert found.inputs == filled("KO-102")
    assert found.listed == []


def test_a_question_that_asked_more_is_carried_to_look_at() -> None:
    """The adviser looked at another question: shown."""
    found = run(filled(), passage(Edge("KO-101", "KO-101", "superset"))).inputs
    kept = {c: v for c, v in ROW.items() if not c.startswith("advisor")}
    assert {c: found[cell("KO-101", c)] for c in kept} == kept
    assert found[cell("KO-101", "origin")] == "herzien"
    assert found[cell("KO-101", "previous_answer")] == (
        "Oordeel adviseur: Voldoet niet\nOpmerking adviseur: Nog eens kijken"
    )
    assert cell("KO-101", "advisor_answer") not in found


def test_another_question_gets_no_answer_but_shows_the_old_one() -> None:
    found = run(filled(), passage(Edge("KO-101", "KO-101", "shown")))
    inputs = found.inputs
    assert cell("KO-101", "answer") not in inputs
    assert str(inputs[cell("KO-101", "previous_answer")]).splitlines()[:2] == [
        "Voldoet", "Borging: 2 Do",
    ]  # fmt: skip
    assert (inputs[cell("KO-101", "evidence")], inputs[cell("KO-101", "action")]) == (
        "Verslag", "Bellen",
    )  # fmt: skip
    assert found.listed == []


def test_a_question_that_went_is_listed_with_its_words() -> None:
    found = run(filled(), Passage({row: (Edge(row, row, "equal"),) for row in ROWS[1:]}, {}))
    assert found.inputs == {}
    assert {one.address for one in found.listed} == set(filled())
    assert {one.reason for one in found.listed} == {"not_carried"}
    assert all(one.told.startswith("De vraag was: ") for one in found.listed)
    assert "01-12-2025" not in {one.value for one in found.listed}
    assert "09-12-2025" in {one.value for one in found.listed}, "a day, not its number"


@pytest.mark.parametrize("both", [True, False])
def test_evidence_of_a_split_question(both: bool) -> None:
    """With ``evidence: both`` it goes to every row; an action goes to one."""
    way = passage(Edge("KO-101", "KO-101", "shown"), Edge("KO-101", "KO-102", "shown", False, both))
    found = run(filled(), way).inputs
    assert found[cell("KO-101", "evidence")] == "Verslag"
    assert (cell("KO-102", "evidence") in found) == both
    assert cell("KO-102", "action") not in found
    for row in ("KO-101", "KO-102"):
        assert cell(row, "answer") not in found
        assert str(found[cell(row, "previous_answer")]).startswith("Voldoet")


def test_questions_put_together_show_the_lowest_first() -> None:
    """Texts stand under each other, of days the earliest, and the other day is listed."""
    way = passage(Edge("KO-101", "KO-101", "shown"), Edge("KO-102", "KO-101", "shown"))
    low = filled("KO-102", answer="Voldoet niet", evidence="Foto", valid_until=45_000.0)
    found = run({**filled(), **low}, way)
    lines = str(found.inputs[cell("KO-101", "previous_answer")]).splitlines()
    assert lines[:2] == ["KO-102: Voldoet niet", "KO-101: Voldoet"]
    assert found.inputs[cell("KO-101", "evidence")] == "Verslag\nFoto"
    assert found.inputs[cell("KO-101", "valid_until")] == 45_000.0
    assert [(one.address, one.value) for one in found.listed] == [
        (cell("KO-101", "valid_until"), "09-12-2025")
    ]


def test_what_was_shown_is_shown_again_until_it_is_answered() -> None:
    shown = {cell("KO-101", "previous_answer"): "Voldoet", cell("KO-101", "evidence"): "Verslag"}
    again = run(shown, passage(), "next").inputs
    assert again[cell("KO-101", "previous_answer")] == "Voldoet"
    answered = {
        **shown,
        cell("KO-101", "answer"): "Voldoet deels",
        cell("KO-101", "seen"): "Bekeken",
    }
    found = run(answered, passage(), "next").inputs
    assert cell("KO-101", "previous_answer") not in found
    assert found[cell("KO-101", "origin")] == "vorige meting"
    assert cell("KO-101", "seen") not in found
    assert run(answered, passage()).inputs == answered


def test_the_next_year_clears_what_was_of_this_one() -> None:
    """Finished actions and the year's cycle are listed; open findings and the first steps stay."""
    typed: dict[Address, CellValue] = {
        **filled(action_status="Gereed"), **filled("KO-102"),
        Address("steps_first", "S01", "owner"): "Anna",
        Address("steps_yearly", "J01", "owner"): "Bas",
        Address("agenda", "D01", "decision"): "Doorgaan",
        Address("audit_findings", "B01", "finding"): "Open punt",
        Address("audit_findings", "B02", "finding"): "Opgelost",
        Address("audit_findings", "B02", "status"): "Gereed",
        Address(T.settings, "reference_date", "value"): 46_000.0,
        Address(T.settings, "basis", "value"): "adviseur",
    }  # fmt: skip
    found = run(typed, passage(), "next")
    assert cell("KO-101", "action") not in found.inputs
    assert found.inputs[cell("KO-102", "action")] == "Bellen"
    assert {a.table for a in found.inputs} == {
        T.requirements, "steps_first", "audit_findings", T.settings,
    }  # fmt: skip
    assert Address("audit_findings", "B02", "finding") not in found.inputs
    assert Address(T.settings, "reference_date", "value") not in found.inputs
    done = {one.address for one in found.listed if one.reason == "completed"}
    assert {a.table for a in done if a} == {
        T.requirements, "steps_yearly", "agenda", "audit_findings",
    }  # fmt: skip


def test_what_a_crosswalk_says_of_tables() -> None:
    typed: dict[Address, CellValue] = {Address("agenda", "D01", "decision"): "Doorgaan"}
    assert run(typed, passage(tables={"review": "same"})).inputs == typed
    found = run(typed, passage(tables={"review": "clear"}))
    assert (found.inputs, [one.reason for one in found.listed]) == ({}, ["completed"])


def test_words_follow_the_language() -> None:
    found = run(filled(), passage(Edge("KO-101", "KO-101", "shown")), to=plan("en")).inputs
    assert str(found[cell("KO-101", "previous_answer")]).splitlines()[0] == "Meets"
    assert found[cell("KO-101", "origin")] == "revised"


def test_an_older_layout_goes_along_and_a_newer_one_is_listed_where_it_has_no_column() -> None:
    old = plan(layout=1)
    way = passage(Edge("KO-101", "KO-101", "shown"))
    found = run(filled(), way, of=old).inputs
    assert cell("KO-101", "previous_answer") in found
    back = run(filled(), way, to=old)
    assert back.inputs == {}
    assert {one.reason for one in back.listed} == {"other_question"}


def test_a_cell_that_is_nowhere_stops_the_command() -> None:
    journey = Journey(submission(filled()), plan(), passage(), "same")
    journey._together = lambda: None  # type: ignore[method-assign]  # as a mistake of ours would
    with pytest.raises(HkzError) as caught:
        journey.run()
    assert [p.code for p in caught.value.problems] == ["CARRY_UNACCOUNTED"]


COLUMNS: Mapping[str, tuple[CellValue, ...]] = {
    "answer": ("Voldoet", "Voldoet deels", "N.v.t.", "misschien"), "maturity": ("1 Plan", "4 Act"),
    "evidence": (), "note": (), "valid_until": (45_000.0, 46_000.0), "action": (),
    "action_status": ("Open", "Gereed"), "advisor_answer": ("Voldoet niet",), "advisor_note": (),
    "seen": ("Bekeken",),
}  # fmt: skip
"""Words to choose from per column; free texts differ from cell to cell."""


@st.composite
def typed_cells(draw: st.DrawFn) -> dict[Address, CellValue]:
    found: dict[Address, CellValue] = {}
    for row in ROWS:
        for column, values in COLUMNS.items():
            if draw(st.booleans()):
                text = f"{row} {column}"
                found[cell(row, column)] = draw(st.sampled_from(values)) if values else text
    return found


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Rows renamed, split, put together, changed and gone, in any way."""
    edges = []
    for row in ROWS:
        targets = draw(st.lists(st.sampled_from(ROWS), max_size=2, unique=True))
        both = draw(st.booleans())
        for place, new in enumerate(targets):
            standing = draw(st.sampled_from(STANDINGS))
            edges.append((row, new, standing, place, both))
    several = [new for _, new, *_ in edges if sum(e[1] == new for e in edges) > 1]
    split = [old for old, *_ in edges if sum(e[0] == old for e in edges) > 1]
    return Route(
        tuple(
            Edge(
                old, new,
                "shown" if new in several or old in split else standing,  # type: ignore[arg-type]  # sampled from the three
                place == 0, place == 0 or both,
            )
            for old, new, standing, place, both in edges
        )
    )  # fmt: skip


QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(typed_cells(), routes(), st.sampled_from(["same", "start", "next"]))
def test_nothing_is_lost(typed: dict[Address, CellValue], route: Route, purpose: Purpose) -> None:
    """Looked up without the account: every text stands in a cell, in Vorig oordeel or in a list."""
    found = run(typed, Passage(route.onward(), {}), purpose)
    listed = {one.address for one in found.listed}
    for address, value in typed.items():
        if address.column in ("seen", "origin"):
            continue
        texts = [str(v) for a, v in found.inputs.items() if isinstance(v, str)]
        held = any(str(value) in text for text in texts) or value in found.inputs.values()
        assert held or address in listed, address
        assert found.fates[address]
    for address in found.inputs:
        # No answer without an old one that answers it.
        if address.column in ("answer", "maturity"):
            ways = [e for e in route.edges if e.new == address.row]
            assert [e.standing for e in ways] in (["equal"], ["superset"])


@QUICK
@given(typed_cells(), st.permutations(ROWS))
def test_renamed_there_and_back_is_the_same(
    typed: dict[Address, CellValue], names: list[str]
) -> None:
    there = Route(tuple(Edge(a, b, "equal") for a, b in zip(ROWS, names, strict=True)))
    back = Route(tuple(Edge(b, a, "equal") for a, b in zip(ROWS, names, strict=True)))
    gone = run(typed, Passage(there.onward(), {}))
    again = run(gone.inputs, Passage(back.onward(), {}))
    assert (again.inputs, gone.listed, again.listed) == (typed, [], [])


def _plain(inputs: Inputs) -> dict[Address, object]:
    """Shown lines without the numbers of rows in between, texts in any order."""
    found: dict[Address, object] = {}
    for address, value in inputs.items():
        if isinstance(value, str):
            lines = value.splitlines()
            if address.column == "previous_answer":
                lines = [re.sub(r"^[A-Z]+-\d+: ", "", line) for line in lines]
            found[address] = sorted(set(lines))
        else:
            found[address] = value
    return found


@QUICK
@given(typed_cells(), routes(), routes())
def test_two_steps_are_one_route(typed: dict[Address, CellValue], one: Route, other: Route) -> None:
    """What a chain says is what its links say one after the other."""
    halfway = run(typed, Passage(one.onward(), {}))
    twice = run(halfway.inputs, Passage(other.onward(), {}))
    once = run(typed, Passage(composed(one, other).onward(), {}))
    assert _plain(twice.inputs) == _plain(once.inputs)


@given(st.sampled_from(STANDINGS), st.sampled_from(STANDINGS), st.sampled_from(STANDINGS))
def test_the_weakest_link(one: str, other: str, third: str) -> None:
    a, b, c = (Route((Edge("x", "x", s),)) for s in (one, other, third))  # type: ignore[arg-type]  # of the three
    assert composed(composed(a, b), c) == composed(a, composed(b, c))
    assert composed(a, b).edges[0].standing == weakest(one, other)  # type: ignore[arg-type]  # as above


@QUICK
@given(typed_cells(), routes(), st.sampled_from(["same", "start", "next"]))
def test_sums_add_up_and_a_run_again_is_the_same(
    typed: dict[Address, CellValue], route: Route, purpose: Purpose
) -> None:
    """Every typed cell has one fate that counts; what is made depends on nothing else."""
    found = run(typed, Passage(route.onward(), {}), purpose)
    assert found.fates.keys() == typed.keys()
    counts = Counter(fates[0][0] for fates in found.fates.values())
    assert sum(counts.values()) == len(typed)
    backwards = dict(reversed(typed.items()))
    assert run(typed, Passage(route.onward(), {}), purpose).inputs == found.inputs
    again = run(backwards, Passage(route.onward(), {}), purpose)
    assert _plain(again.inputs) == _plain(found.inputs)
    assert {e.address for e in again.listed} == {e.address for e in found.listed}
