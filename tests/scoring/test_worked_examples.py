"""The worked examples and edges of the scoring rules (docs/scoring.md, §7)."""

from __future__ import annotations

import pytest

from hkz_xlsx.norm.model import Profile
from hkz_xlsx.report.model import score_line
from hkz_xlsx.text import LANGS, Lang
from tests.scoring.small import Row, assessed

EXAMPLES = [
    ([Row("yes", evidence=True), Row(), Row()], 33.3, 33.3, 1, "number"),
    (
        [Row("yes", 3, evidence=True), Row("partly", 2), Row("no"), Row("na"), Row("unknown", 2)],
        50.0, 37.5, 5, "number",
    ),
    ([Row("na"), Row("na", 2)], None, None, 2, "na"),
    ([Row("", 2), Row("", 3)], None, None, 0, "undetermined"),
    (
        [
            Row("yes", evidence=True), Row("yes"), Row("partly", evidence=True), Row("partly"),
            Row("partly", evidence=True), Row("partly", evidence=True),
            Row("partly", evidence=True), Row("no"),
        ],
        56.3, 37.5, 8, "number",
    ),
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("rows", "score", "substantiated", "answered", "outcome"), EXAMPLES)
def test_worked_example(
    rows: list[Row],
    score: float | None,
    substantiated: float | None,
    answered: int,
    outcome: str,
    lang: Lang,
) -> None:
    """The numbers of the table, in both languages."""
    total = assessed(rows, lang=lang).total
    assert (total.score, total.substantiated) == (score, substantiated)
    assert (total.answered, total.count) == (answered, len(rows))
    assert total.outcome == outcome


def test_score_line() -> None:
    """The one line that stands everywhere, with decimal comma in Dutch."""
    total = assessed(EXAMPLES[1][0]).total
    line = "Score 50,0 % · onderbouwd 37,5 % · 5 van 5 beantwoord · 1 weet niet · 1 n.v.t."
    assert score_line(total, "nl") == line
    empty = assessed([Row(), Row()]).total
    assert "Score nog niet te bepalen" in score_line(empty, "nl")


def _ready() -> list[Row]:
    """Twenty rows that are in order, the first one a kerneis."""
    first = Row("yes", evidence=True, core=True, na_allowed=False)
    return [first, *(Row("yes", evidence=True) for _ in range(19))]


def _verdict(rows: list[Row], profile: Profile | None = None) -> str:
    return assessed(rows, profile=profile).verdicts[0].code


class TestVerdict:
    """Checked in this order, on the rounded percentages."""

    def test_ready(self) -> None:
        """Everything in order."""
        assert _verdict(_ready()) == "ready"

    def test_all_na_is_undetermined(self) -> None:
        """Text is greater than any number in a spreadsheet: not ready for that reason."""
        assert _verdict([Row("na"), Row("na")]) == "undetermined"

    def test_one_na_and_the_rest_empty(self) -> None:
        """Nothing applicable is answered."""
        result = assessed([Row("na"), Row(), Row()])
        assert result.total.outcome == "undetermined"
        assert result.verdicts[0].code == "undetermined"

    @pytest.mark.parametrize("answer", ["", "unknown", "na"])
    def test_open_core_requirement(self, answer: str) -> None:
        """A kerneis blank, unknown, or n.v.t. where that cannot be."""
        rows = _ready()
        rows[0] = Row(answer, core=True, na_allowed=False)
        assert _verdict(rows) == "undetermined"

    def test_core_na_allowed_when_scope_is_open(self) -> None:
        """A kerneis whose condition was not decided may be n.v.t."""
        rows = _ready()
        rows[0] = Row("na", core=True, na_allowed=True)
        assert _verdict(rows) == "ready"

    def test_ninety_percent_answered(self) -> None:
        """18 of 20 is enough, 17 of 20 is not."""
        assert _verdict([*_ready()[:18], Row(), Row()]) != "undetermined"
        assert _verdict([*_ready()[:17], Row(), Row(), Row()]) == "undetermined"

    def test_core_no_and_core_partly(self) -> None:
        """One kerneis decides."""
        rows = _ready()
        rows[0] = Row("no", core=True, na_allowed=False)
        assert _verdict(rows) == "not_ready"
        rows[0] = Row("partly", core=True, na_allowed=False, evidence=True)
        assert _verdict(rows) == "nearly"

    def test_score_thresholds(self) -> None:
        """Under 60 not ready, under 90 nearly."""
        assert _verdict([*_ready()[:11], *(Row("no") for _ in range(9))]) == "not_ready"  # 55.0
        assert _verdict([*_ready()[:12], *(Row("no") for _ in range(8))]) == "nearly"  # 60.0
        assert _verdict([*_ready()[:18], Row("no"), Row("no")]) == "ready"  # 90.0

    def test_substantiated_threshold(self) -> None:
        """75 % must be substantiated."""
        bare = Row("yes")
        assert _verdict([*_ready()[:15], *(bare for _ in range(5))]) == "ready"
        assert _verdict([*_ready()[:14], *(bare for _ in range(6))]) == "nearly"

    def test_rounded_percentage_decides(self) -> None:
        """89.95 % shows 90.0 and counts as 90.0: 1799 of 2000 points."""
        rows = [*(Row("yes", 2, evidence=True) for _ in range(899)), Row("yes", evidence=True)]
        rows += [*(Row("no", 2) for _ in range(100)), Row("no")]
        result = assessed(rows)
        assert result.total.score == 90.0
        assert result.verdicts[0].code == "ready"


