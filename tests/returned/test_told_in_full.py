"""What is told of a damaged workbook, word for word: the place, the row, the value and what to do.

Other tests ask for codes; a message that names another cell, or a text that is not quoted, would
pass them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import RawValue
from hkz_xlsx.spreadsheet.grid import Grid, SheetGrid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.returned.test_strangers import (
    HEADER,
    KEYS,
    Cells,
    edited,
    place,
    sheet_of,
    whole,
    with_sheet,
)
from tests.support import first_layout, library

NOTE, QUESTION, POINTS = (place("KO-101", key)[1] for key in ("note", "question", "points"))
ROW, NEXT = place("KO-101", "note")[0], place("KO-102", "note")[0]


def _on(edit: Callable[[Cells], Cells | None]) -> Callable[[], Submission]:
    return lambda: edited(edit)


def _numbers_gone(cells: Cells) -> Cells:
    return {at: v for at, v in cells.items() if at not in ((ROW, 0), (NEXT, 0))}


def _column_gone(cells: Cells) -> Cells:
    return {at: v for at, v in cells.items() if at[1] != NOTE}


def _columns_changed_places(cells: Cells) -> Cells:
    other = place("KO-101", "action")[1]
    there = {NOTE: other, other: NOTE}
    return {
        (row, there.get(column, column) if row >= HEADER else column): value
        for (row, column), value in cells.items()
    }


def _column_twice(cells: Cells) -> None:
    cells |= {(KEYS, 100): cells[KEYS, NOTE], (ROW, 100): "nog iets"}


def _row_gone(cells: Cells) -> Cells:
    return {at: v for at, v in cells.items() if at[0] != ROW}


def _row_twice(cells: Cells) -> None:
    cells |= {(200, 0): cells[ROW, 0], (200, NOTE): "een ander antwoord"}


def _row_unknown(cells: Cells) -> None:
    cells |= {(200, 0): "ZZ-999", (200, NOTE): "van wie is dit?"}


def _typed_over() -> Submission:
    """A fixed text, and a formula."""
    sheet = sheet_of(whole())
    cells = {**sheet.cells, (ROW, QUESTION): "Mijn eigen vraag", (ROW, POINTS): "niet eens"}
    formulas = {at: text for at, text in sheet.formulas.items() if at != (ROW, POINTS)}
    changed = replace(sheet, cells=cells, formulas=formulas)
    return understand(with_sheet(changed), library()).submission


def _beside(cells: Cells) -> None:
    cells |= {(ROW, 90): "zie map 3", (NEXT, 90): "zie map 4"}


def _on_a_copy() -> Submission:
    sheet = sheet_of(whole())
    copy = replace(sheet, title="Kopie", cells={**sheet.cells, (NEXT, NOTE): "iets anders"})
    return understand(with_sheet(sheet, copy), library()).submission


def _own_norm_on_a_copy() -> Submission:
    """Messages stand in reports for others, so they never quote somebody's copy of a norm."""
    sheet, at = sheet_of(whole()), place("KO-102", "paragraph")
    copy = replace(sheet, title="Kopie", cells={**sheet.cells, at: "4.2 uit de norm"})
    return understand(with_sheet(sheet, copy), library()).submission


def _identity_of_another() -> Submission:
    other = read_grid("ander.xlsx", write_workbook(first_layout("nl", "139")))
    grid = replace(whole(), sheets=(*whole().sheets[:-1], other.sheets[-1]))
    return understand(grid, library()).submission


def _of_another_version(grid: Grid) -> Grid:
    plan = first_layout("nl", "143").identity.plan

    def other(value: RawValue) -> RawValue:
        return value.replace(plan, "0" * 16) if isinstance(value, str) else value

    def sheet(one: SheetGrid) -> SheetGrid:
        return replace(one, cells={at: other(value) for at, value in one.cells.items()})

    return replace(grid, sheets=tuple(map(sheet, grid.sheets)))


