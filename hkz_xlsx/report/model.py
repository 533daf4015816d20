"""The gap report as data: everything a renderer shows, in the order a director reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.assessment.model import Assessment, Basis, Gap, Score, Signal
from hkz_xlsx.layout.codecs import Choice, from_serial
from hkz_xlsx.layout.overview_sheet import rubriek_names, scheme_names, theme_names
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.problems import Problem
from hkz_xlsx.scoring.choices import STATUSES, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import LANGS, Lang, messages, say
from hkz_xlsx.workbook.compare import stored_problems
from hkz_xlsx.workbook.submission import Submission

SCHEMA_VERSION = 1
"""Version of the JSON form; counts changes that a reader of it would notice."""


@dataclass(frozen=True, slots=True)
class Line:
    """A set of requirements with its score."""

    key: str
    name: str
    score: Score


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """The indication for what is certified together."""

    scheme: str
    code: str
    label: str
    score: Score


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap with what the norm and the respondent say about it."""

    gap: Gap
    priority: str
    kind: str
    finding: str
    rubriek: str
    topic: str
    question: str
    tip: str
    status: str
    answer: str
    evidence: str
    location: str
    note: str
    action: str
    action_owner: str
    action_due: str
    action_status: str
    laws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal in words."""

    signal: Signal
    label: str
    question: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A row answered n.v.t. with its reason."""

    requirement: str
    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class GapReport:
    """What every renderer gets; texts are in ``lang``, numbers are numbers."""

    lang: Lang
    file: str
    organisation: Mapping[str, str]
    norms: tuple[str, ...]
    reference_date: str
    basis: Basis
    total: Score
    counted: Score
    verdicts: tuple[VerdictLine, ...]
    rubrieken: tuple[Line, ...]
    themes: tuple[Line, ...]
    status_counts: Mapping[str, int]
    core_failed: tuple[GapLine, ...]
    gaps: tuple[GapLine, ...]
    signals: tuple[SignalLine, ...]
    not_applicable: tuple[NotApplicable, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]

    @property
    def title(self) -> str:
        """Heading of the report."""
        name = self.organisation.get("name", "")
        heading = say(self.lang, "report.title")
        return f"{heading} – {name}" if name else heading

    def by_priority(self) -> Mapping[str, tuple[GapLine, ...]]:
        """Gaps per priority code, in order; priorities without gaps are left out."""
        found: dict[str, list[GapLine]] = {}
        for line in self.gaps:
            found.setdefault(line.gap.priority, []).append(line)
        return {key: tuple(lines) for key, lines in found.items()}


def decimal(value: float, lang: Lang) -> str:
    """One decimal with the decimal sign of the language."""
    text = f"{value:.1f}"
    return text.replace(".", ",") if lang == "nl" else text


def percentage(value: float | None, score: Score, lang: Lang) -> str:
    """A percentage, or in words why there is none."""
    if value is None:
        return say(lang, "score.na" if score.outcome == "na" else "score.undetermined")
    return say(lang, "report.percentage", value=decimal(value, lang))


def score_line(score: Score, lang: Lang) -> str:
    """The one line that stands everywhere (scoring, §3)."""
    return say(
        lang,
        "report.score_line",
        score=percentage(score.score, score, lang),
        substantiated=percentage(score.substantiated, score, lang),
        answered=score.answered,
        count=score.count,
        unknown=score.unknown,
        na=score.na,
    )


