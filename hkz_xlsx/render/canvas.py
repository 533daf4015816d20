"""A drawing of rows that is made from top to bottom: names beside or above them, legend, axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.drawing import (
    INK,
    Anchor,
    Box,
    Dot,
    Drawing,
    Shape,
    Stroke,
    Words,
    beside_words,
    line_height,
    text_width,
    wrapped,
)
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import Lang

SIZE = 12.0
LINE = line_height(SIZE)
_SWATCH = 16.0


def moved(shape: Shape, x: float, y: float) -> Shape:
    """A shape at another place.

    Args:
        shape: it stays as it is; a copy is given.
        x: how much further to the right.
        y: how much further down.
    """
    if isinstance(shape, Stroke):
        return replace(shape, points=tuple((a + x, b + y) for a, b in shape.points))
    return replace(shape, x=shape.x + x, y=shape.y + y)


@dataclass
class Canvas:
    """``y`` is where the drawing goes on; ``names`` is the room for names to the left."""

    palette: Palette
    lang: Lang
    width: float
    names: float
    y: float = 4.0
    shapes: list[Shape] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        """Names stand above what they name."""
        return not self.names

    def add(self, *shapes: Shape) -> None:
        """Shapes, the lowest first."""
        self.shapes += shapes

    def text(self, x: float, y: float, value: str, anchor: Anchor = "start", color: str = INK,
             *, bold: bool = False) -> None:  # fmt: skip
        """A line of words; where the drawing goes on stays the same.

        Args:
            x: where it begins, ends or has its middle, as ``anchor`` says.
            y: the line that the letters stand on.
            value: the words; nothing is broken.
            anchor: which part stands at ``x``.
            color: as ``#RRGGBB``.
            bold: heavy letters.
        """
        self.shapes.append(Words(x, y, value, SIZE, anchor, color, bold))

    def name(self, text: str, height: float) -> float:
        """A name in full, beside or above a row of that height; gives where the row begins.

        Goes down to where the next row can begin.
        """
        lines = wrapped(clean(text), SIZE, self.width if self.narrow else self.names - 12)
        tall = LINE * len(lines)
        top = self.y
        if self.narrow:
            start, row = top, top + tall + 3
            end = row + height
        else:
            both = max(tall, height)
            start, row, end = top + (both - tall) / 2, top + (both - height) / 2, top + both
        for number, line in enumerate(lines):
            self.text(0, start + number * LINE + SIZE - 1, line)
        self.y = end + (12 if self.narrow else 9)
        return row

    def legend(self, entries: Sequence[tuple[str, Shape]]) -> None:
        """Names of colours and shapes, in as many lines as they need.

        Every shape is made as if at 0,0, some 16 wide and 12 high.
        """
        x = left = self.names
        for name, shape in entries:
            lines = wrapped(clean(name), SIZE, self.width - left - _SWATCH - 8)
            wide = _SWATCH + 6 + max(text_width(line, SIZE) for line in lines)
            if x > left and x + wide > self.width:
                x = left
                self.y += LINE + 2
            self.add(moved(shape, x, self.y))
            for number, line in enumerate(lines):
                self.text(x + _SWATCH + 6, self.y + number * LINE + SIZE - 2, line)
            self.y += LINE * (len(lines) - 1)
            x += wide + 14
        self.y += LINE + 8

    def axis(self, top: float, left: float, right: float) -> None:
        """Lines for percentages from ``top`` to here, below everything, with numbers under them.

        Args:
            top: where the bars begin.
            left: where 0 stands.
            right: where 100 stands. On a narrow sheet there is no 25 and 75.
        """
        steps = (0, 50, 100) if self.narrow else (0, 25, 50, 75, 100)
        lines: list[Stroke] = []
        for step in steps:
            x = left + (right - left) * step / 100
            line = ((x, top - 4), (x, self.y - 2))
            lines.append(Stroke(line, self.palette.line, 0.6 if step else 1))
            self.text(x, self.y + SIZE, f"{step}", "middle", self.palette.grey_text)
        told = [shape for shape in self.shapes if isinstance(shape, Words)]
        self.shapes[:0] = [piece for line in lines for piece in beside_words(line, told)]
        self.y += LINE + 4

    def drawing(self) -> Drawing:
        """What was made."""
        return Drawing(self.width, self.y + 2, self.shapes)


def swatch(color: str, edge: str = "") -> Box:
    """A square of a colour for a legend."""
    return Box(0, 0, 12, 12, color, edge)


def bullet(radius: float, color: str) -> Dot:
    """A dot for a legend."""
    return Dot(8, 6, radius, color)
