"""What becomes of the tables around the questions: kept, cleared for a new year, or finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from hkz_xlsx.layout.codecs import Choice, Codec
from hkz_xlsx.returned.questions import Passage
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import HOW_FAR, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import Lang

Fate = Literal["carried", "shown", "listed", "completed", "renewed"]
"""Carried into its cell, shown beside a question, listed, listed as finished, or belonging to one
measurement only, so that it is asked for again."""

Purpose = Literal["same", "start", "next"]
"""What the new workbook is for: the same measurement, a new workbook that begins with earlier
answers, or the next year's."""

STEPS, REVIEW, FINDINGS = "steps", "review", "findings"

TABLES: Mapping[str, tuple[str, ...]] = {
    STEPS: (T.steps_first, T.steps_yearly),
    REVIEW: ("review_meeting", "agenda", "audit_programme"),
    FINDINGS: ("audit_findings",),
}
"""Tables by the word that a crosswalk uses for them."""

_NEXT_YEAR: Mapping[str, str] = {
    T.steps_yearly: "clear",
    "review_meeting": "clear", "agenda": "clear", "audit_programme": "clear", T.sign_off: "clear",
    "audit_findings": "keep-open",
}  # fmt: skip
"""What a new year clears; the first round of the step plan is done once."""

_OF_ONE_MEASUREMENT = tuple(Address(T.settings, key, "value") for key in (
    "reference_date", "cycle_date",
))  # fmt: skip

_DONE = ("done", "dropped")


def table_fates(
    typed: Mapping[Address, CellValue],
    codecs: Mapping[Address, Codec],
    lang: Lang,
    way: Passage,
    purpose: Purpose,
) -> dict[Address, Fate]:
    """What becomes of cells besides those of Beoordeling, where it is not just carried.

    Args:
        typed: everything typed, as understood.
        codecs: the kind of answer of each cell.
        lang: the language of the file.
        way: with what crosswalks say of tables.
        purpose: what the new workbook is for.
    """
    rules = {
        table: way.tables[word] for word, tables in TABLES.items() if word in way.tables
        for table in tables
    }  # fmt: skip
    if purpose == "next":
        rules |= _NEXT_YEAR
    open_rows = _open_rows(typed, codecs, lang)
    found: dict[Address, Fate] = {}
    for address in typed:
        rule = rules.get(address.table, "same")
        if purpose == "next" and address in _OF_ONE_MEASUREMENT:
            found[address] = "renewed"
        elif rule == "clear" or (
            rule == "keep-open" and (address.table, address.row) not in open_rows
        ):
            found[address] = "completed"
    return found


def _open_rows(
    typed: Mapping[Address, CellValue], codecs: Mapping[Address, Codec], lang: Lang
) -> set[tuple[str, str]]:
    """Rows of tables whose status does not say that they are done; those without one are open."""
    rows = {(a.table, a.row) for a in typed}
    for address, value in typed.items():
        codec = codecs[address]
        code = codec.code(value, lang) if isinstance(codec, Choice) else None
        if address.column == HOW_FAR and code in _DONE:
            rows.discard((address.table, address.row))
    return rows
