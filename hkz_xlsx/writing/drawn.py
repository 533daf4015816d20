"""Drawings of a report as charts and coloured cells of a workbook, none cut by the end of a page.

The charts take their numbers from a sheet of their own: sorting or filtering a table above leaves
them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.scoring.cell_values import cell_text
from hkz_xlsx.writing.checked import CheckedSheet
from hkz_xlsx.writing.fast_cells import worksheet_class


@dataclass(frozen=True, slots=True)
class NativeSeries:
    """Values of a chart, a row each, None where there is none; ``shown`` stands at them, in
    ``ink``. Without colour it is there to move what follows, and is not seen."""

    name: str
    values: tuple[float | None, ...]
    color: str = ""
    shown: tuple[str, ...] = ()
    ink: str = "#000000"
    width: float = 1.25


@dataclass(frozen=True, slots=True)
class NativeChart:
    """A chart: *bars*; *stack*, series after each other; *box*, the same, with the first series
    unseen, and ``reach`` how far the ends are; *lines*. ``note`` says how to read it."""

    title: str
    alt: str
    kind: Literal["bars", "stack", "box", "lines"]
    names: tuple[str, ...]
    series: tuple[NativeSeries, ...]
    most: float | None = 100
    reach: tuple[NativeSeries, NativeSeries] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tinted:
    """A cell with a colour of its own and a small note under it."""

    value: float | str
    note: str
    color: str
    ink: str


@dataclass(frozen=True, slots=True)
class TintedTable:
    """A table that is read by its colours."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Tinted, ...]], ...]


Figure = NativeChart | TintedTable


@dataclass(frozen=True, slots=True)
class FigureList:
    """The figures of a report; ``titles`` name their sheet and that with their numbers."""

    titles: tuple[str, str]
    figures: tuple[Figure, ...]


_NAMES, _CELL, _MOST_CELLS = 34.0, 8.5, 12
_SCALE = 85
"""Percent of full size on paper: letters of 9 points are 7.6."""

_WIDE = int(0.88 * 96 * (11.69 - 1.4) * 100 / _SCALE)
_HIGH = int(96 * (8.27 - 1.5) * 100 / _SCALE)
"""Pixels of the sheet on a page; programs draw columns, and what is tied to them, wider."""

_LINE = 20
_TEXT = 9
"""Points; what is larger is a head, and goes on to the right."""

_SMALL = {"size": _TEXT}


