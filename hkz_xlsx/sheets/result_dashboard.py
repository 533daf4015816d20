"""Resultaat since layout 2: a dashboard of one screen, then charts with their numbers below."""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.layout.names import rubriek_names, scheme_names, theme_names
from hkz_xlsx.layout.plan import Chart, Field, FormulaCell, Highlight, Series, Sheet
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.choices import STATUSES, T
from hkz_xlsx.scoring.expr import (
    At,
    Calc,
    Cell,
    Column,
    Compare,
    Expr,
    Here,
    If,
    Is,
    Msg,
    Num,
    Txt,
    equals,
    first_that_holds,
)
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Computed, Given, Table
from hkz_xlsx.sheets.paper import on_paper
from hkz_xlsx.sheets.result_sheet import (
    mirror,
    previous_block,
    provisional,
    score_fields,
    score_series,
    sign_off,
    status_block,
    with_previous,
)
from hkz_xlsx.sheets.sheet_builder import (
    Draft,
    extended,
    given,
    in_use,
    organisation_line,
)

SHEET = "result"
WIDTHS = (32.0, 24.0, *(12.5 for _ in range(8)))
HIDDEN_FROM = 20
SCALE = 75
"""Percent: what fits the page. Not "one page wide", because Excel then ignores page breaks."""

CHART_WIDTH = 1000
"""Pixels: on one screen of 1366 with room to spare, and on one page."""

MEASUREMENTS = 10
"""Earlier measurements that a workbook carries along."""


def _reason(scheme: str, *, part: bool) -> tuple[Computed, Computed, Computed]:
    """Why the indication is what it is, in the order of the verdict (§4): what is needed for the
    next one, and what there is."""

    def of(column: str) -> Cell:
        return Cell(T.schemes, column, scheme)

    def least(name: str) -> Cell:
        return Cell(T.profiles, name, scheme)

    code, score, answered = of("verdict_code"), of("score"), of("answered_percentage")
    open_, nothing = Compare(">", of("core_open"), Num(0)), Txt("")
    enough = Compare("<", answered, least("answered_min"))
    low, unproven = "ready_score", "ready_substantiated"
    cases: tuple[tuple[Expr, str, Expr, Expr], ...] = (
        (equals(code, 0), "subset", nothing, nothing),
        (equals(score, Msg("score.na")), "na", nothing, nothing),
        (enough, "answered", least("answered_min"), answered),
        (open_, "core_open", Num(0), of("core_open")),
        (equals(code, 1), "answered", least("answered_min"), answered),
        (Compare(">", of("core_no"), Num(0)), "core_no", Num(0), of("core_no")),
        (equals(code, 2), "score", least("not_ready_below"), score),
        (Compare(">", of("core_partly"), Num(0)), "core_partly", Num(0), of("core_partly")),
        (Compare("<", score, least(low)), "score", least(low), score),
        (equals(code, 3), "substantiated", least(unproven), of("substantiated")),
    )  # fmt: skip
    if not part:
        cases = cases[1:]
    shown = tuple((test, Msg(f"result.reason.{name}")) for test, name, _, _ in cases)
    return (
        Computed("reason", (first_that_holds(shown, Msg("result.reason.ready")),)),
        Computed("needed", (first_that_holds(tuple((t, n) for t, _, n, _ in cases), nothing),)),
        Computed("have", (first_that_holds(tuple((t, h) for t, _, _, h in cases), nothing),)),
    )


def _verdict(draft: Draft, model: ScoreModel) -> tuple[FormulaCell, ...]:
    """The indication of everything that is certified together, and below it the reason."""
    text, selection = draft.text, model.selection
    keys = tuple(s.id for s in selection.schemes)
    names = scheme_names(selection)
    table = extended(
        mirror("result_verdict", T.schemes, keys, ("verdict", "core_failed")), given("name", names)
    )
    each = [_reason(key, part=bool(selection.subset)) for key in keys]
    for columns in zip(*each, strict=True):
        merged = tuple(column.expr[0] for column in columns if isinstance(column.expr, tuple))
        table = extended(table, Computed(columns[0].key, merged))
    styles = {
        "verdict": "verdict", "name": "text", "core_failed": "number", "needed": "number_free",
        "have": "number_free",
    }  # fmt: skip
    fields = [Field(key, text(f"column.result_verdict.{key}"), s) for key, s in styles.items()]
    draft.block(table, fields, HIDDEN_FROM, height=40)
    reasons = []
    for key, name in zip(keys, names, strict=True):
        at = 0
        if len(keys) > 1:
            draft.line(name, "notice_line", 16)
            draft.row -= 1
            at = 1
        reasons.append(FormulaCell(draft.row, at, Cell("result_verdict", "reason", key), "reason"))
        draft.space()
    draft.line(text("overview.verdict.note"), "notice_line", 16)
    return tuple(reasons)


