"""What the report says beside scores: actions, evidence, opinions, quick wins, strong and weak."""

from __future__ import annotations

from collections.abc import Mapping

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.render.words import months_later, shortened, signed
from hkz_xlsx.report.lines import Line
from hkz_xlsx.report.model import GapReport, _extremes, gap_report
from hkz_xlsx.report.words import core_line
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from tests.report.cases import PART, TODAY, report_of, submission
from tests.support import plan_of

ROWS = [r.requirement.id for r in plan_of("nl", PART).model.selection.rows]
PLAIN = [
    r.requirement.id for r in plan_of("nl", PART).model.selection.rows if not r.requirement.core
]


def _report(**cells: Mapping[str, CellValue]) -> GapReport:
    """A report on a few cells; ``r0={"answer": …}`` is the first row that is no core one."""
    inputs: dict[Address, CellValue] = {
        Address(T.settings, "reference_date", "value"): serial(TODAY)
    }
    for name, columns in cells.items():
        for column, value in columns.items():
            inputs[Address(T.requirements, PLAIN[int(name[1:])], column)] = value
    return gap_report(submission(inputs))


def test_evidence_states() -> None:
    """Expired before the reference date, expiring up to six months after it."""
    day = serial(TODAY)
    limit = serial(months_later(TODAY, 6))
    ends = [day - 1, day, limit, limit + 1, None]
    cells: dict[str, Mapping[str, CellValue]] = {
        f"r{i}": {"answer": "Voldoet", "evidence": "Verslag", "valid_until": end}
        for i, end in enumerate(ends)
    }
    report = _report(**cells, r5={"answer": "Voldoet", "valid_until": day + 5})
    assert [e.state for e in report.evidence] == [
        "expired", "expiring", "expiring", "valid", "no_end", "not_named",
    ]  # fmt: skip


def test_without_reference_date_nothing_is_said_to_expire() -> None:
    """The state says that the date is missing."""
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, ROWS[0], "evidence"): "Verslag",
        Address(T.requirements, ROWS[0], "valid_until"): serial(TODAY),
    }
    (line,) = gap_report(submission(inputs)).evidence
    assert line.state == "no_reference"


def test_months_later_at_the_end_of_a_month() -> None:
    """31 August and six months is the last day of February."""
    assert str(months_later(TODAY.replace(month=8, day=31), 6)) == "2027-02-28"


def test_quick_wins() -> None:
    """Evidence missing or expired with Voldoet; Voldoet deels with a dated action that runs."""
    day = serial(TODAY)
    report = _report(
        r0={"answer": "Voldoet"},
        r1={"answer": "Voldoet", "evidence": "Verslag", "valid_until": day - 5},
        r2={"answer": "Voldoet deels", "action": "Afmaken", "action_due": day + 5},
        r3={"answer": "Voldoet deels", "action": "Afmaken"},
        r4={"answer": "Voldoet deels", "action_due": day, "action_status": "Gereed"},
        r5={"answer": "Voldoet niet", "action": "Beginnen", "action_due": day + 5},
    )
    assert {g.gap.requirement for g in report.quick_wins} == set(PLAIN[:3])


def test_actions() -> None:
    """Open, overdue or closed, in order of date; also of a row that is no gap."""
    day = serial(TODAY)
    report = _report(
        r0={"answer": "Voldoet niet", "action": "Later", "action_due": day + 40},
        r1={"answer": "Voldoet niet", "action": "Te laat", "action_due": day - 1},
        r2={"answer": "Voldoet", "evidence": "x", "action": "Klaar", "action_status": "Gereed"},
        r3={"action": "Vandaag", "action_due": day},
        r4={"action": "Ooit", "action_due": "volgend jaar"},
    )
    assert [(a.action, a.state, a.month) for a in report.actions] == [
        ("Te laat", "overdue", "2026-11"), ("Vandaag", "open", "2026-11"),
        ("Later", "open", "2026-12"), ("Klaar", "closed", ""), ("Ooit", "open", ""),
    ]  # fmt: skip
    assert report.actions[-1].due == "volgend jaar"


def test_opinions() -> None:
    """Own answer and adviser's; a comment alone is shown and differs in nothing."""
    report = _report(
        r0={"answer": "Voldoet", "advisor_answer": "Voldoet niet", "advisor_note": "Nee"},
        r1={"answer": "Voldoet", "advisor_answer": "Voldoet"},
        r2={"answer": "Voldoet", "advisor_note": "Mooi"},
        r3={"advisor_answer": "Voldoet"},
    )
    assert [o.differs for o in report.opinions] == [True, False, False, True]
    assert report.self_total.answered == 3
    assert report.advisor_total.answered == 4


def _line(key: str, score: float, answered: float = 100) -> Line:
    found = Score("number", score, score, 10, 10, answered, 0, 0, None, 0, 0, 0, 0, 0, 0)
    return Line(key, key, found)


def test_strong_and_weak_need_answers() -> None:
    """All in all and in the rubriek 90 %; nothing twice; a full score is not weak."""
    lines = [_line("a", 80), _line("b", 40), _line("c", 60), _line("d", 99, 89.9)]
    whole = _line("all", 70).score
    ranked, strong, weak = _extremes(whole, lines, 90)
    assert (ranked, [s.key for s in strong], [w.key for w in weak]) == (True, ["a"], ["b"])
    assert _extremes(_line("all", 70, 89.9).score, lines, 90) == (False, (), ())
    assert _extremes(whole, lines[:1], 90) == (False, (), ())
    _, strong, weak = _extremes(whole, [_line(str(n), 100) for n in range(6)], 90)
    assert (len(strong), weak) == (3, ())


def test_open_core_requirements_are_said() -> None:
    """Nought not in order is no good news while they are open."""
    assert "kerneisen nog open" in core_line(report_of("empty").total, "nl")
    assert "open" not in core_line(report_of("ready").total, "nl")


def test_first_five() -> None:
    """At most five, never a question that only has to be answered."""
    assert report_of("empty").first == ()
    assert len(report_of("half").first) == 5


def test_words() -> None:
    """Signs and cuts."""
    assert [signed(v, "nl") for v in (0.0, 2.5, -2.5)] == ["0", "+2,5", "−2,5"]
    assert shortened("a  b\nc", 10) == "a b c"
    assert shortened("abcdef", 4) == "abc…"


def test_gains_in_order() -> None:
    """The most first; questions that only have to be answered are not among them."""
    report = report_of("half")
    found = report.by_gain()
    exact = [g.gain.exact for g in found if g.gain]
    assert exact == sorted(exact, reverse=True)
    assert len(exact) == len(found) > 2
    assert all(g.kind != "Nog te beantwoorden" for g in found)


def test_answers_per_rubriek_add_up() -> None:
    """To the counts of the whole, and per rubriek to its questions."""
    for case in ("empty", "half", "nearly"):
        report = report_of(case)
        for code, count in report.status_counts.items():
            assert sum(one[code] for one in report.rubriek_counts.values()) == count
        for line in report.rubrieken:
            assert sum(report.rubriek_counts[line.key].values()) == line.score.count
