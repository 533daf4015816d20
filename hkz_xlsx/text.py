"""Languages, bilingual texts and the product's own message catalogues.

Three kinds of text have three homes: norm texts live in ``norms/``, product texts in
``hkz_xlsx/catalogues/<lang>.yaml``, template texts in ``templates/``. Code only knows keys.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from hkz_xlsx.releases import released_texts, releases

Lang = Literal["nl", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

TODAY = ""
"""The wording of the catalogues as they are now; other wordings are called by their release."""

WORKBOOK_SECTIONS = frozenset(
    {
        "assessment", "choice", "column", "evidence", "form", "help", "lists", "loose", "merge",
        "object", "overview", "plan", "print", "product", "prompt", "quick", "repair", "result",
        "review", "scope", "score", "selfcheck", "sheet", "start", "steps",
    }
)  # fmt: skip
"""Sections of the catalogues with the texts that stand in workbooks and in lists that people
send back: a release keeps those."""

Messages = Callable[[str], str]
"""Looks up the text of a catalogue key in one language."""


_CONTROLS, _SIGNS, _BYTES = 32, 0x2400, 0xDC00
"""Control characters are below 32, signs for them begin at U+2400; Python keeps a byte of a file
name that is no text as a lone surrogate."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language of the product."""

    nl: str
    en: str

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by the norm loader only

    def get(self, lang: Lang) -> str:
        """The text in ``lang``."""
        return self.nl if lang == "nl" else self.en


class NumberText(str):
    """A number with a point, as data has it: the same text to a program, and to a person the number
    in the language of the message that it stands in."""

    __slots__ = ()


def spoken(text: str, lang: Lang) -> str:
    """A text for a line of a message: a number in the language, all else as it stands."""
    return text.replace(".", ",") if lang == "nl" and isinstance(text, NumberText) else text


def _flatten(prefix: str, node: object, into: dict[str, str]) -> None:
    if isinstance(node, Mapping):
        for key, value in node.items():
            _flatten(f"{prefix}.{key}" if prefix else str(key), value, into)
    else:
        into[prefix] = str(node).strip()


def _read(lang: Lang) -> Mapping[str, str]:
    """The catalogue file of a language, by dotted key."""
    # Imported late: ``hkz --help`` needs no catalogue.
    from importlib import resources

    import yaml

    raw = (resources.files("hkz_xlsx") / "catalogues" / f"{lang}.yaml").read_text("utf-8")
    flat: dict[str, str] = {}
    # BaseLoader keeps every scalar as text: an unquoted "No" or "4.10" must not change. The one
    # in C takes a tenth of the time.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    _flatten("", yaml.load(raw, loader), flat)  # noqa: S506 - BaseLoader builds text only
    return flat


def seen(text: str) -> str:
    """A text of a stranger for a line of a message: nothing in it is run, and all of it is seen.

    Ends of lines and control characters become their signs (``↵``, ``␛``), blanks of any width a
    blank, a byte of a file name that is no text ``%FF``, and what cannot be seen its ``U+200B``.
    """
    return text if text.isprintable() else "".join(map(_seen, text.replace("\r\n", "\n")))


def _seen(char: str) -> str:
    code = ord(char)
    if char.isprintable():
        return char
    if char in "\n\r\x85\u2028\u2029":
        return "↵"
    if char == "\t" or unicodedata.category(char) == "Zs":
        return " "
    if code < _CONTROLS:
        return chr(_SIGNS + code)
    if _BYTES <= code < _BYTES + 256:
        return f"%{code - _BYTES:02X}"
    return f"U+{code:04X}"


@cache
def catalogue(lang: Lang, wording: str = TODAY) -> Mapping[str, str]:
    """All product texts of one language by dotted key.

    Args:
        lang: the language.
        wording: the release whose workbooks are meant: their texts are those of then, all
            other texts are those of today.
    """
    return {**_read(lang), **released_texts(wording)[lang]} if wording else _read(lang)


def messages(lang: Lang, wording: str = TODAY) -> Messages:
    """The lookup function of one language; an unknown key is our mistake and raises KeyError."""
    return catalogue(lang, wording).__getitem__


class Counted(str):
    """A number in a text that says what is counted: ``{count:cel|cellen}`` is *1 cel*, *2 cellen*.

    Any words may stand there, with ``#`` for the number: ``{count:is # cel|zijn # cellen}``.
    """

    __slots__ = ()

    def __format__(self, words: str) -> str:
        one, bar, many = words.partition("|")
        if not bar:
            return format(str(self), words)
        chosen = one if str(self) == "1" else many
        return chosen.replace("#", str(self)) if "#" in chosen else f"{self!s} {chosen}"


def say(lang: Lang, key: str, /, **slots: object) -> str:
    """The text of ``key`` with its ``{slots}`` filled in."""
    text = catalogue(lang)[key]
    if "|" in text:  # else no word in it depends on a number
        slots = {k: Counted(v) if isinstance(v, int) else v for k, v in slots.items()}
    return text.format(**slots)


def listed(parts: Sequence[str], lang: Lang) -> str:
    """Parts with commas, and a word before the last."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to put a word between
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {say(lang, 'report.sentence.and')} {parts[-1]}"


def every_wording() -> tuple[str, ...]:
    """The wording of today, then that of every release, the newest first."""
    return (TODAY, *(release.version for release in reversed(releases())))


@cache
def is_todays(wording: str, lang: Lang) -> bool:
    """Whether the workbooks of a release have the texts of today, and no text came since: what a
    workbook says is the fingerprint of all of them."""
    return released_texts(wording)[lang] == workbook_texts(lang)


def workbook_texts(lang: Lang) -> Mapping[str, str]:
    """The texts of today that stand in workbooks, by dotted key."""
    return {
        key: text for key, text in catalogue(lang).items()
        if key.partition(".")[0] in WORKBOOK_SECTIONS
    }  # fmt: skip


def fingerprint(texts: Mapping[str, str]) -> str:
    """A short fingerprint of texts by key, whatever their order."""
    import hashlib
    import json

    plain = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()[:16]


@cache
def wording_print(lang: Lang, wording: str = TODAY) -> str:
    """The fingerprint of the texts that stand in workbooks."""
    for release in releases():
        if release.version == wording:
            return release.wording[lang]
    return fingerprint(workbook_texts(lang))
