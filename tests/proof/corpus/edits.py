"""What people do to a returned workbook, as scripts: each takes our filled workbook and edits it.

Rows and columns are 1-based, as openpyxl counts them. The answers stand on Beoordeling from row 6.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl

from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import first_layout

FIRST, LAST = 6, 183
Edit = Callable[[openpyxl.Workbook], None]
EDITS: dict[str, Edit] = {}


@cache
def base() -> bytes:
    """A filled workbook of HKZ 138 with 123."""
    plan = first_layout("nl")
    return write_workbook(plan, sample_inputs(plan))


def edited(name: str) -> bytes:
    """The bytes of the filled workbook after an edit, saved by openpyxl."""
    return apply(EDITS[name])


def apply(edit: Edit) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(base()))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _edit(function: Edit) -> Edit:
    EDITS[function.__name__] = function
    return function


def answers(book: openpyxl.Workbook) -> Any:
    return book["Beoordeling"]


def sort_rows(sheet: Any, key: Callable[[list[Any]], Any], columns: range | None = None) -> None:
    """Whole rows in another order, or only some columns of them."""
    chosen = columns or range(1, sheet.max_column + 1)
    rows = [[sheet.cell(r, c).value for c in chosen] for r in range(FIRST, LAST + 1)]
    rows.sort(key=key)
    for r, values in enumerate(rows, FIRST):
        for c, value in zip(chosen, values, strict=True):
            # A relative formula follows its row when it is sorted.
            if isinstance(value, str) and value.startswith("="):
                continue
            sheet.cell(r, c).value = value


@_edit
def saved_again(book: openpyxl.Workbook) -> None:
    """Opened and saved by a program that stores no values of formulas."""


@_edit
def sorted_by_answer(book: openpyxl.Workbook) -> None:
    sort_rows(answers(book), lambda row: (str(row[7] or ""), str(row[0])))


@_edit
def sorted_in_part(book: openpyxl.Workbook) -> None:
    """Only number to question are sorted: numbers keep their question, answers stay behind."""
    sort_rows(answers(book), lambda row: row[2], range(2, 5))


@_edit
def filtered(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    for row in range(FIRST, LAST + 1):
        sheet.row_dimensions[row].hidden = sheet.cell(row, 8).value != "Voldoet"


@_edit
def rows_inserted(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    sheet.insert_rows(1, 2)
    sheet.insert_rows(20, 1)
    sheet["H20"] = "Voldoet"
    sheet["J20"] = "Bewijs op een eigen rij"


@_edit
def columns_inserted(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    sheet.insert_cols(9, 2)
    sheet["I5"] = "Mijn kolom"
    sheet["I6"] = "Mijn tekst"


@_edit
def rows_deleted(book: openpyxl.Workbook) -> None:
    answers(book).delete_rows(10, 3)


@_edit
def column_deleted(book: openpyxl.Workbook) -> None:
    answers(book).delete_cols(10)


@_edit
def columns_hidden(book: openpyxl.Workbook) -> None:
    answers(book).column_dimensions["H"].hidden = True
    book["Start"].sheet_state = "hidden"


@_edit
def answer_moved(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    sheet["H6"], sheet["BZ6"] = None, "Voldoet deels"


@_edit
def key_row_deleted(book: openpyxl.Workbook) -> None:
    answers(book).delete_rows(4)


@_edit
def identity_gone(book: openpyxl.Workbook) -> None:
    """Identity sheet, properties and every key row: only numbers and headers are left."""
    del book["_hkz"]
    properties: Any = getattr(book, "custom_doc_props")  # noqa: B009 - not in its type stubs
    for name in list(properties.names):
        del properties[name]
    answers(book).delete_rows(4)
    start = book["Start"]
    for row in start.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(
                ("organisation.", "settings.")
            ):
                cell.value = None


@_edit
def sheets_renamed(book: openpyxl.Workbook) -> None:
    answers(book).title = "Onze antwoorden"
    book["Start"].title = "Gegevens"


@_edit
def sheets_reordered(book: openpyxl.Workbook) -> None:
    book.move_sheet("Beoordeling", 5)
    book.move_sheet("Start", 3)


@_edit
def sheets_deleted(book: openpyxl.Workbook) -> None:
    del book["Overzicht"]
    del book["Toelichting"]


@_edit
def answers_deleted(book: openpyxl.Workbook) -> None:
    del book["Beoordeling"]


@_edit
def sheet_copied(book: openpyxl.Workbook) -> None:
    copy = book.copy_worksheet(answers(book))
    copy.title = "Beoordeling (2)"
    copy["H6"], copy["O6"] = "Weet niet", "Alleen op de kopie"


@_edit
def unprotected(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        sheet.protection.sheet = False


@_edit
def formulas_overwritten(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    sheet["V6"], sheet["V7"], sheet["W8"] = 1, 1, "akkoord, gezien door Jan"
    book["Overzicht"]["E7"] = 95


@_edit
def formula_changed(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    sheet["V6"] = "=IF(1,3,0)*2"


@_edit
def weights_changed(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    for row in (6, 7):
        for column in range(24, sheet.max_column + 1):
            if sheet.cell(4, column).value == "requirements.weight":
                sheet.cell(row, column).value = 9
    sheet["D8"] = "Hebben wij dit op orde?"


@_edit
def questions_shifted(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    texts = [sheet.cell(r, 4).value for r in range(6, 16)]
    for row, text in enumerate([texts[-1], *texts[:-1]], 6):
        sheet.cell(row, 4).value = text


@_edit
def pasted_over_lists(book: openpyxl.Workbook) -> None:
    typed = [
        " voldoet ", "NVT", "nvt.", "voldoet\u00a0niet", "Ｖｏｌｄｏｅｔ", "Vo\u00adldoet", "Meets",
        "ja", "TRUE", True, 1, "x", "Voldoend", "geen idee", "voldoet  deels",
    ]  # fmt: skip
    sheet = answers(book)
    for row, value in enumerate(typed, FIRST):
        sheet.cell(row, 8).value = value
    sheet.data_validations.dataValidation = [
        v for v in sheet.data_validations.dataValidation if "H6" not in str(v.sqref)
    ]


@_edit
def dates_as_text(book: openpyxl.Workbook) -> None:
    typed = [
        "1-2-2026", "1 februari 2026", "2026-02-01", "1 feb. 2026", "01/02/2026", "1.2.2026",
        "２０２６-０２-０１", "2026-02-01T00:00:00", "1-2-26", "februari 2026", "31-02-2026", 2027,
        "1\u20112\u20112026",
    ]  # fmt: skip
    sheet = answers(book)
    for row, value in enumerate(typed, FIRST):
        sheet.cell(row, 13).value = value
        sheet.cell(row, 13).number_format = "General"
    start: Any = book["Start"]
    for label, value in start.iter_rows(max_col=2):
        if label.value == "Aantal fte":
            value.value = "3,5 fte"


@_edit
def row_pasted_twice(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    for column in range(1, 22):
        sheet.cell(190, column).value = sheet.cell(6, column).value
    sheet["J190"] = "Andere tekst"


@_edit
def own_texts(book: openpyxl.Workbook) -> None:
    """Notes in free cells, on sheets of ours and on a sheet of their own."""
    answers(book)["Z2"] = "Let op: besproken op 3 maart"
    book["Start"]["E9"] = "intern kenmerk 77"
    book["Toelichting"]["F3"] = "uitgeprint"
    book.create_sheet("Kladblok")["B2"] = "nog navragen bij Piet"


@_edit
def columns_swapped(book: openpyxl.Workbook) -> None:
    sheet = answers(book)
    for row in range(4, LAST + 1):
        one, other = sheet.cell(row, 10), sheet.cell(row, 15)
        one.value, other.value = other.value, one.value
