"""Everything computed about one requirement row: status, points, evidence, gap, signals.

The rules are those of the scoring page (docs/scoring.md), section numbers in comments.
Every test on a typed cell starts with ISTEXT or ISNUMBER, so that an error value or a
wrong type in a cell never spreads.
"""

from __future__ import annotations

from functools import cache, lru_cache

from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.choices import T, list_table, signals_at
from hkz_xlsx.scoring.columns import answers_at
from hkz_xlsx.scoring.expr import (
    At,
    Both,
    Calc,
    Cell,
    Column,
    Compare,
    Either,
    Expr,
    Here,
    If,
    Int,
    Is,
    Msg,
    Num,
    TrimmedLength,
    Txt,
    Without,
    add,
    equals,
    first_that_holds,
    flag,
)
from hkz_xlsx.scoring.follows import KEPT
from hkz_xlsx.scoring.tables import Computed, Input

REFERENCE_DATE = Cell(T.settings, "effective", "reference_date")
USES_ADVISOR = Cell(T.settings, "effective", "basis")

# One integer per gap, so that ties cannot depend on rounding (§5): priority, then core first
# among unanswered rows, then twice the points missed (0-6), then the written ordinal.
PRIORITY_STEP, CORE_STEP, MISSED_STEP = 10_000_000, 1_000_000, 10_000


def label(list_name: str, code: str) -> Cell:
    """The cell with the label of a list entry."""
    return Cell(list_table(list_name), "label", code)


def is_label(column: str, list_name: str, code: str) -> Compare:
    """Whether a cell holds a label: compared with ``=``, so without case and wildcards (§3).

    Args:
        column: key of the column, in the same row.
        list_name: the list that the label comes from.
        code: key of the label in that list.
    """
    return equals(Here(column), label(list_name, code))


YES, NO = Num(1), Num(0)
"""Truth as numbers: engines store truth values differently, numbers they do not."""


ODD_BLANKS = "\u00a0\u2007\u202f\u2003\u200b\t\n"
"""Blanks that TRIM leaves alone (§8): no-break, figure, narrow and wide ones, tab, newline."""

BLANKS_SINCE = 2
"""The layout since which formulas take a text of nothing but odd blanks for none."""


@cache
def _length(column: str, layout: int) -> TrimmedLength:
    value = Here(column)
    return TrimmedLength(Without(value, ODD_BLANKS) if layout >= BLANKS_SINCE else value)


def filled(column: str, layout: int) -> Expr:
    """1 when not blank: trimmed length > 0, any type, an error value included (§2)."""
    value = Here(column)
    long_enough = flag(Compare(">", _length(column, layout), Num(0)))
    return If(Is("text", value), long_enough, If(Is("blank", value), NO, YES))


def blank(column: str, layout: int) -> Expr:
    """The opposite of `filled`."""
    value = Here(column)
    short = flag(equals(_length(column, layout), 0))
    return If(Is("text", value), short, flag(Is("blank", value)))


def status_code(column: str) -> Expr:
    """Position of the label in the list of statuses; 0 when blank, -1 when not on the list."""
    cases = [(equals(TrimmedLength(Here(column)), 0), Num(c.EMPTY))]
    cases += [(is_label(column, "status", s), Num(i)) for i, s in enumerate(c.STATUSES, 1)]
    typed = first_that_holds(tuple(cases), Num(c.NOT_ON_LIST))
    other = If(Is("blank", Here(column)), Num(c.EMPTY), Num(c.NOT_ON_LIST))
    return If(Is("text", Here(column)), typed, other)


def _maturity_code() -> Expr:
    cases = tuple((is_label("maturity", "maturity", m), Num(float(m))) for m in c.MATURITIES)
    return If(Is("text", Here("maturity")), first_that_holds(cases, Num(-1)), Num(-1))


def is_date(column: str) -> Expr:
    """1 for a real date; above 1, because LibreOffice stores TRUE as the number 1."""
    return If(Is("number", Here(column)), flag(Compare(">", Here(column), Num(1))), NO)


def _before_reference(column: str) -> Expr:
    """1 for a real date before the reference date; never when either is absent (§2)."""
    before = flag(Compare("<", Int(Here(column)), REFERENCE_DATE))
    return If(equals(REFERENCE_DATE, 0), NO, If(equals(is_date(column), 1), before, NO))


