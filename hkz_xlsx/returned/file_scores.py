"""Scores of one file as the tables of a portfolio need them, and the file's own beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.values import displayed_at
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.compare import StoredByPlace, place_of, same
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.scoring.cell_values import CellValue, RawValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Address

COMPARED: Mapping[str, tuple[str, ...]] = {
    T.requirements: ("status", "points", "substantiated"),
    **dict.fromkeys(
        (T.total, T.parts, T.rubrieken, T.themes, T.schemes), ("score", "substantiated", "answered")
    ),
}
"""Computed cells that are compared with what the file holds: those that scores consist of.

All of them are compared by ``hkz check``; here thousands of files are read.
"""

_LEVELS = (
    ("total", T.total), ("scheme", T.schemes), ("part", T.parts), ("rubriek", T.rubrieken),
    ("theme", T.themes),
)  # fmt: skip
_WHOLE = (
    "count", "answered", "unknown", "na", "rated", "core", "core_no", "core_partly", "core_open",
    "signals",
)  # fmt: skip
_PERCENT = ("score", "substantiated", "answered_percentage", "maturity")
_NOT_ANSWERED = {c.EMPTY: "empty", c.NOT_ON_LIST: "check", c.NA_NOT_ALLOWED: "check"}


@dataclass(frozen=True, slots=True)
class Scored:
    """What was computed of one file.

    ``rows`` are columns with one value per requirement, ``sets`` one mapping per score.
    ``changed`` says that the file holds other scores than its answers give; ``counted`` is the
    total as its formulas see it, ``stored`` as it stands in the file, in percent.
    """

    basis: str
    same_answer: bool
    rows: Mapping[str, Sequence[object]]
    sets: Sequence[Mapping[str, object]]
    changed: bool
    counted: float | None
    stored: float | None
    problems: tuple[Problem, ...]


def scored(submission: Submission) -> Scored:
    """Score as understood, and compare as counted."""
    plan = submission.plan
    own, values = submission.counted, submission.understood
    problems = tuple(_differences(submission, own))
    return Scored(
        basis="advisor" if values.number(T.settings, "basis", "effective") else "self",
        same_answer=bool(values.number(T.signal_counts, "same_answer", "count")),
        rows=_rows(values),
        sets=_sets(plan, values),
        changed=any(p.code == "SCORE_DIFFERS" for p in problems),
        counted=_number(own.value(T.total, "all", "score")),
        stored=_number(submission.stored.get(Address(T.total, "all", "score"))),
        problems=problems,
    )


def _number(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number else None  # type: ignore[arg-type]  # a number


def _flags(column: Sequence[CellValue]) -> list[bool]:
    return [value == 1 for value in column]


def _coded(column: Sequence[CellValue], names: Sequence[str]) -> list[str | None]:
    """Names of 1-based codes; None for 0 and below."""
    codes = (int(value) if isinstance(value, int | float) else 0 for value in column)
    return [names[code - 1] if code > 0 else None for code in codes]


def _rows(values: Evaluation) -> dict[str, list[object]]:
    def column(key: str) -> Sequence[CellValue]:
        return values.column(T.requirements, key)

    statuses = [int(s) if isinstance(s, int | float) else 0 for s in column("status")]
    gaps = _coded(column("gap"), c.GAP_KINDS)
    found: dict[str, Sequence[object]] = {
        "answer": [c.STATUSES[s - 1] if s > 0 else _NOT_ANSWERED[s] for s in statuses],
        "own_answer": _coded(column("own_code"), c.STATUSES),
        "advisor_answer": _coded(column("advisor_code"), c.STATUSES),
        "points": [_number(value) for value in column("points")],
        "maturity": [
            int(v) if isinstance(v, int | float) and v >= 0 else None for v in column("level")
        ],
        "has_evidence": _flags(column("has_evidence")),
        "substantiated": _flags(column("substantiated")),
        "expired": _flags(column("expired")),
        "gap": gaps,
        "priority": _where(gaps, _coded(column("priority"), c.PRIORITIES)),
        "finding": _where(gaps, _coded(column("finding"), c.FINDINGS)),
    }
    return {key: list(column) for key, column in found.items()}


def _where(kept: Sequence[object], names: Sequence[str | None]) -> list[str | None]:
    """Names on rows that are a gap only."""
    return [name if keep else None for keep, name in zip(kept, names, strict=True)]


def _sets(plan: WorkbookPlan, values: Evaluation) -> list[dict[str, object]]:
    selection = plan.model.selection
    editions = {part.id: str(part.edition) for part in selection.parts}
    whole = edition_set(plan)
    found: list[dict[str, object]] = []
    for level, table in _LEVELS:
        rows = plan.model.table(table).rows
        single = level in ("part", "rubriek")
        codes = _wholes(values, table, "verdict_code") if level == "scheme" and rows else ()
        for number, (row, score) in enumerate(zip(rows, _scores(values, table), strict=True)):
            part = row.partition(":")[0]
            score |= {"level": level, "key": row, "edition": editions[part] if single else whole}
            if codes:
                score["verdict"] = c.verdict_of(codes[number])
            found.append(score)
    return found


def edition_set(plan: WorkbookPlan) -> str:
    """Every norm part of a workbook with its edition: scores over all of them compare only with
    scores over the same."""
    key = "portfolio.edition_set"
    made: str = PLANS.kept(
        plan, key, lambda: " ".join(sorted(map(str, plan.model.selection.editions)))
    )
    return made


def _scores(values: Evaluation, table: str) -> list[dict[str, object]]:
    """The scores of every row of a table."""
    columns: list[Sequence[object]] = [_wholes(values, table, key) for key in _WHOLE]
    columns += ([_number(one) for one in values.column(table, key)] for key in _PERCENT)
    names = (*_WHOLE, *_PERCENT)
    found = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    for score in found:
        everything_na = score["count"] == score["na"]
        nothing = "na" if everything_na else "undetermined"
        score["outcome"] = nothing if score["score"] is None else "number"
    return found


def _wholes(values: Evaluation, table: str, key: str) -> list[int]:
    """A column of numbers by construction, as whole ones."""
    return [int(values.number(table, row, key)) for row in values.rows(table)]


_Compared = Mapping[str, Sequence[tuple[str, Sequence[Address]]]]


def _compared(plan: WorkbookPlan) -> _Compared:
    """Cells to compare by table and column, in the order of the rows."""
    return {
        table: [
            (column, [Address(table, row, column) for row in rows])
            for column in columns
            if (rows := plan.model.table(table).rows)
        ]
        for table, columns in COMPARED.items()
    }


def _held(
    stored: Mapping[Address, RawValue], addresses: Sequence[Address], values: Sequence[CellValue]
) -> list[tuple[Address, RawValue, CellValue]]:
    """Of a computed column the cells that the file has: what stands in them and what should."""
    if isinstance(stored, StoredByPlace):
        table, _, column = addresses[0]
        found = stored.column(table, column)
        return list(zip(addresses, found, values, strict=True)) if found else []
    both = zip(addresses, values, strict=True)
    return [(one, stored[one], value) for one, value in both if one in stored]


def _differences(submission: Submission, own: Evaluation) -> list[Problem]:
    """One problem per table whose stored scores are not what its answers give."""
    found: list[Problem] = []
    absent = total = 0
    plan = submission.plan
    compared: _Compared = PLANS.kept(plan, "portfolio.compared", lambda: _compared(plan))
    for table, columns in compared.items():
        wrong: list[tuple[Address, CellValue, CellValue]] = []
        for column, addresses in columns:
            held = _held(submission.stored, addresses, own.column(table, column))
            total += len(held)
            for address, stored, value in held:
                if stored == value:
                    continue
                if submission.kind == "xls" and stored == 0 and isinstance(value, str):
                    continue  # texts that a formula gives are not read from this kind of file
                if same(stored, value, epoch_1904=submission.epoch_1904):
                    continue
                if stored is None:
                    absent += 1
                else:
                    wrong.append((address, stored, value))  # type: ignore[arg-type]  # no dates here
        if wrong:
            address, *both = wrong[0]
            stands, counted = (displayed_at(plan, address, one) or "–" for one in both)
            slots = {"stored": stands, "counted": counted, "more": len(wrong) - 1}
            found.append(problem("SCORE_DIFFERS", place_of(submission, address), **slots))
    # Some programs save formulas without their values: then nothing can be said of those cells.
    if absent > total // 10:
        found.append(problem("SCORE_ABSENT", Where(submission.file)))
    return found
