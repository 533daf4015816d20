"""Random crosswalks: those in order lose no row, and every mistake in one is told, all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.migrations import Crosswalk, CrosswalkStep, End, Provenance, check_crosswalk
from hkz_xlsx.norm.model import NormPart, Shared
from hkz_xlsx.norm.routes import composed, route_of
from hkz_xlsx.norm.yaml_nodes import Lines, YamlDocument
from hkz_xlsx.text import Text
from tests.support import library

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
WHY = Text("Omdat.", "Because.")
NAMED = 8
"""So many rows are named in a step; the others stay."""


@cache
def part() -> NormPart:
    found = library().part("143", "2021", "r1")
    assert found is not None
    return found


def rows() -> list[str]:
    return [row.id for _, _, row in part().requirements()]


class Twice(Library):
    """143@2021/r1 under two names: the same questions at both ends."""

    def part(self, part_id: str, edition: str = "", revision: str = "") -> NormPart | None:
        named = replace(part().edition, revision=revision)
        return replace(part(), edition=named) if part_id == "143" and edition else None

    def shared_for(self, *parts: NormPart) -> Shared:
        return library().shared_for(*(part() for _ in parts))


def both() -> Twice:
    return Twice(library().root)


def crosswalk(*steps: CrosswalkStep) -> Crosswalk:
    ends = [End("143", "2021", name, part().edition.fingerprint) for name in ("r1", "r2")]
    made = Provenance(reviewed=True, on="2026-11-28", method="human", sources=())
    scales = {"answer": "same", "maturity": "same"}
    tables = {"steps": "same", "review": "same", "findings": "same"}
    return Crosswalk(
        "1", "revision", ends[0], ends[1], made, "draft", scales, steps, tables  # type: ignore[arg-type]  # of the words allowed
    )  # fmt: skip


def mistakes(found: Crosswalk) -> Counter[str]:
    document = YamlDocument("migrations/143/2021-r1--2021-r2.yaml", {}, Lines(1, {}))
    return Counter(p.code for p in check_crosswalk(both(), found, document))


@st.composite
def in_order(draw: st.DrawFn) -> Crosswalk:
    """Rows of the named ones renamed, split, put together, gone and new, each once."""
    old, new = (draw(st.permutations(rows()[:NAMED])) for _ in range(2))
    steps: list[CrosswalkStep] = []
    while old or new:
        left, reached = (draw(st.integers(0, min(2, len(some)))) for some in (old, new))
        if left + reached == 0:
            continue
        words = ("equal", "superset", "subset", "intersects")
        relation = draw(st.sampled_from(words)) if left and reached else ""
        steps.append(
            CrosswalkStep(f"m{len(steps)}", tuple(old[:left]), tuple(new[:reached]), relation, WHY)
        )
        old, new = old[left:], new[reached:]
    return crosswalk(*steps)


@QUICK
@given(in_order())
def test_in_order_no_row_is_lost(found: Crosswalk) -> None:
    """Every old row leads somewhere or is said to go; every new one is reached or new."""
    assert mistakes(found) == {}
    route = route_of(found, part(), part())
    gone = {row for step in found.steps if not step.new for row in step.old}
    came = {row for step in found.steps if not step.old for row in step.new}
    assert {edge.old for edge in route.edges} == set(rows()) - gone
    assert {edge.new for edge in route.edges} == set(rows()) - came
    several = Counter(edge.old for edge in route.edges) | Counter(e.new for e in route.edges)
    for edge in route.edges:
        alone = sum(e.old == edge.old or e.new == edge.new for e in route.edges) == 1
        assert alone or edge.standing == "shown"  # of a split or a merge there is no answer
    heads = Counter(edge.old for edge in route.edges if edge.head)
    assert all(heads[edge.old] == 1 for edge in route.edges), several


@QUICK
@given(in_order(), in_order(), in_order())
def test_chains_compose_in_any_order(one: Crosswalk, two: Crosswalk, three: Crosswalk) -> None:
    a, b, c = (route_of(found, part(), part()) for found in (one, two, three))
    left, right = composed(composed(a, b), c), composed(a, composed(b, c))
    assert set(left.edges) == set(right.edges)


@QUICK
@given(in_order(), st.data())
def test_every_mistake_is_told(found: Crosswalk, data: st.DataObject) -> None:
    """A row left out, one used twice, an unknown one, a word that is no relation: together."""
    steps = list(found.steps)
    spoilt: set[str] = set()
    spoil = [data.draw(st.booleans()) for _ in range(5)]
    if spoil[0]:
        row = data.draw(st.sampled_from(rows()[NAMED:]))
        steps += [CrosswalkStep(f"x{n}", (row,), (row,), "equal", WHY) for n in range(2)]
        spoilt.add("MIGRATION_TWICE")
    if spoil[1]:
        steps.append(CrosswalkStep("y", ("KO-998",), (), "", WHY))
        spoilt.add("NORM_REFERENCE_UNKNOWN")
    pairs = [n for n, step in enumerate(steps) if step.old and step.new]
    if pairs and spoil[2]:
        at = data.draw(st.sampled_from(pairs))
        steps[at] = replace(steps[at], relation="ongeveer")
        spoilt.add("MIGRATION_RELATION")
    gone = [n for n, step in enumerate(steps) if step.old and not step.new and step.id != "y"]
    if gone and spoil[3]:
        del steps[data.draw(st.sampled_from(gone))]
        spoilt.add("MIGRATION_MISSING")
    scales = dict(found.scales)
    if spoil[4]:
        del scales["maturity"]
        spoilt.add("MIGRATION_SCALE")
    told = set(mistakes(replace(found, steps=tuple(steps), scales=scales)))
    # A row that goes unsaid and stands in the new set too is a kept one: then it is used twice.
    assert spoilt - {"MIGRATION_MISSING"} <= told
    assert bool(told) == bool(spoilt)
