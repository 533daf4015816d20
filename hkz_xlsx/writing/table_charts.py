"""Bars of a table as a chart of Excel itself: where they stand, their numbers and their legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.scoring.cell_values import cell_text

if TYPE_CHECKING:
    from hkz_xlsx.writing.tables import TableChart, TableSheet


def plot_area(chart: TableChart, sheet: TableSheet, width: int, height: int) -> dict[str, Any]:
    """Where the bars stand, in parts of the chart: names left of them, labels to the right. With
    long names the program decides, which knows where it breaks their lines.

    Args:
        chart: what is drawn.
        sheet: that has its numbers.
        width: of the chart, in pixels.
        height: as the width.
    """
    names = (str(row[0] or "") for row in sheet.rows[chart.rows[0] : chart.rows[1] + 1])
    left = 30 + 6 * max(map(len, names), default=0)
    if left > 0.4 * width:
        return {}
    right = 30 + 6 * max(map(len, chart.labels), default=4)
    top = 95 if len(chart.columns) > 1 else 70  # title, legend and axis
    return {
        "layout": {
            "x": left / width, "y": top / height, "width": (width - left - right) / width,
            "height": (height - top - 15) / height,
        }
    }  # fmt: skip


def drawn_chart(
    chart: TableChart, sheet: TableSheet, header: int, workbook: Workbook, palette: Palette
) -> Any:  # noqa: ANN401 - the library has no types
    """A chart with its names, numbers and legend, ready to be put on a sheet.

    Args:
        chart: what is drawn.
        sheet: that has its numbers.
        header: row of the headers of its table.
        workbook: that it belongs to.
        palette: colours of series that say none.
    """
    first, last = (header + 1 + row for row in chart.rows)
    kind = {"type": "bar", "subtype": "percent_stacked"} if chart.stacked else {"type": "bar"}
    drawn = workbook.add_chart(kind)
    for number, (column, color) in enumerate(
        zip(chart.columns, chart.colors or (palette.accent, palette.second), strict=False)
    ):
        small = {"size": 8}
        labels: dict[str, Any] = {"value": True, "font": small}
        if chart.stacked:  # a part that is not there has no number
            ink = chart.inks[number] if chart.inks else palette.dark
            labels |= {"num_format": "0;;", "font": {"size": 9, "color": ink}, "position": "center"}
        if number == 0 and chart.labels:
            labels["custom"] = [{"value": cell_text(one), "font": small} for one in chart.labels]
        drawn.add_series(
            {
                "name": [sheet.title, header, column],
                "categories": [sheet.title, first, 0, last, 0],
                "values": [sheet.title, first, column, last, column],
                "fill": {"color": color},
                "border": {"color": palette.line} if chart.stacked else {"none": True},
                "data_labels": labels,
                **({"gap": 60} if chart.stacked else {}),
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 12, "color": palette.dark}})
    drawn.set_y_axis({"reverse": True})
    axis = {"min": 0} | ({"max": chart.most} if chart.most is not None else {})
    drawn.set_x_axis(axis | {"major_gridlines": {"visible": False}})
    drawn.set_legend({"none": True} if len(chart.columns) == 1 else {"position": "top"})
    return drawn
