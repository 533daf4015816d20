"""A report as a document: sections of blocks, the same for every format that people read.

Content is decided once, here and in ``content``; a renderer only dresses blocks. Texts are
plain: whatever a user typed is never markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, assert_never

from hkz_xlsx.render.numbers import Cell, Kind, NumberCell, shown
from hkz_xlsx.render.plots import Heat, Role, Slope, Spread, Stack, Table
from hkz_xlsx.text import Lang, messages, say

__all__ = [
    "Bar",
    "Block",
    "Card",
    "Cards",
    "Cell",
    "Chart",
    "Document",
    "Fact",
    "Facts",
    "Flat",
    "Fold",
    "Grid",
    "GridColumn",
    "Heading",
    "Heat",
    "Item",
    "Items",
    "Kind",
    "Lane",
    "Mark",
    "NumberCell",
    "Pair",
    "Paragraph",
    "Picture",
    "Role",
    "Section",
    "Slope",
    "Spread",
    "Stack",
    "Timeline",
    "Tone",
    "on_paper",
    "shown",
]

Tone = Literal["", "open", "low", "middle", "good"]
_SIGNS: Mapping[Tone, str] = MappingProxyType(
    {"": "", "open": "?", "low": "✗", "middle": "◐", "good": "✓"}
)


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a table; ``width`` in characters, relative to the others on paper."""

    header: str
    width: float
    kind: Kind = "text"

    @property
    def right(self) -> bool:
        """Numbers stand to the right."""
        return self.kind not in ("text", "date")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``look`` is text, strong (the score line), small or notice (a box).

    ``target`` is the key of a section that it leads to: an annex, on paper.
    """

    text: str
    look: Literal["text", "strong", "small", "notice"] = "text"
    target: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or word to see at once, with what it is above and a note below.

    ``tone`` says what the value means, for the look of it: open, low, middle or good.
    """

    label: str
    value: str
    note: str = ""
    tone: Tone = ""

    @property
    def sign(self) -> str:
        """The tone for those who see no colours."""
        return _SIGNS[self.tone]


@dataclass(frozen=True, slots=True)
class Facts:
    """A row of facts."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: a bold lead (an id), a badge (what it brings), text, and a grey tail."""

    lead: str
    text: str
    tail: str = ""
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two short lists beside each other, each with a heading."""

    left: str
    left_items: Items
    right: str
    right_items: Items

    @property
    def sides(self) -> tuple[tuple[str, Items], tuple[str, Items]]:
        """Both, each with its heading."""
        return (self.left, self.left_items), (self.right, self.right_items)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``title`` names it for those who cannot see it. ``key`` is stable.

    ``brief`` are the columns that Markdown shows; all when empty.
    """

    key: str
    title: str
    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    brief: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: a name and one number (0-100, or a count) per series."""

    name: str
    values: tuple[NumberCell, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of numbers that also stand in a table.

    ``kind`` says how: *bars*, one per series in every row; *bullet*, the second series inside the
    first, a mark at the third, and a line at the ``target``; *stacked*, the series one after the
    other, each as its share of the row; *lines*, a row per moment, at the days ``at``.

    ``most`` is the full width; ``roles`` give the series their colours.
    """

    key: str
    title: str
    alt: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    most: float = 100
    kind: Literal["bars", "bullet", "stacked", "lines"] = "bars"
    roles: tuple[Role, ...] = ("score", "substantiated")
    target: float | None = None
    target_name: str = ""
    at: tuple[float, ...] = ()

    def table(self) -> Table:
        """What is drawn."""
        return ("", *self.series), tuple((bar.name, *bar.values) for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day (a serial number)."""

    day: float
    role: Role


@dataclass(frozen=True, slots=True)
class Lane:
    """Somebody's marks in order of day."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes with marks, month by month; ``today`` is the reference date. The same stands in a
    table. ``legend`` names the roles."""

    key: str
    title: str
    alt: str
    lanes: tuple[Lane, ...]
    legend: tuple[tuple[Role, str], ...]
    today: float | None
    today_name: str


Picture = Chart | Timeline | Stack | Spread | Heat | Slope
"""What is drawn."""


_WHOLE, _LINE = 1_500, 80
"""Letters of a card that is never divided over two pages, and of a line."""


@dataclass(frozen=True, slots=True)
class Card:
    """A point to improve: lead (id), question, tags, labelled texts; for long content."""

    lead: str
    core: str
    text: str
    tags: tuple[str, ...]
    context: str
    fields: tuple[tuple[str, str], ...]

    @property
    def whole(self) -> bool:
        """It is never divided over two pages: it is not very long."""
        told = sum(len(text) + text.count("\n") * _LINE for _, text in self.fields)
        return len(self.text) + told < _WHOLE


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards under each other."""

    cards: tuple[Card, ...]


Flat = Paragraph | Heading | Facts | Items | Pair | Grid | Picture | Cards


@dataclass(frozen=True, slots=True)
class Fold:
    """A part that can be folded; closed ones go to an annex on paper."""

    title: str
    blocks: tuple[Flat, ...]
    open: bool


Block = Flat | Fold


def kind_of(block: Block) -> str:
    """What page templates call a block: a block without a name there is our mistake, told here."""
    match block:
        case Paragraph() | Heading() | Facts() | Items() | Pair() | Grid() | Cards() | Fold():
            return type(block).__name__.lower()
        case Chart() | Timeline() | Stack() | Spread() | Heat() | Slope():  # a drawing
            return "chart"
        case _:
            assert_never(block)


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading. ``long`` ones are folded on screen and an annex on paper.

    Without ``in_chat`` it is left out of Markdown: a register, sources.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    long: bool = False
    in_chat: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; the first section can stand alone on one page.

    ``wide`` ones have tables with many columns: paper lies on its side.
    """

    lang: Lang
    title: str
    subtitle: tuple[str, ...]
    cover: tuple[str, ...]
    sections: tuple[Section, ...]
    notices: tuple[str, ...]
    wide: bool = False

    def grids(self) -> Iterator[Grid]:
        """Every table."""
        for section in self.sections:
            for block in section.blocks:
                inner: Sequence[Flat] = block.blocks if isinstance(block, Fold) else (block,)
                yield from (b for b in inner if isinstance(b, Grid))


def first_page(document: Document) -> Document:
    """Only the first section, which can stand alone."""
    return replace(document, sections=document.sections[:1])


def _moved(document: Document, section: Section) -> tuple[Section | None, list[Section]]:
    """What stays in place, and what goes to the annex."""
    if section.long:
        return None, [section]
    stay: list[Block] = []
    annex: list[Section] = []
    for block in section.blocks:
        if isinstance(block, Fold) and not block.open:
            title = f"{section.title} – {block.title}"
            key = f"{section.key}-{len(annex) + 1}"
            annex.append(Section(key, title, block.blocks))
            note = say(document.lang, "report.in_annex", title=block.title)
            stay.append(Paragraph(note, "small", key))
        else:
            stay.append(block)
    return replace(section, blocks=tuple(stay)), annex


def on_paper(document: Document) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """Body and annexes, the latter with their letter; nothing is left out."""
    body: list[Section] = []
    annexes: list[Section] = []
    for section in document.sections:
        stays, moved = _moved(document, section)
        body += [stays] if stays else []
        annexes += moved
    word = messages(document.lang)("report.annex")
    lettered = tuple(
        replace(s, title=f"{word} {chr(ord('A') + n)} – {s.title}") for n, s in enumerate(annexes)
    )
    return tuple(body), lettered
