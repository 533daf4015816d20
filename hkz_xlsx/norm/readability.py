"""How hard a text is to read: published measures, on syllables counted by hyphenation.

Dutch: Flesch-Douma (W.H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960).
English: Flesch Reading Ease (R. Flesch, A new readability yardstick, 1948).
Both run from about 0 (very hard) to 100 (very easy).
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

from hkz_xlsx.text import Lang

_DICTIONARY = {"nl": "nl_NL", "en": "en_GB"}
# (constant, per word of a sentence, per syllable of a word)
_WEIGHTS = {"nl": (206.84, 0.93, 77.0), "en": (206.835, 1.015, 84.6)}

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:;]+(?:\s|$)")


@cache
def _hyphenator(lang: Lang) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=_DICTIONARY[lang])


def words(text: str) -> list[str]:
    """The words of a text, without numbers and signs."""
    return _WORD.findall(text)


def reading_ease(text: str, lang: Lang) -> float:
    """The reading ease of a text; 100 for a text without words."""
    found = words(text)
    if not found:
        return 100.0
    sentences = max(1, sum(bool(words(s)) for s in _SENTENCE_END.split(text)))
    hyphenator = _hyphenator(lang)
    syllables = sum(len(hyphenator.positions(word.lower())) + 1 for word in found)
    constant, per_word, per_syllable = _WEIGHTS[lang]
    return constant - per_word * len(found) / sentences - per_syllable * syllables / len(found)
