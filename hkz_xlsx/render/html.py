"""A report as one HTML file: no network, no script, every user text escaped."""

from __future__ import annotations

import base64
import re
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import charts
from hkz_xlsx.render.document import Block, Document, Picture, shown
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import messages


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
        finalize=lambda value: clean(value) if type(value) is str else value,
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


def page(document: Document, look: Look) -> str:
    """A document as a whole page."""
    lang = document.lang

    def picture(drawn: Picture, *, narrow: bool) -> Markup:
        return charts.svg(drawn, look.palette, lang, narrow=narrow)

    def kind(block: Block) -> str:
        return "picture" if isinstance(block, Picture) else type(block).__name__.lower()

    return template("document.html.j2").render(
        d=document,
        t=messages(lang),
        look=look,
        logo=logo_source(look),
        logo_alt=look.logo.alt.get(lang) if look.logo else "",
        picture=picture,
        shown=lambda cell: shown(cell, lang),
        kind=kind,
        css=css_value,
    )
