"""Plain tables to an xlsx file: for reports. Texts are always texts, never formulas or links."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Literal, NamedTuple

from xlsxwriter import Workbook

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.scoring.cell_values import CellValue, cell_text
from hkz_xlsx.writing.checked import CheckedSheet
from hkz_xlsx.writing.drawn import FigureList, FigureSheets
from hkz_xlsx.writing.fast_cells import worksheet_class
from hkz_xlsx.writing.formats import amounts_among_words, formats, header_over_numbers
from hkz_xlsx.writing.paper import INCH, LEAST_SCALE, SAFE, Paper, page_breaks, pixels
from hkz_xlsx.writing.table_charts import drawn_chart, plot_area
from hkz_xlsx.writing.workbook import CREATED

Kind = Literal["text", "number", "percent", "decimal", "change", "date", "typed"]
"""What stands in a column; *typed* is for people to fill in: as they type it, never as a number."""

_POINTS_FORMAT = "+0.0;-0.0;0"
_LOGO_HIGH = 64.0
"""Height of a logo on the first sheet, in pixels."""


class Amount(NamedTuple):
    """A number with a look of its own, in a column of another kind."""

    value: float
    kind: Kind


TableCell = CellValue | Amount


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table; ``width`` in characters, ``choices`` make a drop-down."""

    header: str
    width: float
    kind: Kind = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableChart:
    """Bars under a table: names from its first column, one series per value column.

    ``rows`` are the first and last row of the table to show, counted from 0; ``most`` is the
    end of the axis, None to leave it to the program; ``labels`` stand at the bars of the first
    series instead of its numbers. ``stacked`` ones stand after each other, as shares of their row,
    with their numbers in ``inks``.
    """

    title: str
    alt: str
    columns: tuple[int, ...]
    rows: tuple[int, int]
    most: float | None = None
    labels: tuple[str, ...] = ()
    stacked: bool = False
    colors: tuple[str, ...] = ()
    inks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One sheet: a title, a line under it and one table with filters, charts below it."""

    title: str
    heading: str
    note: str
    name: str
    columns: tuple[TableColumn, ...]
    rows: Sequence[Sequence[TableCell]]
    charts: tuple[TableChart, ...] = ()


@dataclass(frozen=True, slots=True)
class TablePicture:
    """A picture at the top right of the first sheet, sizes in pixels."""

    data: bytes
    suffix: str
    alt: str
    width: int
    height: int


class _Looks:
    """Formats of a workbook by kind of cell."""

    def __init__(self, workbook: Workbook, palette: Palette) -> None:
        self.named = formats(workbook, palette)
        points = workbook.add_format(
            {"align": "right", "valign": "vcenter", "indent": 1, "top": 1, "bottom": 1,
             "top_color": palette.line, "bottom_color": palette.line,
             "font_name": palette.font, "font_size": 10, "num_format": _POINTS_FORMAT}
        )  # fmt: skip
        self.of: dict[str, Any] = {
            "text": self.named["text"], "number": self.named["number"],
            "percent": self.named["percent"], "decimal": self.named["decimal"],
            "date": self.named["date"], "change": points, "typed": self.named["input_text"],
        }  # fmt: skip
        self.among_words = amounts_among_words(workbook, palette, {"change": _POINTS_FORMAT})
        self._over_numbers = header_over_numbers(workbook, palette)

    def header(self, column: TableColumn) -> Any:  # noqa: ANN401 - the library has no types
        """A header stands where what is below it stands."""
        right = column.kind in ("number", "percent", "decimal", "change")
        return self._over_numbers if right else self.named["header"]


_FIRST = 3


def _cells(target: CheckedSheet, sheet: TableSheet, looks: _Looks) -> float:
    """Write the rows; gives their height in points."""
    total = 0.0
    for index, row in enumerate(sheet.rows, _FIRST + 1):
        cells = []
        for column, (spec, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            value, kind = cell if isinstance(cell, Amount) else (cell, spec.kind)
            if isinstance(value, int | float):
                # A number in a column of texts must not get a format for text.
                own = looks.among_words if spec.kind == "text" else looks.of
                target.number(index, column, value, own[kind if kind != "text" else "number"])
            else:
                text = cell_text("" if value is None else str(value))
                target.text(index, column, text, looks.of["typed" if kind == "typed" else "text"])
                cells.append((text, spec.width, 10.0))
        height = height_of(cells)
        target.do("set_row", index, height)
        total += height
    for column, spec in enumerate(sheet.columns):
        if spec.choices and sheet.rows:
            place = (_FIRST + 1, column, _FIRST + len(sheet.rows), column)
            allowed = {"validate": "list", "source": list(spec.choices)}
            target.do("data_validation", *place, allowed)
    return total


_TITLE_HIGH, _NOTE_HIGH = 30.0, 18.0
"""Of the first two rows, in points: the line below the title does not touch it."""

_LINE = 20
"""Pixels of a row without text."""


def _widths(sheet: TableSheet) -> list[int]:
    return [pixels(column.width) for column in sheet.columns]


def _scaled(target: CheckedSheet, sheet: TableSheet, paper: Paper) -> None:
    """A table as wide as the page; one that is too wide for letters of 7 points goes on beside it,
    with its first column again."""
    if paper.percent == LEAST_SCALE:
        target.do("repeat_columns", 0)
        _headed(target, sheet)
        breaks = page_breaks(_widths(sheet), SAFE * paper.width)
        if breaks:
            target.do("set_v_pagebreaks", breaks)
    if sheet.charts or paper.percent == LEAST_SCALE:
        target.do("set_print_scale", paper.percent)
    else:
        target.do("fit_to_pages", 1, 0)


_HEADER = 130
"""Letters of a page header, in bold of 10 points as wide as a page; it is never broken."""


def _headed(target: CheckedSheet, sheet: TableSheet) -> None:
    """Heading and note in the header of every page: beside the first page they would be cut off
    where the repeated column ends."""
    last = _FIRST + len(sheet.rows), len(sheet.columns) - 1
    target.do("print_area", _FIRST, 0, *last)
    heading = " ".join(f"{sheet.heading} – {sheet.note}".split())
    heading = heading if len(heading) <= _HEADER else f"{heading[: _HEADER - 1].rstrip()}…"
    target.do("set_header", f"&L&B&10 {cell_text(heading).replace('&', '&&')}")


def _charts(
    target: CheckedSheet, sheet: TableSheet, workbook: Workbook, palette: Palette, above: float
) -> None:
    """Charts one below another, under rows of so many points; on paper none is cut."""
    paper = Paper.of(_widths(sheet))
    _scaled(target, sheet, paper)
    if not sheet.charts:
        return
    headers = [(spec.header, spec.width - 3, 10.0) for spec in sheet.columns]
    header = height_of(headers) * 4 / 3
    room = paper.height - int(header) - 2 * _LINE  # headers stand on each page
    top = _FIRST + len(sheet.rows) + 3
    used = int((above + _TITLE_HIGH + _NOTE_HIGH) * 4 / 3) + 4 * _LINE
    breaks: list[int] = []
    for chart in sheet.charts:
        rows = chart.rows[1] - chart.rows[0] + 1
        bars = 1 if chart.stacked else len(chart.columns)
        height = min(90 + rows * (14 + 20 * bars), room - 2 * _LINE)
        lines = height // _LINE + 2
        if used and used + lines * _LINE > room:
            breaks.append(top - 1)
            used = 0
        width = max(min(900, paper.width - _LINE), paper.table)
        drawn = drawn_chart(chart, sheet, _FIRST, workbook, palette)
        drawn.set_size({"width": width, "height": height})
        drawn.set_plotarea(plot_area(chart, sheet, width, height))
        options = {"description": chart.alt, "object_position": 2}
        target.do("insert_chart", top, 0, drawn, options)
        top += lines
        used += lines * _LINE
    if breaks:
        target.do("set_h_pagebreaks", breaks)


def _chart_sheet(
    target: CheckedSheet, sheets: Sequence[TableSheet], workbook: Workbook, looks: _Looks,
    heading: str, palette: Palette,
) -> None:  # fmt: skip
    """Every chart on a page of its own, under its own head."""
    wide, high = (int(INCH * side) for side in (11.69 - 1.4, 8.27 - 1.5))
    across = int(SAFE * wide)
    target.text(0, 0, cell_text(heading), looks.named["title"])
    # In one column as wide as they are: a page may end between columns only.
    target.do("set_column", 0, 0, (across - 5) / 7)
    top, breaks = 2, []
    for sheet in sheets:
        for chart in sheet.charts:
            rows = chart.rows[1] - chart.rows[0] + 1
            bars = 1 if chart.stacked else len(chart.columns)
            height = min(120 + rows * (14 + 20 * bars), high - 6 * _LINE)
            if top > 2:  # noqa: PLR2004 - the first one stands below the title
                breaks.append(top)
            target.text(top, 0, cell_text(chart.title), looks.named["heading"])
            drawn = drawn_chart(chart, sheet, _FIRST, workbook, palette)
            drawn.set_size({"width": across - 2, "height": height})
            drawn.set_title({"none": True})
            drawn.set_plotarea(plot_area(chart, sheet, across, height))
            options = {"description": chart.alt, "object_position": 2}
            target.do("insert_chart", top + 1, 0, drawn, options)
            top += height // _LINE + 4
    target.do("set_h_pagebreaks", breaks)
    target.do("hide_gridlines", 2)
    target.do("set_paper", 9)
    target.do("set_landscape")


def _write(
    target: CheckedSheet, sheet: TableSheet, looks: _Looks, picture: TablePicture | None
) -> float:
    """Everything but the charts; gives the height of the rows in points."""
    target.text(0, 0, cell_text(sheet.heading), looks.named["title"])
    target.text(1, 0, cell_text(sheet.note), looks.named["notice_line"])
    target.do("set_row", 0, _TITLE_HIGH)
    target.do("set_row", 1, _NOTE_HIGH)
    for column, spec in enumerate(sheet.columns):
        target.do("set_column", column, column, spec.width)
        target.text(_FIRST, column, spec.header, looks.header(spec))
    headers = [(spec.header, spec.width - 3, 10.0) for spec in sheet.columns]  # room for arrows
    target.do("set_row", _FIRST, height_of(headers))
    height = _cells(target, sheet, looks)
    if sheet.rows:
        columns = [{"header": s.header, "header_format": looks.header(s)} for s in sheet.columns]
        options = {"name": sheet.name, "columns": columns, "style": None}
        last = (_FIRST + len(sheet.rows), len(sheet.columns) - 1)
        target.do("add_table", _FIRST, 0, *last, options)
    if picture is not None:
        scale = _LOGO_HIGH / max(1, picture.height)
        place = {
            "image_data": BytesIO(picture.data), "description": picture.alt, "x_scale": scale,
            "y_scale": scale, "object_position": 3,
        }  # fmt: skip
        target.do("insert_image", 0, len(sheet.columns) + 1, f"logo.{picture.suffix}", place)
    target.do("freeze_panes", _FIRST + 1, 0)
    target.do("hide_gridlines", 2)
    target.do("set_paper", 9)
    target.do("set_landscape")
    target.do("repeat_rows", _FIRST)
    return height


def write_tables(
    sheets: Sequence[TableSheet],
    title: str,
    palette: Palette | None = None,
    picture: TablePicture | None = None,
    charts_title: str = "",
    figures: FigureList | None = None,
) -> bytes:
    """The bytes of a workbook with these tables.

    Args:
        sheets: one each, in order; their titles have to be possible as names of sheets.
        title: document property of the file.
        palette: colours of a template; None takes ours.
        picture: stands on the first sheet.
        charts_title: all charts stand on a sheet of that name, the second one; without it each
            stands below its table.
        figures: they stand on the second sheet, and what they show on the last one.
    """
    palette = palette or Palette()
    target = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = Workbook(target, options)
        workbook.set_properties(
            {"title": cell_text(title)[:255], "author": "hkz_xlsx", "created": CREATED}
        )
        looks = _Looks(workbook, palette)
        drawn_figures = None
        for index, sheet in enumerate(sheets):
            checked = CheckedSheet(workbook.add_worksheet(sheet.title, worksheet_class()))
            height = _write(checked, sheet, looks, picture if index == 0 else None)
            below = replace(sheet, charts=()) if charts_title else sheet
            _charts(checked, below, workbook, palette, height)
            if index == 0 and charts_title and any(one.charts for one in sheets):
                name = workbook.add_worksheet(charts_title, worksheet_class())
                drawn = CheckedSheet(name)
                _chart_sheet(drawn, sheets, workbook, looks, charts_title, palette)
            if index == 0 and figures is not None and figures.figures:
                drawn_figures = FigureSheets(workbook, figures, palette)
        if drawn_figures is not None:
            drawn_figures.numbers()
        workbook.close()
    return target.getvalue()
