"""How much of a text in several fonts is struck through (ECMA-376 part 1, 18.4.4 and 18.4.10)."""

from __future__ import annotations

from collections.abc import Mapping

from hkz_xlsx.spreadsheet.grid import Struck


def is_on(attributes: Mapping[str, str]) -> bool:
    """Whether a property of a font is on: it is when it says nothing else."""
    return attributes.get("val", "1").lower() not in ("0", "false", "off")


class Runs:
    """The runs of one text, while it is being read."""

    def __init__(self) -> None:
        self._now, self._kinds = False, set[bool]()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag inside the text, by its local name."""
        if tag == "r":
            self._now = False
        elif tag == "strike":
            self._now = is_on(attributes)

    def text(self, text: str) -> None:
        """Characters of the run; blanks alone say nothing."""
        if text.strip():
            self._kinds.add(self._now)

    def found(self) -> Struck:
        """How much was struck through until now."""
        return "" if True not in self._kinds else "partly" if False in self._kinds else "wholly"

    def take(self) -> Struck:
        """What was found; the next text starts anew."""
        found = self.found()
        self._kinds, self._now = set(), False
        return found
