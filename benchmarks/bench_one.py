"""One workbook: what making and reading it costs, as ratios against a yardstick in the same run.

    python -m benchmarks.bench_one [--rounds N] [--norm N]

Cases run in turn, several rounds after a warm-up, in CPU seconds of this process; a ratio is
the median of the ratios of the rounds, so that a slow moment of the machine counts for both.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import python_calamine
import xlsxwriter

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.refs import Places, RowRefs
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Computed, Given
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import messages
from hkz_xlsx.writing.workbook import write_workbook

ROUNDS = 7


def stock_xlsxwriter(plan: WorkbookPlan) -> bytes:
    """The same values and formulas, cell by cell, with XlsxWriter as it comes: the yardstick."""
    target, text = BytesIO(), messages(plan.lang)
    places, values = Places.of(plan.sheets), evaluation(plan, {})
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for sheet in plan.sheets:
        page = book.add_worksheet(sheet.title)
        for block in sheet.blocks:
            for field, column in zip(block.fields, block.columns, strict=True):
                content = block.table.column(field.key)
                for index in range(len(block.table.rows)):
                    row = block.first_row + index
                    if isinstance(content, Given):
                        page.write(row, column, content.values[index])
                    elif isinstance(content, Computed):
                        refs = RowRefs(places, text, sheet, block, row)
                        value = values.column(block.table.key, field.key)[index]
                        page.write_formula(
                            row, column, formula(content.of(index), refs), None, value
                        )
    book.close()
    return target.getvalue()


def rounds(cases: dict[str, Callable[[], object]], count: int) -> dict[str, list[float]]:
    """CPU seconds per case and round, after one round that does not count."""
    found: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(count + 1):
        for name, case in cases.items():
            gc.collect()
            gc.disable()
            start = time.process_time()
            case()
            spent = time.process_time() - start
            gc.enable()
            if number:
                found[name].append(spent)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--norm", default="138")
    chosen = parser.parse_args(arguments)
    parts = [chosen.norm]
    library = load_library()
    plan = plan_workbook(select(library, parts), "nl", parts)
    inputs = sample_inputs(plan)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.xlsx"
        path.write_bytes(write_workbook(plan, inputs))

        def bare_read() -> None:
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()

        groups: dict[str, dict[str, Callable[[], object]]] = {
            "stock XlsxWriter, same cells": {
                "stock XlsxWriter, same cells": lambda: stock_xlsxwriter(plan),
                "write_workbook": lambda: write_workbook(plan),
                "plan_workbook": lambda: plan_workbook(select(library, parts), "nl", parts),
            },
            "bare calamine read": {
                "bare calamine read": bare_read,
                "read_grid": lambda: read_grid(path.name, path.read_bytes()),
                "read_grid, exact": lambda: read_grid(path.name, path.read_bytes(), "exact"),
                "read_grid, complete": lambda: read_grid(
                    path.name, path.read_bytes(), complete=True
                ),
                "read_workbook": lambda: read_workbook(path, library),
                "assess": lambda: assess(plan.model, inputs),
            },
        }
        print(f"| case | ms (median of {chosen.rounds}) | x yardstick |\n|---|---:|---:|")
        for yardstick, cases in groups.items():
            spent = rounds(cases, chosen.rounds)
            for name, times in spent.items():
                ratios = [a / b for a, b in zip(times, spent[yardstick], strict=True)]
                median = statistics.median(times) * 1000
                print(f"| {name} | {median:.1f} | {statistics.median(ratios):.2f} |")


if __name__ == "__main__":
    main()
