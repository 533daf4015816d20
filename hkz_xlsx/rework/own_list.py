"""Any list of questions as rows of a question set: its columns are found by their headers.

Only the question itself is needed. What a list does not say is filled in as a set needs it, and
what cannot be part of a set is told with its cell, as for a reviewed sheet.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hkz_xlsx.layout.codecs import folded
from hkz_xlsx.norm.authoring import RUBRIEK_NUMBER, Placed
from hkz_xlsx.norm.checks import REQUIREMENT_ID
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.rework.question_headers import Headers
from hkz_xlsx.rework.question_sheet import QuestionSheetReader, Review, chosen_sheets
from hkz_xlsx.scoring.cell_values import a1, shown
from hkz_xlsx.spreadsheet.grid import SheetGrid
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.spreadsheet.rows import Pick
from hkz_xlsx.text import LANGS, catalogue

QUESTION = "question_nl"
KEYS: Mapping[str, str] = {
    "question": QUESTION, "question_en": "question_en", "tip": "tip_nl", "tip_en": "tip_en",
    "evidence": "evidence_nl", "evidence_en": "evidence_en", "rubriek": "rubriek",
    "topic": "title_nl", "topic_en": "title_en", "id": "id", "weight": "weight", "core": "core",
    "na_allowed": "na_allowed",
}  # fmt: skip
"""What a list may say → the column of a reviewed sheet that it comes to stand in."""

_FIRST_NUMBER, _LAST_NUMBER = 101, 999


@cache
def _spellings() -> Mapping[str, str]:
    """Every header that is understood without being told, folded, with its key."""
    found = {}
    for key in KEYS:
        for lang in LANGS:
            for text in catalogue(lang)[f"own_list.also.{key}"].split(";"):
                found[folded(text)] = key
    return found


@dataclass(frozen=True, slots=True)
class _ListHeaders(Headers):
    """The headers of a list: of what is missing nothing is said."""

    def problems(self, file: str, sheet: SheetGrid) -> Iterator[Problem]:
        """Columns that are not read."""
        used = {*self.at.values()}
        below = [column for row, column in sheet.cells if row > self.row and column not in used]
        for column in sorted(set(below)):
            header, count = self.others.get(column) or "–", below.count(column)
            where = Where(file, None, sheet.title, a1(self.row, column))
            yield problem("LIST_COLUMN_UNREAD", where, column=header, count=count)


def _find(sheet: SheetGrid, named: Mapping[str, str]) -> _ListHeaders | None:
    """The row with most headers, one for the question among them and with a question below it: a
    title can be a header by accident. What was named goes before what is known."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        rows.setdefault(row, {})[column] = shown(value).strip()
    found = [_heads(row, cells, named) for row, cells in rows.items()]
    able = [
        head
        for head in found
        if QUESTION in head.at
        and all(KEYS[key] in head.at for key in named)
        and (head.row + 1, head.at[QUESTION]) in sheet.cells
    ]
    return max(able, key=lambda head: (len(head.at), -head.row), default=None)


def _heads(row: int, cells: Mapping[int, str], named: Mapping[str, str]) -> _ListHeaders:
    known = {**_spellings(), **{folded(text): key for key, text in named.items()}}
    at: dict[str, int] = {}
    others: dict[int, str] = {}
    for column, text in cells.items():
        key = known.get(folded(text), "")
        other = folded(named.get(key, text)) != folded(text)
        if not key or KEYS[key] in at or other:
            others[column] = text
        else:
            at[KEYS[key]] = column
    return _ListHeaders(row, at, {}, others)


def read_list(path: Path, named: Mapping[str, str], pick: Pick) -> Review:
    """Every row of a list with a question, as a reviewed sheet has it; blank where it says nothing.

    Args:
        path: a workbook.
        named: key of `KEYS` → header, where the list has headers of its own.
        pick: what to read beyond what a person sees.

    Raises:
        HkzError: no sheet has a column for the question, or not those that were named.
    """
    grid = open_workbook(path, complete=True)
    filled = [sheet for sheet in grid.sheets if sheet.cells]
    headers = {sheet.title: _find(sheet, named) for sheet in filled}
    if not any(headers.values()):
        asked = ", ".join(named.values()) or "–"
        raise HkzError(problem("OWN_LIST_NO_QUESTION", Where(grid.file), headers=asked))
    said: list[Problem] = []
    rows: list[Placed] = []
    for sheet in chosen_sheets(grid, filled, headers, pick):
        head = headers[sheet.title]
        if head is None:
            slots = {"headers": ", ".join(named.values()) or "–"}
            raise HkzError(
                problem("OWN_LIST_NO_QUESTION", Where(grid.file, None, sheet.title), **slots)
            )
        reader = QuestionSheetReader(grid.file, sheet, head, pick, alone=("id", QUESTION))
        rows += reader.read()
        said += reader.problems
    return Review(tuple(rows), tuple(said))


