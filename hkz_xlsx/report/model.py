"""The gap report as data: everything a renderer shows, in the order a director reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hkz_xlsx.assessment.assess import assess, assessed
from hkz_xlsx.assessment.gains import gains
from hkz_xlsx.assessment.model import Assessment, Basis, Score
from hkz_xlsx.layout.names import rubriek_names, scheme_names, theme_names
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.select import SelectedRow, Selection
from hkz_xlsx.problems import Problem
from hkz_xlsx.render.words import decimal
from hkz_xlsx.report import derive
from hkz_xlsx.report.comparison import Comparison, compare
from hkz_xlsx.report.lines import (
    ActionLine,
    AnswerLine,
    EvidenceLine,
    GapLine,
    LawLine,
    Line,
    Measured,
    NotApplicable,
    OpinionLine,
    PartLine,
    SignalLine,
    SourceLine,
    VerdictLine,
)
from hkz_xlsx.report.words import percentage, scope_line, score_line
from hkz_xlsx.returned.compare import stored_problems
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.model import rubriek_key
from hkz_xlsx.text import Lang, messages, say

__all__ = ["GapReport", "decimal", "gap_report", "percentage", "score_line"]

SCHEMA_VERSION = 3
"""Version of the JSON form; counts changes that a reader of it would notice."""

FIRST_THINGS = 5
"""How many gaps stand on the first page."""

EXTREMES = 3
"""How many of the strongest and of the weakest rubrieken are named."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """What every renderer gets; texts are in ``lang``, numbers are numbers.

    ``ranked`` tells whether enough was answered to call rubrieken strong or weak; if not,
    ``strongest`` and ``weakest`` are empty. ``self_total`` and ``advisor_total`` are the totals
    on either basis. ``rubriek_counts`` is how often each answer was given per rubriek;
    ``reference`` the reference date as a serial number.
    """

    lang: Lang
    file: str
    organisation: Mapping[str, str]
    norms: tuple[str, ...]
    parts: tuple[PartLine, ...]
    reference_date: str
    reference: float | None
    basis: Basis
    total: Score
    counted: Score
    self_total: Score
    advisor_total: Score
    verdicts: tuple[VerdictLine, ...]
    answered_min: float
    ranked: bool
    strongest: tuple[Line, ...]
    weakest: tuple[Line, ...]
    rubrieken: tuple[Line, ...]
    themes: tuple[Line, ...]
    status_counts: Mapping[str, int]
    rubriek_counts: Mapping[str, Mapping[str, int]]
    core_failed: tuple[GapLine, ...] = ()
    gaps: tuple[GapLine, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()
    opinions: tuple[OpinionLine, ...] = ()
    signals: tuple[SignalLine, ...] = ()
    problems: tuple[Problem, ...] = ()
    laws: tuple[LawLine, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    notices: tuple[str, ...] = ()
    comparison: Comparison | None = None
    answers: tuple[AnswerLine, ...] = ()
    history: tuple[Measured, ...] = ()
    scope: str = ""
    """Which questions the workbook does not ask, and why; empty where it asks all of them."""

    long: Mapping[str, str] = field(default_factory=dict)
    """Texts that are too long for a page, with the first cell of the workbook that has each."""

    @property
    def title(self) -> str:
        """Heading of the report."""
        name = self.organisation.get("name", "")
        heading = say(self.lang, "report.title")
        return f"{heading} – {name}" if name else heading

    @property
    def first(self) -> tuple[GapLine, ...]:
        """What to do first: the most urgent gaps, without those only to be answered."""
        return tuple(g for g in self.gaps if g.gap.priority != "open")[:FIRST_THINGS]

    @property
    def quick_wins(self) -> tuple[GapLine, ...]:
        """Gaps that take little, by the rule of docs/reports.md."""
        return tuple(g for g in self.gaps if g.quick_win)

    @property
    def target(self) -> float | None:
        """The score from which everything here can be ready; None where norms differ in it."""
        found = {v.profile.ready_score for v in self.verdicts}
        return found.pop() if len(found) == 1 else None

    def by_gain(self) -> tuple[GapLine, ...]:
        """Gaps that bring points of the score, the most first; ties in the order to work on.
        Questions that only have to be answered are not among them."""
        known = (g for g in self.gaps if g.gap.priority != "open")
        found = [g for g in known if g.gain is not None and g.gain.side == "score"]
        return tuple(sorted(found, key=lambda g: -g.gain.exact if g.gain else 0.0))

    def by_priority(self) -> Mapping[str, tuple[GapLine, ...]]:
        """Gaps per priority code, in order; priorities without gaps are left out."""
        found: dict[str, list[GapLine]] = {}
        for line in self.gaps:
            found.setdefault(line.gap.priority, []).append(line)
        return {key: tuple(lines) for key, lines in found.items()}


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


def _verdicts(assessment: Assessment, selection: Selection, lang: Lang) -> tuple[VerdictLine, ...]:
    text = messages(lang)
    part_of = {row.requirement.id: row.part.id for row in selection.rows}
    return tuple(
        VerdictLine(
            name,
            verdict.code,
            text(f"choice.verdict.{verdict.code}"),
            verdict.score,
            verdict.scheme.profile,
            tuple(row for row in assessment.core_failed if part_of[row] in verdict.scheme.parts),
        )
        for verdict, name in zip(assessment.verdicts, scheme_names(selection), strict=True)
    )


def _rubriek_counts(
    assessment: Assessment, selection: Selection
) -> Mapping[str, Mapping[str, int]]:
    found = {key: dict.fromkeys(assessment.status_counts, 0) for key in assessment.rubrieken}
    for row in selection.rows:
        key = rubriek_key(row.part.id, row.rubriek.number)
        found[key][assessment.statuses[row.requirement.id]] += 1
    return found


def _not_applicable(
    assessment: Assessment, rows: Mapping[str, SelectedRow], typed: derive.Typed
) -> tuple[NotApplicable, ...]:
    return tuple(
        NotApplicable(key, rows[key].requirement.question.get(typed.lang), typed.text(key, "note"))
        for key, status in assessment.statuses.items()
        if status == "na"
    )


def _extremes(
    total: Score, rubrieken: Sequence[Line], least: float
) -> tuple[bool, tuple[Line, ...], tuple[Line, ...]]:
    """Strongest and weakest rubrieken, only when enough is answered to say so.

    All in all and in the rubriek itself at least the share that a verdict needs; never the same
    rubriek on both sides; a full score is not weak.
    """
    fit = [r for r in rubrieken if r.score.score is not None]
    fit = [r for r in fit if r.score.answered_percentage >= least]
    if total.answered_percentage < least or len(fit) < 2:  # noqa: PLR2004 - one cannot be ranked
        return False, (), ()
    # Ties keep the order of the norm.
    ordered = sorted(fit, key=lambda r: -(r.score.score or 0.0))
    most = min(EXTREMES, len(ordered) // 2)
    weak = [r for r in reversed(ordered[-most:]) if (r.score.score or 0.0) < 100]  # noqa: PLR2004 - percent
    return True, tuple(ordered[:most]), tuple(weak)


def _parts(selection: Selection, lang: Lang) -> tuple[PartLine, ...]:
    return tuple(
        PartLine(p.id, p.number, p.name.get(lang), p.edition.edition, p.edition.revision)
        for p in selection.parts
    )


def _sources(selection: Selection, lang: Lang) -> tuple[SourceLine, ...]:
    """Public sources of the rows and of the parts, in written order."""
    used = {s for row in selection.rows for s in row.requirement.sources}
    used |= {s for part in selection.parts for s in part.sources}
    return tuple(
        SourceLine(s.id, s.title.get(lang), s.url)
        for s in selection.shared.sources.values()
        if s.id in used
    )


def _on_basis(submission: Submission, basis: Basis | None) -> tuple[Assessment, Score]:
    """The assessment as understood, and the total as the workbook's formulas see it."""
    model = submission.plan.model
    if basis is not None:
        counted = assess(model, submission.as_counted, basis)
        return assess(model, submission.as_understood, basis), counted.total
    if submission.counted is submission.understood:
        return submission.assessment, submission.assessment.total
    return submission.assessment, assessed(model, submission.counted).total


