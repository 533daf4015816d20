"""What differs between two revisions of a norm part, row by row; the skeleton of a crosswalk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.migrations import (
    UNJUDGED,
    Crosswalk,
    CrosswalkStep,
    End,
    kind_of,
    read_crosswalks,
)
from hkz_xlsx.norm.model import Examples, NormPart, Requirement, When
from hkz_xlsx.norm.same import COUNTED, question_mark
from hkz_xlsx.text import Lang, Text

_OTHERS = ("tip", "evidence", "themes", "laws", "iso9001", "confidence", "sources", "duty")
FIELDS = (*COUNTED, *_OTHERS)
"""Keys of a row that are compared: those that make another question first."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One key of a row: as it was and as it is; a text has both languages."""

    key: str
    old: Text
    new: Text


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that stands in both; ``judged`` is the step of a crosswalk about it, when there is."""

    id: str
    question: Text
    fields: tuple[FieldChange, ...]
    judged: CrosswalkStep | None = None


@dataclass(frozen=True, slots=True)
class PartDifference:
    """Two revisions, row by row.

    Attributes:
        old: the one.
        new: the other.
        kept: how many rows are the same in every respect.
        changed: rows that ask something else now, or count by another rule.
        explained: rows that ask the same and are explained otherwise (tip, examples, themes).
        gone: rows that only the old one has.
        added: rows that only the new one has.
        steps: steps of the crosswalk between the two, by each row that they name.
    """

    old: NormPart
    new: NormPart
    kept: int
    changed: tuple[RowChange, ...]
    explained: tuple[RowChange, ...]
    gone: tuple[Requirement, ...]
    added: tuple[Requirement, ...]
    steps: Mapping[str, CrosswalkStep]

    def relation(self, row: str) -> str:
        """What a crosswalk says of a row; empty when there is none or nothing is said."""
        step = self.steps.get(row)
        return step.relation if step else ""


def part_difference(old: NormPart, new: NormPart, crosswalk: Crosswalk | None) -> PartDifference:
    """Compare two revisions, of one norm part or of two.

    Args:
        old: the one.
        new: the other.
        crosswalk: that between the two, when there is one.
    """
    before = {row.id: row for _, _, row in old.requirements()}
    after = {row.id: row for _, _, row in new.requirements()}
    steps = {
        row: step
        for step in (crosswalk.steps if crosswalk else ())
        for row in (*step.old, *step.new)
    }
    changed, explained, kept = [], [], 0
    for key, row in after.items():
        if key not in before:
            continue
        fields = tuple(_fields(before[key], row))
        one = RowChange(key, row.question, fields, steps.get(key))
        if question_mark(before[key]) != question_mark(row):
            changed.append(one)
        elif fields:
            explained.append(one)
        else:
            kept += 1
    return PartDifference(
        old, new, kept, tuple(changed), tuple(explained),
        tuple(row for key, row in before.items() if key not in after),
        tuple(row for key, row in after.items() if key not in before),
        steps,
    )  # fmt: skip


def crosswalk_between(library: Library, old: NormPart, new: NormPart) -> Crosswalk | None:
    """The crosswalk from one revision to the other, of this library or shipped; None without.

    Args:
        library: looked in before the crosswalks that are shipped.
        old: the revision it starts from.
        new: the revision it leads to.
    """
    for root in dict.fromkeys((*library.roots, norms_folder())):
        for crosswalk, _ in read_crosswalks(root)[0]:
            ends = (str(crosswalk.source), str(crosswalk.target))
            if ends == (str(old.edition), str(new.edition)):
                return crosswalk
    return None


def _fields(old: Requirement, new: Requirement) -> Iterator[FieldChange]:
    for key in FIELDS:
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield FieldChange(key, _shown(before), _shown(after))


def _shown(value: object) -> Text:
    """A value of a row as an author writes it."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Examples):
        return Text("; ".join(value.nl), "; ".join(value.en))
    if isinstance(value, bool):
        return Text("ja" if value else "nee", "yes" if value else "no")
    if isinstance(value, When):
        parts = (("funding", value.funding), ("activities", value.activities))
        plain = "; ".join(f"{key}={','.join(words)}" for key, words in parts if words)
    elif isinstance(value, tuple):
        plain = ", ".join(map(str, value))
    else:
        plain = "" if value is None else str(value)
    return Text(plain or "–", plain or "–")


