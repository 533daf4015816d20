"""Workbooks in every stage, small enough to be quick: what the reports are proven on."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.report.model import GapReport, gap_report
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

PART = "125"
CASES = ("empty", "half", "nearly", "ready", "odd")
TODAY = date(2026, 11, 2)

HOSTILE = "<script>alert(1)</script> =cmd|'/C calc'!A0 | ](javascript:x) `*_# $x$ @jan :ok:"
ARABIC, HEBREW, EMOJI, HAN = "السلام عليكم", "שלום עולם", "🏥😀", "漢"
LONG = ("Heel lang verhaal. " * 1700)[:32_000].strip()
WORD = "x" * 300


def _label(name: str, code: str, lang: Lang) -> str:
    return Choice(name).label(code, lang)


def _full(lang: Lang, partly: int) -> dict[Address, CellValue]:
    """Every row met and shown, but for some partly; the first core one among them."""
    rows = plan_of(lang, PART).model.selection.rows
    core = [r.requirement.id for r in rows if r.requirement.core]
    some = {*core[:1], *(r.requirement.id for r in rows[:partly])} if partly else set()
    inputs: dict[Address, CellValue] = {
        Address("organisation", "name", "value"): "Zorggroep De Linde",
        Address(T.settings, "reference_date", "value"): serial(TODAY),
    }
    for index, row in enumerate(rows):
        key = row.requirement.id
        code = "partly" if key in some else "yes"
        inputs[Address(T.requirements, key, "answer")] = _label("status", code, lang)
        inputs[Address(T.requirements, key, "maturity")] = _label("maturity", "3", lang)
        inputs[Address(T.requirements, key, "evidence")] = f"Verslag {index}"
        if index % 5 == 0:
            inputs[Address(T.requirements, key, "valid_until")] = serial(TODAY) + 60 * index
        if code == "partly":
            inputs[Address(T.requirements, key, "action")] = "Afmaken"
            inputs[Address(T.requirements, key, "action_owner")] = "Directeur"
            inputs[Address(T.requirements, key, "action_due")] = serial(TODAY) + 40
    return inputs


def _half(lang: Lang) -> dict[Address, CellValue]:
    plan = plan_of(lang, PART)
    rows = [r.requirement.id for r in plan.model.selection.rows]
    answered = set(rows[: len(rows) // 2])
    return {
        address: value
        for address, value in sample_inputs(plan, seed=3, today=TODAY).items()
        if address.table != T.requirements or address.row in answered
    }


def _odd(lang: Lang) -> dict[Address, CellValue]:
    """Everything a stranger can type, in every text cell of a few rows."""
    inputs = _half(lang)
    rows = [r.requirement.id for r in plan_of(lang, PART).model.selection.rows]
    texts = (
        HOSTILE,
        f"{ARABIC} {HEBREW}",
        f"{EMOJI} {HAN} {WORD}",
        LONG,
        "  \u202eomgekeerd \n\n x ",
    )
    codes = ("no", "partly", "yes", "na", "unknown")
    for index, text in enumerate(texts):
        row = rows[index]
        inputs[Address(T.requirements, row, "answer")] = _label("status", codes[index], lang)
        columns = (
            "note",
            "action",
            "action_owner",
            "evidence",
            "location",
            "owner",
            "advisor_note",
        )
        for column in columns:
            inputs[Address(T.requirements, row, column)] = text
    inputs[Address(T.requirements, rows[5], "answer")] = HOSTILE
    inputs[Address(T.requirements, rows[6], "action_due")] = "a|b\n<script>"
    inputs[Address(T.requirements, rows[7], "note")] = LONG
    inputs[Address("organisation", "name", "value")] = f"{HOSTILE} {ARABIC} {EMOJI}"
    return inputs


def inputs_of(case: str, lang: Lang = "nl") -> dict[Address, CellValue]:
    if case == "half":
        return _half(lang)
    if case == "odd":
        return _odd(lang)
    return {"empty": {}, "nearly": _full(lang, 4), "ready": _full(lang, 0)}[case]


def submission(inputs: dict[Address, CellValue], lang: Lang = "nl", part: str = PART) -> Submission:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "werkboek.xlsx"
        path.write_bytes(write_workbook(plan_of(lang, part), inputs))
        return read_workbook(path, library())


@cache
def read_case(case: str, lang: Lang = "nl") -> Submission:
    return submission(inputs_of(case, lang), lang)


@cache
def _earlier(lang: Lang) -> Submission:
    """*half*, of the organisation of *nearly*."""
    keys = [Address("organisation", key, "value") for key in ("name", "location", "kvk")]
    own = {key: inputs_of("nearly", lang).get(key) for key in keys}
    inputs = {**inputs_of("half", lang), **own}
    return submission({key: value for key, value in inputs.items() if value is not None}, lang)


@cache
def report_of(case: str, lang: Lang = "nl") -> GapReport:
    """The report of a case; that of *nearly* compares with *half*."""
    previous = _earlier(lang) if case == "nearly" else None
    return gap_report(read_case(case, lang), lang, None, previous)
