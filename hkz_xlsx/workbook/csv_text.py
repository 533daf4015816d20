"""Csv as spreadsheet programs save it, and cells of csv that they do not run."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from hkz_xlsx.workbook.code_pages import DoubtfulLetters, page_of

__all__ = ["DoubtfulLetters", "Text", "decoded", "guarded", "unguarded"]

_MARKS = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SAMPLE = 4096
_MOSTLY = 0.4
"""Share of zero bytes in one half of UTF-16, in any language of western Europe; text of one byte
per letter has none."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text; when it was read by a code page that is not the usual one, the name of that and a
    word to judge it by."""

    text: str
    unusual: str = ""
    sample: str = ""


def decoded(data: bytes) -> Text:
    """UTF-8 or UTF-16, with a mark or without, else a code page of western Europe.

    Excel saves csv as Windows-1252, and under other names in its list as what MS-DOS or a
    Macintosh used.

    Raises:
        UnicodeDecodeError: none of these.
        DoubtfulLetters: more than one of them is possible, and they read other letters.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Text(data.decode(name))
    if (wide := _wide(data)) is not None:
        return Text(data.decode(wide))
    try:
        return Text(data.decode("utf-8"))
    except UnicodeDecodeError:
        page = page_of(data)
        return Text(data.decode(page.codec), page.name, page.sample)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: its letters have a zero before or after them."""
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
