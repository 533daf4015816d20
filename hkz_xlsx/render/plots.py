"""Drawings of many as data: what is drawn, in which order, and the table behind it.

Every drawing gives the table that it shows; nothing is drawn that does not stand there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hkz_xlsx.render.numbers import Cell, NumberCell

Role = Literal[
    "plain", "score", "substantiated", "then", "now", "before", "self", "field", "gain", "late",
    "open",
    "yes", "partly", "no", "unknown", "na", "empty", "check", "misplaced",
]  # fmt: skip
"""What a series means: in every chart of every report it has the same colour."""

Table = tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]
"""Headers and rows; a header is empty where the rows are only named."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A row that is one whole, with the values that it is divided into."""

    name: str
    values: tuple[NumberCell, ...]
    whole: float = 100.0


@dataclass(frozen=True, slots=True)
class Stack:
    """Rows that are one whole each. A value that is not shown leaves room for itself.

    ``roles`` say per series what it means.
    """

    key: str
    title: str
    alt: str
    series: tuple[str, ...]
    roles: tuple[Role, ...]
    rows: tuple[Divided, ...]

    def table(self) -> Table:
        """What is drawn."""
        return ("", *self.series), tuple((row.name, *row.values) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Field:
    """How a score is spread: a dot per organisation or a box, with the middle, and one's own.

    ``box`` are the quartiles, ``ends`` the extremes, each only where it may be shown.
    """

    name: str
    middle: NumberCell
    box: tuple[NumberCell, NumberCell] | None = None
    ends: tuple[NumberCell, NumberCell] | None = None
    dots: tuple[float, ...] = ()
    own: NumberCell | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Distributions under each other, on one axis of 0 to 100.

    ``words`` name the middle, the quartiles, the extremes, a dot, and one's own.
    """

    key: str
    title: str
    alt: str
    words: tuple[str, str, str, str, str]
    fields: tuple[Field, ...]

    def table(self) -> Table:
        """What is drawn; dots in order, each in a cell of its own."""
        middle, box, ends, dot, own = self.words
        boxed = any(f.box for f in self.fields)
        ended = any(f.ends for f in self.fields)
        owned = any(f.own for f in self.fields)
        most = max((len(f.dots) for f in self.fields), default=0)
        headers = ["", middle, *([f"{box} 1", f"{box} 2"] if boxed else ())]
        headers += [f"{ends} 1", f"{ends} 2"] if ended else []
        headers += [own] if owned else []
        headers += [f"{dot} {n}" for n in range(1, most + 1)]
        none = NumberCell(None, "percent", "")
        rows = []
        for f in self.fields:
            row: list[Cell] = [f.name, f.middle, *((f.box or (none, none)) if boxed else ())]
            row += (f.ends or (none, none)) if ended else ()
            row += [f.own or none] if owned else []
            row += [NumberCell(value, "percent") for value in f.dots]
            row += [none] * (most - len(f.dots))
            rows.append(tuple(row))
        return tuple(headers), tuple(rows)


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of a heat map: its value, or words, and a small note (how many)."""

    value: NumberCell
    note: str = ""


@dataclass(frozen=True, slots=True)
class Warm:
    """A row of a heat map."""

    name: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """Rows by columns, coloured by value on a scale of 0 to 100."""

    key: str
    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[Warm, ...]

    def table(self) -> Table:
        """What is drawn."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (row.name, *(square.value for square in row.squares)) for row in self.rows
        )
        return ("", *self.columns), rows


@dataclass(frozen=True, slots=True)
class Slope:
    """Two moments: a line for everyone, and one for the middles of both."""

    key: str
    title: str
    alt: str
    moments: tuple[str, str]
    lines: tuple[tuple[float, float], ...]
    middle: tuple[NumberCell, NumberCell]
    words: tuple[str, str]
    """Names of a line, and of the middle."""

    def table(self) -> Table:
        """What is drawn."""
        one, middle = self.words
        rows: list[tuple[Cell, ...]] = [(middle, *self.middle)]
        rows += [
            (f"{one} {n}", NumberCell(before, "percent"), NumberCell(after, "percent"))
            for n, (before, after) in enumerate(self.lines, 1)
        ]
        return ("", *self.moments), tuple(rows)
