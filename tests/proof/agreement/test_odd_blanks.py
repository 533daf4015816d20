"""Since layout 2: two engines that are not ours compute what we compute, odd blanks included."""

from __future__ import annotations

from pathlib import Path

import pytest

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.rows import ODD_BLANKS
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.engines import IronCalcBook
from tests.proof.agreement.files import StoredBook, spoiled
from tests.proof.office.libreoffice import convert, needs_office
from tests.support import compare, library, mostly_proof, random_inputs

SEEDS = range(70, 76)


def _plan(lang: Lang, part: str = "143") -> WorkbookPlan:
    return plan_workbook(select(library(), (part,)), lang, (part,))


def _inputs(plan: WorkbookPlan, seed: int) -> Inputs:
    """Random answers, with every odd blank as evidence, place, reason and action somewhere."""
    inputs: dict[Address, CellValue] = dict(random_inputs(plan, seed))
    rows = plan.model.table(T.requirements).rows
    # LibreOffice holds a tab in a text of several lines as another character, which no formula
    # with a tab finds: there a tab stands in texts of one line only.
    one_line, lines = ODD_BLANKS.replace("\n", ""), ODD_BLANKS.replace("\t", "")
    blanks = [*ODD_BLANKS, f" {one_line}", f" {lines} ", f"{one_line}x"]
    for number, blank in enumerate(blanks):
        row = rows[(7 * number + seed) % len(rows)]
        inputs[Address(T.requirements, row, "answer")] = plan.text("choice.status.yes")
        for column in ("evidence", "location", "note", "action"):
            inputs[Address(T.requirements, row, column)] = blank
    inputs[Address(T.requirements, rows[3], "previous_answer")] = "Voldoet"
    return inputs


@pytest.mark.parametrize("lang", LANGS)
def test_in_ironcalc(lang: Lang, tmp_path: Path) -> None:
    plan = _plan(lang)
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan))
    book = IronCalcBook(plan, path)
    for seed in SEEDS:
        inputs = _inputs(plan, seed)
        book.answer(inputs)
        count, wrong = compare(plan, inputs, book.get)
        assert count > 1_000
        assert not wrong, f"seed {seed}: {len(wrong)}, such as {wrong[:5]}"


class TestFiles:
    """Files as a respondent would get them, opened and saved by another program."""

    pytestmark = needs_office

    @pytest.mark.parametrize("lang", mostly_proof(LANGS, "nl"))
    def test_in_libreoffice(self, lang: Lang, tmp_path: Path) -> None:
        """Stored values are right, and LibreOffice makes the spoiled ones right."""
        _in_libreoffice(lang, tmp_path)


def _in_libreoffice(lang: Lang, tmp_path: Path) -> None:
    plan = _plan(lang)
    written = []
    for seed in SEEDS:
        inputs = _inputs(plan, seed)
        data = write_workbook(plan, inputs)
        good, bad = tmp_path / f"good-{seed}.xlsx", tmp_path / f"bad-{seed}.xlsx"
        good.write_bytes(data)
        bad.write_bytes(spoiled(data))
        written.append((good, bad, inputs))
    converted = convert([bad for _, bad, _ in written], tmp_path)
    for (good, _, inputs), again in zip(written, converted, strict=True):
        for path in (good, again):
            count, wrong = compare(plan, inputs, StoredBook(path).get)
            assert count > 1_000
            assert not wrong, f"{path.name}: {len(wrong)}, such as {wrong[:5]}"
