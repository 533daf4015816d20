"""Makes the table of characters that the fonts of the PDF report have; a test checks it.

python -m docs.fonts
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[1] / "hkz_xlsx" / "render" / "fonts"


def ranges() -> list[str]:
    """Code points of the regular fonts as hexadecimal ranges."""
    points: set[int] = set()
    for path in sorted(FOLDER.glob("*.ttf")):
        if "Bold" not in path.name:
            points |= set(TTFont(path).getBestCmap())
    found: list[list[int]] = []
    for point in sorted(points):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return [f"{a:X}-{b:X}" if a != b else f"{a:X}" for a, b in found]


if __name__ == "__main__":
    (FOLDER / "coverage.txt").write_text("\n".join(ranges()) + "\n", "ascii", newline="\n")
