"""Plain tables to an xlsx file: for reports. Texts are always texts, never formulas or links."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, NamedTuple

from xlsxwriter import Workbook

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.scoring.tables import CellValue
from hkz_xlsx.workbook.checked import MAX_TEXT_UNITS, CheckedSheet
from hkz_xlsx.workbook.formats import formats
from hkz_xlsx.workbook.quick_cells import worksheet_class
from hkz_xlsx.workbook.write import CREATED

Kind = Literal["text", "number", "percent", "decimal", "change", "date"]

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
    end of the axis, None to leave it to the program.
    """

    title: str
    alt: str
    columns: tuple[int, ...]
    rows: tuple[int, int]
    most: float | None = None


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


def cell_text(text: str) -> str:
    """What a cell can hold: without control characters, cut visibly when too long."""
    # Control characters and lone surrogates go; spaces of any width and emoji joiners stay.
    kept = "".join(
        c
        for c in text
        if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff")
    )
    kept = kept.encode("utf-8", "replace").decode("utf-8")
    limit = MAX_TEXT_UNITS - 67
    if len(kept.encode("utf-16-le")) // 2 <= limit:
        return kept
    return kept[: limit // 2] + " … [+]"


class _Looks:
    """Formats of a workbook by kind of cell."""

    def __init__(self, workbook: Workbook, palette: Palette) -> None:
        self.named = formats(workbook, palette)
        points = workbook.add_format(
            {"align": "right", "valign": "top", "border": 1, "border_color": palette.line,
             "font_name": palette.font, "font_size": 10, "num_format": _POINTS_FORMAT}
        )  # fmt: skip
        self.of: dict[str, Any] = {
            "text": self.named["text"], "number": self.named["number"],
            "percent": self.named["percent"], "decimal": self.named["decimal"],
            "date": self.named["date"], "change": points,
        }  # fmt: skip


_FIRST = 3


def _cells(target: CheckedSheet, sheet: TableSheet, looks: _Looks) -> None:
    for index, row in enumerate(sheet.rows, _FIRST + 1):
        cells = []
        for column, (spec, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            value, kind = cell if isinstance(cell, Amount) else (cell, spec.kind)
            if isinstance(value, int | float):
                # A number in a column of texts must not get a format for text.
                target.number(index, column, value, looks.of[kind if kind != "text" else "number"])
            else:
                text = cell_text("" if value is None else str(value))
                target.text(index, column, text, looks.of["text"])
                cells.append((text, spec.width, 10.0))
        target.do("set_row", index, height_of(cells))
    for column, spec in enumerate(sheet.columns):
        if spec.choices and sheet.rows:
            place = (_FIRST + 1, column, _FIRST + len(sheet.rows), column)
            allowed = {"validate": "list", "source": list(spec.choices)}
            target.do("data_validation", *place, allowed)


def _charts(target: CheckedSheet, sheet: TableSheet, workbook: Workbook, palette: Palette) -> None:
    top = _FIRST + len(sheet.rows) + 3
    for chart in sheet.charts:
        first, last = (_FIRST + 1 + row for row in chart.rows)
        drawn = workbook.add_chart({"type": "bar"})
        for column, color in zip(chart.columns, (palette.accent, palette.second), strict=False):
            drawn.add_series(
                {
                    "name": [sheet.title, _FIRST, column],
                    "categories": [sheet.title, first, 0, last, 0],
                    "values": [sheet.title, first, column, last, column],
                    "fill": {"color": color},
                    "data_labels": {"value": True},
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"size": 12, "color": palette.dark}})
        drawn.set_y_axis({"reverse": True})
        axis = {"min": 0} | ({"max": chart.most} if chart.most is not None else {})
        drawn.set_x_axis(axis | {"major_gridlines": {"visible": False}})
        if len(chart.columns) == 1:
            drawn.set_legend({"none": True})
        else:
            drawn.set_legend({"position": "top"})
        rows = last - first + 1
        height = 90 + rows * (20 + 22 * len(chart.columns))
        drawn.set_size({"width": 900, "height": height})
        options = {"description": chart.alt, "object_position": 2}
        target.do("insert_chart", top, 0, drawn, options)
        top += height // 20 + 2


def _write(
    target: CheckedSheet, sheet: TableSheet, looks: _Looks, picture: TablePicture | None
) -> None:
    target.text(0, 0, cell_text(sheet.heading), looks.named["title"])
    target.text(1, 0, cell_text(sheet.note), looks.named["notice_line"])
    for column, spec in enumerate(sheet.columns):
        target.do("set_column", column, column, spec.width)
        target.text(_FIRST, column, spec.header, looks.named["header"])
    headers = [(spec.header, spec.width - 3, 10.0) for spec in sheet.columns]  # room for arrows
    target.do("set_row", _FIRST, height_of(headers))
    _cells(target, sheet, looks)
    if sheet.rows:
        header = looks.named["header"]
        columns = [{"header": s.header, "header_format": header} for s in sheet.columns]
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
    target.do("fit_to_pages", 1, 0)
    target.do("repeat_rows", _FIRST)


def write_tables(
    sheets: Sequence[TableSheet],
    title: str,
    palette: Palette | None = None,
    picture: TablePicture | None = None,
) -> bytes:
    """The bytes of a workbook with these tables; the picture stands on the first sheet."""
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
        for index, sheet in enumerate(sheets):
            checked = CheckedSheet(workbook.add_worksheet(sheet.title, worksheet_class()))
            _write(checked, sheet, looks, picture if index == 0 else None)
            _charts(checked, sheet, workbook, palette)
        workbook.close()
    return target.getvalue()
