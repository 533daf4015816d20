"""The text of a report as a reader finds it in each format, for comparing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from io import BytesIO

import docx
import openpyxl
import pypdf
from docx.table import Table
from docx.text.paragraph import Paragraph
from fontTools.ttLib import TTFont
from openpyxl.utils import get_column_letter

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.document import Document, Section
from hkz_xlsx.render.formats import FORMATS

_VOID = {"meta", "br", "col", "link", "img", "input"}


class Page(HTMLParser):
    """Tags, attributes and visible text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self._stack.append(tag)
        self.text += " " if tag in ("td", "th", "p", "br", "text", "dd", "dt", "h2", "h3") else ""

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop() == tag, "tags are closed in order"
        self.text += " " if tag in ("td", "th", "p", "li", "dt", "dd", "span", "b") else ""

    def handle_data(self, data: str) -> None:
        if "script" in self._stack:
            self.scripts.append(data)
        elif "style" not in self._stack:
            self.text += data

    def close(self) -> None:
        super().close()
        assert self._stack == []


def page(html: str) -> Page:
    parser = Page()
    parser.feed(html)
    parser.close()
    return parser


def _docx_blocks(data: bytes) -> Iterator[str]:
    document = docx.Document(BytesIO(data))
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            for row in block.rows:
                yield " ".join(cell.text for cell in row.cells)


def _xlsx_rows(data: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        yield f"[{sheet.title}]"
        for row in sheet.iter_rows(values_only=True):
            if any(v is not None for v in row):
                yield " ".join("" if v is None else str(v) for v in row)


def _unescaped(markdown: str) -> str:
    return re.sub(r"\\([\\`*_\[\]<#|&~$:.+>=)-])", r"\1", markdown).replace("**", "")


def text_of(suffix: str, data: bytes) -> str:
    """White space as single spaces, without invisible break marks."""
    found = {
        ".html": lambda: page(data.decode()).text,
        ".docx": lambda: "\n".join(_docx_blocks(data)),
        ".pdf": lambda: "\n".join(p.extract_text() for p in pypdf.PdfReader(BytesIO(data)).pages),
        ".xlsx": lambda: "\n".join(_xlsx_rows(data)),
        ".md": lambda: _unescaped(data.decode()),
        ".json": lambda: data.decode(),
    }[suffix]()
    return " ".join(found.replace("\u200b", "").replace("\u00ad", "").split())


_MACHINE_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}(?:-\d{2})?(?!\d)")
_DAY_FORMATS = ("dd-mm-yyyy",)


def machine_days(suffix: str, data: bytes) -> list[str]:
    """Days, and months, as programs write them, in a file for people; of a workbook also cells
    that hold a day without saying how people see it."""
    if suffix != ".xlsx":
        return _MACHINE_DAY.findall(text_of(suffix, data))
    found = []
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, datetime):
                found += [] if cell.number_format in _DAY_FORMATS else [str(cell.value)]
            else:
                found += _MACHINE_DAY.findall(str(cell.value))
    return found


@cache
def _bold() -> tuple[dict[int, str], dict[str, tuple[int, int]]]:
    data = resources.files("hkz_xlsx").joinpath("render/fonts/Carlito-Bold.ttf").read_bytes()
    font = TTFont(BytesIO(data))
    return font.getBestCmap(), font["hmtx"].metrics


def bold_width(text: str, size: float) -> float:
    """Width of a text in the bold letters of our files, from the font itself."""
    letters, widths = _bold()
    return sum(widths[letters[ord(char)]][0] for char in text) * size / 2048


_SIDES = 5.5
"""What a cell of a table in Word keeps free left and right, in points."""


def _heads_only(source: Document) -> Document:
    """Its tables without rows, and nothing else: all that is left to read are headers."""
    tables = tuple(replace(grid, rows=()) for grid in source.grids())
    section = Section("tables", "–", tables)
    return replace(source, title="–", subtitle=(), cover=(), sections=(section,), notices=())


def broken_in_word(source: Document) -> list[str]:
    """Words of headers that are wider than their column in a Word file."""
    found = []
    data = FORMATS[".docx"](_heads_only(source), NEUTRAL)
    for table in docx.Document(BytesIO(data)).tables:
        for column, cell in zip(table.columns, table.rows[0].cells, strict=True):
            for run in (run for paragraph in cell.paragraphs for run in paragraph.runs):
                room, size = column.width.pt - _SIDES, run.font.size.pt
                found += [one for one in run.text.split() if bold_width(one, size) > room]
    return found


def broken_in_pdf(source: Document) -> list[str]:
    """Words of headers that do not stand whole in a PDF."""
    data = FORMATS[".pdf"](_heads_only(source), NEUTRAL)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    there = set(text.replace("\u00ad", "-").split())
    headers = (column.header for grid in source.grids() for column in grid.columns)
    return [word for header in headers for word in header.split() if word not in there]


def broken_in_excel(data: bytes) -> list[str]:
    """Words of headers that are wider than their column in an Excel file: seven pixels a letter of
    its width, without what is kept free beside a text."""
    found = []
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        for cell in sheet[4] if sheet.tables else ():
            width = sheet.column_dimensions[get_column_letter(cell.column or 1)].width
            room = 0.75 * (7 * width - 9)
            words = str(cell.value or "").split(" ")
            found += [word for word in words if bold_width(word, cell.font.sz) > room]
    return found
