"""A report as a Word document: real headings, tables a consultant can edit, pictures described."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.report import charts, word_parts
from hkz_xlsx.report.compare_content import comparison_document
from hkz_xlsx.report.comparison import Comparison
from hkz_xlsx.report.content import cover_lines, document
from hkz_xlsx.report.document import (
    Block,
    Card,
    Cards,
    Chart,
    Document,
    Facts,
    Fold,
    Grid,
    Heading,
    Items,
    Pair,
    Paragraph,
    Section,
    on_paper,
    shown,
)
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.typeset import FONTS, picture_png, settable
from hkz_xlsx.report.words import clean, shortened
from hkz_xlsx.text import messages

_TEXT_MM = 174.0
_SMALL, _TABLE = 9.0, 8.0
_LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}


def _color(hexadecimal: str) -> RGBColor:
    return RGBColor.from_string(hexadecimal.lstrip("#"))


class _Writer:
    """Walks a document and writes it with python-docx."""

    def __init__(self, source: Document, look: Look) -> None:
        self.source, self.look, self.lang = source, look, source.lang
        self.word: WordDocument = docx.Document()
        self.marks = 0
        self.ids: dict[str, str] = {}
        self._styles()
        self._page()

    # Looks

    def _styles(self) -> None:
        palette, styles = self.look.palette, self.word.styles
        word_parts.set_language(self.word, _LANGUAGES[self.lang])
        sizes = {"Normal": 9.5, "Title": 18.0, "Heading 1": 14.0, "Heading 2": 11.0,
                 "Heading 3": 9.5, "List Bullet": 9.5}  # fmt: skip
        for name, size in sizes.items():
            style = styles[name]
            style.font.size, style.font.name = Pt(size), palette.font
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            for script in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{script}"), palette.font)
            if name.startswith(("Heading", "Title")):
                style.font.color.rgb, style.font.bold = _color(palette.dark), True
            style.paragraph_format.space_after = Pt(3)
            style.paragraph_format.line_spacing = 1.0
        styles["List Bullet"].paragraph_format.space_after = Pt(1.5)
        for number, before in ((1, 14), (2, 8), (3, 7)):
            found = styles[f"Heading {number}"].paragraph_format
            found.space_before, found.space_after, found.keep_with_next = Pt(before), Pt(4), True
        title = styles["Title"].element.get_or_add_pPr()
        for border in title.findall(qn("w:pBdr")):
            title.remove(border)
        for name, size, color in (
            ("Small", _SMALL, palette.grey_text), ("Notice", 9.5, "#1A1A1A"),
            ("TOC 1", 9.5, "#1A1A1A"), ("Table text", _TABLE, "#1A1A1A"),
        ):  # fmt: skip
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
            style.font.size, style.font.color.rgb = Pt(size), _color(color)
            style.paragraph_format.space_after = Pt(2 if name == "Table text" else 3)

    def _page(self) -> None:
        section = self.word.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin, section.bottom_margin = Mm(13), Mm(14)
        section.footer_distance = Mm(8)
        footer = section.footer.paragraphs[0]
        footer.style = self.word.styles["Small"]
        before, _, rest = messages(self.lang)("print.page").partition("{page}")
        between, _, after = rest.partition("{pages}")
        footer.add_run(f"{shortened(clean(self.source.title), 90)}  ·  {before}")
        word_parts.field(footer, "PAGE", "1")
        footer.add_run(between)
        word_parts.field(footer, "NUMPAGES", "1")
        footer.add_run(after)

    # Blocks

    def _text(self, target: Any, text: str, **look: Any) -> None:  # noqa: ANN401 - python-docx
        run = target.add_run(clean(text))
        for name, value in look.items():
            if name == "color":
                run.font.color.rgb = _color(value)
            else:
                setattr(run.font, name, value)

    def _new(self, style: str, target: Any = None) -> Any:  # noqa: ANN401 - python-docx
        """A paragraph; its style is set by id, because looking styles up takes most of the time."""
        return self._styled((target or self.word).add_paragraph(), style)

    def _styled(self, paragraph: Any, style: str) -> Any:  # noqa: ANN401 - python-docx
        if style not in self.ids:
            self.ids[style] = str(self.word.styles[style].style_id)
        paragraph._p.style = self.ids[style]  # noqa: SLF001 - see above
        return paragraph

    def _heading(self, text: str, level: int) -> Any:  # noqa: ANN401 - python-docx
        found = self._new(f"Heading {level}")
        self._text(found, text)
        return found

    def _paragraph(self, block: Paragraph) -> None:
        style = {"small": "Small", "notice": "Notice"}.get(block.look, "Normal")
        found = self._new(style)
        self._text(found, block.text, bold=True if block.look == "strong" else None)
        if block.look == "notice":
            word_parts.shade_paragraph(found, self.look.palette.attention)

    def _table(self, rows: int, columns: int, widths: list[float], title: str) -> Any:  # noqa: ANN401
        table = self.word.add_table(rows, columns)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        word_parts.describe_table(table, clean(title))
        total = sum(widths)
        for index, width in enumerate(widths):
            table.columns[index].width = Mm(_TEXT_MM * width / total)
        return table

    def _cell(self, cell: Any, width: Any) -> Any:  # noqa: ANN401 - python-docx
        cell.width = width
        return self._styled(cell.paragraphs[0], "Table text")

    def _facts(self, block: Facts) -> None:
        palette, many = self.look.palette, len(block.facts)
        title = messages(self.lang)("report.summary")
        table = self._table(1, many, [1.6 if f.note else 1.0 for f in block.facts], title)
        for index, fact in enumerate(block.facts):
            cell = table.rows[0].cells[index]
            word_parts.shade(cell, palette.soft)
            first = self._cell(cell, table.columns[index].width)
            self._text(first, fact.label, color=palette.grey_text)
            self._text(self._new("Table text", cell), fact.value,
                       bold=True, size=Pt(13), color=palette.dark)  # fmt: skip
            if fact.note:
                self._text(self._new("Table text", cell), fact.note,
                           color=palette.grey_text)  # fmt: skip
        self._new("Table text")

    def _items(self, block: Items, target: Any = None) -> None:  # noqa: ANN401 - document or cell
        for number, item in enumerate(block.items, 1):
            # Numbers are typed: a numbered list of Word would go on counting in the next list.
            style = "Normal" if block.ordered else "List Bullet"
            found = self._new(style, target)
            if block.ordered:
                found.paragraph_format.left_indent = Mm(7)
                found.paragraph_format.first_line_indent = Mm(-5)
                found.paragraph_format.space_after = Pt(2)
                self._text(found, f"{number}. ")
            self._text(found, item.lead, bold=True)
            self._text(found, f" {item.text}")
            if item.tail:
                self._text(found, f" – {item.tail}", color=self.look.palette.grey_text)

    def _pair(self, block: Pair) -> None:
        table = self._table(1, 2, [1, 1], f"{block.left} · {block.right}")
        sides = ((block.left, block.left_items), (block.right, block.right_items))
        for cell, (title, items) in zip(table.rows[0].cells, sides, strict=True):
            self._text(self._styled(cell.paragraphs[0], "Heading 2"), title)
            self._items(items, cell)

    def _grid(self, block: Grid) -> None:
        palette = self.look.palette
        widths = [c.width for c in block.columns]
        table = self._table(len(block.rows) + 1, len(widths), widths, block.title)
        word_parts.rules(table, palette.line)
        header = table.rows[0]
        word_parts.repeat_header(header)
        sized = [column.width for column in table.columns]
        for index, (cell, column) in enumerate(zip(header.cells, block.columns, strict=True)):
            word_parts.shade(cell, palette.dark)
            found = self._cell(cell, sized[index])
            self._text(found, column.header, bold=True, size=Pt(7.5), color="#FFFFFF")
        for row, values in zip(list(table.rows)[1:], block.rows, strict=True):
            for index, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
                found = self._cell(cell, sized[index])
                if block.columns[index].right:
                    found.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._text(found, shown(value, self.lang), bold=True if index == 0 else None)
        self._new("Table text")

    def _chart(self, block: Chart) -> None:
        drawn = charts.svg(block, self.look.palette, self.lang, ", ".join(FONTS), settable)
        run = self.word.add_paragraph().add_run()
        run.add_picture(BytesIO(picture_png(str(drawn))), width=Mm(_TEXT_MM * 0.95))
        word_parts.describe_picture(run, clean(block.alt))

    def _card(self, card: Card, level: int) -> None:
        core = f" ★ {card.core}" if card.core else ""
        self._heading(f"{card.lead}{core} – {card.text}", level)
        found = self._new("Small")
        self._text(found, " · ".join(card.tags), bold=True)
        self._text(found, f" · {card.context}")
        for label, value in card.fields:
            line = self._new("Normal")
            line.paragraph_format.space_after = Pt(2)
            self._text(line, f"{label}: ", color=self.look.palette.grey_text)
            self._text(line, value)

    def _block(self, block: Block, level: int) -> None:
        match block:
            case Paragraph():
                self._paragraph(block)
            case Heading():
                self._heading(block.text, level)
            case Facts():
                self._facts(block)
            case Items():
                self._items(block)
            case Pair():
                self._pair(block)
            case Grid():
                self._grid(block)
            case Chart():
                self._chart(block)
            case Cards():
                for card in block.cards:
                    self._card(card, level)
            case Fold():
                self._heading(block.title, level)
                for inner in block.blocks:
                    self._block(inner, level + 1)

    # The whole

    def _section(self, section: Section) -> None:
        found = self._heading(section.title, 1)
        self.marks += 1
        word_parts.bookmark(found, f"s{self.marks}", self.marks)
        for block in section.blocks:
            self._block(block, 2)

    def _cover(self) -> None:
        logo = self.look.logo
        if logo is not None:
            run = self.word.add_paragraph().add_run()
            width = min(45.0, 22.0 * logo.width_px / max(1, logo.height_px))
            run.add_picture(BytesIO(logo.data), width=Mm(width))
            alt = logo.alt.get(self.lang) or self.look.adviser or messages(self.lang)("report.logo")
            word_parts.describe_picture(run, clean(alt))
        title = self._new("Title")
        self._text(title, self.source.title)
        for line in (*self.source.subtitle, *self.source.cover):
            self._text(self._new("Small"), line)

    def _break(self) -> None:
        self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def write(self) -> bytes:
        """The bytes of the file."""
        body, annexes = on_paper(self.source)
        self._cover()
        self._section(body[0])
        self._break()
        text = messages(self.lang)
        self._text(self._new("Title"), text("report.contents"), size=Pt(14))
        entries = [(clean(s.title), f"s{n}") for n, s in enumerate((*body, *annexes), 1)]
        word_parts.contents(self.word, entries)
        for section in (*body[1:], *annexes):
            if annexes and section is annexes[0]:
                self._break()
            self._section(section)
        for notice in self.source.notices:
            self._text(self._new("Small"), notice)
        known = self.word.core_properties
        known.title, known.author = (
            clean(self.source.title)[:255],
            self.look.adviser[:255] or "hkz_xlsx",
        )
        known.language, known.comments, known.last_modified_by = (
            _LANGUAGES[self.lang],
            "",
            "hkz_xlsx",
        )
        known.created = known.modified = word_parts.CREATED
        known.revision = 1
        target = BytesIO()
        self.word.save(target)
        return word_parts.same_bytes(target.getvalue())


def render(report: GapReport, look: Look = NEUTRAL) -> bytes:
    """The gap report."""
    return _Writer(document(report, look), look).write()


def render_comparison(found: Comparison, look: Look = NEUTRAL) -> bytes:
    """Then and now alone."""
    return _Writer(comparison_document(found, cover_lines(look, found.lang)), look).write()
