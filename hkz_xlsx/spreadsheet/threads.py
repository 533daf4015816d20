"""What people wrote in comments, without what the program wrote around it.

Excel keeps a conversation in a part of its own, and for older programs a copy in a note: a title
in brackets, a paragraph that says what the program can do, and then the texts. Which language it
is in does not matter: the address in the paragraph, or the author of the note, tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ADDRESS = "linkid=870924"
_AUTHOR = "tc={"
_LABEL = re.compile(r"\A[^\n:]{1,40}:[ \t]*(?:\n|\Z)")
_INDENT = re.compile(r"^ {4}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ThreadComment:
    """One text of a conversation; ``who`` is empty where the file does not say."""

    who: str
    text: str


def is_copy(text: str, author: str = "") -> bool:
    """Whether a note is the copy of a conversation that a program made for older programs."""
    known = _ADDRESS in text or author.strip().startswith(_AUTHOR)
    return known and text.lstrip().startswith("[")


def without_boilerplate(text: str, author: str = "") -> str:
    """A note without the program's own words, as people wrote it; any other note stays as it is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not is_copy(text, author):
        return text
    if _ADDRESS in text:
        rest = text.partition(_ADDRESS)[2]
    else:
        # The title, the paragraph, and what follows them.
        rest = "\n\n".join(re.split(r"\n[ \t]*\n", text.strip(), maxsplit=2)[2:])
    rest = rest.lstrip(" \t\n.")
    return _INDENT.sub("", _LABEL.sub("", rest, count=1)).strip()


def conversation(said: Sequence[ThreadComment]) -> str:
    """A conversation as one text; who said what, when there is more than one text."""
    if len(said) == 1:
        return said[0].text.strip()
    return "\n".join(
        f"{one.who}: {one.text.strip()}" if one.who else one.text.strip() for one in said
    )
