"""Whether the questions of a file are those of another workbook, row by row.

An answer belongs to a question, not to a number. Until a person has said how a changed question
relates to the old one, nothing of it may pass for an answer to the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import Edition, NormPart, Requirement
from hkz_xlsx.norm.routes import Edge, plain_route, route_between
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.sheets.assessment_sheet import QUESTION


@dataclass(frozen=True, slots=True)
class QuestionDifference:
    """Questions that are not the same in two workbooks.

    ``changed`` are numbers whose text or rules differ. ``unsure`` are numbers of which that
    cannot be said, by part: the question set is not here as it was when the file was made.
    ``gone`` and ``added`` are numbers that only one of the two question sets has.
    """

    changed: tuple[str, ...] = ()
    unsure: Mapping[str, tuple[str, ...]] | None = None
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """``unsure``, empty when there are none; keys are editions as people write them."""
        return self.unsure or {}


@dataclass(frozen=True, slots=True)
class Passage:
    """What the rows of a file say about the rows of another workbook.

    Attributes:
        onward: by old row the rows that it says something about, and what.
        unsure: old rows of question sets that are not here as they were when the file was made,
            by edition.
        names: the crosswalks that were followed.
        tables: what those say of tables besides questions.
    """

    onward: Mapping[str, tuple[Edge, ...]]
    unsure: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)


def passage(
    then: Submission,
    plan: WorkbookPlan,
    library: Library | None = None,
    identity: Identity | None = None,
) -> Passage:
    """The way from the questions of a file to those of another workbook.

    Args:
        then: the file.
        plan: the other workbook.
        library: the norms with their crosswalks; without it questions are compared as they are.
        identity: what that workbook says of itself when it was read; else it is made now.

    Raises:
        HkzError: a crosswalk on the way is wrong, stale, or missing from a chain.
    """
    now_said = {e.part: e for e in (identity or plan.identity).editions}
    then_said = {e.part: e for e in then.identity.editions}
    now_parts = {p.id: p for p in plan.model.selection.parts}
    onward: dict[str, tuple[Edge, ...]] = {}
    unsure: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    tables: dict[str, str] = {}
    for part in then.plan.model.selection.parts:
        other = now_parts.get(part.id)
        if other is None:
            continue
        before, after = then_said.get(part.id), now_said.get(part.id)
        if before == after and before is not None and before.fingerprint:
            onward |= {row: (Edge(row, row, "equal"),) for row in _rows(part)}
        elif _is(before, part) and _is(after, other):
            route = route_between(library, part, other) if library else plain_route(part, other)
            onward |= route.onward()
            names += route.names
            tables |= route.tables or {}
        else:
            common = tuple(row for row in _rows(part) if row in _rows(other))
            onward |= {row: (Edge(row, row, "shown"),) for row in common}
            if common:
                lost = after if _is(before, part) else before
                unsure[str(lost or part.edition)] = common
    return Passage(onward, unsure, tuple(names), tables)


def difference(then: Submission, plan: WorkbookPlan, way: Passage) -> QuestionDifference:
    """What differs between the questions of a file and those of another workbook.

    Args:
        then: the file.
        plan: the other workbook.
        way: from the one to the other, as `passage` gives it.
    """
    parts = {part.id for part in plan.model.selection.parts}
    old = [row for p in then.plan.model.selection.parts if p.id in parts for row in _rows(p)]
    mine = {p.id for p in then.plan.model.selection.parts}
    new = [row for p in plan.model.selection.parts if p.id in mine for row in _rows(p)]
    doubtful = {row for rows in way.unsure.values() for row in rows}
    changed = [
        edge.new
        for row in old
        for edge in way.onward.get(row, ())
        if edge.standing != "equal" and row not in doubtful
    ]
    reached = {edge.new for edges in way.onward.values() for edge in edges}
    return QuestionDifference(
        tuple(dict.fromkeys(changed)),
        way.unsure,
        tuple(row for row in old if row not in way.onward),
        tuple(row for row in new if row not in reached),
    )


def _is(said: Edition | None, part: NormPart) -> bool:
    """Whether a part is here with the very content that a file was made from."""
    return said is not None and said == part.edition


def _rows(part: NormPart) -> dict[str, Requirement]:
    return {row.id: row for _, _, row in part.requirements()}


def questions(then: Submission) -> Mapping[str, str]:
    """Number to question as it stood in a file: as it is here, or as a cell says otherwise."""
    selection = then.plan.model.selection
    lang = then.plan.lang
    found = {row.requirement.id: row.requirement.question.get(lang) for row in selection.rows}
    return {**found, **dict(_written(then))}


def _written(then: Submission) -> Iterator[tuple[str, str]]:
    for one in then.altered:
        if one.address.column == QUESTION and one.value:
            yield one.address.row, one.value
