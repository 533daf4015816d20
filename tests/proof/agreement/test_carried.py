"""What an earlier workbook left in this one: two engines and our own computation agree on it.

Where an answer came from, whether it was looked at, what was answered before, earlier scores and
the history are in columns that nobody types in; what they count to stands all over the workbook.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import ORIGIN, OWN_TEXT, PREVIOUS, REMEMBERED, T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.lists_and_identity import MEASUREMENTS
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.engines import IronCalcBook, LibreOfficeBook
from tests.proof.office.libreoffice import Office, needs_office
from tests.support import compare, library, random_inputs

QUICK, HEAVY = range(2), range(2, 14)


@cache
def plan_of(norm: str, lang: Lang) -> WorkbookPlan:
    """With an earlier measurement beside this one."""
    return plan_workbook(select(library(), [norm]), lang, [norm], previous=True)


def carried(plan: WorkbookPlan, seed: int) -> Inputs:
    """As `generate --next` leaves it: some rows revised, some as they were, up to ten years."""
    chance = random.Random(seed)
    labels = [plan.text(f"choice.origin.{code}") for code in ("previous", "revised")]
    found: dict[Address, CellValue] = {}
    for row in plan.model.table(T.requirements).rows:
        if chance.random() < 0.6:
            found[Address(T.requirements, row, ORIGIN)] = chance.choice(labels)
        if chance.random() < 0.2:
            found[Address(T.requirements, row, PREVIOUS)] = "Voldoet\nBorging: 2 Do"
        if chance.random() < 0.1:
            found[Address(T.requirements, row, OWN_TEXT)] = "§ 1: eigen tekst"
    for number in range(1, chance.randint(0, MEASUREMENTS) + 1):
        values = (46_000.0 - 365 * number, "125@2009/r1", 90.0 - number, 80.5 - number)
        at = (Address(T.history, str(number), key) for key in REMEMBERED)
        found |= dict(zip(at, values, strict=True))
    rows = next(block.table.rows for _, block in plan.blocks() if block.table.key == T.previous)
    found[Address(T.previous, "date", "score")] = 45_900.0
    for row in rows[1:]:
        if chance.random() < 0.8:
            found[Address(T.previous, row, "score")] = chance.uniform(0, 100)
            found[Address(T.previous, row, "substantiated")] = chance.uniform(0, 100)
    return found


def answers(plan: WorkbookPlan, seed: int) -> Inputs:
    """What people type, beside what came along."""
    asked = {(block.table.key, field.key) for _, block, field in plan.inputs() if field.codecs}
    typed = random_inputs(plan, seed)
    known = {a: value for a, value in typed.items() if (a.table, a.column) in asked}
    return {**known, **carried(plan, seed)}


def _ironcalc(norm: str, lang: Lang, folder: Path, seeds: range) -> None:
    plan = plan_of(norm, lang)
    path = folder / "w.xlsx"
    path.write_bytes(write_workbook(plan, carried(plan, 0)))
    book = IronCalcBook(plan, path)
    for seed in seeds:
        inputs = answers(plan, seed)
        book.answer(inputs)
        count, wrong = compare(plan, inputs, book.get)
        assert count > 1_000
        assert not wrong, f"seed {seed}: {len(wrong)}, such as {wrong[:5]}"


def test_ironcalc_agrees(tmp_path: Path) -> None:
    _ironcalc("125", "nl", tmp_path, QUICK)


@pytest.mark.proof
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("norm", ["125", "143", "138"])
def test_ironcalc_agrees_on_more(norm: str, lang: Lang, tmp_path: Path) -> None:
    _ironcalc(norm, lang, tmp_path, HEAVY)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    running = Office(tmp_path_factory.mktemp("office"))
    yield running
    running.stop()


@pytest.mark.proof
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("norm", ["125", "143"])
class TestLibreOffice:
    """What came along is in the file; the rest is typed into it."""

    pytestmark = needs_office

    def test_libreoffice_agrees(
        self, norm: str, lang: Lang, office: Office, tmp_path: Path
    ) -> None:
        """LibreOffice computes what we compute."""
        plan = plan_of(norm, lang)
        for seed in HEAVY[:6]:
            path = tmp_path / f"{seed}.xlsx"
            path.write_bytes(write_workbook(plan, carried(plan, seed)))
            book = LibreOfficeBook(office, plan, path)
            inputs = answers(plan, seed)
            try:
                book.answer(inputs)
                count, wrong = compare(plan, inputs, book.get)
            finally:
                book.close()
            assert count > 1_000
            assert not wrong, f"seed {seed}: {len(wrong)}, such as {wrong[:5]}"
