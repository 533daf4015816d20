"""A copy to give away: without licensed text of the norm, and blind, without who and what about.

Which norm paragraphs and texts people typed from their own copy never travels. A blind copy keeps
what is counted: choices, numbers, dates, and that something was filled in; scores stay the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.codecs import FreeText, KvkNumber
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.returned.licensed import licensed_among
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.newest import codecs, newest
from hkz_xlsx.rework.repair import Fresh, headers, repaired
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import LICENSED, WHO, T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import with_loose
from hkz_xlsx.text import say


@dataclass(frozen=True, slots=True)
class SharedWorkbook:
    """What is written, and what was taken out: cells per sheet and header."""

    fresh: Fresh
    taken: Mapping[str, int]


def shared(submission: Submission, *, blind: bool) -> SharedWorkbook:
    """A copy in the newest layout; the file itself stays as it is.

    Args:
        submission: the file, read completely.
        blind: also take out organisation, location, KvK number, contact, owners, assessors,
            free texts, provenance and the workbook id. Of a free text stays that there was one.
    """
    fresh = repaired(submission)
    kinds, names = codecs(fresh.plan), headers(fresh.plan)
    left: dict[Address, CellValue] = {}
    taken: Counter[str] = Counter()
    for address, value in fresh.inputs.items():
        kept = _kept(address, value, kinds, fresh.plan, blind=blind)
        if kept is not None:
            left[address] = kept
        if kept != value:
            taken[_place(address, names, fresh.plan)] += 1
    own = set(licensed_among(fresh.extra))
    extra = () if blind else tuple(one for one in fresh.extra if one not in own)
    taken[fresh.plan.text("share.listed")] += len(fresh.extra) - len(extra)
    notes = {} if blind else {a: n for a, n in fresh.notes.items() if a.column not in LICENSED}
    plan = with_loose(newest(submission.plan), extra)
    return SharedWorkbook(Fresh(plan, left, notes, extra), +taken)


def _kept(
    address: Address, value: CellValue, kinds: Mapping[Address, object], plan: WorkbookPlan, *,
    blind: bool,
) -> CellValue:  # fmt: skip
    """What stays of a cell; None for nothing."""
    if address.table == T.requirements and address.column in LICENSED:
        return None
    if not blind:
        return value
    if address == WORKBOOK_ID or (address.table in WHO and address.table != "organisation"):
        return None
    kind = kinds.get(address)
    if address.table == "organisation" and isinstance(kind, FreeText | KvkNumber):
        return None
    if isinstance(kind, FreeText) and isinstance(value, str):
        return plan.text("share.left_out")
    return value


def _place(address: Address, names: Mapping[tuple[str, str], str], plan: WorkbookPlan) -> str:
    if address == WORKBOOK_ID:  # on a sheet that nobody sees
        return say(plan.lang, "share.number")
    sheets = {block.table.key: sheet.title for sheet, block in plan.blocks()}
    header = names.get((address.table, address.column), address.column)
    return f"{sheets.get(address.table, address.table)} – {header.removesuffix('_')}"