class FigureSheets:
    """The sheet with the figures, made at once, and that with their numbers, made by `numbers`."""

    def __init__(self, workbook: Workbook, found: FigureList, look: Palette) -> None:
        titles = found.titles
        self.workbook, self.palette, self.data_title = workbook, look, titles[1]
        self.data: list[tuple[int, int, str | float, Any]] = []
        self.sheet = CheckedSheet(workbook.add_worksheet(titles[0], worksheet_class()))
        self.row, self.data_row, self.used = 2, 2, 3 * _LINE
        self.breaks: list[int] = []
        self._made: dict[tuple[object, ...], Any] = {}
        self.sheet.text(0, 0, cell_text(titles[0]), self.style(16, bold=True, ink=look.dark))
        self.sheet.do("set_column", 0, 0, _NAMES)
        self.sheet.do("set_column", 1, _MOST_CELLS, _CELL)
        for figure in found.figures:
            self.begin(figure)
            if isinstance(figure, TintedTable):
                _table(self, figure)
            else:
                _insert(self, _chart(self, figure), figure)
        self.end()

    def numbers(self) -> None:
        """The sheet that the charts read."""
        data = CheckedSheet(self.workbook.add_worksheet(self.data_title, worksheet_class()))
        title = self.style(16, bold=True, ink=self.palette.dark)
        data.text(0, 0, cell_text(self.data_title), title)
        data.do("set_column", 0, 0, 60)
        data.do("set_column", 1, 9, 14)
        for row, column, value, style in self.data:
            if isinstance(value, str):
                data.text(row, column, cell_text(value), style)
            else:
                data.number(row, column, value, style)
        data.do("set_paper", 9)
        data.do("set_landscape")
        data.do("fit_to_pages", 1, 0)

    def style(
        self,
        size: float = _TEXT,
        *,
        bold: bool = False,
        ink: str = "#000000",
        fill: str = "",
        number: str = "",
        center: bool = False,
    ) -> Any:  # noqa: ANN401 - the library has no types
        """A format, made once.

        Args:
            size: of the letters in points; texts up to that of a table are wrapped.
            bold: heavy letters.
            ink: colour of the letters as ``#RRGGBB``.
            fill: background as ``#RRGGBB``; empty for none.
            number: number format; empty for the general one.
            center: in the middle of the cell from left to right.
        """
        asked: dict[str, Any] = {
            "font_name": self.palette.font, "font_size": size, "font_color": ink, "bold": bold,
            "valign": "vcenter", "text_wrap": size <= _TEXT,
        }  # fmt: skip
        asked |= {"bg_color": fill} if fill else {}
        asked |= {"num_format": number} if number else {}
        asked |= {"align": "center"} if center else {}
        key = (size, bold, ink, fill, number, center)
        if key not in self._made:
            self._made[key] = self.workbook.add_format(asked)
        return self._made[key]

    def begin(self, figure: Figure) -> None:
        """Its head; on the next page when the figure does not fit on this one."""
        high = _height(figure) + 4 * _LINE
        if self.used + high > _HIGH:
            self.breaks.append(self.row)
            self.used = 0
        self.used += high
        self.sheet.text(
            self.row,
            0,
            cell_text(figure.title),
            self.style(12, bold=True, ink=self.palette.dark),
        )
        self.row += 1
        if isinstance(figure, NativeChart) and figure.note:
            self.sheet.text(self.row, 0, cell_text(figure.note), self.style(10))
            self.row += 1

    def end(self) -> None:
        """How it comes out of a printer."""
        self.sheet.do("set_h_pagebreaks", self.breaks)
        self.sheet.do("hide_gridlines", 2)
        self.sheet.do("set_paper", 9)
        self.sheet.do("set_landscape")
        self.sheet.do("set_print_scale", _SCALE)


def _numbers(page: FigureSheets, chart: NativeChart) -> dict[int, int]:
    """What a chart shows, to be written; the column of every series by its id."""
    top, cell = page.data_row, page.data.append
    cell((top, 0, chart.title, page.style(10, bold=True)))
    places: dict[int, int] = {}
    for column, series in enumerate((*chart.series, *(chart.reach or ())), 1):
        places[id(series)] = column
        cell((top + 1, column, series.name, page.style(bold=True)))
        for row, value in enumerate(series.values, top + 2):
            if value is not None:
                cell((row, column, float(value), page.style(number="0.0")))
    for row, name in enumerate(chart.names, top + 2):
        cell((row, 0, name, page.style()))
    page.data_row = top + 4 + len(chart.names)
    return places


def _labels(series: NativeSeries, kind: str) -> dict[str, Any]:
    font = {**_SMALL, "color": series.ink}
    custom = [
        {"value": cell_text(text), "font": font} if text else {"delete": True}
        for text in series.shown
    ]
    position = {"stack": "center", "lines": "above"}.get(kind, "outside_end")
    return {"value": True, "position": position, "custom": custom}


def _whiskers(
    page: FigureSheets, chart: NativeChart, places: dict[int, int]
) -> list[dict[str, Any]]:
    """Error bars from the box to the ends: left of the first series, right of the last."""
    found: list[dict[str, Any]] = []
    if chart.reach is None:
        return found
    for side, series in zip(("minus", "plus"), chart.reach, strict=True):
        first = page.data_row - 2 - len(chart.names)
        column = places[id(series)]
        place = xl_range_abs(first, column, first + len(chart.names) - 1, column)
        cells = f"='{page.data_title}'!{place}"
        found.append({
            "type": "custom", "direction": side, "plus_values": cells, "minus_values": cells,
            "end_style": 0, "line": {"color": page.palette.grey_text, "width": 1.25},
        })  # fmt: skip
    return found