@cache
def _status_columns() -> tuple[Computed, ...]:
    use_advisor = Both((equals(USES_ADVISOR, 1), Compare("<>", Here("advisor_code"), Num(0))))
    chosen = Here("chosen_code")
    refused = Both((equals(chosen, c.NA), equals(Here("na_allowed"), 0)))
    points = If(
        Either((Compare("<=", Here("status"), Num(0)), equals(Here("status"), c.NA))),
        Txt(""),
        At(Column(list_table("status"), "points"), Here("status")),
    )
    return (
        Computed("own_code", status_code("answer")),
        Computed("advisor_code", status_code("advisor_answer")),
        Computed("chosen_code", If(use_advisor, Here("advisor_code"), Here("own_code"))),
        Computed("status", If(refused, Num(c.NA_NOT_ALLOWED), chosen)),
        Computed("points", points),
        Computed("answered", flag(Compare(">", Here("status"), Num(0)))),
    )


@cache
def _score_columns(layout: int) -> tuple[Computed, ...]:
    earned = If(Is("number", Here("points")), Calc("*", (Here("weight"), Here("points"))), Num(0))
    evidence_free = equals(Here("evidence_required"), 0)
    core_open = Either((Compare("<=", Here("status"), Num(0)), equals(Here("status"), c.UNKNOWN)))
    core_failed = Either((equals(Here("status"), c.NO), equals(Here("status"), c.PARTLY)))
    rated = Both((Compare("<>", Here("status"), Num(c.NA)), Compare(">=", Here("level"), Num(0))))
    return (
        Computed("weight_counted", If(equals(Here("status"), c.NA), Num(0), Here("weight"))),
        Computed("earned", earned),
        Computed(
            "has_evidence",
            If(equals(filled("evidence", layout), 1), YES, filled("location", layout)),
        ),
        Computed("expired", _before_reference("valid_until")),
        Computed("substantiated", If(equals(Here("expired"), 1), Num(0), Here("has_evidence"))),
        Computed(
            "earned_substantiated",
            If(evidence_free, Here("earned"), Calc("*", (Here("earned"), Here("substantiated")))),
        ),
        Computed("level", _maturity_code()),
        Computed("rated", flag(rated)),
        Computed("level_counted", If(equals(Here("rated"), 1), Here("level"), Num(0))),
        Computed("core_open", If(equals(Here("core"), 1), flag(core_open), Num(0))),
        Computed(
            "core_failed_key",
            If(Both((equals(Here("core"), 1), core_failed)), Here("ordinal"), Txt("")),
        ),
        Computed("open_rubriek", If(equals(Here("answered"), 1), Num(0), Here("rubriek_no"))),
    )


def _gap_kind() -> Expr:
    """§5, first that holds; the number is the position in GAP_KINDS."""
    status = Here("status")
    evidence_missing = Both((equals(Here("evidence_required"), 1), equals(Here("has_evidence"), 0)))
    evidence_expired = Both((equals(Here("has_evidence"), 1), equals(Here("expired"), 1)))
    immature = Both(
        (
            equals(Here("substantiated"), 1),
            Compare(">=", Here("level"), Num(0)),
            Compare("<", Here("level"), Here("target")),
        )
    )
    of_yes = first_that_holds(
        ((evidence_missing, Num(5)), (evidence_expired, Num(6)), (immature, Num(7))), Num(0)
    )
    return first_that_holds(
        (
            (equals(status, c.YES), of_yes),
            (equals(status, c.NA), Num(0)),
            (equals(status, c.NO), Num(1)),
            (equals(status, c.PARTLY), Num(2)),
            (equals(status, c.UNKNOWN), Num(3)),
        ),
        Num(4),
    )


@cache
def _gap_columns() -> tuple[Computed, ...]:
    kind, core, weight = Here("gap"), Here("core"), Here("weight")
    negative = Both((Compare(">=", kind, Num(1)), Compare("<=", kind, Num(3))))
    high = Either((Both((equals(core, 1), negative)), Both((equals(weight, 3), equals(kind, 1)))))
    evidence_gap = Both((Compare(">=", kind, Num(5)), Compare("<=", kind, Num(6))))
    middle = Either(
        (
            Both((negative, Compare(">=", weight, Num(2)))),
            Both((equals(core, 1), evidence_gap)),
        )
    )
    priority = first_that_holds(
        ((equals(kind, 0), Num(0)), (equals(kind, 4), Num(4)), (high, Num(1)), (middle, Num(2))),
        Num(3),
    )
    finding = first_that_holds(
        (
            (Both((equals(core, 1), equals(kind, 1))), Num(1)),
            (Either((equals(kind, 1), equals(kind, 2))), Num(2)),
            (evidence_gap, Num(3)),
            (equals(kind, 7), Num(4)),
        ),
        Num(0),
    )
    # Twice the weight not earned, so that half points give whole numbers.
    missed = Calc("*", (Num(2), Calc("-", (weight, Here("earned")))))
    core_last = If(Both((equals(kind, 4), equals(core, 0))), Num(CORE_STEP), Num(0))
    key = add(
        Calc("*", (Here("priority"), Num(PRIORITY_STEP))),
        core_last,
        Calc("*", (Calc("-", (Num(6), missed)), Num(MISSED_STEP))),
        Here("ordinal"),
    )
    return (
        Computed("gap", _gap_kind()),
        Computed("priority", priority),
        Computed("finding", finding),
        Computed("gap_key", If(equals(kind, 0), Txt(""), key)),
    )


