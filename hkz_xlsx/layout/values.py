"""The tables of a whole plan, formulas outside tables among them, and their values."""

from __future__ import annotations

from collections import OrderedDict

from hkz_xlsx.layout.plan import Field, Sheet, WorkbookPlan
from hkz_xlsx.layout.styles import LISTED
from hkz_xlsx.scoring.cell_values import (
    FIRST_SERIAL,
    LAST_SERIAL,
    RawValue,
    a1,
    from_serial,
    shown,
)
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.evaluate import Evaluation, ReadyTables
from hkz_xlsx.scoring.tables import Address, Computed, Inputs, Table

DATES = frozenset(("date", "input_date", f"{LISTED}date"))
"""Styles in which a number is a date."""

WORKING_DATES = frozenset(("effective", "begin", "from_day", "due", "start"))
"""Hidden columns that work with dates: they have the style of any hidden column."""

SHARED_BY_ONE = frozenset(
    (table, key) for table in (T.themes, T.schemes) for key in ("earned", "earned_substantiated")
)
"""Columns with a formula for each row that are written as formulas shared by one cell each.

LibreOffice takes a stored empty text, such as the points of a question without an answer, for one
not yet computed, and of what builds on it does not tell a formula of its own that it changed: it
keeps the number that was stored while people answer. Shared formulas it computes all the same.
"""

SHARED_BY_ONE_SINCE = 2
"""The layout since which they are written so."""

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


def displayed(value: RawValue, field: Field, row: int = 0) -> str:
    """A value as people see it in its cell, for messages: a date is no serial number.

    Args:
        value: what stands in the cell.
        field: of its column; the style, or the key of a working date, says that it is a day.
        row: 0-based, within the table: a form has another style per row.
    """
    day = field.style_of(row) in DATES or field.key in WORKING_DATES
    if day and isinstance(value, int | float) and FIRST_SERIAL <= value <= LAST_SERIAL:
        return from_serial(value).strftime("%d-%m-%Y")
    return shown(value)


def displayed_at(plan: WorkbookPlan, address: Address, value: RawValue) -> str:
    """As `displayed`, of a cell of a plan.

    Args:
        plan: the workbook.
        address: the cell; one that the plan does not place is shown as it is.
        value: what stands in it.
    """
    for _, block in plan.blocks():
        if block.table.key == address.table:
            for field in block.fields:
                if field.key == address.column:
                    return displayed(value, field, block.table.rows.index(address.row))
    return shown(value)
