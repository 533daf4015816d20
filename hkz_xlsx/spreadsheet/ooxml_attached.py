"""What hangs on the cells of an Open XML sheet: comments, links, drawings, controls, page texts.

A part of these that cannot be read costs itself only: it is named, and the answers are read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.spreadsheet.cells import place, plain_text
from hkz_xlsx.spreadsheet.container import Package
from hkz_xlsx.spreadsheet.drawings import Drawn, chart_title, diagram_text, drawn, drawn_in_vml
from hkz_xlsx.spreadsheet.grid import Attached, AttachedKind, Spot
from hkz_xlsx.spreadsheet.pages import sections
from hkz_xlsx.spreadsheet.relations import Relation, local, relations
from hkz_xlsx.spreadsheet.safe_xml import parse_xml
from hkz_xlsx.spreadsheet.sheet_exact import SheetFacts, areas
from hkz_xlsx.spreadsheet.threads import ThreadComment, conversation, is_copy, without_boilerplate

T = TypeVar("T")
Links = Mapping[str, Relation]
Note = tuple[Spot, str, str]
"""Cell, author and text of a note."""

_NO_DRAWINGS: tuple[Drawn, ...] = ()
_NO_NOTES: list[Note] = []
_NO_NAMES: dict[str, str] = {}
_NO_THREADS: dict[Spot, list[ThreadComment]] = {}

_TICKS = ("Checkbox", "Radio")
_PICTURE_IN_CELL = "xl/richdata/richvaluerel.xml"


class _Parts:
    """The parts around one sheet; ``unread`` names those that cannot be read."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.unread: list[str] = []

    def try_(self, part: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except RefusedError as fault:
            if fault.code == "FILE_DOCTYPE":
                raise
            self.unread.append(str(fault.slots.get("detail", part)))
            return otherwise

    def links(self, part: str) -> Links:
        return self.try_(part, lambda: relations(self.package, part), {})

    def read(self, part: str, how: Callable[[bytes, str], T], otherwise: T) -> T:
        return self.try_(part, lambda: how(self.package.part(part), part), otherwise)


def _of(links: Links, kind: str) -> Iterator[str]:
    return (one.target for one in links.values() if one.type == kind and not one.external)


def _comments(parts: _Parts, links: Links, persons: str) -> dict[Spot, str]:
    """Comments of a sheet by cell: notes and conversations, without what programs add."""
    found: dict[Spot, str] = {}
    copies: set[Spot] = set()
    for part in _of(links, "comments"):
        for at, author, text in parts.read(part, _notes, _NO_NOTES):
            found[at] = without_boilerplate(text, author)
            if is_copy(text, author):
                copies.add(at)
    for part in _of(links, "threadedComment"):
        names = parts.read(persons, _names, _NO_NAMES) if persons else _NO_NAMES
        for at, said in parts.read(part, _threads, _NO_THREADS).items():
            text = conversation([ThreadComment(names.get(one.who, ""), one.text) for one in said])
            note = "" if at in copies else found.get(at, "")
            found[at] = "\n".join(filter(None, dict.fromkeys((note, text))))
    return found


def _notes(data: bytes, part: str) -> list[Note]:
    found: list[Note] = []
    authors: list[list[str]] = []
    now: list[tuple[Spot | None, str]] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        inside.append(tag)
        if tag == "author":
            authors.append([])
        elif tag == "comment":
            now[:] = [(place(attributes.get("ref", "")), attributes.get("authorId", ""))]
            pieces.clear()

    def end(name: str) -> None:
        inside.pop()
        if local(name) != "comment" or not now:
            return
        at, number = now.pop()
        if at is not None:
            known = number.isascii() and number.isdigit() and len(number) < 6  # noqa: PLR2004
            author = int(number) if known else len(authors)
            who = "".join(authors[author]) if author < len(authors) else ""
            found.append((at, who, plain_text("".join(pieces))))

    def text(text: str) -> None:
        if inside[-1] == "author":
            authors[-1].append(text)
        elif inside[-1] == "t" and "rPh" not in inside[-4:]:
            pieces.append(text)

    parse_xml(data, part, start, end, text)
    return found


def _names(data: bytes, part: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "person":
            found[attributes.get("id", "")] = attributes.get("displayName", "")

    parse_xml(data, part, start)
    return found


def _threads(data: bytes, part: str) -> dict[Spot, list[ThreadComment]]:
    found: dict[Spot, list[ThreadComment]] = {}
    now: list[tuple[Spot | None, str]] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(local(name))
        if inside[-1] == "threadedComment":
            now[:] = [(place(attributes.get("ref", "")), attributes.get("personId", ""))]
            pieces.clear()

    def end(name: str) -> None:
        inside.pop()
        if local(name) == "threadedComment" and now:
            at, who = now.pop()
            if at is not None and (text := plain_text("".join(pieces))).strip():
                found.setdefault(at, []).append(ThreadComment(who, text))

    def text(text: str) -> None:
        if inside[-1] == "text":
            pieces.append(text)

    parse_xml(data, part, start, end, text)
    return found


@dataclass(frozen=True, slots=True)
class OoxmlAttached:
    """What hangs on one sheet; ``unread`` names parts of it that could not be read."""

    comments: Mapping[Spot, str]
    attached: tuple[Attached, ...]
    unread: tuple[str, ...]


def read_hanging(package: Package, sheet: str, facts: SheetFacts, persons: str) -> OoxmlAttached:
    """What hangs on a sheet.

    Args:
        package: the checked package.
        sheet: its part.
        facts: what was read of the sheet itself.
        persons: the part with names of who took part in conversations; empty without.

    Raises:
        RefusedError: a DOCTYPE in one of its parts.
    """
    parts = _Parts(package)
    links = parts.links(sheet)
    comments = _comments(parts, links, persons)
    found = [*_hyperlinks(facts, links), *_page_texts(facts)]
    vml = [
        one
        for part in _of(links, "vmlDrawing")
        for one in parts.read(part, drawn_in_vml, _NO_DRAWINGS)
    ]  # fmt: skip
    older = {one.vml: one for one in vml if one.vml}
    for part in _of(links, "drawing"):
        target = parts.links(part)
        for one in parts.read(part, drawn, _NO_DRAWINGS):
            # A control is drawn in both languages; the older one knows whether it is ticked.
            if one.vml not in older:
                found += _drawing(parts, one, target)
    found += _older(vml, facts)
    if facts.rich and package.has(_PICTURE_IN_CELL):
        found += (Attached("picture", at) for at in facts.rich)
    found += (
        Attached("picture", None, "", posixpath.basename(target)) for target in _of(links, "image")
    )
    if len(found) > LIMITS.attached:
        parts.unread.append(f"{sheet} (> {LIMITS.attached})")
    unread = tuple(dict.fromkeys(parts.unread))
    return OoxmlAttached(comments, tuple(found[: LIMITS.attached]), unread)


def _hyperlinks(facts: SheetFacts, links: Links) -> Iterator[Attached]:
    for tag, attributes in facts.hung:
        if tag != "hyperlink":
            continue
        key = next((v for k, v in attributes.items() if k.endswith("/relationships id")), "")
        target = _target(links.get(key), attributes.get("location", ""))
        about = attributes.get("tooltip", "")
        for at in _filled(attributes.get("ref", ""), facts):
            yield Attached("link", at, target, about)


def _target(link: Relation | None, location: str) -> str:
    """Where a link leads; a place inside the file begins with ``#``."""
    if link is None:
        return f"#{location}" if location else ""
    target = link.target if link.external else "#" + link.target.rpartition("#")[2]
    return f"{target}#{location}" if location else target


def _filled(ref: str, facts: SheetFacts) -> Iterable[Spot]:
    """The cells of an area that hold something; its first cell when none does."""
    found = areas(ref)[:1]
    if not found:
        return ()
    area = found[0]
    if (area.top, area.left) == (area.bottom, area.right):
        return ((area.top, area.left),)
    filled = sorted(at for at in facts.cells if at in area)[: LIMITS.attached]
    return filled or ((area.top, area.left),)


def _page_texts(facts: SheetFacts) -> Iterator[Attached]:
    for tag, attributes in facts.hung:
        if "text" in attributes and tag.endswith(("Header", "Footer")):
            for text, pictured in sections(attributes["text"]):
                if text:
                    yield Attached("page", None, text, tag)
                if pictured:
                    yield Attached("picture", None, "", tag)


def _drawing(parts: _Parts, one: Drawn, target: Links) -> Iterator[Attached]:
    link = target.get(one.links.get("click", ""))
    leads = "" if link is None else link.target
    kind, text, name = _what(parts, one, target)
    about = " – ".join(filter(None, (name, one.about)))
    yield Attached(kind, one.at, "\n".join(filter(None, (text, leads))), about)
    chart = target.get(one.links.get("chart", ""))
    if chart is None or chart.external:
        return
    # Text boxes that stand in a chart are in a drawing of their own.
    beside = parts.links(chart.target)
    for part in _of(beside, "chartUserShapes"):
        for inner in parts.read(part, drawn, _NO_DRAWINGS):
            inner_kind, inner_text, inner_name = _what(parts, inner, parts.links(part))
            yield Attached(inner_kind, one.at, inner_text, inner_name)


def _what(parts: _Parts, one: Drawn, target: Links) -> tuple[AttachedKind, str, str]:
    """Kind, text and name of a drawing."""
    chart, diagram = (target.get(one.links.get(key, "")) for key in ("chart", "diagram"))
    if one.tag == "pic":
        file = target.get(one.links.get("picture", ""))
        base = (
            ""
            if file is None
            else file.target
            if file.external
            else posixpath.basename(file.target)
        )
        return "picture", "", f"{one.name} ({base})" if base else one.name
    if chart is not None and not chart.external:
        return "chart", parts.read(chart.target, chart_title, ""), one.name
    if diagram is not None and not diagram.external:
        return "shape", parts.read(diagram.target, diagram_text, ""), one.name
    if one.tag in ("graphicFrame", "contentPart"):
        return "object", one.text, one.name or one.uri.rpartition("/")[2] or one.tag
    return "shape", one.text, one.name


def _older(vml: Iterable[Drawn], facts: SheetFacts) -> Iterator[Attached]:
    """Controls, embedded files and text boxes in the older language; each once."""
    named = {
        f"s{attributes.get('shapeId', '')}": attributes.get("progId") or attributes.get("name", "")
        for tag, attributes in facts.hung
        if tag in ("oleObject", "control")
    }
    for one in vml:
        name = named.pop(one.vml.rpartition("_")[2], "")
        if one.control in _TICKS:
            yield Attached(
                "object", one.at, f"{'☑' if one.ticked else '☐'} {one.text}".strip(), name
            )
        elif name or one.control in ("Pict", "Drop", "List", "Spin", "Scroll", "EditBox", "Button"):
            yield Attached("object", one.at, one.text, name or one.name or one.control)
        elif one.text or one.control:
            yield Attached("shape", one.at, one.text, one.name or one.control)
    for name in named.values():
        yield Attached("object", None, "", name)
