"""``make pictures``: every visible sheet of a filled workbook, as its user sees it on paper.

LibreOffice makes a PDF, pdftoppm pictures of the first page of each sheet. The pages of the
long sheets are counted and printed, because docs/workbook.md states them.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import convert

FOLDER = Path(__file__).parent / "pictures"
DPI = 80


def plan_and_file(lang: Lang, template: str, folder: Path) -> tuple[WorkbookPlan, Path]:
    """A filled workbook of 138 in a folder."""
    plan = plan_workbook(select(load_library(), ["138"]), lang, ["138"])
    path = folder / f"werkboek-{lang}.xlsx"
    path.write_bytes(write_workbook(plan, sample_inputs(plan), load_template(template)))
    return plan, path


def pages_by_sheet(plan: WorkbookPlan, pdf: Path) -> dict[str, list[int]]:
    """Page numbers per sheet key, by the sheet's name in the footer."""
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    titles = {sheet.title: sheet.key for sheet in plan.sheets}
    found: dict[str, list[int]] = {}
    for number, page in enumerate(text.split("\f")[:-1], 1):
        footer = page.rstrip().splitlines()[-1]
        parts = re.split(r" {3,}", footer.strip())
        found.setdefault(titles[parts[1]], []).append(number)
    return found


def make(lang: Lang, template: str, prefix: str, *, only: tuple[str, ...] = ()) -> None:
    """Pictures of the first page of every sheet, or of some."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan, path = plan_and_file(lang, template, folder)
        (pdf,) = convert([path], folder, "pdf")
        for key, pages in pages_by_sheet(plan, pdf).items():
            if only and key not in only:
                continue
            print(f"{prefix}{key}: {len(pages)} pages")
            target = FOLDER / f"{prefix}{key}"
            first = str(pages[0])
            subprocess.run(
                ["pdftoppm", "-r", str(DPI), "-f", first, "-l", first, "-singlefile", "-png",
                 str(pdf), str(target)],
                check=True,
            )  # fmt: skip


def main() -> None:
    """All pictures that README and the manual show."""
    FOLDER.mkdir(exist_ok=True)
    make("nl", "neutraal", "nl-")
    make("en", "neutraal", "en-", only=("overview", "assessment", "result", "steps"))
    make("nl", "voorbeeld-adviesbureau", "sjabloon-", only=("start", "result"))


if __name__ == "__main__":
    main()
