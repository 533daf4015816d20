"""The gap report as JSON, for machines; the schema stands in docs/gap-report.schema.json."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.problems import Problem
from hkz_xlsx.report.model import SCHEMA_VERSION, GapLine, GapReport, Line
from hkz_xlsx.text import Lang


def problem_data(found: Problem, lang: Lang) -> dict[str, Any]:
    """One problem as plain data."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        **{k: v for k, v in asdict(found.where).items() if v not in ("", None)},
        "message": found.message(lang),
        "hint": found.hint(lang),
    }


def _score(score: Score) -> dict[str, Any]:
    return asdict(score)


def _line(line: Line) -> dict[str, Any]:
    return {"key": line.key, "name": line.name, "score": _score(line.score)}


def _gap(line: GapLine) -> dict[str, Any]:
    data = asdict(line)
    gap = data.pop("gap")
    labels = {name: data.pop(name) for name in ("priority", "kind", "finding")}
    return {**gap, "labels": labels, **data}


def as_data(report: GapReport) -> dict[str, Any]:
    """The report as plain data: codes beside labels, numbers as numbers."""
    return {
        "schema": f"hkz_xlsx/gap-report/{SCHEMA_VERSION}",
        "lang": report.lang,
        "file": report.file,
        "organisation": dict(report.organisation),
        "norms": list(report.norms),
        "reference_date": report.reference_date,
        "basis": report.basis,
        "total": _score(report.total),
        "counted": _score(report.counted),
        "verdicts": [
            {"scheme": v.scheme, "code": v.code, "label": v.label, "score": _score(v.score)}
            for v in report.verdicts
        ],
        "rubrieken": [_line(line) for line in report.rubrieken],
        "themes": [_line(line) for line in report.themes],
        "status_counts": dict(report.status_counts),
        "gaps": [_gap(line) for line in report.gaps],
        "signals": [
            {"code": s.signal.code, "requirement": s.signal.requirement, "label": s.label}
            for s in report.signals
        ],
        "not_applicable": [asdict(n) for n in report.not_applicable],
        "problems": [problem_data(p, report.lang) for p in report.problems],
        "notices": list(report.notices),
    }


def render(report: GapReport) -> str:
    """JSON text, UTF-8, two spaces."""
    return json.dumps(as_data(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