class TestEvidence:
    """What makes a row substantiated (§2)."""

    def test_no_reference_date_nothing_expires(self) -> None:
        """A long expired document is substantiated while there is no reference date."""
        row = Row("yes", evidence=True, valid_until=40_000.0)
        assert assessed([row]).total.substantiated == 100.0
        assert assessed([row], date=46_000.0).total.substantiated == 0.0

    def test_valid_on_the_reference_date(self) -> None:
        """Not before the reference date is still valid."""
        row = Row("yes", evidence=True, valid_until=46_000.0)
        assert assessed([row], date=46_000.0).total.substantiated == 100.0
        assert assessed([row], date=46_000.75).total.substantiated == 100.0
        assert assessed([row], date=46_001.0).total.substantiated == 0.0

    def test_text_date_does_not_expire_as_counted(self) -> None:
        """A date typed as text is no date to a formula."""
        row = Row("yes", evidence=True, valid_until="1-2-2020")
        assert assessed([row], date=46_000.0).total.substantiated == 100.0

    def test_optional_evidence_counts_without(self) -> None:
        """Where evidence is optional, points count without it."""
        assert assessed([Row("yes", required=False)]).total.substantiated == 100.0


class TestAnswers:
    """What counts as an answer (§2-3)."""

    @pytest.mark.parametrize("raw", ["VOLDOET", "voldoet", "vOLDOET"])
    def test_case_does_not_matter(self, raw: str) -> None:
        """Spreadsheets compare without case."""
        assert assessed([Row(raw=raw)]).total.answered == 1

    @pytest.mark.parametrize("raw", ["v*", "Voldoe?", "ja", "Voldoet ", " Voldoet", 1.0, True])
    def test_not_on_the_list(self, raw: str) -> None:
        """No wildcards; scores nothing, is not answered, stays in the denominator."""
        result = assessed([Row(raw=raw), Row("yes")])
        assert result.statuses["TST-001"] == "check"
        assert (result.total.answered, result.total.score) == (1, 50.0)

    def test_na_where_not_allowed(self) -> None:
        """Counts as not answered and stays in the denominator."""
        result = assessed([Row("na", na_allowed=False), Row("yes")])
        assert (result.total.answered, result.total.na, result.total.score) == (1, 0, 50.0)
        assert [s.code for s in result.signals if s.requirement == "TST-001"] == ["na_not_allowed"]

    def test_maturity_is_beside_the_score(self) -> None:
        """The mean of what was rated among the applicable rows."""
        rows = [Row("yes", maturity=4), Row("no", maturity=1), Row("na", maturity=0), Row("yes")]
        total = assessed(rows).total
        assert (total.maturity, total.rated, total.applicable) == (2.5, 2, 3)

    def test_basis_of_the_advisor(self) -> None:
        """The adviser's answer where given, otherwise the own answer."""
        rows = [Row("yes", advisor="no"), Row("yes")]
        assert assessed(rows, basis="self").total.score == 100.0
        result = assessed(rows, basis="advisor")
        assert (result.total.score, result.basis) == (50.0, "advisor")
