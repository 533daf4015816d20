"""The quick worksheet writes what XlsxWriter writes, and gives way to a release that changed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from benchmarks.stock import stock_workbook
from hkz_xlsx.scoring.tables import Inputs
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.shared_formulas import shifted
from hkz_xlsx.writing import fast_cells
from hkz_xlsx.writing.checked import InlineWorksheet
from hkz_xlsx.writing.fast_cells import QuickWorksheet, sample_of, worksheet_class
from hkz_xlsx.writing.pack import lean, unstyled
from hkz_xlsx.writing.workbook import workbook_parts, write_workbook
from tests.support import plan_of

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


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Nothing is remembered of another release."""
    worksheet_class.cache_clear()
    fast_cells._LEFT_ALONE.clear()
    yield
    worksheet_class.cache_clear()
    fast_cells._LEFT_ALONE.clear()


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


def _both(inputs: Inputs, *asked: str) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    plan = plan_of("nl", *asked)
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
    ours, stock = _both({}, asked)
    assert _different(ours, stock) == ["docProps/core.xml"]  # has its language added
    assert sum(b't="shared"' in part for part in ours.values()) > 3
    assert b't="shared"' not in b"".join(stock.values())


def test_also_with_answers() -> None:
    """Then texts that were typed stand in the cells instead of among the shared strings."""
    ours, stock = _both(sample_inputs(plan_of("nl", "143")), "143")
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
    assert sample.count('t="shared"') == 12


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
    fast_cells._LEFT_ALONE.clear()
    monkeypatch.setattr(Worksheet, "_prepare_formula", _renamed)
    assert worksheet_class() is QuickWorksheet
    assert b"_xlfn.COUNTIF(" in b"".join(workbook_parts(plan).values())
    monkeypatch.undo()
    fast_cells._LEFT_ALONE.clear()
    assert write_workbook(plan) == before


def test_the_same_file_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Giving way costs time and nothing else."""
    plan = plan_of("nl", "143")
    inputs = sample_inputs(plan)
    quick = write_workbook(plan, inputs)
    monkeypatch.setattr("hkz_xlsx.writing.sheet.worksheet_class", lambda: InlineWorksheet)
    assert write_workbook(plan, inputs) == quick
