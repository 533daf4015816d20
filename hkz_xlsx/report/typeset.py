"""The typesetter: fonts of our own, so that every machine sets the same pages, offline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

FONTS = ("Carlito", "DejaVu Sans", "Noto Emoji")
"""Latin (the metric twin of Calibri), other alphabets, emoji; all free to pass on."""

_LONGEST = 36
_BREAK = "\u200b"


@cache
def _folder() -> Path:
    # Fonts are read by path; the package is never run from an archive (it has templates too).
    return Path(str(resources.files("hkz_xlsx") / "report" / "fonts"))


@cache
def _covered() -> frozenset[int]:
    """Code points that the fonts have, from the table made by ``docs/fonts.py``."""
    found: set[int] = set()
    for line in (_folder() / "coverage.txt").read_text("ascii").split():
        first, _, last = line.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def settable(text: str) -> str:
    """Text the fonts can show: other characters by their code; long words can be broken."""
    covered = _covered()
    shown = "".join(c if c in "\n\t" or ord(c) in covered else f"[U+{ord(c):04X}]" for c in text)
    if len(shown) <= _LONGEST:
        return shown
    return " ".join(
        _BREAK.join(word[i : i + _LONGEST] for i in range(0, len(word), _LONGEST))
        for word in shown.split(" ")
    )


def typeset_pdf(source: bytes, inputs: Mapping[str, str]) -> bytes:
    """A tagged, accessible PDF (PDF/UA-1); the same input gives the same bytes."""
    import typst

    # Its types ask that source and font folders be of one type.
    compiled: Callable[..., bytes] = typst.compile
    return compiled(
        source,
        font_paths=[_folder()],
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
        format="pdf",
        pdf_standards=["ua-1"],
    )


_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""


def picture_png(svg: str, dots_per_inch: float = 160) -> bytes:
    """An SVG as a PNG, for programs that show no SVG."""
    import typst

    # Its types ask that source and font folders be of one type.
    compiled: Callable[..., bytes] = typst.compile
    return compiled(
        _PICTURE,
        font_paths=[_folder()],
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
        format="png",
        ppi=dots_per_inch,
    )
