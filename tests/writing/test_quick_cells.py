"""The quick worksheet writes what XlsxWriter writes, and gives way to a release that changed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from io import BytesIO, StringIO
from random import Random
from typing import Any

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from benchmarks.stock import stock_workbook
from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.cell_values import CellError
from hkz_xlsx.scoring.columns import FUNDING
from hkz_xlsx.scoring.tables import Inputs
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.shared_formulas import shifted
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing import quick_sheet
from hkz_xlsx.writing.base import Stamper
from hkz_xlsx.writing.checked import CheckedSheet
from hkz_xlsx.writing.fast_cells import sample_of, worksheet_class
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula
from hkz_xlsx.writing.pack import lean, unstyled
from hkz_xlsx.writing.quick_sheet import QuickWorksheet
from hkz_xlsx.writing.workbook import workbook_parts, write_workbook
from tests.support import library, plan_of

STRINGS = "xl/sharedStrings.xml"
_SHARED = re.compile(
    rb'(<c r="([A-Z]+)([0-9]+)"[^>]*>)<f t="shared" (?:ref="[^"]*" )?si="(\d+)"(?:/>|>(.*?)</f>)',
    re.DOTALL,  # a formula that takes odd blanks away has a line end in it
)
_NUMBER = re.compile(rb'(<c r="[A-Z0-9]+"(?: s="\d+")?><f>[^<]*</f><v>)([^<]+)(</v>)')
_EMPTY = re.compile(rb'(<c r="[A-Z0-9]+"(?: s="\d+")?) t="str"(><f>[^<]*</f><v></v>)')
_BUTTONS = re.compile(
    rb'(<autoFilter ref="[A-Z0-9:]+")>'
    rb'(?:<filterColumn colId="\d+" hiddenButton="1"/>)+</autoFilter>'
)
_PLAIN = re.compile(rb"^<t[^>]*>([^<]*)</t>$", re.DOTALL)
_TEXT = re.compile(rb'<c r="([A-Z0-9]+)"((?: s="\d+")?) t="s"><v>(\d+)</v></c>')
_INLINE = re.compile(
    rb'<c r="([A-Z0-9]+)"((?: s="\d+")?) t="inlineStr"><is>'
    rb'<t xml:space="preserve">(.*?)</t></is></c>',
    re.DOTALL,
)

GENERAL = "123"
"""Comes along with the others; alone it makes no workbook."""


def _forget() -> None:
    """What XlsxWriter makes of formulas."""
    quick_sheet._LEFT_ALONE.clear()
    quick_sheet._EXPANDED.clear()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Nothing is remembered of another release."""
    worksheet_class.cache_clear()
    _forget()
    yield
    worksheet_class.cache_clear()
    _forget()


def _expanded(part: bytes) -> bytes:
    """Shared formulas written out in every cell, as they read there."""
    first: dict[bytes, tuple[str, int]] = {}

    def whole(match: re.Match[bytes]) -> bytes:
        tag, _, row, group, text = match.groups()
        if text is not None:
            first[group] = (unescape(text.decode()), int(row))
        formula, start = first[group]
        moved = shifted(formula, int(row) - start, 0)
        for plain, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            moved = moved.replace(plain, safe)
        return tag + b"<f>" + moved.encode() + b"</f>"

    return _SHARED.sub(whole, part)


def _numbers(part: bytes) -> bytes:
    """Results of formulas that are numbers in one form: 1.0 is 1; and without what layout 2 adds:
    the type of an empty result, filter buttons that are not shown, no hints, and no style of a
    table that has none."""
    part = unstyled(lean(part))
    part = _EMPTY.sub(rb"\1\2", _BUTTONS.sub(rb"\1/>", part))
    return _NUMBER.sub(lambda m: m[1] + f"{float(m[2]):.16G}".encode() + m[3], part)


def _texts(part: bytes, strings: list[bytes]) -> bytes:
    """Texts in the cells themselves, wherever they stood."""
    part = _TEXT.sub(lambda m: b"<c %s %s %s/>" % (m[1], m[2], strings[int(m[3])]), part)
    return _INLINE.sub(lambda m: b"<c %s %s %s/>" % (m[1], m[2], m[3]), part)


def _both(plan: WorkbookPlan, inputs: Inputs) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    with zipfile.ZipFile(BytesIO(stock_workbook(plan, inputs))) as archive:
        stock = {name: archive.read(name) for name in archive.namelist()}
    ours = workbook_parts(plan, inputs)
    assert list(ours) == list(stock)
    return ours, stock


def _different(ours: Mapping[str, bytes], stock: Mapping[str, bytes]) -> list[str]:
    return [name for name in ours if _numbers(_expanded(ours[name])) != _numbers(stock[name])]


@pytest.mark.parametrize("asked", ["138", "144"])
def test_byte_for_byte_what_stock_xlsxwriter_writes(asked: str) -> None:
    """Every part of a blank workbook, once shared formulas are written out."""
    ours, stock = _both(plan_of("nl", asked), {})
    assert _different(ours, stock) == ["docProps/core.xml"]  # has its language added
    assert sum(b't="shared"' in part for part in ours.values()) > 3
    assert b't="shared"' not in b"".join(stock.values())


def _scopes(
    asked: str, lang: Lang, layout: int, chance: Random, count: int
) -> Iterator[WorkbookPlan]:
    """Workbooks of one norm in which other questions are left out."""
    for _ in range(count):
        without = chance.sample(FUNDING, chance.randint(1, len(FUNDING) - 1))
        selection = select(library(), [asked], Scope.parse([f"funding={','.join(without)}"]))
        yield plan_workbook(selection, lang, [asked], layout, previous=chance.random() < 0.5)


