"""Sections of figures as drawings: each of the kind that answers its question.

Made of what the section shows: what is hidden there is hidden here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hkz_xlsx.figures.cells import document_cell, number_of
from hkz_xlsx.figures.field_sections import ANSWERS
from hkz_xlsx.figures.model import Cell, Choices, FigureColumn, FigureTable
from hkz_xlsx.render.document import Bar, Chart, Picture
from hkz_xlsx.render.numbers import NumberCell
from hkz_xlsx.render.plots import (
    Divided,
    Field,
    Heat,
    Role,
    Slope,
    Spread,
    Square,
    Stack,
    Warm,
)
from hkz_xlsx.text import Lang, messages, say

MOST_BARS = 30
"""Rows of one drawing; the table has all of them."""

_ROLES: Mapping[str, Role] = {
    "yes": "yes", "partly": "partly", "no": "no", "unknown": "unknown", "na": "na",
    "empty": "empty", "not_understood": "check", "na_not_allowed": "misplaced",
}  # fmt: skip

Drawn = tuple[str, Picture]
"""What a drawing is about, empty where there is only one, and the drawing."""


class View:
    """A section to be drawn: its rows by key of the column."""

    def __init__(self, section: FigureTable, choices: Choices) -> None:
        self.section, self.choices, self.lang = section, choices, choices.lang
        self.text = messages(choices.lang)
        self._headings = {heading.key: heading for heading in section.headings}
        self.rows = [dict(zip(self._headings, row, strict=True)) for row in section.rows]

    def runs(self, *keys: str) -> Iterator[tuple[list[str], list[int]]]:
        """Rows that follow each other with the same of these columns, by number."""
        known = [key for key in keys if key in self._headings]

        def common(index: int) -> list[str]:
            return [str(self.rows[index][key] or "") for key in known]

        for found, group in groupby(range(len(self.rows)), key=common):
            yield found, list(group)

    def has(self, key: str) -> bool:
        """Whether there is such a column: some are not published."""
        return key in self._headings

    def number(self, row: int, key: str) -> NumberCell:
        """A figure; where it is hidden, what may be said."""
        heading: FigureColumn = self._headings[key]
        found = document_cell(self.rows[row][key], heading, rounded=self.choices.anonymous)
        return found if isinstance(found, NumberCell) else NumberCell(None, "percent", found)

    def pair(self, row: int, one: str, other: str) -> tuple[NumberCell, NumberCell] | None:
        """Two figures of a row.

        Args:
            row: its 0-based number.
            one: key of a column.
            other: key of another one.

        Returns:
            both, or None when a column is not published or a figure is hidden.
        """
        if not (self.has(one) and self.has(other)):
            return None
        found = self.number(row, one), self.number(row, other)
        return None if found[0].value is None or found[1].value is None else found

    def name(self, row: int) -> str:
        """The name of a row with how many it is about; of a question its number stands first."""
        found = str(self.rows[row]["name"] or "")
        if self.has("requirement"):
            found = f"{self.rows[row]['requirement']} {found}"
        return found + number_of(self.section, self.section.rows[row])

    def of_norm(self, edition: str, scheme: str) -> str:
        """A set of editions, with the norm in it only where there is another one as well."""
        several = any(row["edition"] == edition and row["scheme"] != scheme for row in self.rows)
        return f"{edition} · {scheme}" if several else edition

    def column(self, key: str) -> str:
        """The words of a column."""
        return self.text(f"portfolio.column.{key}")

    def titled(self, about: Sequence[str], kind: str, number: int) -> tuple[str, str, str]:
        """Key, title and description of a drawing.

        Args:
            about: what it is about within the section, such as the edition; blank parts fall out.
            kind: of drawing, for the catalogue key of its description.
            number: of the drawing within the section: the key of every one differs.
        """
        title = " – ".join(p for p in (self.section.title(self.lang), " · ".join(about)) if p)
        alt = say(self.lang, f"portfolio.picture.{kind}", title=title)
        return f"{self.section.key}-{number}", title, alt


def spread_words(lang: Lang) -> tuple[str, str, str, str, str]:
    """Names of the middle, the quartiles, the extremes, a dot, and one's own."""
    text = messages(lang)
    keys = ("middle", "box", "ends", "dot", "own")
    found = [text(f"portfolio.picture.words.{key}") for key in keys]
    return found[0], found[1], found[2], found[3], found[4]


def _field(view: View, row: int) -> Field:
    dots = view.section.dots.get(row, ())
    ends = None if dots else view.pair(row, "lowest", "highest")
    return Field(view.name(row), view.number(row, "median"), view.pair(row, "q1", "q3"), ends, dots)


_TOGETHER = (("total", "rubriek"), ("theme",), ("scheme", "part"))
"""Levels in one drawing, in order: everything stands above its rubrieken."""


def _spread(view: View, about: Sequence[str], rows: Sequence[int], number: int) -> Spread:
    fields = tuple(_field(view, row) for row in rows[:MOST_BARS])
    return Spread(*view.titled(about, "spread", number), spread_words(view.lang), fields)


