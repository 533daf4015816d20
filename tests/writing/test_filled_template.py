"""A workbook made from the template of an earlier one is the workbook that would be written."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError, Where
from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import Extra, Reason, with_loose
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing import workbook
from hkz_xlsx.writing.filled_template import FilledTemplate, packed_parts
from hkz_xlsx.writing.stamp import zipped
from hkz_xlsx.writing.workbook import workbook_parts, write_workbook
from tests.support import library, random_inputs

ODD: tuple[CellValue, ...] = (
    "X & <b>\"Y\"</b> 'Z' ]]>", "_x0041_ en _x005F_", "\n\ttab en regel\n", "#N/A", "=1+1", "12",
    "1e5", True, False, 0.0, -0.0, 1e-7, 1 / 3, 123456789012345678, -5, CellError("#DIV/0!"), "",
    None, "\ue000", "é" * 12_000, " ",
)  # fmt: skip


GENERAL = "123"
"""Comes along with the others; alone it makes no workbook."""


def plan_of(norm: str, lang: Lang, layout: int, *, previous: bool = False) -> WorkbookPlan:
    return plan_workbook(select(library(), [norm]), lang, [norm], layout, previous=previous)


def answers(plan: WorkbookPlan, seed: int) -> Inputs:
    """Random answers, and odd values all over the workbook."""
    inputs = dict(random_inputs(plan, seed, errors=True))
    cells = [
        Address(block.table.key, row, field.key)
        for _, block, field in plan.inputs()
        for row in block.table.rows
    ]
    step = 7 + seed
    inputs |= {a: ODD[(n + seed) % len(ODD)] for n, a in enumerate(cells[seed::step])}
    return inputs | {WORKBOOK_ID: f"id {seed} &"}


def directly(plan: WorkbookPlan, inputs: Inputs, look: Look, notes: Notes) -> bytes:
    return zipped(packed_parts(plan, workbook_parts(plan, inputs, look, notes=notes), inputs))


Notes = Mapping[Address, str]


def with_rest(plan: WorkbookPlan, inputs: Inputs, seed: int) -> tuple[WorkbookPlan, Notes]:
    """Sheets for what has no place, and comments, other ones with every seed."""
    chance = random.Random(seed)
    typed = sorted(address for address in inputs if address.table != WORKBOOK_ID.table)
    reasons: tuple[Reason, ...] = ("text", "wrong", "taken", "not_taken", "look_at")
    extra = [
        Extra(
            chance.choice(reasons), Where(f"bestand {n} <&>.xlsx", None, "Blad", f"A{n + 1}"),
            chance.choice(["los", "12", " _x0041_ \n", "é" * 400, "=1+1"]), "", "Kolom",
            chance.choice(typed),
        )
        for n in range(chance.randint(1, 12))
    ]  # fmt: skip
    extra += [Extra(reason, Where("b"), "vast") for reason in ("text", "taken")]
    asked = [address for address in typed if address.table == T.requirements]
    notes = dict.fromkeys(chance.sample(asked, 5), f"Let op {seed} <&>\nen nog iets")
    return with_loose(plan, extra), notes


def compared(plan: WorkbookPlan, look: Look, seeds: range, *, rest: bool = False) -> int:
    """Workbooks with random answers, written one after the other; how many were filled in."""
    filled = 0
    original = FilledTemplate.members

    def counted(
        self: FilledTemplate, plan: WorkbookPlan, inputs: Inputs, beside: Mapping[str, bytes]
    ) -> Iterator[tuple[str, object]]:
        nonlocal filled
        yield from original(self, plan, inputs, beside)
        filled += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "_TEMPLATES", workbook._Templates())
        patch.setattr(FilledTemplate, "members", counted)
        for seed in seeds:
            inputs = answers(plan, seed)
            whole, notes = with_rest(plan, inputs, seed) if rest else (plan, {})
            data = write_workbook(whole, inputs, look, notes=notes)
            if seed > seeds.start:
                assert data == directly(whole, inputs, look, notes), seed
    return filled


@pytest.mark.parametrize(
    ("norm", "lang", "layout", "previous"),
    [("143", "nl", 1, False), ("125", "en", 1, True), ("zw", "nl", 2, True)],
)
def test_byte_by_byte(norm: str, lang: Lang, layout: int, previous: bool) -> None:
    """With odd values everywhere; the second workbook of a plan is the first that is filled in."""
    plan = plan_of(norm, lang, layout, previous=previous)
    assert compared(plan, NEUTRAL, range(5)) >= 3


def test_of_a_first_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns of what was carried along stay hidden, and their cells are not written at all."""
    monkeypatch.setattr(workbook, "_TEMPLATES", workbook._Templates())
    plan = plan_of("125", "nl", 2, previous=True)
    quiet = {
        field.key
        for sheet, block, field in plan.inputs()
        for column in [block.column_of(field.key)]
        if column in sheet.quiet_columns
    }
    assert quiet
    template = None
    for seed in range(3):
        inputs = {a: v for a, v in answers(plan, seed).items() if a.column not in quiet}
        template = workbook._TEMPLATES.template(workbook._key(plan, inputs, NEUTRAL, {}))
        assert write_workbook(plan, inputs) == directly(plan, inputs, NEUTRAL, {})
    assert template is not None


