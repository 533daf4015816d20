"""Whatever is done to a filled workbook: every answer still in it is in the result, by its cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import RawValue, a1
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.grid import Grid, Manner, SheetGrid
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

Cells = dict[tuple[int, int], RawValue]
Book = dict[str, Cells]
NORM = "125"


@cache
def filled() -> Grid:
    """Every third row answered, every answer a text that stands nowhere else."""
    plan = plan_of("nl", NORM)
    inputs: dict[Address, str] = {}
    for _, block, field in plan.inputs():
        for index, row in enumerate(block.table.rows):
            if field.codecs and (index % 3 == 0 or len(block.table.rows) < 20):
                inputs[Address(block.table.key, row, field.key)] = f"¤{len(inputs)}¤"
    grid = read_grid("w.xlsx", write_workbook(plan, inputs), complete=True)
    # What a formula repeats of an answer is no answer.
    sheets = [
        replace(s, cells={at: 0.0 if at in s.formulas else v for at, v in s.cells.items()})
        for s in grid.sheets
    ]
    return replace(grid, sheets=tuple(sheets))


def marks(book: Book) -> set[tuple[str, str, str]]:
    return {
        (title, a1(*at), value)
        for title, cells in book.items()
        for at, value in cells.items()
        if isinstance(value, str) and value.startswith("¤")
    }


def kept(submission: Submission) -> set[tuple[str, str, str]]:
    places = submission.places
    result = {(places[a].sheet, places[a].cell, str(value)) for a, value in submission.raw.items()}
    return result | {(e.where.sheet, e.where.cell, e.value) for e in submission.extra}


def _shift(cells: Cells, axis: int, at: int, by: int) -> Cells:
    """Rows (axis 0) or columns inserted, or deleted when ``by`` is negative."""
    found: Cells = {}
    for spot, value in cells.items():
        place = list(spot)
        if by < 0 and at <= place[axis] < at - by:
            continue
        if place[axis] >= at:
            place[axis] += by
        found[place[0], place[1]] = value
    return found


def insert(book: Book, title: str, n: int, m: int) -> None:
    book[title] = _shift(book[title], m % 2, n % 40, 1 + m % 3)


def delete(book: Book, title: str, n: int, m: int) -> None:
    book[title] = _shift(book[title], m % 2, n % 40, -1 - m % 3)


def sort(book: Book, title: str, n: int, m: int) -> None:
    """A range of rows turned round, over all columns or only some."""
    cells, first, last = book[title], 5 + n % 10, 20 + n % 25
    width = 200 if m % 2 else 3 + m % 12
    for row in range(first, (first + last) // 2):
        other = last - (row - first)
        for column in range(width):
            one, two = cells.pop((row, column), None), cells.pop((other, column), None)
            if two is not None:
                cells[row, column] = two
            if one is not None:
                cells[other, column] = one


def move(book: Book, title: str, n: int, m: int) -> None:
    """Cells cut from one place and pasted in another, maybe on another sheet."""
    target = sorted(book)[m % len(book)]
    block = {at: v for at, v in book[title].items() if n % 30 <= at[0] <= n % 30 + 2}
    for at in block:
        del book[title][at]
    for (row, column), value in block.items():
        book[target][row + m % 50, column + m % 7] = value


def paste(book: Book, title: str, n: int, m: int) -> None:
    """Cells copied over others: over keys, headers, ids, formulas and answers."""
    target = sorted(book)[m % len(book)]
    block = {
        at: v
        for at, v in book[title].items()
        if n % 30 <= at[0] <= n % 30 + 3 and at[1] < 3 + m % 20
    }
    for (row, column), value in block.items():
        book[target][max(0, row + m % 9 - 4), column + m % 5] = value


def rename(book: Book, title: str, n: int, m: int) -> None:
    book[f"Blad {n}{m}"] = book.pop(title)


def copy(book: Book, title: str, n: int, m: int) -> None:
    book.setdefault(f"{title} ({n % 3}{m % 3})", dict(book[title]))


def blank(book: Book, title: str, n: int, m: int) -> None:
    """A row or column made empty, keys and ids included."""
    book[title] = {at: v for at, v in book[title].items() if at[m % 2] != n % 40}


def sort_whole(book: Book, title: str, n: int, m: int) -> None:
    """All rows from a key row, a header row or the top on, sorted by a column, up or down."""
    cells, first, column = book[title], (0, 2, 3, 4, 5)[n % 5], m % 30
    last = max((row for row, _ in cells), default=0)
    lines: dict[int, Cells] = {row: {} for row in range(first, last + 1)}
    for row, c in list(cells):
        if row >= first:
            lines[row][0, c] = cells.pop((row, c))
    full = [line for line in lines.values() if (0, column) in line]
    rest = [line for line in lines.values() if (0, column) not in line]
    full.sort(key=lambda line: str(line[0, column]).lower(), reverse=bool(n % 2))
    for row, line in enumerate((*full, *rest), first):
        cells.update({(row, c): value for (_, c), value in line.items()})


SIGNS = (" ✗", " ?", " +/-", "\u0336")
STRUCK = "§"


def sign(book: Book, title: str, n: int, m: int) -> None:
    """A sign behind some of the answers."""
    _behind(book[title], SIGNS[n % len(SIGNS)], 1 + m % 7)


def strike(book: Book, title: str, n: int, m: int) -> None:
    """A line through some of the answers."""
    _behind(book[title], STRUCK, 1 + (n + m) % 7)


def _behind(cells: Cells, text: str, every: int) -> None:
    typed = [at for at, v in sorted(cells.items()) if isinstance(v, str) and v.startswith("¤")]
    for at in typed[::every]:
        cells[at] = f"{cells[at]}{text}"


def grid_of(title: str, cells: Cells) -> SheetGrid:
    """A sheet; what ends in the sign for it is struck through."""
    struck = {at for at, v in cells.items() if isinstance(v, str) and v.endswith(STRUCK)}
    return SheetGrid(title, cells, manners=dict.fromkeys(struck, Manner("wholly")))


EDITS: tuple[Callable[[Book, str, int, int], None], ...] = (
    insert, delete, sort, sort_whole, move, paste, rename, copy, blank, sign, strike,
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None, derandomize=True, phases=[Phase.generate])
@given(steps=STEPS)
def test_every_answer_still_in_the_file_is_kept(
    steps: list[tuple[Callable[[Book, str, int, int], None], int, int, int]],
) -> None:
    """In the result or in the list of extra texts, with its own cell."""
    grid = filled()
    book: Book = {sheet.title: dict(sheet.cells) for sheet in grid.sheets}
    for edit, which, n, m in steps:
        # The answers stand on two of the sheets: most edits happen there.
        titles = [*book, *(["Beoordeling", "Start"] * 4)]
        title = titles[which % len(titles)]
        edit(book, title if title in book else next(iter(book)), n, m)
    plain = replace(grid, complete=False, sheets=tuple(grid_of(t, c) for t, c in book.items()))
    there = {mark for mark in marks(book) if not _on_the_cover(mark)}
    try:
        submission = understand(plain, library()).submission
    except HkzError:
        return  # refused as a whole, with the reason
    lost = there - kept(submission)
    # An answer that a copied sheet repeats is the answer that counts; the copy itself is told.
    copies = {p.slots["others"] for p in submission.problems if p.code == "BLOCK_TWICE"}
    copied = {title for others in copies for title in others.split(", ")}
    counted = set(map(str, submission.raw.values()))
    assert {m for m in lost if not (m[0] in copied and m[2] in counted)} == set()


def _on_the_cover(mark: tuple[str, str, str]) -> bool:
    """Where a house style puts its own texts."""
    start = plan_of("nl", NORM).sheets[0]
    return mark[1] in {a1(row, 0) for row in start.cover or ()}
