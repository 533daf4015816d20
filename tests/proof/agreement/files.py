"""Looking into written files without our own reader: stored values, formulas, and spoiling them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

from hkz_xlsx.scoring.cell_values import CellValue, a1, cell_value
from hkz_xlsx.spreadsheet.open import Grid, open_workbook
from tests.support import Spot

_STORED = re.compile(rb"(<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))<v>[^<]*</v>")
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*><f')
_SHEET = re.compile(r'<sheet [^>]*?name="([^"]*)"')


def rewrite(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same package with its parts passed through ``change``."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            new.writestr(part, change(part.filename, old.read(part)), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def spoiled(data: bytes) -> bytes:
    """Every stored value of a formula replaced by 999: only a recalculation makes it right."""

    def change(name: str, part: bytes) -> bytes:
        return _STORED.sub(rb"\1<v>999</v>", part) if "worksheets/sheet" in name else part

    return rewrite(data, change)


class StoredBook:
    """A file's stored values, and which cells hold a formula."""

    def __init__(self, path: Path) -> None:
        self._grid: Grid = open_workbook(path, "calamine")
        self._values = {sheet.title: sheet.cells for sheet in self._grid.sheets}
        self._formulas = _formulas(path)

    def get(self, spot: Spot) -> CellValue:
        """The stored value; a computed cell without a formula is never right."""
        if a1(spot.row, spot.column) not in self._formulas[spot.sheet]:
            return f"no formula in {spot.name}"
        return cell_value(self._values[spot.sheet].get((spot.row, spot.column)))


@cache
def _formulas(path: Path) -> dict[str, frozenset[str]]:
    with zipfile.ZipFile(path) as archive:
        titles = _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8"))
        found = {}
        for index, title in enumerate(titles, 1):
            part = archive.read(f"xl/worksheets/sheet{index}.xml")
            found[title] = frozenset(m.decode() for m in _FORMULA_CELL.findall(part))
    return found
