"""A number of the Dutch trade register (KvK): how people write it, and which point at nobody."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DIGITS = 8
_MADE_UP = frozenset({"12345678", "87654321", *(digit * _DIGITS for digit in "0123456789")})
"""What people type to have something there: the same for many, so it points at none of them."""

_RUN = re.compile(r"\d(?:[\d .\-/]*\d)?", re.ASCII)
_DECIMALS = re.compile(r"(\d{7,8})[.,]0+", re.ASCII)
_DAY = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", re.ASCII)
_REST = re.compile(r"\d{7,}[.]\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kvk:
    """What was typed as a KvK number, understood.

    ``number`` has eight digits, or is empty when there are not eight; ``restored`` says that the
    zero in front was put back, which spreadsheet programs drop.
    """

    number: str = ""
    restored: bool = False

    @property
    def usable(self) -> str:
        """The number when it points at one organisation, else empty."""
        return "" if self.number in _MADE_UP else self.number


_LONGEST = 200
"""A longer text is a story, not a number."""


def read_kvk(text: str) -> Kvk:
    """Understand a KvK number as text: spaces, dots and words around it do no harm.

    Two numbers in one cell, a date, a phone number or a number with decimals are none.
    """
    return _read(text) if len(text) <= _LONGEST else Kvk()


@lru_cache(maxsize=20_000)
def _read(text: str) -> Kvk:
    plain = unicodedata.normalize("NFKC", text).strip().strip("'’")
    if match := _DECIMALS.fullmatch(plain):
        digits = match[1]
    else:
        runs = _RUN.findall(plain)
        if len(runs) != 1 or _DAY.fullmatch(runs[0]) or _REST.fullmatch(runs[0]):
            return Kvk()
        digits = re.sub(r"\D", "", runs[0])
    if len(digits) == _DIGITS - 1:
        return Kvk(digits.zfill(_DIGITS), restored=True)
    return Kvk(digits) if len(digits) == _DIGITS else Kvk()