def distribution(view: View) -> Iterator[Drawn]:
    """A dot per organisation, or a box: everything above its rubrieken, themes, and norms where
    there are more."""
    words = {
        view.text(f"portfolio.level.{level}"): level for levels in _TOGETHER for level in levels
    }
    found: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for row, cells in enumerate(view.rows):
        together = next(levels for levels in _TOGETHER if words[str(cells["level"])] in levels)
        found.setdefault((str(cells["edition"]), together), []).append(row)
    number = 0
    for (edition, _), rows in found.items():
        levels = [words[str(view.rows[row]["level"])] for row in rows]
        if levels[0] in ("scheme", "part") and levels.count("scheme") < 2:  # noqa: PLR2004 - to compare
            continue
        number += 1
        about = (edition, str(view.rows[rows[-1]]["level"]))
        yield levels[-1], _spread(view, about, rows, number)


def groups(view: View) -> Iterator[Drawn]:
    """The same per group."""
    for number, ((edition, scheme, name), rows) in enumerate(
        view.runs("edition", "scheme", "property"), 1
    ):
        about = (view.of_norm(edition, scheme), name)
        yield " · ".join(filter(None, about)), _spread(view, about, rows, number)


def verdicts(view: View) -> Iterator[Drawn]:
    """Every norm as a whole, divided over the indications."""
    roles: tuple[Role, ...] = ("empty", "no", "partly", "yes")
    schemes = list(view.runs("edition", "scheme"))
    if not schemes:
        return
    series = tuple(str(view.rows[row]["name"]) for row in schemes[0][1])
    bars = tuple(
        Divided(
            view.of_norm(*about) + number_of(view.section, view.section.rows[rows[0]]),
            tuple(view.number(row, "share") for row in rows),
        )
        for about, rows in schemes
        if len(rows) == len(series)
    )
    yield "", Stack(*view.titled((), "stack", 1), series, roles, bars)


def _answers(view: View, *keys: str, most: int | None = None) -> Iterator[Drawn]:
    series = tuple(view.column(f"answer_{code}") for code in ANSWERS)
    roles = tuple(_ROLES[code] for code in ANSWERS)
    for number, (about, rows) in enumerate(view.runs(*keys), 1):
        bars = tuple(
            Divided(view.name(row), tuple(view.number(row, f"answer_{code}") for code in ANSWERS))
            for row in rows[:most]
        )
        titled = view.titled(about, "stack", number)
        yield " · ".join(filter(None, about)), Stack(*titled, series, roles, bars)


def extremes(view: View) -> Iterator[Drawn]:
    """How the weakest, or strongest, questions were answered."""
    yield from _answers(view, "edition", most=MOST_BARS)


def questions(view: View) -> Iterator[Drawn]:
    """How every question was answered, per rubriek."""
    yield from _answers(view, "edition", "rubriek")


def _bars(view: View, *columns: str) -> Iterator[Drawn]:
    series = tuple(view.column(key) for key in columns)
    for number, (about, rows) in enumerate(view.runs("edition"), 1):
        bars = tuple(
            Bar(view.name(row), tuple(view.number(row, key) for key in columns))
            for row in rows[:MOST_BARS]
        )
        yield "".join(about), Chart(*view.titled(about, "bars", number), series, bars)


def failing(view: View) -> Iterator[Drawn]:
    """Core requirements by how many do not meet them."""
    yield from _bars(view, "failed")


def gaps(view: View) -> Iterator[Drawn]:
    """Questions by how many have a gap there."""
    yield from _bars(view, "gap_share")


MOST_COLUMNS = 12
"""Groups of one heat map; the table has all of them."""


def heat(view: View) -> Iterator[Drawn]:
    """Rubriek by group. A cell that may not be shown says so."""
    missing = view.text("report.not_shown") if view.choices.anonymous else "–"
    for number, (about, rows) in enumerate(view.runs("edition", "property"), 1):
        columns = tuple(dict.fromkeys(str(view.rows[row]["name"]) for row in rows))
        columns = columns[:MOST_COLUMNS]
        cells: dict[tuple[str, str], Square] = {}
        for row in rows:
            here = view.rows[row]
            square = Square(view.number(row, "median"), f"n = {here['n']}")
            cells[str(here["rubriek"]), str(here["name"])] = square
        empty = Square(NumberCell(None, "percent", missing))
        names = dict.fromkeys(str(view.rows[row]["rubriek"]) for row in rows)
        found = tuple(
            Warm(name, tuple(cells.get((name, column), empty) for column in columns))
            for name in names
        )
        titled = view.titled(about, "heat", number)
        yield " · ".join(filter(None, about)), Heat(*titled, columns, found)


