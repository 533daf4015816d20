"""A report as JSON, for machines; the schemas stand in ``docs/``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.problems import Problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.report.comparison import Comparison
from hkz_xlsx.report.lines import ActionLine, EvidenceLine, GapLine, Line, Measured, VerdictLine
from hkz_xlsx.report.model import SCHEMA_VERSION, GapReport
from hkz_xlsx.report.sentences import change, reason, sentences
from hkz_xlsx.scoring.columns import shown_in_report
from hkz_xlsx.text import Lang

COMPARISON_VERSION = 1
"""Version of the JSON form of a comparison."""


def problem_data(found: Problem, lang: Lang) -> dict[str, Any]:
    """One problem as plain data."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        **{k: v for k, v in asdict(found.where).items() if v not in ("", None)},
        "message": found.message(lang),
        "hint": found.hint(lang),
    }


def _line(line: Line) -> dict[str, Any]:
    return {"key": line.key, "name": line.name, "score": asdict(line.score)}


def _gap(line: GapLine) -> dict[str, Any]:
    data = asdict(line)
    gap = data.pop("gap")
    labels = {name: data.pop(name) for name in ("priority", "kind", "finding")}
    return {**gap, "labels": labels, **data, **_gained(line)}


def _gained(line: GapLine | ActionLine) -> dict[str, Any]:
    gain = line.gain
    return {"gain": gain.points if gain else None, "gain_of": gain.side if gain else ""}


def _verdict(found: VerdictLine, lang: Lang) -> dict[str, Any]:
    return {
        "scheme": found.scheme,
        "code": found.code,
        "label": found.label,
        "score": asdict(found.score),
        "reason": reason(found, lang),
        "thresholds": asdict(found.profile),
        "core_failed": list(found.failing),
    }


def _measured(line: Measured) -> dict[str, Any]:
    return _without(asdict(line), "serial", "same") | {"same_questions": line.same}


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in names}


def _action(line: ActionLine) -> dict[str, Any]:
    return _without(asdict(line), "due_serial") | _gained(line)


def _evidence(line: EvidenceLine) -> dict[str, Any]:
    return _without(asdict(line), "valid_serial")


def _answers(report: GapReport) -> dict[str, Any]:
    """Answers in columns that are shown as rows; absent while no column is."""
    shown = shown_in_report(LAYOUT_VERSION)
    return {"answers": [asdict(line) for line in report.answers]} if shown else {}


def answers_schema() -> dict[str, Any]:
    """What the JSON schema says of `_answers`: nothing while no column is shown as rows."""
    columns = [record.key for record in shown_in_report(LAYOUT_VERSION)]
    if not columns:
        return {}
    text = {"type": "string"}
    line = {
        "type": "object",
        "properties": {
            "requirement": text, "column": {"enum": columns}, "code": text, "text": text,
        },
        "required": ["requirement", "column", "code", "text"],
        "additionalProperties": False,
    }  # fmt: skip
    return {"answers": {"type": "array", "items": line}}


def comparison_body(found: Comparison) -> dict[str, Any]:
    """A comparison as plain data, without its envelope."""
    return _without(asdict(found), "lang", "same_questions", "newer_first")


def adviser_data(look: Look) -> dict[str, Any]:
    """Who hands the report over."""
    return {"name": look.adviser, "contact": list(look.contact), "template": look.name}


def as_data(report: GapReport, look: Look = NEUTRAL) -> dict[str, Any]:
    """The report as plain data: codes beside labels, numbers as numbers."""
    return {
        "schema": f"hkz_xlsx/gap-report/{SCHEMA_VERSION}",
        "lang": report.lang,
        "file": report.file,
        "adviser": adviser_data(look),
        "organisation": dict(report.organisation),
        "norms": list(report.norms),
        "scope": report.scope,
        "parts": [asdict(p) for p in report.parts],
        "reference_date": report.reference_date,
        "basis": report.basis,
        "total": asdict(report.total),
        "counted": asdict(report.counted),
        "self_total": asdict(report.self_total),
        "advisor_total": asdict(report.advisor_total),
        "verdicts": [_verdict(v, report.lang) for v in report.verdicts],
        "sentences": [asdict(one) for one in sentences(report)],
        "change": change(report),
        "ranked": report.ranked,
        "strongest": [line.key for line in report.strongest],
        "weakest": [line.key for line in report.weakest],
        "first": [g.gap.requirement for g in report.first],
        "core_failed": [g.gap.requirement for g in report.core_failed],
        "rubrieken": [_line(line) for line in report.rubrieken],
        "themes": [_line(line) for line in report.themes],
        "status_counts": dict(report.status_counts),
        "rubriek_counts": {key: dict(counts) for key, counts in report.rubriek_counts.items()},
        "history": [_measured(line) for line in report.history],
        "gaps": [_gap(line) for line in report.gaps],
        "actions": [_action(line) for line in report.actions],
        "not_applicable": [asdict(n) for n in report.not_applicable],
        "evidence": [_evidence(line) for line in report.evidence],
        "opinions": [asdict(o) for o in report.opinions],
        "signals": [
            {"code": s.signal.code, "requirement": s.signal.requirement, "label": s.label}
            for s in report.signals
        ],
        "problems": [problem_data(p, report.lang) for p in report.problems],
        "laws": [asdict(law) for law in report.laws],
        "sources": [asdict(s) for s in report.sources],
        "notices": list(report.notices),
        "comparison": comparison_body(report.comparison) if report.comparison else None,
        **_answers(report),
    }


def _text(data: dict[str, Any]) -> str:
    shown = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    # A lone surrogate from a damaged file cannot be written as UTF-8; its escape can.
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in shown)


def render(report: GapReport, look: Look = NEUTRAL) -> str:
    """JSON text, UTF-8, two spaces."""
    return _text(as_data(report, look))


def comparison_data(found: Comparison) -> dict[str, Any]:
    """A comparison as plain data."""
    head = {"schema": f"hkz_xlsx/comparison/{COMPARISON_VERSION}", "lang": found.lang}
    return head | comparison_body(found)


def render_comparison(found: Comparison) -> str:
    """JSON text of a comparison alone."""
    return _text(comparison_data(found))
