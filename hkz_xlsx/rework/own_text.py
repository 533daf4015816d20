"""Text of the norm from somebody's own copy: a list to fill in, and beside which questions it goes.

It is carried along in a workbook and stands in no norm file; questions, scores and fingerprints do
not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.model import Requirement
from hkz_xlsx.norm.select import Selection
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.scoring.cell_values import CellError, RawValue, a1, shown
from hkz_xlsx.scoring.choices import OWN_TEXT, T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.spreadsheet.grid import SheetGrid
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.text import LANGS, Lang, every_wording, messages, say
from hkz_xlsx.writing.tables import TableColumn, TableSheet, write_tables

_ASKED = ("id", "topic", "asked")
_TYPED = ("clause", "text")
_WIDTHS = {"id": 10.0, "topic": 24.0, "asked": 60.0, "clause": 16.0, "text": 80.0}


def own_text_list(selection: Selection, lang: Lang) -> bytes:
    """The bytes of a list with every question and empty cells for paragraph and text."""
    text = messages(lang)
    columns = [
        TableColumn(
            text(f"column.own_text.{key}"), width, "typed" if key in _TYPED else "text"
        )
        for key, width in _WIDTHS.items()
    ]  # fmt: skip
    rows = [
        (r.requirement.id, r.topic.title.get(lang), r.requirement.question.get(lang), "", "")
        for r in selection.rows
    ]
    names = ", ".join(map(str, selection.editions))
    title, note = text("own_text.title"), say(lang, "own_text.note", norms=names)
    sheet = TableSheet(title, f"{title}: {names}", note, "OwnText", tuple(columns), rows)
    return write_tables([sheet], title)


@dataclass(frozen=True, slots=True)
class OwnText:
    """What stands beside one question in the list; ``asked`` is the question as it stands there."""

    row: str
    asked: str
    text: str
    where: Where


def read_own_text(path: Path) -> tuple[OwnText, ...]:
    """The list as it was filled in, found by its headers; rows without text are left out.

    Raises:
        HkzError: not such a list, or a cell that a program turned into a day or an error. Every
            such cell is named; what stands in it is never shown.
    """
    grid = open_workbook(path)
    for sheet in grid.sheets:
        for lang, wording in product(LANGS, every_wording()):
            text = messages(lang, wording)
            names = {text(f"column.own_text.{key}"): key for key in (*_ASKED, *_TYPED)}
            found = _headers(sheet, names)
            if found is not None:
                return _rows(sheet, found, grid.file)
    raise HkzError(problem("OWN_TEXT_LIST", Where(grid.file)))


def _headers(sheet: SheetGrid, names: Mapping[str, str]) -> tuple[int, dict[str, int]] | None:
    """The row of headers and the column of each; None where the ones that matter are not there."""
    rows: dict[int, dict[str, int]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        key = names.get(shown(value).strip())
        if key is not None:
            rows.setdefault(row, {}).setdefault(key, column)
    needed = {"id", "asked", *_TYPED}
    return next(((row, at) for row, at in sorted(rows.items()) if needed <= at.keys()), None)


def _rows(sheet: SheetGrid, found: tuple[int, dict[str, int]], file: str) -> tuple[OwnText, ...]:
    header, at = found
    lines: list[OwnText] = []
    wrong: list[Problem] = []
    for row in sorted({row for row, _ in sheet.cells if row > header}):
        cells = {key: sheet.cells.get((row, column)) for key, column in at.items()}
        typed = [_text(cells[key]) for key in _TYPED]
        if not any(typed) and not any(_odd(cells[key]) for key in _TYPED):
            continue
        where = Where(file, None, sheet.title, a1(row, at["text"]), shown(cells["id"]).strip())
        for key in _TYPED:
            if _odd(cells[key]):
                spot = Where(file, None, sheet.title, a1(row, at[key]), where.requirement)
                wrong.append(problem("OWN_TEXT_CELL", spot))
        text = ": ".join(part for part in typed if part)
        lines.append(OwnText(where.requirement, shown(cells["asked"]).strip(), text, where))
    if wrong:
        raise HkzError(*wrong)
    return tuple(lines)


def _odd(value: RawValue) -> bool:
    """A cell that does not hold what was typed: 4-1 became the fourth of January."""
    return isinstance(value, datetime | CellError | bool)


def _text(value: RawValue) -> str:
    """As typed; a paragraph that is a number has a full stop in every language."""
    return f"{value:g}" if isinstance(value, int | float) else shown(value).strip()


def placed(
    lines: tuple[OwnText, ...], plan: WorkbookPlan, file: str
) -> tuple[Inputs, tuple[Problem, ...]]:
    """The cells of a workbook in which the texts come, and what is to be said of the others.

    A text of a question that is another one here is not put beside it.

    Args:
        lines: from `read_own_text`; several lines about one question come under each other.
        plan: the workbook.
        file: name of the list, for when nothing in it can be used.

    Raises:
        HkzError: none of them belongs to a question of this workbook.
    """
    asked = {row.requirement.id: row.requirement for row in plan.model.selection.rows}
    left_out = {one.id for one in plan.model.selection.left_out}
    found: dict[Address, str] = {}
    told: list[Problem] = []
    for line in lines:
        here = asked.get(line.row)
        if here is None:
            if line.row not in left_out:
                told.append(problem("OWN_TEXT_NO_ROW", line.where))
        elif line.asked not in _wordings(here):
            told.append(problem("OWN_TEXT_OTHER_QUESTION", line.where))
        else:
            at = Address(T.requirements, line.row, OWN_TEXT)
            found[at] = f"{found[at]}\n{line.text}" if at in found else line.text
    if not found:
        raise HkzError(*(told or [problem("OWN_TEXT_NOTHING", Where(file))]))
    return dict(found), tuple(told)


def _wordings(asked: Requirement) -> Iterator[str]:
    """The question in every language: the list may have another than the workbook."""
    for lang in LANGS:
        yield asked.question.get(lang).strip()
