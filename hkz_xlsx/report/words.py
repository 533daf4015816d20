"""Numbers and dates in words of a language: the same in every format."""

from __future__ import annotations

import calendar
import unicodedata
from datetime import date

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.scoring.cell_values import from_serial
from hkz_xlsx.text import Lang, say


def decimal(value: float, lang: Lang) -> str:
    """One decimal with the decimal sign of the language."""
    text = f"{value:.1f}"
    return text.replace(".", ",") if lang == "nl" else text


def signed(value: float, lang: Lang) -> str:
    """A difference with its sign; no difference is ``0``."""
    if not value:
        return "0"
    return ("+" if value > 0 else "−") + decimal(abs(value), lang)


def percentage(value: float | None, score: Score, lang: Lang) -> str:
    """A percentage, or in words why there is none."""
    if value is None:
        return no_number(score, lang)
    return say(lang, "report.percentage", value=decimal(value, lang))


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


def core_line(score: Score, lang: Lang) -> str:
    """How many core requirements fail; how many are open is said too, so that 0 claims nothing."""
    failed = say(
        lang, "report.core_failed_one" if score.core_failed == 1 else "report.core_failed",
        count=score.core_failed,
    )  # fmt: skip
    if not score.core_open:
        return failed
    return f"{failed} · {say(lang, 'report.core_open', count=score.core_open)}"


def day(serial: float) -> str:
    """A serial number as day-month-year."""
    return from_serial(serial).strftime("%d-%m-%Y")


def months_later(start: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def month_name(key: str, lang: Lang) -> str:
    """``2026-12`` as ``december 2026``."""
    year, month = key.split("-")
    return f"{say(lang, f'report.month.{int(month)}')} {year}"


def clean(text: str) -> str:
    """Text that every format can hold: no control, direction-changing or broken characters.

    Joiners stay, because scripts and emoji need them.
    """
    return "".join(
        c
        for c in text
        if c in "\n\t\u200c\u200d"
        or not (unicodedata.category(c) in ("Cc", "Cf", "Cs") or ord(c) & 0xFFFE == 0xFFFE)  # noqa: PLR2004 - noncharacters
    )


def shortened(text: str, most: int) -> str:
    """At most so many characters on one line, cut visibly."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