def test_in_a_house_style() -> None:
    look = load_template("voorbeeld-adviesbureau")
    assert compared(plan_of("143", "nl", 2), look, range(4)) >= 1


@pytest.mark.parametrize("layout", [1, 2])
def test_with_sheets_and_comments_of_its_own(layout: int) -> None:
    """What has no place, what merging decided, and comments on cells differ from file to file."""
    assert compared(plan_of("125", "nl", layout), NEUTRAL, range(5), rest=True) >= 3


@pytest.mark.proof
@pytest.mark.parametrize("layout", [1, 2])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("norm", [p.id for p in library().newest() if p.id != GENERAL])
def test_all_norms(norm: str, lang: Lang, layout: int) -> None:
    for look in (NEUTRAL, load_template("voorbeeld-adviesbureau")):
        for previous in (False, True):
            plan = plan_of(norm, lang, layout, previous=previous)
            assert compared(plan, look, range(10)) >= 4
            assert compared(plan, look, range(10), rest=True) >= 4


@pytest.fixture
def template() -> tuple[WorkbookPlan, FilledTemplate]:
    plan = plan_of("143", "nl", 1)
    inputs = answers(plan, 1)
    return plan, FilledTemplate(plan, inputs, workbook_parts(plan, inputs))


def test_what_cannot_be_written_is_refused_alike(
    template: tuple[WorkbookPlan, FilledTemplate],
) -> None:
    """A text that no cell can hold, with the cell; an answer without a place."""
    plan, filled = template
    note = next(
        Address(b.table.key, b.table.rows[2], f.key)
        for _, b, f in plan.inputs() if f.key == "evidence"
    )  # fmt: skip
    later = Address(note.table, plan.model.table(note.table).rows[4], note.column)
    wrong: Mapping[Address, CellValue] = {later: "x" * 40_000, note: "a\x07b", WORKBOOK_ID: "x"}
    told = []
    for write in (lambda: list(filled.members(plan, wrong)), lambda: workbook_parts(plan, wrong)):
        with pytest.raises(HkzError) as caught:
            write()
        told.append([(p.code, str(p.where)) for p in caught.value.problems])
    assert told[0] == told[1]
    strange = {Address("requirements", "nergens", "answer"): "ja", WORKBOOK_ID: "x"}
    for write in (
        lambda: list(filled.members(plan, strange)),
        lambda: workbook_parts(plan, strange),
    ):
        with pytest.raises(KeyError):
            write()


def test_scope_is_another_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of the same norm that are not the same share no template."""
    monkeypatch.setattr(workbook, "_TEMPLATES", workbook._Templates())
    plans = []
    for scope in ("", "funding=wmo"):
        selection = select(library(), ["144"], Scope.parse([scope] if scope else []))
        plans.append(plan_workbook(selection, "nl", ["144"], 1))
    for seed in range(4):
        for plan in plans:
            inputs = answers(plan, seed)
            assert write_workbook(plan, inputs) == directly(plan, inputs, NEUTRAL, {})
