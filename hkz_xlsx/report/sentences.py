"""Sentences of the first page, made by rule from numbers; they never say more than those do.

Which rule speaks when stands in docs/reports.md; every rule has a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.render.words import decimal, signed
from hkz_xlsx.report.lines import Line, VerdictLine
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.words import percentage
from hkz_xlsx.scoring.numbers import round_half_away
from hkz_xlsx.text import Lang, listed, messages, say

Rule = Literal[
    "nothing_counts", "all_na", "too_little", "none_to_compare", "all_equal", "extremes",
    "extremes_some", "no_verdict_nothing", "no_verdict_na", "no_verdict", "short_of_ready",
    "ready", "subset", "change_none_then", "change_none_now", "change_reversed", "change_other",
    "change_answered", "change_same", "change_up", "change_down",
]  # fmt: skip

_NAMED = 2
"""Rubrieken of one score that are named; more are counted."""

_ALIKE = 10
"""Points that the shares answered may differ when scores are compared."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the rule that made it."""

    rule: Rule
    text: str


def _sentence(rule: Rule, lang: Lang, **slots: object) -> Sentence:
    return Sentence(rule, unbroken(say(lang, f"report.sentence.{rule}", **slots)))


def unbroken(text: str) -> str:
    """A text in which no line ends between a number and its percent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def threshold(value: float, lang: Lang) -> str:
    """A percentage as a norm sets it: without decimals that say nothing."""
    digits = 0 if value == int(value) else 1
    return say(lang, "report.percentage", value=decimal(value, lang, digits))


# Strongest and weakest


def _comparable(report: GapReport) -> tuple[Line, ...]:
    """Rubrieken with a score that enough was answered in."""
    return tuple(
        line
        for line in report.rubrieken
        if line.score.score is not None and line.score.answered_percentage >= report.answered_min
    )


def _names(lines: Sequence[Line], lang: Lang) -> str:
    if len(lines) > _NAMED:
        return say(lang, "report.sentence.rubrieken", count=len(lines))
    return listed([f"‘{line.name}’" for line in lines], lang)


def _strength(report: GapReport) -> Sentence:
    lang, total, fit = report.lang, report.total, _comparable(report)
    if total.outcome == "na":
        return _sentence("all_na", lang)
    if total.outcome == "undetermined":
        return _sentence("nothing_counts", lang)
    if total.answered_percentage < report.answered_min:
        return _sentence("too_little", lang, least=threshold(report.answered_min, lang))
    if len(fit) < 2:  # noqa: PLR2004 - one cannot be ranked
        return _sentence("none_to_compare", lang)
    scores = [line.score.score for line in fit if line.score.score is not None]
    high, low = max(scores), min(scores)
    best, worst = (percentage(one, total, lang) for one in (high, low))
    if high == low:
        return _sentence("all_equal", lang, count=len(fit), score=best)
    slots = {
        "best": _names([x for x in fit if x.score.score == high], lang), "high": best,
        "worst": _names([x for x in fit if x.score.score == low], lang), "low": worst,
    }  # fmt: skip
    if len(fit) < len(report.rubrieken):
        return _sentence("extremes_some", lang, count=len(fit), **slots)
    return _sentence("extremes", lang, **slots)


# Between here and ready


def to_answer(score: Score, least: float) -> int:
    """How many answers are missing for the share that a verdict needs, as people see it."""
    for more in range(score.count - score.answered + 1):
        share = 100 * (score.answered + more) / score.count
        if round_half_away(share, 1) >= least:
            return more
    return score.count - score.answered


def _counted(key: str, count: int, lang: Lang, **slots: object) -> str:
    one = "_one" if count == 1 else ""
    return say(lang, f"report.sentence.{key}{one}", count=count, **slots)


def _missing(found: VerdictLine, lang: Lang) -> Iterator[str]:
    """What is short of *ready* while enough is answered."""
    score, profile = found.score, found.profile
    if score.core_failed:
        yield _counted("core_to_mend", score.core_failed, lang)
    pairs = (
        ("score", score.score, profile.ready_score),
        ("substantiated", score.substantiated, profile.ready_substantiated),
    )
    for key, value, least in pairs:
        if value is not None and value < least:
            yield say(
                lang, f"report.sentence.{key}_short", now=percentage(value, score, lang),
                least=threshold(least, lang), points=decimal(round(least - value, 1), lang),
            )  # fmt: skip


def _still_to_answer(found: VerdictLine, lang: Lang) -> Iterator[str]:
    score, least = found.score, found.profile.answered_min
    more = to_answer(score, least)
    if more:
        yield _counted(
            "answers_short", more, lang, answered=score.answered, of=score.count,
            least=threshold(least, lang),
        )  # fmt: skip
    if score.core_open:
        yield _counted("core_to_answer", score.core_open, lang)


def _between(found: VerdictLine, lang: Lang) -> Sentence:
    ready = messages(lang)("choice.verdict.ready")
    score = found.score
    if found.code == "subset":
        return _sentence("subset", lang)
    if found.code == "ready":
        return _sentence("ready", lang, ready=ready)
    if found.code != "undetermined":
        parts = listed(list(_missing(found, lang)), lang)
        return _sentence("short_of_ready", lang, ready=ready, parts=parts)
    if score.outcome == "na":
        return _sentence("no_verdict_na", lang)
    parts = listed(list(_still_to_answer(found, lang)), lang)
    if parts:
        return _sentence("no_verdict", lang, parts=parts)
    return _sentence("no_verdict_nothing", lang)


def _betweens(report: GapReport) -> Iterator[Sentence]:
    several = len(report.verdicts) > 1
    for found in report.verdicts:
        one = _between(found, report.lang)
        yield Sentence(one.rule, f"{found.scheme}: {one.text}") if several else one


# What changed


@dataclass(frozen=True, slots=True)
class EarlierMeasurement:
    """What the first page tells of an earlier measurement."""

    day: str
    score: float | None
    answered_percentage: float | None
    same: bool
    reversed: bool = False
    solved: int | None = None
    worse: int | None = None


def earlier(report: GapReport) -> EarlierMeasurement | None:
    """The earlier workbook that was given, else the newest measurement that is remembered."""
    found = report.comparison
    if found is not None:
        total = found.total
        return EarlierMeasurement(
            day=found.then.reference_date,
            score=total.then.score if total.then else None,
            answered_percentage=total.then.answered_percentage if total.then else None,
            same=found.same_questions,
            reversed=found.newer_first,
            solved=len(found.of("solved")),
            worse=len(found.of("slipped")),
        )
    if report.history:
        last = report.history[-1]
        late = None not in (last.serial, report.reference) and last.serial > report.reference  # type: ignore[operator]  # neither is None
        return EarlierMeasurement(last.day, last.score, None, last.same, bool(late))
    return None


def change(report: GapReport) -> float | None:
    """Points since the earlier measurement; None where the two cannot be compared."""
    found, now = earlier(report), report.total.score
    if found is None or now is None or found.score is None or not found.same or found.reversed:
        return None
    return None if _unlike(found, report.total) else round(now - found.score, 1)


def _unlike(found: EarlierMeasurement, total: Score) -> bool:
    """Whether far more was answered the one time than the other."""
    share = found.answered_percentage
    return share is not None and abs(share - total.answered_percentage) > _ALIKE


def _change(report: GapReport) -> Sentence | None:
    found, lang, total = earlier(report), report.lang, report.total
    if found is None:
        return None
    text = messages(lang)
    since = say(lang, "report.sentence.since", day=found.day) if found.day else ""
    since = since or text("report.sentence.since_earlier")
    if found.score is None:
        return _sentence("change_none_then", lang)
    if total.score is None:
        return _sentence("change_none_now", lang)
    if found.reversed:
        return _sentence("change_reversed", lang)
    then, now = (percentage(one, total, lang) for one in (found.score, total.score))
    if not found.same:
        return _sentence("change_other", lang, since=since, then=then, now=now)
    share = found.answered_percentage
    if share is not None and _unlike(found, total):
        before, after = (percentage(one, total, lang) for one in (share, total.answered_percentage))
        return _sentence(
            "change_answered", lang, since=since, then=then, now=now, before=before, after=after
        )
    step = round(total.score - found.score, 1)
    tail = "" if found.solved is None else _solved(found, lang)
    if not step:
        return _sentence("change_same", lang, since=since, now=now, tail=tail)
    rule: Rule = "change_up" if step > 0 else "change_down"
    return _sentence(
        rule, lang, since=since, then=then, now=now, points=signed(step, lang), tail=tail
    )


def _solved(found: EarlierMeasurement, lang: Lang) -> str:
    parts = [_counted("solved", found.solved or 0, lang), _counted("worse", found.worse or 0, lang)]
    return f"; {listed(parts, lang)}"


def sentences(report: GapReport) -> tuple[Sentence, ...]:
    """Strongest and weakest, what stands between here and ready, what changed."""
    changed = _change(report)
    return (_strength(report), *_betweens(report), *([changed] if changed else []))


# Why an indication is what it is


def _undetermined(found: VerdictLine, lang: Lang) -> Iterator[str]:
    score, least = found.score, found.profile.answered_min
    if score.outcome != "number":
        yield say(lang, f"report.reason.{score.outcome}")
        return
    if score.answered_percentage < least:
        share = percentage(score.answered_percentage, score, lang)
        yield say(lang, "report.reason.answered", least=threshold(least, lang), share=share)
    if score.core_open:
        yield _counted("core_open", score.core_open, lang)


def _not_ready(found: VerdictLine, lang: Lang) -> Iterator[str]:
    score, least = found.score, found.profile.not_ready_below
    if score.core_no:
        yield _counted("core_no", score.core_no, lang)
    if score.score is not None and score.score < least:
        yield say(lang, "report.reason.below", least=threshold(least, lang))


def _nearly(found: VerdictLine, lang: Lang) -> Iterator[str]:
    score, profile = found.score, found.profile
    if score.core_partly:
        yield _counted("core_partly", score.core_partly, lang)
    if score.score is not None and score.score < profile.ready_score:
        yield say(lang, "report.reason.below", least=threshold(profile.ready_score, lang))
    if score.substantiated is not None and score.substantiated < profile.ready_substantiated:
        least = threshold(profile.ready_substantiated, lang)
        yield say(lang, "report.reason.substantiated_below", least=least)


def _ready(found: VerdictLine, lang: Lang) -> Iterator[str]:
    profile = found.profile
    yield say(
        lang, "report.reason.ready", score=threshold(profile.ready_score, lang),
        substantiated=threshold(profile.ready_substantiated, lang),
    )  # fmt: skip


_REASONS: Mapping[str, Callable[[VerdictLine, Lang], Iterator[str]]] = MappingProxyType(
    {"undetermined": _undetermined, "not_ready": _not_ready, "nearly": _nearly, "ready": _ready}
)
"""What decided, with its threshold (scoring, §4); a part of a workbook has no verdict."""


def reason(found: VerdictLine, lang: Lang) -> str:
    """Why the indication is what it is, in short."""
    why = _REASONS.get(found.code)
    return unbroken(listed(list(why(found, lang)), lang)) if why else ""
