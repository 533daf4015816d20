"""What a report of a seeded field says, in full; and every sheet of its workbook with the first rows.

``HKZ_GOLDEN=1`` writes the outlines anew; read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from hkz_xlsx.figures.benchmark import benchmarks
from hkz_xlsx.figures.benchmark_content import benchmark_document
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.content import field_document
from hkz_xlsx.figures.model import Choices, Figures
from hkz_xlsx.figures.outputs import render
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.document import Document, Picture, Timeline, shown
from hkz_xlsx.render.markdown import text as markdown
from hkz_xlsx.render.together import TIE
from hkz_xlsx.text import Lang
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


def _drawn(sheet: Any) -> Iterator[str]:
    """Charts by their place, and every row with something in it."""
    yield f"\n[{sheet.title}]"
    for chart in sheet._charts:
        series = [f"{(s.cat.strRef or s.cat.numRef).f} {s.val.numRef.f}" for s in chart.series]
        yield f"  chart {chart.anchor._from.row}: {'; '.join(series)}"
    for row in sheet.iter_rows():
        if any(cell.value is not None for cell in row):
            yield "    " + " | ".join("" if c.value is None else str(c.value) for c in row)


def _xlsx(data: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(BytesIO(data))
    properties = book.properties
    yield f"title: {properties.title} | author: {properties.creator} | by: {properties.lastModifiedBy}"
    for sheet in book.worksheets:
        if not sheet.tables:  # figures, and their numbers
            yield from _drawn(sheet)
            continue
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


def _pictures(document: Document) -> Iterator[str]:
    """What every drawing shows, as the rows of its table."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Picture) and not isinstance(block, Timeline):
                headers, rows = block.table()
                yield f"\n[{block.key}] {block.alt}"
                yield "    " + " | ".join(headers)
                yield from (
                    "    " + " | ".join(shown(c, document.lang) for c in row) for row in rows
                )


def _whole(figures: Figures) -> Iterator[str]:
    """The whole text of a report, and what its drawings show."""
    document = field_document(figures, NEUTRAL)
    yield markdown(document)
    yield from _pictures(document)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_page_of_an_organisation(lang: Lang, made: Made) -> None:
    """The whole text of one page, and what its drawings show."""
    choices = Choices(lang)
    one = next(iter(benchmarks(str(made.folder), choices)))
    document = benchmark_document(one, choices, NEUTRAL)
    _compare(f"page-{lang}.md", [markdown(document), *_pictures(document)])


def _compare(name: str, lines: Iterable[str]) -> None:
    # Ids follow from the bytes of files, which every change of the workbook changes.
    found = re.sub(r"\b[0-9a-f]{12,}\b", "<id>", "\n".join(lines)) + "\n"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("HKZ_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8", newline="\n")
    # Where a line may end is another matter.
    assert path.read_text("utf-8").replace(TIE, " ") == found.replace(TIE, " ")


@pytest.mark.parametrize("kind", ["xlsx", "md"])
@pytest.mark.parametrize("case", CASES)
def test_report(case: str, kind: str, made: Made) -> None:
    figures = figures_of(str(made.folder), CASES[case])
    lines = _xlsx(render(figures, ".xlsx")) if kind == "xlsx" else _whole(figures)
    _compare(f"{case}.{kind}", lines)
