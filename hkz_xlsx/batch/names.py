"""File names from a pattern and what is known of a client."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hkz_xlsx.batch.columns import KEYS, SECRET, header, spellings
from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.problems import HkzError, problem
from hkz_xlsx.text import Lang

SUFFIX = ".xlsx"
DEFAULT_PATTERN = "{name} {location} {norms}"
_SLOT = re.compile(r"\{([^{}]*)\}")


def check_pattern(pattern: str, free: tuple[str, ...], lang: Lang = "nl") -> None:
    """Refuse a pattern of file names that names something that is not a column.

    Args:
        pattern: such as ``{name} {location} {norms}``.
        free: columns of the list beyond the known ones.
        lang: language of the columns that the message names.

    Raises:
        HkzError: an unknown column, one that holds a password, or a brace that stands alone.
    """
    known = {*(s for s, key in spellings().items() if key not in SECRET), *map(folded, free), "row"}
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
