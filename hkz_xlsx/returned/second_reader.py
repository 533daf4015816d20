"""What another program's reader gives for every answer, beside our own: openpyxl, which is written
by others for other ends. Where both say the same, a value stands in the file; where they do not,
a person looks at that cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose

from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import RawValue, cell_value, shown
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.calamine import with_openpyxl
from hkz_xlsx.spreadsheet.cells import place
from hkz_xlsx.spreadsheet.grid import Spot

_ZIP = b"PK"


@dataclass(frozen=True, slots=True)
class ReaderPair:
    """What two readers say of one cell that an answer may stand in, as text; empty when blank."""

    table: str
    row: str
    column: str
    where: Where
    ours: str
    second: str
    same: bool


def pairs(
    submission: Submission, data: bytes
) -> tuple[tuple[ReaderPair, ...], tuple[Problem, ...]]:
    """Both readers' values of every answer, and what there is to say of them.

    Args:
        submission: what we read.
        data: the bytes of the same file.
    """
    where = Where(submission.file)
    if submission.kind not in ("xlsx", "xlsm") or not data.startswith(_ZIP):
        return (), (problem("SECOND_READER_NOT", where, kind=submission.kind),)
    try:
        sheets, _ = with_openpyxl(data)
    except MemoryError:
        raise
    except Exception as fault:  # whatever it raises, it is about itself and not about the file
        return (), (problem("SECOND_READER_FAILED", where, detail=type(fault).__name__),)
    found = tuple(_pairs(submission, {sheet.title: sheet.cells for sheet in sheets}))
    other = tuple(
        problem("SECOND_READER_DIFFERS", one.where, value=one.ours or "–", other=one.second or "–")
        for one in found
        if not one.same
    )
    counts = {"count": len(found), "same": len(found) - len(other)}
    return found, (problem("SECOND_READER_READ", where, **counts), *other)


def _pairs(
    submission: Submission, sheets: Mapping[str, Mapping[Spot, RawValue]]
) -> Iterator[ReaderPair]:
    tables = submission.plan.model.tables
    typed = {(table.key, column) for table in tables for column in table.inputs()}
    for address, where in submission.places.items():
        if not where.cell or (address.table, address.column) not in typed:
            continue
        ours = submission.raw.get(address)
        second = sheets.get(where.sheet, {}).get(place(where.cell) or (-1, -1))
        yield _pair(address, where, ours, second)


def _pair(address: Address, where: Where, ours: RawValue, second: RawValue) -> ReaderPair:
    one, other = cell_value(ours), cell_value(second)
    if isinstance(one, float) and isinstance(other, float):
        same = isclose(one, other, rel_tol=1e-12, abs_tol=1e-9)
    else:
        same = type(one) is type(other) and one == other
    texts = [shown(value) if value is not None else "" for value in (ours, second)]
    return ReaderPair(address.table, address.row, address.column, where, texts[0], texts[1], same)
