"""File names that every system takes, from a pattern and what is known of a client."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pathvalidate import sanitize_filename

from hkz_xlsx.batch.columns import KEYS, header, spellings
from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.problems import HkzError, problem
from hkz_xlsx.text import Lang

SUFFIX = ".xlsx"
DEFAULT_PATTERN = "{name} {location} {norms}"
LONGEST = 120
"""Characters, and at most this many UTF-16 units: paths on Windows end at 260."""
_MOST_BYTES = 230  # file systems keep 255 bytes of a name; room for " (2).xlsx"
_SLOT = re.compile(r"\{([^{}]*)\}")


def check_pattern(pattern: str, free: tuple[str, ...], lang: Lang = "nl") -> None:
    """`HkzError` when a pattern names something that is not a column."""
    known = {*spellings(), *map(folded, free), "row"}
    wrong = [name for name in _SLOT.findall(pattern) if folded(name) not in known]
    rest = _SLOT.sub("", pattern)
    if wrong or "{" in rest or "}" in rest:
        names = (header(key, lang).lower() for key in KEYS if key != "file")
        choices = ", ".join(f"{{{name}}}" for name in (*names, *free))
        value = wrong[0] if wrong else pattern
        raise HkzError(problem("NAME_PATTERN", None, value=value, choices=choices))


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with its slots filled in; ``values`` by key or folded free header."""
    keys = spellings()

    def value(match: re.Match[str]) -> str:
        name = folded(match[1])
        return values.get(keys.get(name, name), "")

    text = " ".join(_SLOT.sub(value, pattern).split())
    return text[: -len(SUFFIX)] if text.lower().endswith(SUFFIX) else text


def _shorter(text: str) -> str:
    text = text[:LONGEST]
    while len(text.encode("utf-16-le")) // 2 > LONGEST or len(text.encode()) > _MOST_BYTES:
        text = text[:-1]
    return text.rstrip(". ")


def safe(text: str) -> str:
    """A name that Windows, macOS and Linux take, without its suffix; never empty.

    Characters that Windows refuses become a hyphen; ``..``, names of devices such as CON,
    dots and spaces at the ends, and overlong names are changed.
    """
    plain = unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode()
    # Marks that turn text around can make a name look like another kind of file.
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf" or c == "\u200d")
    plain = _shorter(plain.strip(". "))
    name = str(sanitize_filename(plain, replacement_text="-", platform="universal"))
    return name.strip(". ") or "-"


class Names:
    """Names used so far: the same name twice, in any case, gets a number."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def unused(self, name: str) -> str:
        """The name with its suffix, with a number behind it when it is taken."""
        found, number = name, 1
        while (key := unicodedata.normalize("NFC", found.casefold())) in self._used:
            number = self._used[unicodedata.normalize("NFC", name.casefold())] = number + 1
            found = f"{name} ({number})"
        self._used[key] = 1
        return found + SUFFIX
