"""The parts of a workbook that are handed over are those that XlsxWriter would pack."""

from __future__ import annotations

import pytest
from xlsxwriter.packager import Packager

from hkz_xlsx.writing import parts
from hkz_xlsx.writing.parts import PartsWorkbook


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
