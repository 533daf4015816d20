"""Crosswalks between two revisions, ``norms/migrations/<part>/<from>--<to>.yaml``: read, checked.

A crosswalk says of every row that is another question now what its answer says about the new
one. What it does not name stayed the same question; a row that did not, must be judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from hkz_xlsx.norm.files import MIGRATIONS, folder_name
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import Name, NormPart, Requirement, Status
from hkz_xlsx.norm.same import question_mark
from hkz_xlsx.norm.schema import typed
from hkz_xlsx.norm.yaml_nodes import YamlDocument, read_yaml
from hkz_xlsx.problems import Problem, problem
from hkz_xlsx.text import Text

Relation = Literal["equal", "superset", "subset", "intersects"]
"""What the old row says about the new one."""

Kind = Literal["revision", "edition", "norm"]
"""Our own wording, another edition of NEN, or another norm."""

UNJUDGED = "unjudged"
"""What a skeleton writes where a person has to judge; the check refuses it."""

TABLES = ("steps", "review", "findings")
"""What a crosswalk decides of besides questions."""

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class End:
    """A revision at one end; ``fingerprint`` is empty while a draft is still written."""

    part: Name
    edition: Name
    revision: Name
    fingerprint: str
    __pydantic_config__ = _STRICT

    def __str__(self) -> str:
        return f"{self.part}@{self.edition}/{self.revision}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a crosswalk came about."""

    reviewed: bool
    on: Name
    method: Literal["human", "review", "skeleton"]
    sources: tuple[str, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class CrosswalkStep:
    """Old rows to new rows; without old ones the row is new, without new ones it is gone.

    ``relation`` is checked apart, so that a wrong word is told with the step.
    """

    id: Name
    old: Annotated[tuple[str, ...], Field(alias="from")]
    new: Annotated[tuple[str, ...], Field(alias="to")]
    relation: str = ""
    why: Text | None = None
    evidence: Literal["", "both"] = ""
    answer: Literal["", "lowest"] = ""
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """One file of ``norms/migrations/``."""

    migration: Literal["1"]
    kind: Kind
    source: Annotated[End, Field(alias="from")]
    target: Annotated[End, Field(alias="to")]
    made: Provenance
    status: Status
    scales: Mapping[str, Literal["same"]]
    steps: tuple[CrosswalkStep, ...]
    tables: Mapping[str, Literal["same", "clear", "keep-open"]]
    __pydantic_config__ = _STRICT


def read_crosswalks(
    root: Path,
) -> tuple[tuple[tuple[Crosswalk, YamlDocument], ...], tuple[Problem, ...]]:
    """Every crosswalk below ``root/migrations`` that can be read, and every mistake in the rest."""
    problems: list[Problem] = []
    found = []
    for path in sorted((root / MIGRATIONS).glob("*/*.yaml")):
        document = read_yaml(path, path.relative_to(root).as_posix(), problems)
        if document is None:
            continue
        crosswalk = typed(document, Crosswalk, problems)
        if crosswalk is not None:
            found.append((crosswalk, document))
    return tuple(found), tuple(problems)


def check_migrations(library: Library, root: Path) -> Iterator[Problem]:
    """Every mistake in every crosswalk: unread, stale, incomplete, unjudged, a wrong relation."""
    crosswalks, problems = read_crosswalks(root)
    yield from problems
    for crosswalk, document in crosswalks:
        yield from check_crosswalk(library, crosswalk, document)
    yield from check_cycles(crosswalks)


def check_crosswalk(
    library: Library, crosswalk: Crosswalk, document: YamlDocument
) -> Iterator[Problem]:
    """Every mistake in one crosswalk that could be read.

    Args:
        library: where both revisions are looked for.
        crosswalk: what was read.
        document: the same as YAML gave it, for file and line.
    """
    ends = {}
    for name, end in (("from", crosswalk.source), ("to", crosswalk.target)):
        part = library.part(end.part, end.edition, end.revision)
        if part is None:
            where = document.where(name)
            yield problem("NORM_REFERENCE_UNKNOWN", where, kind="revision", value=str(end))
        else:
            ends[name] = part
            yield from _stale(end, part, crosswalk, document, name)
    yield from _place(crosswalk, document)
    yield from _head(crosswalk, document)
    yield from _relations(crosswalk, document)
    if len(ends) == 2:  # noqa: PLR2004 - both ends
        yield from _total(crosswalk, document, ends["from"], ends["to"])
        known = library.shared_for(ends["to"]).sources
        for source in crosswalk.made.sources:
            if source not in known:
                where = document.where("made", "sources")
                yield problem("NORM_REFERENCE_UNKNOWN", where, kind="source", value=source)


def kind_of(source: End, target: End) -> Kind:
    """What kind of crosswalk lies between two ends."""
    if source.part != target.part:
        return "norm"
    same = folder_name(source.edition) == folder_name(target.edition)
    return "revision" if same else "edition"


def _head(crosswalk: Crosswalk, document: YamlDocument) -> Iterator[Problem]:
    """The kind is that of its ends, each scale has a rule, and tables are known ones."""
    kind = kind_of(crosswalk.source, crosswalk.target)
    if crosswalk.kind != kind:
        yield problem("MIGRATION_KIND", document.where("kind"), kind=crosswalk.kind, right=kind)
    for scale in ("answer", "maturity"):
        if scale not in crosswalk.scales:
            yield problem("MIGRATION_SCALE", document.where("scales"), scale=scale)
    for name, known, kinds in (
        ("scales", ("answer", "maturity"), crosswalk.scales),
        ("tables", TABLES, crosswalk.tables),
    ):
        for key in kinds:
            if key not in known:
                where = document.where(name, key)
                yield problem("NORM_REFERENCE_UNKNOWN", where, kind=name, value=key)


def check_cycles(found: Sequence[tuple[Crosswalk, YamlDocument]]) -> Iterator[Problem]:
    """Question sets are followed in one direction: no way leads back to where it began."""
    onward: dict[str, set[str]] = {}
    for crosswalk, _ in found:
        onward.setdefault(str(crosswalk.source), set()).add(str(crosswalk.target))
    for crosswalk, document in found:
        source, waiting, seen = str(crosswalk.source), [str(crosswalk.target)], set[str]()
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += onward.get(here, ())
        if source in seen:
            yield problem("MIGRATION_CYCLE", document.where("to"), edition=source)


def file_name(source: End, target: End) -> str:
    """Where a crosswalk stands, below ``migrations/``."""
    ends = (f"{folder_name(e.edition)}-{e.revision}" for e in (source, target))
    return f"{target.part}/{'--'.join(ends)}.yaml"


def _place(crosswalk: Crosswalk, document: YamlDocument) -> Iterator[Problem]:
    expected = f"{MIGRATIONS}/{file_name(crosswalk.source, crosswalk.target)}"
    if document.file != expected:
        yield problem("NORM_FOLDER", document.where("to"), expected=expected)


def _stale(
    end: End, part: NormPart, crosswalk: Crosswalk, document: YamlDocument, name: str
) -> Iterator[Problem]:
    """A draft may still leave the fingerprint open; one that was filled in must be right."""
    now = part.edition.fingerprint
    if end.fingerprint == now or (not end.fingerprint and crosswalk.status == "draft"):
        return
    where = document.where(name, "fingerprint")
    yield problem("MIGRATION_STALE", where, edition=end, found=end.fingerprint or "–", now=now)


def _relations(crosswalk: Crosswalk, document: YamlDocument) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, step in enumerate(crosswalk.steps):
        where = document.where("steps", index)
        if step.id in seen:
            yield problem("NORM_ID_TWICE", where, id=step.id)
        seen.add(step.id)
        both = bool(step.old and step.new)
        if both and step.relation == UNJUDGED:
            one = ", ".join(step.new)
            yield problem("MIGRATION_UNJUDGED", document.where("steps", index, "relation"), id=one)
            continue
        right = step.relation in get_args(Relation) if both else step.relation == ""
        if not right or not (step.old or step.new):
            yield problem("MIGRATION_RELATION", where, id=step.id, relation=step.relation or "–")
        if step.why is None or not (step.why.nl.strip() and step.why.en.strip()):
            yield problem("NORM_KEY_MISSING", where, path=f"steps.{index}.why", value="", detail="")


def _total(
    crosswalk: Crosswalk, document: YamlDocument, source: NormPart, target: NormPart
) -> Iterator[Problem]:
    """Every old row once, every new row reached or new, and every changed question judged."""
    old = {row.id: row for _, _, row in source.requirements()}
    new = {row.id: row for _, _, row in target.requirements()}
    left = Counter(i for step in crosswalk.steps for i in step.old)
    reached = Counter(i for step in crosswalk.steps for i in step.new)
    for index, step in enumerate(crosswalk.steps):
        where = document.where("steps", index)
        for ids, known, said in ((step.old, old, "from"), (step.new, new, "to")):
            for one in ids:
                if one not in known:
                    slots = {"kind": f"requirement ({said})", "value": one}
                    yield problem("NORM_REFERENCE_UNKNOWN", where, **slots)
    last = {one: n for n, step in enumerate(crosswalk.steps) for one in (*step.old, *step.new)}
    for one, code in _unaccounted(old, new, left, reached):
        twice = code == "MIGRATION_TWICE" and one in last
        place: tuple[str | int, ...] = ("steps", last[one]) if twice else ("steps",)
        yield problem(code, document.where(*place), id=one)


def _unaccounted(
    old: Mapping[str, Requirement],
    new: Mapping[str, Requirement],
    left: Mapping[str, int],
    reached: Mapping[str, int],
) -> Iterator[tuple[str, str]]:
    for one, row in old.items():
        if left.get(one, 0) > 1:
            yield one, "MIGRATION_TWICE"
        elif one in left:
            continue
        elif one not in new:
            yield one, "MIGRATION_MISSING"
        elif question_mark(row) != question_mark(new[one]):
            yield one, "MIGRATION_UNJUDGED"
    for one in new:
        kept = one in old and one not in left
        times = reached.get(one, 0) + kept
        if times != 1:
            yield one, "MIGRATION_TWICE" if times else "MIGRATION_MISSING"
