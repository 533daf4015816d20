"""Figures of a field in a workbook: the drawings of the other formats, as charts that Excel draws."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.model import Choices, Figures
from hkz_xlsx.figures.native import native_figures
from hkz_xlsx.figures.outputs import render
from hkz_xlsx.figures.pictures import pictures
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.render.document import Picture
from hkz_xlsx.render.plots import Heat, Spread, Stack
from hkz_xlsx.writing.drawn import Figure, NativeChart, TintedTable
from tests.portfolio.conftest import Made

TEMPLATE = Path(__file__).parents[2] / "templates" / "voorbeeld-adviesbureau"
_MARK = 0.6


@pytest.fixture(scope="module", params=[False, True], ids=["open", "anonymous"])
def field(request: pytest.FixtureRequest, made: Made) -> Figures:
    return figures_of(str(made.folder), Choices("nl", anonymous=request.param))


@pytest.fixture(scope="module")
def book(field: Figures) -> Any:
    return openpyxl.load_workbook(BytesIO(render(field, ".xlsx")))


def _both(field: Figures) -> list[tuple[Picture, Figure]]:
    drawn = [picture for s in field.sections for _, picture in pictures(s, field.choices)]
    return list(zip(drawn, native_figures(field, Palette()).figures, strict=True))


def test_a_box_is_that_of_the_drawing(field: Figures) -> None:
    """From the first quartile to the third with its mark at the middle; whiskers to the ends."""
    checked = 0
    for picture, figure in _both(field):
        if not isinstance(picture, Spread):
            continue
        assert isinstance(figure, NativeChart)
        assert (figure.kind, figure.most, figure.reach is None) == (
            "box",
            100,
            field.choices.anonymous,
        )
        for row, one in enumerate(picture.fields):
            parts = [series.values[row] for series in figure.series]
            assert figure.names[row].startswith(one.name)
            if one.middle.value is None:
                assert parts == [None] * 4
                continue
            begin, before, mark, after = (float(part or 0) for part in parts)
            middle = one.middle.value
            ends = (end.value or 0 for end in one.box) if one.box else (middle, middle)
            low, high = map(float, ends)
            assert begin == pytest.approx(min(low, middle - _MARK / 2), abs=0.31)
            assert begin + before + mark / 2 == pytest.approx(middle, abs=0.31)
            assert begin + before + mark + after == pytest.approx(max(high, middle), abs=0.61)
            checked += 1
            if figure.reach and one.dots:
                left, right = (float(side.values[row] or 0) for side in figure.reach)
                assert low - left == pytest.approx(min(one.dots), abs=0.06)
                assert high + right == pytest.approx(max(one.dots), abs=0.06)
    assert checked > 10


def test_stacks_and_heat_maps_are_those_of_the_drawing(field: Figures) -> None:
    """Same rows, same order; what is hidden has no bar, and its words in the map."""
    kinds = set()
    for picture, figure in _both(field):
        kinds.add(type(picture).__name__)
        if isinstance(picture, Stack):
            assert isinstance(figure, NativeChart)
            assert figure.names == tuple(row.name for row in picture.rows)
            for index, series in enumerate(figure.series):
                for stacked, value in zip(picture.rows, series.values, strict=True):
                    number = stacked.values[index].value
                    want = (
                        None
                        if number is None
                        else pytest.approx(100 * number / stacked.whole, abs=0.06)
                    )
                    assert value == want
        if isinstance(picture, Heat):
            assert isinstance(figure, TintedTable)
            assert figure.columns == picture.columns
            for row, (name, cells) in zip(picture.rows, figure.rows, strict=True):
                assert name == row.name
                want_cells = [
                    s.value.shown("nl") if s.value.value is None else s.value.value
                    for s in row.squares
                ]
                assert [cell.value for cell in cells] == want_cells
    assert {"Spread", "Stack", "Heat", "Slope", "Chart"} <= kinds


def _cells(book: Any, reference: str) -> list[Any]:
    sheet, _, cells = reference.rpartition("!")
    assert sheet.strip("'") == book.worksheets[-1].title
    found = book.worksheets[-1][cells.replace("$", "")]
    return [found.value] if not isinstance(found, tuple) else [row[0].value for row in found]


def test_charts_read_the_last_sheet(field: Figures, book: Any) -> None:
    """Sorting a table leaves them as they are; names and values are there, whole and in order."""
    charts = list(book.worksheets[1]._charts)
    figures = [f for _, f in _both(field) if isinstance(f, NativeChart)]
    assert len(charts) == len(figures) > 5
    for figure, chart in zip(figures, charts, strict=True):
        for series, drawn in zip(figure.series, chart.series, strict=True):
            names = drawn.cat.strRef or drawn.cat.numRef  # years look like numbers
            assert _cells(book, names.f) == list(figure.names)
            values = [None if v is None else pytest.approx(v) for v in series.values]
            assert _cells(book, drawn.val.numRef.f) == values


def test_no_figure_is_cut_by_a_page(book: Any) -> None:
    """Between two breaks stands no more than a page is high."""
    sheet = book.worksheets[1]
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert breaks == sorted(set(breaks))
    for chart in sheet._charts:
        top, bottom = chart.anchor._from.row, chart.anchor.to.row
        assert not any(top < row <= bottom for row in breaks)


def test_logo_and_adviser_of_the_template(made: Made) -> None:
    figures = figures_of(str(made.folder), Choices("nl"))
    look = load_template(str(TEMPLATE))
    data = render(figures, ".xlsx", look)
    assert look.logo
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert look.logo.data in [archive.read(n) for n in archive.namelist() if "media/" in n]
    first = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    texts = {str(cell.value) for row in first.iter_rows() for cell in row}
    assert set(look.cover_lines("nl")) <= texts
    assert look.adviser in " ".join(texts)
