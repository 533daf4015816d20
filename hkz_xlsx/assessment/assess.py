"""Answers to an `Assessment`, by the same expressions that the workbook holds as formulas."""

from __future__ import annotations

from collections.abc import Mapping

from hkz_xlsx.assessment.model import Assessment, Basis, Gap, Outcome, Score, Signal, Verdict
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Address, Inputs


def _score(values: Evaluation, table: str, row: str) -> Score:
    def whole(column: str) -> int:
        return int(values.number(table, row, column))

    def shown(column: str) -> float | None:
        value = values.value(table, row, column)
        return float(value) if isinstance(value, int | float) else None

    score = shown("score")
    everything_na = whole("count") == whole("na")
    outcome: Outcome = "number" if score is not None else "na" if everything_na else "undetermined"
    return Score(
        outcome=outcome,
        score=score,
        substantiated=shown("substantiated"),
        count=whole("count"),
        answered=whole("answered"),
        answered_percentage=values.number(table, row, "answered_percentage"),
        unknown=whole("unknown"),
        na=whole("na"),
        maturity=shown("maturity"),
        rated=whole("rated"),
        core=whole("core"),
        core_no=whole("core_no"),
        core_partly=whole("core_partly"),
        core_open=whole("core_open"),
        signals=whole("signals"),
    )


def _scores(values: Evaluation, model: ScoreModel, table: str) -> Mapping[str, Score]:
    rows = next((t.rows for t in model.tables if t.key == table), ())
    return {row: _score(values, table, row) for row in rows}


def _gaps(values: Evaluation, rows: tuple[str, ...]) -> tuple[Gap, ...]:
    found: list[tuple[float, Gap]] = []
    for row in rows:
        key = values.value(T.requirements, row, "gap_key")
        if not isinstance(key, int | float):
            continue

        def code(column: str, row: str = row) -> int:
            return int(values.number(T.requirements, row, column))

        finding = code("finding")
        gap = Gap(
            requirement=row,
            kind=c.GAP_KINDS[code("gap") - 1],
            priority=c.PRIORITIES[code("priority") - 1],
            finding=c.FINDINGS[finding - 1] if finding else "",
            core=bool(code("core")),
            weight=code("weight"),
        )
        found.append((key, gap))
    return tuple(gap for _, gap in sorted(found, key=lambda pair: pair[0]))


def _signals(values: Evaluation, rows: tuple[str, ...], layout: int) -> tuple[Signal, ...]:
    found = [
        Signal(name, row)
        for name in c.signals_at(layout)
        for row in rows
        if values.number(T.requirements, row, f"signal_{name}")
    ]
    if values.number(T.signal_counts, "same_answer", "count"):
        found.append(Signal("same_answer", ""))
    return tuple(found)


_NOT_ANSWERED = {c.EMPTY: "empty", c.NOT_ON_LIST: "check", c.NA_NOT_ALLOWED: "check"}


def _status(code: int) -> str:
    return _NOT_ANSWERED[code] if code <= 0 else c.STATUSES[code - 1]


def assess(model: ScoreModel, inputs: Inputs, basis: Basis | None = None) -> Assessment:
    """Scores, verdicts, gaps and signals.

    Args:
        model: the scoring model of the workbook.
        inputs: typed values by address, as counted or as understood.
        basis: whose answers count; None takes what was chosen in the workbook.
    """
    if basis is not None:
        inputs = on_basis(model, inputs, basis)
    return assessed(model, Evaluation(model.tables, inputs, model.text))


def on_basis(model: ScoreModel, inputs: Inputs, basis: Basis) -> Inputs:
    """The same answers, with another choice of whose answers count.

    Args:
        model: gives the label of the basis in the language of the answers.
        inputs: typed values by address; left as they are.
        basis: whose answers count: the organisation's own, or the adviser's where there is one.
    """
    return {**inputs, Address(T.settings, "basis", "value"): model.text(f"choice.basis.{basis}")}


def assessed(model: ScoreModel, values: Evaluation) -> Assessment:
    """As `assess`, of values that were computed before.

    Args:
        model: the scoring model of the workbook.
        values: of all its tables at least.
    """
    advisor = bool(values.number(T.settings, "basis", "effective"))
    rows = model.table(T.requirements).rows
    verdicts = tuple(
        Verdict(
            scheme,
            c.verdict_of(int(values.number(T.schemes, scheme.id, "verdict_code"))),
            _score(values, T.schemes, scheme.id),
        )
        for scheme in model.selection.schemes
    )
    counts = model.table(T.status_counts).rows
    return Assessment(
        basis="advisor" if advisor else "self",
        total=_score(values, T.total, "all"),
        verdicts=verdicts,
        parts=_scores(values, model, T.parts),
        rubrieken=_scores(values, model, T.rubrieken),
        themes=_scores(values, model, T.themes),
        status_counts={k: int(values.number(T.status_counts, k, "count")) for k in counts},
        gaps=_gaps(values, rows),
        signals=_signals(values, rows, model.layout),
        statuses={r: _status(int(values.number(T.requirements, r, "status"))) for r in rows},
        core_failed=tuple(
            row
            for row in rows
            if isinstance(values.value(T.requirements, row, "core_failed_key"), int | float)
        ),
    )
