"""How a value stands in a cell, and how a cell is read back: both directions in one object.

``to_cell`` gives what the formulas expect; ``from_cell`` is tolerant and says what it had to
clean. Dates are serial numbers in cells (days since 1899-12-30, the 1900 system of Excel).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product
from typing import Literal, Protocol

from hkz_xlsx.layout.kvk import read_kvk
from hkz_xlsx.layout.signs import doubtful, unboxed
from hkz_xlsx.scoring.cell_values import (
    CellError,
    CellValue,
    RawValue,
    cell_value,
    serial,
    shown,
    tidy,
)
from hkz_xlsx.scoring.choices import LISTS
from hkz_xlsx.scoring.displayed import number_text, truth_text
from hkz_xlsx.text import LANGS, TODAY, Lang, catalogue, every_wording

FIRST_PLAUSIBLE, LAST_PLAUSIBLE = date(1990, 1, 1), date(2100, 12, 31)
"""A date outside is a slip, such as a year typed where a date belongs (2027 is a day in 1905)."""

State = Literal["blank", "exact", "cleaned", "unknown", "error"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was understood as.

    ``cell`` is the value as the formulas should have seen it; ``raw`` is what stood there.
    ``nearest`` is a hint for an answer that was not understood.
    """

    state: State
    cell: CellValue = None
    raw: RawValue = None
    nearest: str = ""

    @property
    def nothing(self) -> bool:
        """Whether nothing is filled in: blank, or blanks of any kind only."""
        return self.state == "blank" or (self.state == "cleaned" and self.cell is None)


class Codec(Protocol):
    """One kind of cell."""

    @property
    def kind(self) -> str:
        """Name of the kind: decides style and validation."""

    def from_cell(self, raw: RawValue, lang: Lang) -> Reading:
        """Understand what stands in a cell."""


def _plain(text: str) -> str:
    """For numbers and dates: ordinary digits, hyphens and single spaces."""
    wide = unicodedata.normalize("NFKC", tidy(text))
    return " ".join("".join("-" if unicodedata.category(c) == "Pd" else c for c in wide).split())


_NO_WORD = bytes(code for code in range(128) if not chr(code).isalnum())


def folded(text: str) -> str:
    """For comparing answers: letters and digits only, without case, width or accents."""
    if text.isascii():
        return text.lower().encode("ascii").translate(None, _NO_WORD).decode("ascii")
    # Twice, as Unicode has it (D146): taking signs apart can bring out capitals again.
    wide = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(c for c in wide if c.isalnum())


def _blank(raw: RawValue) -> bool:
    return raw is None or (isinstance(raw, str) and not tidy(raw))


def _blank_or_error(raw: RawValue) -> Reading | None:
    if isinstance(raw, CellError):
        return Reading("error", None, raw)
    if _blank(raw):
        # A cell with only odd white space is blank to a person, but counts as filled in a
        # formula: that difference is a cleaning.
        return Reading("blank" if raw is None or not str(raw).strip(" ") else "cleaned", None, raw)
    return None


def _typed(raw: RawValue, lang: Lang) -> str:
    """A value as a person would have typed it."""
    if isinstance(raw, bool):
        return truth_text(raw, lang)
    return number_text(raw, lang) if isinstance(raw, int | float) else shown(raw)


@dataclass(frozen=True, slots=True)
class FreeText:
    """Any text."""

    kind: str = "text"

    def from_cell(self, raw: RawValue, lang: Lang) -> Reading:
        """Text as typed, without invisible characters; numbers become text."""
        if found := _blank_or_error(raw):
            return found
        text = tidy(_typed(raw, lang))
        same = raw == text or not isinstance(raw, str)
        return Reading("exact" if same else "cleaned", text, raw)


@dataclass(frozen=True, slots=True)
class KvkNumber:
    """A number of the Dutch trade register, kept as text for its zero in front."""

    kind: str = "kvk"

    def from_cell(self, raw: RawValue, lang: Lang) -> Reading:
        """Text as typed; a zero in front that a program dropped is put back."""
        found = FreeText().from_cell(raw, lang)
        known = read_kvk(found.cell) if isinstance(found.cell, str) else None
        return Reading("cleaned", known.number, raw) if known and known.restored else found


