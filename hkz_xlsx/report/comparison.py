"""Two returned workbooks of one organisation: then, now, the difference; what was solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.assessment.model import Assessment, Basis, Gap, Score
from hkz_xlsx.layout.names import rubriek_names
from hkz_xlsx.layout.whose import told
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.routes import Edge
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem
from hkz_xlsx.report.derive import Typed
from hkz_xlsx.report.words import status_label
from hkz_xlsx.returned.owners import owner_of, owner_place
from hkz_xlsx.returned.questions import Passage, QuestionDifference, difference, passage
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.text import Lang, messages, say

CHANGES = (
    "solved", "improved", "slipped", "new_gap", "new_fine", "withdrawn", "to_na", "same", "added",
    "removed", "other_question",
)  # fmt: skip
"""What can have happened to a requirement; the rules stand in docs/reports.md."""

# How far from in order; a question that is not answered has no place on this line.
_SEVERITY = {"": 0, "immature": 1, "expired": 2, "unsubstantiated": 3, "partial": 4,
             "unknown": 5, "missing": 6}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two workbooks."""

    file: str
    organisation: str
    reference_date: str
    norms: tuple[str, ...]
    total: Score


@dataclass(frozen=True, slots=True)
class PairLine:
    """A rubriek, or everything, then and now; a side is None where it has no such rubriek.

    ``difference`` and ``substantiated_difference`` are in percentage points, None unless both
    sides have a number.
    """

    key: str
    name: str
    then: Score | None
    now: Score | None
    difference: float | None
    substantiated_difference: float | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A requirement then and now; ``change`` is one of `CHANGES`, ``gap_…`` are kinds of gap."""

    requirement: str
    question: str
    change: str
    label: str
    status_then: str
    status_now: str
    then: str
    now: str
    gap_then: str
    gap_now: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Then and now. ``remarks`` say what makes the two hard to compare, in words.

    ``same_questions``: both asked the same in the same way; ``newer_first``: the one given as the
    earlier has the later date.
    """

    lang: Lang
    basis: Basis
    then: Side
    now: Side
    total: PairLine
    rubrieken: tuple[PairLine, ...]
    changes: tuple[ChangeLine, ...]
    remarks: tuple[str, ...]
    same_questions: bool = True
    newer_first: bool = False

    def of(self, *kinds: str) -> tuple[ChangeLine, ...]:
        """The changes of these kinds."""
        return tuple(c for c in self.changes if c.change in kinds)

    @property
    def title(self) -> str:
        """Heading of the comparison when it stands alone."""
        name = self.now.organisation or self.then.organisation
        heading = say(self.lang, "report.compare.title")
        return f"{heading} – {name}" if name else heading


def _points(one: float | None, other: float | None) -> float | None:
    # Both have one decimal; the difference of two binary fractions may not.
    return None if one is None or other is None else round(other - one, 1)


def _pair(key: str, name: str, then: Score | None, now: Score | None) -> PairLine:
    old, new = (s.score if s else None for s in (then, now))
    shown_old, shown_new = (s.substantiated if s else None for s in (then, now))
    return PairLine(key, name, then, now, _points(old, new), _points(shown_old, shown_new))


def _change(then: str, now: str, gap_then: str, gap_now: str) -> str:
    open_then, open_now = gap_then == "unanswered", gap_now == "unanswered"
    if open_then and open_now:
        return "same"
    if open_now:
        return "withdrawn"
    if now == "na" and then != "na":
        return "to_na"
    if open_then or (then == "na" and now != "na"):
        return "new_gap" if gap_now else "new_fine"
    before, after = _SEVERITY[gap_then], _SEVERITY[gap_now]
    if before == after:
        return "same"
    if after > before:
        return "slipped"
    return "improved" if gap_now else "solved"


