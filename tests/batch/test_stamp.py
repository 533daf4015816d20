"""A stamped workbook holds what a workbook built directly holds, and the same bytes every time."""

from __future__ import annotations

import random
import zipfile
import zlib
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.plan import FormulaCell, TextCell, WorkbookPlan
from hkz_xlsx.machine.packing import deflated
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.columns import FUNDING
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.sheet_builder import ORGANISATION
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing import base as base_module
from hkz_xlsx.writing import stamp
from hkz_xlsx.writing.base import Stamper
from hkz_xlsx.writing.checked import WriteRefusedError
from hkz_xlsx.writing.stamp import QUICKER, SlotTemplate
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

ODD = [
    "Stichting De Brug",
    "  voor en na  ",
    "X & <b>\"Y\"</b> 'Z' ]]>",
    "Ünïcødé 护理 😀👩‍⚕️ \u202eomgekeerd",
    "=1+1",
    "#N/A",
    "#n/a",
    "12",
    "\n\ttab en regel\n",
    "x" * 32_767,
    "😀" * 16_383,
    "é" * 22_000,  # more bytes than one stored block holds
    "_x0041_",
    "\ue000anders",
]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def client(plan: WorkbookPlan, seed: int) -> Inputs:
    """Any mixture of blank, ordinary and odd fields, one in three with a reference date."""
    chance = random.Random(seed)
    known: dict[str, CellValue] = {}
    for key in ("name", "location", "kvk", "branch", "municipality", "contact", "email"):
        if chance.random() < 0.7:
            known[key] = chance.choice(ODD)
    if chance.random() < 0.5:
        known["fte"] = chance.choice([8.5, 0.0, 1 / 3, 1e9, 12.0])
    for key in FUNDING:
        if chance.random() < 0.3:
            known[f"funding_{key}"] = Choice("yes_no").label("yes", plan.lang)
    day = chance.choice([None, None, date(2026, 11, 2)])
    return client_inputs(plan, known, day)


def full(plan: WorkbookPlan, name: str) -> Inputs:
    """Every field filled in."""
    known: dict[str, CellValue] = dict.fromkeys(
        ("name", "location", "kvk", "branch", "municipality", "contact", "email", "assessor"), name
    )
    known["fte"] = 8.5
    for key in FUNDING:
        known[f"funding_{key}"] = Choice("yes_no").label("no", plan.lang)
    return client_inputs(plan, known, date(2026, 11, 2))


PLANS = [("143",), ("zw",), ("138", "139")]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("asked", PLANS, ids="+".join)
def test_same_parts_as_built_directly(asked: tuple[str, ...], lang: Lang) -> None:
    """Blank, full and odd clients of several norms in both languages."""
    plan = plan_of(lang, *asked)
    stamper = Stamper(plan)
    seeds = range(1) if asked != ("143",) else range(8)
    clients = [{}, full(plan, 'Alles & <nog wat> "😀"'), *(client(plan, s) for s in seeds)]
    for inputs in clients:
        stamped, direct = stamper.make(inputs), write_workbook(plan, inputs)
        found, expected = parts(stamped), parts(direct)
        assert found.keys() == expected.keys()
        different = [name for name in expected if found[name] != expected[name]]
        assert different == [], inputs


@pytest.mark.parametrize("name", ODD)
def test_every_odd_text(name: str) -> None:
    """In every field at once."""
    plan = plan_of("nl", "143")
    inputs = full(plan, name)
    assert parts(Stamper(plan).make(inputs)) == parts(write_workbook(plan, inputs))


def test_scope_is_another_plan() -> None:
    """A workbook with questions left out."""
    selection = select(library(), ["144"], Scope.parse(["funding=wmo"]))
    plan = plan_workbook(selection, "nl", ["144"])
    inputs = full(plan, "De Brug")
    assert parts(Stamper(plan).make(inputs)) == parts(write_workbook(plan, inputs))


def test_same_bytes_whatever_came_before() -> None:
    """Another client or another date in between changes nothing."""
    plan = plan_of("nl", "143")
    one, other = full(plan, "Een"), client_inputs(plan, {"name": "Ander"})
    stamper = Stamper(plan)
    first = stamper.make(one)
    stamper.make(other)
    assert stamper.make(one) == first == Stamper(plan).make(one)


def test_not_larger_than_built_directly() -> None:
    """Splicing costs at most three percent."""
    plan = plan_of("nl")
    inputs = full(plan, "Stichting De Brug")
    assert len(Stamper(plan).make(inputs)) < 1.03 * len(write_workbook(plan, inputs))


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 32_768, "TEXT_TOO_LONG"), ("a\x01b", "TEXT_CONTROL"), ("a\ud800", "TEXT_CONTROL")],
)
def test_text_that_no_cell_can_hold(text: str, code: str) -> None:
    """Refused with the cell, as when built directly."""
    plan = plan_of("nl", "143")
    inputs = client_inputs(plan, {"name": "X", "contact": text})
    found = []
    for make in (Stamper(plan).make, lambda i: write_workbook(plan, i)):
        with pytest.raises(HkzError) as caught:
            make(inputs)
        found.append(caught.value.problems)
    assert found[0] == found[1]
    assert found[0][0].code == code


