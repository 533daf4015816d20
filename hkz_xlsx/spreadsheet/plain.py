"""Stretches of XML without a parser: only what every program writes, all else is not plain."""

from __future__ import annotations

import re

_FEW_CONTROLS = bytes(b for b in range(32) if b not in (9, 10, 13))
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class NotPlainError(Exception):
    """This one is for the exact reader."""


def plain_xml(data: bytes) -> str:
    """A stretch of UTF-8 as an XML parser would see its characters.

    Raises:
        NotPlainError: characters that XML does not allow, or that need a parser.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotPlainError from None
    if "]]>" in text:
        raise NotPlainError
    if text.isascii() and text.isprintable():
        return text
    forbidden = len(data.translate(None, _FEW_CONTROLS)) != len(data)
    if forbidden or "\ufffe" in text or "\uffff" in text:
        raise NotPlainError
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def unescaped(text: str) -> str:
    """References resolved.

    Raises:
        NotPlainError: an ``&`` that begins none of XML's own.
    """
    pieces, at = [], 0
    while (found := text.find("&", at)) >= 0:
        match = _ENTITY.match(text, found)
        if match is None:
            raise NotPlainError
        pieces += [text[at:found], _character(match)]
        at = match.end()
    return "".join([*pieces, text[at:]])


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    allowed = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE  # noqa: PLR2004 - XML 1.0, 2.2
    if not (allowed or 0x10000 <= code < 0x110000):  # noqa: PLR2004 - the same
        raise NotPlainError
    return chr(code)


def is_utf8(data: bytes) -> bool:
    """Whether a part is UTF-8 by its first bytes and its declaration."""
    head = data[:200]
    if head.startswith(b"\xef\xbb\xbf"):
        return False
    declaration = head.partition(b"?>")[0].lower()
    return head.startswith(b"<") and (b"encoding" not in declaration or b'"utf-8"' in declaration)