@dataclass(frozen=True, slots=True)
class Number:
    """A number, such as fte."""

    kind: str = "number"

    def from_cell(self, raw: RawValue, lang: Lang) -> Reading:
        """A number; a text such as ``3,5`` is read the Dutch way."""
        if found := _blank_or_error(raw):
            return found
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return Reading("exact", float(raw), raw)
        text = _plain(shown(raw)).replace(" ", "").casefold().rstrip(".").removesuffix("fte")
        # Three digits behind a sign may be thousands or a fraction: that is told, not guessed.
        if re.fullmatch(r"[+-]?\d{1,9}([.,]\d{1,2})?", text, re.ASCII):
            return Reading("cleaned", float(text.replace(",", ".")), raw)
        return Reading("unknown", None, raw)


_DATE_FORMS = (
    re.compile(r"(?P<d>\d{1,2}) ?[-/. ] ?(?P<m>\d{1,2}) ?[-/. ] ?(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})\.?[- ]?(?P<m>[a-z]{3,9})\.?[- ]?(?P<y>\d{4})", re.ASCII),
)
"""A two-digit year, or month before day, is not guessed: it is told."""

_MIDNIGHT = re.compile(r"[ t]00:00(:00(\.0+)?)?z?$", re.ASCII)


@cache
def _months() -> Mapping[str, int]:
    """Month names of every language of the product, whole and short, to 1-12."""
    found: dict[str, int] = {}
    for lang in LANGS:
        names = catalogue(lang)["dates.months"].split()
        for number, name in enumerate(names, 1):
            for form in name.split("/"):
                found[form] = number
    return found


def _day_of(text: str) -> date | None:
    """The day that a typed text means; None when it is not certain."""
    wanted = _MIDNIGHT.sub("", _plain(text).casefold())
    for form in _DATE_FORMS:
        if match := form.fullmatch(wanted):
            name = match["m"]
            month = int(name) if name.isdigit() else _months().get(name, 0)
            try:
                return date(int(match["y"]), month, int(match["d"]))
            except ValueError:
                return None
    return None


_NUMERIC_DAY = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(?:\d{4}|\d{2})", re.ASCII)
_MOST_MONTHS = 12


def _two_numbers(raw: RawValue) -> tuple[int, int] | None:
    """The first two numbers of a day typed as three."""
    if not isinstance(raw, str):
        return None
    found = _NUMERIC_DAY.fullmatch(_MIDNIGHT.sub("", _plain(raw).casefold()))
    return (int(found[1]), int(found[2])) if found else None


def month_first(raw: RawValue) -> bool:
    """Whether a typed day can only be read with its month before its day."""
    found = _two_numbers(raw)
    return found is not None and found[0] <= _MOST_MONTHS < found[1] <= 31  # noqa: PLR2004 - days


def either_order(raw: RawValue) -> bool:
    """Whether a typed day is another day when its month comes first."""
    found = _two_numbers(raw)
    return found is not None and found[0] != found[1] and max(found) <= _MOST_MONTHS


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    kind: str = "date"

    def from_cell(self, raw: RawValue, lang: Lang) -> Reading:
        """A real date, or a text in day-month-year or year-month-day order."""
        if found := _blank_or_error(raw):
            return found
        raw = cell_value(raw)
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            inside = serial(FIRST_PLAUSIBLE) <= raw < serial(LAST_PLAUSIBLE) + 1
            return Reading("exact" if inside else "unknown", float(raw) if inside else None, raw)
        day = _day_of(shown(raw))
        if day is not None and FIRST_PLAUSIBLE <= day <= LAST_PLAUSIBLE:
            return Reading("cleaned", serial(day), raw)
        return Reading("unknown", None, raw)