@dataclass(frozen=True, slots=True)
class ListDefaults:
    """What a set needs and a list does not say: a title, a tip, an example of evidence; letters of
    new numbers; and the numbers that questions had before."""

    title: str
    prefix: str
    tip: tuple[str, str]
    evidence: tuple[str, str]
    before: Mapping[str, str]


def completed(
    rows: Sequence[Placed], defaults: ListDefaults
) -> tuple[tuple[Placed, ...], Mapping[str, str]]:
    """The rows of a list with everything that a set needs, and the titles of its rubrieken.

    A question keeps its number as long as its text is the same; another text is another question
    and gets a number that was never used, unless the list gives the number itself.
    """
    numbers = _numbers(rows, defaults)
    rubrieken = _rubrieken([row.cells["rubriek"] or defaults.title for row in rows])
    done = tuple(
        replace(row, cells=_whole(row, number, rubrieken, defaults))
        for row, number in zip(rows, numbers, strict=True)
    )
    return done, dict(rubrieken.values())


def _numbers(rows: Sequence[Placed], defaults: ListDefaults) -> list[str]:
    given = [row.cells["id"] for row in rows]
    used = {*given, *defaults.before.values()}
    free = (f"{defaults.prefix}-{n}" for n in range(_FIRST_NUMBER, _LAST_NUMBER + 1))
    fresh = (number for number in free if number not in used)
    taken: set[str] = set()
    found = []
    for row, own in zip(rows, given, strict=True):
        known = defaults.before.get(folded(row.cells[QUESTION]), "")
        if REQUIREMENT_ID.fullmatch(own):
            number = own
        elif known and known not in taken and known not in given:
            number = known
        else:
            number = next(fresh, "")
        taken.add(number)
        found.append(number)
    return found


def _whole(
    row: Placed, number: str, rubrieken: Mapping[str, tuple[str, str]], defaults: ListDefaults
) -> dict[str, str]:
    cells = dict(row.cells)
    place, title = rubrieken[cells["rubriek"] or defaults.title]
    topic = cells["title_nl"] or title
    core = _yes(cells["core"]) or "no"
    values = {
        "rubriek": place, "id": number, "title_nl": topic, "title_en": cells["title_en"] or topic,
        "topic": _slug(topic), "catalogue": "eigen", "core": core, "evidence_rule": "required",
        "question_en": cells["question_en"] or cells[QUESTION],
        "weight": cells["weight"] or "1", "confidence": "general",
        "na_allowed": _yes(cells["na_allowed"]) or ("no" if core == "yes" else "yes"),
    }  # fmt: skip
    for name, (nl, en) in (("tip", defaults.tip), ("evidence", defaults.evidence)):
        dutch = "\n".join(re.split(r"\s*[;\n]\s*", cells[f"{name}_nl"])) or nl
        values[f"{name}_nl"] = dutch
        other = cells[f"{name}_en"] or (dutch if cells[f"{name}_nl"] else en)
        values[f"{name}_en"] = "\n".join(re.split(r"\s*[;\n]\s*", other))
    return {**cells, **values}


def _rubrieken(texts: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Number and title by what a list says: ``4. Beleid`` says both, a title alone is numbered."""
    found: dict[str, tuple[str, str]] = {}
    for text in dict.fromkeys(texts):
        said = re.fullmatch(r"(\d{1,3})[.:)]?\s+(\S.*)", text)
        if said:
            found[text] = said[1], said[2]
        elif RUBRIEK_NUMBER.fullmatch(text) and any(map(str.isdigit, text)):
            found[text] = text, text
    free = (str(n) for n in itertools.count(1) if str(n) not in {k for k, _ in found.values()})
    for text in dict.fromkeys(texts):
        if text not in found:
            found[text] = next(free), text
    return {text: found[text] for text in dict.fromkeys(texts)}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folded(text).lower()).strip("-") or "onderwerp"


_WORDS = {
    **dict.fromkeys(("ja", "j", "yes", "y", "x", "true", "waar", "1"), "yes"),
    **dict.fromkeys(("nee", "n", "no", "false", "onwaar", "0", "-"), "no"),
}  # fmt: skip


def _yes(text: str) -> str:
    """``yes`` or ``no`` for the words of people; other words as they are, to be told."""
    return _WORDS.get(text.strip().casefold(), text)
