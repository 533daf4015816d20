"""What a consultant's own Word template can show: every field, as the report shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.layout.style_template import Look, OwnWord
from hkz_xlsx.problems import HkzError
from hkz_xlsx.render.document import Picture
from hkz_xlsx.render.own_word import Data, check_package, filled, mistakes
from hkz_xlsx.render.words import decimal, signed
from hkz_xlsx.report import report_charts
from hkz_xlsx.report.bounded import bounded
from hkz_xlsx.report.lines import ActionLine, EvidenceLine, GapLine, Line, VerdictLine
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.sentences import change, reason, sentences, threshold
from hkz_xlsx.report.words import failed_line, gain_words, percentage
from hkz_xlsx.scoring.columns import ORGANISATION
from hkz_xlsx.text import Lang, messages

CHARTS = ("rubrieken", "themes", "answers", "gains", "timeline", "history")
"""Charts by name: ``{{ charts.rubrieken }}``."""

_WIDE = 160.0


def _score(score: Score, lang: Lang) -> dict[str, Data]:
    maturity = "–" if score.maturity is None else decimal(score.maturity, lang)
    return {
        "score": percentage(score.score, score, lang),
        "substantiated": percentage(score.substantiated, score, lang),
        "answered": str(score.answered),
        "count": str(score.count),
        "unknown": str(score.unknown),
        "na": str(score.na),
        "core_failed": str(score.core_failed),
        "core_open": str(score.core_open),
        "maturity": maturity,
        "signals": str(score.signals),
    }


def _line(line: Line, lang: Lang) -> Data:
    return {"name": line.name, **_score(line.score, lang)}


def _verdict(found: VerdictLine, lang: Lang) -> Data:
    return {
        "norm": found.scheme,
        "code": found.code,
        "label": found.label,
        "reason": reason(found, lang),
        "core": failed_line(found.score, lang),
        "core_ids": list(found.failing),
        "score_target": threshold(found.profile.ready_score, lang),
        "substantiated_target": threshold(found.profile.ready_substantiated, lang),
        **_score(found.score, lang),
    }


def _gap(line: GapLine, lang: Lang) -> Data:
    return {
        "id": line.gap.requirement,
        "core": line.gap.core,
        "priority": line.priority,
        "kind": line.kind,
        "finding": line.finding if line.gap.finding else "",
        "gain": gain_words(line.gain, lang),
        "quick_win": line.quick_win,
        "rubriek": line.rubriek,
        "topic": line.topic,
        "question": line.question,
        "answer": line.answer,
        "evidence": line.evidence,
        "location": line.location,
        "note": line.note,
        "tip": line.tip,
        "laws": list(line.law_names),
        "action": line.action,
        "owner": line.action_owner,
        "due": line.action_due,
        "status": line.action_status,
    }


def _action(line: ActionLine, lang: Lang) -> Data:
    return {
        "id": line.requirement,
        "question": line.question,
        "priority": line.priority,
        "gain": gain_words(line.gain, lang),
        "action": line.action,
        "owner": line.owner,
        "due": line.due,
        "status": line.status,
        "open": line.state != "closed",
        "overdue": line.state == "overdue",
    }


def _evidence(line: EvidenceLine) -> Data:
    return {
        "id": line.requirement,
        "rubriek": line.rubriek,
        "question": line.question,
        "evidence": line.evidence,
        "location": line.location,
        "date": line.date,
        "valid_until": line.valid_until,
        "owner": line.owner,
        "state": line.label,
    }


def _lists(report: GapReport) -> dict[str, Data]:
    lang = report.lang
    return {
        "verdicts": [_verdict(found, lang) for found in report.verdicts],
        "sentences": [one.text for one in sentences(report)],
        "first": [_gap(line, lang) for line in report.first],
        "gaps": [_gap(line, lang) for line in report.gaps if line.gap.priority != "open"],
        "to_answer": [_gap(line, lang) for line in report.gaps if line.gap.priority == "open"],
        "quick_wins": [_gap(line, lang) for line in report.quick_wins],
        "actions": [_action(line, lang) for line in report.actions],
        "rubrieken": [_line(line, lang) for line in report.rubrieken],
        "themes": [_line(line, lang) for line in report.themes],
        "evidence": [_evidence(line) for line in report.evidence],
        "not_applicable": [
            {"id": n.requirement, "question": n.question, "reason": n.reason}
            for n in report.not_applicable
        ],
        "opinions": [
            {"id": o.requirement, "question": o.question, "own": o.own_label,
             "adviser": o.advisor_label, "differs": o.differs, "note": o.note}
            for o in report.opinions
        ],
        "signals": [
            {"id": s.signal.requirement, "label": s.label, "question": s.question}
            for s in report.signals
        ],
        "laws": [
            {"name": law.name, "duty": law.duty, "ids": list(law.requirements)}
            for law in report.laws
        ],
        "history": [
            {"day": m.day, "score": decimal(m.score, lang),
             "substantiated": "–" if m.substantiated is None else decimal(m.substantiated, lang)}
            for m in report.history
        ],
        "notices": list(report.notices),
    }  # fmt: skip


def fields(report: GapReport, look: Look) -> Mapping[str, Data]:
    """Every field of a report."""
    report = bounded(report)
    text, lang = messages(report.lang), report.lang
    step = change(report)
    return {
        "title": report.title,
        "organisation": {
            record.key: report.organisation.get(record.key, "") for record in ORGANISATION
        },
        "norms": list(report.norms),
        "scope": report.scope,
        "date": report.reference_date,
        "basis": text(f"report.basis.{report.basis}"),
        "adviser": {"name": look.adviser, "contact": list(look.contact)},
        "total": _score(report.total, lang),
        "target": "" if report.target is None else threshold(report.target, lang),
        "change": "" if step is None else signed(step, lang),
        **_lists(report),
    }


_TEXT = "x"


def _item(*names: str, yes_no: Sequence[str] = (), lists: Sequence[str] = ()) -> Data:
    found: dict[str, Data] = dict.fromkeys(names, _TEXT)
    return found | dict.fromkeys(yes_no, True) | {name: [_TEXT] for name in lists}


_OF_SCORE = (
    "score", "substantiated", "answered", "count", "unknown", "na", "core_failed", "core_open",
    "maturity", "signals",
)  # fmt: skip
_GAP = _item(
    "id", "priority", "kind", "finding", "gain", "rubriek", "topic", "question", "answer",
    "evidence", "location", "note", "tip", "action", "owner", "due", "status",
    yes_no=("core", "quick_win"), lists=("laws",),
)  # fmt: skip
SHAPE: Mapping[str, Data] = MappingProxyType(
    {
        **dict.fromkeys(("title", "scope", "date", "basis", "target", "change"), _TEXT),
        "organisation": _item(*(record.key for record in ORGANISATION)),
        "norms": [_TEXT],
        "adviser": _item("name", lists=("contact",)),
        "total": _item(*_OF_SCORE),
        "verdicts": [
            _item("norm", "code", "label", "reason", "core", "score_target",
                  "substantiated_target", *_OF_SCORE, lists=("core_ids",))
        ],
        "sentences": [_TEXT],
        **{key: [_GAP] for key in ("first", "gaps", "to_answer", "quick_wins")},
        "actions": [
            _item("id", "question", "priority", "gain", "action", "owner", "due", "status",
                  yes_no=("open", "overdue"))
        ],
        **{key: [_item("name", *_OF_SCORE)] for key in ("rubrieken", "themes")},
        "evidence": [
            _item("id", "rubriek", "question", "evidence", "location", "date", "valid_until",
                  "owner", "state")
        ],
        "not_applicable": [_item("id", "question", "reason")],
        "opinions": [_item("id", "question", "own", "adviser", "note", yes_no=("differs",))],
        "signals": [_item("id", "label", "question")],
        "laws": [_item("name", "duty", lists=("ids",))],
        "history": [_item("day", "score", "substantiated")],
        "notices": [_TEXT],
        "charts": _item(*CHARTS),
    }
)  # fmt: skip
"""Every field that a template can name; each list with one line."""


def check(template: OwnWord) -> None:
    """Refuse a template that cannot be filled in, before any work is done.

    Raises:
        HkzError: everything that is wrong with it.
    """
    check_package(template)
    found = mistakes(template, SHAPE)
    if found:
        raise HkzError(*found)


def _pictures(report: GapReport, look: Look) -> Mapping[str, Callable[[], bytes] | None]:
    text = messages(report.lang)
    known = any(line.score.score is not None for line in report.rubrieken)
    drawn: dict[str, Picture | None] = {
        "rubrieken": report_charts.score_chart(
            report, text("report.rubrieken"), "rubrieken", report.rubrieken
        ),
        "themes": report_charts.score_chart(report, text("report.themes"), "themes", report.themes),
        "answers": report_charts.answers_chart(report) if report.total.answered else None,
        "gains": report_charts.gains_chart(report),
        "timeline": report_charts.timeline(report),
        "history": report_charts.history_chart(report),
    }
    if not known:
        drawn["rubrieken"] = drawn["themes"] = None

    def png(picture: Picture) -> Callable[[], bytes]:
        def draw() -> bytes:
            from hkz_xlsx.render.charts import svg
            from hkz_xlsx.render.typeset import FONTS, picture_png, settable

            found = svg(picture, look.palette, report.lang, ", ".join(FONTS), settable)
            return picture_png(str(found))

        return draw

    return {name: None if one is None else png(one) for name, one in drawn.items()}


def own_word_file(report: GapReport, look: Look, template: OwnWord) -> bytes:
    """A report in a consultant's own Word template.

    Args:
        report: what is filled in; the fields that a template may name follow from it.
        look: colours of the charts, logo and adviser.
        template: the consultant's file.

    Raises:
        HkzError: something in the template cannot be filled with this report.
    """
    return filled(template, fields(report, look), _pictures(report, look), _WIDE)
