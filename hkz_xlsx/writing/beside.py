"""The parts of a workbook that no template can hold: sheets with other rows in every file, and the
comments on cells.

They are written as in any workbook, in one that holds nothing else. Texts and styles have numbers
in a workbook; it is given those of the workbook that its parts are put in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.refs import Places
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.writing.block_cells import Job
from hkz_xlsx.writing.formats import formats, mark_formats
from hkz_xlsx.writing.pack import (
    COMMENTS,
    DRAWN_COMMENTS,
    SHEETS,
    TABLES,
    TYPED_SINCE,
    lean,
    unstyled,
)
from hkz_xlsx.writing.parts import PartsWorkbook
from hkz_xlsx.writing.sheet import SheetWriter

_TABLE = re.compile(rb' id="([0-9]+)" name="([^"]*)"')


class NotStampableError(Exception):
    """Something of the plan depends on the answers in a way that is not known here."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What has a number in a workbook: its texts, and its styles by name."""

    strings: Mapping[str, int]
    styles: Mapping[str, int]

    @classmethod
    def of(cls, workbook: Workbook, named: Mapping[str, Format]) -> Numbers:
        """Of a workbook that was written."""
        used = {name: one.xf_index for name, one in named.items() if one.xf_index is not None}
        texts = workbook.str_table.string_array  # in their order; set when the file is closed
        return cls({text: number for number, text in enumerate(texts)}, used)


def noted_sheets(plan: WorkbookPlan, notes: Mapping[Address, str]) -> tuple[int, ...]:
    """Places of the sheets on which cells have comments."""
    tables = {address.table for address in notes}
    return tuple(
        number
        for number, sheet in enumerate(plan.sheets)
        if any(block.table.key in tables for block in sheet.blocks)
    )


def parts_beside(
    plan: WorkbookPlan, look: Look, notes: Mapping[Address, str], numbers: Numbers,
    parts: Mapping[str, bytes],
) -> dict[str, bytes]:  # fmt: skip
    """The parts of the sheets whose rows vary, and of the comments, by name.

    Args:
        plan: the workbook, with the columns shown that it shows.
        look: its template.
        notes: a comment per typed cell.
        numbers: of the workbook that the parts come from.
        parts: of another workbook of the kind: its table objects.

    Raises:
        NotStampableError: a text or style of ours that the other workbook has not.
    """
    varying = [number for number, sheet in enumerate(plan.sheets) if sheet.varies]
    if not varying and not notes:
        return {}
    written = _written(plan, look, notes, numbers)
    found = {f"{SHEETS}{n + 1}.xml": written[f"{SHEETS}{n + 1}.xml"] for n in varying}
    typed = plan.identity.layout >= TYPED_SINCE
    if typed:
        found = {name: lean(raw) for name, raw in found.items()}
    tables = {match[2]: (name, match[1]) for name, raw in parts.items()
              if name.startswith(TABLES) and (match := _TABLE.search(raw))}  # fmt: skip
    for name, raw in written.items():
        if name.startswith((COMMENTS, DRAWN_COMMENTS)):
            found[name] = raw
        elif name.startswith(TABLES) and (match := _TABLE.search(raw)):
            place, number = tables[match[2]]
            table = _TABLE.sub(rb' id="%s" name="\2"' % number, raw, count=1)
            found[place] = unstyled(table) if typed else table
    return found


def _written(
    plan: WorkbookPlan, look: Look, notes: Mapping[Address, str], numbers: Numbers
) -> dict[str, bytes]:
    workbook = PartsWorkbook({"strings_to_urls": False})
    texts = workbook.str_table
    texts.string_table, texts.unique_count = dict(numbers.strings), len(numbers.strings)
    named = formats(workbook, look.palette, plan.lang)
    for name, one in named.items():
        one.xf_index = numbers.styles.get(name)
    job = Job(
        plan, Places.of(plan.sheets), evaluation(plan, {}), {}, plan.text, workbook, named,
        mark_formats(workbook, look.palette, plan.identity.layout), look, notes,
    )  # fmt: skip
    for sheet in plan.sheets:
        writer = SheetWriter(job, sheet)
        if sheet.varies:
            writer.write()
        else:
            writer.write_comments()
    parts = workbook.finished()
    missing = [
        n for n, one in named.items() if one.xf_index is not None and n not in numbers.styles
    ]
    if len(texts.string_array) != len(numbers.strings) or missing:
        raise NotStampableError(plan.identity.plan)
    return parts
