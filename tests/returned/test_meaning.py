"""What was meant: signs beside a word, lines through an answer, number formats, days."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.codecs import Choice, FreeText
from hkz_xlsx.portfolio.file_rows import body_of
from hkz_xlsx.returned.check import Checked, check_grid
from hkz_xlsx.returned.read import read_bytes
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.cell_values import RawValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.displayed import displayed
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.grid import SheetGrid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

FILES = Path(__file__).parent / "files"
ROW = "KO-101"


def address(column: str, row: str = ROW) -> Address:
    return Address(T.requirements, row, column)


@cache
def base() -> bytes:
    plan = plan_of("nl", "143")
    return write_workbook(plan, sample_inputs(plan))


def saved(edit: Callable[[Any], None]) -> bytes:
    """The filled workbook after an edit of Beoordeling; row 5 is KO-101."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(base()), rich_text=True)
    edit(book["Beoordeling"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(data: bytes) -> Submission:
    return read_bytes("w.xlsx", data, library())


def checked(data: bytes) -> Checked:
    return check_grid(read_grid("w.xlsx", data, complete=True), library())


def told(data: bytes, code: str) -> list[str]:
    """Cells of a problem, the same from the quick and from the exact reader."""
    cells = [p.where.cell for p in checked(data).problems if p.code == code]
    assert [p.where.cell for p in read(data).problems if p.code == code] == cells
    return cells


YES, PARTLY, NO, UNKNOWN, NA = ("Voldoet", "Voldoet deels", "Voldoet niet", "Weet niet", "N.v.t.")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        *((sign + " Voldoet", YES) for sign in "✗✘☒☐?↓−-–!×❌❎👎⚠□○◐~≠<＜/|⛔"),
        *(("Voldoet " + sign, YES) for sign in ("+/-", "-", "−", "↓", "?", "✗", "…", "½", "*",
        ";")),
        ("+/- Voldoet", YES), ("-Voldoet", YES), ("!Voldoet", YES), ("[ ] Voldoet", YES),
        ("[] Voldoet", YES), ("(Voldoet)", YES), ("~~Voldoet~~", YES), ("<Voldoet", YES),
        ("Voldoet\u0336", YES), ("V\u0336o\u0336ldoet", YES), ("Voldoet ≠", YES),
        ("/ Voldoet", YES),
        ("✓ Voldoet niet", NO), ("☑ Voldoet niet", NO), ("✗ N.v.t.", NA),
        ("✗ Voldoet deels", PARTLY),
        ("Voldoet (deels)", PARTLY), ("Voldoet, deels", PARTLY), ("Voldoet -> niet", NO),
        ("? N.v.t.", NA), ("- nvt", NA), ("✓ Voldoet?", YES), ("[x] Voldoet?", YES),
    ],
)  # fmt: skip
def test_a_sign_that_doubts_a_word_leaves_the_answer_open(typed: str, nearest: str) -> None:
    reading = Choice("status").from_cell(typed, "nl")
    assert (reading.state, reading.cell, reading.nearest) == ("unknown", None, nearest)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("✓ Voldoet", YES), ("☑ Voldoet", YES), ("✔\ufe0f Voldoet", YES), ("✅ Voldoet", YES),
        ("[x] Voldoet", YES), ("[X]Voldoet", YES), ("[x] Voldoet niet", NO), ("✗ Voldoet niet", NO),
        ("✘ Voldoet niet", NO), ("◐ Voldoet deels", PARTLY), ("? Weet niet", UNKNOWN),
        ("Weet niet?", UNKNOWN), ("– N.v.t.", NA), ("n.v.t", NA), ("nvt.", NA), ("N / A", NA),
        ("• Voldoet", YES), ("\uf0b7 Voldoet", YES), ("“Voldoet”", YES), ("'Voldoet'", YES),
        ("Voldoet.", YES), ("Voldoet,", YES), ("Voldoet\n", YES), ("voldoet\u2007niet", NO),
        ("Voldoet\u200bniet", NO), ("voldoet-niet", NO), ("VOLDÓET.", YES), ("Don’t know", UNKNOWN),
    ],
)  # fmt: skip
def test_what_cannot_change_the_meaning_is_looked_over(typed: str, label: str) -> None:
    reading = Choice("status").from_cell(typed, "nl")
    assert (reading.state, reading.cell) == ("cleaned", label)


