"""The typesetter: fonts of our own, so that every machine sets the same pages, offline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

FONTS = ("Carlito", "DejaVu Sans", "Noto Emoji")
"""Latin (the metric twin of Calibri), other alphabets, emoji; all free to pass on."""

LONGEST = 36
"""Letters of a word that no line can be too narrow for."""
_BREAK = "\u200b"
_LONG_WORD = re.compile(f"[^ ]{{{LONGEST + 1},}}")


@cache
def _folder() -> Path:
    # Fonts are read by path; the package is never run from an archive (it has templates too).
    return Path(str(resources.files("hkz_xlsx") / "render" / "fonts"))


@cache
def _covered() -> frozenset[str]:
    """Characters that the fonts have, from the table made by ``docs/fonts.py``."""
    found = {"\n", "\t"}
    for line in (_folder() / "coverage.txt").read_text("ascii").split():
        first, _, last = line.partition("-")
        found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(found)


_BLANKS = "\u2007\u202f\u00a0"


def one_kind_of_blank(text: str, *, tied: bool = False) -> str:
    """Text in which every blank is the usual one.

    A file knows one character for every shape of a font: where a blank of another kind came
    first, every blank that is copied from the whole file would be of that kind.

    Args:
        text: of anyone.
        tied: one kind of them stays, which says where no line ends and never gets into a file.
    """
    if not text.isascii():
        for blank in _BLANKS[:2] if tied else _BLANKS:
            text = text.replace(blank, " ")
    return text


def settable(text: str) -> str:
    """Text the fonts can show: other characters by their code; long words can be broken."""
    covered, shown = _covered(), text
    if not covered.issuperset(text):
        shown = "".join(c if c in covered else f"[U+{ord(c):04X}]" for c in text)
    if len(shown) <= LONGEST:
        return shown
    return _LONG_WORD.sub(_breakable, shown)


def _breakable(found: re.Match[str]) -> str:
    word = found[0]
    return _BREAK.join(word[i : i + LONGEST] for i in range(0, len(word), LONGEST))


@cache
def _compiler() -> typst.Compiler:
    """The typesetter with our fonts, read once."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(_folder())])
    return typst.Compiler(b"", font_paths=fonts, ignore_system_fonts=True)


_KEPT = 10
"""The typesetter forgets what it computed and has not used in so many documents."""


_SET = 1_200_000
"""Bytes of PDF after which it is made to forget: some 60 MB of memory for every 700,000."""


class _Memory:
    """Makes the typesetter forget the documents that it set: it has no call for that.

    Empty documents cost some thousandths of a second each.
    """

    def __init__(self) -> None:
        self._size = 0

    def set(self, size: int) -> None:
        """A document of so many bytes was set."""
        self._size += size
        if self._size >= _SET:
            self._size = 0
            for _ in range(_KEPT + 1):
                _compiler().compile(b"", sys_inputs={}, format="svg")


_MEMORY = _Memory()


def typeset_pdf(source: bytes, inputs: Mapping[str, str]) -> bytes:
    """A tagged, accessible PDF (PDF/UA-1); the same input gives the same bytes."""
    found = _compiler().compile(
        source, sys_inputs=dict(inputs), format="pdf", pdf_standards=["ua-1"]
    )
    data = _bytes(found)
    _MEMORY.set(len(data))
    return data


_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""


def picture_png(svg: str, dots_per_inch: float = 160) -> bytes:
    """An SVG as a PNG, for programs that show no SVG."""
    found = _compiler().compile(_PICTURE, sys_inputs={"svg": svg}, format="png", ppi=dots_per_inch)
    return _bytes(found)


def _bytes(found: bytes | list[bytes] | None) -> bytes:
    if not isinstance(found, bytes):
        raise TypeError("one document, one file")
    return found
