"""What a cell means beside its bare value, and what has to be told about how it was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from hkz_xlsx.layout.codecs import Choice, Codec, KvkNumber, Reading, either_order, month_first
from hkz_xlsx.layout.kvk import read_kvk
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.cell_values import RawValue, cell_value, from_serial, shown
from hkz_xlsx.scoring.displayed import displayed, lost_digits
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.grid import Manner
from hkz_xlsx.text import Lang, say

_TEXTS = ("text", "kvk")
"""Kinds of cells in which people type what they like."""

_TRUTH = re.compile(r"\s*=?\s*(?:TRUE|FALSE)\s*\(\s*\)\s*", re.IGNORECASE)


def is_typed_truth(formula: str) -> bool:
    """Whether a formula is only what a program makes of a typed truth value."""
    return _TRUTH.fullmatch(formula) is not None


def meant(codec: Codec, reading: Reading, manner: Manner | None, lang: Lang) -> Reading:
    """A reading with the manner in which its cell shows the value.

    A number in a text is read as it was shown. An answer that is struck through is withdrawn: it
    is not understood, and stays visible as such.

    Args:
        codec: the kind of cell.
        reading: what the value alone was understood as.
        manner: how the cell shows it; None where it says nothing of what was meant.
        lang: language of the workbook.
    """
    if manner is None or reading.state not in ("exact", "cleaned") or reading.cell is None:
        return reading
    raw = reading.raw
    number = isinstance(raw, int | float | datetime) and not isinstance(raw, bool)
    if codec.kind in _TEXTS:
        if not number or lost_digits(raw) or not (manner.format or manner.shown):
            return reading
        return replace(reading, cell=_as_shown(raw, manner, lang) or reading.cell)
    choice = isinstance(codec, Choice)
    if manner.struck == "wholly" or (manner.struck and choice):
        nearest = str(reading.cell) if choice else ""
        said = _visible_day(reading) if codec.kind == "date" else shown(raw)
        return Reading("unknown", None, say(lang, "reading.struck", value=said.strip()), nearest)
    return reading


def _as_shown(raw: RawValue, manner: Manner, lang: Lang) -> str:
    if manner.shown:
        return re.sub(r"(?<=\d)\s*%", " %", manner.shown.replace("\u00a0", " ")).strip()
    if isinstance(raw, float | int | datetime):
        return displayed(raw, manner.format, lang)
    return ""


def _visible_day(reading: Reading) -> str:
    if isinstance(reading.cell, float):
        return from_serial(reading.cell).strftime("%d-%m-%Y")
    return shown(reading.raw)


def doubtful_days(
    typed: Iterable[tuple[Address, RawValue]],
) -> Iterator[tuple[Address, RawValue, RawValue]]:
    """Days of one column that may be meant with the month first, because one of them must be.

    Args:
        typed: what stands in the column.

    Yields:
        address and value of a doubtful day, and the value that shows the order.
    """
    here = list(typed)
    sure = next((value for _, value in here if month_first(value)), None)
    if sure is not None:
        yield from ((address, value, sure) for address, value in here if either_order(value))


def about(
    codec: Codec, reading: Reading, where: Where, plan: WorkbookPlan, manner: Manner | None = None
) -> Iterator[Problem]:
    """What is told about one answer: not understood, or read in another way than it stands.

    Args:
        codec: the kind of cell.
        reading: what it was understood as, by `meant`.
        where: file, sheet and cell, for every message.
        plan: gives the language in which choices are named.
        manner: how the cell shows its value.
    """
    value = shown(reading.raw)
    if isinstance(codec, KvkNumber):
        yield from _about_kvk(reading, where)
    if reading.state == "error":
        yield problem("ANSWER_ERROR_CELL", where, value=value)
    elif reading.state == "unknown" and manner is not None and manner.struck:
        nearest = f" → {reading.nearest}?" if reading.nearest else ""
        yield problem("ANSWER_STRUCK", where, value=value, nearest=nearest)
    elif reading.state == "unknown" and isinstance(codec, Choice):
        labels = ", ".join(codec.label(code, plan.lang) for code in codec.codes)
        nearest = f" → {reading.nearest}?" if reading.nearest else ""
        yield problem("ANSWER_UNKNOWN", where, value=value, choices=labels, nearest=nearest)
    elif reading.state == "unknown":
        yield problem("DATE_WRONG" if codec.kind == "date" else "NUMBER_WRONG", where, value=value)
    elif reading.state == "cleaned" and (reading.cell is None or codec.kind not in _TEXTS):
        # Inside a text cleaning changes no number; a cell that turns out blank can.
        understood = shown(cell_value(reading.cell))
        if codec.kind == "date":
            understood = _visible_day(reading) if reading.cell is not None else ""
        yield problem("ANSWER_CLEANED", where, value=_visible(value), understood=understood)
    if codec.kind in _TEXTS and reading.cell is not None:
        if manner is not None and manner.struck == "wholly":
            yield problem("TEXT_STRUCK", where, value=str(reading.cell))
        if lost_digits(reading.raw):
            yield problem("DIGITS_LOST", where, value=str(reading.cell))


def _about_kvk(reading: Reading, where: Where) -> Iterator[Problem]:
    """A number with its zero put back, and one that does not say whose the file is."""
    if not isinstance(reading.cell, str):
        return
    known, value = read_kvk(reading.cell), shown(reading.raw)
    if not known.usable:
        yield problem("KVK_OF_NOBODY", where, value=value)
    elif reading.state == "cleaned" and read_kvk(value).restored:
        yield problem("KVK_RESTORED", where, value=value, understood=reading.cell)


def _visible(text: str) -> str:
    """White space that nobody sees, made visible as its code."""
    return text if text.strip() else " ".join(f"U+{ord(c):04X}" for c in text)
