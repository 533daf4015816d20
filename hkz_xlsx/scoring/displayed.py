"""Numbers and days as a spreadsheet program shows them, for texts that were typed as numbers.

Who types ``95%`` or ``€ 1.234,50`` in a cell for text leaves a number with a format behind; a
reader wants to see what was typed. Formats follow ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hkz_xlsx.text import Lang, catalogue

DIGITS = 15
"""What a spreadsheet keeps of a number; further digits of a long one are zeros."""

_LONG = 10.0**DIGITS
_HUGE = 1e21
_TRUTH: Mapping[Lang, tuple[str, str]] = {"nl": ("ONWAAR", "WAAR"), "en": ("FALSE", "TRUE")}

BUILTIN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "€ #,##0", 6: "€ #,##0", 7: "€ #,##0.00",
    8: "€ #,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "dd-mm-yyyy", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "dd-mm-yyyy hh:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: "#,##0", 42: "€ #,##0", 43: "#,##0.00", 44: "€ #,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 48: "0.00E+00", 49: "@",
}  # fmt: skip
"""Formats that a file names by number only, with the money of the country."""


def truth_text(value: bool, lang: Lang) -> str:
    """A truth value as programs in that language show it."""
    return _TRUTH[lang][value]


def lost_digits(value: object) -> bool:
    """Whether a number is so long that its last digits were lost when it was typed."""
    return isinstance(value, float) and abs(value) >= _LONG and value.is_integer()


def number_text(value: float, lang: Lang = "en") -> str:
    """A number without any format: never more digits than it was stored with."""
    if isinstance(value, float) and not value.is_integer():
        text = repr(float(f"{value:.{DIGITS}g}"))
    elif abs(value) < _LONG:
        text = str(int(value))
    elif abs(value) < _HUGE:
        text = f"{Decimal(f'{value:.{DIGITS - 1}e}'):f}"
    else:
        text = f"{value:.{DIGITS - 1}g}"
    return text.replace(".", ",") if lang == "nl" else text


_PIECES = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<money>[^\]-]*)[^\]]*\]'
    r"|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]|(?P<date>AM/PM|A/P|d+|m+|y+|h+|s+)"
    r"|(?P<number>[0#?][0#?,.]*|[.][0#?]+)|(?P<percent>%)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


def displayed(value: float | datetime, code: str, lang: Lang) -> str:
    """A value as its format shows it.

    Args:
        value: a number, or the point in time that it stands for.
        code: the number format.
        lang: decides decimal sign, thousands and names of months.

    Returns:
        the text; without a format that says how, the plain value.
    """
    section, negative = _section(code, value)
    odd = re.search(r"general|@|E[+-]|\?/|#/", section, re.IGNORECASE) is not None
    if odd or not section:
        return _plain(value, lang)
    pieces = list(_PIECES.finditer(section))
    if any(m["date"] or m["elapsed"] for m in pieces) or isinstance(value, datetime):
        return _moment(value, pieces, lang)
    return _number(value if not negative else abs(value), pieces, lang).strip()


def _plain(value: float | datetime, lang: Lang) -> str:
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y %H:%M" if value.hour or value.minute else "%d-%m-%Y")
    return number_text(value, lang)


def _section(code: str, value: float | datetime) -> tuple[str, bool]:
    """The part of a format that is for a value, and whether it shows the sign itself."""
    parts, now, quoted = [], "", False
    for letter in code:
        quoted ^= letter == '"'
        if letter == ";" and not quoted:
            parts.append(now)
            now = ""
        else:
            now += letter
    parts.append(now)
    if isinstance(value, datetime) or len(parts) == 1:
        return parts[0], False
    if value < 0:
        return parts[1], True
    return (parts[2], False) if value == 0 and len(parts) > 2 else (parts[0], False)  # noqa: PLR2004 - positive; negative; zero


def _number(value: float, pieces: list[re.Match[str]], lang: Lang) -> str:
    percent = sum(m["percent"] is not None for m in pieces)
    pattern = "".join(m["number"] or "" for m in pieces)
    scale = len(pattern) - len(pattern.rstrip(","))
    whole, _, decimals = pattern.rstrip(",").partition(".")
    least = decimals.count("0")
    amount = Decimal(repr(value)) * 100**percent / 1000**scale
    step = Decimal(1).scaleb(-sum(d in "0#?" for d in decimals))
    text = f"{abs(amount.quantize(step, ROUND_HALF_UP)):f}"
    ahead, _, behind = text.partition(".")
    ahead = ahead.zfill(whole.count("0")) if whole.count("0") > 1 else ahead
    while len(behind) > least and behind.endswith("0"):
        behind = behind[:-1]
    if "," in whole:
        ahead = f"{int(ahead):,}"
    text = ahead + (f".{behind}" if behind else "")
    if lang == "nl":
        text = text.translate(str.maketrans(".,", ",."))
    found, done = "-" if amount < 0 else "", False
    for piece in pieces:
        if piece["number"]:
            found += "" if done else text
            done = True
        elif piece["percent"]:
            found = found.rstrip() + " %"
        else:
            found += piece["quoted"] or piece["escaped"] or piece["money"] or piece["other"] or ""
    return re.sub(r"-\s*€\s*", "€ -", re.sub(r"€\s*(?=[\d-])", "€ ", found))


_MIDNIGHT = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones


def _moment(value: float | datetime, pieces: list[re.Match[str]], lang: Lang) -> str:
    if not isinstance(value, datetime):
        try:
            moment = _MIDNIGHT + timedelta(days=round(value * 86_400) / 86_400)
        except OverflowError:
            return number_text(value, lang)
    else:
        moment = value
    passed = (moment - _MIDNIGHT).total_seconds()
    half = any((m["date"] or "").upper() in ("AM/PM", "A/P") for m in pieces)
    found, after_hour = "", False
    words = [m["date"] or m["elapsed"] or "" for m in pieces]
    for place, piece in enumerate(pieces):
        word = words[place].lower()
        if not word:
            found += piece["quoted"] or piece["escaped"] or piece["other"] or ""
            continue
        following = next((w.lower() for w in words[place + 1 :] if w), "")
        minutes = word[0] == "m" and len(word) <= 2 and (after_hour or following[:1] == "s")  # noqa: PLR2004 - mmm is a month
        found += (
            str(int(passed // {"h": 3600, "m": 60, "s": 1}[word[0]])).zfill(len(word))
            if piece["elapsed"]
            else _part(moment, "minute" if minutes else word, lang, half=half)
        )
        after_hour = word[0] == "h"
    return found.strip()


def _part(moment: datetime, word: str, lang: Lang, *, half: bool) -> str:
    if word == "minute":
        return f"{moment.minute:02d}"
    if word in ("am/pm", "a/p"):
        return "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004 - noon
    size = len(word)
    match word[0]:
        case "y":
            return f"{moment.year:04d}" if size > 2 else f"{moment.year % 100:02d}"  # noqa: PLR2004 - yy
        case "m" if size > 2:  # noqa: PLR2004 - mm
            names = catalogue(lang)["dates.months"].split()[moment.month - 1].split("/")
            return names[0] if size > 3 else names[min(1, len(names) - 1)]  # noqa: PLR2004 - mmm
        case "d" if size > 2:  # noqa: PLR2004 - the day of the week is in no catalogue
            return ""
        case "h":
            return f"{(moment.hour - 1) % 12 + 1 if half else moment.hour:0{size}d}"
        case kind:
            number = {"m": moment.month, "d": moment.day, "s": moment.second}[kind]
            return f"{number:0{size}d}"
