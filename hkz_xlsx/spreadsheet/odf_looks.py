"""How cells of an OpenDocument spreadsheet are shown: lines through text, order of a date."""

from __future__ import annotations

from dataclasses import dataclass

_N = "urn:oasis:names:tc:opendocument:xmlns:"
_STYLE, _NUMBER = f"{_N}style:1.0 ", f"{_N}datastyle:1.0 "
_PARTS = {"day": "d", "month": "m", "year": "y"}
_DEEP = 20
"""Styles that are made after one another; more is a ring."""


@dataclass(slots=True)
class _Style:
    parent: str = ""
    data: str = ""
    line: bool | None = None


class OdfLooks:
    """Expat's callbacks over styles, and what they come down to."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._dates: dict[str, str] = {}
        self._now = _Style()
        self._date = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take in a style, or a part of one; anything else is passed by."""
        if name == f"{_STYLE}style":
            self._now = _Style(
                attributes.get(f"{_STYLE}parent-style-name", ""),
                attributes.get(f"{_STYLE}data-style-name", ""),
            )
            key = attributes.get(f"{_STYLE}family", ""), attributes.get(f"{_STYLE}name", "")
            self._styles[key] = self._now
        elif name == f"{_STYLE}text-properties":
            line = attributes.get(f"{_STYLE}text-line-through-style")
            line = line or attributes.get(f"{_STYLE}text-line-through-type")
            if line is not None:
                self._now.line = line != "none"
        elif name == f"{_NUMBER}date-style":
            self._date = attributes.get(f"{_STYLE}name", "")
            follows = attributes.get(f"{_NUMBER}automatic-order") == "true"
            self._dates[self._date] = "?" if follows else ""
        elif name.startswith(_NUMBER) and self._date:
            part = _PARTS.get(name[len(_NUMBER) :], "")
            if self._dates[self._date] != "?":
                self._dates[self._date] += part

    def end(self, name: str) -> None:
        """Close a style of dates."""
        if name == f"{_NUMBER}date-style":
            self._date = ""

    def struck(self, family: str, name: str) -> bool:
        """Whether a style of cells or of text draws a line through it."""
        for _ in range(_DEEP):
            style = self._styles.get((family, name))
            if style is None:
                return False
            if style.line is not None:
                return style.line
            name = style.parent
        return False

    def date_format(self, name: str) -> str:
        """The parts of a date in order, such as ``dm``; empty where the language decides it."""
        for _ in range(_DEEP):
            style = self._styles.get(("table-cell", name))
            if style is None:
                return ""
            if style.data:
                return self._dates.get(style.data, "").replace("?", "")
            name = style.parent
        return ""