def data(found: PartDifference, lang: Lang) -> dict[str, object]:
    """As plain data, for JSON; texts in one language."""

    def rows(changes: tuple[RowChange, ...]) -> list[dict[str, object]]:
        return [
            {
                "id": one.id,
                "question": one.question.get(lang),
                "relation": found.relation(one.id),
                "fields": [
                    {"field": f.key, "old": f.old.get(lang), "new": f.new.get(lang)}
                    for f in one.fields
                ],
            }
            for one in changes
        ]

    def whole(rows: tuple[Requirement, ...]) -> list[dict[str, object]]:
        return [{"id": row.id, "question": row.question.get(lang)} for row in rows]

    return {
        "old": str(found.old.edition), "new": str(found.new.edition), "lang": lang,
        "kept": found.kept, "changed": rows(found.changed), "explained": rows(found.explained),
        "gone": whole(found.gone), "added": whole(found.added),
    }  # fmt: skip


_HEAD = """\
# {source} -> {target}
# Every question that changed must be judged: replace "{unjudged}" by equal, superset (the old
# question asked more), subset (it asked less) or intersects, and say why in both languages.
# A question that was split or put together with another one: one step with all rows in it.
migration: "1"
kind: {kind}
from: {from_}
to: {to}
made: {{reviewed: "no", on: "{on}", method: skeleton, sources: []}}
status: draft
scales: {{answer: same, maturity: same}}
tables: {{steps: same, review: same, findings: same}}
"""


def skeleton(found: PartDifference, on: str) -> str:
    """The crosswalk that a person has to finish, as the text of its file.

    Args:
        found: from `part_difference`.
        on: the day on which it is judged, as year-month-day; blank when it is not known yet.
    """
    ends = [
        End(e.part, e.edition, e.revision, e.fingerprint)
        for e in (found.old.edition, found.new.edition)
    ]
    head = _HEAD.format(
        source=ends[0], target=ends[1], unjudged=UNJUDGED, kind=kind_of(*ends),
        from_=_end(ends[0]), to=_end(ends[1]), on=on,
    )  # fmt: skip
    steps = list(_steps(found))
    return head + ("steps:\n" + "".join(steps) if steps else "steps: []\n")


def _end(end: End) -> str:
    quoted = (json.dumps(text, ensure_ascii=False) for text in (end.part, end.edition))
    part, edition = quoted
    return (
        f"{{part: {part}, edition: {edition}, revision: {end.revision}, "
        f'fingerprint: "{end.fingerprint}"}}'
    )


def _steps(found: PartDifference) -> Iterator[str]:
    rows: list[tuple[str, str, list[str]]] = []
    for one in found.changed:
        counted = [f for f in one.fields if f.key in COUNTED]
        rows.append((one.id, one.id, [f"{f.key}: {f.old.nl} -> {f.new.nl}" for f in counted]))
    rows += [(row.id, "", [f"gone: {row.question.nl}"]) for row in found.gone]
    rows += [("", row.id, [f"new: {row.question.nl}"]) for row in found.added]
    for number, (old, new, remarks) in enumerate(rows, 1):
        for line in remarks:
            yield f"  # {' '.join(line.split())}\n"
        said = f"\n     relation: {UNJUDGED}," if old and new else ""
        yield f"  - {{id: m{number}, from: [{old}], to: [{new}],{said}\n"
        yield '     why: {nl: "", en: ""}}\n'
