"""The quick reader of sheets says what the exact one says, or leaves it to that one."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest

from hkz_xlsx.machine.limits import RefusedError
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Address, Computed, Given, Input, Table
from hkz_xlsx.spreadsheet import sheet_fast
from hkz_xlsx.spreadsheet.byte_cache import Memory, remembered
from hkz_xlsx.spreadsheet.cells import Book
from hkz_xlsx.spreadsheet.container import Package
from hkz_xlsx.spreadsheet.sheet_exact import SheetFacts, read_exactly
from hkz_xlsx.spreadsheet.sheet_fast import SheetReader, shared_strings_fast
from tests.proof.hostile.package import pack, poke

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
X14AC = ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
BOOK = Book(("nul", "één", "", "drie"), frozenset({3}))


def sheet(rows: str, around: str = "", head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"{head}>'
        f"<sheetData>{rows}</sheetData>{around}</worksheet>"
    ).encode()


def row(cells: str, number: int = 1) -> str:
    return f'<row r="{number}">{cells}</row>'


def exact(data: bytes, book: Book = BOOK, *, complete: bool = False) -> SheetFacts | str:
    try:
        return read_exactly(data, "p", book, complete=complete)
    except RefusedError as fault:
        return fault.code


def usual(data: bytes, book: Book = BOOK, *, complete: bool = False) -> SheetFacts | str:
    try:
        return SheetReader(book).read(data, "p", complete=complete)
    except RefusedError as fault:
        return fault.code


def quickly(
    data: bytes, monkeypatch: pytest.MonkeyPatch, book: Book = BOOK, *, complete: bool = False
) -> bool:
    """Whether the exact reader was not asked for the cells."""
    asked = []

    def read(given: bytes, part: str, book: Book, *, complete: bool) -> SheetFacts:
        asked.append(given)
        return read_exactly(given, part, book, complete=complete)

    with monkeypatch.context() as patch:
        patch.setattr(sheet_fast, "read_exactly", read)
        usual(data, book, complete=complete)
    return data not in asked


PLAIN = {
    "nothing": "",
    "empty rows": '<row r="1"/><row r="2" ht="3"/>',
    "a row without cells": '<row r="1"></row>',
    "only cells without value": row('<c r="A1" s="1"/><c r="B1" s="2" />'),
    "numbers": row('<c r="A1"><v>1</v></c><c r="B1" s="2"><v>-2.5E3</v></c>'),
    "a date": row('<c r="A1" s="3"><v>45000</v></c>'),
    "strings": row('<c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>3</v></c>'),
    "string without length": row('<c r="A1" t="s"><v>2</v></c><c r="B1" t="s"><v>0</v></c>'),
    "it by formula": row('<c r="A1" t="s"><f>X</f><v>2</v></c>'),
    "text by formula": row('<c r="A1" t="str"><f>A&amp;B</f><v>a &lt; b</v></c>'),
    "empty by formula": row('<c r="A1" t="str"><f>X</f><v></v></c><c r="B1"><f>Y</f><v></v></c>'),
    "formula without value": row('<c r="A1"><f>X</f></c><c r="B1" t="str"><f>X</f></c>'),
    "formula with empty value": row('<c r="A1"><f>X</f><v/></c><c r="B1"><f>Y</f><v /></c>'),
    "shared formulas": row(
        '<c r="A1"><f t="shared" ref="A1:B1" si="0">X</f><v>1</v></c>'
        '<c r="B1"><f t="shared" si="0"/><v>2</v></c>'
    ),
    "errors": row('<c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="e"><v></v></c>'),
    "index in other digits": row('<c r="A1" t="s"><v> 01 </v></c>'),
    "truth": row('<c r="A1" t="b"><v>1</v></c>'),
    "text in the cell": row(
        '<c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1"/>'
        '<c r="C1" s="2" t="inlineStr"><is><t xml:space="preserve"> b&amp; </t></is></c>'
    ),
    "typed as a path": row('<c r="A1" t="str"><v>/share/x</v></c>'),
    "blanks that belong to it": row(
        '<c r="A1" t="str"><v xml:space="preserve">/ x </v></c><c r="B1"><v>2</v></c>'
    ),
    "rows": row('<c r="A1"><v>1</v></c>') + "\n" + row('<c r="A2"><v>1</v></c>', 2) + '<row/>',
    "no order": row('<c r="B2"><v>1</v></c>', 2) + row('<c r="A1"><v>2</v></c>'),
    "letters": row('<c r="A1" t="str"><v>ünïcode 😀</v></c>'),
    "escape": row('<c r="A1" t="str"><v>a_x000D_b</v></c>'),
}  # fmt: skip


TOLD = {
    "hidden rows": '<row r="1" hidden="1"/><row r="2" ht="0"><c r="A2"><v>1</v></c></row>'
    '<row r="3" hidden="0" ht="0.0"/><row r="4" ht="10" hidden="true"/>',
    "formulas of a group": row(
        '<c r="A1"><f t="shared" ref="A1:B2" si="0">A9&amp;$B$9+"A1"</f><v>1</v></c>'
        '<c r="B1" t="str"><f t="shared" si="0"/></c>'
    ) + row('<c r="A2"><f t="shared" si="0"/><v>2</v></c><c r="B2"><f t="shared" si="7"/></c>', 2),
    "the group twice": row(
        '<c r="A1"><f t="shared" ref="A1:B1" si="0">A9</f><v>1</v></c>'
        '<c r="B1"><f t="shared" ref="A1:B1" si="0">C9</f><v>1</v></c>'
        '<c r="C1"><f t="shared" si="0"/><v>1</v></c>'
    ),
    "all kinds of formulas": row(
        '<c r="A1"><f t="array" ref="A1:A1">SUM(B1)</f><v>1</v></c><c r="B1" t="str"><f></f></c>'
        '<c r="C1" t="str"><f aca="false">\n  X&lt;1 </f><v></v></c><c r="D1"><f ca="1"/></c>'
    ),
    "dates": row(
        '<c r="A1" s="3"><v>45000</v></c><c r="B1" s="3"><v>-1</v></c><c r="C1" s="3"/>'
        '<c r="D1" t="d"><v>2026-01-01</v></c><c r="E1" s="3"><f>A1</f><v>45000</v></c>'
    ),
}  # fmt: skip
"""What a complete reading says more."""


@pytest.mark.parametrize("name", [*PLAIN, *TOLD])
def test_plain_sheets_are_read_completely_and_alike(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = (
        '<sheetProtection sheet="1" sort="0"/><dataValidations><dataValidation type="list"'
        ' sqref="A1:B2"><formula1>x</formula1></dataValidation></dataValidations>'
    )
    data = sheet({**PLAIN, **TOLD}[name], around)
    hidden = b'<cols><col min="2" max="3" hidden="1"/></cols>'
    data = data.replace(b"<sheetData>", hidden + b"<sheetData>")
    book = replace(BOOK, date_formats={3: "d-m-yyyy"})
    for _ in range(2):
        found = usual(data, book, complete=True)
        assert found == exact(data, book, complete=True)
        assert isinstance(found, SheetFacts)
        assert found.hidden_columns == {1, 2}
    unnumbered = "<row/>" in PLAIN.get(name, "")
    assert quickly(data, monkeypatch, book, complete=True) is not unnumbered


@pytest.mark.parametrize("name", PLAIN)
def test_plain_sheets_are_read_quickly_and_alike(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sheet(PLAIN[name])
    assert usual(data) == exact(data)
    assert isinstance(usual(data), SheetFacts)
    assert quickly(data, monkeypatch)


ODD = {
    "swapped tags": row('<c r="A1"></v>1<v></c>'),
    "value closed twice": row('<c r="A1"><v>1</v></v></c>'),
    "value opened twice": row('<c r="A1"><v><v>1</v></c>'),
    "value in a value": row('<c r="A1"><v>1<v>2</v></v></c>'),
    "value closed as text": row('<c r="A1" t="str"><v>a</t></is></c>'),
    "text closed as value": row('<c r="A1" t="inlineStr"><is><t>a</v></c>'),
    "value where text belongs": row('<c r="A1" t="inlineStr"><is><v>a</v></c>'),
    "no value where text belongs": row('<c r="A1" t="inlineStr"><is><v></v></c>'),
    "text in a cell that says nothing": row('<c r="A1"><is><t>a</t></is></c>'),
    "text never opened": row('<c r="A1" t="inlineStr">a</t></is></c>'),
    "our own marks": row('<c r="A1" t="inlineStr"><is><v>\1&gt;a\1</v></is></c>'),
    "our own marks, closing": row('<c r="A1" t="str"><v>a<v>\2</c>'),
    "tag in a value": row('<c r="A1" t="str"><v>a<b/>c</v></c>'),
    "CDATA": row('<c r="A1" t="str"><v><![CDATA[<v xml:space="preserve">]]></v></c>'),
    "comment": row('<c r="A1" t="str"><v>a<!-- b --></v></c>'),
    "comment between": row('<c r="A1"><v>1</v></c><!-- x --><c r="B1"><v>2</v></c>'),
    "fonts in a text": row('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>'),
    "empty text": row('<c r="A1" t="inlineStr"><is><t></t></is></c>'),
    "end of a section": row('<c r="A1" t="str"><v>a]]>b</v></c>'),
    "entity nobody knows": row('<c r="A1" t="str"><v>a&x;b</v></c>'),
    "entity in a formula": row('<c r="A1"><f>A&x;B</f><v>1</v></c>'),
    "character XML forbids": row('<c r="A1" t="str"><v>a\0b</v></c>'),
    "formula closed twice": row('<c r="A1"><f t="shared" si="0"/>X</f><v>1</v></c>'),
    "cell twice": row('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>'),
    "cell twice in its own text": row(
        '<c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="A1"><v>2</v></c>'
    ),
    "string that is not there": row('<c r="A1" t="s"><v>4</v></c>'),
    "string below nothing": row('<c r="A1" t="s"><v>-1</v></c>'),
    "no number": row('<c r="A1"><v>1_000</v></c>'),
    "blank number": row('<c r="A1"><v> </v></c>'),
    "unknown type": row('<c r="A1" t="zz"><v>1</v></c>'),
    "attribute of a row twice": '<row r="1" ht="1" ht="2"><c r="A1"><v>1</v></c></row>',
    "the same behind a bracket": '<row r="1" a="&gt;>" ht="1" ht="2"><c r="A1"><v>1</v></c></row>',
    "other namespace": '<row r="1" xmlns="urn:x"><c r="A1"><v>1</v></c></row>',
    "prefix nobody declared": '<row r="1" x14ac:dyDescent="1"><c r="A1"><v>1</v></c></row>',
    "two colons": '<row r="1" x14ac:a:b="1"><c r="A1"><v>1</v></c></row>',
    "row never closed": '<row r="1"><c r="A1"><v>1</v></c>',
    "row closed twice": '<row r="1"><c r="A1"><v>1</v></c></row></row>',
    "cell outside a row": '<c r="A1"><v>1</v></c>',
    "cell never closed": row('<c r="A1"><v>1</v>'),
    "row in a row": '<row r="1"><row r="2"><c r="A1"><v>1</v></c></row></row>',
    "text between rows": row('<c r="A1"><v>1</v></c>') + "x" + row('<c r="A2"><v>1</v></c>', 2),
    "very many blank cells": row('<c r="A1" s="1"/>' * 5_000) + row('<c r="A2"><v>1</v></c>', 2),
    "no reference": row("<c><v>1</v></c>"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_sheets_are_left_to_the_exact_reader(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read twice, so that nothing wrong is kept from the first time."""
    data = sheet(ODD[name])
    for _ in range(2):
        assert usual(data) == exact(data)
        assert usual(data, complete=True) == exact(data, complete=True)
    assert not quickly(data, monkeypatch)
    assert not quickly(data, monkeypatch, complete=True)


