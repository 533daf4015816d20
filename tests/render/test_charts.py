"""What stands before a bar."""

from __future__ import annotations

import pytest

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render import charts
from hkz_xlsx.render.document import Bar, Chart, Number

LONG = (
    "Weet iedereen die voor u werkt bij welke vertrouwenspersoon ongewenst gedrag te bespreken is?"
)


@pytest.mark.parametrize("blank", [" ", "\N{NO-BREAK SPACE}"])
def test_a_long_name_keeps_how_many_it_is_about(blank: str) -> None:
    """Cut visibly, and never the number."""
    count = f"{blank}(n{blank}={blank}17)"
    bar = Bar(LONG + count, (Number(50.0, "percent", ""),))
    drawn = str(charts.svg(Chart("c", "t", "a", ("s",), (bar,)), Palette(), "nl", "Calibri"))
    assert f"…{count}" in drawn
    assert LONG not in drawn
