"""The page numbers in the contents of a Word report are those of its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf
import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.document import on_paper
from hkz_xlsx.report.content import document
from hkz_xlsx.report.write import RENDERERS
from tests.proof.office.libreoffice import convert
from tests.report.cases import report_of


@pytest.mark.proof
@pytest.mark.office
@pytest.mark.parametrize("case", ["half", "nearly"])
def test_contents_at_first_opening(tmp_path: Path, case: str) -> None:
    """As LibreOffice lays them out when it opens the file, without anybody renewing a field."""
    source, report = tmp_path / f"{case}.docx", report_of(case)
    source.write_bytes(RENDERERS[".docx"](report, NEUTRAL))
    (made,) = convert([source], tmp_path / "pdf", "pdf:writer_pdf_Export")
    pages = [" ".join(p.extract_text().split()) for p in pypdf.PdfReader(made).pages]
    body, annexes = on_paper(document(report))
    for section in (*body, *annexes):
        title = " ".join(section.title.split())
        (number,) = re.findall(rf"{re.escape(title)} ?\.{{3,}} ?(\d+)", pages[1])
        assert title in pages[int(number) - 1], (title, number)
