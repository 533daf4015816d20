"""Days are written as people write them, in every file for people; programs get ISO 8601."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.report.write import rendered
from hkz_xlsx.text import Lang
from tests.report.cases import CASES, report_of
from tests.report.extract import machine_days, text_of

FOR_PEOPLE = (*FORMATS, ".xlsx")


@pytest.mark.parametrize("suffix", FOR_PEOPLE)
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("case", CASES)
def test_no_day_as_programs_write_it(case: str, lang: Lang, suffix: str) -> None:
    found = rendered(report_of(case, lang), Path(f"rapport{suffix}"), NEUTRAL)
    assert machine_days(suffix, found) == []


@pytest.mark.parametrize("suffix", [s for s, form in FORMATS.items() if not form.chat])
def test_a_law_was_looked_at_on_a_day(suffix: str) -> None:
    """In the table of laws; as in the norms, day first."""
    report = report_of("half")
    year, month, day = report.laws[0].checked_on.split("-")
    text = text_of(suffix, rendered(report, Path(f"rapport{suffix}"), NEUTRAL))
    assert text.count(f"{day}-{month}-{year}") >= len(report.laws)


def test_programs_get_iso_days() -> None:
    found = rendered(report_of("half"), Path("rapport.json"), NEUTRAL).decode()
    assert re.search(r'"\d{4}-\d{2}-\d{2}"', found)
