"""What a drawing is made of: shapes and words with their places, as data; and one way to SVG.

Words are measured, so that none is cut, none lies on another, and all are inside the drawing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from hkz_xlsx.layout.heights import text_pixels
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import Lang

SIZE, LINE = 13.0, 16.0
"""Size of letters and height of a line, in units of the drawing."""

WIDE, NARROW = 860.0, 340.0
"""Width of a drawing on paper or a desk, and on a telephone."""

_WIDER = 1.13
"""Other fonts than the one that was measured (Arial, Segoe UI) are wider by so much."""

_POINTS = 0.75
INK = "#1a1a1a"
_BLANK = re.compile(r"[ \n\t]+")

Anchor = Literal["start", "middle", "end"]


def width_of(text: str, size: float = SIZE) -> float:
    """Width of a text in one line, on the safe side."""
    return text_pixels(text, size * _POINTS) * _WIDER


def wrapped(text: str, room: float, size: float = SIZE) -> list[str]:
    """Lines of a text that fit in ``room``; a word that is longer than a line is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size) > room and len(line) > 1:
            fits = len(line) - 1
            while fits > 1 and width_of(line[:fits], size) > room:
                fits -= 1
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``line`` is the colour around it."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``y`` is where the letters stand on."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    color: str = INK
    bold: bool = False
    size: float = SIZE

    @property
    def left(self) -> float:
        """Where it begins."""
        back = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return self.x - back * self.width

    @property
    def width(self) -> float:
        """How much room it takes."""
        return width_of(self.text, self.size)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc; ``line`` is the colour around it."""

    x: float
    y: float
    radius: float
    fill: str
    line: str = ""


Mark = Box | Words | Stroke | Dot


@dataclass
class Canvas:
    """A drawing that is being made, from top to bottom: ``y`` is where it goes on."""

    palette: Palette
    lang: Lang
    width: float = WIDE
    shown: Callable[[str], str] = clean
    """Turns a text into what the font of the drawing can show."""
    y: float = 4.0
    marks: list[Mark] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        """Names stand above what they name."""
        return self.width < WIDE

    @property
    def names(self) -> float:
        """Room for names to the left."""
        return 0.0 if self.narrow else 330.0

    def add(self, *marks: Mark) -> None:
        """Shapes, the lowest first."""
        self.marks += marks

    def text(self, x: float, y: float, value: str, anchor: Anchor = "start", color: str = INK,
             *, bold: bool = False) -> Words:  # fmt: skip
        """Words on the drawing."""
        found = Words(x, y, value, anchor, color, bold)
        self.marks.append(found)
        return found

    def name(self, text: str, height: float) -> float:
        """A name in full, beside or above a row of that height; gives where the row begins.

        Goes down to where the next row can begin.
        """
        room = self.width if self.narrow else self.names - 12
        lines = wrapped(self.shown(_BLANK.sub(" ", clean(text)).strip(" ")), room)
        tall = LINE * len(lines)
        top = self.y
        if self.narrow:
            start, row, end = top, top + tall + 3, top + tall + 3 + height
        else:
            both = max(tall, height)
            start, row, end = top + (both - tall) / 2, top + (both - height) / 2, top + both
        for number, line in enumerate(lines):
            self.text(0, start + number * LINE + SIZE - 1, line)
        self.y = end + (12 if self.narrow else 9)
        return row

    def legend(self, entries: list[tuple[str, Mark]]) -> None:
        """Names of colours and shapes, in as many lines as they need.

        Every mark is drawn as if at 0,0; it stands 16 wide before its name.
        """
        x = left = self.names
        self.y += 2
        for name, mark in entries:
            lines = wrapped(self.shown(clean(name)), self.width - left - 24)
            wide = 22 + max(width_of(line) for line in lines) + 14
            if x > left and x + wide - 14 > self.width:
                x = left
                self.y += LINE + 2
            self.add(moved(mark, x, self.y))
            for number, line in enumerate(lines):
                self.text(x + 22, self.y + number * LINE + SIZE - 2, line)
            self.y += LINE * (len(lines) - 1)
            x += wide
        self.y += LINE + 8

    def axis(self, top: float, left: float, right: float, unit: str) -> None:
        """Lines at 0, 25, 50, 75 and 100 from ``top`` to here, below everything, with numbers."""
        steps = (0, 50, 100) if self.narrow else (0, 25, 50, 75, 100)
        lines: list[Mark] = []
        for step in steps:
            x = left + (right - left) * step / 100
            lines.append(Stroke(x, top, x, self.y, self.palette.line, 1.0 if step else 1.4))
            self.text(x, self.y + SIZE, unit.format(step), "middle", self.palette.grey_text)
        self.marks[:0] = lines
        self.y += LINE + 4

    def svg(self, alt: str, font: str = "inherit") -> Markup:
        """One labelled picture for screen readers."""
        size = (f"{self.width:.0f}", f"{self.y + 2:.0f}")
        head = Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" '
            'role="img" aria-label="{}" font-family="{}" font-size="{:g}" fill="{}">'
        ).format(*size, *size, clean(alt), font, SIZE, INK)
        return head + Markup("").join(_svg(mark) for mark in self.marks) + Markup("</svg>")


def moved(mark: Mark, x: float, y: float) -> Mark:
    """A mark so much further to the right and down."""
    match mark:
        case Box():
            return Box(mark.x + x, mark.y + y, mark.width, mark.height, mark.fill, mark.line)
        case Words():
            return Words(mark.x + x, mark.y + y, mark.text, mark.anchor, mark.color, mark.bold)
        case Stroke():
            places = (mark.x1 + x, mark.y1 + y, mark.x2 + x, mark.y2 + y)
            return Stroke(*places, mark.color, mark.width)
        case Dot():
            return Dot(mark.x + x, mark.y + y, mark.radius, mark.fill, mark.line)


def _places(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.1f}".removesuffix(".0") for value in values)


def _svg(mark: Mark) -> Markup:
    match mark:
        case Box():
            around = Markup(' stroke="{}"').format(mark.line) if mark.line else ""
            places = _places(mark.x, mark.y, mark.width, mark.height)
            shape = '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>'
            return Markup(shape).format(*places, mark.fill, around)  # noqa: S704 - shapes of our own
        case Words():
            more = "" if mark.anchor == "start" else Markup(' text-anchor="{}"').format(mark.anchor)
            more += Markup(' font-weight="bold"') if mark.bold else ""
            more += "" if mark.color == INK else Markup(' fill="{}"').format(mark.color)
            more += "" if mark.size == SIZE else Markup(' font-size="{:g}"').format(mark.size)
            places = _places(mark.x, mark.y)
            return Markup('<text x="{}" y="{}"{}>{}</text>').format(*places, more, mark.text)
        case Stroke():
            places = _places(mark.x1, mark.y1, mark.x2, mark.y2)
            shape = '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{:g}"/>'
            return Markup(shape).format(*places, mark.color, mark.width)  # noqa: S704 - the same
        case Dot():
            around = Markup(' stroke="{}"').format(mark.line) if mark.line else ""
            places = _places(mark.x, mark.y, mark.radius)
            return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"{}/>').format(
                *places, mark.fill, around
            )


def on(color: str) -> str:
    """Ink that can be read on a colour: dark or white, whichever differs most."""
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))

    def linear(part: float) -> float:
        # As WCAG 2 defines relative luminance.
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004

    light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    return INK if (light + 0.05) / 0.06 > 1.05 / (light + 0.05) else "#ffffff"


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: ``share`` of the second."""
    parts = [
        round(int(one[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)
