"""Where a sheet is cut at its values: letters that look like the end of a tag, and are none."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace

import pytest

from hkz_xlsx.spreadsheet import grid
from hkz_xlsx.spreadsheet.cells import Book
from hkz_xlsx.spreadsheet.grid import Spot, one_spot
from hkz_xlsx.spreadsheet.sheet_exact import SheetFacts
from tests.spreadsheet.test_fast_reader import BOOK, exact, quickly, row, sheet, usual

A, B = '<c r="A1"><v>1</v></c>', '<c r="B1"><v>2</v></c>'

QUICK = {
    "in a text in the cell": '<c r="A1" t="inlineStr"><is><t>v>v></t></is></c>' + B,
    "escaped": '<c r="A1" t="str"><f>v&gt;1</f><v>&lt;v&gt;</v></c>' + B,
    "without value": '<c r="A1"><v/></c><c r="B1"><v /></c><c r="C1"><f>X</f><v/></c>',
    "empty between others": A + '<c r="B1" t="str"><f>X</f><v></v></c><c r="C1"><v>3</v></c>'
    '<c r="D1"><f>X</f><v></v></c><c r="E1" t="e"><f>X</f><v></v></c><c r="F1"><v>0</v></c>'
    '<c r="G1" t="b"><v>0</v></c><c r="H1" t="str"><v></v></c>',
    "strings without length between others": '<c r="A1" t="s"><v>1</v></c>'
    '<c r="B1" t="s"><v>2</v></c><c r="C1" t="s"><f>X</f><v>2</v></c><c r="D1" t="s"><v></v></c>'
    '<c r="E1" t="e"><v></v></c><c r="F1" t="s"><v>3</v></c>',
    "texts in cells and values": '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is>'
    '</c><c r="B1"/><c r="C1" t="inlineStr"><is><t>b</t></is></c><c r="D1"><f>X</f><v>2</v></c>'
    '<c r="E1" t="inlineStr"><is><t>&lt;/t&gt;</t></is></c>',
    "formula without a value between others": A + '<c r="B1"><f>X</f></c><c r="C1"><v>2</v></c>',
    "last a text in the cell": A + '<c r="B1" t="inlineStr"><is><t>b</t></is></c>',
}  # fmt: skip

LEFT = {
    "in a formula": '<c r="A1"><f>IF(v>1,2,3)</f><v>1</v></c>',
    "in a formula and a value": '<c r="A1" t="str"><f>v>1</f><v>a v>b</v></c>',
    "in a text": '<c r="A1" t="str"><v>a v>b</v></c>',
    "in a text, twice": '<c r="A1" t="str"><v>v>b v></v></c>',
    "between cells": A + "v>" + B,
    "between cells, twice": A + "v>v>" + B,
    "around a cell": "v>" + A + "v>",
    "opened without a bracket": '<c r="A1">v>1</v></c>',
    "closed without a bracket": '<c r="A1"><v>1v></c>',
    "tag in a text in the cell": '<c r="A1" t="inlineStr"><is><t>a<b/></t></is></c>',
    "our own signs": '<c r="A1" t="inlineStr"><is><v>\1>a\1</v></c>',
    "another tag": '<c r="A1"><xv>1</xv></c>',
    "another tag that closes": '<c r="A1"><v>1</xv></c>',
    "another tag that opens": '<c r="A1"><xv>1</v></c>',
    "with a blank": '<c r="A1"><v >1</v ></c>',
    "closed as another": '<c r="A1"><v>1</v></c><c r="B1"><v>1<v></c>',
    "one closed twice, one never": '<c r="A1"><v>1</v></v></c><c r="B1"><v>1</c>',
    "one opened twice, one never": '<c r="A1"><v><v>1</v></c><c r="B1">1</v></c>',
    "bracket before": '<c r="A1"><<v>1</v></c>',
    "bracket in a value": '<c r="A1" t="str"><v>1<</v></c>',
    "only a bracket": '<c r="A1" t="str"><v><</v></c>',
    "slash": '<c r="A1"></v>1<v></c><c r="B1"></v>2<v></c>',
    "text in a text": '<c r="A1" t="inlineStr"><is><t><is><t>a</t></is></t></is></c>',
    "text closed twice": '<c r="A1" t="inlineStr"><is><t>a</t></is></t></is></c>',
    "text closed nowhere": '<c r="A1" t="inlineStr"><is><t>a</c>' + B,
    "text in a value": '<c r="A1" t="str"><v><is><t>a</t></is></v></c>',
    "text and value": '<c r="A1" t="inlineStr"><is><t>a</t></is><v>b</v></c>',
    "value and text": '<c r="A1" t="inlineStr"><v>b</v><is><t>a</t></is></c>',
    "value within the tags of a text": '<c r="A1" t="inlineStr"><is><v>&gt;a</v></is></c>',
    "text where a number belongs": '<c r="A1"><is><t>1</t></is></c>',
    "text without its own tag": '<c r="A1" t="inlineStr"><is><v></v></is></c>',
    "our own sign": '<c r="A1" t="inlineStr"><is><t>\1</t></is></c>',
    "cell twice, once empty": '<c r="A1" t="str"><f>X</f><v></v></c>' + A,
    "end of the cells": A + "</row></sheetData><sheetData><row>" + B,
}  # fmt: skip


@pytest.mark.parametrize("book", [BOOK, replace(BOOK, strings=("nul", "één", "twee", "drie"))])
@pytest.mark.parametrize("name", QUICK)
def test_read_quickly_and_alike(name: str, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet(row(QUICK[name]))
    for complete in (False, True, False, True):
        found = usual(data, book, complete=complete)
        assert found == exact(data, book, complete=complete)
        assert isinstance(found, SheetFacts)
        assert None not in found.cells.values()
        assert quickly(data, monkeypatch, book, complete=complete)


@pytest.mark.parametrize("name", LEFT)
def test_left_to_the_exact_reader(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for rows in (row(LEFT[name]), row(LEFT[name]) + row('<c r="A2"><v>1</v></c>', 2)):
        data = sheet(rows)
        for complete in (False, True, False, True):
            assert usual(data, complete=complete) == exact(data, complete=complete)
            assert not quickly(data, monkeypatch, complete=complete)


@pytest.mark.parametrize("attribute", ['a="v>"', 'a="v>" b="v>"', 'a="<v>1</v>"'])
def test_in_an_attribute(attribute: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet(f'<row r="1" {attribute}>{A}</row>')
    assert usual(data) == exact(data)
    assert not quickly(data, monkeypatch)


@pytest.mark.parametrize(
    "around", ["<?x <sheetData></sheetData>?>", "<?x </sheetData>?>", "<!-- </sheetData> -->"]
)
def test_tags_of_the_cells_elsewhere(around: str) -> None:
    """What only looks like the end of the cells stands behind the real one."""
    data = sheet(row(A), around)
    assert isinstance(usual(data), SheetFacts)
    assert usual(data) == exact(data)


def test_cells_of_a_formula_are_a_set() -> None:
    """They are put together when somebody asks for them; it must not show."""
    data = sheet(row(A + '<c r="B1"><f>X</f><v>2</v></c><c r="C1" t="str"><f>X</f><v></v></c>'))
    asks: tuple[Callable[[AbstractSet[Spot]], bool], ...] = (
        lambda found: (0, 1) in found and (0, 0) not in found and (0, 2) not in found,
        lambda found: list(found) == [(0, 1)] and len(found) == 1,
        lambda found: found == {(0, 1)} and {(0, 1)} == found and found != {(0, 2)},
        lambda found: found.isdisjoint(frozenset({(0, 0), (0, 2)})),
        lambda found: not found.isdisjoint(frozenset({(0, 1)})),
        lambda found: found.isdisjoint(frozenset()) and not found.isdisjoint([(0, 1)]),
        lambda found: bool(pickle.loads(pickle.dumps(found)) == {(0, 1)}),
    )
    for ask in asks:
        found = usual(data)
        assert isinstance(found, SheetFacts)
        assert ask(found.calculated)


def test_a_place_is_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    first = one_spot((7, 1_000))
    assert one_spot((7, 1_000)) is first
    monkeypatch.setattr(grid, "_MOST_SPOTS", 0)
    assert one_spot((7, 1_000)) is first
    assert one_spot((7, 123_456_789)) == (7, 123_456_789)
    assert (7, 123_456_789) not in grid._SPOTS
