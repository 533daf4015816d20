"""What a window of a spreadsheet program showed and a file alone does not, in layout 2."""

from __future__ import annotations

import gc
import re
import zipfile
from functools import cache
from io import BytesIO

import openpyxl
import pytest

from hkz_xlsx.layout.heights import broken
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.select import select
from hkz_xlsx.norm.subset import narrowed, part_of_several
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Input
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import workbook_parts, write_workbook
from tests.support import library, sheet_of

LINE = 55


@cache
def plan_of(lang: Lang = "nl") -> WorkbookPlan:
    return plan_workbook(select(library(), ("143",)), lang, ("143",))


@cache
def parts_of(lang: Lang = "nl") -> dict[str, bytes]:
    return workbook_parts(plan_of(lang))


@pytest.mark.parametrize("lang", LANGS)
def test_input_messages_have_short_lines(lang: Lang) -> None:
    """LibreOffice never breaks a line of one: what does not fit its window is not shown."""
    found = [
        message
        for name, part in parts_of(lang).items()
        if name.startswith("xl/worksheets/")
        for message in re.findall(r' prompt="([^"]*)"', part.decode())
    ]
    assert len(found) > 70
    assert max(len(line) for one in found for line in one.split("&#xA;")) <= LINE


def test_breaking_loses_nothing_and_makes_even_lines() -> None:
    """Only blanks become line breaks; the last line is no single word."""
    text = "Kies Open, Bezig, Gereed of Vervallen uit de lijst, of laat de cel leeg bij twijfel."
    lines = broken(text, LINE).split("\n")
    assert " ".join(lines) == text
    assert len(lines) == 2
    assert max(map(len, lines)) - min(map(len, lines)) < 15
    assert broken("Kort.", LINE) == "Kort."


def test_only_the_assessment_bears_filters() -> None:
    """Elsewhere the buttons stand over headers, such as those of the months."""
    filtered = [
        re.search(r'displayName="([^"]*)"', part.decode())[1]  # type: ignore[index]
        for name, part in parts_of().items()
        if name.startswith("xl/tables/") and b"<autoFilter" in part
    ]
    assert filtered == ["Beoordeling_tabel"]


def test_headers_stand_above_their_numbers() -> None:
    """A header of a column without a filter is aligned as what stands below it."""
    book = openpyxl.load_workbook(BytesIO(write_workbook(plan_of(), {})))
    seen = set()
    for sheet in plan_of().sheets:
        for block in sheet.blocks if sheet.visibility == "visible" else ():
            for field, column in zip(block.fields, block.columns, strict=True):
                typed = isinstance(block.table.column(field.key), Input)
                if column in sheet.hidden_columns or typed or block.filtered:
                    continue
                header, first = (
                    book[sheet.title][a1(row, column)].alignment.horizontal or "left"
                    for row in (block.header_row, block.first_row)
                )
                assert header == first, (block.table.key, field.key)
                seen.add(header)
    assert seen == {"left", "right", "center"}


def test_start_leads_to_the_core_requirements() -> None:
    """To the first of them where there are any, else to the portions."""
    whole = select(library(), ("143",))
    ordinary = [row.requirement.id for row in whole.rows if not row.requirement.core]
    without = plan_workbook(narrowed(whole, part_of_several(1, 2, ordinary)), "nl", ("143",))
    for plan, table in ((plan_of(), T.quick_core), (without, T.portions)):
        link = next(
            cell.value
            for row in openpyxl.load_workbook(BytesIO(write_workbook(plan, {})))[
                "Start"
            ].iter_rows()
            for cell in row
            if str(cell.value).startswith("=HYPERLINK(\"#'Snelle start'")
        )
        block = next(b for b in sheet_of(plan, "quick").blocks if b.table.key == table)
        assert f'{block.first_row + 1}"' in str(link), table


def test_a_score_that_is_not_there_is_a_dash() -> None:
    """In the tiles: a sentence has no room in them, and the reason stands above."""
    tiles = evaluation(plan_of(), {})
    assert tiles.value("result_line", "all", "score") == "–"
    assert tiles.value("result_line", "all", "substantiated") == "–"
    rows = plan_of().model.table(T.requirements).rows
    yes = {Address(T.requirements, row, "answer"): "Voldoet" for row in rows}
    assert evaluation(plan_of(), yes).value("result_line", "all", "score") == 100.0


def test_signs_that_ask_for_something_stand_out() -> None:
    """By colour too, on both sheets that show them; what is in order does not."""
    for title, column in (("Beoordeling", "F"), ("Snelle start", "D")):
        data = write_workbook(plan_of(), {})
        rules = openpyxl.load_workbook(BytesIO(data))[title].conditional_formatting
        formulas = [
            rule.formula[0] for one in rules if str(one.sqref).startswith(column)
            for rule in one.rules
        ]  # fmt: skip
        assert len(formulas) == 1
        assert "! bewijs" in formulas[0]
        assert "✓" not in formulas[0]


def test_sheets_have_nothing_that_nobody_needs() -> None:
    """No hints of rows' spans, no style on hidden cells; answers stay typed in unlocked ones."""
    with zipfile.ZipFile(BytesIO(write_workbook(plan_of(), {}))) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b" spans=" not in archive.read(name)
    book = openpyxl.load_workbook(BytesIO(write_workbook(plan_of(), {})))
    block = sheet_of(plan_of(), "assessment").blocks[0]
    cell = book["Beoordeling"][a1(block.first_row, block.column_of("answer"))]
    assert not cell.protection.locked
    assert book["Beoordeling"][a1(block.first_row, block.column_of("core"))].protection.locked


def test_writing_leaves_nothing_for_the_garbage_collector() -> None:
    """To look for what refers to itself among all objects would take a fifth of the time."""
    write_workbook(plan_of(), {})
    gc.collect()
    workbook_parts(plan_of())
    assert gc.collect() < 100
    assert gc.isenabled()
