"""Whether questions can be answered by the people they are for: form, length, readability."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hkz_xlsx.norm.authoring import PLACEHOLDERS
from hkz_xlsx.norm.files import folder_name
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import NormPart, Requirement
from hkz_xlsx.norm.readability import reading_ease, words
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.text import LANGS, Lang, Text

MAX_QUESTION_WORDS = 26
MAX_TIP, MAX_EXAMPLE = 340, 80
"""Characters that fit the cells of the assessment sheet."""

LEAST_EASE: dict[Lang, float] = {"nl": 30.0, "en": 45.0}
"""Reading ease of question and tip together; one hard word in a short text weighs heavily."""

_TWO_THINGS = re.compile(r"\ben/of\b|\band/or\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(?<!art\. )(?<!\d\.)\b[1-9]\.\d{1,2}(?:\.\d{1,2})?\b")
"""Looks like a paragraph of a norm; articles of laws are written as ``art. 3.1``."""


def check_content(parts: Sequence[NormPart]) -> Iterator[Problem]:
    """Every mistake in the texts of these parts, row by row."""
    seen: dict[tuple[Lang, str], str] = {}
    for part in parts:
        where = Where(_name(part))
        for lang in LANGS:
            if "NEN" not in part.notice.get(lang):
                yield problem("NORM_NOTICE", where)
        if part.status == "released":
            for left in sorted(PLACEHOLDERS & set(_written(part))):
                yield problem("NORM_PLACEHOLDER", where, value=left)
        for _, _, row in part.requirements():
            place = Where(where.file, None, "", "", row.id)
            yield from _row(row, place)
            for lang in LANGS:
                key = (lang, row.question.get(lang).casefold())
                first = seen.setdefault(key, row.id)
                if first != row.id:
                    yield problem("NORM_QUESTION_SAME", place, other=first)


def _written(part: NormPart) -> Iterator[str]:
    """The texts of a part that its author writes, but for tips and evidence."""
    yield part.number
    told = [part.name, part.short_name, part.scope]
    for rubriek in part.rubrieken:
        told += [rubriek.title, *(topic.title for topic in rubriek.topics)]
    told += [row.question for _, _, row in part.requirements()]
    yield from (text.get(lang) for text in told for lang in LANGS)


def check_drafts(library: Library) -> Iterator[Problem]:
    """Mistakes in the texts of every draft, as it would stand among the newest of other parts."""
    for draft in library.drafts():
        coming = {part.id: part for part in library.newest()}
        for other in reversed(library.drafts()):
            if other.edition.revision == draft.edition.revision or other.id not in coming:
                coming[other.id] = other
        others = [part for part in coming.values() if part.id != draft.id]
        name = _name(draft)
        yield from (p for p in check_content([*others, draft]) if p.where.file == name)


def _name(part: NormPart) -> str:
    return f"{part.id}/{folder_name(part.edition.edition)}/{part.edition.revision}"


def _row(row: Requirement, where: Where) -> Iterator[Problem]:
    for lang in LANGS:
        yield from _question(row.question.get(lang), where)
        yield from _lengths(row, lang, where)
        ease = reading_ease(f"{row.question.get(lang)} {row.tip.get(lang)}", lang)
        if ease < LEAST_EASE[lang]:
            yield problem(
                "NORM_READABILITY", where, lang=lang, ease=round(ease), least=LEAST_EASE[lang]
            )
    for text in _texts(row):
        if found := _PARAGRAPH.search(text):
            yield problem("NORM_PARAGRAPH", where, value=found[0])


def _question(question: str, where: Where) -> Iterator[Problem]:
    if not question.endswith("?") or question.count("?") > 1:
        yield problem("NORM_QUESTION_FORM", where, question=question)
    if _TWO_THINGS.search(question):
        yield problem("NORM_QUESTION_TWO", where, question=question)
    count = len(words(question))
    if count > MAX_QUESTION_WORDS:
        yield problem("NORM_QUESTION_LONG", where, count=count, limit=MAX_QUESTION_WORDS)


def _lengths(row: Requirement, lang: Lang, where: Where) -> Iterator[Problem]:
    examples = row.evidence.nl if lang == "nl" else row.evidence.en
    for text, limit in ((row.tip.get(lang), MAX_TIP), *((e, MAX_EXAMPLE) for e in examples)):
        if len(text) > limit:
            yield problem("NORM_TEXT_LONG", where, length=len(text), limit=limit, text=text[:40])


def _texts(row: Requirement) -> Iterator[str]:
    both: tuple[Text, ...] = (row.question, row.tip)
    for text in both:
        yield from (text.nl, text.en)
    yield from (*row.evidence.nl, *row.evidence.en)
