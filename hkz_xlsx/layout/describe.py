"""A plan as text: for reviewing, for golden files, and for its fingerprints.

There are two. *Shape* is what another layout changes: tables, keys, rows, kinds of answers, what
formulas do, and the order of it all. *Wording* is the texts, which may change without that. A
fingerprint of both together (`describe`) tells in which wording a file was written.
"""

from __future__ import annotations

from collections.abc import Iterator

from hkz_xlsx.layout.codecs import Choice, Codec
from hkz_xlsx.layout.plan import Block, Field, Sheet, WorkbookPlan
from hkz_xlsx.layout.refs import Places, RowRefs
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.cell_values import a1, column_letters
from hkz_xlsx.scoring.choices import lists_at
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Computed, Given


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
        refs = RowRefs(places, plan.text, sheet, None, cell.row)
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
            refs = RowRefs(places, plan.text, sheet, block, block.first_row + row)
            yield f"{head} row {row} {formula(content.of(row), refs)}"
    else:
        kinds = ",".join(codec.kind for codec in field.codecs)
        yield f"{head} input {kinds}"


def describe_shape(plan: WorkbookPlan) -> str:
    """The shape of a plan, which is the same in every language and wording.

    Rows of sheets are left out, as a longer text puts what is below it lower: nothing is read
    by them. Widths, heights, styles and charts are left out too: nothing is read from those.
    """
    lines = [f"layout {plan.identity.layout}"]
    for sheet in plan.sheets[:-1]:
        lines.append(f"sheet {sheet.key} {sheet.visibility}")
        lines += (
            f"  formula {column_letters(cell.column)} {formula(cell.expr, _Names())}"
            for cell in sheet.formulas
        )
        for block in sheet.blocks:
            lines.append(f"  block {block.table.key} {' '.join(block.table.rows)}")
            lines += (
                f"    {column_letters(column)} {_content(plan, block, field)}"
                for field, column in zip(block.fields, block.columns, strict=True)
            )
    return "\n".join(lines) + "\n"


def _content(plan: WorkbookPlan, block: Block, field: Field) -> str:
    content = block.table.column(field.key)
    if isinstance(content, Given):
        numbers = (f"{v:g}" for v in content.values if isinstance(v, int | float))
        return f"{field.key} given {'|'.join(numbers)}"
    if isinstance(content, Computed):
        rows = dict.fromkeys((0, len(block.table.rows) - 1))
        return f"{field.key} {' '.join(formula(content.of(row), _Names()) for row in rows)}"
    kinds = (_kind(codec, plan.identity.layout) for codec in field.codecs)
    return f"{field.key} input {' '.join(kinds)}"


def _kind(codec: Codec, layout: int) -> str:
    if isinstance(codec, Choice):
        codes = lists_at(layout).get(codec.name, codec.codes)
        return f"{codec.kind}:{codec.name}:{','.join(codes)}"
    return codec.kind


class _Names:
    """References by name instead of by place, and texts by key."""

    def here(self, column: str) -> str:
        return column

    def cell(self, cell: x.Cell) -> str:
        return f"{cell.table}.{cell.column}.{cell.row}"

    def column(self, column: x.Column) -> str:
        return f"{column.table}.{column.column}"

    def link_target(self, column: x.Column) -> tuple[str, int]:
        return self.column(column), 0

    def text(self, key: str) -> str:
        return key