class _Half:
    """One side: its rows, answers and gaps by requirement id."""

    def __init__(self, submission: Submission, lang: Lang, basis: Basis | None) -> None:
        model = submission.plan.model
        self.submission, self.lang = submission, lang
        self.selection = model.selection
        self.assessment: Assessment = assess(model, submission.as_understood, basis)
        self.rows: Mapping[str, SelectedRow] = {
            r.requirement.id: r for r in model.selection.rows
        }  # fmt: skip
        self.gaps: Mapping[str, Gap] = {g.requirement: g for g in self.assessment.gaps}
        self.typed = Typed(submission, lang)
        names = rubriek_names(self.selection, lang)
        self.names = dict(zip(self.assessment.rubrieken, names, strict=True))

    def side(self) -> Side:
        return Side(
            file=self.submission.file,
            organisation=self.typed.text("name", "value", "organisation"),
            reference_date=self.typed.day("reference_date", "value", T.settings),
            norms=tuple(
                f"{p.number} {p.short_name.get(self.lang)} ({p.edition.edition})"
                for p in self.selection.parts
            ),
            total=self.assessment.total,
        )

    def status(self, key: str) -> str:
        return self.assessment.statuses.get(key, "")

    def kind(self, key: str) -> str:
        gap = self.gaps.get(key)
        return gap.kind if gap else ""

    def question(self, key: str) -> str:
        return self.rows[key].requirement.question.get(self.lang)


def _status_label(status: str, lang: Lang) -> str:
    return status_label(status, lang) if status else "–"


def _gap_label(kind: str, lang: Lang) -> str:
    return messages(lang)(f"choice.gap.{kind}") if kind else "–"


def _line(now_key: str, then_key: str, change: str, then: _Half, now: _Half) -> ChangeLine:
    """A requirement of now beside that of then; of one that only one side has, its key twice."""
    lang = now.lang
    question = now.question(now_key) if now_key in now.rows else then.question(then_key)
    if change == "other_question" and (before := then.question(then_key)) != question:
        question = say(lang, "report.compare.question_then", now=question, then=before)
    status_then, status_now = then.status(then_key), now.status(now_key)
    gap_then, gap_now = then.kind(then_key), now.kind(now_key)
    return ChangeLine(
        requirement=now_key,
        question=question,
        change=change,
        label=messages(lang)(f"report.change.{change}"),
        status_then=status_then,
        status_now=status_now,
        then=_status_label(status_then, lang),
        now=_status_label(status_now, lang),
        gap_then=_gap_label(gap_then, lang),
        gap_now=_gap_label(gap_now, lang),
    )


def _changes(then: _Half, now: _Half, way: Passage) -> Sequence[ChangeLine]:
    """Every requirement of now beside the one that it was then, and those that went."""
    behind: dict[str, list[Edge]] = {}
    for old in then.rows:
        for edge in way.onward.get(old, ()):
            behind.setdefault(edge.new, []).append(edge)
    found = []
    for key in now.rows:
        edges = behind.get(key, [])
        if not edges and key not in then.rows:
            found.append(_line(key, "", "added", then, now))
        elif [edge.standing for edge in edges] == ["equal"]:
            old = edges[0].old
            states = (then.status(old), now.status(key), then.kind(old), now.kind(key))
            found.append(_line(key, old, _change(*states), then, now))
        else:
            old = edges[0].old if edges else key
            found.append(_line(key, old, "other_question", then, now))
    onward = {e.old for key in now.rows for e in behind.get(key, ())} | {*now.rows}
    gone = [key for key in then.rows if key not in onward]
    return [*found, *(_line(key, key, "removed", then, now) for key in gone)]


def whose(
    previous: Submission, current: Submission, *, same_client: bool = False
) -> tuple[Problem, ...]:
    """What is to be said of whose the two workbooks are.

    Args:
        previous: the earlier one.
        current: the one it is compared with.
        same_client: somebody stated that the two are of one client.

    Raises:
        HkzError: they are of two clients or sites.
    """
    ours, theirs = owner_of(current), owner_of(previous)
    found = told(ours, theirs, owner_place(previous), said=same_client)
    if has_errors(found):
        raise HkzError(*found)
    return found


