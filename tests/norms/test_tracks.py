"""Two ways to the first certificate: the long one, and a short one for small organisations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hkz_xlsx.norm.files import Loader, norms_folder
from hkz_xlsx.norm.guide import SHORT_MONTHS, Guide, Track
from hkz_xlsx.norm.load import load_library, read_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.norm.wording import check_wordings
from tests.norms.revisions import copied, replaced
from tests.support import plan_of

ONE = '    track: short\n'  # fmt: skip


def plan(name: str = "r2") -> Guide:
    found = read_library()[0].guides[name]
    assert found is not None
    return found


def served(track: Track) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for step in plan().of("first", track):
        for norm, topics in step.serves.items():
            found.setdefault(norm, set()).update(topics)
    return found


def test_a_plan_without_tracks_has_the_long_way_only() -> None:
    """What was released is shown as it was."""
    first = plan("r1")
    assert first.tracks == ("long",)
    assert first.of("first") == tuple(s for s in first.steps if s.round == "first")


def test_the_second_plan_has_two_ways() -> None:
    found = plan()
    assert (found.status, found.tracks) == ("released", ("long", "short"))
    long, short = found.of("first"), found.of("first", "short")
    assert not {s.id for s in long} & {s.id for s in short}
    assert found.of("yearly") == found.of("yearly", "short")
    assert max(s.month + s.months - 1 for s in short) == SHORT_MONTHS
    months = [s.month for s in short]
    assert months == sorted(months)


def test_the_short_way_leaves_nothing_out() -> None:
    """Every subject that the long way works on is worked on in the short one."""
    long, short = served("long"), served("short")
    for norm, topics in long.items():
        assert topics <= short.get(norm, set()), norm


def test_the_norm_for_small_organisations_has_the_short_way() -> None:
    """Its workbooks show it; those of other norms the long one, and the year is the same."""
    small, large, both, first = (
        select(load_library(), asked)
        for asked in (
            ["143@2021/r2"],
            ["zw@2018/r2"],
            ["143@2021/r2", "125@2009/r2"],
            ["143@2021/r1"],
        )
    )
    assert small.steps("first") == both.steps("first") == plan().of("first", "short")
    assert large.steps("first") == plan().of("first", "long")
    assert small.steps("yearly") == large.steps("yearly")
    assert first.steps("first") == plan(first.guide.revision).of("first")
    tables = plan_of("nl", "143@2021/r2").tables()
    assert [t.rows for t in tables if t.key == "steps_first"] == [
        tuple(step.id for step in plan().of("first", "short"))
    ]


def test_internal_audit_and_review_come_before_phase_1() -> None:
    for track in ("long", "short"):
        steps = plan().of("first", track)
        titles = [s.title.nl for s in steps]
        order = [
            next(i for i, title in enumerate(titles) if re.search(word, title))
            for word in ("Interne audit:", "Directiebeoordeling", "fase 1", "fase 2")
        ]
        assert order == sorted(order), track


@pytest.mark.parametrize(
    "words",
    [
        "licentie", "deskundige", "Proefaudit", "auditoren scholen", "Cliënten erbij", "register",
        "keurmerk", "drie maanden vóór de einddatum", "nieuwe uitgave", "bezwaarprocedure",
        "gecombineerde toetsing", "net begonnen",
    ],
)  # fmt: skip
def test_what_was_missing_is_there(words: str) -> None:
    """In the long way or the yearly round; not in the first plan as a step of its own."""
    steps = (*plan().of("first"), *plan().of("yearly"))
    texts = [" ".join((s.title.nl, s.what.nl, s.tip.nl)).casefold() for s in steps]
    assert any(words.casefold() in text for text in texts)


def test_texts_of_steps() -> None:
    """They fit their cells and follow the glossary."""
    shared = Loader(norms_folder()).shared("r2")
    assert shared is not None
    limits = {"title": 46, "why": 130, "what": 310, "tip": 210, "product": 60, "who": 40}
    for step in plan().steps:
        for name, limit in limits.items():
            text = getattr(step, name)
            assert len(text.nl) <= limit, (step.id, name, len(text.nl))
            assert len(text.en) <= limit, (step.id, name, len(text.en))
            for word in shared.words:
                assert not re.search(word.avoid, text.get(word.lang), re.I), (step.id, name)


def test_a_short_step_ends_within_nine_months(tmp_path: Path) -> None:
    root = copied(tmp_path / "norms", later=True)
    path = root / "steps/r2/steps.yaml"
    replaced(path, "    month: 9\n    months: 1\n" + ONE, "    month: 9\n    months: 2\n" + ONE)
    found = [p for p in read_library(root)[1] if p.where.file == "steps/r2/steps.yaml"]
    assert [(p.code, p.slots["last"], p.slots["limit"]) for p in found] == [
        ("STEP_TOO_LONG", "10", str(SHORT_MONTHS))
    ]


def test_a_track_is_one_of_three(tmp_path: Path) -> None:
    root = copied(tmp_path / "norms", later=True)
    replaced(root / "steps/r2/steps.yaml", "track: short", "track: kort")
    found = [p for p in read_library(root)[1] if p.where.file == "steps/r2/steps.yaml"]
    assert [p.code for p in found] == ["NORM_VALUE_WRONG"]


def test_words_of_shipped_sets() -> None:
    """Laws, tags and glossary of every set whose shared data know them."""
    assert tuple(check_wordings(read_library()[0])) == ()
