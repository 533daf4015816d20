"""The tables of a whole plan, formulas outside tables among them, and their values."""

from __future__ import annotations

from collections import OrderedDict

from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.evaluate import Evaluation, ReadyTables
from hkz_xlsx.scoring.tables import Computed, Inputs, Table

EXTRA = "outside_tables"
"""Table key under which formulas outside tables are evaluated."""


def extra_table(sheet: Sheet) -> Table:
    """Formulas outside tables as a table of their own, so that they are evaluated alike."""
    columns = tuple(Computed(a1(cell.row, cell.column), cell.expr) for cell in sheet.formulas)
    return Table(f"{EXTRA}.{sheet.key}", ("all",), columns)


def evaluation(plan: WorkbookPlan, inputs: Inputs) -> Evaluation:
    """The values of every cell of the workbook when these things are typed in."""
    return Evaluation(_ready(plan), inputs, plan.text)


_MOST = 8
_READY: OrderedDict[int, tuple[WorkbookPlan, ReadyTables]] = OrderedDict()
"""Tables made ready, of the last plans; a plan is kept with them, so that its id stays its own."""


def _ready(plan: WorkbookPlan) -> ReadyTables:
    """The tables of a plan made ready: thousands of files are of few plans."""
    key = id(plan)
    if key not in _READY:
        _READY[key] = (plan, ReadyTables(every_table(plan), plan.text))
        while len(_READY) > _MOST:
            _READY.popitem(last=False)
    _READY.move_to_end(key)
    return _READY[key][1]


def every_table(plan: WorkbookPlan) -> tuple[Table, ...]:
    """The tables of the workbook, formulas outside tables among them."""
    return (*plan.tables(), *(extra_table(sheet) for sheet in plan.sheets))
