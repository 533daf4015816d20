"""The page of one organisation: its condition, its place, and what the best quarter answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hkz_xlsx.figures.benchmark import Benchmark, benchmarks
from hkz_xlsx.figures.benchmark_content import benchmark_document
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.document import Document, Facts, Item, Items, Paragraph
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.render.plots import Spread
from tests.portfolio.made_up import One, made_up
from tests.report.extract import text_of


def field(count: int = 40) -> list[One]:
    """Scores from 0 to 78; from the 24th on the first question is met, from the 34th the second."""
    return [
        One(
            ["yes" if number >= 24 else "no", "yes" if number >= 34 else "partly", "no", "na"],
            "nearly", 2.0 * number,
        )
        for number in range(count)
    ]  # fmt: skip


def pages(folder: Path, members: list[One], choices: Choices | None = None) -> dict[str, Benchmark]:
    made_up(folder, members)
    return {one.about.name: one for one in benchmarks(str(folder), choices or Choices())}


def shown(page: Benchmark) -> Document:
    return benchmark_document(page, Choices(), NEUTRAL)


def facts(document: Document) -> dict[str, tuple[str, str]]:
    [found] = [b for b in document.sections[0].blocks if isinstance(b, Facts)]
    return {fact.label: (fact.value, fact.note) for fact in found.facts}


@pytest.fixture(name="all_pages", scope="module")
def _all_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Benchmark]:
    return pages(tmp_path_factory.mktemp("field"), field())


def test_no_score_without_its_condition(all_pages: dict[str, Benchmark]) -> None:
    """Answered of all, provisional, and the indication stand beside it, in every format."""
    document = shown(all_pages["Naam 10"])
    found = facts(document)
    assert found["eigen score"] == ("20,0 %", "17 van 178 beantwoord, voorlopig")
    assert found["138 · indicatie"] == ("Bijna gereed", "")
    notices = [
        b.text
        for b in document.sections[0].blocks
        if isinstance(b, Paragraph) and b.look == "notice"
    ]
    assert notices == [
        "Nog niet alles is beantwoord. Wat leeg is, telt als niet behaald: de score kan nog veranderen."
    ]
    for suffix, render in FORMATS.items():
        text = text_of(suffix, render(document, NEUTRAL))
        for words in (
            "20,0 %",
            "17 van 178 beantwoord, voorlopig",
            "Bijna gereed",
            "hoger dan 10 van de 39 anderen",
        ):
            assert words in text, (suffix, words)


def test_a_whole_workbook_is_not_provisional(tmp_path: Path) -> None:
    members = field()
    members[3].answered = members[3].questions
    document = shown(pages(tmp_path, members)["Naam 3"])
    assert facts(document)["eigen score"][1] == "178 van 178 beantwoord"
    assert not [
        b for b in document.sections[0].blocks if isinstance(b, Paragraph) and b.look == "notice"
    ]


def test_own_place_in_the_field(all_pages: dict[str, Benchmark]) -> None:
    """As a number, and as a dot in the distribution of the others."""
    page = all_pages["Naam 10"]
    assert (page.total.lower, page.total.n) == (10, 39)
    [drawn] = [b for b in shown(page).sections[0].blocks if isinstance(b, Spread)]
    [total] = drawn.fields
    others = [2.0 * n for n in range(40) if n != 10]
    assert total.own is not None
    assert (total.own.value, total.middle.value) == (20.0, others[19])
    assert total.box is not None
    assert [q.value for q in total.box] == [20.0, 59.0]
    assert total.dots == (), "of the others only the whole stands here"


def test_rubrieken_among_the_others(all_pages: dict[str, Benchmark]) -> None:
    """Counted against the quartiles; a score on a quartile is within. Nothing without quartiles."""
    page = all_pages["Naam 10"]
    rows = [
        ("rubriek", f"{n}. Zo", 39, own, 50.0, low, high, 0.5, own, 50.0)
        for n, (own, low, high) in enumerate([
            (70.0, 40.0, 60.0), (60.0, 40.0, 60.0), (40.0, 40.0, 60.0), (39.9, 40.0, 60.0),
            (0.0, 40.0, 60.0), (90.0, None, None),
        ])
    ]  # fmt: skip
    more = replace(page, section=replace(page.section, rows=(*page.section.rows, *rows)))
    told = [b.text for b in shown(more).sections[0].blocks if isinstance(b, Paragraph)]
    said = "Rubrieken ten opzichte van de middelste helft van de anderen: "
    assert f"{said}1 erboven, 2 erin, 2 eronder." in told
    assert not [b for b in shown(page).sections[0].blocks if said in str(b)]


def test_what_the_best_quarter_answers_otherwise(all_pages: dict[str, Benchmark]) -> None:
    """Only questions that most of it meets and the organisation does not, with rounded shares."""
    quarter = all_pages["Naam 10"].quarter
    assert quarter is not None
    assert quarter.n == 10  # the ten of 60 % and more, 30 to 39
    assert [(one.requirement, one.said, one.share) for one in quarter.otherwise] == [
        ("Q-001", "no", None), ("Q-002", "partly", None),
    ]  # fmt: skip
    document = shown(all_pages["Naam 10"])
    items = [b for b in document.sections[0].blocks if isinstance(b, Items)][-1].items
    assert items[0] == Item("Q-001", "", "voldoet bij het beste kwart: alle op < 5 na; u: Niet")
    assert items[1].tail == "voldoet bij het beste kwart: alle op < 5 na; u: Deels"


def test_a_share_of_the_best_quarter_is_rounded(tmp_path: Path) -> None:
    """Ten of twenty: from what rounded counts can stand for, to steps of five percent."""
    members = [
        One(["yes" if number >= 70 else "no"], "nearly", float(number)) for number in range(80)
    ]
    page = pages(tmp_path, members)["Naam 1"]
    assert page.quarter is not None
    assert [(one.requirement, one.share) for one in page.quarter.otherwise] == [("Q-001", 55.0)]
    items = [b for b in shown(page).sections[0].blocks if isinstance(b, Items)][-1].items
    assert items[0].tail == "voldoet bij het beste kwart: 55 %; u: Niet"


def test_who_is_in_the_best_quarter_is_not_compared_with_itself(
    all_pages: dict[str, Benchmark],
) -> None:
    quarter = all_pages["Naam 39"].quarter
    assert quarter is not None
    assert quarter.otherwise == ()
    assert "Er is geen vraag waar de meesten van hen" in text_of(
        ".md", FORMATS[".md"](shown(all_pages["Naam 39"]), NEUTRAL)
    )


@pytest.mark.parametrize(("count", "there"), [(17, False), (25, True)])
def test_a_quarter_of_fewer_than_k_is_not_told(count: int, there: bool, tmp_path: Path) -> None:
    """Seventeen organisations: the best quarter of the sixteen others are four."""
    page = pages(tmp_path, field(count))["Naam 0"]
    assert (page.quarter is not None) == there
    text = text_of(".md", FORMATS[".md"](shown(page), NEUTRAL))
    assert ("minder dan 5 organisaties; daarvan staat hier niets" in text) != there


def test_a_rare_answer_of_the_best_quarter_is_not_told(tmp_path: Path) -> None:
    """Four of ten meet a question: fewer than k, so it is not named."""
    members = [
        One(["yes" if number >= 36 else "no"], "nearly", 2.0 * number) for number in range(40)
    ]
    quarter = pages(tmp_path, members)["Naam 1"].quarter
    assert quarter is not None
    assert quarter.otherwise == ()


def test_nothing_answered_is_no_lack_of_others(tmp_path: Path) -> None:
    members = field()
    members[5].outcome = "undetermined"
    document = shown(pages(tmp_path, members)["Naam 5"])
    assert facts(document)["eigen score"] == ("nog geen score", "17 van 178 beantwoord, voorlopig")
    text = text_of(".md", FORMATS[".md"](document, NEUTRAL))
    assert "Er is nog geen score om te vergelijken" in text
    assert "Te weinig organisaties" not in text


def test_too_few_others(tmp_path: Path) -> None:
    document = shown(pages(tmp_path, field(5))["Naam 2"])
    assert set(facts(document)) == {"eigen score", "138 · indicatie"}
    assert "Te weinig organisaties" in text_of(".md", FORMATS[".md"](document, NEUTRAL))


def _measured_twice(count: int) -> list[One]:
    """The first ``count`` took part the year before, with as many points less as their number."""
    members = field()
    for number in range(count):
        members[number].rounds = ("2025", "2026")
        members[number].before = max(0.0, members[number].score - number)
    return members


def test_ones_own_earlier_measurement(tmp_path: Path) -> None:
    """Then, now and the change with what then rested on, in every format; the others as a median."""
    page = pages(tmp_path, _measured_twice(12))["Naam 10"]
    document = shown(page)
    assert facts(document)["uw vorige meting"] == ("10,0 %", "+10,0 punt sinds 01-03-2025")
    assert page.earlier
    assert page.earlier.others == (5.0, 11)  # 0 to 9 and 11
    for suffix, render in FORMATS.items():
        text = text_of(suffix, render(document, NEUTRAL))
        for words in (
            "Uw vorige meting",
            "17 van 178 beantwoord, dus voorlopig",
            "+10,0",
            "11 andere",
        ):
            assert words in " ".join(text.split()), (suffix, words)
    assert "uw vorige meting" not in facts(shown(pages(tmp_path, _measured_twice(12))["Naam 20"]))


@pytest.mark.parametrize(("twice", "told"), [(5, False), (6, True)])
def test_others_who_moved_are_k_at_least(twice: int, told: bool, tmp_path: Path) -> None:
    """Below k others with two measurements nothing is said of them."""
    page = pages(tmp_path, _measured_twice(twice))["Naam 4"]
    assert page.earlier
    assert (page.earlier.others is not None) is told
