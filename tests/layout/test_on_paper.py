"""What a printed page must not cut apart, or say of something else; nothing a reader has to type
in a terminal."""

from __future__ import annotations

import re
from functools import cache

import pytest

from hkz_xlsx.layout.heights import pixels
from hkz_xlsx.layout.plan import Block, Sheet, WorkbookPlan
from hkz_xlsx.layout.styles import LISTED
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.sheets.paper import PAGE_POINTS, POINTS_A_PIXEL, ROW_POINTS, row_heights
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.sheet import MARGINS
from hkz_xlsx.writing.workbook import workbook_parts
from tests.support import library, sheet_of

ASKED: list[tuple[str, Lang]] = [("143", "nl"), ("138@2015/r2", "en"), ("125@2009/r2", "nl")]
WHOLE = ("start", "quick", "overview", "result", "steps", "review", "help")


ALONE = [part for part in library().ids if part != "123"]  # which never stands alone

POINTS_OF_A_PIXEL = 11 * 0.507 / 7
"""On paper LibreOffice has columns as wide as the digits of the font itself, where screens have
whole pixels: 7 for a digit of 11 points."""

PAPER = (297 / 25.4 - MARGINS[0] - MARGINS[1]) * 72
"""Points across a landscape A4 between its margins."""

LEAST = 0.2
"""Of a page at least, so that it is not a page for one row, one question or one heading."""


@cache
def plan_of(asked: str, lang: Lang) -> WorkbookPlan:
    return plan_workbook(select(library(), (asked,)), lang, (asked,))


@cache
def _plan(part: str, lang: Lang, previous: bool) -> WorkbookPlan:
    return plan_workbook(select(library(), (part,)), lang, (part,), previous=previous)


def _told(sheet: Sheet) -> dict[int, float]:
    """Points of the rows in which something stands, also before anything is filled in; 0 of the
    lines of a list, which are blank until they are in use."""
    heights, found = row_heights(sheet), dict[int, float]()
    for row in {text.row for text in sheet.texts}:
        found[row] = heights.get(row, ROW_POINTS)
    for block in sheet.blocks:
        listed = block.fields[0].style.startswith(LISTED)
        for row in range(block.header_row, block.last_row + 1):
            blank = listed and row >= block.first_row
            found[row] = 0.0 if blank else heights.get(row, ROW_POINTS)
    for chart in sheet.charts:
        row, left = chart.row, chart.height * POINTS_A_PIXEL
        while left > 0:
            found[row] = heights.get(row, ROW_POINTS)
            left, row = left - found[row], row + 1
    return found


def _pages(sheet: Sheet) -> dict[int, int]:
    """The page of every row: a new one where the sheet says so, and where a row does not fit."""
    heights = row_heights(sheet)
    top = range(sheet.page.repeat_rows[0], sheet.page.repeat_rows[1] + 1) if (
        sheet.page.repeat_rows
    ) else ()  # fmt: skip
    repeated = sum(heights.get(row, ROW_POINTS) for row in top)
    found, page, used = {}, 1, 0.0
    for row in range(max(block.last_row for block in sheet.blocks) + 1):
        height = heights.get(row, ROW_POINTS)
        room = PAGE_POINTS * 100 / (sheet.page.scale or 100)
        if row in sheet.page.breaks or used + height > room:
            page, used = page + 1, repeated
        found[row] = page
        used += height
    return found


def _heading(sheet: Sheet, block: Block) -> int:
    """The first row of what is said of a table, above it."""
    before = max((b.last_row for b in sheet.blocks if b.last_row < block.top), default=-1)
    rows = [t.row for t in sheet.texts if before < t.row < block.top and t.style == "heading"]
    return max(rows, default=block.header_row)


@pytest.mark.parametrize(("asked", "lang"), ASKED)
@pytest.mark.parametrize("key", WHOLE)
def test_no_header_ends_a_page(asked: str, lang: Lang, key: str) -> None:
    """A heading, its headers and the first two rows stand on one page; of Stappenplan, where rows
    are high, the first. Excel takes no breaks from a sheet that it fits to the page itself."""
    sheet = sheet_of(plan_of(asked, lang), key)
    assert sheet.page.scale
    pages = _pages(sheet)
    assert max(pages.values()) > 1
    if key not in ("start", "help"):  # those begin with texts
        assert min(pages[block.first_row] for block in sheet.blocks) == 1  # no page of only a title
    for block in sheet.blocks:
        second = min(block.first_row + (key != "steps"), block.last_row)
        rows = (_heading(sheet, block), block.header_row, block.first_row, second)
        if block.first_row - rows[0] < 8:
            assert len({pages[row] for row in rows}) == 1, block.table.key


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("previous", [False, True])
def test_the_workbook_says_where_every_page_begins(lang: Lang, previous: bool) -> None:
    """LibreOffice counts other pages than it prints where its own end of a page comes just beside
    one of ours: then a wholly blank page follows the sheet."""
    seen = 0
    for part in ALONE:
        for sheet in (one for one in _plan(part, lang, previous).sheets if one.page.scale):
            pages = _pages(sheet)
            begun = {row for row in pages if row and pages[row] != pages[row - 1]}
            said = {row for row in sheet.page.breaks if row in pages}
            assert begun == said, (part, sheet.key)
            seen += len(begun)
    assert seen > 100


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("previous", [False, True])
def test_no_page_for_next_to_nothing(lang: Lang, previous: bool) -> None:
    """No page holds one row, one question, a heading alone, or nothing but its title; but a list
    of as many lines as there can be may need one, which is blank while it is short."""
    wrong, seen = [], 0
    for part in ALONE:
        for sheet in (one for one in _plan(part, lang, previous).sheets if one.page.scale):
            pages, told = _pages(sheet), _told(sheet)
            room = PAGE_POINTS * 100 / (sheet.page.scale or 100)
            blank = 0
            for page in sorted(set(pages.values())):
                points = [told[row] for row, one in pages.items() if one == page and row in told]
                seen, blank = seen + 1, blank + (not any(points))
                if sum(points) < LEAST * room and (any(points) or blank > 1):
                    wrong.append((part, sheet.key, page, max(pages.values()), round(sum(points))))
    assert seen > 250
    assert wrong == []