def _begun(
    submission: Submission, typed: derive.Typed, assessment: Assessment, counted: Score
) -> GapReport:
    """Whose it is, and every score."""
    plan, selection, lang = submission.plan, submission.plan.model.selection, typed.lang
    inputs = submission.as_understood
    given = any(a.column == "advisor_answer" for a in inputs)
    own, advisor = (
        assess(plan.model, inputs, one) if given and one != assessment.basis else assessment
        for one in ("self", "advisor")
    )
    fields = [r for b in plan.tables() if b.key == "organisation" for r in b.rows]
    rubrieken = _lines(assessment.rubrieken, rubriek_names(selection, lang))
    least = max(s.profile.answered_min for s in selection.schemes)
    ranked, strongest, weakest = _extremes(assessment.total, rubrieken, least)
    return GapReport(
        lang=lang,
        file=submission.file,
        organisation={row: typed.text(row, "value", "organisation") for row in fields},
        norms=tuple(
            f"{p.number} {p.short_name.get(lang)} ({p.edition.edition})" for p in selection.parts
        ),
        parts=_parts(selection, lang),
        reference_date=typed.day("reference_date", "value", T.settings),
        reference=typed.reference,
        basis=assessment.basis,
        total=assessment.total,
        counted=counted,
        self_total=own.total,
        advisor_total=advisor.total,
        verdicts=_verdicts(assessment, selection, lang),
        answered_min=least,
        ranked=ranked,
        strongest=strongest,
        weakest=weakest,
        rubrieken=rubrieken,
        themes=_lines(assessment.themes, theme_names(selection, lang)),
        status_counts=assessment.status_counts,
        rubriek_counts=_rubriek_counts(assessment, selection),
        scope=scope_line(selection, lang),
    )


