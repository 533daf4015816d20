"""The manual for organisations as one file, to send along with a workbook: pictures and all.

python -m docs.manual_file TARGET
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PAGE = Path(__file__).parent / "handleiding.md"
NAME = "hkz-handleiding.html"
"""As it is called among the files of a release."""

_LOOKS = """
body { font: 17px/1.55 Carlito, Calibri, Arial, sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem; color: #222; }
h1, h2 { line-height: 1.25; color: #1f4e5f; }
h2 { margin-top: 2.2rem; break-after: avoid; }
img { max-width: 100%; height: auto; border: 1px solid #ccc; break-inside: avoid; }
code { font-size: .88em; }
table { border-collapse: collapse; }
th, td { border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; vertical-align: top; }
"""


def manual() -> str:
    """The page as HTML that needs no other file; what a link to another page says stays as text."""
    reader = MarkdownIt().enable("table")
    tokens = reader.parse(PAGE.read_text("utf-8"))
    for token in tokens:
        if token.children:
            token.children = list(_alone(token.children))
    title = next(text.content for one, text in pairwise(tokens) if one.type == "heading_open")
    body = reader.renderer.render(tokens, reader.options, {})
    return (
        f'<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_LOOKS}</style>\n</head>\n<body>\n<main>\n"
        f"{body}</main>\n</body>\n</html>\n"
    )


def _alone(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            continue
        if token.type == "image":
            data = (PAGE.parent / str(token.attrs["src"])).read_bytes()
            token.attrs["src"] = f"data:image/png;base64,{base64.b64encode(data).decode()}"
        yield token


def main(target: Path) -> None:
    """Write it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(manual(), "utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
