"""Makes the tables of the characters that the fonts of the PDF report have, and of their widths;
a test checks them.

python -m docs.fonts
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[1] / "hkz_xlsx" / "render" / "fonts"
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0xAD),
    *range(0xAE, 0x180),
    *range(0x2010, 0x2040),
    0x20AC,
    0x2212,
)
"""What the widths are known of: Latin letters, signs of our texts; no soft hyphen or joiner."""


def _ranges(points: Iterable[int]) -> list[str]:
    found: list[list[int]] = []
    for point in sorted(points):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return [f"{a:X}-{b:X}" if a != b else f"{a:X}" for a, b in found]


def ranges() -> list[str]:
    """Code points of the regular fonts as hexadecimal ranges."""
    points: set[int] = set()
    for path in sorted(FOLDER.glob("*.ttf")):
        if "Bold" not in path.name:
            points |= set(TTFont(path).getBestCmap())
    return _ranges(points)


def widths() -> list[str]:
    """Hexadecimal ranges of letters, their width in Carlito and in its bold."""
    fonts = [TTFont(FOLDER / f"Carlito-{weight}.ttf") for weight in ("Regular", "Bold")]
    known = [(font.getBestCmap(), font["hmtx"]) for font in fonts]
    found: dict[tuple[int, ...], list[int]] = {}
    for point in LETTERS:
        if all(point in names for names, _ in known):
            wide = tuple(places[names[point]][0] for names, places in known)
            if all(wide):
                found.setdefault(wide, []).append(point)
    return sorted(
        f"{one} {' '.join(map(str, wide))}"
        for wide, points in found.items()
        for one in _ranges(points)
    )


if __name__ == "__main__":
    for name, lines in (("coverage.txt", ranges()), ("widths.txt", widths())):
        (FOLDER / name).write_text("\n".join(lines) + "\n", "ascii", newline="\n")