def test_an_input_without_a_place_is_our_mistake() -> None:
    """Nothing is dropped in silence."""
    plan = plan_of("nl", "143")
    for address in (Address("organisation", "weg", "value"), Address("weg", "x", "value")):
        with pytest.raises(KeyError):
            Stamper(plan).make({address: "x"})


def test_client_text_in_a_cell_that_is_not_followed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A layout that shows client text where it cannot be stamped never gives wrong files."""
    plan = plan_of("nl", "143")
    monkeypatch.setattr(base_module, "read_by", lambda *_: set())
    with pytest.raises(WriteRefusedError):
        Stamper(plan).make({})


def test_new_formulas_with_client_data_are_followed() -> None:
    """Location, fte and a formula on a formula, on a sheet that has none now."""
    plan = plan_of("nl", "143")
    last = plan.sheets[-3]
    location = x.Cell("organisation", "value", "location")
    fte = x.Cell("organisation", "value", "fte")
    day = x.Cell(T.settings, "value", "reference_date")
    formulas = (
        FormulaCell(0, 30, location, "text"),
        FormulaCell(1, 30, x.Calc("+", (fte, day)), "number"),
        FormulaCell(2, 30, x.If(x.equals(ORGANISATION, x.Txt("")), x.Num(0), location), "text"),
    )
    sheet = replace(
        last,
        formulas=(*last.formulas, *formulas),
        texts=(*last.texts, TextCell(3, 30, "vast", "text")),
    )
    more = replace(plan, sheets=(*plan.sheets[:-3], sheet, *plan.sheets[-2:]))
    for seed in range(8):
        inputs = client(more, seed)
        assert parts(Stamper(more).make(inputs)) == parts(write_workbook(more, inputs)), seed


class TestMould:
    """The zip module alone."""

    @pytest.mark.parametrize("seed", range(20))
    def test_any_cuts(self, seed: int) -> None:
        """Random members, cuts and values of any length: unpacked as put together by hand."""
        chance = random.Random(seed)
        members = {"first": b"x" * 10}
        cuts: dict[str, list[tuple[int, int]]] = {}
        values: dict[str, list[bytes]] = {}
        expected = dict(members)
        for number in range(4):
            name = f"deel-{number}" if number else "dé/el"
            data = chance.randbytes(chance.choice([0, 1, 100, 4_096, 4_097, 70_000]))
            data = data * chance.choice([1, 3])
            at = sorted(chance.randrange(len(data) + 1) for _ in range(2 * chance.randrange(4)))
            members[name] = expected[name] = data
            if at:
                cuts[name] = list(zip(at[::2], at[1::2], strict=True))
                values[name] = [
                    chance.randbytes(chance.choice([0, 1, 65_535, 65_536, 140_000]))
                    for _ in cuts[name]
                ]
                whole, start = b"", 0
                for (cut, end), value in zip(cuts[name], values[name], strict=True):
                    whole += data[start:cut] + value
                    start = end
                expected[name] = whole + data[start:]
        mould = SlotTemplate(members, cuts)
        assert parts(b"".join((mould.head, *mould.fill(values)))) == expected

    def test_the_first_member_stays_first(self) -> None:
        """And cannot be cut."""
        members = {"a": b"1", "b": b"2", "c": b"3"}
        mould = SlotTemplate(members, {"b": [(0, 1)]})
        data = b"".join((mould.head, *mould.fill({"b": [b"x"]})))
        assert list(parts(data)) == ["a", "c", "b"]
        with pytest.raises(ValueError, match="a"):
            SlotTemplate(members, {"a": [(0, 1)]})

    def test_cuts_must_be_in_order(self) -> None:
        """Overlapping cuts are our mistake."""
        with pytest.raises(ValueError, match="0"):
            SlotTemplate({"a": b"1", "b": b"22"}, {"b": [(1, 2), (0, 1)]})

    def test_the_checksum_is_that_of_the_whole(self) -> None:
        """Also over pieces that are not read again."""
        body = b"abc" * 50_000
        mould = SlotTemplate({"a": b"", "b": body}, {"b": [(60_000, 60_001)]})
        data = b"".join((mould.head, *mould.fill({"b": [b"hello"]})))
        with zipfile.ZipFile(BytesIO(data)) as archive:
            whole = body[:60_000] + b"hello" + body[60_001:]
            assert zlib.crc32(whole) == archive.getinfo("b").CRC


@pytest.mark.parametrize(("scope", "expected"), [((), {0}), (("funding=wmo",), {0, QUICKER})])
def test_what_few_get_is_packed_quickly(
    monkeypatch: pytest.MonkeyPatch, scope: tuple[str, ...], expected: set[int]
) -> None:
    """Of a workbook with a scope every part but the small ones, which all workbooks share."""
    levels = set()

    def noted(raw: bytes, level: int = 0) -> bytes:
        levels.add(level)
        return deflated(raw, level)

    monkeypatch.setattr(stamp, "deflated", noted)
    monkeypatch.setattr(stamp, "deflated_before", noted)
    stamp._kept.cache_clear()
    selection = select(library(), ["143"], Scope.parse(scope))
    Stamper(plan_workbook(selection, "nl", ["143"])).make({})
    assert levels == expected