def edits(one: str, other: str) -> int:
    """Number of single-letter edits between two short texts."""
    line = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, line[0] = line[0], i
        for j, b in enumerate(other, 1):
            before, line[j] = line[j], min(line[j] + 1, line[j - 1] + 1, before + (a != b))
    return line[-1]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list, shown as its label in the language of the workbook.

    ``wording`` is the release whose labels the workbook has: its formulas compare with those.
    """

    name: str
    kind: str = "choice"
    wording: str = TODAY

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the list in their fixed order."""
        return CHOICES[self.name]

    def label(self, code: str, lang: Lang) -> str:
        """The text that stands in the cell for a code."""
        return catalogue(lang, self.wording)[f"choice.{self.name}.{code}"]

    def code(self, raw: RawValue, lang: Lang) -> str | None:
        """The code of a label exactly as the formulas compare it (case-blind), else None."""
        if not isinstance(raw, str):
            return None
        for code in self.codes:
            if raw.lower() == self.label(code, lang).lower():
                return code
        return None

    def code_of(self, raw: RawValue) -> str | None:
        """The code of a label in any language that any release ever wrote, in any case."""
        if not isinstance(raw, str):
            return None
        found = (one.code(raw, lang) for one in self._ever() for lang in LANGS)
        return next((code for code in found if code is not None), None)

    def _ever(self) -> Iterator[Choice]:
        """The list in its own wording, then as it is today and as every release wrote it."""
        yield self
        yield from (replace(self, wording=w) for w in every_wording() if w != self.wording)

    def _spellings(self) -> Iterator[tuple[str, str]]:
        """What stands for a code: labels that were ever written are understood for ever."""
        yield from ((folded(code), code) for code in self.codes)
        for one in self._ever():
            for code, lang in product(self.codes, LANGS):
                label = one.label(code, lang)
                yield folded(label), code
                if label[0].isdigit():  # "2 Do": the number or the word alone will do
                    yield folded(label.split(" ", 1)[0]), code
                    yield folded(label.split(" ", 1)[1]), code

    def _doubtful(self, text: str, code: str) -> bool:
        labels = tuple(self.label(code, lang) for lang in LANGS)
        return doubtful(text, self.name, code, labels)

    def from_cell(self, raw: RawValue, lang: Lang) -> Reading:
        """A label in any language of the product, in any case or spacing."""
        if found := _blank_or_error(raw):
            return found
        if (code := self.code(raw, lang)) is not None:
            return Reading("exact", self.label(code, lang), raw)
        wanted = folded(unboxed(shown(raw)))
        for spelling, code in self._spellings():
            if spelling == wanted:
                if self._doubtful(shown(raw), code):
                    return Reading("unknown", None, raw, self.label(code, lang))
                return Reading("cleaned", self.label(code, lang), raw)
        # A truth value is a yes or a no where that is asked, and nowhere else an answer.
        if self.name == "yes_no" and isinstance(raw, bool):
            return Reading("cleaned", self.label("yes" if raw else "no", lang), raw)
        # Where there is one word to choose, such as *Bekeken*, a yes says it.
        if len(self.codes) == 1 and (raw is True or wanted in _LIKELY["yes"]):
            return Reading("cleaned", self.label(self.codes[0], lang), raw)
        for code, words in _LIKELY.items():
            if wanted in words and code in self.codes:
                return Reading("unknown", None, raw, self.label(code, lang))
        # Of a whole page pasted here the beginning is enough: the work grows with the product of
        # lengths.
        distance, nearest = min(
            (edits(wanted[:40], folded(self.label(code, lang))), self.label(code, lang))
            for code in self.codes
        )
        return Reading(
            "unknown", None, raw, nearest if distance <= len(folded(nearest)) / 2 else ""
        )


_LIKELY: Mapping[str, frozenset[str]] = {
    "yes": frozenset(
        {
            "ja",
            "j",
            "yes",
            "y",
            "true",
            "waar",
            "1",
            "x",
            "v",
            "ok",
            "oke",
            "akkoord",
            "goed",
            "compliant",
        }
    ),
    "no": frozenset(
        {"nee", "neen", "n", "no", "false", "onwaar", "0", "nok", "fout", "nietakkoord"}
    ),
    "partly": frozenset({"deels", "gedeeltelijk", "partly", "partial", "half"}),
    "unknown": frozenset({"onbekend", "weetikniet", "dunno", "unknown"}),
    "na": frozenset({"nvt", "notapplicable", "nietvantoepassing"}),
}
"""Words that often stand for an answer: a hint to the reader, never taken for the answer."""

YES_NO = ("yes", "no")
CHOICES: dict[str, tuple[str, ...]] = {**LISTS, "yes_no": YES_NO}
"""Every list behind a dropdown; ``yes_no`` serves the questions on the Start sheet."""
