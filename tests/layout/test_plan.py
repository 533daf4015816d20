"""The plan, and what a generated file must be: rules a person would otherwise check by eye."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.describe import describe_sheet
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.styles import INPUT_STYLES, Palette, styles
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.plan_build.sheet_records import SHEETS
from hkz_xlsx.scoring.cell_values import CellValue, column_letters
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.model import rubriek_key
from hkz_xlsx.scoring.tables import Address, Computed, Input
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import LANGS, Lang, catalogue
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of, random_inputs, sheet_of

GOLDEN = Path(__file__).parents[1] / "golden" / "plan"
FUNCTIONS = {
    "IF", "AND", "OR", "NOT", "SUM", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS",
    "SUMIF", "SUMIFS", "INDEX", "MATCH", "ROUND", "INT", "MOD", "MIN", "MAX", "LARGE", "SMALL",
    "ISNUMBER", "ISTEXT", "ISBLANK", "LEN", "TRIM", "DATE", "YEAR", "EDATE", "HYPERLINK", "IFERROR",
    "SUBSTITUTE",
}  # fmt: skip


@pytest.fixture(scope="module", params=LANGS)
def book(request: pytest.FixtureRequest) -> tuple[Lang, openpyxl.Workbook, bytes]:
    lang: Lang = request.param
    data = write_workbook(plan_of(lang))
    return lang, openpyxl.load_workbook(BytesIO(data)), data


_LINES = ("assessment", "plan", "evidence", "help")
"""Sheets with a row per requirement: what stands in a fixed column is shown one value a line."""


def _reviewable(text: str) -> str:
    lines = []
    for line in text.splitlines():
        head, given, values = line.partition(" given ")
        if given and len(line) > 400:
            lines += [f"{head}{given}".rstrip(), *(f"      {v!r}" for v in values.split("|"))]
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("key", [record.key for record in SHEETS if record.key != "_hkz"])
def test_golden_plan(key: str) -> None:
    """Every described sheet, readable in review; refreshed with ``HKZ_GOLDEN=1 make test``. The
    identity has a fingerprint of all others, which says nothing to a reader."""
    import os

    plan = plan_of("nl", "143") if key in _LINES else plan_of("nl")
    sheet = next(s for s in plan.sheets if s.key == key)
    text, path = describe_sheet(plan, sheet), GOLDEN / f"{key}.txt"
    if key in _LINES:
        text = _reviewable(text)
    if os.environ.get("HKZ_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    assert text == path.read_text("utf-8")


def test_one_row_per_requirement(book: tuple[Lang, openpyxl.Workbook, bytes]) -> None:
    """One table, no merged cells, no spare rows, ids in the first column."""
    lang, opened, _ = book
    plan = plan_of(lang)
    place = sheet_of(plan, "assessment")
    sheet, block = opened[place.title], place.blocks[0]
    ids = [sheet.cell(r, 1).value for r in range(block.first_row + 1, sheet.max_row + 1)]
    assert ids == list(plan.model.table(T.requirements).rows)
    assert sheet.max_row == block.last_row + 1
    assert not sheet.merged_cells.ranges
    (table,) = sheet.tables.values()
    first, last = table.ref.split(":")
    assert first == f"A{block.header_row + 1}"
    assert last.endswith(str(block.last_row + 1))


def test_only_shared_functions(book: tuple[Lang, openpyxl.Workbook, bytes]) -> None:
    """Functions that all programs have, none of them volatile, no external references."""
    used = set()
    for sheet in book[1]:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    text = re.sub(r'"[^"]*"', '""', str(cell.value))
                    used |= set(re.findall(r"([A-Z][A-Z0-9.]*)\(", text))
                    assert "[" not in text
                    assert len(text) < 8_192
    assert used <= FUNCTIONS
    assert {"SUMIFS", "COUNTIFS", "IF", "ROUND", "INDEX", "MATCH", "HYPERLINK"} <= used


def test_input_style_on_inputs_only(book: tuple[Lang, openpyxl.Workbook, bytes]) -> None:
    """Unlocked cells are exactly the input cells, and only they have the input colour."""
    lang, opened, _ = book
    plan, fill = plan_of(lang), Palette().input_fill.lstrip("#")
    inputs = {
        (sheet.title, block.first_row + i + 1, block.column_of(field.key) + 1)
        for sheet, block, field in plan.inputs()
        if field.codecs
        for i in range(len(block.table.rows))
    }
    legend = next(t for t in plan.sheets[0].texts if t.style == "legend_input")
    unlocked, coloured = set(), set()
    for sheet in opened:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert sheet.protection.autoFilter is False  # False means allowed
        for line in sheet.iter_rows():
            for cell in line:
                place = (sheet.title, cell.row, cell.column)
                if not cell.protection.locked:
                    unlocked.add(place)
                if cell.fill.fgColor.rgb == f"FF{fill}":
                    coloured.add(place)
    assert unlocked == inputs
    assert coloured == inputs | {(plan.sheets[0].title, legend.row + 1, legend.column + 1)}


def test_dates_look_like_dates(book: tuple[Lang, openpyxl.Workbook, bytes]) -> None:
    """Every cell for a date shows day-month-year, and no other input does."""
    lang, opened, _ = book
    for sheet, block, field in plan_of(lang).inputs():
        for index in range(len(block.table.rows)):
            codec = field.codec(index)
            if codec is None:
                continue
            row, column = block.first_row + index + 1, block.column_of(field.key) + 1
            found = opened[sheet.title].cell(row, column).number_format
            assert (found == "dd-mm-yyyy") == (codec.kind == "date"), (sheet.title, row, column)


def test_links_go_to_the_first_row_of_each_rubriek(
    book: tuple[Lang, openpyxl.Workbook, bytes],
) -> None:
    """Also for the last rubriek: position plus the offset in the formula is the row itself."""
    lang, opened, _ = book
    plan = plan_of(lang)
    sheet, block = next((s, b) for s, b in plan.blocks() if b.table.key == T.rubrieken)
    positions = evaluation(plan, {}).column(T.rubrieken, "first_row")
    target = opened[sheet_of(plan, "assessment").title]
    expected: dict[str, str] = {}
    for row in plan.model.selection.rows:
        expected.setdefault(rubriek_key(row.part.id, row.rubriek.number), row.requirement.id)
    for index, key in enumerate(block.table.rows):
        cell = opened[sheet.title].cell(block.first_row + index + 1, block.column_of("link") + 1)
        found = re.search(r'"#(\w+)!([A-Z]+)"&\(\$\w+\+(\d+)\)', str(cell.value))
        assert found is not None, cell.value
        assert found[1] == target.title
        position = positions[index]
        assert isinstance(position, float)
        line = int(position) + int(found[3])
        assert target[f"A{line}"].value == expected[key]
        assert target[f"{found[2]}{line}"].protection.locked is (found[2] == "A")


def test_every_input_has_a_message_and_lists_cover_all_rows(
    book: tuple[Lang, openpyxl.Workbook, bytes],
) -> None:
    """A dropdown or an input message on every input cell, on exactly its rows."""
    lang, opened, _ = book
    for sheet, block, field in plan_of(lang).inputs():
        if not field.codecs:
            continue
        validations = opened[sheet.title].data_validations.dataValidation
        for index in range(len(block.table.rows)):
            letters = column_letters(block.column_of(field.key))
            cell = f"{letters}{block.first_row + index + 1}"
            mine = [v for v in validations if cell in v.cells]
            assert len(mine) == 1, (sheet.title, cell)
            codec, found = field.codec(index), mine[0]
            assert found.prompt
            assert codec is not None
            assert (found.type == "list") == (codec.kind == "choice"), cell
            if codec.kind in ("choice", "date", "number"):
                assert found.error, cell
            if codec.kind == "choice":
                assert len(codec.codes) <= 6  # type: ignore[attr-defined]  # a Choice
                title, _, area = str(found.formula1).partition("!")
                values = [c[0].value for c in opened[title.strip("'=")][area]]
                assert values == [codec.label(c, lang) for c in codec.codes]  # type: ignore[attr-defined]  # a Choice


def test_sheets_in_order_and_identity_last(book: tuple[Lang, openpyxl.Workbook, bytes]) -> None:
    """Start is active, lists are hidden, identity is last and very hidden."""
    lang, opened, _ = book
    plan = plan_of(lang)
    assert opened.sheetnames == [s.title for s in plan.sheets]
    assert [s.key for s in plan.sheets] == [
        "start", "quick", "overview", "assessment", "plan", "result", "steps", "review", "evidence",
        "help", "lists", "_hkz",
    ]  # fmt: skip
    assert opened.active.title == plan.sheets[0].title  # type: ignore[union-attr]  # there is one
    states = {s.title: s.sheet_state for s in opened}
    assert states[plan.sheets[-1].title] == "veryHidden"
    assert states[plan.sheets[-2].title] == "hidden"
    assert set(list(states.values())[:-2]) == {"visible"}


@pytest.mark.parametrize("lang", LANGS)
def test_action_plan_is_the_list_of_gaps(lang: Lang) -> None:
    """Line k is the k-th gap; there is a line for every row that can be one; the rest is blank."""
    plan = plan_of(lang)
    for inputs in ({}, sample_inputs(plan), random_inputs(plan, 5)):
        gaps = assess(plan.model, inputs).gaps
        values = evaluation(plan, inputs)
        shown = list(values.column("plan", "link"))
        assert shown[: len(gaps)] == [gap.requirement for gap in gaps]
        assert set(shown[len(gaps) :]) <= {""}
        assert len(shown) == len(plan.model.selection.rows)
        priorities = [catalogue(lang)[f"choice.priority.{gap.priority}"] for gap in gaps]
        assert list(values.column("plan", "priority"))[: len(gaps)] == priorities


def test_action_plan_shows_what_stands_in_the_row() -> None:
    """Action data of the same row; a blank cell stays blank instead of 0."""
    plan = plan_of("nl")
    inputs = sample_inputs(plan)
    values = evaluation(plan, inputs)
    for line, key in zip(plan_rows(plan), values.column("plan", "link"), strict=True):
        for column in ("action", "action_owner", "action_due", "action_status"):
            typed = inputs.get(Address(T.requirements, str(key), column), "") if key else ""
            assert values.value("plan", line, column) == typed, (line, key, column)


def plan_rows(plan: WorkbookPlan) -> tuple[str, ...]:
    return next(b.table.rows for _, b in plan.blocks() if b.table.key == "plan")


def test_evidence_file_is_in_the_order_of_the_norm() -> None:
    """One line per requirement, with its state."""
    plan = plan_of("nl")
    inputs: dict[Address, CellValue] = {
        Address(T.settings, "reference_date", "value"): 46_000.0,
        Address(T.requirements, "MHD-101", "evidence"): "Website",
        Address(T.requirements, "MHD-102", "location"): "Map",
        Address(T.requirements, "MHD-102", "valid_until"): 45_000.0,
        Address(T.requirements, "MHD-103", "answer"): "Voldoet niet",
        Address(T.requirements, "MHD-105", "answer"): "onzin",
    }
    values = evaluation(plan, inputs)
    rows = plan.model.table(T.requirements).rows
    assert tuple(values.column("evidence", "link")) == rows
    states = dict(zip(rows, values.column("evidence", "state"), strict=True))
    assert (states["MHD-101"], states["MHD-102"]) == ("Aanwezig", "Verlopen")
    assert (states["MHD-103"], states["MHD-105"]) == ("Ontbreekt", "Nog te beantwoorden")
    assert states["MHD-104"] == "Nog te beantwoorden"


def test_prints_and_charts(book: tuple[Lang, openpyxl.Workbook, bytes]) -> None:
    """A4, repeated header rows, page numbers; alt text and title on every chart."""
    lang, opened, data = book
    plan = plan_of(lang)
    for sheet in plan.sheets[:-2]:
        page = opened[sheet.title]
        assert str(page.page_setup.paperSize) == "9"
        assert page.oddFooter is not None
        assert "&P" in str(page.oddFooter.right.text)
    place = sheet_of(plan, "assessment")
    assert opened[place.title].print_title_cols == "$A:$B"
    assert opened[place.title].print_title_rows == f"$2:${place.blocks[0].header_row + 1}"
    with zipfile.ZipFile(BytesIO(data)) as archive:
        drawings = [archive.read(n) for n in archive.namelist() if "drawings/drawing" in n]
        charts = [archive.read(n) for n in archive.namelist() if "charts/chart" in n]
        external = [n for n in archive.namelist() if "externalLink" in n]
    assert len(charts) == 3
    assert sum(d.count(b' descr="') for d in drawings) == 3
    assert all(b"<c:title>" in c for c in charts)
    assert external == []


def test_smallest_print_is_readable(book: tuple[Lang, openpyxl.Workbook, bytes]) -> None:
    """No text prints below 7 points, whether a sheet has a scale or is fitted to one page wide."""
    lang, opened, _ = book
    for sheet in plan_of(lang).sheets[:-2]:
        page = opened[sheet.title]
        assert page.page_setup.paperSize == 9
        landscape = page.page_setup.orientation == "landscape"
        room = ((297 if landscape else 210) / 25.4 - 2 * float(page.page_margins.left)) * 72
        # A pixel is 0.75 point; a column takes 7 pixels a character and 5 of padding.
        shown = [0 if i in sheet.hidden_columns else w for i, w in enumerate(sheet.widths)]
        filled = max(
            [c for b in sheet.blocks for c in b.columns if c not in sheet.hidden_columns]
            + [t.column + t.span - 1 for t in sheet.texts]
        )
        if sheet.page.until is not None:
            filled = sheet.page.until
        width = sum((w * 7 + 5) * 0.75 for w in shown[: filled + 1] if w)
        if page.sheet_properties.pageSetUpPr and page.sheet_properties.pageSetUpPr.fitToPage:
            assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
            scale = min(1.0, room / width)
        else:
            scale = float(page.page_setup.scale or 0) / 100
        printed = [
            f for b in sheet.blocks for f, c in zip(b.fields, b.columns, strict=True) if c <= filled
        ]
        used = {f.style_of(i) for f in printed for i in range(2)} | {
            f.lead or "id" for f in printed
        }
        used |= {t.style for t in sheet.texts} | {c.style for c in sheet.formulas}
        sizes = [styles(Palette())[name].size for name in used - {"key"}]
        assert min(sizes) * scale >= 6.95, (sheet.key, min(sizes), scale)


def test_no_dutch_in_the_english_book() -> None:
    """Labels of the two languages differ wherever a word is a word of a language."""
    dutch, english = plan_of("nl"), plan_of("en")
    for one, other in zip(dutch.blocks(), english.blocks(), strict=True):
        assert one[1].table.rows == other[1].table.rows
    same = {k for k, v in catalogue("nl").items() if catalogue("en")[k] == v and len(v) > 12}
    # "rubriek" is the name of a chapter of these norms, explained among the terms.
    allowed = re.compile(
        r"^(object\.|sample\.|.*rubrieken|column\.help_origins\.iso9001$|migrate\.short$"
        r"|own_list\.also\.|report\.chart_alt_row$)"
    )
    assert {k for k in same if not allowed.match(k)} == set()


_SAYS_WHAT_GOES_WHERE = (
    "file_scores.py", "history.py", "journey.py", "next_year.py", "own_list.py",
)  # fmt: skip
"""What of a workbook a portfolio keeps or the next workbook takes, and of a list an own norm."""


def test_workbook_package_names_no_column_sheet_or_formula() -> None:
    """Writer and reader contain no column key, no sheet title and no function name."""
    plan = plan_of("nl")
    columns = [*plan.inputs(), *plan.computed()]
    words = {field.key for _, _, field in columns if len(field.key) > 5}
    words |= {s.title for s in plan.sheets} | {s.title for s in plan_of("en").sheets}
    words -= {
        "number",
        "position",
        "unknown",
        "result",
        "_hkz",
        "Result",
        "Lists",
        "Start",
        "client",
    }
    words |= {f"{name}(" for name in ("SUMIFS", "COUNTIF", "ROUND", "INDEX", "ISNUMBER")}
    package = Path(__file__).parents[2] / "hkz_xlsx"
    rooms = ("writing", "returned", "rework")  # the others may not import the layout at all
    for path in (path for room in rooms for path in (package / room).glob("*.py")):
        if path.name in _SAYS_WHAT_GOES_WHERE:
            continue
        strings = re.findall(r'"([^"\n]*)"', path.read_text("utf-8"))
        for text in strings:
            assert text not in words, (path.name, text)
            assert not any(word.endswith("(") and word in text for word in words), (path.name, text)


def test_every_table_is_placed_once_with_an_id() -> None:
    """Every table of the scoring model stands in the workbook, every block has an id column."""
    plan = plan_of("nl")
    placed = [b.table.key for _, b in plan.blocks()]
    assert len(placed) == len(set(placed))
    assert {t.key for t in plan.model.tables} <= set(placed)
    for _, block in plan.blocks():
        assert "id" in {f.key for f in block.fields}
        kinds = {type(block.table.column(f.key)) for f in block.fields}
        assert kinds
        for field in block.fields:
            column = block.table.column(field.key)
            if isinstance(column, Input) and field.codecs:
                assert len(field.codecs) in (1, len(block.table.rows))
            if isinstance(column, Computed) and isinstance(column.expr, tuple):
                assert len(column.expr) == len(block.table.rows)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_of_every_style() -> None:
    """Text on its background at least 4.5:1."""
    for name, style in styles(Palette()).items():
        if name.startswith(("series", "bar")):
            continue
        pair = sorted((_luminance(style.color), _luminance(style.fill or "#FFFFFF")))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, name
    assert set(INPUT_STYLES.values()) <= set(styles(Palette()))
