"""What is publicly known of the norms of a workbook, as rows of a table on Toelichting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hkz_xlsx.norm.model import Activity, NormPart
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.text import Text

FACTS = (
    "version", "together", "accreditation", "client_safety", "nta8224", "register", "ordering",
    "size", "iso_next",
)  # fmt: skip
"""Single facts of `hkz_xlsx.norm.model.Public`, in the order in which they are told."""


class NormFact(NamedTuple):
    """One row: its key, what it is about, what is known, and the questions about it."""

    id: str
    about: str
    said: str
    asked: str = ""


def _asked(part: NormPart, rows: tuple[str, ...], activities: tuple[Activity, ...]) -> str:
    """The questions about a phrase of the scope: named, or of an activity."""
    there = [row for _, _, row in part.requirements()]
    named = [
        row.id
        for row in there
        if row.id in rows or (row.when and set(row.when.activities) & set(activities))
    ]
    return ", ".join(named)


def _of(part: NormPart, model: ScoreModel) -> Iterator[NormFact]:
    def fact(key: str, kind: str, said: Text, asked: str = "") -> NormFact:
        about = f"{part.number}: {model.text(f'help.fact.{kind}')}"
        return NormFact(f"{part.id}:{key}", about, said.get(model.lang), asked or "–")

    yield fact("scope", "scope", part.scope)
    yield fact("iso9001", "iso9001", part.iso9001_relation)
    public = part.public
    if public is None:
        return
    for one in public.covers:
        asked = _asked(part, one.rows, one.activities)
        yield fact(f"covers-{one.id}", "covers", one.text, asked)
    for number, left in enumerate(public.excludes, 1):
        yield fact(f"excludes-{number}", "excludes", left.text)
    for key in FACTS:
        said: Text | None = getattr(public, key)
        if said is not None:
            yield fact(key, key, said)
    for number, note in enumerate(public.notes, 1):
        yield fact(f"note-{number}", "note", note)


def norm_facts(model: ScoreModel) -> tuple[NormFact, ...]:
    """Everything that is publicly known of every norm part of the workbook, in our words."""
    return tuple(one for part in model.selection.parts for one in _of(part, model))
