"""Cells as people read them."""

from __future__ import annotations

from datetime import date

from hkz_xlsx.figures.model import Cell, Choices, FigureColumn
from hkz_xlsx.text import Lang, messages, say


def decimal(value: float, lang: Lang) -> str:
    """One decimal with the decimal sign of the language; none when it is whole."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if lang == "nl" else text


def day(text: str) -> str:
    """An ISO date as day-month-year."""
    return date.fromisoformat(text).strftime("%d-%m-%Y")


def shown(value: Cell, heading: FigureColumn, lang: Lang) -> str:
    """A cell of a section as text.

    Args:
        value: what stands in it; None is shown as a dash.
        heading: its column: dates, percentages and points are written in their own way.
        lang: language, also of the decimal sign.
    """
    if value is None:
        return "–"
    if heading.kind == "date" and isinstance(value, str) and value:
        return day(value)
    if isinstance(value, str):
        return value
    if heading.kind == "points":
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + decimal(abs(value), lang)
    number = decimal(value, lang)
    return (
        say(lang, "report.percentage", value=number)
        if heading.kind in ("percent", "share")
        else number
    )


def notes(choices: Choices) -> list[str]:
    """What holds for all figures."""
    text = messages(choices.lang)
    found = [text("portfolio.basis")]
    if choices.sample:
        found.append(text("portfolio.sampled"))
    if choices.anonymous:
        keys = ("note", "counts", "shares", "twice")
        found += [say(choices.lang, f"portfolio.anonymous_{key}", k=choices.k) for key in keys]
    return found
