"""What hangs on the cells of an OpenDocument sheet: drawings, links, footnotes, page texts.

A drawing stands inside the cell that it is anchored to (ODF 1.2 part 1, 9.4), and its text in
paragraphs as the text of the cell does. So this takes from the stream what is no value.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.spreadsheet.container import Package
from hkz_xlsx.spreadsheet.drawings import chart_title
from hkz_xlsx.spreadsheet.grid import Attached, AttachedKind, Spot
from hkz_xlsx.spreadsheet.pages import plain
from hkz_xlsx.spreadsheet.safe_xml import parse_xml

_N = "urn:oasis:names:tc:opendocument:xmlns:"
_DRAW, _TEXT, _FORM, _STYLE = (
    f"{_N}drawing:1.0 ",
    f"{_N}text:1.0 ",
    f"{_N}form:1.0 ",
    f"{_N}style:1.0 ",
)
_3D, _SVG = f"{_N}dr3d:1.0 ", f"{_N}svg-compatible:1.0 "
_HREF = "http://www.w3.org/1999/xlink href"
_INSIDE = frozenset(
    {"image", "object", "object-ole", "plugin", "text-box", "applet", "floating-frame"}
)
"""What a frame holds; every other element that draws is a drawing by itself."""

_PARTS = frozenset({
    "enhanced-geometry", "equation", "handle", "glue-point", "image-map", "area-rectangle",
    "area-circle", "area-polygon", "param", "contour-polygon", "contour-path", "g", "a", "layer",
    "layer-set",
})  # fmt: skip
"""Elements of the same family that are part of a drawing, or hold drawings."""

_FIELDS = frozenset({
    "page-number", "page-count", "sheet-name", "date", "time", "file-name", "title",
    "page-variable-get",
})  # fmt: skip

_PAGE_PLACES = frozenset({
    "header", "header-left", "header-first", "footer", "footer-left", "footer-first",
})  # fmt: skip
_CHART = b"<office:chart"


@dataclass(slots=True)
class _Drawing:
    name: str = ""
    kind: AttachedKind = "shape"
    href: str = ""
    lines: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    control: str = ""


class OdfAttached:
    """Follows the stream of a sheet; ``depth`` is above 0 inside what hangs on it."""

    def __init__(self) -> None:
        self.found: list[Attached] = []
        self.depth = 0
        self._at: Spot | None = None
        self._open: list[_Drawing] = []
        self._note: list[str] | None = None
        self._about = False
        self._links: list[str] = []
        self._controls: dict[str, str] = {}

    def start(
        self, name: str, attributes: Mapping[str, str], at: Spot | None, *, value: bool
    ) -> bool:
        """An element begins.

        Args:
            name: with its namespace.
            attributes: its attributes.
            at: the cell it stands in, None outside cells.
            value: whether it stands in the text of a cell, not in a comment.

        Returns:
            whether it belongs to something that hangs on the sheet.
        """
        tag = name.partition(" ")[2]
        if not self.depth:
            aside = value and name in (f"{_TEXT}note", f"{_TEXT}ruby-text")
            if not (aside or name.startswith((_DRAW, _3D))):
                if value and name == f"{_TEXT}a":
                    self._add(Attached("link", at, attributes.get(_HREF, "")))
                elif name.startswith(_FORM):
                    self._control(tag, attributes)
                return False
            self._at = at
            self._note = [] if name == f"{_TEXT}note" else None
        self.depth += 1
        self._within(name, tag, attributes)
        return True

    def _within(self, name: str, tag: str, attributes: Mapping[str, str]) -> None:
        lines = self._lines
        if name == f"{_TEXT}p":
            lines.append("")
        elif name in (f"{_TEXT}line-break", f"{_TEXT}tab", f"{_TEXT}s") and lines:
            lines[-1] += "\n" if tag == "line-break" else " "
        elif name in (f"{_SVG}title", f"{_SVG}desc") and self._open:
            self._about = True
            self._open[-1].about.append("")
        elif name in (f"{_DRAW}a", f"{_TEXT}a"):
            self._links.append(attributes.get(_HREF, ""))
        elif name.startswith(_DRAW) and tag in _INSIDE:
            self._holds(tag, attributes.get(_HREF, ""))
        elif _is_drawing(name, tag):
            drawing = _Drawing(attributes.get(f"{_DRAW}name", ""))
            drawing.control = attributes.get(f"{_DRAW}control", "")
            self._open.append(drawing)

    @property
    def _lines(self) -> list[str]:
        return self._open[-1].lines if self._open else self._note if self._note is not None else []

    def _holds(self, tag: str, href: str) -> None:
        """What a frame holds: a file in the file goes before the picture that shows it."""
        now = self._open[-1] if self._open else None
        if now is None or tag == "text-box":
            return
        if tag != "image":
            now.kind, now.href = "object", href
        elif now.kind == "shape":
            now.kind, now.href = "picture", href

    def text(self, text: str) -> None:
        """Characters inside something that hangs on the sheet."""
        lines = self._open[-1].about if self._about and self._open else self._lines
        if lines:
            lines[-1] += text

    def end(self, name: str) -> bool:
        """An element ends; whether it belonged to something that hangs on the sheet."""
        if not self.depth:
            return False
        self.depth -= 1
        if name in (f"{_SVG}title", f"{_SVG}desc"):
            self._about = False
        elif name == f"{_TEXT}note" and self._note is not None and not self.depth:
            self._add(Attached("footnote", self._at, "\n".join(self._note).strip()))
        elif _is_drawing(name, name.partition(" ")[2]) and self._open:
            self._close(self._open.pop())
        if not self.depth:
            self._links.clear()
        return True

    def _close(self, now: _Drawing) -> None:
        text, name, kind = "\n".join(now.lines).strip(), now.name, now.kind
        if now.control:
            kind, text = "object", self._controls.get(now.control, text)
        if kind == "picture" and (file := posixpath.basename(now.href)):
            name = f"{name} ({file})"
        about = " – ".join(filter(None, (name, *map(str.strip, now.about))))
        text = "\n".join(filter(None, (text, *self._links)))
        self._links.clear()
        href = now.href if kind == "object" else ""
        self._add(_Embedded(kind, self._at, text, about, href))

    def _add(self, one: Attached) -> None:
        if len(self.found) <= LIMITS.attached:
            self.found.append(one)

    def _control(self, tag: str, attributes: Mapping[str, str]) -> None:
        key = next((v for k, v in attributes.items() if k.endswith(" id")), "")
        if not key or len(self._controls) > LIMITS.attached:
            return
        label = attributes.get(f"{_FORM}label", "") or attributes.get(f"{_FORM}name", "")
        if tag in ("checkbox", "radio"):
            state = attributes.get(f"{_FORM}current-state", attributes.get(f"{_FORM}state", ""))
            chosen = attributes.get(f"{_FORM}current-selected") == "true"
            label = f"{'☑' if chosen or state == 'checked' else '☐'} {label}"
        said = attributes.get(f"{_FORM}current-value", "")
        self._controls[key] = "\n".join(filter(None, (label, said)))


def _is_drawing(name: str, tag: str) -> bool:
    if name.startswith(_3D):
        return tag == "scene"
    return name.startswith(_DRAW) and tag not in _INSIDE and tag not in _PARTS


@dataclass(frozen=True, slots=True)
class _Embedded(Attached):
    """A drawing; ``href`` is the file in the file that it shows, not looked into yet."""

    href: str = ""


def settled(package: Package, found: Sequence[Attached]) -> tuple[list[Attached], list[str]]:
    """What was found, with the titles of charts; and the parts that cannot be read."""
    result: list[Attached] = []
    unread = ["content.xml"] if len(found) > LIMITS.attached else []
    for one in found[: LIMITS.attached]:
        if not isinstance(one, _Embedded):
            result.append(one)
            continue
        plain_one = Attached(one.kind, one.at, one.text, one.name)
        part = posixpath.normpath(posixpath.join(one.href, "content.xml"))
        if one.href and package.has(part):
            data = package.part(part)
            try:
                if _CHART in data:
                    title = chart_title(data, part)
                    plain_one = Attached("chart", one.at, title, one.name)
            except RefusedError as fault:
                if fault.code == "FILE_DOCTYPE":
                    raise
                unread.append(part)
        result.append(plain_one)
    return result, unread


class _Pages:
    """Expat's callbacks over the styles: words in headers and footers by master page."""

    def __init__(self) -> None:
        self.found: dict[str, list[Attached]] = {}
        self.master = ""
        self.where: list[str] = []
        self.skipped = 0
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.partition(" ")[2]
        if self.skipped:
            self.skipped += 1
        elif name == f"{_STYLE}master-page":
            self.master = attributes.get(f"{_STYLE}name", "")
        elif name.startswith(_STYLE) and tag in _PAGE_PLACES:
            if attributes.get(f"{_STYLE}display") == "false":
                self.skipped = 1
            else:
                self.where.append(tag)
        elif self.where:
            self._within(name, tag)

    def _within(self, name: str, tag: str) -> None:
        if name.startswith(_TEXT) and tag in _FIELDS:
            self.skipped = 1
        elif name.startswith(_TEXT) and tag in ("p", "s", "tab", "line-break"):
            self.pieces.append(" ")
        elif name == f"{_DRAW}image":
            self._keep(Attached("picture", None, "", self.where[-1]))

    def end(self, name: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif self.where and name.startswith(_STYLE):
            # The regions of a header: left, middle, right.
            if words := plain("".join(self.pieces)):
                self._keep(Attached("page", None, words, self.where[-1]))
            self.pieces.clear()
            if name.partition(" ")[2] == self.where[-1]:
                self.where.pop()

    def _keep(self, one: Attached) -> None:
        texts = self.found.setdefault(self.master, [])
        if one not in texts and len(texts) < LIMITS.attached:
            texts.append(one)

    def text(self, text: str) -> None:
        if self.where and not self.skipped:
            self.pieces.append(text)


def page_texts(data: bytes) -> dict[str, tuple[Attached, ...]]:
    """Texts of headers and footers by master page.

    Raises:
        RefusedError: not well-formed, or a DOCTYPE.
    """
    pages = _Pages()
    parse_xml(data, "styles.xml", pages.start, pages.end, pages.text)
    return {name: tuple(texts) for name, texts in pages.found.items()}
