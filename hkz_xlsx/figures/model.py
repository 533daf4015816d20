"""Figures about a field as data: sections of plain tables, the same for every output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hkz_xlsx.figures.privacy import (
    DEFAULT_K,
    QUARTILES_FROM,
    CountedPart,
    disclosure,
    published_ratio,
    published_share,
    rounded_count,
    share_bound,
)
from hkz_xlsx.text import Lang, messages, say

Kind = Literal["text", "whole", "percent", "points", "date", "share", "plain"]
Cell = str | float | int | None

_QUARTILES = frozenset({"q1", "q3"})
_EXTREMES = frozenset({"lowest", "highest", "first_date", "last_date", "low", "high"})


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of a section; its words stand in the catalogues under its key.

    ``percent`` is a score 0-100, ``share`` a part of n in percent, ``points`` a difference of
    percentages. ``width`` in characters. ``words`` are the key of other words than its own.
    """

    key: str
    kind: Kind = "text"
    width: float = 12
    words: str = ""

    @property
    def words_key(self) -> str:
        """Where its words stand in the catalogues."""
        return f"portfolio.column.{self.words or self.key}"


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table with a title and a note, by their key in the catalogues.

    ``private`` sections speak of single organisations or files. ``left_out`` counts rows that
    were too small to show. ``parts`` are the counts behind figures, by row and column: they
    decide whether a figure may be published. ``ranked`` is the column that puts rows in order,
    with a minus before it where the largest comes first. ``dots`` are the scores of single
    organisations behind a row, ``lines`` those of two measurements of each: never published.
    """

    key: str
    headings: tuple[FigureColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    private: bool = False
    left_out: int = 0
    parts: Mapping[tuple[int, int], CountedPart] = field(default_factory=dict)
    ranked: str = ""
    dots: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    lines: Mapping[int, tuple[tuple[float, float], ...]] = field(default_factory=dict)

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
    """Everything about a field. ``facts`` are label, value and note, to see at once; ``files``
    the same of what was read."""

    choices: Choices
    facts: tuple[tuple[str, str, str], ...]
    sections: tuple[FigureTable, ...] = field(default=())
    files: tuple[tuple[str, str, str], ...] = ()

    @property
    def lang(self) -> Lang:
        """Language of the figures."""
        return self.choices.lang

    @property
    def title(self) -> str:
        """Title of every output."""
        return messages(self.lang)("portfolio.title")

    def rows(self, key: str, **wanted: Cell) -> list[dict[str, Cell]]:
        """Rows of a section by column, those with these values; none where it is not there."""
        section = self.find(key)
        if section is None:
            return []
        keys = [heading.key for heading in section.headings]
        rows = (dict(zip(keys, row, strict=True)) for row in section.rows)
        return [row for row in rows if all(row[k] == value for k, value in wanted.items())]

    def find(self, key: str) -> FigureTable | None:
        """A section by key, where there is one."""
        return next((section for section in self.sections if section.key == key), None)

    def section(self, key: str) -> FigureTable:
        """A section by key; KeyError when it is not there."""
        found = self.find(key)
        if found is None:
            raise KeyError(key)
        return found


def protected(section: FigureTable, choices: Choices) -> FigureTable | None:
    """The section as it may leave, None when it may not.

    Rows of fewer than k organisations are left out, counts and shares are rounded, and those of
    fewer than k organisations, or of all but fewer than k, are said to be that. Quartiles need
    more organisations and extremes are never shown: those are single ones.
    """
    if not choices.anonymous:
        return section
    if section.private:
        return None
    n = section.index("n")
    kept = [i for i, row in enumerate(section.rows) if int(row[n] or 0) >= choices.k]
    if section.ranked:
        edition = section.index("edition")
        editions = list(dict.fromkeys(row[edition] for row in section.rows))
        kept.sort(
            key=lambda row: (
                editions.index(section.rows[row][edition]),
                *_rank(section, row, choices),
            )
        )
    wanted = [i for i, h in enumerate(section.headings) if h.key not in _EXTREMES]
    return replace(
        section,
        headings=tuple(section.headings[i] for i in wanted),
        rows=tuple(tuple(_shown(section, r, i, choices) for i in wanted) for r in kept),
        left_out=section.left_out + len(section.rows) - len(kept),
        parts={},
        dots={},
        lines={},
    )


def _rank(section: FigureTable, row: int, choices: Choices) -> tuple[float, str]:
    """The place of a row within its edition by what is shown of it: the exact order would say which
    of two hidden counts is the larger."""
    column = section.index(section.ranked.removeprefix("-"))
    part = section.parts[row, column]
    found = disclosure(part, choices.k) if part.of else "kept"
    if found == "shown":
        value = published_share(part, choices.k)
    else:
        value = {"few": 0.0, "most": 100.0, "kept": 50.0}[found]
    name = str(section.rows[row][section.index("requirement")])
    return -value if section.ranked.startswith("-") else value, name


def _shown(section: FigureTable, row: int, column: int, choices: Choices) -> Cell:
    """A figure as it may leave."""
    heading, value = section.headings[column], section.rows[row][column]
    part = section.parts.get((row, column))
    if part is not None:
        return _published(part, heading.kind, choices)
    n = int(section.rows[row][section.index("n")] or 0)
    if heading.key in _QUARTILES and n < max(QUARTILES_FROM, 2 * choices.k):
        return None
    if isinstance(value, str) or value is None:
        return value
    match heading.kind:
        case "whole":
            return rounded_count(value, choices.k)
        case "percent" | "points":
            return float(round(value))
        case _:
            raise TypeError(f"{section.key}.{heading.key}: nothing is known of its counts")


def _published(part: CountedPart, kind: Kind, choices: Choices) -> Cell:
    """A count, share or mean as it may leave: a number, or words where it may not."""
    lang, k = choices.lang, choices.k
    if part.ratio is None:
        return None
    found = disclosure(part, k)
    if found == "kept":
        return messages(lang)("portfolio.hidden.kept")
    if found == "shown":
        match kind:
            case "whole":
                return rounded_count(part.count, k)
            case "plain":
                return round(published_ratio(part, k), 1)
            case _:
                return published_share(part, k)
    if kind != "percent":
        return say(lang, f"portfolio.hidden.{found}", k=k)
    bound = share_bound(part, k)
    if bound >= 100:  # noqa: PLR2004 - percent
        return messages(lang)("portfolio.hidden.kept")
    value = int(bound if found == "few" else 100 - bound)
    return say(lang, f"portfolio.hidden.score_{found}", value=value)


def section_of(
    key: str, headings: Sequence[FigureColumn], rows: Sequence[Sequence[Cell | CountedPart]], *,
    private: bool = False, ranked: str = "",
) -> FigureTable:  # fmt: skip
    """A section from rows as they come; numbers get one decimal, parts become numbers.

    Args:
        key: of the section; title and note stand under it in the catalogues.
        headings: its columns.
        rows: a value for every heading; None where there is nothing to show. The counts of parts
            are kept beside their numbers: they decide what may be published.
        private: it speaks of single organisations or files.
        ranked: column that puts the rows in order, behind a minus where the largest comes first.

    Raises:
        ValueError: a row is longer or shorter than the headings.
    """
    found = tuple(
        tuple(_plain(value, h.kind) for value, h in zip(row, headings, strict=True)) for row in rows
    )
    parts = {
        (r, c): value
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if isinstance(value, CountedPart)
    }
    return FigureTable(key, tuple(headings), found, private, parts=parts, ranked=ranked)


def _plain(value: object, kind: Kind) -> Cell:
    if isinstance(value, CountedPart):
        ratio = value.ratio
        if kind == "whole":
            return int(value.count)
        return None if ratio is None else _plain(ratio if kind == "plain" else 100 * ratio, kind)
    if isinstance(value, bool) or value is None:
        return None if value is None else int(value)
    if isinstance(value, float):
        return round(value, 1) + 0.0
    return value if isinstance(value, int | str) else str(value)