def movement(view: View) -> Iterator[Drawn]:
    """A line for everyone who was measured twice; of every score how many went up and down."""
    number = 0
    for (edition, rounds), rows in view.runs("edition", "rounds"):
        about = " · ".join(filter(None, (edition, rounds)))
        total = view.text("portfolio.level.total")
        one, other = rounds.split(" → ")
        for row in rows:
            middle = view.pair(row, "before", "after")
            if view.rows[row]["level"] == total and middle:
                number += 1
                words = (view.text("portfolio.picture.words.dot"), view.column("median"))
                lines = view.section.lines.get(row, ())
                titled = view.titled((about,), "slope", number)
                yield about, Slope(*titled, (one, other), lines, middle, words)
        number += 1
        yield about, _moves(view, rows, about, number)


def _moves(view: View, rows: Sequence[int], about: str, number: int) -> Stack:
    """Of every score how many went up, stayed and went down."""
    bars = []
    for row in rows[:MOST_BARS]:
        counts = tuple(view.number(row, key) for key in ("up", "same", "down"))
        bars.append(Divided(view.name(row), counts, value_of(view.rows[row], "n") or 1.0))
    series = tuple(view.column(key) for key in ("up", "same", "down"))
    titled = view.titled((about,), "moves", number)
    return Stack(*titled, series, ("yes", "na", "no"), tuple(bars))


def place_in_field(section: FigureTable, choices: Choices) -> tuple[Picture, ...]:
    """One's own place among the others, over everything and per rubriek; and per theme."""
    view = View(section, choices)
    found: list[Picture] = []
    for levels in _TOGETHER[:2]:
        words = [view.text(f"portfolio.level.{level}") for level in levels]
        fields = tuple(
            Field(
                view.name(row),
                view.number(row, "median"),
                view.pair(row, "q1", "q3"),
                own=view.number(row, "own"),
            )
            for level in words
            for row, cells in enumerate(view.rows)
            if cells["level"] == level
        )
        if fields:
            titled = view.titled((words[-1],), "spread", len(found) + 1)
            found.append(Spread(*titled, spread_words(choices.lang), fields))
    return tuple(found)


PICTURES: Mapping[str, Callable[[View], Iterator[Drawn]]] = {
    "distribution": distribution, "verdicts": verdicts, "weakest": extremes, "strongest": extremes,
    "core": failing, "common_gaps": gaps, "groups": groups, "group_rubrieken": heat,
    "movement": movement, "questions": questions,
}  # fmt: skip
"""Key of a section → how it is drawn."""


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Titles of drawings in which nothing may be shown, and how many rows the others lack."""

    titles: tuple[str, ...] = ()
    rows: int = 0

    def sentence(self, choices: Choices) -> str:
        """What is not drawn, and why; empty where all of it is."""
        told = []
        if self.titles:
            named = "; ".join(self.titles)
            told.append(say(choices.lang, "portfolio.undrawn.figures", titles=named))
        if self.rows:
            told.append(say(choices.lang, "portfolio.undrawn.rows", count=self.rows))
        if told:
            told.append(say(choices.lang, "portfolio.undrawn.why", k=choices.k))
        return " ".join(told)


def _visible(picture: Picture) -> tuple[Picture, int]:
    """A drawing without the rows in which nothing is shown, and how many rows are left."""
    match picture:
        case Stack():
            rows = tuple(r for r in picture.rows if any(v.value is not None for v in r.values))
            return replace(picture, rows=rows), len(rows)
        case Chart():
            bars = tuple(b for b in picture.bars if any(v.value is not None for v in b.values))
            return replace(picture, bars=bars), len(bars)
        case Spread():
            fields = tuple(f for f in picture.fields if f.middle.value is not None)
            return replace(picture, fields=fields), len(fields)
        case Heat():
            warm = tuple(
                w for w in picture.rows if any(s.value.value is not None for s in w.squares)
            )
            return replace(picture, rows=warm), len(warm)
        case _:
            return picture, 1


def _rows_of(picture: Picture) -> int:
    match picture:
        case Stack() | Heat():
            return len(picture.rows)
        case Chart():
            return len(picture.bars)
        case Spread():
            return len(picture.fields)
        case _:
            return 1


def drawings_of(section: FigureTable, choices: Choices) -> tuple[tuple[Drawn, ...], Undrawn]:
    """The drawings of a section, and what is left out of them since all of it is hidden."""
    draw = PICTURES.get(section.key)
    drawn = tuple(draw(View(section, choices))) if draw else ()
    if not choices.anonymous:
        return drawn, Undrawn()
    shown: list[Drawn] = []
    titles, rows = [], 0
    for about, picture in drawn:
        seen, left = _visible(picture)
        if left:
            shown.append((about, seen))
            rows += _rows_of(picture) - left
        else:
            titles.append(picture.title.removeprefix(f"{section.title(choices.lang)} – "))
    return tuple(shown), Undrawn(tuple(titles), rows)


def pictures(section: FigureTable, choices: Choices) -> tuple[Drawn, ...]:
    """The drawings of a section; of an anonymous report without what is hidden in them."""
    return drawings_of(section, choices)[0]


def value_of(row: Mapping[str, Cell], key: str) -> float | None:
    """A figure that is a number."""
    found = row[key]
    return float(found) if isinstance(found, int | float) else None
