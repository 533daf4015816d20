"""The difference between two question sets as a text and as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkz_xlsx.norm.differ import FieldChange, PartDifference, RowChange
from hkz_xlsx.norm.model import Requirement
from hkz_xlsx.render.document import (
    Block,
    Document,
    Grid,
    GridColumn,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
)
from hkz_xlsx.text import Lang, messages, say


def _title(found: PartDifference, lang: Lang) -> str:
    return say(lang, "norm_diff.title", old=found.old.edition, new=found.new.edition)


def _counts(found: PartDifference, lang: Lang) -> str:
    return say(
        lang, "norm_diff.counts", kept=found.kept, changed=len(found.changed),
        explained=len(found.explained), gone=len(found.gone), added=len(found.added),
    )  # fmt: skip


def _judged(found: PartDifference, one: str, lang: Lang) -> str:
    """What a crosswalk says of a row, with its reason."""
    step = found.steps.get(one)
    if step is None:
        return messages(lang)("norm_diff.unjudged")
    why = step.why.get(lang) if step.why else ""
    word = messages(lang)(f"norm_diff.relation.{step.relation or 'none'}")
    return f"{word}. {why}" if why else f"{word}."


def as_text(found: PartDifference, lang: Lang) -> str:
    """For a terminal: one line per row and per key that differs."""
    return "\n".join([_title(found, lang), _counts(found, lang), *_lines(found, lang)]) + "\n"


def _lines(found: PartDifference, lang: Lang) -> Iterator[str]:
    text = messages(lang)
    for name, changes in (("changed", found.changed), ("explained", found.explained)):
        if changes:
            yield f"\n{text(f'norm_diff.{name}')}"
        for one in changes:
            yield f"\n  {one.id}  {one.question.get(lang)}"
            if name == "changed":
                yield f"    {_judged(found, one.id, lang)}"
            for field in one.fields:
                label = text(f"norm_diff.field.{field.key}")
                yield f"    {label}: {field.old.get(lang)} → {field.new.get(lang)}"
    for name, rows in (("gone", found.gone), ("added", found.added)):
        if rows:
            yield f"\n{text(f'norm_diff.{name}')}"
        yield from (f"  {row.id}  {row.question.get(lang)}" for row in rows)


def difference_document(found: PartDifference, lang: Lang) -> Document:
    """As a document, for the renderers of reports."""
    text = messages(lang)
    sections = [
        Section("changed", text("norm_diff.changed"), tuple(_changes(found, found.changed, lang))),
        Section(
            "explained", text("norm_diff.explained"),
            tuple(_changes(found, found.explained, lang, judged=False)), long=True,
        ),
        *(
            Section(name, text(f"norm_diff.{name}"), (_rows(found, rows, lang),))
            for name, rows in (("gone", found.gone), ("added", found.added))
        ),
    ]  # fmt: skip
    first = Section("counts", text("norm_diff.short"), (Paragraph(_counts(found, lang), "strong"),))
    kept = tuple(section for section in sections if section.blocks != (Items(()),))
    shown = tuple(section for section in kept if section.blocks)
    name = found.new.name.get(lang)
    notice = found.new.notice.get(lang)
    return Document(lang, _title(found, lang), (name,), (), (first, *shown), (notice,))


def _changes(
    found: PartDifference, changes: Sequence[RowChange], lang: Lang, *, judged: bool = True
) -> Iterator[Block]:
    text = messages(lang)
    headers = [text(f"norm_diff.column.{name}") for name in ("field", "old", "new")]
    columns = tuple(GridColumn(h, width) for h, width in zip(headers, (18, 50, 50), strict=True))
    for one in changes:
        yield Heading(f"{one.id} – {one.question.get(lang)}")
        if judged:
            yield Paragraph(_judged(found, one.id, lang), "small")
        rows = tuple(_cells(field, lang) for field in one.fields)
        yield Grid(f"row-{one.id}", one.id, columns, rows)


def _cells(field: FieldChange, lang: Lang) -> tuple[str, str, str]:
    label = messages(lang)(f"norm_diff.field.{field.key}")
    return label, field.old.get(lang), field.new.get(lang)


def _rows(found: PartDifference, rows: Sequence[Requirement], lang: Lang) -> Items:
    def why(row: Requirement) -> str:
        step = found.steps.get(row.id)
        return step.why.get(lang) if step and step.why else ""

    return Items(tuple(Item(row.id, row.question.get(lang), why(row)) for row in rows))