def _another_layout() -> Submission:
    sheet = sheet_of(whole())
    cells = {**sheet.cells, (KEYS, 100): "requirements.later"}
    grid = _of_another_version(with_sheet(replace(sheet, cells=cells)))
    return understand(grid, library()).submission


def _other_words() -> Submission:
    return understand(_of_another_version(whole()), library()).submission


NOTES = "Toelichting / reden n.v.t."
ASKED = "Wat moet u kunnen laten zien?"

CASES: dict[str, tuple[Callable[[], Submission], tuple[str, ...]]] = {
    "numbers gone": (_on(_numbers_gone), (
        "Beoordeling!A6  (KO-101)  Het nummer van deze rij is weg of anders getypt; zij is herkend "
        "als KO-101 (en nog 1 rij).",
    )),
    "column gone": (_on(_column_gone), (
        f"Beoordeling  De kolom '{NOTES}' is niet gevonden; wat daar was ingevuld, is er niet.",
    )),
    "columns changed places": (_on(_columns_changed_places), (
        f"Beoordeling!P5  De kop van deze kolom is '{NOTES}', maar de verborgen sleutel erboven "
        "zegt iets anders; de kop is gevolgd.",
        "Beoordeling!O5  De kop van deze kolom is 'Actie', maar de verborgen sleutel erboven zegt "
        "iets anders; de kop is gevolgd.",
    )),
    "column twice": (_on(_column_twice), (
        f"Beoordeling!CW4  De kolom '{NOTES}' staat er twee keer; alleen de eerste is gelezen.",
        f"Beoordeling!CW6  (KO-101)  column_twice  KO-101  {NOTES}  nog iets",
    )),
    "row gone": (_on(_row_gone), (
        "Beoordeling  (KO-101)  Vraag KO-101 staat niet meer in het werkboek en telt als niet "
        "beantwoord.",
    )),
    "row twice": (_on(_row_twice), (
        "Beoordeling!A201  Vraag KO-101 staat er twee keer; de eerste is gebruikt.",
        f"Beoordeling!O201  (KO-101)  row_twice  KO-101  {NOTES}  een ander antwoord",
    )),
    "row unknown": (_on(_row_unknown), (
        "Beoordeling!A201  Deze rij heeft een nummer dat niet in het werkboek hoort: 'ZZ-999'.",
        "Beoordeling!A201  (ZZ-999)  row_unknown  ZZ-999  Nr  ZZ-999",
        f"Beoordeling!O201  (ZZ-999)  row_unknown  ZZ-999  {NOTES}  van wie is dit?",
    )),
    "typed over": (_typed_over, (
        f"Beoordeling!D6  (KO-101)  given  KO-101  {ASKED}  Mijn eigen vraag",
        "Beoordeling!V6  (KO-101)  formula  KO-101  Punten  niet eens",
    )),
    "beside": (_on(_beside), (
        "Beoordeling!CM6  (KO-101)  Hier staat eigen tekst buiten de invulcellen: 'zie map 3' (en "
        "nog 1 cel op dit blad).",
        "Beoordeling!CM6  (KO-101)  text  KO-101    zie map 3",
        "Beoordeling!CM7  (KO-102)  text  KO-102    zie map 4",
    )),
    "on a copy": (_on_a_copy, (
        "Beoordeling  Het blad 'Beoordeling' staat er vaker in: Kopie. Alleen 'Beoordeling' is "
        "gelezen.",
        "Kopie!O7  (KO-102)  Op dit gekopieerde blad staat 'iets anders'; geteld is 'antwoord "
        "497'.",
        f"Kopie!O7  (KO-102)  sheet_copy  KO-102  {NOTES}  iets anders",
    )),
    "own norm on a copy": (_own_norm_on_a_copy, (
        "Beoordeling  Het blad 'Beoordeling' staat er vaker in: Kopie. Alleen 'Beoordeling' is "
        "gelezen.",
        "Kopie!F7  (KO-102)  Op dit gekopieerde blad staat '…'; geteld is '…'.",
        "Kopie!F7  (KO-102)  sheet_copy  KO-102  Norm-paragraaf  4.2 uit de norm",
    )),
    "identity of another": (_identity_of_another, (
        "Het verborgen blad zegt dat dit een ander werkboek is, maar de vragen zijn die van: "
        "143@2021/r1. De vragen zijn gevolgd.",
        "_hkz  In de kop- of voettekst van dit blad staat eigen tekst: 'HKZ 139 (2015) · HKZ 123 "
        "(2015+A1:2019)'.",
        "_hkz  page      HKZ 139 (2015) · HKZ 123 (2015+A1:2019)",
    )),
    "another layout": (_another_layout, (
        "De vragen zijn dezelfde; kolommen of bladen om de vragen heen komen uit een versie van "
        "hkz die hier niet bekend is.",
    )),
    "other words": (_other_words, (
        "Vragen, kolommen en bladen zijn dezelfde; teksten eromheen komen uit een versie van hkz "
        "die hier niet bekend is.",
    )),
}  # fmt: skip


