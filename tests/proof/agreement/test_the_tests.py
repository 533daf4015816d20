"""Tests of the comparisons themselves: every kind of small damage must be noticed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.choices import T, list_table
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.engines import IronCalcBook
from tests.proof.agreement.files import StoredBook, rewrite
from tests.proof.office.libreoffice import convert, needs_office
from tests.support import compare, plan_of, random_inputs, spots

SEED = 7  # an orderly set: rows answered, scores are numbers


def _inputs() -> Inputs:
    plan = plan_of("nl")
    chosen = dict(random_inputs(plan, SEED))
    first = plan.model.table(T.requirements).rows[0]
    chosen[Address(T.requirements, first, "answer")] = "Voldoet"
    return chosen


def _sheet(key: str) -> tuple[str, int]:
    plan = plan_of("nl")
    index = [s.key for s in plan.sheets].index(key)
    return f"xl/worksheets/sheet{index + 1}.xml", index


def _changed(data: bytes, part: str, old: str, new: str, count: int = 1) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text, done = re.subn(old, new, content.decode("utf-8"), count=count)
        assert done == count, f"{old} found {done} times in {part}"
        return text.encode("utf-8")

    return rewrite(data, change)


def _weight_in_a_formula() -> bytes:
    """Weight times points becomes weight times points plus one, in the shared formula."""
    part, _ = _sheet("assessment")
    data = write_workbook(plan_of("nl"), _inputs())
    return _changed(data, part, r"IF\(ISNUMBER\((\$[A-Z]+\d+)\),(\$[A-Z]+\d+)\*\1,0\)",
                    r"IF(ISNUMBER(\1),(\2+1)*\1,0)")  # fmt: skip


def _weight_cell() -> bytes:
    """The weight of the first row becomes 9."""
    plan = plan_of("nl")
    part, index = _sheet("assessment")
    block = plan.sheets[index].blocks[0]
    cell = a1(block.first_row, block.column_of("weight"))
    data = write_workbook(plan, _inputs())
    return _changed(data, part, rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)', r"\g<1>9\2")


def _list_entry() -> bytes:
    """The label of 'Voldoet' on the lists sheet becomes another word."""
    plan = plan_of("nl")
    part, index = _sheet("lists")
    block = next(b for b in plan.sheets[index].blocks if b.table.key == list_table("status"))
    cell = a1(block.first_row, block.column_of("label"))
    data = write_workbook(plan, _inputs())
    inline = rf'<c r="{cell}" t="inlineStr"><is><t>In orde</t></is></c>'
    return _changed(data, part, rf'<c r="{cell}"[^>]*><v>[^<]*</v></c>', inline)


DAMAGES = {
    "weight in a formula": _weight_in_a_formula,
    "weight of a row": _weight_cell,
    "entry of a list": _list_entry,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_second_engine_notices(damage: str, tmp_path: Path) -> None:
    """IronCalc's results differ from ours after the damage, and did not before."""
    plan, inputs = plan_of("nl"), _inputs()
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(write_workbook(plan, inputs))
    bad.write_bytes(DAMAGES[damage]())
    results = []
    for path in (good, bad):
        book = IronCalcBook(plan, path)
        book.answer(inputs)
        results.append(compare(plan, inputs, book.get)[1])
    assert results[0] == []
    assert results[1], f"nobody noticed: {damage}"


class TestLibreOffice:
    """The same damages, through LibreOffice."""

    pytestmark = needs_office

    def test_notices(self, tmp_path: Path) -> None:
        """LibreOffice's results differ from ours after each damage."""
        plan, inputs = plan_of("nl"), _inputs()
        files = []
        for number, damage in enumerate(DAMAGES.values()):
            path = tmp_path / f"damage{number}.xlsx"
            path.write_bytes(damage())
            files.append(path)
        for path, damage_name in zip(convert(files, tmp_path), DAMAGES, strict=True):
            _, wrong = compare(plan, inputs, StoredBook(path).get)
            assert wrong, f"nobody noticed: {damage_name}"


def _corner(which: str) -> tuple[str, str]:
    """Sheet part and cell of the last row's or the last column's computed cell."""
    plan = plan_of("nl")
    part, index = _sheet("assessment")
    title = plan.sheets[index].title
    mine = [s for s in spots(plan, {}) if s.sheet == title]
    by_row = max(mine, key=lambda s: (s.row, -s.column))
    by_column = max(mine, key=lambda s: (s.column, -s.row))
    spot = by_row if which == "row" else by_column
    return part, a1(spot.row, spot.column)


@pytest.mark.parametrize("which", ["row", "column"])
def test_last_row_and_last_column_are_compared(which: str, tmp_path: Path) -> None:
    """One stored value changed in the outermost cells is one difference, exactly there."""
    plan, inputs = plan_of("nl"), _inputs()
    part, cell = _corner(which)
    data = _changed(
        write_workbook(plan, inputs), part,
        rf'(<c r="{cell}"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>))<v>[^<]*</v>', r"\1<v>77</v>",
    )  # fmt: skip
    path = tmp_path / "corner.xlsx"
    path.write_bytes(data)
    _, wrong = compare(plan, inputs, StoredBook(path).get)
    assert len(wrong) == 1
    assert f"!{cell}:" in wrong[0]


def test_a_formula_replaced_by_its_value_is_noticed(tmp_path: Path) -> None:
    """A right number without a formula is still wrong."""
    plan, inputs = plan_of("nl"), _inputs()
    part, cell = _corner("row")
    data = _changed(
        write_workbook(plan, inputs), part,
        rf'(<c r="{cell}"[^>]*>)(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(<v>[^<]*</v>)', r"\1\2",
    )  # fmt: skip
    path = tmp_path / "value.xlsx"
    path.write_bytes(data)
    _, wrong = compare(plan, inputs, StoredBook(path).get)
    assert len(wrong) == 1
