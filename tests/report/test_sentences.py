"""Sentences of the first page: which rule speaks when, and what it says, odd cases included."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.norm.model import Profile
from hkz_xlsx.render.words import decimal
from hkz_xlsx.report.comparison import Comparison, PairLine, Side
from hkz_xlsx.report.lines import Line, Measured, VerdictLine
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.sentences import (
    Rule,
    change,
    reason,
    sentences,
    to_answer,
)
from hkz_xlsx.report.summary import first_chart
from hkz_xlsx.text import LANGS, Lang
from tests.report.cases import CASES, report_of


def score(
    value: float | None = 70.0,
    substantiated: float | None = None,
    *,
    answered: int = 20,
    count: int = 20,
    na: int = 0,
    core: tuple[int, int, int] = (0, 0, 0),
    outcome: str = "number",
) -> Score:
    """A score; ``core`` is how many core requirements have no, partly, and no answer."""
    shown = value if substantiated is None else substantiated
    no, partly, opened = core
    share = round(100 * answered / count, 1)
    return Score(
        outcome, value, shown, count, answered, share, 0, na, None, 0, 4, no, partly, opened, 0,  # type: ignore[arg-type]  # a word of Outcome
    )  # fmt: skip


def none(answered: int = 0, na: int = 0, outcome: str = "undetermined") -> Score:
    return score(None, answered=answered, na=na, outcome=outcome)


def rubrieken(*scores: float | None, answered: int = 10) -> tuple[Line, ...]:
    lines = []
    for number, value in enumerate(scores, 1):
        one = score(value, answered=answered, count=10) if value is not None else none()
        lines.append(Line(str(number), f"{number}. R{number}", one))
    return tuple(lines)


def verdict(code: str, found: Score, scheme: str = "HKZ 1") -> VerdictLine:
    return VerdictLine(scheme, code, code, found, Profile(), ())


def report(
    total: Score,
    lines: tuple[Line, ...] = (),
    code: str = "nearly",
    lang: Lang = "nl",
    history: tuple[Measured, ...] = (),
    comparison: Comparison | None = None,
) -> GapReport:
    return replace(
        report_of("ready", lang), total=total, rubrieken=lines, verdicts=(verdict(code, total),),
        history=history, comparison=comparison, reference=46_328.0,
    )  # fmt: skip


def compared(
    then: Score, now: Score, *, same: bool = True, newer_first: bool = False
) -> Comparison:
    before, after = (Side("w.xlsx", "De Linde", "02-11-2025", (), one) for one in (then, now))
    total = PairLine("all", "Alles", then, now, None, None)
    return Comparison("nl", "self", before, after, total, (), (), (), same, newer_first)


def said(found: GapReport) -> dict[Rule, str]:
    return {one.rule: one.text.replace("\u00a0", " ") for one in sentences(found)}


MEASURED = Measured("02-11-2025", 45_963.0, 60.0, 50.0, True)
NOTHING = (
    "Er is nog geen antwoord dat meetelt; daarom is er geen score, en geen sterke of zwakke "
    "rubriek."
)
SOME = (*rubrieken(90.0, 50.0), *rubrieken(10.0, answered=5))
EQUAL = rubrieken(70.0, 70.0, 70.0)
STRENGTH: tuple[tuple[str, GapReport, Rule, str], ...] = (
    ("nothing answered", report(none()), "nothing_counts",
     NOTHING),
    ("some n.v.t., the rest empty", report(none(answered=3, na=3)), "nothing_counts",
     NOTHING),
    ("all n.v.t.", report(none(answered=20, na=20, outcome="na")), "all_na",
     "Alle vragen zijn n.v.t.; daarom is er geen score, en geen sterke of zwakke rubriek."),
    ("too little answered", report(score(40.0, answered=17), rubrieken(10.0, 90.0)), "too_little",
     "Wat sterk en zwak is, is nog niet te zeggen: daarvoor moet minstens 90 % beantwoord zijn, in "
     "totaal en in de rubriek zelf."),
    ("one rubriek", report(score(), rubrieken(70.0)), "none_to_compare",
     "Er zijn geen twee rubrieken met genoeg antwoorden om ze met elkaar te vergelijken."),
    ("one with a score, one n.v.t.", report(score(), rubrieken(70.0, None)), "none_to_compare",
     "Er zijn geen twee rubrieken met genoeg antwoorden om ze met elkaar te vergelijken."),
    ("a tie of all", report(score(), EQUAL), "all_equal",
     "Alle 3 rubrieken met genoeg antwoorden scoren even hoog: 70,0 %."),
    ("one best, one worst", report(score(), rubrieken(90.0, 70.0, 50.0)), "extremes",
     "Hoogste score: ‘1. R1’ (90,0 %); laagste score: ‘3. R3’ (50,0 %)."),
    ("two best", report(score(), rubrieken(90.0, 90.0, 50.0)), "extremes",
     "Hoogste score: ‘1. R1’ en ‘2. R2’ (90,0 %); laagste score: ‘3. R3’ (50,0 %)."),
    ("many best", report(score(), rubrieken(90.0, 90.0, 90.0, 0.0)), "extremes",
     "Hoogste score: 3 rubrieken (90,0 %); laagste score: ‘4. R4’ (0,0 %)."),
    ("one with too few answers", report(score(), SOME),
     "extremes_some",
     "Van de 2 rubrieken met genoeg antwoorden, hoogste score: ‘1. R1’ (90,0 %); laagste score: "
     "‘2. R2’ (50,0 %)."),
)  # fmt: skip


@pytest.mark.parametrize(("found", "rule", "text"), [row[1:] for row in STRENGTH],
                         ids=[row[0] for row in STRENGTH])  # fmt: skip
def test_strongest_and_weakest(found: GapReport, rule: Rule, text: str) -> None:
    assert said(found)[rule] == text


READY = "Gereed voor toetsing"
BETWEEN: tuple[tuple[str, GapReport, Rule, str], ...] = (
    ("nothing answered", report(none(), code="undetermined"), "no_verdict",
     "Voor een indicatie is nog nodig: 18 antwoorden (nu 0 van 20, nodig 90 %)."),
    ("all n.v.t.", report(none(20, 20, "na"), code="undetermined"), "no_verdict_na",
     "Er is geen vraag die van toepassing is, en dus geen indicatie."),
    ("n.v.t. and little else", report(none(19, 19), code="undetermined"), "no_verdict_nothing",
     "Er is nog geen antwoord dat meetelt, en dus geen indicatie."),
    ("one answer short", report(score(answered=17, core=(0, 0, 1)), code="undetermined"),
     "no_verdict", "Voor een indicatie is nog nodig: 1 antwoord (nu 17 van 20, nodig 90 %) en een "
     "antwoord op 1 kerneis."),
    ("only core open", report(score(answered=19, core=(0, 0, 2)), code="undetermined"),
     "no_verdict", "Voor een indicatie is nog nodig: een antwoord op 2 kerneisen."),
    ("everything short", report(score(50.0, 40.0, core=(1, 2, 0)), code="not_ready"),
     "short_of_ready", f"Tot ‘{READY}’ is nog nodig: 3 kerneisen op orde brengen, 40,0 punt score "
     "(nu 50,0 %, nodig 90 %) en 35,0 punt onderbouwd (nu 40,0 %, nodig 75 %)."),
    ("one core", report(score(95.0, 95.0, core=(0, 1, 0))), "short_of_ready",
     f"Tot ‘{READY}’ is nog nodig: 1 kerneis op orde brengen."),
    ("ready", report(score(95.0), code="ready"), "ready",
     f"Volgens de antwoorden is aan alle voorwaarden voor ‘{READY}’ voldaan."),
    ("a part of a workbook", report(score(95.0), code="subset"), "subset",
     "Dit is een deel van een werkboek; voor een deel is er geen indicatie."),
)  # fmt: skip


@pytest.mark.parametrize(("found", "rule", "text"), [row[1:] for row in BETWEEN],
                         ids=[row[0] for row in BETWEEN])  # fmt: skip
def test_between_here_and_ready(found: GapReport, rule: Rule, text: str) -> None:
    assert said(found)[rule] == text


NOW = score(72.5)
CHANGE: tuple[tuple[str, GapReport, Rule, str, float | None], ...] = (
    ("up", report(NOW, history=(MEASURED,)), "change_up",
     "De score steeg sinds 02-11-2025 van 60,0 % naar 72,5 % (+12,5 punt).", 12.5),
    ("down", report(score(50.0), history=(MEASURED,)), "change_down",
     "De score daalde sinds 02-11-2025 van 60,0 % naar 50,0 % (−10,0 punt).", -10.0),
    ("the same", report(score(60.0), history=(MEASURED,)), "change_same",
     "De score is sinds 02-11-2025 gelijk gebleven: 60,0 %.", 0.0),
    ("no day", report(NOW, history=(replace(MEASURED, day="", serial=None),)), "change_up",
     "De score steeg sinds de vorige meting van 60,0 % naar 72,5 % (+12,5 punt).", 12.5),
    ("the newest counts", report(NOW, history=(replace(MEASURED, score=1.0), MEASURED)),
     "change_up", "De score steeg sinds 02-11-2025 van 60,0 % naar 72,5 % (+12,5 punt).", 12.5),
    ("other questions", report(NOW, history=(replace(MEASURED, same=False),)), "change_other",
     "De score was 60,0 % en is 72,5 %, maar sinds 02-11-2025 zijn de vragen deels andere; het "
     "verschil zegt daarom weinig.", None),
    ("a later day", report(NOW, history=(replace(MEASURED, serial=46_329.0),)), "change_reversed",
     "De peildatum van de vorige meting ligt na die van dit werkboek; daarom staat hier geen "
     "verandering.", None),
    ("no score now", report(none(), history=(MEASURED,)), "change_none_now",
     "Er is nog geen score om met de vorige meting te vergelijken.", None),
    ("no score then", report(NOW, comparison=compared(none(), NOW)), "change_none_then",
     "In het vorige werkboek was er nog geen score om mee te vergelijken.", None),
    ("two workbooks", report(NOW, comparison=compared(score(60.0), NOW)), "change_up",
     "De score steeg sinds 02-11-2025 van 60,0 % naar 72,5 % (+12,5 punt); 0 tekorten zijn "
     "opgelost en 0 vragen zijn teruggevallen.", 12.5),
    ("far more answered", report(NOW, comparison=compared(score(60.0, answered=17), NOW)),
     "change_answered", "De score was 60,0 % en is 72,5 %, maar toen was 85,0 % van de vragen "
     "beantwoord en nu 100,0 %; het verschil zegt daarom weinig.", None),
    ("two workbooks, other questions",
     report(NOW, comparison=compared(score(60.0), NOW, same=False)), "change_other",
     "De score was 60,0 % en is 72,5 %, maar sinds 02-11-2025 zijn de vragen deels andere; het "
     "verschil zegt daarom weinig.", None),
    ("two workbooks, wrong way round",
     report(NOW, comparison=compared(score(60.0), NOW, newer_first=True)), "change_reversed",
     "De peildatum van de vorige meting ligt na die van dit werkboek; daarom staat hier geen "
     "verandering.", None),
)  # fmt: skip


@pytest.mark.parametrize(("found", "rule", "text", "step"), [row[1:] for row in CHANGE],
                         ids=[row[0] for row in CHANGE])  # fmt: skip
def test_what_changed(found: GapReport, rule: Rule, text: str, step: float | None) -> None:
    """And the number in the tile is there only when the sentence stands behind it."""
    assert said(found)[rule] == text
    assert change(found) == step


@pytest.mark.parametrize("same", [True, False])
def test_what_it_was_is_drawn_only_where_it_can_be_compared(*, same: bool) -> None:
    """In the chart of the first page, with its own score of then."""
    lines = rubrieken(80.0, 60.0)
    found = compared(score(60.0), NOW, same=same)
    pairs = tuple(
        PairLine(line.key, line.name, score(then), line.score, None, None)
        for line, then in zip(lines, (70.0, 65.0), strict=True)
    )
    chart = first_chart(report(NOW, lines, comparison=replace(found, rubrieken=pairs)), NEUTRAL)
    assert chart is not None
    values = [[number.value for number in bar.values] for bar in chart.bars]
    assert values == (
        [[80.0, 80.0, 70.0], [60.0, 60.0, 65.0]] if same else [[80.0] * 2, [60.0] * 2]
    )


def test_without_an_earlier_measurement_nothing_is_said_of_change() -> None:
    assert not [rule for rule in said(report(NOW)) if rule.startswith("change")]
    assert change(report(NOW)) is None


def test_every_rule_has_a_test() -> None:
    tested = {row[2] for row in (*STRENGTH, *BETWEEN)} | {row[2] for row in CHANGE}
    assert tested == set(get_args(Rule))


def test_several_norms_are_told_apart() -> None:
    """Each indication has its own sentence, with its norm before it."""
    found = report(score(95.0), rubrieken(90.0, 50.0))
    both = (verdict("ready", score(95.0)), verdict("nearly", score(80.0, 80.0), "HKZ 2"))
    texts = [one.text for one in sentences(replace(found, verdicts=both))[1:]]
    assert texts[0].startswith("HKZ 1: Volgens de antwoorden")
    assert texts[1].startswith("HKZ 2: Tot ‘Gereed voor toetsing’ is nog nodig: 10,0 punt score")


@pytest.mark.parametrize("answered", range(21))
def test_answers_short(answered: int) -> None:
    """The least number with which the shown share reaches the threshold."""
    one = score(answered=answered)
    more = to_answer(one, 90)
    assert round(100 * (answered + more) / 20, 1) >= 90
    assert not more or round(100 * (answered + more - 1) / 20, 1) < 90


REASONS: tuple[tuple[str, Score, str], ...] = (
    ("undetermined", none(), "nog geen antwoord dat meetelt"),
    ("undetermined", none(20, 20, "na"), "geen vraag van toepassing"),
    ("undetermined", score(answered=10, core=(0, 0, 1)),
     "beantwoord is 50,0 %, nodig is 90 % en 1 kerneis is nog open"),
    ("not_ready", score(50.0, core=(2, 0, 0)),
     "bij 2 kerneisen is het antwoord Voldoet niet en de score is lager dan 60 %"),
    ("nearly", score(80.0, 70.0, core=(0, 1, 0)),
     "bij 1 kerneis is het antwoord Voldoet deels, de score is lager dan 90 % en de onderbouwde "
     "score is lager dan 75 %"),
    ("ready", score(95.0),
     "score minstens 90 %, onderbouwd minstens 75 %, alle kerneisen op orde"),
    ("subset", score(95.0), ""),
)  # fmt: skip


@pytest.mark.parametrize(("code", "found", "text"), REASONS)
def test_reason_and_threshold_of_an_indication(code: str, found: Score, text: str) -> None:
    assert reason(verdict(code, found), "nl").replace("\u00a0", " ") == text


def _known(found: GapReport) -> set[str]:
    """Every number with a decimal that the report has a right to tell."""
    scores = [found.total, *(line.score for line in (*found.rubrieken, *found.themes))]
    if found.comparison and found.comparison.total.then:
        scores.append(found.comparison.total.then)
    values = [v for s in scores for v in (s.score, s.substantiated, s.answered_percentage)]
    values += [v for v in (change(found),) if v is not None]
    for one in found.verdicts:
        for now, least in (
            (one.score.score, one.profile.ready_score),
            (one.score.substantiated, one.profile.ready_substantiated),
        ):
            values.append(None if now is None else round(least - now, 1))
    return {decimal(abs(value), found.lang) for value in values if value is not None}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_sentences_of_the_cases_tell_only_numbers_of_the_report(case: str, lang: Lang) -> None:
    found = report_of(case, lang)
    for one in sentences(found):
        told = re.findall(r"\d+[.,]\d\b(?!-)", one.text)
        assert set(told) <= _known(found), one
