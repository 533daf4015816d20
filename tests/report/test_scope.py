"""A report says which questions were left out of the workbook: who reads it may know the norm."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.report.model import GapReport, gap_report
from hkz_xlsx.report.render_text import terminal_summary
from hkz_xlsx.report.write import RENDERERS
from hkz_xlsx.returned.read import understand
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.report.cases import report_of
from tests.report.extract import text_of
from tests.support import library, plan_of

LIMITED = ("funding=wmo,zvw", "activities=schuldhulp")
SAID: dict[Lang, str] = {
    "nl": "Beperkt tot Financiering: Wmo, Zvw; Activiteiten: schuldhulp. Vragen daarbuiten staan "
    "niet in dit werkboek:",
    "en": "Limited to Funding: Wmo (social support), Zvw (health insurance); Activities: debt "
    "counselling. Questions outside it are not in this workbook:",
}


@cache
def limited(lang: Lang) -> GapReport:
    plan = plan_workbook(select(library(), ["138"], Scope.parse(LIMITED)), lang)
    grid = read_grid("w.xlsx", write_workbook(plan))
    return gap_report(understand(grid, library()).submission)


@pytest.mark.parametrize("lang", SAID)
@pytest.mark.parametrize("suffix", [*FORMATS, ".xlsx", ".json"])
def test_every_format_says_what_was_left_out(suffix: str, lang: Lang) -> None:
    """With how many there are: those of the whole set that this one does not have."""
    data = RENDERERS[suffix](limited(lang), NEUTRAL)
    whole = plan_of(lang, "138").model.selection.rows
    asked = select(library(), ["138"], Scope.parse(LIMITED)).rows
    text = re.sub(r"[\s-]", "", text_of(suffix, data))
    assert re.sub(r"[\s-]", "", f"{SAID[lang]} {len(whole) - len(asked)}.") in text


def test_the_terminal_says_so() -> None:
    assert SAID["nl"] in " ".join(terminal_summary(limited("nl")).split())


def test_of_a_whole_norm_nothing_is_said() -> None:
    """Also where something was told of the organisation and every question still holds."""
    report = report_of("half")
    assert report.scope == ""
    assert json.loads(RENDERERS[".json"](report, NEUTRAL))["scope"] == ""
    assert "Beperkt tot" not in text_of(".html", RENDERERS[".html"](report, NEUTRAL))
