"""The comparison with other readers notices what it should, on files made here."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.spreadsheet import sheet_fast
from tests.proof.foreign import collect, compare, opinions
from tests.proof.foreign.differences import RULES, Around
from tests.proof.foreign.opinions import Opinion


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Voldoet", 1.5, True), ("x", 46_328, "=1/0")):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    made = tmp_path / "vreemd.xlsx"
    made.write_bytes(target.getvalue())
    return made


def test_equal(path: Path) -> None:
    found = compare.examine(str(path), ("openpyxl", "calamine", "xlrd"))
    assert set(found) == {compare.OWN, "openpyxl", "calamine"}
    assert not found[compare.OWN]["different"]
    assert found[compare.OWN]["declined"] == 0
    for reader in ("openpyxl", "calamine"):
        assert found[reader]["cells"] == 5
        assert found[reader]["unknown_count"] == 0
        assert not found[reader]["titles"]


@pytest.mark.parametrize("other", ["Voldoet ", None, 1.0, True, opinions.Error("#N/A")])
def test_another_value(path: Path, monkeypatch: pytest.MonkeyPatch, other: object) -> None:
    def wrong(data: bytes) -> Opinion:
        found = opinions.by_openpyxl(data)
        (cells,) = found.sheets.values()
        cells[0, 0] = other  # type: ignore[assignment]
        return found

    monkeypatch.setitem(opinions.READERS, "openpyxl", (wrong, frozenset(["xlsx"])))
    found = compare.examine(str(path), ("openpyxl",))["openpyxl"]
    assert found["unknown_count"] == 1
    assert found["unknown"][0][1] == (0, 0)


def test_fast_reader_with_a_mistake(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = sheet_fast._tokens
    monkeypatch.setattr(sheet_fast, "_tokens", lambda data: right(data.replace(b"1.5", b"1.6")))
    assert compare.examine(str(path), ())[compare.OWN]["different"]


def test_rules_are_narrow() -> None:
    """None explains one text for another, or a value that only one of the two has."""
    around = Around("xlsx", merged=False, link=False, formula=False)
    for rule in RULES:
        assert rule.reason
        assert rule.readers <= set(opinions.READERS)
        for ours, theirs in (("Voldoet", "Voldoet niet"), (1.0, 2.0), ("Voldoet", 1.0)):
            assert not rule.fits(ours, theirs, around), rule.name
            assert rule.readers == {"odfpy"} or not rule.fits(ours, None, around), rule.name
            assert not rule.fits(None, theirs, around), rule.name


_LINE = "# deb http://a.example/debian x\ndeb [signed-by=/k] http://b.example/debian stable main\n"
_FIELDS = "Types: deb\nURIs: http://b.example/debian\nSuites: stable\n"


@pytest.mark.parametrize(
    ("name", "says"), [("sources.list", _LINE), ("sources.list.d/debian.sources", _FIELDS)]
)
def test_where_sources_come_from(tmp_path: Path, name: str, says: str) -> None:
    """From where the system has its packages; not from its security updates, which lack most."""
    (tmp_path / "sources.list.d").mkdir()
    assert collect.debian_mirror(tmp_path) is None
    security = "deb http://c.example/debian-security stable main\n"
    (tmp_path / name).write_text(security + says)
    (tmp_path / "sources.list.d/other.sources.off").write_text("URIs: http://d.example/debian\n")
    assert collect.debian_mirror(tmp_path) == "http://b.example/debian"
