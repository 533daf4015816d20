"""``templates/<name>/template.yaml`` to a `Look`: every mistake with file and line, all at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import MaxLen, MinLen

from hkz_xlsx.layout.style_template import EVERY_CHART, Logo, Look, OwnWord
from hkz_xlsx.layout.styles import ATTENTION_TEXT, CHECK_TEXT, Palette
from hkz_xlsx.norm.schema import typed
from hkz_xlsx.norm.yaml_nodes import YamlDocument, read_yaml
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem
from hkz_xlsx.text import Text

FILE = "template.yaml"
MAX_LOGO = 512 << 10
MAX_COVER = 120
"""Characters that fit the cover line of the Start sheet on paper."""

LEAST_CONTRAST = 4.5
"""Text on its background, WCAG 2.2 level AA (1.4.3)."""

LEAST_DISTANCE = 60
"""Between the two chart colours as a colour-blind person sees them, in steps of 0-255."""

_STRICT = {"extra": "forbid"}
_SUFFIX = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}

_Line = Annotated[str, MinLen(1), MaxLen(80)]


@dataclass(frozen=True, slots=True)
class _Logo:
    file: _Line
    alt: Text
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class _Adviser:
    name: _Line
    contact: Annotated[tuple[_Line, ...], MaxLen(4)] = ()
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class _Template:
    name: Text
    colours: dict[str, str]
    font: Annotated[str, MinLen(1), MaxLen(31)] = "Calibri"
    logo: _Logo | None = None
    adviser: _Adviser | None = None
    cover: Text = field(default_factory=lambda: Text("", ""))
    charts: tuple[Literal["rubrieken", "themes", "status", "gains", "timeline", "history"], ...] = (
        EVERY_CHART  # type: ignore[assignment]  # the same words
    )
    cover_page: bool = False
    word: _Line | None = None
    __pydantic_config__ = _STRICT


def templates_folder() -> Path:
    """Where the shipped templates are: in the wheel's data, or beside the package."""
    packaged = Path(str(resources.files("hkz_xlsx"))) / "_data" / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


def template_names() -> tuple[str, ...]:
    """The templates that come along."""
    return tuple(sorted(p.parent.name for p in templates_folder().glob(f"*/{FILE}")))


def _folder(name: str) -> Path:
    """A shipped name, a folder, or the template file itself."""
    if name in template_names():
        return templates_folder() / name
    path = Path(name)
    if path.name == FILE and path.is_file():
        return path.parent
    if (path / FILE).is_file():
        return path
    choices = ", ".join(template_names())
    raise HkzError(problem("TEMPLATE_UNKNOWN", Where(str(path)), name=name, choices=choices))


def load_template(name: str) -> Look:
    """A template by its shipped name or its path.

    Raises:
        HkzError: every mistake in the file, each with its line.
    """
    folder = _folder(name)
    shown = f"{folder.name}/{FILE}"
    problems: list[Problem] = []
    document = read_yaml(folder / FILE, shown, problems)
    found = typed(document, _Template, problems) if document is not None else None
    if document is None or found is None:
        raise HkzError(*problems)
    palette = _palette(document, found, problems)
    logo = _logo(document, found.logo, folder, problems) if found.logo is not None else None
    for lang, text in (("nl", found.cover.nl), ("en", found.cover.en)):
        if len(text) > MAX_COVER:
            where = document.where("cover", lang)
            slots = {"length": len(text), "limit": MAX_COVER}
            problems.append(problem("TEMPLATE_TEXT_LONG", where, **slots))
    word = _word(document, found.word, folder, problems) if found.word is not None else None
    if has_errors(problems):
        raise HkzError(*problems)
    adviser = found.adviser or _Adviser("-")
    return Look(
        name=folder.name,
        palette=palette,
        adviser=adviser.name if found.adviser else "",
        contact=adviser.contact,
        cover=found.cover,
        logo=logo,
        charts=found.charts,
        cover_page=found.cover_page,
        word=word,
    )


