"""Which code page a text of one byte per letter is in, judged by the words that come out.

A byte above 127 is a letter in every code page, each time another one. In the right one the words
are words: no capital after a small letter, no sign amid letters, no letters that western Europe
does not write. `strangeness` counts what is odd. Windows-1252 is what programs save unless they
are asked for something else, so it needs no proof; the others do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

USUAL = "cp1252"
_PAGES = {"cp850": "MS-DOS (850)", "cp437": "MS-DOS (437)", "mac_roman": "Macintosh"}
_WORD = re.compile(rb"[0-9A-Za-z'.\x80-\xff]*[\x80-\xff][0-9A-Za-z'.\x80-\xff]*")
_WEIGHTS: Mapping[str, float] = {
    **dict.fromkeys("éëïöüèÉËÏÖÜÈ", 0.0),
    **dict.fromkeys("êáóçàúâíô", 0.2),
    **dict.fromkeys("ñäåøßîûÀÁÂÄÅÇÊÎÑÔØ", 0.4),
    **dict.fromkeys("ÍÓÚÛÒÙÌÆŒ", 0.6),
    **dict.fromkeys("ãõæœìòùýÿšžÕÃŠŽÝ", 1.5),
}
"""How rare a letter is in names and words of western Europe, most of all in Dutch."""
_APOSTROPHES, _OPENING, _CLOSING = "’´", "‘“„«‚", "’”»“"
_LOOSE = frozenset("–—…•·°²³½¼¾§™®©\xa0±µ")
"""Signs that people type, and programs make, beside letters."""
_ODD, _VERY_ODD, _IMPOSSIBLE = 0.5, 4.0, 40.0
_USUAL_MAY_BE, _PROOF, _TIE = 0.4, 1.5, 0.15
"""The usual page may be so much odder than another; another needs so much proof; two pages that
differ less than a tie cannot be told apart."""
_SOUND = 2.0
"""Above this, on average, words are no words."""
_MOST_WORDS = 2_000
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class CodePage:
    """A code page: what the system calls it, what people do (the usual one has no name), and a
    word of the text as it reads it."""

    codec: str
    name: str
    sample: str = ""


class DoubtfulLetters(ValueError):  # noqa: N818 - a doubt, not a mistake
    """Letters that could be others.

    ``line`` is the 1-based line of the first; ``readings`` are words as they would be read.
    """

    def __init__(self, line: int, readings: tuple[str, ...]) -> None:
        self.line, self.readings = line, readings
        super().__init__(line, readings)


def page_of(data: bytes) -> CodePage:
    """The code page of a text that is not UTF-8.

    Raises:
        DoubtfulLetters: no code page gives sound words, or several do and differ.
    """
    words = list(dict.fromkeys(_WORD.findall(data)))[:_MOST_WORDS]
    scores = {codec: sum(strangeness(word, codec) for word in words) for codec in (USUAL, *_PAGES)}
    usual, sound = scores[USUAL], _SOUND * len(words)
    others = sorted(_PAGES, key=lambda codec: scores[codec])
    best = others[0]
    if usual <= scores[best] + _USUAL_MAY_BE:
        if usual < sound:
            return CodePage(USUAL, "")
    elif usual >= scores[best] + _PROOF and scores[best] < sound / 2:
        rivals = [codec for codec in others if scores[codec] < scores[best] + _TIE]
        if all(_same(words, best, rival) for rival in rivals):
            return CodePage(best, _PAGES[best], words[0].decode(best))
        raise _doubt(data, words, rivals)
    raise _doubt(data, words, [best, USUAL, *others[1:]])


def _same(words: list[bytes], one: str, other: str) -> bool:
    return all(word.decode(one, "replace") == word.decode(other, "replace") for word in words)


def _doubt(data: bytes, words: list[bytes], codecs: list[str]) -> DoubtfulLetters:
    for word in words:
        readings = tuple(dict.fromkeys(word.decode(codec, "replace") for codec in codecs))
        if len(readings) > 1:
            return DoubtfulLetters(data[: data.find(word)].count(b"\n") + 1, readings[:_SHOWN])
    return DoubtfulLetters(1, ())


@cache
def strangeness(word: bytes, codec: str) -> float:
    """How odd a word is when read by a code page; 0 when nothing about it is."""
    try:
        text = word.decode(codec)
    except UnicodeDecodeError:
        return _IMPOSSIBLE
    plain = [c for c in text if c.isascii() and c.isalpha()]
    shouted = len(plain) > 1 and all(c.isupper() for c in plain)
    padded = f" {text}  "
    return sum(
        _odd(padded[at - 1], char, padded[at + 1 : at + 3], shouted=shouted)
        for at, char in enumerate(padded[1:-2], 1)
        if not char.isascii()
    )


def _odd(before: str, char: str, follows: str, *, shouted: bool) -> float:
    after = follows[0]
    if char in _WEIGHTS:
        return _WEIGHTS[char] + _odd_letter(before, char, after, shouted=shouted)
    amid = before.isalpha() and after.isalpha()
    if char in _APOSTROPHES and amid:
        # Auto’s, zo’n: one letter behind it; d’Or, O’Brien, foto’en: a vowel or a capital.
        ends = not follows[1].isalpha() and after in "sntSNT"
        return 0.0 if ends or after in "aeiouyhAEIOUYH" or after.isupper() else _PROOF + _ODD
    if char in _OPENING and not before.isalpha():
        return 0.0 if char in "‘“" else _ODD
    if char in _APOSTROPHES + _CLOSING and not amid:
        return 0.0
    if char == "€":
        return 0.0 if not (before.isalpha() or after.isalpha()) else _VERY_ODD
    if char in _LOOSE:
        ends_well = not after.isalpha() or (char in "–—…°" and not before.isalpha())
        return 0.0 if ends_well else _VERY_ODD
    return _VERY_ODD


def _odd_letter(before: str, char: str, after: str, *, shouted: bool) -> float:
    """What its neighbours make of a letter, on top of how rare it is."""
    if not (before.isalpha() or after.isalpha()):
        return 0.0 if char in "àÀé" else _VERY_ODD / 2
    if char.isupper():
        if before.islower():
            return _VERY_ODD
        return _VERY_ODD / 2 if before.isupper() and after.islower() else 0.0
    if shouted or (after.isupper() and not before.islower()):
        return _VERY_ODD
    if char in "ëï" and before.isalpha() and before not in "aeiouyAEIOUY":
        return _ODD  # a diaeresis parts two vowels
    return _ODD / 2 if char == "ã" and after != "o" else 0.0