def test_an_escape_in_a_formula_is_left_to_the_exact_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = sheet(row('<c r="A1"><f>"_x0041_"</f><v>1</v></c>'))
    assert usual(data, complete=True) == exact(data, complete=True)
    assert not quickly(data, monkeypatch, complete=True)


def test_a_prefix_is_known_only_where_it_is_declared() -> None:
    rows = '<row r="1" x14ac:dyDescent="1"><c r="A1"><v>1</v></c></row>'
    declared, bare = sheet(rows, head=X14AC), sheet(rows)
    for data in (declared, bare, declared, bare):
        assert usual(data) == exact(data)
    assert isinstance(usual(declared), SheetFacts)
    assert usual(bare) == "FILE_BROKEN"


def test_the_same_stretch_means_what_each_file_says() -> None:
    """What is kept of one file does not depend on its strings, styles or epoch."""
    data = sheet(row('<c r="A1" t="s"><v>1</v></c><c r="B1" s="3"><v>45000</v></c>'))
    books = (
        BOOK, replace(BOOK, strings=("a", "b")), replace(BOOK, dates=frozenset()),
        replace(BOOK, epoch_1904=True), replace(BOOK, strings=()), BOOK,
    )  # fmt: skip
    for book in books:
        assert usual(data, book) == exact(data, book)