def _chart(page: FigureSheets, chart: NativeChart) -> Any:  # noqa: ANN401 - the library has no types
    places = _numbers(page, chart)
    first = page.data_row - 2 - len(chart.names)
    last = first + len(chart.names) - 1
    stacked = chart.kind in ("stack", "box")
    kind = {"type": "line"} if chart.kind == "lines" else {"type": "bar"}
    drawn = page.workbook.add_chart(kind | ({"subtype": "stacked"} if stacked else {}))
    ends = _whiskers(page, chart, places)
    for series in chart.series:
        column = places[id(series)]
        fill = {"color": series.color} if series.color else {"none": True}
        asked: dict[str, Any] = {
            "name": [page.data_title, first - 1, column],
            "categories": [page.data_title, first, 0, last, 0],
            "values": [page.data_title, first, column, last, column],
        }
        if chart.kind == "lines":
            asked["line"] = fill | {"width": series.width}
        else:
            outline = series.color and stacked
            asked |= {"fill": fill, "gap": 50}
            asked["border"] = {"color": page.palette.line} if outline else {"none": True}
        if series.shown:
            asked["data_labels"] = _labels(series, chart.kind)
        if ends and series is chart.series[0]:
            asked["x_error_bars"] = ends[0]
        if ends and series is chart.series[-1]:
            asked["x_error_bars"] = ends[1]
        drawn.add_series(asked)
    return drawn


def _height(figure: Figure) -> int:
    """Pixels of a figure."""
    if isinstance(figure, TintedTable):
        return _LINE * (3 + 2 * len(figure.rows))
    bars = len(figure.series) if figure.kind == "bars" else 1
    rows = 300 if figure.kind == "lines" else len(figure.names) * (14 + 16 * bars)
    return min(90 + rows, _HIGH - 6 * _LINE)


def _insert(page: FigureSheets, drawn: Any, chart: NativeChart) -> None:  # noqa: ANN401 - the library has no types
    height = _height(chart)
    drawn.set_size({"width": _WIDE, "height": height})
    drawn.set_title({"none": True})
    axis: dict[str, Any] = {
        "num_font": _SMALL,
        "major_gridlines": {"visible": True, "line": {"color": page.palette.line}},
    }
    scale = {"min": 0} | ({"max": chart.most} if chart.most is not None else {})
    names = {"num_font": _SMALL}
    if chart.kind == "lines":
        drawn.set_x_axis(names)
        drawn.set_y_axis(axis | scale)
    else:
        drawn.set_x_axis(axis | scale)
        drawn.set_y_axis(names | {"reverse": True})
    unseen = [i for i, series in enumerate(chart.series) if not series.name]
    legend: dict[str, Any] = {"position": "top", "font": _SMALL, "delete_series": unseen}
    without = len(chart.series) == 1 or chart.kind == "box"
    drawn.set_legend({"none": True} if without else legend)
    page.sheet.do(
        "insert_chart", page.row, 0, drawn, {"description": chart.alt, "object_position": 2}
    )
    page.row += height // _LINE + 2


def _table(page: FigureSheets, table: TintedTable) -> None:
    """Values in colour, with their note in the row below."""
    head = page.style(bold=True, ink="#FFFFFF", fill=page.palette.dark, center=True)
    page.sheet.do(
        "set_row", page.row, height_of([(name, _CELL - 1, 9.0) for name in table.columns])
    )
    page.sheet.text(page.row, 0, "", head)
    for column, name in enumerate(table.columns, 1):
        page.sheet.text(page.row, column, cell_text(name), head)
    for name, cells in table.rows:
        page.row += 1
        page.sheet.do("set_row", page.row, height_of([(name, _NAMES, 9.0)]))
        page.sheet.text(page.row, 0, cell_text(name), page.style())
        for column, cell in enumerate(cells, 1):
            if isinstance(cell.value, str):
                style = page.style(ink=cell.ink, fill=cell.color, center=True)
                page.sheet.text(page.row, column, cell_text(cell.value), style)
            else:
                style = page.style(ink=cell.ink, fill=cell.color, center=True, number="0.0")
                page.sheet.number(page.row, column, cell.value, style)
            if any(one.note for _, row in table.rows for one in row):
                style = page.style(8, ink=cell.ink, fill=cell.color, center=True)
                page.sheet.text(page.row + 1, column, cell_text(cell.note), style)
        page.row += 1
    page.row += 2
