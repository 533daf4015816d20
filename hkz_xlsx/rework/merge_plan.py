"""Which files may be made one, and the workbook that they become: parts are a whole again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.whose import together
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.select import Scope
from hkz_xlsx.norm.subset import numbered
from hkz_xlsx.plan_build.build import plan_again
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.owners import owner_of, owner_place
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.newest import newest
from hkz_xlsx.scoring.choices import T


def one_workbook(submissions: Sequence[Submission]) -> bool:
    """Whether these are parts of one workbook, which is then the same workbook again."""
    ids = {one.as_understood.get(WORKBOOK_ID) for one in submissions}
    return len(ids) == 1 and all(numbered(one.identity.subset) for one in submissions)


def together_again(submissions: Sequence[Submission], whole: WorkbookPlan) -> str:
    """What parts are together: empty for the whole workbook, else the subset that they all are.

    Raises:
        HkzError: questions are missing: the parts that were not named, else the questions.
    """
    subsets = {one.identity.subset for one in submissions}
    if len(subsets) == 1:
        return subsets.pop()
    rows = {row for one in submissions for row in one.plan.model.table(T.requirements).rows}
    missing = [row for row in whole.model.table(T.requirements).rows if row not in rows]
    if not missing:
        return ""
    where = Where(submissions[0].file)
    places = [place for one in submissions if (place := numbered(one.identity.subset))]
    counts = {count for _, count in places}
    if len(places) == len(submissions) and len(counts) == 1:
        count = counts.pop()
        here = {number for number, _ in places}
        left = ", ".join(str(n) for n in range(1, count + 1) if n not in here)
        if left:
            raise HkzError(problem("MERGE_PART_MISSING", where, parts=left, count=count))
    rest = ", ".join(missing[:10])
    raise HkzError(problem("MERGE_ROWS_MISSING", where, rows=rest, count=len(missing)))


def whose(submissions: Sequence[Submission], *, same_client: bool = False) -> tuple[Problem, ...]:
    """What is to be said of whose the files are; sites of one client may be merged.

    An error is a file of another client. With ``same_client`` they were stated to be one.
    """
    sides = [(owner_of(one), owner_place(one)) for one in submissions]
    return together(sides, said=same_client)


def merge_plan(
    submissions: Sequence[Submission], library: Library, *, same_client: bool = False
) -> WorkbookPlan:
    """The plan of the merged workbook, in the newest layout: language of the first file, scopes
    taken together.

    Args:
        submissions: what was read, in the order in which the files were named.
        library: the norms.
        same_client: the files were stated to be of one client.

    Raises:
        HkzError: files of another client, or of other norms or editions than the first; every
            one is named.
    """
    others = whose(submissions, same_client=same_client)
    if has_errors(others):
        raise HkzError(*others)
    first = submissions[0].identity
    own = (set(first.asked), set(first.editions))
    wrong: list[Problem] = []
    for other in submissions[1:]:
        one = other.identity
        if own != (set(one.asked), set(one.editions)):
            # Of a draft that was edited between the two only the fingerprint differs.
            same = set(map(str, one.editions)) == set(map(str, first.editions))
            names, mine = (
                ", ".join(f"{e}#{e.fingerprint}" if same else str(e) for e in i.editions)
                for i in (one, first)
            )
            wrong.append(problem("MERGE_DIFFERENT", Where(other.file), norms=names, first=mine))
    if wrong:
        raise HkzError(*wrong)
    return _plan(submissions, library)


def _plan(submissions: Sequence[Submission], library: Library) -> WorkbookPlan:
    """The plan of the first where the others ask the same, else one that asks it all."""
    each = [one.identity for one in submissions]
    first, scopes = each[0], [one.scope for one in each]
    if all((one.scope, one.subset) == (first.scope, first.subset) for one in each):
        return newest(submissions[0].plan, max(LAYOUT_VERSION, *(one.layout for one in each)))
    scope = first.scope
    if any(one != scope for one in scopes):
        scope = Scope(_union([s.funding for s in scopes]), _union([s.activities for s in scopes]))
    layout = max(LAYOUT_VERSION, *(one.layout for one in each))
    whole = plan_again(
        library,
        replace(
            first, scope=scope, subset="", layout=layout, previous=any(e.previous for e in each)
        ),
    )
    if all(one.subset for one in each):
        subset = together_again(submissions, whole)
        if subset:
            whole = plan_again(library, replace(whole.identity, subset=subset))
    return newest(whole)


def _union(known: Sequence[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    """Words of every file; not decided when it is not decided for one of them."""
    if any(words is None for words in known):
        return None
    return tuple(dict.fromkeys(word for words in known for word in words or ()))
