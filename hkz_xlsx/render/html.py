"""A report as one HTML file: no network, every user text escaped.

A report with points to improve has a small script of ours to search and filter them; the page is
complete without it, and the policy in its head lets no other script run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import charts
from hkz_xlsx.render.charts_on_pages import PAGE, on_pages, part_titles
from hkz_xlsx.render.columns import PAPER_MM, column_widths, least_width
from hkz_xlsx.render.document import (
    Block,
    Cards,
    Cell,
    Document,
    Fold,
    GridColumn,
    Picture,
    shown,
)
from hkz_xlsx.render.drawing import Drawing
from hkz_xlsx.render.together import HYPHENED, tied
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import Lang, messages


@cache
def template(name: str, room: str = "render") -> Template:
    """A page template of a room; everything put in it is escaped. Ours are there for all."""
    rooms = dict.fromkeys((room, "render"))
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("hkz_xlsx", f"{one}/pages") for one in rooms]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: tied(clean(value)) if type(value) is str else value,
    )
    return environment.get_template(name)


def logo_source(look: Look) -> str:
    """The logo as a data address, so that the file stands alone; empty without a logo."""
    if look.logo is None:
        return ""
    kind = "jpeg" if look.logo.suffix == "jpg" else "png"
    return f"data:image/{kind};base64,{base64.b64encode(look.logo.data).decode('ascii')}"


def css_value(value: str) -> Markup:
    """A colour or font name for the style sheet, where escaping does not work."""
    return Markup(re.sub(r"[^\w #-]", "", value, flags=re.ASCII))  # noqa: S704 - only harmless characters are left


_POINTS = 72 / 25.4
_HEAD, _WIDER, _BESIDE = 7.0, 1.12, 6.0
"""Headers of a table in points, how much wider other fonts are, and what cells keep free."""


class Script(NamedTuple):
    """A script of ours, and how the policy of the page knows it."""

    text: Markup
    digest: str


@cache
def find_script() -> Script:
    """Searches and filters the points to improve and the tables."""
    raw = (resources.files("hkz_xlsx") / "render" / "pages" / "find.js").read_text("utf-8")
    text = "\n".join(line.strip() for line in raw.splitlines())
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return Script(Markup(text), f"sha256-{digest}")  # noqa: S704 - a file of ours


def unbroken(header: str) -> Markup:
    """A header of which words with a hyphen stay on one line too."""
    return Markup(" ").join(
        Markup('<span class="whole">{}</span>').format(word) if "-" in word else word
        for word in clean(header).split(" ")
    )


def whole(text: str) -> str | Markup:
    """A text of which numbers of questions and days in figures stay on one line."""
    if "-" not in text or not HYPHENED.search(text):
        return text
    shown = tied(clean(text))
    found, at = Markup(""), 0
    for match in HYPHENED.finditer(shown):
        found += shown[at : match.start()]
        found += Markup('<span class="whole">{}</span>').format(match[0])
        at = match.end()
    return found + shown[at:]


_CHARACTER, _HEADER, _PADDING = 0.4, 0.84, 1.1
"""In rem: a character that a column asks for, the size of its header, and what it keeps free."""

_BROAD = {False: 63.0, True: 75.0}
"""Room in rem for a table, also within a fold; True where the page is broad."""


def needed(columns: Sequence[GridColumn], *, wide: bool) -> float:
    """Width in rem below which a table slides sideways.

    Args:
        columns: what they ask for counts up to the room of a page; words of headers always do.
        wide: the page is a broad one.
    """
    asked = min(_CHARACTER * sum(column.width for column in columns), _BROAD[wide])
    heads = sum(least_width(column, _HEADER * _WIDER) + _PADDING for column in columns)
    return max(asked, heads)


_ID = 14
"""Letters of what a row is called by: a number of a question, a year."""


def _short(cell: Cell) -> bool:
    return isinstance(cell, str) and 0 < len(cell) <= _ID and " " not in cell


class Drawings(NamedTuple):
    """A picture for a screen, for a telephone, and in parts where it is higher than a page."""

    desk: Markup
    phone: Markup
    paper: tuple[tuple[str, Markup], ...]


def drawings(picture: Picture, look: Look, lang: Lang, *, wide: bool) -> Drawings:
    """A picture for everything that a page is read on.

    Args:
        picture: what is drawn.
        look: its colours.
        lang: language of numbers and words.
        wide: paper lies on its side.
    """

    def shown(drawing: Drawing) -> Markup:
        return drawing.svg(clean(picture.alt), "inherit", clean)

    whole = charts.drawn(picture, look.palette, lang)
    high = whole.height > PAGE[wide]
    parts = on_pages(picture, look.palette, lang, wide=wide) if high else []
    narrow = charts.drawn(picture, look.palette, lang, charts.NARROW)
    titles = part_titles(picture.title, len(parts), lang)
    paper = tuple(zip(titles, map(shown, parts), strict=True)) if len(parts) > 1 else ()
    return Drawings(shown(whole), shown(narrow), paper)


def _searched(blocks: Sequence[Block]) -> bool:
    """Whether there is more than one point to improve to search among."""
    cards = sum(len(block.cards) for block in blocks if isinstance(block, Cards))
    folds = [block for block in blocks if isinstance(block, Fold)]
    return cards > 1 or any(_searched(fold.blocks) for fold in folds)


def page(document: Document, look: Look) -> str:
    """A document as a whole page."""
    lang = document.lang
    search = any(
        section.key == "gaps" and _searched(section.blocks) for section in document.sections
    )

    def picture(block: Picture) -> Drawings:
        return drawings(block, look, lang, wide=document.wide)

    def kind(block: Block) -> str:
        return "picture" if isinstance(block, Picture) else type(block).__name__.lower()

    def shares(columns: Sequence[GridColumn]) -> list[float]:
        """Percent of the page; a header is not broken on paper. Letters of a reader's own font
        may be wider than those of ours."""
        wide = PAPER_MM[document.wide] * _POINTS
        widths = column_widths(columns, wide, _HEAD * _WIDER, _BESIDE)
        return [100 * width / wide for width in widths]

    return template("document.html.j2").render(
        d=document,
        shares=shares,
        needed=lambda columns: needed(columns, wide=document.wide),
        unbroken=unbroken,
        whole=whole,
        short=_short,
        t=messages(lang),
        look=look,
        logo=logo_source(look),
        logo_alt=look.logo.alt.get(lang) if look.logo else "",
        picture=picture,
        shown=lambda cell: shown(cell, lang),
        kind=kind,
        css=css_value,
        script=find_script() if search else None,
    )
