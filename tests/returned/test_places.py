"""Tables are read whole wherever sorting took their rows, headers and hidden keys."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import openpyxl
import pytest
from openpyxl.formula.translate import Translator

from hkz_xlsx.batch.collect import ClientState, look_at
from hkz_xlsx.batch.manifest import ManifestEntry
from hkz_xlsx.layout.plan import Block
from hkz_xlsx.portfolio.file_rows import body_of
from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.returned.counts import answer_states
from hkz_xlsx.returned.read import read_bytes, understand
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.carry import carry
from hkz_xlsx.rework.merge import merged
from hkz_xlsx.rework.merge_plan import merge_plan
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.cell_values import RawValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.grid import Grid, Spot
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import first_layout, library

TYPED = (
    "requirements",
    "steps_first",
    "steps_yearly",
    "agenda",
    "audit_programme",
    "audit_findings",
)


@cache
def inputs() -> Inputs:
    """The sample with something in every other row of every list."""
    plan = first_layout("nl", "143")
    found = dict(sample_inputs(plan))
    for _, block, field in plan.inputs():
        for index, row in enumerate(block.table.rows):
            codec = field.codec(index)
            if codec is not None and codec.kind == "text" and index % 2 == 0:
                found[Address(block.table.key, row, field.key)] = f"{row} {field.key}"
    return found


@cache
def filled() -> Grid:
    return read_grid("w.xlsx", write_workbook(first_layout("nl", "143"), inputs()))


def block_of(table: str) -> Block:
    return next(b for _, b in first_layout("nl", "143").blocks() if b.table.key == table)


def sheet_of(table: str) -> str:
    return next(s.title for s, b in first_layout("nl", "143").blocks() if b.table.key == table)


def _order(value: RawValue) -> tuple[int, float, str]:
    """As programs sort: numbers, texts without case, blanks last."""
    if value is None:
        return 2, 0, ""
    return (0, float(value), "") if isinstance(value, float) else (1, 0, str(value).lower())


def sort_rows(
    cells: dict[Spot, RawValue], rows: range, by: int, *, descending: bool, columns: range
) -> None:
    """Sort a range with whatever stands in it; blanks come last either way."""
    lines = [{c: cells.pop((r, c), None) for c in columns} for r in rows]
    blanks = [line for line in lines if line[by] is None]
    others = [line for line in lines if line[by] is not None]
    others.sort(key=lambda line: _order(line[by]), reverse=descending)
    for row, line in zip(rows, (*others, *blanks), strict=True):
        for column, value in line.items():
            if value is not None:
                cells[row, column] = value


def sorted_grid(table: str, by: str, *, first: int = 0, descending: bool = False) -> Grid:
    """The file with a table sorted from its key row (first=0) or header row (1) on."""
    block, title = block_of(table), sheet_of(table)
    sheets = []
    for sheet in filled().sheets:
        cells = dict(sheet.cells)
        if sheet.title == title:
            rows = range(block.top + first, block.last_row + 1)
            columns = range(block.columns[-1] + 1)
            sort_rows(cells, rows, block.column_of(by), descending=descending, columns=columns)
        sheets.append(replace(sheet, cells=cells))
    return replace(filled(), sheets=tuple(sheets))


def typed(submission: Submission) -> Inputs:
    return {a: v for a, v in submission.as_counted.items() if a.table in TYPED}


def lost(submission: Submission) -> list[str]:
    """Everything told of reading, but what a sorted table really shows."""
    codes = [p.code for p in submission.problems]
    return [code for code in codes if code not in ("KEYS_FROM_HEADERS",)]


def _cases() -> list[tuple[str, str]]:
    """Every table that people type in, by its number, and by the first and last typed column."""
    found = []
    for _, block in first_layout("nl", "143").blocks():
        if block.table.key in TYPED:
            columns = [f.key for f in block.fields if f.codecs]
            found += [(block.table.key, key) for key in ("id", columns[0], columns[-1])]
    return found


@pytest.mark.parametrize(("table", "by"), _cases())
@pytest.mark.parametrize("first", [0, 1], ids=["with keys", "with headers"])
@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
def test_a_table_sorted_with_its_frame_is_read_whole(
    table: str, by: str, first: int, descending: bool
) -> None:
    """Rows above the keys, headers anywhere; every answer by its question, nothing put aside."""
    found = understand(sorted_grid(table, by, first=first, descending=descending), library())
    before = understand(filled(), library()).submission
    assert typed(found.submission) == typed(before)
    assert lost(found.submission) == lost(before)
    assert [e.value for e in found.submission.extra] == [e.value for e in before.extra]


def test_a_sheet_sorted_from_its_first_row_is_read_whole() -> None:
    """Title and explanation stand somewhere among the questions then."""
    sheet = next(s for s in filled().sheets if s.title == "Beoordeling")
    block, cells = block_of(T.requirements), dict(sheet.cells)
    rows, columns = range(block.last_row + 1), range(block.columns[-1] + 1)
    sort_rows(cells, rows, 0, descending=False, columns=columns)
    sheets = [replace(s, cells=cells) if s is sheet else s for s in filled().sheets]
    found = understand(replace(filled(), sheets=tuple(sheets)), library()).submission
    before = understand(filled(), library()).submission
    assert typed(found) == typed(before)
    assert lost(found) == lost(before)
    assert [e.value for e in found.extra] == [e.value for e in before.extra]


def test_a_result_sheet_sorted_with_its_frame_is_still_compared() -> None:
    """Actieplan: its outcomes are found, whatever stands on top."""
    before = understand(filled(), library()).submission
    found = understand(sorted_grid("plan", "id", descending=True), library()).submission
    kept = {a: v for a, v in before.stored.items() if a.table == "plan"}
    assert {a: v for a, v in found.stored.items() if a.table == "plan"} == kept
    assert [e.value for e in found.extra] == [e.value for e in before.extra]


def test_without_keys_headers_may_stand_below_the_rows() -> None:
    """The key row was deleted, then all was sorted."""
    grid = sorted_grid(T.requirements, "id", first=1)
    block = block_of(T.requirements)
    sheets = [
        replace(s, cells={at: v for at, v in s.cells.items() if at[0] != block.top})
        if s.title == "Beoordeling" else s
        for s in grid.sheets
    ]  # fmt: skip
    found = understand(replace(grid, sheets=tuple(sheets)), library()).submission
    before = understand(filled(), library()).submission
    assert typed(found) == typed(before)
    assert "KEYS_FROM_HEADERS" in [p.code for p in found.problems]


@pytest.mark.parametrize("first", [0, 1])
def test_columns_sorted_in_part_with_their_keys(first: int) -> None:
    """Nr to Borging sorted with keys or headers, the rest left: all that stands on a row with a
    number is read by it, the rest is told; no key or header counts as an answer."""
    block = block_of(T.requirements)
    sheet = next(s for s in filled().sheets if s.title == "Beoordeling")
    cells = dict(sheet.cells)
    rows = range(block.top + first, block.last_row + 1)
    sort_rows(cells, rows, 0, descending=True, columns=range(block.column_of("maturity") + 1))
    sheets = [replace(s, cells=cells) if s is sheet else s for s in filled().sheets]
    found = understand(replace(filled(), sheets=tuple(sheets)), library()).submission
    before = understand(filled(), library()).submission
    for column in ("answer", "maturity"):
        here, was = (
            {a: v for a, v in s.raw.items() if (a.table, a.column) == (T.requirements, column)}
            for s in (found, before)
        )
        assert here == was
    frame = {f.header for f in block.fields} | {block.marker(f.key) for f in block.fields}
    assert frame.isdisjoint(map(str, found.raw.values()))
    there = [v for (_, c), v in cells.items() if c == block.column_of("evidence")]
    kept = [str(v) for a, v in found.raw.items() if a.column == "evidence"]
    kept += [e.value for e in found.extra]
    assert {str(v) for v in there} - frame <= set(kept)


@pytest.mark.parametrize(
    "typed_as",
    ["KO-1O1", "KO-l0l", "KO-I01", "ko-101", " KO - 101 ", "K0-101", "KO101", "KO-10", "KO-1011"],
)
def test_a_mistyped_number_is_known_by_its_question(typed_as: str) -> None:
    """O for 0, l or I for 1, small letters, blanks, one character too few or too many."""
    sheet = next(s for s in filled().sheets if s.title == "Beoordeling")
    block = block_of(T.requirements)
    cells = {**sheet.cells, (block.first_row, 0): typed_as}
    sheets = [replace(s, cells=cells) if s is sheet else s for s in filled().sheets]
    found = understand(replace(filled(), sheets=tuple(sheets)), library()).submission
    assert typed(found) == typed(understand(filled(), library()).submission)
    told = [p for p in found.problems if p.code == "ROW_BY_TEXT"]
    other = typed_as.strip().replace(" ", "").replace("-", "").lower() != "ko101"
    assert [p.where.requirement for p in told] == ["KO-101"] * other


def test_a_number_that_is_only_alike_is_no_other_question() -> None:
    """A copied question with a number of its own stays a row of its own."""
    sheet = next(s for s in filled().sheets if s.title == "Beoordeling")
    block = block_of(T.requirements)
    own = {at: v for at, v in sheet.cells.items() if at[0] == block.first_row}
    cells = {**sheet.cells, **{(block.last_row + 1, c): v for (_, c), v in own.items()}}
    cells[block.last_row + 1, 0] = "EIGEN-1"
    sheets = [replace(s, cells=cells) if s is sheet else s for s in filled().sheets]
    found = understand(replace(filled(), sheets=tuple(sheets)), library()).submission
    assert typed(found) == typed(understand(filled(), library()).submission)
    assert "ROW_UNKNOWN" in [p.code for p in found.problems]


@pytest.mark.parametrize("alone", ["id", "question"])
@pytest.mark.parametrize("table", [T.requirements, "agenda"])
def test_a_column_that_was_sorted_alone_is_told_whoever_reads(table: str, alone: str) -> None:
    """Numbers beside the texts of other rows: once per row, and by `check` not once more."""
    block, title = block_of(table), sheet_of(table)
    sheets = []
    for sheet in filled().sheets:
        cells = dict(sheet.cells)
        if sheet.title == title:
            one = block.column_of(alone)
            first, last = (block.first_row, one), (block.last_row, one)
            cells[first], cells[last] = cells[last], cells[first]
        sheets.append(replace(sheet, cells=cells))
    grid = replace(filled(), sheets=tuple(sheets))
    found = understand(grid, library()).submission
    told = [p for p in found.problems if p.code == "TEXT_MOVED"]
    rows = (block.table.rows[0], block.table.rows[-1])
    assert {(p.where.requirement, p.slots["owner"]) for p in told} == {rows, rows[::-1]}
    assert len(told) == len(rows)
    places = [(p.code, p.where) for p in check_grid(grid, library()).problems]
    assert len(places) == len(set(places))


def _sorted_file(table: str) -> bytes:
    """A file as a program saves it after sorting a table with its key row: formulas move along."""
    block = block_of(table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(
            io.BytesIO(write_workbook(first_layout("nl", "143"), inputs()))
        )
    sheet: Any = book[sheet_of(table)]
    first, last, width = block.top + 1, block.last_row + 1, block.columns[-1] + 1
    rows = [
        (r, [sheet.cell(r, c).value for c in range(1, width + 1)]) for r in range(first, last + 1)
    ]
    rows.sort(key=lambda row: str(row[1][0]).lower(), reverse=True)
    for new, (old, values) in enumerate(rows, first):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(new, column)
            if isinstance(value, str) and value.startswith("="):
                origin = sheet.cell(old, column).coordinate
                value = Translator(value, origin).translate_formula(cell.coordinate)
            cell.value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_every_command_reads_a_sorted_table() -> None:
    """check, collect, repair, merge, answers into a new workbook, and the portfolio."""
    plan, data = first_layout("nl", "143"), _sorted_file(T.requirements)
    before = read_bytes("w.xlsx", write_workbook(plan, inputs()), library())
    found = read_bytes("s.xlsx", data, library())
    assert typed(found) == typed(before)
    complete = read_grid("s.xlsx", data, complete=True)
    checked = check_grid(complete, library())
    assert checked.submission is not None
    assert answer_states(checked.submission) == answer_states(before)
    errors = {p.code for p in checked.problems if p.severity == "error"}
    assert errors == {p.code for p in before.problems if p.severity == "error"}
    assert not {"FORMULA_OVERWRITTEN", "FORMULA_CHANGED", "EXTRA_TEXT"} & {
        p.code for p in checked.problems
    }
    looked = look_at(("", "s.xlsx", data))
    assert (looked.answered, looked.fault) == (
        look_at(("", "w.xlsx", write_workbook(plan, inputs()))).answered,
        None,
    )
    fresh = repaired(checked.submission)
    again = read_bytes(
        "r.xlsx", write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes), library()
    )
    assert typed(again) == typed(before)
    both = (found, before)
    together = merged(both, merge_plan(both, library()))
    assert {d.address for d in together.differences if d.address.table in TYPED} == set()
    assert {a: v for a, v in carry(found, plan).inputs.items() if a.table in TYPED} == {
        a: v for a, v in carry(before, plan).inputs.items() if a.table in TYPED
    }
    whole, shuffled = body_of(write_workbook(plan, inputs()), library()), body_of(data, library())
    assert shuffled["answers"] == whole["answers"]
    assert sorted(shuffled["texts"]) == sorted(whole["texts"])


def _without_frame(grid: Grid) -> Grid:
    """Beoordeling without key row and headers: only numbers, questions and answers are left."""
    block = block_of(T.requirements)
    gone = (block.top, block.header_row)
    return replace(
        grid,
        sheets=tuple(
            replace(s, cells={at: v for at, v in s.cells.items() if at[0] not in gone})
            if s.title == "Beoordeling" else s
            for s in grid.sheets
        ),
    )  # fmt: skip


def _only_blanks(blank: Grid) -> Grid:
    """Somebody cleared the answers with the space bar."""
    block = block_of(T.requirements)
    rows = range(block.first_row, block.last_row + 1)
    spaces = {(row, block.column_of("answer")): " \N{NO-BREAK SPACE}" for row in rows}
    sheets = tuple(
        replace(s, cells={**s.cells, **spaces}) if s.title == "Beoordeling" else s
        for s in blank.sheets
    )
    return replace(blank, sheets=sheets)


def test_answers_of_blanks_only_are_counted_as_empty() -> None:
    """As in the score: what nobody can see is no answer."""
    blank = read_grid("w.xlsx", write_workbook(first_layout("nl", "143")))
    found = understand(_only_blanks(blank), library()).submission
    assert set(answer_states(found).values()) == {"empty"}


@pytest.mark.parametrize(
    "change", ["frame gone", "as sent", "note beside a question", "blanks as answers"]
)
def test_collect_calls_no_file_empty_in_which_answers_stand(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Question numbers with answers that cannot be read are told; a note is no answer."""
    plan = first_layout("nl", "143")
    blank = read_grid("w.xlsx", write_workbook(plan))
    steps: dict[str, Callable[[], Grid]] = {
        "frame gone": lambda: _without_frame(filled()),
        "as sent": lambda: blank,
        "note beside a question": lambda: replace(
            blank,
            sheets=tuple(
                replace(s, cells={**s.cells, (5, 90): "bellen"}) if s.title == "Beoordeling" else s
                for s in blank.sheets
            ),
        ),
        "blanks as answers": lambda: _only_blanks(blank),
    }
    monkeypatch.setattr("hkz_xlsx.batch.collect.read_grid", lambda *_: steps[change]())
    found = look_at(("", "w.xlsx", b""))
    state = ClientState(ManifestEntry({}, {}), (found,)).state
    assert state == ("faulty" if change == "frame gone" else "empty")
    assert (found.fault.code if found.fault else "") == (
        "ANSWERS_NOT_READ" if change == "frame gone" else ""
    )