@pytest.mark.parametrize("lang", LANGS)
def test_no_page_begins_with_headers(lang: Lang) -> None:
    """A table without a heading of its own, such as the score of the core requirements, belongs to
    what stands above it: the last line of that comes along."""
    for part in ALONE:
        for sheet in _plan(part, lang, False).sheets:
            tops = {row for block in sheet.blocks for row in (block.top, block.header_row)}
            stands = {*tops, *(text.row for text in sheet.texts)}
            for begins in sheet.page.breaks:
                first = min((row for row in stands if row >= begins), default=begins)
                lines = any(b.first_row <= begins <= b.last_row for b in sheet.blocks)
                assert lines or first not in tops, (part, sheet.key, begins)


@pytest.mark.parametrize("previous", [False, True])
def test_no_column_on_a_page_of_its_own(previous: bool) -> None:
    """What is printed at a scale is as wide as the paper has room for."""
    seen = 0
    for sheet in (one for one in _plan("138", "nl", previous).sheets if one.page.scale):
        last = max(
            [c for b in sheet.blocks for c in b.columns if c not in sheet.hidden_columns]
            + [text.column + text.span - 1 for text in sheet.texts]
        )
        shown = (c for c in range((sheet.page.until or last) + 1) if c not in sheet.hidden_columns)
        wide = sum(pixels(sheet.widths[column]) for column in shown) * POINTS_OF_A_PIXEL
        assert wide * (sheet.page.scale or 100) / 100 <= PAPER, sheet.key
        seen += 1
    assert seen == 7


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_repeated_stands_above_its_table(lang: Lang) -> None:
    """Every page of Stappenplan has the headers of the steps on top, and goes on with steps: a page
    that began with a heading would have headers above nothing."""
    for part in ALONE:
        sheet = sheet_of(_plan(part, lang, False), "steps")
        lines = {
            row for block in sheet.blocks for row in range(block.first_row, block.last_row + 1)
        }  # fmt: skip
        assert len(sheet.page.breaks) > 3
        assert set(sheet.page.breaks) <= lines, part


def test_every_page_says_what_it_shows() -> None:
    """What is repeated above the second round is not the name and the months of the first."""
    sheet = sheet_of(plan_of("143", "nl"), "steps")
    repeated = sheet.page.repeat_rows
    assert repeated
    texts = {t.text for t in sheet.texts if repeated[0] <= t.row <= repeated[1]}
    said = [f for f in sheet.formulas if repeated[0] <= f.row <= repeated[1]]
    assert texts == set()
    assert [f.style for f in said] == ["organisation"]


@pytest.mark.parametrize("table", ["plan", T.core_failures, "result_history"])
def test_unused_lines_are_blank_paper(table: str) -> None:
    """Lists have as many lines as there can be; only those in use are drawn, by one rule."""
    plan = plan_of("143", "nl")
    ((sheet, block),) = [(s, b) for s, b in plan.blocks() if b.table.key == table]
    shown = [f for f, c in zip(block.fields, block.columns, strict=True)
             if c not in sheet.hidden_columns]  # fmt: skip
    assert all(field.style.startswith(LISTED) for field in shown)
    (rule,) = [h for h in sheet.highlights if h.table == table and h.style == "mark_listed"]
    assert (rule.field, rule.until) == (shown[0].key, shown[-1].key)


@pytest.mark.parametrize(("asked", "lang"), ASKED[:2])
def test_no_command_stands_in_a_workbook(asked: str, lang: Lang) -> None:
    """Who fills it in has no terminal: neither texts nor what formulas say names a command."""
    for name, part in workbook_parts(plan_of(asked, lang)).items():
        if name.startswith(("xl/sharedStrings", "xl/worksheets/sheet")):
            assert not re.search(rb"\bhkz [a-z-]+\b|`hkz", part), name


def test_table_objects_have_no_style_of_their_own() -> None:
    """Their cells have one; what a style would show is not said. Other programs read it."""
    parts = workbook_parts(plan_of("143", "nl"))
    tables = [part for name, part in parts.items() if name.startswith("xl/tables/")]
    assert len(tables) > 20
    assert all(b"<tableStyleInfo/>" in part for part in tables)


def test_no_page_of_blank_columns() -> None:
    """Stappenplan is as wide as its page: what stands beside the months is not printed."""
    sheet = sheet_of(plan_of("143", "nl"), "steps")
    last = max(
        column for block in sheet.blocks for column in block.columns
        if column not in sheet.hidden_columns
    )  # fmt: skip
    assert sheet.page.until == last < len(sheet.widths) - 1
