"""What stays together on a line, and which addresses are links: decided once, for every format.

A format dresses it: a blank that does not break, or a box around letters that stay as they were
typed, so that they can be searched for and copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TIE = "\u00a0"
"""A blank at which no line ends."""

_PERCENT = re.compile(r"(?<=\d) (?=%)")
_DAY = re.compile(r"\b\d{1,2} [a-z]{3,9} (?:19|20)\d\d\b")
_HIDDEN = re.compile(
    r"\bop (?:< ?)?\d+ na\b|\bbut (?:< ?)?\d+\b|\b(?:niet getoond|not shown)\b", re.IGNORECASE
)


def _tie(found: re.Match[str]) -> str:
    return found[0].replace(" ", TIE)


def tied(text: str) -> str:
    """A text in which a number and its percent sign, a day in words, and what is said of a number
    that is not shown stand on one line."""
    if " %" in text:
        text = _PERCENT.sub(TIE, text)
    if " 20" in text or " 19" in text:
        text = _DAY.sub(_tie, text)
    if " na" in text or "getoond" in text or "ut " in text or "shown" in text:
        text = _HIDDEN.sub(_tie, text)
    return text


HYPHENED = re.compile(r"\b(?:[A-Z]{2,5}-\d{2,4}|\d{1,2}-\d{1,2}-\d{4})\b")
"""Numbers of questions and days in figures. The typesetter, LibreOffice and who else follows the
rules of Unicode end no line before a figure; a browser does. Another hyphen in them would not be
found by who searches."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A web or mail address in a text: what is shown is where it leads."""

    target: str


_ADDRESS = re.compile(
    r"(?<![\w@/.:%+-])(?:https?://|mailto:)[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+", re.IGNORECASE
)
_CLOSING = ".,;:!?'"
_AFTER = "\"')>]}|…”’»·–"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?", re.IGNORECASE)
_MAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_MOST = 2_000
"""Letters of an address: no program takes longer ones."""


def _bare(found: str) -> str:
    """Without the signs that end a sentence, and without a bracket that was opened before it."""
    while found and (found[-1] in _CLOSING or (found[-1] in ")]" and _unopened(found))):
        found = found[:-1]
    return found


def _unopened(found: str) -> bool:
    opening = "(" if found[-1] == ")" else "["
    return found.count(found[-1]) > found.count(opening)


def _safe(found: str) -> bool:
    """Whether it leads where a reader thinks: http, https or mailto, plain letters, and no name
    or password in front of the host."""
    scheme, _, rest = found.partition(":")
    if len(found) > _MOST:
        return False
    if scheme.lower() == "mailto":
        return _MAIL.fullmatch(rest) is not None
    host = re.split(r"[/?#]", rest[2:], maxsplit=1)[0]
    return _HOST.fullmatch(host) is not None


def parts(text: str) -> Iterator[str | WebAddress]:
    """A text as plain pieces and the addresses in it; what is no safe address stays plain.

    An address that goes on in letters it cannot have is none: half of it would lead elsewhere.
    """
    if "://" not in text and "mailto:" not in text:
        yield text
        return
    at = 0
    for match in _ADDRESS.finditer(text):
        found, after = _bare(match[0]), text[match.end() : match.end() + 1]
        cut = found == match[0] and after and not after.isspace() and after not in _AFTER
        if cut or after == "…" or not _safe(found):
            continue
        if match.start() > at:
            yield text[at : match.start()]
        yield WebAddress(found)
        at = match.start() + len(found)
    if at < len(text):
        yield text[at:]


_STEP = re.compile(r"[-.?&=#_%~+:@\\]?[^-/.?&=#_%~+:@\\]*/*")


def steps(word: str, most: int) -> list[str]:
    """A long word in pieces between which a line may end, where possible before or after a sign.

    Args:
        word: an address, a path, or letters without a blank.
        most: letters of a piece.

    Returns:
        the pieces, which together are the word: nothing is put in. None ends in a hyphen, that a
        reader, or a program that joins lines, would take for a word that was divided.
    """
    found: list[str] = []
    for step in _STEP.findall(word):
        if found and len(found[-1]) + len(step) <= most:
            found[-1] += step
        else:
            found += [step[i : i + most] for i in range(0, len(step), most)]
    return found
