"""Csv as spreadsheet programs save it, and cells of csv that they do not run."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

_MARKS = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 with a mark, UTF-8 without, else what Windows uses in western Europe.

    Raises:
        UnicodeDecodeError: none of these.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet program would take for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_LIVE) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_LIVE) else text
