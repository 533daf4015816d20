"""The parts of a workbook that are handed over are those that XlsxWriter would pack."""

from __future__ import annotations

import re

import pytest
from xlsxwriter.packager import Packager

from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing import parts
from hkz_xlsx.writing.parts import PartsWorkbook
from hkz_xlsx.writing.workbook import workbook_parts
from tests.support import plan_of


def _parts() -> dict[str, bytes]:
    workbook = PartsWorkbook({})
    sheet = workbook.add_worksheet("Blad")
    bold = workbook.add_format({"bold": True})
    for row, text in enumerate(("een & <twee> é", " rand ", "_x0041_", "a\x07b", "\n", "")):
        sheet.write_string(row, 0, text)
    sheet.write_rich_string(8, 0, "een ", bold, "twee ")
    sheet.write_comment(1, 1, "opmerking")
    workbook.set_custom_property("wie", "wij", "text")
    return workbook.finished()


def test_as_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same order too; a release that asks for no packager of ours packs them itself."""
    parts._KNOWN.clear()
    handed = _parts()
    assert _parts() == handed  # what is known of a text by now is right too
    monkeypatch.setattr(PartsWorkbook, "_get_packager", lambda _: Packager())
    packed = _parts()
    assert list(handed) == list(packed)
    assert handed == packed
    assert "een &amp; &lt;twee&gt; é".encode() in handed["xl/sharedStrings.xml"]


def test_nothing_is_packed() -> None:
    workbook = PartsWorkbook({})
    workbook.add_worksheet("Blad")
    assert workbook.finished()
    assert len(workbook._target.getvalue()) < 100  # the end of an empty archive


@pytest.mark.parametrize("filled", [False, True])
def test_only_some_hidden_cells_have_no_stored_value(filled: bool) -> None:
    """Those that LibreOffice does not tell of answers; what is seen has its value, anywhere."""
    plan = plan_of("nl", "138")
    found = workbook_parts(plan, sample_inputs(plan) if filled else {})
    formula = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)</c>')
    bare = {
        (name, match[1].decode())
        for name, part in found.items()
        if name.startswith("xl/worksheets/sheet")
        for match in formula.finditer(part)
    }
    overview, number = next((s, n) for n, s in enumerate(plan.sheets, 1) if s.key == "overview")
    columns = {
        (block.table.key, block.column_of("earned")): block
        for block in overview.blocks if block.table.key in (T.themes, T.schemes)
    }  # fmt: skip
    assert {column for _, column in columns} <= set(overview.hidden_columns)
    assert bare == {
        (f"xl/worksheets/sheet{number}.xml", a1(block.first_row + row, column))
        for (_, column), block in columns.items() for row in range(len(block.table.rows))
    }  # fmt: skip