def _stamped_as_written(plan: WorkbookPlan, look: Look, name: str) -> None:
    """Stamped, with the quick class: part by part what is written without it."""
    inputs = client_inputs(plan, {"name": name, "kvk": "12345678"})
    stamped = Stamper(plan, look).make(inputs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hkz_xlsx.writing.sheet.worksheet_class", lambda: InlineWorksheet)
        directly = workbook_parts(plan, inputs, look)
    with zipfile.ZipFile(BytesIO(stamped)) as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == directly


def test_every_client_another_scope() -> None:
    """What is remembered of one workbook goes right in the next."""
    for plan in _scopes("143", "nl", 1, Random(16), 2):
        _stamped_as_written(plan, NEUTRAL, "A & <B>")


@pytest.mark.proof
@pytest.mark.parametrize("layout", [1, 2])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("asked", [p.id for p in library().newest() if p.id != GENERAL])
def test_all_norms_and_scopes(asked: str, lang: Lang, layout: int) -> None:
    chance = Random(f"{asked} {lang} {layout}")
    for plan in _scopes(asked, lang, layout, chance, 4):
        for look in (NEUTRAL, load_template("voorbeeld-adviesbureau")):
            _stamped_as_written(plan, look, chance.choice(("De Brug", "", "A & <B>")))


def test_values_alike_but_not_the_same() -> None:
    """Cells with equal values share an object; those that are only equal to Python do not."""
    values = (0, 0.0, -0.0, "", None, "0", "0.0", 1, 1.0, "1", CellError("#N/A"), "#N/A", 0, "")
    written = []
    for together in (True, False):
        book = Workbook(BytesIO(), {"in_memory": True})
        checked, style = CheckedSheet(book.add_worksheet("A", QuickWorksheet)), book.add_format()
        for row, value in enumerate(values):
            cell = SharedFormula("=A1" if row == 0 else "", 0, "B1:B14", value, style)
            checked.sheet.write_shared(row, 1, cell)
        if together:
            checked.filled_down(0, 1, "=A1", values, style)
        checked.sheet.fh = StringIO()
        checked.sheet._write_rows()
        written.append(checked.sheet.fh.getvalue())
    assert written[0] == written[1]
    assert written[0].count("<c ") == len(values)
    assert "<v>-0</v>" in written[0]


def test_also_with_answers() -> None:
    """Then texts that were typed stand in the cells instead of among the shared strings."""
    plan = plan_of("nl", "143")
    ours, stock = _both(plan, sample_inputs(plan))
    taken = {}
    for parts in (ours, stock):
        whole = re.findall(rb"<si>(.*?)</si>", parts[STRINGS], re.DOTALL)
        strings = [_PLAIN.sub(rb"\1", one) for one in whole]
        taken[id(parts)] = {
            name: _texts(_numbers(_expanded(part)), strings) for name, part in parts.items()
        }
    changed = _different(taken[id(ours)], taken[id(stock)])
    assert changed == [STRINGS, "docProps/core.xml"] or changed == ["docProps/core.xml", STRINGS]


def test_this_release_is_known() -> None:
    """The quick class is in use, and every kind of cell comes out the same."""
    assert worksheet_class() is QuickWorksheet
    sample = sample_of(QuickWorksheet)
    assert sample == sample_of(InlineWorksheet)
    assert sample.count("_xlfn.") > 10
    assert sample.count('t="shared"') == 17


def _plain_elements(self: Any, number: object, attributes: Any) -> None:
    self._xml_data_element("c", number, [*attributes, ("neu", "1")])


def _renamed(_self: Any, formula: str, _expand: bool = False) -> str:
    return formula.removeprefix("=").replace("COUNTIF(", "_xlfn.COUNTIF(")


CHANGES: list[tuple[str, Any]] = [
    ("_xml_number_element", _plain_elements),
    ("_xml_string_element", _plain_elements),
    ("_xml_empty_tag", lambda self, tag, _=(): self.fh.write(f"<{tag} />")),
    ("_escape_data", lambda _, data: f"<![CDATA[{data}]]>"),
]


@pytest.mark.parametrize(("name", "changed"), CHANGES, ids=[name for name, _ in CHANGES])
def test_a_release_that_writes_otherwise(
    monkeypatch: pytest.MonkeyPatch, name: str, changed: Any
) -> None:
    """The class without short cuts is used, which follows the new release."""
    monkeypatch.setattr(Worksheet, name, changed)
    assert worksheet_class() is InlineWorksheet
    book = Workbook(BytesIO(), {"in_memory": True})
    assert type(book.add_worksheet("A", worksheet_class())) is InlineWorksheet


def test_a_release_without_a_method_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """No crash, the class without short cuts."""
    monkeypatch.setattr(QuickWorksheet, "_write_cell", lambda self, *_: self.not_there())
    assert worksheet_class() is InlineWorksheet


def test_a_release_that_renames_another_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """XlsxWriter is asked about each function, so a name added to its list is followed."""
    plan = plan_of("nl", "143")
    before = write_workbook(plan)
    _forget()
    monkeypatch.setattr(Worksheet, "_prepare_formula", _renamed)
    assert worksheet_class() is QuickWorksheet
    assert b"_xlfn.COUNTIF(" in b"".join(workbook_parts(plan).values())
    monkeypatch.undo()
    _forget()
    assert write_workbook(plan) == before


def test_the_same_file_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Giving way costs time and nothing else."""
    plan = plan_of("nl", "143")
    inputs = sample_inputs(plan)
    quick = write_workbook(plan, inputs)
    monkeypatch.setattr("hkz_xlsx.writing.sheet.worksheet_class", lambda: InlineWorksheet)
    assert write_workbook(plan, inputs) == quick
