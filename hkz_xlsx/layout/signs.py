"""What may stand beside a word from a list without making another answer of it.

A person who types ``✗ Voldoet``, ``Voldoet?`` or ``-1`` says something else than the word or
the number does. So only what cannot change the meaning is looked over; whatever else stands
there makes the answer doubtful.
"""

from __future__ import annotations

import re
import unicodedata

_TICKED = "✓✔☑✅🗹√"
_CROSSED = "✗✘❌✖"
_OWN: dict[tuple[str, str], str] = {
    ("status", "yes"): _TICKED,
    ("status", "partly"): "◐",
    ("status", "no"): _CROSSED,
    ("status", "unknown"): "?",
    ("status", "na"): "–",
    ("action_status", "done"): _TICKED,
    ("yes_no", "yes"): _TICKED,
    ("yes_no", "no"): _CROSSED,
}
"""Signs that say the same as the word: ours, and what people type for them."""

_BULLETS = "•·‣⁃◦▪∙●*\uf0b7\uf0a7"
"""Of lists that were pasted; the last two are those of Word in its own font."""

_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´′″"
_BOX = re.compile(r"\[ ?[xXvV✓✔] ?\]")
_JOINED = re.compile(r"(?<=[^\W\d_])[-‐‑_](?=[^\W\d_])")
_AFTER_NUMBER = re.compile(r"(?<=^\d)\s*[.:)]?\s*(?:[-–:=]\s+)?(?=[^\W\d_])")
_OVERLAYS = re.compile("[\u0334-\u0338\u20d2\u20d3\u20d8-\u20db\u20dd-\u20e0\u20e3-\u20e6]")
"""Marks drawn through or around a letter."""


def unboxed(text: str) -> str:
    """A text without the ticked box before it: ``[x] Voldoet``."""
    found = _BOX.match(text.lstrip())
    return text.lstrip()[found.end() :] if found else text


def doubtful(text: str, name: str, code: str, labels: tuple[str, ...]) -> bool:
    """Whether a text of which letters and digits are a word of a list may mean something else.

    Args:
        text: as typed.
        name: of the list.
        code: of the word.
        labels: the word, in every language.
    """
    if _OVERLAYS.search(unicodedata.normalize("NFD", text)):
        return True
    rest = "".join(
        c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Mn") or c.isspace()
    )
    rest = "".join(" " if c.isspace() or c in "\u200b\u2800" else c for c in rest).strip()
    rest = rest.lstrip(_BULLETS).strip()
    own = _OWN.get((name, code), "")
    before = None
    while before != rest:
        before = rest
        rest = rest.strip(_QUOTES + " ").rstrip(".,").strip()
    rest = unboxed(rest).strip() if unboxed(rest) != rest else _without(rest, own)
    rest = rest.strip(_QUOTES + " ").rstrip(".,").strip()
    rest = _JOINED.sub("", _AFTER_NUMBER.sub("", rest))
    inside = {c for label in labels for c in label if not c.isalnum()}
    return any(not c.isalnum() and c not in inside and c not in _QUOTES + " " for c in rest)


def _without(text: str, own: str) -> str:
    """Without the word's own sign, before or behind it."""
    if not own:
        return text
    if text[:1] in own and text[:1]:
        return text[1:].strip()
    return text[:-1].strip() if text[-1:] and text[-1:] in own else text