def _newer_first(then: _Half, now: _Half) -> bool:
    old, new = then.typed.reference, now.typed.reference
    return old is not None and new is not None and old > new


def _same_questions(then: _Half, now: _Half, differs: QuestionDifference) -> bool:
    """Both of the same questions; one with another number only is the same."""
    changed = differs.changed or differs.parts or then.rows.keys() != now.rows.keys()
    return not changed and then.selection.editions == now.selection.editions


def _remarks(
    then: _Half, now: _Half, differs: QuestionDifference, changes: Sequence[ChangeLine],
    told_of: tuple[Problem, ...],
) -> tuple[str, ...]:  # fmt: skip
    lang = now.lang
    text = messages(lang)
    old, new = then.side(), now.side()
    found = [one.message(lang) for one in told_of if one.code == "OWNER_STATED"]
    if old.organisation.casefold() != new.organisation.casefold():
        found.append(
            say(lang, "report.compare.other_name", then=old.organisation or "–",
                now=new.organisation or "–")
        )  # fmt: skip
    if then.selection.editions != now.selection.editions:
        found.append(text("report.compare.other_norm"))
    if differs.changed:
        rows = ", ".join(differs.changed)
        found.append(say(lang, "report.compare.other_questions", rows=rows))
    if differs.parts:
        norms = ", ".join(differs.parts)
        found.append(say(lang, "report.compare.unsure_questions", norms=norms))
    if any(one.change in ("added", "removed") for one in changes):
        found.append(text("report.compare.other_rows"))
    if then.typed.reference is None or now.typed.reference is None:
        found.append(text("report.compare.no_date"))
    elif _newer_first(then, now):
        found.append(text("report.compare.newer_first"))
    return tuple(found)


def compare(
    previous: Submission,
    current: Submission,
    lang: Lang | None = None,
    basis: Basis | None = None,
    *,
    same_client: bool = False,
    library: Library | None = None,
) -> Comparison:
    """Then and now, per rubriek and per requirement.

    Args:
        previous: the earlier workbook.
        current: the later one.
        lang: language of the comparison; that of the later workbook by default.
        basis: whose answers count, on both sides; what the later workbook says by default.
        same_client: they were stated to be of one client; that is noted in the remarks.
        library: the norms with their crosswalks; without it questions are compared as they are.

    Raises:
        HkzError: the two are of two clients or sites, or have no question in common.
    """
    told_of = whose(previous, current, same_client=same_client)
    lang = lang or current.plan.lang
    now = _Half(current, lang, basis)
    then = _Half(previous, lang, now.assessment.basis)
    way = passage(previous, current.plan, library, current.identity)
    led = {edge.new for row in then.rows for edge in way.onward.get(row, ())}
    if not now.rows.keys() & (then.rows.keys() | led):
        raise HkzError(
            problem("COMPARE_NOTHING", Where(previous.file), other=current.file)
        )  # fmt: skip
    differs = difference(previous, current.plan, way)
    changes = tuple(_changes(then, now, way))
    old, new = then.assessment.rubrieken, now.assessment.rubrieken
    keys = [*new, *(key for key in old if key not in new)]
    names = {**then.names, **now.names}
    return Comparison(
        lang=lang,
        basis=now.assessment.basis,
        then=then.side(),
        now=now.side(),
        total=_pair("all", messages(lang)("overview.all"), then.assessment.total,
                    now.assessment.total),
        rubrieken=tuple(_pair(key, names[key], old.get(key), new.get(key)) for key in keys),
        changes=changes,
        remarks=_remarks(then, now, differs, changes, told_of),
        same_questions=_same_questions(then, now, differs),
        newer_first=_newer_first(then, now),
    )  # fmt: skip
