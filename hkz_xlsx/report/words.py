"""Scores in words of a language: the same in every format."""

from __future__ import annotations

from hkz_xlsx.assessment.gains import Gain
from hkz_xlsx.assessment.model import Score
from hkz_xlsx.norm.select import Selection
from hkz_xlsx.render.words import decimal, signed
from hkz_xlsx.text import Lang, messages, say


def percentage(value: float | None, score: Score, lang: Lang) -> str:
    """A percentage with one decimal, or in words why there is none.

    Args:
        value: 0 to 100, or None.
        score: whose it is: its outcome says why there is none.
        lang: language, also of the decimal sign.
    """
    if value is None:
        return no_number(score, lang)
    return say(lang, "report.percentage", value=decimal(value, lang))


def scope_line(selection: Selection, lang: Lang) -> str:
    """Which questions a workbook does not ask, as what was told of the organisation leaves them
    out; empty where all of them are asked."""
    scope, text = selection.scope, messages(lang)
    if not selection.left_out:
        return ""
    known = (("funding", scope.funding), ("activities", scope.activities))
    conditions = []
    for key, values in known:
        if values is not None:
            names = ", ".join(text(f"scope.{key}_names.{value}") for value in values)
            conditions.append(f"{text(f'scope.{key}')}: {names or '–'}")
    return say(
        lang, "report.scope", conditions="; ".join(conditions), count=len(selection.left_out)
    )


def no_number(score: Score, lang: Lang) -> str:
    """Why a score is no number."""
    return say(lang, "score.na" if score.outcome == "na" else "score.undetermined")


def score_line(score: Score, lang: Lang) -> str:
    """The one line that stands everywhere (scoring, §3)."""
    return say(
        lang,
        "report.score_line",
        score=percentage(score.score, score, lang),
        substantiated=percentage(score.substantiated, score, lang),
        answered=score.answered,
        count=score.count,
        unknown=score.unknown,
        na=score.na,
    )


def failed_line(score: Score, lang: Lang) -> str:
    """How many core requirements fail."""
    one = "_one" if score.core_failed == 1 else ""
    return say(lang, f"report.core_failed{one}", count=score.core_failed)


def core_line(score: Score, lang: Lang) -> str:
    """How many core requirements fail; how many are open is said too, so that 0 claims nothing."""
    failed = failed_line(score, lang)
    if not score.core_open:
        return failed
    one = "_one" if score.core_open == 1 else ""
    return f"{failed} · {say(lang, f'report.core_open{one}', count=score.core_open)}"


def gain_words(gain: Gain | None, lang: Lang) -> str:
    """What closing a gap brings; empty when it brings no points."""
    if gain is None:
        return ""
    if not gain.points:
        return say(lang, "report.gain_small")
    key = "report.gain" if gain.side == "score" else "report.gain_substantiated"
    return say(lang, key, points=signed(gain.points, lang))


def status_label(code: str, lang: Lang) -> str:
    """An answer, or why there is none, in words."""
    group = "status_more" if code in ("empty", "check") else "status"
    return messages(lang)(f"choice.{group}.{code}")
