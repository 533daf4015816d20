"""The tables of a whole plan, formulas outside tables among them, and their values."""

from __future__ import annotations

from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Computed, Inputs, Table

EXTRA = "outside_tables"
"""Table key under which formulas outside tables are evaluated."""


def extra_table(sheet: Sheet) -> Table:
    """Formulas outside tables as a table of their own, so that they are evaluated alike."""
    columns = tuple(Computed(a1(cell.row, cell.column), cell.expr) for cell in sheet.formulas)
    return Table(f"{EXTRA}.{sheet.key}", ("all",), columns)


def evaluation(plan: WorkbookPlan, inputs: Inputs) -> Evaluation:
    """The values of every cell of the workbook when these things are typed in."""
    return Evaluation(every_table(plan), inputs, plan.text)


def every_table(plan: WorkbookPlan) -> tuple[Table, ...]:
    """The tables of the workbook, formulas outside tables among them."""
    return (*plan.tables(), *(extra_table(sheet) for sheet in plan.sheets))
