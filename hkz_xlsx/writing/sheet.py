"""One described sheet to one worksheet: cells, validations, tables, charts, printing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from xlsxwriter.format import Format

from hkz_xlsx.layout.codecs import FIRST_PLAUSIBLE, LAST_PLAUSIBLE, Choice, Codec
from hkz_xlsx.layout.heights import broken
from hkz_xlsx.layout.names import editions_line
from hkz_xlsx.layout.plan import (
    Block,
    Chart,
    Field,
    FormulaCell,
    Highlight,
    Page,
    Prompt,
    Sheet,
)
from hkz_xlsx.layout.refs import RowRefs
from hkz_xlsx.layout.style_template import Logo
from hkz_xlsx.layout.styles import Palette, styles
from hkz_xlsx.layout.values import EXTRA
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.cell_values import PERMITTED, a1
from hkz_xlsx.scoring.choices import list_table
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.tables import Address, Input
from hkz_xlsx.writing.block_cells import BlockCells, Job
from hkz_xlsx.writing.charts import chart_of
from hkz_xlsx.writing.checked import CheckedSheet
from hkz_xlsx.writing.fast_cells import worksheet_class

MARGINS = (0.4, 0.4, 0.6, 0.7)
"""Of a printed page in inches: left, right, top, bottom."""

LOGO_WIDTH, LOGO_HEIGHT = 260, 84
"""Pixels a logo may take: what the first rows of Start leave free."""

LINKS_SINCE = 2
"""The layout since which people may put a link in an input cell of a protected sheet."""

ALIGNED_SINCE = 2
"""The layout since which a header stands above its numbers, not at the other side of the column."""

_ALIGNED = {
    name: f"header_{style.align}"
    for name, style in styles(Palette()).items()
    if style.align != "left"
}

BROKEN_SINCE, MESSAGE_LINE = 2, 55
"""The layout since which input messages have line breaks, after about so many characters:
LibreOffice shows one without in a single line, and what does not fit its window not at all."""


class SheetWriter:
    """Writes one sheet."""

    def __init__(self, job: Job, sheet: Sheet) -> None:
        self._job, self._sheet = job, sheet
        worksheet = job.workbook.add_worksheet(sheet.title, worksheet_class())
        self.checked = CheckedSheet(worksheet)
        self._cells = BlockCells(job, sheet, self.checked)

    def write(self) -> CheckedSheet:
        """Write everything; returns the sheet with its counts."""
        sheet, job = self._sheet, self._job
        self._columns()
        self._rows()
        for text in sheet.texts:
            style = job.formats[text.style]
            if text.span > 1:
                self.checked.span(text.row, text.column, text.span, text.text, style)
            else:
                self.checked.text(text.row, text.column, text.text, style)
        for cell in sheet.formulas:
            self._formula_cell(cell)
        for block in sheet.blocks:
            self._block(block)
            self._notes(block)
        for highlight in sheet.highlights:
            self._highlight(highlight)
        for chart in sheet.charts:
            self._chart(chart)
        if sheet.logo is not None and job.look.logo is not None:
            self._logo(job.look.logo, sheet.logo)
        self._page(sheet.page)
        self._finish()
        return self.checked

    def _columns(self) -> None:
        for index, width in enumerate(self._sheet.widths):
            hidden = index in self._sheet.hidden_columns
            self.checked.do("set_column", index, index, width, None, {"hidden": hidden})
        for index in sorted(self._sheet.hidden_columns):
            if index >= len(self._sheet.widths):
                self.checked.do("set_column", index, index, 9, None, {"hidden": True})

    def _rows(self) -> None:
        for text in self._sheet.texts:
            if text.height is not None:
                self.checked.do("set_row", text.row, text.height)
        for row, height in self._sheet.heights:
            self.checked.do("set_row", row, height)
        for block in self._sheet.blocks:
            self.checked.do("set_row", block.top, None, None, {"hidden": True})
            self.checked.do("set_heights", block.first_row, block.heights)
            if block.header_height is not None:
                self.checked.do("set_row", block.header_row, block.header_height)

    def write_comments(self) -> None:
        """Only the comments on typed cells, and what says where on the sheet those stand."""
        noted = {address.table for address in self._job.notes}
        if any(block.table.key in noted for block in self._sheet.blocks):
            self._columns()
            self._rows()
            for block in self._sheet.blocks:
                self._notes(block)

    def _notes(self, block: Block) -> None:
        notes = self._job.notes
        if not notes:
            return
        for field, column in zip(block.fields, block.columns, strict=True):
            for index, row in enumerate(block.table.rows):
                note = notes.get(Address(block.table.key, row, field.key))
                if note is not None:
                    self.checked.note(block.first_row + index, column, note)

    def _formula_cell(self, cell: FormulaCell) -> None:
        job = self._job
        refs = RowRefs(job.places, job.text, self._sheet, None, cell.row)
        table = f"{EXTRA}.{self._sheet.key}"
        cached = job.values.value(table, "all", a1(cell.row, cell.column))
        style = job.formats[cell.style]
        self.checked.formula(cell.row, cell.column, formula(cell.expr, refs), cached, style)

    def _block(self, block: Block) -> None:
        for field, column in zip(block.fields, block.columns, strict=True):
            marker = block.marker(field.key)
            self.checked.text(block.top, column, marker, self._job.formats["key"])
            self.checked.text(block.header_row, column, field.header, self._header(block, field))
            self._cells.look_like_numbers(block.header_row, column, (field.header,))
            self._cells.column(block, field, column)
            if field.codecs:
                self._validations(block, field, column)
        if block.object_name:
            self._table_object(block)

    def _header(self, block: Block, field: Field) -> Format:
        is_input = isinstance(block.table.column(field.key), Input)
        usual = "header_input" if is_input else "header"
        if self._job.plan.identity.layout >= ALIGNED_SINCE and not (is_input or block.filtered):
            usual = _ALIGNED.get(field.style, usual)
        return self._job.formats[field.header_style or usual]

    def _validations(self, block: Block, field: Field, column: int) -> None:
        """One validation for a whole column, or one per row where answers differ (forms)."""
        if len(field.codecs) == 1:
            groups = [(0, len(block.table.rows) - 1)]
        else:
            groups = [(i, i) for i in range(len(block.table.rows))]
        for first, last in groups:
            codec, prompt = field.codec(first), field.prompt(first)
            if codec is not None and prompt is not None:
                place = (block.first_row + first, column, block.first_row + last, column)
                self.checked.do("data_validation", *place, self._validation(codec, prompt))
                if codec.kind == "kvk":
                    self._cells.as_text.append(a1(*place[:2]))

    def _message(self, text: str) -> str:
        if self._job.plan.identity.layout < BROKEN_SINCE:
            return text
        return broken(text, MESSAGE_LINE)

    def _validation(self, codec: Codec, prompt: Prompt) -> dict[str, Any]:
        options: dict[str, Any] = {
            "input_title": prompt.title,
            "input_message": self._message(prompt.text),
            "ignore_blank": True,
        }
        if isinstance(codec, Choice):
            column = x.Column(list_table(codec.name), "label")
            options |= {"validate": "list", "source": "=" + self._job.places.column(column, None)}
        elif codec.kind == "date":
            first, last = FIRST_PLAUSIBLE, LAST_PLAUSIBLE
            options |= {
                "validate": "date",
                "criteria": "between",
                "minimum": first,
                "maximum": last,
            }
        elif codec.kind == "number":
            options |= {"validate": "decimal", "criteria": ">=", "value": 0}
        else:
            options["validate"] = "any"
        if prompt.error:
            options |= {"error_title": prompt.title, "error_message": prompt.error}
        return options

    def _table_object(self, block: Block) -> None:
        """A table object over the columns from the first on that stand side by side."""
        last = block.columns[0]
        while last + 1 in block.columns:
            last += 1
        columns = []
        for field, column in zip(block.fields, block.columns, strict=True):
            if column <= last:
                header = {"header": field.header, "header_format": self._header(block, field)}
                columns.append(header)
        options = {
            "name": block.object_name,
            "columns": columns,
            "style": None,
            "autofilter": block.filtered,
        }
        place = (block.header_row, block.columns[0], block.last_row, last)
        self.checked.do("add_table", *place, options)

    def _highlight(self, highlight: Highlight) -> None:
        _, block = self._job.places.at[highlight.table]
        column = block.column_of(highlight.field)
        last = block.column_of(highlight.until or highlight.field)
        place = (block.first_row, column, block.last_row, last)
        if highlight.test is not None:
            refs = RowRefs(self._job.places, self._job.text, self._sheet, block, block.first_row)
            options: dict[str, Any] = {
                "type": "formula", "criteria": "=" + formula(highlight.test, refs).lstrip("="),
                "format": self._job.marks[highlight.style], "stop_if_true": True,
            }  # fmt: skip
        elif highlight.rule == "bar":
            options = {
                "type": "data_bar", "bar_solid": True, "data_bar_2010": True,
                "bar_color": styles(self._job.look.palette)[highlight.style].fill,
                "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 100,
            }  # fmt: skip
        else:
            value = highlight.value
            shown = f'"{value}"' if isinstance(value, str) else value
            options = {
                "type": "cell", "criteria": "==", "value": shown,
                "format": self._job.marks[highlight.style],
            }  # fmt: skip
        self.checked.do("conditional_format", *place, options)

    def _chart(self, chart: Chart) -> None:
        drawn = chart_of(chart, self._job.workbook, self._job.places, self._job.look)
        options = {"description": chart.alt_text, "object_position": 1}
        self.checked.do("insert_chart", chart.row, chart.column, drawn, options)

    def _logo(self, logo: Logo, column: int) -> None:
        """At the right of the column, scaled down to the room that the first rows give."""
        scale = min(1.0, LOGO_WIDTH / logo.width_px, LOGO_HEIGHT / logo.height_px)
        # 7 pixels a character and 5 of padding: how Excel turns width into pixels.
        room = self._sheet.widths[column] * 7 + 5
        options = {
            "image_data": BytesIO(logo.data),
            "x_scale": scale,
            "y_scale": scale,
            "x_offset": max(0, round(room - logo.width_px * scale)),
            "y_offset": 4,
            "description": logo.alt.get(self._job.plan.lang),
            "object_position": 1,
        }
        self.checked.do("insert_image", 0, column, f"logo.{logo.suffix}", options)

    def _page(self, page: Page) -> None:
        do = self.checked.do
        do("set_paper", 9)
        do("set_margins", *MARGINS)
        if page.landscape:
            do("set_landscape")
        if page.scale is not None:
            do("set_print_scale", page.scale)
        else:
            do("fit_to_pages", 1, 0)
        if page.across:
            do("print_across")
        if page.until is not None:
            do("print_area", 0, 0, max(b.last_row for b in self._sheet.blocks), page.until)
        if page.breaks:
            do("set_h_pagebreaks", list(page.breaks))
        if page.repeat_rows is not None:
            do("repeat_rows", *page.repeat_rows)
        if page.repeat_columns is not None:
            do("repeat_columns", *page.repeat_columns)
        editions = editions_line(self._job.plan).replace("&", "&&")
        pages = self._job.text("print.page").replace("{page}", "&P").replace("{pages}", "&N")
        # A space after the size: a number that follows at once would be read as part of it.
        title = self._sheet.title.replace("&", "&&")
        footer = f"&L&10 {editions}&C&10 {title}&R&10 {pages}"
        do("set_footer", footer, {"scale_with_doc": False})

    def _finish(self) -> None:
        sheet, do = self._sheet, self.checked.do
        do("hide_gridlines", 2)
        do("set_zoom", sheet.zoom)
        if sheet.freeze is not None:
            do("freeze_panes", *sheet.freeze)
        if sheet.tab:
            do("set_tab_color", getattr(self._job.look.palette, sheet.tab))
        if sheet.visibility == "hidden":
            do("hide")
        elif sheet.visibility == "very_hidden":
            do("very_hidden")
        if self._cells.as_text:
            do("ignore_errors", {"number_stored_as_text": " ".join(self._cells.as_text)})
        # "Insert link" in an input cell needs a right of its own.
        more = {"insert_hyperlinks": True} if self._job.plan.identity.layout >= LINKS_SINCE else {}
        do("protect", "", {**dict.fromkeys(PERMITTED, True), **more})
