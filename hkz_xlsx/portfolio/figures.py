"""Figures about a field as data: sections of plain tables, the same for every output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hkz_xlsx.portfolio.privacy import (
    DEFAULT_K,
    QUARTILES_FROM,
    rounded_count,
    rounded_share,
)
from hkz_xlsx.text import Lang, messages, say

Kind = Literal["text", "whole", "percent", "points", "date", "share", "plain"]
Cell = str | float | int | None

_QUARTILES = frozenset({"q1", "q3"})
_EXTREMES = frozenset({"lowest", "highest", "first_date", "last_date", "low", "high"})


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a section; its words stand in the catalogues under its key.

    ``percent`` is a score 0-100, ``share`` a part of n in percent, ``points`` a difference of
    percentages. ``width`` in characters.
    """

    key: str
    kind: Kind = "text"
    width: float = 12


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title and a note, by their key in the catalogues.

    ``private`` sections speak of single organisations or files; ``chart`` names the columns of
    the bars drawn of it, names of which stand in the column ``name``. ``left_out`` counts rows
    that were too small to show.
    """

    key: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    private: bool = False
    chart: tuple[str, ...] = ()
    left_out: int = 0

    def index(self, key: str) -> int:
        """Place of a column."""
        return [heading.key for heading in self.headings].index(key)

    def title(self, lang: Lang) -> str:
        """The title in words."""
        return messages(lang)(f"portfolio.section.{self.key}.title")

    def note(self, lang: Lang) -> str:
        """What the figures mean, and how many rows are not shown."""
        text = messages(lang)(f"portfolio.section.{self.key}.note")
        if self.left_out:
            text += " " + say(lang, "portfolio.left_out", count=self.left_out)
        return text


@dataclass(frozen=True, slots=True)
class Choices:
    """What was asked for. ``sample``: the files are a sample, so intervals are meant."""

    lang: Lang = "nl"
    anonymous: bool = False
    k: int = DEFAULT_K
    sample: bool = False
    texts: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything about a field. ``facts`` are label and value, to see at once."""

    choices: Choices
    facts: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...] = field(default=())

    @property
    def lang(self) -> Lang:
        """Language of the figures."""
        return self.choices.lang

    @property
    def title(self) -> str:
        """Title of every output."""
        return messages(self.lang)("portfolio.title")

    def section(self, key: str) -> Section:
        """A section by key; KeyError when it is not there."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)


def protected(section: Section, choices: Choices) -> Section | None:
    """The section as it may leave, None when it may not.

    Rows of fewer than k organisations are left out, counts and shares are rounded, quartiles
    need more organisations and extremes are never shown: those are single ones.
    """
    if not choices.anonymous:
        return section
    if section.private:
        return None
    n = section.index("n")
    kept = [
        row for row in section.rows if isinstance(row[n], int) and int(row[n] or 0) >= choices.k
    ]
    wanted = [i for i, h in enumerate(section.headings) if h.key not in _EXTREMES]
    rows = tuple(
        tuple(_shown(section.headings[i], row[i], int(row[n] or 0), choices.k) for i in wanted)
        for row in kept
    )
    headings = tuple(section.headings[i] for i in wanted)
    return replace(
        section,
        headings=headings,
        rows=rows,
        left_out=section.left_out + len(section.rows) - len(kept),
    )


def _shown(heading: Heading, value: Cell, n: int, k: int) -> Cell:
    if heading.key in _QUARTILES and n < max(QUARTILES_FROM, 2 * k):
        return None
    if isinstance(value, str) or value is None:
        return value
    match heading.kind:
        case "whole":
            return rounded_count(int(value), k)
        case "share":
            return rounded_share(value)
        case "percent" | "points":
            return float(round(value))
        case _:
            return value


def section_of(
    key: str, headings: Sequence[Heading], rows: Sequence[Sequence[Cell]], *,
    private: bool = False, chart: tuple[str, ...] = (),
) -> Section:  # fmt: skip
    """A section from rows as they come; numbers get one decimal."""
    found = tuple(tuple(_plain(value) for value in row) for row in rows)
    return Section(key, tuple(headings), found, private, chart)


def _plain(value: object) -> Cell:
    if isinstance(value, bool) or value is None:
        return None if value is None else int(value)
    if isinstance(value, float):
        return round(value, 1) + 0.0
    return value if isinstance(value, int | str) else str(value)


def figures_number_columns(section: Section) -> tuple[int, ...]:
    """Places of the columns that hold counts or shares: those are rounded when anonymous."""
    return tuple(i for i, h in enumerate(section.headings) if h.kind in ("whole", "share"))
