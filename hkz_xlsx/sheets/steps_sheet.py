"""Stappenplan: from start to finish, and the yearly cycle after it, with a bar of months.

The dates follow from two days on Start. While there is none, the bars reckon in months from
an arbitrary day and no date is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from hkz_xlsx.layout.codecs import Day
from hkz_xlsx.layout.columns import codec_of
from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.plan import Block, Field, FormulaCell, Highlight, Page, Prompt, Sheet
from hkz_xlsx.layout.styles import INPUT_STYLES
from hkz_xlsx.norm.guide import ROUNDS, Round, Step
from hkz_xlsx.norm.select import Selection
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.columns import ColumnRecord, answers_at, records_at
from hkz_xlsx.scoring.expr import (
    At,
    Both,
    Calc,
    Cell,
    Column,
    Compare,
    CountWhere,
    Criterion,
    Expr,
    Here,
    If,
    Int,
    MonthsLater,
    Msg,
    Num,
    Position,
    Txt,
    add,
    equals,
    first_that_holds,
    flag,
)
from hkz_xlsx.scoring.follows import KEPT
from hkz_xlsx.scoring.model import FIRST_START, LAST_START, ScoreModel
from hkz_xlsx.scoring.rows import REFERENCE_DATE, is_date
from hkz_xlsx.scoring.sets import percentage
from hkz_xlsx.scoring.tables import Computed, Given, Input, Table
from hkz_xlsx.sheets.paper import on_paper
from hkz_xlsx.sheets.sheet_builder import (
    FEW_ARROWS_SINCE,
    Draft,
    given,
    organisation_line,
)
from hkz_xlsx.text import Messages

SHEET = "steps"
ROUNDS_APART_SINCE = 2
"""The layout since which what stands on every page is true of both rounds: the organisation and the
headers, without the name and the months of the first round."""

SCALE = 70
"""Percent: what fits the page. Not "one page wide", because Excel then ignores page breaks."""

_MONTH_WIDTH = 1.9
_MONTHS = max(ROUNDS.values())
TABLES: dict[Round, str] = {"first": T.steps_first, "yearly": T.steps_yearly}

NO_START = 46_023.0
"""1 January 2026: only to reckon from while there is no start date; never shown."""


@cache
def _start(name: Round) -> Expr:
    """Serial number of the first day of a round, 0 while it is not known."""
    start = Cell(T.settings, "effective", "start_date")
    plausible = Both(
        (
            Compare(">=", REFERENCE_DATE, Num(FIRST_START)),
            Compare("<=", REFERENCE_DATE, Num(LAST_START)),
        )
    )
    first: Expr = If(Compare(">", start, Num(0)), start, If(plausible, REFERENCE_DATE, Num(0)))
    if name == "first":
        return first
    cycle = Cell(T.settings, "effective", "cycle_date")
    later = If(equals(first, 0), Num(0), MonthsLater(first, Num(ROUNDS["first"])))
    return If(Compare(">", cycle, Num(0)), cycle, later)


@cache
def _counts(name: Round) -> tuple[Expr, Expr, Expr]:
    """How many steps of a round are done, how many late, and which is next."""
    done = Column(TABLES[name], "done_flag")
    count = CountWhere((Criterion(done, Num(1)),))
    late = CountWhere((Criterion(Column(TABLES[name], "late_flag"), Num(1)),))
    following = If(
        equals(Here("done"), Here("count")),
        Msg("steps.all_done"),
        At(Column(TABLES[name], "title"), Position(Num(0), done)),
    )
    return count, late, following


def _progress_table(model: ScoreModel) -> Table:
    rounds = tuple(TABLES)
    text = model.text

    counted, late, following = zip(*map(_counts, rounds), strict=True)
    sizes = tuple(float(len(model.selection.steps(name))) for name in rounds)
    return Table(
        T.progress,
        rounds,
        (
            Given("id", rounds),
            given("label", [text(f"steps.round.{name}") for name in rounds]),
            Computed("start", tuple(map(_start, rounds))),
            Computed(
                "shown_start", If(equals(Here("start"), 0), Msg("steps.no_start"), Here("start"))
            ),
            Given("count", sizes),
            Computed("done", counted),
            Computed("done_share", percentage(Here("done"), Here("count"))),
            Computed("late", late),
            Computed("next", following),
        ),
    )


def _months(name: Round) -> tuple[str, ...]:
    return tuple(f"m{k:02d}" for k in range(1, ROUNDS[name] + 1))


@cache
def _bar(month: int) -> Expr:
    """A mark in the months a step takes."""
    inside = Both(
        (
            Compare("<=", Here("first_month"), Num(month)),
            Compare(">=", Here("last_month"), Num(month)),
        )
    )
    return If(inside, Here("mark"), Txt(""))


def _month_of(day: Expr, name: Round) -> Expr:
    """Which month of the round a day falls in, from 1; a month runs to the same day of the next."""
    begun = (
        flag(Compare(">=", day, MonthsLater(Here("from_day"), Num(k))))
        for k in range(1, ROUNDS[name])
    )
    return add(Num(1), *begun)


@cache
def _dates(name: Round) -> tuple[Computed, ...]:
    start = Cell(T.progress, "start", name)
    day = Here("from_day")
    last = Calc("-", (MonthsLater(day, Here("until")), Num(1)))
    begin = MonthsLater(day, Calc("-", (Here("month"), Num(1))))
    planned = Both((equals(Here("has_plan"), 1), Compare(">", start, Num(0))))
    begun = Both((Compare(">", start, Num(0)), Compare("<=", Here("begin"), REFERENCE_DATE)))
    usual = If(equals(start, 0), Num(0), last)
    return (
        Computed("from_day", If(equals(start, 0), Num(NO_START), start)),
        Computed("has_plan", is_date("planned")),
        Computed("done_flag", is_date("done")),
        Computed("begin", begin),
        Computed("last_month", If(planned, _month_of(Int(Here("planned")), name), Here("until"))),
        # A step planned before its usual begin still shows its mark in the month it is due.
        Computed("first_month", If(
            Compare("<", Here("last_month"), Here("month")), Here("last_month"), Here("month"))),
        Computed("mark", If(
            equals(Here("done_flag"), 1), Msg("steps.mark.done"), Msg("steps.mark.planned"))),
        Computed("target", If(equals(start, 0), Txt(""), last)),
        Computed("due", If(equals(Here("has_plan"), 1), Int(Here("planned")), usual)),
        Computed("late_flag", flag(Both((
            equals(Here("done_flag"), 0), Compare(">", REFERENCE_DATE, Num(0)),
            Compare(">", Here("due"), Num(0)), Compare("<", Here("due"), REFERENCE_DATE),
        )))),
        Computed("state", first_that_holds(
            (
                (equals(Here("done_flag"), 1), Msg("steps.state.done")),
                (equals(Here("late_flag"), 1), Msg("steps.state.late")),
                (begun, Msg("steps.state.now")),
            ),
            Msg("steps.state.later"),
        )),
    )  # fmt: skip


def _step_texts(model: ScoreModel, step: Step) -> tuple[str, str, str]:
    """What stands in the cells: step, why and what it yields, what to do with tip and questions."""
    text, lang, selection = model.text, model.lang, model.selection
    why = (
        step.why.get(lang),
        f"→ {step.product.get(lang)}",
        f"{text('steps.usually')} {step.who.get(lang)}",
    )
    what = [step.what.get(lang), f"{text('steps.tip')} {step.tip.get(lang)}"]
    if served := _served(selection, step, text):
        what.append(f"{text('steps.questions')} {served}")
    return step.title.get(lang), "\n".join(why), "\n".join(what)


def _served(selection: Selection, step: Step, text: Messages) -> str:
    """The questions a step works on, runs of neighbours taken together."""
    order = [row.requirement.id for row in selection.rows]
    runs: list[list[str]] = []
    for one in selection.served(step):
        if runs and order.index(one) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    # Two neighbours are two names, not a run.
    upto = f" {text('steps.upto')} "
    return ", ".join(
        f"{run[0]}{upto}{run[-1]}" if len(run) > 2 else ", ".join(run)  # noqa: PLR2004
        for run in runs
    )


def _steps_table(model: ScoreModel, name: Round) -> Table:
    steps = model.selection.steps(name)
    keys = tuple(step.id for step in steps)
    titles, whys, whats = zip(*(_step_texts(model, s) for s in steps), strict=True)
    months = (Computed(key, _bar(k)) for k, key in enumerate(_months(name), 1))
    return Table(
        TABLES[name],
        keys,
        (
            Given("id", keys),
            Given("number", tuple(float(k) for k in range(1, len(keys) + 1))),
            given("title", titles),
            given("why", whys),
            given("what", whats),
            *map(Input, answers_at(TABLES[name], model.layout)),
            Given("month", tuple(float(s.month) for s in steps)),
            Given("until", tuple(float(s.month + s.months - 1) for s in steps)),
            *_dates(name),
            *months,
        ),
    )  # fmt: skip


def _prompt(text: Messages, key: str, *, refuses: bool) -> Prompt:
    error = text("form.date.error") if refuses else ""
    return Prompt(text(f"column.steps.{key}"), text(f"steps.prompt.{key}"), error)


def _columns(model: ScoreModel) -> tuple[ColumnRecord, ...]:
    """The columns before the months; the same in both rounds."""
    return records_at(T.steps_first, model.layout)


def _widths(model: ScoreModel) -> tuple[float, ...]:
    months = (_MONTH_WIDTH for _ in range(_MONTHS))
    return (*(record.width for record in _columns(model)), *months)


def _fields(model: ScoreModel, name: Round) -> tuple[Field, ...]:
    text, found, arrow = model.text, [], model.layout < FEW_ARROWS_SINCE
    for record in _columns(model):
        key, codec = record.key, codec_of(record)
        header = text(f"column.steps.{key}")
        if codec is None:
            found.append(Field(key, header, record.style, arrow=arrow))
        else:
            asked = _prompt(text, key, refuses=isinstance(codec, Day))
            style = INPUT_STYLES[codec.kind]
            found.append(Field(key, header, style, (codec,), (asked,), arrow=arrow))
    found += [
        Field(key, str(k), "month", header_style="header_month", arrow=arrow)
        for k, key in enumerate(_months(name), 1)
    ]
    return tuple(found)


_WRAPPED = (("title", 10.0), ("why", 10.0), ("what", 10.0))


@lru_cache(maxsize=KEPT)
def _calendar(name: Round, row: int, first: int) -> tuple[FormulaCell, ...]:
    """The day each month begins, above the bars; blank while there is no start date."""
    start = Cell(T.progress, "start", name)
    return tuple(
        FormulaCell(
            row, first + k, If(equals(start, 0), Txt(""), MonthsLater(start, Num(k))), "month_name"
        )
        for k in range(ROUNDS[name])
    )


def _round(draft: Draft, model: ScoreModel, name: Round) -> tuple[FormulaCell, ...]:
    """Places a round; returns what stands above its table."""
    text = draft.text
    draft.line(text(f"steps.round.{name}"), "heading", 22)
    # The names of the months need a higher row; the note stands in it.
    row = draft.row
    draft.line(text(f"steps.note.{name}"), "notice_line", 42)
    above = _calendar(name, row, len(_columns(model)))
    if name == "first" and model.layout >= ROUNDS_APART_SINCE:
        above = (*above, organisation_line(draft.row))
        draft.space()
    draft.block(
        _steps_table(model, name), _fields(model, name), len(draft.widths) + 1,
        object_name=text(f"object.{TABLES[name]}"), wrapped=_WRAPPED,
    )  # fmt: skip
    draft.space()
    return above


def _progress(draft: Draft, model: ScoreModel) -> Block:
    text = draft.text
    styles = {
        "line": "nr", "label": "text_strong", "next": "text", "shown_start": "date",
        "count": "number", "done": "number", "late": "number", "done_share": "percent",
    }  # fmt: skip
    table = _progress_table(model)
    numbered = Table(table.key, table.rows, (*table.columns, Given("line", (1.0, 2.0))))
    fields = [Field(k, text(f"column.{T.progress}.{k}"), s) for k, s in styles.items()]
    nexts = [s.title.get(model.lang) for name in ROUNDS for s in model.selection.steps(name)]
    tallest = max(height_of([(title, draft.widths[2], 10)]) for title in nexts)
    return draft.block(
        numbered, fields, len(draft.widths) + 1, object_name=text(f"object.{T.progress}"),
        wrapped=(("label", 10),), height=tallest,
    )  # fmt: skip


def _marks(text: Messages) -> Sequence[Highlight]:
    found = [Highlight(T.progress, "done_share", "bar", "bar")]
    for name, table in TABLES.items():
        for code, style in (("done", "mark_good"), ("late", "mark_attention"), ("now", "mark_now")):
            found.append(Highlight(table, "state", "equals", style, text(f"steps.state.{code}")))
        for code, style in (("done", "mark_done"), ("planned", "mark_planned")):
            mark = text(f"steps.mark.{code}")
            first, *_, last = _months(name)
            found.append(Highlight(table, first, "equals", style, mark, last))
    return found


def build(model: ScoreModel) -> Sheet:
    """The step plan."""
    text = model.text
    draft = Draft(text, _widths(model))
    apart = model.layout >= ROUNDS_APART_SINCE
    draft.line(text(f"sheet.{SHEET}.title"), "title", 28)
    if not apart:
        draft.space()  # the organisation line
    draft.line(text("steps.note.sheet"), "notice_line", 18)
    draft.line(text("column.steps.next"), "organisation", 18)
    following = FormulaCell(draft.row - 1, 2, Cell(T.progress, "next", "first"), "organisation")
    sections: list[int] = []
    lines: list[FormulaCell] = []
    for name in TABLES:
        sections.append(draft.row)
        lines += _round(draft, model, name)
    sections.append(draft.row)
    draft.line(text("steps.progress"), "heading", 22)
    _progress(draft, model)
    first = draft.blocks[0]
    sheet = Sheet(
        SHEET,
        text(f"sheet.{SHEET}.tab"),
        (*draft.widths, 2.0),
        hidden_columns=draft.hidden_columns(len(draft.widths) + 1),
        blocks=tuple(draft.blocks),
        texts=tuple(draft.texts),
        formulas=(*(() if apart else (organisation_line(1),)), following, *lines),
        highlights=tuple(_marks(text)),
        freeze=(first.first_row, 2),
        page=Page(repeat_rows=(0, first.header_row)),
        tab="accent",
        zoom=85,
    )
    if not apart:
        return sheet
    repeated = (first.top - 1, first.header_row)
    # The columns beside the months have nothing to print.
    wide = replace(sheet, page=Page(until=len(draft.widths) - 1))
    return on_paper(wide, sections, SCALE, repeated=repeated, continued=True)
