"""Numbers, dates and texts as people read them: the same in every format."""

from __future__ import annotations

import calendar
import unicodedata
from datetime import date

from hkz_xlsx.scoring.cell_values import from_serial
from hkz_xlsx.text import Lang, say


def decimal(value: float, lang: Lang, digits: int = 1) -> str:
    """A number with the decimal sign of the language.

    Args:
        value: the number; a score was rounded before it comes here.
        lang: Dutch has a comma.
        digits: how many decimals, zeros too.
    """
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if lang == "nl" else text


def signed(value: float, lang: Lang, digits: int = 1) -> str:
    """A difference with its sign.

    Args:
        value: the difference; none at all is ``0``, without sign or decimals.
        lang: as for `decimal`.
        digits: as for `decimal`.
    """
    if not value:
        return "0"
    return ("+" if value > 0 else "−") + decimal(abs(value), lang, digits)


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


def month_short(number: int, lang: Lang) -> str:
    """``12`` as ``dec``."""
    return say(lang, f"report.month_short.{number}")


def clean(text: str) -> str:
    """Text that every format can hold: no control, direction-changing or broken characters.

    Joiners stay, because scripts and emoji need them.
    """
    if text.isprintable():  # then it has none of those
        return text
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