@pytest.mark.parametrize(
    "typed",
    [
        -1,
        -3.0,
        0.02,
        2.5,
        "-1",
        "<2",
        ">2",
        "2 %",
        "2%",
        "≥2",
        "2?",
        "2+",
        "2-",
        "(2)",
        "~2",
        "+2",
        "−2",
    ],
)
def test_a_sign_before_a_maturity_makes_another_number(typed: RawValue) -> None:
    assert Choice("maturity").from_cell(typed, "nl").state == "unknown"


@pytest.mark.parametrize(
    "typed", [2, 2.0, "2", "2.", " 2 ", "2 do", "2. Do", "2: Do", "2 - Do", "do"]
)
def test_a_maturity_by_number_or_word(typed: RawValue) -> None:
    assert Choice("maturity").from_cell(typed, "nl").cell == "2 Do"


def test_doubtful_answers_do_not_count() -> None:
    """As understood the row is open and to be checked; the nearest answer is the hint."""

    def edit(sheet: Any) -> None:
        sheet["E5"], sheet["T6"] = "✗ Voldoet", -1

    data = saved(edit)
    assert told(data, "ANSWER_UNKNOWN") == ["E5", "T6"]
    found = read(data)
    assert assess(found.plan.model, found.as_understood).statuses[ROW] == "check"
    hints = [p.hint("nl") for p in found.problems if p.code == "ANSWER_UNKNOWN"]
    assert ["Voldoet?" in hints[0], "1 Plan?" in hints[1]] == [True, True]


def test_a_file_pasted_from_word() -> None:
    """Every doubtful one of some fifty is open; what only looks odd is read."""
    found = read((FILES / "word_pasted_answers.xlsx").read_bytes())
    states = [
        r.state
        for a, r in found.readings.items()
        if (a.table, a.column) == (T.requirements, "answer")
    ]
    assert {s: states.count(s) for s in set(states)} == {"unknown": 44, "cleaned": 7, "exact": 11}


def _struck(sheet: Any) -> None:
    sheet["E5"].font = Font(strike=True)
    sheet["E6"] = CellRichText(TextBlock(InlineFont(strike=True), "Voldoet"))
    sheet["E7"] = CellRichText(
        TextBlock(InlineFont(), "Voldoet "), TextBlock(InlineFont(strike=True), "niet")
    )
    sheet["T5"], sheet["R5"] = "2 Do", datetime(2027, 1, 1)  # noqa: DTZ001 - cells know no zones
    sheet["T5"].font = sheet["R5"].font = sheet["J5"].font = Font(strike=True)
    sheet["J5"] = "Protocol van vroeger"


def test_an_answer_that_is_struck_through_is_withdrawn() -> None:
    """Cell, whole text or a part of it; a text stays, and is told."""
    data = saved(_struck)
    assert sorted(told(data, "ANSWER_STRUCK")) == ["E5", "E6", "E7", "R5", "T5"]
    assert told(data, "TEXT_STRUCK") == ["J5"]
    found = read(data)
    statuses = assess(found.plan.model, found.as_understood).statuses
    assert [statuses[row] for row in ("KO-101", "KO-102", "KO-103")] == ["check"] * 3
    assert found.as_counted[address("answer")] == read(base()).as_counted[address("answer")]
    assert found.as_understood[address("evidence")] == "Protocol van vroeger"
    assert quick(read_grid("w.xlsx", data), library()) is None
    codes = [p[0] for p in body_of(data, library())["problems"]]
    assert codes.count("ANSWER_STRUCK") == 5


def test_a_struck_answer_stays_open_in_a_repaired_file() -> None:
    """It is in its cell, does not count, and repairing once more changes nothing."""
    fresh = repaired(read(saved(_struck)))
    again = read(write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes))
    assert (
        again.raw[address("answer")]
        == f"doorgehaald: {sample_inputs(again.plan)[address('answer')]}"
    )
    assert again.readings[address("answer")].state == "unknown"
    once_more = repaired(again)
    assert once_more.inputs == fresh.inputs
    assert [(e.reason, e.value) for e in once_more.extra] == [
        (e.reason, e.value) for e in fresh.extra
    ]


