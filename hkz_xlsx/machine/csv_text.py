"""Csv as spreadsheet programs save it, and cells of csv that they do not run."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from hkz_xlsx.machine.code_pages import DoubtfulLetters, page_of

__all__ = ["DecodedText", "DoubtfulLetters", "decoded", "guarded", "unguarded", "utf16"]

_WIDE_MARKS = (BOM_UTF16_LE, BOM_UTF16_BE)
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SAMPLE = 4096
_MOSTLY = 0.4
"""Share of zero bytes in one half of UTF-16, in any language of western Europe; text of one byte
per letter has none."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text; when it was read by a code page that is not the usual one, the name of that and a
    word to judge it by."""

    text: str
    unusual: str = ""
    sample: str = ""


def decoded(data: bytes) -> DecodedText:
    """UTF-8 or UTF-16, with a mark or without, else a code page of western Europe.

    Excel saves csv as Windows-1252, and under other names in its list as what MS-DOS or a
    Macintosh used.

    Raises:
        UnicodeDecodeError: none of these.
        DoubtfulLetters: more than one of them is possible, and they read other letters.
    """
    if (wide := utf16(data)) is not None:
        return DecodedText(data.decode(wide))
    try:
        return DecodedText(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        page = page_of(data)
        return DecodedText(data.decode(page.codec), page.name, page.sample)


def utf16(data: bytes) -> str | None:
    """Which UTF-16 it is, by its mark, or by the zero before or after its letters; else None."""
    if data.startswith(_WIDE_MARKS):
        return "utf-16"
    if len(data) < len("Naam"):
        return None
    even, odd = data[:_SAMPLE:2], data[1:_SAMPLE:2]
    if odd.count(0) > _MOSTLY * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > _MOSTLY * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet program would take for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_LIVE) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_LIVE) else text
