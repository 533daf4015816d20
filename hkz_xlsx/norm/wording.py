"""Texts of questions against what is known of words: laws by name, and the glossary.

Only sets whose shared data say which words there are, are compared with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from hkz_xlsx.norm.files import folder_name
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import Law, NormPart, Requirement, Shared
from hkz_xlsx.norm.rules import rule_for
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.text import LANGS, Lang


def check_wordings(library: Library) -> Iterator[Problem]:
    """Every mistake in words of every set, and exceptions of duties for rows that are gone."""
    resting: dict[str, list[NormPart]] = {}
    rules: dict[str, Shared] = {}
    for part in library.parts:
        shared = library.shared_for(part)
        rules[shared.revision] = shared
        resting.setdefault(shared.revision, []).append(part)
        yield from check_wording(part, shared)
    for name, parts in resting.items():
        yield from _exceptions(rules[name], parts)


def check_wording(part: NormPart, shared: Shared) -> Iterator[Problem]:
    """Laws that are named without their tag, tags that nothing speaks of, words to avoid."""
    file = f"{part.id}/{folder_name(part.edition.edition)}/{part.edition.revision}"
    for rubriek in part.rubrieken:
        titles = [rubriek.title, *(topic.title for topic in rubriek.topics)]
        for lang in LANGS:
            texts = [title.get(lang) for title in titles]
            yield from _avoided(texts, lang, Where(file), shared)
    for _, _, row in part.requirements():
        where = Where(file, None, "", "", row.id)
        for lang in LANGS:
            yield from _avoided(_texts(row, lang), lang, where, shared)
        yield from _laws(part, row, where, shared)


def _texts(row: Requirement, lang: Lang) -> tuple[str, ...]:
    examples = row.evidence.nl if lang == "nl" else row.evidence.en
    return (row.question.get(lang), row.tip.get(lang), *examples)


def _avoided(texts: Iterable[str], lang: Lang, where: Where, shared: Shared) -> Iterator[Problem]:
    for word in shared.words:
        if word.lang != lang:
            continue
        for text in texts:
            if found := _pattern(word.avoid).search(text):
                yield problem("NORM_WORD", where, word=found[0], use=word.use, text=text[:60])


def _laws(part: NormPart, row: Requirement, where: Where, shared: Shared) -> Iterator[Problem]:
    whole = "\n".join(text for lang in LANGS for text in _texts(row, lang))
    for law in shared.laws.values():
        if law.words is None:
            continue
        named = _any(law.words.names, whole)
        if named and law.id not in row.laws:
            yield problem("NORM_LAW_UNTAGGED", where, id=row.id, law=law.id, word=named)
        if law.id in row.laws and not named and not _justified(part, row, law, whole, shared):
            words = ", ".join((*law.words.names, *law.words.about))
            yield problem("NORM_LAW_UNNAMED", where, id=row.id, law=law.id, words=words)


def _justified(part: NormPart, row: Requirement, law: Law, whole: str, shared: Shared) -> bool:
    """A tag also stands for a duty, for who pays, or where the subject of the law is named."""
    duty = shared.duties.get(row.duty)
    if duty is not None and law.id in (rule_for(duty, part.id, row.id).laws or ()):
        return True
    if row.when and set(row.when.funding) & set(law.funding):
        return True
    return law.words is not None and bool(_any(law.words.about, whole))


def _any(words: Iterable[str], text: str) -> str:
    """The first of these words that stands in a text; with a capital it must have it there."""
    for word in words:
        flags = 0 if any(c.isupper() for c in word) else re.IGNORECASE
        if found := _whole(word, flags).search(text):
            return found[0]
    return ""


@cache
def _whole(word: str, flags: int) -> re.Pattern[str]:
    """A word, or the beginning of one where it ends with an asterisk."""
    end = r"\w*" if word.endswith("*") else r"\b"
    start = r"\b" if word[0].isalnum() else ""
    return re.compile(start + re.escape(word.removesuffix("*")) + end, flags)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _exceptions(shared: Shared, parts: list[NormPart]) -> Iterator[Problem]:
    """An exception for a row that is not there, of a part that is."""
    rows = {row.id for part in parts for _, _, row in part.requirements()}
    here = {row.split("-")[0] for row in rows}
    for duty in shared.duties.values():
        for one in duty.exceptions:
            if one.row and one.row.split("-")[0] in here and one.row not in rows:
                where = Where(f"shared/{shared.revision}/duties.yaml")
                yield problem("NORM_REFERENCE_UNKNOWN", where, kind=f"row ({duty.id})",
                              value=one.row)  # fmt: skip
