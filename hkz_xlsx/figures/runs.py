"""Rows of a section that belong in one native chart of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from hkz_xlsx.figures.model import FigureTable
from hkz_xlsx.figures.pictures import MOST_BARS

_TOGETHER = ("edition", "level", "scheme", "property", "rounds")
"""Columns whose values a chart has in common; its heading names them."""


def runs(section: FigureTable) -> Iterator[tuple[str, range]]:
    """Rows that belong in one chart, with what they have in common."""
    if not section.chart:
        return
    keys = [h.key for h in section.headings]
    together = [keys.index(key) for key in _TOGETHER if key in keys]
    start = 0
    for common, group in groupby(section.rows, key=lambda row: [row[i] for i in together]):
        count = len(list(group))
        if count > 1:
            yield (
                " · ".join(str(v) for v in common if v),
                range(start, start + min(count, MOST_BARS)),
            )
        start += count