def _with_gaps(
    report: GapReport, selection: Selection, typed: derive.Typed, assessment: Assessment
) -> GapReport:
    """With every gap, what closing it brings, the actions and the laws that are touched."""
    rows, lang = {r.requirement.id: r for r in selection.rows}, typed.lang
    laws = tuple(
        LawLine(law.id, law.name.get(lang), law.duty.get(lang), law.checked_on, ())
        for law in selection.laws()
    )
    names, brings = {law.id: law.name for law in laws}, gains(assessment, selection)
    found = tuple(
        derive.gap_line(
            rows[g.requirement], assessment.statuses[g.requirement], g, typed, names,
            brings.get(g.requirement),
        )
        for g in assessment.gaps
    )  # fmt: skip
    failed = set(assessment.core_failed)
    return replace(
        report,
        gaps=found,
        core_failed=tuple(g for g in found if g.gap.requirement in failed),
        actions=tuple(derive.actions(selection.rows, assessment, typed, brings)),
        laws=derive.laws(found, laws),
    )


def _with_registers(
    report: GapReport, submission: Submission, typed: derive.Typed, assessment: Assessment
) -> GapReport:
    """With what is listed: n.v.t., evidence, opinions, signals, problems, sources, history."""
    selection, lang = submission.plan.model.selection, typed.lang
    rows = {r.requirement.id: r for r in selection.rows}
    editions = " ".join(map(str, submission.identity.editions))
    notices = [n.get(lang) for p in selection.parts for n in (p.notice, p.questions_note)]
    return replace(
        report,
        not_applicable=_not_applicable(assessment, rows, typed),
        evidence=tuple(derive.evidence(selection.rows, typed)),
        opinions=tuple(derive.opinions(selection.rows, typed)),
        signals=_signals(assessment, rows, lang),
        problems=(*submission.problems, *stored_problems(submission)),
        sources=_sources(selection, lang),
        notices=tuple(dict.fromkeys(notices)),
        answers=tuple(derive.answers(selection.rows, typed)),
        history=tuple(derive.history(typed, editions)),
        long=derive.long_texts(submission),
    )


def gap_report(
    submission: Submission,
    lang: Lang | None = None,
    basis: Basis | None = None,
    previous: Submission | None = None,
    *,
    same_client: bool = False,
    library: Library | None = None,
) -> GapReport:
    """Everything about one returned workbook.

    Scores are *as understood*; ``counted`` is the total as the workbook's formulas see it,
    and every difference between the two stands among the problems.

    Args:
        submission: what was read.
        lang: language of the report; that of the workbook by default.
        basis: own or adviser's answers; what the workbook says by default.
        previous: an earlier workbook to compare with, on the same basis.
        same_client: the two were stated to be of one client.
        library: the norms, of which the earlier workbook is compared along the crosswalks.

    Raises:
        HkzError: the earlier workbook is of another client or site, or has no question in common
            with this one; or a crosswalk between the two is wrong, stale, or missing from a chain.
    """
    lang = lang or submission.plan.lang
    assessment, counted = _on_basis(submission, basis)
    typed = derive.Typed(submission, lang)
    report = _begun(submission, typed, assessment, counted)
    report = _with_gaps(report, submission.plan.model.selection, typed, assessment)
    report = _with_registers(report, submission, typed, assessment)
    if previous is None:
        return report
    found = compare(
        previous, submission, lang, assessment.basis, same_client=same_client, library=library
    )
    return replace(report, comparison=found)
