"""Believable, seeded answers for a plan: for the demo, samples and tests.

A small organisation half way: strong in the work with clients, weak in measuring and
documents, with a few sloppy cells. Evidence is chosen from the examples of the row itself.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.text import catalogue

# Chances of yes, partly, no, unknown and blank per rubriek: what such an organisation looks like.
_CHANCES = {
    "1": (62, 22, 5, 2, 9), "2": (55, 27, 8, 3, 7), "3": (38, 28, 18, 6, 10),
    "4": (40, 26, 15, 7, 12), "5": (52, 22, 10, 4, 12), "6": (30, 30, 15, 10, 15),
    "7": (45, 22, 12, 6, 15), "8": (35, 25, 12, 8, 20), "9": (42, 26, 14, 4, 14),
}  # fmt: skip
_DEFAULT = (45, 25, 12, 6, 12)


class _Sample:
    def __init__(self, plan: WorkbookPlan, seed: int, today: date) -> None:
        self._plan, self._today = plan, today
        # Not for secrets: the same seed must give the same organisation on every machine.
        self._random = random.Random(seed)  # noqa: S311
        self._texts = catalogue(plan.lang)
        self.inputs: dict[Address, CellValue] = {}

    def _list(self, key: str) -> list[str]:
        return self._texts[f"sample.{key}"].split("; ")

    def _label(self, name: str, code: str) -> str:
        return self._plan.text(f"choice.{name}.{code}")

    def _set(self, row: str, column: str, value: CellValue) -> None:
        self.inputs[Address(T.requirements, row, column)] = value

    def _day(self, first: int, last: int) -> float:
        return serial(self._today + timedelta(days=self._random.randint(first, last)))

    def organisation(self) -> None:
        for key in ("name", "location", "kvk", "branch", "municipality", "contact", "assessor"):
            text = self._texts[f"sample.organisation.{key}"]
            self.inputs[Address("organisation", key, "value")] = text
        self.inputs[Address("organisation", "fte", "value")] = 8.5
        for funding, code in (("wmo", "yes"), ("gemeente", "yes"), ("jeugdwet", "no")):
            address = Address("organisation", f"funding_{funding}", "value")
            self.inputs[address] = self._label("yes_no", code)
        self.inputs[Address(T.settings, "reference_date", "value")] = serial(self._today)
        self.inputs[Address(T.settings, "basis", "value")] = self._label("basis", "self")

    def row(self, row: SelectedRow) -> None:
        chosen, key = self._random, row.requirement.id
        if row.na_allowed and row.requirement.when is not None and chosen.random() < 0.55:  # noqa: PLR2004
            self._set(key, "answer", self._label("status", "na"))
            if chosen.random() < 0.9:  # noqa: PLR2004 - now and then the reason is forgotten
                self._set(key, "note", chosen.choice(self._list("na_reasons")))
            return
        weights = _CHANCES.get(row.rubriek.number, _DEFAULT)
        status = chosen.choices(["yes", "partly", "no", "unknown", ""], weights)[0]
        if row.requirement.core and status in ("", "unknown"):
            status = "partly"
        if not status:
            return
        self._set(key, "answer", self._label("status", status))
        if status in ("yes", "partly"):
            self._evidence(row, status)
        if status in ("partly", "no") and chosen.random() < 0.6:  # noqa: PLR2004 - most gaps get an action
            self._action(row)

    def _evidence(self, row: SelectedRow, status: str) -> None:
        chosen, key = self._random, row.requirement.id
        level = chosen.choices("01234", (3, 22, 45, 22, 8))[0]
        self._set(key, "maturity", self._label("maturity", level))
        if chosen.random() > (0.8 if status == "yes" else 0.5):
            return
        examples = row.requirement.evidence
        listed = examples.nl if self._plan.lang == "nl" else examples.en
        self._set(key, "evidence", chosen.choice(listed))
        self._set(key, "location", chosen.choice(self._list("locations")))
        self._set(key, "evidence_date", self._day(-700, -10))
        if chosen.random() < 0.3:  # noqa: PLR2004 - some documents carry an end date
            self._set(key, "valid_until", self._day(-90, 500))
        self._set(key, "owner", chosen.choice(self._list("owners")))

    def _action(self, row: SelectedRow) -> None:
        chosen, key = self._random, row.requirement.id
        verb = chosen.choice(self._list("actions"))
        self._set(key, "action", f"{verb}: {row.topic.title.get(self._plan.lang)}")
        if chosen.random() < 0.9:  # noqa: PLR2004
            self._set(key, "action_owner", chosen.choice(self._list("owners")))
            self._set(key, "action_due", self._day(-30, 240))
        code = chosen.choices(["open", "busy", "done"], (60, 30, 10))[0]
        self._set(key, "action_status", self._label("action_status", code))

    def steps(self) -> None:
        """Half a year on the way: the first steps done, the next ones planned."""
        chosen, start = self._random, self._today - timedelta(days=190)
        self.inputs[Address(T.settings, "start_date", "value")] = serial(start)
        for step in self._plan.model.selection.steps("first"):
            last = start + timedelta(days=30 * (step.month + step.months - 1))
            key = (T.steps_first, step.id)
            if last < self._today + timedelta(days=120):
                self.inputs[Address(*key, "owner")] = chosen.choice(self._list("owners"))
                planned = last + timedelta(days=chosen.randint(-12, 20))
                self.inputs[Address(*key, "planned")] = serial(planned)
            if last < self._today - timedelta(days=20):
                done = last + timedelta(days=chosen.randint(-10, 15))
                self.inputs[Address(*key, "done")] = serial(done)

    def review(self) -> None:
        """A management review of last month, one audit done and one planned."""
        points = self._plan.model.selection.guide.review.agenda
        talks, decisions = self._list("talks"), self._list("decisions")
        for point, talk, decision in zip(points, talks, decisions, strict=False):
            for column, value in (
                ("discussed", talk), ("decision", decision),
                ("owner", self._random.choice(self._list("owners"))),
                ("due", self._day(30, 120)),
                ("status", self._label("action_status", self._random.choice(("open", "busy")))),
            ):  # fmt: skip
                self.inputs[Address("agenda", point.id, column)] = value
        plan = {block.table.key: block.table for _, block in self._plan.blocks()}
        first, second, *_ = (*plan["audit_programme"].rows, "", "")
        for row, days in ((first, -40), (second, 45)):
            if row:
                self.inputs[Address("audit_programme", row, "auditor")] = "S. de Vries"
                method = self._label("audit_method", "combination")
                self.inputs[Address("audit_programme", row, "method")] = method
                self.inputs[Address("audit_programme", row, "planned")] = self._day(days, days + 3)
        self.inputs[Address("audit_programme", first, "done")] = self._day(-36, -30)
        self.inputs[Address("audit_programme", first, "outcome")] = self._texts["sample.outcome"]
        word = self._texts["sample.word"]
        rows = self._plan.model.selection.rows
        about = [r for r in rows if word in r.requirement.question.get(self._plan.lang).lower()]
        found: dict[str, CellValue] = {
            "place": (about or list(rows))[0].requirement.id,
            "finding": self._texts["sample.finding"], "cause": self._texts["sample.cause"],
            "class": self._label("finding", "minor"), "action": self._texts["sample.measure"],
            "owner": self._list("owners")[0], "due": self._day(20, 40),
            "status": self._label("action_status", "busy"),
        }  # fmt: skip
        meeting = (("date", self._day(-30, -20)), ("last", self._day(-400, -380)))
        for key, day in meeting:
            self.inputs[Address("review_meeting", key, "value")] = day
        for key in ("period", "present", "chair", "conclusion"):
            self.inputs[Address("review_meeting", key, "value")] = self._texts[f"sample.{key}"]
        for column, content in found.items():
            self.inputs[Address("audit_findings", "B01", column)] = content

    def advisor(self, rows: tuple[SelectedRow, ...]) -> None:
        """A second opinion on a few answered rows, one of them the opposite."""
        answered = [
            r.requirement.id
            for r in rows
            if self.inputs.get(Address(T.requirements, r.requirement.id, "answer"))
            == self._label("status", "yes")
        ]
        for index, key in enumerate(self._random.sample(answered, min(6, len(answered)))):
            code = "no" if index == 0 else "partly" if index == 1 else "yes"
            self._set(key, "advisor_answer", self._label("status", code))
            if index < 2:  # noqa: PLR2004 - a different opinion needs a reason
                self._set(key, "advisor_note", self._texts["sample.advisor_note"])


def sample_inputs(plan: WorkbookPlan, seed: int = 138, today: date = date(2026, 11, 2)) -> Inputs:
    """Answers of an invented organisation.

    Args:
        plan: the workbook to answer.
        seed: another seed, another organisation.
        today: reference date; never the clock, so that the same call gives the same answers.
    """
    sample = _Sample(plan, seed, today)
    sample.organisation()
    rows = plan.model.selection.rows
    for row in rows:
        sample.row(row)
    sample.advisor(rows)
    sample.steps()
    sample.review()
    return sample.inputs