def test_around_the_cells_is_parsed_for_each_text() -> None:
    rows = row('<c r="A1"><v>1</v></c>')
    on, off = '<sheetProtection sheet="1"/>', '<sheetProtection sheet="0"/>'
    for around in (on, off, on, "<broken>", on):
        data = sheet(rows, around)
        assert usual(data) == exact(data)


def test_strings_are_alike_whoever_came_before() -> None:
    def part(*strings: str) -> bytes:
        listed = "".join(f"<si>{text}</si>" for text in strings)
        return f'<sst xmlns="{MAIN}">{listed}</sst>'.encode()

    plain = part("<t>a</t>", '<t xml:space="preserve"> b&amp;</t>', "<t></t>", "<t>a</t>")
    assert shared_strings_fast(plain) == ["a", " b&", "", "a"]
    for odd in (
        "<r><t>a</t></r>",
        "<t>a</t><t>b</t>",
        "<t/>",
        "<t>a&x;</t>",
        "<t>a]]></t>",
        "<tt>a</tt>",
    ):
        assert shared_strings_fast(part("<t>a</t>", odd)) is None


def test_memory_keeps_what_was_asked_for_lately() -> None:
    made: list[bytes] = []

    def make(key: bytes) -> int:
        made.append(key)
        return len(key)

    memory = Memory(make, most=3, longest=5)
    assert [memory[key] for key in (b"a", b"bb", b"a", b"long key")] == [1, 2, 1, 8]
    assert made == [b"a", b"bb", b"long key"]
    assert memory[b"long key"] == 8  # too long to keep
    assert made.count(b"long key") == 2
    for key in (b"c", b"d", b"a", b"e", b"f", b"g", b"a"):
        assert memory[key] == 1
    assert made.count(b"a") == 1  # asked for in every generation
    assert memory[b"bb"] == 2
    assert made.count(b"bb") == 2  # gone in between