_TILES = {
    "score": "tile_percent", "score_needed": "tile_needed", "substantiated": "tile_percent",
    "substantiated_needed": "tile_needed", "answered": "tile", "count": "tile_of",
    "core_fine": "tile", "core": "tile_of",
}  # fmt: skip


_TILE_HEADERS = {
    "tile": "header_tile_right", "tile_percent": "header_tile_right",
    "tile_of": "header_tile", "tile_needed": "header_tile",
}  # fmt: skip


def _tile(score: Expr) -> Expr:
    """A score in large figures; a dash while there is none: the reason above says why."""
    return If(Is("number", score), score, Txt("–"))


def _tiles(draft: Draft, model: ScoreModel) -> None:
    """Four numbers, each with what it is measured against in the cell beside it."""
    text, first = draft.text, model.selection.schemes[0].id
    total = {k: Cell(T.total, k, "all") for k in ("score", "substantiated", "answered", "count")}
    core = Cell(T.total, "core", "all")
    columns: dict[str, Expr] = {
        "score": _tile(total["score"]),
        "score_needed": Cell(T.profiles, "ready_score", first),
        "substantiated": _tile(total["substantiated"]),
        "substantiated_needed": Cell(T.profiles, "ready_substantiated", first),
        "answered": total["answered"],
        "count": total["count"],
        "core_fine": Calc("-", (core, Cell(T.total, "core_open", "all"),
            Cell(T.total, "core_no", "all"), Cell(T.total, "core_partly", "all"))),
        "core": core,
    }  # fmt: skip
    table = Table(
        "result_line", ("all",),
        (Given("id", ("all",)), *(Computed(k, e) for k, e in columns.items())),
    )  # fmt: skip
    fields = [
        Field(key, text(f"column.result_line.{key}"), style, header_style=_TILE_HEADERS[style])
        for key, style in _TILES.items()
    ]
    draft.block(table, fields, HIDDEN_FROM, height=42)


def _chart_rows(draft: Draft, height: int) -> int:
    """Keep room for a chart; 20 pixels is one row of normal height."""
    top = draft.row
    draft.row += height // 20 + 2
    return top


def _scores_table(
    draft: Draft, model: ScoreModel, name: str, names: Sequence[str], *, previous: bool
) -> None:
    """The numbers of a chart: scores of every rubriek or theme."""
    text, key, rows = draft.text, f"result_{name}", model.table(name).rows
    columns = ("score", "substantiated", "answered", "count", "maturity", "rated")
    target = float(max(s.profile.ready_score for s in model.selection.schemes))
    table = extended(
        mirror(key, name, rows, columns),
        given("name", names),
        given("short", [_short(one) for one in names]),
        Given("target", tuple(target for _ in rows)),
    )
    if previous:
        table = with_previous(table, name)
    fields = score_fields(text, previous=previous)
    draft.block(
        table,
        fields,
        HIDDEN_FROM,
        object_name=text(f"object.{key}"),
        wrapped=(("name", 10),),
        height=28,
    )


def _short(name: str) -> str:
    """What stands below a column of a chart: the number of a rubriek and its norm part."""
    number, dot, rest = name.partition(". ")
    if not dot or not number.isdigit():
        return name
    return f"{number} {rest[rest.rindex('(') :]}" if rest.endswith(")") else number


def _rubrieken_chart(draft: Draft, *, previous: bool) -> Chart:
    text, key, height = draft.text, f"result_{T.rubrieken}", 270
    row = _chart_rows(draft, height)
    target = Series(text("result.target"), Column(key, "target"), "series_target")
    series = score_series(text, key, previous=previous)
    return Chart(
        T.rubrieken, text("result.rubrieken.chart"), text("result.rubrieken.alt_below"),
        Column(key, "short"), series, row, 0, height, CHART_WIDTH,
        100, kind="column", line=target,
    )  # fmt: skip


