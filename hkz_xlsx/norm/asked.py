"""What is asked for: ``138``, ``138@2015`` or ``138@2015/r2``, and what comes along with it.

A draft is used only when its revision is named. Parts that come along move with a part whose
revision was named; otherwise each is the newest released one. What differs is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hkz_xlsx.norm.files import Revision, folder_name
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import NormPart
from hkz_xlsx.problems import HkzError, Problem, problem

_FORM = re.compile(r"(?P<part>[^@/\s]+)(?:@(?P<edition>[^@/\s]+)(?:/(?P<revision>[^@/\s]+))?)?")


_IN_TEXT = re.compile(r"[a-z0-9-]+@[^\s;,/]+(?:/[a-z0-9-]+)?|[^\s;,+/]+")
"""Norm parts with any sign between them; ``2015+a1:2019/r2`` has two of those signs."""

_SKIPPED = ("hkz", "en", "and", "&")


def named_in(text: str) -> tuple[str, ...]:
    """The parts that a cell of a list names, such as ``HKZ 138 + 143@2021/r2``, each once."""
    words = _IN_TEXT.findall(text.lower())
    return tuple(dict.fromkeys(word for word in words if word not in _SKIPPED))


@dataclass(frozen=True, slots=True)
class Asked:
    """A part as a person names it; an empty edition or revision was not said."""

    part: str
    edition: str = ""
    revision: str = ""

    def __str__(self) -> str:
        edition = f"@{self.edition}" if self.edition else ""
        return f"{self.part}{edition}{f'/{self.revision}' if self.revision else ''}"

    @classmethod
    def parse(cls, text: str) -> Asked:
        """From ``138@2015/r2``; capitals make no difference in a part or a revision.

        A text of another form is the name of a part that nobody has.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            return cls(text.strip())
        revision = (found["revision"] or "").lower()
        return cls(found["part"].lower(), found["edition"] or "", revision)

    def fits(self, one: Revision) -> bool:
        """Whether a revision is what was asked for, as far as that was said."""
        edition = folder_name(self.edition) in ("", folder_name(one.edition))
        return one.part == self.part and edition and self.revision in ("", one.revision)


def part_asked(library: Library, asked: Asked) -> NormPart:
    """The revision that was named, or the newest released one.

    Raises:
        HkzError: there is none; the problem says what there is, and how a draft is asked for.
    """
    part = library.part(asked.part, asked.edition, asked.revision)
    if part is not None:
        return part
    known = library.revisions(asked.part)
    if not known:
        choices = ", ".join(library.ids) or "–"
        raise HkzError(problem("NORM_UNKNOWN", None, norm=asked, choices=choices))
    fitting = [one for one in known if asked.fits(one)]
    choices = ", ".join(map(str, fitting or known))
    code = "NORM_ONLY_DRAFT" if fitting else "EDITION_UNKNOWN"
    raise HkzError(problem(code, None, norm=asked, choices=choices))


@dataclass(frozen=True, slots=True)
class Together:
    """The parts of one workbook, what is to be said about their revisions, and the part whose
    revision the others follow: None when no revision was named."""

    parts: tuple[NormPart, ...]
    remarks: tuple[Problem, ...]
    lead: NormPart | None


def together(library: Library, asked: Sequence[Asked]) -> Together:
    """The parts asked for, with those that always come along.

    Raises:
        HkzError: with every part that is not there, or that is asked for in two ways.
    """
    named: dict[str, Asked] = {}
    problems: list[Problem] = []
    found: dict[str, NormPart] = {}
    for one in asked:
        before = named.setdefault(one.part, one)
        if before != one:
            problems.append(problem("NORM_ASKED_TWICE", None, one=before, other=one))
        elif one.part not in found:
            _add(found, problems, library, one)
    # What comes along with a draft follows it, also when another part brings it too.
    leads = [p for p in found.values() if named[p.id].revision]
    leads.sort(key=lambda part: part.status != "draft")
    waiting = [*leads, *(p for p in found.values() if p not in leads)]
    remarks: list[Problem] = []
    follow = {part.id for part in leads}
    while waiting:
        part = waiting.pop(0)
        for other in part.together_with:
            if other in found:
                continue
            follows = part.id in follow
            beside = _beside(library, part, other) if follows else Asked(other)
            companion = _add(found, problems, library, beside)
            if companion is None:
                continue
            waiting.append(companion)
            if follows:
                follow.add(other)
            remarks += _stays(library, part, companion)
    if problems:
        raise HkzError(*problems)
    lead = leads[0] if leads else None
    remarks += _not_asked(library, lead, found, named)
    parts = tuple(sorted(found.values(), key=lambda p: (p.structure == "organisation", p.id)))
    drafts = ", ".join(str(p.edition) for p in parts if p.status == "draft")
    if drafts:
        remarks.insert(0, problem("NORM_DRAFT_USED", None, drafts=drafts))
    return Together(parts, tuple(remarks), lead)


def _add(
    found: dict[str, NormPart], problems: list[Problem], library: Library, asked: Asked
) -> NormPart | None:
    try:
        part = found[asked.part] = part_asked(library, asked)
    except HkzError as fault:
        problems += [p for p in fault.problems if p not in problems]
        return None
    return part


def _beside(library: Library, part: NormPart, other: str) -> Asked:
    """A part that comes along: of the same revision; a draft only beside a draft."""
    same = [
        one
        for one in library.revisions(other)
        if one.revision == part.edition.revision and (part.status == "draft" or not one.draft)
    ]
    # A draft brings the draft, also when an older edition has a released one of that name.
    same.sort(key=lambda one: one.draft != (part.status == "draft"))
    return Asked(other, same[0].edition, same[0].revision) if same else Asked(other)


def _stays(library: Library, part: NormPart, other: NormPart) -> Iterator[Problem]:
    """Said of parts in one workbook that are not of one revision."""
    if part.edition.revision != other.edition.revision:
        choices = ", ".join(map(str, library.revisions(other.id)))
        yield problem(
            "NORM_PART_STAYS", None, part=part.edition, other=other.edition, choices=choices
        )


def _not_asked(
    library: Library,
    lead: NormPart | None,
    found: Mapping[str, NormPart],
    named: Mapping[str, Asked],
) -> Iterator[Problem]:
    """Parts asked for without a revision, beside a draft that was asked for by name."""
    if lead is None or lead.status != "draft":
        return
    for part_id, asked in named.items():
        if not asked.revision:
            yield from _stays(library, lead, found[part_id])
