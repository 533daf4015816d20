"""What the sheets of a workbook share: its strings, and how its cell styles look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hkz_xlsx.spreadsheet.byte_cache import remembered
from hkz_xlsx.spreadsheet.cells import date_styles, plain_text, telling_format
from hkz_xlsx.spreadsheet.grid import Manner, Struck
from hkz_xlsx.spreadsheet.runs import Runs, is_on
from hkz_xlsx.spreadsheet.safe_xml import parse_xml
from hkz_xlsx.spreadsheet.sheet_fast import shared_strings_fast

_BUILT_IN = {15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy"}
"""Formats that every program shows alike; 14 and 22 follow the language of the computer."""

_remembered = remembered(most=16, longest=1 << 17)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


@dataclass(frozen=True, slots=True)
class CellLooks:
    """By index of cell style: which show dates, with what format, and manners of their own.

    A date whose format follows the language of the computer has an empty format.
    """

    dates: frozenset[int] = frozenset()
    date_formats: Mapping[int, str] = field(default_factory=dict)
    manners: Mapping[int, Manner] = field(default_factory=dict)


@_remembered
def cell_looks(data: bytes, part: str) -> CellLooks:
    """Read the styles part.

    Raises:
        RefusedError: not well-formed.
    """
    found = _Looks()
    parse_xml(data, part, found.start, found.end)
    ids = [number for number, _ in found.styles]
    dates = date_styles(ids, found.codes)
    formats = {i: found.codes.get(ids[i], _BUILT_IN.get(ids[i], "")) for i in dates}
    manners: dict[int, Manner] = {}
    for index, (known, font) in enumerate(found.styles):
        code, struck = telling_format(known, found.codes), font in found.struck
        if code or struck:
            manners[index] = Manner("wholly" if struck else "", code)
    return CellLooks(dates, formats, manners)


class _Looks:
    """Expat's callbacks over the styles part."""

    def __init__(self) -> None:
        self.styles: list[tuple[int, int]] = []
        self.codes: dict[int, str] = {}
        self.struck: set[int] = set()
        self._inside = ""
        self._font = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local in ("cellXfs", "fonts", "numFmts"):
            self._inside = local
        elif local == "xf" and self._inside == "cellXfs":
            known = attributes.get("numFmtId", "0"), attributes.get("fontId", "0")
            self.styles.append((_whole(known[0]), _whole(known[1])))
        elif local == "font" and self._inside == "fonts":
            self._font += 1
        elif local == "strike" and self._inside == "fonts" and is_on(attributes):
            self.struck.add(self._font)
        # Conditional formats have numbers of their own, which may be those of other formats.
        elif local == "numFmt" and self._inside == "numFmts" and "numFmtId" in attributes:
            self.codes[_whole(attributes["numFmtId"])] = attributes.get("formatCode", "")

    def end(self, name: str) -> None:
        if _local(name) == self._inside:
            self._inside = ""


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1  # noqa: PLR2004 - no int of millions of digits


@remembered(most=4, longest=1 << 18)
def shared_strings(
    data: bytes, part: str, *, fast: bool
) -> tuple[tuple[str, ...], Mapping[int, Struck]]:
    """Every shared string, and how much of those with struck through letters is.

    Rich text is joined, readings of Japanese characters are left out.

    Args:
        data: the part as unpacked.
        part: its name, for messages.
        fast: try patterns first; they give up on any string with rich text.

    Returns:
        the strings by index, and by index how much is struck through, of those where any is.

    Raises:
        RefusedError: not well-formed.
    """
    if fast and (plain := shared_strings_fast(data)) is not None:
        return tuple(plain), {}
    found = _Strings()
    parse_xml(data, part, found.start, found.end, found.text)
    return tuple(found.strings), found.struck


class _Strings:
    """Expat's callbacks over the shared strings."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.struck: dict[int, Struck] = {}
        self._depth = {"rPh": 0, "t": 0, "si": 0}
        self._pieces: list[str] = []
        self._runs = Runs()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local in self._depth:
            self._depth[local] += 1
        self._runs.start(local, attributes)

    def end(self, name: str) -> None:
        local = _local(name)
        if local in self._depth:
            self._depth[local] -= 1
        if local == "si":
            if (how := self._runs.take()) != "":
                self.struck[len(self.strings)] = how
            self.strings.append(plain_text("".join(self._pieces)))
            self._pieces.clear()

    def text(self, text: str) -> None:
        depth = self._depth
        if depth["t"] and depth["si"] and not depth["rPh"]:
            self._pieces.append(text)
            self._runs.text(text)
