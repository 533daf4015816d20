"""A worksheet that knows its tables by where they begin and end, not cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format

from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.writing.inline_sheet import InlineWorksheet

_Area = tuple[int, int, int, int]
"""First row and column, last row and column."""


class AreaWorksheet(InlineWorksheet):
    """Writes what `InlineWorksheet` writes."""

    def __init__(self) -> None:
        super().__init__()
        self._areas: list[_Area] = []

    def add_table(
        self, first_row: int, first_col: int, last_row: int, last_col: int,
        options: Mapping[str, Any] | None = None,
    ) -> int:  # fmt: skip
        """As XlsxWriter does, which looks whether each cell of it is free.

        Args:
            first_row, first_col, last_row, last_col: as there.
            options: as there.

        Raises:
            OverlappingRange: it is not.
        """
        area = (first_row, first_col, last_row, last_col)
        if self._check_dimensions(last_row, last_col, True, True):
            return -1
        self._is_free(area, ((row, column, row, column) for row, column in self.merged_cells))
        short = min(last_row, first_row + 1)
        code = int(super().add_table(first_row, first_col, short, last_col, options))
        if code == 0:
            self._areas.append(area)
            table = self.tables[-1]
            before = f"{a1(first_row, first_col)}:{a1(short, last_col)}"
            whole = f"{a1(first_row, first_col)}:{a1(last_row, last_col)}"
            table.update({key: whole for key, value in table.items() if value == before})
        return code

    def merge_range(
        self, first_row: int, first_col: int, last_row: int, last_col: int, data: object,
        cell_format: Format | None = None,
    ) -> int:  # fmt: skip
        """As XlsxWriter does.

        Args:
            first_row, first_col, last_row, last_col: as there.
            data, cell_format: as there.

        Raises:
            OverlappingRange: a table stands there.
        """
        self._is_free((first_row, first_col, last_row, last_col))
        place = (first_row, first_col, last_row, last_col)
        return int(super().merge_range(*place, data, cell_format))

    def _is_free(self, area: _Area, merged: Iterable[_Area] = ()) -> None:
        for other in chain(self._areas, merged):
            beside = area[0] > other[2] or area[2] < other[0]
            if not (beside or area[1] > other[3] or area[3] < other[1]):
                raise OverlappingRange(f"{area}: {other}")
