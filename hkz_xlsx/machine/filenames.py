"""File names that Windows, macOS and Linux all take, made from any text; each given once."""

from __future__ import annotations

import unicodedata

from pathvalidate import sanitize_filename

LONGEST = 120
"""Characters, and at most this many UTF-16 units: paths on Windows end at 260."""
_MOST_BYTES = 230  # file systems keep 255 bytes of a name; room for " (2).xlsx"


def _shorter(text: str) -> str:
    text = text[:LONGEST]
    while len(text.encode("utf-16-le")) // 2 > LONGEST or len(text.encode()) > _MOST_BYTES:
        text = text[:-1]
    return text.rstrip(". ")


def safe_name(text: str) -> str:
    """A name that Windows, macOS and Linux take, without its suffix; never empty.

    Characters that Windows refuses become a hyphen; ``..``, names of devices such as CON,
    dots and spaces at the ends, hyphens at the beginning, and overlong names are changed.
    """
    plain = unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode()
    # Marks that turn text around can make a name look like another kind of file.
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf" or c == "\u200d")
    plain = _shorter(plain.strip(". "))
    name = str(sanitize_filename(plain, replacement_text="-", platform="universal"))
    # A name that begins with a hyphen is taken for an option by many a command.
    return name.rstrip(". ").lstrip("-. ") or "_"


class UniqueNames:
    """Names used so far, without suffix: the same name twice, in any case, gets a number."""

    def __init__(self, *taken: str) -> None:
        self._used = dict.fromkeys(taken, 1)

    def unused(self, name: str) -> str:
        """The name, with a number behind it when it is taken."""
        found, number = name, 1
        while (key := unicodedata.normalize("NFC", found.casefold())) in self._used:
            number = self._used[unicodedata.normalize("NFC", name.casefold())] = number + 1
            found = f"{name} ({number})"
        self._used[key] = 1
        return found