def _signal_tests(layout: int) -> dict[str, Expr]:
    """§6; every signal is 0 or 1 and changes no score."""
    status = Here("status")
    no_due = equals(is_date("action_due"), 0)
    is_closed = tuple(
        is_label("action_status", "action_status", name) for name in ("done", "dropped")
    )
    closed = If(Is("text", Here("action_status")), flag(Either(is_closed)), NO)
    overdue = If(equals(closed, 1), NO, _before_reference("action_due"))
    own, advisor = Here("own_code"), Here("advisor_code")
    contradiction = Either(
        (
            Both((equals(own, c.YES), equals(advisor, c.NO))),
            Both((equals(own, c.NO), equals(advisor, c.YES))),
        )
    )
    return {
        "na_not_allowed": equals(status, c.NA_NOT_ALLOWED),
        "na_without_reason": Both((equals(status, c.NA), equals(blank("note", layout), 1))),
        "yes_without_evidence": equals(Here("gap"), 5),
        "evidence_expired": Both((equals(Here("has_evidence"), 1), equals(Here("expired"), 1))),
        "action_incomplete": Both(
            (
                equals(filled("action", layout), 1),
                Either((equals(blank("action_owner", layout), 1), no_due)),
            )
        ),
        "action_overdue": equals(overdue, 1),
        "advisor_contradicts": contradiction,
        "maturity_contradicts": Both((equals(status, c.NO), Compare(">=", Here("level"), Num(3)))),
    }


@cache
def _signal_columns(layout: int) -> tuple[Computed, ...]:
    tests, names = _signal_tests(layout), signals_at(layout)
    columns = tuple(Computed(f"signal_{name}", flag(tests[name])) for name in names)
    count = add(*(Here(f"signal_{name}") for name in names))
    shown = tuple(
        (equals(Here(f"signal_{name}"), 1), Msg(f"choice.check.{name}")) for name in names
    )
    not_on_list = (equals(Here("status"), c.NOT_ON_LIST), Msg("choice.check.not_on_list"))
    check = first_that_holds((not_on_list, *shown), Txt(""))
    return (*columns, Computed("signals", count), Computed("check", check))


@lru_cache(maxsize=KEPT)
def _theme_columns(themes: tuple[str, ...]) -> tuple[Computed, ...]:
    return tuple(
        Computed(
            f"open_theme_{theme}",
            If(equals(Here("answered"), 1), Num(0), Here(f"theme_{theme}")),
        )
        for theme in themes
    )


@cache
def input_columns(layout: int) -> tuple[Input, ...]:
    """What a respondent or adviser fills in per row, and what is carried along for them."""
    return tuple(map(Input, answers_at(T.requirements, layout)))


SIGN_SINCE = 2
"""The layout since which a short check stands beside the answer."""


@cache
def _sign_columns(layout: int) -> tuple[Computed, ...]:
    """The check in one or two words beside the answer; the sentence stays in ``check``."""
    if layout < SIGN_SINCE:
        return ()
    held = equals(blank("previous_answer", layout), 0)
    cases: tuple[tuple[Expr, str], ...] = (
        (equals(Here("status"), c.NOT_ON_LIST), "not_on_list"),
        (equals(Here("status"), c.NA_NOT_ALLOWED), "na_not_allowed"),
        (Both((equals(Here("status"), c.EMPTY), held)), "revised"),
        (equals(Here("status"), c.EMPTY), "open"),
        (equals(Here("signal_na_without_reason"), 1), "reason"),
        (
            Both((Compare(">=", Here("gap"), Num(5)), Compare("<=", Here("gap"), Num(6)))),
            "evidence",
        ),
    )
    # What is in order in itself bears the sign of its answer.
    signs = tuple((equals(Here("status"), c.STATUSES.index(s) + 1), s) for s in c.STATUSES[1:])
    shown = tuple((test, Msg(f"choice.sign.{name}")) for test, name in (*cases, *signs))
    return (Computed("sign", first_that_holds(shown, Msg("choice.sign.fine"))),)


@lru_cache(maxsize=KEPT)
def computed_columns(themes: tuple[str, ...], layout: int) -> tuple[Computed, ...]:
    """Every computed column of the requirements table in a layout."""
    return (
        *_status_columns(),
        *_score_columns(layout),
        *_gap_columns(),
        *_signal_columns(layout),
        *_sign_columns(layout),
        *_theme_columns(themes),
    )
