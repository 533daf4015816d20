"""``make samples``: workbooks to download and use without installing anything.

``leeg/`` holds a blank workbook of every norm, ``ingevuld/`` filled ones with their reports.
The same sources give the same bytes, and a test fails when these files are stale.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.machine.atomic import write_file
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.report.model import gap_report
from hkz_xlsx.report.write import rendered
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook

FOLDER = Path(__file__).parent
FILLED = ("138", "143")
REPORT = ".html"


def workbook_name(plan: WorkbookPlan) -> str:
    """``hkz-138-123``: the numbers of the norm parts."""
    return "hkz-" + "-".join(part.id for part in plan.model.selection.parts)


def plans(library: Library) -> Iterator[WorkbookPlan]:
    """One plan per norm that can stand in a workbook of its own."""
    for part in library.newest():
        if part.structure != "organisation":
            yield plan_workbook(select(library, [part.id]), "nl", [part.id])


def workbooks(library: Library) -> Iterator[tuple[str, bytes]]:
    """Path below this folder and content of every workbook."""
    for plan in plans(library):
        name = workbook_name(plan)
        yield f"leeg/{name}.xlsx", write_workbook(plan)
        if plan.identity.asked[0] in FILLED:
            yield f"ingevuld/{name}.xlsx", write_workbook(plan, sample_inputs(plan))


def main() -> None:
    """Write everything anew."""
    library = load_library()
    for folder in ("leeg", "ingevuld"):
        shutil.rmtree(FOLDER / folder, ignore_errors=True)
        (FOLDER / folder).mkdir()
    for name, content in workbooks(library):
        path = FOLDER / name
        write_file(path, content, force=True)
        if name.startswith("ingevuld/"):
            report = path.with_suffix(REPORT)
            write_file(report, rendered(gap_report(read_workbook(path, library)), report))
        print(name)


if __name__ == "__main__":
    main()