def _themes_chart(draft: Draft, model: ScoreModel, *, previous: bool) -> Chart:
    text, key = draft.text, f"result_{T.themes}"
    series = score_series(text, key, previous=previous)
    count = len(model.table(T.themes).rows)
    height = 20 * ((90 + (14 * len(series) + 10) * count) // 20)
    row = _chart_rows(draft, height)
    target = float(max(s.profile.ready_score for s in model.selection.schemes))
    return Chart(
        T.themes, text("result.themes.chart"), text("result.themes.alt_below"),
        Column(key, "name"), series, row, 0, height, CHART_WIDTH, 100, target=target,
    )  # fmt: skip


def _statuses(draft: Draft, model: ScoreModel) -> Chart:
    text = draft.text
    height = 20 * ((70 + 24 * (len(STATUSES) + 2)) // 20)
    row = _chart_rows(draft, height)
    series, _ = status_block(draft, model, HIDDEN_FROM)
    return Chart(
        "status", text("result.status.chart"), text("result.status.alt_below"),
        Column(T.status_counts, "label"), (series,), row, 0, height, CHART_WIDTH,
    )  # fmt: skip


def _history_chart(draft: Draft) -> Chart:
    """The way of the score over the measurements, the newest last. Columns and no line: spreadsheet
    programs draw a line to zero where a formula gives an empty text."""
    text, key, height = draft.text, "result_history", 260
    row = _chart_rows(draft, height)
    series = (
        Series(text(f"column.{key}.score"), Column(key, "score"), "series_first"),
        Series(text(f"column.{key}.substantiated"), Column(key, "substantiated"), "series_second"),
    )
    return Chart(
        T.history, text("result.history.chart"), text("result.history.alt_below"),
        Column(key, "date"), series, row, 0, height, CHART_WIDTH, 100, kind="column",
        backwards=True,
    )  # fmt: skip


def _history(draft: Draft, *, drawn: bool) -> tuple[Chart, ...]:
    """Earlier measurements that came along, the newest first; blank while there are none.

    Args:
        draft: the sheet; the lines come where it has got to.
        drawn: whether a chart stands above them; a new workbook has nothing to draw.
    """
    text = draft.text
    draft.line(text("result.history.heading"), "heading", 22)
    draft.line(text("result.history.note"), "notice_line", 16)
    charts = (_history_chart(draft),) if drawn else ()
    rows = tuple(str(k) for k in range(1, MEASUREMENTS + 1))

    def of(column: str) -> Expr:
        cell = At(Column(T.history, column), Here("number"))
        return If(Is("text" if column == "editions" else "number", cell), cell, Txt(""))

    styles = {
        "editions": "listed_text", "date": "listed_date", "score": "listed_percent",
        "substantiated": "listed_percent",
    }  # fmt: skip
    table = Table(
        "result_history", rows,
        (
            Given("id", rows),
            Given("number", tuple(map(float, rows))),
            *(Computed(k, of(k)) for k in styles),
        ),
    )  # fmt: skip
    fields = [Field(k, text(f"column.result_history.{k}"), s) for k, s in styles.items()]
    draft.block(table, fields, HIDDEN_FROM, object_name=text("object.result_history"))
    draft.space()
    return charts


def build(model: ScoreModel, *, previous: bool = False) -> Sheet:
    """The result sheet; with an earlier measurement beside this one where there is one."""
    text, lang, selection = model.text, model.lang, model.selection
    draft = Draft(text, WIDTHS)
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    draft.space()  # the organisation line
    reasons = _verdict(draft, model)
    _tiles(draft, model)
    warning = provisional(draft.row)
    draft.space()
    charts = [_rubrieken_chart(draft, previous=previous)]
    sections = [draft.row]
    if previous:
        previous_block(draft)
    draft.line(text("result.rubrieken.heading"), "heading", 22)
    _scores_table(draft, model, T.rubrieken, rubriek_names(selection, lang), previous=previous)
    draft.space()
    if selection.themes():
        sections.append(draft.row)
        draft.line(text("result.themes.heading"), "heading", 22)
        charts.append(_themes_chart(draft, model, previous=previous))
        _scores_table(draft, model, T.themes, theme_names(selection, lang), previous=previous)
        draft.space()
    sections.append(draft.row)
    draft.line(text("result.status.heading"), "heading", 22)
    charts.append(_statuses(draft, model))
    draft.space()
    sections.append(draft.row)
    sign_off(draft, model)
    # A new workbook has no history: its heading alone would be a page.
    if previous:
        sections.append(draft.row)
    history = _history(draft, drawn=previous)
    sheet = Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        draft.widths,
        hidden_columns=draft.hidden_columns(HIDDEN_FROM),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(organisation_line(1), *reasons, warning, *_empty(charts)),
        highlights=_marks(model),
        charts=(*charts, *history),
        freeze=(2, 0),
        tab="second",
        zoom=90,
    )
    return on_paper(sheet, sections, SCALE)


def _empty(charts: Sequence[Chart]) -> tuple[FormulaCell, ...]:
    """Says behind every chart that there is nothing to draw while nothing is answered."""
    answered = Cell(T.total, "answered", "all")
    return tuple(
        FormulaCell(
            chart.row + chart.height // 20 + 1, 0,
            If(equals(answered, 0), Msg("result.empty_chart"), Txt("")), "notice_line",
        )
        for chart in charts
    )  # fmt: skip


def _marks(model: ScoreModel) -> tuple[Highlight, ...]:
    """Of the history, and of the indication: a word first; the colour only helps the eye."""
    styles = dict(zip(c.VERDICTS, ("", "mark_attention", "mark_now", "mark_good"), strict=True))
    history = (
        Highlight("result_history", "score", "bar", "bar"),
        in_use("result_history", "editions", "substantiated"),
    )
    return history + tuple(
        Highlight("result_verdict", "verdict", "equals", style, model.text(f"choice.verdict.{v}"))
        for v, style in styles.items()
        if style
    )
