"""Every workbook as LibreOffice prints it: pages begin where the workbook says, none is blank."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from docs.pictures import pages_by_sheet
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import convert, needs_office
from tests.support import library

pytestmark = [*needs_office, pytest.mark.proof]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("previous", [False, True])
@pytest.mark.parametrize("part", [one for one in library().ids if one != "123"])
def test_pages_are_those_of_the_workbook(
    part: str, previous: bool, lang: Lang, tmp_path: Path
) -> None:
    """Where the program began a page of its own, it once counted one more than it printed."""
    plan = plan_workbook(select(library(), (part,)), lang, (part,), previous=previous)
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan, sample_inputs(plan)))
    (pdf,) = convert([path], tmp_path, "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert all(page.strip() for page in text.split("\f")[:-1])
    pages = pages_by_sheet(plan, pdf)
    for sheet in (one for one in plan.sheets if one.page.scale and one.key in pages):
        assert len(pages[sheet.key]) == len(sheet.page.breaks) + 1, sheet.key