class _Texts:
    """Looks up what was typed for a requirement, as text."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission

    def typed(self, row: str, column: str) -> str:
        return self._submission.text(T.requirements, row, column)

    def day(self, table: str, row: str, column: str) -> str:
        """A date as day-month-year, whatever else was typed as it is."""
        value = self._submission.as_understood.get(Address(table, row, column))
        if isinstance(value, float):
            return from_serial(value).strftime("%d-%m-%Y")
        return "" if value is None else str(value)


def _answer(gap: Gap, assessment: Assessment, texts: _Texts, lang: Lang) -> str:
    """The answer that counts, in the language of the report; what is no answer as it was typed."""
    status = assessment.statuses[gap.requirement]
    if status in STATUSES:
        return messages(lang)(f"choice.status.{status}")
    return texts.typed(gap.requirement, "answer")


def _action_status(row: str, texts: _Texts, lang: Lang) -> str:
    """The action status in the language of the report."""
    typed, choice = texts.typed(row, "action_status"), Choice("action_status")
    code = next((c for one in LANGS if (c := choice.code(typed, one))), None)
    return choice.label(code, lang) if code else typed


def _gap_line(
    row: SelectedRow, assessment: Assessment, gap: Gap, texts: _Texts, lang: Lang
) -> GapLine:
    text = messages(lang)
    requirement = row.requirement
    typed = texts.typed
    return GapLine(
        gap=gap,
        priority=text(f"choice.priority.{gap.priority}"),
        kind=text(f"choice.gap.{gap.kind}"),
        finding=text(f"choice.finding.{gap.finding or 'none'}"),
        rubriek=f"{row.rubriek.number}. {row.rubriek.title.get(lang)}",
        topic=row.topic.title.get(lang),
        question=requirement.question.get(lang),
        tip=requirement.tip.get(lang),
        status=assessment.statuses[gap.requirement],
        answer=_answer(gap, assessment, texts, lang),
        evidence=typed(gap.requirement, "evidence"),
        location=typed(gap.requirement, "location"),
        note=typed(gap.requirement, "note"),
        action=typed(gap.requirement, "action"),
        action_owner=typed(gap.requirement, "action_owner"),
        action_due=texts.day(T.requirements, gap.requirement, "action_due"),
        action_status=_action_status(gap.requirement, texts, lang),
        laws=requirement.laws,
    )


def _lines(scores: Mapping[str, Score], names: Sequence[str]) -> tuple[Line, ...]:
    pairs = zip(scores.items(), names, strict=True)
    return tuple(Line(key, name, score) for (key, score), name in pairs)


def _signals(
    assessment: Assessment, rows: Mapping[str, SelectedRow], lang: Lang
) -> tuple[SignalLine, ...]:
    text = messages(lang)
    found = []
    for signal in assessment.signals:
        row = rows.get(signal.requirement)
        question = row.requirement.question.get(lang) if row else ""
        found.append(SignalLine(signal, text(f"choice.signal.{signal.code}"), question))
    return tuple(found)


def _verdicts(assessment: Assessment, names: Sequence[str], lang: Lang) -> tuple[VerdictLine, ...]:
    text = messages(lang)
    return tuple(
        VerdictLine(name, verdict.code, text(f"choice.verdict.{verdict.code}"), verdict.score)
        for verdict, name in zip(assessment.verdicts, names, strict=True)
    )


def _not_applicable(
    assessment: Assessment, rows: Mapping[str, SelectedRow], texts: _Texts, lang: Lang
) -> tuple[NotApplicable, ...]:
    return tuple(
        NotApplicable(key, rows[key].requirement.question.get(lang), texts.typed(key, "note"))
        for key, status in assessment.statuses.items()
        if status == "na"
    )


def gap_report(
    submission: Submission, lang: Lang | None = None, basis: Basis | None = None
) -> GapReport:
    """Everything about one returned workbook.

    Scores are *as understood*; ``counted`` is the total as the workbook's formulas see it,
    and every difference between the two stands among the problems.

    Args:
        submission: what was read.
        lang: language of the report; that of the workbook by default.
        basis: own or adviser's answers; what the workbook says by default.
    """
    plan, selection = submission.plan, submission.plan.model.selection
    lang = lang or plan.lang
    assessment = assess(plan.model, submission.as_understood, basis)
    counted = assess(plan.model, submission.as_counted, basis)
    rows = {r.requirement.id: r for r in selection.rows}
    texts = _Texts(submission)
    gaps = tuple(
        _gap_line(rows[g.requirement], assessment, g, texts, lang) for g in assessment.gaps
    )
    fields = [r for b in plan.tables() if b.key == "organisation" for r in b.rows]
    parts = selection.parts
    return GapReport(
        lang=lang,
        file=submission.file,
        organisation={row: submission.text("organisation", row) for row in fields},
        norms=tuple(f"{p.number} {p.short_name.get(lang)} ({p.edition.edition})" for p in parts),
        reference_date=texts.day(T.settings, "reference_date", "value"),
        basis=assessment.basis,
        total=assessment.total,
        counted=counted.total,
        verdicts=_verdicts(assessment, scheme_names(selection), lang),
        rubrieken=_lines(assessment.rubrieken, rubriek_names(selection, lang)),
        themes=_lines(assessment.themes, theme_names(selection, lang)),
        status_counts=assessment.status_counts,
        core_failed=tuple(g for g in gaps if g.gap.requirement in set(assessment.core_failed)),
        gaps=gaps,
        signals=_signals(assessment, rows, lang),
        not_applicable=_not_applicable(assessment, rows, texts, lang),
        problems=(*submission.problems, *stored_problems(submission)),
        notices=tuple(
            dict.fromkeys(n.get(lang) for p in parts for n in (p.notice, p.questions_note))
        ),
    )
