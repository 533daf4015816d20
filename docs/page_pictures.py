"""Draws the pictures of the page for its manual: ``python -m docs.page_pictures``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.page.driving import Browser, browser, built

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
FILLED = ROOT / "samples" / "ingevuld"


def _make(one: Browser) -> None:
    one.screen("maken")
    one.run("""for (const value of ["welzijn", "certificaat"])
      document.querySelector(`main input[value="${value}"]`).click();""")
    one.press("Welke norm")
    one.done()


def _file(one: Browser, screen: str, button: str, *files: Path) -> None:
    one.screen(screen)
    one.choose(0, *files)
    one.press(button)
    one.done()


def draw() -> None:
    """Four screens at the width of a laptop, one at that of a telephone."""
    book = FILLED / "hkz-143.xlsx"
    wide: dict[str, Callable[[Browser], None]] = {
        "maken": _make,
        "nakijken": lambda one: _file(one, "nakijken", "Nakijken", book),
        "rapport": lambda one: _file(one, "rapport", "Rapport maken", book),
        "veel": lambda one: _file(one, "veel", "Rapporten maken", *sorted(FILLED.glob("*.xlsx"))),
    }
    with tempfile.TemporaryDirectory() as folder, browser("chrome", Path(folder)) as one:
        one.open(built(), width=1000, height=1000)
        for name, act in wide.items():
            act(one)
            one.run("document.activeElement.blur(); scrollTo(0, 0)")
            one("shot", path=str(PICTURES / f"pagina-{name}.png"), full=False)
        one("size", width=390, height=844)
        one.screen("rapport")
        one("shot", path=str(PICTURES / "pagina-telefoon.png"), full=False)


if __name__ == "__main__":
    draw()
