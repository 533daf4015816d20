"""A plan as text: for reviewing, for golden files, and for its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator

from hkz_xlsx.layout.plan import Block, Field, Sheet, WorkbookPlan
from hkz_xlsx.layout.refs import Places, RowRefs
from hkz_xlsx.scoring.cell_values import a1, column_letters
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Computed, Given
from hkz_xlsx.text import messages


def describe_sheet(plan: WorkbookPlan, sheet: Sheet) -> str:
    """One sheet: places, columns, first and last formula of every computed column."""
    places = Places.of(plan.sheets)
    return "\n".join(_sheet(plan, sheet, places)) + "\n"


def describe(plan: WorkbookPlan) -> str:
    """Every sheet but the identity, whose fingerprint this text decides."""
    places = Places.of(plan.sheets)
    lines = [f"layout {plan.identity.layout} lang {plan.lang}"]
    for sheet in plan.sheets[:-1]:
        lines += _sheet(plan, sheet, places)
    return "\n".join(lines) + "\n"


def _sheet(plan: WorkbookPlan, sheet: Sheet, places: Places) -> Iterator[str]:
    yield f"sheet {sheet.key} {sheet.title!r} {sheet.visibility}"
    for text in sheet.texts:
        yield f"  text {a1(text.row, text.column)} {text.style} {text.text!r}"
    for cell in sheet.formulas:
        refs = RowRefs(places, messages(plan.lang), sheet, None, cell.row)
        yield f"  formula {a1(cell.row, cell.column)} {formula(cell.expr, refs)}"
    for block in sheet.blocks:
        corner, rows = a1(block.top, block.columns[0]), len(block.table.rows)
        yield f"  block {block.table.key} at {corner}, rows {rows}"
        for field, column in zip(block.fields, block.columns, strict=True):
            yield from _field(plan, places, (sheet, block, field, column))
    for chart in sheet.charts:
        yield f"  chart {a1(chart.row, chart.column)} {chart.title!r}"


def _field(
    plan: WorkbookPlan, places: Places, at: tuple[Sheet, Block, Field, int]
) -> Iterator[str]:
    sheet, block, field, column = at
    content = block.table.column(field.key)
    hidden = " hidden" if column in sheet.hidden_columns else ""
    head = f"    {column_letters(column)} {field.key} {field.header!r} {field.style}{hidden}"
    if isinstance(content, Given):
        yield f"{head} given {'|'.join(map(str, content.values))}"
    elif isinstance(content, Computed):
        for row in dict.fromkeys((0, len(block.table.rows) - 1)):
            refs = RowRefs(places, messages(plan.lang), sheet, block, block.first_row + row)
            yield f"{head} row {row} {formula(content.of(row), refs)}"
    else:
        kinds = ",".join(codec.kind for codec in field.codecs)
        yield f"{head} input {kinds}"
