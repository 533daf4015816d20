"""Makes the example of a Word template of one's own: ``python -m docs.word_template``."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from hkz_xlsx.layout.template import templates_folder
from hkz_xlsx.render.word_base import CREATED
from hkz_xlsx.writing.stamp import zipped

TARGET = templates_folder() / "voorbeeld-adviesbureau" / "rapport.docx"
_DARK = RGBColor.from_string("1D4D4F")


def _styles(made: Document) -> None:
    made.styles["Normal"].font.name = "Calibri"
    made.styles["Normal"].font.size = Pt(10)
    for name, size in (("Title", 24), ("Heading 1", 15), ("Heading 2", 12)):
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _DARK
    section = made.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)


def _number(paragraph: Paragraph) -> None:
    """The number of the page, as a field of Word."""
    run = paragraph.add_run()
    for kind in ("begin", None, "end"):
        if kind is None:
            one = OxmlElement("w:instrText")
            one.text = "PAGE"
        else:
            one = OxmlElement("w:fldChar")
            one.set(qn("w:fldCharType"), kind)
        run._r.append(one)  # noqa: SLF001 - the library has no fields


def _table(made: Document, loop: str, columns: tuple[tuple[str, str, float], ...]) -> Table:
    """A header, and a row for each line of a list."""
    table: Table = made.add_table(rows=4, cols=len(columns), style="Light Grid Accent 1")
    table.autofit = False
    for index, (header, field, wide) in enumerate(columns):
        table.columns[index].width = Cm(wide)
        table.cell(0, index).text, table.cell(2, index).text = header, field
        for row in table.rows:
            row.cells[index].width = Cm(wide)
    table.cell(1, 0).text, table.cell(3, 0).text = f"{{%tr for {loop} %}}", "{%tr endfor %}"
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - the library has no repeated rows
    return table


def _first_page(made: Document) -> None:
    made.add_paragraph("{{ organisation.name }}", style="Title")
    made.add_paragraph("Zelfbeoordeling {{ norms|join(', ') }}, peildatum {{ date }}, {{ basis }}.")
    made.add_paragraph("{%p if organisation.location %}")
    made.add_paragraph("Locatie: {{ organisation.location }}")
    made.add_paragraph("{%p endif %}")
    made.add_heading("Waar staat u?", 1)
    made.add_paragraph("{%p for v in verdicts %}")
    line = made.add_paragraph()
    line.add_run("{{ v.norm }}: {{ v.label }}").bold = True
    line.add_run(" (indicatie, geen uitslag van een audit) – {{ v.reason }}. {{ v.core }}")
    line.add_run("{% if v.core_ids %}: {{ v.core_ids|join(', ') }}{% endif %}.")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph(
        "Score {{ total.score }}, onderbouwd {{ total.substantiated }}, "
        "{{ total.answered }} van {{ total.count }} vragen beantwoord"
        "{% if change %}; verschil met de vorige meting {{ change }} punt{% endif %}."
    )
    made.add_paragraph("{%p for zin in sentences %}")
    made.add_paragraph("{{ zin }}", style="List Bullet")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{{ charts.rubrieken }}")
    made.add_heading("Dit doet u het eerst", 1)
    _table(
        made, "g in first",
        (("Nr", "{{ g.id }}", 2), ("Vraag", "{{ g.question }}", 8), ("Tekort", "{{ g.kind }}", 2.5),
         ("Levert op", "{{ g.gain }}", 2), ("Wie", "{{ g.owner|default('–', true) }}", 2.5)),
    )  # fmt: skip


def _rest(made: Document) -> None:
    made.add_heading("Actieplan", 1)
    made.add_paragraph("{{ charts.timeline }}")
    _table(
        made, "a in actions|selectattr('open')",
        (("Nr", "{{ a.id }}", 2), ("Actie", "{{ a.action }}", 7), ("Wie", "{{ a.owner }}", 3),
         ("Gereed op", "{{ a.due }}{% if a.overdue %} (over datum){% endif %}", 3),
         ("Levert op", "{{ a.gain }}", 2)),
    )  # fmt: skip
    made.add_heading("Tekorten", 1)
    made.add_paragraph("{%p for g in gaps %}")
    made.add_heading("{{ g.id }} {{ g.question }}", 2)
    made.add_paragraph("{{ g.priority }} · {{ g.kind }}{% if g.core %} · kerneis{% endif %}")
    made.add_paragraph("{%p if g.note %}")
    made.add_paragraph("Toelichting: {{ g.note }}")
    made.add_paragraph("{%p endif %}")
    made.add_paragraph("Tip: {{ g.tip }}")
    made.add_paragraph("{%p endfor %}")
    made.add_heading("Scores", 1)
    _table(
        made, "r in rubrieken",
        (("Rubriek", "{{ r.name }}", 8), ("Score", "{{ r.score }}", 3),
         ("Onderbouwd", "{{ r.substantiated }}", 3),
         ("Beantwoord", "{{ r.answered }} van {{ r.count }}", 3)),
    )  # fmt: skip
    made.add_paragraph("{%p for n in notices %}")
    made.add_paragraph("{{ n }}")
    made.add_paragraph("{%p endfor %}")


def example() -> bytes:
    """The bytes of the example; the same each time."""
    made = docx.Document()
    _styles(made)
    _first_page(made)
    _rest(made)
    foot = made.sections[0].footer.paragraphs[0]
    foot.text = "{{ adviser.name }} · {{ organisation.name }} · bladzijde "
    _number(foot)
    known = made.core_properties
    known.title, known.author, known.comments = "Rapport {{ organisation.name }}", "", ""
    known.created = known.modified = CREATED
    target = BytesIO()
    made.save(target)
    with zipfile.ZipFile(target) as package:
        return zipped([(name, package.read(name)) for name in package.namelist()])


if __name__ == "__main__":
    Path(TARGET).write_bytes(example())
