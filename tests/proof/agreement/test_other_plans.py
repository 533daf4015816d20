"""Agreement on other workbooks than the usual one: a known scope, and two sector parts at once."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.norms.revisions import copied
from tests.proof.agreement.engines import IronCalcBook
from tests.proof.agreement.files import StoredBook, spoiled
from tests.proof.office.libreoffice import convert, needs_office
from tests.support import compare, library, plan_of, random_inputs

SEEDS = range(40, 48)


@cache
def _scoped() -> WorkbookPlan:
    scope = Scope.parse(["funding=wmo,jeugdwet", "activities=vrijwilligers"])
    return plan_workbook(select(library(), ["138"], scope), "nl", ["138"])


def two_sectors(folder: Path) -> Path:
    """A norms folder with a second sector part: the first one under another number."""
    root = folder / "norms"
    copied(root)
    shutil.copytree(root / "138", root / "938")
    for path in (root / "938").rglob("*.yaml"):
        text = path.read_text("utf-8").replace('"138"', '"938"').replace("HKZ 138", "HKZ 938")
        text = re.sub(r"MHD-(\d{3})", r"TWO-\1", text)
        text = text.replace('ready_score: "90"', 'ready_score: "70"')
        path.write_text(text, "utf-8")
    return root


def _agree(plan: WorkbookPlan, folder: Path) -> None:
    path = folder / "w.xlsx"
    path.write_bytes(write_workbook(plan))
    book = IronCalcBook(plan, path)
    for seed in SEEDS:
        inputs = random_inputs(plan, seed)
        book.answer(inputs)
        count, wrong = compare(plan, inputs, book.get)
        assert count > 1_000
        assert not wrong, f"seed {seed}: {len(wrong)}, such as {wrong[:5]}"


def test_scoped_workbook(tmp_path: Path) -> None:
    """Rows left out, others no longer n.v.t.: the formulas still agree."""
    assert _scoped().model.selection.left_out
    _agree(_scoped(), tmp_path)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["139", "140", "134", "132", "144", "143", "zw", "125"])
def test_every_other_norm(part: str, lang: Lang, tmp_path: Path) -> None:
    """Every norm there is, alone or with what belongs to it, and it stays small."""
    plan = plan_of(lang, part)
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan))
    assert path.stat().st_size < 230 * 1024
    book = IronCalcBook(plan, path)
    for seed in (40, 41, 43):
        inputs = random_inputs(plan, seed)
        book.answer(inputs)
        count, wrong = compare(plan, inputs, book.get)
        assert not wrong, f"{part}, seed {seed}: {len(wrong)} of {count}, such as {wrong[:5]}"


def _beside() -> tuple[WorkbookPlan, Inputs]:
    """A workbook with an earlier measurement: some sets had a score then, one had none."""
    plan = plan_workbook(select(library(), ["138"]), "nl", ["138"], previous=True)
    rows = next(b.table.rows for _, b in plan.blocks() if b.table.key == T.previous)
    inputs: dict[Address, CellValue] = {Address(T.previous, "date", "score"): 45_900.0}
    for number, row in enumerate(rows[1:-1]):
        inputs[Address(T.previous, row, "score")] = 40.5 + number
        inputs[Address(T.previous, row, "substantiated")] = 30.0 + number
    return plan, inputs


def test_earlier_measurement(tmp_path: Path) -> None:
    """Scores of then, scores of now and the difference between them."""
    plan, earlier = _beside()
    path = tmp_path / "w.xlsx"
    path.write_bytes(write_workbook(plan, earlier))
    book = IronCalcBook(plan, path)
    for seed in SEEDS:
        inputs = {**random_inputs(plan, seed), **earlier}
        book.answer(inputs)
        _, wrong = compare(plan, inputs, book.get)
        assert not wrong, f"seed {seed}: {len(wrong)}, such as {wrong[:5]}"


def test_two_sector_parts(tmp_path: Path) -> None:
    """Two verdicts with their own thresholds over a shared general part, and they read back."""
    root = two_sectors(tmp_path)
    both = load_library(root)
    plan = plan_workbook(select(both, ["138", "938"]), "nl", ["138", "938"])
    assert [s.parts for s in plan.model.selection.schemes] == [("138", "123"), ("938", "123")]
    _agree(plan, tmp_path)
    path = tmp_path / "beide.xlsx"
    path.write_bytes(write_workbook(plan, random_inputs(plan, 44)))
    submission = read_workbook(path, both)
    assert submission.plan.identity == plan.identity


class TestLibreOffice:
    """The same workbooks through LibreOffice."""

    pytestmark = needs_office

    @pytest.mark.parametrize("kind", ["scoped", "two", "beside"])
    def test_recalculates_alike(self, kind: str, tmp_path: Path) -> None:
        """Spoiled files come back right."""
        earlier: Inputs = {}
        if kind == "scoped":
            plan = _scoped()
        elif kind == "beside":
            plan, earlier = _beside()
        else:
            both = load_library(two_sectors(tmp_path))
            plan = plan_workbook(select(both, ["138", "938"]), "nl", ["138", "938"])
        inputs = {**random_inputs(plan, 44), **earlier}
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(spoiled(write_workbook(plan, inputs)))
        (again,) = convert([path], tmp_path)
        count, wrong = compare(plan, inputs, StoredBook(again).get)
        assert not wrong, f"{len(wrong)} of {count}, such as {wrong[:5]}"
