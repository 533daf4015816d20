"""Plain tables to an xlsx file: for reports. Texts are always texts, never formulas or links."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from xlsxwriter import Workbook

from hkz_xlsx.layout.heights import height_of
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.scoring.tables import CellValue
from hkz_xlsx.workbook.checked import MAX_TEXT_UNITS, CheckedSheet, InlineWorksheet
from hkz_xlsx.workbook.formats import formats
from hkz_xlsx.workbook.write import CREATED

Kind = Literal["text", "number", "percent"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table; ``width`` in characters, ``choices`` make a drop-down."""

    header: str
    width: float
    kind: Kind = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One sheet: a title, a line under it and one table with filters."""

    title: str
    heading: str
    note: str
    name: str
    columns: tuple[TableColumn, ...]
    rows: Sequence[Sequence[CellValue]]


def cell_text(text: str) -> str:
    """What a cell can hold: without control characters, cut visibly when too long."""
    # Control characters and lone surrogates go; spaces of any width and emoji joiners stay.
    kept = "".join(
        c
        for c in text
        if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff")
    )
    kept = kept.encode("utf-8", "replace").decode("utf-8")
    limit = MAX_TEXT_UNITS - 67
    if len(kept.encode("utf-16-le")) // 2 <= limit:
        return kept
    return kept[: limit // 2] + " … [+]"


def _write(target: CheckedSheet, sheet: TableSheet, workbook: Workbook) -> None:
    looks = formats(workbook, Palette())
    target.text(0, 0, cell_text(sheet.heading), looks["title"])
    target.text(1, 0, cell_text(sheet.note), looks["notice_line"])
    first = 3
    for column, spec in enumerate(sheet.columns):
        target.do("set_column", column, column, spec.width)
        target.text(first, column, spec.header, looks["header"])
    styles = {"text": looks["text"], "number": looks["number"], "percent": looks["percent"]}
    for index, row in enumerate(sheet.rows, first + 1):
        cells = []
        for column, (spec, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if isinstance(value, int | float):
                target.number(index, column, value, styles[spec.kind])
            else:
                text = cell_text("" if value is None else str(value))
                target.text(index, column, text, styles["text"])
                cells.append((text, spec.width, 10.0))
        target.do("set_row", index, height_of(cells))
    for column, spec in enumerate(sheet.columns):
        if spec.choices and sheet.rows:
            place = (first + 1, column, first + len(sheet.rows), column)
            allowed = {"validate": "list", "source": list(spec.choices)}
            target.do("data_validation", *place, allowed)
    if sheet.rows:
        columns = [{"header": s.header, "header_format": looks["header"]} for s in sheet.columns]
        options = {"name": sheet.name, "columns": columns, "style": None}
        last = (first + len(sheet.rows), len(sheet.columns) - 1)
        target.do("add_table", first, 0, *last, options)
    target.do("freeze_panes", first + 1, 0)
    target.do("hide_gridlines", 2)
    target.do("set_paper", 9)
    target.do("set_landscape")
    target.do("fit_to_pages", 1, 0)
    target.do("repeat_rows", first)


def write_tables(sheets: Sequence[TableSheet], title: str) -> bytes:
    """The bytes of a workbook with these tables."""
    target = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = Workbook(target, options)
        workbook.set_properties({"title": title, "author": "hkz_xlsx", "created": CREATED})
        for sheet in sheets:
            worksheet = workbook.add_worksheet(sheet.title, InlineWorksheet)
            _write(CheckedSheet(worksheet), sheet, workbook)
        workbook.close()
    return target.getvalue()
