"""The way of an answer from one question set to another, along crosswalks.

A route holds one edge for every old row that says something about a new one. Routes compose:
what a chain says is as weak as its weakest link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from hkz_xlsx.norm.files import MIGRATIONS
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.migrations import (
    Crosswalk,
    check_crosswalk,
    check_cycles,
    read_crosswalks,
)
from hkz_xlsx.norm.model import NormPart, Requirement
from hkz_xlsx.norm.same import question_mark
from hkz_xlsx.norm.yaml_nodes import YamlDocument
from hkz_xlsx.problems import HkzError, Problem, has_errors, problem

Standing = Literal["equal", "superset", "shown"]
"""What an old answer is to a new question: an answer; an answer to look at, as the old question
asked more; or no answer, shown beside it (subset, intersects, one of a split or a merge)."""

_RANK: Mapping[str, int] = {"equal": 0, "superset": 1, "shown": 2}


@dataclass(frozen=True, slots=True)
class Edge:
    """One old row that says something about one new row.

    ``head`` is false for all rows of a split but the first: an action goes to one row.
    ``evidence`` is true for the others too when the split says ``evidence: both``.
    """

    old: str
    new: str
    standing: Standing
    head: bool = True
    evidence: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """Every edge from one question set to another.

    Attributes:
        edges: by new row the old ones in the order in which they are put together.
        names: the crosswalks that were followed, such as ``138@2015/r1--138@2015/r2``.
        tables: what they say of tables besides questions; the last word of a chain.
    """

    edges: tuple[Edge, ...]
    names: tuple[str, ...] = ()
    tables: Mapping[str, str] | None = None

    def onward(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges of every old row that has one."""
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.old, []).append(edge)
        return {old: tuple(edges) for old, edges in found.items()}


def weakest(*standings: Standing) -> Standing:
    """What several links together come to."""
    return max(standings, key=_RANK.__getitem__)


def plain_route(old: NormPart, new: NormPart) -> Route:
    """Without a crosswalk: a number with the same question is kept, a changed one is shown."""
    return Route(tuple(_kept(_rows(old), _rows(new), frozenset(), frozenset())))


def route_of(crosswalk: Crosswalk, old: NormPart, new: NormPart) -> Route:
    """What one crosswalk says, and the rows that it leaves as they are.

    Args:
        crosswalk: from ``old`` to ``new``; not checked here.
        old: the question set that it leads from.
        new: the one that it leads to.
    """
    left = frozenset(row for step in crosswalk.steps for row in step.old)
    reached = frozenset(row for step in crosswalk.steps for row in step.new)
    edges = list(_kept(_rows(old), _rows(new), left, reached))
    for step in crosswalk.steps:
        single = len(step.old) == 1 and len(step.new) == 1
        standing: Standing = "shown"
        if single and step.relation == "equal":
            standing = "equal"
        elif single and step.relation == "superset":
            standing = "superset"
        edges += [
            Edge(before, after, standing, place == 0, place == 0 or step.evidence == "both")
            for place, after in enumerate(step.new)
            for before in step.old
        ]
    name = f"{crosswalk.source}--{crosswalk.target}"
    return Route(tuple(edges), (name,), crosswalk.tables)


def kept_rows(crosswalk: Crosswalk, old: NormPart, new: NormPart) -> tuple[str, ...]:
    """The rows that a crosswalk leaves as they are, of which the question is the same.

    Args:
        crosswalk: from ``old`` to ``new``.
        old: the question set that it leads from.
        new: the one that it leads to.

    Returns:
        ids in ``new``; what its steps name is not among them.
    """
    named = (e for e in route_of(crosswalk, old, new).edges if e.standing == "equal")
    left = {row for step in crosswalk.steps for row in step.old}
    return tuple(edge.new for edge in named if edge.old not in left)


def _rows(part: NormPart) -> dict[str, Requirement]:
    return {row.id: row for _, _, row in part.requirements()}


def _kept(
    old: Mapping[str, Requirement],
    new: Mapping[str, Requirement],
    left: frozenset[str],
    reached: frozenset[str],
) -> Iterator[Edge]:
    for key, row in new.items():
        if key in old and key not in left and key not in reached:
            same = question_mark(old[key]) == question_mark(row)
            yield Edge(key, key, "equal" if same else "shown")


def composed(one: Route, other: Route) -> Route:
    """The route of one followed by the other; of two ways between two rows the weaker."""
    behind: dict[str, list[Edge]] = {}
    for edge in one.edges:
        behind.setdefault(edge.new, []).append(edge)
    found: dict[tuple[str, str], Edge] = {}
    for after in other.edges:
        for before in behind.get(after.old, ()):
            edge = Edge(
                before.old, after.new, weakest(before.standing, after.standing),
                before.head and after.head, before.evidence and after.evidence,
            )  # fmt: skip
            known = found.get((edge.old, edge.new), edge)
            found[edge.old, edge.new] = Edge(
                edge.old, edge.new, weakest(known.standing, edge.standing),
                known.head or edge.head, known.evidence or edge.evidence,
            )  # fmt: skip
    tables = {**(one.tables or {}), **(other.tables or {})}
    return Route(tuple(found.values()), (*one.names, *other.names), tables)


