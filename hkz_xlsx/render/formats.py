"""A document in every format that people read; each imports its library only when it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the help of commands names the formats, and must not wait for these
    from hkz_xlsx.layout.style_template import Look
    from hkz_xlsx.render.document import Document


def _html(document: Document, look: Look) -> bytes:
    from hkz_xlsx.render.html import page

    return page(document, look).encode("utf-8", "replace")


def _markdown(document: Document, _look: Look) -> bytes:
    from hkz_xlsx.render.markdown import text

    return text(document).encode("utf-8", "replace")


def _word(document: Document, look: Look) -> bytes:
    from hkz_xlsx.render.word import word_file

    return word_file(document, look)


def _pdf(document: Document, look: Look) -> bytes:
    from hkz_xlsx.render.pdf import typeset

    return typeset(document, look)


@dataclass(frozen=True, slots=True)
class Format:
    """What a document can be written as.

    Attributes:
        make: the bytes of a document, with colours and logo.
        needs: libraries that come with an extra.
        pictures: charts and lines of time are drawn; without, their tables say the same.
        chat: short enough for a chat: it is made of whole texts, which it cuts by itself.
    """

    make: Callable[[Document, Look], bytes]
    needs: tuple[str, ...] = ()
    pictures: bool = True
    chat: bool = False

    def __call__(self, document: Document, look: Look) -> bytes:
        """The bytes of a document."""
        return self.make(document, look)


FORMATS = {
    ".html": Format(_html),
    ".docx": Format(_word, needs=("docx",)),
    ".pdf": Format(_pdf, needs=("typst",)),
    ".md": Format(_markdown, pictures=False, chat=True),
}
"""Suffix → format. Commands, their help and tests take their lists from here."""
