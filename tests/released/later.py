"""Run in a copy of the product to which a later layout was added; see `test_time_axis`.

It makes the later release, and prints what it then finds as JSON.

    python -m tests.released.later
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from hkz_xlsx import __version__
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.portfolio.schema import codebook
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.render.document import Grid as Table
from hkz_xlsx.report.content import document
from hkz_xlsx.report.model import gap_report
from hkz_xlsx.report.render_json import answers_schema, as_data
from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.rework.merge import merged
from hkz_xlsx.rework.merge_plan import merge_plan
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from release import freeze
from tests.support import library

OLD = sorted(path for path in Path("released").iterdir() if path.name != "9.9.0")
"""The releases before this one."""
NAMES = (
    "125-nl.xlsx", "143-en.xlsx", "138-nl.xlsx", "132-en-scope.xlsx", "125-nl-previous.xlsx",
    "143-nl-libreoffice.ods", "125-143-nl.xlsx",
)  # fmt: skip


def codes(grid: Grid) -> list[str]:
    return [p.code for p in check_grid(grid, library()).problems]


def old_files(release: Path) -> dict[str, Any]:
    """What is said of each file of a release, its layout and wording, and how it is read."""
    found = {}
    for name in NAMES:
        data = (release / "workbooks" / name).read_bytes()
        submission = understand(read_grid(name, data), library()).submission
        found[name] = {
            "codes": codes(read_grid(name, data, complete=True)),
            "layout": submission.plan.identity.layout,
            "wording": submission.plan.model.wording,
            "quick": quick(read_grid(name, data), library()) is not None,
            "total": as_data(gap_report(submission))["total"],
        }
    return found


def altered(release: Path) -> list[str]:
    """Findings on an old file in which a text and a formula were changed."""
    path = release / "workbooks" / "125-nl.xlsx"
    grid = read_grid(path.name, path.read_bytes(), complete=True)
    plan = understand(grid, library()).submission.plan
    sheet = next(s for s in plan.sheets if s.key == "assessment")
    block = sheet.blocks[0]
    question = (block.first_row + 3, block.column_of("question"))
    formula = (block.first_row + 4, block.column_of("level_counted"))
    mine = next(s for s in grid.sheets if s.title == sheet.title)
    other = replace(
        mine,
        cells={**mine.cells, question: "Iets anders?"},
        formulas={**mine.formulas, formula: "5"},
    )
    return codes(replace(grid, sheets=tuple(other if s is mine else s for s in grid.sheets)))


def _with_risk() -> tuple[bytes, Inputs]:
    plan = plan_workbook(select(library(), ("143",)), "nl", ("143",))
    rows = plan.model.table(T.requirements).rows
    inputs = {
        **sample_inputs(plan),
        Address(T.requirements, rows[0], "risk"): plan.text("choice.risk.high"),
        Address("organisation", "name", "value"): "De Brug",
    }
    return write_workbook(plan, inputs), inputs


def new_file() -> dict[str, Any]:
    """A workbook of now: its shape, its new column, what report and portfolio make of that."""
    data, inputs = _with_risk()
    grid = read_grid("nieuw.xlsx", data, complete=True)
    submission = understand(grid, library()).submission
    report = gap_report(submission, "en")
    tables = [b for s in document(report).sections for b in s.blocks if isinstance(b, Table)]
    return {
        "codes": codes(grid),
        "layout": submission.identity.layout,
        "shape": submission.identity.shape,
        "back": {a: v for a, v in submission.as_understood.items() if v is not None} == inputs,
        "quick": quick(read_grid("", data), library()) is not None,
        "sheets": [s.key for s in submission.plan.sheets],
        "answers": as_data(report)["answers"],
        "schema": answers_schema()["answers"]["items"]["properties"]["column"],
        "shown": [row for table in tables if table.key == "rows" for row in table.rows],
    }


def portfolio() -> dict[str, Any]:
    """Old and new files in one portfolio."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "nieuw.xlsx").write_bytes(_with_risk()[0])
        files = (OLD[0] / "workbooks" / "143-nl.xlsx", Path(name) / "nieuw.xlsx")
        freeze.hkz("aggregate", *files, "-o", f"{name}/p", "-j", 1)
        rows = duckdb.sql(
            f"select file, risk, count(*) from '{name}/p/answers/*.parquet' a "
            f"join '{name}/p/files.parquet' f using (file_id) group by all order by all"
        )
        found = rows.fetchall() if rows else []
    return {"rows": [list(row) for row in found], "codebook": "`risk`" in codebook("en")}


def rework(release: Path) -> dict[str, Any]:
    """Old files of a release written again."""
    read = [
        understand(read_grid(f"{n}.xlsx", (release / f"rework/{n}.xlsx").read_bytes(),
                             complete=True), library()).submission
        for n in ("noord", "zuid")
    ]  # fmt: skip
    mended = repaired(read[0])
    plan = merge_plan(read, library())
    both = merged(read, plan).fresh
    again = {}
    for name, fresh in (("repaired", mended), ("merged", both)):
        data = write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes)
        again[name] = understand(read_grid("a.xlsx", data, complete=True), library()).submission
    kept = {a: v for a, v in read[0].as_understood.items() if v is not None}
    now = again["repaired"].as_understood
    return {
        "layouts": [one.identity.layout for one in again.values()],
        "wordings": [one.plan.model.wording for one in again.values()],
        "codes": sorted({p.code for one in again.values() for p in one.problems}),
        "lost": [str(a) for a, v in kept.items() if now.get(a) != v],
    }


def main() -> None:
    freeze.SETS = ("143", "125")
    freeze.main(__version__, "2027-01-31", (freeze.filled, freeze.each_report))
    try:
        freeze.main(__version__, "2027-02-01", ())
        refusal = ""
    except SystemExit as fault:
        refusal = str(fault)
    found = {
        "layout": LAYOUT_VERSION,
        "old": {one.name: old_files(one) for one in OLD},
        "altered": {one.name: altered(one) for one in OLD},
        "rework": {one.name: rework(one) for one in OLD},
        "new": new_file(), "portfolio": portfolio(), "refusal": refusal,
    }  # fmt: skip
    json.dump(found, sys.stdout, default=str)


if __name__ == "__main__":
    main()
