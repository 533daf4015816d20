"""Days in reports of a field are written as people write them; tables for programs have ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from hkz_xlsx.figures.benchmark import benchmarks
from hkz_xlsx.figures.benchmark_content import benchmark_document
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.outputs import render
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.text import Lang
from tests.portfolio.conftest import Made
from tests.report.extract import machine_days


@pytest.mark.parametrize("suffix", [*FORMATS, ".xlsx"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_day_as_programs_write_it(lang: Lang, suffix: str, made: Made) -> None:
    figures = figures_of(str(made.folder), Choices(lang))
    assert machine_days(suffix, render(figures, suffix)) == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_nor_on_the_page_of_an_organisation(suffix: str, made: Made) -> None:
    one = next(iter(benchmarks(str(made.folder), Choices())))
    page = FORMATS[suffix](benchmark_document(one, Choices(), NEUTRAL), NEUTRAL)
    assert machine_days(suffix, page) == []


def test_days_are_days_in_excel(made: Made) -> None:
    """To sort and to filter by; in the tables for programs they are ISO days."""
    figures = figures_of(str(made.folder), Choices())
    sheets = openpyxl.load_workbook(BytesIO(render(figures, ".xlsx")))
    head, *rows = list(sheets["Respons"].iter_rows(min_row=4, values_only=True))
    columns = [head.index("Eerste datum"), head.index("Laatste datum")]
    found = [row[column] for row in rows for column in columns]
    assert found
    assert all(isinstance(one, datetime) for one in found)
    assert re.search(rb"\d{4}-\d{2}-\d{2}", render(figures, ".csv"))
