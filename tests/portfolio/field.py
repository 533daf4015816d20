"""A seeded field of organisations: files as they come back, and the truth about them.

The truth is computed here from the answers as they were drawn, with arithmetic of its own, and
never with the code under test.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of

POINTS = {
    "yes": Fraction(1),
    "partly": Fraction(1, 2),
    "no": Fraction(0),
    "unknown": Fraction(0),
    "": Fraction(0),
}
KINDS = ("ordinary", "ordinary", "ordinary", "sloppy", "liar", "same", "empty")
BRANCHES = ("welzijn", "jeugdzorg", "thuiszorg")
TOWNS = ("Voorbeeldstad", "Testdorp")


@dataclass
class Answered:
    """One row as it was meant: code of the answer ("" is blank), and whether evidence stands."""

    code: str
    evidence: bool = False


@dataclass
class Member:
    """An organisation's return with what is true of it; scores in percent, None without one."""

    name: str
    kvk: str
    branch: str
    town: str
    fte: float
    day: date
    kind: str
    norm: str
    rows: dict[str, Answered]
    inputs: dict[Address, CellValue]
    plan: WorkbookPlan
    score: float | None = None
    substantiated: float | None = None
    parts: dict[str, float | None] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        return sum(1 for row in self.rows.values() if row.code)

    def data(self) -> bytes:
        return write_workbook(self.plan, self.inputs)


def rounded(part: Fraction, whole: Fraction) -> float:
    """A percentage with one decimal, half away from zero."""
    exact = Decimal(100 * part.numerator * whole.denominator) / Decimal(
        part.denominator * whole.numerator
    )
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def truth(member: Member, rubriek: str = "") -> tuple[float | None, float | None]:
    """Score and substantiated score by the rules, from the answers as drawn."""
    whole, earned, supported = Fraction(0), Fraction(0), Fraction(0)
    given = False
    for row in member.plan.model.selection.rows:
        if rubriek and row.rubriek.number != rubriek:
            continue
        one = member.rows[row.requirement.id]
        given = given or one.code not in ("", "na")
        if one.code == "na":
            continue
        weight = Fraction(row.requirement.weight)
        whole += weight
        earned += weight * POINTS[one.code]
        if one.evidence or row.requirement.evidence_rule != "required":
            supported += weight * POINTS[one.code]
    if not given:
        return None, None
    return rounded(earned, whole), rounded(supported, whole)


def _code(chance: random.Random, kind: str, level: float, *, na: bool) -> str:
    if kind == "same":
        return "yes"
    if kind == "empty":
        return "yes" if chance.random() < 0.1 else ""
    good = 0.95 if kind == "liar" else level
    codes = ["yes", "partly", "no", "unknown", ""]
    weights = [good, (1 - good) * 0.5, (1 - good) * 0.25, (1 - good) * 0.1, (1 - good) * 0.15]
    if na and chance.random() < 0.1:
        return "na"
    return chance.choices(codes, weights)[0]


def _typed(chance: random.Random, code: str, lang: Lang, kind: str) -> str:
    """The word as people type it: the sloppy ones in another case, with blanks or in English."""
    word = Choice("status").label(code, lang)
    if kind != "sloppy" or chance.random() < 0.6:
        return word
    return chance.choice(
        [word.upper(), f" {word}", f"{word}  ", Choice("status").label(code, "en")]
    )


def member(seed: int, norm: str = "125", year: int = 2026, lang: Lang = "nl") -> Member:
    """One organisation; the same seed gives the same organisation in every year, grown a little."""
    who, chance = random.Random(seed), random.Random(seed * 100 + year)
    plan = plan_of(lang, norm)
    level = who.uniform(0.2, 0.8) + 0.04 * (year - 2025)
    kind = who.choice(KINDS)
    fte = round(who.choice([4.0, 8.5, 9.9, 10.0, 35.0, 50.0, 120.0, 400.0]) * 1.0, 1)
    rows: dict[str, Answered] = {}
    inputs: dict[Address, CellValue] = {}
    name, kvk = f"Stichting {seed:03d} <b>=1+1</b>", f"{20_000_000 + seed}"
    branch, town = who.choice(BRANCHES), who.choice(TOWNS)
    day = date(year, 1 + seed % 12, 1 + seed % 28)
    known: dict[str, str] = {
        "name": name,
        "kvk": kvk,
        "location": "Hoofdkantoor",
        "branch": branch,
        "municipality": town,
    }
    inputs.update(client_inputs(plan, known, day))
    inputs[Address("organisation", "fte", "value")] = fte
    inputs[Address("organisation", "funding_wmo", "value")] = Choice("yes_no").label(
        who.choice(["yes", "no"]), lang
    )
    for row in plan.model.selection.rows:
        key = row.requirement.id
        code = _code(chance, kind, level, na=row.na_allowed)
        proof = code in ("yes", "partly") and chance.random() < (0.05 if kind == "liar" else 0.7)
        rows[key] = Answered(code, proof)
        if code:
            inputs[Address(T.requirements, key, "answer")] = _typed(chance, code, lang, kind)
        if code == "na":
            inputs[Address(T.requirements, key, "note")] = "geheim: dat doen wij niet"
        if proof:
            inputs[Address(T.requirements, key, "evidence")] = chance.choice(
                [row.requirement.evidence.nl[0], "geheim verslag van mevrouw Jansen"]
            )
    found = Member(name, kvk, branch, town, fte, day, kind, norm, rows, inputs, plan)
    found.score, found.substantiated = truth(found)
    numbers = dict.fromkeys(r.rubriek.number for r in plan.model.selection.rows)
    found.parts = {number: truth(found, number)[0] for number in numbers}
    return found


def write(members: list[Member], folder: Path) -> list[Path]:
    """Files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for index, one in enumerate(members):
        path = folder / f"retour-{one.kvk}-{one.day.year}-{index:03d}.xlsx"
        path.write_bytes(one.data())
        paths.append(path)
    return paths