def _palette(document: YamlDocument, found: _Template, problems: list[Problem]) -> Palette:
    names = {f.name for f in fields(Palette)} - {"font"}
    usable: dict[str, str] = {}
    for key, value in found.colours.items():
        where = document.where("colours", key)
        if key not in names:
            choices = ", ".join(sorted(names))
            problems.append(problem("TEMPLATE_COLOUR_NAME", where, name=key, choices=choices))
        elif not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
            problems.append(problem("TEMPLATE_COLOUR", where, name=key, value=value))
        else:
            usable[key] = value.upper()
    palette = Palette(**usable, font=found.font)
    problems.extend(_contrasts(document, palette))
    return palette


def _contrasts(document: YamlDocument, p: Palette) -> Iterator[Problem]:
    """Text must be readable everywhere the styles put it, also for colour-blind people."""
    white, black = "#FFFFFF", "#000000"
    pairs = (
        ("dark", white, p.dark), ("dark", p.dark, p.soft), ("dark", p.dark, p.good),
        ("accent", p.accent, white), ("grey_text", p.grey_text, white),
        ("input_fill", black, p.input_fill), ("attention", ATTENTION_TEXT, p.attention),
        ("input_fill", CHECK_TEXT, p.input_fill), ("bar", black, p.bar),
    )  # fmt: skip
    for name, text, background in pairs:
        ratio = contrast(text, background)
        if ratio < LEAST_CONTRAST:
            slots = {"text": text, "background": background, "ratio": f"{ratio:.1f}"}
            yield problem("TEMPLATE_CONTRAST", document.where("colours", name), **slots)
    for matrix in _BLIND:
        if _distance(_seen(p.accent, matrix), _seen(p.second, matrix)) < LEAST_DISTANCE:
            where = document.where("colours", "second")
            yield problem("TEMPLATE_SERIES", where, first=p.accent, second=p.second)
            return


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return float(red), float(green), float(blue)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        linear = [
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG
            for v in (channel / 255 for channel in _channels(colour))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# Protanopia and deuteranopia at full strength: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), table 1.
_BLIND = (
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
     (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
     (-0.011820, 0.042940, 0.968881)),
)  # fmt: skip


def _seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    rgb = _channels(colour)
    return tuple(sum(w * c for w, c in zip(row, rgb, strict=True)) for row in matrix)


def _distance(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    return math.dist(first, second)


def _size(path: Path) -> tuple[int, int]:
    """Width and height of a picture in pixels; below 1 when it has none."""
    import imagesize  # imported late: it loads the library for web addresses

    width, height = imagesize.get(str(path))
    return int(width), int(height)


def _logo(
    document: YamlDocument, wanted: _Logo, folder: Path, problems: list[Problem]
) -> Logo | None:
    where = document.where("logo", "file")
    path = folder / wanted.file
    # A template of a stranger reads nothing outside its own folder.
    inside = Path(wanted.file).name == wanted.file
    data = path.read_bytes() if inside and path.is_file() else b""
    suffix = next((s for mark, s in _SUFFIX.items() if data.startswith(mark)), "")
    width, height = _size(path) if suffix else (0, 0)
    if not suffix or len(data) > MAX_LOGO or width < 1 or height < 1:
        problems.append(problem("TEMPLATE_LOGO", where, file=wanted.file))
        return None
    return Logo(data, suffix, wanted.alt, width, height)


def _word(
    document: YamlDocument, wanted: str, folder: Path, problems: list[Problem]
) -> OwnWord | None:
    """The Word file of a template; what stands in it is looked at when it is used."""
    path = folder / wanted
    inside = Path(wanted).name == wanted and path.suffix.lower() == ".docx"
    if not inside or not path.is_file():
        problems.append(problem("TEMPLATE_WORD", document.where("word"), file=wanted))
        return None
    return OwnWord(f"{folder.name}/{wanted}", path.read_bytes())
