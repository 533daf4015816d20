"""A described chart to one of XlsxWriter: one set of rules for all of them.

The same thing has the same colour everywhere, numbers stand at the bars, the axis is there, and
what is aimed at is a line: of columns a series, of bars the only line across.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook

from hkz_xlsx.layout.plan import Chart, Series
from hkz_xlsx.layout.refs import Places
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.layout.styles import DATE_FORMAT, styles

LINE, GRID = "#4D5866", "#D5DCE5"


def chart_of(chart: Chart, workbook: Workbook, places: Places, look: Look) -> Any:  # noqa: ANN401 - XlsxWriter ships no types
    """The chart, ready to be put on a sheet.

    Args:
        chart: its series by column of a table.
        workbook: that it belongs to.
        places: where those columns stand.
        look: colours and font.
    """
    drawn = workbook.add_chart({"type": chart.kind})
    name = look.palette.font
    for series in reversed(chart.series) if chart.backwards else chart.series:
        drawn.add_series(_series(chart, series, places, look))
    if chart.line is not None:
        line = workbook.add_chart({"type": "line"})
        line.add_series(
            {
                "name": chart.line.name,
                "categories": "=" + places.column(chart.categories, None),
                "values": "=" + places.column(chart.line.column, None),
                "line": {"color": LINE, "width": 1.5, "dash_type": "dash"},
                "marker": {"type": "none"},
            }
        )
        drawn.combine(line)
        drawn.show_hidden_data()
    title_font = {"name": name, "size": 12, "bold": True}
    drawn.set_title({"name": chart.title, "name_font": title_font, "overlay": False})
    font = {"name": name, "size": 9}
    if chart.kind == "column":
        # Not an axis of time: rows that are empty yet have no date.
        days = {"reverse": True, "text_axis": True, "num_format": DATE_FORMAT}
        row = days if chart.backwards else {}
        drawn.set_x_axis({"num_font": font, "line": {"color": LINE}, **row})
        drawn.set_y_axis(_numbers(chart, font))
    else:
        drawn.set_y_axis(
            {"reverse": True, "num_font": font, "major_gridlines": {"visible": False},
             "line": {"color": LINE}}
        )  # fmt: skip
        drawn.set_x_axis(_numbers(chart, font))
    several = len(chart.series) > 1 or chart.line is not None
    legend: dict[str, object] = {"position": "bottom", "font": font}
    drawn.set_legend(legend if several else {"none": True})
    drawn.set_size({"width": chart.width, "height": chart.height})
    drawn.set_chartarea({"border": {"color": GRID}})
    return drawn


def _series(chart: Chart, series: Series, places: Places, look: Look) -> dict[str, Any]:
    font = {"name": look.palette.font, "size": 8 if chart.kind == "column" else 9}
    # An empty text counts as zero in a chart; only where rows may be empty is a zero not said.
    whole = {"num_format": "0;;" if chart.backwards else "0"} if chart.kind == "column" else {}
    return {
        "name": series.name,
        "categories": "=" + places.column(chart.categories, None),
        "values": "=" + places.column(series.column, None),
        "fill": {"color": styles(look.palette)[series.style].fill},
        "gap": 60,
        "data_labels": {"value": True, "font": font, **whole},
    }


def _numbers(chart: Chart, font: dict[str, object]) -> dict[str, Any]:
    """The axis of the numbers; with a target its only line across stands there."""
    axis: dict[str, Any] = {
        "min": 0, "num_font": font, "num_format": "0", "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": GRID}},
    }  # fmt: skip
    if chart.axis_max is not None:
        axis["max"] = chart.axis_max
    if chart.kind == "bar" or chart.backwards:
        axis["label_position"] = "high"  # below the bars, left of columns: their order is reversed
    if chart.target is not None:
        axis["major_unit"] = chart.target
        dash = {"color": LINE, "width": 1.5, "dash_type": "dash"}
        axis["major_gridlines"] = {"visible": True, "line": dash}
    return axis
