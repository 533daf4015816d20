"""Every workbook as LibreOffice prints it: pages begin where the workbook says, and each tells
something besides what stands on all of them."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from docs.pictures import pages_by_sheet
from hkz_xlsx.layout.plan import Sheet
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import Lang, catalogue
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
    """Where the program began a page of its own, it once counted one more than it printed. Without
    an earlier measurement the workbook is blank, as it is handed out."""
    plan = plan_workbook(select(library(), (part,)), lang, (part,), previous=previous)
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan, sample_inputs(plan) if previous else {}))
    (pdf,) = convert([path], tmp_path, "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    printed, pages = text.split("\f"), pages_by_sheet(plan, pdf)
    for sheet in (one for one in plan.sheets if one.key in pages):
        if sheet.page.scale:
            assert len(pages[sheet.key]) == len(sheet.page.breaks) + 1, sheet.key
        blank = [n for n in pages[sheet.key] if not _tells(printed[n - 1], _repeated(sheet))]
        # Lists have as many lines as there can be, and the last of those are blank.
        assert blank == pages[sheet.key][len(pages[sheet.key]) - len(blank) :], sheet.key
        assert len(blank) <= MAY_BE_BLANK.get(sheet.key, 0), (sheet.key, blank)


MAY_BE_BLANK = {"plan": 99, "overview": 1}
"""Pages at most that say nothing before anything is filled in: of lists drawn by formulas."""


def _repeated(sheet: Sheet) -> Counter[str]:
    """The words that stand on every page of a sheet, but for its footer."""
    rows = range(sheet.page.repeat_rows[0], sheet.page.repeat_rows[1] + 1) if (
        sheet.page.repeat_rows
    ) else range(0)  # fmt: skip
    said = [text.text for text in sheet.texts if text.row in rows]
    said += [f.header for b in sheet.blocks if b.header_row in rows for f in b.fields]
    return Counter(word for text in said for word in text.split())


def _tells(page: str, repeated: Counter[str]) -> bool:
    """Whether a page has words of its own, besides the name of the organisation."""
    words = Counter(word for line in page.rstrip().splitlines()[:-1] for word in line.split())
    organisation = catalogue("nl")["sample.organisation.name"].split()
    organisation += catalogue("en")["sample.organisation.name"].split()
    return bool(words - repeated - Counter(organisation))