Found = tuple[Crosswalk, YamlDocument]


def _crosswalks(library: Library, part: str) -> tuple[Found, ...]:
    """Crosswalks of a library; read again only when a file changed.

    Raises:
        HkzError: one of this part cannot be read; every mistake with file and line. One of another
            part keeps nobody from this one.
    """
    read = [_crosswalks_in(root) for root in library.roots]
    folder = f"{MIGRATIONS}/{part}/"
    broken = [p for _, told in read for p in told if p.where.file.startswith(folder)]
    if has_errors(broken):
        raise HkzError(*broken)
    return tuple(one for found, _ in read for one in found)


def _crosswalks_in(root: Path) -> tuple[tuple[Found, ...], tuple[Problem, ...]]:
    files = sorted((root / MIGRATIONS).glob("*/*.yaml"))
    states = ((path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    return _read(root, tuple(zip(map(str, files), states, strict=True)))


@lru_cache(maxsize=4)
def _read(
    root: Path, _files: tuple[tuple[str, tuple[int, int]], ...]
) -> tuple[tuple[Found, ...], tuple[Problem, ...]]:
    return read_crosswalks(root)


def route_between(library: Library, old: NormPart, new: NormPart) -> Route:
    """The route between two revisions, along the crosswalks of a library.

    Without any crosswalk from the one or towards the other, questions are compared as they are.

    Args:
        library: question sets with their crosswalks.
        old: the revision that a file was made from.
        new: the one of the new workbook, of the same norm.

    Raises:
        HkzError: a crosswalk on the way is wrong or stale, each mistake with file and line; or a
            link between the two is missing, which is named.
    """
    source, target = str(old.edition), str(new.edition)
    if source == target:
        return plain_route(old, new)
    found = _crosswalks(library, new.id)
    way = _way(found, source, target)
    if way is None:
        return plain_route(old, new)
    _check(library, found, way)
    routes = [route_of(one, *_ends(library, one)) for one, _ in way]
    result = routes[0]
    for route in routes[1:]:
        result = composed(result, route)
    return result


def _check(library: Library, found: Sequence[Found], way: Sequence[Found]) -> None:
    """Every mistake in the crosswalks of a way, all at once."""
    wrong = [
        *(p for one, document in way for p in check_crosswalk(library, one, document)),
        *(p for p in check_cycles(found) if p.where.file in {d.file for _, d in way}),
    ]
    if has_errors(wrong):
        raise HkzError(*wrong)


def checked_between(library: Library, old: NormPart, new: NormPart) -> Crosswalk:
    """The crosswalk from one revision to the other; a chain of several is none.

    Args:
        library: question sets with their crosswalks.
        old: the revision that it leads from.
        new: the one that it leads to.

    Raises:
        HkzError: there is none; or it is wrong or stale, each mistake with file and line.
    """
    source, target = str(old.edition), str(new.edition)
    found = _crosswalks(library, new.id)
    for one in found:
        if (str(one[0].source), str(one[0].target)) == (source, target):
            _check(library, found, [one])
            return one[0]
    choices = ", ".join(f"{c.source} → {c.target}" for c, _ in found) or "–"
    raise HkzError(problem("MIGRATION_NONE", None, source=source, target=target, choices=choices))


def _ends(library: Library, crosswalk: Crosswalk) -> tuple[NormPart, NormPart]:
    ends = [
        library.part(end.part, end.edition, end.revision)
        for end in (crosswalk.source, crosswalk.target)
    ]
    one, other = (part for part in ends if part is not None)
    return one, other


def _way(found: Sequence[Found], source: str, target: str) -> tuple[Found, ...] | None:
    """The shortest chain; None when no crosswalk leaves the one or comes to the other.

    Suggestions from another norm are no link of a chain.
    """
    onward: dict[str, list[Found]] = {}
    for one in found:
        if one[0].kind != "norm":
            onward.setdefault(str(one[0].source), []).append(one)
    ways: dict[str, tuple[Found, ...]] = {source: ()}
    waiting = [source]
    while waiting:
        here = waiting.pop(0)
        for one in onward.get(here, ()):
            end = str(one[0].target)
            if end not in ways:
                ways[end] = (*ways[here], one)
                waiting.append(end)
    if target in ways:
        return ways[target]
    into = [one for ones in onward.values() for one in ones if str(one[0].target) == target]
    if len(ways) == 1 and not into:
        return None
    last = list(ways)[-1]
    first = _begin(onward, target)
    raise HkzError(
        problem("MIGRATION_LINK_MISSING", None, source=source, target=target, old=last, new=first)
    )


def _begin(onward: Mapping[str, Sequence[Found]], target: str) -> str:
    """Where the chain that ends at a set begins."""
    before = {str(c.target): str(c.source) for ones in onward.values() for c, _ in ones}
    seen = [target]
    while seen[-1] in before and before[seen[-1]] not in seen:
        seen.append(before[seen[-1]])
    return seen[-1]
