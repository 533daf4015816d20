"""Drawings as data: shapes and words at their places, before they become SVG.

Widths of words come from the font that Word and PDF files are set in, so that a drawing knows
what fits before anybody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from markupsafe import Markup, escape

INK = "#1a1a1a"
_BLANK = re.compile(r"[ \t\n]+")
"""Where a line may end: not at a blank that keeps words together."""

_WIDTHS = {
    250: " \xa0'.,:;ijl|!Ijí",
    325: "()-[]`J/\\t{}·", 375: "rfsz°\"", 450: "FLSckvxy", 475: "?TYZaeg_",
    525: "#$*+0123456789<=>^~EPXKbdhnopquu", 600: "ABCRDGHV", 690: "NOQU&", 740: "%w…", 820: "m",
    880: "MW@",
}  # fmt: skip
_WIDTH_OF = {char: width / 1000 for width, chars in _WIDTHS.items() for char in chars}
_OTHER, _WIDE, _WIDE_FROM = 0.66, 1.0, 0x1100
_CLEAR, _SHORTEST = 1.5, 3.0
"""Room between words and a line that goes around them, and the shortest piece of such a line."""

_SAFE = 1.08
"""Readers without our font see one that is a little wider."""


def text_width(text: str, size: float) -> float:
    """How wide a text is at most, about: never less than it is in the font of the files."""
    em = sum(_WIDTH_OF.get(c, _OTHER if ord(c) < _WIDE_FROM else _WIDE) for c in text)
    return em * size * _SAFE


def wrapped(text: str, size: float, room: float) -> tuple[str, ...]:
    """A text in lines that fit; a word that is too long is broken, nothing is left out.

    Args:
        text: what is written; blanks around it are left out.
        size: of the letters, in the units of the drawing.
        room: width of the longest line, in the same units.

    Returns:
        at least one line, empty for an empty text.
    """
    lines: list[str] = []
    line = ""
    for word in _BLANK.split(text.strip()):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size) > room and len(line) > 1:
            fits = max(1, int(len(line) * room / text_width(line, size)))
            lines.append(line[:fits])
            line = line[fits:]
    return (*lines, line) if line or not lines else tuple(lines)


Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; ``x`` is its beginning, middle or end, ``y`` the line it stands on."""

    x: float
    y: float
    text: str
    size: float = 12
    anchor: Anchor = "start"
    color: str = INK
    bold: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        width = text_width(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - 0.75 * self.size, left + width, self.y + 0.22 * self.size

    def svg(self) -> str:
        """As a tag."""
        weight = ' font-weight="700"' if self.bold else ""
        anchor = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        return (
            f'<text x="{self.x:.1f}" y="{self.y:.1f}" font-size="{self.size:g}" '
            f'fill="{self.color}"{anchor}{weight}>{escape(self.text)}</text>'
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, with a border where ``edge`` is a colour."""

    x: float
    y: float
    width: float
    height: float
    color: str
    edge: str = ""

    def svg(self) -> str:
        """As a tag."""
        edge = f' stroke="{self.edge}"' if self.edge else ""
        return (
            f'<rect x="{self.x:.1f}" y="{self.y:.1f}" width="{max(0.0, self.width):.1f}" '
            f'height="{self.height:.1f}" fill="{self.color}"{edge}/>'
        )


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    color: str
    width: float = 1
    dashed: bool = False

    def svg(self) -> str:
        """As a tag."""
        dash = ' stroke-dasharray="4 3"' if self.dashed else ""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)
        return (
            f'<polyline points="{places}" fill="none" stroke="{self.color}" '
            f'stroke-width="{self.width:g}"{dash}/>'
        )


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle."""

    x: float
    y: float
    radius: float
    color: str

    def svg(self) -> str:
        """As a tag."""
        place = f'cx="{self.x:.1f}" cy="{self.y:.1f}"'
        return f'<circle {place} r="{self.radius:g}" fill="{self.color}"/>'


Shape = Words | Box | Stroke | Dot


def _gaps(
    one: float, other: float, taken: Iterable[tuple[float, float]]
) -> list[tuple[float, float]]:
    """What is left of a stretch beside those that are taken."""
    found, at = [], one
    for begin, end in sorted(taken):
        if begin - at >= _SHORTEST:
            found.append((at, begin))
        at = max(at, end)
    return [*found, (at, other)] if other - at >= _SHORTEST else found


def beside_words(line: Stroke, words: Iterable[Words]) -> list[Stroke]:
    """A line straight down or across, in pieces that go through no words.

    Args:
        line: of two points, the left or upper one first.
        words: that it goes around; those that it does not touch change nothing.
    """
    (left, top), (right, bottom) = line.points
    down = left == right
    taken = []
    for one in words:
        x, y, end, low = one.box
        if down and x - _CLEAR < left < end + _CLEAR:
            taken.append((y - _CLEAR, low + _CLEAR))
        elif not down and y - _CLEAR < top < low + _CLEAR:
            taken.append((x - _CLEAR, end + _CLEAR))
    if down:
        pieces = [((left, a), (left, b)) for a, b in _gaps(top, bottom, taken)]
    else:
        pieces = [((a, top), (b, top)) for a, b in _gaps(left, right, taken)]
    return [replace(line, points=points) for points in pieces]


@dataclass(slots=True)
class Drawing:
    """Shapes in the order in which they are drawn, on a sheet so wide and high."""

    width: float
    height: float = 0
    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """More shapes, on top."""
        self.shapes += shapes

    def under(self, *lines: Stroke) -> None:
        """Lines below everything, around words."""
        told = self.words()
        self.shapes[:0] = [piece for line in lines for piece in beside_words(line, told)]

    def words(self) -> Sequence[Words]:
        """Every line of text."""
        return [shape for shape in self.shapes if isinstance(shape, Words)]

    def lines(
        self, texts: Iterable[str], x: float, y: float, size: float, anchor: Anchor = "start"
    ) -> None:
        """Lines of text under each other.

        Args:
            texts: a line each; what does not fit is not broken here.
            x: where every line begins, ends or has its middle, as ``anchor`` says.
            y: the line that the first stands on.
            size: of the letters; lines are `line_height` apart.
            anchor: which part of a line stands at ``x``.
        """
        for number, text in enumerate(texts):
            self.add(Words(x, y + number * line_height(size), text, size, anchor))

    def svg(self, alt: str, font: str, shown: Callable[[str], str]) -> Markup:
        """As a picture with a name for screen readers.

        Args:
            alt: that name; escaped here.
            font: family, as CSS writes it.
            shown: turns a text into what the font of the picture can show.
        """
        size = f"{self.width:g} {self.height:g}"
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{self.width:g}" '
            f'height="{self.height:g}" role="img" aria-label="{escape(alt)}" '
            f'font-family="{escape(font)}">'
        ]
        for shape in self.shapes:
            if isinstance(shape, Words) and (fit := shown(shape.text)) != shape.text:
                parts.append(replace(shape, text=fit).svg())
            else:
                parts.append(shape.svg())
        # Numbers and colours of ours, and texts that were escaped.
        return Markup("".join(parts) + "</svg>")  # noqa: S704 - escaped above


def legend(
    drawing: Drawing,
    entries: Sequence[tuple[str, str]],
    edge: str,
    size: float,
    *,
    target: str = "",
) -> float:
    """Colours with their names, in as many lines as it takes, from the top of a drawing.

    Args:
        drawing: what they are drawn on; its width decides where lines end.
        entries: colour and name; a white one gets an edge.
        edge: colour of that edge.
        size: of the letters.
        target: name of a dashed line; empty when there is none.

    Returns:
        where the next thing begins, from the top.
    """
    x, y = 0.0, 12.0
    for color, name in [*entries, *([("", target)] if target else [])]:
        wide = 18 + text_width(name, size) + 16
        if x and x + wide - 16 > drawing.width:
            x, y = 0.0, y + 18
        if color:
            drawing.add(Box(x, y - 10, 12, 12, color, edge if color == "#FFFFFF" else ""))
        else:
            drawing.add(Stroke(((x + 6, y - 12), (x + 6, y + 4)), INK, 1.5, dashed=True))
        drawing.add(Words(x + 18, y, name, size))
        x += wide
    return y + 12


def line_height(size: float) -> float:
    """From one line of text to the next."""
    return round(size * 1.22, 1)


def readable_on(color: str) -> str:
    """Black or white, whichever is read best on a colour."""
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    light = [((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return INK if (luminance + 0.05) / 0.0605 >= 1.05 / (luminance + 0.05) else "#ffffff"


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two.

    Args:
        one: as ``#RRGGBB``.
        other: likewise.
        share: of the other one, 0 to 1.
    """
    parts = [
        round(int(one[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)
