"""Resultaat: verdict, score line, and charts with the same numbers in a table beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from hkz_xlsx.layout.columns import codecs_at
from hkz_xlsx.layout.names import rubriek_names, scheme_names, theme_names
from hkz_xlsx.layout.plan import (
    Chart,
    Field,
    FormulaCell,
    Page,
    Prompt,
    Series,
    Sheet,
    WorkbookPlan,
)
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import STATUSES, T
from hkz_xlsx.scoring.expr import (
    Both,
    Calc,
    Cell,
    Column,
    Expr,
    Here,
    If,
    Is,
    Msg,
    Round,
    Txt,
    equals,
)
from hkz_xlsx.scoring.follows import KEPT
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Address, Computed, Given, Input, Inputs, Table
from hkz_xlsx.sheets.sheet_builder import Draft, extended, form_table, given, organisation_line
from hkz_xlsx.text import Messages

SHEET = "result"
_NAME, _NUMBER, _GAP = 38.0, 13.0, 2.0
_BESIDE = 9
PRINT_SCALE = 70
"""Percent: what fits the page. Not "one page wide", because Excel then ignores page breaks."""

HIDDEN_FROM = 20
CHART_WIDTH, CHART_WIDTH_BESIDE = 490, 320
"""Pixels: narrower where the columns of an earlier measurement stand to the left of it."""


def _widths(*, previous: bool) -> tuple[float, ...]:
    """Name and numbers, then the room of the charts; on paper all of it is one page wide."""
    numbers = 8 if previous else 6
    return (_NAME, *[_NUMBER] * numbers, _GAP, *[11.0] * (6 if previous else 8))


def _place(draft: Draft) -> tuple[int, int]:
    """Column and width in pixels of a chart: after the gap, as wide as the page has room."""
    column = draft.widths.index(_GAP) + 1
    return column, CHART_WIDTH if column < _BESIDE else CHART_WIDTH_BESIDE


def mirror(key: str, source: str, rows: Sequence[str], columns: Sequence[str]) -> Table:
    """A table that shows cells of another one, so that a chart has its numbers beside it.

    Args:
        key: of the new table.
        source: key of the table that it shows.
        rows: keys of rows of that one, in the order to show them.
        columns: keys of its columns.
    """
    shown = (Computed(c, _cells(source, c, tuple(rows))) for c in columns)
    return Table(key, tuple(rows), (Given("id", tuple(rows)), *shown))


@lru_cache(maxsize=KEPT)
def _cells(table: str, column: str, rows: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(table, column, row) for row in rows)


_LINE = ("score", "substantiated", "answered", "count", "unknown", "na")


def _score_line(draft: Draft) -> None:
    """Labelled numbers, not one joined text: joined numbers differ per language (§3)."""
    text = draft.text
    draft.line(text("result.line.heading"), "heading", 22)
    table = mirror("result_line", T.total, ("all",), _LINE)
    styles = ("big_percent", "big_percent", "big_number", "big_number", "big_number", "big_number")
    fields = tuple(
        Field(key, text(f"column.result_line.{key}"), style)
        for key, style in zip(_LINE, styles, strict=True)
    )
    draft.block(table, fields, HIDDEN_FROM, height=36)
    draft.space()


def _verdict(draft: Draft, model: ScoreModel) -> None:
    text, selection = draft.text, model.selection
    draft.line(text("result.verdict.heading"), "heading", 22)
    draft.line(text("overview.verdict.note"), "notice_line", 16)
    keys = tuple(s.id for s in selection.schemes)
    columns = ("verdict", "score", "substantiated", "core_failed", "core_open")
    table = extended(
        mirror("result_verdict", T.schemes, keys, columns),
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
            Field("core_open", text("column.sets.core_open"), "number"),
        ),
        HIDDEN_FROM,
        height=34,
    )
    draft.space()


@lru_cache(maxsize=KEPT)
def _before(name: str, column: str, row: str) -> Expr:
    """What stood in an earlier measurement; blank where it had no number."""
    cell = Cell(T.previous, column, previous_key(name, row))
    return If(Is("number", cell), cell, Txt(""))


@lru_cache(maxsize=KEPT)
def _change(now: str = "score", before: str = "previous") -> Expr:
    both = Both((Is("number", Here(now)), Is("number", Here(before))))
    return If(both, Round(Calc("-", (Here(now), Here(before))), 1), Txt(""))


def previous_key(name: str, row: str) -> str:
    """Row key of a set in the table of the earlier measurement."""
    return f"{name}/{row}"


def previous_table(model: ScoreModel) -> Table:
    """Where an earlier measurement stands: its day, and the scores of every set."""
    keys = ["date", previous_key(T.total, "all")]
    for name in (T.rubrieken, T.themes):
        if any(table.key == name for table in model.tables):
            keys += [previous_key(name, row) for row in model.table(name).rows]
    return Table(
        T.previous, tuple(keys), (Given("id", tuple(keys)), Input("score"), Input("substantiated"))
    )


def previous_inputs(
    plan: WorkbookPlan,
    scores: Mapping[str, tuple[float | None, float | None]],
    day: float | None,
) -> Inputs:
    """An earlier measurement as values for a plan that keeps room for it.

    Args:
        plan: the workbook; sets that it does not have are left out.
        scores: score and substantiated score in percent by `previous_key`.
        day: serial number of the reference date, None when there was none.
    """
    rows = set(next(b.table.rows for _, b in plan.blocks() if b.table.key == T.previous))
    inputs: dict[Address, CellValue] = {}
    for key, (score, substantiated) in scores.items():
        if key in rows and score is not None:
            inputs[Address(T.previous, key, "score")] = score
            inputs[Address(T.previous, key, "substantiated")] = substantiated
    if day is not None:
        inputs[Address(T.previous, "date", "score")] = day
    return inputs


def previous_block(draft: Draft) -> None:
    """The earlier measurement in one line, beside this one."""
    text = draft.text
    draft.line(text("result.previous.heading"), "heading", 22)
    day = Cell(T.previous, "score", "date")
    table = Table(
        "result_previous",
        ("all",),
        (
            Given("id", ("all",)),
            given("label", [text("result.previous.label")]),
            Computed("date", If(Is("number", day), day, Txt(""))),
            Computed("previous", _before(T.total, "score", "all")),
            Computed("previous_substantiated", _before(T.total, "substantiated", "all")),
            Computed("score", Cell(T.total, "score", "all")),
            Computed("change", _change()),
        ),
    )
    styles = {
        "label": "text_strong", "date": "date", "previous": "percent",
        "previous_substantiated": "percent", "score": "percent", "change": "change",
    }  # fmt: skip
    fields = [Field(k, text(f"column.result_previous.{k}"), s) for k, s in styles.items()]
    draft.block(table, fields, HIDDEN_FROM, object_name=text("object.result_previous"), height=28)
    draft.space()


def with_previous(table: Table, name: str) -> Table:
    """A table of scores with those of an earlier measurement and the change."""
    before = tuple(_before(name, "score", row) for row in table.rows)
    return extended(table, Computed("previous", before), Computed("change", _change()))


def score_fields(text: Messages, *, previous: bool) -> tuple[Field, ...]:
    """Columns of the numbers of rubrieken or themes, with those of before where there are any."""
    before = (("previous", "percent"), ("change", "change")) if previous else ()
    return (
        Field("name", text("column.sets.link"), "text"),
        Field("score", text("column.sets.score"), "percent"),
        Field("substantiated", text("column.sets.substantiated"), "percent"),
        *(Field(k, text(f"column.result_previous.{k}"), style) for k, style in before),
        Field("answered", text("column.sets.answered"), "number"),
        Field("count", text("column.sets.count"), "number"),
        Field("maturity", text("column.sets.maturity"), "decimal"),
        Field("rated", text("column.sets.rated"), "number"),
    )


def score_series(text: Messages, key: str, *, previous: bool) -> tuple[Series, ...]:
    """Score beside substantiated score, and that of before; one colour each, everywhere.

    Args:
        text: catalogue lookup in the language of the workbook.
        key: of the table that has them as columns.
        previous: whether it has the column of an earlier measurement.
    """
    found = [
        Series(text("column.sets.score"), Column(key, "score"), "series_first"),
        Series(text("column.sets.substantiated"), Column(key, "substantiated"), "series_second"),
    ]
    if previous:
        title = text("column.result_previous.previous")
        found.append(Series(title, Column(key, "previous"), "series_third"))
    return tuple(found)


def status_block(draft: Draft, model: ScoreModel, hidden_from: int) -> tuple[Series, int]:
    """How often each answer was given.

    Args:
        draft: the sheet; the block comes where it has got to.
        model: has the table with the counts.
        hidden_from: first sheet column of the hidden fields.

    Returns:
        its series for a chart, and the number of bars.
    """
    text = draft.text
    labels = [text(f"choice.status.{s}") for s in STATUSES]
    labels += [text("choice.status_more.empty"), text("choice.status_more.check")]
    draft.block(
        extended(model.table(T.status_counts), given("label", labels)),
        (
            Field("label", text("column.status_counts.label"), "text"),
            Field("count", text("column.status_counts.count"), "number"),
        ),
        hidden_from,
        object_name=text("object.status_counts"),
    )
    counted = Column(T.status_counts, "count")
    return Series(text("column.status_counts.count"), counted, "series_first"), len(labels)


def provisional(row: int) -> FormulaCell:
    """Says so while not everything is answered."""
    everything = equals(Cell(T.total, "answered", "all"), Cell(T.total, "count", "all"))
    return FormulaCell(row, 0, If(everything, Txt(""), Msg("result.provisional")), "check_line")


def _scores(
    draft: Draft, name: str, rows: Sequence[str], names: Sequence[str], *, previous: bool
) -> Chart:
    """A table of scores with a bar chart of score beside substantiated score."""
    text = draft.text
    draft.line(text(f"result.{name}.heading"), "heading", 22)
    top = draft.row
    columns = ("score", "substantiated", "answered", "count", "maturity", "rated")
    key = f"result_{name}"
    table = extended(mirror(key, name, rows, columns), given("name", names))
    series = score_series(text, key, previous=previous)
    if previous:
        table = with_previous(table, name)
    draft.block(
        table,
        score_fields(text, previous=previous),
        HIDDEN_FROM,
        object_name=text(f"object.{key}"),
        wrapped=(("name", 10),),
        height=28,
    )
    column, width = _place(draft)
    height = 110 + (17 * len(series)) * len(rows)
    # A chart may be higher than its table: 20 pixels is one row of normal height.
    draft.row = max(draft.row, top + height // 20) + 1
    return Chart(
        name,
        text(f"result.{name}.chart"),
        text(f"result.{name}.alt"),
        Column(key, "name"),
        series,
        top + 1, column, height, width, 100,
    )  # fmt: skip


def _statuses(draft: Draft, model: ScoreModel) -> Chart:
    text = draft.text
    draft.line(text("result.status.heading"), "heading", 22)
    top = draft.row
    series, bars = status_block(draft, model, HIDDEN_FROM)
    column, width = _place(draft)
    height = 110 + 24 * bars
    draft.row = max(draft.row, top + height // 20) + 1
    return Chart(
        "status", text("result.status.chart"), text("result.status.alt"),
        Column(T.status_counts, "label"), (series,), top + 1, column, height, width,
    )  # fmt: skip


def sign_off(draft: Draft, model: ScoreModel) -> None:
    """Who saw this result, when, with whom, and what was decided."""
    text, key = draft.text, T.sign_off
    codecs = codecs_at(key, model.layout)
    draft.line(text("result.sign_off.heading"), "heading", 22)
    draft.paragraph(text("result.sign_off.note"), "notice", 5, 10)
    prompts = tuple(
        Prompt(
            text(f"form.{key}.{row}.label")[:32],
            text(f"form.{key}.{row}.help"),
            text(f"form.{codec.kind}.error") if codec.kind in ("date", "choice") else "",
        )
        for row, codec in codecs.items()
    )
    fields = (
        Field("label", text("form.header.label"), "text_strong"),
        Field("value", text("form.header.value"), "input", tuple(codecs.values()), prompts),
    )
    draft.block(
        form_table(key, tuple(codecs), text), fields, HIDDEN_FROM,
        wrapped=(("label", 10),), height=26,
    )  # fmt: skip
    draft.space()


def build(model: ScoreModel, *, previous: bool = False) -> Sheet:
    """The result sheet; with an earlier measurement beside this one where there is one."""
    text, lang, selection = model.text, model.lang, model.selection
    draft = Draft(text, _widths(previous=previous))
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    draft.space()  # the organisation line
    _verdict(draft, model)
    _score_line(draft)
    warning = provisional(draft.row - 1)
    draft.space()
    if previous:
        previous_block(draft)
    rubrieken = model.table(T.rubrieken).rows
    breaks = [draft.row] if previous else []
    charts = [
        _scores(draft, T.rubrieken, rubrieken, rubriek_names(selection, lang), previous=previous)
    ]
    if selection.themes():
        themes = tuple(t.id for t in selection.themes())
        breaks.append(draft.row)
        charts.append(
            _scores(draft, T.themes, themes, theme_names(selection, lang), previous=previous)
        )
    charts.append(_statuses(draft, model))
    answered = Cell(T.total, "answered", "all")
    empty = [
        FormulaCell(
            chart.row - 1, chart.column,
            If(equals(answered, 0), Msg("result.empty_chart"), Txt("")), "notice_line",
        )
        for chart in charts
    ]  # fmt: skip
    return Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        draft.widths,
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1), warning, *empty),
        charts=tuple(charts),
        freeze=(2, 0),
        page=Page(repeat_rows=(0, 1), scale=PRINT_SCALE, breaks=tuple(breaks)),
        tab="second",
    )
