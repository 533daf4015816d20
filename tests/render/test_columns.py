"""Columns of tables on paper: as wide as asked for, and no word of a header is broken."""

from __future__ import annotations

import random

import pytest

from hkz_xlsx.render.columns import column_widths
from hkz_xlsx.render.document import GridColumn
from hkz_xlsx.report.content import document
from hkz_xlsx.text import Lang
from tests.report.cases import CASES, report_of
from tests.report.extract import bold_width, broken_in_pdf, broken_in_word


def test_as_asked_for_where_headers_fit() -> None:
    columns = (GridColumn("a", 10), GridColumn("b", 30))
    assert column_widths(columns, 200, 8, 6) == pytest.approx([50, 150])


def test_a_header_gets_its_room_from_the_others() -> None:
    """In proportion; together they stay as wide as the page."""
    columns = (GridColumn("Ondoorgrondelijkheid", 5), GridColumn("b", 10), GridColumn("c", 30))
    found = column_widths(columns, 300, 8, 6)
    assert found[0] == pytest.approx(bold_width("Ondoorgrondelijkheid", 8) + 6)
    assert sum(found) == pytest.approx(300)
    assert found[2] == pytest.approx(3 * found[1])


def test_every_header_fits_where_all_can() -> None:
    """Also when giving room to one makes another too narrow; letters of other fonts are guessed."""
    chance = random.Random(7)
    for _ in range(300):
        words = ("".join(chance.choices("abcmiW漢", k=chance.randint(1, 14))) for _ in range(6))
        columns = tuple(GridColumn(f"x {word}", chance.uniform(1, 40)) for word in words)
        found = column_widths(columns, 700, 8, 6)
        assert sum(found) == pytest.approx(700)
        for column, width in zip(columns, found, strict=True):
            if "漢" not in column.header:
                word = column.header.split()[1]
                assert bold_width(word, 8) + 6 <= width + 0.01


def test_headers_that_cannot_all_fit_share_what_there_is() -> None:
    columns = (GridColumn("lang" * 20, 1), GridColumn("lang" * 20, 9))
    assert column_widths(columns, 100, 8, 6) == pytest.approx([50, 50])


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("case", CASES)
def test_no_header_of_a_report_is_broken(case: str, lang: Lang) -> None:
    """In Word by the widths of letters, in a PDF by how it was set."""
    source = document(report_of(case, lang))
    assert broken_in_word(source) == []
    assert broken_in_pdf(source) == []
