"""What is drawn over the cells of an Open XML sheet: DrawingML (ISO 29500-1, chapter 20) and VML.

Both are read as streams: text, name and anchor of every drawing, however deep in groups.
Nothing that a drawing refers to is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.spreadsheet.byte_cache import remembered
from hkz_xlsx.spreadsheet.cells import MAX_COLUMN, MAX_ROW, plain_text
from hkz_xlsx.spreadsheet.grid import Spot
from hkz_xlsx.spreadsheet.relations import local
from hkz_xlsx.spreadsheet.safe_xml import parse_xml

_ANCHORS = frozenset(
    {"twoCellAnchor", "oneCellAnchor", "absoluteAnchor", "relSizeAnchor", "absSizeAnchor"}
)
_ITEMS = frozenset({"sp", "cxnSp", "pic", "graphicFrame", "contentPart"})
_VML_SHAPES = frozenset(
    {"shape", "rect", "oval", "line", "roundrect", "polyline", "curve", "arc", "image"}
)
_TICKED = ("1", "2")
_NUMBERS = re.compile(
    rb"(?<=</c:f>)<c:numCache>(?:<c:formatCode>[\w .,#%;@]*</c:formatCode>)?"
    rb'<c:ptCount val="\d{1,6}"/>(?:<c:pt idx="\d{1,6}"><c:v>[\d.eE+-]+</c:v></c:pt>)*+'
    rb"</c:numCache>(?=</c:numRef>)",
    re.ASCII,
)
"""Numbers as a chart keeps them, so plain that nothing but numbers goes with them; the element
around them stays, and with it whatever would be wrong with these."""


@dataclass(slots=True)
class Drawn:
    """One drawing. ``tag`` is its element, ``uri`` what a frame holds, ``links`` the ids of
    relationships by what they are for (chart, picture, diagram, click), ``vml`` the id of the
    older form of the same drawing, ``control`` the kind of a form control."""

    tag: str
    at: Spot | None
    name: str = ""
    about: str = ""
    text: str = ""
    uri: str = ""
    vml: str = ""
    control: str = ""
    ticked: bool = False
    links: dict[str, str] = field(default_factory=dict)


def _spot(row: str, column: str) -> Spot | None:
    row, column = row.strip(), column.strip()
    if not (row.isascii() and row.isdigit() and column.isascii() and column.isdigit()):
        return None
    if len(row) > 7 or len(column) > 7 or int(row) >= MAX_ROW or int(column) >= MAX_COLUMN:  # noqa: PLR2004 - no int of millions of digits
        return None
    return int(row), int(column)


def _ids(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Attributes of the namespace of relationships, by local name."""
    return {local(k): v for k, v in attributes.items() if "/relationships " in k}


class _Drawing:
    """Expat's callbacks over a drawing part."""

    def __init__(self) -> None:
        self.found: list[Drawn] = []
        self.at: Spot | None = None
        self.now: Drawn | None = None
        self.inside: list[str] = []
        self.pieces: list[str] = []
        self.corner: dict[str, str] = {}
        self.choices: list[int] = []
        self.skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        self.inside.append(tag)
        if tag == "AlternateContent":
            self.choices.append(len(self.found))
        # What a program draws that knows less, when what it stands for was read.
        if self.skipped or (tag == "Fallback" and self.choices and self._was_read()):
            self.skipped += 1
        elif tag in _ANCHORS:
            self.at, self.corner = None, {}
        elif tag in _ITEMS and self.now is None:
            self.now = Drawn(tag, self.at)
            self.pieces = []
            self.now.links.update(_ids(attributes) if tag == "contentPart" else {})
        elif self.now is not None:
            self._within(self.now, tag, attributes)

    def _was_read(self) -> bool:
        return len(self.found) > self.choices[-1] or self.now is not None

    def _within(self, now: Drawn, tag: str, attributes: dict[str, str]) -> None:
        ids = _ids(attributes)
        if tag == "cNvPr" and not now.name:
            now.name = attributes.get("name", "")
            now.about = attributes.get("descr", "") or attributes.get("title", "")
        elif tag == "compatExt":
            now.vml = attributes.get("spid", "")
        elif tag == "graphicData":
            now.uri = attributes.get("uri", "")
        elif tag == "hlinkClick" and "id" in ids:
            now.links.setdefault("click", ids["id"])
        elif tag == "blip":
            now.links.setdefault("picture", ids.get("embed", "") or ids.get("link", ""))
        elif tag == "chart" and "id" in ids:
            now.links["chart"] = ids["id"]
        elif tag == "relIds" and "dm" in ids:
            now.links["diagram"] = ids["dm"]
        elif tag == "br":
            self.pieces.append("\n")

    def text(self, text: str) -> None:
        if self.skipped or not self.inside:
            return
        tag = self.inside[-1]
        if self.now is not None:
            if tag == "t":
                self.pieces.append(text)
        elif tag in ("row", "col") and len(self.inside) > 1 and self.inside[-2] == "from":
            self.corner[tag] = self.corner.get(tag, "") + text[:20]

    def end(self, name: str) -> None:
        tag = local(name)
        self.inside.pop()
        if tag == "AlternateContent":
            self.choices.pop()
        if self.skipped:
            self.skipped -= 1
        elif tag == "from":
            self.at = _spot(self.corner.get("row", ""), self.corner.get("col", ""))
        elif tag == "p" and self.now is not None:
            self.pieces.append("\n")
        elif self.now is not None and tag == self.now.tag:
            self.now.text = plain_text("".join(self.pieces)).strip()
            self.found.append(self.now)
            self.now = None
            if len(self.found) > LIMITS.attached:
                raise RefusedError("FILE_TOO_BIG")