@pytest.mark.parametrize(
    ("value", "code", "nl", "en"),
    [
        (0.95, "0%", "95 %", "95 %"), (0.955, "0.0%", "95,5 %", "95.5 %"),
        (1234.5, "#,##0.00", "1.234,50", "1,234.50"),
        (1234567.0, "#,##0", "1.234.567", "1,234,567"),
        (1234.5, '"€" #,##0.00', "€ 1.234,50", "€ 1,234.50"),
        (1234.5, "[$€-413]\\ #,##0.00;[Red][$€-413]\\ -#,##0.00", "€ 1.234,50", "€ 1,234.50"),
        (-5.0, "_ [$€-413]\\ * #,##0.00_ ;_ [$€-413]\\ * \\-#,##0.00_ ;_ @_ ", "€ -5,00",
        "€ -5.00"),
        (datetime(2026, 4, 3), "d-mmm", "3-apr", "3-apr"),  # noqa: DTZ001
        (datetime(2026, 3, 3), "d mmmm yyyy", "3 maart 2026", "3 march 2026"),  # noqa: DTZ001
        (datetime(2026, 4, 3, 9, 5), "dd-mm-yyyy h:mm", "03-04-2026 9:05", "03-04-2026 9:05"),  # noqa: DTZ001
        (0.5, "h:mm", "12:00", "12:00"), (1.5, "[h]:mm", "36:00", "36:00"),
        (7.0, "000", "007", "007"), (2.5, "0.##", "2,5", "2.5"),
        (0.0, '0;-0;"nihil"', "nihil", "nihil"),
        (12.0, '0 "weken"', "12 weken", "12 weken"), (0.1 + 0.2, "General", "0,3", "0.3"),
        (5.123456890512345e19, "General", "51234568905123400000", "51234568905123400000"),
        (1500.0, '#,##0.0,"k"', "1,5k", "1.5k"),
    ],
)  # fmt: skip
def test_numbers_as_a_program_shows_them(
    value: float | datetime, code: str, nl: str, en: str
) -> None:
    assert (displayed(value, code, "nl"), displayed(value, code, "en")) == (nl, en)


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (True, "nl", "WAAR"), (False, "en", "FALSE"), (0.95, "nl", "0,95"), (0.95, "en", "0.95"),
        (12.0, "nl", "12"), (1e15, "nl", "1000000000000000"), (0.1 + 0.2, "en", "0.3"),
    ],
)  # fmt: skip
def test_a_value_in_a_text_is_read_as_typed(value: RawValue, lang: Lang, text: str) -> None:
    assert FreeText().from_cell(value, lang).cell == text


def _formats(sheet: Any) -> None:
    for cell, value, code in (
        ("J5", 0.95, "0%"), ("J6", 1234.5, "#,##0.00"), ("K5", datetime(2026, 4, 3), "d-mmm"),  # noqa: DTZ001
        ("S5", 51234568905123456890, "General"), ("K6", 1234.5, '"€" #,##0.00'),
    ):  # fmt: skip
        sheet[cell], sheet[cell].number_format = value, code


def test_numbers_in_texts_are_read_as_shown() -> None:
    """From both readers and in the portfolio; what was lost of a long number is told."""
    data = saved(_formats)
    expected = {
        address("evidence"): "95 %", address("location"): "3-apr",
        address("owner"): "51234568905123400000",
        address("evidence", "KO-102"): "1.234,50", address("location", "KO-102"): "€ 1.234,50",
    }  # fmt: skip
    for found in (read(data), checked(data).submission):
        assert found is not None
        assert {a: found.as_understood[a] for a in expected} == expected
    assert told(data, "DIGITS_LOST") == ["S5"]
    texts = body_of(data, library())["texts"]
    assert {a: v for a, v in expected.items() if [a.row, a.column, v] in texts} == expected


@cache
def shows_much() -> bytes:
    """Answers struck through, numbers with formats of their own, a truth value."""

    def edit(sheet: Any) -> None:
        _formats(sheet)
        _struck(sheet)
        sheet["J5"], sheet["J5"].number_format, sheet["J7"] = 0.95, "0%", True

    return saved(edit)


def _days(values: dict[str, object]) -> bytes:
    def edit(sheet: Any) -> None:
        for row in range(6, 68):
            sheet.cell(row, 12).value = None
        for cell, value in values.items():
            sheet[cell] = value

    return saved(edit)


