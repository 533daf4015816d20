"""Answers of invented organisations in which every kind of cell occurs."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.select import SelectedRow
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import Lang, catalogue

NAMES = (
    "De Linde", "Het Anker", "De Ontmoeting", "Pippeloentje", "De Vlinder", "Thuis in Zorg",
    "Praktijk Noord", "Zorggroep De Dreef", "Veilig Verder",
)  # fmt: skip
BRANCHES = ("Welzijn", "Opvang", "Zorg")
DAY = date(2026, 11, 2)


class Answers:
    """Answers of one organisation in which every kind of cell occurs."""

    def __init__(self, plan: WorkbookPlan, seed: int, day: date = DAY) -> None:
        self.plan, self.lang, self.day = plan, plan.lang, day
        self.chance = random.Random(seed)
        self.inputs: dict[Address, CellValue] = dict(sample_inputs(plan, seed, day))
        self.rows = plan.model.selection.rows

    def word(self, kind: str, code: str, lang: Lang | None = None) -> str:
        return catalogue(lang or self.lang)[f"choice.{kind}.{code}"]

    def put(self, row: SelectedRow, **cells: CellValue) -> None:
        for column, value in cells.items():
            self.inputs[Address(T.requirements, row.requirement.id, column)] = value

    def clear(self, row: SelectedRow) -> None:
        mine = [a for a in self.inputs if (a.table, a.row) == (T.requirements, row.requirement.id)]
        for address in mine:
            del self.inputs[address]

    def who(self, index: int, location: str = "Hoofdkantoor") -> None:
        kvk = random.Random(f"kvk {index}").randrange(30_000_000, 90_000_000)
        known: dict[str, CellValue] = {
            "name": f"Stichting {NAMES[index]} (verzonnen)", "location": location,
            "kvk": str(kvk), "branch": BRANCHES[index % 3], "municipality": "Voorbeeldstad",
            "contact": "S. de Vries", "email": "kwaliteit@voorbeeld.example",
            "assessor": "Kwaliteitsmedewerker",
        }  # fmt: skip
        self.inputs.update(client_inputs(self.plan, known, self.day))
        self.inputs[Address("organisation", "fte", "value")] = (
            "8,5" if index % 2 else float(4 + 9 * index)
        )

    def every_kind(self) -> None:
        free = [r for r in self.rows if r.na_allowed and r.requirement.when is None]
        free = free or [r for r in self.rows if r.na_allowed]
        plain = [r for r in self.rows if r not in free[:2]][:40]
        chosen = self.chance.sample(plain, 12)
        for row in (*chosen, *free[:2]):
            self.clear(row)
        other: Lang = "en" if self.lang == "nl" else "nl"
        day = serial(self.day)
        yes, partly = self.word("status", "yes"), self.word("status", "partly")
        self.put(
            chosen[0],
            answer=yes,
            maturity=self.word("maturity", "4"),
            evidence="Verslag «RvT» – 3/11, zie A & B <ondertekend>\ntweede regel",
            location="=1+1",
            evidence_date=day - 30,
            valid_until=day + 200,
            owner="José Ünal",
        )
        self.put(chosen[1], answer=yes, evidence="Protocol", valid_until=day - 1)
        self.put(
            chosen[2],
            answer=partly,
            maturity=self.word("maturity", "0"),
            action="Herzien",
            action_owner="Teamleider",
            action_due=day - 20,
            action_status=self.word("action_status", "dropped"),
        )
        self.put(
            chosen[3],
            answer=self.word("status", "no"),
            maturity=self.word("maturity", "3"),
            action="Opstellen",
            action_status=self.word("action_status", "done"),
        )
        self.put(chosen[4], answer=self.word("status", "unknown"), note="Navragen. " * 30)
        # chosen[5] stays blank
        self.put(
            chosen[6],
            answer=f"{yes}.",
            maturity="2",
            evidence="\u00a0Notulen\u200b ",
            evidence_date="1-2-2026",
            valid_until="2027-03-31",
        )
        self.put(chosen[7], answer=self.word("status", "partly", other))
        self.put(chosen[8], answer=f" {yes.upper()} ", evidence="0")
        self.put(
            chosen[9],
            answer=yes,
            advisor_answer=self.word("status", "no"),
            advisor_note="Niet gezien.",
        )
        self.put(
            chosen[10],
            answer=self.word("status", "no"),
            advisor_answer=self.word("status", "partly"),
            advisor_note="Er ligt een concept.",
        )
        self.put(chosen[11], answer=yes, advisor_answer=yes, location="Map Beleid")
        na = self.word("status", "na")
        for row, note in zip(free[:2], ("Wij bieden deze hulp niet.", None), strict=False):
            self.put(row, answer=na)
            if note:
                self.put(row, note=note)

    def wrong(self) -> None:
        """Words that are no answer, n.v.t. where that cannot be, a date that is none."""
        core = [r for r in self.rows if not r.na_allowed]
        self.put(core[0], answer=self.word("status", "na"))
        self.put(core[1], answer="zie bijlage", valid_until="voorjaar")

    def advised(self) -> None:
        self.inputs[Address(T.settings, "basis", "value")] = self.word("basis", "advisor")

    def yearly(self) -> None:
        start = self.day - timedelta(days=150)
        self.inputs[Address(T.settings, "cycle_date", "value")] = serial(start)
        for index, step in enumerate(self.plan.model.selection.guide.of("yearly")):
            key = (T.steps_yearly, step.id)
            self.inputs[Address(*key, "owner")] = "Directeur"
            self.inputs[Address(*key, "planned")] = serial(start + timedelta(days=30 * index))
            if index < 4:
                self.inputs[Address(*key, "done")] = serial(start + timedelta(days=30 * index + 5))
