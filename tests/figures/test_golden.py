"""What a report of a seeded field looks like: every sheet, table and chart with its first rows.

``HKZ_GOLDEN=1`` writes the outlines anew; read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.outputs import render
from tests.portfolio.conftest import Made

GOLDEN = Path(__file__).parents[1] / "golden" / "portfolio"
CASES = {
    "field": Choices("nl"),
    "field-en": Choices("en", sample=True),
    "anonymous": Choices("nl", anonymous=True),
}
_ROWS = 3
"""Rows of a table that stand in an outline: the first ones, and the last one."""


def _few(rows: list[str]) -> list[str]:
    return rows if len(rows) <= _ROWS + 1 else [*rows[:_ROWS], f"… {len(rows)} rows …", rows[-1]]


def _cell(cell: Any) -> str:
    if cell.value is None:
        return "–"
    return (
        f"{cell.value}"
        if cell.number_format == "General"
        else f"{cell.value} {{{cell.number_format}}}"
    )


def _title(title: Any) -> str:
    return "".join(run.t for p in title.tx.rich.p for run in p.r or ())


def _xlsx(data: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(BytesIO(data))
    properties = book.properties
    yield f"title: {properties.title} | author: {properties.creator} | by: {properties.lastModifiedBy}"
    for sheet in book.worksheets:
        (table,) = sheet.tables.values()
        yield f"\n[{sheet.title}] {sheet['A1'].value}"
        yield f"  {sheet['A2'].value}"
        widths = [
            f"{sheet.column_dimensions[get_column_letter(int(c.column or 1))].width:.0f}"
            for c in sheet[4]
        ]
        heads = [f"{c.value} ({w})" for c, w in zip(sheet[4], widths, strict=True)]
        yield f"  {table.name} {table.ref} frozen {sheet.freeze_panes}: {' | '.join(heads)}"
        rows = [" | ".join(map(_cell, row)) for row in sheet.iter_rows(min_row=5)]
        yield from (f"    {row}" for row in _few(rows))
        for chart in getattr(sheet, "_charts", ()):
            series = [f"{s.tx.strRef.f} {s.cat.strRef.f} {s.val.numRef.f}" for s in chart.series]
            yield f"  chart {chart.anchor._from.row}: {_title(chart.title)}: {'; '.join(series)}"


class _Outline(HTMLParser):
    """Blocks of a page as lines; rows of tables and texts of charts shortened."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._text, self._rows, self._svg = "", list[str](), list[str]()
        self._quiet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._quiet = True
        elif tag in ("h1", "h2", "h3", "p", "li", "tr", "text", "b"):
            self._text = ""
        elif tag == "svg":
            self._svg = [str(dict(attrs).get("aria-label"))]
        elif tag == "table":
            self._rows = []

    def handle_data(self, data: str) -> None:
        self._text += "" if self._quiet else data

    def handle_endtag(self, tag: str) -> None:
        text = " ".join(self._text.split())
        if tag == "style":
            self._quiet = False
        elif tag in ("td", "th"):
            self._text += " | "
        elif tag == "tr":
            self._rows.append(text.strip(" |"))
        elif tag == "text":
            self._svg.append(text)
        elif tag == "svg":
            shown = _few(self._svg[1:])
            self.lines.append(f"  chart: {self._svg[0]}: {'; '.join(shown)}")
        elif tag == "table":
            self.lines += [f"    {row}" for row in _few(self._rows)]
        elif tag in ("h1", "h2", "h3"):
            self.lines.append(f"\n{tag} {text}")
        elif tag in ("p", "li", "b") or (tag == "span" and text):
            self.lines.append(f"  {tag}: {text}")
            self._text = ""


def _html(data: bytes) -> Iterator[str]:
    outline = _Outline()
    outline.feed(data.decode("utf-8"))
    yield from outline.lines


@pytest.mark.parametrize("suffix", [".xlsx", ".html"])
@pytest.mark.parametrize("case", CASES)
def test_outline(case: str, suffix: str, made: Made) -> None:
    data = render(figures_of(str(made.folder), CASES[case]), suffix)
    lines = _xlsx(data) if suffix == ".xlsx" else _html(data)
    # Ids follow from the bytes of files, which every change of the workbook changes.
    found = re.sub(r"\b[0-9a-f]{12,}\b", "<id>", "\n".join(lines)) + "\n"
    path = GOLDEN / f"{case}{suffix}.txt"
    if os.environ.get("HKZ_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8", newline="\n")
    assert path.read_text("utf-8") == found