def test_one_month_first_day_makes_its_column_doubtful() -> None:
    """Which day the others are is not guessed; equal numbers and names of months are sure."""
    data = _days(
        {"Q5": "04/19/2026", "Q6": "05/01/2026", "Q7": "05/05/2026", "Q8": "3 mei 2026",
        "Q9": "2026-05-04",
         "Q10": "25-12-2026", "R5": "01/02/2027"}
    )  # fmt: skip
    assert told(data, "DATE_WRONG") == ["Q5"]
    assert told(data, "DATE_DOUBTFUL") == ["Q6"]
    (doubt,) = [p for p in read(data).problems if p.code == "DATE_DOUBTFUL"]
    assert doubt.slots == {"value": "05/01/2026", "other": "04/19/2026"}
    assert sorted(told(data, "ANSWER_CLEANED")) == ["Q10", "Q7", "Q8", "Q9", "R5"]
    assert read(data).readings[address("evidence_date", "KO-102")].state == "unknown"
    assert quick(read_grid("w.xlsx", data), library()) is None


def test_days_in_our_order_stay_as_they_were() -> None:
    data = _days({"Q5": "19-04-2026", "Q6": "05/01/2026", "Q7": "05/05/2026"})
    assert told(data, "DATE_DOUBTFUL") == []
    assert len(told(data, "ANSWER_CLEANED")) == 3


def test_a_file_with_all_its_days_month_first() -> None:
    """None of 186 becomes another day."""
    found = read((FILES / "us_text_dates.xlsx").read_bytes())
    cleaned = [p.slots for p in found.problems if p.code == "ANSWER_CLEANED"]
    assert [p.code for p in found.problems].count("DATE_DOUBTFUL") == 65
    assert all(s["value"][:2] == s["value"][3:5] for s in cleaned)


@pytest.mark.parametrize(
    "blank", [" ", "\u00a0", "\u2007", "\u202f", "\u2003", "\u200b", "\t", "\n", " \u00a0\t"]
)
def test_evidence_of_blanks_only_is_none(blank: str) -> None:
    """As understood there is none, whatever kind of blank; the difference is told but of spaces."""
    reading = FreeText().from_cell(blank, "nl")
    assert reading.cell is None
    assert reading.state == ("blank" if blank == " " else "cleaned")


def test_evidence_of_a_non_breaking_blank_in_a_file() -> None:
    found = read((FILES / "nbsp_evidence.xlsx").read_bytes())
    cells = [a for a, r in found.readings.items() if r.state == "cleaned" and r.cell is None]
    assert cells
    assert [p.slots["understood"] for p in found.problems if p.code == "ANSWER_CLEANED"] == [""]
    result = assess(found.plan.model, found.as_understood)
    assert result.total.substantiated == 0


def test_a_typed_truth_value_is_no_formula() -> None:
    """LibreOffice and Gnumeric write =TRUE() for it; any other formula is told."""
    grid = read_grid("w.xlsx", base(), complete=True)
    spots = {(4, 9): "TRUE()", (5, 9): " false( )", (6, 9): "1=1", (4, 90): "TRUE()"}
    sheets = [
        replace(
            s, cells={**s.cells, **dict.fromkeys(spots, True)}, formulas={**s.formulas, **spots}
        )
        if s.title == "Beoordeling" else s
        for s in grid.sheets
    ]  # fmt: skip
    found = check_grid(replace(grid, sheets=tuple(sheets)), library())
    assert [p.where.cell for p in found.problems if p.code == "ANSWER_IS_FORMULA"] == ["J7"]
    assert found.submission is not None
    assert found.submission.as_understood[address("evidence")] == "WAAR"
    assert [e.value for e in found.submission.extra if e.reason == "text"] == ["TRUE"]


@pytest.mark.parametrize("complete", [True, False])
def test_our_own_words_from_before_the_last_answer_are_not_the_users(complete: bool) -> None:
    """Formulas of ours that were not recalculated, also when formulas are not read."""
    grid = read_grid("w.xlsx", (FILES / "stale_cached.xlsx").read_bytes(), complete=complete)
    found = check_grid(grid, library()).submission
    assert found is not None
    assert [e.value for e in found.extra if e.reason == "text"] == []


def test_an_ordinary_file_is_read_the_quick_way() -> None:
    """The formats of our own cells say nothing, so nothing is kept of them."""
    grid = read_grid("w.xlsx", base())
    assert [s.title for s in grid.sheets if s.manners] == []
    assert quick(grid, library()) is not None
    assert SheetGrid("x", {}).manners == {}
