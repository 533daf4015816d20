"""Rules 16, 17 and 19 measured: what fits a screen, text in its row, charts on their page.

Widths of letters are those of the font itself, not those of the table that decides the heights.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import hkz_xlsx.render
from hkz_xlsx.layout.heights import pixels
from hkz_xlsx.layout.plan import Block, Sheet, WorkbookPlan
from hkz_xlsx.layout.style_template import dressed
from hkz_xlsx.layout.styles import Palette, styles
from hkz_xlsx.layout.template import load_template, template_names
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.tables import Computed, Given, Inputs
from hkz_xlsx.sheets.paper import PAGE_POINTS, ROW_POINTS, row_heights
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import LANGS, Lang
from tests.support import library, random_inputs, sheet_of

PARTS = ("138", "139", "140", "134", "132", "144", "143", "zw", "125")
QUICK: list[tuple[str, Lang, bool]] = [("143", "nl", False), ("138", "en", True)]
ALL = [(part, lang, before) for part in PARTS for lang in LANGS for before in (False, True)]
MEASURED = [
    *(pytest.param(*one) for one in QUICK),
    *(pytest.param(*one, marks=pytest.mark.proof) for one in ALL if one not in QUICK),
]

ROW_NUMBERS_AND_BAR = 60
"""Pixels of a window beside its cells."""

PRINTABLE = (297 / 25.4) * 72
"""Points across a landscape A4; the margins are taken off where they matter."""


@cache
def plan_of(part: str, lang: Lang, before: bool) -> WorkbookPlan:
    return plan_workbook(select(library(), (part,)), lang, (part,), previous=before)


def _across(sheet: Sheet, last: int) -> int:
    """Pixels from the first column to one, at 100 %."""
    shown = (c for c in range(last + 1) if c not in sheet.hidden_columns)
    return sum(pixels(sheet.widths[column]) for column in shown)


@pytest.mark.parametrize(("part", "lang", "before"), MEASURED)
def test_one_screen(part: str, lang: Lang, before: bool) -> None:
    """From the number to the evidence at 1366 pixels and 85 %, to the action at 1920; what is
    frozen takes at most three tenths; the quick start, Overzicht and the indication need no
    scrolling."""
    plan = plan_of(part, lang, before)
    sheet = sheet_of(plan, "assessment")
    at, zoom = sheet.blocks[0].column_of, sheet.zoom / 100
    assert zoom >= 0.85
    assert _across(sheet, at("evidence")) * zoom + ROW_NUMBERS_AND_BAR <= 1366
    assert _across(sheet, at("action")) * zoom + ROW_NUMBERS_AND_BAR <= 1920
    assert sheet.freeze is not None
    assert _across(sheet, sheet.freeze[1] - 1) * zoom <= 0.3 * 1366
    for key in ("start", "quick", "overview", "result"):
        other = sheet_of(plan, key)
        ends = [t.column + t.span - 1 for t in other.texts if t.span > 1]
        ends += [max(c for c in b.columns if c not in other.hidden_columns) for b in other.blocks]
        wide = _across(other, max(ends)) * other.zoom / 100
        assert wide + ROW_NUMBERS_AND_BAR <= 1366, (key, wide)


@cache
def _font(bold: bool) -> tuple[dict[int, float], float, float]:
    """Advance of letters and height of a line, as shares of the font size."""
    folder = Path(hkz_xlsx.render.__file__).parent / "fonts"
    font = TTFont(folder / f"Carlito-{'Bold' if bold else 'Regular'}.ttf")
    whole, widths = font["head"].unitsPerEm, font["hmtx"]
    letters = {code: widths[name][0] / whole for code, name in font.getBestCmap().items()}
    line = font["hhea"]
    high = (line.ascent - line.descent + line.lineGap) / whole
    return letters, sum(letters.values()) / len(letters), high


def letters_wide(word: str, size: float, bold: bool) -> float:
    """Pixels of a word without blanks."""
    letters, other, _ = _font(bold)
    return sum(letters.get(ord(letter), other) for letter in word) * size * 96 / 72


def _lines(text: str, room: float, size: float, bold: bool) -> int:
    """Lines of a text in so many pixels, broken between words as spreadsheet programs do."""
    letters, other, _ = _font(bold)
    scale, total = size * 96 / 72, 0
    for paragraph in text.split("\n"):
        used, lines = 0.0, 1
        for word in paragraph.split(" "):
            wide = sum(letters.get(ord(letter), other) for letter in word) * scale
            gap = letters[32] * scale if used else 0.0
            if used and used + gap + wide > room:
                lines, used, gap = lines + 1, 0.0, 0.0
            used += gap + wide
        total += lines
    return total


def _texts(sheet: Sheet) -> Iterator[tuple[str, str, float, float, int]]:
    """Every wrapped text of ours on a sheet: place, style, room in pixels, height, and the text."""
    heights = row_heights(sheet)
    for text in sheet.texts:
        if text.span > 1 or styles(Palette())[text.style].wrap:
            room = sum(pixels(sheet.widths[c]) for c in range(text.column, text.column + text.span))
            yield text.text, text.style, room, heights.get(text.row, ROW_POINTS), text.row
    for block in sheet.blocks:
        yield from _of_block(sheet, block, heights)


def _of_block(
    sheet: Sheet, block: Block, heights: dict[int, float]
) -> Iterator[tuple[str, str, float, float, int]]:
    for field, column in zip(block.fields, block.columns, strict=True):
        content = block.table.column(field.key)
        if column in sheet.hidden_columns:
            continue
        room = pixels(sheet.widths[column])
        yield field.header, "header", room, heights.get(block.header_row, ROW_POINTS), -1
        if isinstance(content, Given) and styles(Palette())[field.style].wrap:
            for index, value in enumerate(content.values):
                row = block.first_row + index
                yield str(value), field.style_of(index), room, heights.get(row, ROW_POINTS), row


@pytest.mark.parametrize(("part", "lang", "before"), MEASURED)
def test_every_text_fits_its_row(part: str, lang: Lang, before: bool) -> None:
    """In the font that Excel and LibreOffice show; an indent of nine pixels, three of padding."""
    looks, count, wrong = styles(Palette()), 0, []
    for sheet in plan_of(part, lang, before).sheets:
        if sheet.visibility != "visible":
            continue
        for text, style, room, height, row in _texts(sheet):
            look = looks[style]
            lines = _lines(text, room - 3 - 9 * look.indent, look.size, look.bold)
            needed = lines * look.size * _font(look.bold)[2]
            count += 1
            if needed > height + 0.5:
                wrong.append((sheet.key, row, text[:50], round(needed, 1), height))
    assert count > 300
    assert wrong == []


def _shown(plan: WorkbookPlan, inputs: Inputs) -> Iterator[tuple[str, str, float, float, str]]:
    """Every text that a formula of a visible cell shows: place, style, room, height, and the text.
    What is typed, or taken over from what is typed, may be longer than its cell."""
    values, own = evaluation(plan, inputs), set(inputs.values())
    for sheet in plan.sheets:
        if sheet.visibility != "visible":
            continue
        heights = row_heights(sheet)
        for block in sheet.blocks:
            for field, column in zip(block.fields, block.columns, strict=True):
                if column in sheet.hidden_columns or not isinstance(
                    block.table.column(field.key), Computed
                ):
                    continue
                room, key = pixels(sheet.widths[column]), f"{block.table.key}.{field.key}"
                for index, value in enumerate(values.column(block.table.key, field.key)):
                    height = heights.get(block.first_row + index, ROW_POINTS)
                    if isinstance(value, str) and value and value not in own:
                        yield key, field.style_of(index), room, height, value


@pytest.mark.parametrize(("part", "lang", "before"), MEASURED)
def test_what_formulas_say_fits_its_cell(part: str, lang: Lang, before: bool) -> None:
    """Before the first answer, and with answers of all kinds."""
    plan, looks, wrong, count = plan_of(part, lang, before), styles(Palette()), set(), 0
    for inputs in ({}, sample_inputs(plan), random_inputs(plan, 7)):
        for key, style, room, height, text in _shown(plan, inputs):
            look = looks[style]
            lines = _lines(text, room - 3 - 9 * look.indent, look.size, look.bold)
            needed = lines * look.size * _font(look.bold)[2]
            if needed > height + 0.5 or (lines > 1 and not look.wrap):
                wrong.add((key, text[:40], lines, round(needed, 1), height))
            count += 1
    assert count > 100
    assert wrong == set()


@pytest.mark.parametrize("template", template_names())
@pytest.mark.parametrize(("part", "lang", "before"), MEASURED)
def test_no_chart_is_cut(part: str, lang: Lang, before: bool, template: str) -> None:
    """Each stands whole on one page of Resultaat, and on one screen across."""
    plan = dressed(plan_of(part, lang, before), load_template(template))
    sheet = sheet_of(plan, "result")
    heights, scale = row_heights(sheet), (sheet.page.scale or 100) / 100
    starts = sorted({0, *sheet.page.breaks})
    assert sheet.charts
    for chart in sheet.charts:
        # Rows that the chart covers, from their own heights: 4 pixels are 3 points.
        left, end = chart.height * 0.75, chart.row
        while left > 0:
            left -= heights.get(end, ROW_POINTS)
            end += 1
        assert not [b for b in starts if chart.row < b < end], (chart.key, chart.row, end, starts)
        page = max(b for b in starts if b <= chart.row)
        above = sum(heights.get(row, ROW_POINTS) for row in range(page, end))
        repeated = sum(heights.get(row, ROW_POINTS) for row in (0, 1)) if page else 0.0
        assert (above + repeated) * scale <= PAGE_POINTS + 1, (chart.key, above * scale)
        assert chart.width * 0.75 * scale <= PRINTABLE - 2 * 0.4 * 72
        assert chart.width * sheet.zoom / 100 + ROW_NUMBERS_AND_BAR <= 1366
