"""From what a user asks for to the norm parts, rows and verdict groups of one workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from hkz_xlsx.norm.asked import Asked, Together, together
from hkz_xlsx.norm.guide import SMALL_NORM, Guide, Round, Step, Track
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import (
    Activity,
    Edition,
    Funding,
    Law,
    NormPart,
    Profile,
    Requirement,
    Rubriek,
    Shared,
    Theme,
    Topic,
    When,
)
from hkz_xlsx.problems import HkzError, Problem, problem


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known of an organisation; None means not decided, so nothing is left out."""

    funding: tuple[str, ...] | None = None
    activities: tuple[str, ...] | None = None

    def __str__(self) -> str:
        kinds = (("funding", self.funding), ("activities", self.activities))
        return ";".join(f"{k}={','.join(v)}" for k, v in kinds if v is not None)

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Scope:
        """From ``funding=wmo,jeugdwet`` and ``activities=…``.

        Raises:
            HkzError: unknown words.
        """
        known = {"funding": get_args(Funding), "activities": get_args(Activity)}
        found: dict[str, tuple[str, ...]] = {}
        problems: list[Problem] = []
        for text in (part for whole in texts for part in whole.lower().split(";") if part.strip()):
            key, sign, rest = (piece.strip() for piece in text.partition("="))
            if key not in known or not sign:
                choices = " / ".join(f"{name}=…" for name in known)
                problems.append(problem("SCOPE_UNKNOWN", None, value=text, choices=choices))
                continue
            values = tuple(v.strip() for v in rest.split(",") if v.strip())
            wrong = [v for v in values if v not in known[key]]
            if wrong:
                choices = ", ".join(known[key])
                value = ", ".join(wrong)
                problems.append(problem("SCOPE_UNKNOWN", None, value=value, choices=choices))
            # Said twice means both: nothing that was said is dropped.
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *values)))
        if problems:
            raise HkzError(*problems)
        return cls(found.get("funding"), found.get("activities"))


@dataclass(frozen=True, slots=True)
class SelectedRow:
    """A requirement as it stands in a workbook.

    ``na_allowed`` is after the scope: a row whose condition is not decided may be n.v.t.,
    also when it is a kerneis (scoring rules, §1).
    """

    part: NormPart
    rubriek: Rubriek
    topic: Topic
    requirement: Requirement
    na_allowed: bool
    ordinal: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is certified together and so gets one verdict: part ids, thresholds, name owner."""

    id: str
    parts: tuple[str, ...]
    owner: NormPart
    profile: Profile


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything of the norms that one workbook is made from.

    ``remarks`` are what is to be said about the revisions that were chosen, ``subset`` says
    which part of a workbook the rows are, as `hkz_xlsx.norm.subset` does.
    """

    parts: tuple[NormPart, ...]
    rows: tuple[SelectedRow, ...]
    left_out: tuple[Requirement, ...]
    schemes: tuple[Scheme, ...]
    shared: Shared
    scope: Scope
    guide: Guide
    remarks: tuple[Problem, ...] = ()
    subset: str = ""

    @property
    def editions(self) -> tuple[Edition, ...]:
        """Edition of every part, in workbook order."""
        return tuple(p.edition for p in self.parts)

    @property
    def parts_with_rows(self) -> tuple[NormPart, ...]:
        """Parts that ask something in this workbook: all of them, but in a subset."""
        asking = {row.part.id for row in self.rows}
        return tuple(part for part in self.parts if part.id in asking)

    def steps(self, name: Round) -> tuple[Step, ...]:
        """Steps of a round on the way that fits the size, in written order.

        A workbook with the norm for small organisations has the short way, where there is one.
        """
        small = any(part.id == SMALL_NORM for part in self.parts)
        track: Track = "short" if small and "short" in self.guide.tracks else "long"
        return self.guide.of(name, track)

    def served(self, step: Step) -> tuple[str, ...]:
        """Ids of the rows in this workbook that a step works on, in written order."""
        return tuple(
            row.requirement.id
            for row in self.rows
            if row.topic.id in step.serves.get(row.part.id, ())
        )

    def themes(self) -> tuple[Theme, ...]:
        """Themes that at least one row carries, in written order."""
        used = {t for row in self.rows for t in row.requirement.themes}
        return tuple(t for t in self.shared.themes.values() if t.id in used)

    def laws(self) -> tuple[Law, ...]:
        """Laws that at least one row touches, in written order."""
        used = {law for row in self.rows for law in row.requirement.laws}
        return tuple(law for law in self.shared.laws.values() if law.id in used)


