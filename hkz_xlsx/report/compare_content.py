"""Then and now as sections: for a gap report with an earlier workbook, and alone."""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.render.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Document,
    Fold,
    Grid,
    GridColumn,
    Heading,
    Item,
    Items,
    Kind,
    NumberCell,
    Paragraph,
    Section,
)
from hkz_xlsx.report.comparison import ChangeLine, Comparison, PairLine
from hkz_xlsx.report.words import no_number, score_line
from hkz_xlsx.text import Lang, messages, say

_GROUPS = (
    ("other_question", True),
    ("solved", True), ("slipped", True), ("withdrawn", True), ("new_gap", True),
    ("improved", True), ("new_fine", False), ("to_na", False), ("added", False),
    ("removed", False),
)  # fmt: skip
"""Groups of changes in order of interest, and whether they are open on screen."""


def _number(score: Score | None, value: float | None, lang: Lang) -> NumberCell:
    return NumberCell(value, "percent", no_number(score, lang) if score else "–")


def _pair_cells(line: PairLine, lang: Lang) -> tuple[Cell, ...]:
    then, now = line.then, line.now
    return (
        _number(then, then.score if then else None, lang),
        _number(now, now.score if now else None, lang),
        NumberCell(line.difference, "points"),
        _number(then, then.substantiated if then else None, lang),
        _number(now, now.substantiated if now else None, lang),
        NumberCell(line.substantiated_difference, "points"),
        NumberCell(None if then is None else then.answered, "whole"),
        NumberCell(None if now is None else now.answered, "whole"),
    )


def pairs(found: Comparison) -> Grid:
    """Per rubriek and in all: score and substantiated score then, now, difference."""
    text, lang = messages(found.lang), found.lang
    score, shown = text("column.sets.score"), text("column.sets.substantiated")
    answered = text("column.sets.answered")
    then, now = text("report.compare.then").lower(), text("report.compare.now").lower()
    step = text("report.compare.difference").lower()
    steps: tuple[tuple[str, Kind], ...] = ((then, "percent"), (now, "percent"), (step, "points"))
    columns = (
        GridColumn(text("column.sets.link"), 34),
        *(
            GridColumn(f"{name} {when}", width, kind)
            for name, width in ((score, 13), (shown, 15.5))
            for when, kind in steps
        ),
        GridColumn(f"{answered} {then}", 14.5, "whole"),
        GridColumn(f"{answered} {now}", 14.5, "whole"),
    )
    lines = (*found.rubrieken, found.total)
    rows = tuple((line.name, *_pair_cells(line, lang)) for line in lines)
    return Grid("compare", text("report.compare.rubrieken"), columns, rows, (0, 1, 2, 3))


def _chart(found: Comparison) -> Chart:
    text, lang = messages(found.lang), found.lang
    title = text("report.compare.rubrieken")
    bars = tuple(
        Bar(
            line.name,
            (
                _number(line.then, line.then.score if line.then else None, lang),
                _number(line.now, line.now.score if line.now else None, lang),
            ),
        )
        for line in found.rubrieken
    )
    series = (text("report.compare.then"), text("report.compare.now"))
    alt = say(lang, "report.chart_alt", title=title)
    return Chart("compare", title, alt, series, bars, roles=("then", "now"))


def changes(found: Comparison, key: str, title: str, lines: Sequence[ChangeLine]) -> Grid:
    """Requirements then and now.

    Args:
        found: the comparison; its words for then and now stand in the headers.
        key: of the table in the document.
        title: above it.
        lines: its rows. The kind of change has a column where kinds are mixed, and always in the
            table ``changes``.
    """
    text = messages(found.lang)
    then, now = text("report.compare.then").lower(), text("report.compare.now").lower()
    answer, gap = text("report.column.answer"), text("report.column.kind")
    columns: tuple[GridColumn, ...] = (
        GridColumn(text("report.column.number"), 13),
        GridColumn(text("report.column.question"), 43),
        GridColumn(f"{answer} {then}", 15),
        GridColumn(f"{answer} {now}", 15),
        GridColumn(f"{gap} {then}", 17),
        GridColumn(f"{gap} {now}", 17),
        GridColumn(text("report.compare.change"), 24),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (c.requirement, c.question, c.then, c.now, c.gap_then, c.gap_now, c.label) for c in lines
    )
    if len({c.change for c in lines}) == 1 and key != "changes":
        columns, rows = columns[:-1], tuple(row[:-1] for row in rows)
    return Grid(key, title, columns, rows, (0, 1, 2, 3))


def compare_sections(found: Comparison) -> tuple[Section, ...]:
    """Then and now: totals and rubrieken, what changed, and every requirement (long)."""
    text, lang = messages(found.lang), found.lang
    sides = tuple(
        Item(
            text(f"report.compare.{when}"),
            score_line(side.total, lang),
            f"{side.reference_date or text('report.compare.undated')} · {side.file}",
        )
        for when, side in (("then", found.then), ("now", found.now))
    )
    blocks: list[Block] = [Paragraph(remark, "notice") for remark in found.remarks]
    blocks.append(Items(sides))
    if any(line.difference is not None for line in found.rubrieken):
        blocks.append(_chart(found))
    blocks += [Paragraph(text("report.compare.points_note"), "small"), pairs(found)]
    counts = tuple(
        Item(str(len(found.of(kind))), text(f"report.change.{kind}"))
        for kind, _ in _GROUPS
        if kind != "other_question" or found.of(kind)
    )
    inside: list[Block] = [Heading(text("report.compare.counts")), Items(counts)]
    for kind, opened in _GROUPS:
        lines = found.of(kind)
        if lines:
            title = f"{text(f'report.change.{kind}')} ({len(lines)})"
            inside.append(Fold(title, (changes(found, f"change-{kind}", title, lines),), opened))
    every = changes(found, "changes", text("report.compare.all"), found.changes)
    return (
        Section("compare", text("report.compare.heading"), tuple(blocks)),
        Section("changes", text("report.compare.changes"), tuple(inside)),
        Section("every_change", text("report.compare.all"), (every,), long=True, in_chat=False),
    )


def comparison_document(found: Comparison, cover: tuple[str, ...]) -> Document:
    """The comparison alone."""
    text = messages(found.lang)
    names = dict.fromkeys(", ".join(side.norms) for side in (found.now, found.then))
    subtitle = (*names, text(f"report.basis.{found.basis}"))
    about = Section(
        "about",
        text("report.about"),
        (Paragraph(text("report.how")), Paragraph(text("report.compare.rule"))),
    )
    sections = (*compare_sections(found), about)
    return Document(found.lang, found.title, subtitle, cover, sections, ())
