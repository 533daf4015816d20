"""What is written again is written in the newest layout, with the texts of today."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hkz_xlsx.layout.codecs import Choice, Codec
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import Where
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import CellValue, from_serial, shown
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import Extra, Reason
from hkz_xlsx.text import Lang


def newest(plan: WorkbookPlan, least: int = LAYOUT_VERSION) -> WorkbookPlan:
    """The plan of a fresh workbook of the same norms, scope and language.

    Args:
        plan: that of the workbook as it is.
        least: the layout that the fresh one has at least.
    """
    identity = plan.identity
    if identity.layout >= least and not plan.model.wording:
        return plan
    layout = max(identity.layout, least)
    return plan_workbook(
        plan.model.selection, plan.lang, identity.asked, layout, previous=identity.previous
    )


_MOST_LAST = 4
_LAST: OrderedDict[int, tuple[WorkbookPlan, Mapping[Address, Codec | None]]] = OrderedDict()
"""Of the last plans, by identity: each is kept here, so that no other can take its place."""


def codecs(plan: WorkbookPlan) -> Mapping[Address, Codec | None]:
    """The kind of answer of every input cell; of the last plans it is known already."""
    if id(plan) not in _LAST:
        found = {
            Address(block.table.key, row, field.key): field.codec(index)
            for _, block, field in plan.inputs()
            for index, row in enumerate(block.table.rows)
        }
        _LAST[id(plan)] = plan, MappingProxyType(found)
        while len(_LAST) > _MOST_LAST:
            _LAST.popitem(last=False)
    _LAST.move_to_end(id(plan))
    return _LAST[id(plan)][1]


def visible(value: CellValue, codec: Codec | None) -> str:
    """A value as people write it: dates as day-month-year."""
    if codec is not None and codec.kind == "date" and isinstance(value, float):
        return from_serial(value).strftime("%d-%m-%Y")
    return shown(value)


def in_words_of(
    value: CellValue, before: Codec | None, now: Codec | None, langs: tuple[Lang, Lang]
) -> CellValue:
    """A value as it stands in another workbook: words to choose from are those of that one.

    Args:
        value: as it was understood.
        before: the kind of cell it stood in.
        now: the kind of cell it comes to stand in.
        langs: the languages of both workbooks.
    """
    if isinstance(before, Choice) and isinstance(now, Choice) and isinstance(value, str):
        code = before.code(value, langs[0])
        if code is not None:
            return now.label(code, langs[1])
    return value


def placed(submission: Submission, plan: WorkbookPlan) -> Inputs:
    """Everything typed in a file that has a place in another plan, in the words of that plan."""
    if plan is submission.plan:
        return submission.as_understood
    before, now = codecs(submission.plan), codecs(plan)
    langs = (submission.plan.lang, plan.lang)
    return {
        address: in_words_of(value, before.get(address), now[address], langs)
        for address, value in submission.as_understood.items()
        if address in now
    }


def without_place(submission: Submission, plan: WorkbookPlan) -> Iterator[Extra]:
    """What was typed on rows and in columns that another plan does not have."""
    if plan is submission.plan:
        return
    before, now = codecs(submission.plan), codecs(plan)
    rows = {(address.table, address.row) for address in now}
    names = {
        (block.table.key, field.key): field.header
        for _, block in submission.plan.blocks()
        for field in block.fields
    }
    for address, value in submission.as_understood.items():
        if address not in now:
            known = (address.table, address.row) in rows
            where = submission.places.get(address, Where(submission.file))
            header = names[address.table, address.column]
            reason: Reason = "column_gone" if known else "row_unknown"
            text = visible(value, before.get(address))
            yield Extra(reason, where, text, address.row, header)
