"""Whether the questions of a file are those of another workbook, row by row.

An answer belongs to a question, not to a number. Until a person has said how a changed question
relates to the old one, nothing of it may pass for an answer to the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.model import Edition, NormPart, Requirement
from hkz_xlsx.norm.same import question_mark
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.sheets.assessment_sheet import QUESTION


@dataclass(frozen=True, slots=True)
class Difference:
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
    def doubtful(self) -> frozenset[str]:
        """Every number to which the old answer is no answer."""
        return frozenset((*self.changed, *(i for ids in self.parts.values() for i in ids)))

    @property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """``unsure``, empty when there are none; keys are editions as people write them."""
        return self.unsure or {}


def difference(
    then: Submission, plan: WorkbookPlan, identity: Identity | None = None
) -> Difference:
    """What differs between the questions of a file and those of another workbook.

    Args:
        then: the file.
        plan: the other workbook.
        identity: what that workbook says of itself when it was read; else it is made now.
    """
    now_said = {e.part: e for e in (identity or plan.identity).editions}
    then_said = {e.part: e for e in then.identity.editions}
    now_parts = {p.id: p for p in plan.model.selection.parts}
    changed: list[str] = []
    unsure: dict[str, tuple[str, ...]] = {}
    gone: list[str] = []
    added: list[str] = []
    for part in then.plan.model.selection.parts:
        other = now_parts.get(part.id)
        before, after = then_said.get(part.id), now_said.get(part.id)
        if other is None or (before == after and before is not None and before.fingerprint):
            continue
        old, new = _rows(part), _rows(other)
        common = tuple(key for key in old if key in new)
        gone += [key for key in old if key not in new]
        added += [key for key in new if key not in old]
        if _is(before, part) and _is(after, other):
            changed += [k for k in common if question_mark(old[k]) != question_mark(new[k])]
        elif common:
            lost = after if _is(before, part) else before
            unsure[str(lost or part.edition)] = common
    return Difference(tuple(changed), unsure, tuple(gone), tuple(added))


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
