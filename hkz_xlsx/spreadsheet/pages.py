"""Headers and footers of printed pages: the words in them, without codes and page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CODE = re.compile(
    r'&(?:(&)|(G)|([LCR])|"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d{1,3}|[A-Za-z])'
)
_WORDS = frozenset({"pagina", "page", "van", "of", "blad", "sheet", "p", "pag", "seite", "von"})


def sections(text: str) -> Iterator[tuple[str, bool]]:
    """Of a header or footer as Open XML writes it the words of every section, and whether a
    picture stands in it."""
    found: list[str] = [""]
    pictured: list[bool] = [False]
    at = 0
    for code in _CODE.finditer(text):
        found[-1] += text[at : code.start()]
        at = code.end()
        if code[1]:
            found[-1] += "&"
        elif code[2]:
            pictured[-1] = True
        elif code[3]:
            found.append("")
            pictured.append(False)
        else:
            found[-1] += " "
    found[-1] += text[at:]
    for words, picture in zip(found, pictured, strict=True):
        yield plain(words), picture


def plain(text: str) -> str:
    """Words with single blanks between; empty for what says no more than which page it is."""
    words = text.split()
    said = [w for w in words if w.strip(".,:;/|-–()").casefold() not in _WORDS]
    if not any(c.isalpha() for w in said for c in w) and len("".join(said)) < 4:  # noqa: PLR2004 - a page number
        return ""
    return " ".join(words)