def _told(found: Submission) -> tuple[str, ...]:
    """Every problem, and every text that is kept beside the answers."""
    kept = (f"{e.where}  {e.reason}  {e.row}  {e.column}  {e.value}" for e in found.extra)
    return (*(f"{p.where}  {p.message('nl')}" for p in found.problems), *kept)


@pytest.mark.parametrize("case", CASES)
def test_told_in_full(case: str) -> None:
    make, expected = CASES[case]
    assert _told(make()) == tuple(f"retour.xlsx  {line}" for line in expected)


def test_a_file_that_is_none_of_ours_is_told_by_its_name() -> None:
    grid = replace(whole(), sheets=whole().sheets[:1], properties={})
    with pytest.raises(HkzError) as caught:
        understand(grid, library())
    assert [p.where.file for p in caught.value.problems] == ["retour.xlsx"]


WEIGHT = place("KO-101", "weight")[1]


def _given(edit: Callable[[Cells], None]) -> list[tuple[str, str, str, str, str]]:
    """Fixed texts and numbers that are told to have changed: cell, column, then, now, whose."""
    return [
        (one.where.cell, one.address.column, one.value, one.expected, one.owner)
        for one in edited(edit).altered
    ]


def test_a_fixed_text_written_another_way_is_the_same() -> None:
    """Blanks of another kind, a whole number as another program keeps it, an empty text."""

    def edit(cells: Cells) -> None:
        text = str(cells[ROW, QUESTION])
        cells[ROW, QUESTION] = f" {text.replace(' ', chr(0xA0))}  "
        cells[ROW, WEIGHT] = 1
        cells[ROW, place("KO-101", "core")[1]] = ""

    assert _given(edit) == []


def test_a_fixed_text_of_another_row_says_whose_it_is() -> None:
    """With what stood there; a number that another row has too says so as well, a text of nobody
    and an empty cell say nobody's."""
    before: dict[str, str] = {}

    def edit(cells: Cells) -> None:
        before["mine"], before["theirs"] = str(cells[ROW, QUESTION]), str(cells[NEXT, QUESTION])
        cells[ROW, QUESTION] = cells[NEXT, QUESTION]
        cells[NEXT, QUESTION] = "Een heel andere vraag?"
        del cells[ROW, WEIGHT]

    spot = "{}{}".format("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[QUESTION], ROW + 1)
    below = "{}{}".format("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[QUESTION], NEXT + 1)
    found = {cell: rest for cell, *rest in _given(edit)}
    assert found[spot] == ["question", before["theirs"], before["mine"], "KO-102"]
    assert found[below] == ["question", "Een heel andere vraag?", before["theirs"], ""]
    [gone] = [rest for rest in found.values() if rest[0] == "weight"]
    assert gone == ["weight", "", "1", ""]
