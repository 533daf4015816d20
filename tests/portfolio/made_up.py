"""A portfolio of any answers at all, made without workbooks: to look at figures, not at reading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hkz_xlsx.portfolio import arrow
from hkz_xlsx.portfolio.schema import TABLES, VERSION
from hkz_xlsx.portfolio.stage import STATE

UNUSABLE = {"not_understood": None, "na_not_allowed": "na"}
EDITION = "138@2015/r1"
POINTS = {"yes": 1.0, "partly": 0.5, "no": 0.0, "unknown": 0.0}
GAPS = {"partly": "partial", "no": "missing", "unknown": "unknown", "empty": "unanswered"}


@dataclass
class One:
    """An organisation: its answers in order of the questions, its verdict, and what it is."""

    answers: Sequence[str] = ("yes",)
    verdict: str = "nearly"
    score: float = 50.0
    branch: str = ""
    size: str = ""
    rounds: tuple[str, ...] = ("2026",)
    changed: bool = False
    complete: bool = True
    values: dict[str, str] = field(default_factory=dict)
    answered: int = 17
    questions: int = 178
    outcome: str = "number"
    rubrieken: dict[str, float | None] = field(default_factory=dict)
    """Score per rubriek; None where all of it is n.v.t."""
    before: float | None = None
    """Score over everything in the round before the last."""


def made_up(folder: Path, members: Sequence[One]) -> Path:
    """Write the tables; every question is a core requirement that asks for evidence."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for number, one in enumerate(members):
        key = f"org-{number:04d}"
        rows["organisations"].append(
            {"organisation_id": key, "name": f"Naam {number}", "branch": one.branch,
             "size_class": one.size or None}
        )  # fmt: skip
        for measured in one.rounds:
            file_id, newest = f"{number:04x}{measured}", measured == one.rounds[-1]
            rows["files"].append(
                {"file_id": file_id, "file": f"{file_id}.xlsx", "state": "read", "round": measured,
                 "organisation_id": key, "edition_set": EDITION, "counts": True, "current": newest,
                 "score": one.score if one.outcome == "number" else None, "substantiated": one.score,
                 "answered": one.answered, "questions": one.questions, "score_changed": one.changed,
                 "same_answer": False, "answered_percentage": 95.0 if one.complete else 10.0}
            )  # fmt: skip
            rows["scores"] += [
                {"file_id": file_id, "level": level, "key": "138", "edition": EDITION,
                 "outcome": one.outcome, "verdict": one.verdict, "score": one.score,
                 "substantiated": one.score}
                for level in ("total", "scheme")
            ]  # fmt: skip
            rows["scores"] += [
                {"file_id": file_id, "level": "rubriek", "key": name, "edition": EDITION,
                 "outcome": "na" if score is None else "number", "score": score,
                 "substantiated": score}
                for name, score in one.rubrieken.items()
            ]  # fmt: skip
            rows["answers"] += [
                {"file_id": file_id, "ordinal": place, "part": "138", "edition": EDITION,
                 "rubriek": "138:1", "requirement": f"Q-{place:03d}",
                 "answer": "check" if answer in UNUSABLE else answer,
                 "own_answer": UNUSABLE.get(answer, answer if answer in POINTS else None),
                 "points": POINTS.get(answer), "gap": GAPS.get(answer), "core": True,
                 "priority": "high" if answer == "no" else None, "evidence_required": True,
                 "substantiated": answer == "yes"}
                for place, answer in enumerate(one.answers, 1)
            ]  # fmt: skip
            if newest and one.before is not None:
                rows["movements"] += [
                    {"organisation_id": key, "edition": EDITION, "edition_from": EDITION, "level": "total",
                     "key": "138", "file_from": f"{number:04x}{one.rounds[0]}", "file_to": file_id,
                     "round_from": one.rounds[0], "round_to": measured, "score_from": one.before,
                     "score_to": one.score, "date_from": date(int(one.rounds[0]), 3, 1)}
                ]  # fmt: skip
            rows["attributes"] += [
                {"file_id": file_id, "name": name, "value": value}
                for name, value in one.values.items()
            ]
    for name, table in TABLES.items():
        large = name in ("answers", "scores", "texts")
        path = folder / (f"{name}/0.parquet" if large else f"{name}.parquet")
        arrow.write_parquet(path, arrow.from_rows(table, rows[name]))
    found = len(rows["files"])
    counts = {"found": found, "read": found, "refused": 0, "skipped": 0,
              "organisations": len(members), "doubtful": 0}  # fmt: skip
    (folder / STATE).write_text(json.dumps({"portfolio": VERSION, "counts": counts}))
    return folder
