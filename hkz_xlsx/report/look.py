"""The consultant's look of a report. Stand-in with the names of ``layout/template.py``.

To be replaced by ``from hkz_xlsx.layout.template import Look, Logo`` when that is there; every
renderer imports the names from here, so this file is the only one to change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.text import Text


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture; width and height in pixels."""

    data: bytes
    suffix: Literal["png", "jpg"]
    alt: Text
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, name, contact lines, cover text, logo and the charts to show."""

    palette: Palette = field(default_factory=Palette)
    name: str = "standaard"
    adviser: str = ""
    contact: tuple[str, ...] = ()
    cover: Text = Text("", "")  # noqa: RUF009 - frozen
    logo: Logo | None = None
    charts: tuple[str, ...] = ("rubrieken", "themes", "status")


DEFAULT_LOOK = Look()