def test_large_parts_are_not_kept() -> None:
    asked: list[bytes] = []

    @remembered(most=2, longest=3)
    def size(data: bytes, name: str) -> int:
        asked.append(data)
        return len(data) + len(name)

    assert [size(b"abc", "x"), size(b"abc", "x"), size(b"abc", "xy")] == [4, 4, 5]
    assert asked == [b"abc", b"abc"]
    assert [size(b"long", "x"), size(b"long", "x")] == [5, 5]
    assert asked == [b"abc", b"abc", b"long", b"long"]


def test_a_part_of_which_the_sum_is_wrong_is_refused() -> None:
    """The quick way to unpack leaves every doubt to the standard library."""
    body = b"<a>" + b"x" * 1_000 + b"</a>"
    data = pack({"a.xml": body})
    assert Package(data).part("a.xml") == body
    crc = zlib.crc32(body).to_bytes(4, "little")
    wrong = data
    while (at := wrong.find(crc)) >= 0:
        wrong = poke(wrong, at, bytes(4))
    with pytest.raises(RefusedError) as caught:
        Package(wrong).part("a.xml")
    assert caught.value.code == "FILE_BROKEN"


def test_rows_that_look_alike_have_their_own_types() -> None:
    """A truth value and a number are equal in Python and not in a spreadsheet."""
    table = Table(
        "t", ("a", "b", "c", "d", "e"),
        (
            Input("typed"), Given("given", (1.0, 1.0, 2.0, 1.0, 1.0)),
            Computed("is_number", x.Is("number", x.Here("typed"))),
            Computed("doubled", x.Calc("*", (x.Here("typed"), x.Here("given")))),
        ),
    )  # fmt: skip
    typed: dict[str, CellValue] = {"a": True, "b": 1.0, "c": 1.0, "d": CellError("#N/A"), "e": None}
    inputs = {Address("t", key, "typed"): value for key, value in typed.items()}
    values = Evaluation([table], inputs, lambda key: key)
    assert values.column("t", "is_number") == [False, True, True, False, False]
    assert values.column("t", "doubled") == [1.0, 1.0, 2.0, CellError("#N/A"), 0.0]
