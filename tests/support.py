"""Shared by tests: plans, random answers, and the comparison of a file with our computation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.returned.compare import same
from hkz_xlsx.scoring.cell_values import CellError, CellValue, a1
from hkz_xlsx.scoring.choices import ACTION_STATUSES, BASES, MATURITIES, STATUSES, T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.text import Lang

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

TODAY = 46_328.0
"""2 November 2026 as a serial number."""


def mostly_proof(values: Iterable[object], *quick: object) -> list[ParameterSet]:
    """Values to run a test for: ``quick`` ones always, the others in `make proof` only."""
    return [
        pytest.param(value, marks=[] if value in quick else [pytest.mark.proof]) for value in values
    ]


@cache
def library() -> Library:
    return load_library()


@cache
def plan_of(lang: Lang = "nl", *parts: str) -> WorkbookPlan:
    asked = parts or ("138",)
    return plan_workbook(select(library(), asked), lang, asked)


def first_layout(lang: Lang = "nl", *parts: str) -> WorkbookPlan:
    """As the first release wrote it, with the questions of then: files of it are in use."""
    asked = tuple(first_set(part) for part in parts or ("138",))
    return plan_workbook(select(library(), asked), lang, asked, 1)


def first_set(part: str) -> str:
    """The first question set of a norm part, by name: ``143@2021/r1``."""
    found = (p.edition for p in library().parts if p.id == part)
    return str(next(one for one in found if one.revision == "r1"))


def sheet_of(plan: WorkbookPlan, key: str) -> Sheet:
    return next(sheet for sheet in plan.sheets if sheet.key == key)


@dataclass(frozen=True, slots=True)
class Spot:
    """A computed cell: where it is and what it should be."""

    sheet: str
    row: int
    column: int
    value: CellValue

    @property
    def name(self) -> str:
        return f"{self.sheet}!{a1(self.row, self.column)}"


def spots(plan: WorkbookPlan, inputs: Inputs) -> Iterator[Spot]:
    """Every computed cell of the workbook with its value as counted."""
    values = evaluation(plan, inputs)
    for sheet, block, field in plan.computed():
        column = block.column_of(field.key)
        for index, value in enumerate(values.column(block.table.key, field.key)):
            yield Spot(sheet.title, block.first_row + index, column, value)
    for sheet in plan.sheets:
        for cell in sheet.formulas:
            table = f"outside_tables.{sheet.key}"
            value = values.value(table, "all", a1(cell.row, cell.column))
            yield Spot(sheet.title, cell.row, cell.column, value)


def compare(
    plan: WorkbookPlan, inputs: Inputs, get: Callable[[Spot], CellValue]
) -> tuple[int, list[str]]:
    """How many computed cells were compared, and every disagreement."""
    count, wrong = 0, []
    for spot in spots(plan, inputs):
        count += 1
        found = get(spot)
        if not same(found, spot.value):
            wrong.append(f"{spot.name}: found {found!r}, computed {spot.value!r}")
    return count, wrong


def _odd_case(word: str, chance: random.Random) -> str:
    return chance.choice([word.upper(), word.lower(), word.swapcase()])


class RandomAnswers:
    """Answers as strangers give them: right, wrong, odd, absent; the same for the same seed."""

    def __init__(self, plan: WorkbookPlan, seed: int, *, errors: bool = False) -> None:
        self.plan, self.chance, self.errors = plan, random.Random(seed), errors
        self.inputs: dict[Address, CellValue] = {}
        # Every set has its own character, from nearly blank to nearly complete.
        self.fill = self.chance.choice([0.0, 0.2, 0.6, 0.9, 1.0])
        self.odd = self.chance.choice([0.0, 0.05, 0.3])
        # Half of the sets are orderly, so that every verdict and edge between them occurs.
        self.orderly = self.chance.random() < 0.5
        self.yes = self.chance.choice([1.0, 0.98, 0.9, 0.8, 0.6])
        if self.orderly:
            self.fill, self.odd = self.chance.choice([1.0, 1.0, 0.97, 0.9]), 0.0
        self.core = {r.requirement.id for r in plan.model.selection.rows if r.requirement.core}

    def _label(self, name: str, code: str) -> str:
        return Choice(name).label(code, self.plan.lang)

    def _word(self, name: str, codes: tuple[str, ...]) -> CellValue:
        chance, word = self.chance, self._label(name, self.chance.choice(codes))
        if chance.random() >= self.odd:
            return word
        odd: list[CellValue] = [
            _odd_case(word, chance), f" {word}", f"{word} ", "v*", "?oldoet", "ja", "n.v.t", "   ",
            "\u00a0", 1.0, 0.0, 46_000.0, word[:-1], f"{word}\u00a0", "~", "=1+1", "<>",
        ]  # fmt: skip
        if self.errors:
            odd.append(CellError("#N/A"))
        return chance.choice(odd)

    def _text(self) -> CellValue:
        texts: list[CellValue] = ["Verslag", " ", "\u00a0", 12.0, "=A1", "é\n☂", "0", "x" * 300]
        if self.errors:
            texts.append(CellError("#N/A"))
        return self.chance.choice(texts)

    def _day(self) -> CellValue:
        chance = self.chance
        days: list[CellValue] = [
            TODAY + chance.randint(-400, 400), TODAY, TODAY - 1, TODAY + 0.5, TODAY - 0.25,
            "1-2-2026", "morgen", 0.0, 1.0, " ",
        ]  # fmt: skip
        return chance.choice(days)

    def _orderly_row(self, row: str) -> None:
        chance = self.chance
        core = row in self.core
        rest = ("partly",) if core and chance.random() < 0.9 else ("partly", "no", "na", "unknown")
        code = "yes" if chance.random() < self.yes else chance.choice(rest)
        if not core and chance.random() > self.fill:
            return
        self.inputs[Address(T.requirements, row, "answer")] = self._label("status", code)
        if chance.random() < (self.yes + 1) / 2:
            self.inputs[Address(T.requirements, row, "evidence")] = "Verslag"
        if chance.random() < 0.1:
            self.inputs[Address(T.requirements, row, "valid_until")] = TODAY + chance.randint(
                -9, 90
            )
        level = self._label("maturity", chance.choice(MATURITIES[2:]))
        self.inputs[Address(T.requirements, row, "maturity")] = level

    def _row(self, row: str) -> None:
        chance = self.chance

        def put(column: str, value: CellValue) -> None:
            if value is not None and value != "":
                self.inputs[Address(T.requirements, row, column)] = value

        if chance.random() < self.fill:
            put("answer", self._word("status", STATUSES))
        if chance.random() < self.fill * 0.8:
            put("maturity", self._word("maturity", MATURITIES))
        for column in ("evidence", "location", "note", "action", "action_owner", "owner"):
            if chance.random() < self.fill * 0.5:
                put(column, self._text())
        for column in ("evidence_date", "valid_until", "action_due"):
            if chance.random() < self.fill * 0.5:
                put(column, self._day())
        if chance.random() < self.fill * 0.4:
            put("action_status", self._word("action_status", ACTION_STATUSES))
        if chance.random() < self.fill * 0.3:
            put("advisor_answer", self._word("status", STATUSES))

    def _guide(self) -> None:
        """Step plan, management review and audit."""
        chance = self.chance
        often = chance.choice([0.0, 0.3, 0.9])
        for _, block, placed in self.plan.inputs():
            key = block.table.key
            if key in (T.requirements, T.settings, "organisation") or not placed.codecs:
                continue
            for index, row in enumerate(block.table.rows):
                codec = placed.codec(index)
                if codec is None or chance.random() > often:
                    continue
                if isinstance(codec, Choice):
                    value = self._word(codec.name, codec.codes)
                else:
                    value = self._day() if codec.kind == "date" else self._text()
                self.inputs[Address(key, row, placed.key)] = value

    def make(self) -> Inputs:
        chance = self.chance
        for row in self.plan.model.table(T.requirements).rows:
            (self._orderly_row if self.orderly else self._row)(row)
        if chance.random() < 0.7:
            dates: list[CellValue] = [TODAY, TODAY, TODAY + 0.6, "2-11-2026", 0.0]
            self.inputs[Address(T.settings, "reference_date", "value")] = chance.choice(dates)
        if chance.random() < 0.6:
            self.inputs[Address(T.settings, "basis", "value")] = self._word("basis", BASES)
        starts: list[CellValue] = [TODAY, TODAY - 300, 46_050.0, 46_112.5, 1e9, -4.0, "1-2-2026"]
        for key in ("start_date", "cycle_date"):
            if chance.random() < 0.6:
                self.inputs[Address(T.settings, key, "value")] = chance.choice(starts)
        self._guide()
        if chance.random() < 0.5:
            name = chance.choice(["De Brug", "Ü & <b>", "=1+1", "  ", "12"])
            self.inputs[Address("organisation", "name", "value")] = name
        return self.inputs


def random_inputs(plan: WorkbookPlan, seed: int, *, errors: bool = False) -> Inputs:
    return RandomAnswers(plan, seed, errors=errors).make()
