"""A document in every format that people read; each imports its library only when it is used."""

from __future__ import annotations

from collections.abc import Callable

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


FORMATS: dict[str, Callable[[Document, Look], bytes]] = {
    ".html": _html,
    ".docx": _word,
    ".pdf": _pdf,
    ".md": _markdown,
}
"""Suffix → renderer."""
