"""The scoring model of one workbook: all tables that numbers are defined over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hkz_xlsx.norm.select import Selection
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T, list_table, lists_at, signals_at
from hkz_xlsx.scoring.columns import records_at
from hkz_xlsx.scoring.expr import (
    At,
    Both,
    Calc,
    Cell,
    Column,
    Compare,
    CountFilled,
    CountNumbers,
    CountWhere,
    Criterion,
    Expr,
    Here,
    If,
    Int,
    Is,
    Msg,
    Num,
    Position,
    Smallest,
    Total,
    Txt,
    add,
    equals,
    flag,
)
from hkz_xlsx.scoring.rows import computed_columns, input_columns, label
from hkz_xlsx.scoring.sets import (
    added_sums,
    derived_columns,
    first_open,
    first_row,
    keyed_sums,
    membership_sums,
    requirement_column,
    total_sums,
    verdict_code,
)
from hkz_xlsx.scoring.tables import Computed, Given, Input, Table
from hkz_xlsx.text import TODAY, Lang, Messages, messages

FIRST_START, LAST_START = 32_874.0, 73_050.0
"""Serial numbers of 1 January 1990 and 31 December 2099."""

SAME_ANSWER_SHARE, SAME_ANSWER_ROWS = 0.9, 20
"""One answer in at least this share of at least this many answered rows is a signal (§6)."""


@dataclass(frozen=True, slots=True)
class ScoreModel:
    """Tables by meaning, without any place: the layout places them, the analyzer evaluates them.

    ``layout`` is the layout of the workbook, ``wording`` the release whose texts stand in it.
    """

    lang: Lang
    selection: Selection
    tables: tuple[Table, ...]
    layout: int = LAYOUT_VERSION
    wording: str = TODAY

    @property
    def text(self) -> Messages:
        """The texts of the workbook, in its language and wording."""
        return messages(self.lang, self.wording)

    def say(self, key: str, **slots: object) -> str:
        """A text of the workbook with its ``{slots}`` filled in."""
        return self.text(key).format(**slots)

    def table(self, key: str) -> Table:
        """The table with that key."""
        return next(t for t in self.tables if t.key == key)


def rubriek_key(part_id: str, number: str) -> str:
    """Row key of a rubriek: unique over norm parts."""
    return f"{part_id}:{number}"


def _numbered(keys: tuple[str, ...]) -> Given:
    return Given("number", tuple(float(i) for i in range(1, len(keys) + 1)))


def _list_tables(text: Messages, layout: int) -> tuple[Table, ...]:
    tables = []
    for name, codes in lists_at(layout).items():
        columns: list[Given] = [
            Given("id", codes),
            Given("label", tuple(text(f"choice.{name}.{code}") for code in codes)),
        ]
        if name == "status":
            columns.append(Given("points", tuple(c.STATUS_POINTS[s] for s in codes)))
        tables.append(Table(list_table(name), codes, tuple(columns)))
    verdicts = tuple(text(f"choice.verdict.{code}") for code in c.VERDICTS)
    columns = [Given("id", c.VERDICTS), Given("label", verdicts)]
    return (*tables, Table(list_table("verdict"), c.VERDICTS, tuple(columns)))


@cache
def _settings(layout: int) -> Table:
    date, basis = Here("value"), Here("value")
    real_date = If(Compare(">", date, Num(1)), Int(date), Num(0))
    # The step plan reckons in months, so only days that can be meant count as a start.
    plausible = Both((Compare(">=", date, Num(FIRST_START)), Compare("<=", date, Num(LAST_START))))
    start = If(Is("number", date), If(plausible, Int(date), Num(0)), Num(0))
    counts: dict[str, Expr] = {
        "reference_date": If(Is("number", date), real_date, Num(0)),
        "basis": If(Is("text", basis), flag(equals(basis, label("basis", "advisor"))), Num(0)),
        "start_date": start,
        "cycle_date": start,
        "hours_a_week": If(
            Is("number", date), If(Compare(">", date, Num(0)), date, Num(0)), Num(0)
        ),
    }
    rows = tuple(record.key for record in records_at(T.settings, layout))
    effective = tuple(counts[row] for row in rows)
    return Table(
        T.settings, rows, (Given("id", rows), Input("value"), Computed("effective", effective))
    )


def _profiles(selection: Selection) -> Table:
    keys = tuple(s.id for s in selection.schemes)
    names = ("answered_min", "not_ready_below", "ready_score", "ready_substantiated")
    columns = [
        Given(n, tuple(float(getattr(s.profile, n)) for s in selection.schemes)) for n in names
    ]
    return Table(T.profiles, keys, (Given("id", keys), *columns))


def _rubrieken(selection: Selection) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rubriek_key(r.part.id, r.rubriek.number) for r in selection.rows))


def _requirements(selection: Selection, layout: int) -> Table:
    part_no = {p.id: float(i) for i, p in enumerate(selection.parts_with_rows, 1)}
    rubriek_no = {key: float(i) for i, key in enumerate(_rubrieken(selection), 1)}
    target = _targets(selection)
    rows = selection.rows
    keys = tuple(row.requirement.id for row in rows)
    themes = tuple(t.id for t in selection.themes())

    def given(key: str, *values: CellValue) -> Given:
        return Given(key, values)

    # Marks that few rows have are blank elsewhere: a cell less, and 0 to every formula.
    fixed = (
        Given("id", keys),
        given("part_no", *(part_no[r.part.id] for r in rows)),
        given("rubriek_no", *(rubriek_no[rubriek_key(r.part.id, r.rubriek.number)] for r in rows)),
        given("ordinal", *(float(r.ordinal) for r in rows)),
        given("weight", *(float(r.requirement.weight) for r in rows)),
        given("core", *(1.0 if r.requirement.core else None for r in rows)),
        given(
            "evidence_required",
            *(float(r.requirement.evidence_rule == "required") for r in rows),
        ),
        given("na_allowed", *(float(r.na_allowed) for r in rows)),
        given("target", *(target[r.part.id] for r in rows)),
        *(
            given(f"theme_{theme}", *(1.0 if theme in r.requirement.themes else None for r in rows))
            for theme in themes
        ),
    )
    return Table(
        T.requirements, keys, (*fixed, *input_columns(layout), *computed_columns(themes, layout))
    )


def _targets(selection: Selection) -> dict[str, float]:
    """Target maturity per part: that of the sector part also holds for its companions (§4)."""
    targets = {p.id: float(p.profile.target_maturity) for p in selection.parts}
    for scheme in selection.schemes:
        for part in scheme.parts:
            targets[part] = float(scheme.profile.target_maturity)
    return targets


def _set_tables(selection: Selection) -> tuple[Table, ...]:
    part_ids = tuple(p.id for p in selection.parts_with_rows)
    rubrieken = _rubrieken(selection)
    themes = tuple(t.id for t in selection.themes())
    members = tuple(f"theme_{t}" for t in themes)
    open_members = tuple(f"open_theme_{t}" for t in themes)
    derived = derived_columns()
    number = Here("number")
    first_unanswered = If(
        equals(Here("open"), 0), Txt(""), Position(Num(0), requirement_column("answered"))
    )
    tables = [
        Table(
            T.parts, part_ids,
            (Given("id", part_ids), _numbered(part_ids), *keyed_sums("part_no"), *derived),
        ),
        Table(
            T.rubrieken, rubrieken,
            (
                Given("id", rubrieken), _numbered(rubrieken), *keyed_sums("rubriek_no"), *derived,
                first_row(("rubriek_no",), number), first_open(("open_rubriek",), number),
            ),
        ),
        Table(
            T.total, ("all",),
            (
                Given("id", ("all",)), *total_sums(), *derived, Computed("first_row", Num(1)),
                Computed("first_open", first_unanswered),
            ),
        ),
    ]  # fmt: skip
    if themes:
        tables.append(
            Table(
                T.themes, themes,
                (
                    Given("id", themes), *membership_sums(members), *derived,
                    first_row(members, Num(1)), first_open(open_members, Num(1)),
                ),
            )
        )  # fmt: skip
    return tuple(tables)


def _schemes(selection: Selection) -> Table:
    keys = tuple(s.id for s in selection.schemes)
    codes: tuple[Expr, ...] = tuple(verdict_code(key) for key in keys)
    verdict: Expr = At(Column(list_table("verdict"), "label"), Here("verdict_code"))
    if selection.subset:  # a part of a workbook has no verdict, whatever its score
        codes, verdict = tuple(Num(0) for _ in keys), Msg(f"choice.verdict.{c.PARTIAL}")
    return Table(
        T.schemes,
        keys,
        (
            Given("id", keys),
            *added_sums(tuple(s.parts for s in selection.schemes)),
            *derived_columns(),
            Computed("verdict_code", codes),
            Computed("verdict", verdict),
        ),
    )


def _core_failures(selection: Selection) -> Table:
    """The k-th failing kerneis by its written ordinal; as many lines as there can be."""
    count = sum(r.requirement.core for r in selection.rows)
    keys = tuple(str(k) for k in range(1, count + 1))
    return Table(T.core_failures, keys, (Given("id", keys), _numbered(keys), *_failure_columns()))


@cache
def _failure_columns() -> tuple[Computed, ...]:
    failed = requirement_column("core_failed_key")
    ordinal = Smallest(failed, Here("number"))
    position = Position(ordinal, requirement_column("ordinal"))

    def shown(column: str) -> Expr:
        found = At(requirement_column(column), Here("position"))
        return If(Is("number", Here("position")), found, Txt(""))

    # What counts, by its label: the own answer or the adviser's, whatever the cell itself holds.
    label_of = At(
        Column(list_table("status"), "label"), At(requirement_column("status"), Here("position"))
    )
    answer_now = If(Is("number", Here("position")), label_of, Txt(""))
    too_few = Compare("<", CountNumbers(failed), Here("number"))
    return (
        Computed("position", If(too_few, Txt(""), position)),
        Computed("requirement", shown("id")),
        Computed("answer_now", answer_now),
    )


@cache
def _counts(layout: int) -> tuple[Table, ...]:
    status = requirement_column("status")
    keys = (*c.STATUSES, "empty", "check")
    counts: list[Expr] = [
        CountWhere((Criterion(status, Num(i)),)) for i in range(1, len(c.STATUSES) + 1)
    ]
    counts.append(CountWhere((Criterion(status, Num(c.EMPTY)),)))
    counts.append(
        add(*(CountWhere((Criterion(status, Num(i)),)) for i in (c.NOT_ON_LIST, c.NA_NOT_ALLOWED)))
    )
    chosen: list[Expr] = [*(Here("count") for _ in c.STATUSES), Num(0), Num(0)]
    names = signals_at(layout)
    signals = tuple(Total("SUM", (requirement_column(f"signal_{name}"),)) for name in names)
    most = Total("MAX", (Column(T.status_counts, "chosen"),))
    answered = Cell(T.total, "answered", "all")
    same_answer = Both(
        (
            Compare(">=", answered, Num(SAME_ANSWER_ROWS)),
            Compare(">=", most, Calc("*", (Num(SAME_ANSWER_SHARE), answered))),
        )
    )
    signal_keys = (*names, "same_answer")
    return (
        Table(
            T.status_counts,
            keys,
            (
                Given("id", keys),
                Computed("count", tuple(counts)),
                Computed("chosen", tuple(chosen)),
            ),
        ),
        Table(
            T.signal_counts,
            signal_keys,
            (Given("id", signal_keys), Computed("count", (*signals, flag(same_answer)))),
        ),
    )


def _selfcheck(selection: Selection) -> Table:
    rows = ("rows", "answers")
    found = (
        CountFilled(requirement_column("id")),
        Cell(T.status_counts, "count", "check"),
    )
    verdict = If(
        equals(Here("expected"), Here("found")), Msg("selfcheck.ok"), Msg("selfcheck.wrong")
    )
    return Table(
        T.selfcheck,
        rows,
        (
            Given("id", rows),
            Given("expected", (float(len(selection.rows)), 0.0)),
            Computed("found", found),
            Computed("result", verdict),
        ),
    )


def score_model(
    selection: Selection, lang: Lang, layout: int = LAYOUT_VERSION, wording: str = TODAY
) -> ScoreModel:
    """The scoring model of a selection.

    Args:
        selection: norm parts and rows.
        lang: language of the workbook, and so of the labels that its formulas compare with.
        layout: layout version of the workbook.
        wording: the release whose texts stand in it.
    """
    tables = (
        _settings(layout),
        *_list_tables(messages(lang, wording), layout),
        _profiles(selection),
        _requirements(selection, layout),
        *_set_tables(selection),
        _schemes(selection),
        _core_failures(selection),
        *_counts(layout),
        _selfcheck(selection),
    )
    return ScoreModel(lang, selection, tables, layout, wording)
