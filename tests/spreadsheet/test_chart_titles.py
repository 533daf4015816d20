"""The title of a chart part, whatever numbers the chart keeps."""

from __future__ import annotations

from typing import Any

import pytest

from hkz_xlsx.machine.limits import RefusedError
from hkz_xlsx.spreadsheet import drawings
from hkz_xlsx.spreadsheet.safe_xml import parse_xml

_CHART = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart>
<c:title><c:tx>{title}</c:tx></c:title><c:plotArea><c:barChart><c:ser><c:val><c:numRef>
<c:f>Blad!$B$1:$B$2</c:f>{numbers}</c:numRef></c:val></c:ser></c:barChart></c:plotArea>
</c:chart></c:chartSpace>"""
_RICH = "<c:rich><a:p><a:r><a:t>Score per rubriek</a:t></a:r></a:p></c:rich>"
_OF_CELL = """<c:strRef><c:f>Blad!$A$1</c:f><c:strCache><c:ptCount val="1"/>
<c:pt idx="0"><c:v>2026</c:v></c:pt></c:strCache></c:strRef>"""


def _numbers(*values: str) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{v}</c:v></c:pt>' for n, v in enumerate(values))
    head = f'<c:formatCode>0.0</c:formatCode><c:ptCount val="{len(values)}"/>'
    return f"<c:numCache>{head}{points}</c:numCache>"


def _chart(numbers: str, title: str = _RICH) -> bytes:
    return _CHART.format(title=title, numbers=numbers).encode()


@pytest.mark.parametrize(("title", "read"), [(_RICH, "Score per rubriek"), (_OF_CELL, "2026")])
@pytest.mark.parametrize("numbers", ["", _numbers(), _numbers("75.8", "-1E-3"), _numbers("", "?")])
def test_the_title_stands_whatever_the_numbers(title: str, read: str, numbers: str) -> None:
    """Also where it is a number itself."""
    assert drawings.chart_title(_chart(numbers, title), "chart1.xml") == read


def test_charts_that_differ_in_their_numbers_are_parsed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every returned file has charts of its own; their titles are ours."""
    parsed: list[bytes] = []

    def counted(data: bytes, part: str, *handlers: Any) -> None:
        parsed.append(data)
        parse_xml(data, part, *handlers)

    monkeypatch.setattr(drawings, "parse_xml", counted)
    title = _RICH.replace("Score", "Punten")
    for values in ("1", "2.5"), ("3", "4"), ("5",):
        drawings.chart_title(_chart(_numbers(*values), title), "chart1.xml")
    assert len(parsed) == 1


@pytest.mark.parametrize(
    "numbers",
    [
        _numbers("1").replace("</c:numCache>", ""),
        _numbers("1").replace("<c:v>1</c:v>", "<c:v>1"),
        _numbers("1").replace("<c:v>1</c:v>", "<c:v>1&2</c:v>"),
        _numbers("1") + "</c:val>",
    ],
)
def test_numbers_that_are_no_xml_are_noticed(numbers: str) -> None:
    """What is set aside before parsing hides no damage."""
    with pytest.raises(RefusedError):
        drawings.chart_title(_chart(numbers), "chart1.xml")