@remembered(most=32, longest=1 << 16)
def drawn(data: bytes, part: str) -> tuple[Drawn, ...]:
    """Every drawing of a drawing part, in its order; those in groups one by one.

    Raises:
        RefusedError: not well-formed, a DOCTYPE, or far too many.
    """
    reader = _Drawing()
    parse_xml(data, part, reader.start, reader.end, reader.text)
    return tuple(reader.found)


class _Vml:
    """Expat's callbacks over a part in the older language, in which controls are kept."""

    def __init__(self) -> None:
        self.found: list[Drawn] = []
        self.now: list[Drawn] = []
        self.pieces: list[str] | None = None
        self.data = ""
        self.said: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag in _VML_SHAPES and "vml" in name:
            shape = Drawn("vml", None, attributes.get("title", "") or attributes.get("alt", ""))
            shape.vml = next(
                (v for k, v in attributes.items() if k.endswith("office spid")),
                attributes.get("id", ""),
            )
            self.now.append(shape)
        elif not self.now:
            return
        elif tag == "textbox":
            self.pieces = []
        elif tag == "imagedata":
            title = next((v for k, v in attributes.items() if k.endswith("office title")), "")
            self.now[-1].links["picture"] = title or "&G"
        elif tag == "ClientData":
            self.now[-1].control = attributes.get("ObjectType", "")
        elif tag in ("Anchor", "Checked"):
            self.data, self.said = tag, []
        elif tag in ("br", "div", "p") and self.pieces:
            self.pieces.append("\n")

    def text(self, text: str) -> None:
        if self.pieces is not None:
            self.pieces.append(re.sub(r"\s+", " ", text))
        elif self.data and sum(map(len, self.said)) < 200:  # noqa: PLR2004 - eight numbers
            self.said.append(text)

    def end(self, name: str) -> None:
        tag = local(name)
        if not self.now:
            return
        if tag == "textbox" and self.pieces is not None:
            lines = plain_text("".join(self.pieces)).split("\n")
            self.now[-1].text = "\n".join(filter(None, map(str.strip, lines)))
            self.pieces = None
        elif tag == self.data:
            self._say(self.now[-1], "".join(self.said))
            self.data = ""
        elif tag in _VML_SHAPES and "vml" in name:
            self.found.append(self.now.pop())
            if len(self.found) > LIMITS.attached:
                raise RefusedError("FILE_TOO_BIG")

    def _say(self, shape: Drawn, said: str) -> None:
        if self.data == "Checked":
            shape.ticked = said.strip() in _TICKED
            return
        numbers = said.split(",")
        if len(numbers) > 2:  # noqa: PLR2004 - column, offset, row
            shape.at = _spot(numbers[2], numbers[0])


@remembered(most=16, longest=1 << 16)
def drawn_in_vml(data: bytes, part: str) -> tuple[Drawn, ...]:
    """Every drawing of a VML part but the boxes of notes.

    Raises:
        RefusedError: as `drawn`.
    """
    reader = _Vml()
    parse_xml(data, part, reader.start, reader.end, reader.text)
    return tuple(one for one in reader.found if one.control != "Note")


def chart_title(data: bytes, part: str) -> str:
    """The title of a chart part; empty when it has none.

    Raises:
        RefusedError: not well-formed, or a DOCTYPE.
    """
    # The numbers it shows are other ones in every file, and no title.
    return _title(_NUMBERS.sub(b"", data), part)


@remembered(most=32, longest=1 << 16)
def _title(data: bytes, part: str) -> str:
    return _texts(
        data, part, lambda inside: inside[-1] in ("t", "v", "p", "span") and _titled(inside)
    )


def _titled(inside: list[str]) -> bool:
    # Gnumeric writes the title of a chart as its subtitle in .ods files.
    return any(tag in ("title", "subtitle") and above == "chart" for above, tag in pairwise(inside))


@remembered(most=16, longest=1 << 16)
def diagram_text(data: bytes, part: str) -> str:
    """The texts of the points of a diagram, one on a line.

    Raises:
        RefusedError: not well-formed, or a DOCTYPE.
    """
    return _texts(data, part, lambda inside: inside[-1] == "t" and "pt" in inside)


def _texts(data: bytes, part: str, wanted: Callable[[list[str]], bool]) -> str:
    inside: list[str] = []
    pieces: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        inside.append(local(name))

    def end(_: str) -> None:
        if inside.pop() == "p":
            pieces.append("\n")

    def text(text: str) -> None:
        if len(inside) < 64 and wanted(inside):  # noqa: PLR2004 - real ones are 15 deep
            pieces.append(text)

    parse_xml(data, part, start, end, text)
    lines = map(str.strip, plain_text("".join(pieces)).split("\n"))
    return "\n".join(filter(None, lines))
