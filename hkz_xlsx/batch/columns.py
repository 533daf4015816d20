"""The columns of a client list, known by their headers in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.scoring.cell_values import RawValue, shown
from hkz_xlsx.text import LANGS, Lang, catalogue

ORGANISATION = (
    "name", "location", "kvk", "branch", "municipality", "contact", "email", "fte", "assessor",
)  # fmt: skip
"""Columns that are filled in as they are; the keys are those of the form on Start."""

KEYS = (
    *ORGANISATION[:-1], "funding", "assessor", "reference_date", "norms", "scope", "core",
    "lang", "template", "previous", "same_client", "file",
)  # fmt: skip
"""Every column with a meaning, in the order of the example. Others are free."""


SECRET = ("password",)
"""Columns that are understood too, but stand in no example, file name, manifest or message."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its place (0-based), key, or the header of a free column."""

    place: int
    key: str
    header: str


def header(key: str, lang: Lang) -> str:
    """The header that is written."""
    return catalogue(lang)[f"batch.column.{key}.header"]


@cache
def spellings() -> Mapping[str, str]:
    """Every header that is understood, folded, with its key."""
    found = {}
    for key in (*KEYS, *SECRET):
        found[folded(key)] = key
        for lang in LANGS:
            also = catalogue(lang)[f"batch.column.{key}.also"].split(";")
            for text in (header(key, lang), *also):
                found[folded(text)] = key
    return found


def headings_of(row: Sequence[RawValue]) -> tuple[ListColumn, ...]:
    """Every cell of a row of headers that is not blank."""
    known = spellings()
    found = []
    for place, value in enumerate(row):
        text = " ".join(shown(value).split())
        if text:
            found.append(ListColumn(place, known.get(folded(text), ""), text))
    return tuple(found)
