"""Resultaat: verdict, score line, and charts with the same numbers in a table beside each."""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.layout.draft import Draft, extended, given, organisation_line
from hkz_xlsx.layout.overview_sheet import rubriek_names, scheme_names, theme_names
from hkz_xlsx.layout.plan import Chart, Field, Page, Series, Sheet
from hkz_xlsx.scoring.choices import STATUSES, T
from hkz_xlsx.scoring.expr import Cell, Column
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Computed, Given, Table
from hkz_xlsx.text import messages

SHEET = "result"
WIDTHS = (46.0, 14.0, 14.0, 14.0, 14.0, 14.0, 14.0, 3.0, 13.0, 13.0, 13.0, 13.0, 13.0, 13.0, 13.0)
HIDDEN_FROM = 16
CHART_COLUMN = 8
CHART_WIDTH = 640


def _mirror(key: str, source: str, rows: Sequence[str], columns: Sequence[str]) -> Table:
    """A table that shows cells of another one, so that a chart has its numbers beside it."""
    shown = (Computed(c, tuple(Cell(source, c, row) for row in rows)) for c in columns)
    return Table(key, tuple(rows), (Given("id", tuple(rows)), *shown))


_LINE = ("score", "substantiated", "answered", "count", "unknown", "na")


def _score_line(draft: Draft) -> None:
    """Labelled numbers, not one joined text: joined numbers differ per language (§3)."""
    text = draft.text
    draft.line(text("result.line.heading"), "heading", 22)
    table = _mirror("result_line", T.total, ("all",), _LINE)
    styles = ("big_percent", "big_percent", "big_number", "big_number", "big_number", "big_number")
    fields = tuple(
        Field(key, text(f"column.result_line.{key}"), style)
        for key, style in zip(_LINE, styles, strict=True)
    )
    draft.block(table, fields, HIDDEN_FROM)
    draft.space()


def _verdict(draft: Draft, model: ScoreModel) -> None:
    text, selection = draft.text, model.selection
    draft.line(text("result.verdict.heading"), "heading", 22)
    draft.line(text("overview.verdict.note"), "notice_line", 16)
    keys = tuple(s.id for s in selection.schemes)
    columns = ("verdict", "score", "substantiated", "core_failed")
    table = extended(
        _mirror("result_verdict", T.schemes, keys, columns),
        given("name", scheme_names(selection)),
    )
    draft.block(
        table,
        (
            Field("verdict", text("column.schemes.verdict"), "verdict"),
            Field("name", text("column.schemes.name"), "text"),
            Field("score", text("column.sets.score"), "percent"),
            Field("substantiated", text("column.sets.substantiated"), "percent"),
            Field("core_failed", text("column.sets.core_failed"), "number"),
        ),
        HIDDEN_FROM,
    )
    draft.space()


def _scores(draft: Draft, name: str, rows: Sequence[str], names: Sequence[str]) -> Chart:
    """A table of scores with a bar chart of score beside substantiated score."""
    text = draft.text
    draft.line(text(f"result.{name}.heading"), "heading", 22)
    top = draft.row
    columns = ("score", "substantiated", "answered", "count", "maturity", "rated")
    key = f"result_{name}"
    table = extended(_mirror(key, name, rows, columns), given("name", names))
    draft.block(
        table,
        (
            Field("name", text("column.sets.link"), "text"),
            Field("score", text("column.sets.score"), "percent"),
            Field("substantiated", text("column.sets.substantiated"), "percent"),
            Field("answered", text("column.sets.answered"), "number"),
            Field("count", text("column.sets.count"), "number"),
            Field("maturity", text("column.sets.maturity"), "decimal"),
            Field("rated", text("column.sets.rated"), "number"),
        ),
        HIDDEN_FROM,
        object_name=text(f"object.{key}"),
        wrapped=(("name", 10),),
    )
    height = 110 + 34 * len(rows)
    # A chart may be higher than its table: 20 pixels is one row of normal height.
    draft.row = max(draft.row, top + height // 20) + 1
    return Chart(
        text(f"result.{name}.chart"),
        text(f"result.{name}.alt"),
        Column(key, "name"),
        (
            Series(text("column.sets.score"), Column(key, "score"), "series_first"),
            Series(
                text("column.sets.substantiated"), Column(key, "substantiated"), "series_second"
            ),
        ),
        top + 1, CHART_COLUMN, height, CHART_WIDTH, 100,
    )  # fmt: skip


def _statuses(draft: Draft, model: ScoreModel) -> Chart:
    text = draft.text
    draft.line(text("result.status.heading"), "heading", 22)
    top = draft.row
    table = model.table(T.status_counts)
    labels = [text(f"choice.status.{s}") for s in STATUSES]
    labels += [text("choice.status_more.empty"), text("choice.status_more.check")]
    draft.block(
        extended(table, given("label", labels)),
        (
            Field("label", text("column.status_counts.label"), "text"),
            Field("count", text("column.status_counts.count"), "number"),
        ),
        HIDDEN_FROM,
        object_name=text("object.status_counts"),
    )
    height = 110 + 24 * len(labels)
    draft.row = max(draft.row, top + height // 20) + 1
    series = Series(
        text("column.status_counts.count"), Column(T.status_counts, "count"), "series_first"
    )
    return Chart(
        text("result.status.chart"), text("result.status.alt"),
        Column(T.status_counts, "label"), (series,), top + 1, CHART_COLUMN, height, CHART_WIDTH,
    )  # fmt: skip


def build(model: ScoreModel) -> Sheet:
    """The result sheet."""
    text, lang, selection = messages(model.lang), model.lang, model.selection
    draft = Draft(text, WIDTHS)
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    draft.space()  # the organisation line
    _verdict(draft, model)
    _score_line(draft)
    rubrieken = model.table(T.rubrieken).rows
    charts = [_scores(draft, T.rubrieken, rubrieken, rubriek_names(selection, lang))]
    if selection.themes():
        themes = tuple(t.id for t in selection.themes())
        charts.append(_scores(draft, T.themes, themes, theme_names(selection, lang)))
    charts.append(_statuses(draft, model))
    return Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        WIDTHS,
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1),),
        charts=tuple(charts),
        freeze=(2, 0),
        page=Page(repeat_rows=(0, 1)),
        tab="second",
    )