def _holds(when: When | None, scope: Scope) -> bool | None:
    """True, False, or None while the scope does not decide it."""
    if when is None:
        return True
    answers: list[bool | None] = []
    for wanted, known in ((when.funding, scope.funding), (when.activities, scope.activities)):
        if wanted:
            answers.append(None if known is None else bool(set(wanted) & set(known)))
    if False in answers:
        return False
    return None if None in answers else True


def _exactly(library: Library, asked: Sequence[Asked], editions: Sequence[Edition]) -> Together:
    """The very revisions that a file names, drafts too."""
    exact = {e.part: e for e in editions}
    found: dict[str, NormPart] = {}
    problems: list[Problem] = []
    waiting = [one.part for one in asked]
    while waiting:
        part_id = waiting.pop(0)
        if part_id in found:
            continue
        edition = exact.get(part_id)
        part = (
            library.part(part_id, edition.edition, edition.revision)
            if edition
            else library.part(part_id)
        )
        if part is None:
            choices = ", ".join(map(str, library.revisions(part_id))) or ", ".join(library.ids)
            wanted = str(edition or part_id)
            code = "EDITION_UNKNOWN" if edition else "NORM_UNKNOWN"
            problems.append(problem(code, None, norm=wanted, choices=choices))
            continue
        found[part_id] = part
        waiting.extend(part.together_with)
    if problems:
        raise HkzError(*problems)
    parts = tuple(sorted(found.values(), key=lambda p: (p.structure == "organisation", p.id)))
    return Together(parts, (), None)


def _schemes(parts: Sequence[NormPart]) -> tuple[Scheme, ...]:
    """One verdict per sector part with its Algemeen Organisatiedeel, one per stand-alone norm."""
    return tuple(
        Scheme("+".join((p.id, *p.together_with)), (p.id, *p.together_with), p, p.profile)
        for p in parts
        if p.structure != "organisation"
    )


def _rows(parts: Sequence[NormPart], scope: Scope) -> tuple[list[SelectedRow], list[Requirement]]:
    """The rows that hold or may hold, and what is left out."""
    rows: list[SelectedRow] = []
    left_out: list[Requirement] = []
    ordinal = 0
    for part in parts:
        for rubriek, topic, requirement in part.requirements():
            ordinal += 1
            holds = _holds(requirement.when, scope)
            if holds is False:
                left_out.append(requirement)
                continue
            undecided = holds is None
            na_allowed = requirement.na_allowed and (not requirement.core or undecided)
            rows.append(
                SelectedRow(part, rubriek, topic, requirement, na_allowed or undecided, ordinal)
            )
    return rows, left_out


def select(
    library: Library,
    part_ids: Sequence[str],
    scope: Scope | None = None,
    editions: Sequence[Edition] = (),
    guide: str = "",
) -> Selection:
    """The parts asked for with those they are inseparable from, and the rows that hold.

    Args:
        library: what can be chosen from.
        part_ids: such as ``138`` or ``138@2015/r2``; ``123`` comes along with it. A draft is
            used only when its revision is named.
        scope: what is known of funding and activities.
        editions: exact editions, for reading a file back; the newest released ones otherwise.
        guide: exact revision of the step plan, likewise.

    Raises:
        HkzError: unknown part or edition, or an organisation part without a sector part.
    """
    scope = scope or Scope()
    asked = [Asked.parse(text) for text in part_ids]
    chosen = _exactly(library, asked, editions) if editions else together(library, asked)
    parts = chosen.parts
    if all(p.structure == "organisation" for p in parts):
        sectors = ", ".join(p.id for p in library.newest() if p.structure == "sector")
        raise HkzError(problem("NORM_NEEDS_SECTOR", None, norm=parts[0].id, choices=sectors))
    rows, left_out = _rows(parts, scope)
    empty = [s for s in _schemes(parts) if not any(r.part.id in s.parts for r in rows)]
    if empty:
        raise HkzError(*(problem("NORM_NO_ROWS", None, norm=s.id) for s in empty))
    lead = chosen.lead
    steps = library.guide(guide) if guide or lead is None else library.guide_beside(lead)
    if steps is None:
        choices = ", ".join(library.guides) or "–"
        raise HkzError(problem("EDITION_UNKNOWN", None, norm=f"steps/{guide}", choices=choices))
    shared = library.shared_for(*parts)
    return Selection(
        parts, tuple(rows), tuple(left_out), _schemes(parts), shared, scope, steps, chosen.remarks
    )
