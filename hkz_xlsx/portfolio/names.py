"""What the keys in the tables stand for: questions, rubrieken, themes and norm parts by edition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import NormPart
from hkz_xlsx.scoring.model import rubriek_key
from hkz_xlsx.text import LANGS, Lang, messages

Row = dict[str, Any]


def parts_of(library: Library, whole: str) -> tuple[NormPart, ...]:
    """The norm parts of a set of editions, as far as they are known here."""
    found = []
    for word in whole.split():
        name, _, rest = word.partition("@")
        edition, _, revision = rest.rpartition("/")
        part = library.part(name, edition, revision)
        if part is not None:
            found.append(part)
    return tuple(found)


def requirement_rows(library: Library, wholes: Sequence[str]) -> list[Row]:
    """Every question of every edition that occurs."""
    parts = {str(p.edition): p for whole in wholes for p in parts_of(library, whole)}
    return [
        {
            "edition": edition, "part": part.id, "ordinal": ordinal, "requirement": one.id,
            "rubriek": rubriek_key(part.id, rubriek.number), "topic": topic.id,
            "weight": one.weight, "core": one.core,
            "evidence_required": one.evidence_rule == "required",
            "question_nl": one.question.nl, "question_en": one.question.en,
            "evidence_nl": "\n".join(one.evidence.nl), "evidence_en": "\n".join(one.evidence.en),
        }
        for edition, part in parts.items()
        for ordinal, (rubriek, topic, one) in enumerate(part.requirements(), 1)
    ]  # fmt: skip


def set_rows(library: Library, wholes: Sequence[str]) -> list[Row]:
    """Names of everything that has a score."""
    rows: dict[tuple[str, str, str], Row] = {}
    for whole in wholes:
        parts = parts_of(library, whole)
        for row in (*_of_whole(library, whole, parts), *_of_parts(parts)):
            rows.setdefault((row["edition"], row["level"], row["key"]), row)
    return list(rows.values())


def _named(edition: str, level: str, key: str, ordinal: int, names: dict[Lang, str]) -> Row:
    return {
        "edition": edition, "level": level, "key": key, "ordinal": ordinal,
        **{f"name_{lang}": names[lang] for lang in LANGS},
    }  # fmt: skip


def _of_whole(library: Library, whole: str, parts: tuple[NormPart, ...]) -> list[Row]:
    rows = [
        _named(whole, "total", "all", 1, {lang: messages(lang)("overview.all") for lang in LANGS})
    ]
    numbers = {part.id: part.number for part in parts}
    leading = [part for part in parts if part.structure != "organisation"]
    for ordinal, part in enumerate(leading, 1):
        members = (part.id, *part.together_with)
        name = " + ".join(numbers.get(member, member) for member in members)
        rows.append(_named(whole, "scheme", "+".join(members), ordinal, dict.fromkeys(LANGS, name)))
    if parts:
        themes = library.shared_for(*parts).themes.values()
        for ordinal, theme in enumerate(themes, 1):
            names = {lang: theme.name.get(lang) for lang in LANGS}
            rows.append(_named(whole, "theme", theme.id, ordinal, names))
    return rows


def _of_parts(parts: tuple[NormPart, ...]) -> list[Row]:
    rows = []
    for part in parts:
        edition = str(part.edition)
        names = {lang: f"{part.number} {part.short_name.get(lang)}" for lang in LANGS}
        rows.append(_named(edition, "part", part.id, 1, names))
        for ordinal, rubriek in enumerate(part.rubrieken, 1):
            titles = {lang: f"{rubriek.number}. {rubriek.title.get(lang)}" for lang in LANGS}
            key = rubriek_key(part.id, rubriek.number)
            rows.append(_named(edition, "rubriek", key, ordinal, titles))
    return rows
