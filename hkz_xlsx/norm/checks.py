"""What a norm file must satisfy beyond its types: ids, references, languages, kerneis rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hkz_xlsx.norm.model import Law, NormPart, Requirement, Shared, Source, Theme
from hkz_xlsx.norm.rules import check_public, check_row_rules
from hkz_xlsx.norm.yaml_nodes import YamlDocument
from hkz_xlsx.problems import Problem, Where, problem

# A letter prefix, a dash and three digits: cannot be taken for a norm paragraph such as "N.N.N".
REQUIREMENT_ID = re.compile(r"[A-Z]{2,4}-\d{3}")


def check_shared(
    documents: Sequence[YamlDocument],
    laws: Sequence[Law],
    themes: Sequence[Theme],
    sources: Sequence[Source],
) -> Iterator[Problem]:
    """Unique ids, and sources that exist.

    Args:
        documents: the files of laws, themes and sources, in that order, for file and line.
        laws: what the first holds.
        themes: what the second holds.
        sources: what the third holds.
    """
    groups: tuple[tuple[str, Sequence[Law | Theme | Source]], ...] = (
        ("laws", laws), ("themes", themes), ("sources", sources),
    )  # fmt: skip
    known = {source.id for source in sources}
    for document, (name, items) in zip(documents, groups, strict=True):
        seen: set[str] = set()
        for index, item in enumerate(items):
            where = document.where(name, index, "id")
            if item.id in seen:
                yield problem("NORM_ID_TWICE", where, id=item.id)
            seen.add(item.id)
            if not isinstance(item, Source):
                place = document.where(name, index, "sources")
                yield from _unknown(place, "source", item.sources, known)


PART_ID = re.compile(r"(?!shared$)[a-z0-9][a-z0-9-]{0,29}")
EDITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+:-]{0,39}")
REVISION = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
"""Safe as folder names and in the identity of a workbook, which separates with ``@ / #``."""


def check_names(where: Where, part_id: str, edition: str, revision: str) -> Iterator[Problem]:
    """Id, edition and revision must read back from a workbook and be safe in paths.

    Args:
        where: file and line of the part's id.
        part_id: such as ``138``.
        edition: such as ``2015``.
        revision: such as ``r2``.
    """
    rules = ((PART_ID, part_id), (EDITION, edition), (REVISION, revision))
    for rule, value in rules:
        if not rule.fullmatch(value):
            yield problem("NORM_NAME", where, value=value)


def check_part(
    part: NormPart, head: YamlDocument, files: Mapping[str, YamlDocument], shared: Shared
) -> Iterator[Problem]:
    """Everything that can be wrong in a part whose types are right.

    Args:
        part: what was read.
        head: its ``norm.yaml``, for file and line.
        files: the files of its rubrieken by number, for file and line.
        shared: what its rows may refer to.
    """
    edition = part.edition
    yield from check_names(head.where("id"), part.id, edition.edition, edition.revision)
    if part.id in part.together_with or len(set(part.together_with)) < len(part.together_with):
        yield problem("NORM_ID_TWICE", head.where("together_with"), id=part.id)
    numbers = {r.number for r in part.rubrieken}
    for number, document in files.items():
        if number not in numbers:
            yield problem(
                "NORM_REFERENCE_UNKNOWN", document.where("rubriek"), kind="rubriek", value=number
            )
    for index, rubriek in enumerate(part.rubrieken):
        if rubriek.number not in files:
            yield problem(
                "NORM_FILE_MISSING", head.where("rubrieken", index),
                detail=f"rubrieken/rubriek-{rubriek.number}.yaml",
            )  # fmt: skip
    yield from _unknown(head.where("sources"), "source", part.sources, shared.sources)
    seen: set[str] = set()
    for where, requirement in _located(part, files):
        if requirement.id in seen:
            yield problem("NORM_ID_TWICE", where, id=requirement.id)
        seen.add(requirement.id)
        yield from _check_requirement(where, requirement, shared)
        yield from check_row_rules(part, requirement, where, shared)
    yield from check_public(part, head, shared)


def _located(
    part: NormPart, files: Mapping[str, YamlDocument]
) -> Iterator[tuple[Where, Requirement]]:
    for rubriek in part.rubrieken:
        for t, topic in enumerate(rubriek.topics):
            for r, requirement in enumerate(topic.requirements):
                yield files[rubriek.number].where("topics", t, "requirements", r), requirement


def _check_requirement(where: Where, row: Requirement, shared: Shared) -> Iterator[Problem]:
    if not REQUIREMENT_ID.fullmatch(row.id):
        yield problem("NORM_ID_FORM", where, id=row.id)
    if row.core and row.na_allowed and row.when is None:
        yield problem("NORM_CORE_NA", where, id=row.id)
    if len(row.evidence.nl) != len(row.evidence.en):
        yield problem("NORM_LANGUAGES_DIFFER", where, id=row.id, field="evidence")
    for name, text in (("question", row.question), ("tip", row.tip)):
        if not text.nl.strip() or not text.en.strip():
            yield problem("NORM_LANGUAGES_DIFFER", where, id=row.id, field=name)
    yield from _unknown(where, "theme", row.themes, shared.themes)
    yield from _unknown(where, "law", row.laws, shared.laws)
    yield from _unknown(where, "source", row.sources, shared.sources)
    if not row.sources and row.confidence != "general":
        yield problem("NORM_REFERENCE_UNKNOWN", where, kind="source", value="-")


def _unknown(
    where: Where, kind: str, values: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    names = set(known)
    for value in values:
        if value not in names:
            yield problem("NORM_REFERENCE_UNKNOWN", where, kind=kind, value=value)
